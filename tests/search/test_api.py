"""The API gives the answers of the search page, in the shape of the contract."""

import pytest
from bs4 import BeautifulSoup

from search.indexing import rebuild_index
from tests.factories import PersonFactory, PresentationFactory, PublicationFactory, RecordFileFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    """Two records about filters, one with a page that says so, and one about something else."""
    marieke = PersonFactory(given_name="Marieke", family_name="Smit")
    ct = TopicFactory(label_en="Computed tomography", label_nl="Computertomografie")
    paper = PublicationFactory(
        title="Steerable filters", creators=[marieke, "Ada Lovelace"], topics=[ct], issued="2019-06-17"
    )
    RecordFileFactory(record=paper, name="paper.pdf", pages=["an introduction", "we steer filters in three dimensions"])
    PresentationFactory(title="Filtering of slides", issued="2021", creators=[marieke])
    PublicationFactory(title="Something else", issued="2020")
    rebuild_index()
    return paper


def test_a_search_answers_in_the_shape_of_the_contract(client, hub):
    answer = client.get("/api/v1/search", {"q": "filters", "lang": "en"}).json()

    assert set(answer) == {
        "query", "total", "took_ms", "page", "page_size", "suggestion", "hits", "facets",
    }  # fmt: skip
    assert (answer["total"], answer["page"], answer["page_size"], answer["suggestion"]) == (2, 1, 10, None)
    hit = next(hit for hit in answer["hits"] if hit["id"] == hub.pid)
    assert {name: hit[name] for name in ("type", "title", "url", "year", "topics", "access")} == {
        "type": "publication",
        "title": "Steerable filters",
        "url": f"/en/records/{hub.pid}/",
        "year": 2019,
        "topics": ["Computed tomography"],
        "access": "open",
    }
    assert hit["creators"] == [{"name": "Marieke Smit", "id": "marieke-smit"}, {"name": "Ada Lovelace", "id": None}]
    assert hit["highlights"]["title"] == "Steerable <mark>filters</mark>"
    assert [(p["file"], p["page"], p["url"]) for p in hit["passages"]] == [
        ("paper.pdf", 2, f"/en/records/{hub.pid}/pages/1/2/?q=filters")
    ]
    assert "<mark>filters</mark>" in hit["passages"][0]["text"]
    assert answer["facets"]["type"] == [
        {"value": "presentation", "label": "Presentation", "count": 1},
        {"value": "publication", "label": "Publication", "count": 1},
    ]
    assert set(answer["facets"]) == {"type", "year", "topic", "language", "organisation", "person", "event", "access"}


def test_labels_and_addresses_follow_the_language(client, hub):
    answer = client.get("/api/v1/search", {"q": "steerable", "lang": "nl"}).json()

    assert answer["hits"][0]["url"] == f"/nl/records/{hub.pid}/"
    assert answer["hits"][0]["topics"] == ["Computertomografie"]
    assert answer["facets"]["topic"][0]["label"] == "Computertomografie"


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "filters"},
        {"q": "filters", "type": "publication"},
        {"q": ""},
        {"q": "nothing at all like it"},
        {"page": 9},
    ],
)
def test_the_page_shows_what_the_api_says(client, hub, parameters):
    answer = client.get("/api/v1/search", parameters | {"lang": "en"}).json()
    page = BeautifulSoup(client.get("/en/search/", parameters).content, "html.parser")

    assert page.select_one("[data-total]")["data-total"] == str(answer["total"])
    assert [hit["data-hit"] for hit in page.select("[data-hit]")] == [hit["id"] for hit in answer["hits"]]
    assert {
        (value["data-facet"], value["data-value"], value["data-count"])
        for value in page.select("[data-facet][data-count]")
    } >= {(name, value["value"], str(value["count"])) for name in ("type", "topic") for value in answer["facets"][name]}


@pytest.mark.parametrize(
    "q", ['"', "((", "AND", "title:", "a AND (b OR", "\x00", "💥", "*", "~", "-", "NOT", "𝒳" * 300, "'; --"]
)
def test_no_question_is_an_error(client, hub, q):
    assert client.get("/api/v1/search", {"q": q}).status_code == 200
    assert client.get("/en/search/", {"q": q}).status_code == 200
    assert client.get("/api/v1/suggest", {"q": q}).status_code == 200


def test_hostile_words_come_back_escaped(client, hub):
    html = client.get("/en/search/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in html


def test_the_answer_says_what_else_was_searched(client):
    TopicFactory(label_en="Ultrasound", label_nl="Echografie", synonyms_en="sonography")
    PublicationFactory(title="Ultrasound of the liver")
    rebuild_index()

    widened = client.get("/api/v1/search", {"q": "echografie"}).json()
    typed = client.get("/api/v1/search", {"q": "echografie", "widen": "no"}).json()

    assert (widened["total"], widened["query"]["also_searched"]) == (1, ["Ultrasound", "sonography"])
    assert widened["hits"][0]["highlights"]["title"] == "<mark>Ultrasound</mark> of the liver"
    assert (typed["total"], typed["query"]["also_searched"]) == (0, [])
    assert [answer["query"]["widen"] for answer in (widened, typed)] == ["yes", "no"]


def test_another_spelling_is_suggested(client, hub):
    answer = client.get("/api/v1/search", {"q": '"Steerabel filters" -liver'}).json()

    assert (answer["total"], answer["suggestion"]) == (0, '"Steerable filters" -liver')


def test_without_an_index_the_answer_is_503_and_not_empty(client):
    api, page = client.get("/api/v1/search"), client.get("/en/search/")

    assert (api.status_code, page.status_code) == (503, 503)
    assert api.headers["Content-Type"].startswith("application/problem+json")
    assert api.json()["status"] == 503
    assert "data-total" not in page.content.decode()
    assert client.get("/api/v1/suggest?q=a").status_code == 503


def test_suggestions_have_kinds_and_addresses(client, hub):
    suggestions = client.get("/api/v1/suggest", {"q": "mari", "lang": "en"}).json()["suggestions"]

    assert {"text": "Marieke Smit", "kind": "person", "url": "/en/people/marieke-smit/"} in suggestions


def test_the_openapi_document_names_every_parameter(client):
    document = client.get("/api/v1/openapi.json").json()

    names = {parameter["name"] for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert names == {
        "q", "type", "topic", "year", "language", "organisation", "person", "event", "collection", "access", "sort",
        "page", "page_size", "widen", "versions", "lang",
    }  # fmt: skip


def test_an_empty_question_lists_the_newest_first(client, hub):
    titles = [hit["title"] for hit in client.get("/api/v1/search").json()["hits"]]

    assert titles == ["Filtering of slides", "Something else", "Steerable filters"]
