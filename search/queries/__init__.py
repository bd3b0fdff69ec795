"""The reader's query as a tree, and the parser that makes it from what was typed.

`parse("low-dose AND title:scan* NOT (mri OR \\"spin echo\\")")` gives a tree of the nodes below; each engine makes its
own query from it. Nothing here knows an engine or Django.

Words side by side belong together more closely than NOT, AND and OR, in this order: `lung cancer AND screening` is
`(lung cancer) AND screening`. Words side by side are alternatives, and more and rarer ones rank higher. A field beside
them narrows, as a filter does: `lung cancer year:2019 year:2020` is `(lung cancer) AND (year:2019 OR year:2020)`.
"""

from search.queries.framing import unframe
from search.queries.identifiers import bare_identifier
from search.queries.parsing import (
    MAX_CLAUSES,
    MAX_DEPTH,
    MAX_EXPANDED,
    parse,
    parse_leniently,
    parse_plain,
)
from search.queries.spelling import Piece, Respelling, respell, spelt_words
from search.queries.tree import (
    And,
    Everything,
    Expansions,
    Fuzzy,
    Leaf,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Wildcard,
    Word,
    leaves,
    wanted_leaves,
)
from search.queries.wildcards import folded_wildcard, wildcard_pattern

__all__ = [
    "MAX_CLAUSES", "MAX_DEPTH", "MAX_EXPANDED", "And", "Everything", "Expansions", "Fuzzy", "Leaf", "Not", "Or",
    "Phrase", "Piece", "Prefix", "Query", "Range", "Respelling", "Wildcard", "Word", "bare_identifier",
    "folded_wildcard", "leaves", "parse", "parse_leniently", "parse_plain", "respell", "spelt_words",
    "unframe", "wanted_leaves", "wildcard_pattern",
]  # fmt: skip
