"""DataCite JSON: the metadata of kernel 4.6, property by property, as DataCite's own interfaces take them.

https://datacite-metadata-schema.readthedocs.io/en/4.6/
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from publications.formats.base import TYPE_WORDS, clean, clean_paragraphs
from publications.identifiers import orcid_url, ror_url
from publications.metadata import Affiliation, Agent, FundingReference, RecordMetadata, RelatedIdentifier
from publications.vocabularies import LICENCE_URIS, Licence

GENERAL_TYPES = {
    "journal_article": "JournalArticle",
    "conference_paper": "ConferencePaper",
    "book": "Book",
    "book_part": "BookChapter",
    "report": "Report",
    "thesis": "Dissertation",
    "preprint": "Preprint",
    "data_paper": "DataPaper",
    "lecture": "Other",
    "event_report": "Report",
}
"""Everything else is Text: kernel 4.6 has no Presentation and no Poster yet."""

CONTAINER_TYPES = {
    "JournalArticle": "Journal",
    "DataPaper": "Journal",
    "ConferencePaper": "ConferenceProceeding",
    "BookChapter": "Book",
}
UNAVAILABLE = ":unav"
"""DataCite's word for a required value that is not known (appendix 3)."""


def dumps(records: Sequence[RecordMetadata]) -> str:
    """One record as an object, several as an array of objects."""
    works = [to_attributes(record) for record in records]
    return json.dumps(works[0] if len(works) == 1 else works, ensure_ascii=False, indent=2) + "\n"


def to_attributes(record: RecordMetadata) -> dict[str, Any]:
    """The record's attributes in DataCite's order, without those that are not known."""
    general_type = GENERAL_TYPES.get(record.resource_type, "Text")
    attributes = {
        "doi": record.doi,
        "url": record.url,
        "types": {
            "resourceTypeGeneral": general_type,
            "resourceType": TYPE_WORDS.get(record.resource_type, ""),
        },
        "creators": [_agent(agent) for agent in record.creators] or [{"name": UNAVAILABLE}],
        "titles": list(_titles(record)),
        "publisher": {"name": clean(record.publisher) or UNAVAILABLE},
        "publicationYear": record.issued[:4] or record.available[:4],
        "subjects": [{"subject": clean(subject)} for subject in record.subjects],
        "contributors": [_agent(agent) | {"contributorType": agent.role} for agent in record.contributors],
        "dates": list(_dates(record)),
        "language": "" if record.language == "und" else record.language,
        "alternateIdentifiers": list(_alternate_identifiers(record)),
        "relatedIdentifiers": [_related_identifier(related) for related in record.related_identifiers],
        "relatedItems": list(_published_in(record, general_type)),
        "sizes": [f"{file.size_bytes} bytes" for file in record.files if file.size_bytes],
        "formats": list(dict.fromkeys(file.media_type for file in record.files if file.media_type)),
        "rightsList": list(_rights(record)),
        "descriptions": list(_descriptions(record)),
        "fundingReferences": [_funding(reference) for reference in record.funding_references],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return _known(attributes)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _agent(agent: Agent) -> dict[str, Any]:
    identifiers = []
    if agent.orcid:
        identifiers.append(_name_identifier(orcid_url(agent.orcid), "ORCID", "https://orcid.org"))
    if agent.ror:
        identifiers.append(_name_identifier(ror_url(agent.ror), "ROR", "https://ror.org"))
    return _known(
        {
            "name": clean(agent.name if agent.is_organisation else agent.sort_name),
            "nameType": "Organizational" if agent.is_organisation else "Personal",
            "givenName": "" if agent.is_organisation else clean(agent.given_name),
            "familyName": "" if agent.is_organisation else clean(agent.family_name),
            "affiliation": [_affiliation(affiliation) for affiliation in agent.affiliations],
            "nameIdentifiers": identifiers,
        }
    )


def _name_identifier(identifier: str, scheme: str, scheme_uri: str) -> dict[str, str]:
    return {"nameIdentifier": identifier, "nameIdentifierScheme": scheme, "schemeUri": scheme_uri}


def _affiliation(affiliation: Affiliation) -> dict[str, str]:
    named = {"name": clean(affiliation.name)}
    if not affiliation.ror:
        return named
    return named | {
        "affiliationIdentifier": ror_url(affiliation.ror),
        "affiliationIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org",
    }


def _titles(record: RecordMetadata) -> Iterator[dict[str, str]]:
    language = {} if record.language == "und" else {"lang": record.language}
    yield {"title": clean(record.title)} | language
    if record.subtitle:
        yield {"title": clean(record.subtitle), "titleType": "Subtitle"} | language
    if record.translated_title:
        translated = {"title": clean(record.translated_title), "titleType": "TranslatedTitle"}
        yield translated | ({"lang": record.translation_language} if record.translation_language else {})


def _published_in(record: RecordMetadata, general_type: str) -> Iterator[dict[str, Any]]:
    """The journal, book or series that the record appeared in."""
    title = clean(record.container_title) or clean(record.series)
    if not title:
        return
    first, _dash, last = record.page.partition("-")
    kind, number = ("ISSN", record.issn) if record.issn else ("ISBN", record.isbn)
    identifier = {"relatedItemIdentifier": number, "relatedItemIdentifierType": kind}
    yield _known(
        {
            "relationType": "IsPublishedIn",
            "relatedItemType": CONTAINER_TYPES.get(general_type, "Collection"),
            "relatedItemIdentifier": identifier if number else {},
            "titles": [{"title": title}],
            "volume": clean(record.volume),
            "issue": clean(record.issue),
            "firstPage": first,
            "lastPage": last,
            "edition": clean(record.edition),
        }
    )


def _dates(record: RecordMetadata) -> Iterator[dict[str, str]]:
    if record.issued:
        yield {"date": record.issued, "dateType": "Issued"}
    if record.available:
        yield {"date": record.available, "dateType": "Available"}
    if record.event_dates:
        event = ", ".join(filter(None, (clean(record.event_title), clean(record.event_place))))
        yield _known({"date": record.event_dates, "dateType": "Other", "dateInformation": event})


def _alternate_identifiers(record: RecordMetadata) -> Iterator[dict[str, str]]:
    named = (("Local identifier", record.pid), ("arXiv", record.arxiv), ("PMID", record.pmid), ("ISBN", record.isbn))
    for kind, identifier in named:
        if identifier:
            yield {"alternateIdentifier": identifier, "alternateIdentifierType": kind}


def _related_identifier(related: RelatedIdentifier) -> dict[str, str]:
    return {
        "relatedIdentifier": related.identifier,
        "relatedIdentifierType": related.identifier_type,
        "relationType": related.relation_type,
    }


def _rights(record: RecordMetadata) -> Iterator[dict[str, str]]:
    if record.rights == Licence.ALL_RIGHTS:
        yield {"rights": "All rights reserved", "rightsUri": LICENCE_URIS[Licence.ALL_RIGHTS]}
    elif record.rights:
        yield {
            "rights": record.rights,
            "rightsUri": LICENCE_URIS.get(record.rights, ""),
            "rightsIdentifier": record.rights,
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        }


def _descriptions(record: RecordMetadata) -> Iterator[dict[str, str]]:
    if abstract := clean_paragraphs(record.abstract):
        language = {} if record.language == "und" else {"lang": record.language}
        yield {"description": abstract, "descriptionType": "Abstract"} | language
    if translated := clean_paragraphs(record.translated_abstract):
        language = {"lang": record.translation_language} if record.translation_language else {}
        yield {"description": translated, "descriptionType": "Abstract"} | language
    if record.series and record.container_title:
        yield {"description": clean(record.series), "descriptionType": "SeriesInformation"}


def _funding(reference: FundingReference) -> dict[str, str]:
    identifier = reference.funder_identifier
    schemes = {"ror.org/": "ROR", "doi.org/10.13039/": "Crossref Funder ID", "isni.org/": "ISNI", "grid.ac/": "GRID"}
    scheme = next((name for part, name in schemes.items() if part in identifier), "Other")
    return _known(
        {
            "funderName": clean(reference.funder_name),
            "funderIdentifier": identifier,
            "funderIdentifierType": scheme if identifier else "",
            "awardNumber": reference.award_number,
            "awardTitle": clean(reference.award_title),
        }
    )
