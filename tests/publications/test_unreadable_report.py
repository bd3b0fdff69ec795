"""The report of what cannot be searched: what is in it, who may see it, and what its buttons do."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from publications.ingest import recogniser
from publications.ingest.pipeline import ingest_file_task
from publications.ingest.recogniser import Recogniser
from publications.ingest.recognition import recognise_file_task
from publications.models import RecordFile
from publications.vocabularies import FileStatus
from tests.factories import EditorFactory, MemberFactory, RecordFileFactory, ResearcherFactory, UserFactory

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/unreadable/"
ACT = f"{REPORT}act/"


@pytest.fixture(autouse=True)
def tesseract(monkeypatch):
    monkeypatch.setattr(recogniser, "_known", None)
    monkeypatch.setattr(recogniser, "_look_for_recogniser", lambda wanted: Recogniser("/usr/bin/tesseract", "eng"))


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def files() -> dict[str, RecordFile]:
    """One of each kind of trouble, and one without any."""
    files = {
        "fine": RecordFileFactory(name="fine.pdf"),
        "scan": RecordFileFactory(
            name="scan.pdf", status=FileStatus.NO_TEXT, pages=["", ""], message="It may be a scan."
        ),
        "mixed": RecordFileFactory(name="mixed.pdf", pages=["Words.", "", "Words.", ""]),
        "locked": RecordFileFactory(name="locked.pdf", status=FileStatus.PASSWORD, page_count=None, message="Locked."),
        "rotten": RecordFileFactory(name="rotten.pdf", fixity="changed"),
        "reading": RecordFileFactory(name="reading.pdf", status=FileStatus.READING, page_count=None),
    }
    for number in (1, 2):
        files["scan"].pages.create(number=number, status="no_text", reason="no_words", awaits_recognition=True)
    files["mixed"].pages.filter(number=2).update(reason="blank")
    files["mixed"].pages.filter(number=4).update(reason="not_recognised")
    RecordFileFactory(name="blank.pdf", pages=["Words.", ""]).pages.filter(number=2).update(reason="blank")
    return files


def names(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return sorted(box["aria-label"] for box in soup.select("input[type=checkbox][name=file]"))


def reasons(response, name: str) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    row = soup.select_one(f'input[aria-label="{name}"]').find_parent("tr")
    return row.select("td")[5].get_text("\n", strip=True).replace("\u00a0", " ").splitlines()


def test_everything_that_cannot_be_searched_is_listed_with_the_reason(client, editor, files):
    page = client.get(REPORT)

    assert names(page) == ["locked.pdf", "mixed.pdf", "rotten.pdf", "scan.pdf"]
    assert reasons(page, "scan.pdf") == [
        "It may be a scan.",
        "p. 1–2: The text waits to be recognised from the picture.",
    ]
    assert reasons(page, "mixed.pdf") == ["p. 2: Blank.", "p. 4: No words recognised in the picture."]
    assert reasons(page, "locked.pdf") == ["Locked."]
    assert reasons(page, "rotten.pdf") == ["Stored bytes: Changed since it came in."]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=password", ["locked.pdf"]),
        ("?reason=blank", ["mixed.pdf"]),
        ("?reason=blank&reason=no_words", ["mixed.pdf", "scan.pdf"]),
        ("?waits=true", ["scan.pdf"]),
        ("?fixity=changed", ["rotten.pdf"]),
        ("?status=limit", []),
    ],
)
def test_the_report_is_filtered(client, editor, files, query, found):
    assert names(client.get(REPORT + query)) == found


def test_the_report_leaves_as_a_spreadsheet(client, editor, files):
    files["locked"].name = "=HYPERLINK(1).pdf"
    files["locked"].save()
    content = b"".join(client.get(f"{REPORT}?export=csv").streaming_content).decode()

    rows = {row["File"]: row for row in csv.DictReader(io.StringIO(content))}

    assert sorted(rows) == ["'=HYPERLINK(1).pdf", "mixed.pdf", "rotten.pdf", "scan.pdf"]
    assert rows["mixed.pdf"]["Why"].replace("\u00a0", " ") == "p. 2: Blank. p. 4: No words recognised in the picture."
    assert (rows["mixed.pdf"]["Pages that can be searched"], rows["mixed.pdf"]["Pages"]) == ("2", "4")


def test_the_number_of_queries_does_not_grow_with_the_files(client, editor, files, django_assert_max_num_queries):
    client.get(REPORT)
    with django_assert_max_num_queries(40) as few:
        client.get(REPORT)
    for number in range(5):
        RecordFileFactory(name=f"more{number}.pdf", pages=["", "x"])

    with django_assert_max_num_queries(len(few)):
        assert len(names(client.get(REPORT))) == 9


# Buttons ----------------------------------------------------------------------------------------------------------


def waiting(task) -> list[int]:
    rows = DBTaskResult.objects.filter(task_path=task.module_path)
    return sorted(row.args_kwargs["args"][0] for row in rows)


def test_one_some_and_all_are_read_again(client, editor, files, django_capture_on_commit_callbacks):
    scan, mixed, locked, rotten = (files[name] for name in ("scan", "mixed", "locked", "rotten"))
    told = []
    for fields in (
        {"do": f"read one {scan.pk}"},
        {"do": "read selected", "file": [scan.pk, mixed.pk]},
        {"do": "read all"},
    ):
        DBTaskResult.objects.all().delete()
        RecordFile.objects.filter(pk__in=[scan.pk, locked.pk]).update(status=FileStatus.PASSWORD)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(ACT, fields).status_code == 302
        told.append(waiting(ingest_file_task))

    # Those that wait to be read are in no trouble yet; the scan is back among the troubled before each press.
    assert told == [[scan.pk], [scan.pk, mixed.pk], sorted([scan.pk, locked.pk, rotten.pk])]
    assert set(RecordFile.objects.filter(pk__in=told[2]).values_list("status", flat=True)) == {"received"}


def test_all_means_what_the_filters_let_through(client, editor, files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{ACT}?status=password", {"do": "read all"})

    assert response.url == f"{REPORT}?status=password"
    assert waiting(ingest_file_task) == [files["locked"].pk]


def test_the_text_of_pages_is_recognised_on_request(client, editor, files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ACT, {"do": "recognise selected", "file": [files["mixed"].pk]}, follow=True)

    assert "The text of 2 pages will be recognised." in response.content.decode()
    assert waiting(recognise_file_task) == [files["mixed"].pk]
    assert list(files["mixed"].pages.values_list("awaits_recognition", flat=True)) == [False, True, False, True]


def test_without_tesseract_the_button_says_why_nothing_happens(client, editor, files, monkeypatch):
    monkeypatch.setattr(recogniser, "_look_for_recogniser", lambda wanted: Recogniser(problem=recogniser.NOT_INSTALLED))
    monkeypatch.setattr(recogniser, "_known", None)

    response = client.post(ACT, {"do": "recognise all"}, follow=True)

    assert recogniser.NOT_INSTALLED in response.content.decode()
    assert not files["mixed"].pages.filter(awaits_recognition=True).exists()


@pytest.mark.parametrize("do", ["read selected", "recognise selected", "", "delete all", "read one x", "read one ²"])
def test_a_button_without_files_or_sense_changes_nothing(client, editor, files, do):
    before = list(RecordFile.objects.values_list("pk", "status", "tries"))

    response = client.post(ACT, {"do": do, "file": ["x"]}, follow=True)

    assert "Tick the files first" in response.content.decode()
    assert list(RecordFile.objects.values_list("pk", "status", "tries")) == before


def test_what_was_done_stands_in_the_history_of_the_record(client, editor, files):
    client.post(ACT, {"do": f"read one {files['scan'].pk}"})
    client.post(f"/admin/files/{files['mixed'].pk}/recognise/")

    entries = ModelLogEntry.objects.filter(action__startswith="publications.").order_by("timestamp")
    assert [(entry.action, entry.object_id, entry.user) for entry in entries] == [
        ("publications.read_file_again", str(files["scan"].record_id), editor),
        ("publications.recognise_file", str(files["mixed"].record_id), editor),
    ]
    assert entries[0].message == "The file “scan.pdf” was put forward to be read again"


@pytest.mark.parametrize("make_user", [None, UserFactory, MemberFactory, ResearcherFactory])
def test_nobody_but_editors_sees_the_report_or_presses_its_buttons(client, files, make_user):
    if make_user:
        client.force_login(make_user())

    answers = [
        client.get(REPORT),
        client.get(f"{REPORT}?export=csv"),
        client.get(f"{REPORT}results/"),
        client.post(ACT, {"do": "read all"}),
        client.post(f"/admin/files/{files['scan'].pk}/recognise/"),
    ]

    assert all(answer.status_code in (302, 403) for answer in answers)
    assert not any("scan.pdf" in answer.content.decode() for answer in answers)
    assert waiting(ingest_file_task) + waiting(recognise_file_task) == []
    files["scan"].refresh_from_db()
    assert files["scan"].status == FileStatus.NO_TEXT


def test_buttons_work_by_post_alone(client, editor, files):
    assert client.get(ACT).status_code == 405
    assert client.get(f"/admin/files/{files['scan'].pk}/recognise/").status_code == 405
