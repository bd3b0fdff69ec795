"""Topics by whatever people call them, and two that turn out to be one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from publications.errors import MergeError
from publications.merging import merge_topics
from publications.metadata import RecordMetadata
from publications.models import Publication, Topic
from publications.models.addresses import find_by_address
from publications.records import create_record
from publications.topics import TopicMatcher, canonical_names, match_topic, suggest_topics
from tests.factories import PublicationFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_a_topic_is_found_by_label_and_synonym_in_both_languages():
    topic = TopicFactory(label_en="artificial intelligence", label_nl="kunstmatige intelligentie", synonyms_nl="AI\nKI")

    assert [match_topic(text) for text in ("Artificial  intelligence", "kunstmatige intelligentie", "ai", "KI")] == [
        topic
    ] * 4
    assert [match_topic(text) for text in ("intelligence", "k", "", " ")] == [None] * 4


def test_a_merged_topic_is_what_it_became():
    kept = TopicFactory(label_en="heart")
    TopicFactory(label_en="cardiac", merged_into=kept)

    assert match_topic("cardiac") == kept
    assert canonical_names(["Cardiac", "HEART", "new"]) == ["heart", "new"]
    assert list(suggest_topics("ca")) == []


def test_keywords_become_topics_once_without_a_query_each():
    topic = TopicFactory(label_en="heart", synonyms_en="cardiac")
    merged = TopicFactory(label_en="cor", merged_into=topic)
    matcher = TopicMatcher()

    with CaptureQueriesContext(connection) as queries:
        known = [matcher.find_or_create(text) for text in ("HEART", " Cardiac ", merged.label_en)]
    new = [
        matcher.find_or_create("C++"),
        matcher.find_or_create("C#"),
        matcher.find_or_create("longkanker", language="nl"),
    ]

    assert (known, len(queries)) == ([topic.pk] * 3, 0)
    assert len({*new}) == 3
    assert matcher.find_or_create("c++") == new[0]
    assert Topic.objects.get(pk=new[2]).label_nl == "longkanker"
    assert [matcher.find_or_create(text) for text in ("", "x" * 101)] == [None, None]


def test_a_matcher_learns_of_topics_that_others_add():
    matcher = TopicMatcher()
    topic = TopicFactory(label_en="liver")

    matcher.refresh()

    assert matcher.find_or_create("liver") == topic.pk


def test_a_merged_topics_records_labels_and_narrower_topics_go_to_the_kept_one():
    kept = TopicFactory(label_en="heart", synonyms_en="cardiac")
    merged = TopicFactory(
        label_en="Cor",
        label_nl="hart",
        synonyms_en="Cardiac\nheart muscle",
        synonyms_nl="hartspier",
        definition_nl="Pomp.",
    )
    narrower = TopicFactory(broader=merged)
    both, only_merged = PublicationFactory(topics=[kept, merged]), PublicationFactory(topics=[merged])

    merge_topics(kept, merged)

    kept, narrower = Topic.objects.get(pk=kept.pk), Topic.objects.get(pk=narrower.pk)
    assert (kept.label_en, kept.label_nl, kept.definition_nl) == ("heart", "hart", "Pomp.")
    assert kept.synonyms_en.splitlines() == ["cardiac", "Cor", "heart muscle"]
    assert kept.synonyms_nl.splitlines() == ["hartspier"]
    assert narrower.broader == kept
    for record in (both, only_merged):
        assert list(Publication.objects.get(pk=record.pk).topics.all()) == [kept]
    assert find_by_address(Topic, merged.slug) == kept
    assert ModelLogEntry.objects.filter(action="publications.merge").count() == 2


def test_merging_a_topic_into_one_below_it_leaves_a_tree():
    top = TopicFactory(label_en="top")
    merged = TopicFactory(label_en="merged", broader=top)
    between = TopicFactory(label_en="between", broader=merged)
    kept = TopicFactory(label_en="kept", broader=between)

    merge_topics(kept, merged)

    broader = dict(Topic.objects.values_list("label_en", "broader__label_en"))
    assert (broader["kept"], broader["between"], broader["top"]) == ("top", "kept", None)
    for topic in Topic.objects.all():
        topic.full_clean()


def test_a_draft_older_than_the_merge_is_published_with_the_kept_topic():
    record = create_record(RecordMetadata("Draft", subjects=("heart", "cor", "liver")), live=False)
    heart, cor, liver = Topic.objects.order_by("pk")
    merge_topics(heart, cor)

    record.latest_revision.publish()

    assert list(Publication.objects.get().topics.order_by("pk")) == [heart, liver]


def test_a_topic_is_not_merged_with_itself_or_twice():
    kept, merged = TopicFactory(), TopicFactory()
    merge_topics(kept, merged)

    for pair in ((kept, kept), (merged, kept), (kept, merged)):
        with pytest.raises(MergeError):
            merge_topics(*pair)


def test_what_stands_beside_a_merged_topic_stands_beside_the_kept_one():
    kept, merged, beside = TopicFactory(), TopicFactory(exact_matches="http://x.example/1"), TopicFactory()
    merged.related.add(beside, kept)
    merged.other_languages = {"de": {"label": "Herz", "synonyms": [], "definition": ""}}
    merged.save()

    merge_topics(kept, merged)

    kept.refresh_from_db()
    assert (list(kept.related.all()), list(beside.related.all())) == ([beside], [kept])
    assert (kept.exact_matches, list(kept.other_languages)) == ("http://x.example/1", ["de"])
