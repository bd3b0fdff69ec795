"""The whole way of a question, by real mail: asked without an account, confirmed, passed on, answered."""

import pytest
from django.test import Client
from django.utils import timezone

from publications.contact.passing import pass_on
from publications.models import ContactRequest, Passing, Person
from search.indexing import rebuild_index
from tests.factories import EditorFactory, PersonFactory, ResearcherFactory, UserFactory
from tests.publications.contact.conftest import ASKER, body_of, fill_in, link_in

pytestmark = pytest.mark.django_db


def test_a_company_asks_and_a_researcher_without_account_answers(client, marieke, record, post):
    rebuild_index()
    address = f"/en/people/{marieke.slug}/ask/?q=nodules&on={record.pid}"
    form = client.get(address).content.decode()
    assert "subsolid <mark>nodules</mark>" in form and "p.&nbsp;2" in form

    assert fill_in(client, address).url == "/en/ask/sent/"
    [(to, first)] = post.deliver()
    assert to == ASKER and "How far apart" not in body_of(first)
    assert post.deliver() == []

    confirming = link_in(first)
    for _ in range(3):  # a program that checks mail
        assert b"Yes, send it" in Client().get(confirming).content
    assert post.deliver() == []
    assert client.post(confirming).status_code == 302

    mails = dict(post.deliver())
    assert set(mails) == {ASKER, "marieke@private.example"}
    question = mails["marieke@private.example"]
    assert "> How far apart may two readings lie?" in body_of(question)
    assert "“The sensitivity for subsolid nodules was 0.91.”" in body_of(question)
    assert f"/en/records/{record.pid}/pages/1/2/?q=nodules" in body_of(question)
    assert question["From"] == "Knowledge Hub <hub@hub.example>" and question["Reply-To"] is None
    assert ASKER not in question.as_string()

    theirs = Client()
    before_her = link_in(question)
    assert b"subsolid nodules" in theirs.get(before_her, headers={"User-Agent": "Mozilla/5.0"}).content
    follow = link_in(mails[ASKER])
    assert "Marieke van der Hoeven has read it" in client.get(follow).content.decode()
    theirs.post(before_her, {"do": "answer", "text": "Ten percent.\nSee page 2."})

    [(to, answer)] = post.deliver()
    assert to == ASKER and "> Ten percent." in body_of(answer) and "private.example" not in answer.as_string()
    page = client.get(link_in(answer)).content.decode()
    assert "Ten percent." in page and 'data-state="answered"' in page and "private.example" not in page
    client.post(link_in(answer), {"do": "helped"})
    assert ContactRequest.objects.get().outcome == "answered"


def test_a_second_press_of_the_button_sends_nothing_more(client, marieke, post):
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    [(_, mail)] = post.deliver()

    client.post(link_in(mail))
    client.post(link_in(mail))

    assert len(post.deliver()) == 2 and Passing.objects.count() == 1
    assert client.get(link_in(mail)).status_code == 302


def test_whoever_agrees_to_it_gets_the_answer_by_mail(client, marieke, post):
    fill_in(client, f"/en/people/{marieke.slug}/ask/", shares_address="on")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()

    question = post.last_to("marieke@private.example")
    assert question["Reply-To"] == ASKER
    Client().post(link_in(question), {"do": "by_mail"})
    assert ContactRequest.objects.get().state == "answered"


def test_a_researcher_with_an_account_answers_in_my_work(client, marieke, post):
    account = ResearcherFactory(email="marieke@account.example")
    marieke.user, marieke.email = account, ""
    marieke.save()
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()

    place = link_in(post.last_to("marieke@account.example"))
    passing = Passing.objects.get()
    assert place == f"/en/my/questions/{passing.pk}/"
    assert "/login/" in Client().get(place).url
    hers = Client()
    hers.force_login(account)
    my = hers.get("/en/my/").content.decode()
    assert 'data-questions="1"' in my and "How far apart may two readings lie?" in my
    hers.post(place, {"do": "answer", "text": "Ten percent."})
    assert 'data-questions="0"' in hers.get("/en/my/").content.decode()


def test_a_dutch_question_is_answered_in_dutch(client, marieke, record, post):
    fill_in(client, f"/nl/people/{marieke.slug}/ask/?on={record.pid}")
    [(_, mail)] = post.deliver()
    client.post(link_in(mail))
    post.deliver()
    question = body_of(post.last_to("marieke@private.example"))

    assert mail["Subject"] == "Bevestig uw vraag op Knowledge Hub"
    assert "/nl/questions/" in body_of(mail)
    assert "Beste Marieke van der Hoeven," in question and f"/nl/records/{record.pid}/" in question
    assert "/en/" not in question


def test_who_speaks_no_dutch_is_asked_in_english(client, marieke, post):
    marieke.languages = "en, de"
    marieke.save()
    fill_in(client, f"/nl/people/{marieke.slug}/ask/")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()

    assert "Dear Marieke" in body_of(post.last_to("marieke@private.example"))
    assert "is doorgestuurd naar" in body_of(post.last_to(ASKER))


def test_declining_is_told_and_brings_the_question_to_the_desk(client, marieke, post, asked):
    post.deliver()
    Client().post(
        link_in(post.last_to("marieke@private.example")), {"do": "decline", "decline-text": "Not my field, sorry."}
    )

    said = "\n".join(body_of(mail) for to, mail in post.deliver() if to == ASKER)
    assert "> Not my field, sorry." in said and "looking for somebody else" in said
    page = client.get(asked).content.decode()
    assert "Marieke van der Hoeven cannot help with this" in page and "The editors are looking for somebody" in page


def test_a_colleague_gets_it_and_the_first_no_longer_sees_it(client, marieke, post, asked):
    colleague = PersonFactory(family_name="Bakker", email="bakker@private.example", has_consented=True)
    closed = PersonFactory(family_name="Bakkers", email="closed@private.example", has_consented=False)
    post.deliver()
    hers, place = Client(), link_in(post.last_to("marieke@private.example"))

    found = hers.get(place, {"colleague": "bakker"}).content.decode()
    assert f'value="{colleague.slug}"' in found and closed.slug not in found
    hers.post(place, {"do": "colleague", "person": closed.slug})
    assert Passing.objects.count() == 1
    hers.post(place, {"do": "colleague", "person": colleague.slug})

    assert {to for to, _ in post.deliver()} == {"bakker@private.example", ASKER}
    over = hers.get(place).content.decode()
    assert "You passed it on" in over and "How far apart" not in over and "Jansen" not in over


def test_follow_ups_go_back_and_forth(client, marieke, post, asked):
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "answer", "text": "Which scanner?"})
    post.deliver()
    client.post(asked, {"do": "write", "text": "A Marmot 3000."})

    [(to, mail)] = post.deliver()
    assert to == "marieke@private.example" and "> A Marmot 3000." in body_of(mail)


def test_only_who_answered_is_told_that_it_helped(client, marieke, post, asked):
    silent = PersonFactory(email="silent@private.example", has_consented=True)
    pass_on(ContactRequest.objects.get(), silent, by=EditorFactory(), now=timezone.now())
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "answer", "text": "Ten percent."})
    post.deliver()

    client.post(asked, {"do": "helped"})

    [(to, mail)] = post.deliver()
    assert to == "marieke@private.example" and mail["Subject"] == "Your answer helped"
    assert "> How far apart may two readings lie?" in body_of(mail)


def test_who_answered_a_dutch_question_is_told_in_dutch_that_it_helped(client, marieke, post):
    fill_in(client, f"/nl/people/{marieke.slug}/ask/", shares_address="on")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "by_mail"})
    client.post(link_in(post.last_to(ASKER)), {"do": "helped"})

    [(to, mail)] = post.deliver()
    assert (to, mail["Subject"]) == ("marieke@private.example", "Uw antwoord heeft geholpen")
    assert mail["Reply-To"] is None, "nothing is left to reply to"


def test_nobody_is_told_of_help_where_there_was_none(client, marieke, post, asked):
    post.deliver()
    Client().post(link_in(post.last_to("marieke@private.example")), {"do": "answer", "text": "Ten percent."})
    post.deliver()

    client.post(asked, {"do": "not_helped"})

    assert post.deliver() == []


def test_whoever_takes_no_questions_cannot_be_asked(client, post):
    closed = PersonFactory(email="closed@private.example", has_consented=False)
    page = client.get(f"/en/people/{closed.slug}/ask/?q=nodules")

    assert page.status_code == 200 and "/en/ask/?q=nodules" in page.content.decode()
    assert client.post(f"/en/people/{closed.slug}/ask/", {"text": "x"}).status_code == 403
    assert "takes no questions" in client.get(closed.get_absolute_url()).content.decode()


def test_who_withdraws_consent_meanwhile_gets_no_mail(client, marieke, post):
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    marieke.has_consented = False
    marieke.save()

    client.post(link_in(post.last_to(ASKER)))

    assert {to for to, _ in post.deliver()} == {ASKER}
    assert ContactRequest.objects.get().state == "at_desk"


def test_a_question_to_who_takes_none_any_more_is_promised_to_the_editors(client, marieke, post):
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    Person.objects.update(has_consented=False)

    page = client.get(link_in(post.last_to(ASKER))).content.decode()
    assert "takes no more questions" in page and "goes to the editors, who will look for somebody else" in page
    follow = client.post(link_in(post.last_to(ASKER))).url
    assert "The editors are looking for somebody who can answer" in client.get(follow).content.decode()


def test_a_question_to_who_has_room_goes_to_them(client, marieke, post, settings):
    settings.CONTACT_PER_RECEIVER = 1
    assert "The hub passes your question on" in client.get(f"/en/people/{marieke.slug}/ask/").content.decode()
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()

    assert f"goes to {marieke.name}." in client.get(link_in(post.last_to(ASKER))).content.decode()
    client.post(link_in(post.last_to(ASKER)))
    assert ContactRequest.objects.get().state == "passed_on"


def test_somebody_without_any_address_is_asked_by_the_editors(client, marieke, post, settings):
    settings.CONTACT_DESK_ADDRESS = "desk@hub.example"
    marieke.email = ""
    marieke.save()
    promised = "goes to the editors, who will get in touch with Marieke van der Hoeven"
    assert promised in client.get(f"/en/people/{marieke.slug}/ask/").content.decode()
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    assert promised in client.get(link_in(post.last_to(ASKER))).content.decode()
    follow = client.post(link_in(post.last_to(ASKER))).url

    assert {to for to, _ in post.deliver()} == {ASKER, "desk@hub.example"}
    assert ASKER not in post.last_to("desk@hub.example").as_string()
    assert "with the editors, who will get in touch with Marieke" in body_of(post.last_to(ASKER))
    assert "The editors will get in touch with Marieke van der Hoeven" in client.get(follow).content.decode()


def test_whom_the_editors_reach_is_nobody_new(client, marieke, post):
    Person.objects.update(email="")
    fill_in(client, f"/en/people/{marieke.slug}/ask/")
    post.deliver()
    client.post(link_in(post.last_to(ASKER)))
    post.deliver()
    Person.objects.update(email="marieke@private.example")
    pass_on(ContactRequest.objects.get(), marieke, by=EditorFactory(), now=timezone.now())

    assert {to for to, _ in post.deliver()} == {ASKER, "marieke@private.example"}
    told = post.last_to(ASKER)
    assert told["Subject"] == "Your question has been passed on"
    assert "has been passed on to Marieke van der Hoeven." in body_of(told)
    assert not any(word in body_of(told) for word in ("new", "else"))


def test_nobody_else_reads_a_question(client, marieke, post, asked):
    account = UserFactory()
    marieke.user = account
    marieke.save()
    passing = Passing.objects.get()
    other = Client()
    other_person = PersonFactory(user=ResearcherFactory())
    other.force_login(other_person.user)

    assert other.get(f"/en/my/questions/{passing.pk}/").status_code == 404
    assert client.get(asked[:-3] + "xx/").status_code == 404
    confirm_key = asked.replace("/questions/", "/answers/")
    assert client.get(confirm_key).status_code == 404
