"""docs/style-guide/ shows the values and components that there are, and what it says of contrast is so."""

import re
from itertools import product
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

PROJECT = Path(__file__).resolve().parents[1]
CSS = PROJECT / "knowledge_hub" / "static" / "knowledge_hub" / "css"
GUIDE = PROJECT / "docs" / "style-guide"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
PAGE = BeautifulSoup((GUIDE / "index.html").read_text(encoding="utf-8"), "html.parser")


def test_every_token_is_named_and_no_other() -> None:
    tokens = set(re.findall(r"^ +(--[\w-]+):", TOKENS, re.MULTILINE))
    named = {code.get_text() for code in PAGE("code") if code.get_text().startswith("--")}

    assert len(tokens) > 50
    assert named == tokens


def test_every_class_of_the_specimens_is_one_that_the_hub_has() -> None:
    sheets = [*CSS.rglob("*.css"), GUIDE / "style-guide.css"]
    known = set().union(*(re.findall(r"\.([a-z][\w-]*)", sheet.read_text(encoding="utf-8")) for sheet in sheets))
    used = {name for element in PAGE(class_=True) for name in element["class"]}

    assert used - known == set()


def colours(name: str) -> list[str]:
    """The value of a token in the light and in the dark."""
    (both,) = re.findall(rf"--{name}: light-dark\((#\w+), (#\w+)\)", TOKENS)
    return list(both)


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *product(["ink", "ink-2", "ink-3", "link"], ["paper", "paper-2", "paper-3"]),
        *((name, f"{name}-paper") for name in ("ok", "care", "stop")),
        ("mark-ink", "mark"),
    ],
)
def test_text_can_be_read_on_its_ground_in_both_schemes(ink: str, paper: str) -> None:
    assert min(contrast(*pair) for pair in zip(colours(ink), colours(paper), strict=True)) >= 4.5
