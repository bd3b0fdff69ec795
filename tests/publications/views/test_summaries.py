from datetime import date

import pytest

from publications.models import Record
from publications.views.summaries import activity_of
from tests.factories import PresentationFactory, PublicationFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def test_every_year_between_the_first_and_the_last_has_its_place() -> None:
    PublicationFactory(issued="2020"), PublicationFactory(issued="2023"), PresentationFactory(issued="2023")

    activity = activity_of(Record.objects.all(), today=TODAY)

    assert [(bar.year, bar.publications, bar.others) for bar in activity.bars] == [
        (2020, 1, 0),
        (2021, 0, 0),
        (2022, 0, 0),
        (2023, 1, 1),
    ]
    assert (activity.outside, activity.undated) == (0, 0)


def test_years_far_apart_and_mistyped_are_counted_outside_the_picture() -> None:
    for issued in ("1822", "2025", "2026", "2062", "9999"):
        PublicationFactory(issued=issued)

    activity = activity_of(Record.objects.all(), today=TODAY)

    assert (activity.first_year, activity.last_year, activity.outside) == (2002, 2026, 3)


def test_no_records_give_no_bars() -> None:
    activity = activity_of(Record.objects.none(), today=TODAY)

    assert (activity.bars, activity.outside, activity.undated) == ((), 0, 0)


def test_bars_stay_within_the_drawing() -> None:
    for year in range(1990, 2027):
        PublicationFactory(issued=str(year))

    bars = activity_of(Record.objects.all(), today=TODAY).bars

    assert all(float(bar.x) >= 0 and float(bar.x) + float(bar.width) <= 640 for bar in bars)
    assert all(float(bar.value_y) >= 10 for bar in bars)
    assert [bar.label for bar in bars][-1] == "always"
