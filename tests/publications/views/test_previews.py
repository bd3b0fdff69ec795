"""The CMS shows a draft with the template of the public page, saved or not."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone
from wagtail.models import PageViewRestriction

from publications.models import Collection, Contribution, Event, EventPartner, Presentation, Publication
from publications.site_tree import create_site_tree
from publications.views.records import record_context
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EditorFactory,
    EventFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def preview(thing) -> str:
    answer = thing.make_preview_request()
    assert answer.status_code == 200
    return answer.render().content.decode() if hasattr(answer, "render") else answer.content.decode()


def test_record_that_was_never_saved_is_previewed() -> None:
    draft = Publication(title="Not saved yet", resource_type="report")
    draft.contributions.add(Contribution(given_name="Ada", family_name="Lovelace", person=PersonFactory()))
    draft.topics.add(TopicFactory(label_en="engines"))

    page = preview(draft)

    assert '<h1 dir="auto">Not saved yet</h1>' in page
    assert "Ada Lovelace" in page
    assert "engines" in page


def test_record_with_hardly_anything_is_previewed() -> None:
    assert "The hub has no file of this record." in preview(Presentation())


def test_edit_of_a_live_record_is_previewed() -> None:
    record = PresentationFactory(title="Before", creators=["Ada Lovelace"], event=EventFactory())
    RecordFileFactory(record=record)
    record.title = "After"
    record.contributions.add(Contribution(family_name="Babbage"))

    page = preview(record)

    assert "<h1>After</h1>" in page
    assert "Babbage" in page


def test_event_is_previewed() -> None:
    draft = Event(title_en="Not saved yet", kind="conference", starts=timezone.now())
    draft.partners.set([EventPartner(organisation=OrganisationFactory(name_en="Partner One"), role="host")])

    assert 'Partner One</a> <span class="quiet">Host</span>' in preview(draft)
    assert "<h1>" in preview(Event())
    assert "Image day" in preview(EventFactory(title_en="Image day"))


def test_collection_is_previewed() -> None:
    draft = CollectionFactory(records=[PublicationFactory(title="In it")], live=False)

    assert "In it" in preview(draft)
    assert "<h1>" in preview(Collection())


@pytest.mark.parametrize("audience", ["", "members", "editors"])
def test_collection_is_previewed_while_a_page_of_the_menu_is_closed_to_a_group(audience: str) -> None:
    page = ContentPageFactory(parent=create_site_tree().homes["en"], title="For a group", show_in_menus=True)
    PageViewRestriction.objects.create(page=page, restriction_type="groups").groups.add(Group.objects.first())

    answer = CollectionFactory(title_en="Wedges").make_preview_request(preview_mode=audience)

    assert answer.status_code == 200
    assert "Wedges" in answer.content.decode() and "For a group" not in answer.content.decode()


def test_draft_of_a_record_keeps_its_files_closed_to_those_who_may_not_see_them() -> None:
    record = PublicationFactory(live=False)
    RecordFileFactory(record=record)

    seen = [record_context(record, user=user)["files"][0].may_read for user in (AnonymousUser(), EditorFactory())]

    assert seen == [False, True]
