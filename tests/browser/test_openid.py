"""Signing in through an institution: a real OpenID Connect provider, in a real browser, under our policy."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from publications.models import User
from tests.browser.conftest import Hub, Visit, Visitor, follow, press_enter
from tests.factories import MemberFactory

FOLDER = Path(__file__).parent / "openid"


def installed() -> bool:
    """Whether the provider is there, brought from npm where that can be."""
    if not (FOLDER / "node_modules" / "oidc-provider").is_dir() and shutil.which("npm"):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, check=False)
    return (FOLDER / "node_modules" / "oidc-provider").is_dir()


@pytest.fixture
def provider(live_server: Any, settings: Any) -> Iterator[str]:
    """A provider that the hub knows as “University of the Veluwe”, whose people become members; its address."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs node: apt-get install nodejs npm")
    if not installed():
        pytest.skip("needs npm's oidc-provider: npm ci in tests/browser/openid")
    callback = f"{live_server.url}/accounts/veluwe/login/callback/"
    command = [node, str(FOLDER / "provider.js"), callback]
    running = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert running.stdout is not None
    address = running.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    app = {
        "provider_id": "veluwe",
        "name": "University of the Veluwe",
        "client_id": "hub",
        "secret": "a secret of the test",
        "settings": {"server_url": address, "groups": ["Members"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.REGISTRATION = "off"
    yield address
    running.kill()
    running.communicate()


def sign_in(visitor: Visitor, name: str, *, at: str = "/en/login/?next=/nl/people/") -> Page:
    """Through the provider's own pages: the name, any password, and consent."""
    page = visitor.page
    visitor.go(at)
    follow(page.get_by_role("button", name="University of the Veluwe"))
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("whatever")
    follow(page.locator("button[type=submit]"))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{visitor.site}/**")
    return page


def refusals(visitor: Visitor) -> list[str]:
    return [complaint for complaint in visitor.complaints if "Content Security Policy" in complaint]


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_of_the_university_gets_in_and_back_to_where_they_were(
    hub: Hub, provider: str, visit: Visit, java_script_enabled: bool
) -> None:
    visitor = visit(java_script_enabled=java_script_enabled)

    page = sign_in(visitor, "ada")

    expect(page).to_have_url(f"{visitor.site}/nl/people/")
    expect(page.locator(".site-account summary")).to_have_text("Ada van Wiggers")
    user = User.objects.get()
    assert (user.email, [group.name for group in user.groups.all()]) == ("ada@uni.example", ["Members"])
    assert EmailAddress.objects.get(user=user).verified
    assert refusals(visitor) == []


def test_who_comes_again_has_the_same_account(hub: Hub, provider: str, visit: Visit) -> None:
    for _time in range(2):
        sign_in(visit(), "ada")

    assert User.objects.count() == 1


def test_an_address_that_the_provider_did_not_verify_must_be_confirmed(hub: Hub, provider: str, visit: Visit) -> None:
    page = sign_in(visit(), "unsure")

    assert "/account/email/sent/" in page.url
    expect(page.locator(".site-account")).to_have_count(0)


def test_the_same_address_does_not_open_somebody_elses_account(hub: Hub, provider: str, visit: Visit) -> None:
    victim = MemberFactory(email="ada@uni.example")
    EmailAddress.objects.create(user=victim, email=victim.email, verified=True, primary=True)

    page = sign_in(visit(), "ada")

    expect(page.locator(".site-account")).to_have_count(0)
    assert not victim.socialaccount_set.exists()


def test_who_is_signed_in_adds_the_university_as_a_way(hub: Hub, provider: str, visit: Visit, editor: User) -> None:
    visitor = visit()
    visitor.go("/en/login/")
    visitor.page.locator("input[name=username]").fill("editor")
    visitor.page.locator("input[name=password]").fill("a long passphrase")
    press_enter(visitor.page)
    expect(visitor.page).to_have_url(f"{visitor.site}/en/")

    page = sign_in(visitor, "ada", at="/en/account/ways/")
    page.locator("input[name=password]").fill("a long passphrase")
    press_enter(page)
    expect(page).to_have_url(f"{visitor.site}/en/account/ways/")

    assert editor.socialaccount_set.get().uid == "ada"
    assert User.objects.count() == 1


def test_a_provider_that_does_not_answer_is_told_in_words(hub: Hub, provider: str, visit: Visit, settings: Any) -> None:
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    visitor = visit()
    visitor.go("/en/login/")

    with socket.socket() as silent:  # nobody listens there, and nobody else can
        silent.bind(("127.0.0.1", 0))
        app["settings"]["server_url"] = f"http://127.0.0.1:{silent.getsockname()[1]}"
        follow(visitor.page.get_by_role("button", name="University of the Veluwe"))

    expect(visitor.page.locator("h1")).to_have_text("Signing in did not work")
