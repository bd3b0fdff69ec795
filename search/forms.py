"""Reading a reader's question from the parameters of a page, an API call or a feed: all three take the same ones."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from publications.models.bilingual import site_language
from search.documents import FILTER_FIELDS
from search.requests import FilterValue, Sort, YearRange

MAX_PAGE_SIZE = 100
MAX_QUERY_LENGTH = 500
MAX_VALUES = 50
"""Of one filter; more than anybody picks, few enough to answer quickly."""

NEWEST_VERSIONS: dict[str, tuple[FilterValue, ...]] = {"version": ("newest",)}
"""The filter of every question that does not ask for older versions of works too."""

YEARS = re.compile(r"(\d{4})(?:[-–](\d{4}))?")
KEY = re.compile(r"[\w.~-]{1,120}")


@dataclass(frozen=True)
class Question:
    """What a reader asks: `filters` as they came, checked for form but not for existence."""

    q: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 10
    is_widened: bool = True
    """Whether other words for the topics of the question are looked for as well."""
    has_all_versions: bool = False
    """Whether older versions of works are found beside the newest."""
    notes: tuple[str, ...] = ()
    """Sentences on what was malformed and left out."""

    def engine_filters(self) -> dict[str, tuple[FilterValue, ...]]:
        """The filters as an engine takes them."""
        filters: dict[str, tuple[FilterValue, ...]] = {
            name: tuple(parse_years(value) if name == "year" else value for value in values)
            for name, values in self.filters.items()
        }
        return filters if self.has_all_versions else filters | NEWEST_VERSIONS

    def parameters(self) -> QueryDict:
        """The parameters of this question; what says nothing is left out."""
        parameters = QueryDict(mutable=True)
        if self.q:
            parameters["q"] = self.q
        for name, values in self.filters.items():
            parameters.setlist(name, list(values))
        if self.sort != Sort.RELEVANCE:
            parameters["sort"] = self.sort.value
        if self.page_size != settings.SEARCH_PAGE_SIZE:
            parameters["page_size"] = str(self.page_size)
        if not self.is_widened:
            parameters["widen"] = "no"
        if self.has_all_versions:
            parameters["versions"] = "all"
        if self.page > 1:
            parameters["page"] = str(self.page)
        return parameters

    def query_string(self, **changes: Any) -> str:
        """The parameters of this question with some changed, "?q=…" or "" for none; page 1 unless it is named."""
        encoded = replace(self, **({"page": 1} | changes)).parameters().urlencode()
        return f"?{encoded}" if encoded else ""

    @property
    def words_only(self) -> str:
        """The parameters that a page needs to mark the words: "?q=…", "" for none."""
        return Question(q=self.q, is_widened=self.is_widened, page_size=settings.SEARCH_PAGE_SIZE).query_string()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that a form keeps beside other words: filters, order and what was switched off."""
        parameters = replace(self, q="", page=1).parameters()
        return [(name, value) for name, values in parameters.lists() for value in values]

    @property
    def own_query(self) -> str:
        """The parameters of this very question, without what says nothing."""
        return self.query_string(page=self.page)

    @property
    def as_experts(self) -> str:
        """The parameters of the same question to the expert finder; "" where nothing is asked."""
        return self.query_string(sort=Sort.RELEVANCE, page_size=settings.SEARCH_PAGE_SIZE, has_all_versions=False)

    @property
    def feed_query(self) -> str:
        """The parameters of its feed, in the reader's language: which records, as their order is always the same."""
        parameters = replace(self, sort=Sort.RELEVANCE, page=1, page_size=settings.SEARCH_PAGE_SIZE).parameters()
        parameters["lang"] = site_language()
        return f"?{parameters.urlencode()}"

    def toggle(self, name: str, value: str) -> str:
        """The parameters with a filter's value taken in, or out where it is in."""
        values = self.filters.get(name, ())
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        filters = {key: kept for key, kept in (self.filters | {name: changed}).items() if kept}
        return self.query_string(filters=filters)


def parse_years(value: str) -> FilterValue:
    """A year or a range of years; raises ValueError for anything else."""
    match = YEARS.fullmatch(value.strip())
    if not match:
        raise ValueError(value)
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise ValueError(value)
    return first if match[2] is None else YearRange(first, last)


def read_question(parameters: QueryDict) -> Question:
    """The question in these parameters. What is malformed is left out, and a note says so."""
    notes: list[str] = []
    q = " ".join(parameters.get("q", "").replace("\x00", " ").split())
    if len(q) > MAX_QUERY_LENGTH:
        q = q[:MAX_QUERY_LENGTH].rsplit(" ", 1)[0]
        notes.append(_("The question was cut after %(limit)d characters.") % {"limit": MAX_QUERY_LENGTH})
    sort = parameters.get("sort", Sort.RELEVANCE.value)
    if sort not in set(Sort):
        notes.append(_("“%(value)s” is not an order; the best matches come first.") % {"value": sort[:50]})
        sort = Sort.RELEVANCE.value
    return Question(
        q=q,
        filters=_read_filters(parameters, notes),
        sort=Sort(sort),
        page=_read_number(parameters, "page", default=1, notes=notes),
        page_size=min(
            MAX_PAGE_SIZE, _read_number(parameters, "page_size", default=settings.SEARCH_PAGE_SIZE, notes=notes)
        ),
        is_widened=_read_switch(parameters, "widen", notes=notes),
        has_all_versions=_read_versions(parameters, notes=notes),
        notes=tuple(notes),
    )


def _read_filters(parameters: QueryDict, notes: list[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for name in sorted((FILTER_FIELDS - set(NEWEST_VERSIONS)) & set(parameters)):
        values = [value.strip() for value in parameters.getlist(name) if value.strip()]
        good = [value for value in values if _is_well_formed(name, value)]
        if bad := [value for value in values if value not in good]:
            notes.append(
                _("The filter %(name)s does not take “%(value)s”; it was left out.")
                % {"name": name, "value": bad[0][:50]}
            )
        if good:
            filters[name] = tuple(dict.fromkeys(good))[:MAX_VALUES]
    return filters


def _is_well_formed(name: str, value: str) -> bool:
    if name != "year":
        return bool(KEY.fullmatch(value))
    try:
        parse_years(value)
    except ValueError:
        return False
    return True


def _read_number(parameters: QueryDict, name: str, *, default: int, notes: list[str]) -> int:
    value = parameters.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) < 1:
        notes.append(_("“%(value)s” is not a number for %(name)s.") % {"value": value[:50], "name": name})
        return default
    return int(value)


def _read_switch(parameters: QueryDict, name: str, *, notes: list[str]) -> bool:
    """Yes unless it says no."""
    value = parameters.get(name, "").strip() or "yes"
    if value not in ("yes", "no"):
        notes.append(_("%(name)s is yes or no, not “%(value)s”.") % {"value": value[:50], "name": name})
    return value != "no"


def _read_versions(parameters: QueryDict, *, notes: list[str]) -> bool:
    """Whether older versions are asked for."""
    value = parameters.get("versions", "").strip() or "newest"
    if value not in ("newest", "all"):
        notes.append(_("versions is newest or all, not “%(value)s”.") % {"value": value[:50]})
    return value == "all"
