"""What is searched: judged test collections for quality, and items drawn from them and from abstracts for speed."""

import csv
import gzip
import json
import pickle
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

ABSTRACTS = "arxiv-abstracts.jsonl.gz"
PAGE_CHARACTERS = 2500
PAGES_PER_RECORD = 10
TYPES = ("publication", "presentation", "event_outcome")
TOPICS = 100
SEED = 2019

# The line of headings has none there.
_GRADE = re.compile(r"-?\d+(\.\d+)?")

WHERE_TO_GET_DATA = f"""\
A folder of collections holds one folder for each judged test collection, with three files as BEIR has them:
  corpus.jsonl   {{"_id": "1", "title": "…", "text": "…"}} on each line
  queries.jsonl  {{"_id": "1", "text": "…"}} on each line
  qrels.tsv      query-id, corpus-id and score, with tabs between them and a line of headings
and, for size, {ABSTRACTS}: {{"_id", "title", "text", "category", "month": "2025-03"}} on each line.
Cranfield, CISI, CACM, MED and others: http://ir.dcs.gla.ac.uk/resources/test_collections/
NFCorpus and others in BEIR's layout: https://github.com/beir-cellar/beir (their qrels/test.tsv is qrels.tsv here)
Abstracts of arXiv (CC0): https://www.kaggle.com/datasets/Cornell-University/arxiv"""


class DataError(Exception):
    """The data cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Item:
    """Something to index. `pages` are the texts of its pages; an abstract has none."""

    id: str
    title: str
    text: str
    year: int
    type: str
    topic: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """A judged test collection. qrels: by query, the documents that were judged, with their grade."""

    name: str
    items: tuple[Item, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_collections(folder: Path) -> list[Collection]:
    """Every collection in the folder, by name. Raises DataError where there is no such folder, or a file is broken."""
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}. Name one: make bench-search COLLECTIONS=DIR\n{WHERE_TO_GET_DATA}"
        )
    names = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
    found = [path for path in sorted(folder.iterdir()) if all((path / name).is_file() for name in names)]
    if not found and not (folder / ABSTRACTS).is_file():
        raise DataError(f"There is no collection in {folder}.\n{WHERE_TO_GET_DATA}")
    return [_read_collection(path) for path in found]


def read_abstracts(folder: Path) -> list[Item]:
    """The abstracts beside the collections; none where there is no such file."""
    path = folder / ABSTRACTS
    return [_item(row) for row in _read_lines(path)] if path.is_file() else []


def _read_collection(folder: Path) -> Collection:
    items = tuple(_item(row) for row in _read_lines(folder / "corpus.jsonl"))
    queries = {str(row["_id"]): row["text"] for row in _read_lines(folder / "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file, delimiter="\t"):
            if len(line) >= 3 and _GRADE.fullmatch(line[2]) and line[0] in queries:
                qrels.setdefault(line[0], {})[line[1]] = int(float(line[2]))
    if not qrels:
        raise DataError(f"{folder / 'qrels.tsv'} judges none of the queries in queries.jsonl.")
    return Collection(folder.name, items, queries, qrels)


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                row["_id"], row["text"]
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(f"{path}, line {number}: not a JSON object with _id and text ({error}).") from error
            yield row


def _item(row: dict[str, Any]) -> Item:
    """A row as an item. What facets count is made up where the row does not say it, the same each time."""
    item_id = str(row["_id"])
    number = zlib.crc32(item_id.encode())
    return Item(
        id=item_id,
        title=row.get("title") or "",
        text=row["text"],
        year=int(row["month"][:4]) if row.get("month") else 1960 + number % 65,
        type=TYPES[number % len(TYPES)],
        topic=row.get("category") or f"topic {number % TOPICS}",
    )


def mixed_items(collections: Iterable[Collection], abstracts: Iterable[Item]) -> list[Item]:
    """All of them in one fixed random order, so that the first thousand are like the whole. Ids tell them apart."""
    items = [
        Item(f"{collection.name}-{item.id}", *astuple(item)[1:])
        for collection in collections
        for item in collection.items
    ]
    items += [Item(f"arxiv-{item.id}", *astuple(item)[1:]) for item in abstracts]
    items = [item for item in items if item.text.strip() or item.title.strip()]
    if not items:
        raise DataError("There is not a single text in the collections.")
    random.Random(SEED).shuffle(items)
    return items


def repeated(items: list[Item]) -> Iterator[Item]:
    """The items, and then the same again and again, each time with new ids and in another order."""
    yield from items
    turn = 1
    while items:
        turn += 1
        shuffled = random.Random(SEED + turn).sample(items, len(items))
        yield from (Item(f"{item.id}~{turn}", *astuple(item)[1:]) for item in shuffled)


def records_with_pages(items: list[Item], count: int) -> Iterator[Item]:
    """Records of ten pages, `count` pages in all: texts joined until they have the length of a real page."""
    source = repeated(items)
    for first in range(0, count, PAGES_PER_RECORD):
        head: Item | None = None
        pages = []
        for _ in range(min(PAGES_PER_RECORD, count - first)):
            texts: list[str] = []
            while sum(map(len, texts)) < PAGE_CHARACTERS:
                item = next(source)
                head = head or item
                texts += [item.title, item.text]
            pages.append("\n".join(texts))
        assert head is not None
        yield Item(head.id, head.title, "", head.year, head.type, head.topic, tuple(pages))


def write_items(path: Path, items: Iterable[Item]) -> None:
    """Keep items in a file that is read again in almost no time, so that indexing is what is measured."""
    with path.open("wb") as file:
        for item in items:
            pickle.dump(astuple(item), file, protocol=pickle.HIGHEST_PROTOCOL)


def read_items(path: Path, count: int | None = None) -> Iterator[Item]:
    """The first `count` items of such a file, or all, one by one."""
    with path.open("rb") as file:
        yield from islice(_unpickled(file), count)


def _unpickled(file: Any) -> Iterator[Item]:
    while True:
        try:
            yield Item(*pickle.load(file))
        except EOFError:
            return
