"""The bench of search runs from end to end on a collection of its own, with whatever peers are installed."""

import gzip
import json
import random
from itertools import islice
from pathlib import Path

import pytest

from search.queries import And, Phrase, Prefix, Word
from tests.benchmarks.results import write_section
from tests.benchmarks.search.__main__ import main
from tests.benchmarks.search.data import (
    ABSTRACTS,
    PAGE_CHARACTERS,
    Item,
    mixed_items,
    read_abstracts,
    read_collections,
    records_with_pages,
    repeated,
)
from tests.benchmarks.search.engines import ENGINES, EngineMissing, get_engine_class
from tests.benchmarks.search.engines.base import Engine
from tests.benchmarks.search.goals import GOALS
from tests.benchmarks.search.workload import KINDS, Question, draw_questions

ALWAYS_THERE = {"whoosh", "whoosh-stock", "fts5"}
WORDS = (
    "tumor",
    "scanner",
    "magnet",
    "contrast",
    "patient",
    "dosage",
    "tracer",
    "cortex",
    "vessel",
    "muscle",
    "sensor",
)


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    """A folder with one judged collection of 40 documents, and 20 abstracts beside it."""
    folder = tmp_path / "collections"
    (folder / "tiny").mkdir(parents=True)
    source = random.Random(1)
    texts = [" ".join(source.choices(WORDS, k=30)) for _ in range(60)]
    texts[7] = "Ultrasound of the liver finds steatosis early."
    corpus = [{"_id": str(number), "title": f"Paper {number}", "text": text} for number, text in enumerate(texts[:40])]
    abstracts = [
        {"_id": str(number), "title": f"Preprint {number}", "text": text, "category": "cs.CV", "month": "2025-03"}
        for number, text in enumerate(texts[40:])
    ]
    write_lines(folder / "tiny" / "corpus.jsonl", corpus)
    write_lines(folder / "tiny" / "queries.jsonl", [{"_id": "a", "text": "What finds steatosis of the liver?"}])
    (folder / "tiny" / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\na\t7\t1\n", encoding="utf-8")
    with gzip.open(folder / ABSTRACTS, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in abstracts)
    return folder


def write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run(collections: Path, tmp_path: Path, *options: str) -> list[dict[str, object]]:
    """The rows of a short run."""
    effort = ["--queries", "2", "--repeats", "1", "--slow-queries", "1"]
    effort += ["--builds", "2", "--starts", "1", "--updates", "2"]
    file = tmp_path / "out" / "rows.json"
    assert main([str(collections), *options, *effort, "--json", str(file)]) == 0
    written = json.loads(file.read_text(encoding="utf-8"))
    assert set(written) == {"versions", "rows"}
    return written["rows"]


def test_a_run_measures_speed_and_cost(collections: Path, tmp_path: Path, capsys) -> None:
    page = tmp_path / "benchmarks.md"
    asked = ["--no-quality", "--sizes", "30", "--pages", "20", "--engines", *sorted(ALWAYS_THERE)]

    rows = run(collections, tmp_path, *asked, "--markdown", str(page))

    measured = {(row["set"], row["documents"], row["engine"]) for row in rows}
    assert measured >= {("abstracts", 30, engine) for engine in ALWAYS_THERE}
    assert measured >= {("pages", 20, engine) for engine in ALWAYS_THERE - {"whoosh-stock"}}
    ours = [row for row in rows if row["engine"] == "whoosh" and row["set"] == "abstracts"]
    assert {row["kind"] for row in ours if row["measure"] == "page_p50_ms"} == {*KINDS, "all"}
    assert {row["measure"] for row in ours} >= {
        "page_p50_ms",
        "page_p95_ms",
        "page_p99_ms",
        "and_p50_ms",
        "phrase_p50_ms",
        "index_cpu_s",
        "index_wall_s",
        "index_rss_mib",
        "index_size_mib",
        "visible_ms",
        "cold_start_ms",
    }
    measures = {row["measure"].removesuffix("_ratio") for row in rows}
    assert {goal.value.keywords["measure"] for goal in GOALS} - {"ndcg@10"} <= measures
    assert all(row["bench"] == "search" and row["value"] > 0 for row in rows if row["measure"] != "page_found")
    assert "A page of results, 30 abstracts" in capsys.readouterr().out
    assert "### The index, 20 pages" in page.read_text(encoding="utf-8")


def test_a_run_measures_how_well_every_engine_ranks(collections: Path, tmp_path: Path) -> None:
    pytest.importorskip("ir_measures", reason="needs ir_measures, which make bench-search installs")

    rows = run(collections, tmp_path, "--sizes", "--pages", "0")

    values = {(row["set"], row["measure"], row["engine"]): row["value"] for row in rows}
    assert {engine for _set, _measure, engine in values} >= ALWAYS_THERE
    assert set(values.values()) == {1.0}
    assert {name for name, _measure, _engine in values} == {"tiny", "mean"}


def test_a_worse_place_counts_less() -> None:
    pytest.importorskip("ir_measures", reason="needs ir_measures, which make bench-search installs")
    from tests.benchmarks.search.quality import judge

    values = judge({"a": ["wrong", "right"], "b": []}, {"a": {"right": 1}, "b": {"lost": 2}})

    assert values == {"ndcg@10": pytest.approx(0.6309 / 2, abs=1e-4), "recall@100": 0.5}


@pytest.fixture(params=[name for name in ENGINES if name != "bm25s"])
def engine(request, tmp_path: Path) -> Engine:
    """Each engine that shows pages, with an index of three items."""
    try:
        engine_class = get_engine_class(request.param)
    except EngineMissing as error:
        pytest.skip(f"{request.param}: {error}")
    built = engine_class(tmp_path / "index")
    built.build(
        [
            Item("1", "Contrast agents", "A contrast agent in scanners.", 2019, "publication", "imaging"),
            Item("2", "Dosage", "The right dosage of a contrast agent.", 2020, "publication", "imaging"),
            Item("3", "Muscles", "A muscle and its tension.", 2020, "presentation", "motion"),
        ]
    )
    built.open()
    yield built
    built.close()
    built.remove()


def test_engines_do_the_same_work(engine: Engine) -> None:
    page = engine.page(Question("common", "contrast", Word("contrast")))

    assert (page.total, set(page.ids)) == (2, {"1", "2"})
    assert page.facets == {
        "year": {"2019": 1, "2020": 1},
        "type": {"publication": 2},
        "topic": {"imaging": 2},
    }
    assert all("contrast</" in snippet.lower() for snippet in page.snippets)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question("and", "contrast AND dosage", And((Word("contrast"), Word("dosage")))), {"2"}),
        (Question("phrase", '"contrast agent"', Phrase("contrast agent")), {"1", "2"}),
        (Question("phrase", '"agent dosage"', Phrase("agent dosage")), set()),
        (Question("prefix", "musc*", Prefix("musc")), {"3"}),
        (Question("common", "nowhere", Word("nowhere")), set()),
    ],
    ids=lambda value: value.text if isinstance(value, Question) else "",
)
def test_engines_understand_every_kind_of_question_alike(engine: Engine, question: Question, found: set[str]) -> None:
    assert set(engine.page(question).ids) == found


def test_engines_show_ten_of_many(engine: Engine) -> None:
    for number in range(12):
        engine.add(Item(f"more-{number}", "More", "A tracer arrives.", 2021, "publication", "tracers"))
    engine.refresh()

    page = engine.page(Question("common", "tracer", Word("tracer")))

    assert (page.total, len(page.ids), len(page.snippets)) == (12, 10, 10)
    assert page.facets["topic"] == {"tracers": 12}


def test_an_item_that_was_added_is_found(engine: Engine) -> None:
    engine.add(Item("4", "News", "A tracer arrives.", 2021, "publication", "tracers"))
    engine.refresh()

    assert engine.page(Question("common", "tracer", Word("tracer"))).ids == ("4",)


def test_a_folder_that_is_not_there_says_where_to_get_data(tmp_path: Path, capsys) -> None:
    code = main([str(tmp_path / "nowhere")])

    message = capsys.readouterr().err
    assert code == 2
    assert f"There is no folder {tmp_path / 'nowhere'}." in message
    assert "corpus.jsonl" in message
    assert "http" in message


def test_a_broken_line_is_named(collections: Path, capsys) -> None:
    path = collections / "tiny" / "corpus.jsonl"
    path.write_text('{"_id": "1", "text": "fine"}\n{"_id": "2"\n', encoding="utf-8")

    code = main([str(collections)])

    assert code == 2
    assert f"{path}, line 2" in capsys.readouterr().err


def test_the_same_data_give_the_same_questions(collections: Path) -> None:
    items = mixed_items(read_collections(collections), read_abstracts(collections))

    questions = draw_questions(items, ["liver"], 3)

    assert questions == draw_questions(items, ["liver"], 3)
    assert {question.kind for question in questions} == set(KINDS)
    assert len({question.text for question in questions}) == len(questions)


def test_repeated_items_have_new_ids(collections: Path) -> None:
    items = mixed_items(read_collections(collections), read_abstracts(collections))

    many = list(islice(repeated(items), 150))

    assert len(items) == 60
    assert len({item.id for item in many}) == 150
    assert {item.text for item in many} == {item.text for item in items}


def test_pages_have_the_length_of_real_ones(collections: Path) -> None:
    items = mixed_items(read_collections(collections), read_abstracts(collections))

    records = list(records_with_pages(items, 25))

    assert [len(record.pages) for record in records] == [10, 10, 5]
    assert len({record.id for record in records}) == 3
    assert all(len(page) >= PAGE_CHARACTERS for record in records for page in record.pages)


def test_a_section_of_a_page_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Benchmarks\n", encoding="utf-8")

    write_section(page, "bench-search", "first")
    page.write_text(page.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    write_section(page, "bench-search", "second")

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks\n\n<!--")
    assert text.endswith("\nThe end.\n")
    assert "second" in text
    assert "first" not in text
