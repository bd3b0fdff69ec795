"""When and where a document was published, as its first page says."""

import pytest

from publications.ingest.descriptive.dates import find_date, find_issued
from publications.ingest.descriptive.front import front_lines
from publications.ingest.descriptive.publication import Venue, find_venue, read_citation
from tests.publications.ingest.typeset import Set, layout_of, paper

FRONT = (Set("Counting autumn leaves", 100, size=16, style="b"), Set("Anna Bos", 130, size=12))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("27 April 2021", "2021-04-27"),
        ("Consultatieversie 19 maart 2026", "2026-03-19"),
        ("April 27th, 2021", "2021-04-27"),
        ("Juni 2020", "2020-06"),
        ("2021-04-27", "2021-04-27"),
        ("27-04-2021", "2021-04-27"),
        ("Nijmegen 2020", "2020"),
        ("31 February 2020", "2020-02"),
        ("pages 1960-2019", ""),
        ("version 3.2019", ""),
        ("nothing", ""),
    ],
)
def test_dates_are_read_in_the_languages_of_the_site(text: str, date: str):
    assert find_date(text) == date


def issued(*lines: Set, year: str = "") -> str:
    layout = layout_of(*paper(*FRONT, *lines))
    found = find_issued(layout, front_lines(layout)[0], citation_year=year)
    return found.issued if found else ""


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ((Set("Submitted: 2 October 2020", 200, size=8), Set("Published: 27 April 2021", 212, size=8)), "2021-04-27"),
        ((Set("Published", 200, size=9, left=20), Set("28 May 2021", 211, size=8, left=20)), "2021-05-28"),
        ((Set("© 2019 A. Bos", 800, size=8),), "2019"),
        ((Set("Received 9 November 2018; accepted 25 December 2018", 150),), ""),
        ((Set("Ede, June 2020", 150),), "2020-06"),
        ((), ""),
    ],
)
def test_the_date_of_publication_is_found(lines: tuple[Set, ...], date: str):
    assert issued(*lines) == date


def test_a_citation_of_the_document_dates_it():
    assert issued(Set("Ede, June 2018", 150), year="2019") == "2019"


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        (
            "Proceedings of Machine Learning Research 102:557–571, 2019",
            Venue("Proceedings of Machine Learning Research", "102", "", "557-571", "2019"),
        ),
        ("Clinical Science (2014) 126, 305–313 (Printed)", Venue("Clinical Science", "126", "", "305-313", "2014")),
        ("Medical Image Analysis 42 (2017) 60–88", Venue("Medical Image Analysis", "42", "", "60-88", "2017")),
        ("Journal of Leaves, 4(38), 102.", Venue("Journal of Leaves", "4", "38", "102", "")),
        ("Postgrad Med J 2010;86:272–278", Venue("Postgrad Med J", "86", "", "272-278", "2010")),
        ("ReScience C 7.1 (#3) – Bos and Smit 2021", Venue("ReScience C", "7", "1", "3", "2021")),
    ],
)
def test_citations_are_read_as_journals_write_them(text: str, venue: Venue):
    assert read_citation(text) == venue


@pytest.mark.parametrize(
    "text",
    [
        "Received 12 (2017) 3",
        "see Figure 2:14",
        "Bos et al. 3 (2019) 12",
        "MIDL 2019 – Full paper track",
        "Page 2 of 7",
    ],
)
def test_other_lines_cite_nothing(text: str):
    assert read_citation(text) is None


def test_the_journal_stands_in_a_header_or_in_italics_at_the_foot():
    header = layout_of(*paper(*FRONT), Set("Journal of Leaves 12:1-7, 2021", 50, size=8))
    labelled = layout_of(*paper(*FRONT), Set("Published in:", 200, style="b"), Set("Journal of Leaves", 212))
    neither = layout_of(*paper(*FRONT))

    assert find_venue(header) == Venue("Journal of Leaves", "12", "", "1-7", "2021")
    assert find_venue(labelled) == Venue("Journal of Leaves", confidence=0.85)
    assert find_venue(neither) is None
