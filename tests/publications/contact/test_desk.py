"""The editors' desk in the CMS."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from publications.models import ContactRequest, Passing
from tests.factories import EditorFactory, PersonFactory, ResearcherFactory
from tests.publications.contact.conftest import ASKER, body_of, fill_in, link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    """An editor, signed in."""
    client = Client()
    client.force_login(EditorFactory())
    return client


@pytest.fixture
def waiting(client, marieke, post):
    """A question to the cluster that waits at the desk."""
    fill_in(client, "/en/ask/?q=nodules")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()
    return ContactRequest.objects.get()


def act(desk, asked, do, **given):
    return desk.post(reverse("act_on_contact_request", args=[asked.pk]), {"do": do} | given, follow=True)


def test_a_question_to_the_cluster_waits_and_is_passed_on(client, desk, waiting, marieke, post):
    assert "question that waits for an editor" in desk.get("/admin/").content.decode()
    listed = desk.get("/admin/questions/?state=at_desk").content.decode()
    assert f"Question {waiting.pk}" in listed and "MedView BV" in listed and ASKER not in listed

    page = desk.get(f"/admin/questions/{waiting.pk}/?person=hoeven").content.decode()
    assert "How far apart may two readings lie?" in page and f'value="{marieke.slug}"' in page
    assert "private.example" not in page
    act(desk, waiting, "pass_on", person=marieke.slug)

    assert {to for to, _ in post.deliver()} == {"marieke@private.example", ASKER}
    assert "has been passed on to Marieke" in body_of(post.last_to(ASKER))
    assert f"Question {waiting.pk}" not in desk.get("/admin/questions/?state=at_desk").content.decode()


def test_whoever_takes_no_questions_gets_none_from_the_desk(desk, waiting, post):
    closed = PersonFactory(email="closed@private.example", has_consented=False)
    nowhere = PersonFactory(has_consented=True)

    assert "takes no questions" in act(desk, waiting, "pass_on", person=closed.slug).content.decode()
    assert "has no address" in act(desk, waiting, "pass_on", person=nowhere.slug).content.decode()
    assert not Passing.objects.exists() and post.deliver() == []


def test_an_editor_reminds_answers_notes_and_closes(client, desk, waiting, marieke, post):
    act(desk, waiting, "pass_on", person=marieke.slug)
    post.deliver()
    act(desk, waiting, "remind", passing=Passing.objects.get().pk)
    assert [to for to, _ in post.deliver()] == ["marieke@private.example"]

    act(desk, waiting, "answer", text="We know a book.")
    assert "> We know a book." in body_of(post.deliver()[0][1])
    act(desk, waiting, "note", notes="Rang them.")
    act(desk, waiting, "close", outcome="matched", text="You have met.")

    [(to, mail)] = post.deliver()
    assert to == ASKER and "put you in touch" in body_of(mail) and "> You have met." in body_of(mail)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome, waiting.notes) == ("closed", "matched", "Rang them.")
    act(desk, waiting, "reopen")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("at_desk", "")


def test_the_history_names_acts_and_nobody_who_asked(desk, waiting, marieke, post):
    act(desk, waiting, "pass_on", person=marieke.slug)
    act(desk, waiting, "close", outcome="answered", text="Done.")
    act(desk, waiting, "erase")

    entries = ModelLogEntry.objects.filter(action__startswith="publications.contact")
    assert sorted(entries.values_list("action", flat=True)) == [
        "publications.contact_close", "publications.contact_erase", "publications.contact_pass_on",
    ]  # fmt: skip
    told = str(list(entries.values()))
    assert not any(word in told for word in ("Jansen", "MedView", "medview", "How far", "Done."))
    history = desk.get("/admin/reports/site-history/").content.decode()
    assert "Passed on to Marieke van der Hoeven" in history and f"Question {waiting.pk}" in history
    assert "MedView" not in desk.get(f"/admin/questions/{waiting.pk}/").content.decode()


def test_the_spreadsheet_has_outcomes_and_no_names(desk, waiting):
    sheet = b"".join(desk.get("/admin/questions/?export=csv")).decode()

    assert "With the editors" in sheet and "the cluster" in sheet
    assert not any(word in sheet for word in (ASKER, "Jansen", "MedView", "How far"))


def test_what_is_held_about_an_address_is_had_and_erased(desk, waiting):
    taken = desk.post("/admin/questions/held/", {"address": ASKER, "export": ""})
    assert "attachment" in taken["Content-Disposition"] and taken.json()["questions"][0]["email"] == ASKER

    desk.post("/admin/questions/held/", {"address": ASKER, "erase": ""})
    assert ContactRequest.objects.get().erased_at


def test_only_editors_work_at_the_desk(waiting):
    other = Client()
    other.force_login(ResearcherFactory())
    for address in ("", f"{waiting.pk}/", "held/", "results/"):
        assert other.get(f"/admin/questions/{address}").status_code in (302, 403)
    assert other.post(f"/admin/questions/{waiting.pk}/act/", {"do": "erase"}).status_code in (302, 403)
    waiting.refresh_from_db()
    assert waiting.erased_at is None


def test_unconfirmed_questions_are_nobody_s_business(client, desk, marieke, post):
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    asked = ContactRequest.objects.get()

    assert f"Question {asked.pk}" not in desk.get("/admin/questions/").content.decode()
    assert desk.get(f"/admin/questions/{asked.pk}/").status_code == 404


def test_the_list_asks_the_same_of_the_database_for_one_and_for_many(desk, waiting, django_assert_max_num_queries):
    desk.get("/admin/questions/")
    with django_assert_max_num_queries(20) as few:
        desk.get("/admin/questions/")
    for number in range(8):
        person = PersonFactory()
        ContactRequest.objects.create(person=person, text="?", name="N", email=f"n{number}@x.example", state="at_desk")

    with django_assert_max_num_queries(len(few)):
        desk.get("/admin/questions/")


def test_pages_of_a_question_ask_little(client, marieke, record, post, django_assert_max_num_queries):
    address = f"/en/people/{marieke.slug}/ask/"
    client.get(address)
    with django_assert_max_num_queries(10):
        client.get(address)
    fill_in(client, address)
    post.deliver()
    follow = client.post(link_in(post.last_to(ASKER))).url
    post.deliver()
    with django_assert_max_num_queries(12):
        client.get(follow)
    with django_assert_max_num_queries(16):
        Client().get(link_in(post.last_to("marieke@private.example")))
