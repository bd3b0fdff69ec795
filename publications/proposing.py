"""Topics that a work speaks of: those whose labels or synonyms stand in its text, in any inflection, in both languages.

What stands in the title counts most, then the abstract and the keywords that are printed in a file, then its pages; a
topic that few records have tells more than one that many have.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from publications.models import FilePage, Record, RecordFile, Topic
from publications.models.bilingual import SITE_LANGUAGES
from search.widening import Label, Thesaurus, TopicLabels, Words

PAGES_READ = 12
SHORTEST_LABEL = 3
WEIGHTS = {"title": 6.0, "keywords": 6.0, "abstract": 3.0, "pages": 1.0}
"""What a topic is worth by where it stands; on pages and in abstracts more for being named again, ever less so."""
LEAST_SCORE = 3.0
"""Below this a topic is named in passing. Measured: docs/decisions.md."""
MOST_TOPICS = 12


@dataclass(frozen=True)
class Proposal:
    """A topic with what speaks for it."""

    topic: Topic
    score: float
    words: tuple[str, ...]
    """Its labels that stand in the text."""
    places: tuple[str, ...]
    """Where: names of WEIGHTS."""


class TopicFinder:
    """All topics that readers see, ready to be recognised. Read once for many texts; three queries."""

    def __init__(self) -> None:
        topics = Topic.objects.visible().annotate(tagged=Count("tagged_records"))
        known = {_labels_of(topic): topic for topic in topics}
        self._topics = {labels: topic for labels, topic in known.items() if labels.labels}
        self._thesaurus = Thesaurus(tuple(self._topics))
        self._records = Record.objects.live().count()

    def find(self, texts: Mapping[str, str], *, limit: int = MOST_TOPICS) -> list[Proposal]:
        """The topics that these texts speak of, the likeliest first. texts: by place, a name of WEIGHTS."""
        counts: defaultdict[TopicLabels, Counter[str]] = defaultdict(Counter)
        words: defaultdict[TopicLabels, dict[str, None]] = defaultdict(dict)
        for place, text in texts.items():
            for match in self._thesaurus.find(Words.of(text.splitlines())) if text.strip() else ():
                counts[match.topic][place] += 1
                words[match.topic][match.label.text] = None
        proposals = [
            Proposal(self._topics[labels], self._score(labels, found), tuple(words[labels]), tuple(found))
            for labels, found in counts.items()
        ]
        likely = [proposal for proposal in proposals if proposal.score >= LEAST_SCORE]
        return sorted(likely, key=lambda proposal: (-proposal.score, proposal.topic.name))[:limit]

    def _score(self, labels: TopicLabels, counts: Counter[str]) -> float:
        rarity = 1 + math.log((self._records + 1) / (self._topics[labels].tagged + 1)) / 4
        evidence = sum(WEIGHTS[place] * (1 + math.log(count)) for place, count in counts.items())
        return rarity * evidence


def _labels_of(topic: Topic) -> TopicLabels:
    labels = [Label(getattr(topic, f"label_{language}"), language) for language in SITE_LANGUAGES]
    labels += [
        Label(" ".join(line.split()), language, is_synonym=True)
        for language in SITE_LANGUAGES
        for line in getattr(topic, f"synonyms_{language}").splitlines()
    ]
    return TopicLabels(tuple(label for label in labels if len(label.text) >= SHORTEST_LABEL))


def texts_of(records: Iterable[Record]) -> dict[int, dict[str, str]]:
    """The texts of records by place, by the keys of the records. Two queries."""
    found = {
        record.pk: {
            "title": f"{record.title}\n{record.subtitle}\n{record.translated_title}",
            "abstract": f"{record.abstract}\n{record.translated_abstract}",
        }
        for record in records
    }
    files = RecordFile.objects.present().filter(record__in=found)
    for record_id, texts in _texts_of_files(files).items():
        found[record_id] |= texts
    return found


def _texts_of_files(files: Iterable[RecordFile]) -> dict[int, dict[str, str]]:
    """The printed keywords and first pages of files, by the key of their record."""
    of_records: defaultdict[int, dict[str, str]] = defaultdict(lambda: {"keywords": "", "pages": ""})
    records = {file.pk: file.record_id for file in files}
    for file in files:
        if (suggested := file.suggestion) and suggested.keywords:
            of_records[file.record_id]["keywords"] += "\n".join([*suggested.keywords.value, ""])
    pages = FilePage.objects.filter(file__in=records, number__lte=PAGES_READ).order_by("file", "number")
    for file_id, text in pages.values_list("file", "text"):
        of_records[records[file_id]]["pages"] += f"{text}\n"
    return of_records


def propose_topics(files: Iterable[RecordFile], *, text: str = "") -> list[Topic]:
    """The topics that a work on its way in speaks of. text: its title, and below that its abstract."""
    title, _newline, abstract = text.partition("\n")
    texts = {"title": title, "abstract": abstract}
    for found in _texts_of_files(list(files)).values():
        texts |= {place: texts.get(place, "") + more for place, more in found.items()}
    return [proposal.topic for proposal in TopicFinder().find(texts)]
