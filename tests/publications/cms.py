"""What tests of the CMS share: something of each kind, what a listing shows, a form as a browser would send it."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from publications.models import Publication
from tests.factories import (
    CollectionFactory,
    EventFactory,
    EventOutcomeFactory,
    EventSeriesFactory,
    FunderFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    ProjectFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

SNIPPETS = "/admin/snippets/publications/"
FACTORIES = {
    "publication": PublicationFactory,
    "presentation": PresentationFactory,
    "eventoutcome": EventOutcomeFactory,
    "recordfile": RecordFileFactory,
    "person": PersonFactory,
    "organisation": OrganisationFactory,
    "topic": TopicFactory,
    "event": EventFactory,
    "eventseries": EventSeriesFactory,
    "collection": CollectionFactory,
    "funder": FunderFactory,
    "project": ProjectFactory,
}


def titles(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [link.get_text(strip=True) for link in soup.select("table.listing td.title a[href*='/edit/']")]


def listed(client: Client, model: str, query: str = "") -> list[str]:
    response = client.get(f"{SNIPPETS}{model}/{query}")
    assert response.status_code == 200
    return list(dict.fromkeys(title for title in titles(response) if title and title != "Edit"))


def draft(title: str, **values) -> Publication:
    record = PublicationFactory(title=title, live=False, first_published_at=None, resource_type="report", **values)
    record.save_revision()
    record.refresh_from_db()
    return record


def form_fields(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What the editor form at this address would send, with these changes."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    form = BeautifulSoup(response.content, "html.parser").select_one("form[data-edit-form]")
    assert form is not None
    fields: dict[str, Any] = {}
    for element in form.select("input[name], textarea[name], select[name]"):
        if element.find_parent("template") or element.find_parent("script"):
            continue
        name = element["name"]
        if element.name == "select":
            chosen = [option["value"] for option in element.select("option[selected]")]
            fields[name] = chosen if element.has_attr("multiple") else (chosen or [""])[0]
        elif element.name == "textarea":
            fields[name] = element.text.removeprefix("\n")
        elif element.get("type") in ("checkbox", "radio"):
            if element.has_attr("checked"):
                fields[name] = element.get("value", "on")
        else:
            fields[name] = element.get("value", "")
    for stream in form.select("[data-controller~=w-block]"):
        fields[f"{stream['id']}-count"] = 0  # blocks are drawn by a script; those that there are, are left out
    return fields | changes


def contribution(number: int, *, affiliations: tuple[str, ...] = (), **values: Any) -> dict[str, Any]:
    """The fields of a new contributor with affiliations, at this place of the form."""
    prefix = f"contributions-{number}"
    fields: dict[str, Any] = {
        f"{prefix}-id": "",
        f"{prefix}-role": "Creator",
        f"{prefix}-ORDER": number + 1,
        f"{prefix}-affiliations-TOTAL_FORMS": len(affiliations),
        f"{prefix}-affiliations-INITIAL_FORMS": 0,
        "contributions-TOTAL_FORMS": number + 1,
    }
    for place, name in enumerate(affiliations):
        fields |= {
            f"{prefix}-affiliations-{place}-id": "",
            f"{prefix}-affiliations-{place}-name": name,
            f"{prefix}-affiliations-{place}-ORDER": place + 1,
        }
    return fields | {f"{prefix}-{name}": value for name, value in values.items()}
