import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from publications.errors import DamagedFile, EncryptedFile, LimitReached
from publications.ingest.limits import Limits
from publications.ingest.render import Word, join_halves, render_page, render_thumbnail
from tests.publications.ingest.pdf_objects import stream


def open_image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_page_is_drawn_as_wide_as_asked_with_its_words_in_place(tmp_path: Path):
    canvas = Canvas(str(tmp_path / "page.pdf"), pagesize=(500, 1000))
    canvas.setFont("Helvetica", 20)
    canvas.drawString(100, 800, "steerable filters")
    canvas.rect(250, 400, 250, 100, fill=1)
    canvas.save()

    page = render_page(tmp_path / "page.pdf", 1, width=1000)

    image = open_image(page.image)
    assert (image.format, image.size, (page.width, page.height)) == ("WEBP", (1000, 2000), (1000, 2000))
    assert image.getpixel((750, 1100))[0] < 30
    assert image.getpixel((250, 1100))[0] > 225
    assert [word.text for word in page.words] == ["steerable", "filters"]
    first = page.words[0]
    assert first.x == pytest.approx(0.2, abs=0.01)
    # The foot of the letters stands at 200 of 1,000 points from the top.
    assert first.y < 0.2 < first.y + first.height < 0.21
    assert first.width == pytest.approx(Canvas("").stringWidth("steerable", "Helvetica", 20) / 500, abs=0.01)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_words_are_where_a_turned_page_shows_them(write_page, turned: int):
    content = stream(b"BT /F1 20 Tf 160 700 Td (word) Tj ET")
    path = write_page(content, media_box=b"100 100 460 900", turned=turned)

    page = render_page(path, 1, width=400)

    ink = open_image(page.image).convert("L").point(lambda light: 255 * (light < 128)).getbbox()
    (word,) = page.words
    assert (page.height > page.width) == (turned in (0, 180))
    assert word.x * page.width <= ink[0] + 2
    assert word.y * page.height <= ink[1] + 2
    assert (word.x + word.width) * page.width >= ink[2] - 2
    assert (word.y + word.height) * page.height >= ink[3] - 2
    assert word.width * word.height < 0.02


def test_thumbnail_is_the_first_page_and_small(make_pdf):
    thumbnail = render_thumbnail(make_pdf(["first", "second"]))

    assert (thumbnail.width, thumbnail.words) == (400, ())
    assert len(thumbnail.image) < 30_000


@pytest.mark.parametrize(
    ("media_box", "largest"),
    [(b"0 0 9999999 9999999", (1000, 1000)), (b"0 0 10 200000", (8000, 8000)), (b"0 0 14400 1", (1000, 8000))],
)
def test_images_of_monstrous_pages_are_bounded(write_page, media_box: bytes, largest: tuple[int, int]):
    path = write_page(stream(b""), media_box=media_box)

    page = render_page(path, 1, width=1000)

    assert 1 <= page.width <= largest[0]
    assert 1 <= page.height <= largest[1]


def test_pages_that_are_not_there_and_files_that_do_not_open(make_pdf, tmp_path: Path):
    path = make_pdf(["only one"])
    locked = make_pdf(["x"], name="locked.pdf", encrypt=StandardEncryption("secret", "owner", strength=128))
    (tmp_path / "noise.pdf").write_bytes(b"%PDF-1.4 noise")

    for number in (0, 2, -1):
        with pytest.raises(DamagedFile):
            render_page(path, number, width=400)
    with pytest.raises(EncryptedFile, match="password"):
        render_page(locked, 1, width=400)
    with pytest.raises(DamagedFile, match="damaged"):
        render_page(tmp_path / "noise.pdf", 1, width=400)


def test_a_hostile_page_stops_at_its_limit(hostile_pdf):
    with pytest.raises(LimitReached, match="more time or memory"):
        render_page(hostile_pdf("nested forms"), 1, width=400, limits=Limits(cpu_seconds=1))


def test_both_halves_of_a_broken_word_know_the_whole():
    words = [
        Word("the", 0.1, 0.1, 0.1, 0.01),
        Word("seg-", 0.8, 0.1, 0.1, 0.01),
        Word("mentation", 0.1, 0.12, 0.1, 0.01),
        Word("low-dose", 0.3, 0.12, 0.1, 0.01),
        Word("A-", 0.8, 0.12, 0.1, 0.01),
        Word("B", 0.1, 0.14, 0.1, 0.01),
    ]

    assert [word.whole for word in join_halves(words)] == ["", "segmentation", "segmentation", "", "", ""]


def test_words_of_a_real_page_are_those_of_its_text(shared_data: Path):
    page = render_page(shared_data / "midl2019" / "abdi19a.pdf", 2, width=1000)

    texts = [word.text for word in page.words]
    assert "Network" in texts
    assert {word.whole for word in page.words if word.whole} >= {"extension", "intriguing", "concerns"}
    assert all(0 <= word.x <= 1 and 0 <= word.y <= 1 for word in page.words)
