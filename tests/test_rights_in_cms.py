"""Every address of the CMS that is ours, asked as every role: it has its row, opens to those who keep the hub, and
turns everybody else away before anything is done.

What Wagtail brings, and the forms that it makes of our models, are walked by tests/test_rights.py. Here stand the pages
that we wrote, each with a thing that is there, so that nobody is turned away only because there was nothing to see.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.exceptions import Resolver404
from django.utils import timezone

from publications.bulk import prepare_change
from publications.deposit import withdrawing
from publications.deposit.intake import make_deposit
from publications.deposit.sending import send
from publications.doubles import distinguish
from publications.metadata import Agent, RecordMetadata
from publications.models import Distinction, ProfileClaim, Topic, TopicImport, WatchedLink
from publications.records.versions import add_version
from publications.splitting import split_topic
from publications.vocabularies import RecordType
from search.models import EmptySearch, IgnoredSearch
from tests.factories import (
    CollectionFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    UserFactory,
)
from tests.test_rights import ROLES, SECRET, add_finding, client_of, is_in_cms, routes, world

__all__ = ["world"]  # a fixture, used by its name
pytestmark = pytest.mark.django_db
APPS = ("publications.", "search.", "knowledge_hub.")

TABLE = """
# The desk: deposits, people who wait, questions                      editor admin
GET  /admin/deposits/                                                    200 200
GET  /admin/deposits/{sent}/                                             200 200
POST /admin/deposits/{sent}/decide/                                      302 302
POST /admin/deposits/withdrawals/{withdrawal}/                           302 302
GET  /admin/people-waiting/                                              200 200
POST /admin/people-waiting/accounts/{account}/                           302 302
POST /admin/people-waiting/claims/{claim}/                               302 302
GET  /admin/questions/                                                   200 200
GET  /admin/questions/results/                                           200 200
GET  /admin/questions/held/                                              200 200
GET  /admin/questions/{question}/                                        200 200
POST /admin/questions/{question}/act/                                    302 302
# Searches that found nothing
GET  /admin/reports/empty-searches/                                      200 200
GET  /admin/reports/empty-searches/synonym/?text={secret}                200 200
POST /admin/reports/empty-searches/ignore/                               302 302
POST /admin/reports/empty-searches/ignored/{ignored}/                    302 302
# Topics
GET  /admin/topics/tree/                                                 200 200
GET  /admin/topics/tree/{topic}/move/                                    200 200
POST /admin/topics/tree/{topic}/move/                                    302 302
GET  /admin/topics/split/{topic}/                                        200 200
POST /admin/topics/splits/{split}/undo/                                  302 302
GET  /admin/topics/files/                                                200 200
GET  /admin/topics/files/topics.csv                                      200 200
GET  /admin/topics/files/{import}/                                       200 200
POST /admin/topics/files/{import}/                                       200 200
GET  /admin/topics/untagged/                                             200 200
GET  /admin/topics/autocomplete/?term=zz                                 200 200
# Two that may be one
GET  /admin/doubles/                                                     200 200
GET  /admin/doubles/{double}/                                            200 200
POST /admin/doubles/{double}/different/                                  302 302
GET  /admin/doubles/different/                                           200 200
POST /admin/doubles/different/{distinction}/take-back/                   302 302
GET  /admin/merges/                                                      200 200
GET  /admin/merges/{merge}/undo/                                         200 200
POST /admin/merges/{merge}/undo/                                         302 302
# Files and versions
GET  /admin/records/{record}/files/add/                                  200 200
POST /admin/files/{file}/read-again/                                     302 302
POST /admin/files/{file}/recognise/                                      302 302
POST /admin/files/{file}/fill/                                           302 302
POST /admin/files/{file}/justify/                                        302 302
GET  /admin/reports/unreadable/                                          200 200
GET  /admin/reports/unreadable/results/                                  200 200
POST /admin/reports/unreadable/act/                                      302 302
GET  /admin/reports/findings/                                            200 200
GET  /admin/reports/findings/results/                                    200 200
POST /admin/records/{record}/versions/new/                               302 302
GET  /admin/records/{record}/versions/join/                              200 200
POST /admin/records/{version}/versions/leave/                            302 302
GET  /admin/choose-record/                                               200 200
GET  /admin/choose-record/results/                                       200 200
GET  /admin/choose-record/chosen/{record}/                               200 200
# Reports
GET  /admin/reports/missing-translations/                                200 200
GET  /admin/reports/missing-translations/results/                        200 200
GET  /admin/reports/most-read/                                           200 200
GET  /admin/reports/most-read/results/                                   200 200
GET  /admin/reports/broken-links/                                        200 200
GET  /admin/reports/broken-links/results/                                200 200
POST /admin/reports/broken-links/{link}/                                 302 302
# Collections by rule
# Collections: in which order, and what a rule finds
GET  /admin/collections/order/{collection}/                              200 200
POST /admin/collections/order/{collection}/                              302 302
GET  /admin/collections/rule/?rule={secret}                              200 200
# Many records at once
GET  /admin/records/changes/                                             200 200
# (what somebody only prepared is theirs)
GET  /admin/records/changes/{change}/                                    200 302
POST /admin/records/changes/{change}/                                    302 302
GET  /admin/records/publication/change/                                  200 200
POST /admin/records/publication/change/                                  200 200
GET  /admin/records/publication/table/                                   200 200
POST /admin/records/publication/table/                                   200 200
GET  /admin/records/publication/table.csv                                200 200
"""

ROWS = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]


def own_routes() -> Iterator[str]:
    """The routes of the CMS whose views are ours, but for the forms that Wagtail makes of our models."""
    for route in routes(get_resolver()):
        if not is_in_cms(route) or "snippets/" in route:
            continue
        try:
            view = resolve("/" + re.sub(r"<[^>]*>", "2", route)).func
        except Resolver404:  # one of Wagtail's, which has regular expressions; ours have none
            continue
        if getattr(view, "view_class", view).__module__.startswith(APPS):
            yield route


def test_every_address_of_ours_is_in_the_table() -> None:
    known = {resolve(re.sub(r"\{\w+\}", "2", address.partition("?")[0])).route for _method, address, *_answers in ROWS}

    assert sorted(set(own_routes()) - known) == []
    assert len(known) > 50


@pytest.fixture
def things(world: dict[str, Any]) -> dict[str, Any]:
    """One of everything that an address names, with the secret in what outsiders may not know."""
    depositor = ResearcherFactory()
    metadata = RecordMetadata(
        title=f"{SECRET} sent", resource_type="report", language="en", agents=(Agent("Grijs", "Bas"),)
    )
    deposit = make_deposit(owner=depositor, metadata=metadata)
    sent = send(deposit, deposit.answers | {"access_right": "metadata_only"}, version=0, user=depositor)
    record, newer = (PublicationFactory(title=f"{SECRET} {word}", live=True) for word in ("older", "newer"))
    add_version(newer, of=record)
    file = RecordFileFactory(record=PublicationFactory(), name="patients.pdf", pages=[SECRET])
    add_finding(file, passage=SECRET)
    account = UserFactory(awaits_approval=True, first_name=SECRET)
    EmailAddress.objects.create(user=account, email="waits@example.org", verified=True)
    distinguish(PersonFactory(family_name=SECRET), PersonFactory(family_name=SECRET), user=None)
    topic = Topic.objects.get(slug="open-topic")
    tagged = PublicationFactory(topics=[topic])
    EmptySearch.objects.create(text=SECRET, day=timezone.localdate(), times=7)
    return {
        "secret": SECRET,
        "sent": sent.pk,
        "withdrawal": withdrawing.ask(PublicationFactory(), reason=SECRET, user=depositor).pk,
        "account": account.pk,
        "claim": ProfileClaim.objects.get().pk,
        "question": world["pks"]["question"],
        "collection": CollectionFactory(title_en=SECRET, records=[tagged]).pk,
        "ignored": IgnoredSearch.objects.create(text=SECRET).pk,
        "topic": topic.pk,
        "split": split_topic(topic, Topic(label_en="Part"), [tagged.pk], user=None).pk,
        "import": TopicImport.objects.create(name="a.csv", content=b"slug,label_en\nopen-topic,Else\n").pk,
        "double": world["pks"]["doubles"],
        "distinction": Distinction.objects.get().pk,
        "merge": world["pks"]["merges"],
        "link": WatchedLink.objects.create(target=f"https://{SECRET}.example/", digest="d", is_broken=True).pk,
        "record": tagged.pk,
        "version": newer.pk,
        "file": file.pk,
        "change": prepare_change(
            RecordType.PUBLICATION, [tagged.pk], {"rights": "CC-BY-4.0"}, user=world["users"]["editor"]
        ).pk,
    }


def asked(client: Client, method: str, address: str) -> HttpResponse:
    """The answer; whatever it did is undone."""
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method.lower())(address)
        transaction.set_rollback(True)
    return answer


def test_every_address_opens_to_those_who_keep_the_hub(world: dict[str, Any], things: dict[str, Any]) -> None:
    wrong = []
    for (method, pattern, *answers), (place, role) in product(ROWS, enumerate(("editor", "admin"))):
        address = pattern.format(**things)
        status = asked(client_of(world, role), method, address).status_code
        if status != int(answers[place]):
            wrong.append(f"{method} {address} by {role}: {status}, not {answers[place]}")

    assert wrong == []


def test_nobody_else_is_let_in_or_told_anything(world: dict[str, Any], things: dict[str, Any]) -> None:
    wrong = []
    for (method, pattern, *_answers), role in product(ROWS, ROLES):
        if role in ("editor", "admin"):
            continue
        address = pattern.format(**things)
        answer = asked(client_of(world, role), method, address)
        sent_away = answer.status_code in (302, 403) and ("/login/" in answer.get("Location", "/login/"))
        if not sent_away:
            wrong.append(f"{method} {address} by {role}: {answer.status_code} {answer.get('Location', '')}")
        if SECRET in answer.content.decode().replace(f"text%3D{SECRET}", ""):
            wrong.append(f"{method} {address} by {role}: tells")

    assert wrong == []
