"""Who is who: the person or organisation behind a printed name, and new ones.

A matcher loads the names once and then answers without a query per author, so that an import of thousands stays fast.
Two people taken for one harm more than one taken for two, which merging mends: in doubt, a name is somebody new.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from publications.doubles import note_doubles
from publications.metadata import Affiliation, Agent
from publications.models import Contribution, ContributionAffiliation, Organisation, Person, PersonAffiliation
from publications.names import (
    FoldedName,
    fold_name,
    fold_person_name,
    fold_printed_name,
    given_names_agree,
    is_spelled_alike,
)

CERTAIN = 1.0
SAME_NAME = 0.9
SAME_NAME_ONE_SHORTER = 0.8
SAME_NAME_AND_EMPLOYER = 0.95
INITIALS_AND_EMPLOYER = 0.85
INITIALS_AND_CO_AUTHOR = 0.85
SAME_INITIALS = 0.6
MOST_NOTED = 20
SURE_ENOUGH = 0.8
"""From here on an author line leads to the person; below it, somebody new is made and both are listed for an editor."""


@dataclass
class KnownPerson:
    """What a matcher remembers of a person."""

    pk: int
    orcid: str
    names: list[FoldedName]
    organisations: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class PersonMatch:
    """A person and how sure it is that the name is theirs, from 0 to 1."""

    person_id: int
    confidence: float


class PersonMatcher:
    """Finds the person behind an author's name among all that the hub knows.

    An ORCID iD decides. Else it is the same full name, or one that only has fewer middle names; initials alone need
    the same employer, or somebody they wrote with before. Nobody matches against an ORCID iD or employer that is known
    to be another one's.
    """

    def __init__(self) -> None:
        self._people: dict[int, KnownPerson] = {}
        self._by_orcid: dict[str, int] = {}
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._by_initial: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._last_pk = 0
        self.refresh()
        for person_id, organisation_id in _employers():
            if person_id in self._people:
                self._people[person_id].organisations.add(organisation_id)

    def refresh(self) -> None:
        """Learn of people who were added since, by another import for instance."""
        rows = Person.objects.filter(pk__gt=self._last_pk).order_by("pk")
        became: dict[int, int] = {}
        for pk, given, family, others, orcid, merged_into in rows.values_list(
            "pk", "given_name", "family_name", "other_names", "orcid", "merged_into"
        ):
            self._last_pk = pk
            names = [fold_person_name(given, family), *map(fold_printed_name, others.splitlines())]
            if merged_into:
                became[pk] = merged_into
            self._learn(KnownPerson(pk, orcid, [name for name in names if name.family]))
        for pk in became:
            self._forward(pk, became)

    def _learn(self, person: KnownPerson) -> None:
        self._people[person.pk] = person
        if person.orcid:
            self._by_orcid.setdefault(person.orcid, person.pk)
        for name in person.names:
            self._by_name[name.whole].append(person.pk)
            if name.given:
                self._by_initial[name.given[0][0], name.family].append(person.pk)

    def _forward(self, pk: int, became: dict[int, int]) -> None:
        """Let the names of a merged person lead to whom they became."""
        final, steps = pk, 0
        while final in became and steps <= len(became):
            final, steps = became[final], steps + 1
        if final in self._people:
            self._people[final].names += self._people[pk].names
            self._people[pk] = self._people[final]

    def match(
        self,
        agent: Agent,
        *,
        organisation_ids: Iterable[int] = (),
        taken: Container[int] = (),
        companions: Collection[int] = (),
    ) -> PersonMatch | None:
        """The person whom this agent most likely is, None where nobody fits.

        organisation_ids: where the agent works, if that is an organisation of the hub.
        taken: people who cannot be meant, because they stand on the same list already.
        companions: those whom the other lines of the list may mean.
        """
        if agent.orcid in self._by_orcid:
            return PersonMatch(self._people[self._by_orcid[agent.orcid]].pk, CERTAIN)
        name, employers = fold_person_name(agent.given_name, agent.family_name), set(organisation_ids)
        if not name.family:
            return None

        def possible(pks: Iterable[int]) -> list[KnownPerson]:
            people = {person.pk: person for person in map(self._people.__getitem__, pks)}.values()
            return [
                person
                for person in people
                if person.pk not in taken
                and not (agent.orcid and person.orcid)
                and not (employers and person.organisations and not employers & person.organisations)
            ]

        same = possible(self._by_name.get(name.whole, ()))
        if same:
            best = _best_of_same_name(same, employers, has_full_name=name.has_full_given_name or not name.given)
            return _known_by_company(best, same, companions) if best.confidence < SURE_ENOUGH else best
        alike = possible(self._by_initial.get((name.given[0][0], name.family), ())) if name.given else []
        return _only_one_alike(alike, name, employers)

    def may_be(self, agent: Agent) -> set[int]:
        """Everybody whose name does not contradict this one; the name proves nothing by itself."""
        name = fold_person_name(agent.given_name, agent.family_name)
        found = set(self._by_name.get(name.whole, ()))
        if name.given:
            found |= set(self._by_initial.get((name.given[0][0], name.family), ()))
        people = {self._people[pk].pk: self._people[pk] for pk in found}
        return {
            pk
            for pk, person in people.items()
            if any(name.whole == known.whole or given_names_agree(known.given, name.given) for known in person.names)
        }

    def find_or_create(
        self,
        agent: Agent,
        *,
        organisation_ids: Iterable[int] = (),
        taken: Container[int] = (),
        companions: Collection[int] = (),
    ) -> int:
        """The primary key of the person whom this agent is, of a new one where that is not sure enough.

        New people are shown only with their live records, and nobody can reach them: they have not consented. Who may
        be somebody known is put on the list of possible doubles with them.
        """
        found = self.match(agent, organisation_ids=organisation_ids, taken=taken, companions=companions)
        if found and found.confidence < SURE_ENOUGH:
            found = None
        person = self._people[found.person_id] if found else self._create_beside_others(agent, taken)
        if agent.orcid and not person.orcid and found and found.confidence >= SAME_NAME_ONE_SHORTER:
            row = Person.objects.get(pk=person.pk)
            row.orcid = person.orcid = agent.orcid
            row.save()
            self._by_orcid[agent.orcid] = person.pk
        person.organisations.update(organisation_ids)
        return person.pk

    def create(self, agent: Agent) -> int:
        """The primary key of a new person, whoever else is called so."""
        return self._create(agent).pk

    def _create_beside_others(self, agent: Agent, taken: Container[int]) -> KnownPerson:
        """Somebody new, listed with those of the same name whom the hub knew already."""
        others = sorted(pk for pk in self.may_be(agent) if pk not in taken)[:MOST_NOTED]
        person = self._create(agent)
        if others:
            note_doubles(Person, person.pk, others)
        return person

    def _create(self, agent: Agent) -> KnownPerson:
        row = Person.objects.create(
            given_name=agent.given_name[:150],
            family_name=agent.family_name[:150],
            orcid=agent.orcid,
            is_listed=False,
            has_consented=False,
        )
        name = fold_person_name(agent.given_name, agent.family_name)
        person = KnownPerson(row.pk, agent.orcid, [name] if name.family else [])
        self._learn(person)
        self._last_pk = max(self._last_pk, row.pk)
        return person


def match_person(agent: Agent, *, organisation_ids: Iterable[int] = ()) -> tuple[Person, float] | None:
    """The person whom this agent most likely is and how sure that is; None where nobody fits. For one name: see
    PersonMatcher for many."""
    found = PersonMatcher().match(agent, organisation_ids=organisation_ids)
    return (Person.objects.get(pk=found.person_id), found.confidence) if found else None


def _employers() -> Iterable[tuple[int, int]]:
    """Who works or worked where, as (person, organisation).

    Only organisations that somebody vouched for count: a name printed in two ways is no proof of two employers.
    """
    established = Q(organisation__is_listed=True) | ~Q(organisation__ror="")
    yield from PersonAffiliation.objects.filter(established).values_list("person_id", "organisation_id")
    yield from (
        ContributionAffiliation.objects.filter(established, contribution__person__isnull=False)
        .values_list("contribution__person_id", "organisation_id")
        .order_by()
        .distinct()
    )


def _best_of_same_name(people: list[KnownPerson], employers: set[int], *, has_full_name: bool) -> PersonMatch:
    colleagues = [person for person in people if person.organisations & employers]
    if colleagues:
        return PersonMatch(colleagues[0].pk, SAME_NAME_AND_EMPLOYER if has_full_name else INITIALS_AND_EMPLOYER)
    return PersonMatch(people[0].pk, SAME_NAME if has_full_name and len(people) == 1 else SAME_INITIALS)


def _known_by_company(unsure: PersonMatch, people: list[KnownPerson], companions: Collection[int]) -> PersonMatch:
    """The one of these who wrote with a companion before; the unsure match where that is nobody, or more than one."""
    pks = {person.pk for person in people}
    with_companions = Contribution.objects.filter(
        person__in=pks, record__contributions__person__in=set(companions) - pks
    ).values_list("person_id", flat=True)
    known = set(with_companions.distinct()) if companions else set()
    return PersonMatch(known.pop(), INITIALS_AND_CO_AUTHOR) if len(known) == 1 else unsure


def _only_one_alike(people: list[KnownPerson], name: FoldedName, employers: set[int]) -> PersonMatch | None:
    """The one person whose name does not contradict this one; none where two could be meant."""
    alike = {
        person.pk: (person, known)
        for person in people
        for known in person.names
        if (known.family, known.suffix) == (name.family, name.suffix)
        and known.given
        and given_names_agree(known.given, name.given)
    }
    full = [
        pk
        for pk, (_person, known) in alike.items()
        if is_spelled_alike(known.given, name.given) or (known.given[0] == name.given[0] and name.has_full_given_name)
    ]
    if len(full) == 1:
        return PersonMatch(full[0], SAME_NAME_ONE_SHORTER)
    colleagues = [pk for pk, (person, _known) in alike.items() if person.organisations & employers]
    return PersonMatch(colleagues[0], INITIALS_AND_EMPLOYER) if len(colleagues) == 1 else None


class OrganisationMatcher:
    """Finds the organisation behind a printed affiliation, by its ROR id or any of its names."""

    def __init__(self) -> None:
        self._by_ror: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._ror: dict[int, str] = {}
        self._established: set[int] = set()
        self._last_pk = 0
        self.refresh()

    def refresh(self) -> None:
        """Learn of organisations that were added since."""
        for organisation in Organisation.objects.filter(pk__gt=self._last_pk).order_by("pk"):
            self._learn(organisation)

    def _learn(self, organisation: Organisation) -> None:
        self._last_pk = max(self._last_pk, organisation.pk)
        kept = organisation
        while kept.merged_into is not None:
            kept = kept.merged_into
        self._ror.setdefault(kept.pk, kept.ror)
        if organisation.ror:
            self._by_ror.setdefault(organisation.ror, kept.pk)
        if kept.ror or kept.is_listed:
            self._established.add(kept.pk)
        for name in organisation.all_names:
            if folded := fold_name(name):
                self._by_name.setdefault(folded, kept.pk)

    def match(self, affiliation: Affiliation) -> int | None:
        """The primary key of the organisation, None where it is not known.

        A printed line such as "Department of Radiology, Radboudumc, Nijmegen" is known by any of its parts.
        """
        if affiliation.ror in self._by_ror:
            return self._by_ror[affiliation.ror]
        parts = [affiliation.name, *re.split(r"[,;()]", affiliation.name)]
        for part in parts:
            known = self._by_name.get(fold_name(part))
            if known and not (affiliation.ror and self._ror[known]):
                return known
        return None

    def find_or_create(
        self, affiliation: Affiliation, *, language: str = "en", is_whole_name: bool = False
    ) -> int | None:
        """The primary key of the organisation, of a new one where the name can be one; None for a line of several.

        is_whole_name: the name is an organisation's whatever it looks like, such as that of a corporate author.
        """
        found = self.match(affiliation)
        can_be_name = is_whole_name or affiliation.ror or not re.search(r"[,;]", affiliation.name)
        if found or not can_be_name or not fold_name(affiliation.name):
            return found
        name = affiliation.name[:255]
        names = {"name_nl": name} if language == "nl" else {"name_en": name}
        organisation = Organisation.objects.create(**names, ror=affiliation.ror, is_listed=False)
        self._learn(organisation)
        return organisation.pk

    def is_established(self, organisation_id: int) -> bool:
        """Whether somebody vouched for it: an editor who listed it, or its ROR id."""
        return organisation_id in self._established


def match_organisation(affiliation: Affiliation) -> Organisation | None:
    """The organisation behind a printed affiliation; None where it is not known."""
    found = OrganisationMatcher().match(affiliation)
    return Organisation.objects.get(pk=found) if found else None
