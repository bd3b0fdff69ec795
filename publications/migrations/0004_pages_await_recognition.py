from django.db import migrations


def await_recognition(apps, schema_editor):
    """Pages of PDFs that were found without text before it could be recognised."""
    pages = apps.get_model("publications", "FilePage").objects.filter(status="no_text")
    files = apps.get_model("publications", "RecordFile").objects.filter(media_type="application/pdf")
    pages.filter(file__in=files).update(reason="no_words", awaits_recognition=True)


class Migration(migrations.Migration):
    dependencies = [("publications", "0003_page_notes_recognition_and_fixity")]

    operations = [migrations.RunPython(await_recognition, migrations.RunPython.noop)]
