"""The page reader as its readers get it: marks on the image and in the text, ways on, and every odd page asked for."""

import html
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.ingest.filetypes import PPTX
from publications.models import FilePage, RecognisedWords
from publications.vocabularies import AccessRight, FileStatus, PageStatus
from search.indexing import index_due, rebuild_index
from search.reader import RAIL_REACH
from tests.factories import (
    EditorFactory,
    FilePageFactory,
    MemberFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "Steerable filters find edges. A filter that can be steered is filtered once.",
    "Nothing of that kind is here.",
    "One filter more.",
    "",
    "The last filters of all.",
]


@pytest.fixture
def file():
    file = RecordFileFactory(record=PublicationFactory(title="On filters", creators=["Ada Lovelace"]), pages=PAGES)
    rebuild_index()
    return file


def address(file, page=1, query="", language="en"):
    return f"/{language}/records/{file.record.pid}/pages/{file.number}/{page}/{query}"


def read(client: Client, file, page=1, query="", language="en") -> str:
    answer = client.get(address(file, page, query, language))
    assert answer.status_code == 200
    return answer.content.decode()


def marked(page: str) -> list[str]:
    """The marked words of the page's text."""
    prose = page.partition('<div class="prose"')[2].partition("</div>")[0]
    return re.findall(r"<mark>(.*?)</mark>", prose)


def boxes(page: str) -> list[tuple[float, ...]]:
    """The marks on the image: x, y, width and height."""
    drawing = page.partition('<svg class="page-marks"')[2].partition("</svg>")[0]
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>', drawing)
    return [tuple(map(float, box)) for box in found]


def words(page: str) -> dict[str, tuple[float, float]]:
    """Where each word of the text layer begins and how wide it is."""
    drawing = page.partition('<svg class="page-words"')[2].partition("</svg>")[0]
    found = re.findall(r'<text x="([\d.]+)"[^>]* textLength="([\d.]+)"[^>]*>(.*?) ?</text>', drawing)
    return {word: (float(x), float(width)) for x, width, word in found}


def link(page: str, key: str) -> str:
    """Where a key of the reader leads; "" where it leads nowhere."""
    for tag in re.findall(r"<a [^>]*>", page):
        if f'data-key="{key}"' in tag:
            return html.unescape(re.search(r'href="([^"]*)"', tag)[1])
    return ""


# Marks --------------------------------------------------------------------------------------------------------------


def test_every_form_of_the_words_is_marked_in_the_text_and_on_the_image(client, file):
    page = read(client, file, 1, "?q=filter")

    assert marked(page) == ["filters", "filter", "filtered"]
    assert len(boxes(page)) == 3
    x, width = words(page)["filters"]
    assert (boxes(page)[0][0], boxes(page)[0][2]) == (x, width)
    assert "<b>3</b> found on p." in page


def test_all_words_of_the_question_are_marked(client, file):
    page = read(client, file, 1, "?q=%22steerable+filters%22")

    assert marked(page) == ["Steerable", "filters"]
    assert len(boxes(page)) == 2


def test_the_image_and_its_text_layer_stand_whatever_was_asked(client, file):
    page = read(client, file, 1)

    assert (marked(page), boxes(page)) == ([], [])
    assert set(words(page)) == set(PAGES[0].split())
    assert f'src="{address(file, 1)}1000.webp"' in page


def test_numbers_on_the_image_are_written_for_machines_in_dutch_too(client, file):
    page = read(client, file, 1, "?q=filter", language="nl")

    assert len(boxes(page)) == 3
    assert set(words(page)) == set(PAGES[0].split())


def test_text_and_question_are_escaped(client):
    file = RecordFileFactory(pages=["A <b>bold</b> & <script>alert(1)</script> filter"])
    rebuild_index()

    page = read(client, file, 1, "?q=%3Cscript%3Ealert(2)%3C/script%3E%22%3E+filter")

    assert "<script>alert" not in page
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in page
    assert 'value="&lt;script&gt;alert(2)&lt;/script&gt;&quot;&gt; filter"' in page
    assert "filter" in marked(page)


@pytest.mark.parametrize(
    "q",
    [
        '"', "((", ")", "-", "*", "~", "AND", "NOT NOT", "filter~", "fil*", "title:", "title:(", "year:x", '"a b', "\\",
        "%00", "\x00filter", "\u202efilter", "\ud800", "👩‍🔬", "e" + "\u0301" * 300, "a" * 20_000, "(" * 3_000,
        "filter " * 3_000, "filter OR " * 500,
    ],
)  # fmt: skip
def test_no_question_breaks_the_reader(client, file, q):
    answer = client.get(address(file, 1), {"q": q.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 200
    assert "Steerable" in re.sub(r"</?mark>", "", answer.content.decode())


def test_other_words_for_the_topic_are_marked_too_and_can_be_switched_off(client):
    TopicFactory(label_en="Ultrasound", label_nl="Echografie", synonyms_en="sonography")
    file = RecordFileFactory(pages=["Ultrasounds of hearts.", "Nothing.", "More sonography."])
    rebuild_index()

    page = read(client, file, 1, "?q=echografie")
    assert marked(page) == ["Ultrasounds"]
    assert len(boxes(page)) == 1
    assert link(page, "next-hit") == address(file, 3, "?q=echografie")
    assert "Also searched for:" in page
    assert f'<a href="{address(file, 1, "?q=echografie&amp;widen=no")}">Only my own words</a>' in page

    page = read(client, file, 1, "?q=echografie&widen=no")
    assert (marked(page), boxes(page)) == ([], [])
    assert f'<a href="{address(file, 1, "?q=echografie")}">Search for these too</a>' in page
    assert link(page, "next-page") == address(file, 2, "?q=echografie&widen=no")
    assert page.count('<input type="hidden" name="widen" value="no">') == 2
    answer = client.get(address(file, 1, "?q=echografie&widen=no&page=3"))
    assert answer.headers["Location"] == address(file, 3, "?q=echografie&widen=no")


def test_compounds_of_the_words_are_marked(client):
    record = PublicationFactory(language="nl")
    file = RecordFileFactory(
        record=record, pages=["Beeldvormingstechnieken van nu.", "De beeldvorming.", "Technieken."]
    )
    FilePage.objects.filter(file=file).update(language="nl")
    rebuild_index()

    page = read(client, file, 1, "?q=beeldvorming")

    assert marked(page) == ["Beeldvormingstechnieken"]
    assert len(boxes(page)) == 1
    assert link(page, "next-hit") == address(file, 2, "?q=beeldvorming")


def test_a_question_of_bytes_that_are_no_text_is_read_as_far_as_it_is(client, file):
    assert "Steerable" in read(client, file, 1, "?q=%ff%fe+steer")


def test_a_question_that_cannot_be_parsed_is_taken_as_words_and_says_so(client, file):
    page = read(client, file, 1, '?q=("filter')

    assert "filter" in marked(page)
    assert "A closing quotation mark is missing." in page


# Ways on ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "before", "after"), [(1, None, 3), (2, 1, 3), (3, 1, 5), (4, 3, 5), (5, 3, None)]
)  # fmt: skip
def test_hits_lead_to_the_page_before_and_after_with_the_words(client, file, page, before, after):
    shown = read(client, file, page, "?q=filter")

    assert link(shown, "previous-hit") == (address(file, before, "?q=filter") if before else "")
    assert link(shown, "next-hit") == (address(file, after, "?q=filter") if after else "")
    assert link(shown, "previous-page") == (address(file, page - 1, "?q=filter") if page > 1 else "")
    assert link(shown, "next-page") == (address(file, page + 1, "?q=filter") if page < 5 else "")


def test_other_pages_are_quoted_with_the_words_marked(client, file):
    page = read(client, file, 2, "?q=filter")

    assert re.findall(r'data-page-hit="(\d+)"', page) == ["1", "3", "5"]
    assert "One <mark>filter</mark> more." in page


def test_words_that_no_page_has_are_said_to_be_nowhere(client, file):
    assert "No page of this document has these words." in read(client, file, 1, "?q=gondola")


def test_a_page_number_typed_leads_to_that_page(client, file):
    typed = {
        "3": 3, " 3 ": 3, "0": 1, "99": 5, "9" * 5000: 5, "": 2, "-1": 2, "iv": 2, "٣": 2, "²": 2, "1e3": 2, "3.0": 2,
    }  # fmt: skip

    led_to = {text: client.get(address(file, 2), {"page": text, "q": "a b"}) for text in typed}

    assert {text: (answer.status_code, answer.headers["Location"]) for text, answer in led_to.items()} == {
        text: (302, address(file, page, "?q=a+b")) for text, page in typed.items()
    }


@pytest.mark.parametrize("page", ["0", "6", "99999999999999999999", "-1", "x", "1.5", "1/2"])
def test_pages_that_there_are_not_are_not_found(client, file, page):
    assert client.get(address(file, page)).status_code == 404


@pytest.mark.parametrize("rest", ["pages/2/1/", "pages/0/1/", "pages/99999999999999999999/1/", "pages/x/1/"])
def test_files_that_there_are_not_are_not_found(client, file, rest):
    assert client.get(f"/en/records/{file.record.pid}/{rest}").status_code == 404


def test_slides_are_called_slides(client):
    file = RecordFileFactory(record=PresentationFactory(), pages=["A slide."])
    rebuild_index()

    page = read(client, file)

    assert "The words of slide 1" in page
    assert "<title>Slide 1 " in page


# Who may --------------------------------------------------------------------------------------------------------


def test_a_closed_file_shows_nothing_of_its_pages(client, file):
    record = file.record
    record.access_right, record.available = AccessRight.EMBARGOED, timezone.localdate() + timedelta(days=1)
    record.save()
    index_due()

    answer = client.get(address(file, 1, "?q=filter"))
    beyond = client.get(address(file, 99))

    assert (answer.status_code, beyond.status_code) == (403, 403)
    assert "Steerable" not in answer.content.decode()
    assert "On filters" in answer.content.decode()
    client.force_login(EditorFactory())
    assert len(marked(read(client, file, 1, "?q=filter"))) == 3


def test_a_file_for_members_opens_for_members(client, file):
    file.access_right = AccessRight.MEMBERS
    file.save()
    index_due()

    assert client.get(address(file, 1)).status_code == 403
    client.force_login(MemberFactory())
    assert link(read(client, file, 1, "?q=filter"), "next-hit") == address(file, 3, "?q=filter")


def test_pages_of_a_draft_are_not_there_for_readers(client, file):
    file.record.live = False
    file.record.save()

    assert client.get(address(file, 1)).status_code == 404
    client.force_login(EditorFactory())
    assert marked(read(client, file, 1, "?q=filter")) == ["filters", "filter", "filtered"]


def test_what_a_reader_gets_is_kept_by_nobody_else(client, file):
    assert "private" in client.get(address(file, 1)).headers["Cache-Control"]


# When something is missing ------------------------------------------------------------------------------------------


def test_a_page_without_text_says_so(client, file):
    page = read(client, file, 4, "?q=filter")

    assert "This page has no text that can be searched." in page
    assert (marked(page), boxes(page)) == ([], [])
    assert link(page, "next-hit") == address(file, 5, "?q=filter")


def test_a_file_that_was_not_read_yet_has_no_reader(client):
    file = RecordFileFactory(unread=True)

    assert client.get(address(file, 1)).status_code == 404


def test_a_file_without_pages_has_no_reader(client):
    file = RecordFileFactory(media_type="application/zip", name="data.zip", page_count=None)

    assert client.get(address(file, 1)).status_code == 404


def test_pages_of_a_file_whose_text_could_not_be_had_can_be_looked_at(client):
    file = RecordFileFactory(status=FileStatus.NO_TEXT, pages=["A picture of words."])
    rebuild_index()

    page = read(client, file, 1, "?q=picture")

    assert "This page has no text that can be searched." in page
    assert len(boxes(page)) == 1


@pytest.mark.parametrize(("language", "sentence"), [("en", "cannot be shown as an image"), ("nl", "")])
def test_a_page_that_cannot_be_drawn_is_read_as_text(client, language, sentence):
    file = RecordFileFactory(content_bytes=b"%PDF-1.7\nnothing that a reader could use", pages=["Its filter text."])
    rebuild_index()

    page = read(client, file, 1, "?q=filter", language=language)

    assert sentence in page
    assert (marked(page), boxes(page)) == (["filter"], [])
    problem = re.search(r'<div class="notice notice-care"><h2>.*?</h2><p>(.*?)</p>', page)[1]
    assert problem.endswith(".")


def test_the_sentence_why_a_page_cannot_be_drawn_is_in_the_language_of_the_site(client):
    file = RecordFileFactory(content_bytes=b"%PDF-1.7\nnothing that a reader could use")
    rebuild_index()

    english, dutch = (
        re.search(r"notice-care.*?<p>(.*?)</p>", read(client, file, language=language))[1] for language in ("en", "nl")
    )

    assert english != dutch


def test_without_an_index_the_page_can_be_read_and_says_what_is_missing(client, file, settings):
    shutil.rmtree(settings.SEARCH_INDEX_DIR)

    page = read(client, file, 1, "?q=filter")

    assert len(marked(page)) == len(boxes(page)) == 3
    assert "The other pages cannot be searched at the moment." in page
    assert "No page of this document has these words." not in page
    assert link(page, "next-page") == address(file, 2, "?q=filter")


def test_with_a_damaged_index_the_page_can_be_read_too(client, file, settings):
    for path in Path(settings.SEARCH_INDEX_DIR).glob("*/*"):
        path.write_bytes(b"damaged")

    assert len(marked(read(client, file, 1, "?q=filter"))) == 3


# Size -----------------------------------------------------------------------------------------------------------


def make_long_file(pages: int):
    """A file of so many pages, of which the first and one in five have the word "filter"; one of them is drawn."""
    file = RecordFileFactory(pages=["The first filter."], page_count=pages)
    FilePage.objects.bulk_create(
        FilePage(
            file=file,
            number=number,
            status=PageStatus.TEXT,
            text=f"Page {number}" + (" with a filter" if number % 5 == 0 else ""),
            language="en",
        )
        for number in range(2, pages + 1)
    )
    rebuild_index()
    return file


def test_the_rail_of_a_long_file_is_bounded_and_shows_its_gaps(client):
    file = make_long_file(2000)

    plain, asked = read(client, file, 1000), read(client, file, 1000, "?q=filter")

    assert plain.count("/160.webp") == 2 * RAIL_REACH + 1 + 2
    assert plain.count('class="follows-gap"') == 2
    assert asked.count("/160.webp") < 150
    assert link(asked, "next-hit") == address(file, 1005, "?q=filter")
    assert len(asked) < 400_000


def test_the_number_of_queries_does_not_grow_with_the_file(client):
    numbers = {}
    for pages in (3, 60):
        file = make_long_file(pages)
        client.get(address(file, 1, "?q=filter"))  # draws the page
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(client, file, 1, "?q=filter")
        numbers[pages] = len(queries)

    assert len(set(numbers.values())) == 1
    assert numbers[3] <= 16


def test_of_a_long_file_only_the_pages_shown_are_loaded(client, monkeypatch):
    file = RecordFileFactory(record=PublicationFactory(), pages=[f"Filter {number}" for number in range(1, 41)])
    rebuild_index()
    loaded: list[int] = []
    from_db = FilePage.from_db.__func__

    def noting(cls, db, field_names, values):
        page = from_db(cls, db, field_names, values)
        loaded.append(page.number)
        return page

    monkeypatch.setattr(FilePage, "from_db", classmethod(noting))
    page = read(client, file, 20, "?q=filter")

    assert page.count("data-page-hit") == 8
    assert (20 in loaded, len(loaded)) == (True, 9)


def test_a_page_row_that_is_missing_is_a_page_without_text(client):
    file = RecordFileFactory(pages=["One.", "Two."], page_count=3)
    rebuild_index()

    assert "This page has no text that can be searched." in read(client, file, 3)


def test_recognised_text_is_said_to_be_recognised(client):
    file = RecordFileFactory(status=FileStatus.NO_TEXT, pages=[""])
    FilePageFactory(file=file, number=1, text="Read by a machine.", status=PageStatus.RECOGNISED)
    rebuild_index()

    page = read(client, file, 1, "?q=machine")

    assert marked(page) == ["machine"]
    assert "Recognised text: letters may be wrong." in page


def test_words_of_a_recognised_page_are_marked_on_its_picture(client):
    file = RecordFileFactory(record=PublicationFactory(), pages=["Steerable filters find edges."])
    page = file.pages.get()
    page.status = PageStatus.RECOGNISED
    page.save()
    words = [
        ["Steerable", 0.1, 0.2, 0.2, 0.22, 0],
        ["filters", 0.25, 0.2, 0.35, 0.22, 0],
        ["a@b.org", 0.4, 0.2, 0.5, 0.22, 0],
    ]
    RecognisedWords.objects.create(page=page, lines=[[0.02, 0.22, words]])
    rebuild_index()

    answer = read(client, file, query="?q=filter")

    (box,) = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', answer)
    assert tuple(map(float, box)) == pytest.approx((250, 283, 100), abs=1)
    assert "Steerable </text>" in answer
    assert "a@b.org" not in answer


def test_slides_are_read_in_words_and_notes_and_it_is_said_that_there_is_no_picture(client):
    file = RecordFileFactory(
        name="talk.pptx",
        media_type=PPTX.media_type,
        pages=["Automated scoring\nEarly detection", "Thank you"],
        outline=[{"title": "Results", "page": 2, "level": 1}],
    )
    file.pages.filter(number=1).update(notes="Mention the <three> hospitals.")
    rebuild_index()

    page = read(client, file, 1, "?q=hospitals")

    assert "The speaker's notes" in page
    assert "the &lt;three&gt; <mark>hospitals</mark>" in page
    assert "<p>Automated scoring</p>\n      <p>Early detection</p>" in page
    assert "draws no pictures of their pages" in page
    assert "160.webp" not in page
    assert "The words of slide 1" in page
    assert f'<a href="{file.page_url(2)}?q=hospitals">Results</a>' in page.replace("/nl/", "/en/")
    assert client.get(f"/en/records/{file.record.pid}/pages/1/1/160.webp").status_code == 404


def test_a_page_that_waits_for_recognition_says_so_and_why_not(client, settings):
    file = RecordFileFactory(pages=["", "Words."])
    file.pages.filter(number=1).update(reason="no_words", awaits_recognition=True)
    rebuild_index()

    settings.INGEST_OCR_LANGUAGES = ""

    assert "Text recognition is switched off on this hub." in read(client, file, 1)
