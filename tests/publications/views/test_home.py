"""The home page: what the hub holds, what is new, what comes next."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, streamfield

from publications.models import HomePage
from publications.views.home import find_holdings, home_context
from publications.vocabularies import OrganisationKind
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    FunderFactory,
    HomePageFactory,
    HubImageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def shown(page: HomePage | None = None) -> dict[str, dict]:
    """What the sections of a page show, by kind; of the usual page if nothing is said."""
    found = home_context(page or HomePageFactory(), user=AnonymousUser())["sections"]
    columns = next((section.shown for section in found if section.kind == "columns"), None)
    inner = [columns["newest"], *columns["beside"]] if columns else []
    return {section.kind: section.shown for section in [*found, *inner]}


def test_an_empty_hub_has_a_home_page(client):
    HomePageFactory(slug="hub", headline="Ask <us>", examples="\nlow-dose CT\n  \n“steerable filters” & more\n")

    page = client.get("/en/").content.decode()

    assert "<h1>Ask &lt;us&gt;</h1>" in page
    assert page.count('href="/en/search/?q=') == 2
    assert "No records yet." in page


def test_the_box_asks_for_records_or_for_people(client):
    HomePageFactory(slug="hub")

    form = BeautifulSoup(client.get("/nl/").content, "html.parser").select_one("form.search-box")

    assert form["action"] == "/nl/search/"
    assert [(button.get_text(strip=True), button.get("formaction")) for button in form("button")] == [
        ("Zoeken", None),
        ("Zoek mensen", "/nl/experts/"),
    ]


def test_no_cache_on_the_way_keeps_the_page_for_others(client):
    HomePageFactory(slug="hub")

    assert "private" in client.get("/en/")["Cache-Control"]


def test_holdings_count_what_is_live_and_present():
    live = PublicationFactory(issued="2019")
    RecordFileFactory(record=live, pages=["one", "", "three"])
    RecordFileFactory(record=live, pages=["gone"], removed_at=timezone.now())
    PublicationFactory(issued="")
    RecordFileFactory(record=PublicationFactory(issued="2021", live=False), pages=["draft"])

    holdings = find_holdings()

    assert (holdings.records, holdings.pages, holdings.all_pages, holdings.years) == (2, 2, 3, {2019: 1})


def test_the_newest_record_leads_and_drafts_are_not_named():
    now = timezone.now()
    records = [PublicationFactory(first_published_at=now - timedelta(days=days)) for days in range(8)]
    PublicationFactory(live=False, first_published_at=now)

    newest = shown()["newest"]

    assert [newest["lead"].pid, *(record.pid for record in newest["others"])] == [r.pid for r in records[:6]]


def test_the_next_event_is_shown_else_the_latest():
    now = timezone.now()
    past = EventFactory(starts=now - timedelta(days=3))
    EventFactory(starts=now + timedelta(days=1), live=False)

    page = HomePageFactory()
    assert shown(page)["events"] == {"events": [past], "are_coming": False}

    later, sooner = (EventFactory(starts=now + timedelta(days=days)) for days in (9, 2))
    assert shown(page)["events"] == {"events": [sooner], "are_coming": True}
    assert later != sooner


def test_topics_without_records_and_hidden_organisations_do_not_count():
    topic = TopicFactory(label_en="CT")
    TopicFactory(label_en="Empty")
    PublicationFactory(topics=[topic])
    OrganisationFactory(kind=OrganisationKind.COMPANY)
    OrganisationFactory(kind=OrganisationKind.COMPANY, is_listed=False)

    found = shown()

    assert [(t.label_en, t.record_count) for t in found["topics"]["topics"]] == [("CT", 1)]
    assert found["numbers"]["organisations"] == {"all": 1, "companies": 1}


def test_a_topic_counts_what_is_on_narrower_ones():
    imaging = TopicFactory(label_en="Imaging")
    ct = TopicFactory(label_en="CT", broader=imaging)
    PublicationFactory(topics=[imaging, ct]), PublicationFactory(topics=[ct]), PublicationFactory(topics=[imaging])

    assert [(t.label_en, t.record_count) for t in shown()["topics"]["topics"]] == [("CT", 2), ("Imaging", 3)]


def test_news_is_in_the_language_of_the_page():
    home = HomePageFactory(slug="hub")
    news = NewsIndexPageFactory(parent=home, slug="news")
    NewsPageFactory(parent=news, title="The hub is open")
    NewsPageFactory(parent=news, title="Not published", live=False)

    dutch = HomePageFactory(slug="nl", locale=Locale.objects.create(language_code="nl"))

    assert [item.title for item in shown(home)["news"]["items"]] == ["The hub is open"]
    assert "news" not in shown(dutch)


def test_the_home_page_takes_as_many_queries_for_four_of_each_as_for_two(client, django_assert_max_num_queries):
    HomePageFactory(slug="hub")
    counts = []
    for _ in range(2):
        for _ in range(2):
            person = PersonFactory()
            topic = TopicFactory()
            record = PublicationFactory(creators=[person], topics=[topic])
            RecordFileFactory(record=record)
            CollectionFactory(records=[record])
            FunderFactory(is_funder_of_cluster=True)
            EventFactory(starts=timezone.now() + timedelta(days=1))
        client.get("/en/")  # what Django and Wagtail remember between requests is fetched here
        with django_assert_max_num_queries(50) as queries:
            assert client.get("/en/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_editor_chooses_what_the_page_shows_and_in_which_order(client):
    record = PublicationFactory(topics=[TopicFactory(label_en="CT")])
    open_one, hidden = CollectionFactory(title_en="Read this", records=[record]), CollectionFactory(live=False)
    partner = OrganisationFactory(name_en="Partner", is_partner=True)
    OrganisationFactory(name_en="Bystander")
    page = HomePageFactory(
        slug="hub",
        sections=[
            ("text", {"heading": "From the <desk>", "text": "<p>Words <script>alert(1)</script></p>"}),
            ("partners", {"heading": ""}),
            ("featured", {"heading": "", "collection": hidden, "number": 3}),
            ("featured", {"heading": "", "collection": open_one, "number": 3}),
            ("topics", {"heading": "Large and small", "number": 12, "is_cloud": True}),
        ],
    )

    sections = home_context(page, user=AnonymousUser())["sections"]
    html = client.get("/en/").content.decode()

    assert [section.kind for section in sections] == ["text", "partners", "featured", "topics"]
    assert sections[1].shown["partners"] == [partner]
    assert (sections[2].shown["collection"], sections[2].shown["records"]) == (open_one, [record.record_ptr])
    assert "From the &lt;desk&gt;" in html and "<script>alert" not in html
    assert '<ul class="topic-cloud"><li class="size-' in html and "Bystander" not in html
    assert html.count("<h1") == 1 and "Newly added" not in html


def test_the_largest_topic_of_a_cloud_is_the_largest():
    small, large = TopicFactory(label_en="Small"), TopicFactory(label_en="Large")
    PublicationFactory(topics=[small, large]), PublicationFactory(topics=[large])

    sizes = {topic.label_en: topic.size for topic in shown()["topics"]["topics"]}

    assert sizes["Small"] < sizes["Large"] <= 5


def test_a_draft_from_before_there_were_sections_shows_the_usual_ones():
    page = HomePageFactory()
    revision = page.save_revision()
    del revision.content["sections"]
    revision.save()

    restored = page.get_latest_revision().as_object()

    assert [block.block_type for block in restored.sections] == [block.block_type for block in page.sections]


def test_logos_take_as_many_queries_for_many_as_for_one(client, django_assert_max_num_queries):
    HomePageFactory(slug="hub", sections=[("funders", {}), ("partners", {})])
    counts = []
    for _ in range(2):
        for _ in range(2):
            FunderFactory(is_funder_of_cluster=True, logo=HubImageFactory())
            OrganisationFactory(is_partner=True, logo=HubImageFactory())
        client.get("/en/")  # draws the logos
        with django_assert_max_num_queries(30) as queries:
            assert client.get("/en/").content.count(b'class="logo"') == 4 * (len(counts) + 1)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_editor_saves_and_previews_sections(client):
    page = HomePageFactory(slug="hub", headline="Ask")
    PublicationFactory(topics=[TopicFactory(label_en="CT")])
    client.force_login(EditorFactory())
    sections = streamfield([("topics", {"heading": "Ours", "number": "3", "is_cloud": "on"}), ("search", "")])
    fields = nested_form_data({"title": "Hub", "slug": "hub", "headline": "Ask", "sections": sections})

    preview = f"/admin/pages/{page.pk}/edit/preview/"
    assert client.post(preview, fields).json()["is_valid"]
    assert "Ours" in client.get(preview).content.decode()
    assert "Ours" not in client.get("/en/").content.decode()

    response = client.post(f"/admin/pages/{page.pk}/edit/", fields | {"action-publish": "1"})
    assert response.status_code == 302
    assert "Ours" in client.get("/en/").content.decode()
