"""What a reader may not open they cannot find, count, complete or infer: through the page, the API and the reader.

Each test has a word that stands only in what is closed, so that there is something that could leak.
"""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publications.vocabularies import AccessRight
from search.indexing import index_due
from tests.factories import (
    EditorFactory,
    GroupFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_index")]
SECRET = "zirconium"


def closed_record(access_right, **values):
    record = PublicationFactory(title="A public title", access_right=access_right, **values)
    RecordFileFactory(record=record, name="closed.pdf", pages=[f"nothing much {SECRET} and more", "plain page"])
    return record


def ask(user, q=SECRET):
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get("/api/v1/search", {"q": q}).json()
    html = client.get("/en/search/", {"q": q}).content.decode()
    suggestions = client.get("/api/v1/suggest", {"q": q[:5]}).json()["suggestions"]
    return answer, html, suggestions


def finds(user, q=SECRET):
    """Whether this user finds the word; page, API and suggestions must agree."""
    answer, html, suggestions = ask(user, q)
    found = answer["total"] > 0
    assert (f'data-total="{answer["total"]}"') in html
    assert bool(answer["hits"]) == found
    assert any(values for values in answer["facets"].values()) == found
    assert ("<mark>" in html) == found
    assert (SECRET in [suggestion["text"] for suggestion in suggestions]) == found
    return found


def test_members_find_what_is_for_members():
    closed_record(AccessRight.MEMBERS)
    index_due()

    assert [finds(user) for user in (None, UserFactory(), MemberFactory(), ResearcherFactory(), EditorFactory())] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_only_the_named_find_what_is_restricted():
    group, friend, stranger = GroupFactory(), UserFactory(), MemberFactory()
    insider = UserFactory()
    insider.groups.add(group)
    record = closed_record(AccessRight.RESTRICTED)
    record.restricted_groups.add(group)
    record.restricted_users.add(friend)
    record.save()
    index_due()

    assert [finds(user) for user in (None, stranger, insider, friend, EditorFactory())] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_nobody_but_editors_and_the_depositor_finds_the_text_of_metadata_only():
    owner = ResearcherFactory()
    closed_record(AccessRight.METADATA_ONLY, owner=owner)
    index_due()

    assert [finds(user) for user in (None, MemberFactory(), owner, EditorFactory())] == [False, False, True, True]


def test_an_embargo_lifts_itself_on_its_date(monkeypatch):
    today = timezone.localdate()
    closed_record(AccessRight.EMBARGOED, available=today + timedelta(days=1))
    index_due()

    before = finds(None)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: today + timedelta(days=1))
    after = finds(None)

    assert (before, after) == (False, True)


def test_a_draft_is_found_by_nobody_in_the_search():
    closed_record(AccessRight.OPEN, live=False)
    index_due()

    answers = [ask(user) for user in (None, MemberFactory(), EditorFactory())]

    assert [(answer["total"], suggestions) for answer, _html, suggestions in answers] == [(0, [])] * 3


def test_a_closed_file_of_an_open_record_stays_closed():
    record = PublicationFactory(access_right=AccessRight.OPEN)
    RecordFileFactory(record=record, name="open.pdf", pages=["an open page about helium"])
    RecordFileFactory(record=record, name="closed.pdf", access_right=AccessRight.MEMBERS, pages=[f"{SECRET} inside"])
    index_due()

    assert (finds(None), finds(MemberFactory())) == (False, True)


def test_hidden_text_moves_no_score():
    """Two records with the same open words score the same, whatever one of them hides."""
    for hidden in ("nothing of note", "helium " * 50):
        record = PublicationFactory(title="Same words", access_right=AccessRight.OPEN)
        RecordFileFactory(record=record, name="open.pdf", pages=["helium in a magnet"])
        RecordFileFactory(record=record, name="closed.pdf", access_right=AccessRight.MEMBERS, pages=[hidden])
    index_due()

    answer, _html, _suggestions = ask(None, "helium")

    first, second = answer["hits"]
    assert first["score"] == second["score"]


def addresses_of(record):
    return [
        f"/en/records/{record.pid}/closed.pdf",
        f"/en/records/{record.pid}/pages/1/1/?q=plain",
        f"/en/records/{record.pid}/pages/1/1/1000.webp",
        f"/en/records/{record.pid}/pages/1/thumbnail.webp",
    ]


@pytest.mark.parametrize("place", range(4))
def test_every_address_of_a_closed_file_is_closed(place):
    record = closed_record(AccessRight.MEMBERS)
    address = addresses_of(record)[place]
    member = Client()
    member.force_login(MemberFactory())

    stranger_sees, member_sees = Client().get(address), member.get(address)

    assert stranger_sees.status_code == 403
    assert SECRET not in stranger_sees.content.decode(errors="replace")
    assert member_sees.status_code == 200


@pytest.mark.parametrize("place", range(4))
def test_every_address_of_a_drafts_file_is_unknown(place):
    record = closed_record(AccessRight.OPEN, live=False)
    address = addresses_of(record)[place]
    member = Client()
    member.force_login(MemberFactory())

    assert [client.get(address).status_code for client in (Client(), member)] == [404, 404]


def test_a_past_embargo_is_open():
    record = closed_record(AccessRight.EMBARGOED, available=date(2020, 1, 1))
    index_due()

    assert finds(None)
    assert Client().get(addresses_of(record)[0]).status_code == 200
