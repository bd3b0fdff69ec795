"""The landing page of a record, and finding a record by its PID."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from publications.access import User
from publications.citations import STYLES, STYLES_BY_ID, cite
from publications.errors import InvalidIdentifier
from publications.formats import FORMATS, highwire, schema_org
from publications.identifiers import parse_pid
from publications.models import Collection, Person, Record, Topic
from publications.models.bilingual import site_language
from publications.models.topic_tree import with_record_counts
from publications.records import metadata_of, with_metadata
from publications.use import count_use
from publications.views.bylines import byline_of
from publications.views.holdings import files_of
from publications.views.related import related_elsewhere, related_records
from publications.views.versions import newest_of, shown_versions
from publications.vocabularies import LANGUAGES, AccessRight


def find_live_record(pid: str) -> Record:
    """The live record of this PID, with what its page and every format show. Raises Http404 for all others.

    A draft is answered like a PID that never was: nobody learns that it exists.
    """
    try:
        pid = parse_pid(pid)
    except InvalidIdentifier:
        raise Http404 from None
    record = with_metadata(Record.objects.live()).filter(pid=pid).first()
    if record is None:
        raise Http404
    return record


@require_safe
def record(request: HttpRequest, pid: str) -> HttpResponse:
    """The landing page of a live record; a PID in capitals leads to it."""
    if tombstone := find_withdrawn(pid):
        return render(request, "publications/withdrawn.html", withdrawn_context(tombstone), status=410)
    found = find_live_record(pid)
    if found.pid != pid:
        return redirect(found, permanent=True)
    count_use(request, found, kind="views")
    context = record_context(found, user=request.user, style=request.GET.get("style", ""))
    return render(request, "publications/record.html", context)


@require_safe
def versions(request: HttpRequest, pid: str) -> HttpResponse:
    """The page of all versions of a work, reached by the PID of each."""
    found = find_live_record(pid)
    shown = shown_versions(found)
    if not shown:
        raise Http404
    if found.pid != pid:
        return redirect("publications:versions", found.pid, permanent=True)
    listed = Record.objects.live().for_listing().in_bulk([version.record.pk for version in shown])
    with_bylines = [replace(version, record=listed[version.record.pk]) for version in shown]
    return render(request, "publications/versions.html", {"record": found, "versions": with_bylines})


def find_withdrawn(pid: str) -> Record | None:
    """The record that once was live under this PID and was withdrawn."""
    return with_metadata(Record.objects.filter(pid=pid, live=False).exclude(withdrawn_at=None)).first()


def withdrawn_context(record: Record) -> dict[str, Any]:
    """What is left of a withdrawn record: its citation, and why it is gone."""
    return {"record": record, "citation": cite(metadata_of(record), style=STYLES[0].id, locale=site_language())}


def record_context(record: Record, *, user: User, style: str = "") -> dict[str, Any]:
    """What the landing page of a record shows this user; the record may be a draft that was never saved."""
    today = timezone.localdate()
    metadata = metadata_of(record)
    style = style if style in STYLES_BY_ID else STYLES[0].id
    files = files_of(record, user=user, today=today)
    versions = shown_versions(record)
    return {
        "record": record,
        "specific": record.specific(),
        "is_embargoed": record.access_status(today=today) == AccessRight.EMBARGOED,
        "byline": byline_of(record),
        "askable": [person for person in people_of_record(record) if person.is_contactable],
        "about_itself": [record],
        "files": files,
        "closed_pages": sum(shown.file.page_count or 0 for shown in files if not shown.may_read),
        "has_closed_files": any(not shown.may_read for shown in files),
        "abstracts": abstracts_of(record),
        "topics": _topics(record),
        "related": related_records(record),
        "elsewhere": related_elsewhere(record),
        "versions": versions,
        "newest_version": newest_of(record, versions),
        "collections": Collection.objects.live().filter(items__record_id=record.pk) if record.pk else [],
        "citation": cite(metadata, style=style, locale=site_language()),
        "style": style,
        "styles": STYLES,
        "formats": FORMATS,
        "meta_tags": highwire.meta_tags(metadata),
        "json_ld": mark_safe(schema_org.dumps_for_script([metadata])),  # noqa: S308 - escaped for this place
    }


def people_of_record(record: Record) -> list[Person]:
    """Everybody of the hub who contributed to it, in the order of its contributors."""
    return list(dict.fromkeys(c.person for c in record.contributions.all() if c.person_id and c.person))


def _topics(record: Record) -> list[Topic]:
    """The record's topics with the number of live records of each."""
    topics = Topic.objects.current().filter(pk__in=[tagged.tag_id for tagged in record.tagged_topics.all()])
    return with_record_counts(topics.order_by("name"))


@dataclass(frozen=True)
class Abstracts:
    """The abstract that is shown first, the one in the other language, and what is missing."""

    first: str
    first_language: str
    other: str = ""
    other_language: str = ""
    other_label: str = ""
    """ "Abstract in Dutch", in its own language where that is one of the site's."""
    missing: str = ""
    """A sentence where there is no abstract in one of the site's languages."""


def abstracts_of(record: Record) -> Abstracts:
    """Both abstracts, that in the reader's language first."""
    own = (record.abstract.strip(), record.language)
    translated = (record.translated_abstract.strip(), record.translation_language)
    is_translated_first = bool(translated[0]) and (not own[0] or translated[1] == site_language())
    (first, language), (other, other_language) = (translated, own) if is_translated_first else (own, translated)
    if not first:
        return Abstracts("", "", missing=_("There is no abstract."))
    if not other:
        return Abstracts(first, language, missing=_missing_abstract(language))
    return Abstracts(first, language, other, other_language, other_label=_abstract_label(other_language))


def _missing_abstract(language: str) -> str:
    """Which of the site's languages has no abstract; nothing where it is not known which one this is."""
    if language == "en":
        return _("There is no Dutch abstract yet.")
    if language in ("und", "mul"):
        return ""
    return _("There is no English abstract yet.")


def _abstract_label(language: str) -> str:
    if language == "nl":
        with override("nl"):
            return _("Abstract in Dutch")
    if language == "en":
        with override("en"):
            return _("Abstract in English")
    return _("Abstract in another language: %(language)s") % {"language": dict(LANGUAGES).get(language, language)}
