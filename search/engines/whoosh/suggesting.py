"""Completions while a reader types: topics, people, titles and words of what the reader may read."""

from collections.abc import Iterator
from itertools import chain, zip_longest

import numpy as np

from search.analysis import ANALYZERS, UNKNOWN, Analyzer
from search.analysis.tokens import find_pieces, tokenize, tokens_of
from search.engines.base import Suggestion
from search.engines.whoosh.facts import KnownName, Names
from search.engines.whoosh.snapshots import View
from search.engines.whoosh.wordsets import readable_counts

KINDS = ("topic", "person", "title", "word")
# So many names of each kind are looked at in a segment: a person must not be crowded out by titles.
MAX_NAMES = 700
MAX_WORDS_TRIED = 1000
MAX_COMPLETED = 5000
MIN_WORD_LENGTH = 3
MIN_PREFIX_LENGTH = 2


def suggest(view: View, text: str, limit: int) -> tuple[Suggestion, ...]:
    """Completions of what was typed: the best of each kind in turn."""
    typed = [token.term for token in tokenize(text) if token.width == 1]
    if not typed or limit <= 0:
        return ()
    by_kind: dict[str, list[Suggestion]] = {kind: [] for kind in KINDS}
    for suggestion in _names(view, typed):
        by_kind[suggestion.kind].append(suggestion)
    if len(typed[-1]) >= MIN_PREFIX_LENGTH:
        by_kind["word"] = list(_words(view, text, typed[-1], limit))
    turns = chain.from_iterable(zip_longest(*(by_kind[kind][:limit] for kind in KINDS)))
    return tuple(suggestion for suggestion in turns if suggestion)[:limit]


def _names(view: View, typed: list[str]) -> list[Suggestion]:
    """Names and titles in which each typed word begins a word; those that begin so, then the most used."""
    used: dict[KnownName, int] = {}
    beginning = set()
    for segment, base in zip(view.snapshot.segments, view.snapshot.record_bases, strict=True):
        names = segment.facts.names
        for number, name, words in _matching_names(names, typed):
            live = int(view.snapshot.live_records[names.records(number) + base].sum())
            if live:
                used[name] = used.get(name, 0) + live
            if words[0].startswith(typed[0]):
                beginning.add(name)
    ranked = sorted(used, key=lambda name: (name not in beginning, -used[name], len(name[1]), name))
    once: dict[tuple[str, str], Suggestion] = {}
    for kind, text, key in ranked:
        once.setdefault((kind, key or text), Suggestion(text, kind, key))
    return list(once.values())


def _matching_names(names: Names, typed: list[str]) -> Iterator[tuple[int, KnownName, list[str]]]:
    """The names with a word that begins like each of the typed ones: number, name and words."""
    numbers = names.with_word_beginning(typed[-1])
    for part in typed[:-1]:
        numbers = np.intersect1d(numbers, names.with_word_beginning(part), assume_unique=True)
    for number in names.most_used(numbers, MAX_NAMES).tolist():
        name = names.name(number)
        yield number, name, [token.term for token in tokenize(name[1])]


def _words(view: View, text: str, prefix: str, limit: int) -> Iterator[Suggestion]:
    """What was typed with its last word completed, by words that most readable pages have; one form of each."""
    counts: dict[tuple[str, Analyzer], int] = {}
    for analyzer in ANALYZERS:
        for segment, base in zip(view.snapshot.segments, view.snapshot.entry_bases, strict=True):
            field = segment.field(analyzer)
            places = field.lexicon.beginning_with(prefix)
            numbers = readable_counts(view, field, base, np.arange(places.start, places.stop))
            chosen = np.flatnonzero(numbers)
            if len(chosen) > MAX_COMPLETED:
                # Two letters may begin tens of thousands of words: the ones in most entries will do.
                chosen = np.sort(chosen[np.argpartition(-numbers[chosen], MAX_COMPLETED)[:MAX_COMPLETED]])
            words = field.lexicon.texts((chosen + places.start).tolist())
            for word, count in zip(words, numbers[chosen].tolist(), strict=True):
                if _is_completion(word, prefix):
                    counts[word, analyzer] = counts.get((word, analyzer), 0) + count
    beginning = text[: _last_word_start(text)]
    for _, word, entry in _most_readable(view, counts, limit):
        yield Suggestion(beginning + as_written(view, entry, word), "word")


def _most_readable(view: View, counts: dict[tuple[str, Analyzer], int], limit: int) -> list[tuple[int, str, int]]:
    """The words that most readable entries have, one form of each: minus their number, the word, one such entry.

    counts: in how many readable entries each word stands; the search ends where no other can be better.
    """
    best: dict[str, tuple[int, str, int]] = {}
    ranked = sorted(counts, key=lambda item: (-counts[item], item[0]))
    for word, analyzer in ranked[:MAX_WORDS_TRIED]:
        if len(best) >= limit and -sorted(best.values())[limit - 1][0] > counts[word, analyzer]:
            break
        pages, entry = readable_entries(view, word, analyzer)
        key = min(UNKNOWN.keys(word))
        if pages and (-pages, word) < best.get(key, (0, ""))[:2]:
            best[key] = (-pages, word, entry)
    return sorted(best.values())[:limit]


def _is_completion(word: str, prefix: str) -> bool:
    return word != prefix and len(word) >= MIN_WORD_LENGTH and word.isalpha() and word not in UNKNOWN.stop_words


def readable_entries(view: View, word: str, analyzer: Analyzer) -> tuple[int, int]:
    """How many entries with the word the reader may read, and one of them (-1 for none)."""
    total, example = 0, -1
    for segment, base in zip(view.snapshot.segments, view.snapshot.entry_bases, strict=True):
        postings = segment.field(analyzer).find(word)
        if postings is not None:
            entries = postings.entries + base
            entries = entries[view.readable[entries]]
            total += len(entries)
            example = int(entries[0]) if len(entries) and example < 0 else example
    return total, example


def as_written(view: View, entry: int, word: str) -> str:
    """The word with its accents and hyphens as one readable text has it; a capital only where it is part of it."""
    content = view.snapshot.content(entry)
    texts = (
        [content["text"]] if "text" in content else [content["title"][0], *(text for text, _ in content["abstracts"])]
    )
    for text in texts:
        for match in find_pieces(text):
            for token in tokens_of(match.group()):
                if token.term == word:
                    written = match.group()[token.start : token.end]
                    return written.lower() if written[1:].islower() else written
    return word


def _last_word_start(text: str) -> int:
    starts = [token.start for token in tokenize(text) if token.width == 1]
    return starts[-1]
