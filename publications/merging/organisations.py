"""Making one organisation of two."""

from django.db import transaction
from django.utils.translation import gettext as _

from publications.errors import MergeError
from publications.merging.journal import journaled
from publications.merging.shared import close_merge, joined_lines, lock_both, take_over
from publications.models import (
    Contribution,
    ContributionAffiliation,
    Event,
    EventSpeaker,
    Organisation,
    PersonAffiliation,
    User,
)
from publications.models.changes import announce


@journaled
def merge_organisations(kept: Organisation, merged: Organisation, *, user: User | None = None) -> Organisation:
    """Make one organisation of two: people, works, events and names of `merged` go to `kept`, its address leads there.

    Raises MergeError where the two cannot become one.
    """
    with transaction.atomic():
        kept, merged = lock_both(kept, merged)
        if kept.ror and merged.ror and kept.ror != merged.ror:
            raise MergeError(_("These two have different ROR ids. Correct the wrong one before you merge them."))
        pids = list(merged.affected_pids())
        for model in (Contribution, ContributionAffiliation, PersonAffiliation, EventSpeaker):
            model.objects.filter(organisation=merged).update(organisation=kept)
        partners = Event.partners.through.objects.filter(organisation=merged)
        partners.exclude(event__partners=kept).update(organisation=kept)
        partners.filter(event__partners=kept).delete()
        take_over(kept, merged, "ror", "url", "city", "country", "description_en", "description_nl", "logo")
        kept.other_names = joined_lines(kept.other_names, [n for n in merged.all_names if n not in kept.all_names])
        kept.is_listed = kept.is_listed or merged.is_listed
        kept.is_partner = kept.is_partner or merged.is_partner
        close_merge(kept, merged, user=user)
        kept.save()
        announce(pids, sender=Organisation)
    return kept
