"""Signs of patient data in files: for editors' eyes only, and in the way of readers until an editor has decided."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.files import RecordFile
from publications.vocabularies import Confidence, FindingState, SensitiveKind, SensitivePlace


class SensitiveFindingQuerySet(models.QuerySet["SensitiveFinding"]):
    """Filters that read as words."""

    def open(self) -> Self:
        """Nobody has decided about them yet."""
        return self.filter(state=FindingState.OPEN)


class SensitiveFinding(models.Model):
    """A sign of patient data in a file, and what an editor made of it.

    It is in no index, export, mail or revision, and shown to nobody but editors. The value that was found is not kept:
    `passage` has its digits covered, and `digest`, made with the hub's secret, tells whether a later reading finds
    the same again.
    """

    file = models.ForeignKey(RecordFile, models.CASCADE, related_name="findings")
    page = models.PositiveIntegerField(_("page"), null=True)
    """None for what the file as a whole says, in its properties."""
    place = models.CharField(_("where"), max_length=12, choices=SensitivePlace.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=SensitiveKind.choices)
    rule = models.CharField(max_length=20)
    confidence = models.CharField(_("how sure"), max_length=10, choices=Confidence.choices)
    passage = models.CharField(_("passage"), max_length=300)
    digest = models.CharField(max_length=64)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    """Why it is no patient data, or may be published."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = SensitiveFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of patient data")
        verbose_name_plural = _("signs of patient data")
        ordering = ["file", "page", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["file", "digest"], name="unique_finding_of_file")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.file}"
