"""The form of a collection: what its rule finds is told while it is typed, and nothing that was typed is lost."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from publications.models import Collection, CollectionExclusion, User
from publications.viewsets.collection_order import move, put_in_places, save_order, version_of
from publications.viewsets.untranslated import KINDS
from publications.vocabularies import AccessRight
from search.indexing import rebuild_index
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    HubImageFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
)
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db
FORM = "/admin/snippets/publications/collection/"


@pytest.fixture
def editor(client: Client) -> User:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def wedges(db: None) -> None:
    PublicationFactory(title="The open wedge")
    PublicationFactory(title="A gondola")
    closed = PublicationFactory(title="Minutes", access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=closed, pages=["Only members read about this wedge."])
    rebuild_index()


def send(client: Client, collection: Collection, *, publish: bool = True, **changes: Any) -> list[str]:
    """Send the form with these changes; what it complains of."""
    url = f"{FORM}edit/{collection.pk}/"
    fields = form_fields(client, url) | changes | ({"action-publish": "x"} if publish else {})
    answer = client.post(url, fields)
    if answer.status_code == 302:
        return []
    page = BeautifulSoup(answer.content, "html.parser")
    return [error.get_text(" ", strip=True) for error in page.select(".error-message, .errorlist li")]


def told(client: Client, rule: str, order: str = "newest") -> str:
    answer = client.get(reverse("rule_matches"), {"rule": rule, "order": order})
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def test_the_matches_of_a_rule_are_told_for_each_audience(client, editor, wedges):
    found = told(client, "wedge")

    assert "Looks for wedge See it in the search" in found
    assert "Outsiders 1 record Members 2 records Editors 2 records" in found
    assert found.endswith("Outsiders see first The open wedge")


def test_an_address_of_the_search_is_a_rule_and_is_told_in_words(client, editor, wedges):
    TopicFactory(label_en="Calibration", label_nl="Kalibratie", slug="calibration")

    found = told(client, "https://hub.example/nl/search/?q=wedge&topic=calibration&year=2001-2030&page=2&sort=title")

    assert "Looks for wedge · Calibration · 2001–2030" in found
    assert "Outsiders 0 records" in found
    assert "The rule finds nothing now." in found


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("https://example.org/x", "This is no address of this hub’s search."),
        ("/en/experts/?q=wedge", "This is no address of this hub’s search."),
        ("https://[", "This is no address of this hub’s search."),
        ("?year=now", "The filter year does not take “now”"),
        ("?", "The rule does not say what to look for."),
        ("(wedge", "A closing parenthesis is missing."),
        ("?collection=wedges", "A rule cannot ask for what is in a collection"),
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused_in_words_and_a_draft_keeps_it(client, editor, wedges, rule, sentence):
    collection = CollectionFactory()
    assert sentence in told(client, rule)

    complaints = send(client, collection, rule=rule)

    assert any(sentence in complaint for complaint in complaints)
    assert Collection.objects.get().rule == ""
    assert send(client, collection, rule=rule, publish=False) == []
    draft: Any = Collection.objects.get().get_latest_revision_as_object()
    assert draft.rule == rule


def test_a_rule_may_not_be_longer_than_can_be_kept(client, editor):
    assert "The rule is too long" in told(client, "?" + "&".join(f"topic={'x' * 110}{n}" for n in range(20)))


def test_a_rule_that_finds_everything_or_too_much_says_so(client, editor, wedges, monkeypatch):
    monkeypatch.setattr("publications.viewsets.rule_matches.MOST_BY_RULE", 2)

    found = told(client, "?type=publication")

    assert "Outsiders 3 records" in found
    assert "The rule finds every record of the hub." in found
    assert "A collection shows the first 2 of what its rule finds" in found


def test_without_an_index_the_form_says_so_and_keeps_the_rule(client, editor, wedges, settings):
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR / "nowhere"
    collection = CollectionFactory()

    assert "The search cannot be asked for the moment." in told(client, "wedge")
    assert send(client, collection, rule="wedge") == []
    assert Collection.objects.get().rule == "?q=wedge"


def test_a_rule_is_published_with_its_order_and_what_is_left_out(client, editor, wedges):
    collection = CollectionFactory(slug="wedges")
    out = PublicationFactory(title="Another wedge")
    rebuild_index()
    left_out = {
        "exclusions-TOTAL_FORMS": 1,
        "exclusions-0-id": "",
        "exclusions-0-record": out.pk,
        "rule": " wedge ",
        "rule_order": "title",
    }

    assert send(client, collection, **left_out) == []

    published = Collection.objects.get()
    assert (published.rule, published.rule_order) == ("?q=wedge", "title")
    assert [row.record_id for row in published.exclusions.all()] == [out.pk]
    assert form_fields(client, f"{FORM}edit/{collection.pk}/")["rule"] == "wedge"
    page = client.get("/en/collections/wedges/").content.decode()
    assert "The open wedge" in page
    assert "Another wedge" not in page


def test_a_record_is_not_picked_and_left_out_at_once(client, editor):
    record = PublicationFactory()
    collection = CollectionFactory(records=[record])
    CollectionExclusion.objects.create(collection=collection, record=record)

    assert send(client, collection) == ["This record was picked by hand. Take it away there or here."]


def test_a_cover_needs_a_text_alternative_to_be_published(client, editor):
    collection = CollectionFactory()
    image = HubImageFactory(title="Scanner")

    assert send(client, collection, cover=image.pk, publish=False) == []
    assert send(client, collection, cover=image.pk) == [
        "“Scanner” has no text alternative yet. Edit the picture and say what is to be seen."
    ]
    image.alt_nl = "Een scanner"
    image.save()
    assert send(client, collection, cover=image.pk) == []


@pytest.mark.parametrize("make_user", [None, UserFactory, MemberFactory, ResearcherFactory])
def test_nobody_else_learns_what_a_rule_finds(client, wedges, make_user):
    if make_user:
        client.force_login(make_user())

    answer = client.get(reverse("rule_matches"), {"rule": "wedge"})

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/")


def test_of_two_editors_the_second_is_told_that_there_is_a_newer_draft(client, editor):
    collection = CollectionFactory()
    collection.save_revision()
    url = f"{FORM}edit/{collection.pk}/"
    fields = form_fields(client, url)
    collection.title_en = "From another desk"
    collection.save_revision(user=EditorFactory())

    answer = client.post(url, fields | {"title_en": "From mine"}, headers={"accept": "application/json"})

    assert answer.status_code == 400
    assert "newer" in answer.json()["error_message"].lower()
    assert Collection.objects.get().get_latest_revision_as_object().title_en == "From another desk"  # type: ignore[attr-defined]


def test_a_new_collection_is_made_with_a_rule_and_both_introductions(client, editor, wedges):
    url = f"{FORM}add/"
    paragraph = {"deleted": "", "order": "0", "type": "paragraph", "id": ""}
    fields = form_fields(client, url) | {"title_en": "Wedges", "rule": "wedge", "action-publish": "x"}
    for name in ("introduction_en", "introduction_nl"):
        fields |= {
            f"{name}-count": 1,
            f"{name}-0-value": ContentstateConverter([]).from_database_format("<p>Begin.</p>"),
        }
        fields |= {f"{name}-0-{part}": value for part, value in paragraph.items()}

    answer = client.post(url, fields)

    assert answer.status_code == 302
    made = Collection.objects.get()
    assert (made.rule, made.live) == ("?q=wedge", True)
    assert [block.value.source.count("Begin.") for block in (*made.introduction_en, *made.introduction_nl)] == [1, 1]


def test_an_introduction_in_one_language_is_listed_as_missing_in_the_other():
    titles = {"title_en": "Wedges", "title_nl": "Wiggen"}
    lacking = CollectionFactory(introduction_en=[("paragraph", "<p>Begin.</p>")], **titles)
    CollectionFactory(introduction_en=[("paragraph", "<p>A</p>")], introduction_nl=[("heading", "B")], **titles)
    CollectionFactory(**titles)
    kind = KINDS["collection"]

    assert list(kind.missing()) == list(kind.missing("nl")) == [lacking]
    assert list(kind.missing("en")) == []
    assert kind.lacks(lacking) == ["introduction in Dutch"]


# The order without dragging -----------------------------------------------------------------------------------------


def test_places_are_given_by_number_and_by_moving():
    assert move([1, 2, 3], 3, by=-1) == [1, 3, 2]
    assert move([1, 2, 3], 1, by=-1) == [1, 2, 3]
    assert move([1, 2, 3], 9, by=1) == [1, 2, 3]
    assert put_in_places([1, 2, 3, 4], {4: 2, 9: 1}) == [1, 4, 2, 3]
    assert put_in_places([1, 2, 3], {1: 99}) == [2, 3, 1]
    assert put_in_places([1, 2, 3], {1: 3, 3: 1}) == [3, 2, 1]


def sent_order(client: Client, url: str, answer: Any = None, **changes: Any) -> Any:
    page = BeautifulSoup((answer or client.get(url)).content, "html.parser")
    fields: dict[str, Any] = {"record": [row["value"] for row in page.select("input[name=record]")]}
    for field in page.select(".hub-order input[type=number], input[name=version]"):
        fields[field["name"]] = field["value"]
    return client.post(url, fields | changes)


def titles(collection: Collection) -> list[str]:
    draft: Any = Collection.objects.get(pk=collection.pk).get_latest_revision_as_object()
    return [item.record.title for item in draft.items.order_by("sort_order")]


def test_the_order_is_changed_without_scripts_and_stays_a_draft(client, editor):
    records = [PublicationFactory(title=title) for title in "ABC"]
    collection = CollectionFactory(records=records)
    collection.items.filter(record=records[0]).update(note_en="Why")
    url = reverse("collection_order", args=[collection.pk])

    moved = sent_order(client, url, up=records[2].pk)
    assert titles(collection) == ["A", "B", "C"]
    sent_order(client, url, moved, **{f"place-{records[0].pk}": "3"})

    assert titles(collection) == ["C", "B", "A"]
    assert [item.record for item in Collection.objects.get().items.order_by("sort_order")] == [
        record.record_ptr for record in records
    ]
    draft: Any = Collection.objects.get().get_latest_revision_as_object()
    assert [item.note_en for item in draft.items.order_by("sort_order")] == ["", "", "Why"]
    assert f'href="{url}"' in client.get(f"{FORM}edit/{collection.pk}/").content.decode()


def test_of_two_editors_who_order_the_second_sees_what_the_first_did(client, editor):
    records = [PublicationFactory(title=title) for title in "AB"]
    collection = CollectionFactory(records=records)
    url = reverse("collection_order", args=[collection.pk])
    mine = client.get(url)
    sent_order(client, url, up=records[1].pk)
    sent_order(client, url, **{f"place-{records[1].pk}": "1"})

    answer = sent_order(client, url, mine)

    assert answer.status_code == 302
    assert "Somebody saved this collection meanwhile." in client.get(url).content.decode()
    assert titles(collection) == ["B", "A"]


def test_what_somebody_saves_while_an_order_is_on_its_way_is_not_overwritten(client, editor, monkeypatch):
    records = [PublicationFactory(title=title) for title in "AB"]
    collection = CollectionFactory(records=records)
    url = reverse("collection_order", args=[collection.pk])
    mine = client.get(url)
    look_for_locks = Collection.get_lock

    def save_meanwhile(loaded: Collection) -> Any:
        save_order(Collection.objects.get(pk=loaded.pk), [records[1].pk, records[0].pk], user=editor)
        return look_for_locks(loaded)

    monkeypatch.setattr(Collection, "get_lock", save_meanwhile)
    answer = sent_order(client, url, mine)

    assert (answer.status_code, answer.url) == (302, url)
    assert titles(collection) == ["B", "A"]


def test_the_version_is_compared_while_the_collection_is_held(client, editor, monkeypatch):
    collection = CollectionFactory(records=[PublicationFactory()])
    url = reverse("collection_order", args=[collection.pk])
    depths = []

    def note_depth(held: Collection) -> str:
        depths.append(len(connection.savepoint_ids))
        return version_of(held)

    monkeypatch.setattr("publications.viewsets.collection_order.version_of", note_depth)
    shown = client.get(url)
    sent_order(client, url, shown)

    assert depths == [0, 1]


def test_a_record_that_is_deleted_meanwhile_is_left_out_of_the_order(client, editor, monkeypatch):
    records = [PublicationFactory(title=title) for title in "ABC"]
    collection = CollectionFactory(records=records)
    url = reverse("collection_order", args=[collection.pk])

    def delete_one(keys: list[int], places: dict[int, int]) -> list[int]:
        records[1].delete()
        return put_in_places(keys, places)

    shown = client.get(url)
    monkeypatch.setattr("publications.viewsets.collection_order.put_in_places", delete_one)
    sent_order(client, url, shown, **{f"place-{records[0].pk}": "3"})

    assert titles(collection) == ["C", "A"]


@pytest.mark.parametrize("make_user", [UserFactory, MemberFactory, ResearcherFactory])
def test_nobody_else_orders_a_collection(client, make_user):
    client.force_login(make_user())

    answer = client.get(reverse("collection_order", args=[CollectionFactory().pk]))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/")


def test_a_collection_that_somebody_locked_is_not_ordered(client, editor):
    other = EditorFactory()
    collection = CollectionFactory(records=[PublicationFactory()], locked=True, locked_by=other)

    answer = client.get(reverse("collection_order", args=[collection.pk]))

    assert answer.url == f"{FORM}edit/{collection.pk}/"
