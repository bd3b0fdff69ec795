"""Words that a stemmer gets wrong: each goes with the forms written beside it, and with nothing else."""

from collections.abc import Collection

Keys = tuple[str, ...]


def keys_by_hand(families: str, *, alone: Collection[str], language: str) -> dict[str, Keys]:
    """The one key of each of these words; a stemmer is to be asked for all others.

    families: the forms of one word on each line, folded; they share a key.
    alone: words that go with nothing else.
    language: what keeps these keys apart from those of another language, as a BCP 47 code.
    """
    keys: dict[str, Keys] = {word: (f"{language}:{word}",) for word in alone}
    for family in map(str.split, families.strip().splitlines()):
        keys |= dict.fromkeys(family, (f"{language}:{family[0]}",))
    return keys
