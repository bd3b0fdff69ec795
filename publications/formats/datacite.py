"""DataCite JSON: the metadata of kernel 4.6, property by property, as DataCite's own interfaces take and give them.

https://datacite-metadata-schema.readthedocs.io/en/4.6/
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from publications.errors import FormatError
from publications.formats.base import (
    TYPE_WORDS,
    clean,
    clean_paragraphs,
    first_valid,
    read_date,
    read_doi,
    read_isbn,
    read_issn,
    read_language,
    read_licence,
)
from publications.formats.names import organisation, person, read_name
from publications.identifiers import orcid_url, parse_orcid, parse_ror, ror_url
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


# Reading what DataCite's REST API gives (https://support.datacite.org/docs/api-get-doi)

RESOURCE_TYPES = {general: resource_type for resource_type, general in reversed(GENERAL_TYPES.items())} | {
    "Presentation": "slides",
    "Poster": "poster",
    "ConferenceProceeding": "book",
    "Other": "other",
}


def read_attributes(attributes: Mapping[str, Any]) -> RecordMetadata:
    """The metadata in the attributes of a DOI, without what has a wrong form. Raises FormatError without a title."""
    titles = list(_dicts(attributes.get("titles")))
    main = [title for title in titles if not title.get("titleType")] or titles
    if not main or not _word(main[0].get("title")):
        raise FormatError(_("This item has no title."))
    container = _dict(attributes.get("container"))
    return RecordMetadata(
        title=_word(main[0].get("title")),
        subtitle=next((_word(title["title"]) for title in titles if title.get("titleType") == "Subtitle"), ""),
        resource_type=RESOURCE_TYPES.get(_word(_dict(attributes.get("types")).get("resourceTypeGeneral")), "other"),
        language=read_language(_word(attributes.get("language"))),
        agents=tuple(filter(None, map(_read_agent, _dicts(attributes.get("creators"))))),
        abstract=_read_abstract(attributes),
        subjects=tuple(
            dict.fromkeys(word for part in _dicts(attributes.get("subjects")) if (word := _word(part.get("subject"))))
        ),
        issued=_read_issued(attributes),
        publisher=_word(attributes.get("publisher")),
        container_title=_word(container.get("title")),
        volume=_word(container.get("volume")),
        issue=_word(container.get("issue")),
        page="-".join(filter(None, [_word(container.get("firstPage")), _word(container.get("lastPage"))])),
        doi=read_doi(_word(attributes.get("doi"))),
        isbn=_read_related(attributes, "ISBN", read_isbn),
        issn=_read_related(attributes, "ISSN", read_issn),
        rights=next(filter(None, map(_read_right, _dicts(attributes.get("rightsList")))), ""),
    )


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _word(value: Any) -> str:
    """A text, also of a number or of an object with a name: the publisher is one or the other."""
    if isinstance(value, dict):
        return _word(value.get("name"))
    return clean(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _read_agent(creator: Mapping[str, Any]) -> Agent | None:
    name, family = _word(creator.get("name")), _word(creator.get("familyName"))
    if not name and not family:
        return None
    if creator.get("nameType") == "Organizational":
        agent = organisation(name)
    elif family:
        agent = person(family, _word(creator.get("givenName")))
    else:
        agent = read_name(name)
    identifiers = [_word(part.get("nameIdentifier")) for part in _dicts(creator.get("nameIdentifiers"))]
    return replace(
        agent,
        orcid="" if agent.is_organisation else first_valid(parse_orcid, identifiers),
        ror=first_valid(parse_ror, identifiers) if agent.is_organisation else "",
        affiliations=tuple(_read_affiliations(creator.get("affiliation"))),
    )


def _read_affiliations(value: Any) -> Iterator[Affiliation]:
    """Affiliations come as names, or as objects where the request asked for their identifiers."""
    for part in value if isinstance(value, list) else ():
        ror = first_valid(parse_ror, [_word(_dict(part).get("affiliationIdentifier"))])
        if name := _word(part):
            yield Affiliation(name, ror=ror)


def _read_abstract(attributes: Mapping[str, Any]) -> str:
    for part in _dicts(attributes.get("descriptions")):
        if part.get("descriptionType") == "Abstract" and isinstance(part.get("description"), str):
            text = re.sub(r"</?(?:p|br|div)\s*/?>", "\n\n", part["description"])
            return clean_paragraphs(unescape(re.sub(r"</?[a-z][^<>]*>", "", text)))
    return ""


def _read_issued(attributes: Mapping[str, Any]) -> str:
    issued = (_word(part.get("date")) for part in _dicts(attributes.get("dates")) if part.get("dateType") == "Issued")
    return next(filter(None, map(read_date, issued)), "") or read_date(_word(attributes.get("publicationYear")))


def _read_related(attributes: Mapping[str, Any], kind: str, read: Callable[[str], str]) -> str:
    """The number of what the work is in or identical to."""
    for part in _dicts(attributes.get("relatedIdentifiers")):
        if part.get("relatedIdentifierType") == kind and part.get("relationType") in ("IsPartOf", "IsPublishedIn"):
            return read(_word(part.get("relatedIdentifier")))
    container = _dict(attributes.get("container"))
    return read(_word(container.get("identifier"))) if container.get("identifierType") == kind else ""


def _read_right(right: Mapping[str, Any]) -> str:
    return read_licence(_word(right.get("rightsIdentifier"))) or read_licence(_word(right.get("rightsUri")))
