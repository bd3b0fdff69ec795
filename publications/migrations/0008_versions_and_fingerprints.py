"""Tables for versions and fingerprints, and what fills them from what a hub holds already."""

from graphlib import CycleError, TopologicalSorter

import django.db.models.deletion
from django.db import migrations, models

from publications.fingerprints import text_fingerprint, title_fingerprint

BATCH = 500


def draw_fingerprints(apps, schema_editor):
    """Of all titles, and of the texts of all files."""
    Record, TitleFingerprint = (
        apps.get_model("publications", "Record"),
        apps.get_model("publications", "TitleFingerprint"),
    )
    for pk, title_key in Record.objects.order_by("pk").values_list("pk", "title_key").iterator(BATCH):
        TitleFingerprint.objects.bulk_create(
            TitleFingerprint(record_id=pk, number=number) for number in title_fingerprint(title_key)
        )
    RecordFile, TextFingerprint = (
        apps.get_model("publications", "RecordFile"),
        apps.get_model("publications", "TextFingerprint"),
    )
    for file in RecordFile.objects.order_by("pk").only("pk").iterator(BATCH):
        text = "\n".join(file.pages.order_by("number").values_list("text", flat=True))
        TextFingerprint.objects.bulk_create(
            TextFingerprint(file_id=file.pk, number=number) for number in text_fingerprint(text)
        )


def chain_stated_versions(apps, schema_editor):
    """Records that were said to be versions of each other stand in a row; what cannot be a row stays as it was said."""
    RelatedIdentifier = apps.get_model("publications", "RelatedIdentifier")
    stated = RelatedIdentifier.objects.exclude(related_record=None).filter(
        relation_type__in=["IsNewVersionOf", "IsPreviousVersionOf"],
        record__record_type=models.F("related_record__record_type"),
    )
    before = {}
    for row in stated.order_by("pk"):
        newer, older = row.record_id, row.related_record_id
        if row.relation_type == "IsPreviousVersionOf":
            newer, older = older, newer
        before.setdefault(newer, set()).add(older)
        before.setdefault(older, set())
    for works in _connected(before):
        _make_chain(apps, _ordered({pk: before[pk] for pk in works}))
    stated.delete()


def _connected(before):
    """The groups of records that are connected."""
    groups = {pk: {pk} for pk in before}
    for newer, olders in before.items():
        for older in olders:
            joined = groups[newer] | groups[older]
            groups.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in groups.values()}.values())


def _ordered(before):
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError:
        return sorted(before)


def _make_chain(apps, pks):
    VersionChain, RecordVersion = (
        apps.get_model("publications", "VersionChain"),
        apps.get_model("publications", "RecordVersion"),
    )
    live = set(
        apps.get_model("publications", "Record").objects.filter(pk__in=pks, live=True).values_list("pk", flat=True)
    )
    newest = [pk for pk in pks if pk in live][-1:]
    chain = VersionChain.objects.create()
    RecordVersion.objects.bulk_create(
        RecordVersion(record_id=pk, chain=chain, number=number, is_superseded=pk in live and pk not in newest)
        for number, pk in enumerate(pks, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0007_api_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="VersionChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AlterField(
            model_name="publication",
            name="arxiv",
            field=models.CharField(blank=True, db_index=True, max_length=20, verbose_name="arXiv id"),
        ),
        migrations.AlterField(
            model_name="publication",
            name="isbn",
            field=models.CharField(blank=True, db_index=True, max_length=20, verbose_name="ISBN"),
        ),
        migrations.AlterField(
            model_name="publication",
            name="pmid",
            field=models.CharField(blank=True, db_index=True, max_length=20, verbose_name="PubMed id"),
        ),
        migrations.AlterField(
            model_name="record",
            name="doi",
            field=models.CharField(blank=True, db_index=True, max_length=255, verbose_name="DOI"),
        ),
        migrations.CreateModel(
            name="TextFingerprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_fingerprint",
                        to="publications.recordfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["number", "file"], name="text_fingerprint_number")],
            },
        ),
        migrations.CreateModel(
            name="TitleFingerprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="title_fingerprint",
                        to="publications.record",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["number", "record"], name="title_fingerprint_number")],
            },
        ),
        migrations.CreateModel(
            name="RecordVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("is_superseded", models.BooleanField(default=False)),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="version", to="publications.record"
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="publications.versionchain",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("chain", "number"), name="unique_place_in_chain")],
            },
        ),
        migrations.RunPython(draw_fingerprints, migrations.RunPython.noop),
        migrations.RunPython(chain_stated_versions, migrations.RunPython.noop),
    ]
