"""API tokens: shown once, kept as a digest, good until they end or are revoked, and only their owner's."""

import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from ninja import NinjaAPI
from ninja.testing import TestClient

from publications.models import ApiToken
from publications.tokens import MOST_TOKENS, TokenAuth, digest_of, find_owner, make_token
from tests.factories import MemberFactory, ResearcherFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/en/my/tokens/"


def make(user, *, lifetime_days=30, now=None):
    return make_token(user, name="script", lifetime_days=lifetime_days, now=now or timezone.now())


@pytest.fixture
def api():
    """An API of one route, as others will use it."""
    routes = NinjaAPI(urls_namespace="tokens-under-test")

    @routes.get("/me", auth=TokenAuth())
    def me(request):
        return {"user": request.user.username, "auth": request.auth.username}

    return TestClient(routes)


def test_the_token_itself_is_kept_nowhere():
    token, secret = make(ResearcherFactory())

    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert row["digest"] == digest_of(secret)
    assert secret.endswith(row["ending"])


def test_a_route_acts_for_the_owner_of_the_token(api):
    owner = ResearcherFactory()
    _token, secret = make(owner)

    answer = api.get("/me", headers={"Authorization": f"Bearer {secret}"})

    assert answer.json() == {"user": owner.username, "auth": owner.username}


@pytest.mark.parametrize(
    "header", [None, "Bearer ", "Bearer kh_wrong", "Basic {secret}", "{secret}", "Bearer {digest}"]
)
def test_whoever_brings_no_valid_token_is_refused(api, header):
    _token, secret = make(ResearcherFactory())
    filled = (header or "").format(secret=secret, digest=digest_of(secret))

    answer = api.get("/me", headers={"Authorization": filled} if header else {})

    assert answer.status_code == 401


def test_a_token_ends_on_its_day_and_with_its_account():
    owner, now = ResearcherFactory(), timezone.now()
    _token, secret = make(owner, lifetime_days=30, now=now)

    assert find_owner(secret, now=now + timedelta(days=29)) == owner
    assert find_owner(secret, now=now + timedelta(days=30)) is None
    owner.is_active = False
    owner.save()
    assert find_owner(secret, now=now) is None


def test_its_last_use_is_noted_once_a_minute(django_assert_num_queries):
    token, secret = make(ResearcherFactory())
    first = timezone.now()

    find_owner(secret, now=first)
    find_owner(secret, now=first + timedelta(seconds=50))
    token.refresh_from_db()
    assert token.last_used_at == first
    find_owner(secret, now=first + timedelta(seconds=70))
    token.refresh_from_db()
    assert token.last_used_at == first + timedelta(seconds=70)


def test_a_token_is_made_shown_once_and_revoked(client):
    owner = ResearcherFactory()
    client.force_login(owner)

    answer = client.post(ADDRESS, {"name": "lab server", "lifetime_days": "90"})
    secret = re.search(r"data-token>(kh_[\w-]{43})<", answer.content.decode()).group(1)
    assert "no-store" in answer.headers["Cache-Control"]
    assert find_owner(secret, now=timezone.now()) == owner
    page = client.get(ADDRESS).content.decode()
    assert ("lab server" in page, secret in page) == (True, False)

    token = owner.tokens.get()
    assert 89 <= (token.expires_at - timezone.now()).days <= 90
    assert client.post(f"{ADDRESS}{token.pk}/revoke/").status_code == 302
    assert find_owner(secret, now=timezone.now()) is None


@pytest.mark.parametrize("data", [{}, {"name": "x", "lifetime_days": "4000"}, {"name": " ", "lifetime_days": "30"}])
def test_a_form_that_is_not_right_makes_none(client, data):
    owner = ResearcherFactory()
    client.force_login(owner)

    answer = client.post(ADDRESS, data)

    assert (answer.status_code, owner.tokens.count()) == (200, 0)
    assert "data-token" not in answer.content.decode()


def test_there_is_an_end_to_how_many(client):
    owner = ResearcherFactory()
    for _number in range(MOST_TOKENS):
        make(owner)
    client.force_login(owner)

    answer = client.post(ADDRESS, {"name": "one more", "lifetime_days": "30"})

    assert owner.tokens.count() == MOST_TOKENS
    assert "Revoke one first" in answer.content.decode()


def test_nobody_sees_or_revokes_anothers(client):
    token, _secret = make(ResearcherFactory())
    assert client.get(ADDRESS).url == f"/en/login/?next={ADDRESS}"
    assert client.post(f"{ADDRESS}{token.pk}/revoke/").url.startswith("/en/login/")
    client.force_login(MemberFactory())

    page = client.get(ADDRESS).content.decode()
    answer = client.post(f"{ADDRESS}{token.pk}/revoke/")

    assert token.ending not in page
    assert (answer.status_code, ApiToken.objects.count()) == (404, 1)


def test_a_link_does_not_revoke(client):
    token, _secret = make(owner := ResearcherFactory())
    client.force_login(owner)

    assert client.get(f"{ADDRESS}{token.pk}/revoke/").status_code == 405
    assert ApiToken.objects.count() == 1


def test_the_page_asks_the_same_of_the_database_for_one_and_for_many(client, django_assert_max_num_queries):
    owner = ResearcherFactory()
    client.force_login(owner)
    client.get(ADDRESS)
    for _number in range(5):
        make(owner)

    with django_assert_max_num_queries(10):
        client.get(ADDRESS)


def test_authentication_leaves_a_request_without_a_token_alone():
    request = RequestFactory().get("/")
    request.user = "somebody"

    assert TokenAuth().authenticate(request, "kh_nothing") is None
    assert request.user == "somebody"
