"""Which institution and which address belong to whom."""

from publications.ingest.descriptive.affiliations import affiliate
from publications.ingest.descriptive.authors import find_byline
from publications.ingest.descriptive.emails import emails_of, likeness
from tests.publications.ingest.typeset import Set, layout_of, lines_of


def affiliated(*lines: Set) -> dict[str, tuple[str, ...]]:
    layout = layout_of(*lines)
    byline = find_byline(layout.first.lines, layout)
    return {one.author.name: one.affiliations for one in affiliate(byline.authors, layout.first.lines, layout.first)}


def emails(*lines: Set) -> dict[str, str]:
    layout = layout_of(*lines)
    byline = find_byline(layout.first.lines, layout)
    return {one.author.name: one.email for one in affiliate(byline.authors, layout.first.lines, layout.first)}


def test_institutions_are_found_by_their_marks():
    lines = (
        Set("Anna Bos^1,2^, Piet Smit^2^", 160, style="b"),
        Set("^1^ Institute of Falling Things,", 180, style="i"),
        Set("Ede, The Netherlands", 192, style="i"),
        Set("^2^ Radboud University", 204, style="i"),
    )

    assert affiliated(*lines) == {
        "Anna Bos": ("Institute of Falling Things, Ede, The Netherlands", "Radboud University"),
        "Piet Smit": ("Radboud University",),
    }


def test_several_institutions_may_share_a_line():
    lines = (
        Set("Anna Bos^1^, Piet Smit^2^", 160, style="b"),
        Set("^1^LaBRI, Université de Bordeaux – ^2^INRIA Sud-Ouest,", 180),
        Set("France", 192),
    )

    assert affiliated(*lines) == {
        "Anna Bos": ("LaBRI, Université de Bordeaux",),
        "Piet Smit": ("INRIA Sud-Ouest, France",),
    }


def test_what_a_mark_says_of_a_person_is_no_institution():
    lines = (
        Set("Anna Bos^1,*^, Piet Smit^*^", 160, style="b"),
        Set("^1^ Radboud University", 180),
        Set("^*^ Contributed equally to this university project", 700, size=8),
    )

    assert affiliated(*lines) == {"Anna Bos": ("Radboud University",), "Piet Smit": ()}


def test_without_marks_institutions_stand_below_the_names():
    lines = (
        Set("Anna Bos", 160, style="b"),
        Set("Department of Wind", 172, style="i"),
        Set("University of Twente", 184, style="i"),
        Set("Piet Smit", 210, style="b"),
        Set("Radboud University", 222, style="i"),
    )

    assert affiliated(*lines) == {
        "Anna Bos": ("Department of Wind, University of Twente",),
        "Piet Smit": ("Radboud University",),
    }


def test_who_stands_above_others_shares_their_institution():
    lines = (
        Set("Anna Bos", 160, style="b"),
        Set("Piet Smit", 172, style="b"),
        Set("University of Twente", 184, style="i"),
    )

    assert affiliated(*lines) == {"Anna Bos": ("University of Twente",), "Piet Smit": ("University of Twente",)}


def test_columns_have_institutions_of_their_own():
    lines = (
        Set("Anna Bos", 160, style="b", left=90),
        Set("Piet Smit", 160, style="b", left=340),
        Set("University of Twente", 172, style="i", left=72),
        Set("Radboud University", 172, style="i", left=320),
    )

    assert affiliated(*lines) == {"Anna Bos": ("University of Twente",), "Piet Smit": ("Radboud University",)}


def test_addresses_are_found_beside_the_name_or_by_it():
    lines = (
        Set("Anna Bos^1^", 160, style="b"),
        Set("CONTACT@EXAMPLE.ORG", 160, left=400),
        Set("Piet van den Berg^1^", 172, style="b"),
        Set("Els Bakker^1^", 184, style="b"),
        Set("^1^ Radboud University", 196, style="i"),
        Set("{p.vandenberg, els.bakker}@example.org", 208),
    )

    assert emails(*lines) == {
        "Anna Bos": "contact@example.org",
        "Piet van den Berg": "p.vandenberg@example.org",
        "Els Bakker": "els.bakker@example.org",
    }


def test_an_address_that_fits_nobody_is_nobodys():
    lines = (Set("Anna Bos^1^, Piet Smit^1^", 160, style="b"), Set("info@example.org", 180))

    assert emails(*lines) == {"Anna Bos": "", "Piet Smit": ""}


def test_addresses_may_be_written_out():
    (line,) = lines_of(Set("anna.bos [at] example.org, and piet @ example.org", 100))

    assert list(emails_of(line)) == ["anna.bos@example.org", "piet@example.org"]


def test_a_family_name_says_more_than_initials():
    address = "a.f.bos@example.org"

    assert likeness(address, "Anna Bos") > likeness(address, "Albert Smit")
    assert likeness("pvdb@example.org", "Piet van den Berg") > likeness("p@example.org", "Piet van den Berg") == 0
    assert likeness("jgonzalez@example.org", "José González") > 0
