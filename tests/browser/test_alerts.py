"""Being told what is new, in a browser: without an account by a mail, with one by a click; the mail as it looks."""

import re
import time
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from search.alerts.digests import make_digests
from search.alerts.mails import send_confirmation
from search.alerts.sending import send_digests
from search.indexing import index_due
from search.models import SavedSearch
from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit, Visitor, follow
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, violations
from tests.factories import PASSWORD, PublicationFactory, ResearcherFactory
from tests.search.alerts.conftest import in_days


def deliver() -> str:
    """Do what a worker does with the mail that waits; the path that its link leads to."""
    for row in DBTaskResult.objects.ready().filter(task_path=send_confirmation.module_path):
        send_confirmation.call(*row.args_kwargs["args"])
        row.delete()
    return re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))[1]  # type: ignore[index]


def ask(visitor: Visitor, *, language: str) -> str:
    """From a question to the link in the mail."""
    visitor.go(f"/{language}/search/?q=wedge")
    follow(visitor.page.locator(".keep a"))
    visitor.page.locator("input[name=email]").fill("reader@company.example")
    time.sleep(3.1)  # nobody is faster, and the form says so
    follow(visitor.page.locator("main form button"))
    expect(visitor.page).to_have_url(re.compile("/alerts/asked/"))
    return deliver()


def looked_at(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with a page, wide and light, narrow and dark."""
    page = visitor.page
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visitor.go(path)
    for details in page.locator("details.change").all():
        details.evaluate("element => element.open = true")
    problems = violations(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    problems += violations(page, RULES_OF_COLOUR) + (["wider than a phone"] if is_too_wide(page) else [])
    return [f"{path}: {problem}" for problem in (*problems, *visitor.complaints)]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_stranger_is_told_without_javascript(hub: Hub, visit: Visit, language: str) -> None:
    visitor, looking = visit(java_script_enabled=False), visit()

    link = ask(visitor, language=language)
    visitor.go(link)
    assert not SavedSearch.objects.confirmed().exists()
    problems = looked_at(looking, link)
    follow(visitor.page.locator("main form button"))
    expect(visitor.page.locator("[data-saved]")).to_have_count(1)
    mine = visitor.path
    PublicationFactory(title="A wedge that is new")
    index_due()
    make_digests(now=in_days(0))
    send_digests(now=in_days(0))

    assert "A wedge that is new" in mail.outbox[-1].body
    for path in (mine, f"/{language}/alerts/new/?q=wedge", f"/{language}/alerts/asked/"):
        problems += looked_at(looking, path)
    end = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    problems += looked_at(looking, end)
    visitor.go(end)
    follow(visitor.page.locator("main form button"))
    assert not SavedSearch.objects.exists()
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mail_is_accessible(hub: Hub, visit: Visit, scheme: Any) -> None:
    visitor = visit(color_scheme=scheme)
    link = ask(visitor, language="nl")
    visitor.go(link)
    follow(visitor.page.locator("main form button"))
    SavedSearch.objects.update(known=frozenset())
    make_digests(now=in_days(0))
    send_digests(now=in_days(0))

    html = str(mail.outbox[-1].alternatives[0][0])  # type: ignore[attr-defined]
    visitor.page.set_viewport_size(PHONE)
    visitor.page.goto("about:blank")
    visitor.page.set_content(html)

    assert [
        found for found in violations(visitor.page, ALL_RULES) if not found.startswith(("region", "landmark"))
    ] == []
    assert not is_too_wide(visitor.page)


def test_a_researcher_keeps_a_question_with_one_click(hub: Hub, visit: Visit) -> None:
    ResearcherFactory(username="researcher", password=PASSWORD)
    visitor = visit()
    visitor.go("/nl/login/?next=/nl/experts/%3Fq%3Dwedge")
    visitor.page.locator("main [name=username]").fill("researcher")
    visitor.page.locator("main [name=password]").fill(PASSWORD)
    follow(visitor.page.locator("main form:has([name=username]) button"))

    follow(visitor.page.locator(".keep button"))
    expect(visitor.page.locator(".keep a")).to_have_attribute("href", "/nl/my/searches/")
    follow(visitor.page.locator(".keep a"))

    expect(visitor.page.locator("[data-saved] h2")).to_have_text("Experts over “wedge”")
    problems = [found for path in ("/nl/my/searches/", "/nl/my/") for found in looked_at(visitor, path)]
    visitor.page.set_viewport_size(DESKTOP)
    visitor.go("/nl/my/searches/")
    follow(visitor.page.locator("[data-saved] button[value=delete]"))
    expect(visitor.page.locator("[data-saved]")).to_have_count(0)
    assert problems == []
