"""What a collection holds for whom: picked by hand, found by its rule, left out; and every place that shows it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from publications.access import MEMBERS
from publications.merging import merge_topics
from publications.models import Collection, CollectionExclusion, Record, RuleOrder, VersionChain
from publications.models.collections import stand_in
from publications.reading_lists import Audience, audience_of, count_records, list_records
from publications.vocabularies import AccessRight
from search.alerts.looking import Looker
from search.indexing import index_due, rebuild_index
from search.models import SavedSearch
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

OUTSIDER = AnonymousUser()


def by_rule(*picked: Record, rule: str = "wedge", left_out: tuple[Record, ...] = (), **values) -> Collection:
    collection = CollectionFactory(records=picked, rule=rule, **values)
    for record in left_out:
        CollectionExclusion.objects.create(collection=collection, record=record)
    return collection


def held(collection: Collection, user=OUTSIDER) -> list[str]:
    keys = list_records(collection, audience_of(user)).keys
    titles = dict(Record.objects.values_list("pk", "title"))
    return [titles[key] for key in keys]


@pytest.fixture
def wedges() -> list[Record]:
    records = [
        PublicationFactory(title=f"Wedge {name}", issued=year, first_published_at=f"20{number:02}-01-01T00:00Z")
        for number, (name, year) in enumerate((("b", "2021"), ("a", "2023"), ("c", "")), start=10)
    ]
    PublicationFactory(title="A gondola")
    rebuild_index()
    return records


def test_what_was_picked_stands_first_and_what_the_rule_finds_follows_once(wedges):
    gondola = Record.objects.get(title="A gondola")

    assert held(by_rule(gondola, wedges[0])) == ["A gondola", "Wedge b", "Wedge c", "Wedge a"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [(RuleOrder.NEWEST, "c a b"), (RuleOrder.YEAR, "a b c"), (RuleOrder.TITLE, "a b c")],
)
def test_the_rule_has_an_order(wedges, order, expected):
    assert held(by_rule(rule_order=order)) == [f"Wedge {name}" for name in expected.split()]


def test_what_is_left_out_stays_out_and_what_is_new_comes_in(wedges):
    collection = by_rule(left_out=(wedges[1],))
    PublicationFactory(title="Wedge d")
    index_due()

    assert held(collection) == ["Wedge d", "Wedge c", "Wedge b"]


def test_another_version_of_what_is_there_or_left_out_is_not_added(wedges):
    newer = [PublicationFactory(title=f"Wedge {name}, second edition") for name in "ba"]
    for old, new in zip(wedges, newer, strict=False):
        VersionChain.objects.create().arrange([old, new])
    index_due()

    assert held(by_rule(wedges[0], left_out=(wedges[1],))) == ["Wedge b", "Wedge c"]


def test_a_record_that_went_offline_is_gone_before_the_index_hears_of_it(wedges):
    collection = by_rule(wedges[0])
    Record.objects.filter(pk__in=[wedges[0].pk, wedges[1].pk]).update(live=False)

    assert held(collection) == ["Wedge c"]


def test_words_that_only_members_may_read_add_records_for_members_alone(client: Client):
    record = PublicationFactory(title="Minutes", access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=record, pages=["All about the secret wedge."])
    rebuild_index()
    collection = by_rule(slug="wedges")
    member = MemberFactory()

    assert held(collection) == []
    assert held(collection, member) == held(collection, stand_in(MEMBERS)) == ["Minutes"]
    for address in (
        "/en/collections/wedges/",
        "/en/collections/wedges/?sort=newest",
        "/en/collections/wedges/reading-list/",
        "/collections/wedges.bib",
        "/en/search/?collection=wedges",
        "/en/search/?q=minutes&collection=wedges",
        "/api/v1/search?collection=wedges",
        "/feeds/search.atom?collection=wedges",
        "/en/experts/?collection=wedges&q=minutes",
    ):
        assert record.pid not in client.get(address).content.decode(), address
    assert "0 records" in client.get("/en/collections/").content.decode()

    client.force_login(member)
    for address in (
        "/en/collections/wedges/",
        "/collections/wedges.bib",
        "/en/search/?collection=wedges",
        "/api/v1/search?collection=wedges",
    ):
        answer = client.get(address)
        assert record.pid in answer.content.decode() or record.title in answer.content.decode(), address
    assert "1 record<" in client.get("/en/collections/").content.decode()
    assert record.pid not in client.get("/feeds/search.atom?collection=wedges").content.decode()
    assert "private" in client.get("/en/collections/wedges/")["Cache-Control"]
    assert "private" in client.get("/collections/wedges.bib")["Cache-Control"]


def test_an_embargo_that_lifts_brings_a_record_in():
    tomorrow = timezone.localdate() + timedelta(days=1)
    record = PublicationFactory(title="Data", access_right=AccessRight.EMBARGOED, available=tomorrow)
    RecordFileFactory(record=record, pages=["Wedge after wedge."])
    rebuild_index()
    collection = by_rule()

    assert held(collection) == []
    Record.objects.filter(pk=record.pk).update(available=timezone.localdate())
    assert list_records(collection, Audience(frozenset({"public"}), tomorrow)).keys == [record.pk]


@pytest.mark.parametrize("rule", ["?", "?sort=newest", "https://example.org/?q=wedge", "/en/experts/?q=wedge", "//["])
def test_a_rule_that_asks_nothing_finds_nothing(wedges, rule):
    assert held(by_rule(wedges[0], rule=rule)) == ["Wedge b"]


def test_a_rule_of_filters_alone_finds_by_them():
    topic = TopicFactory(label_en="Calibration", slug="calibration")
    PublicationFactory(title="Tagged", topics=[topic])
    PublicationFactory(title="Other")
    rebuild_index()

    assert held(by_rule(rule="?topic=calibration")) == ["Tagged"]
    assert held(by_rule(rule="?type=presentation")) == []


def test_a_rule_follows_a_topic_that_was_renamed_or_merged():
    old, kept = (
        TopicFactory(label_en="Calibration", slug="calibration"),
        TopicFactory(label_en="Phantoms", slug="phantoms"),
    )
    PublicationFactory(title="Tagged", topics=[old])
    rebuild_index()
    collection = by_rule(rule="?topic=calibration")

    old.slug = "calibrating"
    old.save()
    index_due()
    assert held(collection) == ["Tagged"]
    merge_topics(kept, old)
    index_due()
    assert held(collection) == ["Tagged"]


def test_a_rule_that_finds_everything_is_bounded_and_says_so(client, wedges, monkeypatch):
    collection = by_rule(wedges[0], rule="?type=publication", slug="all")

    for most, at_once in ((2, 1000), (2, 1), (3, 1000), (3, 1)):
        monkeypatch.setattr("publications.reading_lists.MOST_BY_RULE", most)
        monkeypatch.setattr("publications.reading_lists.LOOKED_UP_AT_ONCE", at_once)
        shown = list_records(collection, audience_of(OUTSIDER))
        counted = count_records([collection], audience_of(OUTSIDER))[0]
        assert (shown.picked, shown.by_rule, shown.has_more) == (1, most, most == 2)
        assert (counted.record_count, counted.has_more_records) == (1 + most, most == 2)
    monkeypatch.setattr("publications.reading_lists.MOST_BY_RULE", 1)
    page = client.get("/en/collections/all/").content.decode()
    assert "more than 2 records" in page
    assert "More in the search" in page
    assert "more than 2 records" in client.get("/en/collections/").content.decode()


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_counting_leaves_out_what_is_offline_picked_or_left_out_and_reads_no_more_than_it_must(
    wedges, monkeypatch, django_assert_num_queries, at_once
):
    monkeypatch.setattr("publications.reading_lists.LOOKED_UP_AT_ONCE", at_once)
    left_out = PublicationFactory(title="Wedge e")
    PublicationFactory(title="Wedge f")
    index_due()
    Record.objects.filter(pk=wedges[1].pk).update(live=False)
    collection = Collection.objects.with_rows().get(pk=by_rule(wedges[0], left_out=(left_out,)).pk)

    count_records([collection], audience_of(OUTSIDER))  # what a process asks once

    # Live records, the thesaurus, versions; what the rule found, so many at once, of its five.
    with django_assert_num_queries(3 + -(-5 // at_once)) as queries:
        counted = count_records([collection], audience_of(OUTSIDER))[0]

    assert (counted.record_count, counted.has_more_records) == (3, False)
    assert not any("ORDER BY" in query["sql"] for query in queries if "first_published_at" in query["sql"])
    assert len(held(collection)) == 3


def test_searching_in_a_collection_finds_also_what_its_page_has_no_room_for(client, wedges, monkeypatch):
    monkeypatch.setattr("publications.reading_lists.MOST_BY_RULE", 1)
    by_rule(wedges[1], rule_order=RuleOrder.TITLE, slug="wedges")
    PublicationFactory(title="Wedge z, the newest")
    index_due()
    known = Looker(today=timezone.localdate()).look(saved := SavedSearch(query="collection=wedges"), OUTSIDER).known

    newest = PublicationFactory(title="Wedge zz, newer still")
    index_due()

    assert client.get("/api/v1/search?collection=wedges").json()["total"] == 5
    assert newest.title in client.get("/feeds/search.atom?collection=wedges").content.decode()
    assert Looker(today=timezone.localdate()).look(saved, OUTSIDER).known - known == {newest.pk}


def test_without_an_index_the_picked_records_are_shown_and_the_rest_is_said_to_be_missing(client, wedges, settings):
    settings.SEARCH_INDEX_DIR = settings.SEARCH_INDEX_DIR / "nowhere"
    by_rule(wedges[0], slug="wedges")

    answer = client.get("/en/collections/wedges/")

    assert answer.status_code == 200
    assert [item.record for item in answer.context["items"]] == [wedges[0].record_ptr]
    assert "cannot be shown for the moment" in answer.content.decode()
    assert client.get("/collections/wedges.bib").status_code == 503
    assert client.get("/en/collections/").status_code == 200


def test_searching_in_a_collection_finds_what_it_holds_and_nothing_else(client, wedges):
    gondola = Record.objects.get(title="A gondola")
    by_rule(gondola, left_out=(wedges[1],), slug="wedges")
    CollectionFactory(records=[wedges[1]], slug="picked").save()
    index_due()

    def total(query: str) -> int:
        return client.get(f"/api/v1/search?{query}").json()["total"]

    assert total("collection=wedges") == 3
    assert total("collection=wedges&q=gondola") == 1
    assert total("collection=wedges&collection=picked") == 4
    assert total("collection=picked") == 1
    assert total("collection=none") == 0
    feed = client.get("/feeds/search.atom?collection=wedges&lang=en").content.decode()
    assert feed.count("<entry>") == 3
    assert f"<title>{Collection.objects.get(slug='wedges')} – " in feed


def test_a_rule_cannot_lead_round_in_circles(client, wedges):
    by_rule(wedges[0], rule="?collection=round", slug="round")
    index_due()

    assert client.get("/api/v1/search?collection=round").json()["total"] == 1


def test_many_collections_take_the_same_queries_as_one(wedges, django_assert_num_queries):
    for number in range(4):
        by_rule(wedges[0], left_out=(wedges[1],), rule=f"wedge -nothing{number}")
    everything = Collection.objects.with_rows()
    audience = audience_of(OUTSIDER)

    count_records(everything[:1], audience)  # what a process asks once

    # Collections, items, exclusions; live records, the thesaurus, versions, what the rules found.
    with django_assert_num_queries(7):
        count_records(everything[:1], audience)
    with django_assert_num_queries(7):
        counted = count_records(everything, audience)
    assert [one.record_count for one in counted] == [2] * 4


def test_the_page_and_the_index_take_the_same_queries_however_much_rules_find(
    client, wedges, django_assert_num_queries, django_assert_max_num_queries
):
    by_rule(rule='"wedge b"', slug="one")
    by_rule(wedges[0], rule="wedge", slug="three")
    for address in ("/en/collections/one/", "/en/collections/", "/en/collections/one/reading-list/"):
        client.get(address)

    with django_assert_max_num_queries(30) as counted:
        client.get("/en/collections/one/")
    with django_assert_num_queries(len(counted) + 2):  # what was picked is live, and in which versions
        client.get("/en/collections/three/")
    with django_assert_max_num_queries(20) as counted:
        client.get("/en/collections/")
    for number in range(3):
        by_rule(wedges[0], rule=f"wedge -nothing{number}")
    with django_assert_num_queries(len(counted)):
        client.get("/en/collections/")


def test_the_preview_shows_what_each_audience_will_see(client):
    record = PublicationFactory(title="Minutes", access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=record, pages=["All about the secret wedge."])
    rebuild_index()
    draft = by_rule(live=False)
    editor = EditorFactory()
    client.force_login(editor)

    shown = {mode: draft.make_preview_request(preview_mode=mode).content.decode() for mode, _ in draft.preview_modes}

    assert {mode: record.pid in page for mode, page in shown.items()} == {"": False, "members": True, "editors": True}
    assert "A member" in shown["members"]
    assert "Sign in" in shown[""]
