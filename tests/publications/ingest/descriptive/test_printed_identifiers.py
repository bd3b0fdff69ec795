"""Which of the identifiers on a page is the document's own."""

import pytest

from publications.ingest.descriptive.front import front_lines
from publications.ingest.descriptive.printed_identifiers import find_arxiv, find_isbn, find_issn, find_own_doi
from tests.publications.ingest.typeset import BODY, Set, layout_of, paper, paragraph

FRONT = (Set("Counting autumn leaves", 100, size=16, style="b"), Set("Anna Bos", 130, size=12))


def doi_of(*lines: Set, **page) -> str:
    layout = layout_of(*paper(*FRONT, *lines), **page)
    return find_own_doi(layout, front_lines(layout)[0])


@pytest.mark.parametrize(
    "lines",
    [
        (Set("doi:10.5555/leaves.7", 50, size=8),),
        (Set("Journal of Leaves 12 (2021) 1-7. https://doi.org/10.5555/leaves.7", 800, size=8),),
        (Set("DOI", 180, size=8, left=20), Set("10.5555/leaves.7", 190, size=8, left=20)),
        (Set("DOI: 10.5555/LEAVES.7", 180, size=8, left=20),),
        (Set("Bos (2021). Leaves. https:", 790, size=8), Set("//doi.org/10.5555/leaves.7", 800, size=8)),
    ],
)
def test_a_doi_in_the_places_where_documents_print_their_own(lines: tuple[Set, ...]):
    assert doi_of(*lines) == "10.5555/leaves.7"


def test_a_doi_of_code_or_data_is_another():
    lines = (
        Set("DOI: 10.5555/leaves.7", 50, size=8),
        Set("Code is available at github.com/leaves – DOI 10.5281/zenodo.11", 790, size=8),
        Set("The data are archived under doi:10.5072/data.3", 800, size=8),
    )

    assert doi_of(*lines) == "10.5555/leaves.7"


def test_a_cited_doi_is_none_of_its_own():
    cited = paragraph("As others found (Smit 2019, https://doi.org/10.5555/other) " + BODY, 560)

    assert doi_of(*cited) == ""


def test_of_two_as_likely_ones_neither_is_taken():
    assert doi_of(Set("doi:10.5555/a.1", 50, size=8), Set("doi:10.5555/b.2", 60, size=8)) == ""


def test_a_doi_that_is_broken_at_a_line_end_is_put_together():
    assert (
        doi_of(Set("doi:10.5555/leaves.", 50, size=8), Set("2021.07.005", 60, size=8)) == "10.5555/leaves.2021.07.005"
    )


def test_a_link_tells_the_whole_of_a_doi():
    page = {"links": [[72.0, 40.0, "https://doi.org/10.5555/leaves-and-wind"]]}

    assert doi_of(Set("https://doi.org/10.5555/leaves-", 50, size=8), **page) == "10.5555/leaves-and-wind"


def test_the_stamp_of_arxiv_stands_upwards_in_the_margin():
    layout = layout_of(*paper(*FRONT), Set("arXiv:1907.01234v2 [cs.CV] 3 Jul 2019", 500, left=20, upright=False))

    assert find_arxiv(layout) == "1907.01234"


def test_isbn_and_issn_are_checked():
    layout = layout_of(
        *paper(*FRONT),
        Set("ISBN 978-3-95450-184-7, ISSN: 2049-3630", 60, size=8),
    )
    wrong = layout_of(*paper(*FRONT), Set("ISBN 978-3-95450-184-8, ISSN 2049-3631", 60, size=8))

    assert (find_isbn(layout), find_issn(layout)) == ("9783954501847", "2049-3630")
    assert (find_isbn(wrong), find_issn(wrong)) == ("", "")
