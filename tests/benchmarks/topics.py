"""How good the proposals of topics are, on the records of a hub: `python -m tests.benchmarks.topics`.

"editors": the topics that records have, taken for right and complete, which they are not: a topic that fits and that
nobody gave counts as wrong. "authors": the same with the keywords that are printed in papers as the only
topics there are, and with those lines taken out of their texts.
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

KEYWORD_LINES = re.compile(r"(?i)\bkey\s?words\b.{0,400}", re.DOTALL)


@dataclass(frozen=True)
class Quality:
    """Of all that was proposed, what share was right; of all that was right, what share was proposed."""

    proposed: int
    right: int
    wanted: int

    def __str__(self) -> str:
        precision = self.right / self.proposed if self.proposed else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        return (
            f"precision {precision:.2f}  recall {recall:.2f}  ({self.right} of {self.proposed}; wanted {self.wanted})"
        )


def judge(proposals: Mapping[int, list[tuple[int, float]]], wanted: Mapping[int, set[int]], *, least: float) -> Quality:
    """The quality of the proposals that have at least this score. proposals: by record, topic with score."""
    chosen = {record: {topic for topic, score in found if score >= least} for record, found in proposals.items()}
    return Quality(
        proposed=sum(map(len, chosen.values())),
        right=sum(len(chosen[record] & wanted[record]) for record in chosen),
        wanted=sum(map(len, wanted.values())),
    )


def measure(records: Iterable[object], wanted: Mapping[int, set[int]], *, without_keywords: bool) -> None:
    """Print the quality at several scores."""
    from publications import proposing

    proposing.LEAST_SCORE = 0.0
    finder, proposals = proposing.TopicFinder(), {}
    for pk, texts in proposing.texts_of(records).items():  # type: ignore[arg-type]
        if without_keywords:
            texts = {place: KEYWORD_LINES.sub(" ", text) for place, text in texts.items() if place != "keywords"}
        proposals[pk] = [(found.topic.pk, found.score) for found in finder.find(texts, limit=100)]
    for least in (0.0, 3.0, 4.0, 6.0, 8.0, 12.0):
        say(f"  score ≥ {least:4.1f}: {judge(proposals, wanted, least=least)}")


def say(line: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"{line}\n")


def measure_editors() -> None:
    """Against the topics that records have."""
    from publications.models import Record

    records = list(Record.objects.live().exclude(tagged_topics=None).prefetch_related("tagged_topics"))
    wanted = {record.pk: {row.tag_id for row in record.tagged_topics.all()} for record in records}
    say(f"editors: {len(records)} records")
    measure(records, wanted, without_keywords=True)


def measure_authors() -> None:
    """Against printed keywords; in a transaction that is taken back."""
    from django.db import transaction

    from publications.models import Record, RecordFile, Topic
    from publications.topics import TopicMatcher

    keywords = {
        file.record_id: file.suggestion.keywords.value
        for file in RecordFile.objects.present()
        if file.suggestion and file.suggestion.keywords
    }
    with transaction.atomic():
        Topic.objects.all().delete()
        matcher = TopicMatcher()
        wanted = {
            record: {topic for word in words if (topic := matcher.find_or_create(word))}
            for record, words in keywords.items()
        }
        Topic.objects.update(definition_en="A keyword.")  # seen by readers, as the finder asks for
        records = list(Record.objects.filter(pk__in=wanted))
        say(f"authors: {len(records)} papers, {Topic.objects.count()} keywords")
        measure(records, wanted, without_keywords=True)
        transaction.set_rollback(True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings")
    import django

    django.setup()
    measure_editors()
    measure_authors()
