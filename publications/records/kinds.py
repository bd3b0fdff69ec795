"""A draft that turns out to be of another kind: slides that came as a PDF, a report that is the minutes of an event."""

from django.db import transaction

from publications.models import Record
from publications.models.kinds import record_model_for


def as_kind(record: Record, resource_type: str) -> Record:
    """The record as the kind that this resource type asks for, in memory; itself where it is of that kind.

    What all records share goes along, its children too, as they hang on the base row; nothing is saved.
    """
    record = record.specific()
    model = record_model_for(resource_type)
    if isinstance(record, model):
        return record
    shared = {field.attname: getattr(record, field.attname) for field in Record._meta.concrete_fields}
    other = model(record_ptr_id=record.pk, **shared)
    other.record_type = model.kind
    other.resource_type = resource_type
    other.latest_revision = None
    other._state.adding = False
    other._state.db = record._state.db
    return other


def change_kind(record: Record, resource_type: str) -> Record:
    """The draft, now of the kind that this resource type asks for, with its PID, files and children.

    Its revisions go: they tell of another model. A record that was ever live keeps its kind.
    """
    record = record.specific()
    other = as_kind(record, resource_type)
    if other is record or record.first_published_at:
        return record
    with transaction.atomic():
        record.delete(keep_parents=True)
        other.save()
    return other
