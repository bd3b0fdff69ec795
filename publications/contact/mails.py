"""The mails of a question: to whoever asked, to whom it was passed on, and to the editors' desk.

Plain text only. What strangers wrote stands in no header, and in the text behind "> ", so that nothing they write looks
as if the hub said it. The mail that confirms an address holds nothing they wrote at all: it goes to an address that
anybody may have typed.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from publications.contact import reaching
from publications.contact.evidence import shown_evidence
from publications.mailing import split_letter
from publications.models import ContactMail, ContactRequest

TO_ASKER = ("confirm", "underway", "moved", "at_desk", "answer", "closed")
TO_RECEIVER = ("question", "reminder", "follow_up")
TO_DESK = ("desk",)
"""Each has a template below publications/mails/contact/: the first line is the subject."""


@dataclass(frozen=True)
class Letter:
    """A mail as it goes to the mail server."""

    address: str
    subject: str
    text: str
    reply_to: str = ""


def write_letter(mail: ContactMail) -> Letter | None:
    """The mail as it is now; None where there is nobody to write to, or nothing to write any more."""
    asked = mail.request
    if asked.erased_at or (mail.kind in TO_RECEIVER and (mail.passing is None or mail.passing.ended_at)):
        return None
    address, language, context = _addressed(mail)
    if not address:
        return None
    with override(language):
        subject, text = split_letter(
            render_to_string(
                f"publications/mails/contact/{mail.kind}.txt",
                _context(mail) | context | {"url": settings.BASE_URL + context["path"]},
            )
        )
    answers_by_mail = mail.kind in TO_RECEIVER and asked.shares_address
    return Letter(address, subject, text, asked.email if answers_by_mail else "")


def _addressed(mail: ContactMail) -> tuple[str, str, dict[str, Any]]:
    """The address, the language, and what only this reader is told."""
    asked = mail.request
    if mail.kind in TO_DESK:
        return settings.CONTACT_DESK_ADDRESS, settings.LANGUAGE_CODE, {"path": reaching.desk_path(asked)}
    if mail.kind in TO_ASKER:
        path = reaching.confirm_path(asked) if mail.kind == "confirm" else reaching.asker_path(asked)
        return asked.email, asked.language, {"path": path}
    passing = mail.passing
    assert passing is not None  # noqa: S101 - write_letter has seen to it
    person = reaching.current_person(passing.person)
    language = reaching.language_for(person, asked_in=asked.language)
    evidence = shown_evidence(asked, user=reaching.reader_for(person), today=timezone.localdate())
    context = {"path": reaching.receiver_path(passing, language=language), "receiver": person, "evidence": evidence}
    return reaching.address_of(person), language, context


def _context(mail: ContactMail) -> dict[str, Any]:
    return {
        "asked": mail.request,
        "person": receiver_of(mail.request),
        "message": mail.message,
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "hours": settings.CONTACT_CONFIRM_HOURS,
        "days": settings.CONTACT_DESK_DAYS,
        "months": settings.CONTACT_KEEP_MONTHS,
    }


def receiver_of(asked: ContactRequest) -> Any:
    """The person before whom a question lies now, the latest where there are several; None for the editors."""
    passing = asked.passings.open().select_related("person__merged_into").order_by("-passed_at", "-pk").first()
    return reaching.current_person(passing.person) if passing else None
