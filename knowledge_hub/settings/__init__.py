"""Settings: base.py runs a working site with no environment at all, production.py demands its secrets.

DJANGO_SETTINGS_MODULE names one of base (through this package, the default), dev, test or production.
"""

from knowledge_hub.settings.base import *  # noqa: F403
