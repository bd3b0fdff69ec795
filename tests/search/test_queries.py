import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import QuerySyntaxError
from search.highlighting import find_marks
from search.queries import (
    MAX_CLAUSES,
    MAX_DEPTH,
    MAX_EXPANDED,
    And,
    Everything,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Wildcard,
    Word,
    bare_identifier,
    folded_wildcard,
    leaves,
    notes,
    parse,
    parse_leniently,
    parse_plain,
    respell,
    spelt_words,
    wanted_leaves,
    wildcard_pattern,
)

NOTES = {sentence for name, sentence in vars(notes).items() if name.isupper()}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Everything()),
        ("  \n", Everything()),
        ("lung", Word("lung")),
        ("low dose", Or((Word("low"), Word("dose")))),
        ("lung lung", Or((Word("lung"), Word("lung")))),
        ('"spin echo"', Phrase("spin echo")),
        ("“spin echo”", Phrase("spin echo")),
        ('"spin echo"~3', Phrase("spin echo", slop=3)),
        ("photo*", Prefix("photo")),
        ("photo*?", Prefix("photo")),
        ("*a*", Prefix("a")),
        ("segm*ation", Wildcard("segm*ation")),
        ("gr?y", Wildcard("gr?y")),
        ("*graphy", Wildcard("*graphy")),
        ("?nhance*", Wildcard("?nhance*")),
        ("title:colo*r", Wildcard("colo*r", "title")),
        ("title:(colo*r gr?y)", Or((Wildcard("colo*r", "title"), Wildcard("gr?y", "title")))),
        ("-gr?y", Not(Wildcard("gr?y"))),
        ("Re:gr?y", Or((Word("Re"), Wildcard("gr?y")))),
        ('"gr?y area"', Phrase("gr?y area")),
        ("what is MRI?", Or((Word("what"), Word("is"), Word("MRI")))),
        ("why?! really??", Or((Word("why?!"), Word("really")))),
        ("is it gr?y?", Or((Word("is"), Word("it"), Wildcard("gr?y")))),
        ("*a", Word("*a")),
        ("https://example.org/?q=scan", Word("https://example.org/?q=scan")),
        ("nodule~", Fuzzy("nodule", distance=1)),
        ("nodule~2", Fuzzy("nodule", distance=2)),
        ("radiation~", Fuzzy("radiation", distance=2)),
        ("radiation~1", Fuzzy("radiation", distance=1)),
        ("scan~", Fuzzy("scan", distance=1)),
        ("ct~", Word("ct~")),
        ("a AND b", And((Word("a"), Word("b")))),
        ("a OR b AND c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("(a OR b) AND c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("lung cancer AND screening", And((Or((Word("lung"), Word("cancer"))), Word("screening")))),
        ("NOT a", Not(Word("a"))),
        ("a -b", And((Word("a"), Not(Word("b"))))),
        ("a NOT b", And((Word("a"), Not(Word("b"))))),
        ("a AND NOT b", And((Word("a"), Not(Word("b"))))),
        ("a OR NOT b", Or((Word("a"), Not(Word("b"))))),
        ('a -"b c" -(d e)', And((Word("a"), Not(Phrase("b c")), Not(Or((Word("d"), Word("e"))))))),
        ("title:scan", Word("scan", "title")),
        ("Title:scan*", Prefix("scan", "title")),
        ('person:"van den Berg"', Phrase("van den Berg", "person")),
        ("title:(low dose)", Or((Word("low", "title"), Word("dose", "title")))),
        ("-title:x", Not(Word("x", "title"))),
        ("lung year:2019", And((Word("lung"), Range(2019, 2019)))),
        ("lung year:2019 year:2020", And((Word("lung"), Or((Range(2019, 2019), Range(2020, 2020)))))),
        ("year:2015-2019", Range(2015, 2019)),
        ("year:2015-", Range(2015, None)),
        ("year:-2019", Range(None, 2019)),
        ("year:(2015 OR 2019)", Or((Range(2015, 2015), Range(2019, 2019)))),
        ("U-Net", Word("U-Net")),
        ("a - b --c", Or((Word("a"), Word("b"), Word("--c")))),
        ("and or not", Or((Word("and"), Word("or"), Word("not")))),
        ("ISBN:978-92-1", Or((Word("ISBN"), Word("978-92-1")))),
        ("10.1000/xyz:abc", Word("10.1000/xyz:abc")),
        ("https://doi.org/10.1000/XYZ.", Word("10.1000/XYZ")),
        ("(10.1016/S0140-6736(05)12345-6)", Word("10.1016/S0140-6736(05)12345-6")),
        ("doi:10.1000/xyz", Word("10.1000/xyz", "doi")),
        ("doi:10.1000*", Prefix("10.1000", "doi")),
        ("C++ & ?", Word("C++")),
        ("???", Or(())),
        ("doi:?", Or(())),
        ("*", Or(())),
        ("x^2 {a} [b]", Or((Word("x^2"), Word("{a}"), Word("[b]")))),
    ],
)
def test_a_query_is_parsed(text, query):
    assert parse(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "(a",
        "a)",
        "()",
        '"a',
        '""',
        '"?"',
        "AND",
        "a AND",
        "OR a",
        "a OR OR b",
        "NOT",
        "a NOT",
        "NOT NOT a",
        "title:",
        "title: scan",
        'doi:""',
        'doi:"*"',
        'year:""',
        "year:late",
        "year:20191",
        "a OR ???",
        "(" * 40 + "a" + ")" * 40,
        "a " * (MAX_CLAUSES + 1),
        "ab* " * 9,
        "a?b " * 9,
        "abc~ " * 9,
        "a" * 5000,
    ],
)
def test_what_cannot_be_parsed_is_searched_as_plain_words_with_a_note(text):
    with pytest.raises(QuerySyntaxError) as error:
        parse(text)

    query, note = parse_leniently(text)

    assert note == str(error.value)
    assert query == parse_plain(text)


def test_plain_words_have_no_operators_fields_or_phrases():
    assert parse_plain('title:a AND ("b c* -d~') == Or(
        (Word("title"), Word("a"), Word("and"), Word("b"), Word("c"), Word("d"))
    )


def test_a_note_is_given_only_where_it_is_due():
    assert parse_leniently("a AND b") == (And((Word("a"), Word("b"))), None)


def test_what_the_reader_looks_for_leaves_out_what_he_does_not_want():
    query = parse('a -b "c d" -(e -f)')

    assert [leaf.text for leaf in wanted_leaves(query)] == ["a", "c d", "f"]
    assert [leaf.text for leaf in leaves(query)] == ["a", "c d", "b", "e", "f"]


@pytest.mark.parametrize(
    ("text", "folded", "meant", "not_meant"),
    [
        ("gr?y", "gr?y", ["gray", "grey"], ["gry", "greay", "greys"]),
        ("Colo*r", "colo*r", ["color", "colour"], ["colors"]),
        ("*graphy", "*graphy", ["graphy", "tomography"], ["graphyl"]),
        ("Patië**nt?n", "patie*nt?n", ["patienten"], ["patiente"]),
        ("low-d?se", "lowd?se", ["lowdose"], ["dose"]),
        ("3,?t", "3?t", ["35t"], ["3.5t"]),
    ],
)
def test_a_wildcard_is_compared_with_whole_folded_words(text, folded, meant, not_meant):
    pattern = wildcard_pattern(text)

    assert folded_wildcard(text) == folded
    assert [word for word in (*meant, *not_meant) if pattern.match(word)] == meant


def test_many_asterisks_do_not_keep_a_word_waiting():
    assert not wildcard_pattern("*a" * 30 + "b").match("a" * 64)


@pytest.mark.parametrize(
    ("identifier", "bare"),
    [
        ("https://doi.org/10.1000/XYZ", "10.1000/xyz"),
        ("DOI:10.1000/xyz", "10.1000/xyz"),
        ("http://dx.doi.org/10.1000/xyz", "10.1000/xyz"),
        ("978-92-1-000000-2", "9789210000002"),
        ("ISBN: 978 92 1 000000 X", "978921000000x"),
        ("arXiv:1906.01234v2", "1906.01234v2"),
        ("https://arxiv.org/abs/1906.01234", "1906.01234"),
        ("", ""),
    ],
)
def test_an_identifier_is_looked_up_bare(identifier, bare):
    assert bare_identifier(identifier) == bare


# Whatever is typed ------------------------------------------------------------------------------------------------

# Code points of every kind, lone surrogates and unassigned ones among them; and what means something to the parser.
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200)
SYMBOLS = st.sampled_from(
    [
        "a", "graphy", '"', "“", "(", ")", "AND ", " OR ", "NOT ", "-", "title:", "title:(", "year:", "doi:", "2019",
        "–", "~", "~2", "*", "?", ":", "::", "10.1000/x", "https://", " ", "\u00a0", "\u202e", "é", "e\u0301", "\x00",
        "ſ", "İ", "٣",
    ]
)  # fmt: skip
MIXTURES = st.lists(SYMBOLS, max_size=300).map("".join)


def depth_of(query: Query) -> int:
    match query:
        case And(parts) | Or(parts):
            return 1 + max((depth_of(part) for part in parts), default=0)
        case Not(part):
            return 1 + depth_of(part)
    return 1


@settings(deadline=1000)
@given(st.one_of(ANYTHING, MIXTURES))
def test_no_text_gives_anything_but_a_small_tree_or_a_sentence(text):
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        assert str(error) in NOTES
        query, note = parse_leniently(text)
        assert note == str(error)
    else:
        assert parse_leniently(text) == (query, None)

    found = list(leaves(query))
    assert len(found) <= MAX_CLAUSES
    assert sum(isinstance(leaf, Prefix | Wildcard | Fuzzy) for leaf in found) <= MAX_EXPANDED
    # Each pair of parentheses adds an OR, an AND, what stands side by side and a NOT.
    assert depth_of(query) <= 4 * (MAX_DEPTH + 2)
    assert all(leaf.text.strip() for leaf in found if not isinstance(leaf, Range))


@settings(deadline=1000)
@given(st.one_of(ANYTHING, MIXTURES))
def test_no_text_breaks_what_is_done_with_its_query(text):
    query, _ = parse_leniently(text)

    hash(query)
    list(wanted_leaves(query))
    for leaf in leaves(query):
        if isinstance(leaf, Wildcard):
            wildcard_pattern(leaf.text).match("a" * 64)
    find_marks(text, query=query, language="nl")
    respell(text, dict.fromkeys(spelt_words(text), "x"))


@pytest.mark.parametrize(
    "text",
    ["(" * 1000, '"' * 1000, "-" * 1000, "*" * 1000, "a*" * 500, "?a" * 500, ":" * 1000, "title:" * 160, "~" * 1000,
     "10.1000/" + "(" * 900, "NOT " * 250, "a OR " * 200, "\u0301" * 1000, "a" * 10**6, '"a ' * 300_000],
)  # fmt: skip
def test_texts_made_to_be_slow_are_not(text):
    started = time.perf_counter()
    for _ in range(3):
        parse_leniently(text)

    assert time.perf_counter() - started < 1
