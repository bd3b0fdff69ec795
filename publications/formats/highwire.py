"""The `citation_*` tags of a landing page, which Google Scholar and Zotero read.

https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
"""

from collections.abc import Iterator

from publications.formats.base import clean, full_title
from publications.metadata import Agent, RecordMetadata

ZOTERO_TYPES = {
    "journal_article": "journalArticle",
    "data_paper": "journalArticle",
    "conference_paper": "conferencePaper",
    "book": "book",
    "book_part": "bookSection",
    "report": "report",
    "event_report": "report",
    "thesis": "thesis",
    "preprint": "preprint",
    "slides": "presentation",
    "poster": "presentation",
    "lecture": "presentation",
}


def meta_tags(record: RecordMetadata) -> list[tuple[str, str]]:
    """Names and contents of the <meta> elements, in order; not yet escaped for HTML."""
    return [(name, text) for name, content in _tags(record) if (text := content.strip())]


def _tags(record: RecordMetadata) -> Iterator[tuple[str, str]]:
    # Without this Zotero takes everything that names no journal, conference or institution for an article.
    yield "DC.type", ZOTERO_TYPES.get(record.resource_type, "document")
    yield "citation_title", full_title(record)
    for agent in record.creators:
        yield "citation_author", _name(agent)
        for affiliation in agent.affiliations:
            yield "citation_author_institution", clean(affiliation.name)
        if agent.orcid:
            yield "citation_author_orcid", f"https://orcid.org/{agent.orcid}"
    for agent in record.contributors:
        if agent.role == "Editor":
            yield "citation_editor", _name(agent)
    yield "citation_publication_date", record.issued.replace("-", "/")
    yield from _containers(record)
    first, _dash, last = record.page.partition("-")
    yield "citation_volume", clean(record.volume)
    yield "citation_issue", clean(record.issue)
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_series_title", clean(record.series)
    yield "citation_publisher", clean(record.publisher)
    yield "citation_doi", record.doi
    yield "citation_isbn", record.isbn
    yield "citation_issn", record.issn
    yield "citation_pmid", record.pmid
    yield "citation_arxiv_id", record.arxiv
    yield "citation_language", "" if record.language in ("und", "mul") else record.language
    for subject in record.subjects:
        yield "citation_keywords", clean(subject)
    yield "citation_abstract", clean(record.abstract)
    yield "citation_abstract_html_url", record.url
    for file in record.files:
        if file.is_open and file.media_type == "application/pdf":
            yield "citation_pdf_url", file.url


def _name(agent: Agent) -> str:
    family, given = clean(agent.family_name), clean(agent.given_name)
    if agent.is_organisation or not given:
        return clean(agent.name)
    if " " in family and " " in given:
        # Zotero reads "de With, Peter H." as two people, unless no ordinary space stands after the comma's own.
        given = given.replace(" ", "\u00a0")
    return f"{family}, {given}"


def _containers(record: RecordMetadata) -> Iterator[tuple[str, str]]:
    """Where it appeared or was given: by this Google Scholar and Zotero tell the kinds of work apart."""
    container, publisher = clean(record.container_title), clean(record.publisher)
    if record.resource_type in ("journal_article", "data_paper"):
        yield "citation_journal_title", container
    elif record.resource_type in ("conference_paper", "slides", "poster", "lecture"):
        yield "citation_conference_title", clean(record.event_title) or container
    elif record.resource_type == "book_part":
        yield "citation_inbook_title", container
        yield "citation_book_title", container
    elif record.resource_type == "thesis":
        yield "citation_dissertation_institution", publisher
    elif record.resource_type in ("report", "event_report"):
        yield "citation_technical_report_institution", publisher
        yield "citation_technical_report_number", clean(record.issue)
