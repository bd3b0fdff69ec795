"""Cleaning, on lines as pypdf and pdfium really give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.ingest.text import CleanPage, clean_pages, compose_accents, join_hyphens, quality, storable, tidy


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Mica¨el and Andr´e G´omez", "Micaël and André Gómez"),
        ("M¨uller, P¨usp¨oki, Pietik¨ainen", "Müller, Püspöki, Pietikäinen"),
        ("´Etude du probl`eme, `Alex Vill`a", "Étude du problème, Àlex Villà"),
        ("Jiˇr´ı Dud´ık, Kovaˇcevi´c, Saˇso", "Jiří Dudík, Kovačević, Sašo"),
        ("C¸ ic¸ek, Fran¸cois, Franc¸ois, Cires¸an", "Çiçek, François, François, Cireşan"),
        ("Korzd ¨ orfer and Llad ` o", "Korzdörfer and Lladò"),
        ("the estimate ˆx of x, and ˆy", "the estimate ˆx of x, and ŷ"),
        ("It´s ˜ 500k `quoted' words", "It´s ˜ 500k `quoted' words"),
    ],
)
def test_accents_beside_their_letter_are_put_on_it(given_text: str, expected: str):
    assert compose_accents(given_text) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("eﬃcient ﬁne-tuning of ﬂows", "efficient fine-tuning of flows"),
        ("𝑥 in ＡＢ, Ⅳ, Ĳssel", "x in AB, IV, IJssel"),
        ("10² m², ½, ImageNet™ … n°5", "10² m², ½, ImageNet™ … n°5"),
        ("a\u00a0b\u2009c\u200bd\ufeff", "a b cd"),
        ("one\r\ntwo\rthree\x0bfour\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("a  b \n  c\n\n\n\nd\t", "a b\nc\n\nd"),
        ("bell\x07 and \x85 and \ue123private", "bell and\nand private"),
        ("\rc 2019 K. Lee", "c 2019 K. Lee"),
        ("e\u0301tude", "étude"),
        ("نص عربي ﻻ", "نص عربي لا"),
    ],
)
def test_characters_get_one_spelling(given_text: str, expected: str):
    assert tidy(given_text) == expected


def test_what_no_database_stores_is_taken_out():
    assert storable("a\0b\ud835\udc65\ud800c") == "ab𝑥\ufffdc"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("The seg-\nmentation of organs.", "The segmentation of organs."),
        ("A low-dose scan; the low-\ndose protocol", "A low-dose scan; the low-dose protocol"),
        ("A low-dose scan of lowdose lowdose; low-\ndose", "A low-dose scan of lowdose lowdose; lowdose"),
        ("seg\ufffementation, seg\ufffe\nmentation", "segmentation, segmentation"),
        ("zieken\u00adhuis, zieken\u00ad\nhuis", "ziekenhuis, ziekenhuis"),
        ("röntgen-\nen MRI-onderzoek", "röntgen- en MRI-onderzoek"),
        ("COVID-\n19, X-\nray, U-\nNet, anti-\nPD", "COVID-19, X-ray, U-Net, anti-PD"),
        ("NEURO-\nIMAGING", "NEUROIMAGING"),
        ("multi-resolu-\ntion", "multi-resolution"),
        ("the art of state-of-the-\nart", "the art of state-of-the-art"),
        ("a dash -\nand a range 5-\n7", "a dash -\nand a range 5-7"),
    ],
)
def test_words_broken_at_a_line_end_are_joined(page: str, expected: str):
    assert join_hyphens([page]) == [expected]


def test_the_vocabulary_is_that_of_the_whole_document():
    assert join_hyphens(["A well-known problem.", "It is well-\nknown."]) == [
        "A well-known problem.",
        "It is well-known.",
    ]


BODIES = [
    "Cats sleep.\nMostly.\nBy day.",
    "Dogs bark.\nOften.\nAt night.",
    "Birds sing.\n12\nof them.",
    "Fish swim.\nAlways.\nUp.",
    "Ants walk.\nFar.\nIn a row.",
]


def test_running_headers_and_page_numbers_are_set_apart():
    pages = [f"Deep Learning for Animals\n{body}\n{number}" for number, body in enumerate(BODIES, start=327)]

    cleaned = clean_pages(pages)

    assert cleaned == [
        CleanPage(f"Deep Learning for Animals\n{BODIES[0]}", ("327",)),
        *[CleanPage(BODIES[n], ("Deep Learning for Animals", str(327 + n))) for n in range(1, 5)],
    ]


def test_a_footer_that_counts_pages_is_the_same_footer():
    pages = [f"{body}\nVersie 1.0 – pagina {number} van 5" for number, body in enumerate(BODIES, start=1)]

    assert [page.text for page in clean_pages(pages)][1:] == BODIES[1:]


def test_headers_of_left_and_right_pages_are_both_found():
    headers = ["Jansen et al.", "CT of the heart"] * 5
    pages = [
        f"{header}\n{letter} begins\n{letter} goes on\n{letter} ends"
        for header, letter in zip(headers, "ABCDEFGHIJ", strict=True)
    ]

    assert [page.running for page in clean_pages(pages)][1:5] == [
        ("CT of the heart",),
        ("Jansen et al.",),
        ("CT of the heart",),
        ("Jansen et al.",),
    ]


def test_numbers_of_tables_and_a_single_page_stay():
    tables = ["Table\n17\n3", "Rows\n5\n99", "Columns\n80\n41"]

    assert [page.text for page in clean_pages(tables)] == tables
    assert clean_pages(["Methods\n7"]) == [CleanPage("Methods\n7")]


def test_pages_that_are_all_alike_keep_their_text():
    slide = "Results\nDice 0.87\nSensitivity 0.91"

    assert [page.text for page in clean_pages([slide] * 4)] == [slide] * 4
    assert [page.text for page in clean_pages(["Thank you\n1", "Thank you\n2", "Thank you\n3"])] == ["Thank you"] * 3


def test_empty_pages_keep_their_place():
    assert clean_pages(["", "text", " \n "]) == [CleanPage(""), CleanPage("text"), CleanPage("")]
    assert clean_pages([]) == []


@given(
    st.lists(st.text(st.characters(codec=None) | st.sampled_from("-\n\u00ad\ufffe´¨¸ aeé\r\x02\ud800"), max_size=80))
)
def test_any_text_is_cleaned_to_what_a_database_takes(pages: list[str]):
    cleaned = clean_pages(pages)

    assert len(cleaned) == len(pages)
    for page in cleaned:
        page.text.encode()
        assert "\0" not in page.text
        assert page.text == page.text.strip()


@pytest.mark.parametrize("unit", ["a", "a-", "-\n", "´ ", "a-\n", "a´", "\u00ad", "\ufffe", "/G01", "目", "7\n"])
def test_pages_of_one_endless_pattern_are_cleaned(unit: str):
    page = unit * (200_000 // len(unit))

    (cleaned,) = clean_pages([page])

    assert len(cleaned.text) <= len(page)
    assert 0 <= quality(page) <= 1


def test_text_that_reads_well_has_quality():
    assert (
        quality("In recent years, deep learning has been applied with success to a wide range of medical images.") == 1
    )
    assert quality("") == 1
    assert quality("目录 第一章 引言 홍인혜 카피라이터") == 1


@pytest.mark.parametrize(
    "text",
    [
        "/GED/GFA/G2E /C71/C97/C114/C121",
        "T h i s i s h o w s o m e f o n t s a r e r e a d , a s s i n g l e l e t t e r s",
        "ੋఠ࠭\xa0ഘੋഌ\u0ba0ೖۄ\u0a49ఠ",
        "\ue001\ue002\ue003 \ufffd\ufffd",
        "thisisalineinwhichallthespacesaremissing " * 30,
    ],
)
def test_gibberish_has_little_quality(text: str):
    assert quality(text) < 0.5
