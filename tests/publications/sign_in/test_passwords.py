"""Signing in and up with an address and a password, as `REGISTRATION` lets people."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from publications.models import User
from tests.factories import PASSWORD, EditorFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = {
    "first_name": "Noor",
    "last_name": "van der Berg",
    "email": "noor@uni.example",
    "password1": "a very long passphrase",
}


def sign_in(client, name, password=PASSWORD, **more):
    return client.post("/en/login/", {"username": name, "password": password} | more)


def is_in(client):
    return "_auth_user_id" in client.session


def link_in(message):
    return re.search(r"http://testserver(/\S+)", message.body).group(1)


@pytest.mark.parametrize("attribute", ["username", "email"])
def test_one_signs_in_by_name_or_address(client, attribute):
    user = MemberFactory()

    answer = sign_in(client, getattr(user, attribute))

    assert (answer.status_code, answer.url) == (302, "/en/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_one_goes_on_to_where_one_came_from_and_nowhere_else(client):
    user = MemberFactory()

    assert sign_in(client, user.username, next="/nl/people/").url == "/nl/people/"
    client.logout()
    assert sign_in(client, user.username, next="https://evil.example/").url == "/en/"


def test_the_cms_sends_people_to_the_same_page(client):
    editor = EditorFactory()

    away = client.get("/admin/pages/", follow=True)
    assert away.redirect_chain[-1][0] == "/en/login/?next=/admin/pages/"
    assert sign_in(client, editor.username, next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_who_has_no_right_in_the_cms_is_told_so_instead_of_being_sent_round(client):
    client.force_login(MemberFactory())

    assert client.get("/admin/pages/", follow=True).status_code == 403


def test_a_wrong_password_says_nothing_of_whether_there_is_such_an_account(client):
    user = MemberFactory()

    known = sign_in(client, user.email, "wrong").content.decode()
    unknown = sign_in(client, "nobody@hub.example", "wrong").content.decode()

    def told(page):
        return re.findall(r'<div class="notice.*?</div>', page, re.DOTALL)

    assert told(known) == told(unknown) != []
    assert not is_in(client)


def test_an_address_that_an_administrator_gave_counts_as_confirmed(client):
    user = MemberFactory()

    sign_in(client, user.username)

    assert EmailAddress.objects.get(user=user).verified


def test_an_account_without_an_address_can_be_signed_in_to(client):
    sign_in(client, UserFactory(email="").username)

    assert is_in(client)


def test_nobody_signs_up_where_registration_is_off(client, settings):
    settings.REGISTRATION = "off"

    page = client.get("/en/signup/").content.decode()
    client.post("/en/signup/", NEW)

    assert "by yourself" in page
    assert "/en/signup/" not in client.get("/en/login/").content.decode()
    assert User.objects.count() == 0


def test_whoever_signs_up_gets_in_once_the_address_is_confirmed(client, settings):
    settings.REGISTRATION = "open"

    answer = client.post("/en/signup/", NEW)
    assert answer.url == "/en/account/email/sent/"
    user = User.objects.get(email="noor@uni.example")
    assert (user.first_name, user.last_name, user.groups.count()) == ("Noor", "van der Berg", 0)
    sign_in(client, user.email, NEW["password1"])
    assert not is_in(client)

    page = client.get(link_in(mail.outbox[0])).content.decode()
    assert "noor@uni.example" in page
    client.post(link_in(mail.outbox[0]))
    sign_in(client, user.email, NEW["password1"])
    assert is_in(client)


def test_with_approval_a_confirmed_address_is_not_enough(client, settings):
    settings.REGISTRATION = "approval"
    client.post("/en/signup/", NEW)
    user = User.objects.get(email="noor@uni.example")
    client.post(link_in(mail.outbox[0]))

    answer = sign_in(client, user.email, NEW["password1"], next="/en/people/")
    assert (answer.url, is_in(client)) == ("/en/signup/approval/", False)
    User.objects.update(awaits_approval=False)
    sign_in(client, user.email, NEW["password1"])
    assert is_in(client)


def test_signing_up_with_an_address_that_is_known_tells_only_its_owner(client, settings):
    settings.REGISTRATION = "open"
    user = MemberFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    answer = client.post("/en/signup/", NEW | {"email": user.email})

    assert answer.url == "/en/account/email/sent/"
    assert User.objects.count() == 1
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "already" in mail.outbox[0].subject


def test_after_too_many_wrong_passwords_the_right_one_does_not_help(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    user = EditorFactory()

    answers = [sign_in(client, name, "wrong") for name in (user.username, user.email, user.username.upper())]
    right = sign_in(client, user.username)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (right.status_code, is_in(client)) == (429, False)
    assert "15 minutes" in right.content.decode()


def test_somebody_elsewhere_cannot_lock_an_editor_out(client, settings):
    settings.AXES_FAILURE_LIMIT = 2
    user = EditorFactory()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")

    for _time in range(3):
        sign_in(elsewhere, user.username, "wrong")
    sign_in(client, user.username)

    assert is_in(client)


def test_a_forgotten_password_is_set_anew_by_mail(client):
    user = MemberFactory()

    client.post("/nl/password/", {"email": user.email})
    form = client.get(link_in(mail.outbox[0]), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "another long passphrase", "password2": "another long passphrase"})

    user.refresh_from_db()
    assert user.check_password("another long passphrase")
    assert address.startswith("/nl/password/")
    assert "wachtwoord" in mail.outbox[0].subject


def test_the_mail_about_a_forgotten_password_goes_to_accounts_only(client):
    known, unknown = MemberFactory(), "nobody@hub.example"

    answers = [client.post("/en/password/", {"email": address}) for address in (known.email, unknown)]

    assert [answer.url for answer in answers] == ["/en/password/sent/"] * 2
    assert ["password/" in message.body for message in mail.outbox] == [True, False]


def test_anonymous_pages_set_no_cookie_and_stay_as_cacheable_as_they_were(client):
    for address in ("/en/people/", "/en/search/", "/en/topics/"):
        answer = client.get(address)
        assert (dict(answer.cookies), "no-store" in answer.headers.get("Cache-Control", "")) == ({}, False), address
