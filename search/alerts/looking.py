"""What is new in the answer to a question, for one reader: records that did not answer before, and those that opened.

A record answers for a reader once it is live, the index has it, and its words stand where that reader may read. So
publishing, a text read later, the end of an embargo and a wider access right all look alike here: it answers now, and
did not. A record that answered by its title all along, and can be opened only now, is told of as well, once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from publications.access import User, audiences_for, may_read_file
from publications.models import Record, RecordFile
from publications.vocabularies import AccessRight
from search.alerts.questions import question_of
from search.discovery import reader_of
from search.experts.asking import voters
from search.experts.questions import ExpertQuestion
from search.forms import Question
from search.indexing import get_search_engine, in_batches
from search.models import SavedSearch
from search.narrowing import narrow
from search.requests import Reader, SearchRequest
from search.understanding import Understood, understand
from search.widening import WEIGHT_ALONE, WEIGHT_BESIDE

Keys = frozenset[int]
"""Primary keys of records."""

BATCH_SIZE = 500
MOST_REMEMBERED = 1_000_000
"""Answers of so many records together are kept for other readers who ask the same: 70 to 105 bytes each."""


@dataclass(frozen=True)
class News:
    """What is new in an answer."""

    new: Keys = frozenset()
    """These did not answer before."""
    opened: Keys = frozenset()
    """These did, and the reader could not open them."""

    def __bool__(self) -> bool:
        return bool(self.new or self.opened)


@dataclass(frozen=True)
class Look:
    """What a saved search should know from now on, and what it did not know yet."""

    known: Keys
    closed: Keys
    news: News


@dataclass(frozen=True)
class Answered:
    """The live records that answer, and those of them that are worth telling of."""

    all: Keys
    best: Keys


class Looker:
    """Looks up saved searches on one day. Readers with the same rights who ask the same share an answer."""

    def __init__(self, *, today: date) -> None:
        self.today = today
        self._keys: dict[str, int] | None = None
        self._answers: dict[tuple[str, str, frozenset[str]], Answered] = {}

    def look(self, search: SavedSearch, user: User) -> Look:
        """Compare the answer with what the search knows. The first time, all of it is taken as known.

        Raises IndexUnavailable where there is no index to ask.
        """
        answered = self._ask(search, user)
        new = answered.all - search.known
        opened = self._openable(answered.all & search.closed, user)
        known = search.known | new
        closed = (search.closed - opened) | (new - self._openable(new, user))
        if search.compared_at is None:
            return Look(known, closed, News())
        return Look(known, closed, News(new & answered.best, opened & answered.best))

    def _ask(self, search: SavedSearch, user: User) -> Answered:
        asked = (search.kind, search.query, audiences_for(user))
        if asked not in self._answers:
            if sum(len(answer.all) for answer in self._answers.values()) >= MOST_REMEMBERED:
                self._answers.clear()
            self._answers[asked] = self._answer(question_of(search), reader_of(user, today=self.today))
        return self._answers[asked]

    def _answer(self, question: Question, reader: Reader) -> Answered:
        engine, query = get_search_engine(), understand_question(question).query
        narrowed = narrow(question, reader=reader)
        request = SearchRequest(query, reader=reader, **narrowed)
        found = self._find_keys(engine.find_all(request))
        if not isinstance(question, ExpertQuestion):
            return Answered(found, found)
        ranking = engine.rank(voters(query, reader=reader, **narrowed))
        return Answered(found, found & self._find_keys([record.id for record in ranking.records]))

    def _find_keys(self, pids: Collection[str]) -> Keys:
        """The keys of the live records among these; all are loaded at once where many are asked for."""
        live = Record.objects.live()
        if self._keys is None and len(pids) <= BATCH_SIZE:
            return frozenset(live.filter(pid__in=list(pids)).values_list("pk", flat=True))
        if self._keys is None:
            self._keys = dict(live.order_by().values_list("pid", "pk"))
        return frozenset(self._keys[pid] for pid in pids if pid in self._keys)

    def _openable(self, records: Keys, user: User) -> Keys:
        return find_openable(records, user=user, today=self.today)


def understand_question(question: Question) -> Understood:
    """What is asked, as the page of the question asks it."""
    alone = WEIGHT_BESIDE if isinstance(question, ExpertQuestion) else WEIGHT_ALONE
    return understand(question.q, is_widened=question.is_widened, alone=alone)


def find_openable(records: Keys, *, user: User, today: date) -> Keys:
    """Those of these records of which this reader may open a file."""
    openable: set[int] = set()
    for batch in in_batches(sorted(records), BATCH_SIZE):
        files = RecordFile.objects.present().filter(record__in=batch, record__live=True)
        is_open = Q(access_right=AccessRight.OPEN) | Q(access_right="", record__access_right=AccessRight.OPEN)
        openable.update(files.filter(is_open, open_findings=0).values_list("record_id", flat=True))
        others = files.exclude(record__in=openable.intersection(batch)).select_related("record")
        for file in others.prefetch_related("record__restricted_groups", "record__restricted_users"):
            if may_read_file(user, file, today=today):
                openable.add(file.record_id)
    return frozenset(openable)
