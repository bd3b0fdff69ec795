import csv as plain_csv
import io

import pytest

from publications.formats import csv
from publications.metadata import Agent, RecordMetadata


def read(text: str) -> list[RecordMetadata]:
    return [entry.metadata for entry in csv.loads(text) if entry.metadata]


def problems(text: str) -> list[int]:
    return [entry.line for entry in csv.loads(text) if entry.error]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_separated_by_what_the_first_row_has_most_of(separator):
    rows = [["title", "year", "doi"], ["T", "2019", "10.1000/x"]]

    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)

    assert read(text) == [RecordMetadata(title="T", issued="2019", doi="10.1000/x")]


def test_dutch_column_names_are_understood():
    text = "Titel;Auteurs;Jaar;Taal;Trefwoorden;Bestand;Soort\nT;Jansen, Jan;2019;Nederlands;MRI; a.pdf;lezing\n"

    assert read(text) == [
        RecordMetadata(
            title="T",
            agents=(Agent("Jansen", "Jan"),),
            issued="2019",
            language="nl",
            subjects=("MRI",),
            file_names=("a.pdf",),
            resource_type="lecture",
        )
    ]


def test_authors_are_people_and_organisations():
    text = (
        'title,authors\nT,"van der Hoeven, Marieke; Piet de Vries; Universiteit Twente; {Acme Oost}; Müller\\; Sons,"\n'
    )

    assert read(text)[0].agents == (
        Agent("van der Hoeven", "Marieke"),
        Agent("de Vries", "Piet"),
        Agent("Universiteit Twente", is_organisation=True),
        Agent("Acme Oost", is_organisation=True),
        Agent("Müller; Sons", is_organisation=True),
    )


def test_each_broken_row_is_reported_with_its_line_and_the_rest_is_read():
    text = """title,year,doi,type,rights,access_right,url
Good,2019,10.1000/x,slides,CC BY 4.0,members
"Two
lines",2020,,,,
Bad date,19,,,,
No such day,2019-02-30,,,,
Bad DOI,,doi,,,
Bad type,,,sculpture,,
Bad licence,,,,mine,
Bad access,,,,,everybody
,2019,,,,

Too,many,,,,,,cells
Bad address,,,,,,javascript:alert(1)
Last,,,,,
"""

    entries = list(csv.loads(text))

    assert [(entry.line, entry.metadata.title) for entry in entries if entry.metadata] == [
        (2, "Good"),
        (3, "Two lines"),
        (15, "Last"),
    ]
    assert [entry.line for entry in entries if entry.error] == [5, 6, 7, 8, 9, 10, 11, 13, 14]


def test_an_unclosed_quote_hides_no_other_row():
    text = 'title,year\nFirst,2018\n"Open,2019\nThird,2020\nFourth,2021\n'

    assert [record.title for record in read(text)] == ["First", "Third", "Fourth"]
    assert problems(text) == [3]


def test_a_quote_within_a_cell_hides_no_other_row():
    text = 'title,year\n"A "good" one",2018\nSecond,2019\n'

    assert [record.title for record in read(text)] == ["Second"]
    assert problems(text) == [2]


@pytest.mark.parametrize("text", ["name,year\nT,2019\n", "hello\nworld\n", '"title\nT\n'])
def test_without_a_title_column_one_error_says_so(text):
    assert problems(text) == [1]
    assert read(text) == []


@pytest.mark.parametrize("text", ["", "\n", "title\n", "title,year\n\n\n,\n"])
def test_a_file_without_rows_is_empty(text):
    assert list(csv.loads(text)) == []


FULL = RecordMetadata(
    title="=HYPERLINK(1)",
    subtitle="Sub",
    resource_type="data_paper",
    language="nl",
    agents=(
        Agent("van der Hoeven", "Marieke"),
        Agent("Acme Oost", is_organisation=True),
        Agent("A", "B", role="Editor"),
    ),
    abstract='One, "quoted".\n\nTwo; three.',
    subjects=("imaging; medical", "back\\slash"),
    issued="2019-06",
    publisher="'t Hooft",
    container_title="J",
    series="S",
    volume="-1",
    issue="3",
    page="15-26",
    edition="2",
    doi="10.1000/x",
    isbn="9783161484100",
    issn="2049-3630",
    arxiv="1907.01234",
    pmid="12345",
    url="https://example.org/",
    rights="CC-BY-4.0",
    access_right="embargoed",
    available="2030-01-01",
    event_title="E",
    event_place="Enschede",
    event_dates="2019-07-08/2019-07-10",
    translated_title="'=title",
    translated_abstract="Three.",
    translation_language="en",
    file_names=("a.pdf", "b;c.pdf"),
)


def test_everything_a_record_says_comes_back():
    assert read(csv.dumps([FULL])) == [FULL]


def test_no_cell_is_a_formula_to_a_spreadsheet():
    cells = [cell for row in plain_csv.reader(io.StringIO(csv.dumps([FULL]))) for cell in row]

    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
