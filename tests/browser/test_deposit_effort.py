"""How little it takes to bring in a real paper: actions from dropping it to a form that is sent.

    CHROMIUM=/usr/bin/chromium .venv/bin/pytest tests/browser/test_deposit_effort.py -n0 -s

prints the figures. How soon the form is filled says nothing here, where the test reads the file itself.
"""

import json
import shutil
from pathlib import Path

import pytest

from publications.models import Deposit
from publications.vocabularies import DepositState
from tests.browser.conftest import Hub, Visit
from tests.browser.deposits import drop_files, fill_by_reading, send
from tests.factories import ResearcherFactory

MOST_ACTIONS = 3
KEYS = ("baur19a", "abdi19a", "balsiger19a")


@pytest.mark.parametrize("key", KEYS)
def test_a_real_paper_is_sent_in_three_actions(
    hub: Hub, visit: Visit, shared_data: Path, tmp_path: Path, key: str
) -> None:
    folder = shared_data / "midl2019"
    told = {paper["key"]: paper for paper in json.loads((folder / "metadata.json").read_text())["papers"]}
    paper = Path(shutil.copy(folder / f"{key}.pdf", tmp_path))
    visitor = visit()
    page = visitor.page
    visitor.sign_in(ResearcherFactory())
    visitor.go("/en/deposit/")

    drop_files(page, paper)  # the first action
    actions = 1
    fill_by_reading(page)
    title, authors = page.locator("#f-title").input_value(), page.locator("[data-name-shown]").count()
    if not page.locator("#f-resource_type").input_value():
        page.locator("#f-resource_type").select_option("conference_paper")
        actions += 1
    send(page)
    actions += 1

    print(f"\n{key}: {actions} actions, {authors} authors")  # noqa: T201
    assert Deposit.objects.with_state().get().state == DepositState.IN_REVIEW
    assert title.casefold() == told[key]["title"].casefold()
    assert authors == len(told[key]["authors"])
    assert actions <= MOST_ACTIONS
