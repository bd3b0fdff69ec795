"""Where words stand in an index from A to Z."""

import unicodedata


def alphabet_key(text: str) -> tuple[str, str]:
    """The letter under which a text stands, "#" for none of A to Z, and what it sorts by there."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in plain if not unicodedata.combining(character)).casefold().strip()
    letter = bare[:1].upper()
    return (letter if "A" <= letter <= "Z" else "#", bare)
