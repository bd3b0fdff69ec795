"""Deposits by programs: `POST /api/v1/deposits` with a token, files and metadata; then a status address to ask."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Header, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile

from publications.deposit import programs, progress
from publications.deposit.intake import check_ending, make_deposit
from publications.deposit.programs import send_when_read
from publications.deposit.sending import DEPOSIT
from publications.errors import FormatError, PublicationError, StorageFull
from publications.formats import csl_json
from publications.metadata import RecordMetadata
from publications.models import Deposit, User
from publications.records import staged
from publications.tokens import TokenAuth
from publications.vocabularies import AccessRight, DepositState, Licence

router = Router(auth=TokenAuth(), tags=["deposits"])

MOST_LISTED = 100
NO_TITLE = "-"


class FileStatus(Schema):
    """A deposited file, and how far its reading is."""

    name: str
    status: str
    size_bytes: int
    sha256: str
    pages: int | None
    pages_read: int
    message: str


class DepositStatus(Schema):
    """A deposit, and where it stands."""

    id: str
    state: str
    title: str
    url: str
    page: str
    files: list[FileStatus]
    problems: dict[str, list[str]]


class DepositList(Schema):
    """One's own deposits, newest first."""

    total: int
    deposits: list[DepositStatus]


class DepositForm(Schema):
    """What goes with the files of a deposit."""

    metadata: str = ""
    access_right: AccessRight = AccessRight.OPEN
    available: date | None = None
    rights: Licence | None = None
    send: bool = True


@router.post("/deposits", response={202: DepositStatus}, summary="Deposit a work", url_name="deposits")
def create(
    request: HttpRequest,
    response: HttpResponse,
    form: Form[DepositForm],
    file: File[list[UploadedFile]] = [],  # noqa: B006 - how Ninja marks what may be left out
    idempotency_key: str = Header(""),
) -> tuple[int, dict[str, Any]]:
    """Take in files, described by a CSL-JSON item; sent to the editors once the files are read, unless `send` is false.

    With an `Idempotency-Key`, a request that is sent again answers with the deposit of the first time.
    """
    owner = depositor(request)
    if "file" in request.POST:
        raise HttpError(422, _("Send files as files of a multipart form, not as text."))
    if not file and not form.metadata:
        raise HttpError(422, _("Send a file, metadata, or both."))
    key = idempotency_key[:100]
    deposit = Deposit.objects.filter(owner=owner, key=key).first() if key else None
    if deposit is None:
        deposit = take(owner, file, read_metadata(form), key=key, send=form.send)
    response.headers["Location"] = status_url(deposit)
    return 202, status_of(deposit)


def depositor(request: HttpRequest) -> User:
    """Whose token it is. Raises HttpError 403 where they may not bring in work."""
    if not request.user.has_perm(DEPOSIT):
        raise HttpError(403, _("This account cannot bring in work."))
    return request.user  # type: ignore[return-value]


def read_metadata(form: DepositForm) -> RecordMetadata | None:
    """The metadata that were sent, None where none were. Raises HttpError 422."""
    access: dict[str, Any] = {
        "access_right": form.access_right.value,
        "available": form.available.isoformat() if form.available else "",
        "rights": form.rights.value if form.rights else "",
    }
    if not form.metadata:
        return replace(RecordMetadata(title=""), **access) if form.model_fields_set - {"metadata", "send"} else None
    try:
        item = json.loads(form.metadata)
        # Without a title it is no item of a bibliography, but here the file may say it.
        read = csl_json.read_item({"title": NO_TITLE} | item)
    except (FormatError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise HttpError(422, _("The metadata are no item of CSL-JSON: %(error)s") % {"error": error}) from error
    read = replace(read, title="") if read.title == NO_TITLE else read
    return replace(read, **access | ({"rights": read.rights} if not form.rights else {}))


def take(owner: User, uploads: list[UploadedFile], metadata: RecordMetadata | None, *, key: str, send: bool) -> Deposit:
    """A new draft with these files. Raises HttpError where a file cannot be taken."""
    try:
        with ExitStack() as stack:
            for upload in uploads:
                check_ending(str(upload.name))
            files = [stack.enter_context(staged(upload, name=str(upload.name))) for upload in uploads]
            with transaction.atomic():
                deposit = make_deposit(
                    owner=owner, files=files, key=key, origin="API" if metadata else "", metadata=metadata,
                    send_when_read=send,
                )  # fmt: skip
                if send and not files:
                    transaction.on_commit(lambda: send_when_read.enqueue(deposit.pk))
    except StorageFull as error:
        raise HttpError(507, _(str(error))) from error
    except PublicationError as error:
        raise HttpError(422, _(str(error))) from error
    return deposit


@router.get("/deposits", response=DepositList, summary="One's own deposits")
def own(request: HttpRequest) -> dict[str, Any]:
    """The deposits of the token's owner, the newest hundred."""
    deposits = Deposit.objects.with_state().of(request.user).prefetch_related("record__files")
    return {
        "total": deposits.count(),
        "deposits": [status_of(deposit, with_problems=False) for deposit in deposits[:MOST_LISTED]],
    }


@router.get("/deposits/{pid}", response=DepositStatus, summary="Where a deposit stands", url_name="deposit")
def one(request: HttpRequest, pid: str) -> dict[str, Any]:
    """Where one of one's own deposits stands: reading, draft, in_review, sent_back, live or withdrawn."""
    deposit = Deposit.objects.with_state().of(request.user).select_related("owner").filter(record__pid=pid).first()
    if deposit is None:
        raise Http404
    return status_of(deposit)


def status_url(deposit: Deposit) -> str:
    """Where the status of a deposit is asked."""
    return reverse("api:deposit", args=[deposit.record.pid])


def status_of(deposit: Deposit, *, with_problems: bool = True) -> dict[str, Any]:
    """A deposit as the API tells of it. Problems: what stands in the way of sending a draft in."""
    files = progress.present_files(deposit)
    is_reading = any(file.status in progress.WAITING for file in files)
    state = deposit.state
    is_draft = state in (DepositState.DRAFT, DepositState.SENT_BACK) and not is_reading
    address = "publications:record" if state in (DepositState.LIVE, DepositState.WITHDRAWN) else "publications:describe"
    return {
        "id": deposit.record.pid,
        "state": "reading" if is_reading and state == DepositState.DRAFT else state.value,
        "title": deposit.title,
        "url": status_url(deposit),
        "page": reverse(address, args=[deposit.record.pid]),
        "files": [
            {
                "name": file.name,
                "status": file.status,
                "size_bytes": file.size_bytes,
                "sha256": file.sha256,
                "pages": file.page_count,
                "pages_read": file.pages_read,
                "message": _(file.message) if file.message else "",
            }
            for file in files
        ],
        "problems": programs.problems_of(deposit) if is_draft and with_problems else {},
    }
