import json

import pytest

from publications.errors import FormatError
from publications.formats import csl_json
from publications.metadata import Affiliation, Agent, FundingReference, RecordMetadata
from publications.vocabularies import ResourceType

# What csl-data.json allows, in CSL 1.0.1 and 1.0.2 alike.
TEXT = {
    "id",
    "title",
    "container-title",
    "collection-title",
    "volume",
    "issue",
    "page",
    "edition",
    "publisher",
    "genre",
}
TEXT |= {
    "event",
    "event-place",
    "DOI",
    "ISBN",
    "ISSN",
    "PMID",
    "number",
    "note",
    "URL",
    "language",
    "keyword",
    "abstract",
}
NAMES = {"author", "editor"}
DATES = {"issued", "event-date"}
TYPES = {"article", "article-journal", "paper-conference", "book", "chapter", "report", "thesis", "speech", "document"}
NAME_PARTS = {"family", "given", "non-dropping-particle", "suffix", "literal"}


def assert_valid(item: dict) -> None:
    assert set(item) <= TEXT | NAMES | DATES | {"type"}
    assert item["type"] in TYPES
    assert item["id"]
    assert all(isinstance(item[name], str) for name in TEXT & set(item))
    for role in NAMES & set(item):
        for name in item[role]:
            assert set(name) <= NAME_PARTS
            assert all(isinstance(part, str) for part in name.values())
    for name in DATES & set(item):
        assert set(item[name]) == {"date-parts"}
        assert 1 <= len(item[name]["date-parts"]) <= 2
        for date in item[name]["date-parts"]:
            assert 1 <= len(date) <= 3
            assert all(isinstance(part, int) for part in date)


FULL = RecordMetadata(
    title="Title & more",
    resource_type="conference_paper",
    pid="9k3dt0v4",
    language="nl",
    agents=(
        Agent("van der Hoeven", "Marieke"),
        Agent("King Jr.", "Martin Luther"),
        Agent("Siemens", is_organisation=True),
        Agent("Plato"),
        Agent("de With", "Peter", role="Editor"),
    ),
    abstract="One.\n\nTwo.",
    subjects=("imaging, medical", "MRI"),
    issued="2019-06",
    publisher="Springer",
    container_title="Proceedings",
    series="LNCS",
    volume="12",
    issue="3",
    page="15-26",
    edition="2",
    doi="10.1000/xyz",
    isbn="9783161484100",
    issn="2049-3630",
    arxiv="1907.01234",
    pmid="12345",
    url="https://example.org/",
    event_title="MIDL",
    event_place="London",
    event_dates="2019-07-08/2019-07-10",
)


def test_everything_a_record_says_comes_back():
    (entry,) = csl_json.loads(csl_json.dumps([FULL]))

    assert entry.key == "9k3dt0v4"
    assert entry.metadata == RecordMetadata(**{**vars(FULL), "pid": ""})


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_what_is_written_is_valid_for_every_type(resource_type):
    record = RecordMetadata(**{**vars(FULL), "resource_type": resource_type})

    for item in json.loads(csl_json.dumps([record, RecordMetadata(title="T", resource_type=resource_type)])):
        assert_valid(item)


def test_particles_and_suffixes_stand_apart():
    (item,) = json.loads(csl_json.dumps([FULL]))

    assert item["author"] == [
        {"family": "Hoeven", "given": "Marieke", "non-dropping-particle": "van der"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"literal": "Siemens"},
        {"family": "Plato"},
    ]


def test_an_answer_of_crossref_is_read():
    record = csl_json.read_item(
        {
            "source": "Crossref",
            "type": "journal-article",
            "title": ["On <i>E. coli</i> &amp; more"],
            "container-title": ["Nature", "Nat."],
            "author": [
                {
                    "given": "Jan",
                    "family": "Jansen",
                    "ORCID": "http://orcid.org/0000-0002-1825-0097",
                    "affiliation": [{"name": "University of Twente"}],
                },
                {"name": "The MIDL Consortium", "sequence": "additional"},
            ],
            "issued": {"date-parts": [[None]]},
            "published-online": {"date-parts": [["2019", "6", 17]]},
            "abstract": "<jats:title>Abstract</jats:title><jats:p>One &lt; two.</jats:p><jats:p>Three</jats:p>",
            "DOI": "10.1000/ABC",
            "ISSN": ["2049-3630", "1234-5679"],
            "subject": ["Imaging", "Imaging", "MRI"],
            "license": [{"URL": "http://creativecommons.org/licenses/by/4.0/"}],
            "funder": [{"name": "EFRO", "DOI": "10.13039/1", "award": ["A1", "A2"]}],
            "page": "15–26",
            "volume": 12,
        }
    )

    assert record == RecordMetadata(
        title="On E. coli & more",
        resource_type="journal_article",
        agents=(
            Agent("Jansen", "Jan", orcid="0000-0002-1825-0097", affiliations=(Affiliation("University of Twente"),)),
            Agent("The MIDL Consortium", is_organisation=True),
        ),
        abstract="Abstract\n\nOne < two.\n\nThree",
        subjects=("Imaging", "MRI"),
        issued="2019-06-17",
        container_title="Nature",
        volume="12",
        page="15-26",
        doi="10.1000/abc",
        issn="2049-3630",
        rights="CC-BY-4.0",
        funding_references=(
            FundingReference("EFRO", "https://doi.org/10.13039/1", "A1"),
            FundingReference("EFRO", "https://doi.org/10.13039/1", "A2"),
        ),
    )


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2019, 6, 17]]}, "2019-06-17"),
        ({"date-parts": [["2019", "06"]]}, "2019-06"),
        ({"date-parts": [[2019, 13, 1]]}, "2019"),
        ({"date-parts": [[]], "raw": "17 June 2019"}, "2019-06-17"),
        ({"literal": "in press"}, ""),
        ({"date-parts": "2019"}, ""),
        ("2019-06", "2019-06"),
        (2019, "2019"),
        (None, ""),
        ([], ""),
    ],
)
def test_dates_are_read_in_every_form(issued, date):
    assert csl_json.read_item({"title": "T", "issued": issued}).issued == date


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, [5], ["x"], [None], {"a": 1}, [{"family": None}], True])
def test_values_of_the_wrong_kind_are_passed_over(value):
    names = ["author", "editor", "issued", "event-date", "subject", "license", "funder", "DOI", "ISBN", "abstract"]

    record = csl_json.read_item({"title": "T", **dict.fromkeys(names, value)})

    assert record.title == "T"
    assert record.doi == ""


@pytest.mark.parametrize("title", [None, "", "  ", [], "<i></i>"])
def test_an_item_without_title_is_refused(title):
    with pytest.raises(FormatError, match=r"title"):
        csl_json.read_item({"title": title})


def test_each_broken_item_is_reported_with_its_line_and_the_rest_is_read():
    text = """[
  {"id": "a", "title": "First"},
  {"id": "b", "title": "Broken",,
   "author": [
     {"family": "X"}]
  },
  {"id": "c"},
  5,
  {"id": "d", "title": "Last"}
]"""

    entries = list(csl_json.loads(text))

    assert [(entry.line, entry.key) for entry in entries if entry.metadata] == [(2, "a"), (9, "d")]
    assert [(entry.line, entry.key) for entry in entries if entry.error] == [(3, ""), (7, "c"), (8, "")]


def test_a_list_that_is_cut_off_gives_what_it_has():
    entries = list(csl_json.loads('[{"id": 1, "title": "First"}, {"id": 2, "tit'))

    assert [entry.metadata.title for entry in entries if entry.metadata] == ["First"]
    assert [entry.error is not None for entry in entries] == [False, True, True]


@pytest.mark.parametrize("text", ['{"title": "T"}', '{"items": [{"title": "T"}]}', '\ufeff \n[{"title": "T"}]'])
def test_a_single_item_and_the_answer_of_an_interface_are_read(text):
    assert [entry.metadata.title for entry in csl_json.loads(text)] == ["T"]


def test_what_is_no_json_is_said_so():
    assert [entry.error is not None for entry in csl_json.loads("title,authors")] == [True]
    assert list(csl_json.loads("")) == []
    assert list(csl_json.loads("[]")) == []


def test_deep_nesting_is_an_error_and_no_crash():
    (entry, *_rest) = csl_json.loads('[{"title": ' + "[" * 100_000)

    assert entry.error is not None


def test_unpaired_tags_are_text():
    assert csl_json.read_item({"title": "a <i> b </b> c <b>d</b>"}).title == "a <i> b </b> c d"
