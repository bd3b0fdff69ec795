"""Withdrawing a live record: its depositor asks, an editor decides. What is left is its citation and the reason."""

from django.db import transaction
from django.utils import timezone

from publications.deposit.mails import tell_depositor
from publications.models import Deposit, Record, User, WithdrawalRequest


def ask(record: Record, *, reason: str, user: User) -> WithdrawalRequest:
    """Ask the editors to withdraw a live record; asked again, the new reason replaces the first."""
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record.pk)
        request, _created = WithdrawalRequest.objects.update_or_create(
            record=record, decided_at=None, defaults={"user": user, "reason": reason}
        )
    return request


def withdraw(record: Record, *, reason: str, user: User | None) -> None:
    """Take a record from readers: its files, text and pages are gone at once, its citation and the reason stay."""
    with transaction.atomic():
        record = Record.objects.select_for_update().get(pk=record.pk).specific()
        record.unpublish(user=user)
        record.refresh_from_db()
        record.withdrawn_at, record.withdrawal_reason = timezone.now(), reason
        record.save()
        _decide(record, "withdrawn")


def keep(record: Record) -> None:
    """Decide that a record stays, whatever its depositor asked."""
    with transaction.atomic():
        _decide(record, "stays")


def restore(record: Record, *, user: User | None) -> None:
    """Undo a withdrawal: the record is live again as it was."""
    with transaction.atomic():
        record = Record.objects.select_for_update().get(pk=record.pk).specific()
        record.withdrawn_at, record.withdrawal_reason = None, ""
        record.save()
        record.get_latest_revision().publish(user=user)


def _decide(record: Record, step: str) -> None:
    asked = WithdrawalRequest.objects.filter(record_id=record.pk, decided_at=None).update(decided_at=timezone.now())
    deposit = Deposit.objects.select_related("owner", "record").filter(record_id=record.pk).first()
    if deposit and (asked or step == "withdrawn"):
        tell_depositor(deposit, step)
