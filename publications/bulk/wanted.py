"""What is wanted of a record, and what that makes of its values: plain values in, plain values out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from publications.records.changing import COLUMNS, Access, Values

Place = list[Any]
"""Where a record stands in a collection, and the notes on it: [order, note in English, note in Dutch]."""
NEW_PLACE: Place = [None, "", ""]
COLLECTIONS = "collections"
FIELDS = (*COLUMNS, COLLECTIONS)


class Wanted(TypedDict, total=False):
    """Only what is there is changed. `topics` and `collections` name all of them; the others add and take away."""

    topics: list[int]
    add_topics: list[int]
    remove_topics: list[int]
    access: Access
    rights: str
    event: int | None
    owner: int | None
    collections: list[int]
    add_collections: list[int]
    remove_collections: list[int]


@dataclass(frozen=True)
class Known:
    """The keys that there are: what was deleted since is left out, never an error half-way."""

    topics: Collection[int] = ()
    groups: Collection[int] = ()
    users: Collection[int] = ()
    events: Collection[int] = ()
    collections: Collection[int] = ()


def apply_wanted(values: Values, wanted: Wanted, *, known: Known) -> Values:
    """The values of a record or a draft once it has what is wanted."""
    after: dict[str, Any] = dict(values)
    after["topics"] = _combined(values["topics"], "topics", wanted, known.topics)
    if access := wanted.get("access"):
        after["access"] = access | {"groups": sorted(set(access["groups"]) & set(known.groups))}
    if "rights" in wanted:
        after["rights"] = wanted["rights"]
    for name, keys in (("event", known.events), ("owner", known.users)):
        if name in wanted and (wanted[name] is None or wanted[name] in keys):  # type: ignore[literal-required]
            after[name] = wanted[name]  # type: ignore[literal-required]
    return Values(**after)  # type: ignore[typeddict-item]


def apply_to_places(places: Mapping[str, Place], wanted: Wanted, *, known: Known) -> dict[str, Place]:
    """A record's places in collections, by their keys, once it stands in those that are wanted."""
    after = _combined([int(pk) for pk in places], COLLECTIONS, wanted, known.collections)
    return {str(pk): places.get(str(pk), NEW_PLACE) for pk in after}


def _combined(now: Iterable[int], name: str, wanted: Mapping[str, Any], known: Collection[int]) -> list[int]:
    if name in wanted:
        kept = [pk for pk in now if pk in wanted[name]]
        return list(dict.fromkeys([*kept, *(pk for pk in wanted[name] if pk in known)]))
    gone = wanted.get(f"remove_{name}", ())
    added = (pk for pk in wanted.get(f"add_{name}", ()) if pk in known)
    return list(dict.fromkeys([*(pk for pk in now if pk not in gone), *added]))


def take_back(now: Values, before: Values, after: Values, *, known: Known) -> tuple[Values, list[str]]:
    """The values as they were before a change, and the names of those that were changed since and stay."""
    restored: dict[str, Any] = dict(now)
    kept = []
    for name in COLUMNS:
        was, became, is_now = (values[name] for values in (before, after, now))  # type: ignore[literal-required]
        if was == became:
            continue
        if name == "topics":
            restored[name], is_whole = take_back_keys(is_now, was, became, known=known.topics)
            kept += [] if is_whole else [name]
        elif is_now == became:
            restored[name] = _still_there(name, was, known)
        else:
            kept.append(name)
    return Values(**restored), kept  # type: ignore[typeddict-item]


def take_back_keys(
    now: list[int], before: list[int], after: list[int], *, known: Collection[int]
) -> tuple[list[int], bool]:
    """The keys without what a change added and with what it took, and whether all of that was still as it left it."""
    added, removed = set(after) - set(before), [pk for pk in before if pk not in after]
    is_whole = added <= set(now) and not set(removed) & set(now)
    back = [pk for pk in removed if pk in known]
    if is_whole and set(now) == set(after):
        return [pk for pk in before if pk in now or pk in back], True
    return list(dict.fromkeys([*(pk for pk in now if pk not in added), *back])), is_whole


def _still_there(name: str, value: Any, known: Known) -> Any:
    if name == "access":
        groups, users = set(value["groups"]) & set(known.groups), set(value["users"]) & set(known.users)
        return value | {"groups": sorted(groups), "users": sorted(users)}
    keys = {"event": known.events, "owner": known.users}.get(name)
    return value if keys is None or value in keys else None
