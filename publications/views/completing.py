"""What the deposit form completes: people, organisations, topics, records; only what every reader may know."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from publications.deposit.forms import suggest_people
from publications.models import Organisation, Person, Record, Topic
from publications.models.bilingual import local_text
from publications.topics import suggest_topics
from publications.views.depositing import for_depositors
from publications.views.summaries import shown_affiliations

SHORTEST = 2
MOST = 8


@for_depositors
@require_safe
def complete(request: HttpRequest, kind: str) -> JsonResponse:
    """What the hub knows of this kind that holds what was typed. Raises Http404 for any other kind."""
    if kind not in KINDS:
        raise Http404
    return KINDS[kind](request)


def typed(request: HttpRequest) -> str:
    """What was typed, "" where it is too short to mean anybody."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    return text if len(text) >= SHORTEST else ""


def answer(options: list[dict[str, Any]]) -> JsonResponse:
    """Options: `text` to read, `note` beside it, `values` for fields of the form."""
    return JsonResponse({"options": options})


def people(request: HttpRequest) -> JsonResponse:
    """People with a page here, by name or ORCID iD; each with where they work, to tell namesakes apart."""
    text = typed(request)
    workplaces = Prefetch("affiliations", shown_affiliations())
    found = suggest_people(text, limit=MOST).prefetch_related(workplaces) if text else ()
    return answer(
        [
            {
                "text": person.name,
                "note": ", ".join(filter(None, [*employers(person), person.orcid])),
                "values": {
                    "given_name": person.given_name,
                    "family_name": person.family_name,
                    "orcid": person.orcid,
                    "person": person.slug,
                    "affiliations": "\n".join(employers(person)),
                },
            }
            for person in found
        ]
    )  # fmt: skip


def employers(person: Person) -> list[str]:
    """Where somebody works now, of what was prefetched."""
    return [str(row.organisation) for row in person.affiliations.all() if row.end_year is None]


def organisations(request: HttpRequest) -> JsonResponse:
    """Organisations with a page here, by any of their names."""
    text = typed(request)
    names = ("name_en", "name_nl", "short_name", "other_names")
    holds = Q()
    for name in names:
        holds |= Q(**{f"{name}__icontains": text})
    found = Organisation.objects.visible().filter(holds).order_by("name_en", "name_nl")[:MOST] if text else ()
    return answer([{"text": str(one), "note": one.city, "values": {"line": str(one)}} for one in found])


def topics(request: HttpRequest) -> JsonResponse:
    """Topics by any label or synonym in either language."""
    text = typed(request)
    shown = Topic.objects.visible()
    found = (
        [one for one in suggest_topics(text, limit=3 * MOST) if shown.filter(pk=one.pk).exists()][:MOST] if text else []
    )
    return answer(
        [{"text": str(local_text(topic, "label")), "note": "", "values": {"topic": topic.name}} for topic in found]
    )


def records(request: HttpRequest) -> JsonResponse:
    """Live records by words of their title, or a DOI."""
    text = typed(request)
    found = Record.objects.live()
    for word in text.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(doi=word))
    return answer(
        [
            {
                "text": record.title,
                "note": str(record.year or ""),
                "values": {"identifier": record.doi or record.full_url, "title": record.title},
            }
            for record in (found.order_by("title")[:MOST] if text else ())
        ]
    )


KINDS: dict[str, Callable[[HttpRequest], JsonResponse]] = {
    "people": people,
    "organisations": organisations,
    "topics": topics,
    "records": records,
}
