"""API tokens: made and shown once, known by their digest, spent by programs as `Authorization: Bearer …`.

A token lets a program do what its owner may do, and nothing more. It is as long as a key, so a plain digest keeps it:
there is nothing to guess, and no request waits for a slow hash as passwords need.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from publications.models import ApiToken, User

PREFIX = "kh_"
"""Lets programs that look for leaked secrets know ours."""
RANDOM_BYTES = 32
MOST_TOKENS = 20
LIFETIMES_DAYS = (30, 90, 365)
USE_NOTED_EVERY = timedelta(minutes=1)


def make_token(user: User, *, name: str, lifetime_days: int, now: datetime) -> tuple[ApiToken, str]:
    """A new token of this user: its row, and the token itself, which cannot be had again."""
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        ending=secret[-4:],
        expires_at=now + timedelta(days=lifetime_days),
    )
    return token, secret


def digest_of(secret: str) -> str:
    """What a token is known by."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_owner(secret: str, *, now: datetime) -> User | None:
    """Whose token this is, None where it is unknown, expired, or of an account that was switched off; notes its use."""
    token = ApiToken.objects.valid(now=now).select_related("user").filter(digest=digest_of(secret)).first()
    if token is None:
        return None
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
    return token.user


class TokenAuth(HttpBearer):
    """For routes of the API that act for somebody: `Router(auth=TokenAuth())`.

    `request.user` and `request.auth` are the token's owner from then on; whoever brings no valid token is answered 401.
    A session does not count, so such a route needs no protection against forged forms.
    """

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        owner = find_owner(token, now=timezone.now())
        if owner is not None:
            request.user = owner
        return owner
