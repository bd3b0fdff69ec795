"""The demo PDFs: pages, words, language, and the same bytes each time."""

import io
import re
from dataclasses import replace

import pypdf
import pytest

from publications.demo import styles
from publications.demo.content import load_content
from publications.demo.things import DemoContent, DemoFile, DemoRecord
from publications.demo.typesetting import typeset

pytestmark = pytest.mark.xdist_group("typesetting")
"""Typeset once: all of these tests in one process."""


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return load_content()


@pytest.fixture(scope="module")
def pdfs(content: DemoContent) -> dict[str, pypdf.PdfReader]:
    """All files of the content, by name."""
    return {
        file.name: pypdf.PdfReader(io.BytesIO(typeset(file, record=record, content=content)))
        for record in content.records.values()
        for file in record.files
    }


@pytest.fixture(scope="module")
def texts(pdfs: dict[str, pypdf.PdfReader]) -> dict[str, list[str]]:
    """The words of each page of all files."""
    return {name: [page_text(page) for page in pdf.pages] for name, pdf in pdfs.items()}


def page_text(page: pypdf.PageObject) -> str:
    """The words of a page, hyphens at line ends taken out."""
    return re.sub(r"\s+", " ", re.sub(r"(\w)-\n(\w)", r"\1\2", page.extract_text()))


def set_text(text: str, *, layout: str, content: DemoContent, slug: str = "stapwig-elke-ochtend") -> pypdf.PdfReader:
    """The PDF of a text of our own, under the name of a record."""
    record = content.records[slug]
    file = DemoFile(name="own.pdf", layout=layout, text=text)
    return pypdf.PdfReader(io.BytesIO(typeset(file, record=record, content=content)))


def test_papers_decks_and_outcomes_have_the_length_of_such_things(
    content: DemoContent, pdfs: dict[str, pypdf.PdfReader]
) -> None:
    bounds = {"article": (4, 8), "manuscript": (4, 8), "slides": (10, 16), "report": (2, 8)}
    lengths = {file.name: (file.layout, len(pdfs[file.name].pages)) for _, file in all_files(content)}

    assert [
        (name, pages)
        for name, (layout, pages) in lengths.items()
        if not bounds[layout][0] <= pages <= bounds[layout][1]
    ] == []


def all_files(content: DemoContent) -> list[tuple[DemoRecord, DemoFile]]:
    return [(record, file) for record in content.records.values() for file in record.files]


def test_title_authors_and_language_are_in_the_file(content: DemoContent, pdfs: dict[str, pypdf.PdfReader]) -> None:
    for record, file in all_files(content):
        pdf = pdfs[file.name]
        assert pdf.metadata is not None
        assert pdf.metadata.title == (file.title or record.title)
        assert pdf.metadata.author == ", ".join(content.agent_name(agent) for agent in record.creators)
        assert pdf.root_object["/Lang"] == record.language


def test_the_first_page_shows_title_and_authors(content: DemoContent, texts: dict[str, list[str]]) -> None:
    for record, file in all_files(content):
        text = texts[file.name][0]
        assert (file.title or record.title) in text
        assert all(content.agent_name(agent) in text for agent in record.creators)


def test_one_page_only_is_a_picture_without_text(pdfs: dict[str, pypdf.PdfReader], texts: dict[str, list[str]]) -> None:
    empty = [
        (name, number)
        for name, pages in texts.items()
        for number, text in enumerate(pages, start=1)
        if not text.strip()
    ]

    assert empty == [("nulmeting-stralingsdosis-ct-2014.pdf", 4)]
    assert len(pdfs["nulmeting-stralingsdosis-ct-2014.pdf"].pages[3].images) == 1


def test_notes_of_the_speaker_stand_on_the_page_of_their_slide(texts: dict[str, list[str]]) -> None:
    pages = texts["echo-in-de-auto.pdf"]

    found = [number for number, text in enumerate(pages, start=1) if "broodtrommel met een warmtekussentje" in text]

    assert found == [7]
    assert "Waar het misging" in pages[6]


def test_all_words_of_a_text_can_be_read_back(content: DemoContent, texts: dict[str, list[str]]) -> None:
    """Of the words with letters outside ASCII, all come back; they are the ones that fonts get wrong."""
    lost = []
    for _, file in all_files(content):
        printed = " ".join(texts[file.name])
        text = re.sub(r"!scan.*?!end|!figure.*?\n\n", "", file.text, flags=re.DOTALL)
        words = {word for word in re.findall(r"\w+", text) if not word.isascii()}
        lost += [(file.name, word) for word in words if word not in printed]

    assert lost == []


def test_characters_beyond_the_standard_fonts_come_back_too(content: DemoContent) -> None:
    pdf = set_text("é ë ï – “ ” ½ µ ³ × ± ≥ ≤ − √ ı ş €", layout="manuscript", content=content)

    assert "é ë ï – “ ” ½ µ ³ × ± ≥ ≤ − √ ı ş €" in page_text(pdf.pages[0])


@pytest.mark.parametrize("slug", ["stapwig-elke-ochtend", "contours-go-wrong", "nulmeting-2014", "breath-not-beat"])
def test_the_bytes_are_the_same_each_time(content: DemoContent, slug: str) -> None:
    record = content.records[slug]

    first = [typeset(file, record=record, content=content) for file in record.files]

    assert first == [typeset(file, record=record, content=load_content()) for file in record.files]


def test_a_figure_that_does_not_fit_lets_the_text_pass(content: DemoContent) -> None:
    filling = "\n\n".join(["Words that fill the page, one line after the other. " * 8] * 4)
    figure = "!figure bars: Bars\nnames = ['a', 'b']\nratio = 1.3\n[series]\none = [1, 2]"

    pdf = set_text(f"{filling}\n\n{figure}\n\nThe text after it.\n\n{filling}", layout="manuscript", content=content)

    pages = [page_text(page) for page in pdf.pages]
    assert "The text after it." in pages[0]
    assert "Figuur 1" in pages[1]


def test_references_to_sections_are_numbered_where_papers_do_so(content: DemoContent) -> None:
    text = "# Eerst\n\nA.\n\n## Onder\n\nB.\n\n# Dan\n\nC.\n\n#* Literatuur\n\n[1] D."

    paper = page_text(set_text(text, layout="manuscript", content=content).pages[0])
    report = page_text(set_text(text, layout="report", content=content).pages[0])

    assert [heading in paper for heading in ("1 Eerst", "1.1 Onder", "2 Dan", "3 Literatuur")] == [True] * 3 + [False]
    assert "1 Eerst" not in report


def test_a_slide_that_is_too_full_is_named(content: DemoContent) -> None:
    text = "Notes: a\n\n---slide---\n# Full\n\n" + "\n".join(f"- point {number}" for number in range(30))

    with pytest.raises(ValueError, match=r"own\.pdf, slide 2: there is more text than fits"):
        set_text(text, layout="slides", content=content)


def test_an_unknown_drawing_is_named(content: DemoContent) -> None:
    with pytest.raises(ValueError, match="“pie” is not a drawing"):
        set_text("!figure pie: Share\nx = [1]", layout="report", content=content)


def test_a_value_above_the_axis_is_refused(content: DemoContent) -> None:
    text = "!figure line: Rise\nx = [1, 2]\ny_ticks = [0, 5]\nseries = {a = [1, 9]}"

    with pytest.raises(ValueError, match="The value 9 lies above the axis"):
        set_text(text, layout="report", content=content)


def test_an_empty_text_still_gives_a_first_page(content: DemoContent) -> None:
    for layout in ("article", "manuscript", "report", "slides"):
        assert len(set_text("", layout=layout, content=content).pages) == 1


def test_markup_in_names_is_printed_and_not_obeyed(content: DemoContent) -> None:
    record = replace(content.records["nulmeting-2014"], title="<b>Dose</b> & <script>", subtitle="")
    file = replace(record.files[0], text="A < B & C.")

    pdf = pypdf.PdfReader(io.BytesIO(typeset(file, record=record, content=content)))

    text = page_text(pdf.pages[0])
    assert "<b>Dose</b> & <script>" in text
    assert "A < B & C." in text


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("computer", ["com|puter"]),
        ("reconstructie", ["reconstruc|tie"]),
        ("echter", []),
        ("als", []),
    ],
)
def test_words_break_between_consonants_that_are_spoken_apart(word: str, parts: list[str]) -> None:
    assert ["|".join(pair) for pair in styles.hyphenate(word)] == parts
