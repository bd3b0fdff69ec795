"""Undoing a merge in the CMS: who may, what the page says beforehand, and that it does just that."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from publications.merging import merge_organisations, merge_people, merge_topics, preview_undo, undo_merge
from publications.models import MergeLog, Person, PersonAffiliation, Topic
from publications.site_tree import create_site_tree
from search.models import IndexEntry
from tests.factories import (
    CollectionFactory,
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
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def editor(client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main, #main").get_text(" ").split())


def merged_pair(**kwargs) -> tuple[Person, Person, MergeLog]:
    """Somebody known under two names, merged."""
    kept = PersonFactory(given_name="Ada", family_name="Wiggers")
    merged = PersonFactory(given_name="A.", family_name="Wiggers", orcid=ORCID, biography_nl="Meet.", **kwargs)
    PersonAffiliationFactory(person=merged, organisation=OrganisationFactory(name_en="University of the Veluwe"))
    CollectionFactory(title_en="Wedges", curators=[merged])
    for number in range(12):
        PublicationFactory(title=f"Paper {number:02}", creators=[merged])
    merge_people(kept, merged)
    return Person.objects.get(pk=kept.pk), Person.objects.get(pk=merged.pk), MergeLog.objects.get()


def undo_address(log: MergeLog) -> str:
    return f"/admin/merges/{log.pk}/undo/"


def test_who_has_merged_is_offered_to_undo_it(client, editor):
    kept, merged = TopicFactory(label_en="Wedge"), TopicFactory(label_en="Wedges")

    answer = client.post(
        f"/admin/snippets/publications/topic/merge/{kept.pk}/", {"other": merged.pk, "keep": "this"}, follow=True
    )

    assert f'href="{undo_address(MergeLog.objects.get())}"' in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_both_forms_lead_to_their_merges_and_these_to_the_page(client, editor, language):
    kept, merged, log = merged_pair()
    merge_topics(TopicFactory(label_en="Wedge"), TopicFactory(label_en="Something else"))
    headers = {"accept-language": language}

    for thing in (kept, merged):
        form = client.get(f"/admin/snippets/publications/person/edit/{thing.pk}/", headers=headers)
        assert f"/admin/merges/?kind=person&amp;thing={thing.pk}" in form.content.decode()
        page = client.get(f"/admin/merges/?kind=person&thing={thing.pk}", headers=headers)
        assert undo_address(log) in page.content.decode()
        assert "Something else" not in text_of(page)
    assert "Something else" in text_of(client.get("/admin/merges/", headers=headers))
    assert text_of(client.get(undo_address(log), headers=headers))


def test_the_page_says_what_goes_back_and_changes_nothing(client, editor):
    _kept, _merged, log = merged_pair()
    before = [list(model.objects.order_by("pk").values()) for model in (Person, IndexEntry, MergeLog)]

    text = text_of(client.get(undo_address(log)))

    for words in ("Records (12)", "and 2 more", "University of the Veluwe", "Wedges", ORCID, "Meet."):
        assert words in text
    assert "cannot be undone" not in text
    assert [list(model.objects.order_by("pk").values()) for model in (Person, IndexEntry, MergeLog)] == before
    assert not ModelLogEntry.objects.filter(action="publications.unmerge").exists()


def test_the_button_undoes_it_and_the_history_names_who_did(client, editor):
    kept, merged, log = merged_pair()
    IndexEntry.objects.all().delete()

    answer = client.post(undo_address(log), follow=True)

    assert "are two again" in answer.content.decode()
    merged.refresh_from_db()
    assert merged.merged_into is None
    assert merged.contributions.count() == 12
    assert set(ModelLogEntry.objects.filter(action="publications.unmerge").values_list("object_id", "user")) == {
        (str(kept.pk), editor.pk),
        (str(merged.pk), editor.pk),
    }
    assert IndexEntry.objects.count() == 12
    listing = client.get("/admin/merges/")
    assert undo_address(log) not in listing.content.decode()
    assert "undone" in text_of(listing)


@pytest.mark.parametrize(
    ("make", "merge", "place"),
    [
        (PersonFactory, merge_people, "people"),
        (OrganisationFactory, merge_organisations, "organisations"),
        (TopicFactory, merge_topics, "topics"),
    ],
)
def test_an_address_leads_on_while_the_merge_lasts_and_no_browser_remembers_that(client, make, merge, place):
    create_site_tree()
    kept, merged = make(), make()
    PublicationFactory(topics=[kept, merged] if place == "topics" else [])
    merge(kept, merged)
    address = f"/en/{place}/{merged.slug}/"

    answer = client.get(address)
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
        301,
        f"/en/{place}/{kept.slug}/",
        "no-cache",
    )
    undo_merge(MergeLog.objects.get(), user=None)

    assert client.get(address).status_code == 200
    assert client.get(f"/en/{place}/{kept.slug}/").status_code == 200


# What happened since ------------------------------------------------------------------------------------------------


def test_the_page_tells_what_was_changed_since_and_it_stays(client, editor):
    kept, merged, log = merged_pair()
    kept.biography_nl = "Meet meer."
    kept.save()
    third = PersonFactory()
    first, second = kept.contributions.order_by("pk")[:2]
    first.person = third
    first.save()
    second.record.delete()

    text = text_of(client.get(undo_address(log))).partition("What cannot be undone any more")[2]
    undo_merge(log, user=editor)

    assert "Records (1) no longer there" in text
    assert "Records (1) changed since Paper 00" in text
    assert "About, in Dutch of “Ada Wiggers” changed since" in text
    kept.refresh_from_db()
    assert (kept.biography_nl, merged.contributions.count(), third.contributions.count()) == ("Meet meer.", 10, 1)


def test_an_identifier_or_account_that_another_one_has_since_stays_there():
    account = UserFactory()
    kept, merged, log = merged_pair(user=account)
    Person.objects.filter(pk=kept.pk).update(orcid="", user=None)
    other = PersonFactory(orcid=ORCID, user=account)

    preview = preview_undo(log)
    undo_merge(log, user=None)

    assert [rest.why for rest in preview.rests].count("another one has it now") == 2
    merged.refresh_from_db()
    other.refresh_from_db()
    assert (merged.orcid, merged.user, other.orcid, other.user) == ("", None, ORCID, account)


def test_what_led_to_something_that_is_gone_is_not_made_anew():
    organisation = OrganisationFactory()
    kept, merged = PersonFactory(), PersonFactory()
    for person in (kept, merged):
        PersonAffiliationFactory(person=person, organisation=organisation)
    merge_people(kept, merged)
    PersonAffiliation.objects.all().delete()
    organisation.delete()
    log = MergeLog.objects.get()

    preview = preview_undo(log)
    undo_merge(log, user=None)
    connection.check_constraints()

    assert [(rest.what, rest.why) for rest in preview.rests] == [
        ("Where they work or worked", "leads to something that is no longer there")
    ]
    assert not PersonAffiliation.objects.exists()


def test_drafts_saved_since_are_named(client, editor):
    kept, _merged, log = merged_pair()
    record = kept.contributions.order_by("pk").first().record.specific()
    record.title = "Paper 00, revised"
    record.save_revision(user=editor)

    assert "Drafts to look at" in text_of(client.get(undo_address(log)))


def test_a_topic_never_comes_to_stand_above_itself(client, editor):
    above, kept = TopicFactory(label_en="Above"), TopicFactory(label_en="Kept")
    merged = TopicFactory(label_en="Merged", broader=above)
    narrower = TopicFactory(label_en="Narrower", broader=merged)
    merge_topics(kept, merged)
    Topic.objects.filter(pk=above.pk).update(broader=narrower)
    log = MergeLog.objects.get()

    page = client.get(undo_address(log))
    answer = client.post(undo_address(log), follow=True)

    for text in (text_of(page), text_of(answer)):
        assert "would stand above itself" in text
    assert Topic.objects.get(pk=merged.pk).merged_into == kept


def test_a_merge_that_cannot_be_undone_says_why_and_has_no_button(client, editor):
    kept, _merged, log = merged_pair()
    merge_people(PersonFactory(), kept)

    page = client.get(undo_address(log))

    assert "Undo that merge first" in text_of(page)
    assert BeautifulSoup(page.content, "html.parser").select_one("main form[method=post], #main form") is None


# Who may ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [None, MemberFactory, ResearcherFactory])
def test_outsiders_get_nowhere(client, make):
    _kept, merged, log = merged_pair()
    if make:
        client.force_login(make())

    answers = [client.get("/admin/merges/"), client.get(undo_address(log)), client.post(undo_address(log))]

    assert all(answer.status_code in (302, 403) for answer in answers)
    assert Person.objects.get(pk=merged.pk).merged_into is not None


def test_who_may_merge_topics_sees_and_undoes_no_merge_of_people(client):
    _kept, merged, log = merged_pair()
    merge_topics(TopicFactory(label_en="Wedge"), TopicFactory(label_en="Wedges"))
    user = UserFactory()
    user.groups.add(group := Group.objects.create(name="Topics"))
    group.permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_topic", "delete_topic", "view_topic"])
    )
    client.force_login(user)

    listing = text_of(client.get("/admin/merges/"))
    asked = text_of(client.get(f"/admin/merges/?kind=person&thing={merged.pk}"))
    answers = [client.get(undo_address(log)), client.post(undo_address(log))]

    assert "Wedges" in listing
    assert "Wiggers" not in listing + asked
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2
    assert Person.objects.get(pk=merged.pk).merged_into is not None


@pytest.mark.parametrize("asked", ["?kind=x", "?kind=person&thing=x", "?thing=%00&p=x", "?p=99999"])
def test_an_odd_question_is_answered(client, editor, asked):
    merged_pair()

    assert text_of(client.get(f"/admin/merges/{asked}"))
    assert client.get(f"/admin/merges/{'9' * 18}/undo/").status_code == 404


def test_the_list_asks_as_many_questions_for_many_as_for_one(client, editor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/admin/merges/").status_code == 200
        return len(asked)

    merge_people(PersonFactory(), PersonFactory(), user=editor)
    client.get("/admin/merges/")
    one = queries()
    for _number in range(5):
        merge_people(PersonFactory(), PersonFactory(), user=editor)

    assert queries() == one


def test_a_merge_of_many_rows_is_undone_with_as_many_questions_as_one_of_few():
    def queries(records: int) -> int:
        kept, merged = PersonFactory(), PersonFactory()
        for _number in range(records):
            PublicationFactory(creators=[merged])
        merge_people(kept, merged)
        with CaptureQueriesContext(connection) as asked:
            preview_undo(MergeLog.objects.first())
        return len(asked)

    assert queries(2) == queries(9)
