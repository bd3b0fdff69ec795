"""How good a ranking of experts is, question by question, and whether one beats another by more than chance."""

import math
from collections.abc import Collection, Mapping, Sequence
from statistics import fmean

import numpy as np

MEASURES = ("ndcg@10", "mrr", "recall@10")
LABELS = {"ndcg@10": "nDCG@10", "mrr": "MRR", "recall@10": "Recall@10"}
CUT = 10
ROUNDS = 20_000
SEED = 1935

Values = Mapping[str, Mapping[str, float]]
"""By measure, the value of each question."""


def judge(run: Mapping[str, Sequence[str]], experts: Mapping[str, Collection[str]]) -> dict[str, dict[str, float]]:
    """All measures of all questions that have experts; a question without an answer counts as 0."""
    values: dict[str, dict[str, float]] = {measure: {} for measure in MEASURES}
    for question, right in experts.items():
        if right:
            found = run.get(question, ())
            values["ndcg@10"][question] = _ndcg(found, right)
            values["mrr"][question] = next((1 / place for place, name in enumerate(found, 1) if name in right), 0.0)
            values["recall@10"][question] = len(set(found[:CUT]) & set(right)) / len(right)
    return values


def _ndcg(found: Sequence[str], right: Collection[str]) -> float:
    """nDCG@10 where an answer is right or wrong (Järvelin & Kekäläinen 2002)."""
    gained = sum(1 / math.log2(place + 1) for place, name in enumerate(found[:CUT], 1) if name in right)
    return gained / sum(1 / math.log2(place + 1) for place in range(1, min(CUT, len(right)) + 1))


def mean(values: Mapping[str, float]) -> float:
    """The mean over all questions."""
    return fmean(values.values()) if values else 0.0


def chance_of(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """How likely a difference of means as large as this one is if both rank equally well.

    A paired randomisation test, two-sided: the two values of each question change places by the toss of a coin (Fisher
    1935; Smucker, Allan & Carterette 2007).
    """
    differences = np.array([ours[question] - theirs[question] for question in ours])
    if not differences.any():
        return 1.0
    signs = np.random.default_rng(SEED).choice(np.array([-1.0, 1.0]), size=(ROUNDS, len(differences)))
    reached = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-12
    return float((reached.sum() + 1) / (ROUNDS + 1))
