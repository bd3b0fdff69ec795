"""What is quoted for somebody: words of the best page of each of their best works, or of what describes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.text import Truncator

from publications.access import User
from publications.models import Record
from search.analysis.tokens import fold
from search.experts.asking import quotations
from search.experts.candidates import Ballots
from search.experts.questions import ExpertQuestion
from search.hits import ResultHit, view_hits
from search.indexing import get_search_engine
from search.requests import Reader
from search.understanding import Understood

MOST_EVIDENCE = 3
LONGEST_BEGINNING = 200
"""Of an abstract without any word of the question, which its record answers by a name or a topic."""


@dataclass(frozen=True)
class Evidence:
    """Words of a work: `text` is HTML with <mark>, `url` leads to the page they stand on, or to the record."""

    record: Record
    text: str
    url: str
    language: str
    page: int | None = None
    kind: str = "page"
    part: str = "page"
    """Which part of the record says so: page, abstract, title or name."""
    name_of: str = ""
    """What sort of name it is, in words: a topic, an event …"""

    @property
    def is_name(self) -> bool:
        """Whether nobody wrote the words: they name a topic or the like."""
        return self.part == "name"

    @property
    def is_title(self) -> bool:
        """Whether the words are the title itself."""
        return self.part == "title"


def pick_works(records: Iterable[str], ballots: Ballots, *, most: int = MOST_EVIDENCE) -> tuple[str, ...]:
    """The first records of different works: slides or a second version under the same title are the same work."""
    works: dict[str, str] = {}
    for pid in records:
        works.setdefault(fold(ballots[pid].title), pid)
        if len(works) == most:
            break
    return tuple(works.values())


def quote(
    records: Iterable[str],
    question: ExpertQuestion,
    understood: Understood,
    *,
    reader: Reader,
    user: User,
) -> tuple[Mapping[str, Evidence], float]:
    """The evidence in each of these records, by PID, and how many milliseconds the engine took."""
    wanted = list(dict.fromkeys(records))
    if not wanted:
        return {}, 0.0
    response = get_search_engine().search(quotations(understood.query, wanted, reader=reader))
    hits = view_hits(response.hits, question.words_only, query=understood.typed, user=user, today=reader.today)
    return {hit.record.pid: best_words(hit) for hit in hits}, response.took_ms


def of_one(pids: Iterable[str], quoted: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """What is quoted of these records: what somebody wrote first, then what only names it."""
    return tuple(sorted((quoted[pid] for pid in pids if pid in quoted), key=lambda words: words.is_name))


def best_words(hit: ResultHit) -> Evidence:
    """The words of a hit that say most: of a page, else of the abstract, the title or a name."""
    record = hit.record
    if hit.quotations:
        best = hit.quotations[0]
        return Evidence(record, best.text, best.url, best.language, best.page, best.kind)
    url = record.get_absolute_url()
    if hit.abstract:
        return Evidence(record, hit.abstract, url, record.language, part="abstract")
    if hit.title:
        return Evidence(record, hit.title, url, record.language, part="title")
    if hit.mentions:
        return Evidence(record, hit.mentions[0].text, url, "", part="name", name_of=hit.mentions[0].label)
    if not record.abstract:
        return Evidence(record, escape(record.title), url, record.language, part="title")
    beginning = Truncator(record.abstract).chars(LONGEST_BEGINNING)
    return Evidence(record, escape(beginning), url, record.language, part="abstract")
