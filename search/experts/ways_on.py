"""Ways on from a question for experts that finds nobody: near questions, near topics, and people who know those."""

from dataclasses import dataclass

from publications.access import User
from publications.models import Record
from publications.views.summaries import PersonInRecords, people_of, with_employers
from search.experts.finder import Experts
from search.ways_on import WaysOn, find_ways_on, topics_with_most_records

MOST_PEOPLE = 6


@dataclass(frozen=True)
class ExpertWaysOn:
    """What may help where nobody was found."""

    ways: WaysOn
    people: tuple[PersonInRecords, ...]
    """Those with most records on the near topics; nobody where no topic is near."""


def find_expert_ways_on(experts: Experts, *, user: User) -> ExpertWaysOn:
    """Where a reader can go from an answer without experts."""
    ways = find_ways_on(experts, user=user)
    if not ways.has_near_topics:
        return ExpertWaysOn(ways, ())
    records = Record.objects.listed().filter(tagged_topics__tag__in=[topic.pk for topic in ways.topics]).distinct()
    return ExpertWaysOn(ways, with_employers(people_of(records, most=MOST_PEOPLE)))


def topics_to_begin_with() -> WaysOn:
    """What can be asked before anything was."""
    return WaysOn(questions=(), topics=topics_with_most_records(), has_near_topics=False)
