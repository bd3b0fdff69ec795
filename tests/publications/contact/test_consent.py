"""Taking no more questions: by a link in the mail without an account, in the profile with one."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from publications.confirming import sign_link
from publications.contact.passing import remind
from publications.contact.reaching import ASKER as ASKER_LINK
from publications.contact.reaching import CONFIRM, NO_MORE, RECEIVER
from publications.merging import merge_people
from publications.models import ContactRequest, Passing, Person
from tests.factories import EditorFactory, PersonFactory, ResearcherFactory
from tests.publications.contact.conftest import ASKER, body_of, fill_in, link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(marieke, post, asked):
    """The mail with the question to her."""
    post.deliver()
    return post.last_to("marieke@private.example")


def no_more_link_in(mail):
    """The last address in a mail before the signature."""
    return re.findall(r"^http://testserver(/\S+/)$", body_of(mail), re.MULTILINE)[-1]


def test_one_press_by_the_link_in_the_mail_switches_questions_off(client, marieke, question):
    link = no_more_link_in(question)
    for _ in range(2):  # a program that checks mail
        page = Client().get(link).content.decode()
        assert "Switch questions off" in page and marieke.name in page
    assert Person.objects.get().has_consented

    after = Client().post(link, follow=True).content.decode()

    marieke.refresh_from_db()
    assert not marieke.has_consented
    assert "You get no more questions" in after and "Switch questions off" not in after
    assert "takes no questions" in client.get(f"/en/people/{marieke.slug}/ask/").content.decode()
    assert marieke.latest_revision.content["has_consented"] is False


def test_the_page_of_a_question_leads_there_too(marieke, question):
    place = link_in(question)
    page = Client().get(place).content.decode()
    link = re.search(r'href="([^"]+/no-more/)"', page).group(1)

    Client().post(link)

    assert not Person.objects.get().has_consented
    assert "Switch questions off" not in Client().get(place).content.decode()


def test_what_lies_before_them_already_can_still_be_answered(marieke, post, question):
    Client().post(no_more_link_in(question))
    Client().post(link_in(question), {"do": "answer", "text": "Ten percent."})

    assert ContactRequest.objects.get().state == "answered"
    assert "> Ten percent." in body_of(post.deliver()[-1][1])


def test_a_reminder_has_the_link_too(marieke, post, question):
    remind(Passing.objects.get(), by=None, now=timezone.now())
    [(_, reminder)] = post.deliver()
    Client().post(no_more_link_in(reminder))

    assert not Person.objects.get().has_consented


def test_the_history_says_how_it_was_switched_off_once(marieke, question):
    for _ in range(2):
        Client().post(no_more_link_in(question))
    desk = Client()
    desk.force_login(EditorFactory())

    assert ModelLogEntry.objects.filter(action="publications.contact_no_more").count() == 1
    assert "Switched questions off by the link in a mail" in desk.get("/admin/reports/site-history/").content.decode()


def test_the_link_is_good_for_nothing_else(marieke, asked, question):
    signed = no_more_link_in(question).split("/")[-3]
    addresses = [f"/en/answers/{signed}/", f"/en/questions/{signed}/", f"/en/questions/{signed}/confirm/",
                 f"/en/questions/{signed}/erase/", f"/en/questions/{signed}/data.json"]  # fmt: skip
    passing = Passing.objects.get()

    assert [Client().get(address).status_code for address in addresses] == [404] * 5
    assert [Client().post(address, {"do": "decline"}).status_code for address in addresses] == [404] * 5
    Client().post(f"/en/answers/{signed}/no-more/", {"do": "decline", "has_consented": "on", "email": "eve@x.example"})
    passing.refresh_from_db()
    assert passing.ended_at is None and ContactRequest.objects.get().state == "passed_on"
    kept = Person.objects.get()
    assert (kept.has_consented, kept.email, kept.name) == (False, "marieke@private.example", marieke.name)


def test_no_other_link_switches_questions_off(marieke, question):
    other = PersonFactory(has_consented=True)
    keys = [sign_link(purpose, marieke.pk) for purpose in (CONFIRM, ASKER_LINK, RECEIVER)]
    keys += ["wrong", sign_link(NO_MORE, marieke.pk)[:-1]]

    assert [Client().post(f"/en/answers/{key}/no-more/").status_code for key in keys] == [404] * 5
    Client().post(no_more_link_in(question))
    assert list(Person.objects.filter(has_consented=True)) == [other]


def test_with_an_account_it_is_said_in_the_profile(client, marieke, post, question):
    old = no_more_link_in(question)
    marieke.user = ResearcherFactory()
    marieke.save()
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()

    assert no_more_link_in(post.last_to("marieke@private.example")) == "/en/my/profile/"
    hers = Client()
    hers.force_login(marieke.user)
    assert (
        'href="/en/my/profile/">Switch questions off'
        in hers.get(link_in(post.last_to("marieke@private.example"))).content.decode()
    )
    assert Client().post(old).url == "/en/my/profile/"
    assert Person.objects.get().has_consented


def test_a_merged_person_switches_off_who_they_are_now(marieke, question):
    other = PersonFactory(family_name="van der Hoeve")
    merge_people(other, marieke)
    Client().post(no_more_link_in(question))

    other.refresh_from_db()
    assert (other.email, other.has_consented) == ("marieke@private.example", False)
