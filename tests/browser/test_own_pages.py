"""The pages of somebody who is signed in, and the forms of those who want to be: accessible, quiet, no wider than a
phone, in both languages; forms with their errors too."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from publications.claims import claim_profile
from publications.deposit.intake import make_deposit
from publications.deposit.reviewing import send_back
from publications.deposit.sending import send
from publications.deposit.withdrawing import withdraw
from publications.metadata import Agent, RecordMetadata
from publications.models import Deposit, Person, RecordFile
from publications.records import staged
from publications.records.versions import add_version
from publications.tokens import make_token
from publications.vocabularies import FileStatus, SensitiveKind
from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit, Visitor, follow, press_enter
from tests.browser.deposits import PAPER, read_files, save, write_file
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, is_too_wide, sticking_out, violations
from tests.factories import PASSWORD, PublicationFactory, ResearcherFactory, TopicFactory, UserFactory

LANGUAGES = pytest.mark.parametrize("language", ["en", "nl"])


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Nobody is tired of us: limits of allauth are in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def open_registration(settings: Any) -> None:
    settings.REGISTRATION = "approval"
    settings.LOOKUPS_ENABLED = True


def wrong_with(visitor: Visitor, name: str) -> list[str]:
    """What is wrong with the page as it is now."""
    page = visitor.page
    page.wait_for_load_state()
    found = list(visitor.complaints)
    visitor.complaints.clear()
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}: {one}" for one in violations(page, ALL_RULES)]
    page.emulate_media(color_scheme="light")
    found += [f"phone, light: {one}" for one in violations(page, RULES_OF_COLOUR)]
    found += [f"wider than a phone: {sticking_out(page)}"] if is_too_wide(page) else []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return [f"{name}: {one}" for one in found]


def look_at(visitor: Visitor, addresses: dict[str, str], *, statuses: dict[str, int] | None = None) -> list[str]:
    """What is wrong with these pages."""
    problems = []
    for name, address in addresses.items():
        status = visitor.go(address)
        expected = (statuses or {}).get(name, 200)
        problems += [f"{name}: status {status}"] if status != expected else []
        problems += wrong_with(visitor, name)
    return problems


# Work on its way in ------------------------------------------------------------------------------------------------

METADATA = RecordMetadata(
    title="A draft on wedges", resource_type="report", language="en",
    agents=(Agent("Grijs", "Bas"), Agent("Wit", "Jo")), subjects=("Step wedges", "grey weather"),
)  # fmt: skip


def deposit_of(owner: Any, *, folder: Any, content: bytes = PAPER, is_read: bool = True, **fields: Any) -> Deposit:
    path = write_file(folder, content=content)
    with path.open("rb") as source, staged(source, name="wedges.pdf") as file:
        made = make_deposit(owner=owner, files=[file], metadata=METADATA, **fields)
    if is_read:
        read_files()
    return made


def sent(owner: Any, *, folder: Any, **fields: Any) -> Deposit:
    made = deposit_of(owner, folder=folder, **fields)
    return send(made, {**made.answers, "access_right": "open"}, version=0, user=owner)


def add_finding(file: RecordFile) -> None:
    """A sign of patient data on the first page."""
    file.findings.create(page=1, place="text", kind=SensitiveKind.CITIZEN_NUMBER, rule="bsn_named", confidence="sure",
                         passage="BSN ·········", digest="0" * 64)  # fmt: skip


@pytest.fixture
def drafts(hub: Hub, tmp_path: Any, editor: Any) -> dict[str, str]:
    """Addresses of work in every state that it can be in, all of "sofie"."""
    sofie = ResearcherFactory(username="sofie", first_name="Sofie", last_name="Brouwer")
    double = deposit_of(sofie, folder=tmp_path, origin="wedges.bib")
    PublicationFactory(title="A draft on wedges", creators=["Bas Grijs"])
    patient = deposit_of(sofie, folder=tmp_path, content=PAPER + b"\n%")
    add_finding(RecordFile.objects.get(record=patient.record))
    broken = deposit_of(sofie, folder=tmp_path, content=b"%PDF-1.7\n" + b"\0\xff" * 4000)
    waiting = sent(sofie, folder=tmp_path, content=PAPER + b"\n%2")
    back = sent(sofie, folder=tmp_path, content=PAPER + b"\n%3")
    send_back(back, user=editor, comment="Nearly.", on_fields={"title": "Which wedges?", "authors": "Who is Jo?"})
    reading = deposit_of(sofie, folder=tmp_path, content=PAPER + b"\n%4", is_read=False)
    RecordFile.objects.filter(record=reading.record).update(status=FileStatus.READING, page_count=9)
    live = PublicationFactory(title="Live", creators=["Bas Grijs"], owner=sofie)
    older = PublicationFactory(title="Older", creators=["Bas Grijs"], owner=sofie)
    add_version(live, of=older)
    withdraw(PublicationFactory(title="Gone", owner=sofie), reason="Wrong greys.", user=editor)
    return {
        "drop, with drafts": "/deposit/",
        "describe, a double": f"/deposit/{double.record.pid}/",
        "describe, patient data": f"/deposit/{patient.record.pid}/",
        "describe, broken file": f"/deposit/{broken.record.pid}/",
        "describe, sent back": f"/deposit/{back.record.pid}/",
        "describe, reading": f"/deposit/{reading.record.pid}/",
        "preview": f"/deposit/{double.record.pid}/preview/",
        "in review": f"/deposit/{waiting.record.pid}/",
        "my work": "/my/",
        "ask to withdraw": f"/my/{live.pid}/withdraw/",
        "versions": f"/records/{live.pid}/versions/",
    }


@LANGUAGES
def test_pages_of_deposits_in_every_state(drafts: dict[str, str], visit: Visit, language: str) -> None:
    visitor = visit()
    visitor.sign_in(ResearcherFactory._meta.model.objects.get(username="sofie"))

    problems = look_at(visitor, {name: f"/{language}{address}" for name, address in drafts.items()})

    assert problems == []


@LANGUAGES
def test_forms_of_deposits_with_something_open_or_wrong(hub: Hub, visit: Visit, tmp_path: Any, language: str) -> None:
    TopicFactory(label_en="Hanging topic")
    sofie = ResearcherFactory(username="sofie")
    made = deposit_of(sofie, folder=tmp_path)
    other = visit()
    other.sign_in(UserFactory())
    visitor = visit()
    page = visitor.page
    visitor.sign_in(sofie)
    problems = look_at(other, {"not allowed": f"/{language}/deposit/"}, statuses={"not allowed": 403})
    problems += look_at(visitor, {"drop, empty": f"/{language}/deposit/", "my work": f"/{language}/my/"})

    visitor.go(f"/{language}/deposit/{made.record.pid}/")
    open_everything(page)
    problems += wrong_with(visitor, "everything open")
    for name, value in (("doi", "wrong"), ("issued", "soon"), ("title", ""), ("authors-0-orcid", "1")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("#access-embargoed").check()
    save(page)
    follow(page.locator('.submit-bar button[value="send"]'))
    expect(page.locator("#problems")).to_be_visible()
    problems += wrong_with(visitor, "describe, errors")

    tabs = visit()
    tabs.sign_in(sofie)
    tabs.go(f"/{language}/deposit/{made.record.pid}/")
    made.refresh_from_db()
    Deposit.objects.filter(pk=made.pk).update(version=made.version + 1, answers=made.answers | {"title": "Elsewhere"})
    tabs.page.locator("#f-title").fill("Here")
    follow(tabs.page.locator("[data-conflict] button"))
    expect(tabs.page.locator("#mine-title")).to_be_visible()
    problems += wrong_with(tabs, "conflict")
    live = PublicationFactory(owner=sofie)
    visitor.go(f"/{language}/my/{live.pid}/withdraw/")
    page.locator("textarea").fill("   ")
    follow(page.locator("main .button"))
    expect(page.locator(".field-error")).to_be_visible()
    problems += wrong_with(visitor, "ask to withdraw, error")

    assert problems == []


def open_everything(page: Page) -> None:
    """Open what is folded in the form, add a row to each list, and have a list of suggestions hang below a field."""
    for button in ("add:funding", "add:related"):
        follow(page.locator(f'[value="{button}"]'))
    for details in page.locator("form.describe details").all():
        details.evaluate("details => details.open = true")
    page.locator("#access-restricted").check()
    page.locator("[name=authors-1-family_name]").fill("Gri")
    expect(page.locator("field-suggest [role=option]").first).to_be_visible()


# Getting in, and one's account --------------------------------------------------------------------------------------


def sign_in_by_form(visitor: Visitor, user: Any, language: str) -> None:
    visitor.go(f"/{language}/login/?next=/{language}/account/")
    visitor.page.locator("[name=username], [name=login]").fill(user.username)
    visitor.page.locator("[name=password]").fill(PASSWORD)
    press_enter(visitor.page)
    expect(visitor.page.locator(".account-tabs")).to_be_visible()


@LANGUAGES
def test_pages_of_those_who_want_to_get_in(hub: Hub, visit: Visit, settings: Any, language: str) -> None:
    visitor = visit()
    page = visitor.page
    open_to_all = {
        "login": "/login/",
        "sign up": "/signup/",
        "waiting": "/signup/approval/",
        "password": "/password/",
        "password, sent": "/password/sent/",
        "password, old link": "/password/1-wrong/",
        "password, done": "/password/done/",
        "switched off": "/account/off/",
        "mail sent": "/account/email/sent/",
        "confirm, old link": "/account/email/wrong/",
        "cancelled": "/account/ways/cancelled/",
        "error of a provider": "/account/ways/error/",
    }
    addresses = {name: f"/{language}{address}" for name, address in open_to_all.items()}
    problems = look_at(visitor, addresses, statuses={"error of a provider": 401})

    for name, fill in WRONG_ANSWERS.items():
        visitor.go(f"/{language}/{name}/")
        for field, value in fill.items():
            page.locator(f"main [name={field}]").fill(value)
        with page.expect_navigation():
            page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        expect(page.locator(".field-error, .notice-stop").first).to_be_visible()
        problems += wrong_with(visitor, f"{name}, errors")
    settings.REGISTRATION = "off"
    problems += look_at(visitor, {"sign up, closed": f"/{language}/signup/"})

    assert problems == []


WRONG_ANSWERS = {
    "login": {"username": "sofie", "password": "wrong"},
    "signup": {"email": "no address", "password1": "short"},
    "password": {"email": "no address"},
}


@LANGUAGES
def test_pages_of_ones_account(hub: Hub, visit: Visit, settings: Any, language: str) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600  # looking takes longer than the five minutes of a password
    user = ResearcherFactory(username="sofie", first_name="Sofie", last_name="Brouwer")
    make_token(user, name="Notebook", lifetime_days=30, now=timezone.now())
    make_token(user, name="Old notebook", lifetime_days=1, now=timezone.now() - timedelta(days=3))
    visitor = visit()
    page = visitor.page
    sign_in_by_form(visitor, user, language)
    visitor.go(f"/{language}/account/again/?next=/{language}/account/")
    page.locator("main [name=password]").fill(PASSWORD)
    press_enter(page)
    expect(page.locator(".account-tabs")).to_be_visible()
    pages = {
        "account": "/account/",
        "e-mail": "/account/email/",
        "password": "/account/password/",
        "again": "/account/again/",
        "second factor": "/account/second-factor/",
        "second factor, on": "/account/second-factor/on/",
        "ways": "/account/ways/",
        "tokens": "/my/tokens/",
        "profile, to claim": "/my/profile/",
        "profile, found": "/my/profile/?q=wiggers",
        "profile, nobody found": "/my/profile/?q=zzzz",
        "sign out": "/logout/",
    }
    problems = look_at(visitor, {name: f"/{language}{address}" for name, address in pages.items()})

    def submit(path: str, **fill: str) -> None:
        visitor.go(f"/{language}{path}")
        for field, value in fill.items():
            page.locator(f"main [name={field}]:visible").first.fill(value)
        with page.expect_navigation():
            page.locator("main form:has(.button)").last.evaluate(
                "form => { form.noValidate = true; form.requestSubmit(form.querySelector('.button:last-of-type')); }"
            )

    for path, fill in (
        ("/account/email/", {"email": "no address"}),
        ("/account/password/", {"oldpassword": "wrong", "password1": "short", "password2": "other"}),
        ("/account/second-factor/on/", {"code": "000000"}),
        ("/my/tokens/", {"name": ""}),
        ("/my/profile/", {"note": ""}),
    ):
        submit(path, **fill)
        expect(page.locator(".field-error").first).to_be_visible()
        problems += wrong_with(visitor, f"{path}, errors")
    submit("/my/tokens/", name="Fresh")
    expect(page.locator("[data-token]")).to_be_visible()
    problems += wrong_with(visitor, "token, made")
    claim_profile(user, Person.objects.get(slug="bas-grijs"), note="It is me.")
    problems += look_at(visitor, {"profile, waits": f"/{language}/my/profile/"})
    user.claims.all().delete()
    Person.objects.filter(slug="bas-grijs").update(user=user)
    problems += look_at(visitor, {"profile": f"/{language}/my/profile/"})

    assert problems == []


@LANGUAGES
def test_pages_of_the_second_factor(hub: Hub, visit: Visit, settings: Any, language: str) -> None:
    from tests.publications.sign_in.test_second_factor import code_for

    user = UserFactory(username="sofie")
    visitor = visit()
    page = visitor.page
    sign_in_by_form(visitor, user, language)
    visitor.go(f"/{language}/account/again/?next=/{language}/account/second-factor/on/")
    page.locator("[name=password]").fill(PASSWORD)
    press_enter(page)
    secret = page.locator("[data-secret]").inner_text()
    page.locator("main [name=code]").fill(code_for(secret))
    settings.MFA_TOTP_TOLERANCE = 10  # the half minute of the code may be over before it arrives
    press_enter(page)
    expect(page.locator(".secrets")).to_be_visible()
    problems = wrong_with(visitor, "recovery codes")
    pages = {
        "on": "/account/second-factor/",
        "off": "/account/second-factor/off/",
        "new codes": "/account/recovery-codes/new/",
        "again by code": "/account/again/code/",
    }
    problems += look_at(visitor, {name: f"/{language}{address}" for name, address in pages.items()})
    page.context.clear_cookies()
    visitor.go(f"/{language}/login/")
    page.locator("[name=username], [name=login]").fill("sofie")
    page.locator("[name=password]").fill(PASSWORD)
    press_enter(page)
    expect(page.locator("[name=code]")).to_be_visible()
    problems += wrong_with(visitor, "code")
    page.locator("[name=code]").fill("000000")
    press_enter(page)
    expect(page.locator(".field-error")).to_be_visible()
    problems += wrong_with(visitor, "code, wrong")

    assert problems == []
