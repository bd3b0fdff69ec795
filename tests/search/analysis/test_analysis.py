from pathlib import Path

import pytest

from search.analysis import DUTCH, ENGLISH, NEUTRAL, UNKNOWN, get_analyzer
from search.analysis.patterns import idle_words, phrase_patterns, word_patterns
from search.analysis.tokens import fold

PAIRS = Path(__file__).with_name("dutch_pairs.txt")


def dutch_pairs() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = [tuple(fold(word.removesuffix("'s")) for word in line.split()) for line in lines if line != "---"]
    border = lines.index("---")
    return pairs[:border], pairs[border:]


def belong_together(first: str, second: str) -> bool:
    return not DUTCH.keys(first).isdisjoint(DUTCH.keys(second))


def test_dutch_forms_of_one_word_are_found_by_each_other():
    related, _ = dutch_pairs()

    missed = [pair for pair in related if not belong_together(*pair)]

    assert len(related) == 223
    assert set(missed) == {
        ("detecteren", "detectie"),
        ("groot", "groter"),
        ("klein", "kleiner"),
        ("scannen", "scant"),
        ("snel", "sneller"),
        ("voorspellen", "voorspelt"),
    }


def test_few_dutch_words_that_only_look_alike_are_taken_for_one():
    _, different = dutch_pairs()

    joined = {pair for pair in different if belong_together(*pair)}

    assert joined == {
        ("bot", "boot"),
        ("meten", "met"),
        ("weefsel", "weven"),
        ("kwaliteit", "kwaal"),
        ("waarde", "waar"),
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("scan", "scans"),
        ("image", "imaging"),
        ("segmentation", "segmented"),
        ("study", "studies"),
        ("filter", "filtering"),
    ],
)
def test_english_forms_of_one_word_are_found_by_each_other(first, second):
    assert ENGLISH.keys(first) & ENGLISH.keys(second)


def test_a_language_has_its_own_endings():
    assert not ENGLISH.keys("tumor") & ENGLISH.keys("tumoren")
    assert not DUTCH.keys("study") & DUTCH.keys("studies")
    assert UNKNOWN.keys("tumor") & UNKNOWN.keys("tumoren")
    assert UNKNOWN.keys("study") & UNKNOWN.keys("studies")
    assert not NEUTRAL.keys("scan") & NEUTRAL.keys("scans")


@pytest.mark.parametrize(
    ("language", "analyzer"),
    [
        ("en", ENGLISH),
        ("en-GB", ENGLISH),
        ("nl_BE", DUTCH),
        ("NL", DUTCH),
        ("und", UNKNOWN),
        ("", UNKNOWN),
        ("de", NEUTRAL),
    ],
)
def test_an_analyzer_is_known_by_its_language_code(language, analyzer):
    assert get_analyzer(language) is analyzer


@pytest.mark.parametrize(
    ("typed", "patterns"),
    [
        ("dose", (((0, "dose"),),)),
        ("low-dose", (((0, "low"), (1, "dose")), ((0, "lowdose"),))),
        ("PET/CT scan", (((0, "pet"), (1, "ct"), (2, "scan")), ((0, "petct"), (1, "scan")))),
        ("a_b", (((0, "a"), (1, "b")),)),
        ("!?", ()),
    ],
)
def test_a_word_is_looked_for_however_it_is_written(typed, patterns):
    assert word_patterns(typed) == patterns


def test_a_stop_word_in_a_phrase_stands_for_any_word():
    assert phrase_patterns("the quality of life", analyzer=ENGLISH) == (((0, "quality"), (2, "life")),)


def test_a_phrase_of_stop_words_is_taken_as_it_is():
    assert phrase_patterns("to be or", analyzer=ENGLISH) == (((0, "to"), (1, "be"), (2, "or")),)


def test_stop_words_say_nothing_beside_other_words_only():
    assert idle_words(["the", "lung"], analyzer=ENGLISH) == {"the"}
    assert idle_words(["the", "who"], analyzer=ENGLISH) == frozenset()
    assert idle_words(["the"], analyzer=ENGLISH, beside_others=True) == {"the"}


def test_an_abbreviation_that_looks_like_a_stop_word_is_meant():
    assert idle_words(["WHO", "guidelines", "of"], analyzer=ENGLISH) == {"of"}
    assert idle_words(["ALS", "patiënten"], analyzer=DUTCH) == frozenset()
    assert idle_words(["THE", "LUNG"], analyzer=ENGLISH) == {"THE"}


def test_a_stop_word_of_one_language_keeps_its_meaning_in_the_other():
    assert idle_words(["been", "fractuur"], analyzer=DUTCH) == frozenset()
    assert idle_words(["been", "seen"], analyzer=ENGLISH) == {"been"}
    assert idle_words(["van", "longkanker"], analyzer=ENGLISH) == {"van"}
