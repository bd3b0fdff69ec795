"""What every search engine keeps. Another engine adds its name to ENGINES; the tests do the rest."""

import random
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Name, Passage, SearchDocument, Text
from search.engines import get_engine
from search.engines.base import SearchEngine, Suggestion
from search.errors import IndexLocked, IndexMissing
from search.queries import And, Everything, Word, parse, parse_leniently
from search.requests import (
    FacetCount,
    PageMatch,
    PassageHit,
    Ranking,
    Reader,
    SearchRequest,
    SearchResponse,
    Sort,
    YearRange,
)

ENGINES = ["whoosh"]

PUBLIC_READER = Reader(today=date(2026, 3, 1))
MEMBER = Reader(audiences=frozenset({"public", "members"}), today=date(2026, 3, 1))


@pytest.fixture(params=ENGINES)
def new_engine(request, tmp_path: Path) -> SearchEngine:
    """An engine without an index."""
    return get_engine(request.param, path=tmp_path / "index")


@pytest.fixture
def engine(new_engine) -> SearchEngine:
    """An engine with an empty index."""
    with new_engine.rebuild(()):
        pass
    return new_engine


def document(record_id: str, title: str = "A paper", language: str = "en", **values) -> SearchDocument:
    abstract = values.pop("abstract", None)
    abstracts = (Text(abstract, language),) if abstract else ()
    values = {"type": "publication", "language": language, "abstracts": abstracts, **values}
    return SearchDocument(id=record_id, title=Text(title, language), **values)


def page(number: int, text: str, *, file: int = 1, language: str = "en", **values) -> Passage:
    return Passage(file=file, file_name=f"file{file}.pdf", page=number, text=text, language=language, **values)


def add(engine: SearchEngine, *documents: SearchDocument) -> None:
    with engine.writer() as writer:
        for item in documents:
            writer.add(item)


def search(engine: SearchEngine, query: str = "", *, reader: Reader = PUBLIC_READER, **values) -> SearchResponse:
    return engine.search(SearchRequest(query=parse(query), reader=reader, **values))


def ids(engine: SearchEngine, query: str = "", **values) -> list[str]:
    return [hit.id for hit in search(engine, query, **values).hits]


def found(engine: SearchEngine, query: str = "", **values) -> set[str]:
    return set(ids(engine, query, **values))


# Words


def test_a_word_is_found_in_title_abstract_names_and_pages(engine):
    add(
        engine,
        document("title", "Nodules"),
        document("abstract", abstract="About nodules"),
        document("topic", topics=(Name("Nodules", "nodules"),)),
        document("alternative", topics=(Name("Knobbels", "k", ("Nodules",)),)),
        document("page", passages=(page(1, "Nothing"), page(2, "With nodules"))),
        document("none", passages=(page(1, "Nothing"),)),
    )

    response = search(engine, "nodules")

    assert {hit.id for hit in response.hits} == {"title", "abstract", "topic", "alternative", "page"}
    assert response.total == 5


def test_inflections_are_found_in_the_language_of_the_text(engine):
    add(
        engine,
        document("en", "Segmented images"),
        document("nl", "Ziekenhuizen en patiënten", "nl"),
        document("de", "Bilder und Bild", "de"),
    )

    assert found(engine, "segmentation") == {"en"}
    assert found(engine, "image") == {"en"}
    assert found(engine, "ziekenhuis") == {"nl"}
    assert found(engine, "patient") == {"nl"}
    assert found(engine, "bild") == {"de"}
    assert found(engine, "bildern") == set()


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("A low-dose scan", ["low dose", "lowdose", "low-dose", '"low dose"', '"low-dose scan"']),
        ("A low dose scan", ["low dose", "low-dose", '"low dose"']),
        ("A lowdose scan", ["lowdose", "low-dose"]),
        ("The U-Net", ["u-net", "unet", "U Net"]),
        ("18F-FDG", ["18F-FDG", "18f fdg", "FDG", "18FFDG"]),
        ("A 3-T magnet", ["3T", "3-T"]),
        ("COVID‑19", ["covid-19", "covid19", "COVID"]),
        ("PET/CT", ["PET-CT", "PET CT", "petct", "pet/ct"]),
        ("seg-\nmentation", ["segmentation"]),
        ("sta\u00adtion", ["station"]),
        ("O'Brien", ["obrien", "O’Brien", "brien"]),
        ("Café Müller", ["cafe", "muller", "CAFÉ"]),
        ("ALS", ["als", "ALS"]),
        ("深層学習", ["学習", "深層学習"]),
    ],
)
def test_a_word_is_found_however_it_is_written(engine, text, queries):
    add(engine, document("it", "Title", passages=(page(1, text),)), document("other", "Something else"))

    assert {query: ids(engine, query) for query in queries} == {query: ["it"] for query in queries}


def test_free_words_are_alternatives_and_more_of_them_rank_higher(engine):
    add(
        engine,
        document("one", "Lung things"),
        document("both", "Lung nodules"),
        document("none", "Liver"),
    )

    assert ids(engine, "lung nodules") == ["both", "one"]


def test_a_repeated_query_word_counts_twice(engine):
    add(engine, document("a", "lung"), document("b", "liver"))

    assert ids(engine, "lung lung liver") == ["a", "b"]
    assert ids(engine, "lung liver liver") == ["b", "a"]


def test_a_title_counts_more_than_an_abstract(engine):
    add(
        engine,
        document("abstract", "Common ground", abstract="nodule words words"),
        document("title", "Nodule ground", abstract="common words words"),
    )

    assert ids(engine, "nodule") == ["title", "abstract"]


def test_stop_words_beside_others_are_left_out(engine):
    add(engine, document("the", "The one"), document("lung", "Of a lung"), document("nl", "De long van het", "nl"))

    assert found(engine, "the lung of a") == {"lung"}
    assert found(engine, "de long van het") == {"nl"}


def test_a_query_of_stop_words_alone_is_taken_by_its_word(engine):
    add(engine, document("the", "The one"), document("who", "Who is who"), document("none", "Lung"))

    assert found(engine, "the") == {"the"}
    assert found(engine, '"who is who"') == {"who"}


def test_a_query_without_any_word_finds_nothing(engine):
    add(engine, document("a", "?!"))

    assert search(engine, "???").total == 0


# Phrases


def test_a_phrase_is_found_where_its_words_follow_each_other(engine):
    add(
        engine,
        document("yes", passages=(page(1, "We use steerable filters here"),)),
        document("inflected", passages=(page(1, "a steerable filter"),)),
        document("apart", passages=(page(1, "steerable and other filters"),)),
        document("turned", passages=(page(1, "filters steerable"),)),
    )

    assert found(engine, '"steerable filters"') == {"yes", "inflected"}
    assert found(engine, '"steerable filters"~2') == {"yes", "inflected", "apart"}


def test_a_phrase_does_not_cross_fields_names_or_pages(engine):
    add(
        engine,
        document(
            "a",
            "A title about lung",
            abstract="Nodules here",
            creators=(Name("Jan Jansen"), Name("Piet Pietersen")),
            passages=(page(1, "page ends with big"), page(2, "tumours on the next")),
        ),
    )

    assert found(engine, '"lung nodules"') == set()
    assert found(engine, '"jansen piet"') == set()
    assert found(engine, '"big tumours"') == set()


def test_a_stop_word_in_a_phrase_keeps_its_place(engine):
    add(engine, document("a", "The quality of life"), document("b", "Quality life"))

    assert found(engine, '"quality of life"') == {"a"}


# Booleans: a record is one text


def test_operators_combine_over_the_whole_record(engine):
    add(
        engine,
        document("both", "About nodules", passages=(page(1, "x"), page(9, "An autoencoder"))),
        document("title", "About nodules"),
        document("page", passages=(page(9, "An autoencoder"),)),
    )

    assert found(engine, "nodules AND autoencoder") == {"both"}
    assert found(engine, "nodules OR autoencoder") == {"both", "title", "page"}
    assert found(engine, "nodules -autoencoder") == {"title"}
    assert found(engine, "nodules NOT autoencoder") == {"title"}
    assert found(engine, "NOT nodules") == {"page"}
    assert found(engine, "NOT (nodules AND autoencoder)") == {"title", "page"}
    assert found(engine, "(nodules OR nothing) AND (autoencoder OR nothing)") == {"both"}
    assert found(engine, "autoencoder OR NOT nodules") == {"both", "page"}


def test_a_stop_word_with_an_operator_is_taken_by_its_word(engine):
    add(engine, document("a", "The lung"), document("b", "Lung"))

    assert found(engine, "the AND lung") == {"a"}
    assert found(engine, "lung NOT the") == {"b"}


# Fields


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:nodules", {"title"}),
        ("title:nodule", {"title"}),
        ("title:nod*", {"title"}),
        ("title:nodulse~", {"title"}),
        ('title:"lung nodules"', {"title"}),
        ("abstract:nodules", {"abstract"}),
        ("topic:nodules", {"names"}),
        ("topic:knobbel", {"names"}),
        ("person:nodules", {"names"}),
        ('person:"jan nodules"', {"names"}),
        ("organisation:nodules", {"names"}),
        ("event:nodules", {"names"}),
        ("nodules", {"title", "abstract", "names", "page"}),
        ("title:lung topic:nodules", set()),
        ("nodules person:jan", {"names"}),
        ("nodules -title:lung", {"abstract", "names", "page"}),
    ],
)
def test_a_field_is_asked_by_its_name(engine, query, expected):
    add(
        engine,
        document("title", "Lung nodules"),
        document("abstract", abstract="Nodules"),
        document(
            "names",
            creators=(Name("Jan Nodules", "jan"),),
            organisations=(Name("Nodules BV", "bv"),),
            topics=(Name("Nodules", "n", ("Knobbels",)),),
            events=(Name("Nodules 2019", "n2019"),),
        ),
        document("page", passages=(page(1, "nodules"),)),
    )

    assert found(engine, query) == expected


def test_a_contributor_is_found_as_a_person(engine):
    add(engine, document("a", contributors=(Name("Anna de Vries", "anna"),)), document("b"))

    assert found(engine, "person:vries") == {"a"}
    assert found(engine, filters={"person": ("anna",)}) == {"a"}


def test_years_are_asked_alone_or_as_a_range(engine):
    add(engine, *(document(str(year), year=year) for year in (2015, 2017, 2019)), document("undated"))

    assert found(engine, "year:2017") == {"2017"}
    assert found(engine, "year:2016-2019") == {"2017", "2019"}
    assert found(engine, "year:2017-") == {"2017", "2019"}
    assert found(engine, "year:-2016") == {"2015"}
    assert found(engine, "paper year:2015 year:2019") == {"2015", "2019"}
    assert found(engine, "NOT year:2017") == {"2015", "2019", "undated"}


@pytest.mark.parametrize(
    "query",
    [
        "10.1016/S0140-6736(05)12345-6",
        "https://doi.org/10.1016/s0140-6736(05)12345-6",
        "doi:10.1016/S0140-6736(05)12345-6",
        "doi:10.1016*",
        "978-90-000-0000-1",
        "ISBN 9789000000001",
        "arXiv:1906.01234",
        "isbn:978-90-000-0000-1",
    ],
)
def test_a_record_is_found_by_its_identifiers(engine, query):
    identifiers = ("10.1016/S0140-6736(05)12345-6", "978-90-000-0000-1", "1906.01234")
    add(engine, document("it", identifiers=identifiers), document("other", identifiers=("10.1017/x",)))

    assert ids(engine, query) == ["it"]


def test_an_unknown_field_is_plain_text(engine):
    add(engine, document("a", "Covid"), document("b", "Lung"), document("c", "Other"))

    assert found(engine, "covid:lung") == {"a", "b"}


# Beginnings and misspellings


def test_a_prefix_finds_words_that_begin_so(engine):
    add(
        engine,
        document("a", "Photography"),
        document("b", "Photons"),
        document("c", "Phone"),
        document("d", "Low-dose"),
    )

    assert found(engine, "photo*") == {"a", "b"}
    assert found(engine, "photography*") == {"a"}
    assert found(engine, "imaging*") == set()
    assert found(engine, "dos*") == {"d"}
    assert found(engine, "low-do*") == {"d"}


def test_a_misspelled_word_finds_what_is_near(engine):
    add(
        engine,
        document("a", "Nodules"),
        document("b", "Noodles"),
        document("c", "Notes"),
        document("d", "Segmentation"),
    )

    assert found(engine, "nodles~") == {"a", "b"}
    assert found(engine, "segmnetatoin~") == {"d"}
    assert found(engine, "xylophone~") == set()


def test_expansions_of_short_prefixes_are_bounded(engine):
    words = " ".join(f"a{number:05d}" for number in range(3000))
    add(engine, document("a", "many", passages=(page(1, words),)), document("b", "other"))

    assert ids(engine, "a*") == ["a"]
    assert ids(engine, "a00000~2") == ["a"]


# Filters and facets


@pytest.fixture
def shelf(engine) -> SearchEngine:
    """Six records with every kind of value."""
    nov, ann = Name("Nov Research", "nov"), Name("Ann", "ann")
    mri, ct = Name("MRI", "mri"), Name("CT", "ct")
    add(
        engine,
        document(
            "p1", "Lung one", year=2019, issued="2019-03", creators=(ann,), topics=(mri, ct), organisations=(nov,)
        ),
        document("p2", "Lung two", year=2020, issued="2020", creators=(Name("Bob", "bob"),), topics=(mri,)),
        document("p3", "Long drie", "nl", year=2021, issued="2021-01-05", type="presentation", topics=(ct,)),
        document(
            "p4", "Liver four", year=2019, issued="2019-03-01", access="members", collections=(Name("Best", "best"),)
        ),
        document(
            "p5", "Lung five", year=2019, access="embargoed", available=date(2026, 6, 1), events=(Name("Day", "day"),)
        ),
        document("p6", "Undated lung", access="metadata_only"),
    )
    return engine


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": ("publication",)}, {"p1", "p2", "p4", "p5", "p6"}),
        ({"type": ("publication", "presentation")}, {"p1", "p2", "p3", "p4", "p5", "p6"}),
        ({"topic": ("mri",)}, {"p1", "p2"}),
        ({"topic": ("mri", "ct")}, {"p1", "p2", "p3"}),
        ({"topic": ("mri",), "person": ("ann",)}, {"p1"}),
        ({"topic": ("MRI",)}, set()),
        ({"year": (2019,)}, {"p1", "p4", "p5"}),
        ({"year": ("2019",)}, {"p1", "p4", "p5"}),
        ({"year": (YearRange(2020, 2021), 2019)}, {"p1", "p2", "p3", "p4", "p5"}),
        ({"year": (YearRange(2022, 2030),)}, set()),
        ({"year": (YearRange(2020, 2019),)}, set()),
        ({"language": ("nl",)}, {"p3"}),
        ({"organisation": ("nov",)}, {"p1"}),
        ({"collection": ("best",)}, {"p4"}),
        ({"event": ("day",)}, {"p5"}),
        ({"access": ("open",)}, {"p1", "p2", "p3"}),
        ({"access": ("embargoed",)}, {"p5"}),
        ({"access": ("members", "metadata_only")}, {"p4", "p6"}),
        ({"topic": ("no such topic",)}, set()),
        ({"topic": ()}, {"p1", "p2", "p3", "p4", "p5", "p6"}),
    ],
)
def test_values_of_a_filter_are_alternatives_and_filters_narrow(shelf, filters, expected):
    response = search(shelf, filters=filters)

    assert {hit.id for hit in response.hits} == expected
    assert response.total == len(expected)


def test_a_filter_that_does_not_exist_is_a_mistake_of_the_caller(shelf):
    with pytest.raises(ValueError, match="colour"):
        search(shelf, filters={"colour": ("red",)})


def test_only_the_given_records_are_searched(shelf):
    assert found(shelf, "lung", records=("p1", "p4", "gone")) == {"p1"}
    assert found(shelf, "", records=()) == set()


def test_all_ids_of_an_answer_are_those_of_its_pages(shelf):
    for query, values in (("lung", {}), ("", {}), ("lung", {"filters": {"year": (2019,)}}), ("", {"records": ("p1",)})):
        request = SearchRequest(query=parse(query), reader=PUBLIC_READER, **values)

        assert shelf.find_all(request) == found(shelf, query, page_size=100, **values) != set()
    assert shelf.find_all(SearchRequest(query=parse("lung"), page_size=0)) == found(shelf, "lung")


def test_facets_count_records_and_ignore_their_own_filter(shelf):
    response = search(shelf, "lung", filters={"year": (2019,), "type": ("publication",)})

    assert response.total == 2
    assert response.facets["year"] == (FacetCount("2019", 2), FacetCount("2020", 1))
    assert response.facets["type"] == (FacetCount("publication", 2),)
    assert response.facets["topic"] == (FacetCount("ct", 1), FacetCount("mri", 1))
    assert response.facets["person"] == (FacetCount("ann", 1),)
    assert response.facets["access"] == (FacetCount("embargoed", 1), FacetCount("open", 1))


def test_facets_hold_the_most_frequent_values_and_every_year(shelf):
    response = search(shelf, facets=("topic", "year"), facet_size=1)

    assert response.facets["topic"] == (FacetCount("ct", 2),)
    assert response.facets["year"] == search(shelf, facets=("year",)).facets["year"]
    assert len(response.facets["year"]) > 1


def test_facet_counts_match_what_their_filter_finds(shelf):
    for name, counts in search(shelf, "lung OR four").facets.items():
        for item in counts:
            assert search(shelf, "lung OR four", filters={name: (item.value,)}).total == item.count


def test_a_name_without_words_is_filtered_by_and_counted_but_not_found(engine):
    own, above = Name("Radiotherapy", "radiotherapy"), Name("", "oncology")
    add(engine, document("narrower", topics=(own, above)), document("other", topics=(Name("Oncology", "oncology"),)))

    assert found(engine, filters={"topic": ("oncology",)}) == {"narrower", "other"}
    assert set(search(engine).facets["topic"]) == {FacetCount("oncology", 2), FacetCount("radiotherapy", 1)}
    assert found(engine, "oncology") == found(engine, "topic:oncology") == {"other"}
    suggested = engine.suggest("on", reader=PUBLIC_READER)
    assert [item for item in suggested if item.kind == "topic"] == [Suggestion("Oncology", "topic", "oncology")]
    assert found(engine, "radiotherapy") == {"narrower"}


def test_an_embargo_ends_on_its_day_in_filters_and_facets(shelf):
    day = Reader(today=date(2026, 6, 1))

    assert found(shelf, filters={"access": ("open",)}, reader=day) == {"p1", "p2", "p3", "p5"}
    assert found(shelf, filters={"access": ("embargoed",)}, reader=day) == set()
    assert FacetCount("open", 4) in search(shelf, reader=day).facets["access"]


# Order and pages


def test_everything_is_listed_newest_first(shelf):
    assert ids(shelf) == ["p3", "p2", "p4", "p1", "p5", "p6"]
    assert ids(shelf, "lung", sort=Sort.NEWEST) == ["p2", "p1", "p5", "p6"]


def test_titles_are_sorted_without_case_and_accents(engine):
    titles = {"a": "Ångström", "b": "apple", "c": "Zebra", "d": "éclair", "e": "Éclair", "f": "10 things"}
    add(engine, *(document(record_id, title) for record_id, title in titles.items()))

    assert ids(engine, sort=Sort.TITLE) == ["f", "a", "b", "d", "e", "c"]


def test_ties_have_one_order(engine):
    add(engine, *(document(f"r{number}", "Same title", issued="2020") for number in (3, 1, 2)))

    for sort in Sort:
        assert ids(engine, "title", sort=sort) == ["r1", "r2", "r3"]


@pytest.mark.parametrize("sort", Sort)
def test_a_page_of_no_records_has_the_total(engine, sort):
    add(engine, *(document(f"r{number}", "Lung " * (1 + number), year=2000 + number) for number in range(5)))

    assert search(engine, "lung", sort=sort, page_size=0).total == 5
    assert search(engine, "lung", sort=sort, page_size=0).hits == ()


def test_pages_of_a_result_never_overlap_and_keep_the_total(engine):
    add(engine, *(document(f"r{number:02d}", f"Lung {'lung ' * (number % 3)}") for number in range(25)))

    pages = [search(engine, "lung", page=number, page_size=10) for number in (1, 2, 3, 4, 1000)]

    assert [response.total for response in pages] == [25] * 5
    assert [len(response.hits) for response in pages] == [10, 10, 5, 0, 0]
    assert len({hit.id for response in pages for hit in response.hits}) == 25
    scores = [hit.score for response in pages for hit in response.hits]
    assert scores == sorted(scores, reverse=True)


# Hits: pages, passages, marks


def test_a_hit_tells_its_pages_and_quotes_the_best(engine):
    add(
        engine,
        document(
            "a",
            "Filters",
            stored={"url": "/a", "n": [1, None]},
            passages=(
                page(1, "Nothing here"),
                page(2, "A steerable thing"),
                page(3, "Steerable filters & steerable filter", is_recognised=True, kind="slide"),
                page(1, "Filters", file=2),
            ),
        ),
    )

    response = search(engine, "steerable filter", passages_per_hit=1)

    hit = response.hits[0]
    assert hit.stored == {"url": "/a", "n": [1, None]}
    assert hit.highlights == {"title": "<mark>Filters</mark>"}
    assert hit.pages == (PageMatch(1, 2, 1), PageMatch(1, 3, 4), PageMatch(2, 1, 1))
    assert hit.passages == (
        PassageHit(
            file=1,
            file_name="file1.pdf",
            page=3,
            text="<mark>Steerable</mark> <mark>filters</mark> &amp; <mark>steerable</mark> <mark>filter</mark>",
            score=hit.passages[0].score,
            language="en",
            is_recognised=True,
            kind="slide",
        ),
    )
    assert response.page_total == 3


def test_pages_of_a_phrase_hold_the_phrase(engine):
    add(engine, document("a", passages=(page(1, "steerable things, filters"), page(2, "two steerable filters"))))

    response = search(engine, '"steerable filters"')

    assert response.hits[0].pages == (PageMatch(1, 2, 1),)
    assert response.page_total == 1


def test_two_forms_of_a_word_in_the_query_count_once_on_a_page(engine):
    add(engine, document("a", passages=(page(1, "lung lungs"),)))

    assert search(engine, "lung lungs lung").hits[0].pages == (PageMatch(1, 1, 2),)


def test_words_of_fields_and_unwanted_words_have_no_pages(engine):
    add(engine, document("a", "Lung", passages=(page(1, "lung"), page(2, "liver"), page(3, "heart"))))

    assert search(engine, "title:lung").hits[0].pages == ()
    assert search(engine, "heart NOT kidney").hits[0].pages == (PageMatch(1, 3, 1),)
    assert search(engine, "title:lung (heart OR NOT liver)").hits[0].pages == (PageMatch(1, 3, 1),)


def test_marks_cover_every_inflection_in_both_languages(engine):
    add(
        engine,
        document("en", "Images", abstract="Segmented images", passages=(page(1, "imaging an image"),)),
        document("nl", "Tumoren", "nl", passages=(page(1, "een tumor, twee tumoren", language="nl"),)),
    )

    english = search(engine, "image").hits[0]
    dutch = search(engine, "tumor").hits[0]

    assert english.highlights == {"title": "<mark>Images</mark>", "abstract": "Segmented <mark>images</mark>"}
    assert english.passages[0].text == "<mark>imaging</mark> an <mark>image</mark>"
    assert dutch.passages[0].text == "een <mark>tumor</mark>, twee <mark>tumoren</mark>"


def test_words_as_the_file_spells_them_are_found_and_never_quoted(engine):
    cleaned = page(1, "A lowdose scan of the heart.", raw_words="low-dose dose")
    add(engine, document("a", passages=(cleaned, page(2, "Nothing of it."))))

    (hit,) = search(engine, "dose").hits

    assert [(match.file, match.page) for match in hit.pages] == [(1, 1)]
    assert [passage.text for passage in hit.passages] == ["A lowdose scan of the heart."]
    assert ids(engine, '"heart low"') == []


def test_a_long_abstract_is_cut_around_its_marks(engine):
    add(engine, document("a", abstract="word " * 200 + "the nodule itself" + " word" * 200))

    abstract = search(engine, "nodule", fragment_length=100).hits[0].highlights["abstract"]

    assert "<mark>nodule</mark>" in abstract
    assert abstract.startswith("… ") and abstract.endswith(" …")
    assert len(abstract) < 140


def test_hostile_text_comes_back_escaped(engine):
    evil = "<script>alert(1)</script> nodule <img src=x onerror=alert(1)>"
    add(engine, document("a", evil, abstract=evil, passages=(page(1, evil),)))

    hit = search(engine, "nodule script").hits[0]

    for html in (*hit.highlights.values(), hit.passages[0].text):
        assert html.replace("<mark>", "").replace("</mark>", "").count("<") == 0
        assert "&lt;" in html and "<mark>nodule</mark>" in html


def test_pages_of_one_record_are_matched_for_the_reader(engine):
    add(
        engine,
        document(
            "a",
            "Lung",
            passages=(page(1, "lung"), page(2, "x"), page(3, "lungs lung", audiences=frozenset({"members"}))),
        ),
        document("b", passages=(page(1, "lung"),)),
    )

    query = parse("lung")

    assert engine.match_pages("a", query=query, reader=PUBLIC_READER) == (PageMatch(1, 1, 1),)
    assert engine.match_pages("a", query=query, reader=MEMBER) == (PageMatch(1, 1, 1), PageMatch(1, 3, 2))
    assert engine.match_pages("a", query=parse("-lung"), reader=MEMBER) == ()
    assert engine.match_pages("a", query=Everything(), reader=MEMBER) == ()
    assert engine.match_pages("gone", query=query, reader=MEMBER) == ()


# Who may read what

SECRET = frozenset({"members"})


def closed(number: int, text: str, **values) -> Passage:
    return page(number, text, audiences=SECRET, **values)


def leaky_documents(secret: str) -> list[SearchDocument]:
    """Records with closed pages that hold the secret words often, and open pages and records beside them."""
    return [
        document(
            "mixed",
            "Lung study",
            year=2019,
            topics=(Name("MRI", "mri"),),
            passages=(page(1, "open lung"), closed(2, secret)),
        ),
        document("closed", "Liver study", year=2020, passages=(closed(1, secret), closed(2, secret))),
        document("open", "Lung nodules", year=2021, passages=(page(1, "nodule of a lung"),)),
        document("other", "Heart", year=2021, passages=(page(1, "lung lung heart"),)),
    ]


SECRET_TEXT = "zebrafish nodule lung lung lung " + "embargoed findings of tumours " * 30
QUERIES = [
    "zebrafish",
    "nodule",
    "lung",
    "lung nodule zebrafish",
    "lung AND zebrafish",
    "lung NOT zebrafish",
    "NOT zebrafish",
    '"zebrafish nodule"',
    '"lung lung"',
    "zebra*",
    "nodul*",
    "zebrafsh~",
    "lung OR title:study",
    "",
]


@pytest.mark.parametrize("query", QUERIES)
def test_closed_pages_change_nothing_for_a_reader_who_may_not_read_them(new_engine, tmp_path, query):
    without = get_engine(new_engine.name, path=tmp_path / "without")
    with new_engine.rebuild(leaky_documents(SECRET_TEXT)), without.rebuild(leaky_documents("")):
        pass

    response, expected = search(new_engine, query), search(without, query)

    assert response.total == expected.total
    assert response.page_total == expected.page_total
    assert response.facets == expected.facets
    assert response.hits == expected.hits
    assert new_engine.suggest("zebr", reader=PUBLIC_READER) == without.suggest("zebr", reader=PUBLIC_READER) == ()
    assert new_engine.suggest("nod", reader=PUBLIC_READER) == without.suggest("nod", reader=PUBLIC_READER)


def test_whoever_may_read_a_closed_page_finds_it(engine):
    add(engine, *leaky_documents(SECRET_TEXT))

    response = search(engine, "zebrafish", reader=MEMBER)

    assert {hit.id for hit in response.hits} == {"mixed", "closed"}
    assert response.page_total == 3
    assert FacetCount("2020", 1) in response.facets["year"]
    assert "<mark>zebrafish</mark>" in response.hits[0].passages[0].text
    assert engine.suggest("zebr", reader=MEMBER) == (Suggestion("zebrafish", "word"),)


def test_a_reader_of_another_audience_finds_nothing_of_a_closed_page(engine):
    add(engine, *leaky_documents(SECRET_TEXT))
    stranger = Reader(audiences=frozenset({"public", "person:7"}), today=date(2026, 3, 1))

    assert search(engine, "zebrafish", reader=stranger).total == 0
    assert engine.find_all(SearchRequest(query=Word("zebrafish"), reader=stranger)) == set()


def test_a_page_opens_on_the_day_its_embargo_ends_without_reindexing(engine):
    passage = page(1, "zebrafish", audiences=SECRET, open_from=date(2026, 6, 1))
    add(engine, document("a", passages=(passage,)))

    before, day = Reader(today=date(2026, 5, 31)), Reader(today=date(2026, 6, 1))

    assert search(engine, "zebrafish", reader=before).total == 0
    assert engine.match_pages("a", query=Word("zebrafish"), reader=before) == ()
    assert engine.suggest("zebra", reader=before) == ()
    assert search(engine, "zebrafish", reader=day).hits[0].pages == (PageMatch(1, 1, 1),)
    assert engine.match_pages("a", query=Word("zebrafish"), reader=day) == (PageMatch(1, 1, 1),)
    assert engine.suggest("zebra", reader=day) == (Suggestion("zebrafish", "word"),)


def test_a_page_is_closed_whatever_the_number_of_its_file(engine):
    add(engine, document("closed", passages=(closed(1, "zebrafish", file=0),)))

    assert search(engine, "zebrafish").total == 0
    assert search(engine, "zebrafish", reader=MEMBER).page_total == 1


def test_a_page_for_nobody_is_found_by_nobody(engine):
    add(engine, document("a", passages=(page(1, "zebrafish", audiences=frozenset()),)))

    assert search(engine, "zebrafish", reader=MEMBER).total == 0


# The best records, to count whom they name


def rank(engine: SearchEngine, query: str, *, reader: Reader = PUBLIC_READER, **values) -> Ranking:
    return engine.rank(SearchRequest(query=parse(query), reader=reader, **values))


def ranked(engine: SearchEngine, query: str, **values) -> list[str]:
    return [record.id for record in rank(engine, query, **values).records]


def test_a_ranking_has_the_order_and_the_scores_of_a_search_where_no_record_has_pages(engine):
    add(
        engine,
        document("title", "Lung nodules"),
        document("one", "Lung things", abstract="A study of many other things"),
        document("abstract", "A study", abstract="Nodules and nodules of the lung"),
        document("none", "Liver"),
    )

    ranking = rank(engine, "lung nodules")

    hits = search(engine, "lung nodules").hits
    assert [(record.id, pytest.approx(record.score)) for record in ranking.records] == [
        (hit.id, hit.score) for hit in hits
    ]
    assert ranking.total == 3
    assert ranked(engine, "lung nodules", page_size=1) == [hits[0].id]


def test_a_page_that_answers_outranks_words_strewn_over_a_file(engine):
    strewn = [page(number, f"{word} " + "filler " * 20) for number, word in enumerate(["lung", "nodule", "dose"], 1)]
    there = [page(1, "lung nodule dose " + "filler " * 18), page(2, "filler " * 21), page(3, "filler " * 21)]
    add(engine, document("a-strewn", passages=tuple(strewn)), document("there", passages=tuple(there)))

    assert ranked(engine, "lung nodule dose") == ["there", "a-strewn"]


def test_a_ranking_counts_no_page_that_the_reader_may_not_read(new_engine, tmp_path):
    shelf = [document("open", "Nodules of the lung", passages=(page(1, "one nodule"),)), document("other", "Liver")]
    without = get_engine(new_engine.name, path=tmp_path / "without")
    with new_engine.rebuild([*shelf, document("closed", "A paper", passages=(closed(1, "nodules " * 9),))]):
        pass
    with without.rebuild([*shelf, document("closed", "A paper", passages=(closed(1, ""),))]):
        pass

    assert rank(new_engine, "nodules").records == rank(without, "nodules").records
    assert ranked(new_engine, "nodules") == ["open"]
    assert set(ranked(new_engine, "nodules", reader=MEMBER)) == {"open", "closed"}


def test_a_ranking_keeps_to_filters_and_its_facets_leave_out_their_own(engine):
    add(engine, document("old", "Nodules", year=2018), document("new", "Nodules", year=2024))

    ranking = rank(engine, "nodules", filters={"year": (2024,)}, facets=("year",))

    assert [record.id for record in ranking.records] == ["new"]
    assert ranking.total == 1
    assert set(ranking.facets["year"]) == {FacetCount("2018", 1), FacetCount("2024", 1)}


# Completions


def test_topics_people_titles_and_words_are_completed(engine):
    add(
        engine,
        document(
            "a",
            "Segmenting melanoma",
            topics=(Name("Melanoma", "mel", ("Melanoom",)),),
            creators=(Name("Mel Brooks", "mb"),),
        ),
        document("b", "Other", topics=(Name("Melanoma", "mel"),), passages=(page(1, "Melodies and melody, low-dose"),)),
    )

    suggestions = engine.suggest("mel", reader=PUBLIC_READER)

    assert suggestions[0] == Suggestion("Melanoma", "topic", "mel")
    assert set(suggestions) == {
        Suggestion("Melanoma", "topic", "mel"),
        Suggestion("Mel Brooks", "person", "mb"),
        Suggestion("Segmenting melanoma", "title", "a"),
        Suggestion("melanoma", "word"),
        Suggestion("melodies", "word"),
        Suggestion("melanoom", "word"),
    }


def test_titles_crowd_out_no_person(engine):
    titles = [document(f"t{number:04}", f"Scanning the city {number}") for number in range(900)]
    add(engine, *titles, document("z", "Other", creators=(Name("Scan de Boer", "boer"),), topics=(Name("Scans", "s"),)))

    suggestions = engine.suggest("scan", reader=PUBLIC_READER, limit=6)

    assert Suggestion("Scan de Boer", "person", "boer") in suggestions
    assert Suggestion("Scans", "topic", "s") in suggestions


def test_words_that_cannot_be_read_crowd_out_no_completion(engine):
    hidden = " ".join(f"zeb{chr(97 + n % 26)}{chr(97 + n // 26)}secret" for n in range(200))
    add(
        engine,
        document("a", passages=(page(1, "zebra"),)),
        *(document(f"c{number}", passages=(closed(1, hidden),)) for number in range(3)),
    )

    assert engine.suggest("zeb", reader=PUBLIC_READER, limit=3) == (Suggestion("zebra", "word"),)


def test_however_many_words_cannot_be_read_they_crowd_out_none(engine):
    letters = "abcdefghijkl"
    hidden = " ".join(f"sc{a}{b}{c}x" for a in letters for b in letters for c in letters)
    typed = "abcdefgh"
    near = " ".join(f"{typed[:at]}{chr(97 + n)}{typed[at + 1 :]}" for at in range(8) for n in range(26))
    add(
        engine,
        document("open", passages=(page(1, "scanning xabcdefgh"),)),
        document("closed", passages=tuple(closed(number, f"{hidden} {near} {near}") for number in (1, 2))),
    )

    assert engine.suggest("sc", reader=PUBLIC_READER) == (Suggestion("scanning", "word"),)
    assert engine.correct(parse("abcdefgh"), reader=PUBLIC_READER) == {"abcdefgh": "xabcdefgh"}


def test_a_topic_is_completed_in_both_languages(engine):
    add(engine, document("a", topics=(Name("Ultrasound", "us", ("Echografie",)),)))

    assert engine.suggest("echo", reader=PUBLIC_READER)[0] == Suggestion("Echografie", "topic", "us")


def test_the_last_word_is_completed_and_the_others_must_fit(engine):
    add(engine, document("a", "Lung nodules in mice"), document("b", "Liver nodes"))

    assert engine.suggest("lung nod", reader=PUBLIC_READER) == (
        Suggestion("Lung nodules in mice", "title", "a"),
        Suggestion("lung nodes", "word"),
        Suggestion("lung nodules", "word"),
    )


def test_words_are_completed_with_their_accents(engine):
    add(engine, document("a", "Zorg", "nl", passages=(page(1, "Alle Patiënten en MRI-scans", language="nl"),)))

    assert Suggestion("patiënten", "word") in engine.suggest("pat", reader=PUBLIC_READER)


@pytest.mark.parametrize("text", ["", "  ", "?!", "\ud800", "x" * 5000, "(" * 100])
def test_there_may_be_nothing_to_complete(engine, text):
    add(engine, document("a", "Lung"))

    assert engine.suggest(text, reader=PUBLIC_READER) == ()


def test_as_many_completions_are_given_as_were_asked_for(engine):
    add(engine, *(document(f"r{number}", f"Lung {number}") for number in range(20)))

    assert len(engine.suggest("lu", reader=PUBLIC_READER, limit=3)) == 3
    assert engine.suggest("lu", reader=PUBLIC_READER, limit=0) == ()


# Changes


def test_an_added_record_is_found_when_its_transaction_ends(engine):
    with engine.writer() as writer:
        writer.add(document("a", "Lung"))
        assert found(engine, "lung") == set()

    assert found(engine, "lung") == {"a"}


def test_a_record_added_again_replaces_the_old_one_with_its_pages(engine):
    add(engine, document("a", "Old title", passages=(page(1, "oldpage"), page(2, "oldpage"))), document("b", "Old"))
    add(engine, document("a", "New title", passages=(page(1, "newpage"),)))

    assert found(engine, "old") == {"b"}
    assert found(engine, "oldpage") == set()
    assert found(engine, "newpage") == {"a"}
    assert engine.status().records == 2
    assert engine.status().passages == 1


def test_the_last_word_of_a_transaction_counts(engine):
    add(engine, document("kept", "Kept"), document("dropped", "Dropped"))

    with engine.writer() as writer:
        writer.add(document("twice", "First"))
        writer.add(document("twice", "Second"))
        writer.add(document("gone", "Gone"))
        writer.delete("gone")
        writer.delete("dropped")
        writer.delete("never there")
        writer.delete("back")
        writer.add(document("back", "Back"))

    assert engine.record_ids() == {"kept", "twice", "back"}
    assert found(engine, "first OR gone OR dropped") == set()
    assert found(engine, "second") == {"twice"}
    assert search(engine, "kept").hits[0].score == pytest.approx(search(engine, "back").hits[0].score)


def test_deleted_records_leave_no_trace_in_scores_and_facets(engine, tmp_path):
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    stay = [document("a", "Lung nodules", year=2019), document("b", "Liver nodules", year=2020)]
    add(engine, *stay, *(document(f"x{number}", "Nodules nodules", year=2019) for number in range(10)))
    with engine.writer() as writer:
        for number in range(10):
            writer.delete(f"x{number}")
    with fresh.rebuild(stay):
        pass

    assert search(engine, "lung nodules").hits == search(fresh, "lung nodules").hits
    assert search(engine, "nodules").facets == search(fresh, "nodules").facets
    assert engine.suggest("nod", reader=PUBLIC_READER) == fresh.suggest("nod", reader=PUBLIC_READER)


def test_an_exception_in_a_transaction_leaves_the_index_as_it_was(engine):
    add(engine, document("a", "Lung"))

    with pytest.raises(RuntimeError, match="on purpose"), engine.writer() as writer:
        writer.delete("a")
        writer.add(document("b", "Liver"))
        raise RuntimeError("on purpose")

    assert engine.record_ids() == {"a"}
    assert engine.check() == ()
    add(engine, document("c", "Heart"))
    assert engine.record_ids() == {"a", "c"}


def test_a_transaction_without_changes_changes_nothing(engine):
    add(engine, document("a", "Lung"))

    with engine.writer():
        pass

    assert engine.record_ids() == {"a"}


def test_many_small_transactions_answer_as_one_big_one(engine, tmp_path):
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    documents = [
        document(
            f"r{number:02d}",
            f"Lung {'nodules ' * (number % 4)}",
            year=2000 + number % 7,
            passages=(page(1, f"page {number} lung"),),
        )
        for number in range(60)
    ]
    for item in documents:
        add(engine, item)
    with fresh.rebuild(documents):
        pass

    assert search(engine, "lung nodules page").hits == search(fresh, "lung nodules page").hits
    assert search(engine, "nodules").facets == search(fresh, "nodules").facets
    assert engine.check() == ()


def test_only_one_writer_at_a_time(engine):
    with engine.writer(), pytest.raises(IndexLocked), engine.writer(wait_seconds=0.05):
        pass

    with engine.writer(wait_seconds=0.05) as writer:
        writer.add(document("a"))
    assert engine.record_ids() == {"a"}


# Building anew


def test_a_rebuild_replaces_everything_in_one_step(engine):
    add(engine, document("old", "Old"))
    generation = engine.status().generation

    with engine.rebuild([document("new", "New")]):
        assert engine.record_ids() == {"old"}

    assert engine.record_ids() == {"new"}
    assert engine.status().generation != generation


def test_another_engine_on_the_same_index_follows_a_rebuild(engine, tmp_path):
    reader = get_engine(engine.name, path=tmp_path / "index")
    add(engine, document("old", "Old"))
    assert reader.record_ids() == {"old"}

    with engine.rebuild([document("new", "New")]):
        pass

    assert reader.record_ids() == {"new"}
    assert found(reader, "new") == {"new"}


def test_a_failed_rebuild_leaves_the_old_index(engine):
    add(engine, document("old", "Old"))

    def documents():
        yield document("new", "New")
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"), engine.rebuild(documents()):
        pass

    assert engine.record_ids() == {"old"}
    add(engine, document("more", "More"))
    assert engine.record_ids() == {"old", "more"}


def test_updates_during_a_rebuild_are_told_and_not_lost(engine):
    add(engine, document("a", "Old"), document("b", "Old"), document("c", "Old"))

    def documents():
        yield document("a", "Old")
        yield document("b", "Old")
        with engine.writer() as writer:
            writer.add(document("a", "Newer"))
            writer.delete("b")
            writer.add(document("d", "Newer"))
        yield document("c", "Old")

    with engine.rebuild(documents()) as writer:
        assert writer.changed == {"a", "b", "d"}
        with pytest.raises(IndexLocked), engine.writer(wait_seconds=0.05):
            pass
        writer.add(document("a", "Newer"))
        writer.delete("b")
        writer.add(document("d", "Newer"))

    assert engine.record_ids() == {"a", "c", "d"}
    assert found(engine, "newer") == {"a", "d"}


def test_readers_go_on_during_a_rebuild(engine):
    add(engine, *(document(f"r{number}", "Lung") for number in range(20)))
    stop = threading.Event()
    totals: set[int] = set()
    problems: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                totals.add(search(engine, "lung").total)
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for count in (30, 10, 25):
        with engine.rebuild([document(f"n{number}", "Lung") for number in range(count)]):
            pass
    stop.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert totals <= {20, 30, 10, 25}
    assert search(engine, "lung").total == 25


# Without an index


def test_without_an_index_everything_says_so(new_engine):
    for ask in (
        lambda: search(new_engine, "lung"),
        lambda: new_engine.match_pages("a", query=Word("a"), reader=PUBLIC_READER),
        lambda: new_engine.suggest("a", reader=PUBLIC_READER),
        new_engine.record_ids,
        new_engine.status,
        new_engine.check,
        lambda: new_engine.writer().__enter__(),
    ):
        with pytest.raises(IndexMissing, match="rebuild_index"):
            ask()


def test_an_empty_index_answers_with_nothing(engine):
    response = search(engine, "lung")

    no_values = dict.fromkeys(SearchRequest().facets, ())
    assert response == SearchResponse(total=0, facets=no_values, took_ms=response.took_ms)
    assert engine.suggest("lu", reader=PUBLIC_READER) == ()
    assert engine.record_ids() == frozenset()
    assert engine.check() == ()


def test_the_status_counts(engine):
    add(engine, document("a", passages=(page(1, "x"), page(2, "y"))), document("b"))

    status = engine.status()

    assert (status.records, status.passages) == (2, 2)
    assert status.size_bytes > 0
    assert status.segments >= 1


# Whatever comes


@pytest.fixture(scope="module")
def odd_engine(tmp_path_factory, request) -> SearchEngine:
    engine = get_engine(ENGINES[0], path=tmp_path_factory.mktemp("odd"))
    odd = [
        "",
        " ",
        "\x00",
        "\ud800 surrogate",
        "é\u0301\u0301",
        "a" * 5000,
        "深層学習",
        "<b>&amp;",
        "١٢٣",
        "\u202ertl",
        "1,2,3.4.5",
        "🫀 heart",
    ]
    documents = [
        document(f"id {text[:9]}{number}", text, abstract=text, passages=(page(1, text),))
        for number, text in enumerate(odd)
    ]
    with engine.rebuild(documents):
        pass
    return engine


def test_odd_texts_are_indexed_and_found(odd_engine):
    assert search(odd_engine).total == 12
    assert search(odd_engine, "heart").total == 1
    assert search(odd_engine, "surrogate").total == 1
    assert search(odd_engine, "123").total == 1
    assert odd_engine.check() == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(typed=st.text())
def test_no_text_breaks_a_search(odd_engine, typed):
    query, _ = parse_leniently(typed)

    response = odd_engine.search(SearchRequest(query=query, reader=PUBLIC_READER))

    assert len(response.hits) == min(response.total, 10)
    odd_engine.suggest(typed, reader=PUBLIC_READER)


PIECES = [
    "heart",
    "a",
    "surr*",
    "hart~",
    '"',
    "(",
    ")",
    " AND ",
    " OR ",
    " NOT ",
    "-",
    "title:",
    "year:",
    "2019",
    "*",
    "~",
    " ",
    "\u0301",
    "学",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(typed=st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_mixture_of_operators_breaks_a_search(odd_engine, typed):
    query, _ = parse_leniently(typed)

    response = odd_engine.search(SearchRequest(query=query, reader=PUBLIC_READER))
    opposite = odd_engine.search(SearchRequest(query=And((query, Everything())), reader=PUBLIC_READER))

    assert response.total == opposite.total


def test_any_history_of_changes_ends_in_the_same_answers_as_a_new_index(engine, tmp_path):
    chance = random.Random(11)
    words = ["lung", "nodule", "scan", "heart", "filter", "image", "dose", "brain"]
    truth: dict[str, SearchDocument] = {}
    for _ in range(25):
        with engine.writer() as writer:
            for _ in range(chance.randrange(1, 8)):
                record_id = f"r{chance.randrange(30)}"
                if chance.random() < 0.3:
                    writer.delete(record_id)
                    truth.pop(record_id, None)
                    continue
                item = document(
                    record_id,
                    " ".join(chance.choices(words, k=4)),
                    year=2000 + chance.randrange(5),
                    topics=tuple(Name(word, word) for word in chance.sample(words, 2)),
                    passages=tuple(
                        page(
                            number, " ".join(chance.choices(words, k=9)), audiences=chance.choice([SECRET, {"public"}])
                        )
                        for number in range(1, chance.randrange(1, 4))
                    ),
                )
                writer.add(item)
                truth[record_id] = item
    fresh = get_engine(engine.name, path=tmp_path / "fresh")
    with fresh.rebuild(truth.values()):
        pass

    assert engine.record_ids() == fresh.record_ids() == truth.keys()
    for reader in (PUBLIC_READER, MEMBER):
        for query in ("lung", "nodule scan", '"heart filter"', "im* OR dose", "brain NOT lung", "topic:scan", ""):
            response, expected = (search(each, query, reader=reader, page_size=50) for each in (engine, fresh))
            assert (response.total, response.page_total) == (expected.total, expected.page_total)
            assert response.facets == expected.facets
            assert response.hits == expected.hits
        for prefix in ("l", "no", "he"):
            assert engine.suggest(prefix, reader=reader) == fresh.suggest(prefix, reader=reader)
    assert engine.check() == ()


def test_threads_share_an_engine(engine):
    add(
        engine,
        *(document(f"r{number}", "Lung", passages=(page(1, f"nodule{number % 5} lung"),)) for number in range(50)),
    )
    problems: list[BaseException] = []

    def ask(number: int) -> None:
        reader = Reader(audiences=frozenset({"public", f"person:{number}"}), today=date(2026, 1, 1 + number))
        try:
            for round_number in range(20):
                assert search(engine, f"nodule{round_number % 5}", reader=reader).total == 10
                assert search(engine, "lung nod*", reader=reader).page_total == 50
                assert engine.suggest("nod", reader=reader) == ()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


# Help for the searcher


def test_a_wildcard_stands_for_letters(engine):
    add(engine, document("gray", "A gray scan"), document("grey", "The grey matter"), document("other", "Greying"))

    assert found(engine, "gr?y") == {"gray", "grey"}
    assert found(engine, "gr*y") == {"gray", "grey"}
    assert found(engine, "*tter") == {"grey"}
    assert found(engine, "title:gr*g") == {"other"}
    assert search(engine, "gr?y").hits[0].highlights["title"].count("<mark>") == 1


def test_a_dutch_compound_is_found_by_its_parts_and_marked(engine):
    add(
        engine,
        document("compound", "Beeldvormingstechnieken in het ziekenhuis", "nl"),
        document("parts", "Beeldvorming als techniek", "nl"),
        document("other", "Technische keuzes", "nl"),
    )

    assert found(engine, "techniek") == {"compound", "parts"}
    assert found(engine, "beeldvorming") == {"compound", "parts"}
    assert engine.compounds(parse("techniek")) == {"beeldvormingstechnieken"}
    assert (
        "<mark>Beeldvormingstechnieken</mark>"
        in {hit.id: hit.highlights["title"] for hit in search(engine, "techniek").hits}["compound"]
    )
    assert found(engine, '"de techniek"') == {"parts"}


def test_a_compound_is_taken_apart_by_words_of_other_records_too(engine):
    add(engine, document("parts", "Een infarct van het hart", "nl"))
    add(engine, document("compound", "Het hartinfarct", "nl"))

    assert found(engine, "infarct") == {"parts", "compound"}


def test_a_compound_is_taken_apart_by_names_of_the_same_transaction_too(engine):
    add(
        engine,
        document("parts", "Paper", topics=(Name("Infarct"), Name("Hart"))),
        document("compound", "Het hartinfarct", "nl"),
    )

    assert found(engine, "infarct") == {"parts", "compound"}


def test_a_compound_stays_taken_apart_when_its_part_of_the_index_is_tidied_up(engine):
    add(
        engine,
        document("parts", "Een infarct van het hart", "nl"),
        *(document(f"filler{number}", "Filler") for number in range(60)),
    )
    add(engine, document("compound", "Het hartinfarct", "nl"))

    for number in range(8):
        add(engine, document(f"late{number}", "Nog iets", "nl"))
    engine.merge()

    assert found(engine, "infarct") == {"parts", "compound"}


def test_a_word_that_nothing_has_is_corrected(engine):
    add(
        engine,
        document("one", "Segmentation of nodules", passages=(page(1, "A nodule"),)),
        document("two", "Noodles", "en"),
        document("three", "Knobbeltjes", "nl"),
    )

    corrections = engine.correct(parse("segmentaton nodles of xyzzyx lungs"), reader=PUBLIC_READER)

    assert corrections == {"segmentaton": "segmentation", "nodles": "noodles"}
    assert engine.correct(parse("nodule segmented title:nodls"), reader=PUBLIC_READER) == {}


def test_a_word_is_corrected_by_the_one_that_most_records_of_all_languages_have(engine):
    add(
        engine,
        *(document(language, "Nodumas", language) for language in ("en", "nl", "und")),
        *(document(f"de{number}", "Nodumaz", "de") for number in range(2)),
    )

    assert engine.correct(parse("nodumax"), reader=PUBLIC_READER) == {"nodumax": "nodumas"}


def test_nothing_is_corrected_by_words_that_the_reader_may_not_read(engine):
    closed = page(1, "The thyroid", audiences=frozenset({"members"}))
    add(engine, document("closed", "Closed", passages=(closed,)))

    assert engine.correct(parse("thyriod"), reader=PUBLIC_READER) == {}
    assert engine.correct(parse("thyriod"), reader=MEMBER) == {"thyriod": "thyroid"}


def test_similar_records_share_the_words_that_set_one_apart(engine):
    add(
        engine,
        document("one", "Segmentation of lung nodules", abstract="Nodules in the lung, a study"),
        document("near", "Nodules in a screened lung", abstract="A study"),
        document("far", "Motion of the heart", abstract="A study"),
        document("page", "Something else", passages=(page(1, "lung nodules " * 9, audiences=frozenset({"members"})),)),
        *(document(f"filler{number}", f"Study {number}") for number in range(6)),
    )

    assert engine.similar("one", reader=PUBLIC_READER, limit=2)[0] == "near"
    assert "page" not in engine.similar("one", reader=PUBLIC_READER, limit=5)
    assert "one" not in engine.similar("one", reader=PUBLIC_READER, limit=20)
    assert len(engine.similar("one", reader=PUBLIC_READER, limit=1)) == 1
    assert engine.similar("unknown", reader=PUBLIC_READER) == ()


def test_closed_pages_do_not_change_which_records_are_similar(new_engine, tmp_path):
    words = [f"alpha{chr(97 + number)}" for number in range(26)]
    shelf = [document("one", " ".join(words)), *(document(word, f"{word} thing") for word in words)]
    without = get_engine(new_engine.name, path=tmp_path / "without")
    with new_engine.rebuild([*shelf, document("closed", passages=(closed(1, "alphaa alphab"),))]):
        pass
    with without.rebuild([*shelf, document("closed", passages=(closed(1, ""),))]):
        pass

    assert new_engine.similar("one", reader=PUBLIC_READER, limit=30) == without.similar(
        "one", reader=PUBLIC_READER, limit=30
    )


def test_tidying_up_changes_no_answer(engine):
    for number in range(30):
        add(engine, document(f"r{number}", f"Nodules {number}", passages=(page(1, f"page {number}"),)))
    before = search(engine, "nodules OR page", page_size=100)

    engine.merge()

    after = search(engine, "nodules OR page", page_size=100)
    assert (after.total, after.hits, after.facets) == (before.total, before.hits, before.facets)
    assert engine.check() == ()
