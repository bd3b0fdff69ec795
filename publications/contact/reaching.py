"""Where somebody is reached, in which language, and the links that mails lead to. Nothing here is ever shown."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import override

from publications.confirming import sign_link
from publications.models import ContactRequest, Passing, Person, User

CONFIRM = "contact.confirm"
ASKER = "contact.asker"
RECEIVER = "contact.receiver"
NO_MORE = "contact.no_more"
"""What links in mails are good for; the last one switches questions to somebody off, and nothing else."""


def current_person(person: Person | None) -> Person | None:
    """The person, or the one who they were merged into."""
    return person.merged_into or person if person else None


def address_of(person: Person | None) -> str:
    """Where mail reaches a person: the address that editors keep, else that of their account; "" for nowhere."""
    person = current_person(person)
    if person is None:
        return ""
    account = account_of(person)
    return person.email or (account.email if account else "")


def sought_by_editors(asked: ContactRequest) -> Person | None:
    """The person asked, where it is for the editors to reach them: they take questions, and have not got this one."""
    person = current_person(asked.person)
    return person if person and person.is_contactable and not asked.passings.exists() else None


def account_of(person: Person | None) -> User | None:
    """The account with which a person signs in, None where they have none that works."""
    person = current_person(person)
    account = person.user if person else None
    return account if account and account.is_active else None


def reader_for(person: Person | None) -> User | AnonymousUser:
    """With whose rights evidence is shown to a person."""
    return account_of(person) or AnonymousUser()


def language_for(person: Person | None, *, asked_in: str) -> str:
    """The language of a mail to a person: that of the question, unless they say that they speak the other one only."""
    spoken = {code.strip() for code in person.languages.split(",")} & {"en", "nl"} if person else set()
    return asked_in if not spoken or asked_in in spoken else spoken.pop()


def confirm_path(asked: ContactRequest) -> str:
    """Where whoever asked confirms the address."""
    return _path("confirm_question", sign_link(CONFIRM, asked.pk), language=asked.language)


def asker_path(asked: ContactRequest) -> str:
    """Where whoever asked follows the question."""
    return _path("asked", sign_link(ASKER, asked.pk), language=asked.language)


def receiver_path(passing: Passing, *, language: str) -> str:
    """Where a receiver answers: in their account, or by a link where they have none."""
    if account_of(passing.person):
        return _path("my_question", passing.pk, language=language)
    return _path("answer_question", sign_link(RECEIVER, passing.pk), language=language)


def no_more_path(person: Person | None, *, language: str) -> str:
    """Where a person switches questions off: in their profile, or by a link; "" for whoever takes none anyway."""
    person = current_person(person)
    if person is None or not person.is_contactable:
        return ""
    if account_of(person):
        return _path("profile", language=language)
    return _path("no_more_questions", sign_link(NO_MORE, person.pk), language=language)


def desk_path(asked: ContactRequest) -> str:
    """The question in the CMS."""
    return reverse("contact_request", args=[asked.pk])


def _path(name: str, *keys: str | int, language: str) -> str:
    with override(language):
        return reverse(f"publications:{name}", args=keys)
