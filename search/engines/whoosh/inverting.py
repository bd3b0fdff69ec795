"""The postings that come of texts in memory.

A text is the numbers of its spellings. Which words those are, positions, frequencies and the order of postings
are worked out with numpy when the segment is written.
"""

import numpy as np
from numpy.typing import NDArray

from search.analysis import ANALYZERS, IsWord
from search.engines.whoosh.arrays import ArrayWriter
from search.engines.whoosh.lexicon import write_lexicon
from search.engines.whoosh.postings import Occurrences, write_postings
from search.engines.whoosh.rows import POSITION_GAP
from search.engines.whoosh.schema import words_field
from search.engines.whoosh.sorted_arrays import distinct, sums
from search.engines.whoosh.spellings import Spellings
from search.engines.whoosh.texts import Placement, Texts


class Inverter:
    """Turns texts into postings."""

    def __init__(self, spellings: Spellings, texts: Texts, placement: Placement, *, entry_count: int) -> None:
        self._spellings = spellings
        self._words = spellings.words()
        self._entries, placed, self._analyzers = placement.columns()
        self._lengths = texts.lengths(placed)
        self._read = [texts.spellings_of(placed[self._analyzers == number]) for number in range(len(ANALYZERS))]
        """By analyzer, the spellings of its texts one after the other."""
        self._before = [sums(self._spellings.widths.take(read)) for read in self._read]
        """By analyzer, for each spelling in its texts and for their end, how many positions were taken before it."""
        self._widths = self._find_widths()
        self._first_positions = self._find_first_positions()
        self._entry_count = entry_count

    def write(self, writer: ArrayWriter, *, is_known: IsWord) -> NDArray[np.int64]:
        """Write the words and postings of each analyzer; returns of each entry how many of its words say something."""
        own = self._compound_words()
        lengths = np.zeros(self._entry_count, np.int64)
        for analyzer_number, analyzer in enumerate(ANALYZERS):
            occurrences, numbers = self._invert(analyzer_number)
            words = [self._words[number] for number in numbers.tolist()]
            name = words_field(analyzer.name)
            write_lexicon(
                writer,
                name,
                words,
                self._spellings.facts(numbers, words, analyzer),
                analyzer=analyzer,
                is_word=lambda word: word in own or is_known(word),
            )
            write_postings(writer, name, occurrences, word_count=len(words))
            speaks = self._spellings.speaks(analyzer)[numbers]
            lengths += np.bincount(occurrences.entries[speaks.take(occurrences.words)], minlength=len(lengths))
        return lengths

    def _compound_words(self) -> frozenset[str]:
        """Every word of the texts in which compounds are written as one, as `Segment.compound_words` has them."""
        used = np.zeros(len(self._words), np.bool_)
        for number, analyzer in enumerate(ANALYZERS):
            if analyzer.split_compound:
                _, words, _ = self._spellings.words_in(distinct(self._read[number]))
                used[words] = True
        return frozenset(self._words[word] for word in np.flatnonzero(used).tolist())

    def zone_positions(self, zones: NDArray[np.int32]) -> NDArray[np.int32]:
        """The first position of each zone and the one after its last, in rows; so of places in `zones`."""
        positions = np.zeros_like(zones)
        is_there = zones[:, 1] > zones[:, 0]
        first, last = zones[is_there, 0], zones[is_there, 1] - 1
        positions[is_there, 0] = self._first_positions[first]
        positions[is_there, 1] = self._first_positions[last] + self._widths[last]
        return positions

    def _find_widths(self) -> NDArray[np.int32]:
        """By place, how many positions its text takes."""
        widths = np.zeros(len(self._entries), np.int32)
        for number, before in enumerate(self._before):
            mine = self._analyzers == number
            ends = np.cumsum(self._lengths[mine])
            widths[mine] = before[ends] - before[ends - self._lengths[mine]]
        return widths

    def _find_first_positions(self) -> NDArray[np.int32]:
        """By place, the first position of its text in its entry."""
        steps = self._widths.astype(np.int64) + POSITION_GAP
        before = np.cumsum(steps) - steps
        is_first = np.ones(len(before), np.bool_)
        is_first[1:] = self._entries[1:] != self._entries[:-1]
        firsts = np.flatnonzero(is_first)
        counts = np.diff(firsts, append=len(before))
        return (before - np.repeat(before[firsts], counts)).astype(np.int32)

    def _invert(self, number: int) -> tuple[Occurrences, NDArray[np.int32]]:
        """The occurrences of words in the texts of one analyzer, and the words in the order that these number."""
        mine = self._analyzers == number
        lengths = self._lengths[mine]
        before = self._before[number]
        # That counts through all texts; each text begins anew.
        shifts = self._first_positions[mine] - before[np.cumsum(lengths) - lengths]
        begins = before[:-1] + np.repeat(shifts, lengths)
        entries = np.repeat(self._entries[mine], lengths)
        counts, words, offsets = self._spellings.words_in(self._read[number])
        positions = np.repeat(begins, counts) + offsets
        numbers, words = self._spellings.sort(words)
        return Occurrences(words, np.repeat(entries, counts), positions), numbers
