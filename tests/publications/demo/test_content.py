"""The demo content holds what it promises, and mistakes in it are told by file."""

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from publications import identifiers
from publications.demo import markup
from publications.demo.content import CONTENT, load_content
from publications.demo.things import DemoContent
from publications.vocabularies import EVENT_OUTCOME_TYPES, PRESENTATION_TYPES, AccessRight, EventKind

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return load_content()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files of the content, to make mistakes in."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def test_there_is_enough_of_everything(content: DemoContent) -> None:
    least = {
        "records": 26,
        "people": 14,
        "organisations": 9,
        "events": 7,
        "collections": 6,
        "topics": 22,
        "news": 4,
        "projects": 3,
    }

    assert [name for name, number in least.items() if len(getattr(content, name)) < number] == []
    assert set(content.pages) == {"about", "how-search-works", "accessibility", "privacy"}


def test_about_a_third_of_the_records_is_dutch(content: DemoContent) -> None:
    dutch = sum(record.language == "nl" for record in content.records.values())

    assert 0.3 <= dutch / len(content.records) <= 0.45


def test_records_are_of_all_three_kinds(content: DemoContent) -> None:
    types = [record.resource_type for record in content.records.values()]

    assert sum(one in PRESENTATION_TYPES for one in types) >= 5
    assert sum(one in EVENT_OUTCOME_TYPES for one in types) >= 5
    assert {"minutes", "event_report", "lessons", "decisions", "matches"} <= set(types)


def test_every_access_right_is_there_and_one_embargo_has_passed(content: DemoContent) -> None:
    rights = Counter(record.access_right for record in content.records.values())
    embargoes = sorted(record.available for record in content.records.values() if record.available)

    assert set(rights) == set(AccessRight.values)
    assert rights["members"] >= 3
    assert rights["open"] > len(content.records) / 2
    assert embargoes[0] < TODAY < embargoes[-1] == date(2027, 3, 1)


def test_an_open_record_has_a_second_file_for_members(content: DemoContent) -> None:
    rights = [
        [file.access_right for file in record.files]
        for record in content.records.values()
        if record.access_right == "open" and len(record.files) > 1
    ]

    assert ["", "members"] in rights


def test_dois_have_the_prefix_for_examples_and_are_used_once(content: DemoContent) -> None:
    dois = [record.doi for record in content.records.values() if record.doi]

    assert dois
    assert all(doi.startswith("10.5555/") and identifiers.parse_doi(doi) == doi for doi in dois)
    assert len(set(dois)) == len(dois)


def test_orcid_ids_lie_below_those_that_are_given_out(content: DemoContent) -> None:
    # ORCID gives out 0000-0001-5000-0007 and upwards (https://support.orcid.org, "Structure of the ORCID identifier").
    orcids = [person.orcid for person in content.people.values() if person.orcid]

    assert orcids
    assert all(identifiers.parse_orcid(orcid).startswith("0000-0000-") for orcid in orcids)


def test_no_text_holds_an_email_address_or_filler(content: DemoContent) -> None:
    texts = [path.read_text(encoding="utf-8") for path in CONTENT.rglob("*.*")]

    assert [text for text in texts if re.search(r"\w@\w|lorem|TODO|xxx", text, re.IGNORECASE)] == []


def test_events_of_different_kinds_lie_before_and_after_today(content: DemoContent) -> None:
    events = content.events.values()

    assert {event.kind for event in events} == set(EventKind.values)
    assert sum(event.starts.date() > TODAY for event in events) >= 2
    assert sum(bool(content.records_of_event(event.slug)) for event in events) >= 5


def test_all_texts_of_the_site_are_in_both_languages(content: DemoContent) -> None:
    both = [
        *(event.summary for event in content.events.values()),
        *(event.description for event in content.events.values()),
        *(collection.introduction for collection in content.collections.values()),
        *(item.note for collection in content.collections.values() for item in collection.items),
        *(news.body for news in content.news.values()),
        *(page.body for page in content.pages.values()),
        *(topic.label for topic in content.topics.values()),
        content.home.headline,
        content.home.notice,
    ]

    assert [text for text in both if not text.en or not text.nl] == []


def test_some_translations_are_missing_on_purpose(content: DemoContent) -> None:
    without_abstract = {record.language for record in content.records.values() if not record.translated_abstract}
    without_definition = [topic.slug for topic in content.topics.values() if not topic.definition.en]

    assert without_abstract == {"en", "nl"}
    assert without_definition == ["sentinel-node"]


def test_texts_fit_the_fields_they_go_to(content: DemoContent) -> None:
    home = content.home
    short = [
        *(text for collection in content.collections.values() for text in vars(collection.summary).values()),
        *(
            text
            for collection in content.collections.values()
            for item in collection.items
            for text in vars(item.note).values()
        ),
        *vars(home.notice).values(),
        *vars(home.tagline).values(),
    ]

    assert [text for text in short if len(text) > 300] == []
    assert max(len(home.headline.en), len(home.headline.nl)) <= 200


def test_the_funders_of_the_cluster_have_their_amounts(content: DemoContent) -> None:
    amounts = {funder.slug: funder.contribution.en for funder in content.funders.values() if not funder.is_invented}

    assert amounts == {
        "efro": "more than € 730,000",
        "province-of-overijssel": "more than € 243,000",
        "regio-twente": "more than € 243,000",
        "state": "more than € 243,000",
        "cmi-twente": "€ 1,556,000 of its own",
    }


def test_pages_and_news_become_headings_and_paragraphs(content: DemoContent) -> None:
    sections = markup.to_sections(content.pages["about"].body.en)

    assert [words for kind, words in sections if kind == "heading"] == [
        "What it does",
        "Who paid",
        "What is invented",
    ]
    for thing in (*content.news.values(), *content.pages.values()):
        assert markup.to_sections(thing.body.nl)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("topics.toml", 'broader = "radiology"', 'broader = "radiologie"', "nothing is called “radiologie”"),
        ("people.toml", "family_name", "surname", "people.toml, hanneke-van-der-zwaag: nothing is called surname"),
        ("people.toml", 'family_name = "van der Zwaag"\n', "", "hanneke-van-der-zwaag: family_name is missing"),
        ("people.toml", "0000-0000-5555-0078", "0000-0000-5555-0079", "the last digit of this ORCID iD does not fit"),
        ("events.toml", 'kind = "conference"', 'kind = "congress"', "“congress” is not one of"),
        ("events.toml", "ends = 2026-10-09", "ends = 2026-10-01", "it ends before it starts"),
        ("home.toml", "[[results]]", "[results", "home.toml: "),
        ("records/mdr-leidraad.md", "+++\n", "", "must begin with front matter"),
        ("records/mdr-leidraad.md", 'issued = "2025-05-22"', "issued = 2025-05-22", "is not of the right kind"),
        ("records/mdr-leidraad.md", "!figure timeline:", "!drawing timeline:", "is not a block that this markup knows"),
        ("records/mdr-leidraad.md", "A | contouren hart | IIa", "A | contouren hart", "different numbers of cells"),
        ("records/contours-go-wrong.md", "===file===", "", "2 files are named, but the body holds the text of 1"),
        ("records/morning-scans-dataset.md", "available = 2027-03-01\n", "", "an embargo and the day"),
        ("news/hub-open.md", "===nl===", "", "an English and a Dutch text"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(copy: Path, file: str, old: str, new: str, message: str) -> None:
    replace(copy / file, old, new)

    with pytest.raises(ValueError, match=re.escape(message)):
        load_content(copy)
