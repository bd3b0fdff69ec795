"""Fingerprints of titles and of the texts of files, kept so that near-same ones are found by an index."""

from collections.abc import Collection

from django.db import models

from publications.fingerprints import text_fingerprint, title_fingerprint
from publications.models.files import RecordFile
from publications.models.records import Record


class TitleFingerprint(models.Model):
    """One number of the fingerprint of a record's title."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="title_fingerprint")
    number = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["number", "record"], name="title_fingerprint_number")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.number}"


class TextFingerprint(models.Model):
    """One number of the fingerprint of the text of a file."""

    file = models.ForeignKey(RecordFile, models.CASCADE, related_name="text_fingerprint")
    number = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["number", "file"], name="text_fingerprint_number")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"


def draw_title(record: Record) -> None:
    """Keep the fingerprint of the title as it is now; called whenever a record is saved."""
    numbers = title_fingerprint(record.title_key)
    kept = TitleFingerprint.objects.filter(record_id=record.pk)
    if set(kept.values_list("number", flat=True)) != set(numbers):
        kept.delete()
        TitleFingerprint.objects.bulk_create(TitleFingerprint(record_id=record.pk, number=n) for n in numbers)


def draw_text(file: RecordFile, texts: Collection[str]) -> None:
    """Keep the fingerprint of the text of a file, given page by page; called whenever that was read."""
    TextFingerprint.objects.filter(file=file).delete()
    numbers = text_fingerprint("\n".join(texts))
    TextFingerprint.objects.bulk_create(TextFingerprint(file=file, number=n) for n in numbers)
