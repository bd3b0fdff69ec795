"""Typed reading of the environment. Nothing else in the project looks at os.environ."""

import os
from pathlib import Path

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


def items(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list with commas between its items."""
    value = text(name)
    return [item.strip() for item in value.split(",") if item.strip()] if value else list(default)


def path(name: str, default: Path) -> Path:
    """A file or folder, made absolute."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default
