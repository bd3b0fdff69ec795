"""What the CMS's history tells of questions: who did what and when, never who asked, what, or from which address."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from publications.models import ContactRequest, Person, User

PASS_ON = "publications.contact_pass_on"  # noqa: S105 - no password
REMIND = "publications.contact_remind"
ANSWER = "publications.contact_answer"
CLOSE = "publications.contact_close"
REOPEN = "publications.contact_reopen"
ERASE = "publications.contact_erase"
NO_MORE = "publications.contact_no_more"


@hooks.register("register_log_actions")
def register_acts_on_questions(actions: LogActionRegistry) -> None:
    """Name the acts, each with a sentence for the history."""

    @actions.register_action(PASS_ON)
    class PassOnFormatter(LogFormatter):
        label = _("Pass a question on")

        def format_message(self, entry: Any) -> str:
            return _("Passed on to %(name)s") % {"name": entry.data["person"]["name"]}

    @actions.register_action(REMIND)
    class RemindFormatter(LogFormatter):
        label = _("Remind of a question")

        def format_message(self, entry: Any) -> str:
            return _("%(name)s was reminded") % {"name": entry.data["person"]["name"]}

    actions.register_action(ANSWER, _("Answer a question"), _("Answered by the editors"))
    actions.register_action(CLOSE, _("Close a question"), _("Closed"))
    actions.register_action(REOPEN, _("Open a question again"), _("Opened again"))
    actions.register_action(ERASE, _("Erase a question"), _("Everything personal was erased"))
    actions.register_action(NO_MORE, _("Switch questions off"), _("Switched questions off by the link in a mail"))


def log_passed_on(asked: ContactRequest, person: Person, *, user: User) -> None:
    """Note to whom an editor or colleague passed a question on."""
    _log(asked, PASS_ON, user=user, person=_named(person))


def log_reminded(asked: ContactRequest, person: Person | None, *, user: User) -> None:
    """Note whom an editor reminded."""
    _log(asked, REMIND, user=user, person=_named(person))


def log_answered(asked: ContactRequest, *, user: User) -> None:
    """Note that the editors answered themselves."""
    _log(asked, ANSWER, user=user)


def log_closed(asked: ContactRequest, *, user: User) -> None:
    """Note the outcome with which a question was closed."""
    _log(asked, CLOSE, user=user, outcome=str(asked.outcome))


def log_reopened(asked: ContactRequest, *, user: User) -> None:
    """Note that a closed question was opened again."""
    _log(asked, REOPEN, user=user)


def log_erased(asked: ContactRequest, *, user: User | None) -> None:
    """Note that what was personal is gone; user: None for the asker and for the clock."""
    _log(asked, ERASE, user=user)


def log_no_more(person: Person) -> None:
    """Note that a person without an account takes no more questions."""
    log(instance=person, action=NO_MORE, user=None, revision=person.latest_revision, content_changed=True)


def _named(person: Person | None) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name} if person else {"id": None, "name": "–"}


def _log(asked: ContactRequest, action: str, *, user: User | None, **data: Any) -> None:
    log(instance=asked, action=action, user=user, data=data, content_changed=True)
