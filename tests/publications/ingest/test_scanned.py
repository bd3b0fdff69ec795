"""Recognised lines as the rest of the hub reads pages: words on a picture, and lines with a size for each font."""

import pytest

from publications.ingest.descriptive.layout import read_pages
from publications.ingest.scanned import even_out, page_layout, without_addresses, words_of


def line(*words: str, size: float = 0.012, baseline: float = 0.1, gap: float = 0.01) -> list:
    """A line of words, each a tenth of the page wide and as high as the line."""
    places = [0.1 + place * (0.1 + gap) for place in range(len(words))]
    return [
        size,
        baseline,
        [[word, left, baseline - size, left + 0.1, baseline, 0] for word, left in zip(words, places, strict=True)],
    ]


def lines_of(told: list) -> list:
    (page,) = read_pages([page_layout(1, told, width=600, height=800)])
    return list(page.lines)


def test_words_have_places_and_halves_know_the_whole():
    first, second = words_of([line("seg-", baseline=0.1), line("mentation", baseline=0.2)])

    assert (first.x, first.y, first.width, first.height) == pytest.approx((0.1, 0.088, 0.1, 0.012))
    assert (first.whole, second.whole) == ("segmentation", "segmentation")


def test_words_of_addresses_are_dropped_over_the_ends_of_lines():
    told = [line("Ask", "anna.vos@"), line("example.org", "today")]

    assert [word[0] for _, _, words in without_addresses(told) for word in words] == ["Ask", "today"]


def test_sizes_near_that_of_most_letters_are_that_size():
    assert even_out([10.0, 9.6, 11.9, 16.0, 15.3, 7.0], [500, 400, 12, 40, 30, 20]) == [10, 10, 10, 15.3, 15.3, 7]


def test_a_wide_gap_parts_columns():
    told = [line("Ada", "Lovelace", gap=0.005), line("Bas", "Smit", baseline=0.2, gap=0.3)]

    assert [line.text for line in lines_of(told)] == ["Ada Lovelace", "Bas", "Smit"]


@pytest.mark.parametrize(
    ("word", "plain"),
    [("Abdi!", "Abdi"), ("Zhang’", "Zhang"), ("Smith1,2", "Smith"), ("O’Connor*", "O’Connor"), ("Elss)!", "Elss)")],
)
def test_what_a_raised_number_is_misread_as_is_a_mark(word, plain):
    (found,) = lines_of([line("Ada", word, gap=0.005)])

    assert found.plain == f"Ada {plain}"
    assert found.text == f"Ada {word}"


@pytest.mark.parametrize("word", ["COVID-19", "end.", "(GA-SSD):", "U-Net", "x2"])
def test_other_ends_of_words_are_none(word):
    (found,) = lines_of([line("the", word, gap=0.005)])

    assert found.plain == f"the {word}"
