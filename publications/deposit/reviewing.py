"""What editors do with a deposit: approve it, or send it back with comments on its fields."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_noop
from wagtail.models import TaskState

from publications.deposit.answers import answers_of_record
from publications.errors import PublicationError
from publications.models import Deposit, TaggedRecord, User
from publications.topics import TopicMatcher

DECIDED = gettext_noop("Somebody else has decided about this deposit meanwhile.")


class AlreadyDecided(PublicationError):
    """The deposit is not in review any more."""


def task_state_of(deposit: Deposit) -> TaskState:
    """The step of the review that waits for an editor. Raises AlreadyDecided."""
    state = deposit.record.specific().current_workflow_task_state
    if state is None or state.status != TaskState.STATUS_IN_PROGRESS:
        raise AlreadyDecided(DECIDED)
    return state


def approve(deposit: Deposit, *, user: User, new_topics: Iterable[str] = ()) -> None:
    """Approve a deposit, which then is live; those of its new words become topics that the editor lets.

    Raises AlreadyDecided, and PublishingBlocked where a file may hold patient data.
    """
    with transaction.atomic():
        Deposit.objects.select_for_update().get(pk=deposit.pk)
        state = task_state_of(deposit)
        wanted = [word for word in deposit.new_topics if word in set(new_topics)]
        if wanted:
            _add_topics(deposit, wanted, user=user)
            state = task_state_of(Deposit.objects.get(pk=deposit.pk))
        state.task.specific.on_action(state, user, "approve")


def _add_topics(deposit: Deposit, words: Iterable[str], *, user: User) -> None:
    """Tag the record with topics of these names, made where none is called so, in the revision under review."""
    record = deposit.record.specific()
    draft, matcher = record.get_latest_revision_as_object(), TopicMatcher()
    known = [tagged.tag_id for tagged in draft.tagged_topics.all()]
    found = (matcher.find_or_create(word, language=draft.language) for word in words)
    topics = dict.fromkeys([*known, *(topic for topic in found if topic)])
    draft.tagged_topics = [TaggedRecord(tag_id=topic) for topic in topics]
    draft.save()
    revision = draft.save_revision(user=user, clean=False, log_action=True)
    state = task_state_of(deposit)
    state.revision = revision
    state.save()


def send_back(deposit: Deposit, *, user: User, comment: str, on_fields: Mapping[str, str]) -> None:
    """Send a deposit back to its depositor, with a word about all of it and about single fields.

    The answers become what the record says now, corrections of editors among them. Raises AlreadyDecided.
    """
    with transaction.atomic():
        now = Deposit.objects.select_for_update().get(pk=deposit.pk)
        state = task_state_of(now)
        for field, text in on_fields.items():
            if text.strip():
                now.comments.create(field=field, text=text.strip(), author=user)
        now.answers = now.answers | answers_of_record(now.record, new_topics=now.new_topics)
        now.version += 1
        now.save(update_fields=["answers", "version", "changed_at"])
        state.task.specific.on_action(state, user, "reject", comment=comment.strip())
