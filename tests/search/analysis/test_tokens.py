import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.tokens import MAX_TERM_LENGTH, WORD, Token, _take_apart, fold, take_apart, terms_in, tokenize


def words(text: str) -> list[str]:
    return [token.term for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patiënten", ["patienten"]),
        ("e\u0301cole", ["ecole"]),
        ("ﬁlter", ["filter"]),
        ("STRAẞE", ["strasse"]),
        ("Łódź", ["lodz"]),
        ("seg\u00admen\u200btation", ["segmentation"]),
        ("3,5 mm at 0.05", ["3.5", "mm", "at", "0.05"]),
        ("1.5T", ["1.5t"]),
        ("U.S.A. and e.g.", ["usa", "and", "eg"]),
        ("patient's foto’s", ["patient", "foto"]),
        ("end.Next", ["end", "next"]),
        ("snake_case", ["snake", "case"]),
        ("深層 学", ["深", "層", "学"]),
        ("हिन्दी", ["हनद"]),
        ("", []),
        (" - '' / .. \u0301 \u00ad", []),
    ],
)
def test_words_are_read_from_a_text(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("low-dose", ["low", "dose", "lowdose"]),
        ("U-Net", ["u", "net", "unet"]),
        ("18F-FDG", ["18f", "fdg", "18ffdg"]),
        ("3-T", ["3", "t", "3t"]),
        ("COVID‑19", ["covid", "19", "covid19"]),
        ("PET/CT", ["pet", "ct", "petct"]),
        ("O’Brien", ["o", "brien", "obrien"]),
        ("seg-\n  mentation", ["seg", "mentation", "segmentation"]),
        ("a-b-c-d-e", ["a", "b", "c", "d", "e"]),
    ],
)
def test_a_joined_word_is_its_parts_and_the_whole(text, expected):
    assert words(text) == expected


def test_tokens_say_where_they_stand():
    assert list(tokenize("a low-dose  scan")) == [
        Token("a", 0, 1, 0, 1),
        Token("low", 1, 1, 2, 5),
        Token("dose", 2, 1, 6, 10),
        Token("lowdose", 1, 2, 2, 10),
        Token("scan", 3, 1, 12, 16),
    ]


def test_a_very_long_word_is_cut():
    assert words("x" * 10_000) == ["x" * MAX_TERM_LENGTH]
    assert len(words("a-" * 20_000)) == 20_000


@given(st.text())
def test_any_text_gives_terms_of_letters_and_digits_at_rising_places(text):
    tokens = list(tokenize(text))

    for token in tokens:
        assert token.term
        assert token.term == fold(token.term)
        assert 0 <= token.start < token.end <= len(text)
        assert token.term.encode()
    starts = [token.position for token in tokens if token.width == 1]
    assert starts == list(range(len(starts)))


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


# Whatever decides where one piece of a text ends and the next begins.
TRICKY = st.text(st.sampled_from("ab1 2.,-'’/·\n\t_é–A.Bßα\u00ad\u0301深"), max_size=14)


@given(st.one_of(st.text(), TRICKY))
@settings(max_examples=1000)
def test_cutting_a_text_coarsely_gives_the_same_words(text):
    exact = [
        (token.term, match.start() + token.start, match.start() + token.end)
        for match in WORD.finditer(text)
        for token in tokenize(match.group())
    ]

    assert [(token.term, token.start, token.end) for token in tokenize(text)] == exact


@given(st.one_of(st.text(), TRICKY, st.from_regex(r"([A-Za-z0-9]{1,70}[ .,'-]){1,6}", fullmatch=True)))
@settings(max_examples=500)
def test_the_terms_of_a_plain_text_are_those_of_any_other(text):
    assert terms_in(text) == [token.term for token in tokenize(text)]
    assert terms_in(text, joined=False) == [token.term for token in tokenize(text) if token.width == 1]


@given(st.from_regex(r"[A-Za-z0-9]{1,70}([-/][A-Za-z0-9]{1,9}){1,6}", fullmatch=True))
def test_plainly_joined_words_are_taken_apart_as_any_others(piece):
    assert take_apart(piece) == tuple(_take_apart(piece))
