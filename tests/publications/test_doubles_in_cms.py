"""Possible doubles in the CMS: the list, two side by side, what is decided there, and who may."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.doubles import distinguish, refresh_doubles
from publications.merging import merge_people
from publications.models import Distinction, LikelyDouble, MergeLog, Person
from tests.factories import (
    EditorFactory,
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main, #main").get_text(" ").split())


@pytest.fixture
def pair() -> tuple[Person, Person]:
    """Two who may be one, on the list."""
    first = PersonFactory(
        given_name="Ada", family_name="Wiggers", orcid="0000-0002-1825-0097", email="ada@private.example"
    )
    second = PersonFactory(given_name="A.", family_name="Wiggers", other_names="A.B. Wiggers")
    university = OrganisationFactory(name_en="University of the Veluwe")
    PersonAffiliationFactory(person=first, organisation=university, start_year=2015, end_year=2019)
    PersonAffiliationFactory(person=second, organisation=university, department="Physics", start_year=2020)
    colleague = PersonFactory(given_name="Bas", family_name="Grijs")
    PublicationFactory(title="On wedges", issued="2019", creators=[first, colleague])
    PublicationFactory(title="On strips", issued="2021", creators=[second, colleague])
    refresh_doubles()
    return first, second


def compare_address() -> str:
    return f"/admin/doubles/{LikelyDouble.objects.get().pk}/"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_list_says_how_sure_and_why(client, editor, pair, language):
    page = client.get("/admin/doubles/", headers={"accept-language": language})

    text = text_of(page)
    assert "Ada Wiggers" in text and "A. Wiggers" in text
    assert compare_address() in page.content.decode()
    if language == "en":
        assert "likely initials of the same given name, authors in common, organisation in common" in text


def test_the_menu_and_the_first_page_count_them(client, editor, pair):
    page = client.get("/admin/").content.decode()

    assert "Possible doubles (1)" in page
    assert "possible double" in page and 'href="/admin/doubles/"' in page


def test_two_stand_side_by_side_without_their_addresses(client, editor, pair):
    page = client.get(compare_address())

    text = text_of(page)
    for words in ("0000-0002-1825-0097", "A.B. Wiggers", "University of the Veluwe, 2015–2019", "Bas Grijs",
                  "University of the Veluwe, Physics, 2020–", "On wedges (2019)", "On strips (2021)"):  # fmt: skip
        assert words in text
    assert "ada@private.example" not in page.content.decode()


@pytest.mark.parametrize("stays", [0, 1])
def test_either_way_leads_to_the_merge_and_back_to_the_list(client, editor, pair, stays):
    kept, merged = pair[stays], pair[1 - stays]
    page = BeautifulSoup(client.get(compare_address()).content, "html.parser")
    link = page.select_one(f'a[href*="/merge/{kept.pk}/"]')["href"]
    preview = client.get(link)
    assert f"“{merged}” becomes part of “{kept}”" in text_of(preview)
    form = BeautifulSoup(preview.content, "html.parser").select_one("form[method=post]")

    answer = client.post(link, {field["name"]: field["value"] for field in form.select("input[name]")}, follow=True)

    assert answer.redirect_chain == [("/admin/doubles/", 302)]
    assert Person.objects.get(pk=merged.pk).merged_into == kept
    assert f"/admin/merges/{MergeLog.objects.get().pk}/undo/" in answer.content.decode()
    assert not LikelyDouble.objects.exists()


def test_different_ones_leave_the_list_and_can_come_back(client, editor, pair):
    answer = client.post(f"{compare_address()}different/", follow=True)

    assert answer.redirect_chain == [("/admin/doubles/", 302)]
    assert "are not listed again" in answer.content.decode()
    assert not LikelyDouble.objects.exists()
    page = client.get("/admin/doubles/different/")
    assert "Ada Wiggers" in text_of(page)
    client.post(f"/admin/doubles/different/{Distinction.objects.get().pk}/take-back/")
    assert (Distinction.objects.count(), LikelyDouble.objects.count()) == (0, 1)


def test_skipping_leads_to_the_next_of_the_kind(client, editor):
    for name in ("Wiggers", "Grijs"):
        for _number in range(2):
            PersonFactory(given_name="Ada", family_name=name)
    TopicFactory(label_en="Wedge"), TopicFactory(label_en="Wedges")
    refresh_doubles()
    first, second = LikelyDouble.objects.filter(content_type__model="person")

    assert f'href="/admin/doubles/{second.pk}/"' in client.get(f"/admin/doubles/{first.pk}/").content.decode()
    last = BeautifulSoup(client.get(f"/admin/doubles/{second.pk}/").content, "html.parser")
    assert last.select_one("form.hub-actions a[href='/admin/doubles/']")


def test_who_undoes_a_merge_can_say_that_the_two_are_two(client, editor, pair):
    merge_people(*pair)
    log = MergeLog.objects.get()

    client.post(f"/admin/merges/{log.pk}/undo/", {"are_two": "yes"})

    assert Distinction.objects.count() == 1
    assert refresh_doubles(at_once=True) == 0


def test_a_pair_of_which_one_is_gone_is_not_shown(client, editor, pair):
    address = compare_address()
    pair[1].delete()

    assert "Wiggers" not in text_of(client.get("/admin/doubles/"))
    assert client.get(address).status_code == 404


# Who may ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [None, MemberFactory, ResearcherFactory])
def test_outsiders_get_nowhere(client, pair, make):
    address = compare_address()
    other = distinguish(PersonFactory(), PersonFactory(), user=None)
    if make:
        client.force_login(make())

    answers = [
        client.get("/admin/doubles/"),
        client.get("/admin/doubles/different/"),
        client.get(address),
        client.post(f"{address}different/"),
        client.post(f"/admin/doubles/different/{other.pk}/take-back/"),
    ]

    assert all(answer.status_code in (302, 403) for answer in answers)
    assert not any("Wiggers" in answer.content.decode() for answer in answers)
    assert (LikelyDouble.objects.count(), Distinction.objects.count()) == (1, 1)


def test_who_may_merge_topics_sees_topics_only(client, pair):
    address = compare_address()
    TopicFactory(label_en="Wedge"), TopicFactory(label_en="Wedges")
    refresh_doubles(at_once=True)
    user = UserFactory()
    user.groups.add(group := Group.objects.create(name="Topics"))
    group.permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_topic", "delete_topic", "view_topic"])
    )
    client.force_login(user)

    listing = client.get("/admin/doubles/?kind=person")
    answers = [client.get(address), client.post(f"{address}different/")]

    assert "Wedges" in text_of(listing) and "Wiggers" not in listing.content.decode()
    assert "Possible doubles (1)" in client.get("/admin/doubles/").content.decode()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2
    assert Distinction.objects.count() == 0


def test_nothing_is_decided_by_following_a_link(client, editor, pair):
    assert client.get(f"{compare_address()}different/").status_code == 405
    assert not Distinction.objects.exists()


# What it costs ------------------------------------------------------------------------------------------------------


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_list_and_comparison_ask_as_many_questions_for_many_as_for_few(client, editor, pair):
    first, second = pair
    address = compare_address()
    client.get("/admin/doubles/")
    few = queries(client, "/admin/doubles/"), queries(client, address)

    for number in range(5):
        others = [PersonFactory(given_name="Piet", family_name=f"Jansen {number}") for _number in range(2)]
        PublicationFactory(creators=[first, others[0]])
        PublicationFactory(creators=[second, others[1]])
        PersonAffiliationFactory(person=first, organisation=OrganisationFactory())
    refresh_doubles(at_once=True)

    assert LikelyDouble.objects.count() > 5
    assert (queries(client, "/admin/doubles/"), queries(client, address)) == few
    assert few[1] <= 40
