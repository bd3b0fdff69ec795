"""The menus that editors write: places, pages and links, in both languages, for who may open them."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from knowledge_hub.menus import NAMES
from publications.menus import Place
from publications.models import SiteSettings
from publications.site_tree import create_site_tree
from tests.factories import ContentPageFactory, EditorFactory, MemberFactory, ResearcherFactory, SiteSettingsFactory

pytestmark = pytest.mark.django_db
MENU, FOOT = ".site-links a", ".site-foot nav > div"


@pytest.fixture
def tree():
    return create_site_tree()


@pytest.fixture
def dutch():
    return Locale.objects.get_or_create(language_code="nl")[0]


def shown(client: Client, selector: str = MENU, language: str = "en") -> list[tuple[str, str]]:
    """Label and address of the links."""
    page = BeautifulSoup(client.get(f"/{language}/people/").content, "html.parser")
    return [(link.text, link["href"]) for link in page.select(selector)]


def place(name: str, english: str = "", dutch: str = "") -> tuple[str, dict]:
    return "place", {"place": name, "label_en": english, "label_nl": dutch}


def to_page(page, english: str = "", dutch: str = "") -> tuple[str, dict]:
    return "page", {"page": page.pk, "label_en": english, "label_nl": dutch}


def elsewhere(url: str, english: str, dutch: str) -> tuple[str, dict]:
    return "link", {"url": url, "label_en": english, "label_nl": dutch}


def set_menu(*items: tuple[str, dict]) -> SiteSettings:
    settings = SiteSettingsFactory()
    settings.menu = SiteSettings._meta.get_field("menu").to_python(
        [{"type": kind, "value": value, "id": str(number)} for number, (kind, value) in enumerate(items)]
    )
    settings.save()
    return settings


def test_an_untouched_hub_has_its_sections_at_the_top_and_three_columns_at_the_foot(client, tree):
    ContentPageFactory(parent=tree.homes["en"], title="How search works", slug="how", show_in_menus=True)
    page = BeautifulSoup(client.get("/en/people/").content, "html.parser")

    columns = [(column.h2.text, [link.text for link in column.select("a")]) for column in page.select(FOOT)[1:]]
    sections = ["Records", "Experts", "Organisations", "Events", "Collections", "Topics"]
    assert [link.text for link in page.select(MENU)] == sections
    assert columns == [
        ("Find", [*sections, "Ask the cluster"]),
        ("About the hub", ["News", "How search works"]),
        ("For software", ["API description", "Site map"]),
    ]


def test_the_usual_foot_is_in_dutch_for_who_reads_dutch(client, tree):
    page = BeautifulSoup(client.get("/nl/people/").content, "html.parser")

    assert [column.h2.text for column in page.select(FOOT)[1:]] == ["Zoeken", "Over de hub", "Voor software"]
    assert [link.text for link in page.select(MENU)][:2] == ["Publicaties", "Experts"]


def test_items_stand_in_the_order_of_the_editor_in_both_languages(client, tree, dutch):
    about = ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")
    ContentPageFactory(
        parent=tree.homes["nl"], title="Over", slug="over", locale=dutch, translation_key=about.translation_key
    )
    set_menu(
        to_page(about),
        place("events", "Agenda"),
        elsewhere("https://nen.example/", "The cluster", "Het cluster"),
        to_page(about, "Who we are", "Wie wij zijn"),
    )

    assert shown(client) == [
        ("About", "/en/about/"),
        ("Agenda", "/en/events/"),
        ("The cluster", "https://nen.example/"),
        ("Who we are", "/en/about/"),
    ]
    assert shown(client, language="nl") == [
        ("Over", "/nl/over/"),
        ("Bijeenkomsten", "/nl/events/"),
        ("Het cluster", "https://nen.example/"),
        ("Wie wij zijn", "/nl/over/"),
    ]


def test_a_page_in_the_other_language_only_is_marked_and_opens_below_this_one(client, tree):
    set_menu(to_page(ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")))

    assert shown(client, language="nl") == [("About (in het Engels)", "/nl/about/")]
    assert client.get("/nl/about/").status_code == 200


def test_a_draft_a_deleted_page_and_a_page_offline_are_left_out(client, tree):
    pages = [ContentPageFactory(parent=tree.homes["en"], slug=f"p-{number}", title=f"P{number}") for number in range(3)]
    set_menu(*(to_page(page) for page in pages), place("events"))
    pages[0].unpublish()
    pages[1].delete()

    assert shown(client) == [("P2", "/en/p-2/"), ("Events", "/en/events/")]


@pytest.mark.parametrize("selector", [MENU, ".site-foot nav a"])
def test_a_closed_page_is_shown_to_those_who_may_open_it(client, tree, selector):
    parent = ContentPageFactory(parent=tree.homes["en"], title="For members", slug="members", show_in_menus=True)
    below = ContentPageFactory(parent=parent, title="Below it", slug="below", show_in_menus=True)
    grouped = ContentPageFactory(parent=tree.homes["en"], title="For a group", slug="group", show_in_menus=True)
    PageViewRestriction.objects.create(page=parent, restriction_type="login")
    restriction = PageViewRestriction.objects.create(page=grouped, restriction_type="groups")
    restriction.groups.add(Group.objects.get(name="Members"))
    set_menu(to_page(below, "Called otherwise"), to_page(below), to_page(grouped))

    stranger, researcher, member, editor = ({label for label, _url in shown(client, selector)} for client in readers())

    assert stranger.isdisjoint({"For members", "Below it", "For a group", "Called otherwise"})
    assert "Below it" in researcher and "For a group" not in researcher
    assert "For a group" in member and "For a group" not in editor


def readers() -> list[Client]:
    clients = [Client() for _ in range(4)]
    for client, factory in zip(clients[1:], (ResearcherFactory, MemberFactory, EditorFactory), strict=True):
        client.force_login(factory())
    return clients


def test_who_may_not_add_work_is_not_sent_there(client, tree):
    set_menu(place("deposit", "Bring it in", "Breng het in"), place("events"))

    stranger, researcher, member, _editor = ([label for label, _url in shown(client)] for client in readers())

    assert stranger == researcher == ["Bring it in", "Events"]  # a stranger may turn out to be a researcher
    assert member == ["Events"]


def test_a_page_behind_a_password_is_shown_once_it_was_given(client, tree):
    closed = ContentPageFactory(parent=tree.homes["en"], title="Behind a word", slug="closed")
    restriction = PageViewRestriction.objects.create(page=closed, restriction_type="password", password="open")
    set_menu(to_page(closed))

    before = shown(client)
    address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, closed.pk])
    client.post(address, {"password": "open", "return_url": "/en/closed/"})

    assert (before, shown(client)) == ([], [("Behind a word", "/en/closed/")])


def test_a_column_with_nothing_for_the_reader_is_left_out(client, tree):
    for page in tree.news.values():
        page.show_in_menus = False
        page.save()

    page = BeautifulSoup(client.get("/en/people/").content, "html.parser")

    assert [column.h2.text for column in page.select(FOOT)[1:]] == ["Find", "For software"]


def test_where_the_reader_is_stands_out(client, tree):
    about = ContentPageFactory(parent=tree.homes["en"], title="About", slug="about")
    ContentPageFactory(parent=about, title="Below", slug="below")
    set_menu(to_page(tree.homes["en"], "Home", "Begin"), to_page(about), place("experts"), place("people"))

    def current(address: str) -> list[tuple[str, str]]:
        page = BeautifulSoup(client.get(address).content, "html.parser")
        return [(link.text, link["aria-current"]) for link in page.select(f"{MENU}[aria-current]")]

    assert current("/en/") == [("Home", "page")]
    assert current("/en/about/") == [("About", "page")]
    assert current("/en/about/below/") == [("About", "true")]
    assert current("/en/people/") == [("People", "page")]


@pytest.mark.parametrize("name", list(Place))
def test_every_place_has_an_address_that_answers(client, tree, name):
    client.force_login(ResearcherFactory())
    set_menu(place(name))

    [(label, url)] = shown(client)

    assert label == str(name.label)
    assert client.get(url).status_code in (200, 503)  # no index here to search in
    assert set(NAMES) == set(Place)


def test_the_menus_ask_the_database_as_often_for_many_pages_as_for_one(client, tree, django_assert_max_num_queries):
    counts = []
    for number in (1, 8):
        pages = [
            ContentPageFactory(parent=tree.homes["en"], slug=f"p-{number}-{place}", show_in_menus=True)
            for place in range(number)
        ]
        for page in pages[:2]:
            PageViewRestriction.objects.create(page=page, restriction_type="login")
        set_menu(*(to_page(page) for page in pages))
        client.get("/en/people/")
        with django_assert_max_num_queries(30) as queries:
            client.get("/en/people/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_menu_without_items_is_no_landmark(client, tree):
    set_menu()

    assert b"site-links" not in client.get("/en/people/").content


def test_an_editor_writes_the_menu_in_the_cms(client, tree):
    client.force_login(EditorFactory())
    settings = set_menu(place("events"))
    address = reverse("wagtailsettings:edit", args=["publications", "sitesettings", settings.site_id])
    fields = stream_fields("menu", place("topics", "Subjects", "Thema’s"), elsewhere("https://a.example/", "A", "A"))

    response = client.post(address, form_fields_of(client, address) | fields)

    assert response.status_code == 302
    assert shown(client) == [("Subjects", "/en/topics/"), ("A", "https://a.example/")]


@pytest.mark.parametrize(
    "item",
    [
        elsewhere("javascript:alert(1)", "A", "A"),
        elsewhere("https://a.example/", "A", ""),
        ("place", {"place": "nowhere", "label_en": "", "label_nl": ""}),
        ("page", {"page": "", "label_en": "A", "label_nl": "A"}),
    ],
)
def test_an_item_that_leads_nowhere_or_has_one_name_is_refused(client, tree, item):
    client.force_login(EditorFactory())
    settings = set_menu(place("events"))
    address = reverse("wagtailsettings:edit", args=["publications", "sitesettings", settings.site_id])

    response = client.post(address, form_fields_of(client, address) | stream_fields("menu", item))

    assert response.status_code == 200
    assert shown(client) == [("Events", "/en/events/")]


def test_only_editors_change_the_menu(tree):
    settings = SiteSettingsFactory()
    address = reverse("wagtailsettings:edit", args=["publications", "sitesettings", settings.site_id])

    *others, editor = (client.get(address).status_code for client in readers())

    assert editor == 200
    assert 200 not in others


def form_fields_of(client: Client, address: str) -> dict:
    """The fields of the form but for those of its streams."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    fields = page.select("main form input[name], main form textarea[name]")
    texts = {field["name"]: field.get("value", "") for field in fields}
    return texts | stream_fields("menu") | stream_fields("foot")


def stream_fields(name: str, *items: tuple[str, dict]) -> dict[str, str]:
    """What the form sends for a stream of blocks with one level of values."""
    fields = {f"{name}-count": str(len(items))}
    for number, (kind, values) in enumerate(items):
        prefix = f"{name}-{number}"
        fields |= {f"{prefix}-type": kind, f"{prefix}-order": str(number), f"{prefix}-deleted": "", f"{prefix}-id": ""}
        fields |= {f"{prefix}-value-{key}": str(value) for key, value in values.items()}
    return fields
