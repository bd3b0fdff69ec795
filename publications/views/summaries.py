"""What a set of records says about a person, an organisation, a topic or a collection: years, topics, people.

Each function takes a queryset of records and asks a fixed number of queries, however many records there are.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from publications.models import (
    Contribution,
    ContributionAffiliation,
    Organisation,
    Person,
    PersonAffiliation,
    Record,
    RecordFile,
    TaggedRecord,
    Topic,
)
from publications.models.records import RecordQuerySet
from publications.vocabularies import RecordType

MOST_YEARS = 25
MOST_TOPICS = 10
MOST_PEOPLE = 12
MOST_LEVEL = 4

CHART_WIDTH, CHART_BASE, CHART_TOP = 640, 170, 22
WIDEST_BAR = 35.4
LABEL_WIDTH, LABEL_WIDTH_ON_PHONE = 30, 52
"""Of a year below a bar, in units of the chart: its letters are larger where the chart is small."""


@dataclass(frozen=True)
class Bar:
    """One year of a chart: its numbers, and where its parts stand, as attributes of the drawing."""

    year: int
    publications: int
    others: int
    x: str
    width: str
    middle: str
    publications_y: str
    publications_height: str
    others_y: str
    others_height: str
    value_y: str
    label: str
    """ "always", "wide" where a phone has no room for it, "" where nothing has."""

    @property
    def total(self) -> int:
        """All records of the year."""
        return self.publications + self.others


@dataclass(frozen=True)
class Activity:
    """Records by year. `bars` has every year from the first to the last, at most 25; `outside` counts the others."""

    bars: tuple[Bar, ...]
    outside: int
    undated: int

    @property
    def first_year(self) -> int:
        """The first year shown."""
        return self.bars[0].year

    @property
    def last_year(self) -> int:
        """The last year shown."""
        return self.bars[-1].year


def activity_of(records: QuerySet[Record], *, today: date) -> Activity:
    """The records by year: publications, and all others."""
    publications: Counter[int] = Counter()
    others: Counter[int] = Counter()
    undated = 0
    rows = records.order_by().values_list("year", "record_type").annotate(number=Count("pk"))
    for year, record_type, number in rows:
        if year is None:
            undated += number
        elif record_type == RecordType.PUBLICATION:
            publications[year] += number
        else:
            others[year] += number
    dated = publications + others
    # A mistyped year far ahead must not push all the others out of the picture.
    shown = [year for year in dated if year <= today.year + 1]
    if not shown:
        return Activity((), outside=dated.total(), undated=undated)
    last = max(shown)
    years = range(max(min(shown), last - MOST_YEARS + 1), last + 1)
    outside = sum(number for year, number in dated.items() if year not in years)
    return Activity(_draw_bars(years, publications, others), outside=outside, undated=undated)


def _draw_bars(years: range, publications: Mapping[int, int], others: Mapping[int, int]) -> tuple[Bar, ...]:
    slot = CHART_WIDTH / len(years)
    width = min(WIDEST_BAR, slot * 0.72)
    unit = (CHART_BASE - CHART_TOP) / max(publications[year] + others[year] for year in years)
    step = -(-LABEL_WIDTH // slot)
    phone_step = step * -(-LABEL_WIDTH_ON_PHONE // (slot * step))
    bars = []
    for place, year in enumerate(years):
        x = place * slot + (slot - width) / 2
        lower, upper = publications[year] * unit, others[year] * unit
        gap = 1.5 if lower and upper else 0
        from_last = len(years) - 1 - place
        bars.append(
            Bar(
                year=year,
                publications=publications[year],
                others=others[year],
                x=f"{x:.1f}",
                width=f"{width:.1f}",
                middle=f"{x + width / 2:.1f}",
                publications_y=f"{CHART_BASE - lower:.1f}",
                publications_height=f"{lower:.1f}",
                others_y=f"{CHART_BASE - lower - upper:.1f}",
                others_height=f"{max(0, upper - gap):.1f}",
                value_y=f"{CHART_BASE - lower - upper - 6:.1f}",
                label="" if from_last % step else "wide" if from_last % phone_step else "always",
            )
        )
    return tuple(bars)


@dataclass(frozen=True)
class TopicActivity:
    """A topic in a set of records: how many, how many pages, and a cell of a strip for each year."""

    topic: Topic
    records: int
    pages: int
    by_year: tuple[tuple[int, int], ...]
    """Every year with its number of records."""

    @property
    def cells(self) -> list[str]:
        """The years as cells of a strip."""
        return [f"l{min(number, MOST_LEVEL)}" for _year, number in self.by_year]

    @property
    def years_in_words(self) -> str:
        """The years that have records: "2016, 2019"."""
        return ", ".join(str(year) for year, number in self.by_year if number)


def topics_of(records: QuerySet[Record], *, years: range, most: int = MOST_TOPICS) -> tuple[TopicActivity, ...]:
    """The topics that most of the records have; `by_year` is for these years."""
    tagged = TaggedRecord.objects.filter(content_object__in=records.order_by().values("pk"))
    rows: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for topic_id, record_id, year in tagged.values_list("tag_id", "content_object_id", "content_object__year"):
        rows[topic_id].append((record_id, year))
    pages = page_counts(records)
    wanted = sorted(rows, key=lambda topic_id: (-len(rows[topic_id]), topic_id))[:most]
    found = Topic.objects.current().in_bulk(wanted)
    return tuple(
        TopicActivity(
            topic=found[topic_id],
            records=len(rows[topic_id]),
            pages=sum(pages.get(record_id, 0) for record_id, _year in rows[topic_id]),
            by_year=_count_years([year for _record_id, year in rows[topic_id]], years=years),
        )
        for topic_id in wanted
        if topic_id in found
    )


def _count_years(of_records: list[int | None], *, years: range) -> tuple[tuple[int, int], ...]:
    counted = Counter(of_records)
    return tuple((year, counted[year]) for year in years)


def page_counts(records: QuerySet[Record]) -> dict[int, int]:
    """How many pages the files of each record have."""
    files = RecordFile.objects.present().filter(record__in=records.order_by().values("pk"))
    rows = files.order_by().values_list("record_id").annotate(total=Sum("page_count"))
    return {record_id: total or 0 for record_id, total in rows}


@dataclass(frozen=True)
class Employer:
    """Where somebody works, or worked until a year."""

    organisation: Organisation
    until: int | None = None

    def __str__(self) -> str:
        return self._with_year(str(self.organisation))

    @property
    def short(self) -> str:
        """The same by its short name, where it has one."""
        return self._with_year(self.organisation.short_name or str(self.organisation))

    def _with_year(self, name: str) -> str:
        return _("%(name)s, until %(year)s") % {"name": name, "year": self.until} if self.until else name


@dataclass(frozen=True)
class PersonInRecords:
    """A person, and how many of the records they contributed to."""

    person: Person
    records: int
    employer: Employer | None = None
    """Only where asked for: see `with_employers`."""


def people_of(
    records: QuerySet[Record], *, leave_out: Person | None = None, most: int = MOST_PEOPLE
) -> tuple[PersonInRecords, ...]:
    """The people who contributed to most of the records."""
    contributions = Contribution.objects.filter(
        record__in=records.order_by().values("pk"), person__isnull=False, person__merged_into=None
    )
    if leave_out:
        contributions = contributions.exclude(person=leave_out)
    rows = (
        contributions.order_by()
        .values("person_id", "person__family_name")
        .annotate(number=Count("record_id", distinct=True))
        .order_by("-number", "person__family_name", "person_id")
        .values_list("person_id", "number")[:most]
    )
    counted = dict(rows)
    found = Person.objects.in_bulk(counted)
    return tuple(PersonInRecords(found[pk], number) for pk, number in counted.items())


def with_employers(people: Iterable[PersonInRecords]) -> tuple[PersonInRecords, ...]:
    """The same people, each with where they work."""
    listed = tuple(people)
    employers = find_employers([item.person.pk for item in listed])
    return tuple(replace(item, employer=employers.get(item.person.pk)) for item in listed)


def shown_affiliations() -> QuerySet[PersonAffiliation]:
    """Where people work or worked, now before earlier, then in the editors' order.

    But for organisations that are not shown and people who do not want it shown.
    """
    visible = Organisation.objects.visible()
    shown = PersonAffiliation.objects.filter(organisation__in=visible, person__shows_affiliations=True)
    now_first = F("end_year").desc(nulls_first=True)
    return shown.select_related("organisation").order_by(now_first, "sort_order", "pk")


def find_employers(people: Collection[int]) -> dict[int, Employer]:
    """Where each works who wants it shown: by their profile, now before earlier; else by their newest live record."""
    employers: dict[int, Employer] = {}
    for affiliation in shown_affiliations().filter(person__in=people):
        employer = Employer(affiliation.organisation, until=affiliation.end_year)
        employers.setdefault(affiliation.person_id, employer)
    return employers | _printed_employers([pk for pk in people if pk not in employers])


def _printed_employers(people: Collection[int]) -> dict[int, Employer]:
    """Where these people worked by their newest live record that says so."""
    printed = ContributionAffiliation.objects.filter(
        contribution__person=OuterRef("pk"),
        contribution__record__live=True,
        organisation__in=Organisation.objects.visible(),
    ).order_by(F("contribution__record__year").desc(nulls_last=True), "sort_order", "pk")
    rows = dict(
        Person.objects.filter(pk__in=people, shows_affiliations=True)
        .annotate(printed=Subquery(printed.values("organisation")[:1]))
        .filter(printed__isnull=False)
        .values_list("pk", "printed")
    )
    organisations = Organisation.objects.in_bulk(set(rows.values()))
    return {person: Employer(organisations[organisation]) for person, organisation in rows.items()}


@dataclass(frozen=True)
class OrganisationInRecords:
    """An organisation, and how many of the records somebody wrote while working there."""

    organisation: Organisation
    records: int


def organisations_of(
    records: QuerySet[Record], *, leave_out: Organisation | None = None, most: int = MOST_PEOPLE
) -> tuple[OrganisationInRecords, ...]:
    """The organisations whose people contributed to most of the records."""
    affiliations = ContributionAffiliation.objects.filter(
        contribution__record__in=records.order_by().values("pk"),
        organisation__isnull=False,
        organisation__merged_into=None,
    )
    if leave_out:
        affiliations = affiliations.exclude(organisation=leave_out)
    rows = (
        affiliations.order_by()
        .values("organisation_id")
        .annotate(number=Count("contribution__record_id", distinct=True))
        .order_by("-number", "organisation_id")
        .values_list("organisation_id", "number")[:most]
    )
    counted = dict(rows)
    found = Organisation.objects.in_bulk(counted)
    return tuple(OrganisationInRecords(found[pk], number) for pk, number in counted.items())


def latest_first(records: RecordQuerySet) -> RecordQuerySet:
    """By year of publication, those without one last."""
    return records.order_by(F("year").desc(nulls_last=True), "-issued", "-first_published_at", "-pk")
