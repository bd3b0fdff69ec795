"""Who the authors are, on title pages of many designs: by labels, by how names are set, by where lists go on."""

import pytest

from publications.ingest.descriptive.authors import find_byline
from tests.publications.ingest.typeset import Set, layout_of


def names(*lines: Set) -> list[str]:
    layout = layout_of(*lines)
    return [author.name for author in find_byline(layout.first.lines, layout).authors]


def marks(*lines: Set) -> dict[str, tuple[str, ...]]:
    layout = layout_of(*lines)
    return {author.name: author.marks for author in find_byline(layout.first.lines, layout).authors}


def test_one_author_a_line_with_the_address_at_the_other_side():
    lines = (
        Set("Anna Bos^1^", 160, style="b"),
        Set("anna.bos@example.org", 160, left=400),
        Set("Jan van den Berg^2^", 174, style="b"),
        Set("jan@example.org", 174, left=400),
        Set("^1^ Instituut voor Proeven, Ede, The Netherlands", 188, style="i"),
        Set("^2^ Radboud University, Nijmegen, The Netherlands", 202, style="i"),
    )

    assert marks(*lines) == {"Anna Bos": ("1",), "Jan van den Berg": ("2",)}


def test_a_list_that_goes_on_in_the_next_line():
    lines = (
        Set("Anna Bos^1,2^, Jan van den Berg^1^, Noor de", 160, style="b"),
        Set("Wit^2^, and Piet Smit^*^", 174, style="b"),
        Set("^1^ Institute of Falling Things, ^2^ Bureau of Wind", 190),
    )

    assert marks(*lines) == {
        "Anna Bos": ("1", "2"),
        "Jan van den Berg": ("1",),
        "Noor de Wit": ("2",),
        "Piet Smit": ("*",),
    }


def test_a_whole_name_at_a_line_end_is_taken_apart_from_the_next():
    lines = (
        Set("Anna Bos, Jan van den Berg, Noor Visser", 160, size=12),
        Set("Piet Smit, Els Bakker", 176, size=12),
    )

    assert names(*lines) == ["Anna Bos", "Jan van den Berg", "Noor Visser", "Piet Smit", "Els Bakker"]


def test_authors_in_columns_over_their_institutions():
    lines = (
        Set("Anna Bos", 160, left=80),
        Set("University of Twente", 172, left=70),
        Set("anna@example.org", 184, left=70),
        Set("Piet Smit", 160, left=340),
        Set("Medisch Spectrum, Enschede, The Netherlands", 172, left=300),
        Set("Els Bakker", 210, left=80),
        Set("Bakery Inc., Deventer, The Netherlands", 222, left=70),
    )

    assert names(*lines) == ["Anna Bos", "Piet Smit", "Els Bakker"]


def test_marks_that_are_not_raised_are_no_part_of_a_name():
    assert marks(Set("Anna Bos1,2, Piet Smit* and Els Bakker‡", 160, style="b")) == {
        "Anna Bos": ("1", "2"),
        "Piet Smit": ("*",),
        "Els Bakker": ("‡",),
    }


def test_marks_behind_the_comma_belong_to_the_name_before_it():
    assert marks(Set("Anna Bos,^1^ Piet Smit,^2^ Els Bakker^3^", 160)) == {
        "Anna Bos": ("1",),
        "Piet Smit": ("2",),
        "Els Bakker": ("3",),
    }


def test_family_names_first():
    assert names(Set("Di Cosmo, Roberto^1^ and Bakker, Els^2^", 160)) == ["Roberto Di Cosmo", "Els Bakker"]


@pytest.mark.parametrize(
    "lines",
    [
        (
            Set("Redacteurs:", 200, style="b"),
            Set("Nil Bakker (Logius)", 214, left=90),
            Set("Auteurs:", 230, style="b"),
            Set("Anna Bos (Ministerie van Zaken en Dingen)", 244, left=90),
            Set("Piet van der Smit (Logius)", 258, left=90),
            Set("Doe mee:", 274, style="b"),
            Set("Els Bakker", 288, left=90),
        ),
        (Set("Onderzoek naar Bladeren", 180, size=14), Set("Auteurs: Anna Bos en Piet van der Smit", 214)),
    ],
)
def test_a_label_says_who_the_authors_are(lines: tuple[Set, ...]):
    assert names(*lines) == ["Anna Bos", "Piet van der Smit"]


def test_what_stands_in_brackets_is_the_institution():
    layout = layout_of(Set("Authors:", 200, style="b"), Set("Anna Bos (Ministry of Things and Affairs)", 214))

    authors = find_byline(layout.first.lines, layout).authors

    assert [(author.name, author.affiliation) for author in authors] == [("Anna Bos", "Ministry of Things and Affairs")]


def test_editors_and_reviewers_are_no_authors():
    lines = (
        Set("Anna Bos", 160),
        Set("Edited by", 200, style="b"),
        Set("Piet Smit", 212),
        Set("Reviewed by", 224, style="b"),
        Set("Els Bakker", 236),
        Set("Academic Editor: Noor Visser", 260),
    )

    assert names(*lines) == ["Anna Bos"]


def test_a_collaboration_signs_for_itself():
    layout = layout_of(Set("The Beech and Oak Collaborations", 160, size=14))

    (author,) = find_byline(layout.first.lines, layout).authors

    assert (author.name, author.is_group) == ("The Beech and Oak Collaborations", True)


def test_people_named_in_the_text_are_no_authors():
    text = [
        Set("Anna Bos", 160),
        Set("In the garden of Piet Smit we have measured how leaves fall from a", 200),
        Set("beech, which is a tree that keeps them for a long time indeed, and", 212),
        Set("then we have asked the neighbours what they think about all of it.", 224),
        Set("Els Bakker", 236),
    ]

    assert names(*text) == ["Anna Bos"]


def test_a_page_without_names_has_no_authors():
    assert names(Set("Version 3.0 of 2026", 160), Set("https://example.org/report", 180)) == []
