"""From a draft to the editors' queue, and back to a depositor who wants it back. Trusted depositors skip the queue."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from publications.deposit.answers import Answers, with_known_topics, words_of
from publications.deposit.forms import Description
from publications.deposit.mails import tell_depositor
from publications.deposit.saving import locked, save_answers
from publications.deposit.writing import fill, save_new_funders
from publications.errors import PublishingBlocked, VersionError
from publications.models import Deposit, Record, User
from publications.models.versions import chain_of
from publications.records.kinds import change_kind
from publications.records.versions import add_version, remove_version
from publications.vocabularies import DepositState

DEPOSIT = "publications.deposit_records"
PUBLISH = "publications.publish_own_deposits"


class Incomplete(Exception):
    """The answers cannot be a record yet; `errors` has sentences by field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("The description is not complete.")
        self.errors = errors


def send(
    deposit: Deposit,
    answers: Answers,
    *,
    version: int,
    user: User,
    language: str = "",
    first_shown: Answers | None = None,
) -> Deposit:
    """Save the answers, make the record of them and hand it to the editors; publish it where the user may.

    Raises Incomplete, Conflict, NotYours. What is raised leaves the draft as it was, but for Incomplete: the answers
    are kept.
    """
    answers = with_known_topics(answers)
    deposit = save_answers(deposit, answers, version=version, language=language, first_shown=first_shown)
    description = Description(answers, record=deposit.record, user=deposit.owner)
    if not description.is_valid:
        raise Incomplete(description.errors)
    with transaction.atomic():
        deposit = locked(deposit)
        record = _write(deposit, description.clean_answers, user=user)
        _join(deposit, record, user=user)
        deposit.sent_at, deposit.send_when_read, deposit.problem = timezone.now(), False, ""
        deposit.new_topics = words_of(answers)
        deposit.save(update_fields=["sent_at", "send_when_read", "problem", "new_topics", "changed_at"])
        deposit.comments.filter(is_settled=False).update(is_settled=True)
        if not _publish_at_once(deposit, record, user=user):
            _hand_over(record, user=user)
            tell_depositor(deposit, "received")
    return Deposit.objects.with_state().get(pk=deposit.pk)


def _write(deposit: Deposit, answers: Answers, *, user: User) -> Record:
    """The record with these answers, saved, and a revision of it."""
    record = change_kind(deposit.record, answers["resource_type"])
    draft = record.get_latest_revision_as_object()
    fill(draft, answers, owner=deposit.owner)
    try:
        draft.full_clean(exclude=["restricted_groups", "restricted_users"])
    except ValidationError as error:
        raise Incomplete(error.message_dict) from error
    save_new_funders(draft)
    draft.save()
    draft.save_revision(user=user, clean=False, log_action=True)
    return draft


def _join(deposit: Deposit, record: Record, *, user: User) -> None:
    """Make the record a version of the one that the depositor named; readers see the row once it is live."""
    if chain_of(record):
        remove_version(record, user=user)
    if deposit.version_of is None:
        return
    try:
        add_version(record, of=deposit.version_of, user=user)
    except VersionError as error:
        raise Incomplete({"version_of": [_(str(error))]}) from error


def _publish_at_once(deposit: Deposit, record: Record, *, user: User) -> bool:
    """Publish where this user may, and nothing stands against it; says whether it is live now."""
    if record.get_workflow() is not None and not user.has_perm(PUBLISH):
        return False
    is_of_another = deposit.version_of is not None and deposit.version_of.owner_id != user.pk
    if is_of_another or unread(record):
        return False
    try:
        # Checked above, by a right of our own: a right of the CMS would show them everybody's drafts.
        record.latest_revision.publish(user=user, skip_permission_checks=True)
    except PublishingBlocked:
        return False
    return True


def unread(record: Record) -> bool:
    """Whether a file of it has not been read yet: nobody knows what is in it."""
    return record.files.present().filter(status__in=["received", "reading"]).exists()


def _hand_over(record: Record, *, user: User) -> None:
    """Start the review, or go on with the one that sent the record back."""
    workflow, state = record.get_workflow(), record.current_workflow_state
    if workflow is None:
        return
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=user)
        return
    state = workflow.start(record, user)
    # Wagtail would mail them links into the CMS, where they have no business; `mails` writes to them instead.
    WorkflowState.objects.filter(pk=state.pk).update(requested_by=None)


def take_back(deposit: Deposit, *, user: User) -> Deposit:
    """Take a deposit out of the editors' queue; it is a draft again."""
    with transaction.atomic():
        Deposit.objects.select_for_update().get(pk=deposit.pk)
        now = Deposit.objects.with_state().get(pk=deposit.pk)
        if now.state == DepositState.IN_REVIEW:
            state: Any = now.record.specific().current_workflow_state
            state.cancel(user=user)
            tell_depositor(now, "taken_back")
    return Deposit.objects.with_state().get(pk=deposit.pk)


def discard(deposit: Deposit) -> None:
    """Delete a draft that was never sent, with its files. Raises NotYours for any other."""
    with transaction.atomic():
        now = locked(deposit)
        files = [file.content for file in now.record.files.all()]
        now.record.specific().delete()
        transaction.on_commit(lambda: [content.delete(save=False) for content in files])
