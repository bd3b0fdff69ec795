"""The bench of finding experts runs from end to end on a set of its own."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.experts.__main__ import main
from tests.benchmarks.experts.data import (
    ExpertSet,
    Paper,
    leave_out_each,
    name_key,
    read_abstracts,
    read_expert_set,
    read_fields,
)
from tests.benchmarks.experts.measures import chance_of, judge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ada wrote twice about livers, Bas twice about lungs."""
    papers = [
        paper("a", "Ultrasound of the liver", "Ada Lovelace", "Cas Vos"),
        paper("b", "Steatosis of the liver", "Ada Lovelace"),
        paper("c", "Nodules in the lung", {"given": "Bas", "family": "Smít"}),
        paper("d", "Screening of the lung", "Bas Smit"),
    ]
    (tmp_path / "papers.csl.json").write_text(json.dumps(papers), encoding="utf-8")
    rows = [{"_id": "1", "query": "A liver scan", "experts": ["Ada Lovelace"]}]
    rows += [{"_id": "2", "query": "A lung scan", "experts": ["Bas Smit"]}]
    (tmp_path / "queries-next.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def paper(key: str, title: str, *authors: object) -> dict[str, object]:
    names = [author if isinstance(author, dict) else {"literal": author} for author in authors]
    return {"id": key, "title": title, "abstract": "", "author": names, "issued": {"date-parts": [[2020]]}}


def test_a_run_measures_every_finder(folder: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "out" / "rows.json"

    assert main([str(folder), "--json", str(file)]) == 0

    written = json.loads(file.read_text(encoding="utf-8"))
    values = {(row["engine"], row["measure"]): row["value"] for row in written["rows"]}
    assert {engine for engine, _ in values} == {"whoosh", "votes-fts5", "votes-fts5-exp"}
    assert values["whoosh", "ndcg@10"] == values["whoosh", "mrr"] == values["whoosh", "recall@10"] == 1.0
    assert all(row["bench"] == "experts" and row["set"] == folder.name for row in written["rows"])
    assert 0 < values["votes-fts5", "ndcg@10_p"] <= 1
    assert "Finding experts" in capsys.readouterr().out


def test_abstracts_make_a_set_of_the_same_kind_and_measure_speed(folder: Path, tmp_path: Path) -> None:
    rows = [
        {"_id": "1", "title": "Livers", "text": "liver", "authors": ["Ada"], "month": "2025-01"},
        {"_id": "2", "title": "Livers", "text": "liver", "authors": ["Ada", "Bas"], "month": "2025-02"},
        {"_id": "3", "title": "A liver", "text": "liver", "authors": ["Ada", "Bas"], "month": "2025-03"},
    ]
    abstracts = tmp_path / "abstracts.jsonl"
    abstracts.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    expert_set = read_abstracts(abstracts)
    file = tmp_path / "rows.json"
    code = main([str(folder), "--abstracts", str(abstracts), "--sizes", "5", "--json", str(file)])

    assert (len(expert_set.papers), expert_set.experts) == (2, {"3": {"ada"}})
    assert code == 0
    timed = [row for row in json.loads(file.read_text())["rows"] if "documents" in row]
    assert {(row["measure"], row["documents"], row["kind"]) for row in timed} >= {
        ("page_p50_ms", 5, "all"),
        ("page_p95_ms", 5, "all"),
    }


def test_names_are_compared_without_accents_and_points() -> None:
    assert name_key("Dr. Björn  Menze-Ås") == "dr bjorn menzeas"


def test_measures_count_places() -> None:
    values = judge({"a": ["wrong", "right"], "b": []}, {"a": {"right"}, "b": {"lost"}, "c": set()})

    assert values == {
        "ndcg@10": {"a": pytest.approx(0.6309, abs=1e-4), "b": 0.0},
        "mrr": {"a": 0.5, "b": 0.0},
        "recall@10": {"a": 1.0, "b": 0.0},
    }


def test_chance_is_small_for_many_differences_of_one_sign() -> None:
    ours = {str(number): 1.0 for number in range(20)}
    theirs = dict.fromkeys(ours, 0.5)
    mixed = {key: 1.5 if int(key) % 2 else 0.5 for key in ours}

    assert chance_of(ours, theirs) < 0.001
    assert chance_of(ours, mixed) > 0.5
    assert chance_of(ours, ours) == 1.0


def test_a_folder_without_a_set_says_where_to_get_one(tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "csl.json" in capsys.readouterr().err


def test_plain_votes_are_beaten_on_the_set_of_midl(shared_data: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"

    assert main([str(shared_data / "experts"), "--json", str(file)]) == 0

    rows = json.loads(file.read_text())["rows"]
    values = {(row["set"], row["engine"], row["measure"]): row["value"] for row in rows}
    for name in ("experts", "experts-left-out"):
        assert values[name, "whoosh", "ndcg@10"] > 1.1 * values[name, "votes-fts5", "ndcg@10"]
    assert values["experts-left-out", "votes-fts5", "ndcg@10_p"] < 0.05


def test_the_set_of_midl_is_read_whole(shared_data: Path) -> None:
    expert_set = read_expert_set(shared_data / "experts")

    assert (len(expert_set.papers), len(expert_set.questions)) == (170, 18)


def test_each_paper_asks_all_others_whose_authors_wrote_two_of_them() -> None:
    left_out = leave_out_each(expert_set("ada", "ada", "ada cas", "bas", "bas"))

    assert [one.experts for one in left_out] == [{"0": {"ada"}}, {"1": {"ada"}}, {"2": {"ada"}}]
    assert [paper.id for paper in left_out[1].papers] == ["0", "2", "3", "4"]
    assert {one.name for one in left_out} == {"set-left-out"}


def test_a_set_too_large_to_be_indexed_often_leaves_nothing_out(monkeypatch) -> None:
    whole = expert_set("ada", "ada", "ada", "ada")
    monkeypatch.setattr("tests.benchmarks.experts.data.MOST_LEFT_OUT", 2)
    assert len(leave_out_each(whole)) == 2

    monkeypatch.setattr("tests.benchmarks.experts.data.MOST_PAPERS_AROUND", 3)
    assert leave_out_each(whole) == ()


def expert_set(*authors: str) -> ExpertSet:
    """A set of papers with these authors, by number."""
    papers = [
        Paper(str(number), f"Paper {number}", "", tuple(names.split()), 2020) for number, names in enumerate(authors)
    ]
    return ExpertSet("set", tuple(papers), {}, {})


def test_a_field_is_asked_by_itself(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tests.benchmarks.experts.data.FIELD_SIZES", range(3, 6))
    months = {"small": ("2024-01", "2024-02", "2025-01", "2025-02", "2025-03"), "tiny": ("2025-01",)}
    text = {"title": "Livers", "text": "", "authors": ["Ada"]}
    rows = [
        text | {"_id": f"{field}{number}", "category": field, "month": month}
        for field, all_months in months.items()
        for number, month in enumerate(all_months)
    ]
    file = tmp_path / "abstracts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    (field,) = read_fields(file)

    assert (field.name, [paper.id for paper in field.papers]) == ("small", ["small0", "small1"])
    assert sorted(field.questions) == ["small2", "small3", "small4"]
