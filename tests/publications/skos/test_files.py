"""Files of topics: what they say is read back as it was written, and nothing that would harm is read at all."""

import json

import pytest

from publications.errors import FormatError
from publications.models import Topic
from publications.skos import FORMATS, apply_plan, concepts_of, plan_import, read_file, write_file
from publications.skos.files import uri_of
from tests.factories import TopicFactory

TURTLE = b"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix mesh: <http://id.example/mesh/> .
mesh:heart a skos:Concept ; skos:prefLabel "heart"@en, "hart"@nl, "Herz"@de ; skos:altLabel "cardiac"@en, "Kardio"@de ;
  skos:definition "Pumps."@en ; skos:narrower mesh:valve ; skos:scopeNote "of people"@en .
mesh:valve a skos:Concept ; skos:prefLabel "heart valve"@en-GB ;
  skos:hiddenLabel "hart valve"@en ; skos:related mesh:noise .
mesh:noise a skos:Concept ; skos:prefLabel "noise" ; skos:exactMatch <http://elsewhere.example/noise> .
"""


def make_topics() -> None:
    broad = TopicFactory(
        label_en='imaging, "medical"',
        label_nl="beeldvorming",
        synonyms_en="scans\n=SUM(1;2)",
        synonyms_nl="plaatjes",
        definition_en="Pictures of\nthe inside; “all” of them.",
        definition_nl="<b>Beelden</b> & meer",
        exact_matches="http://id.example/mesh/D003952\nhttps://elsewhere.example/imaging?q=a",
        other_languages={"de": {"label": "Bildgebung", "synonyms": ["Bilder"], "definition": "Von innen."}},
    )
    narrow = TopicFactory(label_en="", label_nl="echografie – snel", broader=broad)
    beside = TopicFactory(label_en="noise | no separator in a label", label_nl="")
    beside.label_en = "noise"
    beside.save()
    narrow.related.add(beside)


def rows() -> list[dict[str, object]]:
    """Every field of every topic; RDF keeps no order of synonyms and addresses."""
    left_out = {"id", "latest_revision_id", "broader_id"}
    in_lines = {"synonyms_en", "synonyms_nl", "exact_matches"}
    return [
        {
            name: sorted(value.splitlines()) if name in in_lines else value
            for name, value in vars(topic).items()
            if name not in left_out and not name.startswith("_")
        }
        | {
            "broader": topic.broader.slug if topic.broader else None,
            "related": sorted(other.slug for other in topic.related.all()),
        }
        for topic in Topic.objects.order_by("slug")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.extension)
def test_all_that_topics_hold_goes_out_and_comes_back(known):
    make_topics()
    before = rows()
    written = write_file(concepts_of(Topic.objects.all()), known)
    read = read_file(written.encode(), f"topics.{known.extension}")

    assert plan_import(read, replaces=True).changes == ()
    Topic.objects.all().delete()
    plan = plan_import(read, replaces=True)
    assert (plan.faults, len(plan.new)) == ((), 3)
    apply_plan(plan, user=None, file_name="topics")

    assert rows() == before
    again = write_file(concepts_of(Topic.objects.all()), known)
    assert read_file(again.encode(), f"topics.{known.extension}") == read


@pytest.mark.django_db
def test_a_thesaurus_of_others_becomes_topics_and_is_known_again():
    read = read_file(TURTLE, "mesh.ttl")
    plan = plan_import(read)
    assert plan.faults == ()
    apply_plan(plan, user=None, file_name="mesh.ttl")

    heart, valve, noise = (Topic.objects.get(label_en=label) for label in ("heart", "heart valve", "noise"))
    assert (heart.label_nl, heart.synonyms_en, heart.definition_en) == ("hart", "cardiac", "Pumps.")
    assert heart.other_languages == {"de": {"label": "Herz", "synonyms": ["Kardio"], "definition": ""}}
    assert (valve.broader, list(valve.related.all()), list(noise.related.all())) == (heart, [noise], [valve])
    assert heart.exact_matches == "http://id.example/mesh/heart"
    assert noise.exact_matches.splitlines() == ["http://elsewhere.example/noise", "http://id.example/mesh/noise"]
    assert [note for note in plan.notes if "skos:scopeNote" in note and "1 times" in note]
    assert plan_import(read).changes == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", b"@prefix skos: <x#> .\n\nskos:a skos:b", "ends too early"),
        ("a.rdf", b"<rdf:RDF\n xmlns:rdf='x'><unclosed></rdf:RDF>", "mismatched tag"),
        ("a.jsonld", b'{"a":\n 1,}', "double quotes"),
        ("a.csv", b"name;label\na;b", "no column"),
        ("a.csv", b'slug,label_en\na,"b', "unexpected end"),
        ("a.csv", b"slug,label_en,label_en\na,b,c", "twice"),
        ("a.ttl", b"", "no topic"),
        ("a.ttl", "é".encode("latin-1"), "UTF-8"),
        ("a.ttl", b"a\x00b", "character"),
        ("a.docx", b"", "can be read from"),
        ("a.ttl", b" " * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("a.ttl", b"(" * 50_000, "nested too deeply"),
        ("a.jsonld", b"[" * 50_000, "nested too deeply"),
        ("a.jsonld", b"[1, null, [2]]", "no topic"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name, content, words):
    with pytest.raises(FormatError, match=words):
        read_file(content, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_not_read(encoding):
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{lol}]><r>&l9;</r>'

    with pytest.raises(FormatError, match="entities"):
        read_file(bomb.encode(encoding), "bomb.rdf")


@pytest.mark.parametrize(
    "context", ["http://127.0.0.1:1/context", ["file:///etc/passwd"], {"@import": "http://127.0.0.1:1/"}]
)
def test_nothing_is_fetched(context, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("fetched")

    monkeypatch.setattr("urllib.request.urlopen", fail)
    nested = {"@graph": [{"@id": "http://x.example/", "a": {"@context": context}}]}

    for document in ({"@context": context}, nested):
        with pytest.raises(FormatError, match="context elsewhere"):
            read_file(json.dumps(document).encode(), "a.jsonld")


@pytest.mark.django_db
def test_the_line_of_a_fault_is_told():
    with pytest.raises(FormatError) as broken:
        read_file(TURTLE.replace(b'"Pumps."@en ;', b'"Pumps."@en '), "mesh.ttl")

    assert broken.value.line == 4


def test_the_hub_is_named_as_its_address():
    assert uri_of("hart").endswith("/topics/hart")
