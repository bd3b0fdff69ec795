from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.metadata import Agent, RecordMetadata, parse_partial_date


@pytest.mark.parametrize(
    ("text", "parts"),
    [("2019", (2019,)), ("2019-06", (2019, 6)), (" 2019-06-17 ", (2019, 6, 17)), ("2020-02-29", (2020, 2, 29))],
)
def test_a_date_is_as_precise_as_it_is_written(text, parts):
    assert parse_partial_date(text) == parts


@pytest.mark.parametrize(
    "text",
    ["", "19", "0999", "2019-6", "2019-13", "2019-00", "2019-02-29", "2019-06-31", "17-06-2019", "in press", "٢٠١٩"],
)
def test_a_day_that_no_calendar_has_is_refused(text):
    with pytest.raises(ValueError, match=r"\."):
        parse_partial_date(text)


@given(st.dates())
def test_every_day_of_the_calendar_is_read(day):
    if day.year >= 1000:
        assert parse_partial_date(day.isoformat()) == (day.year, day.month, day.day)


def test_a_name_reads_as_on_a_title_page_and_as_in_a_bibliography():
    person = Agent("van der Hoeven", "Marieke")
    organisation = Agent("Siemens Nederland", is_organisation=True)

    assert (person.name, person.sort_name) == ("Marieke van der Hoeven", "van der Hoeven, Marieke")
    assert (organisation.name, organisation.sort_name) == ("Siemens Nederland", "Siemens Nederland")


def test_creators_and_contributors_part_the_agents_in_order():
    author, editor, second = Agent("A"), Agent("B", role="Editor"), Agent("C")
    record = RecordMetadata(title="T", agents=(author, editor, second))

    assert record.creators == (author, second)
    assert record.contributors == (editor,)


def test_the_year_is_that_of_the_date_or_nothing():
    assert RecordMetadata(title="T", issued="2019-06-17").year == 2019
    assert RecordMetadata(title="T").year is None


def test_metadata_is_a_value():
    record = RecordMetadata(title="T", agents=(Agent("A"),))

    assert record == RecordMetadata(title="T", agents=(Agent("A"),))
    assert len({record, RecordMetadata(title="T", agents=(Agent("A"),))}) == 1
    with pytest.raises(FrozenInstanceError):
        record.title = "U"
