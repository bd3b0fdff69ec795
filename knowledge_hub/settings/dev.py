"""For working on the code: DEBUG, templates and static files as they are on disk, mail on the console."""

from knowledge_hub.settings.base import *  # noqa: F403
from knowledge_hub.settings.base import STORAGES

DEBUG = True
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
