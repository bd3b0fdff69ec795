import pytest

from publications.formats.names import read_name, split_particle, split_suffix, write_name
from publications.metadata import Agent


@pytest.mark.parametrize(
    ("family_name", "parts"),
    [
        ("van der Hoeven", ("van der", "Hoeven")),
        ("'t Hart", ("'t", "Hart")),
        ("van 't Hof", ("van 't", "Hof")),
        ("De Smet", ("", "De Smet")),
        ("d'Alembert", ("", "d'Alembert")),
        ("Jansen", ("", "Jansen")),
        ("boyd", ("", "boyd")),
        ("Garcia y Vega", ("", "Garcia y Vega")),
        ("", ("", "")),
    ],
)
def test_particles_are_the_lower_case_words_before_a_family_name(family_name, parts):
    assert split_particle(family_name) == parts


def test_a_suffix_stands_after_a_family_name():
    assert split_suffix("King Jr.") == ("King", "Jr.")
    assert split_suffix("Jansen III") == ("Jansen", "III")
    assert split_suffix("Jansen") == ("Jansen", "")
    assert split_suffix("Jr.") == ("Jr.", "")


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("Jansen, Jan", Agent("Jansen", "Jan")),
        ("van der Hoeven, Marieke", Agent("van der Hoeven", "Marieke")),
        ("Marieke van der Hoeven", Agent("van der Hoeven", "Marieke")),
        ("Jan Jansen", Agent("Jansen", "Jan")),
        ("King, Martin Luther, Jr.", Agent("King Jr.", "Martin Luther")),
        ("Plato,", Agent("Plato")),
        ("Siemens", Agent("Siemens", is_organisation=True)),
        ("Universiteit Twente", Agent("Universiteit Twente", is_organisation=True)),
        ("Ministry of Health, Welfare and Sport", Agent("Ministry of Health, Welfare and Sport", is_organisation=True)),
        ("{Jan Jansen}", Agent("Jan Jansen", is_organisation=True)),
        ("Acme Twente,", Agent("Acme Twente", is_organisation=True)),
    ],
)
def test_a_name_is_a_person_or_sounds_like_an_organisation(text, agent):
    assert read_name(text) == agent


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        (Agent("van der Hoeven", "Marieke"), "van der Hoeven, Marieke"),
        (Agent("Plato"), "Plato,"),
        (Agent("Siemens", is_organisation=True), "Siemens"),
        (Agent("Acme Twente", is_organisation=True), "Acme Twente,"),
        (Agent("Jansen, Smit, Vos", is_organisation=True), "{Jansen, Smit, Vos}"),
    ],
)
def test_a_name_is_written_as_plainly_as_can_be_read_back(agent, text):
    assert write_name(agent) == text
    assert read_name(text) == agent
