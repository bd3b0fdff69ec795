"""What became of a question so far, step by step, in words for whoever asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from publications.contact.reaching import current_person, sought_by_editors
from publications.models import ContactRequest, Passing
from publications.vocabularies import ContactState, PassingEnd

USUAL_DELAY = timedelta(minutes=5)


@dataclass(frozen=True)
class Step:
    """Something that happened; `at` is None for what lasts until now."""

    text: str
    at: datetime | None = None


def steps_of(asked: ContactRequest) -> list[Step]:
    """The steps of a question, the oldest first, what lasts at the end."""
    passings = list(asked.passings.select_related("person__merged_into").prefetch_related("mails"))
    done = [Step(_("Asked"), asked.confirmed_at)] if asked.confirmed_at else []
    done += [step for passing in passings for step in _steps_of_passing(passing)]
    if asked.closed_at:
        done.append(Step(_("The question was closed"), asked.closed_at))
    done.sort(key=lambda step: (step.at is None, step.at or asked.created_at))
    if asked.state == ContactState.AT_DESK:
        done.append(Step(_with_editors(asked)))
    return done


def _with_editors(asked: ContactRequest) -> str:
    person = sought_by_editors(asked)
    if person is None:
        return _("The editors are looking for somebody who can answer")
    return _("The editors will get in touch with %(name)s") % {"name": person.name}


def _steps_of_passing(passing: Passing) -> Iterator[Step]:
    person = current_person(passing.person)
    named = {"name": person.name if person else _("somebody who is no longer on the hub")}
    yield Step(_("Passed on to %(name)s") % named, passing.passed_at)
    if not passing.ended_at and not passing.read_at and _is_delayed(passing):
        yield Step(_("The mail to %(name)s has not gone out yet; the hub keeps trying") % named)
    if passing.read_at:
        yield Step(_("%(name)s has read it") % named, passing.read_at)
    if passing.answered_at:
        yield Step(_("%(name)s answered") % named, passing.answered_at)
    ends = {
        PassingEnd.DECLINED: _("%(name)s cannot help with this"),
        PassingEnd.PASSED_ON: _("%(name)s passed it on to somebody else"),
        PassingEnd.SILENT: _("%(name)s did not answer"),
        PassingEnd.UNDELIVERED: _("The mail to %(name)s did not arrive"),
    }
    if passing.ended in ends:
        yield Step(ends[PassingEnd(passing.ended)] % named, passing.ended_at)


def _is_delayed(passing: Passing) -> bool:
    """Whether the mail server, or the worker that writes to it, lets the question wait."""
    waiting = [mail for mail in passing.mails.all() if mail.kind == "question" and not mail.sent_at]
    long_ago = timezone.now() - USUAL_DELAY
    return any(mail.tries or mail.created_at < long_ago for mail in waiting)
