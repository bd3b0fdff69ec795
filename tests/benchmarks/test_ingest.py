"""The bench of ingest runs from end to end on a small collection of its own, with whatever peers are installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.ingest.__main__ import main
from tests.benchmarks.ingest.comparing import NamesFound, compare_names, share_found, word_f1
from tests.benchmarks.ingest.data import DataError, Slide, read_set, read_sets
from tests.benchmarks.ingest.readers import Reading, reading_of_peer
from tests.benchmarks.ingest.verdicts import is_right
from tests.publications.ingest.office_files import make_deck
from tests.publications.ingest.typeset import SENTENCES, Set, draw, paper

FRONT = (
    Set("Counting autumn leaves below a beech", 100, size=16, style="b"),
    Set("Anna Bos^1^, Jan van den Berg^1^", 150, size=11, style="b"),
    Set("^1^ University of Twente", 166, style="i"),
    Set("doi:10.5555/leaves.7", 50, size=8),
)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Three sets: a paper with its metadata, odd files with what is to be expected of them, a slide deck."""
    folder = tmp_path / "papers"
    for name in ("papers-of-leaves", "odd", "slides", "nothing-described"):
        (folder / name).mkdir(parents=True)
    (folder / "papers-of-leaves" / "leaves.pdf").write_bytes(draw(paper(*FRONT)))
    described = {
        "file": "leaves.pdf",
        "title": "Counting Autumn Leaves below a Beech",
        "authors": [{"given": "Anna", "family": "Bos"}, {"given": "Jan", "family": "van den Berg"}],
        "abstract": SENTENCES,
        "doi": "10.5555/LEAVES.7",
    }
    write(folder / "papers-of-leaves" / "metadata.json", {"papers": [described]})
    (folder / "odd" / "empty.pdf").write_bytes(b"")
    (folder / "odd" / "words.pdf").write_bytes(draw([Set("Leaves fall in autumn", 100)]))
    odd = [
        {"file": "empty.pdf", "expect": "unreadable"},
        {"file": "words.pdf", "expect": "text", "expect_words": ["leaves", "autumn"], "min_share": 1.0},
        {"file": "words.pdf", "expect": "password"},
    ]
    write(folder / "odd" / "manifest.json", {"files": odd})
    make_deck(folder / "slides" / "deck.pptx")
    slide = {"n": 1, "words": ["Scoring", "breast"], "notes": "Tell about kwartelkuiken.", "table": [["Model", "0,87"]]}
    write(folder / "slides" / "manifest.json", {"files": [{"file": "deck.pptx", "slides": [slide]}]})
    return folder


def write(path: Path, told: Any) -> None:
    path.write_text(json.dumps(told), encoding="utf-8")


def run(papers: Path, *options: str) -> dict[tuple[str, str, str], float]:
    """The figures of a run, by set, measure and engine."""
    file = papers.parent / "out" / "rows.json"
    assert main([str(papers), *options, "--json", str(file)]) == 0
    written = json.loads(file.read_text(encoding="utf-8"))
    assert set(written) == {"versions", "rows"}
    assert {row["bench"] for row in written["rows"]} == {"ingest"}
    return {(row["set"], row["measure"], row["engine"]): row["value"] for row in written["rows"]}


def test_a_run_measures_reading_and_describing(papers: Path, capsys) -> None:
    page = papers.parent / "benchmarks.md"

    values = run(papers, "--markdown", str(page))

    ours = {(name, measure): value for (name, measure, engine), value in values.items() if engine == "hub"}
    right = ("title_exact", "title_95", "author_precision", "author_recall", "authors_all", "abstract_f1", "all_three")
    found = ("abstract_words_found", "abstracts_complete", "doi_right")
    assert {ours["papers-of-leaves", measure] for measure in (*right, *found)} == {1.0}
    assert ours["odd", "verdict_right"] == pytest.approx(2 / 3, abs=1e-4)
    assert ours["slides", "verdict_right"] == 1.0
    assert {value for (_set, measure), value in ours.items() if measure == "crashed"} == {0.0}
    assert ours["papers-of-leaves", "pages_per_cpu_s"] > 0
    assert 0 < ours["papers-of-leaves", "form_cpu_s"] < 5
    out = capsys.readouterr().out
    assert "What is suggested for a record" in out
    assert "### Goals" in page.read_text(encoding="utf-8")


def test_peers_read_the_same_documents(papers: Path) -> None:
    values = run(papers, "--engines", "pypdf", "pdfium", "pdfminer")

    engines = {engine for _set, _measure, engine in values}
    assert engines >= {"pypdf", "pdfium"}
    for engine in engines:
        assert values["papers-of-leaves", "abstract_words_found", engine] == 1.0
        assert values["papers-of-leaves", "pages_per_cpu_s", engine] > 0
        assert values["odd", "verdict_right", engine] == pytest.approx(2 / 3, abs=1e-4)
        assert ("slides", "verdict_right", engine) not in values


def test_the_first_documents_of_each_set_are_enough_for_a_glance(papers: Path) -> None:
    assert [len(one.documents) for one in read_sets(papers, most=1)] == [1, 1, 1]


@pytest.mark.parametrize("name", ["nowhere", "papers/nothing-described"])
def test_a_folder_without_documents_is_said_in_words(papers: Path, capsys, name: str) -> None:
    code = main([str(papers.parent / name)])

    assert code == 2
    assert "PAPERS=DIR" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("not json", "describes no documents"),
        ('{"files": [{}]}', "KeyError"),
        ('{"files": [{"file": "x"}]}', "None of the files"),
    ],
)
def test_a_broken_description_is_named(tmp_path: Path, told: str, says: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(told, encoding="utf-8")

    with pytest.raises(DataError, match=says):
        read_set(path)


def test_documents_that_are_not_there_are_counted(papers: Path) -> None:
    folder = papers.parent / "some-there"
    folder.mkdir()
    (folder / "here.pdf").write_bytes(b"%PDF-")
    files = [{"file": "here.pdf"}, {"file": "not-here.pdf"}]
    (folder / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")

    (some_there,) = read_sets(folder)

    assert ([truth.path.name for truth in some_there.documents], some_there.missing) == (["here.pdf"], 1)


# What is compared


def test_names_are_compared_as_registries_have_them() -> None:
    assert compare_names(
        ["Anna B. Bos", "J. Smit", "Els Bakker"], ["Anna Bos", "Jan Smit", "Piet Visser"]
    ) == NamesFound(found=3, true=3, right=2)
    assert compare_names(["José Gómez", "José Gómez"], ["Jose Gomez"]).right == 1
    assert compare_names([], []).is_whole


def test_texts_are_compared_word_by_word() -> None:
    assert word_f1("Leaves fall.", "leaves fall") == 1.0
    assert word_f1("leaves", "leaves fall") == pytest.approx(2 / 3)
    assert word_f1("", "leaves") == 0.0
    assert share_found("of\ufb01cial leaves", "official things") == (1, 2)


def document(expect: str, *, words: list[str] | None = None, slides: list[dict] | None = None, tmp_path: Path) -> Any:
    (tmp_path / "x.pdf").write_bytes(b"x")
    entry = {"file": "x.pdf", "expect": expect, "expect_words": words or [], "slides": slides or []}
    write(tmp_path / "manifest.json", {"files": [entry]})
    (truth,) = read_set(tmp_path / "manifest.json").documents
    return truth


@pytest.mark.parametrize(
    ("expect", "outcome", "right"),
    [
        ("text", "text", True),
        ("text", "no_text", False),
        ("password", "password", True),
        ("unreadable", "limit", True),
        ("any_but_crash", "crash", False),
        ("something new", "no_text", True),
        ("no_text_then_ocr", "text", False),
    ],
)
def test_verdicts_are_those_of_the_manifest(tmp_path: Path, expect: str, outcome: str, right: bool) -> None:
    truth = document(expect, tmp_path=tmp_path)

    assert is_right(truth, outcome=outcome, is_cut_off=False, pages=["some text"]) is right


def test_a_text_that_a_limit_cut_off_is_what_a_limit_gives(tmp_path: Path) -> None:
    truth = document("limit", tmp_path=tmp_path)

    assert is_right(truth, outcome="text", is_cut_off=True, pages=["some text"])
    assert not is_right(truth, outcome="text", is_cut_off=False, pages=["some text"])


def test_words_must_be_found_and_slides_stand_in_their_place(tmp_path: Path) -> None:
    words = document("text", words=["leaf", "wind"], tmp_path=tmp_path)
    slides = document("office", slides=[{"n": 2, "words": ["wind"], "notes": "Pause here."}], tmp_path=tmp_path)

    assert is_right(words, outcome="text", is_cut_off=False, pages=["l e a f", "wind"])
    assert not is_right(words, outcome="text", is_cut_off=False, pages=["leaf"])
    assert slides.slides == (Slide(2, ("wind",), "Pause here."),)
    assert is_right(slides, outcome="text", is_cut_off=False, pages=["", "wind\nPause here."])
    assert not is_right(slides, outcome="text", is_cut_off=False, pages=["wind\nPause here.", ""])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"pages": ["text"], "error": "", "signal": 0}, "text"),
        ({"pages": [" "], "error": "", "signal": 0}, "no_text"),
        ({"pages": [], "error": "ValueError: password", "signal": 0}, "password"),
        ({"pages": [], "error": "broken", "signal": 0}, "unreadable"),
        ({"pages": [], "error": "", "signal": 24}, "limit"),
        ({"pages": ["text"], "error": "", "signal": 6}, "crash"),
    ],
)
def test_what_came_of_a_peer_is_told_in_the_same_words(answer: dict, outcome: str) -> None:
    assert reading_of_peer(answer | {"cpu_seconds": 1.0}) == Reading(
        outcome, tuple(answer["pages"]), is_cut_off=False, cpu_seconds=1.0
    )
