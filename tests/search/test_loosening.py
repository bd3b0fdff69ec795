"""Words written as one, looked for by their parts too."""

from search.queries import And, Or, Word, loosen, parse


def test_parts_stand_beside_the_word():
    assert loosen(parse("micro-expression recognition")) == Or(
        (Word("micro-expression"), Word("micro"), Word("expression"), Word("recognition"))
    )


def test_a_lone_word_becomes_alternatives():
    assert loosen(Word("low-dose")) == Or((Word("low-dose"), Word("low"), Word("dose")))


def test_weights_are_kept_and_single_letters_left_out():
    assert loosen(Word("U-Net", weight=0.5)) == Or((Word("U-Net", weight=0.5), Word("net", weight=0.5)))


def test_what_must_be_there_and_fields_stay_as_they_are():
    for typed in ("low-dose AND lung", "title:low-dose", '"low-dose CT"', "lung"):
        assert loosen(parse(typed)) == parse(typed)
    assert isinstance(parse("low-dose AND lung"), And)
