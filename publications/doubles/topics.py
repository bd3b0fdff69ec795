"""Topics that may be one: a label or synonym of either language that both have, in singular or plural."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publications.doubles.pairs import Pair, candidate_pairs, pair_of
from publications.models import Topic
from publications.names import fold_name
from publications.vocabularies import Likeness

SURENESS = {Likeness.SAME: 0.9, Likeness.SYNONYM: 0.7, Likeness.PLURAL: 0.7}
SHORTEST_STEM = 4
ENDINGS = ("en", "es", "s", "n")


@dataclass(frozen=True)
class Known:
    """A topic as far as likeness goes."""

    pk: int
    labels: frozenset[str]
    synonyms: frozenset[str]


def find_topics(pks: Iterable[int] | None = None) -> list[Pair]:
    """All pairs of topics that may be one; only among some where those are named."""
    rows = Topic.objects.current().order_by("pk")
    known = [_known(row) for row in (rows if pks is None else rows.filter(pk__in=list(pks)))]
    pairs = []
    for one, other in candidate_pairs(known, keys=keys_of):
        if likeness := compare_topics(one, other):
            pairs.append(pair_of(one.pk, other.pk, SURENESS[likeness], (likeness.value,)))
    return pairs


def _known(topic: Topic) -> Known:
    labels = frozenset(filter(None, map(fold_name, (topic.label_en, topic.label_nl))))
    synonyms = [*topic.synonyms_en.splitlines(), *topic.synonyms_nl.splitlines()]
    return Known(topic.pk, labels, frozenset(filter(None, map(fold_name, synonyms))) - labels)


def keys_of(topic: Known) -> Iterator[str]:
    """The labels and synonyms, and the words of which each may be the plural."""
    for label in topic.labels | topic.synonyms:
        yield from stems(label)


def stems(label: str) -> set[str]:
    """The label, and what it is without the ending of a plural, which need not be a word: "klinieken" has "kliniek"."""
    endings = (end for end in ENDINGS if label.endswith(end) and len(label) - len(end) >= SHORTEST_STEM)
    return {label, *(label.removesuffix(end) for end in endings)}


def compare_topics(one: Known, other: Known) -> Likeness | None:
    """How two topics are alike; None where they are two."""
    if one.labels & other.labels:
        return Likeness.SAME
    if (one.labels | one.synonyms) & (other.labels | other.synonyms):
        return Likeness.SYNONYM
    for singular, plural in ((one, other), (other, one)):
        if any(singular.labels & stems(label) for label in plural.labels):
            return Likeness.PLURAL
    return None
