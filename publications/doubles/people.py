"""People who may be one: names that are alike, and whom they wrote with and where they work."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publications.doubles.pairs import Pair, candidate_pairs, pair_of
from publications.models import Contribution, ContributionAffiliation, Person, PersonAffiliation
from publications.names import FoldedName, compare_names, fold_person_name, fold_printed_name, respell
from publications.vocabularies import Evidence, Likeness

SURENESS = {
    Likeness.SAME: 0.8,
    Likeness.SHORTER: 0.7,
    Likeness.PARTICLES: 0.65,
    Likeness.ORDER: 0.6,
    Likeness.SPELLING: 0.6,
    Likeness.SAME_INITIALS: 0.6,
    Likeness.SECOND_NAME: 0.5,
    Likeness.INITIALS: 0.5,
    Likeness.SUFFIX: 0.4,
}
WROTE_TOGETHER, SAME_EMPLOYER, OTHER_EMPLOYERS = 0.2, 0.1, -0.1
MOST_SURE = 0.98
LEAST = 0.4
"""What is less sure than this wastes an editor's time."""
MOST_MEANT = 3
"""Initials that fit more people than this fit nobody in particular."""
MOST_JUDGED = 20_000
"""The names that are most alike; more than that nobody looks through."""
AT_ONCE = 500


@dataclass(frozen=True)
class Known:
    """A person as far as likeness goes."""

    pk: int
    orcid: str
    names: tuple[FoldedName, ...]

    @property
    def is_initials(self) -> bool:
        """Whether no form of the name has a given name in full."""
        return not any(name.has_full_given_name for name in self.names)


def find_people(pks: Iterable[int] | None = None) -> list[Pair]:
    """All pairs of people who may be one; only among some people where those are named."""
    found = _without_crowds(_alike(load_people(pks)))
    found.sort(key=lambda pair: -SURENESS[pair[2]])
    return judge(found[:MOST_JUDGED])


def load_people(pks: Iterable[int] | None = None) -> Iterator[Known]:
    """Everybody who was not merged, or those of these keys."""
    rows = Person.objects.current().order_by("pk")
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    values = rows.values_list("pk", "given_name", "family_name", "other_names", "orcid")
    for pk, given, family, others, orcid in values.iterator(chunk_size=AT_ONCE):
        names = [fold_person_name(given, family), *map(fold_printed_name, others.splitlines())]
        yield Known(pk, orcid, tuple(dict.fromkeys(name for name in names if name.family)))


def keys_of(person: Known) -> Iterator[tuple[str, str]]:
    """What somebody shares with whoever may be the same."""
    for name in person.names:
        yield "whole", name.whole.replace(" ", "")
        if name.given:
            family = respell(name.core.replace(" ", ""))
            yield name.given[0][0], family
            if name.has_full_given_name:
                # Where the initial and the family name are everybody's, a given name in full sets a few apart.
                yield name.given[0], family
                yield name.given[0], respell(name.core.split()[0])
                yield "words", " ".join(sorted([*name.given, *name.core.split()]))


Found = tuple[Known, Known, Likeness]


def _alike(people: Iterable[Known]) -> Iterator[Found]:
    for one, other in candidate_pairs(people, keys=keys_of):
        if one.orcid and other.orcid:  # no two have the same one
            continue
        found = {likeness for a in one.names for b in other.names if (likeness := compare_names(a, b))}
        if found:
            yield one, other, max(found, key=SURENESS.__getitem__)


def _without_crowds(found: Iterable[Found]) -> list[Found]:
    """Without initials that could be any of many."""
    found = list(found)
    fits: defaultdict[int, int] = defaultdict(int)
    for one, other, likeness in found:
        if likeness == Likeness.INITIALS:
            fits[one.pk if one.is_initials else other.pk] += 1
    return [
        (one, other, likeness)
        for one, other, likeness in found
        if likeness != Likeness.INITIALS or fits[one.pk if one.is_initials else other.pk] <= MOST_MEANT
    ]


def judge(found: list[Found]) -> list[Pair]:
    """How sure each pair is, by what is known of the two besides their names."""
    pks = {person.pk for one, other, _likeness in found for person in (one, other)}
    works, employers = _works_of(pks), _employers_of(pks)
    authors = _authors_of({record for parts in works.values() for record, _role in parts})
    pairs = []
    for one, other, likeness in found:
        if works[one.pk] & works[other.pk]:  # two lines of one author list are two people
            continue
        confidence, reasons = SURENESS[likeness], [likeness.value]
        together = [set().union(*(authors[record] for record, _role in works[person.pk])) for person in (one, other)]
        if together[0] & together[1] - {one.pk, other.pk}:
            confidence, reasons = confidence + WROTE_TOGETHER, [*reasons, Evidence.CO_AUTHORS.value]
        if employers[one.pk] & employers[other.pk]:
            confidence, reasons = confidence + SAME_EMPLOYER, [*reasons, Evidence.EMPLOYER.value]
        elif employers[one.pk] and employers[other.pk]:
            confidence, reasons = confidence + OTHER_EMPLOYERS, [*reasons, Evidence.OTHER_EMPLOYERS.value]
        if confidence >= LEAST:
            pairs.append(pair_of(one.pk, other.pk, round(min(confidence, MOST_SURE), 2), tuple(reasons)))
    return pairs


def _works_of(pks: set[int]) -> defaultdict[int, set[tuple[int, str]]]:
    works: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for some in _chunks(pks):
        rows = Contribution.objects.filter(person__in=some).values_list("person_id", "record_id", "role")
        for person, record, role in rows:
            works[person].add((record, role))
    return works


def _authors_of(records: set[int]) -> defaultdict[int, set[int]]:
    authors: defaultdict[int, set[int]] = defaultdict(set)
    for some in _chunks(records):
        rows = Contribution.objects.filter(record__in=some, person__isnull=False)
        for record, person in rows.values_list("record_id", "person_id"):
            authors[record].add(person)
    return authors


def _employers_of(pks: set[int]) -> defaultdict[int, set[int]]:
    employers: defaultdict[int, set[int]] = defaultdict(set)
    for some in _chunks(pks):
        rows = PersonAffiliation.objects.filter(person__in=some).values_list("person_id", "organisation_id")
        printed = ContributionAffiliation.objects.filter(contribution__person__in=some, organisation__isnull=False)
        for person, organisation in [*rows, *printed.values_list("contribution__person_id", "organisation_id")]:
            employers[person].add(organisation)
    return employers


def _chunks(keys: set[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
