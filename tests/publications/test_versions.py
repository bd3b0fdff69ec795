"""Versions of a work: a row of records that stays sane whatever happens to one of them."""

import pytest
from wagtail.models import ModelLogEntry

from publications.errors import VersionError
from publications.metadata import RecordMetadata, RelatedIdentifier
from publications.models import Publication, Record, RecordVersion, VersionChain
from publications.models import RelatedIdentifier as RelatedRow
from publications.records import (
    add_version,
    begin_version,
    create_record,
    metadata_of,
    remove_version,
    update_record,
    versions_of,
)
from publications.records.describing import with_metadata
from publications.vocabularies import AccessRight, RelationType
from search.models import IndexEntry
from tests.factories import (
    EditorFactory,
    GroupFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def preprint() -> Publication:
    return PublicationFactory(title="Preprint", issued="2023")


@pytest.fixture
def article() -> Publication:
    return PublicationFactory(title="Article", issued="2024", doi="10.5555/article")


def fresh(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def titles(record: Record) -> list[str]:
    return [version.title for version in versions_of(fresh(record))]


def listed() -> set[str]:
    return set(Record.objects.listed().values_list("title", flat=True))


def test_the_newest_is_listed_and_the_older_one_stays_live(preprint, article):
    add_version(article, of=preprint)

    assert titles(preprint) == titles(article) == ["Article", "Preprint"]
    assert listed() == {"Article"}
    assert Record.objects.live().count() == 2


def test_a_version_can_be_put_before_and_between(preprint, article):
    first, middle = PublicationFactory(title="Draft report"), PublicationFactory(title="Accepted")

    add_version(article, of=preprint)
    add_version(first, of=preprint, is_older=True)
    add_version(middle, of=preprint)

    assert titles(article) == ["Article", "Accepted", "Preprint", "Draft report"]
    assert listed() == {"Article"}


def test_records_whose_place_changes_are_indexed_again(preprint, article):
    IndexEntry.objects.all().delete()

    add_version(article, of=preprint)

    assert set(IndexEntry.objects.values_list("pid", flat=True)) == {preprint.pid}


def test_what_cannot_be_a_version_is_refused(preprint, article):
    other = PublicationFactory()
    add_version(article, of=preprint)

    for record, of in (
        (preprint, preprint),
        (PresentationFactory(), preprint),
        (article, other),
        (article, preprint),
    ):
        with pytest.raises(VersionError):
            add_version(record, of=of)
    with pytest.raises(VersionError):
        remove_version(other)
    assert titles(preprint) == ["Article", "Preprint"]


def test_a_draft_is_no_version_to_readers_until_it_is_published(preprint):
    draft = begin_version(preprint)

    assert versions_of(fresh(preprint)) == []
    assert metadata_of(fresh(preprint)).related_identifiers == ()
    assert listed() == {"Preprint"}

    draft.latest_revision.publish()

    assert len(titles(preprint)) == 2
    assert Record.objects.listed().get().pk == draft.pk


def test_when_the_newest_goes_offline_the_one_before_takes_its_place(preprint, article):
    add_version(article, of=preprint)

    article.unpublish()

    assert listed() == {"Preprint"}
    assert titles(preprint) == []
    fresh(article).specific().save_revision().publish()
    assert listed() == {"Article"}


def test_publishing_an_old_draft_keeps_the_record_in_its_row(preprint, article):
    before = preprint.save_revision()
    add_version(article, of=preprint)

    before.publish()

    assert titles(preprint) == ["Article", "Preprint"]
    assert listed() == {"Article"}


def test_deleting_one_closes_the_row(preprint, article):
    middle = PublicationFactory(title="Accepted")
    add_version(middle, of=preprint)
    add_version(article, of=middle)

    middle.delete()

    assert titles(preprint) == ["Article", "Preprint"]
    article.delete()
    assert listed() == {"Preprint"}
    assert not VersionChain.objects.exists() and not RecordVersion.objects.exists()


def test_taking_apart_undoes_it(preprint, article):
    add_version(article, of=preprint)

    remove_version(fresh(preprint))

    assert listed() == {"Article", "Preprint"}
    assert titles(article) == [] and not VersionChain.objects.exists()
    add_version(preprint, of=article)
    assert titles(article) == ["Preprint", "Article"]


def test_acts_stand_in_the_histories_of_both(preprint, article):
    editor = EditorFactory()

    add_version(article, of=preprint, user=editor)
    remove_version(article, user=editor)

    messages = {
        (entry.object_id, entry.message) for entry in ModelLogEntry.objects.filter(action__startswith="publications.")
    }
    assert messages == {
        (str(article.pk), "Became a version of the same work as “Preprint”"),
        (str(preprint.pk), "Became a version of the same work as “Article”"),
        (str(article.pk), "Is no longer a version of the same work as “Preprint”"),
    }


def test_a_new_version_begins_as_a_copy_without_what_was_the_old_ones_own():
    group, topic = GroupFactory(), TopicFactory()
    record = PublicationFactory(
        title="Leaves",
        abstract="They fall.",
        doi="10.5555/leaves",
        arxiv="1907.01234",
        issued="2019",
        access_right=AccessRight.RESTRICTED,
        creators=["Ada Lovelace"],
        topics=[topic],
    )
    record.restricted_groups.add(group)
    record.save()
    RecordFileFactory(record=record)
    RelatedRow.objects.create(record_id=record.pk, relation_type="Cites", identifier="10.5555/x", identifier_type="DOI")
    editor = EditorFactory()

    draft = Publication.objects.get(pk=begin_version(fresh(record), user=editor).pk)

    assert (draft.title, draft.abstract, draft.live, draft.owner) == ("Leaves", "They fall.", False, editor)
    assert (draft.doi, draft.arxiv, draft.issued) == ("", "", "")
    assert draft.pid != record.pid and draft.first_published_at is None
    assert [creator.name for creator in draft.creators] == ["Ada Lovelace"]
    assert [tagged.tag for tagged in draft.tagged_topics.all()] == [topic]
    assert list(draft.restricted_groups.all()) == [group]
    assert [row.identifier for row in draft.related_identifiers.all()] == ["10.5555/x"]
    assert not draft.files.exists()
    assert [c.name for c in fresh(record).creators] == ["Ada Lovelace"]


def test_metadata_name_the_live_neighbours(preprint, article):
    later = PublicationFactory(title="Corrected")
    add_version(article, of=preprint)
    add_version(later, of=article)

    relations = metadata_of(fresh(article)).related_identifiers

    assert [(r.relation_type, r.identifier, r.title) for r in relations] == [
        ("IsNewVersionOf", preprint.full_url, "Preprint"),
        ("IsPreviousVersionOf", later.full_url, "Corrected"),
    ]


def test_metadata_of_many_take_no_more_queries(
    preprint, article, django_assert_num_queries, django_assert_max_num_queries
):
    add_version(article, of=preprint)
    pair = PublicationFactory(), PublicationFactory()
    add_version(pair[0], of=pair[1])

    def read(*records: Record) -> None:
        for record in with_metadata(Record.objects.filter(pk__in=[r.pk for r in records])):
            metadata_of(record)

    with django_assert_max_num_queries(20) as counted:
        read(preprint)
    with django_assert_num_queries(len(counted)):
        read(preprint, article, *pair)


@pytest.mark.parametrize(
    ("relation_type", "newest"), [("IsNewVersionOf", "Arrival"), ("IsPreviousVersionOf", "Article")]
)
def test_imported_metadata_take_their_place_in_the_row(article, relation_type, newest):
    metadata = RecordMetadata(
        title="Arrival",
        resource_type="journal_article",
        related_identifiers=(RelatedIdentifier("10.5555/article", "DOI", relation_type),),
    )

    record = create_record(metadata, live=True)

    assert listed() == {newest}
    assert not record.related_identifiers.exists()
    update_record(record, metadata, publish=True)
    assert len(titles(article)) == 2


def test_a_version_stated_in_an_old_draft_is_left_out(preprint, article):
    row = RelatedRow(relation_type=RelationType.IS_NEW_VERSION_OF, related_record_id=preprint.pk)
    article.related_identifiers = [row]
    revision = article.save_revision(clean=False)

    assert list(revision.as_object().related_identifiers.all()) == []
