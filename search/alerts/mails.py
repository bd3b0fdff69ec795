"""The mails about saved searches, in the reader's language: what is new, and whether an address wants to know."""

import re
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django_tasks import task

from publications.confirming import sign_link
from publications.queues import SOMEBODY_WAITS
from publications.templatetags.addresses import absolute
from search.alerts.sections import Found, Section, find_sections
from search.models import SavedSearch, Subscriber

CONFIRM, MINE, END = "alerts.confirm", "alerts.mine", "alerts.end"
"""What links in mails are good for: confirming a question, changing one's own without an account, ending them all."""


def compose_digest(subscriber: Subscriber, found: Found, *, today: date | None = None) -> EmailMultiAlternatives | None:
    """The mail in the reader's language; None where nothing is left to tell, or nobody to tell it to."""
    with override(subscriber.language):
        sections = find_sections(subscriber, found, today=today or timezone.localdate())
        if not sections or not subscriber.address:
            return None
        context = {
            "sections": sections,
            "language": subscriber.language,
            "site_name": settings.SITE_NAME,
            "has_account": subscriber.user_id is not None,
            "manage_url": manage_url(subscriber),
            "end_url": end_url(subscriber),
        }
        mail = EmailMultiAlternatives(
            subject_of(sections),
            re.sub(r"\n{3,}", "\n\n", render_to_string("search/alerts/digest.txt", context)).strip() + "\n",
            settings.DEFAULT_FROM_EMAIL,
            [subscriber.address],
            headers={
                "List-Unsubscribe": f"<{end_url(subscriber)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("search/alerts/digest.html", context), "text/html")
    return mail


def subject_of(sections: tuple[Section, ...]) -> str:
    """What is new, in a line."""
    if len(sections) == 1:
        return _("New: %(title)s") % {"title": sections[0].title}
    total = sum(section.total for section in sections)
    shown = {"count": total, "searches": len(sections), "site": settings.SITE_NAME}
    return (
        ngettext(
            "%(site)s: %(count)d new answer to %(searches)d questions",
            "%(site)s: %(count)d new answers to %(searches)d questions",
            total,
        )
        % shown
    )


def compose_confirmation(search: SavedSearch) -> EmailMultiAlternatives:
    """The mail that asks whether it was really the address's reader who asked, in the language that is active.

    What was asked is not in it: nobody should be able to have the hub mail words of theirs to somebody else.
    """
    context = {
        "site_name": settings.SITE_NAME,
        "hours": settings.ALERT_CONFIRM_HOURS,
        "confirm_url": absolute(reverse("search:confirm_alert", args=[sign_link(CONFIRM, search.pk)])),
    }
    subject, _newline, body = render_to_string("search/alerts/confirm.txt", context).strip().partition("\n")
    return EmailMultiAlternatives(
        subject.strip(),
        body.strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [search.subscriber.address],
        headers={"Auto-Submitted": "auto-generated"},
    )


@task(queue_name="default", priority=SOMEBODY_WAITS)
def send_confirmation(search_id: int, language: str) -> None:
    """Ask the reader of an address whether they want this; nothing where the question is gone."""
    search = SavedSearch.objects.select_related("subscriber__user").filter(pk=search_id).first()
    if search is not None and search.subscriber.user_id is None:
        with override(language):
            compose_confirmation(search).send()


def manage_url(subscriber: Subscriber) -> str:
    """Where this reader changes what they keep, with the host."""
    if subscriber.user_id is not None:
        return absolute(reverse("search:saved_searches"))
    return absolute(reverse("search:my_alerts", args=[sign_link(MINE, subscriber.pk)]))


def end_url(subscriber: Subscriber) -> str:
    """Where this reader ends all mails, with the host."""
    return absolute(reverse("search:end_alerts", args=[sign_link(END, subscriber.pk)]))
