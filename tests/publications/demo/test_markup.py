"""The markup of the demo content: what each block becomes."""

import pytest

from publications.demo.markup import (
    Box,
    Break,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Reference,
    Scan,
    Table,
    inline_html,
    parse,
    to_sections,
)

EVERYTHING = """
# Results
Two lines
of one paragraph.

## Details

#* References

- one
- two,
goes on

1. first
2. second

!table: Doses
Scanner | Dose
A | 3.1

!figure line: Rise
x = [1, 2]

!box: Agreed.

Notes: Say it slowly.

---slide---

[1] A first.
[2] A second.

!scan
SCANNED   12

second line
!end

The end.
"""


def test_every_block_is_recognised() -> None:
    assert parse(EVERYTHING) == (
        Heading("Results"),
        Paragraph("Two lines of one paragraph."),
        Heading("Details", 2),
        Heading("References", is_numbered=False),
        Listing(("one", "two, goes on")),
        Listing(("first", "second"), is_ordered=True),
        Table("Doses", (("Scanner", "Dose"), ("A", "3.1"))),
        Figure("line", "Rise", {"x": [1, 2]}),
        Box("Agreed."),
        Notes("Say it slowly."),
        Break("slide"),
        Reference("1", "A first."),
        Reference("2", "A second."),
        Scan(("SCANNED   12", "", "second line")),
        Paragraph("The end."),
    )


def test_no_text_has_no_blocks() -> None:
    assert parse(" \n\n ") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!table: Doses\nA | 1\nB", "different numbers of cells"),
        ("!table: Doses", "there are none"),
        ("!figure: Rise\nx = 1", "does not say how it is drawn"),
        ("!figure line: Rise\nx = [1", "a mistake in its values"),
        ("!picture", "not a block"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_inline_marks_become_html_and_the_rest_is_escaped() -> None:
    assert inline_html("**a** *b* 10^3^ CTDI~vol~ <script> & [see](/en/about/)") == (
        '<b>a</b> <i>b</i> 10<sup>3</sup> CTDI<sub>vol</sub> &lt;script&gt; &amp; <a href="/en/about/">see</a>'
    )


def test_a_star_at_the_end_of_a_word_stays_a_star() -> None:
    assert inline_html("segment* finds 2 * 3") == "segment* finds 2 * 3"


def test_a_page_becomes_headings_and_paragraphs() -> None:
    assert to_sections("First.\n\n# Who paid\n\nEFRO.\n\n## How\n\n- a\n- b") == [
        ("paragraph", "<p>First.</p>"),
        ("heading", "Who paid"),
        ("paragraph", "<p>EFRO.</p>\n<h3>How</h3>\n<ul><li>a</li><li>b</li></ul>"),
    ]


def test_a_page_holds_no_figures() -> None:
    with pytest.raises(ValueError, match="only headings, paragraphs and lists"):
        to_sections("!figure line: Rise\nx = [1]")
