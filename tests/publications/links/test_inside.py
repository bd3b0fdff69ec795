"""Links of the hub are compared with what readers are shown, without asking over the network."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import PageViewRestriction

from publications.links.finding import Target
from publications.links.inside import problems_inside
from publications.models.links import LinkProblem
from publications.site_tree import create_site_tree
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EventFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def problems(*addresses: str) -> dict[str, LinkProblem]:
    return {target.address: problem for target, problem in problems_inside(map(Target, addresses)).items()}


def test_pages_and_documents_that_are_gone_or_offline_are_named(django_assert_num_queries):
    tree = create_site_tree()
    live = ContentPageFactory(parent=tree.homes["en"], slug="live")
    draft = ContentPageFactory(parent=tree.homes["en"], slug="draft", live=False)
    document = Document.objects.create(title="D", file="d.pdf")
    addresses = [
        f"page:{live.pk}",
        f"page:{draft.pk}",
        "page:9999",
        "page:None",
        f"document:{document.pk}",
        "document:9",
    ]

    with django_assert_num_queries(2):
        found = problems(*addresses)

    assert found == {
        f"page:{draft.pk}": LinkProblem.OFFLINE,
        "page:9999": LinkProblem.GONE,
        "page:None": LinkProblem.GONE,
        "document:9": LinkProblem.GONE,
    }


@pytest.fixture
def hub():
    """A few things of each kind, seen and not."""
    tree = create_site_tree()
    home = tree.homes["en"]
    ContentPageFactory(parent=home, slug="about")
    ContentPageFactory(parent=home, slug="draft", live=False)
    members = ContentPageFactory(parent=home, slug="members")
    PageViewRestriction.objects.create(page=members, restriction_type=PageViewRestriction.LOGIN)
    event = EventFactory(slug="now")
    event.slug = "later"
    event.save()
    PersonFactory(slug="shown", is_listed=True)
    PersonFactory(slug="hidden", is_listed=False)
    last = TopicFactory(slug="last", label_en="Last", label_nl="Laatste")
    middle = TopicFactory(slug="middle", merged_into=last)
    TopicFactory(slug="first", merged_into=middle)
    CollectionFactory(slug="shelf", live=False)
    Redirect.objects.create(old_path="/en/moved", redirect_link="/en/about/")
    Redirect.objects.create(old_path="/en/people/hidden", redirect_link="/en/about/")
    return {"live": PublicationFactory().pid, "draft": PublicationFactory(live=False).pid}


GONE, OFFLINE = LinkProblem.GONE, LinkProblem.OFFLINE
PATHS = {
    "/en/records/{live}/": None,
    "/records/{live}": None,
    "/records/{live}.bib": None,
    "/nl/records/{draft}/": OFFLINE,
    "/en/records/nothing/": GONE,
    "/en/records/{live}": None,
    "/en/events/now/": None,
    "/en/events/now": None,
    "/en/events/later/?a=b": None,
    "/en/events/never/": GONE,
    "/en/events/never": GONE,
    "/nl/people/shown/": None,
    "/nl/people/hidden/": OFFLINE,
    "/en/people/hidden/": None,
    "/en/topics/first/": None,
    "/en/topics/middle/": None,
    "/en/collections/shelf/": OFFLINE,
    "/": None,
    "/en/": None,
    "/en": None,
    "/en/about/": None,
    "/en/about": None,
    "/nl/about/": None,
    "/en/ab%6Fut/": None,
    "/en/draft/": OFFLINE,
    "/nl/draft": OFFLINE,
    "/en/abuot/": GONE,
    "/en/moved/": None,
    "/en/moved/?a=b": None,
    "/en/search/?q=x": None,
    "/en/members/": None,
    "/nowhere": GONE,
    "/en/%00/": GONE,
}
"""Each path and what is wrong with it."""


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_where_a_stranger_gets(client, hub, path):
    expected, path = PATHS[path], path.format(**hub)

    answer = client.get(path, follow=True)

    assert problems(path).get(path) == expected
    assert (answer.status_code == 404) == bool(expected)


def test_static_files_are_not_looked_at(hub):
    assert problems("/static/css/hub.css", "/static") == {"/static": GONE}


def paths_of_each_kind(hub: dict[str, str], *, number: int) -> list[str]:
    kinds = ("en", "en/records", "en/events", "nl/people", "en/organisations", "en/topics", "en/collections", "no")
    unknown = [f"/{kind}/{place}/" for kind in kinds for place in range(number)]
    return [path.format(**hub) for path in PATHS] + unknown


def test_many_paths_are_asked_about_as_often_as_a_few(hub, django_assert_num_queries):
    """Pages, records, things at old addresses, merged ones, redirects, and what is nowhere."""
    problems(*paths_of_each_kind(hub, number=1))  # the numbers of models are read once

    with django_assert_num_queries(22):
        problems(*paths_of_each_kind(hub, number=1))
    with django_assert_num_queries(22):
        problems(*paths_of_each_kind(hub, number=60))
