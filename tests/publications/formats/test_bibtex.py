import json
import re

import pytest
from pybtex.database import parse_string

from publications.formats import bibtex
from publications.formats.base import Entry, decode
from publications.metadata import Agent, FileReference, RecordMetadata


def read(text: str) -> list[Entry]:
    return list(bibtex.loads(text))


def read_one(text: str) -> RecordMetadata:
    (entry,) = read(text)
    assert entry.error is None
    assert entry.metadata is not None
    return entry.metadata


def problems(text: str) -> list[tuple[int, str]]:
    return [(entry.line, entry.key) for entry in read(text) if entry.error]


def test_the_midl_bibliography_is_read_whole(shared_data):
    truth = json.loads((shared_data / "midl2019" / "metadata.json").read_text())["papers"]

    entries = read(decode((shared_data / "midl2019" / "midl2019.bib").read_bytes()))

    assert [(entry.key, entry.error) for entry in entries] == [(paper["key"], None) for paper in truth]
    for entry, paper in zip(entries, truth, strict=True):
        names = [(agent.given_name, agent.family_name) for agent in entry.metadata.creators]
        assert names == [(author["given"].strip(), author["family"].strip()) for author in paper["authors"]]
        assert entry.metadata.title == paper["title"]
        assert entry.metadata.abstract == " ".join(paper["abstract"].split())
        assert entry.metadata.file_names == (paper["file"],)
        assert entry.metadata.resource_type == "conference_paper"


def test_the_midl_bibliography_goes_out_and_comes_back_the_same(shared_data):
    records = [entry.metadata for entry in read((shared_data / "midl2019" / "midl2019.bib").read_text())]

    text = bibtex.dumps(records)

    assert [entry.metadata for entry in read(text)] == records
    assert len(parse_string(text, "bibtex").entries) == 32


def test_titles_and_authors_of_other_journals_survive(shared_data):
    papers = json.loads((shared_data / "other-layouts" / "metadata.json").read_text())["files"]
    text = "\n".join(
        f"@article{{k{number}, title = {{{{{paper['title']}}}}}, author = {{{' and '.join(paper['authors'])}}},"
        f" year = {paper['year']}, doi = {{{paper.get('doi') or ''}}}, file = {{{paper['file']}}}}}"
        for number, paper in enumerate(papers)
    )

    entries = read(text)

    assert [entry.error for entry in entries] == [None] * len(papers)
    for entry, paper in zip(entries, papers, strict=True):
        names = [" ".join(reversed(name.split(", "))).split() for name in paper["authors"]]
        assert [agent.name.split() for agent in entry.metadata.creators] == names
        assert entry.metadata.doi == (paper.get("doi") or "").lower()
        assert entry.metadata.issued == str(paper["year"])


def test_values_are_joined_and_macros_filled_in():
    record = read_one(
        """@string{mri = "Magnetic Resonance"}
        @comment{not an entry: @article{x, title = {No}}}
        @preamble{"\\newcommand{\\noop}[1]{}"}
        @ARTICLE(key, Title = mri # " in " # {Practice}, JOURNAL = unknownmacro, year = 2019, month = jun # "~17")"""
    )

    assert record.title == "Magnetic Resonance in Practice"
    assert record.container_title == "unknownmacro"
    assert record.issued == "2019-06-17"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"Jos{\'e} {\'\i} G{\"o}del \v{C}ech {\O}rsted \ss{} \aa{}", "José í Gödel Čech Ørsted ß å"),
        (r"{{The {MRI} of A \& B}}", "The MRI of A & B"),
        (r"$\alpha$-synuclein and \textit{E. coli} at 95% of \$5", "α-synuclein and E. coli at 95% of $5"),
        (r"between $5 and $10, up to 3\%", "between $5 and $10, up to 3%"),
        (r"``Quoted'' pages 3--4 --- and so on", "“Quoted” pages 3–4 — and so on"),
        (r"$O(n^2)$ of $\frac{1}{2}$", "O(n^2) of 1/2"),
        (r"{\bf Bold} \emph{stress} \unknown{kept}", "Bold stress kept"),
        ("Line\n   break  and\ttab", "Line break and tab"),
        (r"unfinished \verb", r"unfinished \verb"),
        ("Ünïcödé 日本語", "Ünïcödé 日本語"),
    ],
)
def test_latex_becomes_plain_text(source, text):
    assert read_one(f"@misc{{k, title = {{{source}}}}}").title == text


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Jan van der Berg", [("Jan", "van der Berg")]),
        ("van der Berg, Jan", [("Jan", "van der Berg")]),
        ("King, Jr., Martin Luther", [("Martin Luther", "King Jr.")]),
        ("Ludwig van Beethoven and others", [("Ludwig", "van Beethoven")]),
        (
            "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
            [("Charles Louis Xavier Joseph", "de la Vallée Poussin")],
        ),
        ("Lossau (née Elss), Tanja", [("Tanja", "Lossau (née Elss)")]),
        ("{\\'E}mile Zola and\n Jos{\\'e} Garc{\\'i}a", [("Émile", "Zola"), ("José", "García")]),
        ("Plato AND Socrates", [("", "Plato"), ("", "Socrates")]),
        ("Jansen, J. and and Smit, P.", [("J.", "Jansen"), ("P.", "Smit")]),
        ("{Jansen, J. and Smit, P.}", [("J.", "Jansen"), ("P.", "Smit")]),
        ("van Gogh", [("", "van Gogh")]),
        ("Anderson, And", [("And", "Anderson")]),
        ("", []),
    ],
)
def test_people_keep_particles_and_suffixes(source, names):
    record = read_one(f"@misc{{k, title = {{T}}, author = {{{source}}}}}")

    assert [(agent.given_name, agent.family_name) for agent in record.creators] == names
    assert not any(agent.is_organisation for agent in record.creators)


def test_names_in_braces_are_organisations():
    record = read_one(
        "@misc{k, title={T}, author={{Simon and Schuster} and {{NASA}}}, editor={{Ministry of A, B and C}}}"
    )

    assert record.agents == (
        Agent("Simon and Schuster", is_organisation=True),
        Agent("NASA", is_organisation=True),
        Agent("Ministry of A, B and C", role="Editor", is_organisation=True),
    )


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        ("year = 2019", "2019"),
        ("year = {2019}, month = {June}", "2019-06"),
        ("year = {2019}, month = 6, day = 17", "2019-06-17"),
        ("year = {2019}, month = {17 juni}", "2019-06-17"),
        ("year = {2019}, month = jun, day = 31", "2019-06"),
        ("date = {2019-06-17/2019-06-20}", "2019-06-17"),
        ("date = {2019-06~}, year = 1999", "2019-06"),
        ("year = {in press}", ""),
        ("year = {c. 2019a}", "2019"),
        ("year = {0}", ""),
        ("month = jun", ""),
    ],
)
def test_dates_are_as_precise_as_the_entry(fields, issued):
    assert read_one(f"@misc{{k, title = {{T}}, {fields}}}").issued == issued


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("abdi19a.pdf", ["abdi19a.pdf"]),
        (":path/to/x.pdf:PDF", ["path/to/x.pdf"]),
        ("Full Text PDF:files/12/Smith - 2019.pdf:application/pdf", ["files/12/Smith - 2019.pdf"]),
        ("Title:path\\:x.pdf:application/pdf", ["path:x.pdf"]),
        (":a.pdf:PDF;:b.pdf:PDF;:a.pdf:PDF", ["a.pdf", "b.pdf"]),
        ("a.pdf; b.pdf", ["a.pdf", "b.pdf"]),
        ("C\\:\\\\papers\\\\x.pdf", ["C:\\papers\\x.pdf"]),
        ("Snapshot:C\\:\\\\a.html:text/html", ["C:\\a.html"]),
        (":C$\\backslash$:/Users/jan/x.pdf:pdf", ["C:/Users/jan/x.pdf"]),
        (":/home/jan/my{\\_}paper.pdf:PDF", ["/home/jan/my_paper.pdf"]),
        ("", []),
    ],
)
def test_file_names_are_found_in_every_programs_form(value, names):
    assert read_one(f"@misc{{k, title = {{T}}, file = {{{value}}}}}").file_names == tuple(names)


def test_identifiers_are_checked_and_made_canonical():
    record = read_one(
        r"""@article{k, title = {T}, doi = {https://doi.org/10.1000/A\_B}, isbn = {no, 978-3-16-148410-0},
        issn = "2049-3630 (online)", eprint = {1907.01234v2}, archivePrefix = {arXiv}, journal = {J},
        url = {\url{https://example.org/a_b}}, copyright = {https://creativecommons.org/licenses/by/4.0/legalcode}}"""
    )

    assert (record.doi, record.isbn, record.issn) == ("10.1000/a_b", "9783161484100", "2049-3630")
    assert (record.arxiv, record.url, record.rights) == ("1907.01234", "https://example.org/a_b", "CC-BY-4.0")
    assert record.resource_type == "journal_article"


def test_a_doi_stands_in_the_address_where_it_stands_nowhere_else():
    assert read_one("@misc{k, title={T}, url={http://dx.doi.org/10.1000/x}, doi={none}}").doi == "10.1000/x"


def test_an_arxiv_citation_is_a_preprint():
    record = read_one("@article{k, title={T}, journal={arXiv preprint arXiv:1907.01234}, year=2019}")

    assert (record.resource_type, record.arxiv, record.container_title) == ("preprint", "1907.01234", "")


def test_a_crossref_gives_what_the_entry_lacks_but_no_identifier():
    entries = read(
        """@inproceedings{child, title={Child}, author={A, B}, crossref={Parent}}
        @proceedings{parent, title={The Proceedings}, editor={C, D}, year=2001, publisher={P}, doi={10.1000/x}}"""
    )

    child, parent = (entry.metadata for entry in entries)
    assert (child.container_title, child.issued, child.publisher) == ("The Proceedings", "2001", "P")
    assert (child.doi, parent.doi) == ("", "10.1000/x")
    assert [(agent.family_name, agent.role) for agent in child.agents] == [("A", "Creator"), ("C", "Editor")]


def test_a_crossref_to_itself_or_to_nothing_is_harmless():
    entries = read("@book{a, title={A}, crossref={a}} @book{b, title={B}, crossref={zzz}}")

    assert [entry.metadata.title for entry in entries] == ["A", "B"]


@pytest.mark.parametrize(
    ("entry_type", "resource_type"),
    [
        ("article", "journal_article"),
        ("inproceedings", "conference_paper"),
        ("mastersthesis", "thesis"),
        ("techreport", "report"),
        ("incollection", "book_part"),
        ("presentation", "slides"),
        ("somethingelse", "other"),
    ],
)
def test_unknown_entry_types_are_kept_as_other(entry_type, resource_type):
    assert read_one(f"@{entry_type}{{k, title = {{T}}}}").resource_type == resource_type


BROKEN = """@article{good, title = {Good}}

@article{unclosed, title = {Broken,
  year = 2018
}
@article{good, title = {The same key again}}
@article{untitled, author = {A, B}}
@article{early, title = {Too early}}, author = {Lost, A}}
@article
{newline, title = {Key on the next line}}
@article{last, title = {Last}}
@article{end, title = {Never closed
"""


def test_each_broken_entry_is_reported_with_its_line_and_the_rest_is_read():
    entries = read(BROKEN)

    assert [entry.metadata.title for entry in entries if entry.metadata] == ["Good", "Last"]
    assert [(entry.line, entry.key) for entry in entries if entry.error] == [
        (3, "unclosed"),
        (6, "good"),
        (7, "untitled"),
        (8, "early"),
        (9, ""),
        (12, "end"),
    ]
    assert all(entry.error.line == entry.line for entry in entries if entry.error)


def test_lines_count_the_same_with_windows_line_ends_and_a_byte_order_mark():
    assert problems("\ufeff" + BROKEN.replace("\n", "\r\n")) == problems(BROKEN)
    assert problems(BROKEN.replace("\n", "\r")) == problems(BROKEN)


def test_entries_without_key_are_no_duplicates_of_each_other():
    assert [entry.metadata.title for entry in read("@misc{, title={A}} @misc{, title={B}}")] == ["A", "B"]


def test_of_a_field_that_stands_twice_the_first_counts():
    assert read_one("@misc{k, title={First}, title={Second}}").title == "First"


@pytest.mark.parametrize(
    "text", ["", "  \n", "just text", "jan@example.org wrote this", "@comment{a} @xdata{b, title={T}}"]
)
def test_a_file_without_works_has_no_entries(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    ["{" * 100_000, "@" * 10_000, '@article{a, title = "' * 500, "@article{a, title = {" + "{" * 50_000, "@a{" * 9999],
)
def test_hostile_files_end(text):
    assert all(entry.error for entry in read(text))


def test_deeply_nested_braces_are_read_as_text():
    assert read_one("@misc{k, title = {" + "{" * 20_000 + "deep" + "}" * 20_000 + "}}").title == "deep"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("@misc{k, title = {Café}}".encode("cp1252"), "Café"),
        ("@misc{k, title = {Café}}".encode("utf-16"), "Café"),
        ("@misc{k, title = {Café}}".encode("utf-8-sig"), "Café"),
        ("@misc{k,\nauthor = {Gödel},\n".encode() + "title = {Café “x”}}".encode("cp1252"), "Café “x”"),
        (b"@misc{k, title = {A\x81B}}", "A\ufffdB"),
    ],
)
def test_bytes_of_other_encodings_are_decoded(content, title):
    assert read_one(decode(content)).title == title


FULL = RecordMetadata(
    title="MRI of {braces}, 95% & $5 – “quoted” #1 a_b ~ ^ \\ done",
    subtitle="A study",
    resource_type="journal_article",
    pid="9k3dt0v4",
    language="nl",
    agents=(
        Agent("van der Berg", "Jan"),
        Agent("King Jr.", "Martin Luther"),
        Agent("Müller and Sons", is_organisation=True),
        Agent("Smith, the elder", "A."),
        Agent("Plato"),
        Agent("Garcia Lorca"),
        Agent("de With", "Peter H. N.", role="Editor"),
    ),
    abstract="First paragraph.\n\n@article{x( Second: 5 < 6 -- and ``so'' on.",
    subjects=("imaging, medical", "MRI"),
    issued="2019-06-17",
    publisher="Springer",
    container_title="Imaging & Co",
    series="LNCS",
    volume="12",
    issue="3",
    page="15-26",
    edition="2",
    doi="10.1000/a_b",
    isbn="9783161484100",
    issn="2049-3630",
    arxiv="1907.01234",
    pmid="12345",
    url="https://example.org/records/9k3dt0v4/?a=1&b=2%20c#d",
    rights="CC-BY-4.0",
    event_title="MIDL",
    event_place="London",
    event_dates="2019-07-08/2019-07-10",
    file_names=("a b.pdf", "c_d;e:f.pdf"),
)


def test_everything_a_record_says_comes_back():
    (entry,) = read(bibtex.dumps([FULL]))

    assert entry.key == "9k3dt0v4"
    assert entry.metadata == RecordMetadata(**{**vars(FULL), "pid": ""})


def test_pybtex_reads_what_is_written_strictly():
    entry = parse_string(bibtex.dumps([FULL]), "bibtex").entries["9k3dt0v4"]

    first = entry.persons["author"][0]
    assert (first.prelast_names, first.last_names, first.first_names) == (["van", "der"], ["Berg"], ["Jan"])
    assert len(entry.persons["author"]) == 6
    assert (entry.fields["year"], entry.fields["doi"], entry.fields["pages"]) == ("2019", "10.1000/a_b", "15--26")


def test_files_of_a_record_are_named():
    record = RecordMetadata(title="T", files=(FileReference("paper.pdf", "https://x/paper.pdf", "application/pdf"),))

    assert read(bibtex.dumps([record]))[0].metadata.file_names == ("paper.pdf",)


def test_keys_are_unique_whatever_their_case():
    records = [RecordMetadata(title="T", agents=(Agent("Jansen", "J."),), issued="2019")] * 3
    records += [RecordMetadata(title="T", pid="jansen2019"), RecordMetadata(title="T", agents=(Agent("日本", "A"),))]

    keys = re.findall(r"@\w+\{([^,]*),", bibtex.dumps(records))

    assert keys == ["jansen2019", "jansen2019-2", "jansen2019-3", "jansen2019-4", "record"]


def test_nothing_is_written_for_no_records():
    assert bibtex.dumps([]) == ""
