"""JSON-LD in the words of schema.org: what search engines read from a landing page. https://schema.org"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from publications.formats.base import clean, clean_paragraphs, full_title
from publications.identifiers import doi_url, orcid_url, ror_url
from publications.metadata import Agent, FileReference, FundingReference, RecordMetadata
from publications.vocabularies import LICENCE_URIS, RESOURCE_TYPE_URIS, Licence, RelationType

TYPES = {
    "journal_article": "ScholarlyArticle",
    "conference_paper": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "data_paper": "ScholarlyArticle",
    "book": "Book",
    "book_part": "Chapter",
    "report": "Report",
    "event_report": "Report",
    "thesis": "Thesis",
    "slides": "PresentationDigitalDocument",
    "poster": "Poster",
}
"""Everything else is a CreativeWork: schema.org has no narrower word that would be true."""

PAGED = {"ScholarlyArticle", "Chapter", "Report"}
OUTCOMES = {"minutes", "decisions", "lessons", "matches", "event_report"}


def dumps(records: Sequence[RecordMetadata]) -> str:
    """One record as a node, several as a graph."""
    return json.dumps(_document(records), ensure_ascii=False, indent=2) + "\n"


def dumps_for_script(records: Sequence[RecordMetadata]) -> str:
    """As `dumps`, safe inside a <script> element: nothing in it can end the element or begin a comment."""
    return escape_for_script(json.dumps(_document(records), ensure_ascii=False))


def escape_for_script(text: str) -> str:
    """JSON text with the characters escaped that mean something to HTML, or end a line in JavaScript."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _document(records: Sequence[RecordMetadata]) -> dict[str, Any]:
    nodes = [to_node(record) for record in records]
    context = {"@context": "https://schema.org"}
    return context | (nodes[0] if len(nodes) == 1 else {"@graph": nodes})


def to_node(record: RecordMetadata) -> dict[str, Any]:
    """The record as a node without context, and without what is not known."""
    node_type = TYPES.get(record.resource_type, "CreativeWork")
    open_files = [file for file in record.files if file.is_open]
    first, _dash, last = record.page.partition("-")
    event = _event(record)
    is_outcome = record.resource_type in OUTCOMES
    node = {
        "@type": node_type,
        "@id": record.url or doi_url(record.doi),
        "url": record.url,
        "name": full_title(record),
        "headline": full_title(record) if node_type == "ScholarlyArticle" else "",
        "alternateName": clean(record.translated_title),
        "additionalType": RESOURCE_TYPE_URIS.get(record.resource_type, ""),
        "author": [_agent(agent) for agent in record.creators],
        "editor": [_agent(agent) for agent in record.contributors if agent.role == "Editor"],
        "contributor": [_agent(agent) for agent in record.contributors if agent.role != "Editor"],
        "abstract": clean_paragraphs(record.abstract),
        "inLanguage": "" if record.language in ("und", "mul") else record.language,
        "datePublished": record.issued,
        "publisher": {"@type": "Organization", "name": clean(record.publisher)} if record.publisher else {},
        "isPartOf": _container(record, node_type),
        "pageStart": first if node_type in PAGED else "",
        "pageEnd": last if node_type in PAGED else "",
        "isbn": record.isbn if node_type == "Book" else "",
        "bookEdition": clean(record.edition) if node_type == "Book" else "",
        "keywords": [clean(subject) for subject in record.subjects],
        "identifier": list(_identifiers(record)),
        "sameAs": list(_same_as(record)),
        "license": LICENCE_URIS.get(record.rights, "") if record.rights != Licence.ALL_RIGHTS else "",
        "usageInfo": LICENCE_URIS[Licence.ALL_RIGHTS] if record.rights == Licence.ALL_RIGHTS else "",
        "encoding": [_file(file) for file in open_files],
        "funder": _funders(record),
        "about": event if is_outcome else {},
        "isBasedOn": list(_versions(record, RelationType.IS_NEW_VERSION_OF)),
        "@reverse": _known(
            {
                "workFeatured": {} if is_outcome else event,
                "fundedItem": _grants(record),
                "isBasedOn": list(_versions(record, RelationType.IS_PREVIOUS_VERSION_OF)),
            }
        ),
    }
    return _known(node) | ({"isAccessibleForFree": bool(open_files)} if record.files else {})


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _agent(agent: Agent) -> dict[str, Any]:
    if agent.is_organisation:
        return _organisation(agent.name, agent.ror)
    return _known(
        {
            "@type": "Person",
            "@id": orcid_url(agent.orcid),
            "name": clean(agent.name),
            "givenName": clean(agent.given_name),
            "familyName": clean(agent.family_name),
            "sameAs": orcid_url(agent.orcid),
            "affiliation": [_organisation(affiliation.name, affiliation.ror) for affiliation in agent.affiliations],
        }
    )


def _organisation(name: str, ror: str = "") -> dict[str, str]:
    address = ror_url(ror)
    return _known({"@type": "Organization", "@id": address, "name": clean(name), "sameAs": address})


def _container(record: RecordMetadata, node_type: str) -> dict[str, Any]:
    """The journal with its volume and issue, the book, or the series that the record is part of."""
    series = {"@type": "CreativeWorkSeries", "name": clean(record.series)} if record.series else {}
    if not record.container_title:
        return series
    name = clean(record.container_title)
    if record.resource_type not in ("journal_article", "data_paper"):
        kind = "Book" if node_type in ("ScholarlyArticle", "Chapter") else "CreativeWork"
        isbn = record.isbn if kind == "Book" else ""
        return _known({"@type": kind, "name": name, "isbn": isbn, "isPartOf": series})
    container = _known({"@type": "Periodical", "name": name, "issn": record.issn})
    if record.volume:
        container = {"@type": "PublicationVolume", "volumeNumber": record.volume, "isPartOf": container}
    if record.issue:
        container = {"@type": "PublicationIssue", "issueNumber": record.issue, "isPartOf": container}
    return container


def _event(record: RecordMetadata) -> dict[str, Any]:
    if not record.event_title:
        return {}
    start, _slash, end = record.event_dates.partition("/")
    place = {"@type": "Place", "name": clean(record.event_place)} if record.event_place else {}
    event = {"@type": "Event", "name": clean(record.event_title), "startDate": start, "endDate": end}
    return _known(event | {"location": place})


def _identifiers(record: RecordMetadata) -> Iterator[dict[str, str]]:
    named = (
        ("DOI", record.doi, doi_url(record.doi)),
        ("arXiv", record.arxiv, f"https://arxiv.org/abs/{record.arxiv}"),
        ("PMID", record.pmid, f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"),
        ("PID", record.pid, record.url),
    )
    for kind, value, address in named:
        if value:
            yield _known({"@type": "PropertyValue", "propertyID": kind, "value": value, "url": address})


def _same_as(record: RecordMetadata) -> Iterator[str]:
    if record.doi:
        yield doi_url(record.doi)
    if record.arxiv:
        yield f"https://arxiv.org/abs/{record.arxiv}"


def _versions(record: RecordMetadata, relation_type: RelationType) -> Iterator[dict[str, str]]:
    """Other versions of the work: schema.org has no word for them, but one for a work that another modifies."""
    for related in record.related_identifiers:
        if related.relation_type == relation_type and related.identifier_type in ("DOI", "URL"):
            is_doi = related.identifier_type == "DOI"
            address = doi_url(related.identifier) if is_doi else related.identifier
            yield _known({"@type": "CreativeWork", "@id": address, "url": address, "name": clean(related.title)})


def _file(file: FileReference) -> dict[str, Any]:
    return _known(
        {
            "@type": "MediaObject",
            "name": file.name,
            "contentUrl": file.url,
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size_bytes} B" if file.size_bytes else "",
        }
    )


def _funders(record: RecordMetadata) -> list[dict[str, str]]:
    """Each funder once, however many grants it gave."""
    funders = {reference.funder_name: _funder(reference) for reference in record.funding_references}
    return list(funders.values())


def _funder(reference: FundingReference) -> dict[str, str]:
    address = reference.funder_identifier if reference.funder_identifier.startswith("http") else ""
    return _known(
        {"@type": "Organization", "@id": address, "name": clean(reference.funder_name), "sameAs": address},
    )


def _grants(record: RecordMetadata) -> list[dict[str, Any]]:
    return [
        _known({"@type": "MonetaryGrant", "identifier": reference.award_number, "name": clean(reference.award_title)})
        | {"funder": _funder(reference)}
        for reference in record.funding_references
        if reference.award_number
    ]
