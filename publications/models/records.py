"""Records: publications, presentations and event outcomes, with what all of them share.

`Record` is a concrete base with a table of its own; each kind adds the few fields that only it has. Records are
Wagtail snippets with drafts, revisions, locking, preview and a review workflow. Their files are not part of a
revision: see files.py.
"""

import re
import unicodedata
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from publications import access
from publications.errors import InvalidIdentifier, PublishingBlocked
from publications.identifiers import make_pid, parse_doi
from publications.metadata import parse_partial_date
from publications.models.changes import announce
from publications.vocabularies import (
    LANGUAGES,
    AccessRight,
    ContributorRole,
    Licence,
    RecordType,
    ResourceType,
)

SCHEDULED = "wagtail.publish.scheduled"
"""How Wagtail calls a publication whose day has come."""
PUBLISHING_BLOCKED = gettext_noop(
    "This record cannot be published yet: a file of it may hold patient data. Open the tab “Files”, look at what was "
    "found, and take the file away, replace it, or say why it may be published."
)


def make_title_key(title: str) -> str:
    """The title without case, accents and punctuation: titles of one work share it, however they are typed."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))[:255]


class RecordQuerySet(models.QuerySet["Record"]):
    """Filters that read as words."""

    def live(self) -> Self:
        """Published: what the public may know of."""
        return self.filter(live=True)

    def told_to_editors(self) -> Self:
        """All but what a depositor has not sent yet, which is nobody else's."""
        return self.exclude(deposit__isnull=False, deposit__sent_at=None, live=False, withdrawn_at=None)

    def open_access(self, *, today: date) -> Self:
        """Whose files everybody may open today."""
        return self.filter(
            models.Q(access_right=AccessRight.OPEN) | models.Q(access_right=AccessRight.EMBARGOED, available__lte=today)
        )

    def listed(self) -> Self:
        """Live, and of the versions of a work only the newest: what lists show and count."""
        from publications.models.versions import listed

        return self.filter(listed())

    def newest_first(self) -> Self:
        """By the day the record went live."""
        return self.order_by("-first_published_at", "-pk")

    def for_listing(self) -> Self:
        """With what a list of records shows, in a fixed number of queries."""
        own_row = self.select_related("event", "publication", "presentation", "eventoutcome", "version")
        return own_row.prefetch_related(
            "contributions__person",
            "contributions__organisation",
            "tagged_topics__tag",
            "files",
            "restricted_groups",
            "restricted_users",
        )


class Record(
    index.Indexed,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    ClusterableModel,
):
    """What all records share. A live record's metadata are public; `readership` says who may open its files."""

    kind: RecordType
    resource_types: tuple[ResourceType, ...] = ()

    pid = models.CharField(_("identifier"), max_length=8, unique=True, default=make_pid, editable=False)
    record_type = models.CharField(max_length=20, choices=RecordType.choices, editable=False, db_index=True)
    resource_type = models.CharField(_("type"), max_length=20, choices=ResourceType.choices)
    title = models.CharField(_("title"), max_length=1000)
    title_key = models.CharField(max_length=255, editable=False, db_index=True)
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="und")
    translated_title = models.CharField(
        _("title in the other language"),
        max_length=1000,
        blank=True,
        help_text=_("In English for a Dutch record, in Dutch for an English one."),
    )
    abstract = models.TextField(_("abstract"), blank=True)
    translated_abstract = models.TextField(_("abstract in the other language"), blank=True)
    issued = models.CharField(
        _("date of publication"),
        max_length=10,
        blank=True,
        help_text=_("As precise as known: 2019, 2019-06 or 2019-06-17."),
    )
    year = models.SmallIntegerField(editable=False, null=True, db_index=True)
    publisher = models.CharField(_("publisher"), max_length=255, blank=True)
    doi = models.CharField(_("DOI"), max_length=255, blank=True, db_index=True)
    url = models.URLField(_("address elsewhere"), max_length=500, blank=True)
    topics = ClusterTaggableManager(through="publications.TaggedRecord", blank=True, verbose_name=_("topics"))
    event = models.ForeignKey(
        "publications.Event",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("event"),
    )

    access_right = models.CharField(
        _("who may open the files"),
        max_length=20,
        choices=AccessRight.choices,
        default=AccessRight.OPEN,
    )
    available = models.DateField(_("opens on"), null=True, blank=True, help_text=_("The day the embargo ends."))
    restricted_groups = ParentalManyToManyField(
        Group, blank=True, related_name="+", verbose_name=_("groups that may open them")
    )
    restricted_users = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("people who may open them"),
    )
    rights = models.CharField(_("licence"), max_length=30, choices=Licence.choices, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("depositor"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    """Since then its page is a tombstone: the citation, and why the rest is gone."""
    withdrawal_reason = models.TextField(blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("subtitle"),
        index.SearchField("pid"),
        index.SearchField("doi"),
        index.AutocompleteField("title"),
        index.AutocompleteField("pid"),
        index.FilterField("live"),
        index.FilterField("record_type"),
        index.FilterField("access_right"),
        index.FilterField("year"),
    ]

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["-first_published_at", "-pk"]
        permissions = [
            ("read_members_files", "Can read the files for members"),
            ("read_all_files", "Can read every file"),
            ("deposit_records", "Can bring in work"),
            ("publish_own_deposits", "Can publish their own deposits without review"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["doi"],
                condition=~models.Q(doi=""),
                name="unique_doi",
                violation_error_message=_("Another record has this DOI."),
            ),
            models.CheckConstraint(
                condition=~models.Q(access_right=AccessRight.EMBARGOED) | models.Q(available__isnull=False),
                name="embargo_has_a_date",
                violation_error_message=_("Give the day on which the embargo ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._derive()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.issued:
            try:
                parse_partial_date(self.issued)
            except ValueError as error:
                errors["issued"] = str(error)
        for name, parse in self._identifier_parsers().items():
            if value := getattr(self, name):
                try:
                    setattr(self, name, parse(value))
                except InvalidIdentifier as error:
                    errors[name] = str(error)
        if self.access_right == AccessRight.EMBARGOED and not self.available:
            errors["available"] = _("Give the day on which the embargo ends.")
        if errors:
            raise ValidationError(errors)

    def _identifier_parsers(self) -> dict[str, Any]:
        return {"doi": parse_doi}

    def _derive(self) -> None:
        """Set the columns that follow from others."""
        if hasattr(self, "kind"):
            self.record_type = self.kind
        self.title_key = make_title_key(self.title)
        try:
            self.year = parse_partial_date(self.issued)[0] if self.issued else None
        except ValueError:
            self.year = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row with its children, and announce it in the same transaction.

        Wagtail's own `published` comes after the commit in CMS and scheduled publishing, where a crash in between
        would lose the change.
        """
        from publications.models.fingerprints import draw_title
        from publications.models.versions import chain_of

        self._derive()
        with transaction.atomic():
            super().save(*args, **kwargs)
            draw_title(self)
            announce([self.pid], sender=type(self))
            if chain := chain_of(self):
                chain.settle()

    def publish(self, revision: Any, user: Any = None, *args: Any, log_action: Any = True, **kwargs: Any) -> Any:
        """Publish or schedule a revision, unless a file may hold patient data. All ways of publishing end here.

        Raises PublishingBlocked; when a scheduled day has come, nobody is there to hear it: the schedule is called off.
        """
        if not self.files.filter(removed_at=None, open_findings__gt=0).exists():
            return super().publish(revision, user, *args, log_action=log_action, **kwargs)
        if log_action != SCHEDULED:
            raise PublishingBlocked(PUBLISHING_BLOCKED)
        revision.approved_go_live_at = None
        # Wagtail notes in the history that the schedule was cancelled where exactly this field is saved.
        revision.save(update_fields=["approved_go_live_at"])
        return None

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        from publications.models.versions import chain_of

        with transaction.atomic():
            announce([self.pid], sender=type(self))
            chain = chain_of(self)
            deleted = super().delete(*args, **kwargs)
            if chain:
                chain.settle()
            return deleted

    def get_absolute_url(self) -> str:
        return reverse("publications:record", args=[self.pid])

    @property
    def full_url(self) -> str:
        """The address that lasts, without a language: "https://hub.example/records/k7f2mq0x"."""
        return f"{settings.BASE_URL}/records/{self.pid}"

    def specific(self) -> "Record":
        """The publication, presentation or event outcome that this record is."""
        return getattr(self, self.record_type.replace("_", "")) if type(self) is Record else self

    @property
    def snippet_viewset(self) -> Any:
        """Where the CMS edits this record. Wagtail asks the base record, in mails and reports of a review."""
        return self.specific().snippet_viewset

    @property
    def translation_language(self) -> str:
        """The language of the translated title and abstract."""
        return "nl" if self.language == "en" else "en"

    @property
    def creators(self) -> "list[Any]":
        """The authors' contributions, in order; no query where contributions were prefetched."""
        return [c for c in self.contributions.all() if c.role == ContributorRole.CREATOR]

    @property
    def contributors(self) -> "list[Any]":
        """The other contributions, in order."""
        return [c for c in self.contributions.all() if c.role != ContributorRole.CREATOR]

    def access_status(self, *, today: date) -> AccessRight:
        """The access right in force today."""
        return access.access_status(self.access_right, self.available, today=today)

    @property
    def readership(self) -> access.Readership:
        """Who may open the record's files."""
        is_restricted = self.access_right == AccessRight.RESTRICTED
        return access.audiences_of(
            self.access_right,
            available=self.available,
            owner_id=self.owner_id,
            group_ids=[group.pk for group in self.restricted_groups.all()] if is_restricted else (),
            user_ids=[user.pk for user in self.restricted_users.all()] if is_restricted else (),
        )

    def with_content_json(self, content: dict[str, Any]) -> "Record":
        """The record as a revision has it, with what was merged since replaced by what it became."""
        from publications.models.merges import follow_merges

        record = super().with_content_json(content)
        follow_merges(record)
        rows = list(record.related_identifiers.all())
        if stated := [row for row in rows if row.states_a_version]:
            record.related_identifiers = [row for row in rows if row not in stated]
        return record

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "publications/record.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from publications.views.records import record_context

        return record_context(self, user=request.user)
