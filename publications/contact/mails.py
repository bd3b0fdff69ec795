"""The mails of a question: to whoever asked, to whom it was passed on, and to the editors' desk.

Plain text only. What strangers wrote stands in no header, and in the text behind "> ", so that nothing they write looks
as if the hub said it. The mail that confirms an address holds nothing they wrote at all: it goes to an address that
anybody may have typed.
"""

import re
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
from publications.vocabularies import PassingEnd

TO_ASKER = ("confirm", "underway", "moved", "at_desk", "answer", "closed")
ASKS = ("question", "reminder", "follow_up")
TO_RECEIVER = (*ASKS, "helped")
TO_DESK = ("desk",)
"""Each has a template below publications/mails/contact/: the first line is the subject."""
AFTER_THE_END = ("follow_up", "helped")
"""Sent also when the question no longer lies before its receiver: it was said before that, or says that it ended."""

MORE_THAN_ONE_BLANK_LINE = re.compile(r"\n{3,}")


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
    if asked.erased_at or (mail.kind in TO_RECEIVER and _is_over(mail)):
        return None
    address, language = _reader_of(mail)
    if not address:
        return None
    with override(language):
        context = _context(mail) | (_for_receiver(mail, language=language) if mail.kind in TO_RECEIVER else {})
        url = settings.BASE_URL + _path_for(mail, language=language)
        letter = render_to_string(f"publications/mails/contact/{mail.kind}.txt", context | {"url": url})
    subject, text = split_letter(MORE_THAN_ONE_BLANK_LINE.sub("\n\n", letter))
    answers_by_mail = mail.kind in ASKS and asked.shares_address
    return Letter(address, subject, text, asked.email if answers_by_mail else "")


def _is_over(mail: ContactMail) -> bool:
    """Whether its receiver need not get a mail any more."""
    passing = mail.passing
    if passing is None or passing.ended == PassingEnd.UNDELIVERED:
        return True
    return passing.ended_at is not None and mail.kind not in AFTER_THE_END


def _reader_of(mail: ContactMail) -> tuple[str, str]:
    """The address of who reads it, and the language."""
    asked = mail.request
    if mail.kind in TO_DESK:
        return settings.CONTACT_DESK_ADDRESS, settings.LANGUAGE_CODE
    if mail.kind in TO_ASKER:
        return asked.email, asked.language
    person = reaching.current_person(mail.passing.person) if mail.passing else None
    return reaching.address_of(person), reaching.language_for(person, asked_in=asked.language)


def _path_for(mail: ContactMail, *, language: str) -> str:
    """Where the mail leads."""
    if mail.kind in TO_DESK:
        return reaching.desk_path(mail.request)
    if mail.passing and mail.kind in TO_RECEIVER:
        return reaching.receiver_path(mail.passing, language=language)
    return reaching.confirm_path(mail.request) if mail.kind == "confirm" else reaching.asker_path(mail.request)


def _for_receiver(mail: ContactMail, *, language: str) -> dict[str, Any]:
    """What only the receiver is told."""
    person = reaching.current_person(mail.passing.person) if mail.passing else None
    evidence = shown_evidence(mail.request, user=reaching.reader_for(person), today=timezone.localdate())
    no_more = reaching.no_more_path(person, language=language)
    return {
        "receiver": person,
        "passing": mail.passing,
        "evidence": evidence,
        "no_more_url": settings.BASE_URL + no_more if no_more else "",
    }


def _context(mail: ContactMail) -> dict[str, Any]:
    return {
        "asked": mail.request,
        "person": receiver_of(mail.request),
        "sought": reaching.sought_by_editors(mail.request),
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
