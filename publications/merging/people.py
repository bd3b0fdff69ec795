"""Making one person of two."""

from django.db import transaction
from django.utils.translation import gettext as _

from publications.errors import MergeError
from publications.merging.journal import journaled
from publications.merging.shared import close_merge, joined_lines, lock_both, take_over
from publications.models import Collection, Contribution, EventSpeaker, Person, PersonAffiliation, ProfileClaim, User
from publications.models.changes import announce

FILLED_FROM_THE_OTHER = (
    *("orcid", "position_en", "position_nl", "biography_en", "biography_nl", "help_en", "help_nl"),
    *("roles", "languages", "photo"),
)
SHOWN_BY_CHOICE = ("shows_photo", "shows_about", "shows_help", "shows_languages", "shows_affiliations")


@journaled
def merge_people(kept: Person, merged: Person, *, user: User | None = None) -> Person:
    """Make one person of two: works, employers, account and names of `merged` go to `kept`, its address leads there.

    Consent is not inherited: whoever may be asked questions agreed to it under the address that is kept.
    Raises MergeError where the two cannot become one.
    """
    with transaction.atomic():
        kept, merged = lock_both(kept, merged)
        if kept.orcid and merged.orcid and kept.orcid != merged.orcid:
            raise MergeError(_("These two have different ORCID iDs. Correct the wrong one before you merge them."))
        if kept.user_id and merged.user_id:
            raise MergeError(_("Both have an account of their own. Take one account away before you merge them."))
        pids = list(merged.affected_pids())
        for model in (Contribution, EventSpeaker):
            model._default_manager.filter(person=merged).update(person=kept)
        _move_employers(kept, merged)
        curated = Collection.curators.through.objects.filter(person=merged)
        curated.exclude(collection__curators=kept).update(person=kept)
        curated.filter(collection__curators=kept).delete()
        take_over(kept, merged, *FILLED_FROM_THE_OTHER)
        for shown in SHOWN_BY_CHOICE:  # what either of them hid stays hidden
            setattr(kept, shown, getattr(kept, shown) and getattr(merged, shown))
        ProfileClaim.objects.filter(person=merged).update(person=kept)
        if not kept.email:
            kept.email, kept.has_consented = merged.email, merged.has_consented
        kept.other_names = joined_lines(kept.other_names, [n for n in merged.all_names if n != kept.name])
        kept.is_listed = kept.is_listed or merged.is_listed
        account, merged.user = merged.user, None
        close_merge(kept, merged, user=user)
        kept.user = kept.user or account
        kept.save()
        announce(pids, sender=Person)
    return kept


def _move_employers(kept: Person, merged: Person) -> None:
    known = set(kept.affiliations.values_list("organisation_id", "department", "start_year", "end_year"))
    for affiliation in PersonAffiliation.objects.filter(person=merged):
        facts = (affiliation.organisation_id, affiliation.department, affiliation.start_year, affiliation.end_year)
        if facts in known:
            affiliation.delete()
        else:
            PersonAffiliation.objects.filter(pk=affiliation.pk).update(person=kept)
