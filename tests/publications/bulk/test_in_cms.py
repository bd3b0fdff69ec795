"""Changing many records in the CMS: choosing by ticks and by filters, the preview, progress, undo, and who may."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publications.bulk import finish_change
from publications.deposit.intake import make_deposit
from publications.metadata import RecordMetadata
from publications.models import BulkChange, Publication
from publications.vocabularies import AccessRight, BulkState
from tests.factories import (
    EditorFactory,
    GroupFactory,
    MemberFactory,
    PublicationFactory,
    ResearcherFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

FORM = "/admin/records/publication/change/"
LISTING = "/admin/snippets/publications/publication/"


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def page_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def prepare(client, address=FORM, **fields):
    response = client.post(address, fields)
    assert response.status_code == 302, page_of(response).select_one("form").text
    return BulkChange.objects.get(), response.url


def apply(client, change, url):
    digest = page_of(client.get(url)).select_one("input[name=digest]")["value"]
    client.post(url, {"digest": digest})
    finish_change(change)


def test_all_that_match_words_and_filters_are_changed_and_no_others(client, editor):
    heart, lung = TopicFactory(label_en="heart"), TopicFactory(label_en="lung")
    chosen = [PublicationFactory(title=f"Wedge {n}", topics=[heart], language="en") for n in range(3)]
    other = PublicationFactory(title="Wedge in Dutch", topics=[heart], language="nl")
    query = f"?q=wedge&topic={heart.pk}&language=en"
    listing = page_of(client.get(LISTING + query))
    assert f"{FORM}{query}".replace("&", "&amp;") in str(listing)

    change, url = prepare(client, FORM + query, add_topics="lung", remove_topics="heart")
    apply(client, change, url)

    assert all(list(record.topics.all()) == [lung] for record in chosen)
    assert list(other.topics.all()) == [heart]
    page = page_of(client.get(url))
    assert "3" in page.select_one("[aria-label='What became of them']").text
    client.post(url, {"undo": "1"})
    finish_change(change)
    assert all(
        list(record.topics.all()) == [heart] for record in Publication.objects.filter(pk__in=[r.pk for r in chosen])
    )
    assert "Changed back (3)" in page_of(client.get(url)).text


def test_what_is_ticked_leads_to_the_form(client, editor):
    one, other = PublicationFactory(), PublicationFactory()
    address = reverse("wagtail_bulk_action", args=["publications", "publication", "change_many"])

    response = client.get(f"{address}?id={one.pk}&next={LISTING}")

    assert response.url == f"{FORM}?id={one.pk}"
    change, _url = prepare(client, response.url, rights="CC-BY-4.0")
    assert list(change.items.values_list("record", flat=True)) == [one.pk] != [other.pk]
    everything = client.get(f"{address}?id=all&language=en&next={LISTING}").url
    assert everything == f"{FORM}?id=all&language=en"


def test_work_that_was_never_sent_cannot_be_chosen(client, editor):
    deposit = make_deposit(owner=ResearcherFactory(), metadata=RecordMetadata(title="Unsent"))

    for query in ("", f"?id={deposit.record_id}"):
        page = page_of(client.get(FORM + query))
        assert "No record matches" in page.text
        assert "Unsent" not in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Say first what is to change."),
        ({"access_right": "embargoed"}, "Give the day on which the embargo ends."),
        ({"access_right": "open", "available": "2030-01-01"}, "A day is only for what opens later."),
        ({"access_right": "restricted"}, "Tick the groups"),
        ({"add_topics": "nothing"}, "There is no topic “nothing”."),
        ({"add_topics": "heart", "remove_topics": "heart"}, "cannot be added and taken away at once"),
        ({"event": "99999"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_prepared(client, editor, fields, words):
    PublicationFactory()
    TopicFactory(label_en="heart")

    page = page_of(client.post(FORM, fields))

    assert words in page.text
    assert not BulkChange.objects.exists()


def test_restricted_to_groups_and_nobody_else(client, editor):
    group, friend = GroupFactory(), MemberFactory()
    record = PublicationFactory()
    record.restricted_users.set([friend])
    record.save()

    change, url = prepare(client, access_right="restricted", groups=[group.pk])
    apply(client, change, url)

    record = Publication.objects.get()
    assert (record.access_right, list(record.restricted_groups.all())) == (AccessRight.RESTRICTED, [group])
    assert not record.restricted_users.exists()


def test_what_changed_since_the_preview_is_shown_again(client, editor):
    record = PublicationFactory()
    change, url = prepare(client, rights="CC-BY-4.0")
    digest = page_of(client.get(url)).select_one("input[name=digest]")["value"]
    Publication.objects.filter(pk=record.pk).update(rights="CC0-1.0")

    page = page_of(client.post(url, {"digest": digest}, follow=True))

    assert "Records changed since you looked." in page.text
    change.refresh_from_db()
    assert change.state == BulkState.PREPARED


def test_progress_is_told_whenever_the_page_is_opened(client, editor):
    PublicationFactory()
    _change, url = prepare(client, rights="CC-BY-4.0")
    BulkChange.objects.update(state=BulkState.APPLYING)

    page = page_of(client.get(url))

    assert page.select_one("progress")["max"] == "1"
    assert "0 of 1 records done." in page.select_one("bulk-progress [role=status]").text


def test_who_may_and_who_may_not(client, editor):
    PublicationFactory()
    change, url = prepare(client, rights="CC-BY-4.0")
    cms_only = MemberFactory()
    cms_only.user_permissions.add(Permission.objects.get(codename="access_admin"))
    cms_only.user_permissions.add(Permission.objects.get(codename="change_publication"))

    client.force_login(cms_only)
    assert {client.get(address).status_code for address in (FORM, url, "/admin/records/changes/")} == {302}
    assert client.post(FORM, {"rights": "CC-BY-4.0"}).status_code == 302
    assert BulkChange.objects.count() == 1
    client.force_login(EditorFactory())
    assert client.get(url).status_code == 302, "what another prepared is theirs"
    assert str(change.pk) not in page_of(client.get("/admin/records/changes/")).select_one(".hub-page").text


@pytest.mark.parametrize("name", ["form", "preview", "list", "done"])
def test_queries_do_not_grow_with_records(client, editor, name):
    topic = TopicFactory(label_en="heart")
    counts = []
    for number in (1, 4):
        for _extra in range(number):
            PublicationFactory(topics=[topic]).save_revision()
        BulkChange.objects.all().delete()
        change, url = prepare(client, rights="CC-BY-4.0")
        if name == "done":
            apply(client, change, url)
        address = {"form": FORM, "list": "/admin/records/changes/"}.get(name, url)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
