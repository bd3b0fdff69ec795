"""docs/style-guide/ as a browser shows it from a checkout."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.looking import ALL_RULES, is_too_wide, violations

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "style-guide" / "index.html"


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)])
def test_the_style_guide_keeps_to_itself(visit: Visit, scheme: Any, size: dict[str, int]) -> None:
    visitor = visit(color_scheme=scheme, viewport=size)

    visitor.page.goto(GUIDE.as_uri(), wait_until="load")

    assert violations(visitor.page, ALL_RULES) == []
    assert not is_too_wide(visitor.page)
    assert visitor.complaints == []
