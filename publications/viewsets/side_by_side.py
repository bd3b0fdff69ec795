"""Everything that tells two people, organisations or topics apart, as the rows of a table with two columns."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publications.models import Contribution, ContributionAffiliation, Organisation, Person, Record, TaggedRecord, Topic

MOST_LINES = 8


@dataclass(frozen=True)
class Fact:
    """What both say on one thing, each in lines."""

    label: str
    first: list[str]
    second: list[str]

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.first and self.second and self.first != self.second)


def compare(first: Any, second: Any) -> list[Fact]:
    """The facts of two of one kind; those that neither has are left out."""
    tell = {Person: facts_of_person, Organisation: facts_of_organisation, Topic: facts_of_topic}[type(first)]
    both = tell(first), tell(second)
    facts = [Fact(label, lines, both[1][label]) for label, lines in both[0].items()]
    return [fact for fact in facts if fact.first or fact.second]


def facts_of_person(person: Person) -> dict[str, list[str]]:
    """Names, identifiers, where they work, what they made and with whom. Never an address."""
    records = Record.objects.filter(contributions__person=person)
    others = Contribution.objects.filter(record__in=records.values("pk"), person__isnull=False).exclude(person=person)
    together = others.values("person").annotate(number=Count("record", distinct=True)).order_by("-number", "person")
    colleagues = Person.objects.in_bulk([row["person"] for row in together[:MOST_LINES]])
    return {
        _("Name"): [person.sort_name],
        _("Other forms of the name"): person.other_names.splitlines(),
        "ORCID iD": filled(person.orcid),
        _("Position"): filled(person.position_en, person.position_nl),
        _("Affiliations"): [line_of(row) for row in person.affiliations.select_related("organisation")],  # type: ignore[attr-defined]
        _("As printed on records"): printed_affiliations(person),
        _("Account"): [_("has an account")] if person.user_id else [],
        _("E-mail"): [_("has an address")] if person.email else [],
        _("Records"): lines_of_records(records),
        _("Wrote with"): [colleagues[row["person"]].name for row in together[:MOST_LINES]],
        _("About"): filled(person.biography_en, person.biography_nl),
        _("Shown on the site"): [_("yes") if person.is_listed else _("only with live records")],
    }


def facts_of_organisation(organisation: Organisation) -> dict[str, list[str]]:
    """Names, identifiers, place, and who works there."""
    people = Person.objects.filter(affiliations__organisation=organisation).distinct()
    named = Q(contributions__organisation=organisation) | Q(contributions__affiliations__organisation=organisation)
    return {
        _("Name"): filled(organisation.name_en, organisation.name_nl),
        _("Short name"): filled(organisation.short_name),
        _("Other names"): organisation.other_names.splitlines(),
        "ROR": filled(organisation.ror),
        _("Kind"): [organisation.get_kind_display()],
        _("Website"): filled(organisation.url),
        _("Place"): filled(", ".join(filter(None, [organisation.city, organisation.country]))),
        _("People"): with_rest([person.name for person in people[:MOST_LINES]], people.count()),
        _("Records"): lines_of_records(Record.objects.filter(named)),
        _("Shown on the site"): [_("yes") if organisation.is_listed else _("only with live records")],
    }


def facts_of_topic(topic: Topic) -> dict[str, list[str]]:
    """Labels, synonyms, its place, and what is about it."""
    narrower = Topic.objects.current().filter(broader=topic)
    tagged = TaggedRecord.objects.filter(tag=topic).values("content_object")
    texts = {
        str(capfirst(column.verbose_name)): getattr(topic, column.name).splitlines()
        for column in topic._meta.concrete_fields
        if column.name.startswith(("label_", "synonyms_", "definition_"))
    }
    return texts | {
        _("Broader topic"): filled(str(topic.broader or "")),
        _("Narrower topics"): with_rest([str(one) for one in narrower[:MOST_LINES]], narrower.count()),
        _("Records"): lines_of_records(Record.objects.filter(pk__in=tagged)),
    }


def line_of(affiliation: Any) -> str:
    """Where and when: "University of the Veluwe, Physics, 2015–2019"."""
    years = f"{affiliation.start_year or ''}–{affiliation.end_year or ''}".strip("–")
    if affiliation.start_year and not affiliation.end_year:
        years = f"{affiliation.start_year}–"
    return ", ".join(filter(None, [str(affiliation.organisation), affiliation.department, years]))


def printed_affiliations(person: Person) -> list[str]:
    """What stands beside the name on records, each once."""
    printed = ContributionAffiliation.objects.filter(contribution__person=person).exclude(name="")
    return list(printed.order_by("name").values_list("name", flat=True).distinct()[:MOST_LINES])


def lines_of_records(records: Any) -> list[str]:
    """The newest titles with their years, drafts too."""
    found = records.order_by("-year", "title").distinct()
    lines = [f"{title} ({year})" if year else title for title, year in found.values_list("title", "year")[:MOST_LINES]]
    return with_rest(lines, found.count() if len(lines) == MOST_LINES else len(lines))


def with_rest(lines: list[str], total: int) -> list[str]:
    """The lines, and how many there are beyond them."""
    rest = total - len(lines)
    return [*lines, _("and %(count)d more") % {"count": rest}] if rest > 0 else lines


def filled(*texts: str) -> list[str]:
    """Those of the texts that are not empty, each once."""
    return list(dict.fromkeys(filter(None, texts)))
