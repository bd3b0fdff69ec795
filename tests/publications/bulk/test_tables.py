"""Records as a spreadsheet and back: nothing changes by itself, faults are named, formulas stay words."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publications.bulk import finish_change, plan_change, prepare_change, read_table, start_change, write_table
from publications.models import BulkChange, Publication, Record
from publications.vocabularies import BulkState, RecordType
from tests.factories import (
    CollectionFactory,
    EditorFactory,
    EventFactory,
    GroupFactory,
    MemberFactory,
    PresentationFactory,
    PublicationFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
KIND = RecordType.PUBLICATION


def make_record():
    record = PublicationFactory(
        title="=HYPERLINK(0)", topics=[TopicFactory(label_en="heart; valve"), TopicFactory(label_en="lung")],
        rights="CC-BY-4.0", event=EventFactory(), owner=EditorFactory(),
    )  # fmt: skip
    record.restricted_groups.set([GroupFactory(name="@group")])
    record.save()
    CollectionFactory(records=[record])
    return record


def test_a_file_that_was_not_edited_changes_nothing_and_holds_no_formula():
    record = make_record()

    text = write_table(Record.objects.all())
    table = read_table(text.encode(), kind=KIND)

    assert table.faults == []
    change = prepare_change(KIND, table.wanted, user=record.owner)
    assert [one.record.pk for one in plan_change(change, user=record.owner).same] == [record.pk]
    cells = list(csv.reader(io.StringIO(text)))[1]
    assert cells[1] == "'=HYPERLINK(0)"
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_what_was_edited_changes_and_a_missing_column_does_not():
    record, editor = make_record(), EditorFactory()
    topics = list(record.topics.all())

    table = read_table(f"PID;rights;event\n{record.pid};CC0-1.0;\n".encode(), kind=KIND)

    change = prepare_change(KIND, table.wanted, user=editor, file_name="a.csv")
    start_change(change)
    finish_change(change)
    record = Publication.objects.get()
    assert (record.rights, record.event, list(record.topics.all())) == ("CC0-1.0", None, topics)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, "pid")),
        ("title\nA", (1, "pid")),
        ("pid,colour\n{pid},red", (1, "colour")),
        ("pid,rights\n{pid},CC0-1.0\nnothere,CC0-1.0", (3, "pid")),
        ("pid,rights\n{slides},CC0-1.0", (2, "pid")),
        ("pid,rights\n{pid},CC0-1.0\n{pid},CC0-1.0", (3, "pid")),
        ("pid,rights\n{pid},mine", (2, "rights")),
        ("pid,topics\n{pid},nothing", (2, "topics")),
        ("pid,access_right\n{pid},embargoed", (2, "access_right")),
        ("pid,available\n{pid},tomorrow", (2, "available")),
        ("pid,owner\n{pid},nobody", (2, "owner")),
        ("pid,rights\n{pid}", (2, "")),
        ('pid,rights\n{pid},"CC0', (1, "")),
    ],
)
def test_each_fault_is_named_by_row_and_column(text, place):
    record, slides = PublicationFactory(), PresentationFactory()

    table = read_table(text.format(pid=record.pid, slides=slides.pid).encode(), kind=KIND)

    assert [(fault.row, fault.column) for fault in table.faults] == [place]


def test_in_the_cms_one_fault_stops_all_and_a_good_file_is_shown_first(client):
    record, other = PublicationFactory(title="Wedge"), PublicationFactory()
    client.force_login(EditorFactory())
    taken = client.get("/admin/records/publication/table.csv?q=wedge").content.decode()
    assert (record.pid in taken, other.pid in taken) == (True, False)
    address = "/admin/records/publication/table/"

    def bring_in(text):
        return client.post(address, {"file": SimpleUploadedFile("a.csv", text.encode())})

    page = bring_in(f"pid,rights\n{record.pid},CC0-1.0\n{other.pid},mine\n").content.decode()
    assert "Row 3" in page
    assert not BulkChange.objects.exists()
    response = bring_in(f"pid,rights\n{record.pid},CC0-1.0\n")
    assert BulkChange.objects.get().state == BulkState.PREPARED
    assert "CC0 1.0" in client.get(response.url).content.decode()
    assert Publication.objects.get(pk=record.pk).rights == ""


def test_only_editors_take_records_along(client):
    client.force_login(MemberFactory())

    assert client.get("/admin/records/publication/table.csv").status_code in (302, 403)
    assert client.get("/admin/records/publication/table/").status_code in (302, 403)
