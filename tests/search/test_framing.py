"""What only asks for somebody is not looked for, and everything else is."""

import pytest

from search.queries import Or, Phrase, Query, Word, leaves, parse, unframe
from search.understanding import understand


def asked(query: Query) -> list[str]:
    return [leaf.text for leaf in leaves(query) if isinstance(leaf, (Word, Phrase))]


@pytest.mark.parametrize(
    ("typed", "left_out"),
    [
        ("wij zoeken iemand die verstand heeft van echografie", ["zoeken", "iemand", "verstand"]),
        ("Wie weet iets van leverbiopsie?", ["Wie", "weet"]),
        ("waar vind ik een specialist in prostaatkanker", ["vind", "specialist"]),
        ("iemand met ervaring met MRI bij kinderen", ["iemand", "ervaring"]),
        ("Who knows about liver ultrasound?", ["Who", "knows"]),
        ("We are a company looking for an expert in photon counting", ["company", "looking", "expert"]),
        ("Which researcher can help with stroke", ["Which", "researcher", "help"]),
        ("Is there anyone working on dosimetry", ["anyone", "working"]),
    ],
)
def test_words_that_ask_for_somebody_are_left_out(typed: str, left_out: list[str]) -> None:
    query, words = unframe(parse(typed))

    assert [word.rstrip("?") for word in words] == [word for word in left_out if word != "Which"]
    assert asked(query) == [text for text in asked(parse(typed)) if text not in words]


@pytest.mark.parametrize(
    "typed",
    [
        "expert systems",
        "knowledge distillation",
        "how patients experience MRI",
        "specialist nurses",
        "WHO guidelines",
        "kennis delen",
        "who knows",
        "wie weet iets",
        "lung AND expert",
        "title:expert anyone:x",
        "",
    ],
)
def test_other_questions_stay_as_they_are(typed: str) -> None:
    assert unframe(parse(typed)) == (parse(typed), ())


def test_a_word_in_quotation_marks_is_looked_for() -> None:
    query, words = unframe(parse('who knows "expert" systems'))

    assert (Phrase("expert") in leaves(query) or Word("expert") in leaves(query), words) == (True, ("who", "knows"))


def test_one_word_that_is_left_stands_alone() -> None:
    assert unframe(parse("anyone working sonography")) == (Word("sonography"), ("anyone", "working"))
    assert unframe(Or((Word("anyone"), Phrase("spin echo")))) == (Phrase("spin echo"), ("anyone",))


def test_a_reader_is_told_and_can_have_all_words_looked_for(db) -> None:
    understood = understand("who knows about wavelets", is_widened=True)
    as_typed = understand("who knows about wavelets", is_widened=False)

    assert understood.notes == (
        "Left out, as they only introduce the question: who, knows. A word in quotation marks is always searched for.",
    )
    assert "knows" not in asked(understood.query)
    assert (as_typed.notes, asked(as_typed.query)) == ((), ["who", "knows", "about", "wavelets"])
