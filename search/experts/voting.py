"""Records vote for those they name: who gets most votes knows most about a question.

Nothing here knows a database or an engine, so the ranking can be measured on any texts (`make bench-experts`). What
each number does for the ranking, and what was tried besides, is in docs/decisions.md.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Candidate = TypeVar("Candidate", bound=Hashable)

VOTERS = 100
"""So many records vote, the best for a question: more of them say ever less, and together drown the best."""
SCALE = 6.0
"""A record whose score is so much higher than another's has e times its vote."""
FIRST_AUTHOR, LAST_AUTHOR = 1.3, 1.5
"""Who stands first did most of the work, and who stands last leads it: their share beside that of the others."""
CONTRIBUTOR = 0.5
"""The share of whoever edited, collected or supervised, and did not write."""
HALF_LIFE_YEARS = 5.0
"""After so many years a vote counts half."""
SINGLE_RECORD = 0.3
"""What votes count for somebody with one record in all: one work shows a topic met, not a topic known."""


def author_share(place: int, *, authors: int) -> float:
    """The share in a record of the author at a place of the list, counted from 0."""
    if place == authors - 1:
        return LAST_AUTHOR
    return FIRST_AUTHOR if place == 0 else 1.0


@dataclass(frozen=True)
class Vote(Generic[Candidate]):
    """A record that answers a question: how well, from which year, and whom it names with which share."""

    record: str
    score: float
    year: int | None
    shares: Mapping[Candidate, float]


@dataclass(frozen=True)
class Standing(Generic[Candidate]):
    """What a candidate has got: a score, and the records that voted, those that answer best first."""

    candidate: Candidate
    score: float
    records: tuple[str, ...]


def count_votes(
    votes: Iterable[Vote[Candidate]], *, year: int, record_counts: Mapping[Candidate, int] | None = None
) -> tuple[Standing[Candidate], ...]:
    """Rank candidates by the sum of their votes.

    Document-centred votes (Balog, Azzopardi & de Rijke 2006, "Formal models for expert finding", model 2) with the
    exponential of the score (Macdonald & Ounis 2006, "Voting for candidates", expCombSUM).

    votes: the best records first. year: this one, which votes are aged by. record_counts: how many records candidates
    have in all; None where one record is as good a sign as many.
    Returns the best first, with a score of 1.0; an empty tuple for no votes.
    """
    cast = list(votes)
    best = max((vote.score for vote in cast), default=0.0)
    totals: defaultdict[Candidate, float] = defaultdict(float)
    records: defaultdict[Candidate, list[str]] = defaultdict(list)
    for vote in cast:
        weight = math.exp((vote.score - best) / SCALE) * _freshness(vote.year, year)
        for candidate, share in vote.shares.items():
            totals[candidate] += weight * share
            records[candidate].append(vote.record)
    if record_counts is not None:
        for candidate in totals:
            totals[candidate] *= 1.0 if record_counts.get(candidate, 0) > 1 else SINGLE_RECORD
    return _scaled([Standing(candidate, totals[candidate], tuple(records[candidate])) for candidate in totals])


def _freshness(year: int | None, this_year: int) -> float:
    """What the age of a record leaves of its vote; one without a year counts like one of a half-life ago."""
    age = HALF_LIFE_YEARS if year is None else max(0, this_year - year)
    return float(0.5 ** (age / HALF_LIFE_YEARS))


def _scaled(standings: list[Standing[Candidate]]) -> tuple[Standing[Candidate], ...]:
    # A stable sort: equals stay in the order in which the best records named them.
    ranked = sorted(standings, key=lambda standing: -standing.score)
    top = ranked[0].score if ranked else 1.0
    return tuple(replace(standing, score=standing.score / top) for standing in ranked)
