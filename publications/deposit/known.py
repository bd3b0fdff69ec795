"""Matching to what the hub knows, and to nothing else: a draft makes no people, organisations or topics.

Whoever could see a new person would know of a draft. So they are made when the record goes live (`settling`).
"""

from collections.abc import Collection, Container, Iterable

from publications.metadata import Affiliation, Agent
from publications.models import Person
from publications.people import SURE_ENOUGH, OrganisationMatcher, PersonMatcher
from publications.records import Matchers
from publications.topics import TopicMatcher, match_topic


class KnownPeople(PersonMatcher):
    """Finds the person whom the depositor chose, else the one who fits."""

    def find_or_create(  # type: ignore[override]
        self,
        agent: Agent,
        *,
        organisation_ids: Iterable[int] = (),
        taken: Container[int] = (),
        companions: Collection[int] = (),
    ) -> int | None:
        """The primary key of the person; None where nobody is sure enough, or the depositor said that nobody does."""
        if agent.slug:
            chosen = Person.objects.current().filter(slug=agent.slug).values_list("pk", flat=True).first()
            return chosen if agent.slug != NOBODY else None
        found = self.match(agent, organisation_ids=organisation_ids, taken=taken, companions=companions)
        return found.person_id if found and found.confidence >= SURE_ENOUGH else None


NOBODY = "-"
"""In the place of a person's slug: somebody new, whoever has the same name."""


class KnownOrganisations(OrganisationMatcher):
    """Finds the organisation of a name that is shown on the site, or that somebody vouched for."""

    def find_or_create(
        self, affiliation: Affiliation, *, language: str = "en", is_whole_name: bool = False
    ) -> int | None:
        """The primary key of the organisation, None where it is not known."""
        return self.match(affiliation)


class KnownTopics(TopicMatcher):
    """Finds the topic of a label."""

    def find_or_create(self, text: str, *, language: str = "en") -> int | None:
        """The primary key of the topic, None where none is called so."""
        topic = match_topic(text)
        return topic.pk if topic else None

    def refresh(self) -> None:
        """Nothing is loaded at once: a form names a few topics."""


def known_matchers() -> Matchers:
    """Matchers that find and never make."""
    return Matchers(people=KnownPeople(), organisations=KnownOrganisations(), topics=KnownTopics())
