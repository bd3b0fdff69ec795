"""Links are found wherever editors and depositors can write them."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import URLField
from wagtail.fields import RichTextField, StreamField

from publications.links.finding import Place, Target, as_target, find_links, links_of_html
from publications.models import Event, RelatedIdentifier
from publications.site_tree import create_site_tree
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EventFactory,
    NewsPageFactory,
    OrganisationFactory,
    PublicationFactory,
    SiteSettingsFactory,
)

pytestmark = pytest.mark.django_db


def found() -> set[str]:
    return {target.address for target, _place in find_links()}


def rich(address: str) -> str:
    return f'<p><a href="{address}">there</a></p>'


def test_links_stand_in_rich_text_blocks_menus_and_fields(settings):
    settings.BASE_URL = "https://hub.example"
    tree = create_site_tree()
    body = [("paragraph", rich("https://body.example/")), ("quote", {"text": "https://no-link.example/", "source": ""})]
    ContentPageFactory(parent=tree.homes["en"], slug="about", body=body)
    NewsPageFactory(parent=tree.news["nl"], slug="nieuws", body=[("paragraph", '<a linktype="document" id="7">d</a>')])
    home = tree.homes["en"]
    home.sections = [("text", {"heading": "", "text": rich("https://home.example/")})]
    home.save()
    event = EventFactory(description_nl=rich("https://event.example/"), registration_url="https://register.example/")
    CollectionFactory(introduction_en=[("paragraph", '<p><a linktype="page" id="12">p</a></p>')])
    OrganisationFactory(url="https://organisation.example/", is_listed=True)
    record = PublicationFactory(url="https://record.example/")
    RelatedIdentifier.objects.create(
        record=record, relation_type="Cites", identifier="https://related.example/", identifier_type="URL"
    )
    RelatedIdentifier.objects.create(
        record=record, relation_type="Cites", identifier="10.1234/doi", identifier_type="DOI"
    )
    link = {"url": "https://hub.example/en/events/x/", "label_en": "E", "label_nl": "E"}
    column = {"heading_en": "C", "heading_nl": "C", "links": [("page", {"page": home, "label_en": "", "label_nl": ""})]}
    SiteSettingsFactory(menu=[("link", link)], foot=[("column", column)])

    addresses = found()

    assert addresses == {
        *(f"https://{name}.example/" for name in ("body", "home", "event", "register", "organisation", "record")),
        "https://related.example/",
        "document:7",
        "page:12",
        f"page:{home.pk}",
        "/en/events/x/",
    }
    number = ContentType.objects.get_for_model(Event).pk
    assert (Target("https://event.example/"), Place(number, event.pk, "description_nl")) in set(find_links())


def test_drafts_are_not_looked_at():
    EventFactory(registration_url="https://draft.example/", live=False)
    PublicationFactory(url="https://draft.example/", live=False)

    assert found() == set()


def test_what_readers_are_not_shown_is_not_looked_at():
    """A merged organisation keeps its row, and one that nobody listed has no page."""
    shown = OrganisationFactory(url="https://shown.example/", is_listed=True)
    OrganisationFactory(url="https://hidden.example/", is_listed=False)
    OrganisationFactory(url="https://merged.example/", is_listed=True, merged_into=shown)

    assert found() == {"https://shown.example/"}


def test_every_field_that_holds_links_is_of_a_kind_that_is_looked_for():
    """A text field whose value ends up as a link in a page would be missed: none is called so."""
    names = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("publications").get_models()
        for field in model._meta.local_fields
        if field.name.endswith(("url", "link", "website", "homepage"))
        and not isinstance(field, (URLField, RichTextField, StreamField))
    }

    # Other sites' names for a thing, and rows about links themselves.
    assert names <= {"LinkUse.link"}


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://a.example/x#part", ["https://a.example/x"]),
        ("http://testserver/en/events/", ["/en/events/"]),
        ("http://testserver", ["/"]),
        ("/en/events/?a=b", ["/en/events/?a=b"]),
        ("//evil.example/", []),
        ("#here", []),
        ("mailto:a@b.example", []),
        ("tel:+31", []),
        ("javascript:alert(1)", []),
        ("", []),
    ],
)
def test_what_is_no_address_is_no_link(settings, address, target):
    settings.BASE_URL = "http://testserver"

    assert [found.address for found in as_target(address)] == target


def test_broken_html_does_not_stop_the_search():
    html = '<a href="https://a.example/"<p <a linktype="page" id="x">&#xfffffff; <a href=https://b.example/>'

    assert Target("https://b.example/") in links_of_html(html)


def test_a_menu_that_nobody_touched_has_no_links():
    create_site_tree()
    SiteSettingsFactory()

    assert found() == set()
