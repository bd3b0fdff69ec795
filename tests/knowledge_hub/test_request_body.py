"""Requests that break off: an upload of which half came is refused, and leaves nothing behind."""

import io
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from knowledge_hub.request_body import IncompleteBody, WholeBody
from knowledge_hub.wsgi import application
from publications.models import RecordFile
from tests.factories import EditorFactory, PublicationFactory, make_pdf


class InPieces(io.BytesIO):
    """A body that comes in as little pieces as a network may give."""

    def read(self, size: int = -1) -> bytes:
        return super().read(min(size, 3))


def test_a_whole_body_is_given_as_it_came():
    body = WholeBody(InPieces(b"one line\nand more"), announced=17)

    assert (body.readline(), body.read(4), body.read(100), body.read(), body.readline()) == (
        b"one line\n",
        b"and ",
        b"more",
        b"",
        b"",
    )


@pytest.mark.parametrize("read", [WholeBody.read, WholeBody.readline])
def test_a_body_that_ends_early_says_so(read):
    body = WholeBody(io.BytesIO(b"half"), announced=9)

    with pytest.raises(IncompleteBody, match="5 bytes"):
        while read(body):
            pass


def post(client: Client, path: str, fields: dict[str, Any], *, share: float) -> int:
    """The status of a form sent over WSGI, of which only a share arrives."""
    content = encode_multipart(BOUNDARY, fields)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(content[: int(len(content) * share)]),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "HTTP_COOKIE": "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()),
        "HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value,
    }
    statuses = []
    response = application(environ, lambda status, headers, error=None: statuses.append(int(status.split()[0])))
    list(response)
    response.close()
    return statuses[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.999])
def test_an_upload_cut_off_half_way_is_no_file(client: Client, share: float, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(EditorFactory())
    record = PublicationFactory()
    path = f"/admin/records/{record.pk}/files/add/"
    client.get(path)
    upload = io.BytesIO(make_pdf(["A page of a thesis."] * 20))
    upload.name = "thesis.pdf"

    broken_off = post(client, path, {"file": upload}, share=share)
    assert not RecordFile.objects.exists()
    upload.seek(0)
    whole = post(client, path, {"file": upload}, share=1)

    assert broken_off != 302
    assert whole == 302
    assert RecordFile.objects.get().size_bytes == len(upload.getvalue())
    assert list(tmp_path.glob("*.upload*")) == []
