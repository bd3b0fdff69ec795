"""Records that are like another one, by the words that set it apart."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from search.analysis import Analyzer, get_analyzer
from search.analysis.tokens import tokenize
from search.engines.whoosh.matching import Matcher
from search.engines.whoosh.ordering import first_records
from search.engines.whoosh.snapshots import View
from search.engines.whoosh.suggesting import readable_entries
from search.queries import Or, Word
from search.requests import SearchRequest

# Of one text, the words that are rare in the collection and frequent in it say most; more of them change little.
MAX_TELLING_WORDS = 25
TITLE_WEIGHT = 2
MIN_WORD_LENGTH = 3


def similar_records(view: View, record_id: str, limit: int) -> tuple[str, ...]:
    """The ids of the records most like this one, best first.

    The words of its title and abstract with the highest product of frequency and rarity are asked for together: what
    the metadata of a live record say is public, so the answer shows nothing of pages that a reader may not read.
    """
    record = view.snapshot.number_of(record_id)
    if record is None:
        return ()
    query = Or(tuple(_telling_words(view, record)))
    match = Matcher(view).evaluate(query)
    request = SearchRequest(query, reader=view.reader, page_size=limit + 1)
    found = first_records(view.snapshot, match, request)
    return tuple(view.snapshot.record_id(other) for other in found if other != record)[:limit]


def _telling_words(view: View, record: int) -> Iterator[Word]:
    content = view.snapshot.content(int(view.snapshot.metadata_entries[record]))
    title, language = content["title"]
    counts: Counter[tuple[str, Analyzer]] = Counter()
    for text, its_language, weight in (
        (title, language, TITLE_WEIGHT),
        *((t, lang, 1) for t, lang in content["abstracts"]),
    ):
        analyzer = get_analyzer(its_language)
        for token in tokenize(text):
            if token.width == 1 and len(token.term) >= MIN_WORD_LENGTH and token.term not in analyzer.stop_words:
                counts[token.term, analyzer] += weight
    worth = {word: count * _rarity(view, *word) for word, count in counts.items()}
    for word, analyzer in sorted(worth, key=lambda item: (-worth[item], item[0]))[:MAX_TELLING_WORDS]:
        yield Word(word, weight=float(counts[word, analyzer]))


def _rarity(view: View, word: str, analyzer: Analyzer) -> float:
    """How much a word of the texts of this analyzer tells: nothing if it stands in one readable entry only."""
    standing, _ = readable_entries(view, word, analyzer)
    return float(np.log(np.count_nonzero(view.readable) / standing)) if standing > 1 else 0.0
