"""Reading texts as spellings: the same words, at the same places, as cutting them word by word."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import ENGLISH
from search.analysis.tokens import INVISIBLE, terms_in, tokenize
from search.engines.whoosh.spellings import Spellings

LETTERS = "aBeİſﬁßéΣs1२0日本e\u0301\ud800"
BETWEEN = "'’\"-‐/.,:;_() \t\n\r\u00a0\u2009\u2028—…“”"
TRICKY = st.text(alphabet=LETTERS + BETWEEN + INVISIBLE, max_size=40)


def words_read(spellings: Spellings, text: str) -> list[tuple[int, str]]:
    """Positions and words of a text that was read and learned."""
    read = spellings.read([text])[0]
    spellings.learn()
    counts, words, offsets = spellings.words_in(read)
    widths = spellings.widths[read]
    begins = np.repeat(np.cumsum(widths) - widths, counts)
    names = spellings.words()
    return sorted(
        (position, names[word]) for position, word in zip((begins + offsets).tolist(), words.tolist(), strict=True)
    )


@given(st.one_of(st.text(), TRICKY))
@settings(max_examples=2000)
def test_the_same_words_as_word_by_word(text):
    assert words_read(Spellings(), text) == sorted((token.position, token.term) for token in tokenize(text))


@given(st.lists(st.one_of(st.text(), TRICKY), max_size=6))
@settings(max_examples=500)
def test_texts_read_together_are_read_as_each_by_itself(texts):
    together, alone = Spellings(), Spellings()
    numbers, counts = together.read(texts)
    of_each = [alone.read([text])[0] for text in texts]

    assert counts.tolist() == [len(read) for read in of_each]
    assert len(set(numbers.tolist())) == len(together) == len(alone)
    together.learn()
    assert together.lines(counts, numbers) == [" ".join(terms_in(text, joined=False)) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "U-Net, low-dose CT (3.5T/1,5 T) at the patient's bed: e.g. an exam-\n  ple.",
        "A.B. and A.B.C d/e/f/g/h 18F-FDG COVID-19 ‘t “quoted” foto’s 2,3-dihydro 1.2.3rc4 --x-- ....",
        f"{'a' * 70} {'b' * 40}-{'c' * 40} https://example.org/a_b/c.d?e=f",
    ],
)
def test_words_of_known_shapes(text):
    assert words_read(Spellings(), text) == sorted((token.position, token.term) for token in tokenize(text))


def test_what_was_learned_before_keeps_its_numbers():
    spellings = Spellings()
    first = words_read(spellings, "Low-dose scans of the heart.")

    assert words_read(spellings, "the dose, then other words") == [
        (0, "the"),
        (1, "dose"),
        (2, "then"),
        (3, "other"),
        (4, "words"),
    ]
    assert words_read(spellings, "Low-dose scans of the heart.") == first


def test_punctuation_and_capitals_make_no_words_of_their_own():
    spellings = Spellings()
    words_read(spellings, "Model model, (model) MODEL: model.")

    assert spellings.words() == ["model"]


@pytest.mark.parametrize("glue", ["\u00a0", "—", "\u2028", "…"])
def test_odd_spaces_and_dashes_glue_nothing(glue):
    spellings = Spellings()
    words_read(spellings, glue.join(["é", "model", "scan"] * 20))

    assert len(spellings) == 3


def test_stop_words_say_nothing():
    spellings = Spellings()
    words_read(spellings, "the heart")

    assert spellings.speaks(ENGLISH).tolist() == [False, True]
