"""Who says that a profile is theirs, and what an editor made of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.vocabularies import ClaimState


class ProfileClaimQuerySet(models.QuerySet["ProfileClaim"]):
    """Filters that read as words."""

    def open(self) -> "ProfileClaimQuerySet":
        """Those that wait for an editor."""
        return self.filter(state=ClaimState.OPEN)


class ProfileClaim(models.Model):
    """An account's word that it is somebody of the hub, or, without a person, that it belongs to somebody new."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims", verbose_name=_("account"))
    person = models.ForeignKey(
        "publications.Person", models.CASCADE, null=True, blank=True, related_name="claims", verbose_name=_("person")
    )
    note = models.TextField(_("how an editor can tell"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = ProfileClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a profile")
        verbose_name_plural = _("claims of profiles")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state=ClaimState.OPEN), name="one_open_claim_an_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.person or self.user.get_full_name()}"
