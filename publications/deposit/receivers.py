"""Hears what becomes of deposits, whoever decides it: the editors' page, the CMS's own buttons, the calendar."""

from typing import Any

from django.utils import timezone

from publications.deposit.mails import tell_depositor
from publications.deposit.programs import enqueue_if_waiting
from publications.deposit.settling import newcomers_of, settle
from publications.models import Deposit, Record, RecordFile
from publications.models.records import make_title_key


def on_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A deposit is live: its authors become people of the hub, and its depositor hears of it the first time."""
    if not isinstance(instance, Record):
        return
    deposit = Deposit.objects.select_related("owner", "record").filter(record_id=instance.pk).first()
    if deposit is None:
        return
    record = type(instance).objects.get(pk=instance.pk)
    settle(record, newcomers=newcomers_of(deposit))
    if Deposit.objects.filter(pk=deposit.pk, published_at=None).update(published_at=timezone.now()):
        tell_depositor(deposit, "published")


def on_rejected(sender: Any, instance: Any, user: Any = None, **kwargs: Any) -> None:
    """A deposit is sent back: the editor's general comment is kept with those on fields, and the depositor mailed."""
    if instance.base_content_type.model_class() is not Record:
        return
    deposit = Deposit.objects.select_related("owner", "record").filter(record_id=int(instance.object_id)).first()
    if deposit is None:
        return
    comment = instance.current_task_state.comment if instance.current_task_state else ""
    if comment.strip():
        deposit.comments.create(text=comment.strip(), author=user)
    tell_depositor(deposit, "sent_back")


def on_ingested(sender: Any, file: RecordFile, **kwargs: Any) -> None:
    """A file has been read: an untouched draft takes its title, what a program sent in goes to the editors."""
    title = file.suggestion.title
    if title and not file.record.title and Deposit.objects.filter(record_id=file.record_id, version=0).exists():
        value = title.value[:1000]
        Record.objects.filter(pk=file.record_id, title="").update(title=value, title_key=make_title_key(value))
    enqueue_if_waiting(file.record_id)
