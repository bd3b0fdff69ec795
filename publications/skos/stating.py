"""What a topic would say after a file: the file's words beside, or in place of, those that it has."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from publications.models.bilingual import SITE_LANGUAGES
from publications.skos.concepts import Concept, Words
from publications.skos.describing import words_from
from publications.skos.files import slug_of
from publications.skos.hub import State, folded

Key = int | str


def state_after(before: State, concept: Concept, *, links: Mapping[str, Any], replaces: bool) -> State:
    """The state of a topic after a concept.

    links: `broader` and `related` of the concept as keys. replaces: whether what the file lacks is taken away.
    """
    after = dict(before)
    merge = _merger(replaces)
    for language in SITE_LANGUAGES:
        words = words_in(concept, language)
        for name in ("label", "definition"):
            if concept.says(f"{name}_{language}"):
                after[f"{name}_{language}"] = getattr(words, name) or ("" if replaces else before[f"{name}_{language}"])
        if concept.says(f"synonyms_{language}"):
            after[f"synonyms_{language}"] = merge(before[f"synonyms_{language}"], words.synonyms)
    if concept.says("broader"):
        after["broader"] = links["broader"] or (None if replaces else before["broader"])
    if concept.says("related"):
        after["related"] = links["related"] if replaces else before["related"] | links["related"]
    if concept.says("exact_matches"):
        after["exact_matches"] = merge(before["exact_matches"], concept.exact_matches)
    after["exact_matches"] = merge_lines(after["exact_matches"], foreign_name(concept))
    after["other_languages"] = _other_languages(before["other_languages"], concept, merge, replaces=replaces)
    return after


def words_in(concept: Concept, language: str) -> Words:
    """The concept's words in a language of the site; with those of a region of it (en-GB), where it has no label."""
    own = concept.words.get(language, Words())
    if (regional := _region_for(concept, language)) is None:
        return own
    more = concept.words[regional]
    return Words(more.label, merge_lines(own.synonyms, more.synonyms), own.definition or more.definition)


def _region_for(concept: Concept, language: str) -> str | None:
    if language in concept.words and concept.words[language].label:
        return None
    regions = (name for name, words in concept.words.items() if name.startswith(f"{language}-") and words.label)
    return min(regions, default=None)


def foreign_name(concept: Concept) -> tuple[str, ...]:
    """The name that a concept of another vocabulary has there."""
    return (concept.uri,) if ":" in concept.uri and not slug_of(concept.uri) else ()


def merge_lines(before: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """All of them, each once however it is spelt."""
    known: dict[str, str] = {}
    for line in (*before, *new):
        known.setdefault(folded(line), line)
    return tuple(known.values())


def _merger(replaces: bool) -> Callable[[Iterable[str], Iterable[str]], tuple[str, ...]]:
    def merge(before: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
        kept = tuple(before)
        merged = merge_lines(() if replaces else kept, new)
        # The same lines in another order are no change.
        return kept if set(merged) == set(kept) else merged

    return merge


def _other_languages(before: dict[str, Any], concept: Concept, merge: Any, *, replaces: bool) -> dict[str, Any]:
    taken = {name for language in SITE_LANGUAGES if (name := _region_for(concept, language))}
    speaks_of = set(concept.words) - set(SITE_LANGUAGES) - taken
    after = {} if replaces and concept.said is None else dict(before)
    for language in sorted(speaks_of):
        was, words = words_from(before.get(language, {})), concept.words[language]
        said = {
            "label": words.label or ("" if replaces else was.label),
            "synonyms": list(merge(was.synonyms, words.synonyms)),
            "definition": words.definition or ("" if replaces else was.definition),
        }
        if any(said.values()):
            after[language] = said
        else:
            after.pop(language, None)
    return after
