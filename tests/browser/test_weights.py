"""What a page costs its reader: its weight, and whether anything on it jumps while it loads."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import DESKTOP, PHONE, Hub, Visit

MOST_BYTES = 150_000
"""Of a page and all that it loads except pictures, as sent here: uncompressed, so that it is less in use."""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    window.shifts.push([entry.value, ...entry.sources.map(one => one.node?.outerHTML?.slice(0, 90))]);
  }
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass
class Scales:
    """What a page and the things on it weigh, by what each is; headers count too."""

    session: CDPSession

    def __post_init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.session.on("Network.responseReceived", self.note_kind)
        self.session.on("Network.loadingFinished", self.note_weight)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def note_kind(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def note_weight(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])

    def without_pictures(self) -> int:
        self.session.send("Network.disable")  # all that was noted before it is told before its answer
        return sum(number for kind, number in self.bytes.items() if kind != "Image")


# What the scripts of a page do once it is there, and two pictures of the screen later.
SETTLE = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_is_heavy_and_nothing_on_it_jumps(
    hub: Hub, visit: Visit, size: dict[str, int], record_property: Any
) -> None:
    visitor = visit(viewport=size)
    visitor.page.add_init_script(WATCH_SHIFTS)
    jumps, weights = {}, {}

    for name, address in hub.addresses.items():
        session = visitor.page.context.new_cdp_session(visitor.page)
        scales = Scales(session)
        visitor.go("/nl" + address)
        visitor.page.evaluate(SETTLE)
        weights[name] = scales.without_pictures()
        jumps[name] = visitor.page.evaluate("window.shifts")
        session.detach()

    record_property("bytes", weights)
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}
    assert {name: shifts for name, shifts in jumps.items() if shifts} == {}
    # The scales work: each page brings at least its style sheet.
    assert min(weights.values()) > 50_000
