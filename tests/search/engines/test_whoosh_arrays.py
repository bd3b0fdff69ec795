"""Whoosh: arrays in files, numbers in order, the letters of words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.whoosh.arrays import ArrayFile, ArrayWriter
from search.engines.whoosh.lexicon import signatures
from search.engines.whoosh.matches import Match
from search.engines.whoosh.sorted_arrays import is_among, places_among, ranges, stable_order, sums_before


def test_arrays_and_tables_are_read_back_as_written(tmp_path):
    with ArrayWriter(tmp_path / "a") as writer:
        writer.add("small", np.array([1, 2, 3], np.uint16))
        slot = writer.reserve("parts", np.int32, 10)
        writer.add_strings("words", [b"", b"arm", b"lung"])
        slot.append(np.array([7, 8], np.int32))
        slot.append(np.array([9], np.int32))
        writer.notes["audiences"] = ["public"]

    file = ArrayFile(tmp_path / "a")

    assert file["small"].tolist() == [1, 2, 3]
    assert file["parts"].tolist() == [7, 8, 9]
    assert file.read("parts", 1, 3).tolist() == [8, 9]
    assert file.strings("words").slice(0, 3) == [b"", b"arm", b"lung"]
    assert [file.strings("words").find(word) for word in (b"", b"arm", b"leg", b"zzz")] == [0, 1, -1, -1]
    assert file.notes == {"audiences": ["public"]}


def test_a_file_that_was_not_finished_is_no_file_of_arrays(tmp_path):
    with pytest.raises(ZeroDivisionError), ArrayWriter(tmp_path / "a") as writer:
        writer.add("small", np.array([1, 2, 3], np.uint16))
        raise ZeroDivisionError

    with pytest.raises(ValueError):
        ArrayFile(tmp_path / "a")


def test_more_than_there_is_room_for_is_refused(tmp_path):
    with ArrayWriter(tmp_path / "a") as writer:
        slot = writer.reserve("parts", np.int32, 1)

        with pytest.raises(ValueError):
            slot.append(np.array([1, 2], np.int32))


@given(st.lists(st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 65535, 65536, 2**32 - 1]))))
def test_numbers_are_put_in_order_and_equal_ones_left_in_theirs(numbers):
    keys = np.array(numbers, np.uint32)

    assert stable_order(keys).tolist() == sorted(range(len(numbers)), key=numbers.__getitem__)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5))), st.sampled_from([np.int32, np.int64]))
def test_ranges_follow_each_other(pairs, dtype):
    starts = np.array([start for start, _ in pairs], dtype)
    lengths = np.array([length for _, length in pairs], np.uint16)

    assert ranges(starts, lengths).tolist() == [n for start, length in pairs for n in range(start, start + length)]


@given(st.text("abcde1é", min_size=1, max_size=12), st.data())
def test_words_an_edit_apart_differ_in_two_letters_at_most(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    other = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + "x" + word[place:],
                word[:place] + "x" + word[place + 1 :],
            ]
        )
    )

    one, two = signatures([word, other])

    assert np.bitwise_count(one ^ two) <= 2


def in_order(numbers: set[int]) -> np.ndarray:
    return np.array(sorted(numbers), np.int32)


SETS = st.sets(st.integers(0, 400), max_size=120).map(in_order)
SMALL_SETS = st.sets(st.integers(0, 400), max_size=6).map(in_order)


@given(st.one_of(SETS, SMALL_SETS), st.one_of(SETS, SMALL_SETS), st.sampled_from([1, 100_000]))
def test_what_is_in_two_arrays_is_found_however_many_there_are(numbers, others, distance):
    numbers, others = numbers * distance, others * distance
    both = np.isin(numbers, others)

    assert is_among(numbers, others).tolist() == both.tolist()
    assert places_among(numbers, others).tolist() == np.flatnonzero(both).tolist()


@given(st.lists(st.integers(1, 2**16 - 1), max_size=60), st.data())
def test_counts_are_summed_up_to_some_of_them(counts, data):
    chosen = in_order(data.draw(st.sets(st.integers(0, max(0, len(counts) - 1)), max_size=len(counts))))

    found = sums_before(np.array(counts, np.uint16), chosen)

    assert found.tolist() == [sum(counts[:place]) for place in chosen.tolist()]


@given(st.lists(st.integers(0, 30), max_size=900), st.integers(1, 12), st.booleans())
def test_the_leading_records_are_among_the_few_that_are_looked_at(values, count, as_list):
    scores = np.array(values, np.float32)
    records = np.flatnonzero(scores)
    match = Match(records, scores[records]) if as_list else Match(places=scores)

    leading = match.leading(count).tolist()

    best = np.sort(scores[records])[::-1][:count]
    assert leading == sorted(set(leading) & set(records.tolist()))
    assert not len(best) or set(np.flatnonzero(scores >= best[-1]).tolist()) <= set(leading)
    assert match.values_of(match.leading(count)).tolist() == scores[leading].tolist()
