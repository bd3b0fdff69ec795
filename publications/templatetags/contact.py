"""Links that ask somebody with the evidence at hand, and texts of strangers in mails."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from publications.contact.evidence import MOST_WORKS
from publications.models import Person

register = template.Library()


@register.simple_tag
def ask_url(person: Person | None = None, q: str = "", evidence: Iterable[Any] = ()) -> str:
    """The form of a question to a person, or to the cluster, with what was searched for and the works that answered.

    evidence: whatever has a `record`, or records themselves.
    """
    path = reverse("publications:ask_person", args=[person.slug]) if person else reverse("publications:ask_cluster")
    works = list(dict.fromkeys(getattr(one, "record", one).pid for one in evidence))[:MOST_WORKS]
    query = urlencode([*([("q", q)] if q else []), *(("on", pid) for pid in works)])
    return f"{path}?{query}" if query else path


@register.filter
def as_theirs(text: str) -> str:
    """A text of a stranger in a mail: each line behind "> ", so that none passes for the hub's own."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
