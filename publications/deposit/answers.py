"""What a deposit's form holds: plain values by field, as typed, whether or not they can be a record yet.

Answers come from a form, from metadata (a DOI, a bibliography, an API client), from a record that was sent back, and
from what the deposited files suggest; they go into a RecordMetadata. Suggestions fill what nobody has answered yet, and
each tells where it comes from and how sure it is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from publications.identifiers import parse_arxiv, parse_doi
from publications.metadata import Affiliation, Agent, FundingReference, RecordMetadata, RelatedIdentifier
from publications.models import Deposit, Event, Record, RecordFile
from publications.models.kinds import Publication
from publications.records import metadata_of
from publications.suggestions import SuggestedMetadata, Suggestion
from publications.topics import match_keywords
from publications.vocabularies import AccessRight, ContributorRole, IdentifierType, ResourceType

Answers = dict[str, Any]

TEXTS = (
    "resource_type", "title", "subtitle", "language", "abstract", "translated_title", "translated_abstract", "issued",
    "publisher", "doi", "url", "container_title", "series", "volume", "issue", "page", "isbn", "issn", "arxiv", "pmid",
    "version_type", "peer_review", "rights", "access_right", "available",
)  # fmt: skip
OTHER_TEXTS = ("event", "words", "may_share")
LISTS = ("topics", "groups", "people")
ROWS: dict[str, tuple[str, ...]] = {
    "authors": ("given_name", "family_name", "role", "orcid", "person", "affiliations", "is_organisation"),
    "funding": ("funder_name", "award_number"),
    "related": ("relation_type", "identifier", "title"),
}
NAMING = {"authors": ("given_name", "family_name"), "funding": ("funder_name", "award_number"),
          "related": ("identifier", "title")}  # fmt: skip
"""The columns of which one at least must be filled for a row to count."""
LONGEST_TEXT = 50_000
MOST_ROWS = 500


# From a form --------------------------------------------------------------------------------------------------------


def read_form(posted: QueryDict) -> Answers:
    """The answers in a form as it was sent, with nothing judged yet; rows in the order of their numbers."""
    answers: Answers = {name: _text(posted, name) for name in (*TEXTS, *OTHER_TEXTS)}
    answers |= {name: list(dict.fromkeys(filter(None, posted.getlist(name)))) for name in LISTS}
    for name in ROWS:
        answers[name] = _read_rows(posted, name)
    return answers


def _text(posted: QueryDict, name: str) -> str:
    """A text of the form with the line ends that files have, not those that browsers send."""
    return posted.get(name, "").replace("\r\n", "\n").strip()[:LONGEST_TEXT]


def _read_rows(posted: QueryDict, name: str) -> list[dict[str, str]]:
    numbers = {int(match[1]) for key in posted if (match := re.fullmatch(rf"{name}-([0-9]{{1,4}})-\w+", key))}
    rows = (
        {column: _text(posted, f"{name}-{number}-{column}") for column in ROWS[name]}
        for number in sorted(numbers)[:MOST_ROWS]
    )
    return [row for row in rows if any(row[column] for column in NAMING[name])]


def move_row(answers: Answers, *, name: str, place: int, by: int) -> Answers:
    """The answers with one row of a list moved up (-1) or down (1)."""
    rows = list(answers.get(name, []))
    target = place + by
    if 0 <= place < len(rows) and 0 <= target < len(rows):
        rows.insert(target, rows.pop(place))
    return answers | {name: rows}


def remove_row(answers: Answers, *, name: str, place: int) -> Answers:
    """The answers without one row of a list."""
    rows = list(answers.get(name, []))
    return answers | {name: rows[:place] + rows[place + 1 :]}


# From metadata, and into it -----------------------------------------------------------------------------------------


def answers_of(metadata: RecordMetadata) -> Answers:
    """The answers that these metadata give."""
    answers: Answers = {name: getattr(metadata, name) for name in TEXTS}
    answers["language"] = "" if metadata.language == "und" else metadata.language
    answers["resource_type"] = "" if metadata.resource_type == ResourceType.OTHER else metadata.resource_type
    answers["authors"] = [author_row(agent) for agent in metadata.agents]
    answers["funding"] = [
        {"funder_name": row.funder_name, "award_number": row.award_number} for row in metadata.funding_references
    ]
    answers["related"] = [
        {"relation_type": row.relation_type, "identifier": row.identifier, "title": row.title}
        for row in metadata.related_identifiers
    ]
    return answers | topic_answers(metadata.subjects)


def author_row(agent: Agent) -> dict[str, str]:
    """An author as a row of the form; an affiliation on each line."""
    return {
        "given_name": agent.given_name,
        "family_name": agent.family_name,
        "role": "" if agent.role == ContributorRole.CREATOR else agent.role,
        "orcid": agent.orcid,
        "person": agent.slug,
        "affiliations": "\n".join(affiliation.name for affiliation in agent.affiliations),
        "is_organisation": "on" if agent.is_organisation else "",
    }


def topic_answers(subjects: Iterable[str]) -> Answers:
    """Keywords as topics of the hub where they are known, as words of the depositor where not."""
    matches = match_keywords(subjects)
    return {
        "topics": [match.topic.name for match in matches if match.topic],
        "words": ", ".join(match.keyword for match in matches if not match.topic),
    }


def answers_of_record(record: Record, *, new_topics: Iterable[str] = ()) -> Answers:
    """The answers that a record's latest draft stands for, for a depositor who gets it back."""
    draft = record.specific().get_latest_revision_as_object()
    metadata = replace(metadata_of(draft), access_right=draft.access_right, url=draft.url)
    answers = answers_of(metadata)
    if isinstance(draft, Publication):
        answers |= {"version_type": draft.version_type, "peer_review": draft.peer_review}
    answers["resource_type"] = draft.resource_type
    answers["event"] = draft.event.slug if draft.event else ""
    answers["words"] = ", ".join(new_topics)
    answers["topics"] = [tagged.tag.name for tagged in draft.tagged_topics.all()]
    answers["groups"] = [str(group.pk) for group in draft.restricted_groups.all()]
    answers["people"] = [
        person.slug for user in draft.restricted_users.all() if (person := getattr(user, "person", None))
    ]
    return answers


def to_metadata(answers: Mapping[str, Any]) -> RecordMetadata:
    """The metadata that the answers stand for; identifiers of related works by their kind."""
    values: dict[str, Any] = {name: str(answers.get(name, "")) for name in TEXTS}
    values["access_right"] = values["access_right"] or AccessRight.OPEN
    values["language"] = values["language"] or "und"
    return RecordMetadata(
        **values,
        agents=tuple(_agent(row) for row in answers.get("authors", [])),
        subjects=tuple(answers.get("topics", [])),
        funding_references=tuple(
            FundingReference(row["funder_name"], award_number=row.get("award_number", ""))
            for row in answers.get("funding", [])
            if row.get("funder_name")
        ),
        related_identifiers=tuple(_relation(row) for row in answers.get("related", []) if row.get("identifier")),
    )


def _agent(row: Mapping[str, str]) -> Agent:
    affiliations = (line.strip() for line in row.get("affiliations", "").splitlines())
    return Agent(
        family_name=row.get("family_name", ""),
        given_name=row.get("given_name", ""),
        role=row.get("role") or ContributorRole.CREATOR.value,
        orcid=row.get("orcid", ""),
        slug=row.get("person", ""),
        affiliations=tuple(Affiliation(line) for line in affiliations if line),
        is_organisation=bool(row.get("is_organisation")),
    )


def _relation(row: Mapping[str, str]) -> RelatedIdentifier:
    identifier, kind = identify(row["identifier"])
    return RelatedIdentifier(identifier, kind, row.get("relation_type", ""), row.get("title", ""))


def identify(text: str) -> tuple[str, str]:
    """An identifier as it is kept, and its kind: a DOI, an arXiv id, else a web address."""
    for parse, kind in ((parse_doi, IdentifierType.DOI), (parse_arxiv, IdentifierType.ARXIV)):
        try:
            return parse(text), kind.value
        except ValueError:
            continue
    return text.strip(), IdentifierType.URL.value


def with_known_topics(answers: Answers) -> Answers:
    """The answers, with those of the depositor's own words as topics that the hub calls so."""
    found = topic_answers(words_of(answers))
    if not found["topics"]:
        return answers
    return answers | {
        "topics": list(dict.fromkeys([*answers.get("topics", []), *found["topics"]])),
        "words": found["words"],
    }


def words_of(answers: Mapping[str, Any]) -> list[str]:
    """The depositor's own words for what no topic is called, each once."""
    words = (" ".join(word.split()) for word in re.split(r"[,;\n]", str(answers.get("words", ""))))
    return list(dict.fromkeys(filter(None, words)))


def event_of(answers: Mapping[str, Any]) -> Event | None:
    """The event that was chosen."""
    slug = answers.get("event")
    return Event.objects.live().filter(slug=slug).first() if slug else None


# From what the files suggest ----------------------------------------------------------------------------------------


SLIDES = ("pptx", "odp")


def suggested_for(deposit: Deposit, files: Iterable[RecordFile] | None = None) -> SuggestedMetadata:
    """What the deposited files suggest together: the first file's word counts, others fill what it does not say."""
    suggested = SuggestedMetadata()
    wanted = deposit.record.files.present() if files is None else files
    for file in sorted(wanted, key=lambda file: -file.number):
        suggested = suggested.preferring(file.suggestion)
    return suggested


def suggested_answers(suggested: SuggestedMetadata, *, file_names: Iterable[str] = ()) -> Answers:
    """The answers that a suggestion gives, and the kind of work that it sounds like."""
    answers = answers_of(suggested.to_metadata())
    answers["resource_type"] = guess_type(suggested, file_names=file_names)
    given = {name: value for name, value in answers.items() if value}
    given.pop("access_right", None)
    return given


def guess_type(suggested: SuggestedMetadata, *, file_names: Iterable[str] = ()) -> str:
    """The kind of work by its file, title slide, venue and identifiers; "" where nothing tells it."""
    if any(name.lower().endswith(SLIDES) for name in file_names) or _is_from_slide(suggested):
        return ResourceType.SLIDES.value
    venue = suggested.container_title.value.lower() if suggested.container_title else ""
    if re.search(r"\b(proceedings|conference|symposium|workshop)\b", venue):
        return ResourceType.CONFERENCE_PAPER.value
    if venue and (suggested.volume or suggested.issue or suggested.issn):
        return ResourceType.JOURNAL_ARTICLE.value
    if suggested.arxiv:
        return ResourceType.PREPRINT.value
    if suggested.isbn:
        return ResourceType.BOOK.value
    return ResourceType.JOURNAL_ARTICLE.value if venue else ""


def _is_from_slide(suggested: SuggestedMetadata) -> bool:
    return bool(suggested.title and suggested.title.source == "slide")


FIELDS_OF_SUGGESTIONS = {"keywords": "words"}


def origins_of(answers: Mapping[str, Any], suggested: SuggestedMetadata) -> dict[str, Suggestion[Any]]:
    """For each answer that still is what the files suggest: the suggestion, with its source and confidence."""
    offered = suggested_answers(suggested)
    found = {}
    for name, suggestion in suggested.items():
        fields = ("topics", "words") if name == "keywords" else (name,)
        if all(_alike(answers.get(field), offered.get(field)) for field in fields):
            found[fields[0]] = suggestion
    return found


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return [_core(row) for row in one] == [_core(row) for row in other]
    return " ".join(str(one or "").split()) == " ".join(str(other or "").split())


def _core(row: Any) -> Any:
    """A row of authors without what the hub adds to it: who in the hub it is."""
    return {key: value for key, value in row.items() if key != "person" and value} if isinstance(row, dict) else row


def current_answers(deposit: Deposit, suggested: SuggestedMetadata) -> Answers:
    """What the form shows: what was answered; of what nobody has touched yet, what the files suggest."""
    if deposit.version:
        return dict(deposit.answers)
    names = [file.name for file in deposit.record.files.all() if not file.removed_at]
    known = {name: value for name, value in deposit.answers.items() if value}
    return suggested_answers(suggested, file_names=names) | known
