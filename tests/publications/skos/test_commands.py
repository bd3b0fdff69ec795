"""Topics in and out by command: what it says, what it refuses, and that all of it can be found afterwards."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from publications.models import Topic
from search.indexing import rebuild_index
from tests.factories import PublicationFactory, TopicFactory

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: object) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "topics.csv"
    file.write_text("slug,label_en,label_nl,synonyms_nl\nhart,heart,hart,pomp\n,lung,long,\n", encoding="utf-8")
    return file


def test_a_dry_run_says_what_would_change_and_changes_nothing(table):
    TopicFactory(slug="hart", label_en="heart", synonyms_nl="cor")

    told = run("import_topics", table, "--dry-run")

    assert told.splitlines() == [
        "~ heart",
        "    Label in Dutch:  → hart",
        "    Synonyms in Dutch: cor → cor | pomp",
        "+ lung",
        "    Label in English:  → lung",
        "    Label in Dutch:  → long",
        "Would make 1 topics and change 1 (0 as they are).",
    ]
    assert Topic.objects.get().label_nl == ""


def test_what_was_brought_in_can_be_found_when_it_returns(table, client):
    record = PublicationFactory(title="A muscle", topics=[TopicFactory(slug="hart", label_en="heart", synonyms_nl="x")])
    rebuild_index()

    assert run("import_topics", table, "--replace") == "Made 1 topics and changed 1 (0 as they are).\n"

    assert Topic.objects.get(slug="hart").synonyms_nl == "pomp"
    assert f'data-hit="{record.pid}"' in client.get("/nl/search/?q=pomp&widen=no").content.decode()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "label_en,broader\nlung,nowhere\n", "1 fault; nothing was changed."),
        ("a.ttl", "\n\n@prefix", "a.ttl, line 3: "),
        ("a.txt", "", "Topics can be read from .ttl, .rdf, .jsonld, .csv."),
        ("a.csv", "x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_brought_in_ends_with_an_error(tmp_path, name, text, words):
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=words):
        run("import_topics", tmp_path / name)

    assert not Topic.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    for command in ("import_topics", "export_topics"):
        with pytest.raises(CommandError, match="No such file"):
            run(command, tmp_path / "nowhere" / "a.ttl")


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld", "csv"])
def test_what_is_taken_along_changes_nothing_when_it_comes_back(tmp_path, extension):
    TopicFactory(label_en="heart", label_nl="hart", broader=TopicFactory(label_en="body"))
    file = tmp_path / f"topics.{extension}"

    assert run("export_topics", file) == f"Wrote 2 topics to topics.{extension}.\n"

    assert run("import_topics", file, "--replace") == "Made 0 topics and changed 0 (2 as they are).\n"
