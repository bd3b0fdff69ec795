"""What is made of Lighthouse's reports; to get those takes Node.js, Chromium and minutes: `make lighthouse`."""

from typing import Any

import pytest

from tests.benchmarks.lighthouse import __main__ as bench
from tests.benchmarks.results import Results
from tests.benchmarks.results import Row as ResultRow


def report(performance: float, *, paint: float = 900, contrast: float | None = 1) -> dict[str, Any]:
    """A report as Lighthouse writes it, cut down to what is read of it."""
    audits = {
        "largest-contentful-paint": {"title": "Largest paint", "numericValue": paint, "score": 1},
        "cumulative-layout-shift": {"title": "Layout shift", "numericValue": 0, "score": 1},
        "total-byte-weight": {"title": "Weight", "numericValue": 71_946, "score": 1},
        "color-contrast": {
            "title": "Too little contrast",
            "score": contrast,
            "details": {"items": [{"node": {"snippet": "<p class='pale'>"}}]},
        },
    }
    scores = {"performance": performance, "accessibility": 1, "best-practices": 1, "seo": 1}
    references = [{"id": name, "weight": 1} for name in audits] + [{"id": "color-contrast", "weight": 0}]
    return {
        "categories": {name: {"score": score, "auditRefs": []} for name, score in scores.items()}
        | {"accessibility": {"score": 1, "auditRefs": references}},
        "audits": audits,
    }


def test_a_page_counts_with_the_median_of_its_runs() -> None:
    rows = bench._rows("home, phone", [report(0.91, paint=3000), report(0.97), report(0.98, paint=800)])

    values = {row.measure: row.value for row in rows}
    assert (values["performance"], values["accessibility"]) == (97, 100)
    assert (values["largest-contentful-paint"], values["total-byte-weight"]) == (900, 71.946)


@pytest.mark.parametrize(("contrast", "said"), [(0, ["Too little contrast  <p class='pale'>"]), (1, []), (None, [])])
def test_what_costs_points_is_said_with_the_element(contrast: float | None, said: list[str]) -> None:
    assert list(bench._faults(report(1, contrast=contrast))) == said


def test_one_page_below_the_goal_misses_it() -> None:
    scores = {"home": 100, "search": 94}
    results = Results(
        {}, [ResultRow("lighthouse", page, "performance", "hub", score) for page, score in scores.items()]
    )

    assert bench._goals(results) == [("performance, the lowest", "≥ 95", "94", "no")]


def test_without_lighthouse_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(bench, "LIGHTHOUSE", tmp_path / "nothing")
    monkeypatch.setattr(bench.shutil, "which", lambda name: f"/usr/bin/{name}")

    assert bench.main([]) == 2
    assert "npm ci --prefix" in bench._missing()
