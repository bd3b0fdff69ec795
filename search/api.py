"""The API of searching: the same answers as the search page."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.html import conditional_escape
from ninja import Query, Router, Schema

from search.discovery import Completion, Results, find_records, suggest
from search.experts.finder import Expert, Experts, find_experts
from search.experts.questions import read_expert_question
from search.facets import label_values
from search.forms import read_question
from search.hits import ResultHit

router = Router(tags=["search"])


class Creator(Schema):
    """An author as printed, and the person's address on this hub."""

    name: str
    id: str | None


class PassageOut(Schema):
    """Words of a page; `text` is HTML with <mark>."""

    file: str
    page: int
    text: str
    url: str


class HitOut(Schema):
    """A record that was found."""

    id: str
    type: str
    title: str
    url: str
    year: int | None
    score: float
    creators: list[Creator]
    topics: list[str]
    access: str
    highlights: dict[str, str]
    passages: list[PassageOut]


class FacetValueOut(Schema):
    """A value and how many of the records found have it."""

    value: str
    label: str
    count: int


class SearchOut(Schema):
    """The answer to a search."""

    query: dict[str, Any]
    total: int
    took_ms: float
    page: int
    page_size: int
    suggestion: str | None
    hits: list[HitOut]
    facets: dict[str, list[FacetValueOut]]


class NamedOut(Schema):
    """Something with a page of its own."""

    name: str
    url: str


class EvidenceOut(Schema):
    """Words of a work; `text` is HTML with <mark>. `page` is null where they describe it and stand on no page."""

    record: str
    title: str
    year: int | None
    page: int | None
    text: str
    url: str


class ExpertOut(Schema):
    """Somebody who knows. `records`: how many of the records that answer best name them, and `years` from and to."""

    id: str
    name: str
    url: str
    organisation: NamedOut | None
    score: float
    years: list[int]
    records: int
    contactable: bool
    evidence: list[EvidenceOut]


class ExpertsOut(Schema):
    """The answer to a question for experts, best first."""

    total: int
    took_ms: float
    experts: list[ExpertOut]


class SuggestionOut(Schema):
    """A completion of what was typed."""

    text: str
    kind: str
    url: str | None


class SuggestionsOut(Schema):
    """Completions, best first."""

    suggestions: list[SuggestionOut]


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None


class SearchParameters(Schema):
    """Documented here; read by `read_question`, as on the search page."""

    q: str = ""
    type: list[str] = []
    topic: list[str] = []
    year: list[str] = []
    language: list[str] = []
    organisation: list[str] = []
    person: list[str] = []
    event: list[str] = []
    collection: list[str] = []
    access: list[str] = []
    sort: str = "relevance"
    page: str = "1"
    page_size: str = "10"
    widen: str = "yes"
    versions: str = "newest"
    lang: str = ""


class ExpertParameters(SearchParameters):
    """As for records; experts have no other order."""

    who: str = "people"


def use_language(request: HttpRequest) -> None:
    """Answer in the language of `lang`, else in the one that the reader's browser asks for."""
    language = request.GET.get("lang", "")
    translation.activate(language if language in ("en", "nl") else translation.get_language_from_request(request))


@router.get("/search", response={200: SearchOut, 503: Problem}, summary="Find records and pages")
def search(request: HttpRequest, parameters: Query[SearchParameters]) -> SearchOut:
    """Records that match, with the pages that say so, and facets that leave out their own filter."""
    use_language(request)
    return results_out(find_records(read_question(request.GET), user=request.user))


@router.get("/experts", response={200: ExpertsOut, 503: Problem}, summary="Find people who know")
def experts(request: HttpRequest, parameters: Query[ExpertParameters]) -> ExpertsOut:
    """People, organisations or events (`who`), ranked by the records that answer, with words of the best of those."""
    use_language(request)
    return experts_out(find_experts(read_expert_question(request.GET), user=request.user))


@router.get("/suggest", response={200: SuggestionsOut, 503: Problem}, summary="Complete what is being typed")
def suggestions(request: HttpRequest, q: str = "", lang: str = "") -> SuggestionsOut:
    """Topics, people, titles and words that begin so."""
    use_language(request)
    found = suggest(q[:200].replace("\x00", " "), user=request.user)
    return SuggestionsOut(suggestions=[completion_out(completion) for completion in found])


def completion_out(completion: Completion) -> SuggestionOut:
    """One completion."""
    return SuggestionOut(text=completion.text, kind=completion.kind, url=completion.url)


def results_out(results: Results) -> SearchOut:
    """The answer in the shape that the contract gives it."""
    question = results.question
    return SearchOut(
        query=query_out(results),
        total=results.total,
        took_ms=round(results.took_ms, 2),
        page=question.page,
        page_size=question.page_size,
        suggestion=str(results.spelling) if results.spelling else None,
        hits=[hit_out(hit) for hit in results.hits],
        facets={
            name: [FacetValueOut(value=count.value, label=labels[count.value], count=count.count) for count in counts]
            for name, counts in results.facet_counts.items()
            for labels in [label_values(name, [count.value for count in counts])]
        },
    )


def query_out(results: Results) -> dict[str, Any]:
    """What was understood of the question."""
    question = results.question
    return {
        "q": question.q,
        "filters": question.filters,
        "sort": question.sort.value,
        "widen": "yes" if question.is_widened else "no",
        "versions": "all" if question.has_all_versions else "newest",
        "older_versions": results.older_versions,
        "also_searched": [label.text for label in results.other_words] if question.is_widened else [],
        "notes": list(results.notes),
    }


def hit_out(hit: ResultHit) -> HitOut:
    """One record found."""
    record = hit.record
    highlights = {"title": hit.title or conditional_escape(record.title), "abstract": hit.abstract}
    for mention in hit.mentions:
        highlights[mention.field] = "; ".join(filter(None, [highlights.get(mention.field), mention.text]))
    return HitOut(
        id=record.pid,
        type=record.record_type,
        title=record.title,
        url=record.get_absolute_url(),
        year=record.year,
        score=round(hit.score, 4),
        creators=[
            Creator(name=contribution.name, id=contribution.person.slug if contribution.person else None)
            for contribution in record.creators
        ],
        topics=[str(topic) for topic in hit.topics],
        access=hit.access.value,
        highlights={name: text for name, text in highlights.items() if text},
        passages=[
            PassageOut(file=quotation.file, page=quotation.page, text=quotation.text, url=quotation.url)
            for quotation in hit.quotations
        ],
    )


def experts_out(found: Experts) -> ExpertsOut:
    """The answer in the shape that the contract gives it."""
    return ExpertsOut(
        total=found.total, took_ms=round(found.took_ms, 2), experts=[expert_out(expert) for expert in found.experts]
    )


def expert_out(expert: Expert) -> ExpertOut:
    """One expert."""
    organisation = expert.organisation
    return ExpertOut(
        id=expert.slug,
        name=expert.name,
        url=expert.thing.get_absolute_url(),
        organisation=NamedOut(name=str(organisation), url=organisation.get_absolute_url()) if organisation else None,
        score=round(expert.score, 4),
        years=[min(expert.years), max(expert.years)] if expert.years else [],
        records=expert.records,
        contactable=expert.is_contactable,
        evidence=[
            EvidenceOut(
                record=words.record.pid,
                title=words.record.title,
                year=words.record.year,
                page=words.page,
                text=words.text,
                url=words.url,
            )
            for words in expert.evidence
        ],
    )
