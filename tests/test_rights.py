"""Every address of the project, asked as every role, held against a table. An address that is missing from it fails.

The table says what each role is answered: a stranger, a member, a researcher (whose draft it is), another researcher,
an editor, an administrator. Nothing of a draft may stand in an answer to somebody else, whatever its status is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from django.utils import timezone

from publications.claims import claim_profile
from publications.confirming import sign_link
from publications.contact import reaching
from publications.contact.asking import Asking, ask, confirm
from publications.deposit.intake import make_deposit
from publications.doubles import refresh_doubles
from publications.merging import merge_people
from publications.metadata import RecordMetadata
from publications.models import LikelyDouble, MergeLog, RecordFile
from publications.site_tree import create_site_tree
from publications.tokens import make_token
from publications.vocabularies import AccessRight, SensitiveKind
from search.alerts.mails import CONFIRM, END, MINE
from search.indexing import rebuild_index
from search.models import SavedSearch, Subscriber
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventPhotoFactory,
    HubImageFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "member", "researcher", "other", "editor", "admin")
OUTSIDERS = ("stranger", "member", "other")
SECRET = "Unpublishedsecret"

TABLE = """
# The same in every language                            stranger member researcher other editor admin
GET  /                                                  302 302 302 302 302 302
GET  /healthz                                           200 200 200 200 200 200
GET  /readyz                                            503 503 503 503 503 503
GET  /robots.txt                                        200 200 200 200 200 200
GET  /sitemap.xml                                       200 200 200 200 200 200
POST /theme/                                            302 302 302 302 302 302
GET  /media/images/nothing.png                          404 404 404 404 404 404
GET  /records/{live}                                    302 302 302 302 302 302
GET  /records/{draft}                                   404 404 404 404 404 404
GET  /records/{draft}/                                  404 404 404 404 404 404
GET  /records/{live}.bib                                200 200 200 200 200 200
GET  /records/{draft}.bib                               404 404 404 404 404 404
GET  /records/{draft}.csl.json                          404 404 404 404 404 404
GET  /collections/{collection}.bib                      200 200 200 200 200 200
GET  /collections/{hidden_collection}.bib               404 404 404 404 404 404
GET  /topics.ttl                                        200 200 200 200 200 200
GET  /topics/{topic}                                    302 302 302 302 302 302
GET  /feeds/news.atom                                    200 200 200 200 200 200
GET  /feeds/records.atom                                200 200 200 200 200 200
GET  /feeds/search.atom?q={secret}                      200 200 200 200 200 200
GET  /accounts/orcid/login/                             404 404 404 404 404 404
GET  /accounts/orcid/login/callback/                    404 404 404 404 404 404
GET  /accounts/nobody/login/                            404 404 404 404 404 404
GET  /accounts/nobody/login/callback/                   404 404 404 404 404 404
GET  /admin/login/                                      302 403 403 403 302 302
# The API
GET  /api/v1/                                           404 404 404 404 404 404
GET  /api/v1/openapi.json                               200 200 200 200 200 200
GET  /api/v1/search?q={secret}                          200 200 200 200 200 200
GET  /api/v1/suggest?q={secret}                         200 200 200 200 200 200
GET  /api/v1/experts?q={secret}                         200 200 200 200 200 200
# Signing in, and one's account
GET  /en/login/                                         200 302 302 302 302 302
GET  /en/login/code/                                    302 302 302 302 302 302
POST /en/logout/                                        302 302 302 302 302 302
GET  /en/signup/                                        200 302 302 302 302 302
GET  /en/signup/provider/                               302 302 302 302 302 302
GET  /en/signup/approval/                               200 200 200 200 200 200
GET  /en/password/                                      200 200 200 200 200 200
GET  /en/password/sent/                                 200 200 200 200 200 200
GET  /en/password/1-wrong/                              200 200 200 200 200 200
GET  /en/password/done/                                 200 200 200 200 200 200
GET  /en/account/                                       302 200 200 200 200 200
GET  /en/account/off/                                   200 200 200 200 200 200
GET  /en/account/again/                                 302 200 200 200 200 200
GET  /en/account/again/code/                            302 302 302 302 302 302
GET  /en/account/email/                                 302 200 200 200 200 200
GET  /en/account/email/sent/                            200 200 200 200 200 200
GET  /en/account/email/wrong/                           200 200 200 200 200 200
GET  /en/account/password/                              302 200 200 200 200 200
GET  /en/account/password/set/                          302 302 302 302 302 302
GET  /en/account/second-factor/                         302 200 200 200 200 200
GET  /en/account/second-factor/on/                      302 302 302 302 302 302
GET  /en/account/second-factor/off/                     302 404 404 404 404 404
GET  /en/account/recovery-codes/                        302 404 404 404 404 404
GET  /en/account/recovery-codes/new/                    302 302 302 302 302 302
GET  /en/account/recovery-codes/file/                   302 404 404 404 404 404
GET  /en/account/ways/                                  302 200 200 200 200 200
GET  /en/account/ways/cancelled/                        200 200 200 200 200 200
GET  /en/account/ways/error/                            401 401 401 401 401 401
GET  /en/my/profile/                                    302 200 200 200 200 200
GET  /en/my/tokens/                                     302 200 200 200 200 200
# Questions through the hub: {question} lies before the researcher; links in mails are good for whoever has them
GET  /en/ask/                                           200 200 200 200 200 200
GET  /en/ask/sent/                                      200 200 200 200 200 200
GET  /en/people/{person}/ask/                           200 200 200 200 200 200
GET  /en/people/{hidden_person}/ask/                    404 404 404 404 404 404
GET  /en/questions/{confirm_key}/confirm/               302 302 302 302 302 302
GET  /en/questions/wrong/confirm/                       404 404 404 404 404 404
GET  /en/questions/{confirm_key}/                       404 404 404 404 404 404
GET  /en/questions/{receiver_key}/                      404 404 404 404 404 404
GET  /en/questions/wrong/erase/                         404 404 404 404 404 404
GET  /en/questions/wrong/data.json                      404 404 404 404 404 404
GET  /en/answers/{asker_key}/                           404 404 404 404 404 404
GET  /en/answers/{receiver_key}/                        302 302 302 302 302 302
GET  /en/answers/{receiver_key}/no-more/                404 404 404 404 404 404
POST /en/answers/{no_more_key}/no-more/                 302 302 302 302 302 302
GET  /en/answers/{no_more_key}/                         404 404 404 404 404 404
GET  /en/my/questions/{question}/                       302 404 200 404 404 404
POST /en/my/questions/{question}/                       302 404 200 404 404 404
POST /en/my/tokens/{token}/revoke/                      302 404 302 404 404 404
# Work on its way in: {deposit} is the researcher's, everything of it is closed to others
GET  /api/v1/deposits                                   401 401 401 401 401 401
GET  /api/v1/deposits/{deposit}                         401 401 401 401 401 401
GET  /en/deposit/                                       302 403 200 200 200 200
GET  /en/deposit/queue/                                 302 403 200 200 200 200
GET  /en/deposit/complete/people/?q=zz                  302 403 200 200 200 200
GET  /en/deposit/{deposit}/                             302 403 200 404 404 404
GET  /en/deposit/{deposit}/state/                       302 403 200 404 404 404
GET  /en/deposit/{deposit}/preview/                     302 403 200 404 404 404
POST /en/deposit/{deposit}/files/                       302 403 302 404 404 404
POST /en/deposit/{deposit}/files/7/take-out/            302 403 302 404 404 404
POST /en/deposit/{deposit}/another-work/                302 403 302 404 404 404
POST /en/deposit/{deposit}/new-version-of/              302 403 302 404 404 404
POST /en/deposit/{deposit}/take-back/                   302 403 302 404 404 404
POST /en/deposit/{nothing}/throw-away/                  302 403 404 404 404 404
GET  /en/my/                                            302 200 200 200 200 200
POST /en/my/{live}/new-version/                         302 403 404 404 404 404
GET  /en/my/{live}/withdraw/                            302 404 404 404 404 404
# Saved searches: {kept} is the researcher's; the links are of an address without an account
POST /en/alerts/?q=words                                302 302 302 302 302 302
GET  /en/alerts/new/?q=words                            200 200 200 200 200 200
GET  /en/alerts/asked/                                  200 200 200 200 200 200
GET  /en/alerts/confirm/{confirm}/                      200 200 200 200 200 200
GET  /en/alerts/confirm/{mine}/                         404 404 404 404 404 404
GET  /en/alerts/mine/{mine}/                            200 200 200 200 200 200
GET  /en/alerts/mine/{confirm}/                         404 404 404 404 404 404
POST /en/alerts/mine/{mine}/{kept}/                     404 404 404 404 404 404
GET  /en/alerts/end/{end}/                              200 200 200 200 200 200
GET  /en/alerts/end/{mine}/                             404 404 404 404 404 404
GET  /en/my/searches/                                   302 200 200 200 200 200
POST /en/my/searches/{kept}/                            302 404 302 404 404 404
# What the hub holds
GET  /en/                                               200 200 200 200 200 200
GET  /en/search/?q={secret}                             200 200 200 200 200 200
GET  /en/experts/?q={secret}                            200 200 200 200 200 200
GET  /en/experts/shortlist/?q={secret}                  200 200 200 200 200 200
GET  /en/records/                                       302 302 302 302 302 302
GET  /en/records/{live}/                                200 200 200 200 200 200
GET  /en/records/{members}/                             200 200 200 200 200 200
GET  /en/records/{draft}/                               404 404 404 404 404 404
GET  /en/records/{live}/paper.pdf                       200 200 200 200 200 200
GET  /en/records/{members}/paper.pdf                    403 200 200 200 200 200
GET  /en/records/{closed}/paper.pdf                     403 403 403 403 200 200
GET  /en/records/{draft}/paper.pdf                      404 404 200 404 200 200
GET  /en/records/{members}/pages/1/1/                   403 200 200 200 200 200
GET  /en/records/{closed}/pages/1/1/                    403 403 403 403 200 200
GET  /en/records/{draft}/pages/1/1/                     404 404 200 404 200 200
GET  /en/records/{members}/pages/1/1/400.webp           403 200 200 200 200 200
GET  /en/records/{draft}/pages/1/1/400.webp             404 404 200 404 200 200
GET  /en/records/{members}/pages/1/thumbnail.webp       403 200 200 200 200 200
GET  /en/records/{draft}/pages/1/thumbnail.webp         404 404 200 404 200 200
GET  /en/records/{live}/versions/                       404 404 404 404 404 404
GET  /en/records/{draft}/versions/                      404 404 404 404 404 404
# Of a deposit that was never sent nobody but its owner sees anything, not even the editors
GET  /en/records/{deposit}/                             404 404 404 404 404 404
GET  /en/records/{deposit}/unsent.pdf                   404 404 200 404 404 404
GET  /en/records/{deposit}/pages/1/1/                   404 404 200 404 404 404
GET  /en/records/{deposit}/pages/1/1/400.webp           404 404 200 404 404 404
GET  /en/records/{deposit}/pages/1/thumbnail.webp       404 404 200 404 404 404
GET  /en/people/                                        200 200 200 200 200 200
GET  /en/people/{person}/                               200 200 200 200 200 200
GET  /en/people/{hidden_person}/                        404 404 404 404 404 404
GET  /en/organisations/                                 200 200 200 200 200 200
GET  /en/organisations/{organisation}/                  200 200 200 200 200 200
GET  /en/events/                                        200 200 200 200 200 200
GET  /en/events.ics                                     200 200 200 200 200 200
GET  /en/events/{event}.ics                             200 200 200 200 200 200
GET  /en/events/{hidden_event}.ics                      404 404 404 404 404 404
GET  /en/events/{event}/photos/1/                       200 200 200 200 200 200
GET  /en/events/{hidden_event}/photos/1/                404 404 404 404 404 404
GET  /en/events/{event}/                                200 200 200 200 200 200
GET  /en/events/{hidden_event}/                         404 404 404 404 404 404
GET  /en/topics/                                        200 200 200 200 200 200
GET  /en/topics/{topic}/                                200 200 200 200 200 200
GET  /en/collections/                                   200 200 200 200 200 200
GET  /en/collections/{collection}/                      200 200 200 200 200 200
GET  /en/collections/{hidden_collection}/               404 404 404 404 404 404
GET  /en/collections/{collection}/reading-list/         200 200 200 200 200 200
GET  /en/collections/{hidden_collection}/reading-list/  404 404 404 404 404 404
GET  /en/collections/{collection}/reading-list.pdf      200 200 200 200 200 200
GET  /en/collections/{hidden_collection}/reading-list.pdf 404 404 404 404 404 404
"""


@dataclass(frozen=True)
class Row:
    """One address and what each role is answered."""

    method: str
    address: str
    answers: tuple[int, ...]


def read_table() -> list[Row]:
    lines = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    return [Row(method, address, tuple(map(int, answers))) for method, address, *answers in lines]


ROWS = read_table()


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every route of the project, whole."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def is_in_cms(route: str) -> bool:
    return route.startswith("admin/") and route != "admin/login/"


def is_of_wagtail(route: str) -> bool:
    """Documents, and the pages of the CMS's tree, which are asked apart."""
    return route.startswith("documents/") or "_util/" in route or "^((?:[\\w\\-]+/)*)$" in route


@pytest.fixture
def world(settings: Any) -> dict[str, Any]:
    """One of everything, and of what can be hidden a hidden one, whose words hold the secret."""
    cache.clear()
    create_site_tree()
    owner = ResearcherFactory()
    open_record = PublicationFactory(title="Open", creators=["Ada Wiggers"], topics=[TopicFactory(slug="open-topic")])
    members = PublicationFactory(title="For members", access_right=AccessRight.MEMBERS)
    closed = PublicationFactory(title="Closed", access_right=AccessRight.METADATA_ONLY)
    draft = PublicationFactory(title=f"{SECRET} title", abstract=SECRET, live=False, owner=owner)
    for record in (open_record, members, closed, draft):
        text = SECRET if record in (draft, closed) else "plain"
        RecordFileFactory(record=record, name="paper.pdf", pages=[f"{text} words"])
    token, _secret = make_token(owner, name=SECRET, lifetime_days=30, now=timezone.now())
    unsent = make_deposit(owner=owner, metadata=RecordMetadata(title=SECRET))
    unsent_file = RecordFileFactory(record=unsent.record, name="unsent.pdf", pages=[f"{SECRET} words", ""])
    add_finding(unsent_file, passage=SECRET)
    hidden_person = PersonFactory(family_name=SECRET, is_listed=False)
    merge_people(hidden_person, PersonFactory(family_name=f"{SECRET} too", is_listed=False))
    for _number in range(2):
        PersonFactory(given_name="Piet", family_name=f"{SECRET} again", is_listed=False)
    refresh_doubles()
    claim = claim_profile(MemberFactory(), PersonFactory(family_name="Grijs"), note=SECRET)
    passing = question_to(PersonFactory(user=owner, has_consented=True))
    rebuild_index()
    theirs = Subscriber.objects.create(user=owner)
    kept = SavedSearch.objects.create(subscriber=theirs, query=f"q={SECRET}", confirmed_at=timezone.now())
    address = Subscriber.objects.create(email="reader@company.example")
    waiting = SavedSearch.objects.create(subscriber=address, query="q=words")
    return {
        "users": {
            "member": MemberFactory(),
            "researcher": owner,
            "other": ResearcherFactory(),
            "editor": EditorFactory(),
            "admin": UserFactory(is_superuser=True, is_staff=True),
        },
        "live": open_record.pid,
        "members": members.pid,
        "closed": closed.pid,
        "draft": draft.pid,
        "deposit": unsent.record.pid,
        "unsent": [unsent.record.pk, unsent_file.pk, unsent.pk],
        "nothing": "nothing",
        "secret": SECRET,
        "token": token.pk,
        "question": passing.pk,
        "confirm_key": sign_link(reaching.CONFIRM, passing.request_id),
        "asker_key": sign_link(reaching.ASKER, passing.request_id),
        "receiver_key": sign_link(reaching.RECEIVER, passing.pk),
        "no_more_key": sign_link(reaching.NO_MORE, passing.person_id),
        "kept": kept.pk,
        "confirm": sign_link(CONFIRM, waiting.pk),
        "mine": sign_link(MINE, address.pk),
        "end": sign_link(END, address.pk),
        "person": PersonFactory().slug,
        "hidden_person": hidden_person.slug,
        "organisation": OrganisationFactory().slug,
        "event": EventPhotoFactory().event.slug,
        "hidden_event": EventPhotoFactory(event__title_en=SECRET, event__live=False).event.slug,
        "topic": "open-topic",
        "collection": CollectionFactory(records=[open_record]).slug,
        "hidden_collection": CollectionFactory(title_en=SECRET, live=False).slug,
        "pks": {
            "record": draft.pk,
            "person": hidden_person.pk,
            "claim": claim.pk,
            "question": passing.request_id,
            "image": HubImageFactory().pk,
            "merges": MergeLog.objects.get().pk,
            "doubles": LikelyDouble.objects.get().pk,
        },
    }


def question_to(person: Any) -> Any:
    """A question with the secret in it that lies before a person."""
    asked = ask(
        Asking(SECRET, SECRET, SECRET, "asker@x.example", False), person, query=SECRET, evidence=(), language="en"
    )
    confirm(asked, now=timezone.now())
    return asked.passings.get()


def add_finding(file: RecordFile, *, passage: str) -> None:
    file.findings.create(page=1, place="text", kind=SensitiveKind.CITIZEN_NUMBER, rule="bsn_named", confidence="sure",
                         passage=passage, digest="0" * 64)  # fmt: skip


def client_of(world: dict[str, Any], role: str) -> Client:
    client = Client()
    if role != "stranger":
        client.force_login(world["users"][role])
    return client


def test_every_address_is_in_the_table():
    known = set()
    for row in ROWS:
        filled = re.sub(r"\{\w+\}", "2", row.address.partition("?")[0])
        known.add(resolve(filled).route)
    ours = {route for route in routes(get_resolver()) if not is_in_cms(route) and not is_of_wagtail(route)}

    assert sorted(ours - known) == []


def test_every_address_answers_each_role_as_the_table_says(world: dict[str, Any]):
    wrong = []
    for row, role in product(ROWS, ROLES):
        client = client_of(world, role)  # signing out is among the addresses
        address = row.address.format(**world)
        answer = getattr(client, row.method.lower())(address)
        content = answer.getvalue() if answer.streaming else answer.content
        expected = row.answers[ROLES.index(role)]
        if answer.status_code != expected:
            wrong.append(f"{row.method} {address} by {role}: {answer.status_code}, not {expected}")
        told = SECRET in content.decode("utf-8", "replace").replace(f"?q={SECRET}", "").replace(f'value="{SECRET}"', "")
        asked = "q=" in address
        if role in OUTSIDERS and told and not asked:
            wrong.append(f"{row.method} {address}: tells {role} of the draft")

    assert wrong == []


def test_asking_for_the_secret_finds_nothing(world: dict[str, Any]):
    for role in OUTSIDERS:
        client = client_of(world, role)
        found = client.get(f"/api/v1/search?q={SECRET}").json()

        assert (found["total"], found["hits"]) == (0, []), role
        assert client.get(f"/api/v1/suggest?q={SECRET[:8]}").json() == {"suggestions": []}, role
        assert 'data-total="0"' in client.get(f"/en/search/?q={SECRET}").content.decode(), role


# The CMS -------------------------------------------------------------------------------------------------------------

OPEN_IN_CMS = {"admin/jsi18n/", "admin/sprite/", "admin/logout/"}
"""What Wagtail answers to everybody: words and icons of its scripts, and signing out."""


def filled_routes(world: dict[str, Any]) -> Iterator[str]:
    """An address for each pattern of the CMS, with keys of things that hold the secret."""
    for route in routes(get_resolver()):
        if not is_in_cms(route) or route in OPEN_IN_CMS:
            continue
        thing = next((name for name in world["pks"] if name in route), "record")
        filled = re.sub(r"<(?:int|str|key|slug|path|uuid)?:?\w+>", str(world["pks"][thing]), route)
        filled = re.sub(r"\(\?P<\w+>[^)]*\)|\([^)]*\)", str(world["pks"][thing]), filled)
        address = "/" + re.sub(r"[\^$\\]|\\[AZ]", "", filled)
        try:
            resolve(address)
        except Resolver404:
            continue
        yield address


def test_no_address_of_the_cms_opens_to_outsiders(world: dict[str, Any]):
    addresses = sorted(set(filled_routes(world)))
    let_in = []
    for role, address in product([*OUTSIDERS, "researcher"], addresses):
        answer = client_of(world, role).get(address)
        goes_to_sign_in = answer.status_code == 302 and ("/login/" in answer.url or answer.url.startswith("/admin/"))
        if not goes_to_sign_in and answer.status_code not in (403, 404, 405):
            let_in.append(f"{address} by {role}: {answer.status_code}")
        if SECRET in answer.content.decode("utf-8", "replace"):
            let_in.append(f"{address} by {role}: tells of the draft")

    assert len(addresses) > 300
    assert let_in == []


ABOUT_WORK = re.compile(r"/(publication|recordfile|records?|files?|deposits|reports|versions|lookalikes)(/|-|_)")


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_no_address_of_the_cms_tells_editors_of_work_that_was_never_sent(world: dict[str, Any], role: str):
    addresses = {
        address
        for pk in world["unsent"]
        for address in filled_routes({"pks": dict.fromkeys(("record", "person"), pk)})
        if ABOUT_WORK.search(address)
    }
    client = client_of(world, role)
    client.raise_request_exception = False
    told = []
    for address in sorted(addresses):
        for query in ("", "?q=unsent"):
            answer = client.get(address + query)
            content = answer.getvalue() if answer.streaming else answer.content
            words = content.decode("utf-8", "replace")
            if "unsent.pdf" in words or f"{SECRET} words" in words or world["deposit"] in words:
                told.append(f"{address}{query}: {answer.status_code}")
    page = client.get("/admin/").content.decode()

    assert len(addresses) > 60
    assert told == []
    assert "may hold patient data" not in page  # not even that there is one


def test_editors_act_on_no_file_of_work_that_was_never_sent(world: dict[str, Any]):
    record, file, _deposit = world["unsent"]
    client = client_of(world, "editor")
    acts = [
        f"/admin/files/{file}/read-again/", f"/admin/files/{file}/recognise/", f"/admin/files/{file}/justify/",
        f"/admin/files/{file}/fill/", f"/admin/records/{record}/files/add/",
        f"/admin/snippets/publications/recordfile/edit/{file}/",
        f"/admin/snippets/publications/recordfile/delete/{file}/",
        f"/admin/snippets/publications/publication/edit/{record}/",
    ]  # fmt: skip

    assert {path: client.post(path).status_code for path in acts} == dict.fromkeys(acts, 404)
