"""PDFs to read: made by reportlab, or written byte by byte where no honest program would write them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.publications.ingest.pdf_objects import flate_bomb, stream

MakePdf = Callable[..., Path]
WritePdf = Callable[..., Path]


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """make_pdf(["text of page 1", "text of page 2"]) gives the path of such a file; lines stay as they are."""

    def make(pages: list[str], *, name: str = "paper.pdf", size: tuple[float, float] = (595, 842), **options) -> Path:
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=size, invariant=True, encrypt=options.get("encrypt"))
        canvas.setTitle(options.get("title", ""))
        for text in pages:
            lines = canvas.beginText(72, size[1] - 72)
            lines.textLines(text)
            canvas.drawText(lines)
            canvas.showPage()
        canvas.save()
        return path

    return make


@pytest.fixture
def write_pdf(tmp_path: Path) -> WritePdf:
    """write_pdf(object 1, object 2, …) gives the path of a PDF of these objects, the first one its catalogue."""

    def write(*objects: bytes, name: str = "hostile.pdf") -> Path:
        file, places = io.BytesIO(), []
        file.write(b"%PDF-1.7\n")
        for number, body in enumerate(objects, start=1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.writelines(b"%010d 00000 n \n" % place for place in places)
        file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
        path = tmp_path / name
        path.write_bytes(file.getvalue())
        return path

    return write


@pytest.fixture
def write_page(write_pdf: WritePdf) -> WritePdf:
    """write_page(content) gives a PDF with one page of that content; more objects are numbered from 6."""

    def write(
        content: bytes, *more: bytes, resources: bytes = b"", media_box: bytes = b"0 0 600 800", turned: int = 0
    ) -> Path:
        return write_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [%s] /Rotate %d"
            b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % (media_box, turned, resources),
            content,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        )

    return write


@pytest.fixture
def hostile_pdf(write_pdf: WritePdf, write_page: WritePdf, make_pdf: MakePdf) -> Callable[[str], Path]:
    """hostile_pdf("flate bomb") gives the path of a file that is meant to hurt whoever opens it."""

    def nested_forms() -> Path:
        forms = [
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> /Length 60 >>"
            b"\nstream\n%s\nendstream" % (number + 1, (b"/X Do " * 10).ljust(60))
            for number in range(6, 16)
        ]
        last = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream"
        return write_page(stream(b"/X Do"), *forms, last, resources=b"/XObject << /X 6 0 R >>")

    def cyclic_page_tree() -> Path:
        return write_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")

    def same_page_often() -> Path:
        return write_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count 30000 >>" % (b"3 0 R " * 30_000),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        )

    def truncated() -> Path:
        path = make_pdf(["Half of this file is missing."] * 20, name="truncated.pdf")
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        return path

    makers: dict[str, Callable[[], Path]] = {
        "flate bomb": lambda: write_page(flate_bomb(300 << 20)),
        "nested forms": nested_forms,
        "nested arrays": lambda: write_page(stream(b"[" * 100_000 + b"]" * 100_000 + b" TJ")),
        "many operators": lambda: write_page(stream(b"BT /F1 9 Tf (x) Tj ET\n" * 180_000)),
        "cyclic page tree": cyclic_page_tree,
        "same page often": same_page_often,
        "truncated": truncated,
    }
    return lambda kind: makers[kind]()
