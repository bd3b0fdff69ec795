"""What tests of saved searches share."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.http import QueryDict
from django.utils import timezone

from publications.models import User
from search.alerts.digests import make_digests
from search.alerts.keeping import keep
from search.indexing import index_due
from search.models import Digest, Frequency, Kind, SavedSearch, Subscriber

Keep = Callable[..., SavedSearch]


@pytest.fixture
def kept(empty_index: None) -> Keep:
    """Keeps a confirmed question, of an account or else of an address: kept("q=wavelets", user=…, kind=…)."""

    def keep_question(query: str, *, user: User | None = None, kind: str = Kind.RECORDS, **values: Any) -> SavedSearch:
        address = values.pop("email", "reader@company.example")
        language = values.pop("language", "en")
        who = {"user": user} if user else {"email": address}
        subscriber, _ = Subscriber.objects.get_or_create(**who, defaults={"language": language})
        index_due()
        search, _ = keep(kind, QueryDict(query), subscriber=subscriber, is_confirmed=True)
        SavedSearch.objects.filter(pk=search.pk).update(**({"frequency": Frequency.DAY} | values))
        search.refresh_from_db()
        return search

    return keep_question


@pytest.fixture
def told() -> Callable[..., set[str]]:
    """Looks everything up, some days from now, and gives the titles of all records in digests made by that."""

    def look(*, days: int = 0, index: bool = True) -> set[str]:
        from publications.models import Record

        if index:
            index_due()
        last = Digest.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        make_digests(now=in_days(days))
        found = Digest.objects.filter(pk__gt=last).values_list("found", flat=True)
        keys = {key for digest in found for news in digest.values() for keys in news.values() for key in keys}
        return set(Record.objects.filter(pk__in=keys).values_list("title", flat=True))

    return look


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


class Mailbox:
    """What a real mail server took. `refuse` answers a recipient with this instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.before_answer: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        self.before_answer()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server that the hub sends to."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The part of a mail of this kind."""
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")
