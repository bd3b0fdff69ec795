"""Making one organisation of two."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from publications.errors import MergeError
from publications.merging.journal import journaled
from publications.merging.shared import close_merge, joined_lines, lock_both, take_over
from publications.models import (
    Contribution,
    ContributionAffiliation,
    EventPartner,
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
        _give_roles_at_events(kept, merged)
        take_over(kept, merged, "ror", "url", "city", "country", "description_en", "description_nl", "logo")
        kept.other_names = joined_lines(kept.other_names, [n for n in merged.all_names if n not in kept.all_names])
        kept.is_listed = kept.is_listed or merged.is_listed
        kept.is_partner = kept.is_partner or merged.is_partner
        close_merge(kept, merged, user=user)
        kept.save()
        announce(pids, sender=Organisation)
    return kept


def _give_roles_at_events(kept: Organisation, merged: Organisation) -> None:
    """Nobody is the same thing twice at one event."""
    same = EventPartner.objects.filter(organisation=kept, event=OuterRef("event"), role=OuterRef("role"))
    roles = EventPartner.objects.filter(organisation=merged)
    roles.filter(Exists(same)).delete()
    roles.update(organisation=kept)
