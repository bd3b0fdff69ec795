"""Words of the collection that a word of the query stands for besides its own forms, and words it may have meant."""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from search.analysis import ANALYZERS
from search.analysis.patterns import joined_term, word_patterns
from search.engines.whoosh.matching import Matcher, Wanted
from search.engines.whoosh.snapshots import View
from search.engines.whoosh.suggesting import as_written, readable_entries
from search.engines.whoosh.wordsets import readable_counts
from search.queries import Expansions, Fuzzy, Query, Wildcard, Word, wanted_leaves

# A word of so many letters may be meant by one that is one edit away, a longer one by one two edits away.
SHORTEST_CORRECTED = 4
SHORTEST_CORRECTED_TWICE = 7
COMPOUNDING = tuple(analyzer for analyzer in ANALYZERS if analyzer.split_compound)


def expansions_of(view: View, wanted: Iterable[Wanted]) -> Expansions:
    """For leaves of a query, the words that they found besides their own forms, of those that the reader can find.

    Nothing for a prefix, of which the beginning says it all, nor for what found nothing.
    """
    return frozenset((item.leaf, words) for item in wanted if (words := _words_of(view, item)))


def _words_of(view: View, wanted: Wanted) -> frozenset[str]:
    match wanted.leaf:
        case Word():
            return frozenset(_compounds_of(view, wanted.leaf))
        case Wildcard() | Fuzzy():
            return frozenset(word for words in wanted.words for word in words.texts())
    return frozenset()


def _compounds_of(view: View, word: Word) -> Iterator[str]:
    """The compounds of which a free word is a part."""
    patterns = word_patterns(word.text)
    if word.field or len(patterns) != 1 or len(patterns[0]) != 1:
        return
    for analyzer in COMPOUNDING:
        for segment, base in zip(view.snapshot.segments, view.snapshot.entry_bases, strict=True):
            field = segment.field(analyzer)
            found = field.lexicon.compounds(patterns[0][0][1])
            if len(found) and not view.reads_all:
                found = found[readable_counts(view, field, base, found) > 0]
            yield from field.lexicon.texts(found.tolist())


def correct(view: View, query: Query) -> dict[str, str]:
    """For each free word that stands in nothing the reader may find, the nearest word that does, as it is written."""
    matcher = Matcher(view)
    corrections = {}
    for word in _free_words(query):
        is_found = word.text in corrections or len(matcher.evaluate(word).records) > 0
        if not is_found and (meant := _nearest(view, word.text)):
            corrections[word.text] = meant
    return corrections


def _free_words(query: Query) -> Iterator[Word]:
    for leaf in wanted_leaves(query):
        if isinstance(leaf, Word) and not leaf.field:
            yield leaf


def _nearest(view: View, text: str) -> str:
    """The nearest word by edits, then the one that most readable entries have; "" if there is none."""
    typed = joined_term(text)
    if len(typed) < SHORTEST_CORRECTED or not typed.isalpha():
        return ""
    for distance in (1, 2) if len(typed) >= SHORTEST_CORRECTED_TWICE else (1,):
        if found := _words_near(view, typed, distance):
            word = max(found, key=lambda word: (found[word], word))
            return as_written(view, _entry_with(view, word), word)
    return ""


def _words_near(view: View, typed: str, distance: int) -> Counter[str]:
    """Words about so far away that the reader can find, and in how many entries."""
    found: Counter[str] = Counter()
    for analyzer in ANALYZERS:
        for segment, base in zip(view.snapshot.segments, view.snapshot.entry_bases, strict=True):
            field = segment.field(analyzer)
            near = np.array([place for place, _ in field.lexicon.near(typed, distance)], np.int64)
            counts = readable_counts(view, field, base, near).tolist()
            for word, count in zip(field.lexicon.texts(near.tolist()), counts, strict=True):
                if count:
                    found[word] += count
    return found


def _entry_with(view: View, word: str) -> int:
    """A readable entry with a word that there is in one."""
    return max(readable_entries(view, word, analyzer)[1] for analyzer in ANALYZERS)
