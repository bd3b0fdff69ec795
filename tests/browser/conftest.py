"""A real Chromium on a hub with a little of everything. CHROMIUM names it; without one, these tests are skipped."""

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from publications.models import Event, EventPartner, Organisation, Person, Record, RecordFile, SiteSettings
from publications.site_tree import create_site_tree
from publications.vocabularies import AccessRight, EventKind, ResourceType
from search.indexing import rebuild_index
from tests.factories import (
    PASSWORD,
    CollectionFactory,
    ContentPageFactory,
    ContributionAffiliationFactory,
    ContributionFactory,
    EditorFactory,
    EventFactory,
    EventOutcomeFactory,
    EventPhotoFactory,
    EventSeriesFactory,
    EventSessionFactory,
    FunderFactory,
    FundingReferenceFactory,
    HubImageFactory,
    NewsPageFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    RelatedIdentifierFactory,
    ResearcherFactory,
    SiteSettingsFactory,
    TopicFactory,
)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 120_000
"""How long to wait for what does not come: a busy machine is no failure."""
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}

ENGLISH_PAGES = [
    "A wedge is a strip of greys. Every morning the wedge is photographed, and its darkest step is compared.",
    "Nothing on this page is about that.",
    "Wedges that drift are seen at once. One wedge in nine was replaced in the first year of measurements.",
    "",
    "Conclusion: look at the wedge before you look at the patient.",
]
DUTCH_PAGES = [
    "De stapwig hangt elke ochtend voor de camera. Een wig is een strook van grijzen.",
    "Wie de metingen bekijkt, ziet dat de wiggen langzaam verkleuren.",
]


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)
    # All of a module in one process, so that its browser starts once.
    item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Chromium, started once for a module."""
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        pytest.skip("needs Chromium: CHROMIUM=/usr/bin/chromium")
    migrated = connection._test_serialized_contents
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop running in this thread. There Django would refuse to ask the database, and
        # has connections apart, which do not know what the migrations made and each test has to find again.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setattr(connection, "_test_serialized_contents", migrated, raising=False)
        patch.setattr("publications.ingest.page_images.WAIT_SECONDS", PATIENCE_MS / 1000)
        expect.set_options(timeout=PATIENCE_MS)
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=list(FLAGS))
        yield started
        started.close()
        connections.close_all()


def follow(element: Locator) -> None:
    """Click what leads to another page, and wait until all of that is there; a click alone does not wait."""
    with element.page.expect_navigation():
        element.click()


def press_enter(page: Page) -> None:
    """Send the form, or follow the link, that has the focus, and wait until all of the next page is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@dataclass
class Visitor:
    """A reader with a browser window, and what their console said."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    """Errors of scripts, refusals of the content security policy, things that could not be loaded."""

    def __post_init__(self) -> None:
        self.page.on("console", self.note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", lambda request: self.note_failure(request.url, request.failure))

    def note_message(self, message: ConsoleMessage) -> None:
        # The browser also reports the status of the very page that was asked for, such as 404.
        if message.type in ("error", "warning") and message.location.get("url") != self.page.url:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def note_failure(self, url: str, failure: str | None) -> None:
        if failure != "net::ERR_ABORTED":  # the reader went on before all was there
            self.complaints.append(f"{failure}: {url}")

    def go(self, path: str) -> int:
        """Open a page of the site and wait until all of it is there; its status."""
        answer = self.page.goto(self.site + path, wait_until="load")
        assert answer is not None
        return answer.status

    def sign_in(self, user: Any) -> None:
        """Be this user from now on, without the form, whose password takes long to check on purpose."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}])

    @property
    def path(self) -> str:
        """Where the visitor is, with the question."""
        return self.page.url.removeprefix(self.site)


class Traffic:
    """The requests that the site has not answered yet."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_signal: Any) -> None:
        with self.changed:
            self.count += 1

    def end(self, **_signal: Any) -> None:
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def wait_for_end(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=PATIENCE_MS / 1000)


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return Traffic()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: Any, traffic: Traffic) -> Iterator[Visit]:
    """visit(color_scheme="dark", java_script_enabled=False, …) gives a visitor with cookies of their own."""
    contexts: list[BrowserContext] = []

    def start(**options: Any) -> Visitor:
        context = browser.new_context(**({"viewport": DESKTOP, "locale": "en-GB"} | options))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url)

    yield start
    for context in contexts:
        context.close()
    traffic.wait_for_end()  # what a page asked last must not meet the tables being emptied


@dataclass(frozen=True)
class Hub:
    """The things on the hub that tests name."""

    paper: Record
    paper_file: RecordFile
    dutch: Record
    embargoed: Record
    closed: Record
    slides: Record
    outcome: Record
    addresses: dict[str, str]
    """One address of each kind of page, without the language."""


@pytest.fixture
def hub(transactional_db: None, own_folders: None, browser: Browser) -> Hub:
    """A hub with one or more of everything that a page can show."""
    tree = create_site_tree()
    SiteSettingsFactory(
        cluster_name="CMI-NEN",
        about_en="What the region knows about medical imaging.",
        about_nl="Wat de regio weet van medische beeldvorming.",
        notice_en="The people here are invented.",
        notice_nl="De mensen hier zijn verzonnen.",
    )
    assert SiteSettings.objects.count() == 1
    translation_keys = {"open": uuid.uuid4(), "about": uuid.uuid4()}
    for language, home in tree.homes.items():
        home.introduction = "Papers, slides and outcomes." if language == "en" else "Artikelen, dia’s en uitkomsten."
        home.examples = 'wedge\n"step wedge"'
        home.save_revision().publish()
        text = {
            "body": [("heading", "A heading"), ("paragraph", "<p>Text with <b>weight</b>.</p><ul><li>One</li></ul>")],
            "introduction": "In one sentence.",
            "locale": home.locale,
        }
        for slug, make, parent in (("open", NewsPageFactory, tree.news[language]), ("about", ContentPageFactory, home)):
            make(
                parent=parent, slug=slug, translation_key=translation_keys[slug], show_in_menus=slug == "about", **text
            )
    dutch = tree.homes["nl"]
    ContentPageFactory(parent=dutch, slug="alleen", title="Een pagina", locale=dutch.locale, show_in_menus=True)
    things = make_things()
    rebuild_index()
    return things


def fill_event(event: Event, *, speaker: Person, partner: Organisation) -> None:
    """A series, partners, a programme, and a gallery, of which one photo has no words."""
    event.series = EventSeriesFactory(title_en="Tables on greys", title_nl="Tafels over grijs")
    event.partners.add(EventPartner(organisation=partner, role="host"))
    event.matches, event.matches_consent = 9, "Asked on the form of registration."
    event.save()
    EventSessionFactory(event=event, title_en="Why wedges drift", title_nl="Waarom wiggen verlopen",
                        speakers=[speaker, "Gerda Gast"])  # fmt: skip
    for number, alt in enumerate(("A table with a wedge on it", "The hall", "")):
        image = HubImageFactory(alt_en=alt, alt_nl=alt and f"{alt}, in het Nederlands", credit="C. Redacteur")
        EventPhotoFactory(event=event, image=image, sort_order=number, caption_en=alt, caption_nl=alt)


def make_things() -> Hub:
    """The records of the hub and all that they name."""
    university = OrganisationFactory(name_en="University of the Veluwe", name_nl="Universiteit van de Veluwe",
                                     city="Ede", description_en="A place of measurement.", is_partner=True)  # fmt: skip
    OrganisationFactory(name_en="Grijs BV", kind="company", description_nl="Maakt wiggen.")
    imaging = TopicFactory(label_en="Medical imaging", label_nl="Medische beeldvorming", slug="medical-imaging")
    wedges = TopicFactory(label_en="Step wedges", label_nl="Stapwiggen", slug="step-wedges", broader=imaging,
                          definition_en="Strips of grey.", synonyms_nl="grijswig")  # fmt: skip
    ada = PersonFactory(given_name="Ada", family_name="Wiggers", slug="ada-wiggers", has_consented=True,
                        position_en="Physicist", position_nl="Fysicus", biography_en="Measures.",
                        orcid="0000-0002-1825-0097")  # fmt: skip
    bas = PersonFactory(given_name="Bas", family_name="Grijs", slug="bas-grijs")
    PersonAffiliationFactory(person=ada, organisation=university, start_year=2015)
    event = EventFactory(title_en="Round table on wedges", title_nl="Rondetafel over wiggen", slug="round-table",
                         kind=EventKind.ROUND_TABLE, starts=timezone.now() - timedelta(days=30), place="Town hall",
                         city="Deventer", summary_en="An afternoon.", summary_nl="Een middag.",
                         description_en="<p>Three talks.</p>", description_nl="<p>Drie lezingen.</p>")  # fmt: skip
    EventFactory(title_en="Conference to come", slug="to-come", starts=timezone.now() + timedelta(days=30))
    fill_event(event, speaker=ada, partner=university)
    paper = PublicationFactory(
        title="The wedge every morning", creators=[ada, bas], topics=[wedges, imaging], issued="2019-06-17",
        abstract="Wedges drift. We photographed one every morning for a year, and say what that told us.",
        translated_title="De wig, elke ochtend", translated_abstract="Wiggen verlopen.", doi="10.1000/wedge.1",
        container_title="Journal of Greys", volume="3", issue="1", page="1–5", rights="cc-by-4.0",
    )  # fmt: skip
    ContributionAffiliationFactory(contribution=paper.contributions.first(), organisation=university)
    ContributionFactory(record=paper, role="Editor", given_name="Cor", family_name="Redacteur", sort_order=9)
    FundingReferenceFactory(record=paper, funder=FunderFactory(name_en="EFRO", is_funder_of_cluster=True))
    paper_file = RecordFileFactory(record=paper, name="wedge.pdf", label="Article", pages=ENGLISH_PAGES)
    dutch = PublicationFactory(title="De stapwig, onvoorwaardelijk gekalibreerd", language="nl", creators=[bas],
                               topics=[wedges], issued="2021", event=event,
                               abstract="Over wiggen en ziekenhuisafdelingen.")  # fmt: skip
    RecordFileFactory(record=dutch, name="stapwig.pdf", pages=DUTCH_PAGES)
    next_week = timezone.localdate() + timedelta(days=7)
    embargoed = PublicationFactory(title="Under embargo", creators=[ada], issued="2024", language="en",
                                   access_right=AccessRight.EMBARGOED, available=next_week)  # fmt: skip
    closed = PublicationFactory(title="Only described", creators=["Dirk Dicht"], issued="2018",
                                access_right=AccessRight.METADATA_ONLY)  # fmt: skip
    for record in (embargoed, closed):
        RecordFileFactory(record=record, pages=["A wedge that nobody may see."])
    slides = PresentationFactory(title="Wedges in eleven slides", creators=[ada], event=event, issued="2020")
    RecordFileFactory(record=slides, name="slides.pdf", pages=["The wedge on a slide.", "Thanks."])
    outcome = EventOutcomeFactory(title="What was agreed on wedges", event=event, issued="2020-03",
                                  resource_type=ResourceType.MINUTES, creators=[bas])  # fmt: skip
    RelatedIdentifierFactory(record=paper, related_record=slides)
    for number in range(12):
        PublicationFactory(title=f"Another wedge, number {number}", issued=str(2005 + number), creators=[ada],
                           abstract="A wedge again.")  # fmt: skip
    collection = CollectionFactory(title_en="Wedges", title_nl="Wiggen", slug="wedges", records=[paper, dutch, slides],
                                   introduction_en=[("paragraph", "<p>By hand.</p>")],
                                   summary_en="All about wedges.")  # fmt: skip
    CollectionFactory(title_en="Slides", title_nl="Dia’s", slug="slides", records=[dutch],
                      rule="?q=wedge&type=presentation")  # fmt: skip
    return Hub(
        paper=paper,
        paper_file=paper_file,
        dutch=dutch,
        embargoed=embargoed,
        closed=closed,
        slides=slides,
        outcome=outcome,
        addresses={
            "home": "/",
            "search": "/search/?q=wedge",
            "search, second page": "/search/?q=wedge&page=2",
            "search, filtered": "/search/?q=wedge&language=nl&type=publication",
            "search, nothing found": "/search/?q=gondola",
            "search, misspelt": "/search/?q=wegde",
            "search, widened": "/search/?q=stapwiggen",
            "search, not widened": "/search/?q=stapwiggen&widen=no",
            "search, ways on": "/search/?q=wedge&year=1999",
            "search, odd question": '/search/?q="wedge',
            "all records": "/search/",
            "record": f"/records/{paper.pid}/",
            "record in Dutch": f"/records/{dutch.pid}/",
            "record, embargoed": f"/records/{embargoed.pid}/",
            "record, closed": f"/records/{closed.pid}/",
            "slides": f"/records/{slides.pid}/",
            "outcome": f"/records/{outcome.pid}/",
            "reader": f"/records/{paper.pid}/pages/1/1/?q=wedge",
            "reader, without text": f"/records/{paper.pid}/pages/1/4/",
            "reader, slide": f"/records/{slides.pid}/pages/1/1/",
            "closed file": f"/records/{closed.pid}/pages/1/1/",
            "experts": "/experts/",
            "experts, found": "/experts/?q=wedge&shortlist=ada-wiggers",
            "experts, organisations": "/experts/?q=wedge&who=organisations",
            "experts, nobody found": "/experts/?q=gondola",
            "shortlist": "/experts/shortlist/?q=wedge&shortlist=ada-wiggers",
            "people": "/people/",
            "person": "/people/ada-wiggers/",
            "ask": f"/people/ada-wiggers/ask/?q=wedge&on={paper.pid}&on={closed.pid}",
            "ask, who takes none": "/people/bas-grijs/ask/",
            "ask the cluster": "/ask/?q=wedge",
            "ask, look in your mail": "/ask/sent/",
            "ask, dead link": "/questions/wrong/",
            "organisations": "/organisations/",
            "organisation": f"/organisations/{university.slug}/",
            "events": "/events/",
            "events, narrowed": "/events/?kind=round_table",
            "event": "/events/round-table/",
            "event to come": "/events/to-come/",
            "photo": "/events/round-table/photos/2/",
            "topics": "/topics/",
            "topic": "/topics/step-wedges/",
            "topic, broad": "/topics/medical-imaging/",
            "collections": "/collections/",
            "collection": f"/collections/{collection.slug}/",
            "collection, by rule": "/collections/slides/",
            "reading list": "/collections/slides/reading-list/",
            "news": "/news/",
            "news by category": "/news/?category=research",
            "news item": "/news/open/",
            "page": "/about/",
            "page in one language": "/alleen/",
            "sign in": "/login/",
            "not found": "/nothing-here/",
        },
    )


@pytest.fixture
def editor(hub: Hub) -> Any:
    """An editor who signs in with PASSWORD."""
    return EditorFactory(username="editor", password=PASSWORD)


@pytest.fixture
def researcher(hub: Hub) -> Any:
    return ResearcherFactory(username="sofie", email="sofie@hub.example", first_name="Sofie", last_name="Brouwer")


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(researcher: Any, visit: Visit) -> Enter:
    """enter("/en/deposit/", viewport=…) gives the researcher, signed in, at that page."""

    def start(path: str, **options: Any) -> Visitor:
        visitor = visit(**options)
        visitor.sign_in(researcher)
        visitor.go(path)
        return visitor

    return start
