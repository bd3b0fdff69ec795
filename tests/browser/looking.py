"""What is wrong with a page as it is shown: what axe-core finds on it, and what is wider than the window."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    # It would fetch imported style sheets again, and from the wrong folder.
    "preload": False,
}
# The size of targets is part of WCAG 2.2 AA, but off by default in axe-core.
ALL_RULES = OPTIONS | {"rules": {"target-size": {"enabled": True}}}
# Nothing else on a page depends on its colours.
RULES_OF_COLOUR = OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}

RUN = """
async ([within, options]) => (await axe.run(within, options)).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)
)
"""


def violations(page: Page, options: dict[str, Any], *, within: str = ":root") -> list[str]:
    """What axe-core finds: rule, and the element."""
    # The script takes as long to load as to run, and stays until the next page.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, [within, options])
    return found


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def sticking_out(page: Page) -> str:
    """The innermost elements that reach past the edge of the window."""
    return str(
        page.evaluate(
            "() => [...document.querySelectorAll('body *')]"
            ".filter(one => one.getBoundingClientRect().right > innerWidth)"
            ".slice(-4).map(one => one.outerHTML.slice(0, 90))"
        )
    )
