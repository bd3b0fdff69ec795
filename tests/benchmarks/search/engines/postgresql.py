"""PostgreSQL's full-text search, where DATABASE_URL names one."""

import os
import zlib
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

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

HEADLINE = f"StartSel={MARKS[0]}, StopSel={MARKS[1]}, MaxWords={FRAGMENT_LENGTH // 7}, MinWords={FRAGMENT_LENGTH // 14}"
FIRST_TEN = f"""
SELECT id, ts_headline('english', text, query, '{HEADLINE}') FROM (
    SELECT id, text, query FROM texts, to_tsquery('english', %s) AS query
    WHERE words @@ query ORDER BY ts_rank(words, query, 1) DESC LIMIT {PAGE_SIZE}
) AS best
"""
COUNTS = """
WITH found AS MATERIALIZED (
    SELECT year, type, topic FROM texts WHERE words @@ to_tsquery('english', %s)
)
SELECT 'year', year::text, count(*) FROM found GROUP BY year
UNION ALL SELECT 'type', type, count(*) FROM found GROUP BY type
UNION ALL SELECT 'topic', topic, count(*) FROM found GROUP BY topic
"""
RANKED = """
SELECT id FROM texts, to_tsquery('english', %s) AS query
WHERE words @@ query ORDER BY ts_rank(words, query, 1) DESC LIMIT %s
"""


class Postgres(Peer):
    """A table with a tsvector and a GIN index, in a schema of its own that goes when it was measured."""

    name = "postgres"
    setting = "PostgreSQL: english, ts_rank by length, GIN, OR of words, ts_headline"
    kinds = tuple(kind for kind in KINDS if kind != "fuzzy")
    is_slow = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._schema = sql.Identifier(f"bench_search_{zlib.crc32(str(path).encode()):08x}")

    @classmethod
    def why_not(cls) -> str:
        url = os.environ.get("DATABASE_URL", "")
        return "" if url.startswith(("postgres://", "postgresql://")) else "DATABASE_URL names no PostgreSQL"

    @classmethod
    def versions(cls) -> dict[str, str]:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            return {"postgresql": connection.execute("SHOW server_version").fetchone()[0].split()[0]}

    def build(self, items: Iterable[Item]) -> None:
        self._connect()
        self._connection.execute(sql.SQL("CREATE SCHEMA {}").format(self._schema))
        self._connection.execute(
            "CREATE TABLE texts (id text, text text, year int, type text, topic text, words tsvector"
            " GENERATED ALWAYS AS (to_tsvector('english', text)) STORED)"
        )
        with self._connection.cursor().copy("COPY texts (id, text, year, type, topic) FROM STDIN") as copy:
            for entry in entries(items):
                copy.write_row((entry.id, _storable(entry.text), entry.year, entry.type, entry.topic))
        self._connection.execute("CREATE INDEX ON texts USING gin (words)")
        self._connection.execute("VACUUM ANALYZE texts")

    def open(self) -> None:
        self._connect()

    def _connect(self) -> None:
        self._connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self._connection.execute(sql.SQL("SET search_path TO {}").format(self._schema))
        self._connection.execute("SET client_min_messages TO error")
        # Compiling a query takes longer than these take to run; the hub does without, too.
        self._connection.execute("SET jit TO off")

    def close(self) -> None:
        self._connection.close()

    def rank(self, text: str, limit: int) -> list[str]:
        return [row[0] for row in self._connection.execute(RANKED, (self.translate(free_words(text)), limit))]

    def page(self, question: Question) -> ResultPage:
        query = self.translate(question.query)
        if not query:
            return NOTHING
        hits = self._connection.execute(FIRST_TEN, (query,)).fetchall()
        facets: Counts = {name: {} for name in FACETS}
        for name, value, count in self._connection.execute(COUNTS, (query,)):
            facets[name][value] = count
        return ResultPage(
            total=sum(facets["type"].values()),
            ids=tuple(hit[0] for hit in hits),
            facets=facets,
            snippets=tuple(hit[1] for hit in hits),
        )

    def add(self, item: Item) -> None:
        with self._connection.transaction():
            for entry in entries([item]):
                values = (entry.id, _storable(entry.text), entry.year, entry.type, entry.topic)
                self._connection.execute(
                    "INSERT INTO texts (id, text, year, type, topic) VALUES (%s, %s, %s, %s, %s)", values
                )

    def size_bytes(self) -> int:
        self._connect()
        size = self._connection.execute("SELECT pg_total_relation_size('texts')").fetchone()[0]
        self.close()
        return size

    def server_process(self) -> int | None:
        return self._connection.info.backend_pid

    def remove(self) -> None:
        self._connect()
        self._connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(self._schema))
        self.close()

    def word(self, text: str) -> str:
        return "'{}'".format(text.replace("\\", "\\\\").replace("'", "''"))

    def phrase(self, text: str) -> str:
        return "(" + " <-> ".join(map(self.word, text.split())) + ")"

    def prefix(self, text: str) -> str:
        return f"{self.word(text)}:*"

    def all_of(self, parts: list[str]) -> str:
        return " & ".join(parts)

    def any_of(self, parts: list[str]) -> str:
        return " | ".join(parts)


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL."""
    return text.replace("\0", "")
