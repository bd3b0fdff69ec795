"""Help for the searcher: compounds, corrections, similar records."""

import re

import pytest

from search.documents import Name
from search.engines import get_engine
from search.queries import Word, parse
from tests.search.engines.contract.samples import MEMBER, PUBLIC_READER, add, closed, document, found, page, search


def test_a_wildcard_stands_for_letters(engine):
    add(engine, document("gray", "A gray scan"), document("grey", "The grey matter"), document("other", "Greying"))

    assert found(engine, "gr?y") == {"gray", "grey"}
    assert found(engine, "gr*y") == {"gray", "grey"}
    assert found(engine, "*tter") == {"grey"}
    assert found(engine, "title:gr*g") == {"other"}
    assert search(engine, "gr?y").hits[0].highlights["title"].count("<mark>") == 1


def test_words_that_were_found_for_what_was_typed_are_told_and_marked(engine):
    add(
        engine,
        document("nodules", "Lung nodules and noodles", passages=(closed(1, "a nodulus on a page"),)),
        document("node", "A node"),
    )

    for typed in ("nodles~", "n*les", "n*ul*s"):
        query = parse(typed)
        told = dict(engine.expansions(query, reader=PUBLIC_READER))[query]
        marked = search(engine, typed).hits[0].highlights["title"]
        assert {word.casefold() for word in re.findall("<mark>(.*?)</mark>", marked)} == told, typed
    nodu = parse("n*du*s")
    assert engine.expansions(nodu, reader=PUBLIC_READER) == {(nodu, frozenset({"nodules"}))}
    assert engine.expansions(nodu, reader=MEMBER) == {(nodu, frozenset({"nodules", "nodulus"}))}
    assert engine.expansions(parse("lung NOT n*du*s"), reader=MEMBER) == frozenset()
    assert engine.expansions(parse("x*zzz"), reader=MEMBER) == frozenset()


def test_no_compound_is_told_that_only_a_closed_page_or_a_deleted_record_has(engine):
    add(engine, document("words", "Geheim en beeld", "nl"), document("gone", "Beeldtechniek", "nl"))
    add(engine, document("open", "Techniek", "nl", passages=(closed(1, "een geheimtechniek", language="nl"),)))
    with engine.writer() as writer:
        writer.delete("gone")

    techniek = parse("techniek")
    assert engine.expansions(techniek, reader=PUBLIC_READER) == frozenset()
    assert engine.expansions(techniek, reader=MEMBER) == {(techniek, frozenset({"geheimtechniek"}))}


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ('syndrome AND "primary sjogren"', "patients with primary Sjögren disease"),
        ('syndrome AND "primary sjögren"', "patients with primary Sjögren disease"),
        ('syndrome AND "MRI 3.5T"', "an MRI 3,5T of the brain"),
        ('syndrome AND "in the US"', "many in the U.S. are"),
        ("syndrome AND coordinatei~", "de coördinatie van zorg"),
        ("syndrome AND c*dinatie", "de coördinatie van zorg"),
        ("syndrome AND coordin*", "de coördinatie van zorg"),
    ],
)
def test_a_quotation_shows_all_that_was_found_however_its_letters_are_written(engine, typed, place):
    far = "text " * 60
    add(engine, document("one", abstract=f"A word. {far} {place} and the syndrome. {far} A syndrome. {far}"))

    quoted = search(engine, typed, fragment_length=100).hits[0].highlights["abstract"]

    assert "<mark>syndrome</mark>" in quoted and quoted.count("<mark>") > 1


def test_a_phrase_is_marked_wherever_its_words_may_stand(engine):
    add(engine, document("one", "A lung nodule nodule seen early"))

    assert search(engine, '"lung nodule early"~1').hits[0].highlights["title"].count("<mark>") >= 1


def test_a_dutch_compound_is_found_by_its_parts_and_marked(engine):
    add(
        engine,
        document("compound", "Beeldvormingstechnieken in het ziekenhuis", "nl"),
        document("parts", "Beeldvorming als techniek", "nl"),
        document("other", "Technische keuzes", "nl"),
    )

    assert found(engine, "techniek") == {"compound", "parts"}
    assert found(engine, "beeldvorming") == {"compound", "parts"}
    assert engine.expansions(parse("techniek"), reader=PUBLIC_READER) == {
        (Word("techniek"), frozenset({"beeldvormingstechnieken"}))
    }
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
