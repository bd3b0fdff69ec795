"""Downloads: whole files and parts of them, to those who may, and harmless in a browser."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from publications.records import attach_file
from publications.vocabularies import AccessRight
from tests.factories import (
    EditorFactory,
    GroupFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    UserFactory,
    make_pdf,
)

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 1000
SIZE = len(CONTENT)


@pytest.fixture
def file():
    return RecordFileFactory(content_bytes=CONTENT, name="bytes.bin", media_type="application/octet-stream")


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def url_of(file) -> str:
    return file.get_absolute_url().replace("/nl/", "/en/")


# Whole files ----------------------------------------------------------------------------------------------------


def test_a_file_leaves_as_it_came_and_can_do_nothing_in_a_browser(client: Client, file):
    answer = client.get(url_of(file))

    assert (answer.status_code, body_of(answer)) == (200, CONTENT)
    assert {name: answer.headers[name] for name in sorted(answer.headers) if name in HEADERS} == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'attachment; filename="bytes.bin"',
        "Content-Length": str(SIZE),
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; object-src 'self'",
        "Content-Type": "application/octet-stream",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{file.sha256}"',
        "Last-Modified": http_date(file.created_at.timestamp()),
        "X-Content-Type-Options": "nosniff",
    }


HEADERS = {
    "Accept-Ranges",
    "Cache-Control",
    "Content-Disposition",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "ETag",
    "Last-Modified",
    "X-Content-Type-Options",
}


def test_only_a_pdf_opens_in_the_browser_and_only_unless_a_download_is_asked(client: Client):
    pdf = RecordFileFactory(name="paper.pdf")
    page = RecordFileFactory(name="page.html", media_type="text/html", content_bytes=b"<script>alert(1)</script>")

    shown, downloaded, html = (client.get(url) for url in (url_of(pdf), f"{url_of(pdf)}?download", url_of(page)))

    assert shown.headers["Content-Disposition"] == 'inline; filename="paper.pdf"'
    assert downloaded.headers["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert html.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert "sandbox" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("deposited", "disposition"),
    [
        ("Ünïcode – œuvre.pdf", "inline; filename*=utf-8''%C3%9Cn%C3%AFcode%20%E2%80%93%20%C5%93uvre.pdf"),
        ('quo"te; filename=evil.exe.pdf', 'inline; filename="quo te filename=evil.exe.pdf"'),
        ("line\r\nSet-Cookie: a=b.pdf", 'inline; filename="lineSet-Cookie a=b.pdf"'),
        ("../../etc/passwd", 'inline; filename="passwd.pdf"'),
        ("right\u202eto left.pdf", 'inline; filename="rightto left.pdf"'),
        ("100% of it?.pdf", 'inline; filename="100 of it.pdf"'),
        ("论文.pdf", "inline; filename*=utf-8''%E8%AE%BA%E6%96%87.pdf"),
    ],
)
def test_a_file_of_any_name_can_be_fetched_by_its_address(client: Client, deposited, disposition):
    content = make_pdf(["A page."])
    file = attach_file(PublicationFactory(), io.BytesIO(content), name=deposited, read_now=False)

    answer = client.get(url_of(file))

    assert (answer.status_code, body_of(answer)) == (200, content)
    assert answer.headers["Content-Disposition"].startswith(disposition.partition(";")[0])
    assert answer.headers["Content-Disposition"] == disposition


def test_head_tells_all_but_the_content(client: Client, file):
    get, head = client.get(url_of(file)), client.head(url_of(file))

    assert (head.status_code, body_of(head)) == (200, b"")
    assert {name: head.headers[name] for name in HEADERS} == {name: get.headers[name] for name in HEADERS}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_done_to_a_file_but_reading_it(client: Client, file, method):
    assert getattr(client, method)(url_of(file)).status_code == 405


def test_who_has_the_file_already_is_told_so(client: Client, file):
    etag = client.get(url_of(file)).headers["ETag"]

    answers = [
        client.get(url_of(file), headers={"If-None-Match": value})
        for value in (etag, f"W/{etag}", f'"another", {etag}', "*", '"another"')
    ]

    assert [answer.status_code for answer in answers] == [304, 304, 304, 304, 200]
    assert {answer.headers["ETag"] for answer in answers} == {etag}
    assert body_of(answers[0]) == b""


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("If-Modified-Since", 0, 304),
        ("If-Modified-Since", 60, 304),
        ("If-Modified-Since", -60, 200),
        ("If-Unmodified-Since", 0, 200),
        ("If-Unmodified-Since", -60, 412),
    ],
)
def test_a_file_is_as_old_as_its_deposit(client: Client, file, name, value, status):
    day = http_date(file.created_at.timestamp() + value)

    assert client.get(url_of(file), headers={name: day}).status_code == status


def test_preconditions_are_weighed_in_the_order_of_the_standard(client: Client, file):
    etag, other = f'"{file.sha256}"', '"another"'
    before, now = (http_date(file.created_at.timestamp() + seconds) for seconds in (-60, 0))
    cases = [
        ({"If-Match": etag}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": other}, 412),
        ({"If-Match": f"W/{etag}"}, 412),  # strong comparison
        ({"If-Match": etag, "If-Unmodified-Since": before}, 200),  # the date is not looked at
        ({"If-None-Match": other, "If-Modified-Since": now}, 200),  # nor here
        ({"If-None-Match": etag, "Range": "bytes=0-9"}, 304),  # before the range
        ({"If-Match": other, "Range": "bytes=0-9"}, 412),
        ({"If-Modified-Since": "yesterday"}, 200),
    ]

    for headers, status in cases:
        answer = client.get(url_of(file), headers=headers)
        assert (headers, answer.status_code) == (headers, status)
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "private, no-cache"


# Parts of files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=70000-140000", 70_000, 140_000),
        ("bytes=255990-", 255_990, SIZE - 1),
        ("bytes=255990-999999999", 255_990, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        (" bytes=5-9 ", 5, 9),
        ("Bytes=5-9", 5, 9),
        ("bytes= 5-9 , ", 5, 9),
    ],
)
def test_a_range_gives_just_those_bytes(client: Client, file, header, first, last):
    answer = client.get(url_of(file), headers={"Range": header})

    assert (answer.status_code, body_of(answer)) == (206, CONTENT[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", "bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(client: Client, file, header):
    answer = client.get(url_of(file), headers={"Range": header})

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-9",
        "bytes=9-5",
        "bytes=-",
        "bytes=a-b",
        "bytes=0--1",
        "bytes=٣-٥",
        "items=0-1",
        "bytes 0-1",
        "0-1",
        "bytes=" + "9" * 5000 + "-",
        "bytes=-" + "9" * 5000,
    ],
)
def test_several_ranges_and_malformed_ones_get_the_whole_file(client: Client, file, header):
    answer = client.get(url_of(file), headers={"Range": header})

    assert (answer.status_code, body_of(answer)) == (200, CONTENT)


def test_a_range_is_for_get_alone(client: Client, file):
    answer = client.head(url_of(file), headers={"Range": "bytes=0-9"})

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(SIZE))
    assert "Content-Range" not in answer.headers


def test_an_empty_file_has_no_ranges(client: Client):
    file = RecordFileFactory(content_bytes=b"", name="empty.txt", media_type="text/plain")

    whole, part = client.get(url_of(file)), client.get(url_of(file), headers={"Range": "bytes=0-"})

    assert (whole.status_code, body_of(whole), whole.headers["Content-Length"]) == (200, b"", "0")
    assert (part.status_code, part.headers["Content-Range"]) == (416, "bytes */0")


def test_a_range_of_another_version_gets_the_whole_file(client: Client, file):
    answers = {
        value: client.get(url_of(file), headers={"Range": "bytes=0-9", "If-Range": value}).status_code
        for value in (
            f'"{file.sha256}"',
            f'W/"{file.sha256}"',  # strong comparison (RFC 9110, 13.1.5)
            '"of another file"',
            http_date(file.created_at.timestamp()),
            "Sun, 06 Nov 2022 08:49:37 GMT",
            "no date",
        )
    }

    assert list(answers.values()) == [206, 200, 200, 206, 200, 200]


# Who may ---------------------------------------------------------------------------------------------------------


def readers():
    group = GroupFactory(name="Reading group")
    return {
        "anybody": None,
        "member": MemberFactory(),
        "researcher": ResearcherFactory(),
        "of the group": UserFactory(groups=["Reading group"]),
        "editor": EditorFactory(),
    }, group


@pytest.mark.parametrize(
    ("access_right", "who"),
    [
        (AccessRight.OPEN, {"anybody", "member", "researcher", "of the group", "owner", "editor"}),
        (AccessRight.MEMBERS, {"member", "researcher", "owner", "editor"}),
        (AccessRight.RESTRICTED, {"of the group", "owner", "editor"}),
        (AccessRight.EMBARGOED, {"owner", "editor"}),
        (AccessRight.METADATA_ONLY, {"owner", "editor"}),
    ],
)
def test_access_is_asked_at_every_request(client: Client, access_right, who):
    people, group = readers()
    people["owner"] = UserFactory()
    record = PublicationFactory(
        access_right=access_right, available=timezone.localdate() + timedelta(days=1), owner=people["owner"]
    )
    record.restricted_groups.set([group])
    record.save()
    file = RecordFileFactory(record=record)
    opened = set()

    for name, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        answers = [
            client.get(url_of(file)),
            client.get(url_of(file), headers={"Range": "bytes=0-9"}),
            client.head(url_of(file)),
            client.get(url_of(file), headers={"If-None-Match": f'"{file.sha256}"'}),
            client.get(f"/en/records/{record.pid}/pages/1/1/160.webp"),
        ]
        codes = [answer.status_code for answer in answers]
        assert codes in ([200, 206, 200, 304, 200], [403] * 5)
        if codes[0] == 200:
            opened.add(name)
        else:
            assert file.sha256 not in str(answers[0].headers)
            assert b"This file is not open to you" in answers[0].content

    assert opened == who


def test_a_file_closes_at_once_and_opens_on_the_day_its_embargo_ends(client: Client):
    file = RecordFileFactory()
    record, today = file.record, timezone.localdate()
    codes = []

    for access_right, available in (
        (AccessRight.OPEN, None),
        (AccessRight.EMBARGOED, today + timedelta(days=1)),
        (AccessRight.EMBARGOED, today),
    ):
        record.access_right, record.available = access_right, available
        record.save()
        codes.append(client.get(url_of(file)).status_code)

    assert codes == [200, 403, 200]


def test_a_file_of_its_own_right_may_be_closer_than_its_record(client: Client):
    open_file = RecordFileFactory(name="open.pdf")
    closed = RecordFileFactory(record=open_file.record, name="closed.pdf", access_right=AccessRight.METADATA_ONLY)

    assert [client.get(url_of(file)).status_code for file in (open_file, closed)] == [200, 403]


def test_nobody_learns_that_a_draft_has_a_file_but_those_who_may_read_it(client: Client):
    owner = ResearcherFactory()
    file = RecordFileFactory(record=PublicationFactory(live=False, owner=owner))
    codes = []

    for person in (None, MemberFactory(), ResearcherFactory(), owner, EditorFactory()):
        client.logout()
        if person:
            client.force_login(person)
        codes.append(client.get(url_of(file)).status_code)

    assert codes == [404, 404, 404, 200, 200]


# What is not there ------------------------------------------------------------------------------------------------


def test_a_file_that_was_taken_away_is_gone_with_its_pages(client: Client):
    file = RecordFileFactory()
    client.force_login(EditorFactory())
    addresses = [url_of(file), *(f"/en/records/{file.record.pid}/pages/1/{rest}" for rest in PAGES)]
    before = [client.get(address).status_code for address in addresses]

    file.removed_at = timezone.now()
    file.save()

    assert before == [200] * 4
    assert [client.get(address).status_code for address in addresses] == [404] * 4


PAGES = ("1/", "1/160.webp", "thumbnail.webp")


def test_a_file_whose_bytes_are_gone_is_not_found(client: Client):
    file = RecordFileFactory()
    Path(file.content.path).unlink()

    assert client.get(url_of(file)).status_code == 404
    assert client.get(url_of(file), headers={"Range": "bytes=0-9"}).status_code == 404
    assert client.get(f"/en/records/{file.record.pid}/pages/1/1/160.webp").status_code == 404
    assert client.get(f"/en/records/{file.record.pid}/pages/1/1/").status_code == 200


def test_a_file_that_lost_bytes_is_not_sent_as_if_it_were_whole(client: Client, file):
    Path(file.content.path).write_bytes(CONTENT[:1000])

    assert client.get(url_of(file)).status_code == 404
    assert client.get(url_of(file), headers={"Range": "bytes=0-9"}).status_code == 404


@pytest.mark.parametrize("rest", ["other.pdf", "PAPER1.PDF", "paper1.pdf/", "..%2Fpaper1.pdf", "paper1.pdf%00", "%FF"])
def test_an_unknown_name_is_not_found(client: Client, rest):
    file = RecordFileFactory()

    assert client.get(f"/en/records/{file.record.pid}/{rest}").status_code == 404


# Pictures of pages ------------------------------------------------------------------------------------------------


def test_a_page_is_an_image_that_its_reader_may_keep(client: Client):
    file = RecordFileFactory(pages=["One.", "Two."])
    address = f"/en/records/{file.record.pid}/pages/1/2/160.webp"

    image = client.get(address)

    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/webp")
    assert image.headers["Cache-Control"] == "private, max-age=3600"
    assert body_of(image)[8:12] == b"WEBP"
    assert client.get(address, headers={"If-None-Match": image.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("rest", ["0/160.webp", "3/160.webp", "1/161.webp", "1/99999999999999999999.webp", "1/160.png"])
def test_pages_and_widths_that_there_are_not_are_not_found(client: Client, rest):
    file = RecordFileFactory(pages=["One.", "Two."])

    assert client.get(f"/en/records/{file.record.pid}/pages/1/{rest}").status_code == 404


def test_a_page_that_cannot_be_drawn_says_why(client: Client):
    file = RecordFileFactory(content_bytes=b"%PDF-1.7\nnothing that a reader could use")

    english, dutch = (
        client.get(f"/{language}/records/{file.record.pid}/pages/1/1/160.webp") for language in ("en", "nl")
    )

    assert (english.status_code, dutch.status_code) == (404, 404)
    assert english.content.decode().endswith(".")
    assert dutch.content != english.content
