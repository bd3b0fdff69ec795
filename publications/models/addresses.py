"""Addresses that things once had. A renamed or merged thing is found at its old address for good."""

from typing import Any, TypeVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """A slug that leads to the thing that had it."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    slug = models.SlugField(max_length=120, allow_unicode=False)
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="unique_former_address")]

    def __str__(self) -> str:
        return self.slug


def unique_slug(model: type[models.Model], text: str, *, fallback: str, exclude_pk: Any = None) -> str:
    """A slug for the text that no thing of this model has or had: "jansen", then "jansen-2"."""
    stem = slugify(text)[:100] or fallback
    others = model._default_manager.exclude(pk=exclude_pk) if exclude_pk else model._default_manager.all()
    former = FormerAddress.objects.filter(content_type=ContentType.objects.get_for_model(model))
    if exclude_pk:
        former = former.exclude(object_id=exclude_pk)
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(former.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


class Addressed(models.Model):
    """A thing with a slug of its own, which keeps leading here after it changes."""

    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_(
            "The last part of its web address. Left empty, it is made from the name. Old addresses go on working."
        ),
    )

    class Meta:
        abstract = True

    def text_for_slug(self) -> str:
        """The text a new slug is made from."""
        return str(self)

    def clean(self) -> None:
        super().clean()
        if not self.slug:
            # Wagtail validates before it saves: an empty slug must not clash with another empty one.
            self.slug = unique_slug(
                type(self),
                self.text_for_slug(),
                fallback=self._meta.model_name or "",
                exclude_pk=self.pk,
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if not self.slug:
                self.slug = unique_slug(
                    type(self),
                    self.text_for_slug(),
                    fallback=self._meta.model_name or "",
                    exclude_pk=self.pk,
                )
            before = type(self)._default_manager.filter(pk=self.pk).values_list("slug", flat=True).first()
            super().save(*args, **kwargs)
            content_type = ContentType.objects.get_for_model(type(self))
            FormerAddress.objects.filter(content_type=content_type, slug=self.slug).delete()
            if before and before != self.slug:
                FormerAddress.objects.update_or_create(
                    content_type=content_type,
                    slug=before,
                    defaults={"object_id": self.pk},
                )


T = TypeVar("T", bound=Addressed)


def find_by_address(model: type[T], slug: str) -> T | None:
    """The thing at this address now or before, followed through merges; None if there never was one.

    Whoever asks compares the answer's slug with the one asked for, and redirects where they differ.
    """
    return find_by_addresses(model, {slug}).get(slug)


def find_by_addresses(model: type[T], slugs: set[str]) -> dict[str, T]:
    """The things at these addresses now or before, by address, followed through merges; asks as often as for one."""
    things: dict[str, T] = {thing.slug: thing for thing in model._default_manager.filter(slug__in=slugs)}
    if missing := slugs - things.keys():
        former = FormerAddress.objects.filter(content_type=ContentType.objects.get_for_model(model), slug__in=missing)
        keys = dict(former.values_list("slug", "object_id"))
        found = model._default_manager.in_bulk(set(keys.values()))
        things |= {slug: found[key] for slug, key in keys.items() if key in found}
    seen: set[tuple[str, Any]] = set()
    while merged := _merged(things, seen):
        seen |= {(slug, things[slug].pk) for slug in merged}
        kept = model._default_manager.in_bulk(set(merged.values()))
        things |= {slug: kept[key] for slug, key in merged.items()}
    return things


def _merged(things: dict[str, T], seen: set[tuple[str, Any]]) -> dict[str, Any]:
    """The key of what each merged thing became, by its address; without those that were followed before."""
    keys = {slug: getattr(thing, "merged_into_id", None) for slug, thing in things.items()}
    return {slug: key for slug, key in keys.items() if key and (slug, things[slug].pk) not in seen}
