"""Names of people for comparing: folded, taken apart, and how far two of them are alike. Plain values only."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from publications.formats.names import PARTICLES, SUFFIXES
from publications.vocabularies import Likeness

# Letters that Unicode does not decompose into a plain one and an accent.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
ALL_PARTICLES = PARTICLES | frozenset(
    {"del", "della", "delle", "dei", "degli", "dal", "das", "des", "zu", "zum", "zur", "vom", "vander", "vande"}
    | {"el", "al", "bin", "ibn", "ben", "af", "av", "op", "in", "lo", "'s", "’s", "’t", "t", "s", "d", "l"}
)
"""As they stand in names, and as folding leaves them: "'t" is "t", the "d'" of "d'Ancona" is "d"."""
PLAIN_SUFFIXES = frozenset(suffix.strip(".") for suffix in SUFFIXES)
ELIDED = re.compile(r"^[dl]['’](?=\w)", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
SHORTEST_MISSPELT = 5
"""Of shorter names one letter is too much of the name: Jan and Jon are two."""
# What one letter becomes in another spelling, and what of doubled letters is heard.
OTHER_SPELLINGS = (
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ij", "y"),
    ("ph", "f"),
    ("ck", "k"),
    ("th", "t"),
    ("sch", "sh"),
)


def fold_name(text: str) -> str:
    """The name without case, accents and punctuation: "J.-P. Möller" and "j p moller" are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", plain.translate(PLAIN_LETTERS)))


def respell(folded: str) -> str:
    """A folded name in a spelling that others of it share: "moeller" and "moller", "kuijpers" and "kuypers"."""
    for written, heard in OTHER_SPELLINGS:
        folded = folded.replace(written, heard)
    return re.sub(r"([^\W\d])\1+", r"\1", folded)


@dataclass(frozen=True)
class FoldedName:
    """A person's name for comparing: given names or initials, the family name with its particles, "jr" or "iii"."""

    given: tuple[str, ...]
    family: str
    suffix: str = ""

    @cached_property
    def whole(self) -> str:
        """Given names first; in Chinese characters the family name, as it is written."""
        if HAN.fullmatch(self.family):
            return self.family + "".join(self.given)
        return " ".join(filter(None, [*self.given, self.family, self.suffix]))

    @cached_property
    def core(self) -> str:
        """The family name without particles: "heuvel eibrink"."""
        words = self.family.split()
        while len(words) > 1 and words[0] in ALL_PARTICLES:
            words = words[1:]
        return " ".join(words)

    @property
    def has_full_given_name(self) -> bool:
        return bool(self.given) and len(self.given[0]) > 1


def fold_person_name(given_name: str, family_name: str) -> FoldedName:
    """Folded, with particles and suffixes put where they belong: "Jan van den" "Berg", "Martin Jr." "King"."""
    given, family = given_name.split(), family_name.split()
    suffix = _take_suffix(family) or _take_suffix(given)
    particles = _particles_at_end(given)
    if particles:
        given, family = given[:-particles], [*given[-particles:], *family]
    folded = fold_name(" ".join(ELIDED.sub(lambda found: f"{found.group()} ", word) for word in family))
    return FoldedName(tuple(fold_name(" ".join(given)).split()), folded, suffix)


def _take_suffix(words: list[str]) -> str:
    """The suffix at the end of these words, which it leaves: "jr"."""
    if len(words) > 1 and words[-1].casefold().strip(".,") in PLAIN_SUFFIXES:
        return words.pop().casefold().strip(".,")
    return ""


def _is_particle(word: str) -> bool:
    """A letter by itself is an initial."""
    return len(word) > 1 and word in ALL_PARTICLES


def _particles_at_end(given: list[str]) -> int:
    """How many words at the end are particles. With a capital only where there are two: "Van" alone is a given name."""
    count = 0
    while count < len(given) - 1 and _is_particle(given[-1 - count].casefold()):
        count += 1
    found = given[len(given) - count :]
    return count if count > 1 or "".join(found).islower() else 0


def fold_printed_name(text: str) -> FoldedName:
    """A name in one piece, "Jan van den Berg": the family name begins at the first particle, or is the last word.

    One with a comma is in the order of a bibliography: "Berg, J. van den".
    """
    family, comma, given = text.partition(",")
    if comma and family.strip() and given.strip() and fold_name(given) not in PLAIN_SUFFIXES:
        return fold_person_name(given.replace(",", " "), family)
    words = text.replace(",", " ").split()
    suffix = _take_suffix(words)
    start = next((place for place, word in enumerate(words) if place and _is_particle(word)), len(words) - 1)
    return fold_person_name(" ".join(words[:start]), " ".join([*words[start:], *([suffix] if suffix else [])]))


def given_names_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether no given name contradicts the other list: "Amir H." agrees with "Amir" and "Amir Hassan"."""
    return is_spelled_alike(one, other) or all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(one, other, strict=False)
    )


def is_spelled_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether only blanks and hyphens differ: "Wei-Shi" and "Weishi"."""
    return "".join(one) == "".join(other)


def compare_names(one: FoldedName, other: FoldedName) -> Likeness | None:
    """How two names of people are alike; None where they are names of two."""
    both_suffixes = one.suffix and other.suffix and one.suffix != other.suffix
    if both_suffixes or not (one.family and other.family):
        return None
    if one.suffix != other.suffix:
        bare = compare_names(FoldedName(one.given, one.family), FoldedName(other.given, other.family))
        return Likeness.SUFFIX if bare in (Likeness.SAME, Likeness.SHORTER) else None
    if one.whole.replace(" ", "") == other.whole.replace(" ", ""):
        is_bare = any(name.given and not name.has_full_given_name for name in (one, other))
        return Likeness.SAME_INITIALS if is_bare else Likeness.SAME
    if one.given and other.given:
        for alike in (_same_family, _same_words, _same_core, _other_spelling, _longer_family):
            if found := alike(one, other):
                return found
    return None


def _same_family(one: FoldedName, other: FoldedName) -> Likeness | None:
    if one.family.replace(" ", "") != other.family.replace(" ", ""):
        return None
    if not given_names_agree(one.given, other.given):
        is_near = _are_near(one.given[0], other.given[0]) and given_names_agree(one.given[1:], other.given[1:])
        return Likeness.SPELLING if is_near else None
    full = one.has_full_given_name + other.has_full_given_name
    return (Likeness.SAME_INITIALS, Likeness.INITIALS, Likeness.SHORTER)[full]


def _same_words(one: FoldedName, other: FoldedName) -> Likeness | None:
    words = [sorted([*name.given, *name.core.split()]) for name in (one, other)]
    return Likeness.ORDER if words[0] == words[1] and one.core != other.core else None


def _same_core(one: FoldedName, other: FoldedName) -> Likeness | None:
    agree = one.core == other.core and given_names_agree(one.given, other.given)
    return Likeness.PARTICLES if agree and one.has_full_given_name == other.has_full_given_name else None


def _other_spelling(one: FoldedName, other: FoldedName) -> Likeness | None:
    """The family name in another spelling, and a whole given name that is the same."""
    families = [respell(name.family.replace(" ", "")) for name in (one, other)]
    givens = [respell("".join(name.given)) for name in (one, other)]
    if families[0] != families[1] or not (one.has_full_given_name and other.has_full_given_name):
        return None
    return Likeness.SPELLING if givens[0] == givens[1] or given_names_agree(one.given, other.given) else None


def _longer_family(one: FoldedName, other: FoldedName) -> Likeness | None:
    """One has a second family name: "García" and "García Márquez", "Smit" and "Smit-de Vries"."""
    shorter, longer = sorted((one.core.split(), other.core.split()), key=len)
    begins = len(shorter) < len(longer) and longer[: len(shorter)] == shorter
    same_given = one.given[0] == other.given[0] and one.has_full_given_name
    return Likeness.SECOND_NAME if begins and same_given and given_names_agree(one.given, other.given) else None


def _are_near(one: str, other: str) -> bool:
    """Whether one letter is other, missing or too many: "Marieke" and "Marijke"."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST_MISSPELT or len(longer) - len(shorter) > 1 or shorter[0] != longer[0]:
        return False
    if respell(shorter) == respell(longer):
        return True
    same = next((place for place, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shorter[same + (len(shorter) == len(longer)) :] == longer[same + 1 :]
