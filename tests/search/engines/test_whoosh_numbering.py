"""Numbers of spellings: those that are looked up all at once are those that are looked up one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.whoosh import numbering
from search.engines.whoosh.numbering import Numbering, SpellingNumbers

WORDS = st.one_of(
    st.sampled_from(["a", "b", "heart", "hearts", "eightlet", "sixteen-letters-", "seventeen-letters", "é", "ﬁ"]),
    st.text(alphabet="ab", min_size=1, max_size=40),
)
LINES = st.lists(st.tuples(WORDS, st.integers(1, 9)).map(lambda pair: pair[0] + " " * pair[1]), max_size=40).map(
    lambda parts: "".join(parts).encode()
)


@given(st.lists(LINES, max_size=4), st.booleans(), st.sampled_from([5, 40, 1 << 18]))
@settings(max_examples=500)
def test_the_numbers_of_a_line_are_those_of_its_words(lines, starts_with_space, part_bytes):
    one_by_one, at_once = Numbering[bytes](), SpellingNumbers()
    for line in lines:
        line = b" " * starts_with_space + line
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numbering, "_PART_BYTES", part_bytes)
            numbers, starts = at_once.in_line(line)

        assert [list(at_once)[number] for number in numbers.tolist()] == line.split()
        assert [line[start:].split()[0] for start in starts.tolist()] == line.split()
        assert len(set(numbers.tolist())) == len(set(one_by_one.of(line.split()).tolist()))


def test_a_spelling_keeps_its_number():
    spellings = SpellingNumbers()
    first, _ = spellings.in_line(b"low dose")
    spellings.in_line(b" ".join(b"word%d" % number for number in range(20_000)))

    assert spellings.in_line(b"dose word19999 low")[0].tolist() == [first[1], 20_001, first[0]]
    assert len(spellings) == 20_002


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 20_000), max_size=300)), max_size=6))
@settings(max_examples=30)
def test_it_does_not_matter_how_a_spelling_was_asked_for_first(batches):
    spellings, numbers = SpellingNumbers(), dict[bytes, int]()
    for is_line, batch in batches:
        words = [b"%dth-spelling" % number for number in batch]
        found = spellings.in_line(b" ".join(words))[0] if is_line else spellings.of(words)
        for word, number in zip(words, found.tolist(), strict=True):
            assert numbers.setdefault(word, number) == number
    assert sorted(numbers.values()) == list(range(len(spellings)))


def test_words_that_want_the_same_place_are_told_apart(monkeypatch):
    monkeypatch.setattr(numbering.random, "getrandbits", lambda bits: 0)
    spellings = SpellingNumbers()
    words = [b"%dx" % number for number in range(300)]
    numbers, _ = spellings.in_line(b" ".join(words))

    assert numbers.tolist() == list(range(300))
    assert np.array_equal(spellings.in_line(b" ".join(words))[0], numbers)


@pytest.mark.parametrize("line", [b"", b" ", b"   "])
def test_nothing_in_a_line(line):
    numbers, starts = SpellingNumbers().in_line(line)

    assert len(numbers) == len(starts) == 0


def test_what_was_asked_for_by_itself_has_one_number():
    spellings = SpellingNumbers()
    alone = spellings.of([b"heart"])

    assert spellings.in_line(b"heart heart")[0].tolist() == [alone[0], alone[0]]
    assert len(spellings) == 1
