"""What is asked of the expert finder: a search's question, who is looked for, and who is on the shortlist."""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.documents import FACET_FIELDS
from search.forms import KEY, NEWEST_VERSIONS, Question, read_question
from search.requests import Sort

MOST_ON_SHORTLIST = 10


class Who(TextChoices):
    """Whom a question asks for."""

    PEOPLE = "people", gettext_lazy("People")
    ORGANISATIONS = "organisations", gettext_lazy("Organisations")
    EVENTS = "events", gettext_lazy("Events")


FIELDS = {Who.PEOPLE: "person", Who.ORGANISATIONS: "organisation", Who.EVENTS: "event"}
"""The field of a record that names them."""


@dataclass(frozen=True)
class ExpertQuestion(Question):
    """A question for experts. shortlist: the slugs of people kept for comparing, in the address and nowhere else."""

    who: Who = Who.PEOPLE
    shortlist: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to answer: words or a filter."""
        return bool(self.q or self.filters)

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets beside the answer: all that a reader chooses from, but those who are looked for."""
        left_out = {FIELDS[self.who], *NEWEST_VERSIONS}
        return tuple(name for name in FACET_FIELDS if name not in left_out)

    def parameters(self) -> QueryDict:
        parameters = super().parameters()
        if self.who != Who.PEOPLE:
            parameters["who"] = self.who.value
        if self.shortlist:
            parameters.setlist("shortlist", list(self.shortlist))
        return parameters

    @property
    def as_search(self) -> str:
        """The parameters of the same question to the search of records."""
        known = {field.name: getattr(self, field.name) for field in fields(Question)}
        return Question(**known).query_string(page_size=settings.SEARCH_PAGE_SIZE)

    @property
    def as_shortlist(self) -> str:
        """The parameters of the page that compares the people on the shortlist."""
        return self.query_string(filters={}, who=Who.PEOPLE, page_size=settings.SEARCH_PAGE_SIZE)

    def with_shortlisted(self, slug: str) -> str:
        """The parameters with somebody put on the shortlist, or taken off who is on it."""
        others = tuple(other for other in self.shortlist if other != slug)
        shortlist = others if slug in self.shortlist else (*others, slug)[-MOST_ON_SHORTLIST:]
        return self.query_string(shortlist=shortlist, page=self.page)


def read_expert_question(parameters: QueryDict) -> ExpertQuestion:
    """The question in these parameters, as `read_question` reads it. Experts are always in order of relevance."""
    question = read_question(parameters)
    notes = list(question.notes)
    who = parameters.get("who", "").strip() or Who.PEOPLE.value
    if who not in Who.values:
        notes.append(_("“%(value)s” is nobody to look for: people, organisations or events are.") % {"value": who[:50]})
        who = Who.PEOPLE.value
    known: dict[str, Any] = {field.name: getattr(question, field.name) for field in fields(Question)}
    known |= {"sort": Sort.RELEVANCE, "notes": tuple(notes)}
    return ExpertQuestion(**known, who=Who(who), shortlist=read_slugs(parameters, "shortlist"))


def read_slugs(parameters: QueryDict, name: str) -> tuple[str, ...]:
    """The well-formed values of a parameter, each once, as many as a shortlist takes."""
    values = (value.strip() for value in parameters.getlist(name))
    return tuple(dict.fromkeys(value for value in values if KEY.fullmatch(value)))[:MOST_ON_SHORTLIST]
