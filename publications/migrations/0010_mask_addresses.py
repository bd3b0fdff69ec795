"""E-mail addresses in texts that were read before: masked, as in those that are read now."""

from django.db import migrations
from django.db.models import Q

from publications.ingest.addresses import mask_addresses, mask_suggestion
from publications.suggestions import SuggestedMetadata

TEXTS = ("text", "running", "notes", "raw_words")
BATCH = 200


def mask(apps, schema_editor):
    """In the texts of pages, and in what files suggest. The index is made anew by this version."""
    condition = Q()
    for name in TEXTS:
        condition |= Q(**{f"{name}__contains": "@"}) | Q(**{f"{name}__iregex": r"[(\[]\s?at\s?[)\]]"})
    for page in apps.get_model("publications", "FilePage").objects.filter(condition).iterator(BATCH):
        for name in TEXTS:
            setattr(page, name, mask_addresses(getattr(page, name)))
        page.save(update_fields=TEXTS)
    for file in apps.get_model("publications", "RecordFile").objects.exclude(suggested={}).iterator(BATCH):
        file.suggested = mask_suggestion(SuggestedMetadata.from_json(file.suggested)).to_json()
        file.outline = [part | {"title": mask_addresses(part["title"])} for part in file.outline]
        file.save(update_fields=["suggested", "outline"])


class Migration(migrations.Migration):
    dependencies = [("publications", "0009_deposits")]
    operations = [migrations.RunPython(mask, migrations.RunPython.noop)]
