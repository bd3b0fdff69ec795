"""Organisations that may be one: names that are alike, website, city, people."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from publications.doubles.pairs import Pair, candidate_pairs, pair_of
from publications.models import Organisation, PersonAffiliation
from publications.names import fold_name, respell
from publications.vocabularies import Evidence, Likeness

SAYS_NOTHING = frozenset(
    {"the", "of", "for", "and", "at", "in", "a", "de", "het", "een", "van", "voor", "en", "te", "bij", "der", "des"}
    | {"le", "la", "les", "bv", "nv", "inc", "ltd", "gmbh", "llc", "plc", "sa", "ag"}
)
SHORTEST_ABBREVIATION = 3
LEAST_WORDS = 2
"""A name of one word begins too many others: "Philips" and "Philips Universität"."""
SURENESS = {Likeness.SAME: 0.85, Likeness.ORDER: 0.75, Likeness.SPELLING: 0.7, Likeness.ABBREVIATION: 0.5,
            Likeness.LONGER: 0.45}  # fmt: skip
WEBSITE, CITY, PEOPLE, COUNTRY = 0.2, 0.05, 0.1, -0.4
ONLY_WEBSITE = 0.5
MOST_SURE, LEAST = 0.98, 0.4


@dataclass(frozen=True)
class Known:
    """An organisation as far as likeness goes."""

    pk: int
    ror: str
    names: tuple[tuple[str, ...], ...]
    """The words of each name, without those that say nothing."""
    website: str
    city: str
    country: str


def find_organisations(pks: Iterable[int] | None = None) -> list[Pair]:
    """All pairs of organisations that may be one; only among some where those are named."""
    pairs: list[tuple[Known, Known, Likeness | None]] = []
    for one, other in candidate_pairs(_load(pks), keys=keys_of):
        if one.ror and other.ror:  # no two have the same one
            continue
        found = {likeness for a in one.names for b in other.names if (likeness := compare_words(a, b))}
        if found or (one.website and one.website == other.website):
            pairs.append((one, other, max(found, key=SURENESS.__getitem__) if found else None))
    people = _people_of({thing.pk for one, other, _likeness in pairs for thing in (one, other)})
    judged = [_judge(one, other, likeness, people) for one, other, likeness in pairs]
    return [pair for pair in judged if pair.confidence >= LEAST]


def _load(pks: Iterable[int] | None) -> Iterator[Known]:
    rows = Organisation.objects.current().order_by("pk")
    for row in rows if pks is None else rows.filter(pk__in=list(pks)):
        names = dict.fromkeys(filter(None, map(words_of, row.all_names)))
        yield Known(row.pk, row.ror, tuple(names), host_of(row.url), fold_name(row.city), row.country.upper())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that set it apart: "the University of Twente" has two."""
    words = fold_name(name).split()
    return tuple(word for word in words if word not in SAYS_NOTHING) or tuple(words)


def host_of(url: str) -> str:
    """Whose website it is, where the address is that of the whole site."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www.") if parts.path in ("", "/") else ""


def keys_of(organisation: Known) -> Iterator[tuple[str, str]]:
    """What an organisation shares with whatever may be the same."""
    if organisation.website:
        yield "website", organisation.website
    for words in organisation.names:
        yield "words", " ".join(sorted(map(respell, words)))
        yield "short", "".join(words) if len(words) == 1 else "".join(word[0] for word in words)
        if len(words) >= LEAST_WORDS:
            yield "begin", " ".join(words[:LEAST_WORDS])


def compare_words(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness | None:
    """How two names of organisations are alike; None where they are names of two."""
    if "".join(one) == "".join(other):
        return Likeness.SAME
    if sorted(one) == sorted(other):
        return Likeness.ORDER
    if sorted(map(respell, one)) == sorted(map(respell, other)):
        return Likeness.SPELLING
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 1 and len(longer) >= SHORTEST_ABBREVIATION:
        return Likeness.ABBREVIATION if shorter[0] == "".join(word[0] for word in longer) else None
    begins = len(shorter) >= LEAST_WORDS and longer[: len(shorter)] == shorter
    return Likeness.LONGER if begins and not re.search(r"\d", "".join(longer)) else None


def _people_of(pks: set[int]) -> defaultdict[int, set[int]]:
    people: defaultdict[int, set[int]] = defaultdict(set)
    ordered = sorted(pks)
    for start in range(0, len(ordered), 500):
        rows = PersonAffiliation.objects.filter(organisation__in=ordered[start : start + 500])
        for organisation, person in rows.values_list("organisation_id", "person_id"):
            people[organisation].add(person)
    return people


def _judge(one: Known, other: Known, likeness: Likeness | None, people: defaultdict[int, set[int]]) -> Pair:
    reasons: list[str] = [likeness.value] if likeness else []
    confidence = SURENESS[likeness] if likeness else ONLY_WEBSITE - WEBSITE
    for evidence, weight, holds in (
        (Evidence.WEBSITE, WEBSITE, one.website and one.website == other.website),
        (Evidence.PEOPLE, PEOPLE, people[one.pk] & people[other.pk]),
        (Evidence.CITY, CITY, one.city and one.city == other.city),
        (Evidence.COUNTRY, COUNTRY, one.country and other.country and one.country != other.country),
    ):
        if holds:
            confidence, reasons = confidence + weight, [*reasons, evidence.value]
    return pair_of(one.pk, other.pk, round(min(confidence, MOST_SURE), 2), tuple(reasons))
