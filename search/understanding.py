"""What a question asks: parsed, widened by the topics it names, and how its words may have been meant."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.indexing import get_search_engine
from search.queries import Everything, Or, Query, Respelling, Word, parse_leniently, respell, spelt_words, unframe
from search.requests import Reader
from search.thesaurus import get_thesaurus
from search.widening import WEIGHT_ALONE, Label, Thesaurus, widen


@dataclass(frozen=True)
class Understood:
    """A question as a query."""

    typed: Query
    """What was typed and nothing else; without the words that only ask, where other words may be added."""
    query: Query
    """What is searched: widened, where that is wanted."""
    note: str
    """A sentence that says why it was searched as plain words, "" where it was not; English, for gettext."""
    other_words: tuple[Label, ...]
    """What else the topics of the question are called, whether it is searched or not."""
    known: frozenset[str]
    """Typed words that are a topic's, or only ask."""
    left_out: tuple[str, ...] = ()
    """Typed words that only ask, and are not looked for."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the reader about how the question was read."""
        return (*([_(self.note)] if self.note else ()), *([self._left_out_note] if self.left_out else ()))

    @property
    def _left_out_note(self) -> str:
        note = _(
            "Left out, as they only introduce the question: %(words)s."
            " A word in quotation marks is always searched for."
        )
        return note % {"words": ", ".join(self.left_out)}


def understand(
    q: str, *, is_widened: bool, alone: float = WEIGHT_ALONE, thesaurus: Thesaurus | None = None
) -> Understood:
    """The query in what was typed. is_widened: whether it may be read as a question: what only asks is left out, other
    labels of topics are added. alone: what other labels weigh where a topic is all that was asked (`widen`).

    thesaurus: for whoever asks many questions at once, which saves looking whether it changed.
    """
    typed, note = parse_leniently(q)
    if isinstance(typed, Everything):
        return Understood(typed, typed, "", (), frozenset())
    typed, left_out = unframe(typed) if is_widened else (typed, ())
    widened = widen(typed, thesaurus or get_thesaurus(), alone=alone)
    query = widened.query if is_widened else typed
    return Understood(typed, query, note or "", widened.added, widened.known | set(left_out), left_out)


def find_spelling(q: str, understood: Understood, *, reader: Reader) -> Respelling | None:
    """The question as it may have been meant, where words of it stand in nothing that this reader may find.

    What a topic is called is no misspelling, though no text may have it.
    """
    words = tuple(Word(word) for word in spelt_words(q) if word not in understood.known)
    return respell(q, get_search_engine().correct(Or(words), reader=reader)) if words else None
