"""What a deposit becomes when it goes live: its authors are people of the hub now, new ones where nobody fits.

Until then nobody new is made: a person's page would tell strangers of a draft. Every way of publishing ends here, the
depositor's, the editor's and the calendar's, as Wagtail tells of each.
"""

from collections.abc import Collection

from django.db import transaction

from publications.deposit.known import NOBODY
from publications.metadata import Affiliation, Agent
from publications.models import Contribution, Deposit, Record
from publications.people import OrganisationMatcher, PersonMatcher

Name = tuple[str, str]


def settle(record: Record, *, newcomers: Collection[Name] = ()) -> bool:
    """Link the contributors of a live record to people and organisations; says whether anything changed.

    newcomers: given and family names of whom the depositor said that they are nobody known.
    """
    rows = list(record.contributions.all())
    if not any(is_unsettled(row) for row in rows):
        return False
    with transaction.atomic():
        _link(record, rows, newcomers=newcomers)
        record.contributions = rows
        record.save()
        revision = record.save_revision(clean=False, changed=False)
        Record.objects.filter(pk=record.pk).update(live_revision=revision, has_unpublished_changes=False)
    return True


def is_unsettled(row: Contribution) -> bool:
    """Whether nobody of the hub stands behind this line yet."""
    return row.organisation_id is None if row.is_organisation else row.person_id is None


def _link(record: Record, rows: list[Contribution], *, newcomers: Collection[Name]) -> None:
    people, organisations = PersonMatcher(), OrganisationMatcher()
    companions = {row.person_id for row in rows if row.person_id}.union(
        *(people.may_be(agent_of(row)) for row in rows if not row.is_organisation)
    )
    for row in rows:
        affiliations = list(row.affiliations.all())
        for affiliation in affiliations:
            affiliation.organisation_id = affiliation.organisation_id or organisations.find_or_create(
                Affiliation(affiliation.name), language=record.language
            )
        row.affiliations = affiliations
        if not is_unsettled(row):
            continue
        if row.is_organisation:
            row.organisation_id = organisations.find_or_create(
                Affiliation(row.family_name), language=record.language, is_whole_name=True
            )
            continue
        taken = {other.person_id for other in rows if other.person_id and other.role == row.role}
        agent = agent_of(row)
        employers = {one.organisation_id for one in affiliations if one.organisation_id}
        is_new = (row.given_name, row.family_name) in newcomers
        row.person_id = (
            people.create(agent)
            if is_new
            else people.find_or_create(
                agent,
                organisation_ids=set(filter(organisations.is_established, employers)),
                taken=taken,
                companions=companions,
            )
        )


def agent_of(row: Contribution) -> Agent:
    """Who stands on this line of the author list, by name."""
    return Agent(family_name=row.family_name, given_name=row.given_name)


def newcomers_of(deposit: Deposit) -> set[Name]:
    """Those of whom the depositor said that they are nobody known."""
    rows = deposit.answers.get("authors", [])
    return {(row.get("given_name", ""), row.get("family_name", "")) for row in rows if row.get("person") == NOBODY}
