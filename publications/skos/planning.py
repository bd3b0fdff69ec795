"""What bringing in a file would do: topic by topic what changes, and what is wrong. Nothing is written here."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publications.models import Topic
from publications.models.topics import URI
from publications.skos.concepts import Concept, ConceptFile, Fault
from publications.skos.describing import words_from
from publications.skos.files import SLUG, slug_of
from publications.skos.hub import Hub, State, folded
from publications.skos.stating import Key, state_after, words_in
from publications.topics import LONGEST_LABEL

LINKS = ("broader", "related")
MOST_LEVELS = 30
"""Of topics above one: more than any thesaurus has, and few enough to draw as a tree."""


@dataclass(frozen=True)
class FieldChange:
    """A field of a topic as an editor reads it, before and after."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class TopicChange:
    """A topic that a file makes or changes."""

    key: Key
    name: str
    place: str
    slug: str
    """What a new one is to have in its address; "" where that follows from its label."""
    before: State
    after: State
    fields: tuple[FieldChange, ...]

    @property
    def is_new(self) -> bool:
        """Whether there is no such topic yet."""
        return isinstance(self.key, str)


@dataclass(frozen=True)
class Plan:
    """What would happen. With faults, nothing may."""

    changes: tuple[TopicChange, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    hub: Hub | None = field(default=None, repr=False, compare=False)

    @property
    def new(self) -> tuple[TopicChange, ...]:
        """The topics that it makes."""
        return tuple(change for change in self.changes if change.is_new)

    @property
    def changed(self) -> tuple[TopicChange, ...]:
        """The topics that it changes."""
        return tuple(change for change in self.changes if not change.is_new)

    @property
    def digest(self) -> str:
        """Tells whether what was looked at is still what would happen."""
        told = repr([(change.key, change.slug, change.fields) for change in self.changes])
        return hashlib.sha256(told.encode()).hexdigest()


def plan_import(read: ConceptFile, *, replaces: bool = False) -> Plan:
    """What bringing in these concepts would do now.

    A concept is the topic that it names by address, the topic that names it as the same elsewhere, else the one with
    its label. What the file lacks stays, or goes where it `replaces`; topics that it does not name stay as they are.
    """
    return _Planner(read, replaces=replaces).plan()


class _Planner:
    def __init__(self, read: ConceptFile, *, replaces: bool) -> None:
        self.read, self.replaces, self.hub = read, replaces, Hub()
        self.faults: list[Fault] = list(read.faults)
        self.notes: list[str] = list(read.notes)
        self.concepts: dict[Key, Concept] = {}
        self.by_uri: dict[str, Key] = {}
        self.by_label: dict[str, Key] = {}
        self.after: dict[Key, State] = {}

    def plan(self) -> Plan:
        for number, concept in enumerate(self.read.concepts):
            self._find(concept, f"new:{number}")
        links = self._links()
        for key, concept in self.concepts.items():
            before = self.hub.state_of(key if isinstance(key, int) else None)
            self.after[key] = state_after(before, concept, links=links[key], replaces=self.replaces)
        self._mirror_related()
        for key, concept in self.concepts.items():
            self.faults += [Fault(concept.place, text) for text in self._faults_of(key, concept)]
        self.faults += [*self._taken_names(), *self._circles()]
        changes = tuple(change for change in map(self._change, self.concepts) if change.is_new or change.fields)
        unchanged = len(self.concepts) - len(changes)
        return Plan(changes, unchanged, tuple(self.faults), tuple(dict.fromkeys(self.notes)), self.hub)

    # Who is who ------------------------------------------------------------------------------------------------------

    def _find(self, concept: Concept, new_key: str) -> None:
        labels = [label for language in ("en", "nl") if (label := words_in(concept, language).label)]
        pk = self.hub.by_name(concept.uri) if concept.uri else None
        for uri in concept.exact_matches:
            pk = pk or self.hub.by_name(uri)
        for label in labels:
            pk = pk or self.hub.by_label(label)
        key: Key = pk or new_key
        if key in self.concepts:
            text = _("is the same topic as %(other)s: “%(name)s”.")
            self.faults.append(
                Fault(concept.place, text % {"other": self.concepts[key].place, "name": self.hub.topics[pk or 0]})
            )
            return
        if concept.uri and concept.uri in self.by_uri:
            self.faults.append(Fault(concept.place, _("“%(name)s” is there twice.") % {"name": concept.uri}))
            return
        self.concepts[key] = concept
        if concept.uri:
            self.by_uri[concept.uri] = key
        for label in labels:
            self.by_label.setdefault(folded(label), key)
            for other in self.hub.synonym_of.get(folded(label), set()) - {key}:
                text = _("“%(label)s” is a synonym of “%(topic)s”, too.")
                self.notes.append(text % {"label": label, "topic": self.hub.topics[other]})

    def _resolve(self, name: str) -> Key | None:
        """The key of what a concept leads to, in the file or among the topics."""
        return (
            self.by_uri.get(name)
            or self.hub.by_name(name)
            or self.by_label.get(folded(name))
            or self.hub.by_label(name)
        )

    def _links(self) -> dict[Key, dict[str, Key | frozenset[Key] | None]]:
        """What each concept leads to."""
        links: dict[Key, dict[str, Key | frozenset[Key] | None]] = {}
        for key, concept in self.concepts.items():
            found = {
                name: [k for n in getattr(concept, name) if (k := self._known(n, concept, name))] for name in LINKS
            }
            if len(found["broader"]) > 1:
                text = _("%(place)s has several broader topics; “%(name)s” is kept.")
                self.notes.append(text % {"place": concept.place, "name": self.name_of(found["broader"][0])})
            links[key] = {
                "broader": found["broader"][0] if found["broader"] else None,
                "related": frozenset(found["related"]) - {key},
            }
        return links

    def _known(self, name: str, concept: Concept, link: str) -> Key | None:
        key = self._resolve(name)
        if key is None:
            text = _("names “%(name)s” as %(link)s, which is neither in the file nor a topic here.")
            label = label_of(link)
            self.faults.append(Fault(concept.place, text % {"name": name, "link": label}))
        return key

    def _mirror_related(self) -> None:
        """What stands beside another has that beside it."""
        for key in self.concepts:
            for beside in self.after[key]["related"]:
                if beside in self.after:
                    self.after[beside]["related"] |= {key}

    # What is wrong ---------------------------------------------------------------------------------------------------

    def _faults_of(self, key: Key, concept: Concept) -> Iterator[str]:
        state = self.after[key]
        if not state["label_en"] and not state["label_nl"]:
            yield _("has no label in English or Dutch.")
        for name in ("label_en", "label_nl"):
            if len(state[name]) > LONGEST_LABEL:
                text = _("has a label of %(found)d characters; %(limit)d are possible: “%(label)s…”.")
                yield text % {"found": len(state[name]), "limit": LONGEST_LABEL, "label": state[name][:40]}
        if concept.said is not None and concept.uri and not SLUG.fullmatch(concept.uri):
            yield _("“%(slug)s” cannot stand in an address.") % {"slug": concept.uri[:60]}
        for uri in state["exact_matches"]:
            if not URI.fullmatch(uri):
                yield _("“%(line)s” is not an address.") % {"line": uri[:100]}
        above = self._above(key)
        if len(above) > MOST_LEVELS:
            yield _("stands below %(found)d others; %(limit)d are possible.") % {
                "found": len(above),
                "limit": MOST_LEVELS,
            }
        in_line = {*above, *(other for other in state["related"] if key in self._above(other))}
        for beside in sorted(in_line & state["related"], key=str):
            yield _("“%(name)s” cannot stand above or below it and beside it.") % {"name": self.name_of(beside)}

    def _taken_names(self) -> Iterator[Fault]:
        """Two topics of one name: in the file, or one of it and one that stays."""
        names: defaultdict[str, list[Key]] = defaultdict(list)
        for pk, topic in self.hub.topics.items():
            if pk not in self.after:
                names[folded(topic.name)].append(pk)
        for key, state in self.after.items():
            names[folded(state["label_en"] or state["label_nl"])].append(key)
        for name, keys in names.items():
            if name and len(keys) > 1:
                for key in keys:
                    if key in self.concepts:
                        text = _("Another topic is called “%(name)s”.") % {"name": self.name_of(key)}
                        yield Fault(self.concepts[key].place, text)

    def _broader(self, key: Key) -> Key | None:
        if key in self.after:
            return self.after[key]["broader"]
        return self.hub.topics[key].broader_id if isinstance(key, int) else None

    def _above(self, key: Key) -> list[Key]:
        above: dict[Key, None] = {}
        while (broader := self._broader(key)) is not None and broader not in above:
            above[broader] = None
            key = broader
        return list(above)

    def _circles(self) -> Iterator[Fault]:
        for key, concept in self.concepts.items():
            if key in (above := self._above(key)):
                names = " → ".join(f"“{self.name_of(one)}”" for one in (key, *above[: above.index(key) + 1]))
                yield Fault(concept.place, _("would stand above itself: %(names)s.") % {"names": names})

    # What changes ----------------------------------------------------------------------------------------------------

    def name_of(self, key: Key) -> str:
        """What a topic will be called."""
        state = self.after.get(key)
        if state is None and isinstance(key, int):
            return str(self.hub.topics[key])
        words = state or {name: words_in(self.concepts[key], name[-2:]).label for name in ("label_en", "label_nl")}
        return str(words["label_en"] or words["label_nl"] or self.concepts[key].place)

    def _change(self, key: Key) -> TopicChange:
        concept, after = self.concepts[key], self.after[key]
        before = self.hub.state_of(key if isinstance(key, int) else None)
        fields = tuple(
            FieldChange(name, label_of(name), self._shown(name, before[name]), self._shown(name, after[name]))
            for name in after
            if before[name] != after[name]
        )
        slug = concept.uri if concept.said is not None else slug_of(concept.uri)
        return TopicChange(key, self.name_of(key), concept.place, slug, before, after, fields)

    def _shown(self, name: str, value: object) -> str:
        if name == "broader":
            return self.name_of(value) if isinstance(value, (int, str)) else ""
        if isinstance(value, frozenset):
            return "\n".join(sorted(map(self.name_of, value)))
        if isinstance(value, tuple):
            return "\n".join(value)
        if isinstance(value, dict):
            rows = ((language, words_from(row)) for language, row in sorted(value.items()))
            return "\n".join(
                f"{lang}: {'; '.join(filter(None, [w.label, *w.synonyms, w.definition]))}" for lang, w in rows
            )
        return str(value)


def label_of(name: str) -> str:
    """What a field of a topic is called in the CMS."""
    field: Any = Topic._meta.get_field(name)
    return str(capfirst(field.verbose_name))
