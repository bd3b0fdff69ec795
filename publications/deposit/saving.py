"""Keeping the answers of a draft: saved as often as a form likes, never over what another tab has saved."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from publications.deposit.answers import Answers
from publications.errors import PublicationError
from publications.models import Deposit, Record
from publications.models.deposits import EARLIER_KEPT
from publications.models.records import make_title_key

CLOSED = gettext_noop("This work is with the editors now. Take it back first, if you want to change it.")


class Conflict(PublicationError):
    """The draft was saved elsewhere since this form was opened; `deposit` is as it is now."""

    def __init__(self, deposit: Deposit) -> None:
        super().__init__("This draft was saved elsewhere meanwhile.")
        self.deposit = deposit


class NotYours(PublicationError):
    """The answers cannot be changed now."""


def locked(deposit: Deposit) -> Deposit:
    """The deposit as it is now, held until the transaction ends. Raises NotYours where it is not with its depositor."""
    Deposit.objects.select_for_update().get(pk=deposit.pk)
    now = Deposit.objects.with_state().get(pk=deposit.pk)
    if not now.can_be_changed:
        raise NotYours(CLOSED)
    return now


def save_answers(
    deposit: Deposit, answers: Answers, *, version: int, language: str = "", first_shown: Answers | None = None
) -> Deposit:
    """Keep the answers, given from a form that showed the state `version`. Raises Conflict, NotYours.

    first_shown: what the form of a draft shows that was never saved, for whoever has that form open in another tab.
    What is saved a second time without a change makes no new version, and no conflict.
    """
    with transaction.atomic():
        now = locked(deposit)
        if now.version and now.answers == answers:
            return now
        if now.version != version:
            raise Conflict(now)
        before = now.answers if now.version else (first_shown or now.answers)
        now.earlier = [*now.earlier, {"version": now.version, "answers": before}][-EARLIER_KEPT:]
        now.answers, now.version = answers, now.version + 1
        now.language = language or now.language
        now.save(update_fields=["answers", "version", "earlier", "language", "changed_at"])
        title = str(answers.get("title", ""))[:1000]
        # Not `save`: what nobody but the depositor sees is announced to nobody.
        Record.objects.filter(pk=now.record_id).update(title=title, title_key=make_title_key(title))
    return now


@dataclass(frozen=True)
class Difference:
    """A field that two tabs answered differently."""

    name: str
    mine: Any
    other: Any


def differences(deposit: Deposit, answers: Answers, *, version: int) -> tuple[Answers, list[Difference]]:
    """The answers with what only the other tab changed since `version`, and the fields that both changed.

    Where that state is not known any more, every field that differs counts as changed by both.
    """
    base = next((state["answers"] for state in deposit.earlier if state["version"] == version), None)
    other, merged, both = deposit.answers, dict(answers), []
    for name in {**other, **answers}:
        mine, theirs = answers.get(name), other.get(name)
        if _same(mine, theirs):
            continue
        if base is not None and _same(mine, base.get(name)):
            merged[name] = theirs
        elif base is None or not _same(theirs, base.get(name)):
            both.append(Difference(name, mine, theirs))
    return merged, both


def _same(one: Any, other: Any) -> bool:
    return (one or "") == (other or "")


def merge(answers: Answers, both: list[Difference], *, take_other: set[str]) -> Answers:
    """The answers, with the other tab's in the fields that are named."""
    return answers | {one.name: one.other for one in both if one.name in take_other}


def call_new_version(deposit: Deposit, record: Record | None) -> None:
    """Remember that this draft is a new version of that record, or of none. It becomes one when it is sent."""
    with transaction.atomic():
        now = locked(deposit)
        now.version_of = record
        now.save(update_fields=["version_of", "changed_at"])


def call_another_work(deposit: Deposit, pid: str) -> None:
    """Remember that this draft is no double of that record."""
    with transaction.atomic():
        now = Deposit.objects.select_for_update().get(pk=deposit.pk)
        now.other_works = list(dict.fromkeys([*now.other_works, pid]))
        now.save(update_fields=["other_works", "changed_at"])
