"""Near-same titles and texts share numbers, and others do not; the numbers never change by themselves."""

import random

from publications.fingerprints import ENOUGH_SHARED, TEXTS, TITLES, text_fingerprint, title_fingerprint

WORDS = [f"{start}{end}" for start in ("lung", "dose", "heart", "scan", "wave") for end in map(chr, range(97, 123))]

TITLE_NUMBERS = [-6083132503280744693, -5780328258936987163]
TEXT_NUMBERS = [5362903763809396141, 1292258510984406423]


def text_of(seed: int, *, words: int = 2000) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def shared(one: list[int], other: list[int]) -> int:
    return len(set(one) & set(other))


def test_fingerprints_are_what_the_database_has_of_them():
    """If this fails, all that is kept has to be drawn anew: by a migration."""
    assert title_fingerprint("low dose ct")[:2] == TITLE_NUMBERS
    assert text_fingerprint(" ".join(map(str.upper, WORDS)))[:2] == TEXT_NUMBERS


def test_a_text_shares_most_numbers_with_an_edited_one():
    words = text_of(1)
    edited = [*words[:900], "and", "something", "else", *words[1000:]]

    count = shared(text_fingerprint(" ".join(words)), text_fingerprint(" ".join(edited)))

    assert count > TEXTS.bands / 2
    assert 0.8 < TEXTS.likeness(count) <= 1


def test_texts_of_the_same_words_in_another_order_share_next_to_nothing():
    fingerprints = [text_fingerprint(" ".join(text_of(seed))) for seed in range(20)]

    most = max(shared(one, other) for one in fingerprints for other in fingerprints if one is not other)

    assert most < ENOUGH_SHARED[TEXTS]


def test_a_few_words_have_no_fingerprint():
    assert text_fingerprint("Thank you for your attention") == []
    assert title_fingerprint("") == []


def test_titles_with_a_letter_wrong_share_numbers():
    title = "low dose chest ct at one tenth of the routine exposure"

    assert (
        shared(title_fingerprint(title), title_fingerprint(title.replace("chest", "cheest"))) >= ENOUGH_SHARED[TITLES]
    )
    assert shared(title_fingerprint(title), title_fingerprint("a round table on contours")) < ENOUGH_SHARED[TITLES]


def test_numbers_fit_a_database():
    assert all(-(2**63) <= number < 2**63 for number in title_fingerprint("a") + text_fingerprint(" ".join(WORDS)))
    assert len(title_fingerprint("a")) == TITLES.bands
