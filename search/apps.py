"""The app that makes the content findable."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Listens to what changes in the publications. The label differs from Wagtail's own search app."""

    name = "search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from search import receivers  # noqa: F401
