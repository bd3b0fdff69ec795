"""Organisations at events with a role, and the matches that were made there; what was is kept aside for the next one."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0026_watched_links"),
    ]

    operations = [
        migrations.RenameField("event", "partners", "former_partners"),
        migrations.AlterField(
            "event",
            "former_partners",
            modelcluster.fields.ParentalManyToManyField(blank=True, related_name="+", to="publications.organisation"),
        ),
        migrations.AddField(
            "event",
            "matches",
            models.PositiveIntegerField(
                blank=True,
                help_text="How many of those who met there went on together. Shown only with the consent below.",
                null=True,
                verbose_name="matches made",
            ),
        ),
        migrations.AddField(
            "event",
            "matches_consent",
            models.CharField(
                blank=True,
                help_text="Such as: asked on the form of registration. Without it the number is shown to nobody.",
                max_length=200,
                verbose_name="how they agreed to be counted",
            ),
        ),
        migrations.CreateModel(
            name="EventPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("organiser", "Organiser"),
                            ("host", "Host"),
                            ("partner", "Partner"),
                            ("sponsor", "Sponsor"),
                        ],
                        default="partner",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "event",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="partners", to="publications.event"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="event_roles",
                        to="publications.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation at an event",
                "verbose_name_plural": "organisations at events",
                "ordering": ["sort_order", "pk"],
            },
        ),
    ]
