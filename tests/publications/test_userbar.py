"""Wagtail's userbar on the site: editors have it, others have no trace of it."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission

from publications.site_tree import create_site_tree
from publications.templatetags.cms import userbar
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EditorFactory,
    EventFactory,
    EventPhotoFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    """A page of the CMS, at /en/about/."""
    return ContentPageFactory(parent=create_site_tree().homes["en"], slug="about", title="About")


def open_as(user, address: str) -> str:
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def items(page: str) -> dict[str, str]:
    """What the bar offers: the words of each link and where it leads."""
    without_templates = page.replace("<template", "<div").replace("</template", "</div")  # whose inside is not searched
    bar = BeautifulSoup(without_templates, "html.parser").select_one("#wagtail-userbar-items")
    return {link.get_text(strip=True): re.sub("^//[^/]+", "", link["href"]) for link in bar.select("a")} if bar else {}


def edit_address(thing) -> str:
    return reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk])


def user_of_the_cms(*codenames: str):
    """Somebody who may enter the CMS and has these rights there."""
    user = UserFactory()
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def test_an_editor_gets_from_a_page_to_its_form(about):
    offered = items(open_as(EditorFactory(), "/en/about/"))

    assert offered == {
        "Go to Wagtail admin": "/admin/",
        "Show in Explorer": f"/admin/pages/{about.get_parent().pk}/",
        "Edit this page": f"/admin/pages/{about.pk}/edit/",
        "Add a child page": f"/admin/pages/{about.pk}/add_subpage/",
    }


def test_an_editor_gets_from_each_thing_to_its_form(about):
    person, topic = PersonFactory(), TopicFactory()
    paper, event = PublicationFactory(creators=[person], topics=[topic]), EventFactory()
    slides = PresentationFactory(event=event)
    collection, organisation = CollectionFactory(records=[paper]), OrganisationFactory()
    RecordFileFactory(record=paper, pages=["A page."])
    EventPhotoFactory(event=event)
    leads = {
        f"/records/{paper.pid}/": ("Edit this record", paper),
        f"/records/{slides.pid}/": ("Edit this record", slides),
        f"/records/{paper.pid}/pages/1/1/": ("Edit this record", paper),
        person.get_absolute_url().removeprefix("/en"): ("Edit this person", person),
        organisation.get_absolute_url().removeprefix("/en"): ("Edit this organisation", organisation),
        topic.get_absolute_url().removeprefix("/en"): ("Edit this topic", topic),
        event.get_absolute_url().removeprefix("/en"): ("Edit this event", event),
        f"/events/{event.slug}/photos/1/": ("Edit this event", event),
        f"/collections/{collection.slug}/": ("Edit this collection", collection),
        f"/collections/{collection.slug}/reading-list/": ("Edit this collection", collection),
    }
    editor = EditorFactory()

    for address, (words, thing) in leads.items():
        offered = items(open_as(editor, f"/en{address}"))
        assert offered == {"Go to Wagtail admin": "/admin/", words: edit_address(thing)}, address


def test_the_bar_speaks_the_language_of_the_page(about):
    person = PersonFactory()

    offered = items(open_as(EditorFactory(), f"/nl/people/{person.slug}/"))

    assert offered == {"Ga naar de Wagtail admin": "/admin/", "Bewerk deze persoon": edit_address(person)}


@pytest.mark.parametrize("make_user", [lambda: None, MemberFactory, ResearcherFactory])
def test_nobody_else_has_a_trace_of_it(about, make_user):
    user, record = make_user(), PublicationFactory()

    for address in ("/en/about/", f"/en/records/{record.pid}/", "/nl/", "/en/people/"):
        page = open_as(user, address)
        assert "userbar" not in page
        assert "/admin/" not in page
        assert "wagtailadmin" not in page
        assert page.endswith("</footer>\n\n\n</body>\n</html>\n")


def test_it_asks_the_database_nothing_for_a_stranger_nor_for_whom_the_head_knows(rf, django_assert_num_queries):
    record, member = PublicationFactory(), MemberFactory()
    member.get_all_permissions()  # asked by the head of every page, and kept for the request

    for user in (AnonymousUser(), member):
        request = rf.get("/en/")
        request.user = user
        with django_assert_num_queries(0):
            assert userbar({"request": request}, record) == ""


def test_a_link_is_there_only_for_whoever_may_change_the_thing(about):
    person, topic = PersonFactory(), TopicFactory()
    PublicationFactory(creators=[person], topics=[topic])
    curator = user_of_the_cms("change_topic")

    assert items(open_as(curator, f"/en/people/{person.slug}/")) == {"Go to Wagtail admin": "/admin/"}
    assert items(open_as(curator, f"/en/topics/{topic.slug}/")) == {
        "Go to Wagtail admin": "/admin/",
        "Edit this topic": edit_address(topic),
    }


def test_a_page_is_changed_by_whoever_has_rights_there(about):
    user = user_of_the_cms()
    assert items(open_as(user, "/en/about/")) == {"Go to Wagtail admin": "/admin/"}
    group = user.groups.create(name="Authors of one page")
    GroupPagePermission.objects.create(
        group=group, page=about, permission=Permission.objects.get(codename="change_page")
    )

    assert "Edit this page" in items(open_as(user, "/en/about/"))


# Previews -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def previewed(about, rf):
    """previewed(thing, in_panel=…, mode=…): what the CMS shows an editor of a thing that is being edited."""
    editor = EditorFactory()
    client = Client()
    client.force_login(editor)
    original = rf.get("/admin/", HTTP_COOKIE=f"sessionid={client.cookies['sessionid'].value}")

    def show(thing, *, in_panel: bool, mode: str = "") -> str:
        answer = thing.make_preview_request(
            original, mode, extra_request_attrs={"is_editing": True, "in_preview_panel": in_panel}
        )
        assert answer.status_code == 200
        return answer.content.decode()

    return show


@pytest.mark.parametrize("make", [PublicationFactory, EventFactory, CollectionFactory])
def test_the_preview_panel_has_the_checks_and_nothing_that_leads_away(previewed, make):
    page = previewed(make(), in_panel=True)

    assert "checker-axe-configuration" in page
    assert items(page) == {}
    assert '<aside hidden aria-labelledby="wagtail-userbar-trigger">' in page
    assert '<base target="_blank">' in page
    assert "admin/userbar.css" not in page


@pytest.mark.parametrize("mode", ["", "members", "editors"])
def test_a_preview_as_somebody_else_has_the_checks_too(previewed, mode):
    page = previewed(CollectionFactory(title_en="Wedges"), in_panel=True, mode=mode)

    assert "checker-axe-configuration" in page


@pytest.mark.parametrize("make", [PublicationFactory, EventFactory, CollectionFactory])
def test_a_preview_in_a_window_of_its_own_leads_to_no_form(previewed, make):
    assert items(previewed(make(), in_panel=False)) == {"Go to Wagtail admin": "/admin/"}
