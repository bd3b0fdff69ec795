"""What the form of a deposit shows: each field with its value and source, what is wrong, what an editor said."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from publications.deposit import checks
from publications.deposit.answers import ROWS, TEXTS, Answers, origins_of, to_metadata
from publications.deposit.forms import (
    RELATIONS,
    TYPE_GROUPS,
    choosable_groups,
    choosable_people,
)
from publications.deposit.known import NOBODY, KnownPeople
from publications.models import Event, Funder, Person, Topic
from publications.proposing import propose_topics
from publications.suggestions import Suggestion
from publications.views.depositing import Draft
from publications.vocabularies import (
    LANGUAGES,
    AccessRight,
    Confidence,
    ContributorRole,
    Licence,
    SuggestionSource,
    VersionType,
)

LABELS: dict[str, Any] = {
    "resource_type": gettext_lazy("What is it?"),
    "title": gettext_lazy("Title"),
    "subtitle": gettext_lazy("Subtitle"),
    "language": gettext_lazy("Language of the text"),
    "abstract": gettext_lazy("Abstract"),
    "translated_title": gettext_lazy("Title in the other language"),
    "translated_abstract": gettext_lazy("Abstract in the other language"),
    "issued": gettext_lazy("Date of publication"),
    "doi": gettext_lazy("DOI"),
    "container_title": gettext_lazy("Published in"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "page": pgettext_lazy("range in a journal", "Pages"),
    "publisher": gettext_lazy("Publisher"),
    "url": gettext_lazy("Address elsewhere"),
    "isbn": gettext_lazy("ISBN"),
    "issn": gettext_lazy("ISSN"),
    "arxiv": gettext_lazy("arXiv id"),
    "version_type": gettext_lazy("Which version is it?"),
    "authors": gettext_lazy("Authors"),
    "topics": gettext_lazy("Topics"),
    "words": gettext_lazy("Other words"),
    "event": gettext_lazy("Event"),
    "funding": gettext_lazy("Funding"),
    "related": gettext_lazy("Related works"),
    "rights": gettext_lazy("Licence"),
    "access_right": gettext_lazy("Who may read the files"),
    "available": gettext_lazy("Opens on"),
    "may_share": gettext_lazy("Right to share"),
}
STEPS = {Confidence.SURE: 5, Confidence.LIKELY: 3, Confidence.DOUBTFUL: 1}
"""How many of five steps a confidence is shown by."""
LICENCE_WORDS = (
    (Licence.CC_BY,
     gettext_lazy("Anyone may use and adapt it, also for money, if they name you. What most funders ask for.")),
    (Licence.CC_BY_SA, gettext_lazy("As CC BY, and whoever adapts it shares the result in the same way.")),
    (Licence.CC_BY_NC, gettext_lazy("Anyone may use and adapt it if they name you, but not for money.")),
    (Licence.CC_BY_NC_SA, gettext_lazy("Not for money, and whoever adapts it shares the result in the same way.")),
    (Licence.CC_BY_ND, gettext_lazy("Anyone may pass it on as it is, also for money, if they name you.")),
    (Licence.CC_BY_NC_ND, gettext_lazy("Anyone may pass it on as it is if they name you, but not for money.")),
    (Licence.CC0, gettext_lazy("Anyone may do anything with it, without naming you. Meant for data and forms.")),
    (Licence.ALL_RIGHTS,
     gettext_lazy("People may read it here, and ask you for anything else. Usual for accepted manuscripts.")),
)  # fmt: skip
ACCESS_WORDS = (
    (AccessRight.OPEN, gettext_lazy("Everyone"), gettext_lazy("Found, read and downloaded by anyone, at once.")),
    (AccessRight.EMBARGOED, gettext_lazy("Everyone, from a date"), gettext_lazy("Opens by itself on that day.")),
    (AccessRight.MEMBERS, gettext_lazy("Members of the cluster"),
     gettext_lazy("Others see title, authors and abstract; the pages are not searched for them.")),
    (AccessRight.RESTRICTED, gettext_lazy("Only whom I choose"),
     gettext_lazy("Groups you belong to, or people with a page here. Others see the description only.")),
    (AccessRight.METADATA_ONLY, gettext_lazy("Nobody: only the description"),
     gettext_lazy("The file is kept, and read by you and the editors alone.")),
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where an answer came from, in words, and how sure it is, in a word and in five steps."""

    source: str
    certainty: str
    is_unsure: bool
    cells: tuple[str, ...]


def origin_of(suggestion: Suggestion[Any]) -> Origin:
    """The origin of a suggestion as people read it."""
    certainty = suggestion.certainty
    lit = STEPS[certainty]
    return Origin(
        source=str(SuggestionSource(suggestion.source).label),
        certainty=_("please check") if certainty == Confidence.DOUBTFUL else str(certainty.label),
        is_unsure=certainty == Confidence.DOUBTFUL,
        cells=tuple("l4" if place < lit else "l0" for place in range(5)),
    )


@dataclass
class Field:
    """A field of the form."""

    name: str
    label: str
    value: Any = ""
    errors: list[str] = field(default_factory=list)
    origin: Origin | None = None
    comments: list[Any] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"f-{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of what is said about it."""
        ids = [f"e-{self.name}"] * bool(self.errors) + [f"c-{self.name}"] * bool(self.comments)
        return " ".join([*ids, *([f"o-{self.name}"] if self.origin else [])])


@dataclass
class Row:
    """A line of a list: its columns as fields, and for an author who it is."""

    place: int
    fields: dict[str, Field]
    person: Person | None = None
    namesakes: list[Person] = field(default_factory=list)
    is_blank: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether one of its columns is wrong."""
        return any(column.errors for column in self.fields.values())

    @property
    def name(self) -> str:
        """The author as printed."""
        return f"{self.fields['given_name'].value} {self.fields['family_name'].value}".strip()


def form_context(draft: Draft, answers: Answers, *, errors: Mapping[str, list[str]], blank: str = "") -> dict[str, Any]:
    """Everything that the form's templates show."""
    origins = {name: origin_of(found) for name, found in origins_of(answers, draft.suggested).items()}
    comments: defaultdict[str, list[Any]] = defaultdict(list)
    for comment in draft.deposit.comments.filter(is_settled=False).select_related("author"):
        comments[comment.field].append(comment)
    fields = {
        name: Field(
            name,
            str(LABELS.get(name, name)),
            answers.get(name, ""),
            errors.get(name, []),
            origins.get(name),
            comments[name],
        )
        for name in dict.fromkeys([*TEXTS, *LABELS])
    }  # fmt: skip
    return {
        "fields": fields,
        "labels": {name: str(label) for name, label in LABELS.items()},
        "general_comments": comments[""],
        "summary": summary_of(errors, fields),
        "to_check": [one for one in fields.values() if one.origin and one.origin.is_unsure],
        "authors": author_rows(answers, errors, blank=blank == "authors"),
        "funding": rows_of("funding", answers, errors, blank=blank == "funding"),
        "related": rows_of("related", answers, errors, blank=blank == "related"),
        "is_publishers": checks.shares_publishers_version(answers, draft.files),
        "hidden": hidden_fields(answers),
        **choices(draft, answers),
    }


def summary_of(errors: Mapping[str, list[str]], fields: Mapping[str, Field]) -> list[tuple[str, str]]:
    """All errors, each with the place in the form that it is about."""
    lines = []
    for name, sentences in errors.items():
        is_row = name not in fields
        label = "" if is_row or name not in fields else fields[name].label
        lines += [(f"f-{name}", f"{label}: {sentence}" if label else sentence) for sentence in sentences]
    return lines


def choices(draft: Draft, answers: Answers) -> dict[str, Any]:
    """What can be chosen: types, languages, topics, events, licences, access, funders, roles."""
    chosen = list(answers.get("topics", []))
    proposed = propose_topics(draft.files, text=f"{answers.get('title', '')}\n{answers.get('abstract', '')}")
    known = {topic.name: topic for topic in Topic.objects.filter(name__in=chosen)}
    offered = list(dict.fromkeys([*(known[name] for name in chosen if name in known), *proposed]))
    user: Any = draft.deposit.owner
    return {
        "type_groups": TYPE_GROUPS,
        "languages": LANGUAGES,
        "version_types": VersionType.choices,
        "topic_choices": [(topic, topic.name in chosen) for topic in offered],
        "events": Event.objects.live().order_by("-starts"),
        "licences": [(value, value.label, words) for value, words in LICENCE_WORDS],
        "access_choices": ACCESS_WORDS,
        "groups": [(group, str(group.pk) in answers.get("groups", [])) for group in choosable_groups(user)],
        "people": [(person, person.slug in answers.get("people", [])) for person in choosable_people()[:200]],
        "roles": ContributorRole.choices,
        "relations": [(relation.value, relation.label) for relation in RELATIONS],
        "funders": Funder.objects.filter(is_funder_of_cluster=True).order_by("name_en"),
        "nobody": NOBODY,
    }


def rows_of(name: str, answers: Answers, errors: Mapping[str, list[str]], *, blank: bool) -> list[Row]:
    """The rows of a list, and an empty one where that was asked for or nothing stands there."""
    values = list(answers.get(name, []))
    count = len(values)
    values += [{}] * blank
    return [_row(name, place, value, errors, is_blank=place >= count) for place, value in enumerate(values)]


def _row(name: str, place: int, value: Mapping[str, str], errors: Mapping[str, list[str]], *, is_blank: bool) -> Row:
    return Row(
        place,
        {
            column: Field(
                f"{name}-{place}-{column}", "", value.get(column, ""), errors.get(f"{name}-{place}-{column}", [])
            )
            for column in ROWS[name]
        },
        is_blank=is_blank,
    )


def author_rows(answers: Answers, errors: Mapping[str, list[str]], *, blank: bool) -> list[Row]:
    """The authors, each with the person whom the hub takes them for; those of drafts are not told of."""
    rows = rows_of("authors", answers, errors, blank=blank)
    agents = to_metadata(answers).agents
    matcher = KnownPeople()
    taken: set[int] = set()
    found: dict[int, int] = {}
    for row, agent in zip(rows, agents, strict=False):
        if agent.is_organisation:
            continue
        person_id = matcher.find_or_create(agent, taken=taken)
        if person_id:
            found[row.place] = person_id
            taken.add(person_id)
    people = Person.objects.visible().in_bulk(found.values())
    for row in rows:
        row.person = people.get(found.get(row.place, 0))
    return rows


def hidden_fields(answers: Answers) -> list[tuple[str, str]]:
    """All answers as the fields of a form that only carries them along."""
    fields: list[tuple[str, str]] = []
    for name, value in answers.items():
        if name in ROWS:
            for place, row in enumerate(value):
                fields += [(f"{name}-{place}-{column}", text) for column, text in row.items() if text]
        elif isinstance(value, list):
            fields += [(name, one) for one in value]
        elif value:
            fields.append((name, value))
    return fields
