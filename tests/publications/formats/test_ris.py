import pytest
import rispy

from publications.formats import ris
from publications.metadata import Agent, RecordMetadata


def read_one(text: str) -> RecordMetadata:
    (entry,) = ris.loads(text)
    assert entry.error is None
    assert entry.metadata is not None
    return entry.metadata


ENDNOTE = """\ufeff1.
TY  - JOUR
AU  - van der Berg, Jan
A1  - King, Martin Luther, Jr.
AU  - World Health Organization
PY  - 2019///
DA  - 2019/06/17/
TI  - A title that
goes on below
JO  - J Short
JF  - Journal in Full
SP  - 15
EP  - 26
VL  - 12
IS  - 3
DO  - https://doi.org/10.1000/XYZ
SN  - 2049-3630
UR  - https://example.org/a;b
KW  - MRI
KW  - imaging, medical
N2  - Abstract.
L1  - internal-pdf://1234/paper one.pdf
LA  - Dutch
ID  - key1
ER  -
"""


def test_an_entry_of_a_reference_manager_is_read_whole():
    (entry,) = ris.loads(ENDNOTE.replace("\n", "\r\n"))

    assert (entry.key, entry.line) == ("key1", 2)
    assert entry.metadata == RecordMetadata(
        title="A title that goes on below",
        resource_type="journal_article",
        language="nl",
        agents=(
            Agent("van der Berg", "Jan"),
            Agent("World Health Organization", is_organisation=True),
            Agent("King Jr.", "Martin Luther"),
        ),
        abstract="Abstract.",
        subjects=("MRI", "imaging, medical"),
        issued="2019-06-17",
        container_title="Journal in Full",
        volume="12",
        issue="3",
        page="15-26",
        doi="10.1000/xyz",
        issn="2049-3630",
        url="https://example.org/a;b",
        file_names=("paper one.pdf",),
    )


def test_each_broken_entry_is_reported_with_its_line_and_the_rest_is_read():
    text = """AU  - Nobody
TI  - No type
ER  -

TY  - JOUR
TI  - No end
TY  - BOOK
T1  - Second
ER  -
TY  - JOUR
AU  - Untitled, A.
ER  -
TY  - RPRT
TI  - Cut off"""

    entries = list(ris.loads(text))

    assert [(entry.line, entry.metadata.title) for entry in entries if entry.metadata] == [
        (5, "No end"),
        (7, "Second"),
        (13, "Cut off"),
    ]
    assert [(entry.line, entry.error.line) for entry in entries if entry.error] == [(1, 1), (10, 10)]


@pytest.mark.parametrize(
    ("lines", "issued"),
    [
        ("PY  - 2019", "2019"),
        ("Y1  - 2019/06//", "2019-06"),
        ("PY  - 2019\nDA  - 2019/06/17", "2019-06-17"),
        ("PY  - 2019\nDA  - 2021/01/01", "2019"),
        ("DA  - 17 June 2019", "2019-06-17"),
        ("PY  - in press", ""),
        ("PY  - 2019/13/45", "2019"),
    ],
)
def test_the_date_agrees_with_the_year(lines, issued):
    assert read_one(f"TY  - JOUR\nTI  - T\n{lines}\nER  - \n").issued == issued


def test_one_blank_before_the_dash_is_understood():
    record = read_one("TY - JOUR\nTI - T\nAU - Jansen, Jan\nPY - 2019\nER -\n")

    assert (record.title, record.issued, record.agents) == ("T", "2019", (Agent("Jansen", "Jan"),))


@pytest.mark.parametrize("text", ["", "\n\n", "no tags here", "1.\n2.\n", "ER  - \nER  - \n"])
def test_a_file_without_entries_is_empty(text):
    assert list(ris.loads(text)) == []


def test_talks_name_their_event():
    record = RecordMetadata(title="T", resource_type="slides", event_title="CMI day", event_place="Enschede")

    assert read_one(ris.dumps([record])) == record


def test_a_paper_names_its_proceedings_and_its_conference():
    record = RecordMetadata(title="T", resource_type="conference_paper", container_title="LNCS", event_title="MICCAI")

    assert read_one(ris.dumps([record])) == record


def test_rispy_reads_what_is_written():
    record = RecordMetadata(
        title="T\nER  - \nTY  - JOUR",
        resource_type="journal_article",
        pid="9k3dt0v4",
        agents=(Agent("van der Berg", "Jan"), Agent("Siemens", is_organisation=True), Agent("Ed", "A.", role="Editor")),
        issued="2019-06-17",
        page="15-26",
        doi="10.1000/xyz",
    )

    first, second = rispy.loads(ris.dumps([record, RecordMetadata(title="Other")]))

    assert first["title"] == "T ER - TY - JOUR"
    assert first["authors"] == ["van der Berg, Jan", "Siemens"]
    assert first["secondary_authors"] == ["Ed, A."]
    assert (first["year"], first["date"], first["start_page"], first["end_page"]) == ("2019", "2019/06/17/", "15", "26")
    assert (first["id"], first["doi"], first["type_of_reference"]) == ("9k3dt0v4", "10.1000/xyz", "JOUR")
    assert second["title"] == "Other"
