"""What Whoosh is told about an index: its fields, and how positions and keywords are read from their postings.

There is one field of words for each analyzer (`text_en`, `text_nl`, …), in which words stand as they are written
(folded), and one of identifiers. Which part of an entry is its title or its abstract is known by position: see `rows`.
"""

from collections.abc import Iterable

from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions

from search.analysis import ANALYZERS

IDENTIFIERS = "doi"


class WordsField(FieldType):
    """Words with their positions."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)

    def to_bytes(self, value: str | bytes) -> bytes:
        """A word as the index keeps it."""
        return value if isinstance(value, bytes) else term_bytes(value)


class IdentifiersField(WordsField):
    """Whole values."""

    def __init__(self) -> None:
        FieldType.__init__(self, Existence(), None)


def term_bytes(text: str) -> bytes:
    """A term as the index keeps it; text from outside may hold half a character."""
    return text.encode("utf-8", "surrogatepass")


def terms_bytes(texts: Iterable[str]) -> list[bytes]:
    """The same of many, in three quarters of the time."""
    return [text.encode("utf-8", "surrogatepass") for text in texts]


def term_text(term: bytes) -> str:
    """The term as text again."""
    return term.decode("utf-8", "surrogatepass")


def terms_texts(terms: Iterable[bytes]) -> list[str]:
    """The same of many, in three quarters of the time."""
    return [term.decode("utf-8", "surrogatepass") for term in terms]


def words_field(analyzer: str) -> str:
    """The field with the words of the texts of one analyzer."""
    return f"text_{analyzer}"


def make_schema() -> Schema:
    """The fields of an index."""
    schema = Schema(**{IDENTIFIERS: IdentifiersField()})
    for analyzer in ANALYZERS:
        schema.add(words_field(analyzer.name), WordsField())
    return schema
