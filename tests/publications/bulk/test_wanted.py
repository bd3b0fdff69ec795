"""What is wanted of a record, as plain values."""

import pytest

from publications.bulk.wanted import NEW_PLACE, Known, apply_to_places, apply_wanted, take_back, take_back_keys
from publications.records.changing import Access, Values

OPEN = Access(right="open", available=None, groups=[], users=[])
KNOWN = Known(topics={1, 2, 3}, groups={5}, users={7, 8}, events={9}, collections={4, 6})


def values(**changes):
    return Values(**{"topics": [1, 2], "access": OPEN, "rights": "", "event": None, "owner": 7, **changes})


@pytest.mark.parametrize(
    ("wanted", "changed"),
    [
        ({}, {}),
        ({"add_topics": [2, 3], "remove_topics": [1]}, {"topics": [2, 3]}),
        ({"topics": [3, 1]}, {"topics": [1, 3]}),
        ({"add_topics": [44]}, {}),
        ({"rights": "CC-BY-4.0", "event": 9, "owner": 8}, {"rights": "CC-BY-4.0", "event": 9, "owner": 8}),
        ({"owner": None}, {"owner": None}),
        ({"event": 44, "owner": 44}, {}),
        (
            {"access": Access(right="restricted", available=None, groups=[5, 44], users=[])},
            {"access": Access(right="restricted", available=None, groups=[5], users=[])},
        ),
    ],
)
def test_only_what_is_wanted_and_exists_is_changed(wanted, changed):
    assert apply_wanted(values(), wanted, known=KNOWN) == values(**changed)


def test_a_record_keeps_its_place_in_collections_it_stays_in():
    places = {"4": [2, "why", ""]}

    assert apply_to_places(places, {"add_collections": [4, 6, 44]}, known=KNOWN) == places | {"6": NEW_PLACE}
    assert apply_to_places(places, {"remove_collections": [4]}, known=KNOWN) == {}


def test_taking_back_gives_what_was_and_keeps_what_changed_since():
    before, after = values(), values(topics=[2, 3], rights="CC0-1.0", event=9)

    assert take_back(after, before, after, known=KNOWN) == (before, [])
    assert take_back({**after, "rights": "other"}, before, after, known=KNOWN) == (values(rights="other"), ["rights"])


@pytest.mark.parametrize(
    ("now", "back", "is_whole"),
    [
        ([2, 3], [1, 2], True),  # as it was left
        ([2, 3, 8], [2, 8, 1], True),  # another one came
        ([2], [2, 1], False),  # the new one was taken off by hand
        ([2, 3, 1], [2, 1], False),  # the old one was given back by hand
    ],
)
def test_topics_are_taken_back_one_by_one(now, back, is_whole):
    assert take_back_keys(now, [1, 2], [2, 3], known={1}) == (back, is_whole)
