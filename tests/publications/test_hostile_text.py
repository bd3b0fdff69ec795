"""Hostile HTML and SVG, wherever people can write: what is served of it does nothing.

Pages are read with html5lib, as browsers read them: what another reader takes for text may be a tag there (mXSS).
"""

import csv
import io
import json
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.fields import RichTextField, StreamField
from wagtail.users.models import UserProfile

from publications.deposit.programs import send_when_read
from publications.models import Deposit, Event, HubImage, Record, Topic
from publications.site_tree import create_site_tree
from publications.templatetags.hub import RICH_TEXT_TAGS
from publications.tokens import make_token
from search.indexing import index_due, rebuild_index
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EditorFactory,
    EventFactory,
    EventPhotoFactory,
    EventSessionFactory,
    FunderFactory,
    HubImageFactory,
    NewsPageFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    ResearcherFactory,
    SiteSettingsFactory,
    TopicFactory,
)
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="jav&#x09;ascript:alert(1)">a</a>',
    '<a href=" &#14; javascript:alert(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="vbscript:x" onclick="alert(1)" style="position:fixed;inset:0">a</a>',
    '<p style="background:url(//evil.example/x)">p</p>',
    '<iframe src="javascript:alert(1)" srcdoc="<script>alert(1)</script>"></iframe>',
    "<svg onload=alert(1)><script>alert(1)</script><foreignObject><iframe src=//evil.example></iframe></foreignObject>"
    '<a xlink:href="javascript:alert(1)"><text>a</text></a>'
    "<animate attributeName=href values=javascript:alert(1) /></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<form action=//evil.example><input name=password onfocus=alert(1)><button formaction=javascript:alert(1)>",
    '<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
    "<link rel=stylesheet href=//evil.example>",
    "<object data=javascript:alert(1)></object><embed src=//evil.example><video><source onerror=alert(1)></video>",
    "<template><script>alert(1)</script></template><details open ontoggle=alert(1)><marquee onstart=alert(1)>",
    "</title></textarea></style></script><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    '<embed embedtype="image" id="1" alt=\'"><img src=x onerror=alert(1)>\' format="left"/>',
    '<a linktype="page" id="1" onmouseover="alert(1)">a</a>',
    "{{ 7|add:7 }}{% load static %}",
)
ALL = "".join(HOSTILE) + "<p>The end is there.</p>"
RUNS = {
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "foreignobject",
    "animate",
    "set",
    "math",
    "marquee",
    "video",
    "style",
}


def assert_harmless(html: str) -> BeautifulSoup:
    """That nothing of the page runs, frames, posts or fetches anything but what is ours."""
    page = BeautifulSoup(html, "html5lib")
    for element in page.find_all():
        name, attributes = element.name.lower(), element.attrs
        is_our_script = name == "script" and (
            attributes.get("src", "").startswith("/static/") or attributes.get("type") == "application/ld+json"
        )
        assert is_our_script or name not in RUNS, str(element)[:200]
        assert not [one for one in attributes if one.lower().startswith("on") or one in ("style", "srcdoc")]
        assert attributes.get("formaction", "/").startswith(("/", "#")), str(element)[:200]
        for one in ("href", "src", "action", "xlink:href", "data"):
            address = urlsplit("".join(str(attributes.get(one, "")).split()))
            assert address.scheme in ("", "http", "https", "mailto"), str(element)[:200]
            assert "evil.example" not in address.netloc or name == "a", str(element)[:200]
    for prose in page.select(".prose"):
        assert {element.name for element in prose.find_all()} <= RICH_TEXT_TAGS, str(prose)[:300]
    return page


def served(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


# Rich text ----------------------------------------------------------------------------------------------------------


def test_every_field_of_rich_text_is_pasted_into_below():
    """A new field or stream comes here, and into the test that follows."""
    rich = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("publications").get_models()
        for field in model._meta.local_fields
        if isinstance(field, (RichTextField, StreamField))
    }

    assert rich == {
        *(f"{name}.{text}_{language}" for name, text in TEXTS for language in ("en", "nl")),
        *("HomePage.sections", "NewsPage.body", "ContentPage.body"),
        # Names and addresses, which are no rich text: test_plain_texts_are_shown_as_they_are.
        *("SiteSettings.menu", "SiteSettings.foot"),
    }


TEXTS = (("Event", "description"), ("Collection", "introduction"))


@pytest.mark.parametrize("hostile", [*HOSTILE, ALL])
def test_rich_text_is_clean_where_it_is_served(client, hostile):
    tree, text = create_site_tree(), f"<p>Before.</p>{hostile}<p>After.</p>"
    event = EventFactory(description_en=text, description_nl=text)
    collection = CollectionFactory(introduction_en=[("paragraph", text)], introduction_nl=[("paragraph", text)])
    home = tree.homes["en"]
    home.sections = [("text", {"heading": "", "text": text})]
    home.save()
    NewsPageFactory(parent=tree.news["en"], slug="n", body=[("paragraph", text)])
    ContentPageFactory(parent=home, slug="p", body=[("paragraph", text)])
    addresses = [
        f"/{language}/{thing}/"
        for thing in (f"events/{event.slug}", f"collections/{collection.slug}")
        for language in ("en", "nl")
    ]

    for address in [*addresses, "/en/", "/en/news/n/", "/en/p/", "/nl/p/"]:
        page = assert_harmless(served(client, address))
        assert "Before." in page.select_one(".prose").text, address


def draftail(text: str, **link: str) -> str:
    """What the editor of rich text sends: its text, all of it one link where there is one."""
    entity = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": link}} if link else {}
    block = {
        "key": "00000",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [{"offset": 0, "length": len(text), "key": 0}] if link else [],
    }
    return json.dumps({"blocks": [block], "entityMap": entity})


@pytest.mark.parametrize(
    "value",
    [
        *(draftail(hostile) for hostile in HOSTILE),
        draftail("a", url="javascript:alert(1)"),
        draftail("a", url="data:text/html,<script>alert(1)</script>"),
        draftail("a", url='https://a.example/" onclick="alert(1)'),
        draftail("a", url="//evil.example/", onmouseover="alert(1)"),
    ],
)
def test_what_an_editor_sends_by_the_form_is_clean_where_it_is_served(client, value):
    client.force_login(EditorFactory())
    event = EventFactory()
    address = reverse(Event.snippet_viewset.get_url_name("edit"), args=[event.pk])

    answer = client.post(
        address, form_fields(client, address, description_en=value, **{"action-publish": "action-publish"})
    )

    assert answer.status_code == 302
    client.logout()
    assert_harmless(served(client, f"/en/events/{event.slug}/"))


# Plain texts --------------------------------------------------------------------------------------------------------


def fill(thing: models.Model, text: str) -> models.Model:
    """Put the text into each field of the thing that holds a text without a form."""
    for field in thing._meta.concrete_fields:
        is_text = type(field) in (models.CharField, models.TextField) and not field.choices
        if is_text and field.name.endswith(PLAIN):
            setattr(thing, field.name, text[: field.max_length or None])
    thing.save()
    return thing


PLAIN = (
    *(
        f"{name}_{language}"
        for name in ("title", "summary", "name", "label", "definition", "description")
        for language in ("en", "nl")
    ),
    *(
        f"{name}_{language}"
        for name in ("position", "biography", "help", "note", "caption", "alt", "about", "region", "notice")
        for language in ("en", "nl")
    ),
    *(
        "contribution_en",
        "contribution_nl",
        "place",
        "address",
        "city",
        "abstract",
        "title",
        "introduction",
        "headline",
    ),
    *("examples", "affiliation", "cluster_name", "credit", "short_name", "publisher", "container_title", "description"),
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_plain_texts_are_shown_as_they_are(client, hostile):
    tree, text = create_site_tree(), hostile[:60] if len(hostile) > 200 else hostile
    topic = fill(TopicFactory(), text)
    organisation = fill(OrganisationFactory(is_partner=True, is_listed=True), text)
    person = fill(PersonFactory(is_listed=True, given_name=text[:150], family_name=text[:150]), text)
    event = fill(EventFactory(partners=[organisation], matches=1, matches_consent=text), text)
    fill(EventSessionFactory(event=event), text)
    EventPhotoFactory(event=event, image=fill(HubImageFactory(), text), caption_en=text)
    record = fill(PublicationFactory(topics=[topic], creators=[person], event=event), text)
    collection = fill(CollectionFactory(records=[record]), text)
    collection.items.update(note_en=text)
    fill(FunderFactory(is_funder_of_cluster=True), text)
    settings = fill(SiteSettingsFactory(), text)
    settings.menu = [("link", {"url": "https://a.example/", "label_en": text, "label_nl": text})]
    settings.save()
    fill(tree.homes["en"], text)
    quote = [("quote", {"text": text, "source": text}), ("heading", text)]
    fill(NewsPageFactory(parent=tree.news["en"], slug="n", body=quote), text)
    rebuild_index()

    things = [topic, organisation, person, event, record, collection]
    addresses = [thing.get_absolute_url() for thing in things]
    lists = [
        "",
        "people/",
        "organisations/",
        "events/",
        "topics/",
        "collections/",
        "news/",
        "news/n/",
        "search/",
        "experts/?q=a",
    ]
    for address in [*addresses, *(f"/en/{one}" for one in lists), f"/nl/events/{event.slug}/"]:
        assert_harmless(served(client, address))


def test_imported_records_are_clean_on_their_pages_and_in_the_search(client, tmp_path):
    create_site_tree()
    items = [
        {
            "id": f"r{number}",
            "type": "article-journal",
            "title": f"{hostile} {number}",
            "abstract": f"<p>{hostile}</p>",
            "issued": {"date-parts": [[2020]]},
            "author": [{"family": f"{hostile[:100]}", "given": "A"}],
        }
        for number, hostile in enumerate(HOSTILE)
    ]
    (tmp_path / "hostile.json").write_text(json.dumps(items))

    call_command("import_records", str(tmp_path / "hostile.json"), stdout=io.StringIO())
    index_due()

    records = Record.objects.live()
    assert records.count() == len(HOSTILE)
    for record in records:
        assert_harmless(served(client, f"/en/records/{record.pid}/"))
    assert_harmless(served(client, "/en/search/?page_size=100"))
    assert_harmless(served(client, "/en/search/?q=alert"))


def assert_inert(html: str) -> None:
    """That nothing of HOSTILE runs on a page of the CMS, which has scripts of its own."""
    for element in BeautifulSoup(html, "html5lib").find_all():
        is_data = element.name == "script" and element.get("type") == "application/json"
        assert element.name != "script" or is_data or "alert(1)" not in element.text, str(element)[:200]
        for name, value in element.attrs.items():
            runs = name.startswith("on") or (name in ("href", "src", "action") and not str(value).startswith("/"))
            assert not runs or "alert(1)" not in str(value), str(element)[:200]
        assert "evil.example" not in str(element.get("src", "")), str(element)[:200]


def test_a_deposit_of_a_program_is_shown_as_it_came(client):
    researcher, editor = ResearcherFactory(), EditorFactory()
    _token, secret = make_token(researcher, name="test", lifetime_days=30, now=timezone.now())
    robot = Client(headers={"Authorization": f"Bearer {secret}"})
    for hostile in HOSTILE:
        metadata = {
            "type": "report",
            "title": hostile,
            "abstract": f"<p>{hostile}</p>",
            "language": "en",
            "issued": {"date-parts": [[2026]]},
            "author": [{"family": hostile[:100], "given": "A"}],
            "keyword": hostile[:100],
            "publisher": hostile[:200],
        }
        told = robot.post(
            "/api/v1/deposits", {"metadata": json.dumps(metadata), "access_right": "metadata_only"}
        ).json()

        client.force_login(researcher)
        assert_harmless(served(client, told["page"]))
        assert_harmless(served(client, "/en/my/"))
        deposit = Deposit.objects.get(record__pid=told["id"])
        send_when_read.call(deposit.pk)
        client.force_login(editor)
        assert_inert(served(client, reverse("review_queue")))
        assert_inert(served(client, reverse("review_deposit", args=[deposit.pk])))


def test_a_table_of_records_names_its_faults_in_plain_text(client):
    record = PublicationFactory()
    client.force_login(EditorFactory())
    for hostile in HOSTILE:
        written = io.StringIO()
        csv.writer(written).writerows(
            [["pid", "topics", "rights"], [record.pid, hostile, hostile], [hostile, "", "CC0-1.0"]]
        )
        upload = SimpleUploadedFile("a.csv", written.getvalue().encode())

        answer = client.post(reverse("bulk_table", args=["publication"]), {"file": upload}, follow=True)

        assert_inert(answer.content.decode())


def test_topics_of_a_file_are_shown_before_and_after_as_they_came(client):
    create_site_tree()
    client.force_login(EditorFactory())
    written = io.StringIO()
    rows = [[f"t{number}", hostile[:90], hostile[:90], hostile] for number, hostile in enumerate(HOSTILE)]
    csv.writer(written).writerows([["slug", "label_en", "synonyms_nl", "definition_en"], *rows])
    upload = SimpleUploadedFile("<img src=x onerror=alert(1)>.csv", written.getvalue().encode())

    page = client.post(reverse("topic_files"), {"file": upload, "replaces": ""}, follow=True)

    assert_inert(page.content.decode())
    digest = BeautifulSoup(page.content, "html.parser").select_one("[name=digest]")
    assert digest is not None
    tree = client.post(page.request["PATH_INFO"], {"digest": digest["value"]}, follow=True)
    assert_inert(tree.content.decode())
    assert Topic.objects.filter(slug__startswith="t").count() == len(HOSTILE)
    client.logout()
    for address in ("/en/topics/", *(topic.get_absolute_url() for topic in Topic.objects.all())):
        assert_harmless(served(client, address))


# Pictures -----------------------------------------------------------------------------------------------------------


def picture_of_a_hundred_million() -> bytes:
    written = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "language", "words"),
    [
        (
            "photo.png",
            picture_of_a_hundred_million,
            "en",
            "This file has too many pixels (100000000). Maximum pixels 64000000.",
        ),
        (
            "photo.png",
            picture_of_a_hundred_million,
            "nl",
            "bevat teveel pixels (100000000). Het maximum aantal toegestane pixels is 64000000.",
        ),
        ("photo.jpg", lambda: b"MZ\x90\x00" + bytes(200), "en", "Upload a valid image."),
        ("photo.jpg", lambda: b"MZ\x90\x00" + bytes(200), "nl", "Upload een geldige afbeelding."),
        ("drawing.svg", lambda: b"<svg onload='alert(1)'/>", "en", "Not a supported image format."),
        ("drawing.svg", lambda: b"<svg onload='alert(1)'/>", "nl", "Geen ondersteund afbeeldingsformaat."),
    ],
)
@pytest.mark.parametrize("address", ["/admin/images/add/", "/admin/images/multiple/add/"])
def test_what_is_no_photo_or_too_large_is_refused_in_the_editors_language(client, address, name, make, language, words):
    editor = EditorFactory()
    UserProfile.objects.create(user=editor, preferred_language=language)
    client.force_login(editor)
    field = "files[]" if "multiple" in address else "file"

    answer = client.post(
        address,
        {"title": "Photo", field: SimpleUploadedFile(name, make()), "collection": 1},
        headers={"x-requested-with": "XMLHttpRequest"},
    )

    said = (
        answer.json()["error_message"] if "multiple" in address else BeautifulSoup(answer.content, "html.parser").text
    )
    assert words in " ".join(said.split())
    assert not HubImage.objects.exists()
