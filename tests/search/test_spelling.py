import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.queries import Piece, respell, spelt_words

NODULES = {"nodles": "nodules", "lugn": "lung", "Nodles": "nodules", "NODLES": "nodules"}


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("nodles", "nodules"),
        ("lugn nodles", "lung nodules"),
        ("lugn  AND (nodles OR -mri)", "lung  AND (nodules OR -mri)"),
        ('"lugn nodles"~3 ct', '"lung nodules"~3 ct'),
        ("title:nodles year:2019", "title:nodules year:2019"),
        ("title:(nodles mri)", "title:(nodules mri)"),
        ("nodles, and (lugn)", "nodules, and (lung)"),
        ("see:nodles?", "see:nodules?"),
        ("“nodles”", "“nodules”"),
        ("Nodles NODLES", "Nodules NODULES"),
        ('"lugn nodles', '"lung nodules'),
        ("nodles AND", "nodules AND"),
    ],
)
def test_words_are_replaced_where_they_stand_and_the_rest_is_kept(text, spelt):
    assert str(respell(text, NODULES)) == spelt


@pytest.mark.parametrize(
    "text", ["", "nodules", "nodle* nodles~", "doi:nodles", "10.1000/nodles", "nod?les", "snodles"]
)
def test_other_words_are_left_alone(text):
    assert respell(text, NODULES) is None


def test_the_name_of_a_field_is_no_word():
    assert str(respell("title title:title", {"title": "titles"})) == "titles title:titles"


def test_a_replacement_with_capitals_of_its_own_keeps_them():
    assert str(respell("mir Eindhovne", {"mir": "MRI", "Eindhovne": "Eindhoven"})) == "MRI Eindhoven"


def test_what_changed_can_be_told_from_what_did_not():
    spelling = respell("low-dose lugn ct", {"lugn": "lung"})

    assert spelling is not None
    assert spelling.pieces == (Piece("low-dose "), Piece("lung", is_changed=True), Piece(" ct"))


def test_the_words_that_can_be_misspelt_are_those_of_texts_and_names():
    text = 'lugn, AND title:nodles ("van de Graaf" OR doi:10.1/x) -mri low-dose photo* 10.1000/abc year:2019'

    assert spelt_words(text) == ("lugn", "nodles", "van", "de", "Graaf", "mri", "low-dose")


def test_a_joined_word_is_replaced_as_a_whole_or_by_itself():
    assert str(respell("low-dsoe,", {"low-dsoe": "low-dose"})) == "low-dose,"


@given(st.text(max_size=80), st.text(min_size=1, max_size=8))
def test_whatever_was_typed_stays_but_for_the_words_replaced(text, word):
    spelling = respell(text, {word: "x"})

    if spelling is not None:
        assert "".join(word if piece.is_changed else piece.text for piece in spelling.pieces) == text
