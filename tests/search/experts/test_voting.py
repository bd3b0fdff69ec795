"""How votes are counted, on plain values."""

import pytest

from search.experts.voting import HALF_LIFE_YEARS, SINGLE_RECORD, Standing, Vote, author_share, count_votes


def vote(record: str, score: float, *names: str, year: int | None = 2026) -> Vote[str]:
    return Vote(record, score, year, dict.fromkeys(names, 1.0))


def names(standings: tuple[Standing[str], ...]) -> list[str]:
    return [standing.candidate for standing in standings]


def test_a_better_record_gives_more():
    standings = count_votes([vote("best", 9.0, "ada"), vote("other", 3.0, "bas")], year=2026)

    assert names(standings) == ["ada", "bas"]
    assert standings[0].score == 1.0
    assert standings[1].score == pytest.approx(2.718281828**-1)


def test_many_good_records_outweigh_one_that_is_a_little_better():
    cast = [vote("best", 9.0, "ada"), vote("one", 8.0, "bas"), vote("two", 7.0, "bas")]

    standings = count_votes(cast, year=2026)

    assert names(standings) == ["bas", "ada"]
    assert standings[0].records == ("one", "two")


def test_first_and_last_authors_have_a_larger_share():
    first, middle, last = (author_share(place, authors=3) for place in range(3))

    assert middle < first < last
    assert author_share(0, authors=1) == last


def test_age_halves_a_vote_and_an_unknown_year_counts_like_one_half_life():
    old = 2026 - int(HALF_LIFE_YEARS)
    cast = [vote("new", 5, "ada"), vote("old", 5, "bas", year=old), vote("undated", 5, "cas", year=None)]

    standings = count_votes([*cast, vote("next year", 5, "dee", year=2027)], year=2026)

    assert {standing.candidate: standing.score for standing in standings} == {
        "ada": 1.0,
        "bas": 0.5,
        "cas": 0.5,
        "dee": 1.0,
    }


def test_a_single_record_in_all_is_a_weak_sign():
    cast = [vote("one", 5, "ada"), vote("two", 4, "bas")]

    standings = count_votes(cast, year=2026, record_counts={"ada": 1, "bas": 2})

    assert names(standings) == ["bas", "ada"]
    assert standings[1].score == pytest.approx(SINGLE_RECORD * 2.718281828 ** (1 / 6))


def test_no_votes_rank_nobody():
    assert count_votes([], year=2026) == ()
