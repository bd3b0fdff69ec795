"""Warnings about a deposit before an editor sees it; each says what to do. Other people's drafts stay unseen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.deposit.answers import Answers, to_metadata
from publications.ingest.page_states import page_label, page_ranges
from publications.models import Deposit, FilePage, Record, RecordFile
from publications.records.lookalikes import Likeness, find_lookalikes
from publications.vocabularies import AccessRight, FileStatus, Licence, SensitiveKind, VersionType

FIRST_PAGES = 2
CACHE_SECONDS = 60
SHUT = (FileStatus.PASSWORD, FileStatus.UNREADABLE, FileStatus.LIMIT, FileStatus.FAILED)
COPYRIGHT = re.compile(
    r"(©|\(c\)|copyright)\s*(\d{4}\s*)?(by\s+)?(the authors?[^.]{0,40}under exclusive licen[cs]e|elsevier|springer|"
    r"wiley|ieee|acm|taylor\s*&\s*francis|oxford university press|cambridge university press|wolters kluwer|sage|"
    r"american \w+ (society|association)|radiological society|thieme|karger|bmj publishing)"
    r"|all rights reserved|published by elsevier",
    re.IGNORECASE,
)
FREE = re.compile(r"creative commons|cc[ -]by|creativecommons\.org|open access article", re.IGNORECASE)


@dataclass(frozen=True)
class Double:
    """A record that may be the same work, live or a draft of the same depositor, and why."""

    record: Record
    why: str


def doubles_of(deposit: Deposit, answers: Answers) -> list[Double]:
    """What may be the same work, the surest first, but for what the depositor called another work."""
    return doubles_of_each([(deposit, answers)])[deposit.pk]


def doubles_of_each(drafts: Iterable[tuple[Deposit, Answers]]) -> dict[int, list[Double]]:
    """The doubles of each draft, by its id; the records of all of them are read in one query.

    Looked for once a minute at most, as the page of drafts asks every second; who may know of a record, every time.
    """
    found = [(deposit, _find_lately(deposit, answers)) for deposit, answers in drafts]
    keys = {pk for _deposit, likes in found for pk, _reasons in likes}
    records = Record.objects.in_bulk(keys) if keys else {}
    return {
        deposit.pk: [
            Double(records[pk], "; ".join(str(Likeness(reason).label) for reason in reasons))
            for pk, reasons in likes
            if pk in records and _may_be_told(records[pk], deposit)
        ]
        for deposit, likes in found
    }


def _may_be_told(record: Record, deposit: Deposit) -> bool:
    """Whether the depositor may know of a record, and has not said yet what it is to the deposit."""
    may_know = record.live or record.owner_id == deposit.owner_id
    return may_know and record.pid not in deposit.other_works and record.pk != deposit.version_of_id


def _find_lately(deposit: Deposit, answers: Answers) -> list[tuple[int, list[str]]]:
    files = [file for file in deposit.record.files.all() if file.removed_at is None]
    state = (deposit.pk, deposit.version, *((file.pk, file.status) for file in files))
    return cache.get_or_set(f"doubles:{hash(state)}", lambda: _find(deposit, answers, files), CACHE_SECONDS) or []


def _find(deposit: Deposit, answers: Answers, files: list[RecordFile]) -> list[tuple[int, list[str]]]:
    metadata = to_metadata(answers)
    lookalikes = find_lookalikes(metadata, reader=deposit.owner, files=files, leave_out=deposit.record)
    return [(one.record.pk, [reason.value for reason in one.reasons]) for one in lookalikes]


def is_publishers_version(files: Iterable[RecordFile]) -> bool:
    """Whether the first pages of a file claim the rights for a publisher, and speak of no free licence."""
    pages = FilePage.objects.filter(file__in=list(files), number__lte=FIRST_PAGES).order_by("file_id", "number")
    text = "\n".join(f"{page.text}\n{page.running}\n{page.notes}" for page in pages)
    return bool(COPYRIGHT.search(text)) and not FREE.search(text)


def shares_publishers_version(answers: Answers, files: Iterable[RecordFile]) -> bool:
    """Whether readers would get a publisher's version that no licence frees; a depositor may say that it is allowed."""
    if answers.get("access_right") == AccessRight.METADATA_ONLY:
        return False
    is_free = answers.get("rights") not in ("", None, Licence.ALL_RIGHTS)
    is_published = answers.get("version_type") == VersionType.PUBLISHED
    return (is_published and not is_free) or is_publishers_version(files)


@dataclass(frozen=True)
class PatientData:
    """What a file may tell of a patient: where, in a sentence, and the pages to look at."""

    file: RecordFile
    sentences: tuple[str, ...]
    pages: tuple[int, ...]


def patient_data_of(files: Iterable[RecordFile]) -> list[PatientData]:
    """Files with open signs of patient data; of what was found nothing is said but its kind and place."""
    return [_patient_data(file) for file in files if file.is_withheld]


def _patient_data(file: RecordFile) -> PatientData:
    kinds: dict[str, list[int]] = {}
    for finding in file.findings.open():
        kinds.setdefault(finding.kind, []).append(finding.page or 0)
    sentences = []
    for kind, numbers in kinds.items():
        pages = sorted({number for number in numbers if number})
        where = page_label(page_ranges(pages), file.kind) if pages else _("the file’s properties")
        sentences.append(_("%(where)s: %(what)s") % {"where": where, "what": SensitiveKind(kind).label})
    return PatientData(file, tuple(sentences), tuple(sorted({n for numbers in kinds.values() for n in numbers if n})))


def unreadable_sentence(file: RecordFile) -> str:
    """What could not be read of a file, and what helps; "" where all was read, or reading goes on."""
    if file.status in (FileStatus.RECEIVED, FileStatus.READING):
        return ""
    if file.message:
        return _(file.message)
    missing = (file.page_count or 0) - file.pages_read
    if file.status == FileStatus.READY and missing <= 0:
        return ""
    sentence = ngettext(
        "%(count)d page has no text that can be searched.",
        "%(count)d pages have no text that can be searched.",
        missing,
    )
    return sentence % {"count": missing} if missing > 0 else ""


@dataclass(frozen=True)
class Trouble:
    """A file that could not be read, or not all of it: what stopped that, and what helps."""

    file: RecordFile
    sentence: str

    @property
    def is_shut(self) -> bool:
        """Whether nothing of the file can be read: another one must come in its place."""
        return self.file.status in SHUT


def trouble_of(file: RecordFile) -> Trouble | None:
    """What is wrong with a file; None where all was read, or reading goes on."""
    sentence = unreadable_sentence(file)
    return Trouble(file, sentence) if sentence else None


@dataclass(frozen=True)
class Risk:
    """Why an editor should look well: a sentence, and how much it weighs."""

    sentence: str
    weight: int


def risks_of(deposit: Deposit, answers: Answers) -> list[Risk]:
    """What speaks for a good look at a deposit that was sent, gravest first."""
    files = [file for file in deposit.record.files.all() if file.removed_at is None]
    risks = []
    if any(file.is_withheld for file in files):
        risks.append(Risk(_("may hold patient data"), 8))
    if shares_publishers_version(answers, files):
        said = bool(answers.get("may_share"))
        risks.append(
            Risk(_("publisher’s version; depositor says it may be shared") if said else _("publisher’s version"), 4)
        )
    if doubles_of(deposit, answers):
        risks.append(Risk(_("may be here already"), 4))
    if any(unreadable_sentence(file) for file in files):
        risks.append(Risk(_("pages that cannot be searched"), 2))
    if not files:
        risks.append(Risk(_("no file"), 1))
    return sorted(risks, key=lambda risk: -risk.weight)
