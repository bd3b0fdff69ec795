"""A mail server that is away, refuses, or comes back; and texts that want to be more than texts."""

import logging
from datetime import timedelta
from email import policy
from smtplib import SMTPRecipientsRefused
from traceback import format_exception

import pytest
from django.core.mail import send_mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from publications.claims import approve_account
from publications.contact.queue import MOST_TRIES, send_contact_mail, send_waiting_mails, try_to_send
from publications.deposit.intake import make_deposit
from publications.deposit.mails import send_step
from publications.errors import MailFailed
from publications.metadata import RecordMetadata
from publications.models import ContactMail, ContactRequest, Passing
from tests.factories import EditorFactory, ResearcherFactory, UserFactory
from tests.publications.contact.conftest import ASKER, body_of, fill_in, link_in

pytestmark = pytest.mark.django_db


def test_a_worker_is_woken_for_each_mail(client, marieke, post, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        fill_in(client, f"/en/people/{marieke.slug}/ask/")

    task = DBTaskResult.objects.get(task_path__endswith="send_contact_mail")
    assert task.args_kwargs["args"] == [ContactMail.objects.get().pk]
    send_contact_mail.call(*task.args_kwargs["args"])
    assert [to for to, _ in post.mails] == [ASKER]


def test_while_the_server_is_away_nothing_is_lost_and_the_asker_is_told(client, marieke, post, asked, settings):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1  # nobody listens there
    assert post.deliver() == []

    assert "has not gone out yet" in client.get(asked).content.decode()
    assert send_waiting_mails() == 0, "it pauses before the next try"
    assert set(ContactMail.objects.exclude(kind="confirm").values_list("tries", "sent_at")) == {(1, None)}

    settings.EMAIL_PORT = port
    assert {to for to, _ in post.deliver()} == {ASKER, "marieke@private.example"}
    assert "has not gone out yet" not in client.get(asked).content.decode()
    assert post.deliver() == []


@pytest.mark.parametrize("is_away", [False, True])
def test_what_was_said_before_the_end_is_sent_after_it(client, marieke, post, asked, settings, is_away):
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "answer", "text": "Ten percent."})
    post.deliver()
    client.post(asked, {"do": "write", "text": "Then we shall buy it."})
    if is_away:
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        assert post.deliver() == []
        settings.EMAIL_PORT = port
    client.post(asked, {"do": "helped"})

    mails = {mail["Subject"]: body_of(mail) for to, mail in post.deliver() if to == "marieke@private.example"}
    assert list(mails) == ["More about a question you were asked through Knowledge Hub", "Your answer helped"]
    followed_up, thanked = mails.values()
    assert "> Then we shall buy it." in followed_up and "You no longer have this question" in followed_up
    assert "> How far apart may two readings lie?" in thanked
    desk = Client()
    desk.force_login(EditorFactory())
    assert "mail not sent" not in desk.get(f"/admin/questions/{ContactRequest.objects.get().pk}/").content.decode()


def test_who_never_got_a_question_gets_nothing_more_of_it(client, marieke, post, asked):
    post.answer = "550 no such user"
    client.post(asked, {"do": "write", "text": "One thing more."})
    post.deliver()
    post.answer = "250 OK"

    assert Passing.objects.get().ended == "undelivered"
    assert "marieke@private.example" not in {to for to, _ in post.deliver()}


def test_tries_get_rarer_and_end(marieke, post, asked, settings):
    settings.EMAIL_PORT = 1
    mail = ContactMail.objects.get(kind="question")
    now, pauses = timezone.now(), []
    while not mail.given_up_at:
        try_to_send(mail.pk, now=now)
        mail.refresh_from_db()
        pauses.append(mail.next_try_at - now)
        now = mail.next_try_at

    assert mail.tries == MOST_TRIES and pauses == sorted(pauses) and sum(pauses, timedelta()) > timedelta(days=1)
    assert ContactRequest.objects.get().state == "at_desk"
    assert Passing.objects.get().ended == "undelivered"


def test_an_address_that_does_not_exist_brings_the_question_to_the_desk(client, marieke, post, asked):
    post.answer = "550 no such user"
    post.deliver()

    assert ContactRequest.objects.get().state == "at_desk"
    assert "did not arrive" in client.get(asked).content.decode()


def test_a_full_mailbox_is_tried_again(marieke, post, asked):
    post.answer = "452 mailbox full"
    post.deliver()
    assert ContactRequest.objects.get().state == "passed_on"

    post.answer = "250 OK"
    assert len(post.deliver()) == 2


def test_two_workers_send_a_mail_once(marieke, post, asked):
    mail = ContactMail.objects.get(kind="question")
    now = timezone.now()

    assert [try_to_send(mail.pk, now=now), try_to_send(mail.pk, now=now)] == [True, False]


def test_no_address_gets_into_logs_or_tasks(client, marieke, post, asked, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    post.answer = "550 canary-refused"
    deposit = make_deposit(owner=ResearcherFactory(email="canary-owner@x.example"), metadata=RecordMetadata(title="T"))

    post.deliver()
    approve_account(UserFactory(email="canary-account@x.example", awaits_approval=True))
    with pytest.raises(MailFailed) as failed:
        send_step.call(deposit.pk, "received")

    assert failed.value.__cause__ is None and failed.value.__context__ is None
    ours = [record for record in caplog.records if not record.name.startswith(("mail.log", "asyncio"))]
    told = [record.getMessage() + (record.exc_text or "") for record in ours]
    assert any("not sent" in line for line in told) and any("could not be sent" in line for line in told)
    for secret in ("private.example", "medview.example", "canary-owner", "canary-account", "canary-refused"):
        assert not any(secret in line for line in told), secret
    assert "private.example" not in str(list(DBTaskResult.objects.values()))


RECEIVER = "canary-receiver@x.example"


@pytest.mark.parametrize("answer", ["550 no such user", "452 mailbox full"])
def test_no_mail_of_the_hub_raises_an_error_with_an_address(post, answer):
    post.answer = answer
    with pytest.raises(SMTPRecipientsRefused) as failed:
        send_mail("Subject", "Text", None, [RECEIVER])

    assert [code for code, _ in failed.value.recipients.values()] == [int(answer[:3])]
    assert "canary" not in "".join(format_exception(failed.value))


HOSTILE = "Eve\r\nBcc: everybody@x.example\r\n\r\n<script>alert(1)</script>"


def test_texts_of_strangers_stay_texts(client, marieke, post):
    fill_in(
        client,
        f"/en/people/{marieke.slug}/ask/",
        name=HOSTILE,
        organisation="Evil\nReply-To: eve@x.example",
        text="-- \nKnowledge Hub\nhttp://testserver/en/phishing/\n<b>bold</b> & {{ site_name }}",
    )
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()

    assert {to for to, _ in post.mails} == {ASKER, "marieke@private.example"}
    for _, mail in post.mails:
        assert mail["Bcc"] is None and mail["Reply-To"] is None
        assert mail.get_content_type() == "text/plain"
    text = body_of(post.last_to("marieke@private.example"))
    own = [line for line in text.splitlines() if not line.startswith(">")]
    assert not any(word in line for line in own for word in ("Eve", "Evil", "phishing", "Bcc", "bold"))
    assert "> <b>bold</b> & {{ site_name }}" in text
    page = Client().get(link_in(post.last_to("marieke@private.example"))).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "&lt;b&gt;bold" in page


@pytest.mark.parametrize("address", ["eve@x.example\nBcc: all@x.example", "eve@x.example, all@x.example", "<eve@x>"])
def test_an_address_that_is_none_is_refused(client, marieke, post, address):
    answer = fill_in(client, f"/en/people/{marieke.slug}/ask/", email=address)

    assert answer.status_code == 422 and not ContactRequest.objects.exists()


def test_headers_say_that_a_program_sent_it(marieke, post, asked):
    post.deliver()
    mail = post.last_to("marieke@private.example")

    assert mail["Auto-Submitted"] == "auto-generated" and mail["To"] == "marieke@private.example"
    assert "medview" not in mail.as_bytes(policy=policy.SMTP).decode()
    assert transaction.get_connection().in_atomic_block
