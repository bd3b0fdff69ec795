"""The rules of collections: what they say, and which records they find for whom."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from publications.models.addresses import find_by_address
from publications.rules import LONGEST, Rule
from search.alerts.questions import in_words, parameters_of
from search.errors import IndexUnavailable
from search.facets import NAMED
from search.forms import Question, read_question
from search.indexing import get_search_engine
from search.requests import Reader, SearchRequest
from search.thesaurus import get_thesaurus
from search.understanding import understand
from search.widening import Thesaurus

ADDRESS = re.compile(r"(https?://|/|\?).*")
SEARCH_PAGE = re.compile("(/({languages}))?/search/?".format(languages="|".join(dict(settings.LANGUAGES))))


def read_rule(text: str) -> Rule:
    """What a rule says: words as in the search box, or the address of the page that shows what is meant."""
    question = question_of(text)
    if question is None:
        problem = _("This is no address of this hub’s search. Search, narrow what you find, and copy its address.")
        return Rule(question=text.strip(), problems=(problem,))
    parameters = parameters_of(question)
    is_words_only = bool(question.q) and parameters == parameters_of(Question(q=question.q))
    return Rule(
        question=f"?{parameters}",
        words=question.q if is_words_only else in_words(question),
        url=f"{reverse('search:search')}?{parameters}",
        is_words_only=is_words_only,
        problems=tuple(_problems(question, parameters)),
    )


def question_of(text: str) -> Question | None:
    """The question in a rule; None where it is an address of something else."""
    typed = " ".join(text.replace("\x00", " ").split())
    if not ADDRESS.fullmatch(typed):
        parameters = QueryDict(mutable=True)
        parameters["q"] = typed
        return read_question(parameters)
    try:
        address = urlsplit(typed)
    except ValueError:
        return None
    if address.path and not SEARCH_PAGE.fullmatch(address.path):
        return None
    return read_question(QueryDict(address.query))


def _problems(question: Question, parameters: str) -> list[str]:
    problems = [*question.notes]
    if note := understand(question.q, is_widened=question.is_widened).note:
        problems.append(_(note))
    if not question.q and not question.filters:
        problems.append(_("The rule does not say what to look for."))
    if "collection" in question.filters:
        problems.append(_("A rule cannot ask for what is in a collection: take that filter off."))
    if len(parameters) >= LONGEST:
        problems.append(_("The rule is too long: take off some of its filters."))
    return problems


def find_by_rules(rules: Iterable[str], *, reader: Reader) -> dict[str, frozenset[str]]:
    """For each rule the PIDs of all records that it finds for this reader; nothing where there is no index."""
    questions = {rule: question_of(rule) or Question() for rule in set(rules)}
    followed = dict(zip(questions, follow_addresses(list(questions.values())), strict=True))
    thesaurus = get_thesaurus()
    try:
        return {rule: _find(question, reader, thesaurus) for rule, question in followed.items()}
    except IndexUnavailable:
        return {}


def follow_addresses(questions: Sequence[Question]) -> list[Question]:
    """The questions with the topics, people and so on that their filters name where those are now.

    Unlike a reader, a rule stays while things get other addresses and become part of others.
    """
    asked = {name: {slug for q in questions for slug in q.filters.get(name, ())} for name in NAMED}
    moved = {name: _moved(name, slugs) for name, slugs in asked.items() if slugs}
    return [_with_addresses(question, moved) for question in questions]


def _with_addresses(question: Question, moved: Mapping[str, Mapping[str, str]]) -> Question:
    filters = {
        name: tuple(dict.fromkeys(moved[name].get(value, value) for value in values)) if name in moved else values
        for name, values in question.filters.items()
    }
    return replace(question, filters=filters)


def _moved(name: str, slugs: Collection[str]) -> dict[str, str]:
    """Those of these addresses that lead elsewhere."""
    things: Any = NAMED[name]._default_manager.all()
    if hasattr(things, "current"):
        things = things.current()
    moved = set(slugs).difference(things.filter(slug__in=slugs).values_list("slug", flat=True))
    return {slug: thing.slug for slug in moved if (thing := find_by_address(NAMED[name], slug))}


def _find(question: Question, reader: Reader, thesaurus: Thesaurus) -> frozenset[str]:
    """A rule that asks nothing finds nothing, rather than everything."""
    if not question.q and not question.filters:
        return frozenset()
    query = understand(question.q, is_widened=question.is_widened, thesaurus=thesaurus).query
    return get_search_engine().find_all(SearchRequest(query, reader=reader, filters=question.engine_filters()))
