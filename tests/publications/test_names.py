"""Names of people: one person in every way of printing them, and two who are two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.names import (
    ALL_PARTICLES,
    PLAIN_SUFFIXES,
    FoldedName,
    compare_names,
    fold_name,
    fold_person_name,
    fold_printed_name,
)
from publications.vocabularies import Likeness


@pytest.mark.parametrize(
    ("given_name", "family_name", "printed"),
    [
        ("Jan", "van der Berg", "Jan van der Berg"),
        ("J.", "van der Berg", "J. van der Berg"),
        ("J. van der", "Berg", "J. van der Berg"),
        ("J.", "van der Berg", "Berg, J. van der"),
        ("J.", "van der Berg", "van der Berg, J."),
        ("Jan", "Van Der Berg", "Berg, Jan Van Der"),
        ("M.M.", "van den Heuvel-Eibrink", "M.M. van den Heuvel-Eibrink"),
        ("Marry", "Van den Heuvel-Eibrink", "Van den Heuvel-Eibrink, Marry"),
        ("Cesare", "d'Ancona", "d’Ancona, Cesare"),
        ("Bernard", "ten Haken", "Bernard ten Haken"),
        ("Maarten", "'t Hart", "Hart, Maarten 't"),
        ("Gabriel", "García Márquez", "García Márquez, Gabriel"),
        ("Martin Luther", "King Jr.", "Martin Luther King Jr."),
        ("Martin Luther", "King Jr.", "Martin Luther King, Jr."),
        ("Martin Luther, Jr.", "King", "King, Martin Luther, Jr."),
        ("Hendrik", "Jansen III", "Hendrik Jansen III"),
        ("伟", "王", "王伟"),
        ("", "Plato", "Plato"),
    ],
)
def test_a_name_is_the_same_however_it_is_printed(given_name, family_name, printed):
    one, other = fold_person_name(given_name, family_name), fold_printed_name(printed)

    assert one.whole == other.whole
    assert compare_names(one, other) in (Likeness.SAME, Likeness.SAME_INITIALS)


def test_a_name_is_taken_apart():
    assert fold_person_name("Marry", "van den Heuvel-Eibrink").core == "heuvel eibrink"
    assert fold_person_name("Cesare", "d'Ancona").core == "ancona"
    assert fold_person_name("J. T. D.", "Smit") == FoldedName(("j", "t", "d"), "smit")
    assert fold_person_name("J T D", "Smit") == FoldedName(("j", "t", "d"), "smit")
    assert fold_person_name("Thi Van", "Nguyen") == FoldedName(("thi", "van"), "nguyen")
    assert fold_person_name("Conan", "O'Brien").core == "o brien"
    assert fold_person_name("Martin Luther", "King Jr.").suffix == "jr"


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Berg, Jan van den", "van den Berg, J.", Likeness.INITIALS),
        ("Berg, Jan van den", "Berg, Jan", Likeness.PARTICLES),
        ("Berg, J. van den", "van den Berg, J.", Likeness.SAME_INITIALS),
        ("Jansen, J.P.", "Jansen, J.", Likeness.SAME_INITIALS),
        ("Abdi, Amir", "Abdi, Amir H.", Likeness.SHORTER),
        ("Zheng, Wei-Shi", "Zheng, Weishi", Likeness.SAME),
        ("Zhang, Wei", "Wei, Zhang", Likeness.ORDER),
        ("Müller, Jürgen", "Mueller, Juergen", Likeness.SPELLING),
        ("Kuijpers, Anne", "Kuypers, Anne", Likeness.SPELLING),
        ("Jansen, Marieke", "Janssen, Marieke", Likeness.SPELLING),
        ("Smit, Marieke", "Smit, Marijke", Likeness.SPELLING),
        ("García, Gabriel", "García Márquez, Gabriel", Likeness.SECOND_NAME),
        ("Smit, Anne", "Smit-de Vries, Anne", Likeness.SECOND_NAME),
        ("Gabriel García Márquez", "García Márquez, Gabriel", Likeness.SAME),
        ("King, Martin, Jr.", "King, Martin", Likeness.SUFFIX),
        ("O'Brien, Conan", "OBrien, Conan", Likeness.SAME),
        ("King, Martin, Jr.", "King, Martin, III", None),
        ("King, Martin, Jr.", "King, Mary", None),
        ("Jansen, Jan", "Jansen, Jos", None),
        ("Jansen, Jan", "Jansen, Jon", None),
        ("Abdi, Amir H.", "Abdi, Amir K.", None),
        ("Jansen, Jan", "Pietersen, Jan", None),
        ("Smit, Anne", "Bakker-Smit, Anne", None),
        ("Jansen, J.", "Janssen, J.", None),
        ("Jansen, Jan", "Jansen", None),
    ],
)
def test_two_names_are_alike_in_one_way(one, other, likeness):
    folded = fold_printed_name(one), fold_printed_name(other)

    assert compare_names(*folded) == likeness
    assert compare_names(*reversed(folded)) == likeness


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzéüøñç", min_size=2, max_size=9).map(str.capitalize)
INITIALS = st.lists(st.sampled_from("ABCDEGHJKLMNPRW"), min_size=1, max_size=3).map(
    lambda letters: " ".join(f"{letter}." for letter in letters)
)
PARTICLES = st.sampled_from(["", "van", "van der", "van den", "de", "ten", "von", "del", "la"])
NO_NAMES = {word.capitalize() for word in ALL_PARTICLES | PLAIN_SUFFIXES}
FAMILIES = st.one_of(LETTERS, st.tuples(LETTERS, LETTERS).map("-".join)).filter(
    lambda name: not NO_NAMES & set(name.split("-"))
)
GIVENS = st.one_of(LETTERS.filter(lambda name: name not in NO_NAMES), INITIALS)


@given(GIVENS, PARTICLES, FAMILIES)
def test_every_order_of_printing_folds_to_the_same(given_name, particles, family_name):
    whole_family = f"{particles} {family_name}".strip()
    forms = [
        fold_person_name(given_name, whole_family),
        fold_person_name(f"{given_name} {particles}".strip(), family_name),
        fold_printed_name(f"{given_name} {whole_family}"),
        fold_printed_name(f"{whole_family}, {given_name}"),
        fold_printed_name(f"{family_name}, {given_name} {particles}".strip()),
    ]

    assert len(set(forms)) == 1


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared_either_way(given_name, family_name, other_given, other_family):
    one, other = fold_person_name(given_name, family_name), fold_person_name(other_given, other_family)

    assert compare_names(one, other) == compare_names(other, one)
    assert fold_name(fold_name(family_name)) == fold_name(family_name)
    fold_printed_name(given_name)
