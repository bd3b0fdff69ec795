"""What a word with `*` and `?` in it stands for."""

import fnmatch
import re

from search.analysis.patterns import joined_term

WILDCARDS = re.compile(r"[*?]+")


def folded_wildcard(text: str) -> str:
    """The letters of a Wildcard's text as the terms of an index have them, `*` and `?` between.

    >>> folded_wildcard("Pati**nt?n")
    'pati*nt?n'
    """
    pieces = [joined_term(piece) for piece in WILDCARDS.split(text)]
    between = ["*" if set(run) == {"*"} else run for run in WILDCARDS.findall(text)]
    return "".join(piece + run for piece, run in zip(pieces, [*between, ""], strict=True))


def wildcard_pattern(text: str) -> re.Pattern[str]:
    """What the whole of a folded word must match to be one that a Wildcard's text stands for.

    It never backtracks far, however many asterisks there are.
    """
    return re.compile(fnmatch.translate(folded_wildcard(text)))
