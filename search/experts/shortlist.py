"""People side by side: a shortlist lives in the address of its page, so it can be sent to somebody and kept."""

from dataclasses import dataclass, replace
from datetime import date

from publications.access import User
from publications.models import Person, Topic
from publications.views.people import records_of_person
from publications.views.summaries import Employer, find_employers, topics_of
from search.experts.candidates import count_records
from search.experts.finder import Expert, Experts, find_experts
from search.experts.questions import MOST_ON_SHORTLIST, ExpertQuestion, Who

MOST_TOPICS = 4


@dataclass(frozen=True)
class Shortlisted:
    """Somebody on a shortlist, and what the question of the shortlist finds of them."""

    person: Person
    employer: Employer | None
    records: int
    """How many live records they have in all."""
    topics: tuple[Topic, ...]
    """What most of those are about."""
    found: Expert | None
    """None where no record of theirs answers, or nothing was asked."""
    remove_url: str


@dataclass(frozen=True)
class Comparison:
    """The people of a shortlist, in its order, with the answer that the evidence comes from."""

    answer: Experts
    people: tuple[Shortlisted, ...]


def compare(question: ExpertQuestion, *, user: User, today: date | None = None) -> Comparison:
    """The people on the shortlist of a question, each with their best evidence for it that this user may read.

    Raises IndexUnavailable where there is no index to ask.
    """
    people = find_shortlisted(question.shortlist)
    asked = replace(
        question,
        who=Who.PEOPLE,
        filters={"person": tuple(person.slug for person in people)} if people else {},
        page=1,
        page_size=MOST_ON_SHORTLIST,
    )
    answer = find_experts(asked if people else replace(asked, q=""), user=user, today=today)
    found = {expert.slug: expert for expert in answer.experts}
    pks = [person.pk for person in people]
    employers, counts = find_employers(pks), count_records(pks)
    return Comparison(
        answer,
        tuple(
            Shortlisted(
                person=person,
                employer=employers.get(person.pk),
                records=counts.get(person.pk, 0),
                topics=tuple(
                    row.topic for row in topics_of(records_of_person(person), years=range(0), most=MOST_TOPICS)
                ),
                found=found.get(person.slug) if question.q else None,
                remove_url=question.with_shortlisted(person.slug) or "?",
            )
            for person in people
        ),
    )


def find_shortlisted(slugs: tuple[str, ...]) -> list[Person]:
    """The people with these slugs who are shown on the site, in this order; whom nobody knows is left out."""
    found = {person.slug: person for person in Person.objects.visible().filter(slug__in=slugs)}
    return [found[slug] for slug in slugs if slug in found]
