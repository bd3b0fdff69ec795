"""What a file says of the work in it, before anybody has checked it: each field with its source and how sure it is.

Extraction and look-ups produce it (`ingest/descriptive/`, `lookups.py`), forms offer it. It is kept beside the file it
came from, as JSON. E-mail addresses are private: they are in the suggestion, and in nothing that is made of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Generic, TypeVar

from publications.formats.base import full_title
from publications.metadata import Affiliation, Agent, RecordMetadata
from publications.vocabularies import Confidence, SuggestionSource

T = TypeVar("T")

SURE = 0.9
LIKELY = 0.7


def certainty_of(confidence: float) -> Confidence:
    """A confidence from 0 to 1 in a word."""
    if confidence >= SURE:
        return Confidence.SURE
    return Confidence.LIKELY if confidence >= LIKELY else Confidence.DOUBTFUL


@dataclass(frozen=True)
class Suggestion(Generic[T]):
    """A value for a field, where it came from, and how sure it is: what share of such suggestions should be right."""

    value: T
    source: str = SuggestionSource.PAGE.value
    confidence: float = LIKELY

    @property
    def certainty(self) -> Confidence:
        """The confidence in a word."""
        return certainty_of(self.confidence)


@dataclass(frozen=True)
class SuggestedAuthor:
    """An author, and the e-mail address printed beside the name, which is nobody else's to see."""

    agent: Agent
    email: str = ""


Text = Suggestion[str] | None


@dataclass(frozen=True)
class SuggestedMetadata:
    """What is suggested for a record; None for a field of which nothing is known."""

    title: Text = None
    authors: Suggestion[tuple[SuggestedAuthor, ...]] | None = None
    abstract: Text = None
    keywords: Suggestion[tuple[str, ...]] | None = None
    language: Text = None
    issued: Text = None
    container_title: Text = None
    volume: Text = None
    issue: Text = None
    page: Text = None
    publisher: Text = None
    doi: Text = None
    arxiv: Text = None
    isbn: Text = None
    issn: Text = None

    def __bool__(self) -> bool:
        """Whether there is anything that a title page says; every file has a language and a date of its own."""
        return any(name not in ("language", "issued") for name, _ in self.items())

    def items(self) -> Iterator[tuple[str, Suggestion[Any]]]:
        """The fields of which something is known, in order."""
        for one in fields(self):
            suggestion = getattr(self, one.name)
            if suggestion is not None:
                yield one.name, suggestion

    def to_metadata(self) -> RecordMetadata:
        """The suggestion as the metadata of a record; without the e-mail addresses."""
        values = {name: suggestion.value for name, suggestion in self.items() if name not in ("authors", "keywords")}
        return RecordMetadata(
            **({"title": ""} | values),
            agents=tuple(author.agent for author in self.authors.value) if self.authors else (),
            subjects=self.keywords.value if self.keywords else (),
        )

    def preferring(self, other: "SuggestedMetadata") -> "SuggestedMetadata":
        """The fields of `other`, and this one's where it knows nothing; so too for what is known of each author."""
        merged = replace(self, **dict(other.items()))
        if self.authors and other.authors:
            known = {author.agent.family_name.casefold(): author for author in self.authors.value}
            authors = tuple(
                _completed(author, known.get(author.agent.family_name.casefold())) for author in other.authors.value
            )
            merged = replace(merged, authors=replace(other.authors, value=authors))
        return merged

    def with_surer(self, other: "SuggestedMetadata") -> "SuggestedMetadata":
        """These suggestions, and those of `other` that are surer or that this one lacks."""
        surer = {}
        for name, suggestion in other.items():
            own = getattr(self, name)
            if own is None or own.confidence < suggestion.confidence:
                surer[name] = suggestion
        return replace(self, **surer)

    def to_json(self) -> dict[str, Any]:
        """The suggestion as plain values, which `from_json` reads back."""
        return {name: asdict(suggestion) for name, suggestion in self.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "SuggestedMetadata":
        """The suggestion that `to_json` wrote; fields that are not known any more are left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: _read(name, suggestion) for name, suggestion in told.items() if name in known})


def _completed(author: SuggestedAuthor, known: SuggestedAuthor | None) -> SuggestedAuthor:
    """The author with affiliations, ORCID iD and address of the one by the same family name, where they have none."""
    if known is None:
        return author
    agent = replace(
        author.agent,
        affiliations=author.agent.affiliations or known.agent.affiliations,
        orcid=author.agent.orcid or known.agent.orcid,
    )
    return SuggestedAuthor(agent, author.email or known.email)


def _read(name: str, told: Mapping[str, Any]) -> Suggestion[Any]:
    value = told["value"]
    if name == "authors":
        value = tuple(SuggestedAuthor(_read_agent(author["agent"]), author["email"]) for author in value)
    elif name == "keywords":
        value = tuple(value)
    return Suggestion(value, told["source"], told["confidence"])


def _read_agent(told: Mapping[str, Any]) -> Agent:
    affiliations = tuple(Affiliation(**affiliation) for affiliation in told["affiliations"])
    return Agent(**{**told, "affiliations": affiliations})


def suggestion_of(metadata: RecordMetadata, *, source: SuggestionSource, confidence: float) -> SuggestedMetadata:
    """Metadata from elsewhere, such as a registry, as a suggestion for each field that they have."""
    plain = {one.name for one in fields(SuggestedMetadata)} - {"authors", "keywords"}
    found: dict[str, Any] = {name: getattr(metadata, name) for name in plain}
    found["title"] = full_title(metadata)
    if found["language"] == "und":
        found["language"] = ""
    found["authors"] = tuple(SuggestedAuthor(agent) for agent in metadata.creators)
    found["keywords"] = metadata.subjects
    return SuggestedMetadata(
        **{name: Suggestion(value, source.value, confidence) for name, value in found.items() if value}
    )
