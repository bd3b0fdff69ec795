"""No e-mail address that the hub keeps leaves it, nor one printed in a file but in the file and its page's picture."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from publications.contact.asking import Asking, ask, confirm
from publications.contact.evidence import find_evidence
from publications.contact.queue import send_waiting_mails
from publications.formats import FORMATS
from publications.ingest.pipeline import ingest_file
from publications.models import ContactRequest, FilePage, Passing, Person, Record, RecordFile
from publications.records import fill_empty_fields
from search.indexing import rebuild_index
from search.models import SavedSearch, Subscriber
from tests.factories import (
    CollectionFactory,
    ContributionFactory,
    EventFactory,
    MemberFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    make_pdf,
)

pytestmark = pytest.mark.django_db

CANARIES = ("canaria.vogel", "kwinkeleer", "zangzaad", "kooijman", "volière", "canary-host")
PAGE = """Marmots in winter
Canaria Vogel and Jan Zang
canaria.vogel@canary-host.example
{kwinkeleer, zangzaad}@canary-host.example

Abstract
Marmots sleep all winter and write to kooijman@canary-host.example when they wake up in spring.
Marmots eat grass and herbs, and they whistle at eagles."""
LAST = (
    "Marmots whistle. Write to kwinkeleer@\ncanary-host.example or to zangzaad (at) canary-host.example about marmots."
)


@pytest.fixture
def file() -> RecordFile:
    """An open file of a live record that has everything a page shows, read and described as any is."""
    topic, event = TopicFactory(), EventFactory()
    record = PublicationFactory(title="x.pdf", topics=[topic], event=event, live=False, language="und", issued="")
    record.save_revision()
    CollectionFactory(records=[record])
    file = RecordFileFactory(record=record, name="x.pdf", unread=True, content_bytes=make_pdf([PAGE, LAST]))
    ingest_file(file.pk)
    file.refresh_from_db()
    assert fill_empty_fields(record, file.suggestion, with_new_topics=True)
    Record.objects.get(pk=record.pk).specific().get_latest_revision().publish()
    rebuild_index()
    return file


def addresses(file: RecordFile, words: list[str]) -> Iterator[str]:
    """Every kind of address that shows something of the record, and every link on those pages."""
    pid = file.record.pid
    for lang in ("en", "nl"):
        yield from (f"/{lang}/", f"/{lang}/records/{pid}/", f"/{lang}/topics/", f"/{lang}/people/", f"/{lang}/events/")
        for word in words:
            yield f"/{lang}/search/?q={word}"
            yield from (f"/{lang}/records/{pid}/pages/{file.number}/{number}/?q={word}" for number in (1, 2))
            yield from (f"/api/v1/search?q={word}&lang={lang}", f"/api/v1/suggest?q={word}&lang={lang}")
    yield from (f"/records/{pid}.{known.extension}" for known in FORMATS)
    yield from ("/feeds/records.atom", "/feeds/search.atom?q=marmots")
    yield from ("/sitemap.xml", "/api/v1/openapi.json")


def linked(html: str) -> set[str]:
    links = re.findall(r'(?:href|src|action)="(/[^"#]*)', html)
    return {link.replace("&amp;", "&") for link in links if not link.startswith(("/static/", "/admin/", "/theme/"))}


def test_the_canaries_are_in_the_file_and_known_to_editors(file):
    assert file.status == "ready" and file.record.files.count() == 1
    assert any("canaria.vogel@canary-host.example" in str(value) for value in file.suggested["authors"]["value"])
    assert FilePage.objects.filter(file=file, text__contains="[e-mail]").count() == 2


def crawl(client: Client, todo: Iterable[str], *, most: int = 60) -> Iterator[tuple[str, Any, str]]:
    """Each of these addresses and what they link to: the address, the answer, its text. No pictures and files."""
    left, seen = list(todo), set()
    while left:
        url = left.pop()
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        content = b"".join(response) if response.streaming else response.content
        if response["Content-Type"].split(";")[0] in ("application/pdf", "image/webp"):
            continue
        text = content.decode()
        yield url, response, text
        if len(seen) < most and response["Content-Type"].startswith("text/html"):
            left += linked(text) - seen


def test_no_public_address_tells_a_printed_address(file, client: Client):
    found = 0
    for url, response, text in crawl(client, addresses(file, ["marmots", "whistle", "canary", "winter"])):
        found += "arm" in text and "ot" in text
        for canary in CANARIES:
            assert f"{canary}@" not in text and f"{canary}, zangzaad}}" not in text, url
        assert "canary-host.example" not in text, url
        for name, value in response.items():
            assert "canary-host" not in value, (url, name)

    assert found > 20


def test_a_question_for_an_address_finds_nothing_by_it(file, client: Client):
    for question in ("kooijman", '"canary host"', "zangzaad*", "canaria.vogel@canary-host.example"):
        answer = client.get("/api/v1/search", {"q": question, "widen": "no"}).json()

        assert "canary-host" not in str(answer["hits"]), question
        assert answer["total"] == 0 or question.startswith("canaria"), question


def test_words_beside_an_address_are_marked_where_they_stand(file, client: Client):
    html = client.get(f"/en/records/{file.record.pid}/pages/1/2/?q=marmots").content.decode()

    assert re.search(r"Write to \[e-mail\]\s+or to \[e-mail\] about <mark>marmots</mark>", html)


# Addresses that the hub keeps ---------------------------------------------------------------------------------------

KEPT = "canary-kept.example"


@pytest.fixture
def people(file: RecordFile) -> dict[str, Person]:
    """Two authors who take questions: one with an address that editors keep, one with an account."""
    by_mail = PersonFactory(family_name="Puttertje", email=f"putter@{KEPT}", has_consented=True)
    account = ResearcherFactory(username="sijsje", email=f"sijs@{KEPT}")
    by_account = PersonFactory(family_name="Sijsje", user=account, has_consented=True)
    for person in (by_mail, by_account):
        ContributionFactory(record=Record.objects.get(pk=file.record_id), person=person, sort_order=5)
    SavedSearch.objects.create(subscriber=Subscriber.objects.create(email=f"vink@{KEPT}"), query="q=marmots")
    rebuild_index()
    return {"by_mail": by_mail, "by_account": by_account}


@pytest.fixture
def questions(file: RecordFile, people: dict[str, Person]) -> list[ContactRequest]:
    """A question to each of them that was confirmed and mailed; one asker shares the address, the other does not."""
    evidence = find_evidence([file.record.pid], "marmots", user=AnonymousUser(), today=timezone.localdate())
    asked = []
    for number, person in enumerate(people.values()):
        asking = Asking("Do marmots dream?", "Kneu", "", f"kneu{number}@{KEPT}", shares_address=bool(number))
        asked.append(ask(asking, person, query="marmots", evidence=evidence, language="en"))
        confirm(asked[-1], now=timezone.now())
    send_waiting_mails()
    return asked


def where_people_are(file: RecordFile, people: dict[str, Person]) -> Iterator[str]:
    """What shows people, in both languages, and what lists anything of the record."""
    yield from addresses(file, ["marmots", "canary-kept", "putter"])
    for lang in ("en", "nl"):
        yield from (f"/{lang}/experts/?q={q}" for q in ("marmots", "canary-kept", "sijs"))
        yield from (f"/{lang}/people/{person.slug}/" for person in people.values())
        yield from (f"/{lang}/people/{person.slug}/ask/?q=marmots&on={file.record.pid}" for person in people.values())
        yield from (f"/api/v1/experts?q={q}&lang={lang}" for q in ("marmots", KEPT, "putter"))
        yield f"/{lang}/experts/shortlist/?q=marmots&" + "&".join(f"shortlist={p.slug}" for p in people.values())
        yield from (f"/{lang}/my/", f"/{lang}/my/profile/", f"/{lang}/my/tokens/", f"/{lang}/ask/")


@pytest.mark.parametrize("reader", ["stranger", "member", "another researcher"])
def test_no_page_tells_anybody_an_address_that_the_hub_keeps(file, people, questions, caplog, reader):
    caplog.set_level(logging.DEBUG)
    client = Client()
    if reader != "stranger":
        client.force_login(MemberFactory() if reader == "member" else PersonFactory(user=ResearcherFactory()).user)
    read = 0

    for url, response, text in crawl(client, where_people_are(file, people), most=90):
        assert f"@{KEPT}" not in text, url
        assert not any(KEPT in value for value in response.headers.values()), url
        read += "Puttertje" in text

    assert read > 10
    assert not any(KEPT in record.getMessage() for record in caplog.records)


def test_mail_tells_an_address_only_to_whom_it_is_told(people, questions):
    by_kind = {(mail.to[0], "question for you" in mail.subject): mail for mail in outbox.outbox}
    to_putter, to_sijs = by_kind[f"putter@{KEPT}", True], by_kind[f"sijs@{KEPT}", True]

    assert to_putter.message().as_string().count(KEPT) == 1, "only To"
    assert to_sijs.reply_to == [f"kneu1@{KEPT}"], "who agreed to it"
    for mail in outbox.outbox:
        (receiver,) = mail.to
        others = mail.message().as_string().replace(receiver, "")
        assert KEPT not in others or (mail is to_sijs and others.count(KEPT) == 1)


def test_whoever_is_asked_sees_an_address_only_where_it_was_shared(people, questions):
    for asked in questions:
        passing = Passing.objects.get(request=asked)
        client = Client()
        client.force_login(people["by_account"].user)
        if passing.person.user_id is None:
            Passing.objects.filter(pk=passing.pk).update(person=people["by_account"])
        page = client.get(f"/en/my/questions/{passing.pk}/").content.decode()

        assert "Do marmots dream?" in page
        assert (asked.email in page) == asked.shares_address
        assert "putter@" not in page and "sijs@" not in page
