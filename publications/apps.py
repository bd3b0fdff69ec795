"""The app that holds the content: records, people, organisations, topics, events, collections and pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationsConfig(AppConfig):
    """Names the app, mends Django where it fails on SQLite, and gives the groups their rights after each migrate."""

    name = "publications"
    verbose_name = _("Publications")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from publications.accounts import create_groups
        from publications.models.prefetching import mend_prefetching
        from publications.sign_in import verified  # noqa: F401 - listens for ORCID iDs

        mend_prefetching()
        post_migrate.connect(create_groups, sender=self)
        self.follow_deposits()

    def follow_deposits(self) -> None:
        """Have deposits hear of what becomes of them."""
        from wagtail.signals import published, workflow_rejected

        from publications.deposit import receivers
        from publications.signals import file_ingested

        published.connect(receivers.on_published, dispatch_uid="deposit_published")
        workflow_rejected.connect(receivers.on_rejected, dispatch_uid="deposit_rejected")
        file_ingested.connect(receivers.on_ingested, dispatch_uid="deposit_read")
