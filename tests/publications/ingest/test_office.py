"""Slides and documents: every word that an author wrote, on the slide or page it stands on, and no crash."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText, read_document
from tests.publications.ingest.office_files import make_deck, make_document, write_odf

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "office"
MANIFEST = FOLDER / "manifest.json"
ENTRIES = json.loads(MANIFEST.read_text())["files"] if MANIFEST.exists() else []


# Slides ----------------------------------------------------------------------------------------------------------


def test_a_slide_is_a_page_and_its_notes_belong_to_it(tmp_path: Path):
    document = read_document(make_deck(tmp_path / "deck.pptx"))

    assert (document.status, document.page_count, document.engine) == ("ready", 3, "pptx")
    assert [page.text for page in document.pages] == [
        "Scoring the breast\nModel | Dice score\nOurs | 0,87",
        "Deep inside\nRecall rate\nBefore\nAfter\nDetections",
        "",
    ]
    assert [page.notes for page in document.pages] == ["Tell about kwartelkuiken.\nAnd pause.", "", ""]
    states = [(page.status, page.reason) for page in document.pages]
    assert states == [("text", ""), ("text", ""), ("no_text", "office")]
    assert not any(page.awaits_recognition for page in document.pages)
    assert {(page.width, page.height) for page in document.pages} == {(720, 540)}
    assert (document.info["title"], document.info["author"]) == ("A deck", "J. de Vries")


@pytest.mark.parametrize("kind", ["slideshow", "template"])
def test_a_slide_show_and_a_template_are_read_like_a_deck(tmp_path: Path, kind: str):
    path = replace_in_package(make_deck(tmp_path / "deck.pptx"), b"presentation.main+xml", f"{kind}.main+xml".encode())

    assert [page.text[:7] for page in read_document(path).pages] == ["Scoring", "Deep in", ""]


def replace_in_package(path: Path, old: bytes, new: bytes, *, part: str = "[Content_Types].xml") -> Path:
    """The package with something else in one of its parts, its list of content types if nothing is said."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part], parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_one_broken_slide_leaves_the_others(tmp_path: Path):
    path = make_deck(tmp_path / "deck.pptx")
    # Its chart is no longer where it says.
    replace_in_package(path, b'r:id="rId2"', b'r:id="rId99"', part="ppt/slides/slide2.xml")

    document = read_document(path)

    assert (document.status, [page.status for page in document.pages]) == ("partial", ["text", "unreadable", "no_text"])
    assert document.pages[1].reason == "damaged"


def test_more_slides_than_the_limit_are_read_in_part(tmp_path: Path):
    document = read_document(make_deck(tmp_path / "deck.pptx"), limits=Limits(pages=2))

    assert (document.status, document.page_count, len(document.pages)) == ("partial", 3, 2)


def test_the_slides_of_opendocument_have_their_notes_and_no_comments(tmp_path: Path):
    body = """<office:presentation>
      <draw:page draw:name="1"><draw:frame><draw:text-box><text:p>Vroege <text:span>opsporing</text:span></text:p>
      <text:list><text:list-item><text:p>borst<text:s text:c="2"/>kanker<text:tab/>2019</text:p></text:list-item>
      </text:list>
      </draw:text-box></draw:frame><draw:g><draw:custom-shape><text:p>Diep</text:p></draw:custom-shape></draw:g>
      <table:table><table:table-row><table:table-cell><text:p>Lezer</text:p></table:table-cell><table:table-cell/>
      <table:table-cell><text:p>Score</text:p><text:p>kappa</text:p></table:table-cell></table:table-row></table:table>
      <office:annotation><text:p>Klopt dit?</text:p></office:annotation>
      <presentation:notes><draw:frame><draw:text-box><text:p>Vertel over het zeepaardje.</text:p></draw:text-box>
      </draw:frame></presentation:notes></draw:page><draw:page draw:name="2"/></office:presentation>"""

    document = read_document(write_odf(tmp_path / "deck.odp", body, kind="presentation"))

    assert [page.text for page in document.pages] == [
        "Vroege opsporing\nborst kanker 2019\nDiep\nLezer | Score kappa",
        "",
    ]
    assert [page.notes for page in document.pages] == ["Vertel over het zeepaardje.", ""]
    assert document.info["title"] == "Een titel"


# Documents --------------------------------------------------------------------------------------------------------


def test_a_document_has_the_pages_that_word_marked(tmp_path: Path):
    document = read_document(make_document(tmp_path / "report.docx"))

    assert (document.status, document.page_count, document.engine) == ("ready", 3, "docx")
    assert [page.text for page in document.pages] == [
        "Jaarverslag 2024\nInleiding\nDe eerste bladzijde.",
        "Lezer | Score\nHet eind van de tweede,",
        "het begin van de derde.\nIn een invulveld.",
    ]
    assert document.info["title"] == "Verslag"


def test_a_text_of_opendocument_has_the_pages_that_its_writer_marked(tmp_path: Path):
    styles = """<style:style style:name="P1"><style:paragraph-properties fo:break-before="page"/></style:style>"""
    body = """<office:text><text:tracked-changes><text:p>Weg.</text:p></text:tracked-changes>
      <text:h>Inleiding</text:h><text:p>Een<text:note><text:note-citation>1</text:note-citation><text:note-body>
      <text:p>De noot.</text:p></text:note-body></text:note> zin.</text:p>
      <text:p>Nog<text:soft-page-break/> een.</text:p><text:p text:style-name="P1">Laatste.</text:p></office:text>"""

    document = read_document(write_odf(tmp_path / "report.odt", body, kind="text", styles=styles))

    assert [page.text for page in document.pages] == ["Inleiding\nEen zin.\nNog\nDe noot.", "een.", "Laatste."]


def test_a_long_document_without_page_marks_loses_nothing(tmp_path: Path):
    lines = "".join(f"<text:p>Regel nummer {number} van het verslag.</text:p>" for number in range(400))
    path = write_odf(tmp_path / "long.odt", f"<office:text>{lines}</office:text>", kind="text")

    document = read_document(path, limits=Limits(page_characters=2_000))

    assert document.page_count and document.page_count > 5
    text = " ".join(page.text for page in document.pages)
    assert all(f"nummer {number} van" in text for number in range(400))


# What cannot be read ----------------------------------------------------------------------------------------------


def test_an_office_file_with_a_password_says_so(tmp_path: Path):
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    opendocument = write_odf(tmp_path / "secret.odt", "<office:text/>", kind="text", manifest=manifest)
    office = tmp_path / "secret.docx"
    office.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))

    for path in (opendocument, office):
        document = read_document(path)
        assert (document.status, document.page_count) == ("password", None)
        assert document.message == "This file asks for a password. Upload a copy without one."


def test_entities_of_xml_are_not_expanded(tmp_path: Path):
    path = tmp_path / "laughs.odt"
    write_odf(path, "<office:text/>", kind="text")
    entities = "".join(f'<!ENTITY l{n} "{"".join(f"&l{n - 1};" for _ in range(10))}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l9;</x>'
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    replace_in_package(path, content, bomb.encode(), part="content.xml")

    document = read_document(path)

    assert document.status in ("unreadable", "limit", "no_text")
    assert document.cpu_seconds < 10


def test_a_deck_cut_off_half_way_is_refused_in_words(tmp_path: Path):
    path = make_deck(tmp_path / "deck.pptx")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    document = read_document(path)

    assert (document.status, document.pages) == ("unreadable", ())
    assert "export it as PDF" in document.message


def test_a_picture_is_kept_and_not_called_damaged(tmp_path: Path):
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "PNG")
    (tmp_path / "poster.png").write_bytes(file.getvalue())

    document = read_document(tmp_path / "poster.png")

    assert (document.status, document.kind and document.kind.media_type) == ("no_text", "image/png")
    assert "does not read them" in document.message


# Real files -------------------------------------------------------------------------------------------------------


@pytest.mark.shared_data
@pytest.mark.skipif(not ENTRIES, reason="needs ../shared/data beside the project")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in ENTRIES])
def test_an_office_file_is_read_as_its_manifest_says(entry: dict):
    document = read_document(FOLDER / entry["file"])

    if "expect" in entry:
        assert document.status == entry["expect"]
        assert document.message.endswith(".")
        return
    assert document.status in ("ready", "no_text"), document
    for slide in entry.get("slides", ()):
        assert_slide(document, slide)
    if "slides_count" in entry:
        assert document.page_count == entry["slides_count"]
        assert [page.notes for page in document.pages if page.notes] == entry["notes"]
    text = " ".join(page.text for page in document.pages)
    words = [*entry.get("words", ()), *entry.get("table_words", ()), *filter(None, [entry.get("header")])]
    assert [word for word in words if word not in text] == []
    if entry.get("title"):
        assert document.info["title"] == entry["title"]


def assert_slide(document: DocumentText, slide: dict) -> None:
    page = document.pages[slide["n"] - 1]
    cells = [cell for row in slide["table"] or () for cell in row]
    assert [word for word in [*slide["words"], *cells] if word not in page.text] == []
    assert page.notes == slide["notes"]
    assert document.page_count is not None
    assert document.page_count >= slide["n"]
