"""Small office files to read: made by the libraries that open them, or written part by part."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
)


def make_deck(path: Path) -> Path:
    """Two slides: a text with notes and a table; a group in a group, a chart, and nothing written."""
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[5])
    first.shapes.title.text = "Scoring the breast"
    table = first.shapes.add_table(2, 2, Cm(1), Cm(5), Cm(8), Cm(3)).table
    for row, words in enumerate((("Model", "Dice score"), ("Ours", "0,87"))):
        for column, word in enumerate(words):
            table.cell(row, column).text = word
    first.notes_slide.notes_text_frame.text = "Tell about kwartelkuiken.\nAnd pause."
    second = deck.slides.add_slide(deck.slide_layouts[6])
    group = second.shapes.add_group_shape().shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Cm(3), Cm(1)).text_frame.text = "Deep inside"
    data = CategoryChartData()
    data.categories = ["Before", "After"]
    data.add_series("Recall rate", (9.5, 3.25))
    data.add_series("Detections", (4, 6))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Cm(8), Cm(8), data)
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.core_properties.title = "A deck"
    deck.core_properties.author = "J. de Vries"
    deck.save(str(path))
    return path


def make_document(path: Path) -> Path:
    """Three pages: by a break, by a mark of Word within a paragraph; a table, a header, deleted text, a text box."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Jaarverslag 2024"
    document.add_heading("Inleiding", 1)
    document.add_paragraph("De eerste bladzijde.").add_run().add_break(docx.enum.text.WD_BREAK.PAGE)
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Lezer", "Score"
    paragraph = document.add_paragraph()
    paragraph.add_run("Het eind van de tweede,")
    run = paragraph.add_run()
    run._r.append(OxmlElement("w:lastRenderedPageBreak"))
    run._r.append(text_element("w:t", "het begin van de derde."))
    deletion = OxmlElement("w:del")
    deletion.append(OxmlElement("w:r"))
    deletion[0].append(text_element("w:delText", "Weggehaald."))
    paragraph._p.append(deletion)
    control = OxmlElement("w:sdt")
    control.append(OxmlElement("w:sdtContent"))
    control[0].append(document.add_paragraph("In een invulveld.")._p)
    document.element.body.insert(-1, control)
    document.core_properties.title = "Verslag"
    document.save(str(path))
    return path


def text_element(name: str, text: str) -> Any:
    """An element of Word's with a text."""
    element = OxmlElement(name)
    element.text = text
    element.set(qn("xml:space"), "preserve")
    return element


def write_odf(path: Path, body: str, *, kind: str, styles: str = "", manifest: str = "") -> Path:
    """An OpenDocument file of this body; `styles` are its automatic styles."""
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
        "styles.xml": f"<office:document-styles {ODF}/>",
        "meta.xml": f"<office:document-meta {ODF}><office:meta><dc:title>Een titel</dc:title></office:meta>"
        "</office:document-meta>",
        "META-INF/manifest.xml": manifest
        or '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    path.write_bytes(file.getvalue())
    return path
