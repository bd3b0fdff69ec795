"""Who is found, by which records, with which words, and what nobody may learn by asking."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from publications.records import add_version
from publications.vocabularies import AccessRight, ContributorRole
from search.indexing import index_due, rebuild_index
from tests.factories import (
    ContributionAffiliationFactory,
    ContributionFactory,
    EventFactory,
    EventOutcomeFactory,
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
THIS_YEAR = date.today().year


def ask(client, q: str = "", **parameters):
    response = client.get("/api/v1/experts", {"q": q, "lang": "en"} | parameters)
    assert response.status_code == 200
    return response.json()


def found(client, q: str = "", **parameters) -> list[str]:
    return [expert["id"] for expert in ask(client, q, **parameters)["experts"]]


# What is answered


def test_the_answer_has_the_shape_of_the_contract(client, ada):
    university = OrganisationFactory(name_en="University of Enschede", slug="enschede")
    PersonAffiliationFactory(person=ada, organisation=university)
    paper = PublicationFactory(title="Steerable filters", creators=[ada], issued="2019")
    RecordFileFactory(record=paper, name="paper.pdf", pages=["an introduction", "a <b>wavelet</b> on this page"])
    PublicationFactory(title="A wavelet atlas", creators=[ada, "Somebody Else"], issued="2023")
    rebuild_index()

    answer = ask(client, "wavelet")

    assert set(answer) == {"total", "took_ms", "experts"}
    assert answer["total"] == 1
    expert = answer["experts"][0]
    evidence = expert.pop("evidence")
    assert expert == {
        "id": "ada-lovelace",
        "name": "Ada Lovelace",
        "url": "/en/people/ada-lovelace/",
        "organisation": {"name": "University of Enschede", "url": "/en/organisations/enschede/"},
        "score": 1.0,
        "years": [2019, 2023],
        "records": 2,
        "contactable": False,
    }
    by_record = {words["record"]: words for words in evidence}
    assert by_record[paper.pid] == {
        "record": paper.pid,
        "title": "Steerable filters",
        "year": 2019,
        "page": 2,
        "text": "a &lt;b&gt;<mark>wavelet</mark>&lt;/b&gt; on this page",
        "url": f"/en/records/{paper.pid}/pages/1/2/?q=wavelet",
    }
    (atlas,) = (words for words in evidence if words["record"] != paper.pid)
    assert (atlas["page"], atlas["text"]) == (None, "A <mark>wavelet</mark> atlas")


def test_who_wrote_more_and_newer_about_it_comes_first(client, ada, bas):
    PublicationFactory(title="Wavelets", creators=[ada, bas], issued=str(THIS_YEAR))
    PublicationFactory(title="More wavelets", creators=[ada], issued=str(THIS_YEAR))
    PublicationFactory(title="Livers", creators=[bas], issued=str(THIS_YEAR))
    rebuild_index()

    answer = ask(client, "wavelets")

    assert [expert["id"] for expert in answer["experts"]] == ["ada-lovelace", "bas-smit"]
    assert [expert["records"] for expert in answer["experts"]] == [2, 1]


def test_a_dutch_question_finds_english_evidence_through_topics(client, ada):
    ultrasound = TopicFactory(label_en="Ultrasound", label_nl="Echografie")
    paper = PublicationFactory(title="A study", creators=[ada], topics=[ultrasound])
    RecordFileFactory(record=paper, pages=["We used ultrasound of the liver."])
    rebuild_index()

    answer = ask(client, "echografie van de lever", lang="nl")

    words = answer["experts"][0]["evidence"][0]
    assert "<mark>ultrasound</mark>" in words["text"]
    assert words["url"].startswith(f"/nl/records/{paper.pid}/pages/1/1/")
    assert found(client, "echografie van de lever", widen="no") == found(client, "echografie", widen="no")


@pytest.mark.parametrize("q", ["MRI", "half-life of a tracer", "low-dose"])
def test_the_records_that_vote_are_those_that_the_search_finds(client, ada, q):
    magnet = TopicFactory(label_en="MRI", label_nl="MR-onderzoek")
    PublicationFactory(title="A low-dose study", creators=[ada], topics=[magnet])
    PublicationFactory(title="Onderzoek", language="nl", creators=["Bas Smit"])
    PublicationFactory(title="Half a life", creators=["Cas Vos"])
    rebuild_index()

    page = BeautifulSoup(client.get("/en/experts/", {"q": q}).content, "html.parser")
    (expert,) = page.select("[data-expert]") or [None]

    total = client.get("/api/v1/search", {"q": q}).json()["total"]
    assert page.select_one(".tabs a .count, .tabs .count").text.strip() == str(total)
    assert (expert is None) == (total == 0)


def test_words_that_only_ask_are_no_evidence(client, ada, bas):
    PublicationFactory(title="Wavelets", creators=[ada])
    PublicationFactory(title="Experts who know what somebody looks for", creators=[bas])
    rebuild_index()

    assert found(client, "we are looking for an expert who knows about wavelets") == ["ada-lovelace"]


def test_what_somebody_wrote_is_quoted_before_what_only_names_it_and_that_is_no_quotation(client, ada):
    wavelets = TopicFactory(label_en="Wavelets")
    PublicationFactory(title="A study", creators=[ada], topics=[wavelets], issued=str(THIS_YEAR))
    paper = PublicationFactory(title="Another study", creators=[ada], issued=str(THIS_YEAR - 9))
    RecordFileFactory(record=paper, pages=["Some wavelets on a long page of many other words."])
    rebuild_index()

    page = BeautifulSoup(client.get("/en/experts/", {"q": "wavelets"}).content, "html.parser")

    first, second = page.select("[data-evidence]")
    assert "Some wavelets" in first.q.text
    assert second.q is None
    assert second.div.span.text == "Topic: Wavelets"


def test_evidence_comes_from_different_works(client, ada):
    for title in ("Wavelets", "Wavelets", "More wavelets", "Other wavelets", "Even more wavelets"):
        PublicationFactory(title=title, creators=[ada])
    rebuild_index()

    evidence = ask(client, "wavelets")["experts"][0]["evidence"]

    assert len(evidence) == 3
    assert len({words["title"] for words in evidence}) == 3


def test_organisations_and_events_are_asked_the_same_way(client, ada):
    event = EventFactory(title_en="Wavelet day", slug="wavelet-day")
    outcome = EventOutcomeFactory(title="Minutes about wavelets", event=event, issued="2020")
    contribution = ContributionFactory(record=outcome, person=ada)
    hospital = OrganisationFactory(name_en="A hospital", slug="a-hospital")
    ContributionAffiliationFactory(contribution=contribution, organisation=hospital)
    rebuild_index()

    assert found(client, "wavelets", who="organisations") == ["a-hospital"]
    assert found(client, "wavelets", who="events") == ["wavelet-day"]
    assert ask(client, "wavelets", who="events")["experts"][0]["url"] == "/en/events/wavelet-day/"
    page = client.get("/en/experts/?q=wavelets&who=events").content.decode()
    assert 'data-expert="wavelet-day"' in page


def test_whoever_did_not_write_counts_for_less(client, ada, bas):
    for number in range(2):
        record = PublicationFactory(title=f"Wavelets {number}", creators=["Somebody Else", bas, "A Third"])
        ContributionFactory(record=record, person=ada, role=ContributorRole.EDITOR, sort_order=9)
    rebuild_index()

    scores = {expert["id"]: expert["score"] for expert in ask(client, "wavelets")["experts"]}

    assert scores == {"bas-smit": 1.0, "ada-lovelace": 0.5}


def test_who_can_be_asked_is_told_and_no_address_is(client, ada, bas):
    type(ada).objects.filter(pk=ada.pk).update(email="ada-canary@hub.example", has_consented=True)
    type(bas).objects.filter(pk=bas.pk).update(email="bas-canary@hub.example", has_consented=False)
    PublicationFactory(title="Wavelets", creators=[ada, bas])
    rebuild_index()

    contactable = {expert["id"]: expert["contactable"] for expert in ask(client, "wavelets")["experts"]}

    assert contactable == {"ada-lovelace": True, "bas-smit": False}
    for address in ("/api/v1/experts?q=wavelets", "/en/experts/?q=wavelets", "/en/experts/?q=canary"):
        assert b"canary@" not in client.get(address).content


def test_nothing_asked_finds_nobody(client, ada):
    PublicationFactory(creators=[ada])
    rebuild_index()

    assert ask(client) == {"total": 0, "took_ms": 0.0, "experts": []}


@pytest.mark.parametrize("q", ["((", '"', "NOT", "year:2019", "*", "é" * 600, "a-b-c d/e", "\x00", "title:wavelet"])
def test_whatever_is_asked_is_answered(client, ada, q):
    PublicationFactory(title="Wavelets", creators=[ada], issued="2019")
    rebuild_index()

    ask(client, q)
    assert client.get("/nl/experts/", {"q": q, "who": "nobody", "page": "x"}).status_code == 200


def test_versions_of_a_work_speak_once(client, ada, bas):
    preprint, article = (PublicationFactory(title=f"Wavelets, the {kind}", creators=[ada]) for kind in ("one", "two"))
    for number in range(2):
        PublicationFactory(title=f"Other wavelets {number}", creators=[bas])
    rebuild_index()
    add_version(article, of=preprint)
    index_due()

    experts = {expert["id"]: expert for expert in ask(client, "wavelets")["experts"]}

    assert experts["ada-lovelace"]["records"] == 1
    assert [words["record"] for words in experts["ada-lovelace"]["evidence"]] == [article.pid]
    assert experts["ada-lovelace"]["score"] < 0.3 < experts["bas-smit"]["score"]
    assert b'data-facet="version"' not in client.get("/en/experts/?q=wavelets").content


# Filters


def test_filters_narrow_the_records_that_vote(client, ada, bas):
    PublicationFactory(title="Wavelets", creators=[ada], issued="2019")
    PresentationFactory(title="Wavelets", creators=[bas], issued="2023")
    rebuild_index()

    assert found(client, "wavelets", year="2019") == ["ada-lovelace"]
    assert found(client, "wavelets", type="presentation") == ["bas-smit"]
    assert found(client, "wavelets", person="bas-smit") == ["bas-smit"]
    assert found(client, "wavelets", person="nobody") == []
    assert found(client, "", year="2023") == ["bas-smit"]


def test_an_organisation_lists_its_own_people_and_not_their_coauthors(client, ada, bas):
    hospital = OrganisationFactory(slug="a-hospital")
    record = PublicationFactory(title="Wavelets", creators=[bas])
    contribution = ContributionFactory(record=record, person=ada, sort_order=5)
    ContributionAffiliationFactory(contribution=contribution, organisation=hospital)
    rebuild_index()

    assert found(client, "wavelets", organisation="a-hospital") == ["ada-lovelace"]


def test_facets_count_the_records_that_answer(client, ada):
    PublicationFactory(title="Wavelets", creators=[ada], issued="2019")
    PublicationFactory(title="Wavelets again", creators=[ada], issued="2019")
    rebuild_index()

    page = client.get("/en/experts/?q=wavelets").content.decode()

    assert 'data-facet="year" data-value="2019" data-count="2"' in page
    assert 'data-facet="person"' not in page


# Who may read what


def test_evidence_that_a_reader_may_not_see_neither_shows_nor_counts(client, ada, bas):
    secret = PublicationFactory(title="A study", creators=[bas], access_right=AccessRight.MEMBERS, issued="2024")
    RecordFileFactory(record=secret, pages=["a wavelet behind a door"])
    PublicationFactory(title="A wavelet in the open", creators=[ada, bas], issued="2019")
    rebuild_index()

    outside = {expert["id"]: expert for expert in ask(client, "wavelet")["experts"]}
    page = client.get("/en/experts/?q=wavelet").content.decode()
    client.force_login(MemberFactory())
    inside = {expert["id"]: expert for expert in ask(client, "wavelet")["experts"]}

    assert (outside["bas-smit"]["records"], outside["bas-smit"]["years"]) == (1, [2019, 2019])
    assert "behind a door" not in page
    assert 'data-value="2024"' not in page
    assert (inside["bas-smit"]["records"], inside["bas-smit"]["years"]) == (2, [2019, 2024])
    assert "behind a door" in inside["bas-smit"]["evidence"][0]["text"] + inside["bas-smit"]["evidence"][1]["text"]


def test_a_record_that_has_just_gone_offline_speaks_for_nobody(client, ada):
    record = PublicationFactory(title="Wavelets", creators=[ada])
    rebuild_index()
    type(record).objects.filter(pk=record.pk).update(live=False)

    assert ask(client, "wavelets")["total"] == 0
    assert "Ada Lovelace" not in client.get("/en/experts/?q=wavelets").content.decode()


# The page


def test_the_page_carries_its_marks_and_says_why(client, ada, bas):
    paper = PublicationFactory(title="A study", creators=[ada, bas], issued="2019")
    RecordFileFactory(record=paper, pages=["nothing", "a wavelet here"])
    PublicationFactory(title="A wavelet atlas", creators=[ada], issued="2023")
    rebuild_index()

    response = client.get("/en/experts/?q=wavelet")

    soup = BeautifulSoup(response.content, "html.parser")
    experts = soup.select("[data-expert]")
    assert [expert["data-expert"] for expert in experts] == ["ada-lovelace", "bas-smit"]
    assert soup.select_one("[data-total]")["data-total"] == "2"
    why = " ".join(experts[0].select_one(".expert-why").get_text(" ", strip=True).split())
    assert why.replace(" ,", ",") == "2 records that answer, latest 2023, first author of 2."
    page_link = experts[1].select_one("[data-evidence] [data-page-hit]")
    assert page_link["href"] == f"/en/records/{paper.pid}/pages/1/2/?q=wavelet"
    assert experts[1].select_one("[data-evidence] mark").get_text() == "wavelet"
    assert "private" in response["Cache-Control"]
    to_records = experts[0].select(".actions a")[-1]["href"]
    assert to_records == "/en/search/?q=wavelet&person=ada-lovelace"


def totals(client, query: str) -> str:
    """The line with what was found, as it reads."""
    soup = BeautifulSoup(client.get(f"/en/experts/?{query}").content, "html.parser")
    return " ".join(soup.select_one(".results-head p").text.split())


def test_records_that_name_nobody_are_not_said_to_name_somebody(client, ada, monkeypatch):
    event = EventFactory()
    for number in range(3):
        PublicationFactory(title=f"Wavelets {number}", creators=[ada if number else "Somebody"], event=None)
    PublicationFactory(title="Wavelets at an event", creators=["Somebody"], event=event)
    rebuild_index()

    assert totals(client, "q=wavelets") == "1 person, named in 2 records that answer"
    assert totals(client, "q=wavelets&who=events") == "1 event, named in 1 record that answers"
    monkeypatch.setattr("search.experts.finder.Experts.voters", 3)
    assert totals(client, "q=wavelets") == "1 person, named in 2 of the 3 records that answer best, of 4"


def test_nobody_found_is_no_dead_end(client, ada):
    hyperthermia = TopicFactory(label_en="Hyperthermia", label_nl="Hyperthermie", slug="hyperthermia")
    PublicationFactory(title="Warm", creators=[ada], topics=[hyperthermia])
    PersonAffiliationFactory(person=ada, organisation=OrganisationFactory(name_nl="Verlaten"), end_year=2017)
    PersonAffiliationFactory(person=ada, organisation=OrganisationFactory(name_nl="Huidig"))
    rebuild_index()

    page = client.get("/nl/experts/?q=endoluminale+hyperthermiesonde&year=1901").content.decode()

    assert 'data-total="0"' in page
    assert "</a>, Huidig" in page and "Verlaten" not in page
    assert 'href="?topic=hyperthermia"' in page
    assert "/nl/people/ada-lovelace/" in page
    assert client.get("/en/experts/?q=hypertermia").content.decode().count("Did you mean")


def test_without_an_index_the_page_says_so(client, db):
    response = client.get("/en/experts/?q=wavelet")

    assert response.status_code == 503
    assert client.get("/api/v1/experts?q=wavelet").status_code == 503


def test_more_experts_take_no_more_queries(client, django_assert_max_num_queries):
    def add_people(number: int) -> None:
        for place in range(number):
            people = [PersonFactory(), PersonFactory()]
            record = PublicationFactory(title=f"Wavelets {place} {number}", creators=people)
            RecordFileFactory(record=record, pages=["wavelets"])
        rebuild_index()

    counts = []
    for number in (1, 3):
        add_people(number)
        client.get("/en/experts/?q=wavelets")
        with django_assert_max_num_queries(60) as queries:
            client.get("/en/experts/?q=wavelets")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_a_profile_hides_is_not_shown_and_finds_nobody(client, ada):
    shown, printed = OrganisationFactory(name_en="Hidden Hospital", slug="hidden"), OrganisationFactory(slug="printed")
    PersonAffiliationFactory(person=ada, organisation=shown)
    paper = PublicationFactory(title="Wavelets", creators=[ada])
    ContributionAffiliationFactory(contribution=paper.contributions.get(), organisation=printed)
    ada.position_en = "Secret agent"
    ada.shows_about = ada.shows_affiliations = False
    ada.save()
    rebuild_index()

    page = client.get("/en/experts/?q=wavelets").content.decode()

    assert "Ada Lovelace" in page
    assert "Secret agent" not in page and "Hidden Hospital" not in page
    assert ask(client, "wavelets")["experts"][0]["organisation"] is None
    assert found(client, "wavelets", organisation="hidden") == []
    assert found(client, "wavelets", organisation="printed") == ["ada-lovelace"]
    ada.shows_about = ada.shows_affiliations = True
    ada.save()
    assert "Secret agent" in client.get("/en/experts/?q=wavelets").content.decode()
    assert ask(client, "wavelets")["experts"][0]["organisation"]["name"] == "Hidden Hospital"
