"""The tags and filters that all templates share."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import timezone, translation
from wagtail.models import Locale

from publications.models import Collection, Event, Record
from publications.reading_lists import audience_of, count_records
from publications.templatetags import addresses, drawings, hub
from publications.vocabularies import AccessRight
from tests.factories import (
    CollectionFactory,
    ContentPageFactory,
    EventFactory,
    HomePageFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

SPACE = "\N{NO-BREAK SPACE}"


def render(source: str, *, language: str = "en", **context: Any) -> str:
    """What a template gives that loads the tags."""
    with translation.override(language):
        return Template("{% load hub %}" + source).render(Context(context)).strip()


# Texts in two languages -----------------------------------------------------------------------------------------


def test_a_text_is_shown_in_the_readers_language():
    event = Event(title_en="Lung Imaging Day", title_nl="Longbeeldvormingsdag")

    assert render('{% local event "title" %}', event=event) == "Lung Imaging Day"
    assert render('{% local event "title" %}', language="nl", event=event) == "Longbeeldvormingsdag"


def test_a_text_without_translation_is_shown_in_the_other_language_and_says_so():
    event = Event(title_en="Lung <b>Imaging</b> Day")

    shown = render('{% local event "title" %}', language="nl", event=event)

    assert shown.startswith('<span lang="en">Lung &lt;b&gt;Imaging&lt;/b&gt; Day</span> <span class="lang-note">(')


def test_a_text_that_nobody_wrote_is_nothing():
    assert render('{% local event "title" %}{% local_prose event "description" %}', event=Event()) == ""


def test_a_longer_text_without_translation_names_what_is_missing():
    event = Event(summary_nl="Eerste alinea.\n\nTweede <alinea>.")

    shown = render('{% local_prose event "summary" %}', event=event)

    assert "Not yet in English." in shown
    assert '<div class="prose" lang="nl"><p>Eerste alinea.</p>\n\n<p>Tweede &lt;alinea&gt;.</p></div>' in shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<p style="position:fixed">x</p>',
        '<img src="x" onerror="alert(1)">',
        '<iframe src="https://example.org"></iframe>',
    ],
)
def test_rich_text_holds_nothing_that_runs_or_hides(hostile: str):
    event = Event(description_en=f"<p>Before</p>{hostile}")

    shown = render('{% local_prose event "description" %}', event=event)

    assert "<p>Before</p>" in shown
    for danger in ("script", "alert", "style=", "<img", "<iframe", "onclick"):
        assert danger not in shown


def test_rich_text_keeps_what_editors_can_write():
    html = '<p>A <b>bold</b> <a href="https://example.org/">link</a>, H<sub>2</sub>O</p><ul><li>item</li></ul>'

    assert hub.rich_text(html) == html.replace('/">link', '/" rel="noopener">link')


@pytest.mark.parametrize(
    ("language", "page", "expected"),
    [
        ("nl", "en", ' lang="nl"'),
        ("en", "en", ""),
        ("de", "nl", ' lang="de"'),
        ("und", "en", ' dir="auto"'),
        ("mul", "en", ' dir="auto"'),
    ],
)
def test_another_language_is_marked_and_an_unknown_one_goes_by_its_letters(language: str, page: str, expected: str):
    with translation.override(page):
        assert hub.lang(language) == expected


# Numbers and dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "english", "dutch"),
    [
        ("2026-06-17", "17 June 2026", "17 juni 2026"),
        ("2026-06", "June 2026", "juni 2026"),
        ("1998", "1998", "1998"),
        ("summer 2019", "summer 2019", "summer 2019"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(text: str, english: str, dutch: str):
    with translation.override("en"):
        assert hub.partial_date(text) == english
    with translation.override("nl"):
        assert hub.partial_date(text) == dutch


def test_a_date_that_nobody_knows_is_said_to_be_unknown():
    assert render('{% issued "" %}') == '<span class="missing">date unknown</span>'
    assert render("{% issued_year None %}") == '<span class="missing">year unknown</span>'
    assert render("{% issued_year 2019 %}") == '<time datetime="2019">2019</time>'


def test_years_and_attributes_take_no_separator():
    assert render("{{ year }} {{ year|digits }}", year=2019) == "2,019 2019"


@pytest.mark.parametrize(
    ("share", "english", "dutch"),
    [
        (0.978, "97.8", "97,8"),
        (1.0, "100", "100"),
        (0.99999, "99.9", "99,9"),
        (0.00001, "0.1", "0,1"),
        (0.0, "0", "0"),
        (0.5, "50", "50"),
    ],
)
def test_a_share_is_whole_only_when_nothing_is_missing(share: float, english: str, dutch: str):
    with translation.override("en"):
        assert hub.percent(share) == f"{english}{SPACE}%"
    with translation.override("nl"):
        assert hub.percent(share) == f"{dutch}{SPACE}%"


@pytest.mark.parametrize(
    ("starts", "ends", "english", "dutch"),
    [
        (
            datetime(2026, 12, 10, 12, 0, tzinfo=UTC),
            datetime(2026, 12, 10, 16, 30, tzinfo=UTC),
            "Thursday 10 December 2026, 13:00–17:30",
            f"Donderdag 10 december 2026, 13.00–17.30{SPACE}uur",
        ),
        (
            datetime(2026, 12, 9, 23, 0, tzinfo=UTC),
            None,
            "Thursday 10 December 2026",
            "Donderdag 10 december 2026",
        ),
        (
            datetime(2026, 12, 10, 8, 0, tzinfo=UTC),
            datetime(2026, 12, 12, 16, 0, tzinfo=UTC),
            "10–12 December 2026",
            "10–12 december 2026",
        ),
        (
            datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
            datetime(2026, 12, 2, 16, 0, tzinfo=UTC),
            "30 November – 2 December 2026",
            "30 november – 2 december 2026",
        ),
        (
            datetime(2026, 12, 31, 8, 0, tzinfo=UTC),
            datetime(2027, 1, 1, 16, 0, tzinfo=UTC),
            "31 December 2026 – 1 January 2027",
            "31 december 2026 – 1 januari 2027",
        ),
    ],
)
def test_an_event_says_when_it_is(starts: datetime, ends: datetime | None, english: str, dutch: str):
    event = Event(starts=starts, ends=ends)

    assert f">{english}</time>" in render("{% event_when event %}", event=event)
    assert f">{dutch}</time>" in render("{% event_when event %}", language="nl", event=event)


# Records and their files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("access_right", "available", "words"),
    [
        (AccessRight.OPEN, None, "Open"),
        (AccessRight.EMBARGOED, date(2999, 3, 1), f"Opens 1{SPACE}March{SPACE}2999"),
        (AccessRight.EMBARGOED, date(2020, 3, 1), "Open"),
        (AccessRight.MEMBERS, None, "Members only"),
        (AccessRight.RESTRICTED, None, "Restricted"),
        (AccessRight.METADATA_ONLY, None, "Metadata only"),
    ],
)
def test_access_is_always_said_in_words(access_right: str, available: date | None, words: str):
    record = Record(access_right=access_right, available=available)

    shown = render("{% access_label record %}", record=record)

    assert shown.replace("\n", "").endswith(f"</svg>{words}</span>")
    assert 'aria-hidden="true"' in shown


@pytest.mark.django_db
def test_a_files_own_access_right_goes_before_its_records():
    file = RecordFileFactory(record=PublicationFactory(access_right="open"), access_right="members")

    assert render("{% access_label file %}", file=file).endswith("Members only</span>")


@pytest.mark.django_db
def test_authors_lead_to_the_people_the_hub_knows():
    marieke = PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    record = PublicationFactory(creators=[marieke, "K. <Wiersma>"])

    shown = render("{% byline record %}", record=record)

    assert shown == f'<a href="/en/people/{marieke.slug}/">Marieke van der Hoeven</a>, K. &lt;Wiersma&gt;'


@pytest.mark.django_db
def test_a_long_list_of_authors_is_cut_with_the_number_of_the_others():
    record = PublicationFactory(creators=[f"Author {number}" for number in range(40)])

    assert render("{% byline record links=False %}", record=record) == "Author 0, Author 1, Author 2 and 37 others"


@pytest.mark.django_db
def test_five_authors_are_all_named():
    record = PublicationFactory(creators=[f"Author {number}" for number in range(5)])

    assert render("{% byline record links=False %}", record=record).count("Author") == 5


@pytest.mark.django_db
def test_an_organisation_as_author_leads_to_its_page():
    record = PublicationFactory()
    organisation = OrganisationFactory(name_en="Working Group North")
    record.contributions.create(
        family_name="Working Group North", is_organisation=True, organisation=organisation, role="Creator"
    )

    assert render("{% byline record %}", record=record) == (
        f'<a href="/en/organisations/{organisation.slug}/">Working Group North</a>'
    )


@pytest.mark.django_db
def test_the_length_of_a_record_is_that_of_its_longest_file_still_there():
    record = PublicationFactory()
    RecordFileFactory(record=record, pages=["one"])
    RecordFileFactory(record=record, pages=["one", "two"])
    RecordFileFactory(record=record, pages=["one", "two", "three"], removed_at=timezone.now())

    assert render("{% extent record %}", record=record) == "2 pages"


@pytest.mark.django_db
def test_only_a_file_that_the_reader_may_open_is_pictured(rf: Any):
    file = RecordFileFactory(record=PublicationFactory(access_right="members"))
    request = rf.get("/")
    source = "{% file_to_show record as file %}{{ file.number|default:'nothing' }}"

    request.user = AnonymousUser()
    assert render(source, request=request, record=file.record) == "nothing"

    request.user = MemberFactory()
    assert render(source, request=request, record=file.record) == "1"


@pytest.mark.django_db
def test_nothing_is_pictured_where_nobody_is_known_to_look():
    record = RecordFileFactory().record

    assert render("{% file_to_show record as file %}{{ file }}", record=record) == "None"


@pytest.mark.django_db
def test_listing_records_takes_as_many_queries_for_three_as_for_one(rf: Any, django_assert_num_queries: Any):
    request = rf.get("/")
    request.user = AnonymousUser()
    source = "{% for record in records %}{% include 'includes/record_hit.html' %}{% endfor %}"

    for number in (1, 3):
        for _ in range(number - Record.objects.count()):
            RecordFileFactory(record=PublicationFactory(creators=[PersonFactory()], access_right="restricted"))
        records = Record.objects.live().for_listing()
        # Records, contributions, people, topics, files, groups and users that may open them.
        with django_assert_num_queries(7):
            assert render(source, request=request, records=records).count("data-hit") == number


def test_page_numbers_are_written_as_ranges():
    assert hub.page_ranges([19, 20, 21, 3]) == "3, 19–21"
    assert hub.page_ranges([]) == ""


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a <mark>b</mark> &amp; c", "a <mark>b</mark> &amp; c"),
        ('<mark onclick="x">b</mark><script>x</script><b>c</b>', "<mark>b</mark>c"),
        ("5 < 6", "5 &lt; 6"),
    ],
)
def test_nothing_but_marks_comes_through_from_an_engine(html: str, expected: str):
    assert hub.marked(html) == expected


# Addresses ------------------------------------------------------------------------------------------------------


def test_the_other_language_keeps_the_place_and_the_query(rf: Any):
    request = rf.get("/en/search/", {"q": "longnodule é", "page": "2"})

    shown = render('{% url_in_language "nl" %}', request=request)

    assert shown == "/nl/search/?q=longnodule+%C3%A9&amp;page=2"


def test_an_address_outside_the_languages_leads_home(rf: Any):
    assert render('{% url_in_language "nl" %}', request=rf.get("/theme/?x=1")) == "/nl/"


@pytest.mark.django_db
def test_a_page_leads_to_its_translation_or_the_same_place(rf: Any):
    dutch, _created = Locale.objects.get_or_create(language_code="nl")
    home = HomePageFactory(slug="hub")
    page = ContentPageFactory(parent=home, slug="about")
    alone = ContentPageFactory(parent=home, slug="alone")
    home.copy_for_translation(dutch).save_revision().publish()
    translated = page.copy_for_translation(dutch)
    translated.slug = "over"
    translated.save_revision().publish()
    alone.copy_for_translation(dutch)  # a draft
    source = '{% url_in_language "nl" %}'

    assert render(source, request=rf.get("/en/about/"), page=page) == "/nl/over/"
    assert render(source, request=rf.get("/en/alone/"), page=alone) == "/nl/alone/"


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (1, 1, []),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
        (70, 9, [1, None, 9]),
    ],
)
def test_a_pager_shows_the_ends_and_what_is_near(page: int, pages: int, expected: list[int | None]):
    assert addresses.shown_page_numbers(page, pages) == expected


def test_an_address_on_paper_can_be_typed():
    address = addresses.on_paper("/en/records/b4nn0n42/pages/1/2/?q=what+somebody+asked")

    assert address == "http://testserver/en/records/b4nn0n42/pages/1/2/"


def test_a_pager_keeps_the_rest_of_the_query(rf: Any):
    shown = render("{% pager 2 3 %}", request=rf.get("/en/people/", {"letter": "a&b", "page": "2"}))

    assert 'href="?letter=a%26b" rel="prev"' in shown
    assert 'href="?letter=a%26b&amp;page=3" rel="next"' in shown
    assert 'aria-current="page"' in shown


def test_the_first_page_of_a_list_has_one_address(rf: Any):
    shown = render("{% pager 2 3 %}", request=rf.get("/en/people/", {"page": "2"}))

    assert 'href="/en/people/" rel="prev"' in shown
    assert 'href="/en/people/"><span' in shown


@pytest.mark.parametrize(
    ("asked", "own", "beside"),
    [
        ({}, "", {"next": "?page=2"}),
        ({"page": "1", "utm": "x"}, "", {"next": "?page=2"}),
        ({"page": "2"}, "?page=2", {"prev": "", "next": "?page=3"}),
        ({"page": "99"}, "?page=3", {"prev": "?page=2"}),
        (
            {"page": "2", "letter": "a&b"},
            "?letter=a%26b&page=2",
            {"prev": "?letter=a%26b", "next": "?letter=a%26b&page=3"},
        ),
    ],
)
def test_each_page_of_a_list_is_its_own_canonical(rf: Any, asked, own, beside):
    shown = Paginator(range(25), 10).get_page(asked.get("page"))

    html = render('{% own_addresses shown keep="letter" %}', request=rf.get("/en/people/", asked), shown=shown)

    links = [
        (link["rel"][0], link.get("hreflang"), link["href"]) for link in BeautifulSoup(html, "html.parser")("link")
    ]
    assert links == [
        ("canonical", None, f"http://testserver/en/people/{own}"),
        ("alternate", "en", f"http://testserver/en/people/{own}"),
        ("alternate", "nl", f"http://testserver/nl/people/{own}"),
        *((rel, None, f"http://testserver/en/people/{query}") for rel, query in beside.items()),
    ]


# Drawings -------------------------------------------------------------------------------------------------------


def test_a_strip_has_a_cell_for_each_page_and_no_style():
    shown = drawings.strip(["l0", "l4", "unread"])

    assert shown.count("<rect") == 3
    assert '<rect class="l4" x="1" width="0.86" height="1"/>' in shown
    assert 'viewBox="0 0 2.86 1"' in shown
    assert "style=" not in shown


def test_no_pages_are_no_strip():
    assert drawings.strip([]) == ""


def test_many_pages_share_cells_and_the_strongest_shows():
    cells = ["l0"] * 390
    cells[200], cells[10], cells[389] = "here", "unread", "l4"

    shown = drawings.bin_cells(cells)

    assert len(shown) == drawings.MOST_CELLS
    assert (shown.count("here"), shown.count("unread"), shown[-1]) == (1, 1, "l4")


def test_a_strip_is_safe_from_what_it_is_given():
    assert "<script" not in drawings.strip(['"><script>'])


def test_years_without_records_stand_between_those_with_some():
    assert drawings.fill_years({2019: 2, 2022: 1}) == [(2019, 2), (2020, 0), (2021, 0), (2022, 1)]
    assert drawings.fill_years({}) == []


def test_years_too_far_back_count_for_the_first_one_shown():
    years = drawings.fill_years({1650: 3, 1900: 1, 2026: 5})

    assert (len(years), years[0], years[-1]) == (60, (1967, 4), (2026, 5))


def test_chosen_years_stand_out():
    shown = drawings.year_bars({2020: 1, 2021: 4, 2022: 2}, {2021})

    assert shown.count('class="l4"') == 1
    assert shown.count('class="l1"') == 2


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        ({2019: 1}, ["2019"]),
        ({1998: 1, 2026: 1}, ["1998", "2005", "2012", "2019", "2026"]),
        ({2019: 1, 2026: 1}, ["2019", "2026"]),
    ],
)
def test_captions_are_evenly_spread(counts: dict[int, int], expected: list[str]):
    assert drawings.year_captions(counts) == expected


# Includes -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_record_in_another_language_is_marked_so_in_lists(rf: Any):
    record = PublicationFactory(language="nl", title="Longnodulevolumetrie", issued="2024")

    shown = render("{% include 'includes/record_brief.html' %}", record=record, request=rf.get("/"))

    assert '<p class="brief-title" lang="nl">' in shown
    assert '<time datetime="2024">2024</time>' in shown


@pytest.mark.django_db
def test_a_collection_names_its_live_records():
    CollectionFactory(records=[PublicationFactory(), PublicationFactory(live=False)])
    collection = count_records(Collection.objects.all(), audience_of(AnonymousUser()))[0]

    assert "1 record<" in render("{% include 'includes/collection_card.html' %}", collection=collection)


@pytest.mark.django_db
def test_an_event_without_a_place_leaves_no_comma():
    event = EventFactory(starts=timezone.now() + timedelta(days=1))

    assert ", <" not in render("{% include 'includes/event_date_block.html' %}", event=event)


@pytest.mark.django_db
def test_a_topic_of_the_other_language_is_marked():
    topic = TopicFactory(label_en="", label_nl="Beeldvormingsapparatuurvergelijking")

    assert render('{% local topic "label" %}', topic=topic).startswith('<span lang="nl">Beeldvorm')
