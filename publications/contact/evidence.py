"""What goes along with a question: works, the page of each that answers, and its words.

Only what the reader at hand may read is quoted, whoever put it there: a member's question may quote a page that its
receiver, or the holder of a link, may not open.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import strip_tags
from django.utils.http import urlencode

from publications.access import User, may_read_file
from publications.models import ContactRequest, Record, RecordFile
from publications.signals import quotations_wanted

MOST_WORKS = 5


@dataclass(frozen=True)
class Quoted:
    """Words of a page of a record as a search found them: `html` has <mark>, `file` is the file's name."""

    pid: str
    file: str
    page: int
    kind: str
    html: str
    language: str


@dataclass(frozen=True)
class Evidence:
    """A work, and where it has a page that answers, that page and its words."""

    record: Record
    url: str
    page: int | None = None
    kind: str = "page"
    html: str = ""
    language: str = ""
    file: int | None = None

    @property
    def text(self) -> str:
        """The words without marks."""
        return html.unescape(strip_tags(self.html))


def find_evidence(pids: Iterable[str], q: str, *, user: User, today: date) -> list[Evidence]:
    """The live records of these, each with the page that answers best as far as this user may read it."""
    wanted = list(dict.fromkeys(pids))[:MOST_WORKS]
    records = {record.pid: record for record in Record.objects.live().filter(pid__in=wanted)}
    quoted = _quoted(list(records), q, user=user, today=today) if q and records else {}
    files = _files(records.values(), [words.file for words in quoted.values()])
    return [
        _with_page(records[pid], quoted.get(pid), files, q, user=user, today=today) for pid in wanted if pid in records
    ]


def _quoted(pids: Sequence[str], q: str, *, user: User, today: date) -> dict[str, Quoted]:
    answers: Any = quotations_wanted.send(sender=Evidence, pids=tuple(pids), q=q, user=user, today=today)
    return {words.pid: words for _receiver, found in answers for words in found}


def _files(records: Iterable[Record], names: Iterable[str]) -> dict[tuple[int, str], RecordFile]:
    found = RecordFile.objects.present().filter(record__in=list(records), name__in=set(names)).select_related("record")
    return {(file.record_id, file.name): file for file in found}


def _with_page(
    record: Record,
    words: Quoted | None,
    files: dict[tuple[int, str], RecordFile],
    q: str,
    *,
    user: User,
    today: date,
) -> Evidence:
    file = files.get((record.pk, words.file)) if words else None
    if words is None or file is None or not may_read_file(user, file, today=today):
        return Evidence(record, record.get_absolute_url())
    url = page_address(file, words.page, q)
    return Evidence(record, url, words.page, words.kind, words.html, words.language, file.number)


def page_address(file: RecordFile, page: int, q: str) -> str:
    """Where a page is read with the words of the question marked."""
    return f"{file.page_url(page)}?{urlencode({'q': q})}" if q else file.page_url(page)


def as_stored(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """What is kept of evidence with a question."""
    return [
        {
            "record": one.record.pid,
            "file": one.file,
            "page": one.page,
            "kind": one.kind,
            "quote": one.text,
            "language": one.language,
        }
        for one in evidence
    ]


def shown_evidence(asked: ContactRequest, *, user: User, today: date) -> list[Evidence]:
    """The evidence of a question as this user may see it: of works that are live, and pages that are open to them."""
    stored = list(asked.evidence)
    records = {r.pid: r for r in Record.objects.live().filter(pid__in=[item["record"] for item in stored])}
    files = {
        (file.record_id, file.number): file
        for file in RecordFile.objects.present().filter(record__in=list(records.values())).select_related("record")
    }
    shown = []
    for item in stored:
        record = records.get(item["record"])
        if record is None:
            continue
        file = files.get((record.pk, item["file"]))
        if file is None or not item["page"] or not may_read_file(user, file, today=today):
            shown.append(Evidence(record, record.get_absolute_url()))
            continue
        url = page_address(file, item["page"], asked.query)
        words = html.escape(item["quote"])
        shown.append(Evidence(record, url, item["page"], item["kind"], words, item["language"], file.number))
    return shown
