from itertools import chain
from pathlib import Path

import pytest

from search.analysis import DUTCH, ENGLISH, NEUTRAL, UNKNOWN, Analyzer, dutch, english, get_analyzer
from search.analysis.patterns import idle_words, phrase_patterns, word_patterns
from search.analysis.tokens import fold

PAIRS = Path(__file__).parent


def pairs_of(file: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Forms of one word, and words that are two."""
    lines = (PAIRS / file).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    pairs = [tuple(fold(word.removesuffix("'s")) for word in line.split()) for line in lines if line != "---"]
    border = lines.index("---")
    return pairs[:border], pairs[border:]


def joined(pairs: list[tuple[str, str]], analyzer: Analyzer) -> list[tuple[str, str]]:
    return [pair for pair in pairs if not analyzer.keys(pair[0]).isdisjoint(analyzer.keys(pair[1]))]


def test_dutch_forms_of_one_word_are_found_by_each_other():
    related, _ = pairs_of("dutch_pairs.txt")

    missed = set(related) - set(joined(related, DUTCH))

    assert len(related) == 235
    assert missed == {("hoger", "hoogste"), ("scannen", "scant"), ("voorspellen", "voorspelt")}


def test_dutch_words_that_only_look_alike_are_not_taken_for_one():
    _, different = pairs_of("dutch_pairs.txt")

    assert len(different) == 106
    assert joined(different, DUTCH) == []


def test_english_forms_of_one_word_are_found_by_each_other_however_they_are_spelled():
    related, _ = pairs_of("english_pairs.txt")

    missed = set(related) - set(joined(related, ENGLISH))

    assert len(related) == 147
    assert missed == {("index", "indices"), ("matrix", "matrices"), ("surgeon", "surgery"), ("volume", "volumetric")}


def test_english_words_that_only_look_alike_are_not_taken_for_one():
    _, different = pairs_of("english_pairs.txt")

    assert len(different) == 53
    assert joined(different, ENGLISH) == [("import", "importance")]


@pytest.mark.parametrize(
    ("analyzer", "stop_words"), [(DUTCH, dutch.STOP_WORDS), (ENGLISH, english.STOP_WORDS)], ids=["nl", "en"]
)
def test_a_stop_word_is_a_form_of_no_other_word(analyzer: Analyzer, stop_words: frozenset[str]) -> None:
    pairs = chain.from_iterable(pairs_of("dutch_pairs.txt") + pairs_of("english_pairs.txt"))
    others = set(chain.from_iterable(pairs)) - stop_words

    joined_to = {(stop, word) for stop in stop_words for word in others if analyzer.keys(stop) & analyzer.keys(word)}

    assert joined_to == set()


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
