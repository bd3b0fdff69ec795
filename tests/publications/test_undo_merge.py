"""A merge taken back: all is as it was, but for what an editor changed since."""

import pytest
from django.apps import apps
from django.db import models

from publications.errors import MergeError
from publications.merging import merge_organisations, merge_people, merge_topics, undo_merge
from publications.merging.journal import LEADING_TO, STAYING
from publications.merging.undo_previews import preview_undo
from publications.models import Contribution, MergeLog, Organisation, Person, PersonAffiliation, Topic
from publications.models.addresses import find_by_address
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    EventSessionFactory,
    EventSpeakerFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


def picture() -> dict[str, list[dict[str, object]]]:
    """Every row that may take part in a merge, without revisions and times."""
    watched = set(LEADING_TO) | {other for rows in LEADING_TO.values() for other, _name in rows}
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name != "latest_revision_id"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in watched
    }


def people():
    organisation = OrganisationFactory()
    kept = PersonFactory(given_name="Ada", family_name="Wiggers", biography_en="")
    merged = PersonFactory(
        given_name="A.", family_name="Wiggers", orcid=ORCID, biography_en="Measures.", user=UserFactory()
    )
    older = PersonFactory(given_name="Adda", family_name="Wiggers")
    merge_people(merged, older)
    for person in (kept, merged):
        PersonAffiliationFactory(person=person, organisation=organisation, start_year=2015)
        PublicationFactory(creators=[person])
    CollectionFactory(curators=[kept, merged])
    CollectionFactory(curators=[merged])
    EventSessionFactory(speakers=[kept, merged, "Hedwig Oosterbaan"])
    return Person.objects.get(pk=kept.pk), Person.objects.get(pk=merged.pk), merge_people


def organisations():
    kept, merged = OrganisationFactory(name_en="Grijs"), OrganisationFactory(name_en="Grijs BV", ror="05xvt9f17")
    PersonAffiliationFactory(person=PersonFactory(), organisation=merged)
    PublicationFactory(creators=[PersonFactory()])
    EventFactory(partners=[kept, merged])
    EventFactory(partners=[merged])
    EventSpeakerFactory(organisation=merged)
    return kept, merged, merge_organisations


def topics():
    kept, merged = TopicFactory(label_en="CT", label_nl=""), TopicFactory(label_en="Tomography", label_nl="Tomografie")
    TopicFactory(broader=merged)
    PublicationFactory(topics=[kept, merged])
    PublicationFactory(topics=[merged])
    beside, beside_both = TopicFactory(), TopicFactory()
    merged.related.add(beside, beside_both, kept)
    kept.related.add(beside_both)
    return kept, merged, merge_topics


@pytest.mark.parametrize("make", [people, organisations, topics])
def test_undoing_puts_everything_back(make):
    kept, merged, merge = make()
    before = picture()

    merge(kept, merged, user=EditorFactory())
    assert picture() != before
    undo_merge(MergeLog.objects.first(), user=EditorFactory())

    assert picture() == before


@pytest.mark.parametrize("model", list(LEADING_TO))
def test_every_link_to_what_can_be_merged_is_watched(model):
    links = {
        (other, field.name)
        for other in apps.get_models(include_auto_created=True)
        for field in other._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is model
    }

    assert links == {*LEADING_TO[model], *STAYING.get(model, ())}


def test_what_was_changed_since_stays():
    kept, merged, merge = people()
    merge(kept, merged)
    kept.refresh_from_db()
    moved = Contribution.objects.filter(person=kept).order_by("pk").last()
    third = PersonFactory()
    Contribution.objects.filter(pk=moved.pk).update(person=third)
    Person.objects.filter(pk=kept.pk).update(biography_en="Written since.")

    undo_merge(MergeLog.objects.first(), user=None)

    assert Contribution.objects.get(pk=moved.pk).person == third
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.biography_en, kept.orcid, merged.orcid) == ("Written since.", "", ORCID)


def test_each_is_at_its_own_address_again_and_its_history_tells(client):
    kept, merged, merge = people()
    merge(kept, merged, user=EditorFactory())
    assert find_by_address(Person, merged.slug) == kept

    undo_merge(MergeLog.objects.first(), user=EditorFactory())

    assert find_by_address(Person, merged.slug) == merged
    client.force_login(EditorFactory())
    page = client.get(f"/admin/snippets/publications/person/history/{kept.pk}/").content.decode()
    assert "are two again" in page


def test_a_merge_is_undone_once_and_from_the_last():
    first, second, third = (PersonFactory() for _number in range(3))
    merge_people(second, first)
    merge_people(third, second)
    later, earlier = MergeLog.objects.all()

    with pytest.raises(MergeError, match="Undo that merge first"):
        undo_merge(earlier, user=None)
    undo_merge(later, user=None)
    with pytest.raises(MergeError, match="already"):
        undo_merge(later, user=None)
    undo_merge(earlier, user=None)

    assert not Person.objects.exclude(merged_into=None).exists()


def test_nothing_can_be_undone_for_what_is_gone():
    kept, merged = OrganisationFactory(), OrganisationFactory()
    merge_organisations(kept, merged)
    Organisation.objects.filter(pk=merged.pk).delete()

    with pytest.raises(MergeError, match="no longer there"):
        undo_merge(MergeLog.objects.get(), user=None)


def test_what_the_hub_keeps_no_more_is_told_of_and_the_rest_goes_back():
    kept, merged, merge = organisations()
    merge(kept, merged)
    log = MergeLog.objects.get()
    log.changes.append({"model": "publications.Forgotten", "pk": 1, "before": {"organisation_id": 1}, "after": None})
    log.save()

    rests = preview_undo(log).rests
    undo_merge(log, user=None)

    assert [(rest.what, rest.why, rest.total) for rest in rests] == [
        ("What this version of the hub keeps no more", "no longer there", 1)
    ]
    assert Organisation.objects.get(pk=merged.pk).merged_into is None


def test_a_preview_leaves_no_log():
    from publications.merging import preview_merge

    kept, merged, merge = topics()
    preview_merge(kept, merged, merge=merge)

    assert MergeLog.objects.count() == 0
    assert Topic.objects.filter(merged_into=None).count() == Topic.objects.count()
    assert PersonAffiliation.objects.count() == 0
