"""Institutions and ORCID: who may come in through them, as what, and what a verified ORCID iD is good for."""

import pytest
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured

from knowledge_hub.settings import env
from publications.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def come_from(rf, settings):
    """come_from("veluwe", {claims}) is what happens when the provider has sent somebody back; the request."""

    def come(provider_id, data, *, user=None):
        request = rf.get("/en/login/")
        request.session, request.user = SessionStore(), user or AnonymousUser()
        request._messages = FallbackStorage(request)
        with context.request_context(request):
            provider = get_adapter().get_provider(request, provider_id)
            login = provider.sociallogin_from_response(request, data)
            login.state = {"process": "connect" if user else "login"}
            request.answer = complete_login(request, login)
        return request

    def configure(**more):
        app = {"provider_id": "veluwe", "name": "Veluwe", "client_id": "x", "secret": "y",
               "settings": {"server_url": "http://127.0.0.1:1", "groups": [], **more}}  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"APPS": [app]},
            "orcid": {"APPS": [{"client_id": "x", "secret": "y", "name": "ORCID"}]},
        }
        return come

    return configure


ADA = {"sub": "ada", "given_name": "Ada", "family_name": "Wiggers", "email": "ada@uni.example", "email_verified": True}


def test_nobody_comes_through_a_provider_while_registration_is_off(come_from, settings):
    settings.REGISTRATION = "off"

    request = come_from()("veluwe", ADA)

    assert User.objects.count() == 0
    assert "by yourself" in request.answer.content.decode()


def test_people_of_a_trusted_provider_come_in_at_once_with_their_groups(come_from, settings):
    settings.REGISTRATION = "approval"

    request = come_from(groups=["Members", "Researchers", "No such group"])("veluwe", ADA)

    user = User.objects.get()
    assert request.user == user
    assert user.awaits_approval is False
    assert sorted(group.name for group in user.groups.all()) == ["Members", "Researchers"]


def test_people_of_another_provider_wait_for_approval_as_everybody(come_from, settings):
    settings.REGISTRATION = "approval"

    request = come_from()("veluwe", ADA)

    user = User.objects.get()
    assert (user.awaits_approval, user.groups.count()) == (True, 0)
    assert request.answer.url == "/en/signup/approval/"
    assert not request.user.is_authenticated


@pytest.mark.parametrize(
    "value", ["{", "[1]", '[{"id": "x"}]', '{"id": "x"}', '[{"id": "x", "name": "n", "url": "u", "client_id": "c"}]']
)
def test_a_list_of_providers_that_cannot_be_read_stops_the_hub(monkeypatch, value):
    monkeypatch.setenv("OPENID_PROVIDERS", value)

    with pytest.raises(ImproperlyConfigured, match="OPENID_PROVIDERS"):
        env.openid_providers("OPENID_PROVIDERS")


def test_providers_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv(
        "OPENID_PROVIDERS",
        '[{"id": "uni", "name": "Uni", "url": "https://id.uni.example", "client_id": "c", "secret": "s",'
        ' "groups": ["Members"]}]',
    )

    assert env.openid_providers("OPENID_PROVIDERS") == [
        {
            "provider_id": "uni",
            "name": "Uni",
            "client_id": "c",
            "secret": "s",
            "settings": {"server_url": "https://id.uni.example", "groups": ["Members"]},
        }
    ]
