"""Signs of patient data in files: kept in private, in the way of readers and of publishing, until an editor decides."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pptx import Presentation
from wagtail.models import ModelLogEntry

from knowledge_hub.maintenance import publish_scheduled
from publications.access import EDITORS
from publications.errors import PublishingBlocked
from publications.ingest.findings import add_findings_of_page, find_in_document, justify
from publications.ingest.limits import Limits
from publications.ingest.pipeline import ingest_file, retry
from publications.ingest.reading import read_document
from publications.ingest.sensitive import Finding
from publications.models import RecordFile, SensitiveFinding
from publications.records import import_records, metadata_of, remove_file
from publications.records.importing import WITHHELD
from publications.vocabularies import FindingState
from search.indexing import build_document
from tests.factories import EditorFactory, PublicationFactory, RecordFileFactory, UserFactory, make_pdf

pytestmark = pytest.mark.django_db

SECRET = "123456782"
PAGE = f"Casus: de patiënt heeft BSN {SECRET} en kwam voor controle."


def ingested(*pages: str, **kwargs) -> RecordFile:
    file = RecordFileFactory(unread=True, pages=pages or (PAGE,), **kwargs)
    ingest_file(file.pk)
    file.refresh_from_db()
    return file


@pytest.fixture
def withheld() -> RecordFile:
    return ingested()


def test_a_reading_keeps_what_it_finds_with_its_digits_covered(withheld):
    (finding,) = withheld.findings.all()

    assert (finding.kind, finding.page, finding.state) == ("citizen_number", 1, FindingState.OPEN)
    assert "•••••••82" in finding.passage
    assert withheld.open_findings == 1
    assert SECRET not in json.dumps(list(SensitiveFinding.objects.values()), default=str)


def test_a_clean_file_has_none():
    assert ingested("Nothing about anybody.").open_findings == 0


def test_properties_and_notes_are_looked_into():
    titled = RecordFileFactory(unread=True, content_bytes=make_pdf(["A page."], title=f"Jansen BSN {SECRET}"))
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = f"Bespreek patiëntnummer {SECRET}"
    content = io.BytesIO()
    slides.save(content)
    deck = RecordFileFactory(unread=True, name="talk.pptx", content_bytes=content.getvalue())
    for file in (titled, deck):
        ingest_file(file.pk)

    assert titled.findings.get().place == "properties"
    assert titled.findings.get().page is None
    assert deck.findings.filter(kind="patient_number").get().place == "notes"


def test_a_withheld_file_is_for_editors_and_its_depositor_even_if_its_record_is_live(client: Client, withheld):
    record = withheld.record
    assert record.live
    assert EDITORS in withheld.readership.audiences
    assert client.get(withheld.get_absolute_url()).status_code in (401, 403, 404)
    assert not metadata_of(record).files[0].is_open
    client.force_login(EditorFactory())
    assert client.get(withheld.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("address", ["/en/records/{pid}/", "/records/{pid}.jsonld", "/records/{pid}.bib"])
def test_nothing_public_tells_of_a_finding(client: Client, withheld, address):
    page = client.get(address.format(pid=withheld.record.pid)).content.decode()

    for word in (SECRET, "•", "patient data", "BSN"):
        assert word not in page


def test_publishing_is_blocked_until_an_editor_justifies(withheld):
    record, editor = withheld.record.specific(), EditorFactory()
    revision = record.save_revision()
    with pytest.raises(PublishingBlocked):
        revision.publish(user=editor)

    finding = withheld.findings.get()
    assert justify(withheld, [finding.pk], reason="An invented number.", user=editor) == 1

    finding.refresh_from_db()
    assert (finding.state, finding.reason, finding.decided_by) == ("justified", "An invented number.", editor)
    assert finding.decided_at
    revision.publish(user=editor)
    withheld.refresh_from_db()
    assert not withheld.is_withheld


def test_taking_the_file_away_makes_room(withheld):
    remove_file(withheld, user=EditorFactory())

    assert withheld.findings.get().state == FindingState.FIXED
    withheld.record.specific().save_revision().publish()


@pytest.mark.parametrize("publish", [publish_scheduled, lambda: call_command("publish_scheduled")])
def test_a_schedule_is_called_off_and_others_are_kept(publish):
    tomorrow = timezone.now() + timedelta(days=1)
    held, other = PublicationFactory(live=False), PublicationFactory(live=False)
    for record in (held, other):
        record.go_live_at = tomorrow
        record.save_revision().publish()
    ingested(record=held)
    yesterday = timezone.now() - timedelta(days=1)
    for record in (held, other):
        revision = record.latest_revision
        revision.content["go_live_at"] = yesterday.isoformat()
        revision.approved_go_live_at = yesterday
        revision.save()

    publish()

    for record in (held, other):
        record.refresh_from_db()
    assert (held.live, other.live) == (False, True)
    assert held.latest_revision.approved_go_live_at is None
    assert ModelLogEntry.objects.filter(object_id=str(held.pk), action="wagtail.schedule.cancel").exists()


def test_what_was_justified_stays_so_when_the_file_is_read_again(withheld):
    justify(withheld, [withheld.findings.get().pk], reason="Invented.", user=UserFactory())

    retry(withheld)
    ingest_file(withheld.pk)

    withheld.refresh_from_db()
    assert withheld.findings.get().state == FindingState.JUSTIFIED
    assert withheld.open_findings == 0


def test_a_reading_that_fails_fixes_nothing(withheld):
    withheld.content.storage.delete(withheld.content.name)

    retry(withheld)
    ingest_file(withheld.pk)

    withheld.refresh_from_db()
    assert withheld.status == "failed"
    assert withheld.is_withheld


def test_the_history_tells_that_and_how_many_but_not_what(withheld):
    justify(withheld, [withheld.findings.get().pk], reason="A number that I made up.", user=EditorFactory())

    entries = ModelLogEntry.objects.filter(object_id=str(withheld.record_id), action__contains="sensitive")
    assert {entry.action for entry in entries} == {
        "publications.find_sensitive",
        "publications.justify_sensitive",
    }
    told = json.dumps([entry.data for entry in entries])
    for word in (SECRET, "•", "made up", "citizen"):
        assert word not in told
    assert any("1 sign of patient data was found" in entry.message for entry in entries)


def test_an_import_stays_live_and_names_what_it_withholds(tmp_path: Path, client: Client):
    (tmp_path / "one.pdf").write_bytes(make_pdf([PAGE]))
    bibliography = tmp_path / "papers.bib"
    bibliography.write_text("@article{one, title={A case}, author={Bos, Anna}, year={2020}, file={one.pdf}}")

    report = import_records(bibliography)

    file = RecordFile.objects.get()
    assert file.record.live
    assert file.is_withheld
    assert [note.sentence for note in report.notes if note.key == "one.pdf"] == [WITHHELD]
    assert client.get(file.get_absolute_url()).status_code != 200


def test_its_text_is_found_by_editors_only(withheld):
    indexed = build_document(withheld.record)
    (passages,) = {passage.audiences for passage in indexed.passages}

    assert passages == {EDITORS}


def test_recognised_text_is_looked_into(withheld):
    page = withheld.pages.get(number=1)
    page.text = f"{page.text}\nPatiëntnummer 7654321"

    add_findings_of_page(withheld, page)

    assert set(withheld.findings.values_list("kind", flat=True)) == {"citizen_number", "patient_number"}
    assert withheld.open_findings == 2


@pytest.mark.shared_data
def test_fewer_than_one_in_fifty_real_papers_is_warned_of(shared_data: Path):
    papers = sorted(
        path for name in ("midl2019", "other-layouts", "dutch") for path in shared_data.glob(f"{name}/**/*.pdf")
    )

    with ThreadPoolExecutor(max_workers=2) as pool:
        findings = list(pool.map(_findings_of, papers))

    warned = {paper.name: found for paper, found in zip(papers, findings, strict=True) if found}
    assert len(papers) >= 70
    assert len(warned) / len(papers) < 0.02, warned


def _findings_of(paper: Path) -> list[Finding]:
    text = read_document(paper, name=paper.name)
    assert text.page_count, (paper, text.detail)
    return find_in_document(str(paper), text, limits=Limits())
