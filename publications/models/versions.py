"""Versions of one work: records that follow each other in a chain.

A chain stands outside revisions, as files do: publishing an older draft must not take a record out of it. Of the live
records of a chain the last is the newest version, and the others are superseded; what is not live is not told to
readers at all. So whatever goes live, goes offline or goes away changes what its neighbours are.
"""

from collections.abc import Sequence

from django.db import models

from publications.models.changes import announce
from publications.models.records import Record


class VersionChain(models.Model):
    """The versions of one work. Its page is reached from each of them."""

    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pk}"

    def arrange(self, records: Sequence[Record]) -> None:
        """Make these records its versions, the oldest first."""
        RecordVersion.objects.filter(models.Q(chain=self) | models.Q(record__in=records)).delete()
        RecordVersion.objects.bulk_create(
            RecordVersion(record_id=record.pk, chain=self, number=number)
            for number, record in enumerate(records, start=1)
        )
        self.settle()

    def settle(self) -> None:
        """Find out which versions are superseded, and say so of those for which that changed.

        A version that is left alone is none any more, and its chain is gone.
        """
        # Two versions that go live at once: the second to come here sees both.
        VersionChain.objects.select_for_update().filter(pk=self.pk).first()
        places = list(self.places.select_related("record").order_by("number"))
        if len(places) < 2:
            announce([place.record.pid for place in places if place.is_superseded], sender=RecordVersion)
            self.delete()
            return
        live = [place for place in places if place.record.live]
        changed = [place for place in places if place.is_superseded != (place in live[:-1])]
        for place in changed:
            place.is_superseded = not place.is_superseded
        RecordVersion.objects.bulk_update(changed, ["is_superseded"])
        announce([place.record.pid for place in changed], sender=RecordVersion)


class RecordVersion(models.Model):
    """The place of a record among the versions of its work."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="version")
    chain = models.ForeignKey(VersionChain, models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    """Orders the chain, the oldest first. Not shown: a gap would tell of a draft."""
    is_superseded = models.BooleanField(default=False)
    """Whether it is live and a later version is too. Follows from the chain: see `VersionChain.settle`."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="unique_place_in_chain")]

    def __str__(self) -> str:
        return f"{self.record}, {self.number}"


def chain_of(record: Record) -> VersionChain | None:
    """The chain that a saved record is in."""
    return VersionChain.objects.filter(places__record_id=record.pk).first() if record.pk else None


def listed(prefix: str = "") -> models.Q:
    """A condition: the record is live, and no later version of its work is. `prefix`: the way there, "record__"."""
    is_newest = models.Q(**{f"{prefix}version": None}) | models.Q(**{f"{prefix}version__is_superseded": False})
    return models.Q(**{f"{prefix}live": True}) & is_newest
