"""Which topic stands above which, and how many records that gives each."""

import pytest

from publications.models import Topic
from publications.models.topic_tree import TopicTree, count_records, with_record_counts
from tests.factories import PublicationFactory, TopicFactory

ROWS = [(1, "imaging", None), (2, "ct", 1), (3, "mri", 1), (4, "low-dose", 2), (5, "a", 6), (6, "b", 5)]


def test_steps_lead_up_and_down_and_a_circle_ends():
    tree = TopicTree(ROWS)

    assert {pk: tree.above(pk) for pk in (1, 2, 4, 99)} == {1: [], 2: [1], 4: [2, 1], 99: []}
    assert {pk: tree.with_narrower(pk) for pk in (1, 2, 4, 99)} == {1: {1, 2, 3, 4}, 2: {2, 4}, 4: {4}, 99: {99}}
    assert (tree.above(5), tree.with_narrower(5)) == ([6, 5], {5, 6})
    assert tree.slugs_above([4, 3]) == ("ct", "imaging")


@pytest.mark.django_db
def test_the_tree_holds_no_merged_topic_and_none_that_stands_alone(django_assert_num_queries):
    top = TopicFactory()
    below, merged = TopicFactory(broader=top), TopicFactory(broader=top, merged_into=top)
    alone = TopicFactory()

    with django_assert_num_queries(1):
        tree = TopicTree.load()

    assert tree.with_narrower(top.pk) == {top.pk, below.pk}
    assert tree.slugs_above([below.pk, merged.pk, alone.pk]) == (top.slug,)


@pytest.mark.django_db
def test_a_record_on_two_topics_of_a_branch_counts_once(django_assert_num_queries):
    top, alone, unused = TopicFactory(), TopicFactory(), TopicFactory()
    left, right = TopicFactory(broader=top), TopicFactory(broader=top)
    PublicationFactory(topics=[left, right]), PublicationFactory(topics=[top, alone])
    PublicationFactory(topics=[right], live=False)

    with django_assert_num_queries(3):
        counts = count_records(TopicTree.load())
    with django_assert_num_queries(4):
        some = with_record_counts(Topic.objects.filter(pk__in=[top.pk, unused.pk]).order_by("pk"))

    assert {topic: counts[topic.pk] for topic in (top, left, right, alone, unused)} == {
        top: 2, left: 1, right: 1, alone: 1, unused: 0,
    }  # fmt: skip
    assert [topic.record_count for topic in some] == [2, 0]
