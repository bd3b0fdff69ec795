"""Links in what editors and depositors wrote, and whether they lead anywhere."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LinkProblem(models.TextChoices):
    """What is wrong with a link."""

    GONE = "gone", _("There is no such page")
    OFFLINE = "offline", _("It is not published")
    REFUSED = "refused", _("The site refuses it")
    FAILS = "fails", _("The site reports an error")
    NO_SUCH_HOST = "no_such_host", _("There is no such site")
    NO_ANSWER = "no_answer", _("The site does not answer")
    CERTIFICATE = "certificate", _("The site’s certificate is not valid")
    REDIRECTS = "redirects", _("It is passed on without end")
    NOT_PUBLIC = "not_public", _("It is no address of the public web")

    @property
    def is_lasting(self) -> bool:
        """Whether once is enough to believe it; a site that fails may be back in an hour."""
        return self in (LinkProblem.GONE, LinkProblem.OFFLINE, LinkProblem.NO_SUCH_HOST, LinkProblem.NOT_PUBLIC)


class WatchedLinkQuerySet(models.QuerySet["WatchedLink"]):
    """Filters that read as words."""

    def broken(self) -> "WatchedLinkQuerySet":
        """Those that lead nowhere for sure, and that nobody looked at and let be."""
        return self.sure().filter(ignored_at=None)

    def let_be(self) -> "WatchedLinkQuerySet":
        """Those that an editor looked at and lets be."""
        return self.sure().exclude(ignored_at=None)

    def sure(self) -> "WatchedLinkQuerySet":
        """Those that lead nowhere for sure."""
        return self.filter(is_broken=True)

    def due(self) -> "WatchedLinkQuerySet":
        """Links to other sites that are to be looked at now, those first that waited longest."""
        return self.filter(is_inside=False, due_at__lte=timezone.now()).order_by("due_at", "pk")


class WatchedLink(models.Model):
    """What a link leads to: an address elsewhere, or something of this hub that is not there."""

    target = models.TextField(_("leads to"))
    digest = models.CharField(max_length=64, unique=True)
    is_inside = models.BooleanField(_("within the hub"), default=False)
    problem = models.CharField(_("what is wrong"), max_length=20, choices=LinkProblem.choices, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    is_broken = models.BooleanField(default=False)
    failing_since = models.DateTimeField(_("since"), null=True, blank=True)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    ignored_at = models.DateTimeField(null=True, blank=True)
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("let be by")
    )

    objects = WatchedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["failing_since", "pk"]
        indexes = [
            models.Index(fields=["is_inside", "due_at"], name="link_due"),
            models.Index(fields=["is_broken"], name="link_broken"),
        ]

    def __str__(self) -> str:
        return self.target


class LinkUse(models.Model):
    """Where a link stands: in a field of a thing."""

    link = models.ForeignKey(WatchedLink, models.CASCADE, related_name="uses")
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey()
    field = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("place of a link")
        verbose_name_plural = _("places of links")
        constraints = [
            models.UniqueConstraint(fields=["link", "content_type", "object_id", "field"], name="unique_link_use")
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.link}"
