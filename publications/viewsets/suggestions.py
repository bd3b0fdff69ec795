"""What a file suggests for its record, in the CMS: shown with its source, and taken over where fields are empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from publications.models import Record, RecordFile
from publications.records import FieldSuggestion, compare, fill_empty_fields
from publications.suggestions import SuggestedMetadata
from publications.topics import KeywordMatch, match_keywords
from publications.vocabularies import LANGUAGES, SuggestionSource

FIELD_LABELS = {
    "title": gettext_lazy("Title"),
    "authors": gettext_lazy("Authors"),
    "abstract": gettext_lazy("Abstract"),
    "keywords": gettext_lazy("Topics"),
    "language": gettext_lazy("Language"),
    "issued": gettext_lazy("Date of publication"),
    "container_title": gettext_lazy("Published in"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "page": pgettext_lazy("range in a journal", "Pages"),
    "publisher": gettext_lazy("Publisher"),
    "doi": gettext_lazy("DOI"),
    "arxiv": gettext_lazy("arXiv id"),
    "isbn": gettext_lazy("ISBN"),
    "issn": gettext_lazy("ISSN"),
}


@dataclass(frozen=True)
class Row:
    """A suggested field as the CMS shows it. `value` is text; authors and topics have lists of their own."""

    name: str
    label: str
    value: Any
    source: str
    certainty: str
    is_empty: bool


def suggestion_context(file: RecordFile) -> dict[str, Any]:
    """What a template shows of a file's suggestion beside the record's latest draft."""
    suggested = file.suggestion
    fields = compare(file.record, suggested) if suggested else []
    matches = match_keywords(suggested.keywords.value) if suggested.keywords else []
    return {
        "suggestions": [row_of(field) for field in fields],
        "suggested_topics": matches,
        "new_topics": [match.keyword for match in matches if match.topic is None],
        "can_fill": any(adds_something(field, matches) for field in fields),
    }


def adds_something(field: FieldSuggestion, matches: list[KeywordMatch]) -> bool:
    return field.is_empty and (field.name != "keywords" or bool(matches))


def row_of(field: FieldSuggestion) -> Row:
    suggestion = field.suggestion
    value = dict(LANGUAGES).get(suggestion.value, suggestion.value) if field.name == "language" else suggestion.value
    return Row(
        name=field.name,
        label=str(FIELD_LABELS[field.name]),
        value=value,
        source=str(SuggestionSource(suggestion.source).label),
        certainty=str(suggestion.certainty.label),
        is_empty=field.is_empty,
    )


def in_brief(suggested: SuggestedMetadata) -> str:
    """What a file suggests, in a line: "title, authors (7), abstract, DOI"."""
    return ", ".join(brief_labels(suggested))


def brief_labels(suggested: SuggestedMetadata) -> Iterator[str]:
    for name, suggestion in suggested.items():
        label = str(FIELD_LABELS[name])
        label = label if label.isupper() else label[:1].lower() + label[1:]
        yield f"{label} ({len(suggestion.value)})" if name in ("authors", "keywords") else label


@require_POST
def fill_from_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the empty fields of a record's draft with what its file suggests, and show the record's form."""
    file = get_object_or_404(RecordFile.objects.present().told_to_editors().select_related("record"), pk=pk)
    record = file.record.specific()
    check_may_change_record(request, record)
    user: Any = request.user  # who is nobody has been sent away by now
    with_new_topics = "with_new_topics" in request.POST
    filled = fill_empty_fields(record, file.suggestion, with_new_topics=with_new_topics, user=user)
    if filled:
        names = ", ".join(str(FIELD_LABELS[name]) for name in filled)
        text = ngettext(
            "Filled in from “%(file)s”: %(fields)s. Check it before you publish.",
            "Filled in from “%(file)s”: %(fields)s. Check them before you publish.",
            len(filled),
        )
        messages.success(request, text % {"file": file.name, "fields": names})
    else:
        messages.warning(request, _("There was nothing to fill in: the fields that this file knows of are not empty."))
    viewset: Any = type(record).snippet_viewset  # type: ignore[attr-defined]
    return redirect(viewset.get_url_name("edit"), record.pk)


def check_may_change_record(request: HttpRequest, record: Record) -> None:
    """Raises PermissionDenied where this user may not change the record, or somebody else has locked it."""
    policy = policy_registry.get_by_type(type(record))
    lock = record.get_lock()
    if not policy.user_has_permission(request.user, "change") or (lock and lock.for_user(request.user)):
        raise PermissionDenied
