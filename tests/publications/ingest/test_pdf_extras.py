"""What a PDF holds beside the text of its pages: read where readers see it, listed where they do not."""

from pathlib import Path

import pytest

from publications.ingest.reading import DocumentText, read_document
from tests.publications.ingest.pdf_objects import stream

PAGE = 3
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


@pytest.fixture
def read_page(write_pdf):
    """read_page(annotations, catalogue=…, more=…) reads a PDF with one page; more objects are numbered from 6."""

    def read(
        annotations: bytes, *more: bytes, catalogue: bytes = b"", content: bytes = b"BT /F1 9 Tf 50 700 Td (Page) Tj ET"
    ) -> DocumentText:
        path: Path = write_pdf(
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 600 800] /Annots [%s]"
            b" /Resources << /Font << /F1 5 0 R >> >> >>" % annotations,
            stream(content),
            FONT,
            *more,
        )
        return read_document(path)

    return read


def annotation(body: bytes, *, kind: bytes = b"/Text") -> bytes:
    return b"<< /Type /Annot /Subtype %s /Rect [0 0 9 9] %s >>" % (kind, body)


def test_annotations_and_filled_in_fields_are_read_on_their_page(read_page):
    document = read_page(
        b" ".join(
            [
                annotation(b"/Contents (Check the kappa value)"),
                annotation(b"/Contents (A free remark)", kind=b"/FreeText"),
                annotation(b"/FT /Tx /V (Utrecht)", kind=b"/Widget"),
                annotation(b"/Parent 6 0 R", kind=b"/Widget"),
                annotation(b"/FT /Ch /V [(MRI) (CT)]", kind=b"/Widget"),
                annotation(b"/Contents (Check the kappa value)"),
            ]
        ),
        b"<< /FT /Tx /V (From the field above) >>",
    )

    assert document.pages[0].text == "Page"
    assert document.pages[0].notes.splitlines() == [
        "Check the kappa value",
        "A free remark",
        "Utrecht",
        "From the field above",
        "MRI",
        "CT",
    ]


@pytest.mark.parametrize(
    "unseen",
    [
        annotation(b"/Contents (secret) /F 2"),
        annotation(b"/Contents (secret) /F 32"),
        annotation(b"/FT /Tx /Ff 8192 /V (secret)", kind=b"/Widget"),
        annotation(b"/FT /Btn /V /secret", kind=b"/Widget"),
        annotation(b"/Contents (secret)", kind=b"/Popup"),
        annotation(b"/Contents (secret)", kind=b"/Link"),
    ],
)
def test_what_no_reader_sees_is_not_read(read_page, unseen: bytes):
    assert read_page(unseen).pages[0].notes == ""


def test_a_form_without_text_of_its_own_is_found_by_what_was_filled_in(read_page):
    document = read_page(annotation(b"/FT /Tx /V (Zeepaardje)", kind=b"/Widget"), content=b"")

    (page,) = document.pages
    assert (document.status, page.status, page.text, page.notes) == ("ready", "text", "", "Zeepaardje")
    assert page.awaits_recognition


@pytest.mark.parametrize("annotations", [b"5 0 R", b"null 7 (x)", b"<< /Subtype /Widget /Parent 3 0 R /FT 9 >>"])
def test_broken_annotations_cost_no_text(read_page, annotations: bytes):
    document = read_page(annotations)

    assert (document.status, document.pages[0].text) == ("ready", "Page")


def test_fields_that_are_their_own_parents_end(read_page):
    document = read_page(b"6 0 R", b"<< /Subtype /Widget /Parent 6 0 R >>")

    assert (document.status, document.pages[0].notes) == ("ready", "")


def test_the_outline_leads_to_pages(read_page):
    document = read_page(
        b"",
        b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 2 >>",
        b"<< /Title (1  Results) /Parent 6 0 R /Dest [3 0 R /Fit] /First 8 0 R /Last 8 0 R /Count 1 >>",
        b"<< /Title (1.1 Readers) /Parent 7 0 R /Dest [3 0 R /Fit] >>",
        catalogue=b"/Outlines 6 0 R",
    )

    assert document.outline == (
        {"title": "1 Results", "page": 1, "level": 1},
        {"title": "1.1 Readers", "page": 1, "level": 2},
    )


def test_an_outline_that_goes_round_in_circles_is_left(read_page):
    document = read_page(
        b"",
        b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
        b"<< /Title (Round) /Parent 6 0 R /Dest [3 0 R /Fit] /Next 7 0 R >>",
        catalogue=b"/Outlines 6 0 R",
    )

    assert document.status == "ready"
    assert len(document.outline) < 500


def test_files_inside_are_listed_and_not_read(read_page):
    data = b"<< /Type /EmbeddedFile /Params << /Size 12345 >> /Length 14 >>\nstream\nzeepaardje,1,2\nendstream"
    document = read_page(
        annotation(b"/FS 7 0 R", kind=b"/FileAttachment"),
        data,
        b"<< /Type /Filespec /F (data.csv) /UF (data.csv) /EF << /F 6 0 R >> >>",
        b"<< /Type /Filespec /F (unknown.bin) /EF << >> >>",
        catalogue=b"/Names << /EmbeddedFiles << /Names [(b) 8 0 R] >> >>",
    )

    assert document.attachments == (
        {"name": "unknown.bin", "size_bytes": None},
        {"name": "data.csv", "size_bytes": 12345},
    )
    assert "zeepaardje" not in document.pages[0].text + document.pages[0].notes
