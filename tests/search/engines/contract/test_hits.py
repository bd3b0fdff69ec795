"""What a hit tells: its pages, the best passages, what is marked."""

from search.queries import Everything, parse
from search.requests import (
    PageMatch,
    PassageHit,
)
from tests.search.engines.contract.samples import MEMBER, PUBLIC_READER, add, document, ids, page, search


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
