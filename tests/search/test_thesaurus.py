"""The thesaurus follows the topics, in every process, without reading them for each question."""

import pytest
from django.db import transaction

from publications.merging import merge_topics
from publications.models import Topic
from search.models import ThesaurusStamp
from search.thesaurus import get_thesaurus
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db


def labels() -> list[list[str]]:
    return [[label.text for label in topic.labels] for topic in get_thesaurus().topics]


def test_it_has_the_labels_of_topics_that_have_several():
    TopicFactory(label_en="Ultrasound", label_nl="Echografie", synonyms_en="sonography\n\n ultra  sonography ")
    TopicFactory(label_en="Lonely")
    TopicFactory(label_en="", label_nl="Longnodi", synonyms_nl="longnoduli")

    assert labels() == [
        ["Ultrasound", "Echografie", "sonography", "ultra sonography"],
        ["Longnodi", "longnoduli"],
    ]


def test_a_changed_topic_shows_at_once(django_assert_num_queries):
    topic = TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    assert labels() == [["Ultrasound", "Echografie"]]

    topic.synonyms_nl = "echo"
    topic.save()
    assert labels() == [["Ultrasound", "Echografie", "echo"]]
    with django_assert_num_queries(1):
        get_thesaurus()

    topic.delete()
    assert labels() == []


def test_a_merged_topic_is_one():
    kept = TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    merged = TopicFactory(label_en="Sonography", label_nl="Echo")
    assert len(labels()) == 2

    merge_topics(kept, merged)

    assert labels() == [["Ultrasound", "Echografie", "Sonography", "Echo"]]


def test_keywords_that_an_import_brings_do_not_touch_it():
    TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    stamp = ThesaurusStamp.objects.current()

    TopicFactory(label_en="just a keyword")

    assert ThesaurusStamp.objects.current() == stamp


def test_a_change_that_is_taken_back_leaves_the_old_thesaurus():
    topic = TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    before = labels()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Topic.objects.get(pk=topic.pk).delete()
        assert labels() == []
        raise ZeroDivisionError

    assert labels() == before
