"""Things to test with: a factory for every model, and small real PDFs.

`PublicationFactory(creators=[jan], topics=[ct])` gives a live record; `RecordFileFactory(record=…, pages=["text", …])`
gives a read file whose bytes really hold those pages.
"""

import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from factory.django import DjangoModelFactory, Password
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from wagtail.models import Page, Site

from publications import models
from publications.models.fingerprints import draw_text
from publications.vocabularies import EventKind, FileStatus, OrganisationKind, PageStatus, RelationType, ResourceType

PASSWORD = "a long passphrase"


def make_pdf(pages: Sequence[str], *, title: str = "") -> bytes:
    """A PDF with the given text on each page, long lines broken; without a text the page is blank."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    for text in pages:
        lines = canvas.beginText(72, A4[1] - 72)
        for line in text.splitlines():
            words = line.split()
            while words:
                taken = [words.pop(0)]
                while words and len(" ".join(taken)) + len(words[0]) < 80:
                    taken.append(words.pop(0))
                lines.textLine(" ".join(taken))
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def make_image(*, width: int = 80, height: int = 60, name: str = "picture.png") -> ImageFile:
    """A plain picture."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "PNG")
    content.seek(0)
    return ImageFile(content, name=name)


# People who sign in -------------------------------------------------------------------------------------------


def in_groups(*default: str) -> factory.PostGeneration:
    """Puts a user into groups by name: those asked for, else the default ones."""

    def join(user: models.User, create: bool, names: Iterable[str] | None, **kwargs: Any) -> None:
        if create:
            user.groups.set(Group.objects.filter(name__in=names or default))

    return factory.PostGeneration(join)


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with PASSWORD; `groups=["Editors"]` puts them into groups by name."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@hub.example")
    password = Password(PASSWORD)

    groups = in_groups()


class EditorFactory(UserFactory):
    groups = in_groups("Editors")


class ResearcherFactory(UserFactory):
    groups = in_groups("Researchers")


class MemberFactory(UserFactory):
    groups = in_groups("Members")


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    name = factory.Sequence("Group {}".format)


# What records mention -------------------------------------------------------------------------------------------


class HubImageFactory(DjangoModelFactory):
    class Meta:
        model = models.HubImage

    title = factory.Sequence("Picture {}".format)
    file = factory.LazyFunction(make_image)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name_en = factory.Sequence("Organisation {}".format)
    kind = OrganisationKind.UNIVERSITY


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    given_name = "Marieke"
    family_name = factory.Sequence("van der Hoeven{}".format)


class PersonAffiliationFactory(DjangoModelFactory):
    class Meta:
        model = models.PersonAffiliation

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = models.Topic

    label_en = factory.Sequence("topic {}".format)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = models.Event

    title_en = factory.Sequence("Conference {}".format)
    kind = EventKind.CONFERENCE
    starts = factory.LazyFunction(timezone.now)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """`partners` may name organisations, which are partners then."""
        named = kwargs.get("partners", [])
        kwargs["partners"] = [
            models.EventPartner(organisation=one) if isinstance(one, models.Organisation) else one for one in named
        ]
        return kwargs


class EventSeriesFactory(DjangoModelFactory):
    class Meta:
        model = models.EventSeries

    title_en = factory.Sequence("Series {}".format)


class EventSessionFactory(DjangoModelFactory):
    """A part of a programme; `speakers` takes people and bare names."""

    class Meta:
        model = models.EventSession
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    title_en = factory.Sequence("Talk {}".format)

    @factory.post_generation
    def speakers(self, create: bool, speakers: Iterable[Any] | None, **kwargs: Any) -> None:
        for place, speaker in enumerate(speakers or () if create else ()):
            person = None if isinstance(speaker, str) else speaker
            EventSpeakerFactory(session=self, name=str(speaker), person=person, sort_order=place)


class EventSpeakerFactory(DjangoModelFactory):
    class Meta:
        model = models.EventSpeaker

    session = factory.SubFactory(EventSessionFactory)
    name = "Hedwig Oosterbaan"


class EventPhotoFactory(DjangoModelFactory):
    class Meta:
        model = models.EventPhoto

    event = factory.SubFactory(EventFactory)
    image = factory.SubFactory(HubImageFactory)


class FunderFactory(DjangoModelFactory):
    class Meta:
        model = models.Funder

    name_en = factory.Sequence("Funder {}".format)


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = models.Project

    title_en = factory.Sequence("Project {}".format)
    funder = factory.SubFactory(FunderFactory)


# Records ----------------------------------------------------------------------------------------------------------


class RecordFactory(DjangoModelFactory):
    """A live record. `creators` and `topics` take people and topics; `creators=["Ada Lovelace"]` takes bare names."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    title = factory.Sequence("Record {}".format)
    language = "en"
    issued = "2019-06-17"
    live = True
    first_published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def creators(self, create: bool, people: Iterable[Any] | None, **kwargs: Any) -> None:
        if not create:
            return
        for place, creator in enumerate(people or ()):
            if isinstance(creator, str):
                given_name, _, family_name = creator.partition(" ")
                person = None
            else:
                given_name, family_name, person = creator.given_name, creator.family_name, creator
            ContributionFactory(
                record=self, given_name=given_name, family_name=family_name, person=person, sort_order=place
            )
        self.refresh_from_db()

    @factory.post_generation
    def topics(self, create: bool, topics: Iterable[models.Topic] | None, **kwargs: Any) -> None:
        if create and topics:
            for topic in topics:
                models.TaggedRecord.objects.create(content_object_id=self.pk, tag=topic)
            self.refresh_from_db()


class PublicationFactory(RecordFactory):
    class Meta:
        model = models.Publication

    resource_type = ResourceType.CONFERENCE_PAPER


class PresentationFactory(RecordFactory):
    class Meta:
        model = models.Presentation

    resource_type = ResourceType.SLIDES


class EventOutcomeFactory(RecordFactory):
    class Meta:
        model = models.EventOutcome

    resource_type = ResourceType.MINUTES
    event = factory.SubFactory(EventFactory)


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = models.Contribution

    record = factory.SubFactory(PublicationFactory)
    given_name = "Marieke"
    family_name = "van der Hoeven"


class ContributionAffiliationFactory(DjangoModelFactory):
    class Meta:
        model = models.ContributionAffiliation

    contribution = factory.SubFactory(ContributionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.LazyAttribute(lambda affiliation: str(affiliation.organisation))


class TaggedRecordFactory(DjangoModelFactory):
    class Meta:
        model = models.TaggedRecord

    content_object = factory.SubFactory(PublicationFactory)
    tag = factory.SubFactory(TopicFactory)


class FundingReferenceFactory(DjangoModelFactory):
    class Meta:
        model = models.FundingReference

    record = factory.SubFactory(PublicationFactory)
    funder = factory.SubFactory(FunderFactory)


class RelatedIdentifierFactory(DjangoModelFactory):
    class Meta:
        model = models.RelatedIdentifier

    record = factory.SubFactory(PublicationFactory)
    relation_type = RelationType.CITES
    related_record = factory.SubFactory(PublicationFactory)


# Files --------------------------------------------------------------------------------------------------------


class RecordFileFactory(DjangoModelFactory):
    """A file that was read: its bytes are a PDF of `pages`, and each page has its row. `content=bytes` for others."""

    class Meta:
        model = models.RecordFile
        exclude = ["pages", "content_bytes"]

    class Params:
        unread = factory.Trait(status=FileStatus.RECEIVED, page_count=None, pages_read=0)

    pages = ("The first page.",)
    content_bytes = factory.LazyAttribute(lambda file: make_pdf(file.pages))

    record = factory.SubFactory(PublicationFactory)
    number = factory.LazyAttribute(lambda file: file.record.files.count() + 1)
    name = factory.LazyAttribute(lambda file: f"paper{file.number}.pdf")
    media_type = "application/pdf"
    content = factory.LazyAttribute(lambda file: ContentFile(file.content_bytes, name=file.name))
    size_bytes = factory.LazyAttribute(lambda file: len(file.content_bytes))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content_bytes).hexdigest())
    status = FileStatus.READY
    language = factory.LazyAttribute(lambda file: file.record.language)
    page_count = factory.LazyAttribute(lambda file: len(file.pages))
    pages_read = factory.LazyAttribute(lambda file: sum(bool(text) for text in file.pages))
    read_at = factory.LazyFunction(timezone.now)

    @classmethod
    def create(cls, **kwargs: Any) -> models.RecordFile:
        file = super().create(**kwargs)
        if file.status == FileStatus.READY:
            pages = kwargs.get("pages", ("The first page.",))
            for number, text in enumerate(pages, start=1):
                FilePageFactory(file=file, number=number, text=text)
            draw_text(file, pages)
        return file


class FilePageFactory(DjangoModelFactory):
    class Meta:
        model = models.FilePage

    file = factory.SubFactory(RecordFileFactory)
    number = 1
    text = "Text of a page."
    status = factory.LazyAttribute(lambda page: PageStatus.TEXT if page.text else PageStatus.NO_TEXT)
    language = "en"
    width, height = A4


# Collections, pages -------------------------------------------------------------------------------------------------


class CollectionFactory(DjangoModelFactory):
    """A collection of `records`, in order."""

    class Meta:
        model = models.Collection
        skip_postgeneration_save = True

    title_en = factory.Sequence("Collection {}".format)

    @factory.post_generation
    def records(self, create: bool, records: Iterable[models.Record] | None, **kwargs: Any) -> None:
        if create and records:
            for place, record in enumerate(records):
                CollectionItemFactory(collection=self, record=record, sort_order=place)
            self.refresh_from_db()


class CollectionItemFactory(DjangoModelFactory):
    class Meta:
        model = models.CollectionItem

    collection = factory.SubFactory(CollectionFactory)
    record = factory.SubFactory(PublicationFactory)


class PageFactory(DjangoModelFactory):
    """A Wagtail page; `parent` is where it stands, the root of the tree if nothing is said."""

    class Meta:
        abstract = True

    title = factory.Sequence("Page {}".format)

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, parent: Page | None = None, **kwargs: Any) -> Page:
        parent = parent or Page.get_first_root_node()
        parent.refresh_from_db()
        return parent.add_child(instance=model_class(*args, **kwargs))


class HomePageFactory(PageFactory):
    """A home page, which the default site then begins at."""

    class Meta:
        model = models.HomePage

    headline = "Find what the cluster knows"

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        page = super()._create(model_class, *args, **kwargs)
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": page}
        )
        return page


class NewsIndexPageFactory(PageFactory):
    class Meta:
        model = models.NewsIndexPage


class NewsPageFactory(PageFactory):
    class Meta:
        model = models.NewsPage

    introduction = "What is new."


class ContentPageFactory(PageFactory):
    class Meta:
        model = models.ContentPage


class SiteSettingsFactory(DjangoModelFactory):
    class Meta:
        model = models.SiteSettings
        django_get_or_create = ["site"]

    site = factory.LazyFunction(lambda: Site.objects.get(is_default_site=True))
    cluster_name = "CMI-NEN"
