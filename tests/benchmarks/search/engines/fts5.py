"""SQLite's full-text index."""

import sqlite3
from collections.abc import Iterable

from tests.benchmarks.search.data import Item
from tests.benchmarks.search.engines.base import (
    FACETS,
    FRAGMENT_LENGTH,
    MARKS,
    NOTHING,
    PAGE_SIZE,
    Counts,
    Peer,
    ResultPage,
    entries,
)
from tests.benchmarks.search.workload import KINDS, Question, free_words

FRAGMENT_WORDS = FRAGMENT_LENGTH // 7

# Facets lie in a narrow table of their own: counting them does not read the texts.
TABLES = """
CREATE VIRTUAL TABLE texts USING fts5(text, id UNINDEXED, tokenize = 'porter unicode61');
CREATE TABLE facets (number INTEGER PRIMARY KEY, year INTEGER, type TEXT, topic TEXT);
"""
FIRST_TEN = f"""
SELECT id, snippet(texts, 0, '{MARKS[0]}', '{MARKS[1]}', '…', {FRAGMENT_WORDS}) FROM texts
WHERE texts MATCH ? ORDER BY rank LIMIT {PAGE_SIZE}
"""
# One pass over what matches for the total and all facets; a query for each took longer for rare and AND queries.
COUNTS = """
WITH found AS MATERIALIZED (
    SELECT year, type, topic FROM texts JOIN facets ON facets.number = texts.rowid WHERE texts MATCH ?
)
SELECT 'year', year, count(*) FROM found GROUP BY year
UNION ALL SELECT 'type', type, count(*) FROM found GROUP BY type
UNION ALL SELECT 'topic', topic, count(*) FROM found GROUP BY topic
"""


class Fts5(Peer):
    """One FTS5 table with Porter stems and bm25. It knows no fuzzy words."""

    name = "fts5"
    setting = "SQLite's table of this name: porter, bm25, OR of quoted words; WAL, synchronous NORMAL"
    kinds = tuple(kind for kind in KINDS if kind != "fuzzy")

    def build(self, items: Iterable[Item]) -> None:
        self.path.mkdir(parents=True)
        self.open()
        self._database.executescript(TABLES)
        self._insert(items)
        with self._database:
            self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.close()

    def open(self) -> None:
        self._database = sqlite3.connect(self.path / "index.sqlite3")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        self._database.close()

    def rank(self, text: str, limit: int) -> list[str]:
        match = self.translate(free_words(text))
        rows = self._database.execute(f"SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT {limit}", (match,))
        return [row[0] for row in rows] if match else []

    def page(self, question: Question) -> ResultPage:
        match = self.translate(question.query)
        if not match:
            return NOTHING
        hits = self._database.execute(FIRST_TEN, (match,)).fetchall()
        facets: Counts = {name: {} for name in FACETS}
        for name, value, count in self._database.execute(COUNTS, (match,)):
            facets[name][str(value)] = count
        return ResultPage(
            total=sum(facets["type"].values()),
            ids=tuple(hit[0] for hit in hits),
            facets=facets,
            snippets=tuple(hit[1] for hit in hits),
        )

    def add(self, item: Item) -> None:
        self._insert([item])

    def _insert(self, items: Iterable[Item]) -> None:
        with self._database:
            for entry in entries(items):
                added = self._database.execute("INSERT INTO texts (text, id) VALUES (?, ?)", (entry.text, entry.id))
                facets = (added.lastrowid, entry.year, entry.type, entry.topic)
                self._database.execute("INSERT INTO facets VALUES (?, ?, ?, ?)", facets)

    def word(self, text: str) -> str:
        return '"{}"'.format(text.replace('"', '""'))

    def phrase(self, text: str) -> str:
        return self.word(text)

    def prefix(self, text: str) -> str:
        return f"{self.word(text)}*"

    def all_of(self, parts: list[str]) -> str:
        return " AND ".join(parts)

    def any_of(self, parts: list[str]) -> str:
        return " OR ".join(parts)
