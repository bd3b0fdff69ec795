"""A hub with the demo's content, run as production runs it, for programs that look at its pages from outside."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.machine import PROJECT
from tests.benchmarks.progress import say

PATIENCE_SECONDS = 120


@contextmanager
def running_hub(folder: Path, *, port: int) -> Iterator[str]:
    """The address of a hub whose content lies in this folder, filled with the demo where it is empty."""
    address = f"http://localhost:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "BASE_URL": address,
        "DEFAULT_FROM_EMAIL": "hub@localhost",
        "EMAIL_HOST": "localhost",
        # What a proxy does in front of a real one.
        "SECURE_SSL_REDIRECT": "no",
        # All of it, whatever this shell names: the demo brings accounts whose password everybody knows.
        "HUB_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite3'}",
        "FILES_DIR": str(folder / "files"),
        "PAGE_CACHE_DIR": str(folder / "pages"),
        "SEARCH_INDEX_DIR": str(folder / "index"),
    }
    say("Loading the demo")
    _manage(environment, "load_demo")
    say(f"Starting the hub on {address}")
    # The workers are not needed: all of the demo is indexed, and the machine belongs to what is measured.
    command = ["-m", "gunicorn", "knowledge_hub.wsgi", f"--bind=127.0.0.1:{port}", "--threads=12", "--log-level=error"]
    web = subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=environment)
    try:
        _wait_for(f"{address}/healthz", web)
        yield address
    finally:
        web.terminate()
        web.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def _wait_for(address: str, web: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and web.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The hub did not start: nothing answers at {address}.")
