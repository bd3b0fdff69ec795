"""Links of the hub are looked at by the rights of a stranger, without asking over the network."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document

from publications.links.finding import Target
from publications.links.inside import problem_of_path, problems_inside
from publications.models.links import LinkProblem
from publications.site_tree import create_site_tree
from tests.factories import ContentPageFactory, EventFactory, PersonFactory, PublicationFactory

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


def test_paths_lead_to_what_readers_see():
    tree = create_site_tree()
    ContentPageFactory(parent=tree.homes["en"], slug="about")
    record, draft = PublicationFactory(), PublicationFactory(live=False)
    event = EventFactory(slug="now")
    event.slug = "later"
    event.save()
    PersonFactory(slug="shown", is_listed=True)
    PersonFactory(slug="hidden", is_listed=False)
    Redirect.objects.create(old_path="/en/moved", redirect_link="/en/about/")
    expected = {
        f"/en/records/{record.pid}/": None,
        f"/records/{record.pid}": None,
        f"/records/{record.pid}.bib": None,
        f"/nl/records/{draft.pid}/": LinkProblem.OFFLINE,
        "/en/records/nothing/": LinkProblem.GONE,
        "/en/events/now/": None,
        "/en/events/later/?a=b": None,
        "/en/events/never/": LinkProblem.GONE,
        "/nl/people/shown/": None,
        "/nl/people/hidden/": LinkProblem.OFFLINE,
        "/en/about/": None,
        "/nl/about/": None,
        "/en/abuot/": LinkProblem.GONE,
        "/en/moved/": None,
        "/en/search/?q=x": None,
        "/nowhere": LinkProblem.GONE,
    }

    assert {path: problem_of_path(path) for path in expected} == expected
