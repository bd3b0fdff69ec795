"""What a word finds, a phrase, operators, a field, a beginning, and a word that is nearly right."""

import pytest

from search.documents import Name
from tests.search.engines.contract.samples import add, document, found, ids, page, search

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
    ("language", "text", "other", "query"),
    [
        ("nl", "De lever", "De leverancier leverde de geleverde levering", "lever"),
        ("nl", "Tumoren meten", "Met een tumor", "meten"),
        ("nl", "De maag", "Dat mag", "maag"),
        ("nl", "De huid", "De huidige stand", "huid"),
        ("en", "Severe stenosis", "Several stents", "severe"),
        ("en", "Patient positioning", "A positive test", "position"),
    ],
)
def test_a_word_does_not_find_another_that_only_looks_like_a_form_of_it(engine, language, text, other, query):
    add(engine, document("meant", text, language), document("other", other, language))

    assert found(engine, query) == {"meant"}


def test_british_and_american_spelling_find_each_other(engine):
    add(engine, document("british", "Tumour localisation"), document("american", "Tumor localization"))

    assert found(engine, "tumours") == found(engine, "localized tumor") == {"british", "american"}


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
