"""Merging in the CMS: who may, what the page says beforehand, and that it does just that."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from wagtail.models import ModelLogEntry

from publications.merging import merge_people, preview_merge
from publications.models import FormerAddress, Organisation, Person, Topic
from publications.models.addresses import find_by_address
from search.models import IndexEntry
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def address(thing: Model, page: str = "merge") -> str:
    return f"/admin/snippets/publications/{thing._meta.model_name}/{page}/{thing.pk}/"


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main, #main").get_text(" ").split())


@pytest.fixture
def pair() -> tuple[Person, Person]:
    """Somebody known under two names, each with something of their own."""
    kept = PersonFactory(given_name="Ada", family_name="Wiggers", position_en="Physicist")
    merged = PersonFactory(
        given_name="A.",
        family_name="Wiggers",
        position_en="Researcher",
        biography_nl="Meet.",
        orcid="0000-0002-1825-0097",
    )
    PersonAffiliationFactory(person=merged, organisation=OrganisationFactory(name_en="University of the Veluwe"))
    collection = CollectionFactory(title_en="Wedges")
    collection.curators.add(merged)
    collection.save()
    for number in range(12):
        PublicationFactory(title=f"Paper {number:02}", issued="2020", creators=[merged])
    return kept, merged


def test_listing_and_form_lead_to_the_page(client, editor, pair):
    kept, _merged = pair

    pages = [client.get(address(kept, "edit")), client.get("/admin/snippets/publications/person/")]

    assert [address(kept) in page.content.decode() for page in pages] == [True, True]


@pytest.mark.parametrize("make", [PersonFactory, OrganisationFactory, TopicFactory])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_first_asks_for_the_other_one(client, editor, make, language):
    thing = make()

    page = client.get(address(thing), headers={"accept-language": language})

    form = BeautifulSoup(page.content, "html.parser").select_one("form[method=get]")
    assert {field["name"] for field in form.select("input[name]")} == {"other", "keep"}
    assert str(thing) in text_of(page)


def test_the_preview_says_what_moves_what_changes_and_what_is_left_and_changes_nothing(client, editor, pair):
    kept, merged = pair
    before = [list(model.objects.order_by("pk").values()) for model in (Person, IndexEntry, FormerAddress)]

    page = client.get(address(kept), {"other": merged.pk, "keep": "this"})

    text = text_of(page)
    assert "“A. Wiggers” becomes part of “Ada Wiggers”" in text
    for words in ("Records (12)", "Paper 09 and 2 more", "University of the Veluwe", "Wedges", "A. Wiggers", "Meet."):
        assert words in text
    assert "Researcher" in text.partition("What is left behind")[2]
    assert [list(model.objects.order_by("pk").values()) for model in (Person, IndexEntry, FormerAddress)] == before
    assert not ModelLogEntry.objects.filter(action="publications.merge").exists()


@pytest.mark.parametrize("keep", ["this", "other"])
def test_after_confirming_the_one_chosen_stays_and_the_history_names_who_did_it(client, editor, pair, keep):
    this, other = pair
    kept, merged = (this, other) if keep == "this" else (other, this)
    page = client.get(address(this), {"other": other.pk, "keep": keep})
    form = BeautifulSoup(page.content, "html.parser").select_one("form[method=post]")
    fields = {field["name"]: field["value"] for field in form.select("input[name]")}

    answer = client.post(address(this), fields, follow=True)

    assert answer.redirect_chain == [(address(kept, "edit"), 302)]
    assert f"“{merged}” is now part of “{kept}”." in answer.content.decode()
    assert Person.objects.get(pk=merged.pk).merged_into == kept
    assert find_by_address(Person, merged.slug) == kept
    assert set(ModelLogEntry.objects.filter(action="publications.merge").values_list("object_id", "user")) == {
        (str(kept.pk), editor.pk),
        (str(merged.pk), editor.pk),
    }
    assert f"“{merged}” was merged into this" in text_of(client.get(address(kept, "history")))


def test_the_preview_is_what_the_merge_then_does(pair):
    kept, merged = pair

    preview = preview_merge(kept, merged, merge=merge_people)
    merge_people(kept, merged)

    kept.refresh_from_db()
    assert {change.label: change.after for change in preview.changes} == {
        "ORCID iD": kept.orcid,
        "About, in Dutch": kept.biography_nl,
        "Other forms of the name": kept.other_names,
    }
    assert preview.left_behind == (("Position in English", "Researcher"),)


def test_organisations_and_topics_tell_of_their_own_links(client, editor):
    gone, narrower = OrganisationFactory(name_en="Grijs BV"), TopicFactory(label_en="Wedges", broader=TopicFactory())
    PersonAffiliationFactory(person=PersonFactory(given_name="Bas", family_name="Grijs"), organisation=gone)
    EventFactory(title_en="Round table", partners=[gone])
    PublicationFactory(title="On wedges", topics=[narrower])
    PublicationFactory(title="On tools", topics=[narrower.broader])

    organisation = text_of(client.get(address(OrganisationFactory()), {"other": gone.pk, "keep": "this"}))
    topic = text_of(client.get(address(TopicFactory()), {"other": narrower.broader.pk, "keep": "this"}))

    assert "Bas Grijs" in organisation and "Round table" in organisation
    assert "On tools" in topic and "Wedges" in topic and "On wedges" not in topic


def test_what_cannot_be_merged_is_refused_in_words_before_and_after(client, editor):
    one, two = PersonFactory(orcid="0000-0002-1825-0097"), PersonFactory(orcid="0000-0001-5109-3700")

    answers = [
        client.get(address(one), {"other": two.pk, "keep": "this"}),
        client.post(address(one), {"other": two.pk, "keep": "this"}),
    ]

    for answer in answers:
        assert "different ORCID iDs" in text_of(answer)
    assert not Person.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("other", ["", "itself", "999999", "merged", "x", "\x00", "9" * 40])
def test_another_that_cannot_be_chosen_is_not_accepted(client, editor, other):
    thing = PersonFactory()
    merged = PersonFactory(merged_into=thing)
    chosen = {"itself": thing.pk, "merged": merged.pk}.get(other, other)

    answers = [
        client.get(address(thing), {"other": chosen, "keep": "this"}),
        client.post(address(thing), {"other": chosen}),
    ]

    for answer in answers:
        assert BeautifulSoup(answer.content, "html.parser").select_one("form[method=get]")
    assert client.get(address(merged)).status_code == 404


@pytest.mark.parametrize("right", ["change_topic", "delete_topic", "view_topic"])
def test_who_may_not_change_and_delete_may_not_merge(client, right):
    user = UserFactory()
    user.groups.add(group := Group.objects.create(name="Some rights"))
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", right]))
    client.force_login(user)
    one, two = TopicFactory(), TopicFactory()

    answers = [client.get(address(one)), client.post(address(one), {"other": two.pk, "keep": "this"})]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2
    assert Topic.objects.current().count() == 2
    if right != "delete_topic":
        assert address(one) not in client.get("/admin/snippets/publications/topic/").content.decode()


def test_names_are_escaped(client, editor):
    one, two = OrganisationFactory(name_en="<b>Bold</b>"), OrganisationFactory(name_en="<i>Thin</i>")

    page = client.get(address(one), {"other": two.pk, "keep": "this"}).content.decode()

    assert "<b>Bold</b>" not in page and "<i>Thin</i>" not in page
    assert Organisation.objects.current().count() == 2
