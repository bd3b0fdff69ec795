"""Empty fields of a draft are filled from its file's suggestion; what somebody typed is never touched."""

import json

import pytest

from publications.formats import FORMATS
from publications.metadata import Affiliation, Agent
from publications.models import Organisation, Person, Publication, Record, Topic
from publications.records import compare, create_record, fill_empty_fields, metadata_of
from publications.suggestions import SuggestedAuthor, SuggestedMetadata, Suggestion, suggestion_of
from publications.topics import KeywordMatch, match_keywords
from publications.vocabularies import Confidence, SuggestionSource
from search.indexing import build_document
from tests.factories import (
    ContributionFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

SECRET = "anna.bos@secret.example"


def suggested(**fields: object) -> SuggestedMetadata:
    return SuggestedMetadata(**{name: Suggestion(value, "page", 0.9) for name, value in fields.items()})


EVERYTHING = suggested(
    title="Counting leaves",
    authors=(
        SuggestedAuthor(Agent("Bos", "Anna", affiliations=(Affiliation("University of Twente"),)), email=SECRET),
        SuggestedAuthor(Agent("van den Berg", "Jan")),
    ),
    abstract="Leaves fall.",
    keywords=("autumn", "blad"),
    language="en",
    issued="2021-07",
    container_title="Journal of Leaves",
    volume="12",
    issue="3",
    page="101-118",
    publisher="Herfst Press",
    doi="10.5555/leaves.7",
    arxiv="1907.01234",
    isbn="9783954501847",
    issn="2049-3630",
)


def empty_draft(**values: object) -> Publication:
    nothing = {"title": "paper.pdf", "language": "und", "issued": ""}
    record = PublicationFactory(live=False, **(nothing | values))
    record.save_revision()
    return record


def latest(record: Record) -> Publication:
    return Record.objects.get(pk=record.pk).specific().get_latest_revision_as_object()


def test_every_empty_field_of_a_draft_is_filled():
    TopicFactory(label_en="leaf", label_nl="blad")
    record = empty_draft()

    filled = fill_empty_fields(record, EVERYTHING)

    draft = latest(record)
    assert filled == [name for name, _suggestion in EVERYTHING.items() if name != "title"]
    assert {name: getattr(draft, name) for name in filled if name not in ("authors", "keywords")} == {
        "abstract": "Leaves fall.",
        "language": "en",
        "issued": "2021-07",
        "container_title": "Journal of Leaves",
        "volume": "12",
        "issue": "3",
        "page": "101-118",
        "publisher": "Herfst Press",
        "doi": "10.5555/leaves.7",
        "arxiv": "1907.01234",
        "isbn": "9783954501847",
        "issn": "2049-3630",
    }
    assert [(c.given_name, c.family_name, str(c.person)) for c in draft.creators] == [
        ("Anna", "Bos", "Anna Bos"),
        ("Jan", "van den Berg", "Jan van den Berg"),
    ]
    assert [str(a.organisation) for a in draft.creators[0].affiliations.all()] == ["University of Twente"]
    assert [str(tagged.tag) for tagged in draft.tagged_topics.all()] == ["leaf"]


def test_what_was_typed_stays():
    record = empty_draft(title="My title", abstract="My abstract", doi="10.5555/mine", language="nl", volume="1")
    ContributionFactory(record=record, given_name="Els", family_name="Bakker")
    record = Publication.objects.get(pk=record.pk)
    record.topics.add(TopicFactory(label_en="mine"))
    record.save_revision()

    filled = fill_empty_fields(record, EVERYTHING, with_new_topics=True)

    draft = latest(record)
    assert set(filled).isdisjoint({"title", "abstract", "doi", "language", "volume", "authors", "keywords"})
    assert (draft.title, draft.abstract, draft.doi, draft.language, draft.volume) == (
        "My title",
        "My abstract",
        "10.5555/mine",
        "nl",
        "1",
    )
    assert [c.family_name for c in draft.creators] == ["Bakker"]
    assert [str(tagged.tag) for tagged in draft.tagged_topics.all()] == ["mine"]


def test_what_is_only_in_the_latest_draft_counts_as_typed():
    record = empty_draft()
    record.abstract = "Typed an hour ago"
    record.save_revision()

    fill_empty_fields(record, EVERYTHING)

    assert latest(record).abstract == "Typed an hour ago"


def test_filling_a_live_record_changes_nothing_for_readers():
    record = PublicationFactory(abstract="")

    fill_empty_fields(record, EVERYTHING)

    record.refresh_from_db()
    assert (record.abstract, record.has_unpublished_changes, latest(record).abstract) == ("", True, "Leaves fall.")


def test_authors_come_before_contributors_who_are_there_already():
    record = empty_draft()
    ContributionFactory(record=record, given_name="Els", family_name="Bakker", role="Editor")
    Publication.objects.get(pk=record.pk).save_revision()

    fill_empty_fields(record, EVERYTHING)

    assert [(c.family_name, c.role) for c in latest(record).contributions.all()] == [
        ("Bos", "Creator"),
        ("van den Berg", "Creator"),
        ("Bakker", "Editor"),
    ]


def test_a_doi_that_another_record_has_is_not_taken():
    PublicationFactory(doi="10.5555/leaves.7")
    record = empty_draft()

    filled = fill_empty_fields(record, EVERYTHING)

    assert "doi" not in filled
    assert latest(record).doi == ""


def test_keywords_become_new_topics_only_where_that_is_asked():
    TopicFactory(label_en="leaf", label_nl="blad")
    first, second = empty_draft(), empty_draft()

    fill_empty_fields(first, suggested(keywords=("autumn", "blad", "Autumn")))
    topics = Topic.objects.count()
    fill_empty_fields(second, suggested(keywords=("autumn", "blad", "Autumn")), with_new_topics=True)

    assert topics == 1
    assert [tagged.tag.name for tagged in latest(second).tagged_topics.all()] == ["leaf", "autumn"]


def test_a_keyword_is_matched_by_label_and_synonym_in_either_language():
    leaf = TopicFactory(label_en="leaf", label_nl="blad", synonyms_nl="bladeren\nloof")

    assert match_keywords(["Loof", "leaf", "autumn", "AUTUMN"]) == [
        KeywordMatch("Loof", leaf),
        KeywordMatch("autumn", None),
    ]


def test_a_presentation_has_no_journal():
    record = PresentationFactory(live=False)
    record.save_revision()

    assert {field.name for field in compare(record, EVERYTHING)}.isdisjoint({"container_title", "volume", "issn"})
    fill_empty_fields(record, EVERYTHING)
    assert latest(record).abstract == "Leaves fall."


def test_filling_twice_changes_nothing_the_second_time():
    record = empty_draft()
    fill_empty_fields(record, EVERYTHING)
    revisions = record.revisions.count()

    assert (fill_empty_fields(record, EVERYTHING), record.revisions.count()) == ([], revisions)


def test_addresses_of_authors_are_nowhere_but_in_the_suggestion(client):
    record = create_record(EVERYTHING.to_metadata(), live=True)
    file = RecordFileFactory(record=record, suggested=EVERYTHING.to_json())

    assert SECRET in json.dumps(file.suggested)
    document = build_document(Record.objects.get(pk=record.pk))
    published = [str(document), str(metadata_of(record))]
    published += [known.dumps([metadata_of(record)]) for known in FORMATS]
    for address in (f"/en/records/{record.pid}/", f"/records/{record.pid}.jsonld", "/api/v1/search?q=leaves"):
        published.append(client.get(address).content.decode())
    assert "Counting leaves" in published[0]
    assert [text for text in published if SECRET in text or "secret.example" in text] == []
    assert not Person.objects.exclude(email="").exists()
    assert Organisation.objects.count() == 1


# The value itself


def test_a_suggestion_says_in_a_word_how_sure_it_is():
    words = [Suggestion("x", "page", confidence).certainty for confidence in (0.97, 0.9, 0.8, 0.7, 0.5)]

    assert words == [Confidence.SURE, Confidence.SURE, Confidence.LIKELY, Confidence.LIKELY, Confidence.DOUBTFUL]


def test_a_suggestion_of_nothing_is_false():
    assert not SuggestedMetadata()
    assert not suggested(language="en", issued="2020")
    assert suggested(title="x")


def test_a_suggestion_comes_back_from_json():
    assert SuggestedMetadata.from_json(json.loads(json.dumps(EVERYTHING.to_json()))) == EVERYTHING
    assert SuggestedMetadata.from_json({}) == SuggestedMetadata()
    assert SuggestedMetadata.from_json({"of_tomorrow": {"value": 1, "source": "page", "confidence": 1}}) == (
        SuggestedMetadata()
    )


def test_a_registry_wins_but_keeps_what_only_the_page_knows():
    registry = suggestion_of(
        suggested(
            title="Counting Leaves", authors=(SuggestedAuthor(Agent("Bos", "Anna F.", orcid="0000-0002-1825-0097")),)
        ).to_metadata(),
        source=SuggestionSource.CROSSREF,
        confidence=0.97,
    )

    merged = EVERYTHING.preferring(registry)

    assert merged.title == Suggestion("Counting Leaves", "crossref", 0.97)
    assert merged.abstract == EVERYTHING.abstract
    assert merged.authors.value == (
        SuggestedAuthor(
            Agent("Bos", "Anna F.", orcid="0000-0002-1825-0097", affiliations=(Affiliation("University of Twente"),)),
            SECRET,
        ),
    )
