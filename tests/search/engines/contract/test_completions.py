"""What completes the words that somebody types."""

import pytest

from search.documents import Name
from search.engines.base import Suggestion
from search.queries import parse
from tests.search.engines.contract.samples import PUBLIC_READER, add, closed, document, page


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
