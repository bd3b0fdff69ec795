"""Two that may be one: pairs of people, organisations or topics that look alike, how sure and why.

`pairs.py` compares what shares a key, so that the work grows with the number of things and not with its square.
`people.py`, `organisations.py` and `topics.py` say what is compared and how; `keeping.py` keeps the list.
"""

from publications.doubles.keeping import (
    are_distinct,
    distinguish,
    doubles_waiting,
    note_doubles,
    refresh_doubles,
    take_back_distinction,
)

__all__ = [
    "are_distinct",
    "distinguish",
    "doubles_waiting",
    "note_doubles",
    "refresh_doubles",
    "take_back_distinction",
]
