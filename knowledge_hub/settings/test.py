"""For the test suite: folders of its own (see tests/conftest.py), fast password hashes."""

import tempfile
from pathlib import Path

from knowledge_hub.settings.base import *  # noqa: F403
from knowledge_hub.settings.base import DATABASES, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105
OWN_FOLDER = tempfile.TemporaryDirectory(prefix="knowledge-hub-tests-")  # gone with the process
TEST_VAR_DIR = Path(OWN_FOLDER.name)
FILES_DIR = TEST_VAR_DIR / "files"
MEDIA_ROOT = TEST_VAR_DIR / "media"
PAGE_CACHE_DIR = TEST_VAR_DIR / "pages"
SEARCH_INDEX_DIR = TEST_VAR_DIR / "index"
BASE_URL = "http://testserver"
WAGTAILADMIN_BASE_URL = BASE_URL
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "deposits": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR, "base_url": None},
    },
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOOKUPS_ENABLED = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: workers in processes of their own must see it.
    DATABASES["default"]["TEST"]["NAME"] = str(TEST_VAR_DIR / "test.sqlite3")
