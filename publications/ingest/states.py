"""What is known of a file as a whole, worked out from its pages. Reading and text recognition both end here."""

from django.utils.translation import gettext_noop

from publications.ingest.language import UNKNOWN
from publications.models import Record, RecordFile
from publications.models.files import SEARCHABLE
from publications.vocabularies import LANGUAGES, FileStatus

NO_WORDS_AT_ALL = gettext_noop(
    "No words were found in this file, not even in the pictures of its pages. It is found by its description only."
)


def refresh_file(file_id: int) -> None:
    """Count the pages that can be searched, and call a scan read once it has any. Says that the record changed."""
    file = RecordFile.objects.select_for_update().get(pk=file_id)
    file.pages_read = file.pages.filter(status__in=SEARCHABLE).count()
    if file.status == FileStatus.NO_TEXT:
        if file.pages_read:
            file.status, file.message = FileStatus.READY, ""
        elif not file.pages.filter(awaits_recognition=True).exists():
            file.message = NO_WORDS_AT_ALL
    file.save()


def fill_language(record: Record, language: str) -> None:
    """A record whose language nobody knows is in that of its file, in its draft as well."""
    if record.language != UNKNOWN or language == UNKNOWN or language not in dict(LANGUAGES):
        return
    Record.objects.filter(pk=record.pk, language=UNKNOWN).update(language=language)
    revision = record.latest_revision
    if revision and revision.content.get("language") == UNKNOWN:
        revision.content["language"] = language
        revision.save(update_fields=["content"])
