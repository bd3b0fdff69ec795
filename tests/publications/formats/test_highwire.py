import pytest

from publications.formats.highwire import meta_tags
from publications.metadata import Affiliation, Agent, FileReference, RecordMetadata
from publications.vocabularies import ResourceType

ARTICLE = RecordMetadata(
    title="Scherper kijken",
    subtitle="Een studie",
    resource_type="journal_article",
    language="nl",
    agents=(
        Agent("van der Hoeven", "Marieke", orcid="0000-0002-1825-0097", affiliations=(Affiliation("UT"),)),
        Agent("Siemens", is_organisation=True),
        Agent("de With", "Peter", role="Editor"),
    ),
    abstract="Een.\n\nTwee.",
    subjects=("MRI", "beeld"),
    issued="2019-06-17",
    publisher="Uitgever",
    container_title="Tijdschrift",
    volume="12",
    issue="3",
    page="15-26",
    doi="10.1000/xyz",
    issn="2049-3630",
    url="https://example.org/en/records/9k3dt0v4/",
    files=(
        FileReference("a.pptx", "https://example.org/en/records/9k3dt0v4/a.pptx", "application/vnd.ms-powerpoint"),
        FileReference("b.pdf", "https://example.org/en/records/9k3dt0v4/b.pdf", "application/pdf", is_open=False),
        FileReference("c.pdf", "https://example.org/en/records/9k3dt0v4/c.pdf", "application/pdf"),
    ),
)


def test_an_article_says_all_that_scholar_and_zotero_read():
    assert meta_tags(ARTICLE) == [
        ("DC.type", "journalArticle"),
        ("citation_title", "Scherper kijken: Een studie"),
        ("citation_author", "van der Hoeven, Marieke"),
        ("citation_author_institution", "UT"),
        ("citation_author_orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("citation_author", "Siemens"),
        ("citation_editor", "de With, Peter"),
        ("citation_publication_date", "2019/06/17"),
        ("citation_journal_title", "Tijdschrift"),
        ("citation_volume", "12"),
        ("citation_issue", "3"),
        ("citation_firstpage", "15"),
        ("citation_lastpage", "26"),
        ("citation_publisher", "Uitgever"),
        ("citation_doi", "10.1000/xyz"),
        ("citation_issn", "2049-3630"),
        ("citation_language", "nl"),
        ("citation_keywords", "MRI"),
        ("citation_keywords", "beeld"),
        ("citation_abstract", "Een. Twee."),
        ("citation_abstract_html_url", "https://example.org/en/records/9k3dt0v4/"),
        ("citation_pdf_url", "https://example.org/en/records/9k3dt0v4/c.pdf"),
    ]


@pytest.mark.parametrize(("issued", "date"), [("2019", "2019"), ("2019-06", "2019/06"), ("2019-06-17", "2019/06/17")])
def test_the_date_is_as_precise_as_known(issued, date):
    assert ("citation_publication_date", date) in meta_tags(RecordMetadata(title="T", issued=issued))


@pytest.mark.parametrize(
    ("resource_type", "tag"),
    [
        ("conference_paper", ("citation_conference_title", "Container")),
        ("book_part", ("citation_inbook_title", "Container")),
        ("thesis", ("citation_dissertation_institution", "Publisher")),
        ("report", ("citation_technical_report_institution", "Publisher")),
    ],
)
def test_each_kind_of_work_is_told_by_its_own_tag(resource_type, tag):
    record = RecordMetadata(title="T", resource_type=resource_type, container_title="Container", publisher="Publisher")

    assert tag in meta_tags(record)
    assert "citation_journal_title" not in dict(meta_tags(record))


def test_a_talk_names_its_event():
    record = RecordMetadata(title="T", resource_type="slides", event_title="CMI day")

    assert ("citation_conference_title", "CMI day") in meta_tags(record)
    assert ("DC.type", "presentation") in meta_tags(record)


def test_zotero_does_not_take_a_name_with_several_words_for_two_people():
    tags = meta_tags(RecordMetadata(title="T", agents=(Agent("de With", "Peter H. N."), Agent("Jansen", "Jan Piet"))))

    names = [content for name, content in tags if name == "citation_author"]
    assert [name.split() for name in names] == [["de", "With,", "Peter", "H.", "N."], ["Jansen,", "Jan", "Piet"]]
    # Its rule: a comma with an ordinary blank both before and behind it (in the name's parts) parts two authors.
    assert " " not in names[0].partition(", ")[2]


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_nothing_empty_is_said(resource_type):
    tags = meta_tags(RecordMetadata(title="T", resource_type=resource_type))

    assert [name for name, _content in tags] == ["DC.type", "citation_title"]
    assert all(content for _name, content in tags)
