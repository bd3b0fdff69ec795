"""What the search engine was set to reach, and whether a run shows it."""

from functools import partial

from tests.benchmarks.goals import Goal
from tests.benchmarks.results import Results
from tests.benchmarks.search.engines import OURS

ABSTRACTS, PAGES = "abstracts", "pages"
RANKING_PEERS = ("whoosh-stock", "fts5", "tantivy", "bm25s")


def _own(results: Results, *, measure: str, **of: object) -> float | None:
    return results.value(measure=measure, engine=OURS, **of)


def _faster(results: Results, *, peer: str, measure: str, **of: object) -> float | None:
    """How many times as long the peer takes, over the queries that both answered."""
    return results.value(measure=f"{measure}_ratio", engine=peer, **of)


def _slower(results: Results, *, peer: str, measure: str, **of: object) -> float | None:
    ratio = _faster(results, peer=peer, measure=measure, **of)
    return 1 / ratio if ratio else None


def _share_of(results: Results, *, peer: str, measure: str, **of: object) -> float | None:
    """Our value for each one of the peer's."""
    ours, theirs = (results.value(measure=measure, engine=engine, **of) for engine in (OURS, peer))
    return None if ours is None or not theirs else ours / theirs


def _cheaper(results: Results, *, peer: str, measure: str, **of: object) -> float | None:
    share = _share_of(results, peer=peer, measure=measure, **of)
    return 1 / share if share else None


def _ahead(results: Results, *, measure: str) -> float | None:
    """By how much our mean is above that of the best peer."""
    ours = results.value(measure=measure, engine=OURS, set="mean")
    theirs = [row.value for row in results.find(measure=measure, set="mean") if row.engine in RANKING_PEERS]
    return None if ours is None or not theirs else ours - max(theirs)


_PAGE = {"set": ABSTRACTS, "documents": 100_000, "kind": "all"}
_AND, _PHRASE = _PAGE | {"kind": "and"}, _PAGE | {"kind": "phrase"}
_LARGE = _PAGE | {"documents": 300_000}
_SMALL = _PAGE | {"documents": 10_000}
_FULL_PAGES = _PAGE | {"set": PAGES}

GOALS = (
    Goal(
        "page p50 at 100,000 abstracts: FTS5 ÷ ours",
        partial(_faster, peer="fts5", measure="page_p50", **_PAGE),
        least=8,
    ),
    Goal("page p50: ours ÷ tantivy", partial(_slower, peer="tantivy", measure="page_p50", **_PAGE), most=2),
    Goal("page p95: FTS5 ÷ ours", partial(_faster, peer="fts5", measure="page_p95", **_PAGE), least=10),
    Goal("page p95: PostgreSQL ÷ ours", partial(_faster, peer="postgres", measure="page_p95", **_PAGE), least=10),
    Goal("page p95 at 300,000 abstracts, ms", partial(_own, measure="page_p95_ms", **_LARGE), most=50),
    Goal("AND p50: ours ÷ FTS5", partial(_slower, peer="fts5", measure="page_p50", **_AND), most=2),
    Goal("phrase p50: ours ÷ FTS5", partial(_slower, peer="fts5", measure="page_p50", **_PHRASE), most=2),
    Goal("page p50: stock Whoosh ÷ ours", partial(_faster, peer="whoosh-stock", measure="page_p50", **_PAGE), least=30),
    Goal(
        "indexing CPU, 100,000 pages: ours ÷ FTS5",
        partial(_share_of, peer="fts5", measure="index_cpu_s", **_FULL_PAGES),
        most=2,
    ),
    Goal(
        "indexing CPU, 10,000 abstracts: ours ÷ FTS5",
        partial(_share_of, peer="fts5", measure="index_cpu_s", **_SMALL),
        most=7,
    ),
    Goal(
        "indexing CPU, 10,000 abstracts: stock Whoosh ÷ ours",
        partial(_cheaper, peer="whoosh-stock", measure="index_cpu_s", **_SMALL),
        least=12,
    ),
    Goal("one document visible at 100,000, ms", partial(_own, measure="visible_ms", **_PAGE), most=100),
    Goal("memory while indexing 100,000 pages, MiB", partial(_own, measure="index_rss_mib", **_FULL_PAGES), most=1024),
    Goal("mean nDCG@10", partial(_own, measure="ndcg@10", set="mean"), least=0.49),
    Goal("mean nDCG@10 above the best peer by", partial(_ahead, measure="ndcg@10"), least=0.0),
)
