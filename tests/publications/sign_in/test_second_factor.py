"""The code from an app: switching it on and off, signing in with it, and the CMS that may ask for it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.factories import PASSWORD, EditorFactory, MemberFactory

pytestmark = pytest.mark.django_db


def code_for(secret):
    """What an app would show now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client, user, **more):
    return client.post("/en/login/", {"username": user.username, "password": PASSWORD} | more)


def switch_on(client, user):
    """As its owner does on the page; the key."""
    sign_in(client, user)
    client.post("/en/account/again/", {"password": PASSWORD})
    page = client.get("/en/account/second-factor/on/").content.decode()
    secret = re.search(r"data-secret>([A-Z2-7]+)<", page).group(1)
    answer = client.post("/en/account/second-factor/on/", {"code": code_for(secret)})
    assert answer.url == "/en/account/recovery-codes/"
    return secret


@pytest.fixture
def later(monkeypatch):
    """A code works once: the next one is of half a minute later."""

    def wait():
        now = time.time() + 30
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)

    return wait


def test_with_a_second_factor_the_password_alone_opens_nothing(client, later):
    user = EditorFactory()
    secret = switch_on(client, user)
    client.logout()
    later()

    answer = sign_in(client, user, next="/admin/")
    assert answer.url.startswith("/en/login/code/")
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/en/login/code/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/en/login/code/", {"code": code_for(secret)})
    assert right.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_lets_in_once(client):
    user = MemberFactory()
    switch_on(client, user)
    code = re.search(r"<li><code>(\d+)</code>", client.get("/en/account/recovery-codes/").content.decode()).group(1)

    for lets_in in (True, False):
        client.logout()
        sign_in(client, user)
        client.post("/en/login/code/", {"code": code})
        assert ("_auth_user_id" in client.session) is lets_in


def test_codes_cannot_be_guessed_for_long(client):
    user = MemberFactory()
    switch_on(client, user)
    client.logout()
    sign_in(client, user)

    pages = [client.post("/en/login/code/", {"code": f"{number:06}"}).content.decode() for number in range(12)]

    assert "Too often wrong" in pages[-1]
    assert "Too often wrong" not in pages[0]


def test_changing_it_asks_for_the_password_again(client):
    user = MemberFactory()
    client.force_login(user)

    answer = client.get("/en/account/second-factor/on/")

    assert answer.url.startswith("/en/account/again/")
    assert client.get(answer.url).status_code == 200


def test_the_cms_may_ask_for_it(client, settings):
    settings.EDITORS_NEED_TOTP = True
    editor = EditorFactory()
    sign_in(client, editor)

    away = client.get("/admin/pages/", headers={"Accept-Language": "nl"})
    assert away.url == "/nl/account/second-factor/on/"
    assert client.get("/en/people/").status_code == 200
    switch_on(client, editor)
    assert client.get("/admin/").status_code == 200


def test_it_is_switched_off_with_a_proof(client):
    user = MemberFactory()
    switch_on(client, user)
    assert client.get("/en/account/second-factor/").status_code == 200

    client.post("/en/account/second-factor/off/")

    assert not Authenticator.objects.filter(user=user, type="totp").exists()
