"""Topics that a text speaks of, by the words that the search knows."""

import pytest

from publications.proposing import TopicFinder, propose_topics, texts_of
from publications.suggestions import SuggestedMetadata, Suggestion
from tests.factories import PublicationFactory, RecordFileFactory, TopicFactory

pytestmark = pytest.mark.django_db


def names(**texts: str) -> list[str]:
    return [proposal.topic.name for proposal in TopicFinder().find(texts)]


def seen(**labels: str):
    return TopicFactory(definition_en="Seen by readers.", **labels)


def test_labels_are_found_in_both_languages_and_in_any_form():
    seen(label_en="lung nodule", label_nl="longnodus", synonyms_nl="longknobbel")

    assert names(title="Counting lung nodules") == ["lung nodule"]
    assert names(title="Longknobbels tellen") == ["lung nodule"]
    assert names(title="LONG-NODUS") == ["lung nodule"]
    assert names(title="Lung tissue, and a nodule") == []


def test_the_longest_label_is_meant():
    seen(label_en="MRI"), seen(label_en="cardiac MRI")

    assert names(title="Cardiac MRI today") == ["cardiac MRI"]


def test_what_stands_in_the_title_comes_before_what_pages_name_in_passing():
    seen(label_en="ultrasound"), seen(label_en="noise"), seen(label_en="phantoms")

    assert names(title="Ultrasound", abstract="About noise, and noise.", pages="phantoms " * 9) == [
        "ultrasound", "noise", "phantoms",
    ]  # fmt: skip
    assert names(pages="One phantom, once.") == []


def test_what_few_records_have_tells_more():
    common, rare = seen(label_en="noise"), seen(label_en="ruby")
    for _ in range(20):
        PublicationFactory(topics=[common])

    assert names(abstract="noise and ruby") == [rare.name, common.name]


def test_topics_that_readers_do_not_see_are_not_proposed():
    TopicFactory(label_en="only on a draft")
    seen(label_en="heart", merged_into=seen(label_en="cor"))

    assert names(title="Heart, only on a draft") == []


def test_the_texts_are_title_abstract_printed_keywords_and_first_pages(django_assert_num_queries):
    record = PublicationFactory(title="T", subtitle="S", abstract="A", translated_abstract="B")
    keywords = SuggestedMetadata(keywords=Suggestion(("heart", "lung")))
    RecordFileFactory(record=record, pages=["one", "two"], suggested=keywords.to_json())
    taken_away = RecordFileFactory(record=record, pages=["gone"])
    taken_away.__class__.objects.filter(pk=taken_away.pk).update(removed_at="2026-01-01T00:00Z")

    with django_assert_num_queries(2):
        texts = texts_of([record])[record.pk]

    assert {place: text.split() for place, text in texts.items()} == {
        "title": ["T", "S"],
        "abstract": ["A", "B"],
        "keywords": ["heart", "lung"],
        "pages": ["one", "two"],
    }


def test_a_deposit_gets_the_same_proposals():
    topic = seen(label_en="ultrasound", label_nl="echografie")
    file = RecordFileFactory(pages=["Echografieën. " * 20])

    assert propose_topics([file]) == [topic]
    assert propose_topics([], text="Echografie\nEen samenvatting.") == [topic]
    assert propose_topics([]) == []
