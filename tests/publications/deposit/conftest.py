"""What tests of deposits share: a depositor at the form, and files that were brought and read."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publications.ingest.pipeline import ingest_file
from publications.models import Deposit
from tests.factories import ResearcherFactory
from tests.publications.ingest.typeset import Set, draw, paragraph

PAPER = draw(
    [
        Set("A wedge for every morning", 120, size=20, style="b"),
        Set("Marieke van der Hoeven", 160, size=12),
        Set("Twente Institute for Imaging", 180, size=10, style="i"),
        Set("Abstract", 230, size=12, style="b"),
        *paragraph(
            "Wedges drift. We photographed one every morning for a year, and say what that told us about the greys "
            "that a camera sees, and about the people who look at them before they look at a patient.",
            250,
        ),
        *paragraph("Wedges that drift are seen at once, by whoever looks at them. " * 8, 330),
    ]
)


@pytest.fixture
def researcher(db: None) -> Any:
    return ResearcherFactory(username="researcher", email="researcher@hub.example")


@pytest.fixture
def desk(researcher: Any) -> Client:
    """The researcher, signed in."""
    client = Client()
    client.force_login(researcher)
    return client


def upload(name: str = "wedge.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER if content is None else content)


def bring(client: Client, *files: SimpleUploadedFile, **fields: Any) -> Deposit:
    """Bring files, have them read, and give the newest draft."""
    response = client.post("/en/deposit/", {"files": list(files) or [upload()], **fields})
    assert response.status_code == 302, response.content
    deposit = Deposit.objects.order_by("-pk")[0]
    for file in deposit.record.files.all():
        ingest_file(file.pk)
    return Deposit.objects.with_state().get(pk=deposit.pk)


def form_of(client: Client, deposit: Deposit, **changes: Any) -> dict[str, Any]:
    """What the form of a draft would send."""
    page = client.get(f"/en/deposit/{deposit.record.pid}/")
    assert page.status_code == 200, page.status_code
    return {**fields_of(page.content), **changes}


def fields_of(html: bytes) -> dict[str, Any]:
    """The fields of the description in a page, as a browser without scripts would send them."""
    form: Any = BeautifulSoup(html, "html.parser").select_one("form#describe")
    fields: dict[str, Any] = {}
    for element in form.select("input[name], textarea[name], select[name]"):
        name, value = element["name"], element.get("value", "")
        if element.find_parent("template"):
            continue
        if element.name == "textarea":
            fields[name] = element.text.removeprefix("\n")
        elif element.name == "select":
            fields[name] = next((option["value"] for option in element.select("option[selected]")), "")
        elif element.get("type") in ("checkbox", "radio"):
            if element.has_attr("checked"):
                fields[name] = [*fields.get(name, []), value or "on"] if element["type"] == "checkbox" else value
        else:
            fields[name] = value
    return fields


COMPLETE = {"title": "A wedge for every morning", "resource_type": "report", "language": "en", "access_right": "open",
            "authors-0-given_name": "Marieke", "authors-0-family_name": "van der Hoeven"}  # fmt: skip


def send(client: Client, deposit: Deposit, **changes: Any) -> Any:
    """Complete the form and send it in."""
    return client.post(
        f"/en/deposit/{deposit.record.pid}/", {**form_of(client, deposit), **COMPLETE, "do": "send", **changes}
    )
