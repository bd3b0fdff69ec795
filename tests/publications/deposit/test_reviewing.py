import pytest
from django.test import Client
from django.urls import reverse

from publications.models import Deposit, Record, Topic, WithdrawalRequest
from publications.vocabularies import DepositState
from tests.factories import (
    EditorFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    make_pdf,
)
from tests.publications.deposit.conftest import bring, form_of, send, upload


@pytest.fixture
def editor(db):
    client = Client()
    client.force_login(EditorFactory())
    return client


def state_of(deposit):
    return Deposit.objects.with_state().get(pk=deposit.pk).state


def test_the_queue_lists_what_waits_the_riskiest_or_the_oldest_first(desk, editor):
    plain, risky = bring(desk), bring(desk, upload("case.pdf", make_pdf(["Bespreek de patiënt met BSN 123456782."])))
    send(desk, plain, title="Plain")
    send(desk, risky, title="Risky")

    by_risk = editor.get("/admin/deposits/").content.decode()
    by_age = editor.get("/admin/deposits/?order=age").content.decode()

    assert by_risk.index("Risky") < by_risk.index("Plain")
    assert by_age.index("Plain") < by_age.index("Risky")
    assert "may hold patient data" in by_risk
    assert "2</strong> deposits to review" in editor.get("/admin/").content.decode()


def test_drafts_are_not_in_the_queue_and_cannot_be_looked_at(desk, editor):
    deposit = bring(desk)

    assert "A wedge" not in editor.get("/admin/deposits/").content.decode()
    assert editor.get(f"/admin/deposits/{deposit.pk}/").status_code == 404
    assert editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1"}).status_code == 404


@pytest.mark.parametrize("make", [None, MemberFactory, ResearcherFactory])
def test_the_queue_is_for_editors(desk, make):
    deposit = bring(desk)
    send(desk, deposit)
    client = Client()
    if make:
        client.force_login(make())

    for path in ("/admin/deposits/", f"/admin/deposits/{deposit.pk}/"):
        assert client.get(path).status_code == 302
    client.post(f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1"})
    assert state_of(deposit) == DepositState.IN_REVIEW


def test_an_editor_sees_the_page_beside_its_text_and_approves(desk, editor):
    deposit = bring(desk)
    send(desk, deposit, words="grey steps, noise")
    page = editor.get(f"/admin/deposits/{deposit.pk}/?page=1").content.decode()
    assert f"/records/{deposit.record.pid}/pages/1/1/1000.webp" in page
    assert "Wedges drift." in page and "Marieke van der Hoeven" in page

    editor.post(
        f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1", "new_topics": ["grey steps", "not asked for"]}
    )

    assert state_of(deposit) == DepositState.LIVE
    assert list(Topic.objects.values_list("name", flat=True)) == ["grey steps"]
    assert "grey steps" in Client().get(deposit.record.get_absolute_url()).content.decode()


def test_comments_on_fields_reach_the_depositor_beside_those_fields(desk, editor):
    deposit = bring(desk)
    send(desk, deposit)

    editor.post(
        f"/admin/deposits/{deposit.pk}/decide/",
        {"back": "1", "comment": "Nearly there.", "comment-doi": "It has one: look at page 1."},
    )

    assert state_of(deposit) == DepositState.SENT_BACK
    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()
    assert "Nearly there." in page
    assert page.index('id="c-doi"') < page.index("look at page 1")
    send(desk, deposit, doi="10.1000/7")
    assert state_of(deposit) == DepositState.IN_REVIEW
    assert not Deposit.objects.get(pk=deposit.pk).comments.filter(is_settled=False).exists()


def test_what_an_editor_corrected_is_in_the_form_when_it_comes_back(desk, editor):
    deposit = bring(desk)
    send(desk, deposit, title="A wegde")
    record = Record.objects.get(pk=deposit.record_id).specific().get_latest_revision_as_object()
    record.title = "A wedge"
    record.save_revision(clean=False)

    editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"back": "1", "comment": "Look."})

    assert form_of(desk, deposit)["title"] == "A wedge"


def test_sending_back_without_a_word_is_refused(desk, editor):
    deposit = bring(desk)
    send(desk, deposit)

    page = editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"back": "1"}, follow=True)

    assert "Say what the depositor should change" in page.content.decode()
    assert state_of(deposit) == DepositState.IN_REVIEW


def test_a_deposit_with_signs_of_patient_data_cannot_be_approved(desk, editor):
    deposit = bring(desk, upload("case.pdf", make_pdf(["Bespreek de patiënt met BSN 123456782."])))
    send(desk, deposit)

    page = editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1"}, follow=True)

    assert "patient data" in page.content.decode()
    assert state_of(deposit) == DepositState.IN_REVIEW


def test_a_decision_that_comes_too_late_says_so(desk, editor):
    deposit = bring(desk)
    send(desk, deposit)
    editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1"})

    page = editor.post(f"/admin/deposits/{deposit.pk}/decide/", {"approve": "1"}, follow=True)

    assert "decided about this deposit meanwhile" in page.content.decode()


# Withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawn_record_leaves_its_citation_and_the_reason(desk, researcher, editor):
    record = PublicationFactory(title="Once live", owner=researcher, creators=["Ada Wiggers"])
    file = RecordFileFactory(record=record)
    desk.post(f"/en/my/{record.pid}/withdraw/", {"reason": "The data were wrong."})
    asked = WithdrawalRequest.objects.get()
    assert "You asked to have it withdrawn" in desk.get("/en/my/").content.decode()
    assert "Once live" in editor.get("/admin/deposits/").content.decode()

    editor.post(reverse("decide_withdrawal", args=[asked.pk]), {"withdraw": "1", "reason": "The data were wrong."})

    page = Client().get(record.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 410
    assert "The data were wrong." in text and "Once live" in text and "Wiggers" in text
    assert Client().get(file.get_absolute_url()).status_code == 404
    assert Client().get(f"/records/{record.pid}.bib").status_code == 404
    assert "The data were wrong." in desk.get("/en/my/").content.decode()


def test_a_record_may_stay(desk, researcher, editor):
    record = PublicationFactory(owner=researcher)
    desk.post(f"/en/my/{record.pid}/withdraw/", {"reason": "I do not like it."})

    editor.post(reverse("decide_withdrawal", args=[WithdrawalRequest.objects.get().pk]), {"stay": "1"})

    assert Client().get(record.get_absolute_url()).status_code == 200
    assert not WithdrawalRequest.objects.filter(decided_at=None).exists()


def test_nobody_asks_for_the_withdrawal_of_anothers_record(desk):
    record = PublicationFactory()

    assert desk.post(f"/en/my/{record.pid}/withdraw/", {"reason": "Not mine."}).status_code == 404
    assert not WithdrawalRequest.objects.exists()


def test_a_withdrawal_needs_a_reason(desk, researcher):
    record = PublicationFactory(owner=researcher)

    page = desk.post(f"/en/my/{record.pid}/withdraw/", {"reason": " "})

    assert (page.status_code, "Say why" in page.content.decode()) == (422, True)
