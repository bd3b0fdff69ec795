"""Typed reading of the environment. Nothing else in the project looks at os.environ."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of a variable, or the default where it is not set."""
    return os.environ.get(name, default).strip()


def required(name: str, purpose: str) -> str:
    """The value of a variable that must be set; the error says what it is for."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {purpose}")
    return value


def boolean(name: str, default: bool = False) -> bool:
    """yes/no, true/false, on/off or 1/0."""
    value = text(name).lower()
    if name not in os.environ:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”: write yes or no.")


def integer(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{value}”: write a whole number.") from None


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    """One of a few words."""
    value = text(name).lower() or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} is “{value}”: write one of {', '.join(known)}.")
    return value


def items(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list with commas between its items."""
    value = text(name)
    return [item.strip() for item in value.split(",") if item.strip()] if value else list(default)


def path(name: str, default: Path) -> Path:
    """A file or folder, made absolute."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def openid_providers(name: str) -> list[dict[str, Any]]:
    """OpenID Connect providers from a JSON list, as allauth takes them.

    Each has `id`, `name`, `url`, `client_id` and `secret`; `groups`, which is a list, may be there.
    """
    try:
        given = json.loads(text(name) or "[]")
        return [
            {
                "provider_id": provider["id"],
                "name": provider["name"],
                "client_id": provider["client_id"],
                "secret": provider["secret"],
                "settings": {"server_url": provider["url"], "groups": list(provider.get("groups", []))},
            }
            for provider in given
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} is no list of providers ({error!r}): write JSON, each with id, name, url, client_id and secret."
        ) from None
