"""Bringing in bibliographies with their files: numbers, errors by line, killed and run again, two at once."""

import io
import json
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.models import FilePage, Organisation, Person, Record, RecordFile
from publications.records import remove_file
from publications.records.file_search import find_files
from publications.signals import changes_wanted_now
from publications.vocabularies import FileStatus
from tests.factories import PublicationFactory, make_pdf

BIBTEX = """@article{jansen2019,
  title = {Lungs in motion},
  author = {Jansen, Jan and {van den} Berg, Els},
  year = {2019},
  doi = {10.5555/lungs},
  file = {jansen.pdf}
}

@inproceedings{smit2020,
  title = {Hearts at rest},
  author = {Smit, Piet and Jansen, Jan},
  year = {2020}
}

@article{broken2021,
  title = {No end,
}
"""


@pytest.fixture(autouse=True)
def told():
    """Whether the command asked for its changes to be findable; nobody indexes in these tests."""
    receivers, changes_wanted_now.receivers = changes_wanted_now.receivers, []
    heard = []

    def hear(sender, **kwargs):
        heard.append(Record.objects.live().count())

    changes_wanted_now.connect(hear)
    yield heard
    changes_wanted_now.receivers = receivers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bibliography of two records with their files, and an entry that cannot be read."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "papers.bib").write_text(BIBTEX)
    (folder / "jansen.pdf").write_bytes(
        make_pdf(["The lungs are moving while the patient is breathing.", "They breathe."])
    )
    (folder / "smit2020.pdf").write_bytes(make_pdf(["The hearts of the patients are at rest."]))
    return folder


def run(path: Path, *options: str) -> tuple[str, str, str]:
    """What the command prints, what it says on standard error, and what it fails with."""
    out, err, failure = io.StringIO(), io.StringIO(), ""
    try:
        call_command("import_records", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


def shape() -> dict[str, int]:
    """How much the hub holds."""
    return {
        "records": Record.objects.live().count(),
        "files": RecordFile.objects.count(),
        "pages": FilePage.objects.count(),
        "people": Person.objects.count(),
    }


@pytest.mark.django_db
def test_what_can_be_read_comes_in_and_what_cannot_is_told_with_its_line(folder, told):
    out, err, failure = run(folder / "papers.bib")

    assert out.startswith("Imported 2 records (0 known, 1 errors), 3 pages read in ")
    assert err.startswith("papers.bib, line 15 (broken2021): ")
    assert failure == "1 entry needs attention."
    assert shape() == {"records": 2, "files": 2, "pages": 3, "people": 3}
    files = RecordFile.objects.order_by("record__year").values_list("name", "status", "record__language")
    assert list(files) == [("jansen.pdf", FileStatus.READY, "en"), ("smit2020.pdf", FileStatus.READY, "en")]
    assert told == [2]


@pytest.mark.django_db
def test_running_it_again_adds_nothing(folder):
    run(folder / "papers.bib")
    before, ids = shape(), set(FilePage.objects.values_list("pk", flat=True))

    out, _err, _failure = run(folder / "papers.bib")

    assert out == "Imported 0 records (2 known, 1 errors), 0 pages read in 0.0 s (0.0 pages/s).\n"
    assert shape() == before
    assert set(FilePage.objects.values_list("pk", flat=True)) == ids


@pytest.mark.django_db
def test_a_dry_run_counts_and_changes_nothing(folder, settings, told):
    with (folder / "papers.bib").open("a") as bibliography:
        bibliography.write("@article{again, title = {Other words}, doi = {10.5555/LUNGS}}")

    out, _err, failure = run(folder / "papers.bib", "--dry-run")

    assert out == "Would import 2 records (1 known, 1 errors).\n"
    assert failure == "1 entry needs attention."
    assert shape() == {"records": 0, "files": 0, "pages": 0, "people": 0}
    assert not settings.FILES_DIR.exists()
    assert told == []


@pytest.mark.django_db
def test_the_same_work_twice_in_one_file_is_one_record(folder):
    (folder / "twice.bib").write_text(
        "@article{a, title={One work}, author={Jansen, Jan}, year={2019}}\n"
        "@article{b, title={One Work.}, author={J. Jansen}, year={2019}}\n"
        "@article{c, title={Same file}, file={jansen.pdf}}\n"
        "@article{d, title={Under another name}, file={jansen.pdf}}\n"
    )

    out, _err, failure = run(folder / "twice.bib")

    assert out.startswith("Imported 2 records (2 known, 0 errors), 2 pages read")
    assert failure == ""


@pytest.mark.django_db
def test_a_file_that_arrives_later_is_added_to_its_record_once(folder):
    pdf = (folder / "jansen.pdf").rename(folder.parent / "kept.pdf")
    _out, err, _failure = run(folder / "papers.bib")
    assert f"papers.bib, line 1 (jansen2019): The file “jansen.pdf” is not in {folder}." in err
    pdf.rename(folder / "jansen.pdf")

    out, _err, _failure = run(folder / "papers.bib")
    assert out.startswith("Imported 0 records (2 known, 1 errors), 2 pages read")

    remove_file(RecordFile.objects.get(name="jansen.pdf"))
    run(folder / "papers.bib")
    assert RecordFile.objects.count() == 2, "what an editor took away does not come back"


@pytest.mark.django_db
def test_files_that_an_earlier_run_left_unread_are_read(folder):
    run(folder / "papers.bib")
    FilePage.objects.all().delete()
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    received, reading = RecordFile.objects.all()
    RecordFile.objects.filter(pk=received.pk).update(status=FileStatus.RECEIVED, tries=0)
    RecordFile.objects.filter(pk=reading.pk).update(status=FileStatus.READING, read_at=long_ago)

    out, _err, _failure = run(folder / "papers.bib")

    assert "3 pages read" in out
    assert FilePage.objects.count() == 3


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_kept_and_told(folder):
    (folder / "jansen.pdf").write_bytes(b"<html>")

    out, err, _failure = run(folder / "papers.bib")

    assert out.startswith("Imported 2 records (0 known, 1 errors), 1 pages read")
    assert "papers.bib (jansen.pdf): This file is named PDF but is none." in err


@pytest.mark.django_db
def test_a_file_over_the_limit_is_an_error_and_its_record_comes_in(folder, settings):
    settings.DEPOSIT_MAX_SIZE_BYTES = 100

    out, err, failure = run(folder / "papers.bib")

    assert out.startswith("Imported 2 records (0 known, 3 errors), 0 pages read")
    assert "papers.bib, line 1 (jansen2019): jansen.pdf: This file is larger than this hub accepts." in err
    assert failure == "3 entries need attention."
    assert shape()["files"] == 0


@pytest.mark.django_db
def test_an_entry_that_the_hub_refuses_leaves_nobody_behind_and_stops_nothing(folder):
    (folder / "refused.csv").write_text(
        'title,authors,access_right,available\nClosed for ever,"Bos, Bea",embargoed,\nOpen,"Vos, Vera",open,\n'
    )

    out, err, failure = run(folder / "refused.csv")

    assert (out.partition(",")[0], failure) == ("Imported 1 records (0 known", "1 entry needs attention.")
    assert "refused.csv, line 2: " in err
    assert [person.name for person in Person.objects.all()] == ["Vera Vos"]


@pytest.mark.django_db
def test_lines_in_another_encoding_are_read(folder):
    (folder / "latin.bib").write_bytes("@misc{x, title={Écho cardiaque}, author={Müller, José}}".encode("cp1252"))

    run(folder / "latin.bib")

    assert Record.objects.get().title == "Écho cardiaque"
    assert Person.objects.get().name == "José Müller"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("second", "people", "organisations"),
    [
        ({"literal": "Els van den Berg"}, ["Amir H. Abdi", "Els van den Berg"], ["University of Twente", "WHO"]),
        ({"family": "Bos", "given": "Bea"}, ["Bea Bos"], ["Amir H. Abdi", "University of Twente", "WHO"]),
    ],
)
def test_names_in_one_piece_are_people_where_nobodys_name_has_parts(tmp_path, second, people, organisations):
    authors = [{"literal": name} for name in ("Amir H. Abdi", "University of Twente", "WHO")]
    items = [{"id": "a", "title": "One", "author": authors}, {"id": "b", "title": "Two", "author": [second]}]
    (tmp_path / "names.csl.json").write_text(json.dumps(items))

    run(tmp_path / "names.csl.json")

    assert [person.name for person in Person.objects.order_by("given_name")] == people
    assert [organisation.name_en for organisation in Organisation.objects.order_by("name_en")] == organisations


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("papers.pdf", b"%PDF-", "“papers.pdf” is not a .bib, .ris, .json or .csv file."),
        ("empty.bib", b"", "“empty.bib” has no entries."),
        ("data.jsonld", b"{}", "“data.jsonld” is not a .bib, .ris, .json or .csv file."),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)

    assert run(tmp_path / name) == ("", "", sentence)


@pytest.mark.django_db
def test_what_is_not_there_is_said(tmp_path, folder):
    (tmp_path / "folder.bib").mkdir()

    assert run(tmp_path / "missing.bib")[2] == "“missing.bib” cannot be read: No such file or directory."
    assert run(tmp_path / "folder.bib")[2] == "“folder.bib” cannot be read: Is a directory."
    assert (
        run(folder / "papers.bib", "--files", str(tmp_path / "none"))[2] == f"There is no folder {tmp_path / 'none'}."
    )


@pytest.mark.django_db
def test_ten_more_records_with_known_authors_take_the_same_queries_each(tmp_path):
    PublicationFactory.create_batch(5)

    def count_queries(first: int, last: int) -> int:
        entries = (f"@misc{{k{n}, title={{Number {n}}}, author={{A, Ann and B, Bob}}}}" for n in range(first, last))
        (tmp_path / "many.bib").write_text("\n".join(entries))
        with CaptureQueriesContext(connection) as queries:
            run(tmp_path / "many.bib")
        return len(queries)

    count_queries(0, 1)
    two, twelve = count_queries(1, 3), count_queries(3, 15)

    assert Person.objects.count() == 2
    assert (twelve - two) / 10 < 90, "queries for each further record"


# Files named by entries ---------------------------------------------------------------------------------------------


def test_files_are_found_by_name_else_by_key_and_only_inside_the_folder(tmp_path):
    papers = tmp_path / "papers"
    (papers / "sub").mkdir(parents=True)
    for name in ("paper.pdf", "sub/deep.pdf", "smit2020.PDF", "talk2020.pptx"):
        (papers / name).write_bytes(b"x")
    (tmp_path / "secret.pdf").write_bytes(b"x")
    (papers / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (papers / "circle.pdf").symlink_to(papers / "circle.pdf")

    def found(*names: str, key: str = "") -> tuple[list[str], list[str]]:
        paths, missing = find_files(names, key=key, directory=papers)
        return [str(path.relative_to(papers)) for path in paths], missing

    assert found("paper.pdf", "sub/deep.pdf") == (["paper.pdf", "sub/deep.pdf"], [])
    assert found("paper.pdf", "paper.pdf") == (["paper.pdf"], [])
    assert found(r"C:\Users\me\paper.pdf", "/home/me/paper.pdf") == (["paper.pdf"], [])
    assert found("https://elsewhere.example/x.pdf", " ", key="smit2020") == (["smit2020.PDF"], [])
    assert found("gone.pdf", key="talk2020") == (["talk2020.pptx"], [])
    assert found("gone.pdf", "paper.pdf", key="talk2020") == (["paper.pdf"], ["gone.pdf"])
    hostile = [
        "../secret.pdf",
        str(tmp_path / "secret.pdf"),
        "link.pdf",
        "circle.pdf",
        "a\0.pdf",
        "x" * 999,
        "sub",
        ".",
    ]
    assert found(*hostile, key="../secret") == ([], hostile)


# In processes of their own ------------------------------------------------------------------------------------------


def many_papers(folder: Path, *, count: int, pages: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = f"Paper {number} is about imaging of organ {number}. " * 60
        (folder / f"paper{number}.pdf").write_bytes(make_pdf([text] * pages))
    entries = (
        f"@article{{paper{n}, title={{Paper number {n}}}, author={{Jansen, Jan and Smit{n}, Piet}}, year={{2020}}}}"
        for n in range(count)
    )
    (folder / "papers.bib").write_text("\n".join(entries))
    return folder / "papers.bib"


def test_killed_at_any_moment_and_run_again_it_is_complete_and_nothing_is_doubled(manage, tmp_path):
    bibliography = many_papers(tmp_path / "papers", count=12, pages=15)
    wanted = {"records": 12, "files": 12, "pages": 180, "people": 13}
    for moment in (1, 6, 12):
        command = manage("import_records", bibliography)
        while Record.objects.count() < moment and command.poll() is None:
            time.sleep(0.005)
        command.kill()
        command.wait()
        RecordFile.objects.filter(status=FileStatus.READING).update(
            read_at=timezone.now() - timezone.timedelta(hours=1)
        )

    command = manage("import_records", bibliography)
    out, err = command.communicate()

    assert command.returncode == 0, err
    assert shape() == wanted
    assert set(RecordFile.objects.values_list("status", flat=True)) == {FileStatus.READY}
    assert "errors)" in out and "(0 known" not in out


def test_two_imports_at_once_double_nothing(manage, tmp_path):
    bibliography = many_papers(tmp_path / "papers", count=10, pages=3)

    commands = [manage("import_records", bibliography) for _ in range(2)]
    told = [command.communicate() for command in commands]

    assert [command.returncode for command in commands] == [0, 0], told
    assert shape() == {"records": 10, "files": 10, "pages": 30, "people": 11}
    imported = [int(out.split()[1]) for out, _err in told]
    assert sum(imported) == 10


@pytest.mark.shared_data
def test_a_volume_of_real_papers_comes_in_whole_and_twice_adds_nothing(manage, shared_data):
    arguments = ("import_records", shared_data / "midl2019" / "midl2019.bib", "--files", shared_data / "midl2019")

    first, second = (manage(*arguments).communicate()[0] for _ in range(2))

    assert first.startswith("Imported 32 records (0 known, 0 errors), 390 pages read in ")
    assert second == "Imported 0 records (32 known, 0 errors), 0 pages read in 0.0 s (0.0 pages/s).\n"
    assert (Record.objects.live().count(), FilePage.objects.exclude(text="").count()) == (32, 390)
    assert not Record.objects.filter(contributions__person=None).exists()
