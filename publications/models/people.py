"""People: those who wrote, spoke, organised. Their address is private and they are reached through the hub."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, RevisionMixin
from wagtail.search import index

from publications.errors import InvalidIdentifier
from publications.identifiers import parse_orcid
from publications.models.addresses import Addressed
from publications.models.changes import ChangesRecords
from publications.vocabularies import PersonRole


class PersonQuerySet(models.QuerySet["Person"]):
    """Filters that read as words."""

    def current(self) -> "PersonQuerySet":
        """Not merged into another."""
        return self.filter(merged_into=None)

    def matching(self, word: str) -> "PersonQuerySet":
        """With this word somewhere in a form of their name."""
        return self.filter(
            models.Q(given_name__icontains=word)
            | models.Q(family_name__icontains=word)
            | models.Q(other_names__icontains=word)
        )

    def visible(self) -> "PersonQuerySet":
        """Shown on the site: listed by an editor, or standing on a live record."""
        from publications.models.contributions import Contribution

        on_live_record = models.Exists(Contribution.objects.filter(person=models.OuterRef("pk"), record__live=True))
        return self.current().filter(models.Q(is_listed=True) | on_live_record)


class Person(ChangesRecords, Addressed, index.Indexed, RevisionMixin, ClusterableModel):
    """Somebody who contributed to a record or takes part in the cluster."""

    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(
        _("family name"),
        max_length=150,
        help_text=_("With its particles: van der Hoeven, de Wit."),
    )
    other_names = models.TextField(
        _("other forms of the name"),
        blank=True,
        help_text=_("One on each line, as printed: J. van den Berg."),
    )
    orcid = models.CharField(_("ORCID iD"), max_length=19, blank=True)
    position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    position_nl = models.CharField(_("position in Dutch"), max_length=200, blank=True)
    biography_en = models.TextField(_("about, in English"), blank=True)
    biography_nl = models.TextField(_("about, in Dutch"), blank=True)
    help_en = models.TextField(_("can help with, in English"), blank=True)
    help_nl = models.TextField(_("can help with, in Dutch"), blank=True)
    roles = models.CharField(_("roles"), max_length=100, blank=True)
    """Values of PersonRole with commas, in the order of that list."""
    languages = models.CharField(
        _("languages"),
        max_length=100,
        blank=True,
        help_text=_("Language codes with commas: nl, en, fy."),
    )
    photo = models.ForeignKey(
        "publications.HubImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    email = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("Private: never shown; the hub passes questions on to it."),
    )
    has_consented = models.BooleanField(
        _("may be asked questions"),
        default=False,
        help_text=_("Only when the person agreed to it. Without this, nobody can reach them through the hub."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    shows_photo = models.BooleanField(_("photo shown"), default=True)
    shows_about = models.BooleanField(_("position and text about them shown"), default=True)
    shows_help = models.BooleanField(_("what they can help with shown"), default=True)
    shows_languages = models.BooleanField(_("languages shown"), default=True)
    shows_affiliations = models.BooleanField(_("where they work shown"), default=True)
    is_listed = models.BooleanField(
        _("shown on the site"),
        default=True,
        help_text=_("Without this, they are shown only once they stand on a live record."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = PersonQuerySet.as_manager()

    search_fields = [
        index.SearchField("given_name"),
        index.SearchField("family_name"),
        index.SearchField("other_names"),
        index.AutocompleteField("given_name"),
        index.AutocompleteField("family_name"),
        index.FilterField("has_consented"),
    ]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~models.Q(orcid="") & models.Q(merged_into=None),
                name="unique_orcid",
                violation_error_message=_("Another person has this ORCID iD."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As on a title page: "Marieke van der Hoeven"."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def sort_name(self) -> str:
        """As in a bibliography: "van der Hoeven, Marieke"."""
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every form of the name, each once."""
        names = [self.name, *self.other_names.splitlines()]
        return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))

    @property
    def is_contactable(self) -> bool:
        """Whether questions may be put to them through the hub: by mail, or by the editors where it has no address."""
        return self.has_consented and self.merged_into_id is None

    @property
    def role_names(self) -> list[str]:
        """The roles in words."""
        known = dict(PersonRole.choices)
        return [str(known[role]) for role in self.roles.split(",") if role in known]

    def clean(self) -> None:
        super().clean()
        if self.orcid:
            try:
                self.orcid = parse_orcid(self.orcid)
            except InvalidIdentifier as error:
                raise ValidationError({"orcid": str(error)}) from error

    def get_absolute_url(self) -> str:
        return reverse("publications:person", args=[self.slug])

    def affected_pids(self) -> Iterable[str]:
        from publications.models.records import Record

        return Record.objects.filter(contributions__person=self).values_list("pid", flat=True)


class PersonAffiliation(Orderable):
    """Where a person works or worked, and when."""

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(
        "publications.Organisation",
        models.PROTECT,
        related_name="people",
        verbose_name=_("organisation"),
    )
    department = models.CharField(_("department"), max_length=200, blank=True)
    start_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made in code have no place: they stay as they were made
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_year=None)
                | models.Q(start_year=None)
                | models.Q(end_year__gte=models.F("start_year")),
                name="affiliation_ends_after_it_starts",
                violation_error_message=_("The last year must not come before the first."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
