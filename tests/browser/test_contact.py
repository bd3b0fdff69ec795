"""A company asks, a researcher answers: walked in both languages without scripts, each page held against axe."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone
from playwright.sync_api import expect

from publications.contact.asking import Asking, ask, confirm
from publications.contact.queue import send_waiting_mails
from publications.models import Person
from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit, follow
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, violations
from tests.browser.test_pages import problems_of
from tests.browser.test_topics_in_cms import OURS, show_in, sign_in
from tests.factories import PASSWORD, ResearcherFactory
from tests.publications.contact.conftest import ASKER

WORDS = {
    "en": {"ask": "Ask a question", "send": "Send the question", "yes": "Yes, send it", "answered": "Answered"},
    "nl": {"ask": "Stel een vraag", "send": "Vraag versturen", "yes": "Ja, versturen", "answered": "Beantwoord"},
}


@pytest.fixture
def account(hub: Hub) -> Any:
    """Ada signs in and has an address."""
    account = ResearcherFactory(username="ada", password=PASSWORD, email="ada@private.example")
    Person.objects.filter(slug="ada-wiggers").update(user=account)
    return account


def last_link(site: str, address: str) -> str:
    """Where the newest mail to an address leads."""
    send_waiting_mails()
    text = next(mail.body for mail in reversed(outbox.outbox) if mail.to == [address])
    return next(line for line in text.splitlines() if line.startswith("http")).removeprefix("http://testserver")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_question_finds_its_answer(
    hub: Hub, account: Any, visit: Visit, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("publications.guarding.SHORTEST_TIME", timedelta(0))
    words = WORDS[language]
    company, ada, looker = visit(java_script_enabled=False), visit(), visit()

    company.go(f"/{language}/experts/?q=wedge")
    follow(company.page.locator("[data-expert=ada-wiggers]").get_by_role("link", name=words["ask"]))
    expect(company.page.locator("input[name=works]")).to_have_count(3)
    company.page.locator("input[name=works]").last.uncheck()
    company.page.fill("[name=text]", "How dark may a wedge get?")
    company.page.fill("[name=name]", "P. Jansen")
    company.page.fill("[name=email]", ASKER)
    follow(company.page.get_by_role("button", name=words["send"]))
    confirming = last_link(company.site, ASKER)
    assert problems_of(looker, "confirm", confirming) == []
    company.go(confirming)
    follow(company.page.get_by_role("button", name=words["yes"]))

    before_her = last_link(ada.site, "ada@private.example")
    ada.go(before_her)
    ada.page.fill("[name=username]", "ada")
    ada.page.fill("[name=password]", PASSWORD)
    follow(ada.page.locator("form:has([name=password]) button").last)
    expect(ada.page).to_have_url(ada.site + before_her)
    assert problems_of(ada, "before her", f"{before_her}?colleague=bas") == []
    assert problems_of(ada, "my work", f"/{language}/my/") == []
    ada.go(before_her)
    ada.page.fill("[name=text]", "Not darker than mine.")
    follow(ada.page.locator("button[value=answer]"))

    conversation = last_link(company.site, ASKER)
    company.go(conversation)
    assert company.page.locator(".said").inner_text().endswith("Not darker than mine.")
    assert company.page.locator("[data-state=answered] .kind").inner_text() == words["answered"]
    assert problems_of(looker, "asked", conversation) == []
    assert problems_of(looker, "erase", f"{conversation}erase/") == []


def test_the_desk_is_accessible_and_fits_a_phone(hub: Hub, editor: object, visit: Visit) -> None:
    ada = Person.objects.get(slug="ada-wiggers")
    Person.objects.filter(pk=ada.pk).update(email="ada@private.example")
    asking = Asking("How dark?", "P. Jansen", "MedView BV", ASKER, shares_address=False)
    waiting = ask(asking, None, query="wedge", evidence=(), language="en")
    given = ask(asking, ada, query="", evidence=(), language="en")
    for asked in (waiting, given):
        confirm(asked, now=timezone.now())
    visitor = visit(reduced_motion="reduce")
    sign_in(visitor)
    problems = {}

    for address in ("", f"{waiting.pk}/?person=ada", f"{given.pk}/", "held/"):
        visitor.page.set_viewport_size(DESKTOP)
        visitor.page.emulate_media(color_scheme="light")
        found = [] if visitor.go(f"/admin/questions/{address}") == 200 else ["not there"]
        found += violations(visitor.page, ALL_RULES, within=OURS)
        show_in(visitor.page, "dark")
        found += violations(visitor.page, RULES_OF_COLOUR, within=OURS)
        visitor.page.set_viewport_size(PHONE)
        problems[address] = found + (["wider than a phone"] if address and is_too_wide(visitor.page) else [])

    assert not any(problems.values()), problems
