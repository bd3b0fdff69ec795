"""The title among all that stands large on a first page."""

import pytest

from publications.ingest.descriptive.front import find_title
from tests.publications.ingest.typeset import Set, layout_of, paper

TITLE = (
    Set("Counting autumn leaves: a study of the", 100, size=16, style="b"),
    Set("layer below a beech", 118, size=16, style="b"),
)
WHOLE = "Counting autumn leaves: a study of the layer below a beech"
AUTHORS = (Set("Anna Bos^1^, Piet Smit^1^", 150, size=11), Set("^1^ University of Twente", 166, style="i"))


def title_of(*lines: Set, info_title: str = "") -> str:
    found = find_title(layout_of(*lines), info_title=info_title)
    return found.text if found else ""


def test_the_title_is_the_largest_text_of_the_front():
    assert title_of(*paper(*TITLE, *AUTHORS)) == WHOLE


def test_a_hyphen_at_a_line_end_is_joined():
    title = (Set("Automatic seg-", 100, size=16), Set("mentation of leaves", 118, size=16))

    assert title_of(*paper(*title, *AUTHORS)) == "Automatic segmentation of leaves"


def test_the_mark_of_a_footnote_is_no_part_of_the_title():
    assert title_of(*paper(Set("Counting autumn leaves^∗^", 100, size=16), *AUTHORS)) == "Counting autumn leaves"


@pytest.mark.parametrize(
    "other",
    [
        Set("JOURNAL OF SLOW SONOGRAPHY", 60, size=20, style="b"),
        Set("Research Article", 80, size=18, style="i"),
        Set("Sonography", 60, size=20),
        Set("arXiv:1907.01234v1 [cs.CV] 3 Jul 2019", 60, size=20),
    ],
)
def test_what_journals_print_large_is_no_title(other: Set):
    assert title_of(*paper(other, *TITLE, *AUTHORS)) == WHOLE


def test_a_heading_as_large_as_the_title_does_not_end_it():
    lines = [Set("Introduction to leaves", 100, size=16), *AUTHORS, *paper()]

    assert title_of(*lines) == "Introduction to leaves"


def test_what_follows_a_colon_in_smaller_type_belongs_to_it():
    title = (Set("Counting leaves:", 100, size=18, style="b"), Set("how and why we did it", 122, size=14, style="b"))

    assert title_of(*paper(*title, *AUTHORS)) == "Counting leaves: how and why we did it"


def test_names_in_larger_type_are_no_title():
    lines = paper(
        Set("Anna Bos, Piet Smit, Els Bakker", 90, size=15),
        Set("Counting autumn leaves below a beech", 120, size=14, style="b"),
    )

    assert title_of(*lines) == "Counting autumn leaves below a beech"


def test_a_title_of_the_properties_settles_it_where_the_page_shows_it():
    lines = paper(
        Set("A GREAT JOURNAL OF NATURE", 70, size=20), Set("Counting leaves below a beech", 100, size=13), *AUTHORS
    )

    assert title_of(*lines, info_title="Counting Leaves Below a Beech") == "Counting leaves below a beech"


def test_a_title_of_the_properties_that_the_page_does_not_show_is_not_believed():
    assert title_of(*paper(*TITLE, *AUTHORS), info_title="Sample paper for this conference") == WHOLE


def test_a_running_header_confirms_the_title():
    header = Set("Counting leaves below a beech", 40, size=9, page=2)
    lines = [*paper(Set("Counting leaves below a beech", 100, size=14), *AUTHORS), header]

    found = find_title(layout_of(*lines))

    assert found is not None
    assert (found.text, found.is_confirmed) == ("Counting leaves below a beech", True)


def test_a_page_without_words_has_no_title():
    assert title_of(Set("12", 100, size=20), Set("2026-03-19", 130)) == ""
