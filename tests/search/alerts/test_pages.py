"""Keeping a question, with an account and without one; what strangers learn by asking; erasing."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from publications.confirming import sign_link
from search.alerts.keeping import MOST_SEARCHES, forget_unconfirmed
from search.alerts.mails import END, MINE, send_confirmation
from search.alerts.views import MOST_FROM_NETWORK, MOST_TO_ADDRESS
from search.indexing import rebuild_index
from search.models import Digest, Frequency, Kind, SavedSearch, Subscriber
from tests.factories import PersonFactory, PublicationFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db
READER = "reader@company.example"


@pytest.fixture(autouse=True)
def index(db):
    PublicationFactory(title="Wavelets", creators=[PersonFactory()], topics=[TopicFactory(slug="mri", label_en="MRI")])
    rebuild_index()


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def send_address(client, monkeypatch, django_capture_on_commit_callbacks):
    """Fills in the form for an address as a person would, and gives the answer."""

    def send(**values):
        with django_capture_on_commit_callbacks(execute=True):
            return fill_in(client, monkeypatch, **values)

    return send


def fill_in(client, monkeypatch, *, query="q=wavelets", language="en", seconds=20, **values):
    address = f"/{language}/alerts/new/?{query}"
    form = soup(client.get(address)).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden], [name=website]")}
    later = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr("publications.guarding.timezone.now", lambda: later)
    response = client.post(address, fields | {"email": READER, "frequency": "week"} | values)
    monkeypatch.undo()
    return response


def run_tasks() -> None:
    """Do what a worker does with mails that wait."""
    for row in DBTaskResult.objects.ready().filter(task_path=send_confirmation.module_path):
        send_confirmation.call(*row.args_kwargs["args"])
        row.delete()


def link_in(message) -> str:
    return re.search(r"http://testserver(/\S+)", message.body)[1]


# With an account -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("/en/search/?q=wavelets&topic=mri&sort=newest&page=1", Kind.RECORDS),
        ("/en/search/?q=nothinglikeit", Kind.RECORDS),
        ("/en/experts/?q=wavelets&shortlist=somebody", Kind.EXPERTS),
        ("/en/experts/?q=nothinglikeit", Kind.EXPERTS),
    ],
)
def test_a_question_is_kept_with_one_click(client, page, kind):
    client.force_login(UserFactory())
    (form,) = soup(client.get(page)).select(".keep form")

    client.post(form["action"])

    search = SavedSearch.objects.get()
    assert search.kind == kind and search.confirmed_at
    assert "sort" not in search.query and "shortlist" not in search.query
    assert search.query.startswith(re.search(r"q=\w+", page)[0])
    assert search.frequency == Frequency.WEEK
    shown = soup(client.get(page)).select_one(".keep")
    assert "You keep this question" in shown.text and not shown.form
    client.post(form["action"])
    assert SavedSearch.objects.count() == 1


def test_what_is_kept_is_in_my_work_and_can_be_changed(client):
    client.force_login(UserFactory())
    client.post("/en/alerts/?q=wavelets&topic=mri")
    search = SavedSearch.objects.get()
    address = f"/en/my/searches/{search.pk}/"

    assert "wavelets · MRI" in soup(client.get("/en/my/")).select_one("[data-saved]").text
    row = soup(client.get("/en/my/searches/")).select_one("[data-saved]")
    assert row.h2.a["href"] == "/en/search/?q=wavelets&topic=mri"
    client.post(address, {"action": "save", "name": "For the lab", "frequency": "day"})
    client.post(address, {"action": "pause"})
    search.refresh_from_db()
    assert (search.name, search.frequency, search.is_paused) == ("For the lab", "day", True)
    assert "For the lab" in soup(client.get("/en/my/searches/")).text
    client.post(address, {"action": "resume"})
    search.refresh_from_db()
    assert not search.is_paused
    client.post(address, {"action": "delete"})
    assert not SavedSearch.objects.exists() and not Subscriber.objects.exists()


def test_nobody_changes_what_somebody_else_keeps(client):
    client.force_login(UserFactory())
    client.post("/en/alerts/?q=wavelets")
    search = SavedSearch.objects.get()
    other = UserFactory()
    client.force_login(other)

    assert client.post(f"/en/my/searches/{search.pk}/", {"action": "delete"}).status_code == 404
    client.post("/en/alerts/?q=tumours")
    assert client.post(f"/en/my/searches/{search.pk}/", {"action": "delete"}).status_code == 404
    assert "wavelets" not in soup(client.get("/en/my/searches/")).main.text
    assert SavedSearch.objects.count() == 2


def test_a_question_that_cannot_be_kept_says_why(client):
    client.force_login(UserFactory())
    too_long = "&".join(f"topic={'x' * 100}{number}" for number in range(40))

    for query in (f"q=a&{too_long}", "kind=experts"):
        client.post(f"/en/alerts/?{query}")
    for number in range(MOST_SEARCHES + 1):
        client.post(f"/en/alerts/?q=word{number}")

    assert SavedSearch.objects.count() == MOST_SEARCHES
    assert "Delete one first" in soup(client.get("/en/my/searches/")).text


def test_an_account_that_goes_takes_its_questions_along(client):
    user = UserFactory()
    client.force_login(user)
    client.post("/en/alerts/?q=wavelets")
    Digest.objects.create(subscriber=Subscriber.objects.get(), found={})

    user.delete()

    assert not (Subscriber.objects.exists() or SavedSearch.objects.exists() or Digest.objects.exists())


def test_lists_take_no_more_queries_for_more_rows(client, django_assert_max_num_queries):
    client.force_login(UserFactory())
    counts = []
    for number in range(4):
        client.post(f"/en/alerts/?q=word{number}")
        for page in ("/en/my/searches/", "/en/my/"):
            client.get(page)
            with django_assert_max_num_queries(30) as queries:
                client.get(page)
            counts.append(len(queries))

    assert counts[0::2] == [counts[0]] * 4
    assert counts[1::2] == [counts[1]] * 4


# Without one ---------------------------------------------------------------------------------------------------------


def test_an_address_is_confirmed_by_a_link_and_a_button(client, send_address):
    offer = soup(client.get("/nl/search/?q=wavelets")).select_one(".keep a")
    assert offer["href"].startswith("/nl/alerts/new/?kind=records&q=wavelets")
    assert not client.get("/nl/search/?q=wavelets").cookies

    response = send_address(language="nl", frequency="day")
    run_tasks()

    assert response.status_code == 302 and response.url == "/nl/alerts/asked/"
    search = SavedSearch.objects.get()
    (message,) = mail.outbox
    address = link_in(message)
    assert message.to == [READER] and address.startswith("/nl/alerts/confirm/")
    assert "wavelets" not in message.body + message.subject
    for _ in range(2):
        assert "wavelets" in soup(client.get(address)).main.text
    search.refresh_from_db()
    assert search.confirmed_at is None
    for _ in range(2):
        mine = client.post(address, follow=True)
        assert "wavelets" in soup(mine).select_one("[data-saved]").text
    search.refresh_from_db()
    assert search.confirmed_at and search.frequency == "day"
    assert not SavedSearch.objects.watched().filter(confirmed_at=None).exists()


def test_a_link_that_was_followed_before_says_so(client, send_address):
    send_address()
    run_tasks()
    address = link_in(mail.outbox[0])
    mine = client.post(address).url

    page = soup(client.get(address)).main

    assert page.h1.text == "This is confirmed already" and "wavelets" in page.text
    assert not page.form
    assert [link["href"] for link in page("a")] == [mine]
    SavedSearch.objects.update(is_paused=True)
    assert "Paused" in soup(client.get(address)).main.text
    assert client.post(address).url == mine


def test_the_answer_is_the_same_whether_an_address_is_known(send_address, kept):
    kept("q=wavelets", email="known@company.example")
    UserFactory(email="account@company.example")

    answers = set()
    for address in ("known@company.example", "KNOWN@company.example", "account@company.example", "new@company.example"):
        response = send_address(email=address)
        answers.add((response.status_code, response.url, response.content))
    run_tasks()

    assert len(answers) == 1
    assert len(mail.outbox) == 4
    assert Subscriber.objects.count() == 3


def test_programs_and_floods_get_no_mails_sent(send_address):
    assert send_address(website="https://spam.example").status_code == 422
    assert send_address(seconds=0).status_code == 422
    for number in range(MOST_TO_ADDRESS + 3):
        assert send_address(query=f"q=word{number}").status_code == 302
    run_tasks()
    assert len(mail.outbox) == MOST_TO_ADDRESS

    answers = [send_address(email=f"victim{number}@company.example").status_code for number in range(MOST_FROM_NETWORK)]
    assert answers[-1] == 422 and 302 in answers


def test_what_nobody_confirms_is_erased(client, send_address, settings):
    send_address()
    run_tasks()
    hours = timedelta(hours=settings.ALERT_CONFIRM_HOURS)

    assert forget_unconfirmed(now=timezone.now() + hours - timedelta(minutes=1)) == 0
    assert forget_unconfirmed(now=timezone.now() + hours + timedelta(minutes=1)) == 1

    assert not Subscriber.objects.exists()
    gone = client.get(link_in(mail.outbox[0]))
    assert gone.status_code == 404 and "not kept any more" in gone.content.decode()


def test_whoever_has_the_link_changes_and_erases(client, kept):
    search = kept("q=wavelets")
    other = kept("q=wavelets", email="other@company.example")
    mine = f"/en/alerts/mine/{sign_link(MINE, search.subscriber_id)}/"

    assert client.post(f"{mine}{other.pk}/", {"action": "delete"}).status_code == 404
    client.post(f"{mine}{search.pk}/", {"action": "pause"})
    search.refresh_from_db()
    assert search.is_paused
    client.post(f"{mine}{search.pk}/", {"action": "save", "name": "", "frequency": "none"})
    search.refresh_from_db()
    assert search.frequency == Frequency.DAY

    page = soup(client.get(mine))
    end = page.select_one("form[action*='/alerts/end/']")["action"]
    assert "erased" in client.post(end).content.decode()
    assert not Subscriber.objects.filter(email=READER).exists()
    assert Subscriber.objects.filter(pk=other.subscriber_id).exists()
    assert client.get(mine).status_code == 404
    assert client.post(end).status_code == 200


def test_deleting_the_last_question_erases_the_address(client, kept):
    search = kept("q=wavelets")
    mine = f"/en/alerts/mine/{sign_link(MINE, search.subscriber_id)}/"

    answer = client.post(f"{mine}{search.pk}/", {"action": "delete"}, follow=True)

    assert not Subscriber.objects.exists()
    assert answer.status_code == 404 and "Nothing is kept" in answer.content.decode()


def test_a_link_is_good_for_one_purpose(client, kept):
    search = kept("q=wavelets")
    for purpose, others in ((END, ("mine", "confirm")), (MINE, ("end", "confirm"))):
        for other in others:
            address = f"/en/alerts/{other}/{sign_link(purpose, search.subscriber_id)}/"
            assert client.get(address).status_code == client.post(address).status_code == 404 or other == "mine"
            assert client.get(address).status_code == 404
    assert SavedSearch.objects.exists()


def test_an_account_that_ends_its_mails_keeps_its_questions(client, kept):
    search = kept("q=wavelets", user=UserFactory())
    address = f"/en/alerts/end/{sign_link(END, search.subscriber_id)}/"

    assert "stay in My work" in client.get(address).content.decode()
    assert "stay in My work" in client.post(address).content.decode()

    search.refresh_from_db()
    assert search.frequency == Frequency.NONE
    assert client.get(f"/en/alerts/mine/{sign_link(MINE, search.subscriber_id)}/").status_code == 404
