import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image

from publications.models import Event
from tests.factories import EventFactory, EventPhotoFactory, HubImageFactory

pytestmark = pytest.mark.django_db


def soup(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.content, "html.parser")


def gallery(number: int) -> Event:
    event = EventFactory()
    for place in range(number):
        EventPhotoFactory(
            event=event, sort_order=place, image=HubImageFactory(alt_en=f"View {place}"), caption_nl=f"Beeld {place}"
        )
    return event


def test_each_photo_leads_to_a_page_with_it_large_and_on_to_the_next(client: Client) -> None:
    event = gallery(2)

    links = [link["href"] for link in soup(client, event.get_absolute_url()).select(".photos a")]
    first, second = (soup(client, link) for link in links)

    assert links == [f"{event.get_absolute_url()}photos/{number}/" for number in (1, 2)]
    assert first.select_one("figure img")["alt"] == "View 0"
    assert first.select_one("figcaption span[lang=nl]").get_text() == "Beeld 0"
    assert (first.select_one("a[rel=next]")["href"], first.select_one("a[rel=prev]")) == (links[1], None)
    assert (second.select_one("a[rel=prev]")["href"], second.select_one("a[rel=next]")) == (links[0], None)


def test_crop_keeps_the_focal_point(client: Client) -> None:
    picture, written = Image.new("RGB", (1800, 600), "teal"), io.BytesIO()
    picture.paste("red", (1600, 0, 1800, 600))  # the middle does not reach there
    picture.save(written, "PNG")
    focus = {f"focal_point_{name}": value for name, value in zip("xy", (1700, 300), strict=True)}
    size = {"focal_point_width": 100, "focal_point_height": 100}
    image = HubImageFactory(file=ImageFile(written, name="wide.png"), **focus, **size)
    event = EventPhotoFactory(image=image).event

    client.get(event.get_absolute_url())

    with image.renditions.get().file.open() as file, Image.open(file) as crop:
        assert crop.size == (900, 500)
        assert crop.convert("RGB").getpixel((890, 250)) == (255, 0, 0)


def test_photos_that_are_not_there_or_of_drafts_are_not_found(client: Client) -> None:
    event, draft = gallery(1), EventPhotoFactory(event__live=False).event

    for event_shown, number in ((event, 0), (event, 2), (draft, 1)):
        assert client.get(f"{event_shown.get_absolute_url()}photos/{number}/").status_code == 404


def test_gallery_takes_the_same_queries_for_one_and_for_three_photos(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    one, three = gallery(1), gallery(3)
    for event in (one, three):  # makes the crops
        client.get(event.get_absolute_url())

    with django_assert_max_num_queries(45) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())
