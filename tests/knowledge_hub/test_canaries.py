"""No e-mail address that is printed in a file leaves the hub, but in the file and in the picture of its page."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from publications.formats import FORMATS
from publications.ingest.pipeline import ingest_file
from publications.models import FilePage, Record, RecordFile
from publications.records import fill_empty_fields
from search.indexing import rebuild_index
from tests.factories import (
    CollectionFactory,
    EventFactory,
    PublicationFactory,
    RecordFileFactory,
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
    yield from ("/sitemap.xml", "/api/v1/openapi.json")


def linked(html: str) -> set[str]:
    links = re.findall(r'(?:href|src|action)="(/[^"#]*)', html)
    return {link.replace("&amp;", "&") for link in links if not link.startswith(("/static/", "/admin/", "/theme/"))}


def test_the_canaries_are_in_the_file_and_known_to_editors(file):
    assert file.status == "ready" and file.record.files.count() == 1
    assert any("canaria.vogel@canary-host.example" in str(value) for value in file.suggested["authors"]["value"])
    assert FilePage.objects.filter(file=file, text__contains="[e-mail]").count() == 2


def test_no_public_address_tells_a_printed_address(file, client: Client):
    words = ["marmots", "whistle", "canary", "winter"]
    todo, seen = list(addresses(file, words)), set()
    found = 0

    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        content = b"".join(response) if response.streaming else response.content
        if response["Content-Type"].split(";")[0] in ("application/pdf", "image/webp"):
            continue
        text = content.decode()
        found += "arm" in text and "ot" in text
        for canary in CANARIES:
            assert f"{canary}@" not in text and f"{canary}, zangzaad}}" not in text, url
        assert "canary-host.example" not in text, url
        for name, value in response.items():
            assert "canary-host" not in value, (url, name)
        if len(seen) < 60 and response["Content-Type"].startswith("text/html"):
            todo += linked(text) - seen

    assert found > 20


def test_a_question_for_an_address_finds_nothing_by_it(file, client: Client):
    for question in ("kooijman", '"canary host"', "zangzaad*", "canaria.vogel@canary-host.example"):
        answer = client.get("/api/v1/search", {"q": question, "widen": "no"}).json()

        assert "canary-host" not in str(answer["hits"]), question
        assert answer["total"] == 0 or question.startswith("canaria"), question


def test_words_beside_an_address_are_marked_where_they_stand(file, client: Client):
    html = client.get(f"/en/records/{file.record.pid}/pages/1/2/?q=marmots").content.decode()

    assert re.search(r"Write to \[e-mail\]\s+or to \[e-mail\] about <mark>marmots</mark>", html)
