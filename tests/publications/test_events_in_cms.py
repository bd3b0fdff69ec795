import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from publications.models import Event, HubImage
from tests.factories import (
    EditorFactory,
    EventFactory,
    EventSeriesFactory,
    HubImageFactory,
    OrganisationFactory,
    PersonFactory,
)
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db
EVENTS = "/admin/snippets/publications/event/"
STARTS = datetime(2027, 2, 11, 12, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def event(client: Client) -> Event:
    client.force_login(EditorFactory())
    return EventFactory(starts=STARTS, ends=STARTS + timedelta(hours=4), series=EventSeriesFactory())


def send(client: Client, event: Event, **changes: Any) -> list[str]:
    """Publish the event from its form with these changes; what the form complains of."""
    url = f"{EVENTS}edit/{event.pk}/"
    fields = form_fields(client, url) | changes | {"action-publish": "x"}
    answer = client.post(url, fields)
    if answer.status_code == 302:
        return []
    page = BeautifulSoup(answer.content, "html.parser")
    return [error.get_text(" ", strip=True) for error in page.select(".error-message, .errorlist li, .help-critical")]


def part(*speakers: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The fields of the first part of a programme."""
    fields: dict[str, Any] = {
        "sessions-TOTAL_FORMS": 1,
        "sessions-0-id": "",
        "sessions-0-ORDER": 1,
        "sessions-0-title_en": "Talk",
        "sessions-0-speakers-TOTAL_FORMS": len(speakers),
        "sessions-0-speakers-INITIAL_FORMS": 0,
    }
    for place, speaker in enumerate(speakers):
        of_speaker = {"id": "", "role": "speaker", "ORDER": place + 1, **speaker}
        fields |= {f"sessions-0-speakers-{place}-{name}": value for name, value in of_speaker.items()}
    return fields | {f"sessions-0-{name}": value for name, value in values.items()}


def test_names_of_speakers_are_those_of_the_people_chosen(client: Client, event: Event) -> None:
    person, hospital = PersonFactory(given_name="Ada", family_name="Wiggers"), OrganisationFactory(name_en="Grijs")
    chosen = {"person": person.pk, "organisation": hospital.pk}

    complaints = send(client, event, **part(chosen, {"name": "Hedwig Oosterbaan"}, starts="2027-02-11 13:00"))

    session = Event.objects.get(pk=event.pk).sessions.get()
    assert complaints == []
    assert session.starts == STARTS + timedelta(minutes=30)
    assert [(s.name, s.affiliation, s.person) for s in session.speakers.all()] == [
        ("Ada Wiggers", "Grijs", person),
        ("Hedwig Oosterbaan", "", None),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts": ""}, "Say when the event begins: without a date it stands in no list and no calendar."),
        ({"ends": "2027-02-11 09:00"}, "The event must not end before it starts."),
        (part(starts="2027-02-10 13:00"), "This is before the event starts."),
        (part(starts="2027-02-11 18:00"), "This is after the event ends."),
        (part(starts="2027-02-11 13:00", ends="2027-02-11 12:45"), "This part must not end before it starts."),
        (part(ends="2027-02-11 14:00"), "Say when this part starts, too."),
        (part(title_en="", starts="2027-02-11 13:00"), "Give a title in at least one language."),
        (part({"name": ""}), "Give a name, or choose a person or an organisation."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    client: Client, event: Event, changes: dict[str, Any], words: str
) -> None:
    complaints = send(client, event, title_en="Changed", **changes)

    assert any(words in complaint for complaint in complaints), complaints
    assert Event.objects.get(pk=event.pk).title_en == event.title_en


def photo(image: HubImage) -> dict[str, Any]:
    """The fields of the first photo of a gallery."""
    return {"photos-TOTAL_FORMS": 1, "photos-0-id": "", "photos-0-ORDER": 1, "photos-0-image": image.pk}


def test_photo_needs_a_text_alternative_in_one_language(client: Client, event: Event) -> None:
    without, with_one = HubImageFactory(title="Hall"), HubImageFactory(alt_nl="Een zaal.")

    complaints = send(client, event, **photo(without))
    accepted = send(client, event, **photo(with_one))

    assert any("“Hall” has no text alternative yet." in complaint for complaint in complaints), complaints
    assert accepted == []
    assert [row.image for row in Event.objects.get(pk=event.pk).photos.all()] == [with_one]


def bytes_of_picture(*, width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("1", (width, height)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("photo.png", lambda: bytes_of_picture(width=10_000, height=10_000), "This file has too many pixels"),
        ("photo.jpg", lambda: b"MZ\x90\x00" + bytes(200), "Upload a valid image."),
        ("setup.exe", lambda: b"MZ\x90\x00" + bytes(200), "Upload a valid image."),
        ("photo.jpg", lambda: bytes_of_picture(width=9, height=9), "The extension does not match the file format"),
    ],
)
def test_what_is_no_photo_or_too_large_is_refused_with_the_reason(
    client: Client, name: str, make: Callable[[], bytes], words: str
) -> None:
    client.force_login(EditorFactory())
    file = SimpleUploadedFile(name, make())

    answer = client.post("/admin/images/add/", {"title": "Photo", "file": file, "collection": 1})

    page = BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)
    assert words in page
    assert not HubImage.objects.exists()


def test_deleting_a_series_leaves_its_events(client: Client, event: Event) -> None:
    address = f"/admin/snippets/publications/eventseries/delete/{event.series_id}/"

    asked = client.get(address).content.decode()
    client.post(address)

    assert "One event belongs to this series: it stays, without a series." in asked
    assert Event.objects.get(pk=event.pk).series is None


def test_no_field_of_the_form_hides_a_method_that_scripts_ask_the_form_for(client):
    client.force_login(EditorFactory())
    address = reverse(Event.snippet_viewset.get_url_name("edit"), args=[EventFactory(matches=3).pk])

    fields = form_fields(client, address)

    assert fields["matches_made"] == "3"
    assert not {"matches", "closest", "contains", "children", "attributes", "submit", "reset"} & set(fields)
