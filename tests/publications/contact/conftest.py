"""A real mail server, people who can be asked, and a browser without JavaScript."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from publications.contact.queue import send_waiting_mails
from publications.models import ContactMail, Person
from tests.factories import PersonFactory, PublicationFactory, RecordFileFactory

ASKER = "p.jansen@medview.example"


@dataclass
class PostOffice:
    """What a mail server took in; `answer` is what it says to a recipient, such as "550 no such user"."""

    port: int = 0
    answer: str = "250 OK"
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return f"{self.answer} {address}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.mails += [(address, message) for address in envelope.rcpt_tos]
        return "250 OK"

    def deliver(self) -> list[tuple[str, EmailMessage]]:
        """Have the hub send what waits, whatever pauses it takes; returns the mails that came in."""
        before = len(self.mails)
        ContactMail.objects.filter(sent_at=None, given_up_at=None).update(next_try_at=timezone.now())
        send_waiting_mails()
        return self.mails[before:]

    def last_to(self, address: str) -> EmailMessage:
        """The last mail to an address."""
        return next(mail for to, mail in reversed(self.mails) if to == address)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    """A mail server that listens, and the hub set up to use it."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    settings.EMAIL_BACKEND = "publications.mailing.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", office.port, False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Knowledge Hub <hub@hub.example>"
    yield office
    controller.stop()


@pytest.fixture
def marieke(db: None) -> Person:
    """Somebody who takes questions, without an account, at an address that the editors keep."""
    return PersonFactory(
        given_name="Marieke", family_name="van der Hoeven", email="marieke@private.example", has_consented=True
    )


@pytest.fixture
def record(marieke: Person) -> Any:
    """A work of hers with a page about nodules."""
    record = PublicationFactory(title="Low-dose chest CT", creators=[marieke])
    RecordFileFactory(
        record=record, name="ct.pdf", pages=["Nothing here.", "The sensitivity for subsolid nodules was 0.91."]
    )
    return record


def link_in(mail: EmailMessage) -> str:
    """The address of this site that a mail leads to first."""
    return re.search(r"^http://testserver(/\S+/)$", body_of(mail), re.MULTILINE).group(1)  # type: ignore[union-attr]


def body_of(mail: EmailMessage) -> str:
    """The text of a mail."""
    return mail.get_content().replace("\r\n", "\n")


def fill_in(client: Client, address: str, **answers: Any) -> Any:
    """Send the form at an address as a browser without JavaScript does; slowly, as people do."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    form = page.select_one("form.contact")
    assert form is not None
    sent: dict[str, Any] = {"works": [box["value"] for box in form.select("[name=works][checked]")]}
    for field_ in form.select("input[name], textarea[name]"):
        if field_.get("type") == "checkbox" and not field_.has_attr("checked"):
            continue
        if field_["name"] not in ("works", "csrfmiddlewaretoken"):
            sent[field_["name"]] = field_.get("value", "on" if field_.get("type") == "checkbox" else "")
    sent |= {
        "text": "How far apart may two readings lie?",
        "name": "P. Jansen",
        "organisation": "MedView BV",
        "email": ASKER,
    }
    return client.post(address, sent | answers)


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people."""
    from datetime import timedelta

    monkeypatch.setattr("publications.guarding.SHORTEST_TIME", timedelta(0))


@pytest.fixture
def asked(client: Client, marieke: Person, post: PostOffice) -> str:
    """A question to Marieke that was confirmed: the address of its asker's page."""
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    answer = client.post(link_in(post.last_to(ASKER)))
    return str(answer.url)
