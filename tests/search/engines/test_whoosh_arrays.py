"""Whoosh: arrays in files, numbers in order, the letters of words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.whoosh.arrays import ArrayFile, ArrayWriter, ranges, stable_order
from search.engines.whoosh.lexicon import signatures


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
