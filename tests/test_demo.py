"""The demo content, loaded once for all of these tests: what there is, and that every link of the site works."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve

from publications.demo.load import ACCOUNTS, PASSWORD, load_demo
from publications.ingest.pipeline import ingest_files
from publications.models import Collection, Event, NewsPage, Organisation, Person, Record, RecordFile, Topic
from publications.site_tree import create_site_tree
from publications.vocabularies import EventKind, FileStatus, PageStatus, RecordType
from search.indexing import compare_index, get_search_engine, rebuild_index

SITE = "http://testserver"

pytestmark = pytest.mark.xdist_group("demo")
"""Loaded once: all of these tests in one process."""


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """The whole demo in one transaction, its files read and indexed."""
    folder = tmp_path_factory.mktemp("demo")
    places = {"FILES_DIR": "files", "PAGE_CACHE_DIR": "pages", "SEARCH_INDEX_DIR": "index", "STATIC_ROOT": "static"}
    deposits = RecordFile._meta.get_field("content").storage
    location = deposits.location
    with (
        django_db_blocker.unblock(),
        override_settings(**{name: folder / place for name, place in places.items()}),
        transaction.atomic(),
    ):
        move_storage(folder / "files")
        create_site_tree()
        loaded = load_demo()
        ingest_files([file.pk for file in loaded.unread], workers=2)
        rebuild_index()
        yield
        move_storage(location)
        transaction.set_rollback(True)


def move_storage(location) -> None:
    deposits = RecordFile._meta.get_field("content").storage
    deposits._location = location
    for cached in ("base_location", "location"):
        deposits.__dict__.pop(cached, None)


@pytest.fixture(autouse=True)
def own_folders(demo, db) -> None:
    """The folders of the demo, instead of those that each test has for itself elsewhere."""


# What there is ------------------------------------------------------------------------------------------------------


def test_there_is_enough_to_try_everything():
    records = Record.objects.live()
    languages = Counter(records.values_list("language", flat=True))

    assert records.count() >= 24
    assert set(records.values_list("record_type", flat=True)) == set(RecordType.values)
    assert 0.25 <= languages["nl"] / records.count() <= 0.45
    assert Person.objects.visible().count() >= 12
    assert Organisation.objects.visible().count() >= 8
    assert Event.objects.live().count() >= 6
    wanted = {EventKind.MEDICAL_TOUR, EventKind.CONFERENCE, EventKind.MATCHMAKING, EventKind.ROUND_TABLE}
    assert wanted <= set(Event.objects.live().values_list("kind", flat=True))
    assert Collection.objects.live().count() >= 4
    assert min(Counter(NewsPage.objects.live().values_list("locale__language_code", flat=True)).values()) >= 3


def test_topics_have_labels_and_synonyms_in_both_languages():
    topics = Topic.objects.current()

    assert topics.count() >= 20
    assert not topics.filter(label_en="").exists()
    assert not topics.filter(label_nl="").exists()
    assert topics.exclude(synonyms_en="").exists()
    assert topics.exclude(synonyms_nl="").exists()


def test_every_file_was_read_and_can_be_found():
    files = RecordFile.objects.present()
    pages = sum(file.pages.filter(status=PageStatus.TEXT).count() for file in files)

    assert set(files.filter(media_type="application/pdf").values_list("status", flat=True)) <= {
        FileStatus.READY,
        FileStatus.NO_TEXT,
    }
    assert files.filter(page_count__gte=2).count() >= 24
    assert compare_index().differing == ()
    assert get_search_engine().status().records == Record.objects.live().count()
    assert get_search_engine().status().passages == pages


def test_events_have_outcomes_and_records_have_people():
    with_outcomes = Event.objects.live().filter(records__record_type=RecordType.EVENT_OUTCOME).distinct()

    assert with_outcomes.count() >= 3
    assert not Record.objects.live().filter(contributions=None).exists()


def test_the_site_says_that_its_people_are_invented(client: Client):
    assert "invented" in client.get("/en/").content.decode()
    assert "verzonnen" in client.get("/nl/").content.decode()


@pytest.mark.parametrize("account", [name for name, _group in ACCOUNTS])
def test_the_accounts_can_sign_in(client: Client, account):
    answer = client.post("/en/login/", {"username": account, "password": PASSWORD})

    assert answer.status_code == 302
    assert (client.get("/admin/").status_code == 200) == (account == "editor")


# Again --------------------------------------------------------------------------------------------------------------


def test_loading_it_again_adds_nothing_and_keeps_what_was_changed(capsys):
    Person.objects.filter(pk=Person.objects.first().pk).update(family_name="Changed")
    before = everything()

    loaded = load_demo()
    call_command("load_demo")

    assert (any(loaded.counts.values()), loaded.unread, everything()) == (False, [], before)
    printed = capsys.readouterr().out
    assert "Added nothing in" in printed
    assert all(f"{name:<12} password: {PASSWORD}" in printed for name, _group in ACCOUNTS)


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values_list("pk", *names))
        for model, names in (
            (Record, ("pid", "title")),
            (RecordFile, ("sha256", "status", "content")),
            (Person, ("family_name",)),
            (Organisation, ("slug",)),
            (Topic, ("slug",)),
            (Event, ("slug",)),
            (Collection, ("slug",)),
            (NewsPage, ("slug",)),
        )
    ]


# Links ------------------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """The addresses that a page names, the ids that it has, and the forms that it posts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.posts: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.ids.add(values.get("id", ""))
        if tag == "form" and values.get("method", "get").lower() == "post":
            self.posts.append(values.get("action", ""))
            return
        self.addresses += [values[name] for name in ("href", "src", "action", "data-href") if values.get(name)]
        self.addresses += [part.split()[0] for part in values.get("srcset", "").split(",") if part.strip()]


READER = re.compile(r"/(en|nl)/records/(\w+)/pages/(\d+)/\d+/")
IMAGE = re.compile(r"/(?:en|nl)/records/(\w+)/pages/(\d+)/\d+/(\d+)\.webp")


def kind_of(address: str) -> tuple[tuple[object, ...], int] | None:
    """What an address is one of many of, and how many of them are visited; None for a page of its own kind.

    Many are: the pages of a file, their images, the same question put otherwise.
    """
    parts = urlsplit(address)
    if match := READER.fullmatch(parts.path):
        return ("reader", *match.groups()), 1
    if match := IMAGE.fullmatch(parts.path):
        return (("image", match[1], match[2]), 1) if match[3] == "160" else (("image", match[3]), 5)
    if parts.query:
        section = "/".join(parts.path.split("/")[:3])
        names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
        return ((section, *names), 2) if len(names) == 1 else ((section, "several"), 5)
    return None


class Crawler:
    """Visits every address of the site, a few of those that only differ in a page number or a question."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.found_on: dict[str, str] = {}
        self.waiting: deque[str] = deque()
        self.kinds: Counter[tuple[object, ...]] = Counter()
        self.broken: dict[str, tuple[object, str]] = {}

    def crawl(self, *starts: str) -> None:
        for start in starts:
            self.note(start, "the test")
        while self.waiting:
            self.visit(self.waiting.popleft())

    def note(self, address: str, page: str) -> None:
        """Remember to visit this address, if it is ours and not one of many that were visited."""
        target = urldefrag(urljoin(SITE + page, address)).url
        if not target.startswith(SITE + "/"):
            return
        target = target.removeprefix(SITE)
        if target in self.found_on:
            return
        if of_many := kind_of(target):
            kind, limit = of_many
            if self.kinds[kind] >= limit:
                return
            self.kinds[kind] += 1
        self.found_on[target] = page
        self.waiting.append(target)

    def visit(self, address: str) -> None:
        if address.startswith("/static/"):
            if not finders.find(urlsplit(address).path.removeprefix("/static/")):
                self.broken[address] = ("no such file", self.found_on[address])
            return
        answer = self.client.get(address)
        if answer.status_code in (301, 302):
            self.note(answer.headers["Location"], address)
        elif answer.status_code != 200:
            self.broken[address] = (answer.status_code, self.found_on[address])
        elif answer.headers.get("Content-Type", "").startswith("text/html") and not address.startswith("/admin/"):
            self.read(answer.content.decode(), address)

    def read(self, text: str, address: str) -> None:
        links = Links(text)
        for link in links.addresses:
            if link.startswith("#") and link[1:] not in links.ids:
                self.broken[link] = ("no such part", address)
            self.note(link, address)
        for action in links.posts:
            resolve(urlsplit(urljoin(address, action)).path)


def test_every_link_of_the_site_works(client: Client):
    crawler = Crawler(client)

    crawler.crawl("/", "/en/", "/nl/", "/sitemap.xml", "/robots.txt", *in_sitemap(client))

    assert crawler.broken == {}
    visited = Counter(re.sub(r"/(en|nl)/(\w+)/.*", r"\2", address) for address in crawler.found_on)
    assert visited["records"] > 2 * Record.objects.live().count()
    for pid in Record.objects.live().values_list("pid", flat=True):
        endings = {address.removeprefix(f"/records/{pid}.") for address in crawler.found_on if f"/{pid}." in address}
        assert {"bib", "ris", "csl.json", "jsonld", "datacite.json"} <= endings
    read = {key[2:4] for key in crawler.kinds if key[0] == "reader"}
    open_files = [file for file in RecordFile.objects.present() if file.has_pages and file.readership.audiences]
    assert read >= {(file.record.pid, str(file.number)) for file in open_files if "public" in file.readership.audiences}


def in_sitemap(client: Client) -> list[str]:
    """The addresses that the sitemap names, in both languages."""
    sitemap = client.get("/sitemap.xml").content.decode()
    return [*re.findall(r"<loc>(.*?)</loc>", sitemap), *re.findall(r'hreflang="\w+" href="(.*?)"', sitemap)]


def test_the_sitemap_names_every_record_in_both_languages(client: Client):
    named = set(in_sitemap(client))

    for pid in Record.objects.live().values_list("pid", flat=True):
        assert {f"{SITE}/en/records/{pid}/", f"{SITE}/nl/records/{pid}/"} <= named


def test_style_sheets_import_only_what_is_there():
    sheet = finders.find("knowledge_hub/css/hub.css")
    imported = re.findall(r'@import url\("?(.*?)"?\)|@import "(.*?)"', Path(sheet).read_text())

    names = [urljoin("knowledge_hub/css/hub.css", first or second) for first, second in imported]
    assert names
    assert all(finders.find(name) for name in names)
