"""From a file to a suggestion, through the real reading processes."""

import json
from pathlib import Path

import pytest

from publications.ingest.descriptive.describing import describe_file
from publications.ingest.limits import Limits
from publications.ingest.reading import read_document
from publications.metadata import Affiliation, Agent
from publications.suggestions import SuggestedMetadata, Suggestion
from tests.publications.ingest.typeset import SENTENCES, Set, draw, paper, paragraph

FRONT = (
    Set("Proceedings of Fallen Leaves 12:101–118, 2021", 45, size=8),
    Set("Counting autumn leaves below a beech", 100, size=16, style="b"),
    Set("Anna Bos^1^", 150, size=11, style="b"),
    Set("anna.bos@example.org", 150, left=400),
    Set("Jan van den Berg^1,2^", 164, size=11, style="b"),
    Set("^1^ University of Twente, Enschede, The Netherlands", 180, style="i"),
    Set("^2^ Radboud University", 192, style="i"),
    Set("doi:10.5555/leaves.7", 800, size=8),
)


def described(path: Path, content: bytes) -> SuggestedMetadata:
    path.write_bytes(content)
    return describe_file(path, read_document(path), limits=Limits())


def test_a_paper_is_described_field_by_field(tmp_path: Path):
    suggested = described(tmp_path / "paper.pdf", draw(paper(*FRONT)))

    twente = Affiliation("University of Twente, Enschede, The Netherlands")
    assert {name: suggestion.value for name, suggestion in suggested.items() if name != "authors"} == {
        "title": "Counting autumn leaves below a beech",
        "abstract": SENTENCES,
        "language": "en",
        "issued": "2021",
        "container_title": "Proceedings of Fallen Leaves",
        "volume": "12",
        "page": "101-118",
        "doi": "10.5555/leaves.7",
    }
    assert [(author.agent, author.email) for author in suggested.authors.value] == [
        (Agent("Bos", "Anna", affiliations=(twente,)), "anna.bos@example.org"),
        (Agent("van den Berg", "Jan", affiliations=(twente, Affiliation("Radboud University"))), ""),
    ]
    assert {suggestion.source for name, suggestion in suggested.items() if name != "language"} == {"page"}
    assert all(0 < suggestion.confidence < 1 for _name, suggestion in suggested.items())


def test_the_properties_of_a_file_are_second_best(tmp_path: Path):
    lines = [*paragraph(SENTENCES, 100), Set("Written by Anna Bos in her garden", 300)]

    suggested = described(tmp_path / "plain.pdf", draw(lines, title="Sample template", author="Anna Bos"))

    assert suggested.title is None or suggested.title.value != "Sample template"
    assert suggested.authors == Suggestion(suggested.authors.value, "properties", 0.75)
    assert suggested.authors.value[0].agent == Agent("Bos", "Anna")


def test_an_author_in_the_properties_who_is_not_on_the_page_is_left_out(tmp_path: Path):
    assert described(tmp_path / "plain.pdf", draw(paragraph(SENTENCES, 100), author="Piet Smit")).authors is None


def test_a_slide_deck_has_a_title_slide_and_no_abstract(tmp_path: Path):
    slide = [
        Set("Counting autumn leaves", 200, size=36, style="b"),
        Set("Anna Bos", 260, size=20),
        Set("14 November 2024", 300, size=14),
        *paragraph(SENTENCES, 100, size=20, width=700, page=2),
    ]

    suggested = described(tmp_path / "slides.pdf", draw(slide, pagesize=(960, 540)))

    assert (suggested.title.value, suggested.title.source) == ("Counting autumn leaves", "slide")
    assert [author.agent.name for author in suggested.authors.value] == ["Anna Bos"]
    assert (suggested.issued.value, suggested.abstract) == ("2024-11-14", None)


def test_a_report_may_have_its_summary_behind_its_contents(tmp_path: Path):
    lines = [
        Set("Het tellen van bladeren 2.0", 80, size=24, style="b"),
        Set("Versie van 19 maart 2026", 110, size=14),
        Set("Auteurs:", 150, size=12, style="b"),
        Set("Anna Bos (Gemeente Ede)", 166, size=12, left=90),
        Set("Inhoudsopgave", 300, size=16),
        Set("Samenvatting", 330, size=12, style="b"),
        *(Set(f"Hoofdstuk {number}", 100, page=number) for number in range(2, 5)),
        Set("Samenvatting", 100, size=16, page=5),
        *paragraph(SENTENCES, 130, page=5),
        *(Set(f"Hoofdstuk {number}", 100, page=number) for number in range(6, 12)),
    ]

    suggested = described(tmp_path / "rapport.pdf", draw(lines))

    assert suggested.title.value == "Het tellen van bladeren 2.0"
    assert [author.agent.affiliations for author in suggested.authors.value] == [(Affiliation("Gemeente Ede"),)]
    assert (suggested.abstract.value, suggested.issued.value) == (SENTENCES, "2026-03-19")


@pytest.mark.parametrize(
    "content", [b"", b"broken", b"%PDF-1.7\nbroken", draw([Set("7", 100)]), draw([Set("", 100), Set("x", 700)])]
)
def test_what_says_nothing_suggests_nothing(tmp_path: Path, content: bytes):
    assert not described(tmp_path / "nothing.pdf", content)


def test_a_suggestion_survives_json(tmp_path: Path):
    suggested = described(tmp_path / "paper.pdf", draw(paper(*FRONT)))

    assert SuggestedMetadata.from_json(json.loads(json.dumps(suggested.to_json()))) == suggested


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", ["odd-pdfs", "office"])
def test_no_odd_file_breaks_the_description(shared_data: Path, folder: str):
    for path in sorted((shared_data / folder).iterdir()):
        if path.suffix != ".json" and path.stat().st_size < 1_000_000:
            describe_file(path, read_document(path), limits=Limits())
