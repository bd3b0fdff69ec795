"""Taking no more questions, for whoever has no profile of their own to say so in."""

from django.db import transaction

from publications.contact import history
from publications.models import Person


def take_no_more(person: Person) -> None:
    """Switch questions to a person off, as in a profile; those that lie before them already stay there."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.has_consented:
            return
        person.has_consented = False
        person.save(update_fields=["has_consented"])
        person.save_revision(changed=True)
        history.log_no_more(person)
