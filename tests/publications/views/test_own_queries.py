"""How often the pages of somebody who is signed in ask the database: pinned with one of each thing, and with many."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.deposit import checks
from publications.deposit.intake import make_deposit
from publications.metadata import Agent, RecordMetadata
from publications.models import Record, User
from publications.tokens import make_token
from tests.factories import PublicationFactory, RecordFileFactory, ResearcherFactory

pytestmark = pytest.mark.django_db


def add_draft(user: User) -> None:
    metadata = RecordMetadata(title="A draft", resource_type="report", agents=(Agent("Grijs", "Bas"),))
    deposit = make_deposit(owner=user, metadata=metadata)
    RecordFileFactory(record=deposit.record, pages=["Wedges drift."])


def add_live_work(user: User) -> None:
    RecordFileFactory(record=PublicationFactory(owner=user, creators=["Bas Grijs"]))


def add_token(user: User) -> None:
    make_token(user, name="script", lifetime_days=30, now=timezone.now())


def add_address(user: User) -> None:
    EmailAddress.objects.create(user=user, email=f"{EmailAddress.objects.count()}@example.org")


@pytest.mark.parametrize(
    ("address", "add", "number"),
    [
        ("/en/deposit/", add_draft, 13),
        ("/en/my/", add_draft, 17),
        ("/en/my/", add_live_work, 15),
        ("/en/my/tokens/", add_token, 9),
        ("/en/account/", add_address, 12),
        ("/en/account/email/", add_address, 11),
    ],
)
def test_more_rows_take_no_more_queries(client: Client, address: str, add: Callable[[User], None], number: int) -> None:
    user = ResearcherFactory()
    client.force_login(user)
    PublicationFactory(title="A draft", creators=["Bas Grijs"])  # of which each draft may be a double
    counts = []
    for more in (1, 4):
        for _ in range(more):
            add(user)
        client.get(address)  # what is looked up once a minute is looked up here
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))

    assert counts == [number, number]


def test_doubles_are_looked_for_of_drafts_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    user, looked_up = ResearcherFactory(), []
    client.force_login(user)
    add_draft(user)
    Record.objects.filter(owner=user).update(live=True)
    find = checks.find_lookalikes
    monkeypatch.setattr(
        checks, "find_lookalikes", lambda *given, **more: looked_up.append(given) or find(*given, **more)
    )

    client.get("/en/my/")
    before = len(looked_up)
    add_draft(user)
    client.get("/en/my/")

    assert (before, len(looked_up)) == (0, 1)
