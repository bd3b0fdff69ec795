"""What Tesseract tells of a page: words that are sure enough, in lines and paragraphs, with their places and marks."""

import pytest

from publications.ingest.ocr import read_hocr, text_of

WORD = "<span class='ocrx_word' title='bbox {box}; x_wconf {sure}'>{letters}</span>"
LETTER = "<span class='ocrx_cinfo' title='x_bboxes {box}; x_conf 99'>{letter}</span>"


def page(*paragraphs: list[str]) -> bytes:
    """A page of 1000 by 2000 pixels in hOCR; each line at the top, 40 pixels high, its baseline 10 from its foot."""
    line = "<span class='ocr_line' title=\"bbox 0 0 1000 40; baseline 0 -10; x_size 30{more}\">{words}</span>"
    told = "".join(
        "<p class='ocr_par'>" + "".join(line.format(more="", words=words) for words in lines) + "</p>"
        for lines in paragraphs
    )
    return (
        "<html xmlns='http://www.w3.org/1999/xhtml'><body>"
        f"<div class='ocr_page' title='image \"a.png\"; bbox 0 0 1000 2000'>{told}</div></body></html>"
    ).encode()


def word(text: str, sure: float = 96, box: str = "100 0 200 40") -> str:
    return WORD.format(box=box, sure=sure, letters=text)


def test_words_that_tesseract_doubts_are_left_out():
    told = page([word("Two") + word("~|;", 12) + word("words", 91.5), word("below", 80)], [word("apart", 77)])

    assert text_of(read_hocr(told)) == "Two words\nbelow\n\napart"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (word("Seyed") + word("Raein") + word("Hashemi!", 33), "Seyed Raein Hashemi!"),
        (word("HASHEMI") + word("@", 3) + word("example.org", 60), "HASHEMI @ example.org"),
        (word("lll", 35) + word("ii", 20), ""),
    ],
    ids=["a doubtful word among sure ones", "an address that must be masked", "a drawing"],
)
def test_a_doubtful_word_is_judged_by_the_company_it_keeps(line, text):
    assert text_of(read_hocr(page([line]))) == text


def test_places_are_shares_of_the_page():
    (((line,),),) = [read_hocr(page([word("Two", box="100 20 300 60")]))]

    assert line.told == [0.015, 0.015, [["Two", 0.1, 0.01, 0.3, 0.03, 0]]]


def test_small_letters_above_the_line_are_raised():
    letters = "".join(LETTER.format(box=f"{x} 5 {x + 9} 30", letter=letter) for x, letter in [(0, "L"), (10, "i")])
    raised = LETTER.format(box="20 2 26 14", letter="1")

    (((line,),),) = [read_hocr(page([word(letters + raised)]))]

    assert line.told[2][0][0] == "Li1"
    assert line.told[2][0][-1] == 1
