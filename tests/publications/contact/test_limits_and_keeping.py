"""Limits against abuse, what happens when nobody answers, and how everything is forgotten."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from publications.contact.keeping import follow_questions, forget_questions, held_about
from publications.models import ContactMail, ContactMessage, ContactRequest, DailyTally, Passing
from publications.vocabularies import ContactOutcome, ContactState
from search.models import SavedSearch, Subscriber
from tests.factories import PersonFactory
from tests.publications.contact.conftest import ASKER, fill_in, link_in

pytestmark = pytest.mark.django_db


def ago(**kwargs):
    return timezone.now() - timedelta(**kwargs)


def test_one_address_asks_so_often_a_day(client, marieke, post, settings):
    settings.CONTACT_PER_SENDER = 2
    answers = [
        fill_in(client, f"/en/people/{marieke.slug}/ask/", email=email) for email in (ASKER, ASKER, ASKER.upper())
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "Many questions were asked from this address today" in answers[2].content.decode()
    assert "How far apart may two readings lie?" in answers[2].content.decode()
    assert not DailyTally.objects.filter(digest__contains="@").exists()


def test_one_network_asks_so_often_a_day(client, marieke, post, settings):
    settings.CONTACT_PER_NETWORK = 1
    fill_in(client, f"/en/people/{marieke.slug}/ask/")

    assert "from your network" in fill_in(client, "/en/ask/", email="other@x.example").content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert fill_in(elsewhere, "/en/ask/", email="other@x.example").status_code == 302


def test_one_person_is_asked_so_often_a_day_by_confirmed_addresses(client, marieke, post, settings):
    settings.CONTACT_PER_RECEIVER = 1
    first, second = [ASKER, "second@x.example"]
    for email in (first, second):
        assert fill_in(client, f"/en/people/{marieke.slug}/ask/", email=email).status_code == 302
    post.deliver()
    for email in (first, second):
        client.post(link_in(post.last_to(email)))

    assert [asked.state for asked in ContactRequest.objects.order_by("pk")] == ["passed_on", "at_desk"]
    refused = fill_in(client, f"/en/people/{marieke.slug}/ask/", email="third@x.example")
    assert refused.status_code == 422 and "had many questions today" in refused.content.decode()


def test_a_program_that_fills_in_everything_is_refused_and_told(client, marieke, post):
    answer = fill_in(client, f"/en/people/{marieke.slug}/ask/", website="https://spam.example")

    assert answer.status_code == 422 and not ContactRequest.objects.exists()


def test_who_is_silent_is_reminded_once_and_then_the_editors_take_over(client, marieke, post, asked, settings):
    post.deliver()
    Passing.objects.update(passed_at=ago(days=settings.CONTACT_REMIND_DAYS, minutes=1))
    assert (follow_questions(), follow_questions()) == (1, 0)
    assert [mail["Subject"] for to, mail in post.deliver()] == ["A question is still waiting for you at Knowledge Hub"]

    Passing.objects.update(passed_at=ago(days=settings.CONTACT_DESK_DAYS, minutes=1))
    assert follow_questions() == 1
    assert ContactRequest.objects.get().state == "at_desk"
    assert "did not answer" in client.get(asked).content.decode()


def test_what_was_answered_closes_itself(marieke, post, asked, settings):
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "answer", "text": "Ten percent."})
    ContactRequest.objects.update(changed_at=ago(days=settings.CONTACT_CLOSE_DAYS, minutes=1))
    follow_questions()

    assert ContactRequest.objects.values_list("state", "outcome").get() == ("closed", "answered")


def test_what_lies_at_the_desk_for_ever_is_closed_and_its_asker_told(client, marieke, post, asked, settings):
    ContactRequest.objects.update(state="at_desk", changed_at=ago(days=31 * settings.CONTACT_KEEP_MONTHS))
    post.deliver()
    follow_questions()

    assert ContactRequest.objects.values_list("state", "outcome").get() == ("closed", "no_answer")
    assert "nobody could be found" in post.deliver()[-1][1].get_content()


def test_what_nobody_confirms_is_gone_after_hours(client, marieke, post, settings):
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    [(_, mail)] = post.deliver()
    assert forget_questions() == 0
    ContactRequest.objects.update(created_at=ago(hours=settings.CONTACT_CONFIRM_HOURS, minutes=1))

    assert forget_questions() == 1
    assert not ContactRequest.objects.exists() and not ContactMail.objects.exists()
    assert client.get(link_in(mail)).status_code == 404


def test_what_was_closed_is_erased_after_months_and_still_counts(client, marieke, post, asked, settings):
    client.post(asked, {"do": "helped"})
    ContactRequest.objects.update(
        state="closed", outcome="answered", closed_at=ago(days=31 * settings.CONTACT_KEEP_MONTHS)
    )
    forget_questions()

    question = ContactRequest.objects.get()
    assert question.erased_at and question.outcome == "answered"
    assert_nothing_personal_is_left()
    assert client.get(asked).status_code == 404


def test_its_asker_takes_it_away_and_erases_it(client, marieke, post, asked):
    post.deliver()
    taken = client.get(f"{asked}data.json").json()
    assert taken["email"] == ASKER and taken["question"].startswith("How far apart")
    assert "private.example" not in json.dumps(taken)

    assert b"Erase it" in client.get(f"{asked}erase/").content
    assert ContactRequest.objects.get().email == ASKER
    client.post(f"{asked}erase/")

    assert_nothing_personal_is_left()
    assert client.get(asked).status_code == 404
    assert Client().get(link_in(post.last_to("marieke@private.example"))).status_code == 404


@pytest.mark.parametrize(
    ("state", "outcome", "kept"),
    [
        (ContactState.ANSWERED, "", ContactOutcome.ANSWERED),
        (ContactState.PASSED_ON, "", ContactOutcome.NO_ANSWER),
        (ContactState.AT_DESK, "", ContactOutcome.NO_ANSWER),
        (ContactState.CLOSED, ContactOutcome.MATCHED, ContactOutcome.MATCHED),
        (ContactState.CLOSED, ContactOutcome.TURNED_AWAY, ContactOutcome.TURNED_AWAY),
    ],
)
def test_what_is_erased_still_counts_as_what_came_of_it(client, marieke, post, asked, state, outcome, kept):
    ContactRequest.objects.update(state=state, outcome=outcome)

    client.post(f"{asked}erase/")

    assert ContactRequest.objects.values_list("state", "outcome").get() == (ContactState.CLOSED, kept)


def assert_nothing_personal_is_left():
    kept = [list(model.objects.values()) for model in (ContactRequest, Passing, ContactMessage, ContactMail)]
    history = list(ModelLogEntry.objects.values())
    for secret in ("medview", "MedView", "Jansen", "How far apart"):
        assert secret not in str(kept), secret
        assert secret not in str(history), secret


def test_whoever_asks_is_told_all_that_is_held(client, marieke, post, asked, capsys):
    held = held_about(ASKER.upper())
    assert [question["question"] for question in held["questions"]] == ["How far apart may two readings lie?"]
    assert held_about("marieke@private.example")["people"][0]["name"] == "Marieke van der Hoeven"
    assert held_about("nobody@x.example")["questions"] == []

    subscriber = Subscriber.objects.create(email=ASKER)
    SavedSearch.objects.create(subscriber=subscriber, query="q=nodules")
    assert held_about(ASKER)["saved_searches"][0]["question"] == "q=nodules"

    call_command("held_about", ASKER)
    assert json.loads(capsys.readouterr().out)["questions"][0]["email"] == ASKER
    call_command("held_about", ASKER, "--erase")
    assert (held_about(ASKER)["questions"], held_about(ASKER)["saved_searches"]) == ([], [])
    assert not Subscriber.objects.exists()


def test_a_member_s_quotation_is_not_shown_to_who_may_not_read_it(client, marieke, post):
    from publications.vocabularies import AccessRight
    from search.indexing import rebuild_index
    from tests.factories import MemberFactory, PublicationFactory, RecordFileFactory

    record = PublicationFactory(title="For members", creators=[marieke], access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=record, name="m.pdf", pages=["The zirconium phantom was secret."])
    rebuild_index()
    member = Client()
    member.force_login(MemberFactory())
    address = f"/en/people/{marieke.slug}/ask/?q=zirconium&on={record.pid}"
    assert "phantom" not in client.get(address).content.decode()
    fill_in(member, address)
    post.deliver()
    member.post(link_in(post.last_to(ASKER)))
    post.deliver()

    assert "phantom" in str(ContactRequest.objects.get().evidence)
    for mail in (mail for _, mail in post.mails):
        assert "phantom" not in mail.get_content()
    assert "phantom" not in Client().get(link_in(post.last_to("marieke@private.example"))).content.decode()


def test_a_merged_person_still_answers(client, marieke, post, asked):
    from publications.merging import merge_people

    other = PersonFactory(family_name="van der Hoeve")
    merge_people(other, marieke)
    post.deliver()

    assert Client().get(link_in(post.last_to("marieke@private.example"))).status_code == 200
    assert ContactRequest.objects.get().state == "passed_on"
