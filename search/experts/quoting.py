"""The words of given records that answer a question, for whoever asks somebody about them."""

from collections.abc import Sequence
from datetime import date

from django.http import QueryDict

from publications.access import User
from publications.contact.evidence import Quoted
from search.discovery import reader_of
from search.errors import IndexUnavailable
from search.experts.asking import quotations
from search.forms import read_question
from search.hits import view_hits
from search.indexing import get_search_engine
from search.understanding import understand
from search.widening import WEIGHT_BESIDE


def quote_pages(pids: Sequence[str], q: str, *, user: User, today: date) -> list[Quoted]:
    """The page of each record that answers best, as the expert finder quotes it; none where there is no index."""
    parameters = QueryDict(mutable=True)
    parameters["q"] = q
    question = read_question(parameters)
    understood = understand(question.q, is_widened=question.is_widened, alone=WEIGHT_BESIDE)
    asked = quotations(understood.query, pids, reader=reader_of(user, today=today))
    try:
        response = get_search_engine().search(asked)
    except IndexUnavailable:
        return []
    hits = view_hits(response.hits, question.words_only, query=understood.typed, user=user, today=today)
    return [
        Quoted(hit.record.pid, words.file, words.page, words.kind, words.text, words.language)
        for hit in hits
        for words in hit.quotations[:1]
    ]
