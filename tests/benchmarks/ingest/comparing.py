"""Comparing what was found with what is true: words, titles, names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

WORD = re.compile(r"[^\W_]+")
SAME_TITLE = 95
SAME_NAME = 92


def words(text: str) -> list[str]:
    """The words of a text as they are, in lower case."""
    return WORD.findall(text.lower())


def plain_words(text: str) -> list[str]:
    """The words of a text without ligatures and other forms of the same letters."""
    return words(unicodedata.normalize("NFKC", text))


def folded(text: str) -> str:
    """Words without accents, for titles and names."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join(plain_words("".join(letter for letter in decomposed if not unicodedata.combining(letter))))


def squeezed(text: str) -> str:
    """A text without white space, for scripts and fonts that put none or too much between words."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).lower())


def word_f1(found: str, true: str) -> float:
    """How alike two texts are as bags of words, from 0 to 1."""
    ours, theirs = Counter(plain_words(found)), Counter(plain_words(true))
    shared = (ours & theirs).total()
    if not shared:
        return 0.0
    precision, recall = shared / ours.total(), shared / theirs.total()
    return 2 * precision * recall / (precision + recall)


def share_found(true: str, text: str) -> tuple[int, int]:
    """How many of the words of a text stand in another, and how many they are."""
    there = set(words(text))
    wanted = plain_words(true)
    return sum(word in there for word in wanted), len(wanted)


def is_same_title(found: str, true: str) -> bool:
    return fuzz.ratio(folded(found), folded(true)) >= SAME_TITLE


@dataclass(frozen=True)
class NamesFound:
    """A list of authors against the true one."""

    found: int
    true: int
    right: int

    @property
    def is_whole(self) -> bool:
        return self.found == self.true == self.right


def compare_names(found: Sequence[str], true: Sequence[str]) -> NamesFound:
    """Names are the same when they are written nearly alike, or share family name and first letter.

    Registries often leave out middle names.
    """
    left = [folded(name) for name in true]
    right = 0
    for name in map(folded, found):
        same = next((other for other in left if is_same_name(name, other)), None)
        if same is not None:
            left.remove(same)
            right += 1
    return NamesFound(len(found), len(true), right)


def is_same_name(one: str, other: str) -> bool:
    if fuzz.ratio(one, other) >= SAME_NAME:
        return True
    return bool(one and other) and one.split()[-1] == other.split()[-1] and one[0] == other[0]
