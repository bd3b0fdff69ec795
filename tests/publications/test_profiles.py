"""A profile in the hands of whose it is: what they write, what is shown of it, and their photo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from publications.models import HubImage, Person
from publications.photos import LONGEST_SIDE
from tests.factories import (
    EditorFactory,
    HubImageFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    ResearcherFactory,
)

pytestmark = pytest.mark.django_db
PROFILE = "/en/my/profile/"
ALL_SHOWN = dict.fromkeys(["shows_photo", "shows_about", "shows_help", "shows_languages", "shows_affiliations"], "on")


@pytest.fixture
def person():
    return PersonFactory(given_name="Ada", family_name="Wiggers", user=ResearcherFactory(), languages="nl, se")


@pytest.fixture
def mine(client, person):
    client.force_login(person.user)
    return client


def photo(*, size=(2000, 1000), kind="JPEG", **more):
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **more)
    return SimpleUploadedFile("me.jpg", content.getvalue(), content_type="image/jpeg")


def test_one_writes_ones_own_profile(mine, person):
    answer = mine.post(
        PROFILE,
        ALL_SHOWN
        | {"help_en": "Wedges that drift.", "roles": ["teacher", "clinician"], "languages": ["en", "se"],
           "position_nl": "Fysicus", "has_consented": "on"},
    )  # fmt: skip

    assert answer.url == PROFILE
    person.refresh_from_db()
    assert (person.roles, person.languages, person.has_consented) == ("clinician,teacher", "en, se", True)
    page = mine.get(person.get_absolute_url()).content.decode()
    for words in ("Wedges that drift.", "Teacher", "Medical specialist", "English"):
        assert words in page
    assert person.latest_revision.user == person.user


def test_what_one_hides_is_on_no_page(mine, client, person):
    PersonAffiliationFactory(person=person, organisation=OrganisationFactory(name_en="Secret Institute"))
    Person.objects.filter(pk=person.pk).update(
        position_en="Secret position", biography_en="Secret life", help_en="Secret help", roles="teacher",
        photo=HubImageFactory(alt_en="secret photo"), languages="fy",
    )  # fmt: skip
    addresses = [person.get_absolute_url(), "/en/people/", "/en/organisations/", "/en/search/?q=secret"]
    assert "Secret help" in client.get(addresses[0]).content.decode()

    mine.post(PROFILE, {"help_en": "Secret help", "biography_en": "Secret life", "position_en": "Secret position",
                        "roles": ["teacher"], "languages": ["fy"]})  # fmt: skip
    client.logout()

    page = client.get(addresses[0]).content.decode()
    for hidden in ("Secret", "secret photo", "Teacher", "Frisian"):
        assert hidden not in page, hidden
    assert "Secret Institute" not in client.get("/en/people/").content.decode()


def test_a_photo_is_written_anew_without_its_notes(mine, person):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"

    mine.post(PROFILE, ALL_SHOWN | {"new_photo": photo(exif=exif)})

    person.refresh_from_db()
    with Image.open(person.photo.file) as kept:
        assert (max(kept.size), kept.format, dict(kept.getexif())) == (LONGEST_SIDE, "JPEG", {})
    assert person.photo.alt_nl == "Foto van Ada Wiggers"


def test_a_new_photo_takes_the_place_of_ones_old_one_and_leaves_an_editors(mine, person):
    editors = HubImageFactory(uploaded_by_user=EditorFactory())
    Person.objects.filter(pk=person.pk).update(photo=editors)

    mine.post(PROFILE, ALL_SHOWN | {"new_photo": photo()})
    first = Person.objects.get(pk=person.pk).photo
    mine.post(PROFILE, ALL_SHOWN | {"new_photo": photo()})
    second = Person.objects.get(pk=person.pk).photo
    assert set(HubImage.objects.all()) == {editors, second} != {editors, first}
    mine.post(PROFILE, ALL_SHOWN | {"remove_photo": "on"})

    assert Person.objects.get(pk=person.pk).photo is None
    assert set(HubImage.objects.all()) == {editors}


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("me.jpg", b"no picture"),
        SimpleUploadedFile("me.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        SimpleUploadedFile("me.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 500),
        photo(kind="GIF"),
        photo(size=(10_000, 6_000), kind="PNG"),
    ],
    ids=["text", "svg", "broken", "gif", "bomb"],
)
def test_what_is_no_photo_is_refused_in_words(mine, person, file):
    answer = mine.post(PROFILE, ALL_SHOWN | {"new_photo": file})

    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert HubImage.objects.count() == 0


def test_ones_name_and_orcid_stay_with_editors(mine, person):
    mine.post(
        PROFILE, ALL_SHOWN | {"given_name": "Queen", "orcid": "0000-0002-1825-0097", "is_listed": "", "user": "1"}
    )

    person.refresh_from_db()
    assert (person.name, person.orcid, person.is_listed) == ("Ada Wiggers", "", True)


def test_nobody_gets_to_anothers_profile(client, person):
    client.force_login(ResearcherFactory())

    client.post(PROFILE, ALL_SHOWN | {"help_en": "Hacked", "person": person.pk, "pk": person.pk})

    person.refresh_from_db()
    assert person.help_en == ""
    client.logout()
    assert client.get(PROFILE).url == f"/en/login/?next={PROFILE}"
