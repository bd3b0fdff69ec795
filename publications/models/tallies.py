"""Counting what strangers ask of the hub, for limits and for nothing else."""

from django.db import models


class DailyTally(models.Model):
    """How often somebody did one thing on one day. Who it was is a digest that cannot be linked to another day."""

    digest = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "day"], name="one_tally_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
