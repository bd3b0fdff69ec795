"""What readers are mailed, through a real mail server, and what becomes of mails that do not get through."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.vocabularies import AccessRight
from search.alerts.digests import make_digests
from search.alerts.sending import FIRST_PAUSE, MOST_ATTEMPTS, forget_cut_off, send_digests
from search.indexing import index_due
from search.models import Digest, Kind, SavedSearch
from tests.factories import (
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    UserFactory,
)
from tests.search.alerts.conftest import in_days, text_of

pytestmark = pytest.mark.django_db
READER = "reader@company.example"


def send_alerts(**options) -> str:
    index_due()
    said = StringIO()
    call_command("send_alerts", stdout=said, **options)
    return said.getvalue()


def test_a_digest_says_what_is_new_and_why(kept, mailbox):
    kept("q=wavelets")
    record = PublicationFactory(title="Steering <filters>", creators=["Ada O'Wiggers"], issued="2024")
    RecordFileFactory(record=record, pages=["an introduction", "where wavelets & friends are used"])

    said = send_alerts()

    (mail,) = mailbox.to(READER)
    text, page = text_of(mail), BeautifulSoup(text_of(mail, "html"), "html.parser")
    assert mail["Subject"] == "New: wavelets"
    assert "- Steering <filters> (Ada O'Wiggers, 2024)" in text
    assert "“where wavelets & friends are used”" in text
    assert f"http://testserver/en/records/{record.pid}/pages/1/2/?q=wavelets" in text
    assert page.find("b").text == "wavelets"
    assert page.find("a", string="Steering <filters>")["href"] == f"http://testserver/en/records/{record.pid}/"
    assert not page.find(["img", "script", "link"])
    assert "Looked up 1 saved searches of 1 readers" in said and "Sent 1 mails" in said
    assert not Digest.objects.exists()


def test_nothing_is_sent_twice(kept, mailbox):
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")

    send_alerts()
    send_alerts()
    send_alerts(now=True)

    assert len(mailbox.mails) == 1


def test_all_that_is_new_for_a_reader_is_in_one_mail_in_their_language(kept, mailbox):
    kept("q=wavelets", language="nl")
    kept("q=tumours", language="nl", name="Mijn tumoren")
    kept("q=tumours", email="other@company.example")
    PublicationFactory(title="Wavelets")
    PublicationFactory(title="Tumours")
    PublicationFactory(title="Tumours and wavelets")

    send_alerts()

    (mail,) = mailbox.to(READER)
    assert "Mijn tumoren" in text_of(mail) and "/nl/search/?q=wavelets" in text_of(mail)
    assert text_of(mail).count("Tumours and wavelets (") == 2
    assert '<html lang="nl">' in text_of(mail, "html")
    assert len(mailbox.to("other@company.example")) == 1


def test_a_mail_can_be_ended_with_one_click(kept, mailbox, client):
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")
    send_alerts()
    (mail,) = mailbox.mails

    address = re.fullmatch(r"<http://testserver(/en/alerts/end/\S+)>", mail["List-Unsubscribe"].strip())[1]

    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"http://testserver{address}" in text_of(mail)
    assert client.get(address).status_code == 200
    assert SavedSearch.objects.exists()
    client.handler.enforce_csrf_checks = True
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not SavedSearch.objects.exists()


def test_readers_are_told_what_they_may_read_themselves(kept, mailbox):
    member = MemberFactory(email="member@hub.example")
    kept("q=wavelets")
    kept("q=wavelets", user=member)
    record = PublicationFactory(title="A closed paper", access_right=AccessRight.MEMBERS)
    RecordFileFactory(record=record, pages=["secret wavelets"])

    send_alerts()

    assert [mail["To"] for mail in mailbox.mails] == ["member@hub.example"]
    assert "secret wavelets" in text_of(mailbox.mails[0])


def test_what_closes_between_looking_and_sending_is_not_told(kept, mailbox):
    kept("q=wavelets")
    withdrawn, narrowed, kept_open = (
        PublicationFactory(title=f"{name} paper") for name in ("First", "Second", "Third")
    )
    for record in (withdrawn, narrowed, kept_open):
        RecordFileFactory(record=record, pages=[f"wavelets of {record.title}"])
    index_due()
    make_digests(now=timezone.now())

    withdrawn.live = False
    withdrawn.save()
    narrowed.access_right = AccessRight.METADATA_ONLY
    narrowed.save()
    for is_indexed in (False, True):
        if is_indexed:
            index_due()
        send_digests(now=timezone.now())
        text = text_of(mailbox.mails[-1])
        assert "First paper" not in text
        assert "wavelets of Second paper" not in text
        assert "wavelets of Third paper" in text
        Digest.objects.all().delete()
        SavedSearch.objects.update(told_at=None, known=frozenset())
        make_digests(now=timezone.now())


def test_a_digest_of_which_nothing_is_left_is_not_sent(kept, mailbox):
    kept("q=wavelets")
    record = PublicationFactory(title="Wavelets")
    index_due()
    make_digests(now=timezone.now())

    record.live = False
    record.save()

    assert "1 digests had nothing left" in send_alerts()
    assert mailbox.mails == []


def test_new_people_and_new_evidence_are_told(kept, mailbox):
    ada, bas, hidden = PersonFactory(given_name="Ada"), PersonFactory(given_name="Bas"), PersonFactory()
    PersonAffiliationFactory(person=bas, organisation=OrganisationFactory(name_en="Erasmus MC"))
    PublicationFactory(title="Wavelets", creators=[ada])
    kept("q=wavelets", kind=Kind.EXPERTS)
    more, other = (
        PublicationFactory(title="A paper", creators=[ada]),
        PublicationFactory(title="Slides", creators=[bas]),
    )
    RecordFileFactory(record=more, pages=["wavelets for everybody"])
    RecordFileFactory(record=other, pages=["wavelets for nobody"])
    gone = PublicationFactory(title="Gone wavelets", creators=[hidden])
    index_due()
    make_digests(now=timezone.now())
    gone.live = False
    gone.save()
    hidden.is_listed = False
    hidden.save()

    send_alerts()

    text = text_of(mailbox.mails[0])
    assert mailbox.mails[0]["Subject"] == "New: Experts on “wavelets”"
    assert f"* {bas.name}, Erasmus MC (new here)" in text and f"* {ada.name}\n" in text
    assert "“wavelets for everybody”" in text and "Gone" not in text
    assert hidden.name not in text


def test_a_record_that_opened_says_so(kept, mailbox):
    record = PublicationFactory(
        title="Wavelets", access_right=AccessRight.EMBARGOED, available=date.today() + timedelta(days=5)
    )
    RecordFileFactory(record=record)
    kept("q=wavelets")
    index_due()

    make_digests(now=in_days(6))
    send_digests(now=in_days(6))

    assert "You can read it now." in text_of(mailbox.mails[0])


def test_a_long_answer_is_cut_with_the_way_to_the_rest(kept, mailbox):
    kept("q=wavelets")
    for _ in range(11):
        PublicationFactory(title="Wavelets")

    send_alerts()

    assert text_of(mailbox.mails[0]).count("- Wavelets (") == 8
    assert "And 3 more" in text_of(mailbox.mails[0])


# What goes wrong -----------------------------------------------------------------------------------------------------


def test_a_mail_server_that_is_away_delays_and_loses_nothing(kept, mailbox, settings):
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    with pytest.raises(CommandError, match="mail server"):
        send_alerts()
    settings.EMAIL_PORT = port
    send_digests(now=timezone.now() + FIRST_PAUSE)

    assert len(mailbox.mails) == 1


def test_one_address_that_is_refused_stops_nobody_else_and_is_given_up(kept, mailbox, caplog):
    kept("q=wavelets", email="wrong@company.example")
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")
    mailbox.refuse["wrong@company.example"] = "550 wrong@company.example is unknown here"

    with pytest.raises(CommandError, match="1 mails were refused"):
        send_alerts()
    assert len(mailbox.to(READER)) == 1
    assert send_digests(now=timezone.now()).refused == 0
    given_up = sum(send_digests(now=in_days(days)).given_up for days in range(1, MOST_ATTEMPTS))

    assert given_up == 1
    assert not Digest.objects.exists()
    assert "550" in caplog.text and "wrong@" not in caplog.text


def test_a_digest_that_was_cut_off_is_counted_and_not_sent_again(kept, mailbox):
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")
    index_due()
    make_digests(now=timezone.now())
    Digest.objects.update(claimed_at=in_days(-1))

    assert "1 digests were cut off" in send_alerts()
    assert mailbox.mails == []
    assert forget_cut_off() == 0
    assert forget_cut_off(now=in_days(8)) == 1


def test_readers_who_ended_it_meanwhile_get_nothing(kept, mailbox):
    kept("q=wavelets", user=UserFactory())
    PublicationFactory(title="Wavelets")
    index_due()
    make_digests(now=timezone.now())

    SavedSearch.objects.update(is_paused=True)
    send_digests(now=timezone.now())

    assert mailbox.mails == []


def test_looking_asks_the_engine_once_for_readers_alike_and_few_queries_each(kept, mailbox):
    for number in range(6):
        kept("q=wavelets", email=f"reader{number}@company.example")
    PublicationFactory(title="Wavelets")
    index_due()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = make_digests(now=timezone.now())

    assert made.digests == 6
    assert len(queries) <= 6 + 6 * 8


def test_without_an_index_nothing_is_noted(kept, settings, tmp_path):
    search = kept("q=wavelets")
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"

    with pytest.raises(CommandError, match="rebuild_index"):
        call_command("send_alerts", stdout=StringIO())

    before = search.compared_at
    search.refresh_from_db()
    assert search.compared_at == before
