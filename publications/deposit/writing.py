"""Answers as a record: in memory for a preview, or written when they are sent."""

from dataclasses import replace
from typing import Any

from publications.deposit.answers import Answers, event_of, to_metadata
from publications.deposit.forms import restricted_to
from publications.deposit.known import known_matchers
from publications.models import Deposit, Funder, FundingReference, Record
from publications.records.kinds import as_kind
from publications.records.writing import apply_relations, set_fields
from publications.vocabularies import AccessRight, ResourceType


def record_of(deposit: Deposit, answers: Answers) -> Record:
    """The deposit's record as these answers have it, of the kind that they name; nothing is saved or made."""
    record = as_kind(deposit.record, answers.get("resource_type") or ResourceType.OTHER)
    record = record.get_latest_revision_as_object() if record.latest_revision else record
    fill(record, answers, owner=deposit.owner)
    return record


def fill(record: Record, answers: Answers, *, owner: Any) -> None:
    """Set everything that the answers say, in memory; people, organisations and topics are those that are known."""
    metadata = to_metadata(answers)
    record.event = event_of(answers)
    set_fields(record, metadata)
    apply_relations(record, replace(metadata, funding_references=()), matchers=known_matchers())
    record.funding_references = [_funding(row) for row in answers.get("funding", []) if row.get("funder_name")]
    is_restricted = record.access_right == AccessRight.RESTRICTED
    groups, users = restricted_to(answers, user=owner) if is_restricted else ([], [])
    record.restricted_groups, record.restricted_users = groups, users


def _funding(row: dict[str, str]) -> FundingReference:
    """A line of funding, with a funder that is not saved where none is called so."""
    name = " ".join(row["funder_name"].split())[:255]
    known = Funder.objects.filter(name_en__iexact=name) | Funder.objects.filter(name_nl__iexact=name)
    return FundingReference(
        funder=known.first() or Funder(name_en=name), award_number=row.get("award_number", "")[:100]
    )


def save_new_funders(record: Record) -> None:
    """Make the funders that the record names and the hub does not know; they are shown nowhere by themselves."""
    for reference in record.funding_references.all():
        if reference.funder and reference.funder.pk is None:
            known = Funder.objects.filter(name_en=reference.funder.name_en).first()
            if known is None:
                reference.funder.save()
            reference.funder = known or reference.funder
