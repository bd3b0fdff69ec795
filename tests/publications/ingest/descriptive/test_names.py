"""Whether a text is a person's name, and which part of it is the family name."""

import pytest

from publications.ingest.descriptive.names import as_name, read_person


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Marieke van der Hoeven", "Marieke van der Hoeven"),
        ("M.J. de Vries", "M.J. de Vries"),
        ("Peter H. N. de With", "Peter H. N. de With"),
        ("Noel E. O’Connor", "Noel E. O’Connor"),
        ("Xavier Giró-i-Nieto", "Xavier Giró-i-Nieto"),
        ("Bernard ’t Hart", "Bernard ’t Hart"),
        ("J.-P. Dupont", "J.-P. Dupont"),
        ("Weinan E", "Weinan E"),
        ("April Page", "April Page"),
        ("Dr. ir. Jan Smit, PhD", "Jan Smit"),
        ("Prof. Dr. Anna Bos MD", "Anna Bos"),
        ("by Abraham Loeb", "Abraham Loeb"),
        ("Jan Smit (Logius)", "Jan Smit"),
        ("Tanja Lossau (née Elss)", "Tanja Lossau (née Elss)"),
        ("ANNA VAN DEN BERG", "ANNA VAN DEN BERG"),
        ("Lei Jun Ma", "Lei Jun Ma"),
        ("Hae Wook J.", "Hae Wook J."),
    ],
)
def test_names_are_known_as_names(printed: str, name: str):
    assert as_name(printed) == name


@pytest.mark.parametrize(
    "printed",
    [
        "Radboud University",
        "Department of Radiology",
        "Siemens Healthcare",
        "University of Twente",
        "The Netherlands",
        "United Kingdom",
        "Nijmegen",
        "contributed equally",
        "Corresponding Author",
        "Keywords",
        "Deep learning for images",
        "5600 MB Eindhoven",
        "info@example.org",
        "Inria Bordeaux",
        "J. P.",
        "",
        "a b c d e f g h i",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(printed: str):
    assert as_name(printed) == ""


@pytest.mark.parametrize(
    ("printed", "family", "given"),
    [
        ("Marieke van der Hoeven", "van der Hoeven", "Marieke"),
        ("Sofie Brouwer-de Wit", "Brouwer-de Wit", "Sofie"),
        ("A. M. Jansen-van den Berg", "Jansen-van den Berg", "A. M."),
        ("Anne-Marie de Wit", "de Wit", "Anne-Marie"),
        ("Vincenzo de Paola", "de Paola", "Vincenzo"),
        ("R. Marc Lebel", "Lebel", "R. Marc"),
        ("Ross G. DOUGLAS", "Douglas", "Ross G."),
        ("PUYOL-ANTÓN Esther", "Puyol-Antón", "Esther"),
        ("JAN SMIT", "Smit", "Jan"),
        ("Tanja Lossau (née Elss)", "Lossau (née Elss)", "Tanja"),
    ],
)
def test_a_name_is_taken_apart(printed: str, family: str, given: str):
    agent = read_person(printed)

    assert (agent.family_name, agent.given_name) == (family, given)


@pytest.mark.parametrize(
    ("printed", "hints", "family"),
    [
        ("Ismail Ben Ayed", "© 2019 H. Kervadec, J. Dolz & I. Ben Ayed.", "Ben Ayed"),
        ("Meritxell Bach Cuadra", "M. Bach Cuadra et al.", "Bach Cuadra"),
        ("Noel Peter Smit", "see N. P. Smit and A. Bos", "Smit"),
        ("Noel Peter Smit", "nothing of the kind", "Smit"),
    ],
)
def test_short_forms_elsewhere_tell_where_the_family_name_begins(printed: str, hints: str, family: str):
    assert read_person(printed, hints=hints).family_name == family
