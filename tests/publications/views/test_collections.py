from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pypdf import PdfReader

from publications.models import Collection, CollectionItem
from publications.views.collections import collection_context
from tests.factories import CollectionFactory, PersonFactory, PublicationFactory, RecordFileFactory

pytestmark = pytest.mark.django_db


def test_page_shows_live_records_in_the_editors_order_with_notes(client: Client) -> None:
    first, draft, second = PublicationFactory(), PublicationFactory(live=False, title="Secret"), PublicationFactory()
    collection = CollectionFactory(records=[second, draft, first])
    CollectionItem.objects.filter(record=second).update(note_en="Start here.")

    answer = client.get(collection.get_absolute_url())

    assert [(item.number, item.record.pk, str(item.note)) for item in answer.context["items"]] == [
        (1, second.pk, "Start here."),
        (2, first.pk, ""),
    ]
    assert answer.context["total"] == 2
    assert f'data-hit="{second.pid}"' in answer.content.decode()
    assert "Secret" not in answer.content.decode()


def test_newest_first_keeps_the_numbers(client: Client) -> None:
    older = PublicationFactory(first_published_at="2020-01-01T00:00Z")
    newer = PublicationFactory(first_published_at="2024-01-01T00:00Z")
    collection = CollectionFactory(records=[older, newer])

    items = client.get(collection.get_absolute_url(), {"sort": "newest"}).context["items"]

    assert [(item.number, item.record.pk) for item in items] == [(2, newer.pk), (1, older.pk)]


def test_years_people_and_exports_are_told(client: Client) -> None:
    person = PersonFactory()
    records = [PublicationFactory(creators=[person], issued=year) for year in ("1998", "2026", "")]
    collection = CollectionFactory(records=records, slug="dose")

    answer = client.get(collection.get_absolute_url())

    assert answer.context["years"] == (1998, 2026)
    assert [(item.person, item.records) for item in answer.context["people"]] == [(person, 3)]
    assert 'href="/collections/dose.bib"' in answer.content.decode()
    assert '<input type="hidden" name="collection" value="dose">' in answer.content.decode()


def test_curators_who_are_not_shown_are_not_named(client: Client) -> None:
    shown, hidden = PersonFactory(), PersonFactory(family_name="Hidden", is_listed=False)
    collection = CollectionFactory()
    collection.curators.add(shown, hidden)
    collection.save()

    answer = client.get(collection.get_absolute_url())

    assert list(answer.context["curators"]) == [shown]
    assert "Hidden" not in answer.content.decode()


def test_introduction_is_cleaned(client: Client) -> None:
    introduction = [("paragraph", "<p>How <i>much</i>?<iframe src='x'></iframe></p>")]
    collection = CollectionFactory(introduction_en=introduction)

    page = client.get(collection.get_absolute_url()).content.decode()

    assert "<p>How <i>much</i>?</p>" in page


def test_introduction_of_the_other_language_says_so(client: Client) -> None:
    collection = CollectionFactory(
        title_nl="Wiggen", introduction_nl=[("heading", "Begin"), ("paragraph", "<p>Hier.</p>")]
    )

    page = " ".join(client.get(collection.get_absolute_url()).content.decode().split())

    assert '<p class="lang-note missing">Not yet in English.</p><div class="local-body" lang="nl">' in page
    assert "<h2>Begin</h2>" in page


def test_draft_is_not_found(client: Client) -> None:
    assert client.get(CollectionFactory(live=False).get_absolute_url()).status_code == 404


def test_context_of_a_collection_that_was_never_saved() -> None:
    collection = Collection(title_en="Not saved yet")
    collection.items.add(CollectionItem(record=PublicationFactory(), note_en="Why"))

    context = collection_context(collection, user=AnonymousUser())

    assert [(item.number, str(item.note)) for item in context["items"]] == [(1, "Why")]


def test_page_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Collection:
        records = [PublicationFactory(creators=[PersonFactory()]) for _ in range(number)]
        for record in records:
            RecordFileFactory(record=record)
        return CollectionFactory(records=records)

    one, three = add(1), add(3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(30) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())


def test_long_collection_is_shown_in_pages(client: Client) -> None:
    collection = CollectionFactory(records=[PublicationFactory() for _ in range(27)])

    last = client.get(collection.get_absolute_url(), {"page": "99"}).context["items"]

    assert [item.number for item in last] == [26, 27]


def test_index_lists_published_collections_with_their_live_records(client: Client) -> None:
    shown = CollectionFactory(records=[PublicationFactory(), PublicationFactory(live=False)])
    CollectionFactory(live=False)

    listed = client.get("/en/collections/").context["page_of_collections"]

    assert [(collection, collection.record_count) for collection in listed] == [(shown, 1)]


def test_reading_list_has_everything_on_one_page_to_print(client: Client) -> None:
    records = [PublicationFactory(creators=[f"Ada Nr{number}"], doi=f"10.5555/{number}") for number in range(27)]
    draft = PublicationFactory(title="Secret", live=False)
    collection = CollectionFactory(records=[*records, draft], slug="wedges")
    CollectionItem.objects.filter(record=records[0]).update(note_nl="Begin hier.")

    page = " ".join(client.get("/en/collections/wedges/reading-list/").content.decode().split())

    assert page.count("<li value=") == 27
    assert "Ada Nr26" in page
    assert "https://doi.org/10.5555/26" in page
    assert '<span lang="nl">Begin hier.</span>' in page
    assert "Secret" not in page
    assert 'href="/en/collections/wedges/reading-list/"' in client.get(collection.get_absolute_url()).content.decode()


def test_reading_list_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    for number, slug in ((1, "one"), (3, "three")):
        records = [PublicationFactory(creators=[PersonFactory()]) for _ in range(number)]
        CollectionFactory(records=records, slug=slug)
    client.get("/en/collections/one/reading-list/")

    with django_assert_max_num_queries(25) as counted:
        client.get("/en/collections/one/reading-list/")
    with django_assert_num_queries(len(counted)):
        client.get("/en/collections/three/reading-list/")


def test_reading_list_as_pdf_has_the_same_and_is_tagged(client: Client) -> None:
    first = PublicationFactory(title="#let β [x] *one* $y$", creators=["Ada Lovelace"], issued="2019", language="en")
    closed = PublicationFactory(title="Dicht", access_right="metadata_only", doi="10.5555/dicht")
    draft = PublicationFactory(title="Secret", live=False)
    CollectionFactory(title_en="Wedges", records=[first, closed, draft], slug="wedges")
    CollectionItem.objects.filter(record=first).update(note_nl="Begin hier.")

    answer = client.get("/en/collections/wedges/reading-list.pdf")
    pdf = PdfReader(BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())

    assert answer["Content-Type"] == "application/pdf"
    assert "#let β [x] *one* $y$" in text and "Ada Lovelace, 2019" in text and "Begin hier." in text
    assert "https://doi.org/10.5555/dicht" in text and "Secret" not in text
    assert pdf.metadata.title == "Wedges"
    assert pdf.root_object["/MarkInfo"]["/Marked"] and pdf.root_object["/Lang"] == "en"


def test_reading_list_as_pdf_is_in_the_readers_language(client: Client) -> None:
    CollectionFactory(title_en="Wedges", title_nl="Wiggen", records=[PublicationFactory()], slug="wedges")

    pdf = PdfReader(BytesIO(client.get("/nl/collections/wedges/reading-list.pdf").content))

    assert (pdf.metadata.title, pdf.root_object["/Lang"]) == ("Wiggen", "nl")
    assert "Leeslijst" in pdf.pages[0].extract_text()


def test_letters_that_no_font_has_make_no_error(client: Client) -> None:
    CollectionFactory(records=[PublicationFactory(title="深層学習 \U0010ffff", language="ja")], slug="wedges")

    assert client.get("/en/collections/wedges/reading-list.pdf").content.startswith(b"%PDF-")


def test_a_draft_collection_has_no_pdf(client: Client) -> None:
    CollectionFactory(live=False, slug="wedges")

    assert client.get("/en/collections/wedges/reading-list.pdf").status_code == 404


def test_what_a_rule_finds_for_one_is_kept_for_nobody_else(client: Client) -> None:
    CollectionFactory(rule="wedge", slug="wedges")

    assert "private" in client.get("/en/collections/wedges/reading-list.pdf")["Cache-Control"]
