"""Pages as images: drawn once, kept, refused where too many are asked for, and thrown away again."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from publications.errors import DamagedFile, IngestError
from publications.ingest import page_images
from publications.ingest.page_images import (
    RETRY_SECONDS,
    RendererBusy,
    get_page_image,
    prune_page_images,
    renderer_slot,
)
from tests.factories import RecordFileFactory, make_pdf

pytestmark = pytest.mark.django_db

BROKEN = b"%PDF-1.7\nnothing that a reader could use"


def cached(settings) -> list[str]:
    return sorted(path.name for path in settings.PAGE_CACHE_DIR.glob("??/*/*"))


def test_a_page_is_drawn_at_the_width_asked_and_its_words_have_places():
    file = RecordFileFactory(pages=["First page.", "Wedges of grey."])

    page = get_page_image(file, 2)

    with Image.open(page.path) as image:
        assert (image.format, image.size) == ("WEBP", (page.width, page.height))
    assert page.width == 1000
    assert [word.text for word in page.words] == ["Wedges", "of", "grey."]
    assert all(0 < word.x < 1 and 0 < word.y < 1 for word in page.words)


def test_a_page_is_drawn_once_and_for_every_file_of_the_same_bytes():
    file = RecordFileFactory(pages=["The same."])
    drawn = get_page_image(file, 1, width=160)
    Path(file.content.path).write_bytes(BROKEN)

    again = get_page_image(file, 1, width=160)
    of_a_copy = get_page_image(RecordFileFactory(pages=["The same."]), 1, width=160)

    assert (again, of_a_copy) == (drawn, drawn)


def test_a_page_that_failed_is_not_tried_again_for_an_hour(settings):
    file = RecordFileFactory(content_bytes=BROKEN)
    with pytest.raises(DamagedFile) as first:
        get_page_image(file, 1, width=160)
    Path(file.content.path).write_bytes(make_pdf(["Well again."]))

    with pytest.raises(IngestError) as second:
        get_page_image(file, 1, width=160)

    assert str(second.value) == str(first.value)
    (facts_path,) = settings.PAGE_CACHE_DIR.glob("??/*/1-160.json")
    facts = json.loads(facts_path.read_text())
    facts_path.write_text(json.dumps(facts | {"at": time.time() - RETRY_SECONDS - 1}))
    assert get_page_image(file, 1, width=160).path.exists()


@pytest.mark.parametrize("harm", ["no image", "half the facts", "no facts"])
def test_a_cache_that_lost_something_is_filled_again(harm):
    file = RecordFileFactory()
    page = get_page_image(file, 1, width=160)
    facts = page.path.with_suffix(".json")

    match harm:
        case "no image":
            page.path.unlink()
        case "half the facts":
            facts.write_text(facts.read_text()[:20])
        case "no facts":
            facts.unlink()

    assert get_page_image(file, 1, width=160) == page
    assert page.path.exists()


def test_who_waits_for_a_page_that_somebody_else_draws_takes_theirs(settings):
    settings.PAGE_RENDERERS = 1
    file = RecordFileFactory()
    folder = settings.PAGE_CACHE_DIR / file.sha256[:2] / file.sha256

    with ThreadPoolExecutor() as pool:
        with renderer_slot():
            waiting = pool.submit(get_page_image, file, 1, width=160)
            while not folder.exists():
                time.sleep(0.01)
            drawn = page_images._draw(file, folder, 1, 160)
            drawn_as = drawn.path.stat().st_ino
        taken = waiting.result()

    assert taken.path == drawn.path
    assert taken.path.stat().st_ino == drawn_as


def test_many_readers_of_many_pages_get_each_their_page(settings):
    settings.PAGE_RENDERERS = 2
    file = RecordFileFactory(pages=["One.", "Two.", "Three."])

    with ThreadPoolExecutor(max_workers=6) as pool:
        pages = list(pool.map(lambda number: get_page_image(file, number, width=160), [1, 2, 3, 1, 2, 3]))

    assert [page.path.name for page in pages] == [f"{number}-160.webp" for number in (1, 2, 3, 1, 2, 3)]
    assert cached(settings) == [f"{number}-160.{suffix}" for number in (1, 2, 3) for suffix in ("json", "webp")]


def test_when_all_renderers_are_busy_the_page_can_be_asked_for_again(client, settings, monkeypatch):
    settings.PAGE_RENDERERS = 1
    monkeypatch.setattr(page_images, "WAIT_SECONDS", 0)
    file = RecordFileFactory()
    address = f"/en/records/{file.record.pid}/pages/1/1/"

    with renderer_slot():
        with pytest.raises(RendererBusy):
            get_page_image(file, 1)
        image, reader = client.get(f"{address}1000.webp"), client.get(address)

    assert (image.status_code, image.headers["Retry-After"]) == (503, "5")
    assert reader.status_code == 200
    assert "Many pages are being drawn at the moment" in reader.content.decode()
    assert client.get(f"{address}1000.webp").status_code == 200


def test_a_slot_is_free_again_after_an_error(settings):
    settings.PAGE_RENDERERS = 1
    for number in range(3):
        with pytest.raises(IngestError):
            get_page_image(RecordFileFactory(content_bytes=BROKEN + bytes([number])), 1, width=160)

    assert get_page_image(RecordFileFactory(), 1, width=160).path.exists()


# Throwing away --------------------------------------------------------------------------------------------------


def test_the_images_used_longest_ago_go_first(settings):
    file = RecordFileFactory(pages=["One.", "Two.", "Three."])
    pages = [get_page_image(file, number, width=160) for number in (1, 2, 3)]
    for used, page in zip((300, 100, 200), pages, strict=True):
        os.utime(page.path, (used, used))
    sizes = [page.path.stat().st_size for page in pages]

    freed = prune_page_images(max_bytes=sizes[0] + 1)

    assert freed == sizes[1] + sizes[2]
    assert cached(settings) == ["1-160.json", "1-160.webp"]
    assert get_page_image(file, 2, width=160).path.exists()


def test_what_fits_stays(settings):
    get_page_image(RecordFileFactory(), 1, width=160)
    before = cached(settings)

    assert prune_page_images(max_bytes=10**9) == 0
    assert cached(settings) == before


def test_a_cache_that_was_never_used_needs_no_pruning():
    assert prune_page_images(max_bytes=0) == 0


def test_two_that_prune_at_once_do_not_disturb_each_other_or_a_reader(settings):
    file = RecordFileFactory(pages=["One.", "Two."])
    errors: list[BaseException] = []

    def prune() -> None:
        try:
            while not done.is_set():
                prune_page_images(max_bytes=0)
        except BaseException as error:
            errors.append(error)

    done = threading.Event()
    pruners = [threading.Thread(target=prune) for _ in range(2)]
    for pruner in pruners:
        pruner.start()
    for _ in range(5):
        for number in (1, 2):
            get_page_image(file, number, width=160)
    done.set()
    for pruner in pruners:
        pruner.join()

    assert errors == []
