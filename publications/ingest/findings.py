"""Signs of patient data of a file: looked for, kept, and decided about by an editor.

A file with open findings is for editors and its depositor alone (`RecordFile.readership`), live or not, and its record
cannot be published (`Record.publish`).
"""

from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from publications.audit import log_findings, log_justified
from publications.ingest.filetypes import PDF
from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText
from publications.ingest.sandbox import Message, run_job
from publications.ingest.sensitive import Finding, Source, find_sensitive
from publications.models import FilePage, RecordFile, SensitiveFinding, User
from publications.vocabularies import FindingState, SensitivePlace

PASSAGE_CHARACTERS = 300
REASON_CHARACTERS = 1000


# --- Looking, without the database --------------------------------------------------------------------------------


def find_in_document(path: str, text: DocumentText, *, limits: Limits) -> list[Finding]:
    """The signs of patient data in a file and in what was read of it: pages, notes, properties, hidden text."""
    hidden: list[Message] = []
    if text.kind == PDF and text.page_count:
        run_job("hidden", {"path": path}, limits=limits, on_message=hidden.append)
    return find_sensitive([*_sources(text), *(Source(m["hidden"], SensitivePlace.HIDDEN, m["page"]) for m in hidden)])


def _sources(text: DocumentText) -> Iterator[Source]:
    for page in text.pages:
        yield from page_sources(page.number, text="\n".join([*page.running, page.text]), notes=page.notes)
    for value in text.info.values():
        yield Source(value, SensitivePlace.PROPERTIES)
    for attachment in text.attachments:
        yield Source(attachment["name"], SensitivePlace.PROPERTIES)


def page_sources(number: int, *, text: str, notes: str) -> Iterator[Source]:
    """The texts of one page to look into."""
    yield Source(text, SensitivePlace.TEXT, number)
    if notes:
        yield Source(notes, SensitivePlace.NOTES, number)


# --- Keeping ------------------------------------------------------------------------------------------------------


def digest_of(finding: Finding) -> str:
    """What two readings of one file that find the same have in common; says nothing without the hub's secret."""
    value = f"{finding.kind}|{finding.page}|{finding.value}"
    return salted_hmac("publications.findings", value, algorithm="sha256").hexdigest()


def add_findings(file: RecordFile, found: Iterable[Finding]) -> None:
    """Keep what was found. What an editor has justified stays justified, if it is the same on the same page.

    `file.open_findings` is set and left to the caller to save, within the same transaction.
    """
    known = {row.digest: row for row in file.findings.all()}
    new: list[SensitiveFinding] = []
    for finding in found:
        digest = digest_of(finding)
        row = known.get(digest)
        if row is None:
            known[digest] = row = _row(file, finding, digest)
            new.append(row)
        elif row.state == FindingState.FIXED:
            row.state = FindingState.JUSTIFIED if row.reason else FindingState.OPEN
            row.save(update_fields=["state"])
    SensitiveFinding.objects.bulk_create(new)
    if new:
        log_findings(file, count=len(new))
    count_open(file)


def _row(file: RecordFile, finding: Finding, digest: str) -> SensitiveFinding:
    return SensitiveFinding(
        file=file,
        digest=digest,
        page=finding.page,
        place=finding.place,
        kind=finding.kind,
        rule=finding.rule,
        confidence=finding.confidence,
        passage=finding.passage[:PASSAGE_CHARACTERS],
    )


def save_findings(file: RecordFile, text: DocumentText) -> None:
    """Keep what a whole reading found, and call fixed what it no longer finds on the pages that it read."""
    add_findings(file, text.findings)
    still_there = {digest_of(finding) for finding in text.findings}
    read: set[int | None] = {page.number for page in text.pages if page.status == "text"}
    if text.page_count is not None:
        read.add(None)
    gone = [row.pk for row in file.findings.open() if row.page in read and row.digest not in still_there]
    file.findings.filter(pk__in=gone).update(state=FindingState.FIXED, decided_at=timezone.now())
    count_open(file)


def add_findings_of_page(file: RecordFile, page: FilePage) -> None:
    """Keep what the text of one page says, as its recognition has just given it."""
    add_findings(file, find_sensitive(page_sources(page.number, text=f"{page.running}\n{page.text}", notes=page.notes)))


def count_open(file: RecordFile) -> None:
    """Set how many findings of the file are open."""
    file.open_findings = file.findings.open().count()


# --- Deciding -----------------------------------------------------------------------------------------------------


def justify(file: RecordFile, finding_ids: Collection[int], *, reason: str, user: User | None) -> int:
    """Note why these findings of a file need not keep it from readers; returns how many were open until now."""
    with transaction.atomic():
        file = RecordFile.objects.select_for_update().select_related("record").get(pk=file.pk)
        rows = list(file.findings.open().filter(pk__in=finding_ids))
        file.findings.filter(pk__in=[row.pk for row in rows]).update(
            state=FindingState.JUSTIFIED,
            reason=reason[:REASON_CHARACTERS],
            decided_by=user,
            decided_at=timezone.now(),
        )
        count_open(file)
        file.save()
        if rows:
            log_justified(file, count=len(rows), user=user)
    return len(rows)


def settle_removed(file: RecordFile, *, user: User | None) -> None:
    """A file that was taken away shows nothing to anybody: its open findings are fixed."""
    file.findings.open().update(state=FindingState.FIXED, decided_by=user, decided_at=timezone.now())
    count_open(file)
