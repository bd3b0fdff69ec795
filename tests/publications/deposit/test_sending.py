import pytest
from django.core import mail
from django.test import Client

from publications.deposit.mails import send_step
from publications.models import Deposit, Person, Presentation, Record
from publications.vocabularies import DepositState
from tests.factories import EditorFactory, PersonFactory, UserFactory
from tests.publications.deposit.conftest import bring, form_of, send, upload


def state_of(deposit):
    return Deposit.objects.with_state().get(pk=deposit.pk).state


def review_of(deposit):
    return Deposit.objects.get(pk=deposit.pk).record.specific().current_workflow_task_state


@pytest.fixture
def told(monkeypatch):
    """The steps that depositors were mailed about."""
    steps = []
    monkeypatch.setattr("publications.deposit.sending.tell_depositor", lambda deposit, step: steps.append(step))
    monkeypatch.setattr("publications.deposit.receivers.tell_depositor", lambda deposit, step: steps.append(step))
    return steps


def test_what_is_sent_waits_for_an_editor_and_nobody_else_sees_it(desk):
    deposit = bring(desk)

    send(desk, deposit)

    assert state_of(deposit) == DepositState.IN_REVIEW
    record = Record.objects.get(pk=deposit.record_id)
    assert (record.live, record.title, record.latest_revision is not None) == (False, "A wedge for every morning", True)
    assert Client().get(record.get_absolute_url()).status_code == 404


def test_the_depositor_cannot_change_what_is_with_the_editors_but_can_take_it_back(desk):
    deposit = bring(desk)
    fields = form_of(desk, deposit)
    send(desk, deposit)
    desk.post(f"/en/deposit/{deposit.record.pid}/", fields | {"title": "Changed behind their back", "version": "1"})
    assert Record.objects.get(pk=deposit.record_id).title == "A wedge for every morning"

    desk.post(f"/en/deposit/{deposit.record.pid}/take-back/")

    assert state_of(deposit) == DepositState.DRAFT
    send(desk, deposit, title="Changed openly")
    assert state_of(deposit) == DepositState.IN_REVIEW
    assert Record.objects.get(pk=deposit.record_id).title == "Changed openly"


def test_sent_back_approved_and_mailed_at_each_step(desk, told):
    editor = EditorFactory()
    deposit = bring(desk)
    send(desk, deposit)

    review_of(deposit).reject(user=editor, comment="Please give the DOI.")

    assert state_of(deposit) == DepositState.SENT_BACK
    assert "Please give the DOI." in desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()
    send(desk, deposit, doi="10.1000/wedge")
    review_of(deposit).approve(user=editor)
    assert state_of(deposit) == DepositState.LIVE
    assert told == ["received", "sent_back", "received", "published"]
    page = Client().get(deposit.record.get_absolute_url())
    assert (page.status_code, "10.1000/wedge" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(("language", "subject"), [("en", "Received: "), ("nl", "")])
def test_mails_are_in_the_language_in_which_the_hub_is_used(desk, researcher, language, subject):
    deposit = bring(desk)
    Deposit.objects.filter(pk=deposit.pk).update(language=language)

    for step in ("received", "taken_back", "sent_back", "published", "withdrawn", "stays"):
        send_step.call(deposit.pk, step)

    assert [message.to for message in mail.outbox] == [[researcher.email]] * 6
    assert mail.outbox[0].subject.startswith(subject)
    assert f"http://testserver/{language}/deposit/{deposit.record.pid}/" in mail.outbox[0].body


def test_trusted_depositors_publish_at_once(db):
    trusted = UserFactory(groups=["Trusted researchers"])
    client = Client()
    client.force_login(trusted)
    deposit = bring(client)

    send(client, deposit)

    assert state_of(deposit) == DepositState.LIVE
    assert Client().get(deposit.record.get_absolute_url()).status_code == 200


def test_a_trusted_depositor_with_signs_of_patient_data_goes_through_review(db):
    from tests.factories import make_pdf

    client = Client()
    client.force_login(UserFactory(groups=["Trusted researchers"]))
    deposit = bring(client, upload("case.pdf", make_pdf(["Bespreek de patiënt met BSN 123456782 met de arts."])))

    send(client, deposit)

    assert state_of(deposit) == DepositState.IN_REVIEW


def test_authors_become_people_when_the_record_goes_live(desk):
    known = PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    deposit = bring(desk)
    send(desk, deposit, **{"authors-1-given_name": "Nieuw", "authors-1-family_name": "Hier"})
    assert Person.objects.count() == 1

    review_of(deposit).approve(user=EditorFactory())

    record = Record.objects.get(pk=deposit.record_id)
    people = [contribution.person for contribution in record.contributions.all()]
    assert people[0] == known
    assert (people[1].name, people[1].is_listed) == ("Nieuw Hier", False)
    assert record.specific().latest_revision == record.live_revision


def test_somebody_else_of_the_same_name_becomes_a_new_person(desk):
    PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    deposit = bring(desk)
    send(desk, deposit, **{"authors-0-person": "-"})

    review_of(deposit).approve(user=EditorFactory())

    assert Person.objects.filter(family_name="van der Hoeven").count() == 2


def test_a_paper_that_turns_out_to_be_slides_keeps_its_address_and_its_file(desk):
    deposit = bring(desk)

    send(desk, deposit, resource_type="slides")

    record = Record.objects.get(pk=deposit.record_id).specific()
    assert isinstance(record, Presentation)
    assert (record.pid, record.files.count()) == (deposit.record.pid, 1)
    review_of(deposit).approve(user=EditorFactory())
    assert "Slides" in Client().get(record.get_absolute_url()).content.decode()


def test_wagtail_writes_to_editors_and_not_to_the_depositor(desk, django_capture_on_commit_callbacks):
    editor = EditorFactory(email="editor@hub.example")
    deposit = bring(desk)
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, deposit)
    assert [message.to for message in mail.outbox] == [["editor@hub.example"]]

    with django_capture_on_commit_callbacks(execute=True):
        review_of(deposit).reject(user=editor, comment="No.")

    assert len(mail.outbox) == 1
