import zipfile
from pathlib import Path

import pytest

from publications.errors import DamagedFile, EmptyFile, FileTooLarge, LimitReached, UnsupportedFile
from publications.ingest.filetypes import DOCX, ODP, ODT, PDF, PPTX, recognise_file
from publications.ingest.limits import Limits


def write_parts(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_pdf_is_known_by_its_content_not_its_name(make_pdf, tmp_path: Path):
    path = make_pdf(["text"]).rename(tmp_path / "paper.docx")

    assert recognise_file(path) == PDF


def test_pdf_may_start_after_other_bytes(make_pdf):
    path = make_pdf(["text"])
    path.write_bytes(b"\r\n" * 400 + path.read_bytes())

    assert recognise_file(path) == PDF


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, PPTX),
        ({"[Content_Types].xml": "", "word/document.xml": ""}, DOCX),
        ({"mimetype": "application/vnd.oasis.opendocument.presentation"}, ODP),
        ({"mimetype": "application/vnd.oasis.opendocument.text\n"}, ODT),
    ],
)
def test_office_files_are_known_by_their_parts(tmp_path: Path, parts, kind):
    assert recognise_file(write_parts(tmp_path / "upload", parts)) == kind


@pytest.mark.parametrize("parts", [{"readme.txt": "hello"}, {"[Content_Types].xml": "", "xl/workbook.xml": ""}, {}])
def test_other_archives_are_not_taken(tmp_path: Path, parts):
    with pytest.raises(UnsupportedFile, match="PDF, PowerPoint"):
        recognise_file(write_parts(tmp_path / "archive.pptx", {"x": "y"} | parts))


def test_office_file_that_unpacks_to_too_much_is_refused(tmp_path: Path):
    path = write_parts(tmp_path / "bomb.pptx", {"[Content_Types].xml": "", "ppt/presentation.xml": "0" * 5_000_000})

    with pytest.raises(LimitReached, match="Unpacked"):
        recognise_file(path, limits=Limits(unpacked_bytes=4_000_000))


def test_broken_office_file_is_damaged(tmp_path: Path):
    path = write_parts(tmp_path / "deck.pptx", {"ppt/presentation.xml": "0" * 1000})
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(DamagedFile, match="damaged"):
        recognise_file(path)


def test_empty_file(tmp_path: Path):
    (tmp_path / "empty.pdf").touch()

    with pytest.raises(EmptyFile, match="empty"):
        recognise_file(tmp_path / "empty.pdf")


def test_file_over_the_limit(make_pdf):
    with pytest.raises(FileTooLarge, match="larger"):
        recognise_file(make_pdf(["text"]), limits=Limits(size_bytes=100))


def test_web_page_named_pdf(tmp_path: Path):
    page = tmp_path / "upload.tmp"
    page.write_text("<!doctype html><title>Sign in</title>")

    with pytest.raises(DamagedFile, match="named PDF but is none"):
        recognise_file(page, name="Paper.PDF")
    with pytest.raises(UnsupportedFile):
        recognise_file(page)


def test_old_office_file_gets_a_sentence_of_its_own(tmp_path: Path):
    path = tmp_path / "slides.ppt"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    with pytest.raises(UnsupportedFile, match="old Office version"):
        recognise_file(path)


def test_real_office_files_are_recognised(shared_data: Path):
    kinds = {".pptx": PPTX, ".docx": DOCX, ".odp": ODP}
    paths = [path for path in shared_data.glob("office/*.???*") if path.suffix in kinds and "deck-" not in path.stem]

    found = {path.name: recognise_file(path) for path in paths}

    assert found
    assert found == {path.name: kinds[path.suffix] for path in paths}


def test_real_zip_bomb_and_broken_deck_are_refused(shared_data: Path):
    with pytest.raises(LimitReached):
        recognise_file(shared_data / "office" / "deck-zipbomb.pptx")
    with pytest.raises(DamagedFile):
        recognise_file(shared_data / "office" / "deck-broken.pptx")
