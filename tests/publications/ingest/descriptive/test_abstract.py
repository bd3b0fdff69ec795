"""The abstract and the keywords: where they begin, where they end, and what is none."""

import pytest

from publications.ingest.descriptive.abstract import find_abstract, find_keywords
from publications.ingest.descriptive.front import front_lines
from publications.ingest.descriptive.layout import Layout
from tests.publications.ingest.typeset import BODY, SENTENCES, Set, layout_of, paper, paragraph

FRONT = (Set("Counting autumn leaves", 100, size=16, style="b"), Set("Anna Bos", 130, size=12))


def abstract_of(layout: Layout) -> str:
    front, _end = front_lines(layout)
    found = find_abstract(layout, [line for line in front if line.baseline > 110], vocabulary=[])
    return found.text if found else ""


def test_an_abstract_ends_where_the_first_section_begins():
    assert abstract_of(layout_of(*paper(*FRONT))) == SENTENCES


def test_an_abstract_ends_at_its_keywords():
    lines = paper(*FRONT)
    last = next(line for line in lines if line.style == "b" and "Introduction" in line.text)
    lines.append(Set("Keywords: leaves, wind; ladders", last.down - 12, size=9, left=100))

    layout = layout_of(*lines)

    assert abstract_of(layout) == SENTENCES
    assert find_keywords(layout, vocabulary=[]) == ("leaves", "wind", "ladders")


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Abstract. ", SENTENCES),
        ("Abstract—", SENTENCES),
        ("Samenvatting: ", SENTENCES),
    ],
)
def test_an_abstract_may_run_in(heading: str, text: str):
    lines = [
        *FRONT,
        *paragraph(heading + text, 200, size=9, left=100, width=400),
        Set("1 Introduction", 300, style="b"),
    ]
    lines += paragraph(BODY, 320)

    assert abstract_of(layout_of(*lines)) == SENTENCES


def test_a_heading_with_blanks_between_its_letters():
    lines = [*FRONT, Set("A B S T R A C T", 200), *paragraph(SENTENCES, 220), Set("1. Introduction", 300, style="b")]

    assert abstract_of(layout_of(*lines)) == SENTENCES


def test_parts_of_an_abstract_do_not_end_it():
    lines = [
        *FRONT,
        Set("Abstract", 180, size=14, style="b"),
        Set("Background", 200, style="b"),
        *paragraph(SENTENCES, 214),
        Set("Methods", 280, style="b"),
        *paragraph("We climbed a ladder and counted all the leaves that we could see from there.", 294),
        Set("Introduction", 330, size=14, style="b"),
        *paragraph(BODY, 350),
    ]

    assert abstract_of(layout_of(*lines)) == (
        f"Background {SENTENCES} Methods We climbed a ladder and counted all the leaves that we could see from there."
    )


def test_an_abstract_goes_on_over_footnotes_to_the_next_page():
    lines = paper(*FRONT, begin=700)
    first = [line for line in lines if line.down < 770 and line.page == 1]
    abstract = [line for line in lines if line.page == 1 and line.size == 9]
    rest = [Set(line.text, 60 + 12 * place, size=9, left=100, page=2) for place, line in enumerate(abstract[4:])]
    footnote = Set("∗ Equal contribution, in the order of the alphabet", 790, size=7)
    body = [Set("1. Introduction", 140, size=12, style="b", page=2), *paragraph(BODY * 3, 170, page=2)]

    layout = layout_of(*first[: 3 + 4], footnote, *rest, *body)

    assert abstract_of(layout) == SENTENCES


def test_two_columns_are_not_mixed():
    lines = [
        *FRONT,
        Set("Abstract", 180, size=11, style="b", left=150),
        *paragraph(SENTENCES, 196, left=72, width=220),
        Set("1 Introduction", 320, size=11, style="b"),
        *paragraph(BODY, 336, left=72, width=220),
        *paragraph(BODY * 2, 180, left=320, width=220),
    ]

    assert abstract_of(layout_of(*lines)) == SENTENCES


def test_a_paragraph_set_apart_before_the_text_is_an_abstract_without_a_heading():
    lines = [
        *FRONT,
        *paragraph(SENTENCES, 170, size=9, left=110, width=380),
        Set("I. INTRODUCTION", 260, style="b"),
        *paragraph(BODY * 3, 280),
    ]

    assert abstract_of(layout_of(*lines)) == SENTENCES


def test_the_first_paragraph_of_the_text_is_no_abstract():
    assert abstract_of(layout_of(*FRONT, *paragraph(BODY * 3, 170))) == ""


def test_rights_are_no_abstract():
    rights = "This is an open access article which permits unrestricted use and sharing in any medium. " * 3
    lines = [*FRONT, *paragraph(rights, 170, size=8, left=110, width=380), Set("1 Introduction", 300, style="b")]

    assert abstract_of(layout_of(*lines, *paragraph(BODY * 3, 320))) == ""


def test_a_table_of_contents_names_a_summary_but_is_none():
    contents = ["Samenvatting", "Inleiding", "Het doel van dit document", "Voor wie het is", "Architectuur", "Bijlagen"]
    lines = [*FRONT, Set("Inhoudsopgave", 200, size=14)]
    lines += [Set(entry, 220 + 16 * place, style="b") for place, entry in enumerate(contents)]
    lines += [Set("Samenvatting", 100, size=14, page=2), *paragraph(SENTENCES, 120, page=2)]
    lines += [Set("1. Inleiding", 260, size=14, page=2), *paragraph(BODY, 280, page=2)]

    assert abstract_of(layout_of(*lines)) == SENTENCES


def test_a_summary_behind_the_text_is_no_abstract():
    lines = [*FRONT, Set("1 Introduction", 200, style="b", size=12), *paragraph(BODY * 3, 220)]
    lines += [Set("Summary", 100, size=12, style="b", page=2), *paragraph(SENTENCES, 120, page=2)]

    assert abstract_of(layout_of(*lines)) == ""


def test_keywords_may_stand_below_each_other():
    lines = [*FRONT, Set("Keywords:", 200, style="b")]
    lines += [Set("Leaf counting", 212), Set("Wind", 224), Set("1 Introduction", 260, style="b")]

    assert find_keywords(layout_of(*lines), vocabulary=[]) == ("Leaf counting", "Wind")
