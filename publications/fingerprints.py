"""Fingerprints: numbers that near-same titles or texts have in common, so that an index of a database finds them.

The parts of a text are drawn into a MinHash, whose values are taken a few at a time (bands): two texts share a band
about as often as the share of parts that they have in common, to the power of the band's size. How many bands they
share tells how much they are alike (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3).

The numbers are kept. Where anything here changes them, a migration has to draw them anew.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

from rensa import RMinHash

SEED = 4
ENOUGH_WORDS = 60
"""A text of fewer words, a slide with a title, is like too many others."""


@dataclass(frozen=True)
class Banding:
    """How many numbers a fingerprint has, and of how many values each is made."""

    bands: int
    size: int

    def draw(self, parts: set[str]) -> list[int]:
        """The fingerprint of these parts: `bands` numbers of 64 bits with a sign, as a database keeps them."""
        sketch = RMinHash(num_perm=self.bands * self.size, seed=SEED)
        sketch.update(sorted(parts))
        values = sketch.digest()
        runs = (values[start : start + self.size] for start in range(0, len(values), self.size))
        return [_number(place, run) for place, run in enumerate(runs)]

    def likeness(self, shared: int) -> float:
        """The share of parts that two texts have in common, as far as so many shared numbers tell; from 0 to 1."""
        return float(min(1.0, (shared / self.bands) ** (1 / self.size)))


TITLES = Banding(bands=12, size=3)
TEXTS = Banding(bands=32, size=2)
ENOUGH_SHARED = {TITLES: 2, TEXTS: 6}
"""Fewer are shared by chance. Titles that share two have some 60 % of their letters in common, texts that share six
some 43 % of their runs of words."""


def _number(place: int, values: list[int]) -> int:
    data = b"".join(value.to_bytes(4, "big") for value in (place, *values))
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def title_fingerprint(title_key: str) -> list[int]:
    """Of a title without case, accents and punctuation, by runs of three letters; nothing of an empty one."""
    letters = f"  {title_key} "
    return TITLES.draw({letters[start : start + 3] for start in range(len(letters) - 2)}) if title_key else []


def text_fingerprint(text: str) -> list[int]:
    """Of a whole text, by runs of three words; nothing where there are too few to tell."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < ENOUGH_WORDS:
        return []
    return TEXTS.draw({" ".join(words[start : start + 3]) for start in range(len(words) - 2)})
