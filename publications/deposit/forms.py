"""Judging the answers of a deposit: what must be there, and what can be a record. Nothing here saves anything.

The forms are fed with answers (`answers.Answers`), not with a request: a draft that was saved is judged like one that
was just sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.deposit.answers import Answers, event_of, identify
from publications.errors import InvalidIdentifier
from publications.identifiers import parse_arxiv, parse_doi, parse_isbn, parse_issn, parse_orcid
from publications.metadata import parse_partial_date
from publications.models import Person, Record, User
from publications.vocabularies import (
    EVENT_OUTCOME_TYPES,
    LANGUAGES,
    PRESENTATION_TYPES,
    PUBLICATION_TYPES,
    AccessRight,
    ContributorRole,
    Licence,
    PeerReview,
    RecordType,
    RelationType,
    ResourceType,
    VersionType,
)

TYPE_GROUPS = (
    (RecordType.PUBLICATION.label, PUBLICATION_TYPES),
    (RecordType.PRESENTATION.label, PRESENTATION_TYPES),
    (RecordType.EVENT_OUTCOME.label, EVENT_OUTCOME_TYPES),
)
RELATIONS = (
    RelationType.IS_NEW_VERSION_OF,
    RelationType.IS_SUPPLEMENT_TO,
    RelationType.IS_SUPPLEMENTED_BY,
    RelationType.IS_PART_OF,
    RelationType.IS_TRANSLATION_OF,
    RelationType.DOCUMENTS,
    RelationType.REFERENCES,
)
"""The relations a depositor can choose; editors have all of them."""


def identifier_field(parse: Any, **kwargs: Any) -> forms.CharField:
    """A text field that holds an identifier; links that registries give are taken too."""

    class IdentifierField(forms.CharField):
        def clean(self, value: Any) -> str:
            text = super().clean(value)
            try:
                return str(parse(text)) if text else ""
            except InvalidIdentifier as error:
                raise ValidationError(str(error)) from error

    return IdentifierField(required=False, max_length=500, **kwargs)


def text_of(name: str, **kwargs: Any) -> forms.CharField:
    """A text as long as the record has room for."""
    model_field: Any = Record._meta.get_field(name)
    return forms.CharField(required=False, max_length=model_field.max_length, **kwargs)


class DescriptionForm(forms.Form):
    """The single fields of a deposit."""

    resource_type = forms.ChoiceField(choices=ResourceType.choices, error_messages={"required": _("Say what it is.")})
    title = forms.CharField(max_length=1000, error_messages={"required": _("Give the title.")})
    subtitle = text_of("subtitle")
    language = forms.ChoiceField(choices=LANGUAGES, error_messages={"required": _("Choose the language of the text.")})
    abstract = forms.CharField(required=False)
    translated_title = text_of("translated_title")
    translated_abstract = forms.CharField(required=False)
    issued = forms.CharField(max_length=10, required=False)
    publisher = text_of("publisher")
    doi = identifier_field(parse_doi)
    url = text_of("url", validators=[URLValidator(schemes=["http", "https"])])
    container_title = forms.CharField(max_length=255, required=False)
    volume = forms.CharField(max_length=50, required=False)
    issue = forms.CharField(max_length=50, required=False)
    page = forms.CharField(max_length=50, required=False)
    isbn = identifier_field(parse_isbn)
    issn = identifier_field(parse_issn)
    arxiv = identifier_field(parse_arxiv)
    version_type = forms.ChoiceField(choices=VersionType.choices, required=False)
    peer_review = forms.ChoiceField(choices=PeerReview.choices, required=False)
    event = forms.CharField(required=False)
    words = forms.CharField(max_length=1000, required=False)
    rights = forms.ChoiceField(choices=Licence.choices, required=False)
    may_share = forms.BooleanField(required=False)
    access_right = forms.ChoiceField(
        choices=AccessRight.choices, error_messages={"required": _("Say who may read the files.")}
    )
    available = forms.DateField(required=False, error_messages={"invalid": _("Give a day, such as 2027-05-31.")})

    def __init__(self, answers: Answers, *, record: Record, user: User) -> None:
        super().__init__(answers)
        self.answers, self.record, self.user = answers, record, user

    def clean_issued(self) -> str:
        issued: str = self.cleaned_data["issued"]
        if issued:
            try:
                parse_partial_date(issued)
            except ValueError as error:
                raise ValidationError(_("Write 2019, 2019-06 or 2019-06-17.")) from error
        return issued

    def clean_doi(self) -> str:
        doi: str = self.cleaned_data["doi"]
        if doi and Record.objects.filter(doi=doi).exclude(pk=self.record.pk).exists():
            raise ValidationError(
                _("A work with this DOI is here already. Leave it out if this is another version of that work.")
            )
        return doi

    def clean_event(self) -> str:
        if self.cleaned_data["event"] and event_of(self.answers) is None:
            raise ValidationError(_("This event is not in the list any more. Choose another, or none."))
        return str(self.cleaned_data["event"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        access = cleaned.get("access_right")
        if access == AccessRight.EMBARGOED and "available" in cleaned:
            self._check_embargo(cleaned["available"])
        if access == AccessRight.RESTRICTED:
            self._check_restriction()
        if cleaned.get("event") == "" and cleaned.get("resource_type") in EVENT_OUTCOME_TYPES:
            self.add_error("event", _("Say of which event this is the outcome."))
        return cleaned

    def _check_embargo(self, available: Any) -> None:
        if not available:
            self.add_error("available", _("Give the day on which the files open."))
        elif available <= timezone.localdate():
            self.add_error("available", _("This day has come already: choose “Everyone” instead, or a later day."))

    def _check_restriction(self) -> None:
        chosen = choosable_groups(self.user).filter(pk__in=numbers(self.answers.get("groups"))).exists()
        people = choosable_people().filter(slug__in=self.answers.get("people") or []).exists()
        if not chosen and not people:
            self.add_error("access_right", _("Choose at least one group or person who may read the files."))


def numbers(values: Any) -> list[int]:
    """Those of the values that are numbers."""
    return [int(value) for value in values or () if str(value).isascii() and str(value).isdigit()]


def choosable_groups(user: User) -> QuerySet[Group]:
    """The groups that a depositor can let read: their own."""
    return Group.objects.filter(user=user).order_by("name").distinct()


def choosable_people() -> QuerySet[Person]:
    """The people that a depositor can let read: those with a page here, who can sign in."""
    return Person.objects.visible().filter(user__isnull=False).order_by("family_name", "given_name")


class AuthorForm(forms.Form):
    """One line of the list of authors."""

    given_name = forms.CharField(max_length=150, required=False)
    family_name = forms.CharField(max_length=255, error_messages={"required": _("Give the family name.")})
    role = forms.ChoiceField(choices=ContributorRole.choices, required=False)
    orcid = identifier_field(parse_orcid)
    person = forms.CharField(max_length=255, required=False)
    affiliations = forms.CharField(required=False)
    is_organisation = forms.BooleanField(required=False)


class FundingForm(forms.Form):
    """Who paid, and under which number."""

    funder_name = forms.CharField(max_length=255, error_messages={"required": _("Name the funder.")})
    award_number = forms.CharField(max_length=100, required=False)


class RelatedForm(forms.Form):
    """Another work, by its address or identifier."""

    relation_type = forms.ChoiceField(
        choices=RelationType.choices, error_messages={"required": _("Say how the two are related.")}
    )
    identifier = forms.CharField(max_length=500, error_messages={"required": _("Give a DOI or an address.")})
    title = forms.CharField(max_length=500, required=False)

    def clean_identifier(self) -> str:
        identifier, kind = identify(self.cleaned_data["identifier"])
        if kind == "URL":
            URLValidator(schemes=["http", "https"], message=_("Give a DOI, or an address with https://."))(identifier)
        return identifier


ROW_FORMS: Mapping[str, type[forms.Form]] = {"authors": AuthorForm, "funding": FundingForm, "related": RelatedForm}


@dataclass
class Description:
    """All forms of a deposit over its answers."""

    answers: Answers
    record: Record
    user: User

    @cached_property
    def form(self) -> DescriptionForm:
        """The single fields."""
        return DescriptionForm(self.answers, record=self.record, user=self.user)

    @cached_property
    def rows(self) -> dict[str, list[forms.Form]]:
        """The rows of each list."""
        return {name: [make(row) for row in self.answers.get(name, [])] for name, make in ROW_FORMS.items()}

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Sentences by field: "title", "authors-2-orcid", "authors" for the list as a whole. Empty: it can be sent."""
        found = {name: [str(error) for error in errors] for name, errors in self.form.errors.items()}
        for name, rows in self.rows.items():
            for place, row in enumerate(rows):
                found |= {f"{name}-{place}-{column}": [str(e) for e in errors] for column, errors in row.errors.items()}
        if not self.answers.get("authors"):
            found["authors"] = [str(_("Name at least one author."))]
        return found

    @property
    def is_valid(self) -> bool:
        """Whether it can be sent."""
        return not self.errors

    @property
    def clean_answers(self) -> Answers:
        """The answers with identifiers in the form in which they are kept. For valid ones."""
        cleaned = self.answers | {
            name: value for name, value in self.form.cleaned_data.items() if isinstance(value, str)
        }
        for name, rows in self.rows.items():
            cleaned[name] = [
                raw | {column: value for column, value in row.cleaned_data.items() if isinstance(value, str)}
                for raw, row in zip(self.answers.get(name, []), rows, strict=True)
            ]
        return cleaned


def restricted_to(answers: Answers, *, user: User) -> tuple[list[Group], list[Any]]:
    """The groups and the accounts that the answers let read."""
    groups = list(choosable_groups(user).filter(pk__in=numbers(answers.get("groups"))))
    people = choosable_people().filter(slug__in=answers.get("people") or []).select_related("user")
    return groups, [person.user for person in people]


def suggest_people(text: str, *, limit: int = 8) -> QuerySet[Person]:
    """People of the site by any part of their name, or by their ORCID iD."""
    people = Person.objects.visible()
    for word in text.split()[:4]:
        people = people.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(other_names__icontains=word)
            | Q(orcid=word)
        )
    return people.order_by("family_name", "given_name")[:limit]
