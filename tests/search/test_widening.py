"""Widening by topics: what is recognised, what is added where, and what it brings (bilingual.py has the questions)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.demo.content import load_content
from search.engines.base import SearchEngine
from search.queries import And, Not, Or, Phrase, Query, Word, leaves, parse, parse_leniently
from search.widening import (
    MAX_LABELS,
    MAX_LEAVES,
    WEIGHT_ALONE,
    WEIGHT_BESIDE,
    Label,
    Thesaurus,
    TopicLabels,
    widen,
)
from tests.search import bilingual


def topic(english: str, dutch: str, *, en: str = "", nl: str = "") -> TopicLabels:
    """A topic with its labels, and synonyms between commas."""
    synonyms = [(text, "en") for text in en.split(", ")] + [(text, "nl") for text in nl.split(", ")]
    preferred = (Label(english, "en"), Label(dutch, "nl"))
    return TopicLabels((*preferred, *(Label(text, language, is_synonym=True) for text, language in synonyms if text)))


ULTRASOUND = topic("Ultrasound", "Echografie", en="ultrasonography", nl="echo, echo-onderzoek")
HANDHELD = topic("Handheld ultrasound", "Echografie aan het bed", nl="zakecho")
CT = topic("Computed tomography", "Computertomografie", en="CT, CT scan", nl="CT, CT-scan")
HEART = topic("Cardiac MRI", "Hart-MRI", nl="MRI van het hart")
PET = topic("PET/CT", "PET/CT", en="positron emission tomography")
ALS = topic("Amyotrophic lateral sclerosis", "ALS")
VAGUE = topic("a", "de", en="it, 42", nl="van")
TOPICS = Thesaurus((ULTRASOUND, HANDHELD, CT, HEART, PET, ALS, VAGUE))


def added(text: str) -> list[str]:
    return [label.text for label in widen(parse(text), TOPICS).added]


# What is recognised -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("echografie", ["Ultrasound", "ultrasonography", "echo"]),
        ("Echo's", ["Ultrasound", "Echografie", "ultrasonography"]),
        ("ultrasounds", ["Echografie", "echo", "ultrasonography"]),
        ("ct", ["Computed tomography", "Computertomografie"]),
        ("CT of the lung", ["Computed tomography", "Computertomografie"]),
        ("computed tomography", ["Computertomografie", "CT"]),
        ("handheld ultrasounds", ["Echografie aan het bed", "zakecho"]),
        ("zakecho’s", ["Handheld ultrasound", "Echografie aan het bed"]),
        ("MRI van hart", ["Cardiac MRI", "Hart-MRI"]),
        ("hart-mri", ["Cardiac MRI", "MRI van het hart"]),
        ("hartmri", ["Cardiac MRI", "MRI van het hart"]),
        ("PET CT", ["positron emission tomography"]),
        ("petct", ["positron emission tomography"]),
        ('"PET/CT"', ["positron emission tomography"]),
        ("ALS patients", ["Amyotrophic lateral sclerosis"]),
        ("ALS", ["Amyotrophic lateral sclerosis"]),
    ],
)
def test_a_topic_is_recognised_in_either_language_and_any_inflection(text, labels):
    assert added(text) == labels


@pytest.mark.parametrize(
    "text",
    [
        "", "tomography", "lung", "hart", "MRI", "de", "a", "van", "it", "42", "als", "als de scan", "echo*",
        "ech?grafie", "echografie~", "NOT echografie", "title:echografie", "person:echo", "year:2019", "doi:echo",
        "???",
    ],
)  # fmt: skip
def test_what_is_no_label_adds_nothing(text):
    query, _ = parse_leniently(text)

    widened = widen(query, TOPICS)

    assert (widened.query, widened.added) == (query, ())


def test_the_longest_label_wins():
    assert "ultrasonography" not in added("handheld ultrasound")
    assert "ultrasonography" in added("ultrasound, handheld")


def test_words_with_others_between_them_are_no_label():
    assert added("computed low-dose tomography") == []


def test_a_label_that_was_typed_as_well_is_not_added():
    assert added("echografie ultrasound") == ["ultrasonography", "echo"]


def test_typed_words_of_a_topic_are_known():
    widened = widen(parse('hart-MRI zakecho nodles "echo onderzoek"'), TOPICS)

    assert widened.known >= {"hart-MRI", "zakecho", "echo", "onderzoek"}
    assert "nodles" not in widened.known


def test_two_topics_with_one_label_are_both_added():
    terms = Thesaurus((topic("Phantom", "Fantoom", en="model"), topic("Simulation", "Simulatie", en="model")))

    assert {label.text for label in widen(parse("model"), terms).added} == {
        "Phantom", "Fantoom", "Simulation", "Simulatie",
    }  # fmt: skip


# Where it is added ------------------------------------------------------------------------------------------------

ECHO = tuple(Word(text, weight=WEIGHT_BESIDE) for text in ("Ultrasound", "ultrasonography", "echo"))
SCAN = (Phrase("Computed tomography", weight=WEIGHT_BESIDE), Word("Computertomografie", weight=WEIGHT_BESIDE))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("echografie lever", Or((Or((Word("echografie"), Word("lever"))), *ECHO))),
        ("echografie AND lever", And((Or((Or((Word("echografie"),)), *ECHO)), Word("lever")))),
        ('echografie "nier lever"', Or((Or((Word("echografie"), Phrase("nier lever"))), *ECHO))),
        ("lever -echografie ct", And((Or((Or((Word("lever"), Word("ct"))), *SCAN)), Not(Word("echografie"))))),
        (
            '"echografie lever"~2',
            Or((
                Phrase("echografie lever", slop=2),
                *(Phrase(f"{word.text} lever", slop=2, weight=WEIGHT_BESIDE) for word in ECHO),
            )),
        ),
    ],
)  # fmt: skip
def test_labels_stand_beside_the_words_they_widen(text, query):
    assert widen(parse(text), TOPICS).query == query


def test_a_topic_alone_is_widened_for_very_little():
    def weights(query: Query) -> set[float]:
        return {leaf.weight for leaf in leaves(query) if isinstance(leaf, Word | Phrase)}

    assert weights(widen(parse("echografie"), TOPICS).query) == {1.0, WEIGHT_ALONE}
    assert weights(widen(parse("de echografie -lever year:2019"), TOPICS).query) == {1.0, WEIGHT_ALONE}
    assert weights(widen(parse("echografie ct"), TOPICS).query) == {1.0, WEIGHT_BESIDE}


def test_words_behind_topic_stay_there():
    query = widen(parse("topic:zakecho"), TOPICS).query

    assert {leaf.field for leaf in leaves(query)} == {"topic"}
    assert len(list(leaves(query))) == 3


def test_a_query_grows_by_a_bounded_number_of_words():
    many = Thesaurus(tuple(topic(f"alpha{n}", f"beta{n}", en=f"gamma{n}, delta{n}") for n in range(60)))
    text = " ".join(f"alpha{n}" for n in range(60))
    nested = " OR ".join("(alpha1 alpha2 AND alpha3)" for _ in range(20))

    for typed in (parse(text), parse(nested)):
        widened = widen(typed, many)
        assert len(widened.added) == MAX_LABELS
        assert len(list(leaves(widened.query))) <= len(list(leaves(typed))) + MAX_LEAVES


@given(st.lists(st.sampled_from(["echo", "CT", "scan", "PET/CT", '"', "(", ")", "AND ", "-", " ", "van het ", "hart"])))
def test_no_question_breaks_it_and_all_that_was_typed_stays(pieces):
    query, _ = parse_leniently("".join(pieces))

    widened = widen(query, TOPICS)

    typed = [leaf for leaf in leaves(widened.query) if getattr(leaf, "weight", 1.0) == 1.0]
    assert typed == list(leaves(query))


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=30))
def test_no_label_breaks_it(texts, text):
    labels = tuple(Label(label, "en") for label in texts)
    query, _ = parse_leniently(" ".join([*texts, text]))

    widen(query, Thesaurus((TopicLabels(labels),)))


# What it brings ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return bilingual.build_engine(Path(tmp_path_factory.mktemp("bilingual")) / "index", load_content())


def test_questions_find_records_in_the_other_language(engine):
    ndcg, recall = bilingual.quality(engine, bilingual.thesaurus(load_content()))
    typed_ndcg, typed_recall = bilingual.quality(engine, None)

    assert (typed_ndcg < 0.4, typed_recall < 0.5) == (True, True)
    assert (ndcg > 0.75, recall > 0.8) == (True, True)


def test_records_with_the_typed_words_come_first(engine):
    total, below = bilingual.displaced(engine, bilingual.thesaurus(load_content()))

    assert (total > 500, below) == (True, 0)
