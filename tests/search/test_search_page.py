"""The search page as a reader gets it: the marks others rely on, and what it says when it cannot answer."""

import html
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.utils import timezone

from publications.models import Topic
from search.indexing import rebuild_index
from search.ways_on import MOST_LOOKED_UP
from tests.factories import (
    CollectionFactory,
    EventFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    record = PublicationFactory(
        title="Steerable filters in practice",
        creators=[PersonFactory(given_name="Ada", family_name="Lovelace")],
        topics=[TopicFactory(label_en="Low-dose CT", slug="low-dose-ct")],
        issued="2019",
    )
    RecordFileFactory(
        record=record,
        name="paper.pdf",
        pages=["Nothing of note.", "A wavelet & a <b>steerable</b> pyramid.", "", "More steerable wavelets."],
    )
    return record


def test_a_hit_carries_its_marks(client, record):
    rebuild_index()

    page = client.get("/en/search/?q=wavelet").content.decode()

    assert 'data-total="1"' in page
    assert f'data-hit="{record.pid}"' in page
    assert sorted(re.findall(r'data-page-hit="(\d+)"', page)) == ["2", "4"]
    assert f'href="/en/records/{record.pid}/pages/1/2/?q=wavelet"' in page
    assert 'data-facet="year" data-value="2019" data-count="1"' in page
    assert 'data-facet="topic" data-value="low-dose-ct" data-count="1"' in page
    assert "2 of 4 pages; 1 cannot be read" in page


def test_what_the_site_does_not_show_is_not_named_to_whoever_guesses_its_address(client, record):
    draft = PublicationFactory(
        live=False,
        creators=[PersonFactory(given_name="Hedwig", family_name="Unseen", slug="h-u", is_listed=False)],
        topics=[TopicFactory(label_en="Takeover plans", label_nl="", slug="t-p")],
    )
    hidden = OrganisationFactory(name_en="Stealth Start-up", slug="s-s", is_listed=False)
    EventFactory(title_en="Closed meeting", slug="c-m", live=False)
    rebuild_index()

    asked = "topic=t-p&person=h-u&organisation=s-s&event=c-m"
    pages = [client.get(f"/{address}?{asked}").content.decode() for address in ("en/search/", "en/experts/")]
    pages.append(client.get(f"/api/v1/search?{asked}").content.decode())
    shown = client.get("/en/search/?topic=low-dose-ct").content.decode()

    for secret in ("Unseen", "Takeover", "Stealth", "Closed meeting"):
        assert not [page for page in pages if secret in page], secret
    assert draft.pk and hidden.pk
    assert "Low-dose CT" in shown


def test_each_page_of_results_is_its_own_canonical(client, record):
    rebuild_index()

    page = client.get("/nl/search/?page=2&q=steerable&topic=low-dose-ct&utm=x").content.decode()

    address = "search/?q=steerable&amp;topic=low-dose-ct&amp;page=2"
    assert f'<link rel="canonical" href="http://testserver/nl/{address}">' in page
    assert f'<link rel="alternate" hreflang="en" href="http://testserver/en/{address}">' in page


def test_words_of_a_page_are_marked_and_escaped(client, record):
    rebuild_index()

    page = client.get("/en/search/?q=steerable").content.decode()

    assert "<mark>Steerable</mark> filters in practice" in page
    assert "A wavelet &amp; a &lt;b&gt;<mark>steerable</mark>&lt;/b&gt; pyramid." in page


@pytest.mark.parametrize(
    "q", ['"><script>alert(1)</script>', "<mark>", "a&b", "((", '"', "NOT", "ünïcödé \x00", "é" * 600]
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_whatever_is_asked_is_answered_and_escaped(client, record, q, language):
    rebuild_index()

    response = client.get(f"/{language}/search/", {"q": q, "year": "x", "page": "-1", "sort": "<b>"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "<script>alert" not in page
    assert "<mark><" not in page


def test_nothing_of_a_closed_file_is_shown(client):
    record = PublicationFactory(title="Wavelets for members", access_right="members")
    RecordFileFactory(record=record, pages=["The secret wavelet of page one."])
    rebuild_index()

    page = client.get("/en/search/?q=wavelets").content.decode()

    assert f'data-hit="{record.pid}"' in page
    assert "secret" not in page
    assert "data-page-hit" not in page
    assert "thumbnail" not in page
    assert "Members can search and read the pages" in page

    client.force_login(MemberFactory())
    assert "secret" in client.get("/en/search/?q=wavelets").content.decode()


def test_an_embargo_names_its_day(client):
    day = timezone.localdate() + timedelta(days=400)
    RecordFileFactory(record=PublicationFactory(title="Wavelets", access_right="embargoed", available=day))
    rebuild_index()

    page = client.get("/en/search/?q=wavelets").content.decode()

    assert f"from {day.day}\N{NO-BREAK SPACE}" in page


def test_filters_that_are_on_can_be_taken_off_and_stay_with_the_next_question(client, record):
    PresentationFactory(title="Wavelets on slides")
    rebuild_index()

    page = client.get("/en/search/?q=wavelets&type=publication&year=2015-2020").content.decode()

    assert 'data-total="1"' in page
    assert '<input type="hidden" name="type" value="publication">' in page
    assert 'name="year_from" inputmode="numeric" pattern="[0-9]{4}" value="2015"' in page
    chips = re.search(r'<ul class="filters-on">(.*?)</ul>', page, re.DOTALL)[1]
    links = [unquote(link.replace("&amp;", "&")) for link in re.findall(r'href="([^"]+)"', chips)]
    assert sorted(links) == sorted(["?q=wavelets&year=2015-2020", "?q=wavelets&type=publication", "?q=wavelets"])


def links(page: str, text: str) -> list[str]:
    """Where the links with this text lead."""
    return [html.unescape(url) for url in re.findall(rf'<a [^>]*?href="([^"]*)"[^>]*>{text}', page)]


@pytest.fixture
def ultrasound():
    """A topic, an English paper on it that does not name it as a topic, and a Dutch one that has the Dutch word."""
    TopicFactory(label_en="Ultrasound", label_nl="Echografie", synonyms_en="sonography")
    english = PublicationFactory(title="Ultrasound of the liver: ultrasound, sonography, ultrasound", issued="2021")
    RecordFileFactory(record=english, pages=["Ultrasound and sonography.", "Nothing."])
    dutch = PublicationFactory(title="Verslag", abstract=f"Een echografie. {'Iets anders. ' * 60}", language="nl")
    rebuild_index()
    return english, dutch


def test_a_question_is_widened_by_topics_and_the_page_says_so(client, ultrasound):
    english, dutch = ultrasound

    page = client.get("/nl/search/?q=echografie").content.decode()

    assert re.findall(r'data-hit="(\w+)"', page) == [dutch.pid, english.pid]
    assert re.search(r'<i lang="en">Ultrasound</i>, \s*<i lang="en">sonography</i>', page)
    assert "<mark>Ultrasound</mark> of the liver" in page
    assert f'href="/nl/records/{english.pid}/pages/1/1/?q=echografie"' in page


def test_widening_can_be_switched_off_and_stays_off(client, ultrasound):
    _, dutch = ultrasound
    page = client.get("/en/search/?q=echografie&language=nl&language=en&sort=newest").content.decode()
    (off,) = links(page, "Only my own words")

    page = client.get(f"/en/search/{off}").content.decode()

    assert off == "?q=echografie&language=nl&language=en&sort=newest&widen=no"
    assert re.findall(r'data-hit="(\w+)"', page) == [dutch.pid]
    assert links(page, "Search for these too") == ["?q=echografie&language=nl&language=en&sort=newest"]
    assert all("widen=no" in url for url in links(page, "Title"))
    assert page.count('<input type="hidden" name="widen" value="no">') == 2


def test_a_new_synonym_is_searched_without_a_rebuild(client, ultrasound):
    assert 'data-total="0"' in client.get("/en/search/?q=geluidsbeeld").content.decode()

    topic = Topic.objects.get(label_en="Ultrasound")
    topic.synonyms_nl = "geluidsbeeld"
    topic.save()

    assert 'data-total="2"' in client.get("/en/search/?q=geluidsbeelden").content.decode()


def test_other_words_find_nothing_that_a_reader_may_not_read(client):
    TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    RecordFileFactory(record=PublicationFactory(title="For members", access_right="members"), pages=["ultrasound"])
    rebuild_index()

    assert 'data-total="0"' in client.get("/en/search/?q=echografie").content.decode()
    client.force_login(MemberFactory())
    assert 'data-total="1"' in client.get("/en/search/?q=echografie").content.decode()


def test_an_open_end_of_the_years_is_left_empty(client, record):
    rebuild_index()

    page = client.get("/en/search/?year_from=2015&year_to=", follow=True).content.decode()

    assert 'name="year_from" inputmode="numeric" pattern="[0-9]{4}" value="2015"' in page
    assert 'name="year_to" inputmode="numeric" pattern="[0-9]{4}" value=""' in page


# Another spelling -----------------------------------------------------------------------------------------------------


def test_another_spelling_is_offered_and_keeps_what_was_chosen(client, record):
    rebuild_index()

    page = client.get("/en/search/?q=title:(steerabel+OR+wavelet)&type=publication&widen=no").content.decode()

    assert 'Did you mean <a href="?q=title%3A%28steerable+OR+wavelet%29&amp;type=publication&amp;widen=no">' in page
    assert "title:(<b>steerable</b> OR wavelet)</a>?" in page


def test_another_spelling_comes_first_where_nothing_was_found(client, record):
    rebuild_index()

    page = client.get("/en/search/?q=steerabel").content.decode()

    assert 'data-total="0"' in page
    assert page.count("Did you mean") == 1
    assert page.index("No record or page here") < page.index('<a href="?q=steerable"><b>steerable</b></a>?')
    assert page.index("Did you mean") < page.index("All topics")


def test_words_that_are_found_or_are_a_topics_are_no_misspellings(client, record):
    TopicFactory(label_en="Steerability", label_nl="Stuurbaarheid")
    rebuild_index()

    for q in ("steerable", "Steering", "steerability", "stuurbaarheid", "xyzzy", "12345", "year:2019", ""):
        assert "Did you mean" not in client.get("/en/search/", {"q": q}).content.decode(), q


def test_no_spelling_comes_from_a_page_that_the_reader_may_not_read(client):
    RecordFileFactory(record=PublicationFactory(access_right="members"), pages=["The secret curvelet."])
    rebuild_index()

    assert "Did you mean" not in client.get("/en/search/?q=curvlet").content.decode()
    client.force_login(MemberFactory())
    assert "<b>curvelet</b>" in client.get("/en/search/?q=curvlet").content.decode()


# Nothing found ------------------------------------------------------------------------------------------------------


def ways_on(page: str) -> dict[str, tuple[str, str]]:
    """What is offered where nothing was found: where it leads, and how many records are there."""
    offers = page.partition("This does find something")[2].partition("</ul>")[0]
    found = re.findall(r'<li><a href="([^"]*)">(.*?)</a> <span class="quiet">(.*?)</span>', offers)
    return {label: (html.unescape(url), count) for url, label, count in found}


def test_where_nothing_was_found_each_filter_can_be_dropped(client, record):
    PublicationFactory(title="A wavelet of another year", issued="2001")
    rebuild_index()

    page = client.get("/en/search/?q=wavelet&type=presentation&year=2015-2020&sort=newest").content.decode()

    assert 'data-total="0"' in page
    assert "No record or page here has these words." in page
    assert ways_on(page) == {
        "Without the filter Kind: Presentation": ("?q=wavelet&year=2015-2020&sort=newest", "1 record"),
        "Without any filter": ("?q=wavelet&sort=newest", "2 records"),
    }


def test_where_nothing_was_found_the_words_alone_may_be(client, record):
    rebuild_index()

    page = client.get('/en/search/?q=title:"wavelet pyramid" AND "steerable AND" -mri').content.decode()

    assert ways_on(page) == {
        "Any of the words: wavelet pyramid steerable and": ("?q=wavelet+pyramid+steerable+and", "1 record")
    }


def test_where_nothing_was_found_compounds_are_taken_apart(client):
    for title in ("Een sonde", "Over hyperthermie", "Niets"):
        PublicationFactory(title=title, language="nl")
    rebuild_index()

    page = client.get("/en/search/?q=endoluminale+hyperthermiesonde&language=nl").content.decode()

    assert ways_on(page) == {
        "With the compounds taken apart: endoluminale hyperthermie sonde": (
            "?q=endoluminale+hyperthermie+sonde&language=nl",
            "2 records",
        )
    }


def test_however_long_the_words_only_so_many_parts_are_looked_up(client, empty_index, monkeypatch):
    looked_up = []
    monkeypatch.setattr("search.ways_on.count", lambda question, reader: looked_up.append(question.q) or 0)
    letters = "bcdfghjklmnpqrstvwxz"
    words = [f"{letter}{other}aeiou" * 5 for letter in letters[:12] for other in letters[:2]]

    client.get("/en/search/", {"q": " ".join(words)})

    assert len(looked_up) <= MOST_LOOKED_UP + len(words)


def test_where_nothing_was_found_widening_may_be_switched_on(client, ultrasound):
    page = client.get("/en/search/?q=sonography&language=nl&widen=no").content.decode()

    assert ways_on(page) == {
        "Without the filter Language: Dutch": ("?q=sonography&widen=no", "1 record"),
        "With other words for it: Echografie, Ultrasound": ("?q=sonography&language=nl", "1 record"),
    }


def test_ways_on_count_nothing_that_the_reader_may_not_read(client):
    RecordFileFactory(record=PublicationFactory(access_right="members", issued="2001"), pages=["The secret curvelet."])
    rebuild_index()

    assert ways_on(client.get("/en/search/?q=curvelet&year=2019").content.decode()) == {}
    client.force_login(MemberFactory())
    assert len(ways_on(client.get("/en/search/?q=curvelet&year=2019").content.decode())) == 1


def topics(page: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<a href="/\w+/topics/[\w-]+/">(?:<span[^>]*>)?([^<]+?)(?:</span>)? <span class="count">(\d+)', page
    )


def test_where_nothing_was_found_near_topics_are_named(client, record):
    for label, synonyms in (("Hyperthermia", "hyperthermie"), ("Sonography", ""), ("Unused", "hyperthermiesonde")):
        topic = TopicFactory(label_en=label, synonyms_nl=synonyms)
        if label != "Unused":
            PublicationFactory(title="Other", topics=[topic])
    rebuild_index()

    page = client.get("/en/search/?q=endoluminale+hyperthermiesonde+AND+sonogrpahy").content.decode()

    assert "Close to it" in page
    assert topics(page) == [("Hyperthermia", "1"), ("Sonography", "1")]


def test_where_nothing_is_near_the_largest_topics_are_named(client, record):
    rebuild_index()

    page = client.get("/en/search/?q=xyzzy").content.decode()

    assert "What most records here are about" in page
    assert topics(page) == [("Low-dose CT", "1")]


def test_a_topic_of_drafts_alone_is_never_near(client, record):
    PublicationFactory(title="Draft", live=False, topics=[TopicFactory(label_en="Secretology")])
    rebuild_index()

    assert "Secretology" not in client.get("/en/search/?q=secretologist").content.decode()


def test_filters_without_words_can_be_dropped_too(client, record):
    rebuild_index()

    page = client.get("/en/search/?type=presentation").content.decode()

    assert "No record has all of these properties." in page
    assert ways_on(page) == {"Without the filter Kind: Presentation": ("?", "1 record")}


def test_whoever_guesses_the_address_of_a_draft_does_not_learn_its_title(client, empty_index):
    CollectionFactory(title_en="Secret choice", slug="choice", live=False)
    EventFactory(title_en="Secret meeting", slug="meeting", live=False)

    page = client.get("/en/search/?collection=choice&event=meeting").content.decode()

    assert "Secret" not in page
    assert "meeting" in page


def test_a_page_past_the_end_leads_back(client, record):
    rebuild_index()

    response = client.get("/en/search/?q=wavelet&page=99")

    assert response.status_code == 200
    assert 'data-total="1"' in response.content.decode()
    assert "The results end before this page." in response.content.decode()


def test_without_an_index_the_page_says_so_and_not_that_nothing_was_found(client, record):
    response = client.get("/en/search/?q=wavelet")

    page = response.content.decode()
    assert response.status_code == 503
    assert "Search does not work right now." in page
    assert "rebuild_index" in page
    assert "No record" not in page


def test_pages_of_results_lead_on_and_back(client):
    for number in range(5):
        PublicationFactory(title=f"Wavelets {number}")
    rebuild_index()

    page = client.get("/en/search/?q=wavelets&page=2&page_size=2").content.decode()

    assert '<a href="?q=wavelets&amp;page_size=2" rel="prev">' in page
    assert '<a href="?q=wavelets&amp;page_size=2&amp;page=3" rel="next">' in page


def test_more_hits_take_no_more_queries(client, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            record = PublicationFactory(title="Wavelets", creators=[PersonFactory()], topics=[TopicFactory()])
            RecordFileFactory(record=record, pages=["A wavelet."])
        rebuild_index()
        client.get("/en/search/?q=wavelet")
        with django_assert_max_num_queries(40) as queries:
            client.get("/en/search/?q=wavelet")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ("q=wedge&year=2019&sort=title&page_size=50&versions=all", "/en/experts/?q=wedge&year=2019"),
        ("type=publication", "/en/experts/?type=publication"),
    ],
)
def test_the_same_question_can_be_asked_for_people(client, record, asked, people):
    rebuild_index()

    page = html.unescape(client.get(f"/en/search/?{asked}").content.decode())

    assert f'<a href="{people}">People</a>' in page


def test_where_nothing_is_asked_there_is_nobody_to_ask_for(client, record):
    rebuild_index()

    assert "Kinds of answer" not in client.get("/en/search/").content.decode()
