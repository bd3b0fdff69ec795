import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlighting import best_fragment, find_marks, mark, mark_fragment
from search.queries import parse, parse_leniently


def marked(text: str, query: str, *, language: str = "en", field: str = "") -> list[str]:
    return [text[start:end] for start, end in find_marks(text, query=parse(query), language=language, field=field)]


def test_every_inflection_is_marked_in_english():
    text = "Segmenting images: segmentation of an image, segmented."

    assert marked(text, "segmentation image") == ["Segmenting", "images", "segmentation", "image", "segmented"]


def test_every_inflection_is_marked_in_dutch():
    text = "Patiënten met tumoren; de patiënt had een tumor in het ziekenhuis. Ziekenhuizen."

    assert marked(text, "patienten tumor ziekenhuis", language="nl") == [
        "Patiënten",
        "tumoren",
        "patiënt",
        "tumor",
        "ziekenhuis",
        "Ziekenhuizen",
    ]


def test_a_text_of_another_language_is_marked_as_it_is_written():
    assert marked("Bild Bilder Müller", "bild muller", language="de") == ["Bild", "Müller"]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("low-dose", "dose", ["dose"]),
        ("low-dose", "low-dose", ["low-dose"]),
        ("low-dose", "lowdose", ["low-dose"]),
        ("low dose", "low-dose", ["low", "dose"]),
        ("lowdose", "low-dose", ["lowdose"]),
        ("a PET/CT scan", "PET-CT", ["PET/CT"]),
        ("seg-\nmentation", "segmentation", ["seg-\nmentation"]),
        ("seg\u00admentation", "segmentation", ["seg\u00admentation"]),
        ("e\u0301tude", "étude", ["e\u0301tude"]),
        ("patient’s", "patient", ["patient"]),
        ("photography phone", "photo*", ["photography"]),
        ("grey, gray and greyer", "gr?y", ["grey", "gray"]),
        ("Tomography and graphs", "*graphy", ["Tomography"]),
        ("Low-dose", "lowd?se", ["Low-dose"]),
        ("nodules, noodles and notes", "nodles~", ["nodules", "noodles"]),
        ("深層学習と学習", "学習", ["学", "習", "学", "習"]),
    ],
)
def test_words_are_marked_however_they_are_written(text, query, expected):
    assert marked(text, query) == expected


def test_the_words_of_a_phrase_are_marked_where_they_follow_each_other():
    text = "Steerable filters are filters; steerable things. A steerable\nfilter."

    assert marked(text, '"steerable filters"') == ["Steerable", "filters", "steerable", "filter"]


def test_a_phrase_with_room_is_marked_across_other_words():
    assert marked("quality of a good life", '"quality life"~3') == ["quality", "life"]
    assert marked("quality of a good life", '"quality life"~1') == []


def test_what_the_reader_does_not_want_is_not_marked():
    assert marked("lung and liver", "lung -liver") == ["lung"]


def test_a_word_of_a_field_is_marked_in_that_field_only():
    assert marked("scan", "title:scan", field="title") == ["scan"]
    assert marked("scan", "title:scan", field="abstract") == []
    assert marked("scan", "title:scan") == []


def test_a_stop_word_beside_others_is_not_marked():
    assert marked("the effect of the dose", "effect of dose") == ["effect", "dose"]
    assert marked("the effect of the dose", "the") == ["the", "the"]


def test_hostile_text_is_escaped_and_its_words_are_marked():
    text = "<script>alert('lung')</script> & <b onclick=\"x\">lung</b>"

    assert mark(text, query=parse("lung"), language="en") == (
        "&lt;script&gt;alert(&#x27;<mark>lung</mark>&#x27;)&lt;/script&gt; &amp; "
        "&lt;b onclick=&quot;x&quot;&gt;<mark>lung</mark>&lt;/b&gt;"
    )


def test_words_of_html_in_a_query_do_not_break_the_marks():
    assert mark("a mark of amp & lt", query=parse("mark amp lt"), language="en") == (
        "a <mark>mark</mark> of <mark>amp</mark> &amp; <mark>lt</mark>"
    )


def test_a_fragment_is_cut_at_words_around_the_marks():
    text = "word " * 100 + "the low-dose scan of lung nodules " + "other " * 100

    fragment = mark_fragment(text, query=parse("dose nodule"), language="en", length=80)

    assert re.fullmatch(r"… (word )*the low-<mark>dose</mark> scan of lung <mark>nodules</mark>( other)* …", fragment)
    assert 60 <= len(re.sub("<.*?>", "", fragment)) <= 90


def test_a_short_text_is_its_own_fragment_on_one_line():
    assert mark_fragment("low\n  dose", query=parse("dose"), language="en", length=80) == "low <mark>dose</mark>"


def test_a_fragment_shows_different_words_rather_than_one_often():
    text = "lung lung lung lung " + "x " * 200 + "lung nodule" + " x" * 200
    marks = find_marks(text, query=parse("lung nodule"), language="en")

    start, end = best_fragment(text, marks, 60)

    assert "lung nodule" in text[start:end]


def test_a_fragment_of_a_text_without_spaces_is_cut_anyway():
    assert len(mark_fragment("x" * 5000, query=parse("y"), language="en", length=100)) < 120


@pytest.mark.parametrize(
    ("typed", "language", "place"),
    [
        ("studies", "en", "The study of lungs"),
        ("dying", "en", "those who die young"),
        ("coördinatie", "nl", "de coördinatie van zorg"),
        ("coordinatie", "nl", "de coördinatie van zorg"),
        ("lowdose", "en", "a low-dose scan"),
        ("huizen", "nl", "het huis aan de gracht"),
        ("3.5T", "en", "a field of 3,5T here"),
        ('"neural network"', "en", "of neural networks there"),
        ("segm*", "en", "a Segmentation of it"),
        ("sgementation~", "en", "a segmentation of it"),
        ("*mentation", "en", "a segmentation of it"),
    ],
)
def test_a_fragment_of_a_long_text_shows_the_only_place_that_matches(typed, language, place):
    text = "word " * 300 + place + " other" * 300

    fragment = mark_fragment(text, query=parse(typed), language=language, length=80)

    assert "<mark>" in fragment
    assert place in re.sub("</?mark>", "", fragment)


@pytest.mark.parametrize(("typed", "form"), [("scans", "scan"), ("apen", "aap"), ("uren", "uur")])
def test_a_fragment_shows_other_forms_of_dutch_words(typed, form):
    text = f"{typed} " + "woord " * 200 + f"een {form} en nog een {form} " + "ander " * 200

    assert mark_fragment(text, query=parse(typed), language="nl", length=80).count(f"<mark>{form}</mark>") == 2


def test_a_phrase_is_quoted_where_it_stands_though_its_words_stand_elsewhere():
    text = "neural filler network filler " * 50 + "a neural network, then " + "filler " * 200

    fragment = mark_fragment(text, query=parse('"neural network"'), language="en", length=60)

    assert "a <mark>neural</mark> <mark>network</mark>, then" in fragment


WORDS = st.sampled_from(
    [
        "lung",
        "lungs",
        "nodule",
        "nodules",
        "low-dose",
        "dose.",
        "neural",
        "network",
        "the",
        "of",
        "Nodule's",
        "x-ray",
        "é",
        "18F-FDG",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=60), st.lists(WORDS, min_size=1, max_size=4), st.integers(10, 60))
def test_a_fragment_marks_what_marking_all_of_the_text_marks_there(words, asked, length):
    text, query = " ".join(words), parse_leniently(" ".join(asked))[0]
    marked = mark(text, query=query, language="en")

    fragment = mark_fragment(text, query=query, language="en", length=length)

    assert ("<mark>" in fragment) == ("<mark>" in marked)
    assert fragment.removeprefix("… ").removesuffix(" …") in marked


@given(st.text(), st.text(max_size=60), st.sampled_from(["en", "nl", "und", "de"]), st.integers(1, 80))
def test_marks_never_change_a_text(text, typed, language, length):
    query, _ = parse_leniently(typed)

    spans = find_marks(text, query=query, language=language)
    markup = mark(text, query=query, language=language)
    start, end = best_fragment(text, spans, length)
    fragment = mark_fragment(text, query=query, language=language, length=length)

    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert html.unescape(re.sub("</?mark>", "", markup)) == text
    assert 0 <= start <= end <= len(text)
    assert fragment.count("<mark>") == fragment.count("</mark>")


@given(st.text(alphabet="ab .\n'éI\u0301", min_size=1, max_size=40))
def test_a_text_marks_itself(text):
    query, note = parse_leniently(text)

    if note is None and any(character.isalnum() for character in text):
        assert find_marks(text, query=query, language="de")


def test_a_row_of_a_thousand_words_is_marked():
    sentence = "".join(chr(0x4E00 + number) for number in range(990))

    assert len(marked(f"x {sentence} y", f'"{sentence}"', language="zh")) == 990


def test_a_phrase_with_gaps_is_marked_by_the_way_that_leads_to_its_end():
    text = "lung nodule nodule seen early"

    assert marked(text, '"lung nodule early"~1') == ["lung", "nodule", "early"]
    assert marked("lung nodule nodule late", '"lung nodule early"~1') == []
