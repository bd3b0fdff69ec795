"""Many deposits at once, with the web server and the workers killed half-way: is each there once, and whole?

    python -m tests.load.deposits [--deposits 200] [--clients 20] [--port 8971]

Starts a hub of its own in a temporary folder, on loopback. Clients send their papers to `POST /api/v1/deposits`, each
with a key of its own, and send again where no answer came. Fails where a deposit is lost, doubled, changed or not live.
"""

import argparse
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

PAGES = 3
PATIENCE_SECONDS = 900
ROOT = Path(__file__).resolve().parents[2]

PREPARE = """
from django.contrib.auth.models import Group
from django.utils import timezone
from publications.models import User
from publications.tokens import make_token
user = User.objects.create_user("depositor", "depositor@hub.invalid")
user.groups.set(Group.objects.filter(name__in=["Researchers", "Trusted researchers"]))
print("TOKEN", make_token(user, name="load", lifetime_days=30, now=timezone.now())[1])
"""
COUNT = """
import json
from publications.models import FilePage, Record, RecordFile
from search.indexing import get_search_engine
live = Record.objects.filter(live=True)
print("COUNT", json.dumps({
    "records": Record.objects.count(), "live": live.count(), "files": RecordFile.objects.count(),
    "titles": sorted(live.values_list("title", flat=True)),
    "sums": sorted(RecordFile.objects.values_list("sha256", flat=True)),
    "pages": FilePage.objects.count(), "searchable": len(get_search_engine().record_ids())}))
"""


@dataclass(frozen=True)
class Paper:
    """A paper like no other: its title, the file, and the key that its deposit is known by."""

    title: str
    content: bytes
    key: str


def make_paper(number: int) -> Paper:
    """The paper with this number."""
    title = f"Phantom {number:04} measured on {PAGES} scanners"
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=True)
    for page in range(1, PAGES + 1):
        canvas.setFont("Helvetica", 16 if page == 1 else 11)
        canvas.drawString(72, 760, title if page == 1 else f"Scanner {page} of series {number}")
        canvas.setFont("Helvetica", 10)
        for line in range(30):
            canvas.drawString(
                72, 720 - 16 * line, f"Slice {line} of phantom {number} differs by {number * 31 % 97 + line} units."
            )
        canvas.showPage()
    canvas.save()
    return Paper(title, stream.getvalue(), uuid4().hex)


class Client:
    """Sends deposits and asks after them, as often as it takes."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        self.headers = {"Authorization": f"Bearer {token}"}
        self.sent_again = 0

    def deposit(self, paper: Paper) -> str:
        """The address of the deposit's status."""
        metadata = {
            "type": "report",
            "title": paper.title,
            "author": [{"family": "Wiggers", "given": "Ada"}],
            "issued": {"date-parts": [[2026]]},
            "abstract": "How a phantom is measured.",
            "language": "en",
        }
        fields = {"metadata": json.dumps(metadata), "access_right": "open", "rights": "CC-BY-4.0"}
        body, kind = multipart(fields, paper)
        headers = self.headers | {"Content-Type": kind, "Idempotency-Key": paper.key}
        answer = self._ask("/api/v1/deposits", data=body, headers=headers)
        return str(answer["url"])

    def wait(self, address: str) -> str:
        """The state in which the deposit came to rest."""
        until = time.monotonic() + PATIENCE_SECONDS
        state = ""
        while time.monotonic() < until:
            answer = self._ask(address, headers=self.headers)
            state = str(answer["state"])
            if state not in ("reading", "draft"):
                return state
            time.sleep(1)
        return f"{state} still: {answer['problems']} {answer['files']}"

    def _ask(self, address: str, *, headers: dict[str, str], data: bytes | None = None) -> dict[str, object]:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                request = urllib.request.Request(self.base + address, data=data, headers=headers)
                with urllib.request.urlopen(request, timeout=60) as response:
                    answer: dict[str, object] = json.load(response)
                    return answer
            except urllib.error.HTTPError as error:
                if error.code < 500 or time.monotonic() > until:
                    raise AssertionError(f"{address}: {error.code} {error.read()[:500]!r}") from error
            except (OSError, ValueError):
                if time.monotonic() > until:
                    raise
            self.sent_again += 1
            time.sleep(1)


def multipart(fields: dict[str, str], paper: Paper) -> tuple[bytes, str]:
    """A form with a file: its body and its type."""
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    disposition = f'Content-Disposition: form-data; name="file"; filename="{paper.title}.pdf"'
    head = f"--{edge}\r\n{disposition}\r\nContent-Type: application/pdf\r\n\r\n"
    body = "".join(parts).encode() + head.encode() + paper.content + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"


@contextmanager
def running_hub(port: int, folder: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[..., str]]]:
    """A hub of its own; gives the process of its supervisor and a function that runs a command of it."""
    environment = os.environ | {"HUB_VAR": folder}

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout

    manage("prepare")
    command = [sys.executable, "manage.py", "run_hub", "--port", str(port)]
    with (Path(folder) / "hub.log").open("wb") as log:
        hub = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield hub, manage
    finally:
        hub.send_signal(signal.SIGINT)
        hub.wait(60)


def descendants(pid: int) -> list[int]:
    """The processes that the supervisor started, and theirs."""
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [process for child in map(int, listed) for process in (child, *descendants(child))]


def kill_all(pid: int) -> int:
    """Kill web server, workers and clock without warning; the supervisor starts them again. Returns how many."""
    killed = 0
    for process in descendants(pid):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            killed += 1
    return killed


def main() -> None:
    """Deposit, kill, wait, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deposits", type=int, default=200)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--port", type=int, default=8971)
    options = parser.parse_args()
    papers = [make_paper(number) for number in range(options.deposits)]
    with tempfile.TemporaryDirectory(prefix="hub-load-") as folder, running_hub(options.port, folder) as (hub, manage):
        token = manage("shell", "-c", PREPARE).split("TOKEN ")[1].strip()
        client = Client(f"http://127.0.0.1:{options.port}", token)
        started = time.monotonic()
        addresses: list[str] = []
        with ThreadPoolExecutor(options.clients) as clients:
            sent = [clients.submit(client.deposit, paper) for paper in papers]
            for count, future in enumerate(as_completed(sent), start=1):
                addresses.append(future.result())
                if count == options.deposits // 2:
                    print(
                        f"{count} taken after {time.monotonic() - started:.0f} s; {kill_all(hub.pid)} processes killed",
                        flush=True,
                    )
            print(f"{len(addresses)} taken after {time.monotonic() - started:.0f} s", flush=True)
            time.sleep(5)
            print(f"{kill_all(hub.pid)} processes killed while files are read", flush=True)
            states = list(clients.map(client.wait, addresses))
        print(
            f"all at rest after {time.monotonic() - started:.0f} s; {client.sent_again} requests sent again", flush=True
        )
        time.sleep(10)
        found = json.loads(manage("shell", "-c", COUNT).split("COUNT ")[1])
    judge(papers, addresses, states, found)


def judge(papers: list[Paper], addresses: list[str], states: list[str], found: dict[str, object]) -> None:
    """Print what came of it. Raises SystemExit where anything is lost, doubled, changed or not live."""
    expected: dict[str, object] = {
        "records": len(papers),
        "live": len(papers),
        "files": len(papers),
        "pages": len(papers) * PAGES,
        "searchable": len(papers),
        "titles": sorted(paper.title for paper in papers),
        "sums": sorted(hashlib.sha256(paper.content).hexdigest() for paper in papers),
    }
    wrong = [f"{name}: {found[name]!r:.200}" for name in expected if found[name] != expected[name]]
    wrong += sorted({state for state in states if state != "live"})
    if len(set(addresses)) != len(papers):
        wrong.append(f"{len(set(addresses))} different deposits")
    print(f"{found['live']} live records, {found['pages']} pages, {found['searchable']} searchable")
    if wrong:
        raise SystemExit("\n".join(["Not as it should be:", *wrong]))
    print("Each paper is there once, whole and live.")


if __name__ == "__main__":
    main()
