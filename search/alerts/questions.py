"""The question of a saved search: from its page to a row and back, and in words."""

from dataclasses import replace

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from search.experts.questions import ExpertQuestion, Who, read_expert_question
from search.facets import view_chosen
from search.forms import Question, read_question
from search.models import Kind, SavedSearch
from search.requests import Sort

MOST_WORDS = 120
"""Characters of a question that stand in a heading."""
PAGES = {Kind.RECORDS: "search:search", Kind.EXPERTS: "search:experts"}


def read_kept(kind: str, parameters: QueryDict) -> Question:
    """The question in these parameters, as the page of its kind reads it."""
    return read_expert_question(parameters) if kind == Kind.EXPERTS else read_question(parameters)


def question_of(search: SavedSearch) -> Question:
    """What a saved search asks."""
    return read_kept(search.kind, QueryDict(search.query))


def parameters_of(question: Question) -> str:
    """The parameters that make the answer what it is: no order, page or shortlist."""
    asked = replace(question, sort=Sort.RELEVANCE, page=1, page_size=settings.SEARCH_PAGE_SIZE)
    if isinstance(asked, ExpertQuestion):
        asked = replace(asked, shortlist=())
    return asked.parameters().urlencode()


def url_of(search: SavedSearch, *, newest_first: bool = False) -> str:
    """The page of a saved search, in the language that is active."""
    question = question_of(search)
    if newest_first and search.kind == Kind.RECORDS:
        question = replace(question, sort=Sort.NEWEST)
    return reverse(PAGES[Kind(search.kind)]) + question.query_string()


def title_of(search: SavedSearch) -> str:
    """What its reader calls it, or the question in words."""
    return search.name or in_words(question_of(search))


def in_words(question: Question) -> str:
    """ "hyperthermia · MRI · 2019–2023", "Experts on “hyperthermia”", in the language that is active."""
    words = " · ".join(part for part in (question.q, *(chosen.label for chosen in view_chosen(question))) if part)
    if len(words) > MOST_WORDS:
        words = words[:MOST_WORDS].rstrip() + "…"
    if not isinstance(question, ExpertQuestion):
        return words or _("All records")
    if question.who == Who.ORGANISATIONS:
        return _("Organisations that know about %(words)s") % {"words": words}
    if question.who == Who.EVENTS:
        return _("Events about %(words)s") % {"words": words}
    return _("Experts on “%(words)s”") % {"words": words}
