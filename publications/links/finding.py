"""Every link in what is published: in rich text, blocks, menus and fields that hold an address.

The fields are found by their kind, so that a new one is looked at without being named here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Model, QuerySet, URLField
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from publications.models import Record
from publications.models.related_identifiers import RelatedIdentifier
from publications.vocabularies import IdentifierType


@dataclass(frozen=True)
class Target:
    """What a link leads to: "page:12" and "document:3" as the CMS keeps them, a path of the hub, or an address."""

    address: str

    @property
    def is_inside(self) -> bool:
        """Whether it is of this hub."""
        return not self.address.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Place:
    """Where a link stands: in a field of a thing, by the number of its model."""

    content_type: int
    object_id: int
    field: str


def find_links(*, inside_only: bool = False) -> Iterator[tuple[Target, Place]]:
    """Each link of each published thing. inside_only: without the fields that hold addresses of records alone."""
    for model in apps.get_app_config("publications").get_models():
        fields = [
            field for field in model._meta.local_fields if isinstance(field, (RichTextField, StreamField, URLField))
        ]
        if fields and not (inside_only and model is Record):
            yield from _of_model(model, fields)
    if not inside_only:
        yield from _of_related_works()


def _of_model(model: type[Model], fields: list[Field]) -> Iterator[tuple[Target, Place]]:
    number = ContentType.objects.get_for_model(model).pk
    for thing in published(model).only("pk", *(field.name for field in fields)).iterator(chunk_size=500):
        for field in fields:
            for target in set(links_of_field(field, thing)):
                yield target, Place(number, thing.pk, field.name)


def published(model: type[Model]) -> QuerySet:
    """The things of a model that readers see: shown, not merged into another, live, as far as it knows of these."""
    things: Any = model._default_manager.all()
    for kept in ("visible", "current"):
        if hasattr(things, kept):
            return getattr(things, kept)()
    return things.filter(live=True) if any(field.name == "live" for field in model._meta.get_fields()) else things


def _of_related_works() -> Iterator[tuple[Target, Place]]:
    number = ContentType.objects.get_for_model(Record).pk
    rows = RelatedIdentifier.objects.filter(identifier_type=IdentifierType.URL, record__live=True)
    for record, address in rows.values_list("record_id", "identifier").iterator():
        yield from ((target, Place(number, record, "related_identifiers")) for target in as_target(address))


def links_of_field(field: Field, thing: Model) -> Iterator[Target]:
    """What the links in one field of a thing lead to."""
    value = getattr(thing, field.name)
    if isinstance(field, StreamField):
        yield from links_of_block(field.stream_block, list(value.raw_data))
    elif isinstance(field, RichTextField):
        yield from links_of_html(value or "")
    else:
        yield from as_target(value or "")


def links_of_block(block: Any, value: Any) -> Iterator[Target]:
    """What the links in a block lead to. value: as it is stored, so that no chooser asks for its page."""
    match block:
        case blocks.BaseStreamBlock():
            children = [(block.child_blocks.get(child["type"]), child["value"]) for child in value or ()]
        case blocks.BaseStructBlock():
            children = [(child, (value or {}).get(name)) for name, child in block.child_blocks.items()]
        case blocks.ListBlock():
            children = [(block.child_block, child["value"]) for child in value or ()]
        case _:
            children = []
            yield from _links_of_leaf(block, value)
    for child, inner in children:
        yield from links_of_block(child, inner)


def _links_of_leaf(block: Any, value: Any) -> list[Target]:
    if not value:
        return []
    match block:
        case blocks.RichTextBlock():
            return links_of_html(str(value))
        case blocks.PageChooserBlock():
            return [Target(f"page:{value}")]
        case blocks.URLBlock():
            return as_target(value)
    return []


def links_of_html(html: str) -> list[Target]:
    """What the links in rich text lead to."""
    reader = _LinkReader()
    reader.feed(html)
    return reader.targets


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[Target] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("linktype")
        if tag != "a":
            return
        if kind in ("page", "document"):
            self.targets.append(Target(f"{kind}:{values.get('id')}"))
        elif not kind:
            self.targets += as_target(values.get("href") or "")


def as_target(address: str) -> list[Target]:
    """An address as a target; none for mail addresses, telephone numbers and places on the same page."""
    address = address.strip().partition("#")[0]
    own = address.removeprefix(settings.BASE_URL)
    if address and not own:
        return [Target("/")]
    if own.startswith("/") and not own.startswith("//"):
        return [Target(own)]
    return [Target(address)] if address.startswith(("http://", "https://")) else []
