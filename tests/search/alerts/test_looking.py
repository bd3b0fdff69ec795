"""What counts as new, for whom, and that nothing is told twice."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from publications.models import Person
from publications.records import add_version
from publications.vocabularies import AccessRight
from search.indexing import index_due, rebuild_index
from search.models import Digest, Frequency, Kind, SavedSearch
from search.models.record_sets import pack, unpack
from tests.factories import (
    GroupFactory,
    MemberFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("keys", [set(), {0}, {7}, {1, 2, 3, 100_000}, set(range(1, 5000, 7))])
def test_a_set_of_records_comes_back_as_it_was(keys):
    assert unpack(pack(keys)) == keys


def test_sets_of_records_are_small():
    assert len(pack(set(range(1, 100_001)))) < 200
    assert len(pack(set(range(1, 100_001, 500)))) < 1000


def test_what_answered_before_is_not_new_and_what_comes_after_is_told_once(kept, told):
    PublicationFactory(title="Old wavelets")
    kept("q=wavelets")
    assert told() == set()

    PublicationFactory(title="New wavelets")
    PublicationFactory(title="Something else")

    assert told() == {"New wavelets"}
    assert told(days=1) == told(days=2) == set()


def test_a_rebuilt_index_and_edits_repeat_nothing(kept, told):
    record = PublicationFactory(title="Wavelets")
    kept("q=wavelets")
    new = PublicationFactory(title="New wavelets")
    assert told() == {"New wavelets"}

    rebuild_index()
    for changed in (record, new):
        changed.title += ", corrected"
        changed.save()

    assert told(days=1) == set()


def test_a_record_that_goes_and_comes_back_is_not_told_again(kept, told):
    kept("q=wavelets")
    record = PublicationFactory(title="Wavelets")
    assert told() == {"Wavelets"}

    record.live = False
    record.save()
    assert told(days=1) == set()
    record.live = True
    record.save()

    assert told(days=2) == set()


def test_a_record_that_is_not_in_the_index_yet_waits_for_the_next_look(kept, told):
    kept("q=wavelets")
    PublicationFactory(title="Wavelets")

    assert told(index=False) == set()
    assert told() == {"Wavelets"}


def test_words_read_later_and_topics_given_later_are_told(kept, told):
    kept("q=wavelets")
    kept("topic=wavelet", email="other@company.example")
    record = PublicationFactory(title="A scan")
    assert told() == set()

    RecordFileFactory(record=record, pages=["wavelets, recognised at last"])
    assert told(days=1) == {"A scan"}
    record.topics.add(TopicFactory(slug="wavelet"))
    record.save()

    assert told(days=2) == {"A scan"}


def test_words_behind_an_embargo_are_told_when_it_lifts_a_year_later(kept, told):
    opens = date.today() + timedelta(days=365)
    kept("q=wavelets")
    record = PublicationFactory(title="Closed", access_right=AccessRight.EMBARGOED, available=opens)
    RecordFileFactory(record=record, pages=["wavelets"])

    assert told() == told(days=364) == set()
    assert told(days=366) == {"Closed"}
    assert told(days=367) == set()


def test_a_record_known_by_its_title_is_told_once_more_when_it_opens(kept, told):
    opens = date.today() + timedelta(days=365)
    before = PublicationFactory(title="Before wavelets", access_right=AccessRight.EMBARGOED, available=opens)
    RecordFileFactory(record=before)
    search = kept("q=wavelets")
    after = PublicationFactory(title="After wavelets", access_right=AccessRight.EMBARGOED, available=opens)
    RecordFileFactory(record=after)
    assert told() == {"After wavelets"}

    assert told(days=2) == set()
    assert told(days=366) == {"Before wavelets", "After wavelets"}
    assert set(Digest.objects.last().found[str(search.pk)]["opened"]) == {before.pk, after.pk}
    assert told(days=367) == set()


def test_access_that_widens_for_a_reader_is_told_to_that_reader(kept, told):
    member, colleague, group = MemberFactory(), UserFactory(), GroupFactory()
    for_members = PublicationFactory(title="For members", access_right=AccessRight.METADATA_ONLY)
    for_group = PublicationFactory(title="For a group", access_right=AccessRight.RESTRICTED)
    for record in (for_members, for_group):
        RecordFileFactory(record=record, pages=["wavelets"])
    kept("q=wavelets")
    kept("q=wavelets", user=member)
    search = kept("q=wavelets", user=colleague)
    assert told() == set()

    for_members.access_right = AccessRight.MEMBERS
    for_members.save()
    assert told(days=1) == {"For members"}
    for_group.restricted_groups = [group]
    for_group.save()
    colleague.groups.add(group)
    assert told(days=2) == {"For a group"}

    assert [list(digest.found) for digest in Digest.objects.all()][-1] == [str(search.pk)]
    colleague.groups.add(Group.objects.get(name="Members"))
    assert told(days=3) == {"For members"}


def test_only_the_newest_version_of_a_work_is_told(kept, told):
    kept("q=wavelets")
    first = PublicationFactory(title="Wavelets")
    add_version(PublicationFactory(title="Wavelets, second edition"), of=first)

    assert told() == {"Wavelets, second edition"}


def test_the_period_of_each_search_is_kept(kept, told):
    kept("q=wavelets", frequency=Frequency.DAY)
    kept("q=wavelets", frequency=Frequency.WEEK, email="weekly@company.example")
    kept("q=wavelets", frequency=Frequency.NONE, email="never@company.example")
    kept("q=wavelets", is_paused=True, email="paused@company.example")
    kept("q=wavelets", confirmed_at=None, email="unconfirmed@company.example")
    kept("q=wavelets", user=UserFactory(is_active=False))

    def readers(days: int) -> int:
        PublicationFactory(title=f"Wavelets {days}")
        told(days=days)
        return Digest.objects.count()

    assert [readers(days) for days in (0, 0, 1, 6, 7)] == [2, 2, 3, 4, 6]


def test_what_came_during_a_pause_is_told_after_it(kept, told):
    search = kept("q=wavelets", is_paused=True)
    PublicationFactory(title="Wavelets")
    assert told() == set()

    SavedSearch.objects.filter(pk=search.pk).update(is_paused=False)

    assert told() == {"Wavelets"}


def test_for_experts_only_new_evidence_is_told(kept, told):
    ada, bas = PersonFactory(), PersonFactory()
    PublicationFactory(title="Wavelets", creators=[ada])
    kept("q=who+knows+about+wavelets", kind=Kind.EXPERTS)
    assert told() == set()

    PublicationFactory(title="More wavelets", creators=[ada])
    PublicationFactory(title="Other wavelets", creators=[bas])

    assert told() == {"More wavelets", "Other wavelets"}
    Person.objects.update(biography_en="New.")
    rebuild_index()
    assert told(days=1) == set()


def test_where_there_was_no_index_the_first_look_only_learns(kept, told):
    search = kept("q=wavelets", compared_at=None, known=frozenset())
    PublicationFactory(title="Wavelets")

    assert told() == set()
    index_due()
    search.refresh_from_db()
    assert search.compared_at and len(search.known) == 1
