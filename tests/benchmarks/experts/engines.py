"""Who answers: our finder, and plain votes over what SQLite's full-text index finds."""

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from search.engines import get_engine
from search.experts.asking import quotations, voters
from search.experts.voting import Standing, Vote, author_share, count_votes
from search.queries import Query, parse_plain
from search.requests import Reader
from tests.benchmarks.experts.data import ExpertSet, Paper

DEPTH = 100
FTS5_VOTERS = 100
SHOWN, QUOTED = 10, 3


class OurFinder:
    """The finder of the hub, with the authors of the papers in the place of its database."""

    name = "whoosh"
    setting = "our engine and votes, as the hub asks them; each title as plain words"

    def __init__(self, papers: tuple[Paper, ...], folder: Path) -> None:
        self._engine = get_engine("whoosh", path=folder / "whoosh")
        with self._engine.rebuild(paper.document() for paper in papers):
            pass
        self._papers = {paper.id: paper for paper in papers}
        self._written = Counter(author for paper in papers for author in paper.authors)
        self._year = max((paper.year for paper in papers if paper.year), default=0)

    def rank(self, question: str) -> list[str]:
        """The best experts for a question."""
        standings = self._standings(parse_plain(question))
        return [standing.candidate for standing in standings[:DEPTH]]

    def page(self, question: str) -> int:
        """What a page of ten experts asks of the engine, quotations and all; returns how many words were quoted."""
        query = parse_plain(question)
        standings = self._standings(query)
        shown = [record for standing in standings[:SHOWN] for record in standing.records[:QUOTED]]
        return len(self._engine.search(quotations(query, shown, reader=Reader())).hits)

    def _standings(self, query: Query) -> tuple[Standing[str], ...]:
        ranking = self._engine.rank(voters(query, reader=Reader()))
        votes = [
            Vote(paper.id, record.score, paper.year, _shares(paper))
            for record in ranking.records
            for paper in [self._papers[record.id]]
        ]
        return count_votes(votes, year=self._year, record_counts=self._written)


def _shares(paper: Paper) -> dict[str, float]:
    return {author: author_share(place, authors=len(paper.authors)) for place, author in enumerate(paper.authors)}


class PlainVotes:
    """SQLite FTS5, Porter stems and BM25 over title and abstract; the first hundred papers pass on their score."""

    name = "votes-fts5"
    setting = "SQLite FTS5 (porter, bm25, OR of quoted words); the best 100 papers pass their score on to each author"

    def __init__(self, papers: tuple[Paper, ...], folder: Path) -> None:
        self._papers = papers
        self._database = sqlite3.connect(folder / f"{self.name}.sqlite3")
        self._database.execute("CREATE VIRTUAL TABLE papers USING fts5(title, abstract, tokenize = 'porter unicode61')")
        rows = ((number, paper.title, paper.abstract) for number, paper in enumerate(papers))
        with self._database:
            self._database.executemany("INSERT INTO papers (rowid, title, abstract) VALUES (?, ?, ?)", rows)

    def rank(self, question: str) -> list[str]:
        """The best experts for a question."""
        match = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        votes: defaultdict[str, float] = defaultdict(float)
        sql = f"SELECT rowid, rank FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT {FTS5_VOTERS}"
        for number, rank in self._database.execute(sql, (match,)) if match else ():
            for author in self._papers[number].authors:
                votes[author] += self.weigh(-rank)
        return sorted(votes, key=lambda author: -votes[author])[:DEPTH]

    def weigh(self, score: float) -> float:
        """What a paper with this score gives each of its authors."""
        return score


class ExponentialVotes(PlainVotes):
    """The same with the exponential of the score."""

    name = "votes-fts5-exp"
    setting = "the same, with exp(score / 6) passed on"

    def weigh(self, score: float) -> float:
        return math.exp(score / 6)


Finder = OurFinder | PlainVotes
FINDERS: tuple[Callable[[tuple[Paper, ...], Path], Finder], ...] = (OurFinder, PlainVotes, ExponentialVotes)


def rank_all(finder: Finder, expert_set: ExpertSet) -> dict[str, list[str]]:
    """By question, the experts found, the best first."""
    return {key: finder.rank(question) for key, question in expert_set.questions.items()}
