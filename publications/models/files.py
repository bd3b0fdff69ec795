"""A record's files and the text of their pages.

Files are kept as they came, outside the web root, and leave only through one view. They are not part of a record's
revisions: reading a file takes minutes, and publishing a draft made before must not undo it. A file's number is never
used twice in its record, so that a link to a page stays true: a file that is taken away keeps its row.
"""

from datetime import date
from pathlib import PurePath
from typing import Any, Self

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from publications import access
from publications.models.changes import announce
from publications.models.records import Record
from publications.suggestions import SuggestedMetadata
from publications.vocabularies import (
    LANGUAGES,
    AccessRight,
    FileStatus,
    Fixity,
    Licence,
    PageReason,
    PageStatus,
)

SEARCHABLE = (PageStatus.TEXT, PageStatus.RECOGNISED)
"""The states of a page whose words can be found."""


def deposits_storage() -> Storage:
    """Where deposited files are kept: never below the web root."""
    return storages["deposits"]


def storage_path(file: "RecordFile", name: str) -> str:
    """A path that says nothing and clashes with nothing; the name people see is in the row."""
    return f"{file.record.pid[:2]}/{file.record.pid}/{file.number}{PurePath(name).suffix.lower()[:10]}"


UNSENT = models.Q(
    record__deposit__isnull=False, record__deposit__sent_at=None, record__live=False, record__withdrawn_at=None
)
"""Files of work that is still with its depositor, who has never sent it."""


def is_unsent(record: Record) -> bool:
    """Whether a record is a deposit that its depositor has never sent: nobody else's business."""
    if record.live or record.withdrawn_at:
        return False
    deposit = getattr(record, "deposit", None)
    return deposit is not None and deposit.sent_at is None


class RecordFileQuerySet(models.QuerySet["RecordFile"]):
    """Filters that read as words."""

    def present(self) -> Self:
        """Not taken away."""
        return self.filter(removed_at=None)

    def told_to_editors(self) -> Self:
        """All but those of a deposit that was not sent yet, which are nobody else's."""
        return self.exclude(UNSENT)

    def unreadable(self) -> Self:
        """Whose text could not be had, or not all of it."""
        return self.present().exclude(status__in=[FileStatus.RECEIVED, FileStatus.READING, FileStatus.READY])

    def in_trouble(self) -> Self:
        """Not wholly searchable, or no longer as they came in. A blank page is no trouble."""
        troubled_page = FilePage.objects.filter(
            models.Q(reason=PageReason.GARBLED) | ~models.Q(status__in=SEARCHABLE), file=models.OuterRef("pk")
        ).exclude(reason=PageReason.BLANK)
        being_read = models.Q(status__in=[FileStatus.RECEIVED, FileStatus.READING])
        trouble = ~models.Q(status=FileStatus.READY) | models.Exists(troubled_page)
        lost = models.Q(fixity__in=[Fixity.CHANGED, Fixity.MISSING, Fixity.UNREADABLE])
        return self.present().filter((trouble & ~being_read) | lost)

    def withheld(self) -> Self:
        """Kept from readers until an editor has decided about what may be patient data."""
        return self.present().filter(open_findings__gt=0)

    def with_pages_waiting(self) -> Self:
        """Each with `pages_waiting`: how many of its pages await recognition."""
        return self.annotate(pages_waiting=models.Count("pages", filter=models.Q(pages__awaits_recognition=True)))

    def awaiting_recognition(self) -> Self:
        """With pages whose text should be recognised from their pictures."""
        return self.present().filter(pages__awaits_recognition=True).distinct()


class RecordFile(index.Indexed, models.Model):
    """One deposited file, and how far its reading has come."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="files", verbose_name=_("record"))
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    name = models.CharField(_("file name"), max_length=200)
    label = models.CharField(
        _("what it is"),
        max_length=200,
        blank=True,
        help_text=_("As shown: Article; Slides with speaker's notes."),
    )
    content = models.FileField(_("file"), upload_to=storage_path, storage=deposits_storage, max_length=200)
    media_type = models.CharField(max_length=100, editable=False)
    size_bytes = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    access_right = models.CharField(
        _("who may open it"),
        max_length=20,
        choices=AccessRight.choices,
        blank=True,
        help_text=_("Left empty: as the record says."),
    )
    rights = models.CharField(
        _("licence"),
        max_length=30,
        choices=Licence.choices,
        blank=True,
        help_text=_("Left empty: as the record says."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    status = models.CharField(
        _("state"),
        max_length=12,
        choices=FileStatus.choices,
        default=FileStatus.RECEIVED,
        editable=False,
    )
    message = models.CharField(max_length=500, blank=True, editable=False)
    """A sentence in English that says what to do, translated where it is shown."""
    detail = models.TextField(blank=True, editable=False)
    """What the reading program said, for editors."""
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    engine = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(max_length=3, choices=LANGUAGES, default="und", editable=False)
    page_count = models.PositiveIntegerField(null=True, editable=False)
    pages_read = models.PositiveIntegerField(default=0, editable=False)
    """Pages read so far, while being read; pages with text, once read."""
    read_at = models.DateTimeField(null=True, editable=False)
    recognised_at = models.DateTimeField(null=True, editable=False)
    """The last sign of life of whoever recognises the text of its pages."""
    outline = models.JSONField(default=list, blank=True, editable=False)
    """The titles of its parts: `title`, `page`, `level`."""
    attachments = models.JSONField(default=list, blank=True, editable=False)
    """The files inside it: `name`, `size_bytes`. They are listed, and never opened."""
    fixity = models.CharField(_("checksum"), max_length=12, choices=Fixity.choices, blank=True, editable=False)
    """What the last check of the bytes found; blank where none was made yet."""
    checked_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    open_findings = models.PositiveIntegerField(default=0, editable=False)
    """How many signs of patient data nobody has decided about; while there are any, no reader gets the file."""
    suggested = models.JSONField(default=dict, blank=True, editable=False)
    """What the file says of the work in it (`suggestion`), e-mail addresses among it: for editors and the depositor."""

    objects = RecordFileQuerySet.as_manager()

    search_fields = [
        index.SearchField("name"),
        index.SearchField("label"),
        index.AutocompleteField("name"),
        index.FilterField("status"),
        index.FilterField("record_id"),
    ]

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="unique_file_number"),
            models.UniqueConstraint(
                fields=["record", "name"],
                condition=models.Q(removed_at=None),
                name="unique_file_name",
                violation_error_message=_("The record already has a file of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            announce([self.record.pid], sender=type(self))

    def get_absolute_url(self) -> str:
        return reverse("publications:file", args=[self.record.pid, self.name])

    def page_url(self, number: int = 1) -> str:
        """Where page `number` of this file is read."""
        return reverse("read_page", args=[self.record.pid, self.number, number])

    @property
    def suggestion(self) -> SuggestedMetadata:
        """What is suggested for the record by what stands in the file."""
        return SuggestedMetadata.from_json(self.suggested)

    @property
    def is_withheld(self) -> bool:
        """Whether it is kept from readers, as it may hold patient data and no editor has decided about that yet."""
        return bool(self.open_findings)

    @property
    def has_pages(self) -> bool:
        """Whether its pages can be read one by one."""
        return bool(self.page_count)

    @property
    def has_page_images(self) -> bool:
        """Whether its pages can be looked at: an office file's are words only, as nothing here draws them."""
        return self.media_type == "application/pdf" and bool(self.page_count)

    @property
    def extension(self) -> str:
        """ "PDF", "PPTX": what people call this kind of file."""
        return PurePath(self.name).suffix.lstrip(".").upper()

    @property
    def kind(self) -> str:
        """ "slide" where its pages are slides, else "page"."""
        return "slide" if self.record.resource_type == "slides" or self.extension in ("PPTX", "ODP") else "page"

    @property
    def effective_access_right(self) -> str:
        """The file's own access right, or its record's."""
        return self.access_right or self.record.access_right

    @property
    def effective_rights(self) -> str:
        """The file's own licence, or its record's."""
        return self.rights or self.record.rights

    @property
    def readership(self) -> access.Readership:
        """Who may open the file: of a deposit that was not sent yet its depositor alone.

        Editors and the depositor where its record is not live, or the file is withheld.
        """
        record = self.record
        if is_unsent(record):
            return access.Readership(frozenset({f"user:{record.owner_id}"}))
        if not record.live or self.removed_at or self.is_withheld:
            return access.audiences_of(AccessRight.METADATA_ONLY, owner_id=record.owner_id)
        if not self.access_right:
            return record.readership
        is_restricted = self.access_right == AccessRight.RESTRICTED
        return access.audiences_of(
            self.access_right,
            available=record.available,
            owner_id=record.owner_id,
            group_ids=[group.pk for group in record.restricted_groups.all()] if is_restricted else (),
            user_ids=[user.pk for user in record.restricted_users.all()] if is_restricted else (),
        )

    def access_status(self, *, today: date) -> AccessRight:
        """The access right in force for this file today. Of a file that is withheld nobody is told why."""
        if self.is_withheld:
            return AccessRight.METADATA_ONLY
        return access.access_status(self.effective_access_right, self.record.available, today=today)


class FilePage(models.Model):
    """One page or slide of a file, with the text that was read from it."""

    file = models.ForeignKey(RecordFile, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=PageStatus.choices)
    text = models.TextField(blank=True)
    """Cleaned: accents composed, hyphens joined, running headers taken out."""
    running = models.TextField(blank=True)
    """Running headers and page numbers, one on each line."""
    notes = models.TextField(blank=True)
    """A slide's notes; the annotations and filled-in form fields of a PDF's page."""
    raw_words = models.TextField(blank=True)
    """Words as the file has them where cleaning changed them: searched, never shown."""
    reason = models.CharField(max_length=20, choices=PageReason.choices, blank=True)
    """Why it cannot be searched, or not as well as others."""
    awaits_recognition = models.BooleanField(default=False, db_index=True)
    """Whether its text should be recognised from its picture."""
    recognition_tries = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=3, default="und")
    width = models.FloatField(default=0)
    """In points, as shown (after rotation)."""
    height = models.FloatField(default=0)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="unique_page_of_file")]

    def __str__(self) -> str:
        return f"{self.file}, {self.number}"

    @property
    def is_searchable(self) -> bool:
        """Whether its words can be found."""
        return self.status in SEARCHABLE

    @property
    def whole_text(self) -> str:
        """Text and notes: what is searched and quoted."""
        return "\n\n".join(filter(None, [self.text.strip(), self.notes.strip()]))


class RecognisedWords(models.Model):
    """Where the words of a recognised page stand on its picture: apart from the page, which is read far oftener."""

    page = models.OneToOneField(FilePage, models.CASCADE, primary_key=True, related_name="recognised_words")
    lines = models.JSONField(default=list)
    """As `ingest/ocr.py` tells them, without e-mail addresses."""

    def __str__(self) -> str:
        return str(self.page)
