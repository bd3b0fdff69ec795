"""Doing what a plan says: all of it or nothing."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from publications.audit import log_topic_import
from publications.errors import FormatError
from publications.models import Topic, User
from publications.skos.hub import State
from publications.skos.planning import Plan, TopicChange
from publications.skos.stating import Key


@transaction.atomic
def apply_plan(plan: Plan, *, user: User | None, file_name: str) -> list[Topic]:
    """The topics that were made or changed, each with the file in its history.

    Raises FormatError for a plan with faults.
    """
    if plan.faults:
        raise FormatError(_("The file has faults. Nothing was changed."))
    changes = {change.key: change for change in plan.changes}
    _make_names_free(plan.changed)
    topics: dict[Key, Topic] = {}
    for key in changes:
        _save(key, changes, topics)
    for key, change in changes.items():
        if change.before["related"] != change.after["related"]:
            topics[key].related.set([topics[one].pk if one in topics else one for one in change.after["related"]])
    for key, change in changes.items():
        log_topic_import(topics[key], file_name=file_name, is_new=change.is_new, user=user)
    return list(topics.values())


def _make_names_free(changed: tuple[TopicChange, ...]) -> None:
    """Let two topics of a file swap their names: no two rows may have one name, even for a moment."""
    for change in changed:
        if any(change.before[name] != change.after[name] for name in ("label_en", "label_nl")):
            Topic.objects.filter(pk=change.key).update(name=f"{uuid4()}")


def _save(key: Key, changes: dict[Key, TopicChange], topics: dict[Key, Topic]) -> None:
    """Save a topic after those above it, which it leads to. A plan without faults has no circles."""
    waiting = [key]
    while waiting:
        here = waiting[-1]
        above = changes[here].after["broader"]
        if above in changes and above not in topics and here not in topics:
            waiting.append(above)
            continue
        waiting.pop()
        if here not in topics:
            topics[here] = _written(changes[here], topics)


def _written(change: TopicChange, topics: dict[Key, Topic]) -> Topic:
    topic = Topic() if change.is_new else Topic.objects.select_for_update().get(pk=change.key)
    if change.is_new and change.slug and not Topic.objects.filter(slug=change.slug).exists():
        topic.slug = change.slug
    _fill(topic, change.after)
    above = change.after["broader"]
    topic.broader_id = topics[above].pk if above in topics else above
    topic.save()
    return topic


def _fill(topic: Topic, state: State) -> None:
    for name in ("label_en", "label_nl", "definition_en", "definition_nl", "other_languages"):
        setattr(topic, name, state[name])
    for name in ("synonyms_en", "synonyms_nl", "exact_matches"):
        setattr(topic, name, "\n".join(state[name]))
