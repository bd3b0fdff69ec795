"""Title slides and first pages of office files."""

import zipfile
from pathlib import Path

import pytest

from publications.ingest.descriptive.describing import describe_file
from publications.ingest.filetypes import DOCX, ODP, ODT, PPTX, FileKind
from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText

PRESENTATION = """<p:presentation xmlns:p="p" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="slides/slide1.xml"/><Relationship Id="rId2" Target="slides/slide7.xml"/>
</Relationships>"""
SLIDE = """<p:sld xmlns:p="p" xmlns:a="a">{}</p:sld>"""
SHAPE = """<p:sp><p:nvSpPr><p:nvPr><p:ph type="{}"/></p:nvPr></p:nvSpPr>
<p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"""


def package(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def described(path: Path, kind: FileKind):
    return describe_file(path, DocumentText("ready", kind=kind), limits=Limits())


def test_the_title_slide_is_the_one_that_is_shown_first(tmp_path: Path):
    first = SHAPE.format("subTitle", "Anna Bos", "University of Twente, 14 November 2024")
    first += SHAPE.format("ctrTitle", "Counting leaves", "")
    deck = package(
        tmp_path / "deck.pptx",
        {
            "ppt/presentation.xml": PRESENTATION,
            "ppt/_rels/presentation.xml.rels": RELATIONS,
            "ppt/slides/slide1.xml": SLIDE.format(SHAPE.format("title", "Another slide", "")),
            "ppt/slides/slide7.xml": SLIDE.format(first),
        },
    )

    suggested = described(deck, PPTX)

    assert (suggested.title.value, suggested.title.source) == ("Counting leaves", "slide")
    assert [author.agent.name for author in suggested.authors.value] == ["Anna Bos"]
    assert suggested.issued.value == "2024-11-14"
    assert suggested.abstract is None


def test_the_styles_of_a_document_say_what_is_its_title(tmp_path: Path):
    paragraph = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    text = "Bladeren vallen in de herfst, en niemand heeft ze nog geteld. " * 5
    body = "".join(
        [
            paragraph.format("Titel1", "Het tellen van bladeren"),
            paragraph.format("Standaard", "Anna van den Berg"),
            paragraph.format("Kop1", "Samenvatting"),
            paragraph.format("Standaard", text),
            paragraph.format("Kop1", "Inleiding"),
            paragraph.format("Standaard", "Hier begint het verslag."),
        ]
    )
    styles = '<w:styles xmlns:w="w"><w:style w:styleId="Titel1"><w:name w:val="Title"/></w:style>'
    styles += '<w:style w:styleId="Kop1"><w:name w:val="heading 1"/></w:style></w:styles>'
    document = package(
        tmp_path / "verslag.docx",
        {"word/document.xml": f'<w:document xmlns:w="w">{body}</w:document>', "word/styles.xml": styles},
    )

    suggested = described(document, DOCX)

    assert suggested.title.value == "Het tellen van bladeren"
    assert [author.agent.sort_name for author in suggested.authors.value] == ["van den Berg, Anna"]
    assert suggested.abstract.value == text.strip()


def test_the_first_slide_of_opendocument(tmp_path: Path):
    slide = """<office:document-content xmlns:office="o" xmlns:draw="d" xmlns:presentation="p" xmlns:text="t">
    <office:presentation><draw:page>
    <draw:frame presentation:class="subtitle"><text:p>Anna Bos</text:p></draw:frame>
    <draw:frame presentation:class="title"><text:p>Counting leaves</text:p></draw:frame></draw:page>
    <draw:page><draw:frame presentation:class="title"><text:p>Methods</text:p></draw:frame></draw:page>
    </office:presentation></office:document-content>"""

    suggested = described(package(tmp_path / "deck.odp", {"content.xml": slide}), ODP)

    assert (suggested.title.value, suggested.authors.value[0].agent.name) == ("Counting leaves", "Anna Bos")


def test_the_title_of_an_opendocument_text(tmp_path: Path):
    text = """<office:document-content xmlns:office="o" xmlns:text="t"><office:text>
    <text:p text:style-name="Title">Counting leaves below a beech</text:p><text:p>Some words that follow.</text:p>
    </office:text></office:document-content>"""

    assert (
        described(package(tmp_path / "a.odt", {"content.xml": text}), ODT).title.value
        == "Counting leaves below a beech"
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"ppt/presentation.xml": "<broken"},
        {"ppt/presentation.xml": PRESENTATION, "ppt/_rels/presentation.xml.rels": RELATIONS},
        {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><w:p>&c;</w:p>'},
        {"mimetype": "application/zip"},
    ],
)
def test_broken_packages_suggest_nothing(tmp_path: Path, parts: dict[str, str]):
    assert not described(package(tmp_path / "broken.pptx", parts), PPTX)
