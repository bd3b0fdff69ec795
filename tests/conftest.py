"""What every test may use. Each test has folders of its own: files, pages and index of one never meet another's."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import translation

PROJECT_DIR = Path(__file__).resolve().parent.parent
SHARED_DATA = PROJECT_DIR.parent / "shared" / "data"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that really commit put back what the migrations made: the page tree, the groups."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", ())
        if "transactional_db" in fixtures or "live_server" in fixtures or (marker and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request below /nl/ leaves its language to the thread; the next test starts without one."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Deposits, rendered pages, pictures and index under this test's own folder."""
    from publications.models import RecordFile

    settings.FILES_DIR = tmp_path / "files"
    settings.PAGE_CACHE_DIR = tmp_path / "pages"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.MEDIA_ROOT = tmp_path / "media"
    # A file field keeps the storage that it found when its model was made, so the storage itself has to move.
    # A test that changes STORAGES leaves the storage handler with another one, so it is asked of the field itself.
    deposits = RecordFile._meta.get_field("content").storage
    location = deposits._location
    _move(deposits, settings.FILES_DIR)
    yield
    _move(deposits, location)


def _move(storage: Any, location: Path) -> None:
    storage._location = location
    for cached in ("base_location", "location"):
        storage.__dict__.pop(cached, None)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real papers beside the project; the test is skipped by name where it is not there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data beside the project")
    return SHARED_DATA


Manage = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def manage(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Manage]:
    """Starts a command in a process of its own, on this test's database and folders.

    manage("import_records", path) gives the running process; what is still running after the test is killed.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings",
        "DATABASE_URL": database_url(),
        "HUB_VAR": str(tmp_path),
        "FILES_DIR": str(settings.FILES_DIR),
        "PAGE_CACHE_DIR": str(settings.PAGE_CACHE_DIR),
        "SEARCH_INDEX_DIR": str(settings.SEARCH_INDEX_DIR),
    }
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(PROJECT_DIR / "manage.py"), *map(str, arguments)],
            cwd=PROJECT_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def database_url() -> str:
    """The address of the test database, as DATABASE_URL names it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password, host, name = (
        quote(str(database[part] or ""), safe="") for part in ("USER", "PASSWORD", "HOST", "NAME")
    )
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{user}:{password}@{host}{port}/{name}"
