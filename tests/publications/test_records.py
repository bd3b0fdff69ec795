"""Records from metadata and back, their files, and knowing a record again."""

import hashlib
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from publications.errors import FileTooLarge
from publications.ingest.pipeline import ingest_file_task
from publications.metadata import (
    Affiliation,
    Agent,
    FileReference,
    FundingReference,
    RecordMetadata,
    RelatedIdentifier,
)
from publications.models import (
    EventOutcome,
    Funder,
    Organisation,
    Person,
    Presentation,
    Project,
    Publication,
    Record,
    RecordFile,
    Topic,
)
from publications.records import (
    Duplicate,
    attach_file,
    create_record,
    find_duplicates,
    metadata_of,
    remove_file,
    safe_file_name,
    update_record,
    with_metadata,
)
from publications.records.duplicates import Reason
from tests.factories import (
    EventFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    TopicFactory,
    make_pdf,
)

TODAY = date(2024, 6, 1)

FULL = RecordMetadata(
    title="Onscherpe randen in MRI",
    resource_type="journal_article",
    subtitle="Een eerste meting",
    translated_title="Blurred edges in MRI",
    language="nl",
    agents=(
        Agent(
            "van der Hoeven",
            "Marieke",
            orcid="0000-0002-1825-0097",
            affiliations=(Affiliation("University of Twente", ror="006hf6230"),),
        ),
        Agent("Radboudumc", is_organisation=True),
        Agent("Smit", "P.", role="Supervisor"),
    ),
    abstract="Wij maten.",
    translated_abstract="We measured.",
    translation_language="en",
    subjects=("MRI", "artefacts"),
    issued="2023-11",
    publisher="Uitgeverij Voorbeeld",
    container_title="Tijdschrift voor Beeldvorming",
    series="Reeks",
    volume="12",
    issue="3",
    page="101-118",
    edition="2",
    doi="10.5555/randen",
    isbn="9780306406157",
    issn="2049-3630",
    arxiv="1907.01234",
    pmid="123456",
    url="https://publisher.example/randen",
    rights="CC-BY-4.0",
    access_right="embargoed",
    available="2025-01-01",
    version_type="accepted",
    peer_review="reviewed",
    funding_references=(FundingReference("NWO", "https://ror.org/04jsz6e67", "VI.1", "Sharp edges"),),
    related_identifiers=(RelatedIdentifier("10.5555/other", "DOI", "Cites", "Other work"),),
)


@pytest.mark.django_db
def test_what_goes_in_comes_out():
    record = create_record(FULL, live=True)

    told = metadata_of(record, today=TODAY)

    hoeven, umc, smit = FULL.agents
    assert told == replace(
        FULL,
        pid=record.pid,
        url=f"http://testserver/records/{record.pid}",
        agents=(
            replace(
                hoeven,
                slug="marieke-van-der-hoeven",
                affiliations=(Affiliation("University of Twente", ror="006hf6230", slug="university-of-twente"),),
            ),
            replace(umc, slug="radboudumc"),
            replace(smit, slug="p-smit"),
        ),
    )
    assert record.url == FULL.url


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("resource_type", "model", "stored"),
    [
        ("thesis", Publication, "thesis"),
        ("poster", Presentation, "poster"),
        ("minutes", EventOutcome, "minutes"),
        ("", Publication, "other"),
        ("hologram", Publication, "other"),
    ],
)
def test_a_record_is_of_the_kind_that_its_type_asks_for(resource_type, model, stored):
    record = create_record(RecordMetadata("A title", resource_type=resource_type), live=True)

    assert (type(record), record.resource_type, record.record_type) == (model, stored, model.kind)


@pytest.mark.django_db
def test_a_live_record_has_a_revision_that_publishes_to_the_same():
    record = create_record(FULL, live=True)
    before = metadata_of(record)

    record.latest_revision.publish()

    record = Publication.objects.get()
    assert metadata_of(record) == before
    assert (record.live, record.has_unpublished_changes) == (True, False)
    assert record.live_revision == record.latest_revision
    assert record.first_published_at is not None


@pytest.mark.django_db
def test_a_draft_belongs_to_its_depositor_and_is_not_live():
    owner = ResearcherFactory()

    record = create_record(FULL, live=False, owner=owner, user=owner)

    record.refresh_from_db()
    assert (record.live, record.owner, record.first_published_at) == (False, owner, None)
    assert record.latest_revision.user == owner
    assert Record.objects.live().count() == 0


@pytest.mark.django_db
def test_people_of_an_import_are_unlisted_and_cannot_be_reached():
    create_record(FULL, live=True)

    assert set(Person.objects.values_list("is_listed", "has_consented", "email")) == {(False, False, "")}
    assert set(Organisation.objects.values_list("is_listed", flat=True)) == {False}


@pytest.mark.django_db
def test_known_people_topics_events_and_funders_are_linked_not_doubled():
    person = PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    topic = TopicFactory(label_en="magnetic resonance imaging", synonyms_nl="kernspin\nMRI")
    event = EventFactory(title_nl="Beelddag")
    create_record(FULL, live=True)

    record = create_record(replace(FULL, doi="", title="Another", event_title="beelddag"), live=True)

    assert [c.person for c in record.creators] == [person, None]
    person.refresh_from_db()
    assert person.orcid == "0000-0002-1825-0097"
    assert [tagged.tag.name for tagged in record.tagged_topics.all()] == [topic.name, "artefacts"]
    assert record.event == event
    assert (Funder.objects.count(), Project.objects.count(), Topic.objects.count()) == (1, 1, 2)
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_two_authors_of_one_name_are_two_people():
    agents = (Agent("Zhang", "Wei"), Agent("Zhang", "Wei"), Agent("Zhang", "Wei", role="Editor"))

    record = create_record(RecordMetadata("A title", agents=agents), live=True)

    first, second, editor = [contribution.person_id for contribution in record.contributions.all()]
    assert first != second
    assert editor == first


@pytest.mark.django_db
def test_what_does_not_fit_is_cut_or_left_out():
    metadata = RecordMetadata(
        "word " * 300,
        container_title="x" * 300,
        volume="v" * 99,
        language="pt",
        translated_title="Titel",
        translation_language="de",
        issued="sometime",
        url="javascript:alert(1)",
        rights="beerware",
        access_right="secret",
        version_type="final",
        agents=(Agent("", "Plato"), Agent(" ", ""), Agent("F" * 400, "G" * 400, role="Hero", orcid="0000")),
        subjects=("t" * 101, " ", "ok"),
        related_identifiers=(RelatedIdentifier("x" * 501, "URL", "Cites"), RelatedIdentifier("1", "EAN", "Cites")),
    )

    record = create_record(metadata, live=True)

    record.full_clean(exclude=["restricted_groups", "restricted_users"])
    assert record.title.endswith("word…")
    assert [record.language, record.translated_title, record.issued, record.url, record.rights] == [
        "und",
        "",
        "",
        "",
        "",
    ]
    assert (record.access_right, record.version_type) == ("metadata_only", "")
    plato, long_name = record.contributions.all()
    assert (plato.family_name, plato.given_name) == ("Plato", "")
    assert (len(long_name.family_name), len(long_name.given_name), long_name.role) == (255, 150, "Other")
    assert [tagged.tag.name for tagged in record.tagged_topics.all()] == ["ok"]
    assert record.related_identifiers.count() == 0


@pytest.mark.django_db
def test_characters_that_no_database_takes_are_left_out():
    metadata = RecordMetadata(
        "No\0thing \ud83d here", abstract="a\0b", subjects=("c\0d",), agents=(Agent("e\0f", "g\udc00h"),)
    )

    record = create_record(metadata, live=True)

    (person,) = Person.objects.all()
    assert (record.title, record.abstract) == ("Nothing \ufffd here", "ab")
    assert (person.name, Topic.objects.get().name) == ("gh ef", "cd")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        (RecordMetadata(""), "title"),
        (RecordMetadata("A title", access_right="embargoed"), "available"),
        (RecordMetadata("A title", access_right="embargoed", available="2025"), "available"),
        (RecordMetadata("A title", doi="not a doi"), "doi"),
        (RecordMetadata("A title", isbn="12345"), "isbn"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_made_for_it(metadata, field):
    with pytest.raises(ValidationError) as refusal:
        create_record(replace(metadata, agents=(Agent("Jansen", "Jan"),)), live=True)

    assert field in refusal.value.message_dict
    assert (Record.objects.count(), Person.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_work_of_this_hub_is_linked_by_doi_or_address():
    by_doi, by_address = PublicationFactory(doi="10.5555/known"), PublicationFactory()
    relations = (
        RelatedIdentifier("https://doi.org/10.5555/KNOWN", "DOI", "Cites"),
        RelatedIdentifier(f"http://testserver/nl/records/{by_address.pid}/", "URL", "IsSupplementTo"),
        RelatedIdentifier("https://elsewhere.example/records/0", "URL", "Cites"),
    )

    record = create_record(RecordMetadata("A title", related_identifiers=relations), live=True)

    related = [relation.related_record_id for relation in record.related_identifiers.all()]
    assert related == [by_doi.pk, by_address.pk, None]
    assert [relation.identifier for relation in metadata_of(record).related_identifiers] == [
        "10.5555/known",
        by_address.full_url,
        "https://elsewhere.example/records/0",
    ]


# Updating ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_readers_see_no_change_until_it_is_published():
    record = create_record(FULL, live=True)
    changed = replace(FULL, title="New title", agents=FULL.agents[:1], subjects=("MRI",), funding_references=())

    record = update_record(record, changed)
    assert (record.title, record.contributions.count(), record.has_unpublished_changes) == (FULL.title, 3, True)

    record = update_record(record, changed, publish=True)
    assert (record.title, record.contributions.count(), record.has_unpublished_changes) == ("New title", 1, False)
    assert [tagged.tag.name for tagged in record.tagged_topics.all()] == ["MRI"]
    assert record.funding_references.count() == 0
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_a_draft_is_known_by_what_it_says_now():
    record = create_record(RecordMetadata("untitled upload"), live=False)

    record = update_record(record, FULL)

    assert (record.title, record.live) == (FULL.title, False)
    assert find_duplicates(FULL) == [Duplicate(Record.objects.get(), Reason.DOI)]


# Describing -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_files_are_told_with_address_and_whether_everybody_may_open_them():
    record = PublicationFactory(access_right="embargoed", available=date(2024, 6, 1))
    file = RecordFileFactory(record=record, name="paper one.pdf")
    RecordFileFactory(record=record, name="internal.pdf", access_right="members")
    removed = RecordFileFactory(record=record, name="gone.pdf")
    remove_file(removed)

    before, after = metadata_of(record, today=date(2024, 5, 31)), metadata_of(record, today=date(2024, 6, 1))

    assert after.files[0] == FileReference(
        name="paper one.pdf",
        url=f"http://testserver/en/records/{record.pid}/paper%20one.pdf",
        media_type="application/pdf",
        size_bytes=file.size_bytes,
        checksum=file.sha256,
        is_open=True,
    )
    assert [[file.is_open for file in metadata.files] for metadata in (before, after)] == [
        [False, False],
        [True, False],
    ]
    assert [metadata.access_right for metadata in (before, after)] == ["embargoed", "open"]


@pytest.mark.django_db
def test_an_event_is_told_in_the_language_of_the_record():
    event = EventFactory(
        title_en="Imaging day",
        title_nl="Beelddag",
        starts="2024-11-14T09:00+01:00",
        ends="2024-11-15T17:00+01:00",
        place="De Spinnerij",
        city="Enschede",
    )
    event.refresh_from_db()

    told = metadata_of(PublicationFactory(event=event, language="nl"))

    assert (told.event_title, told.event_place, told.event_dates) == (
        "Beelddag",
        "De Spinnerij, Enschede",
        "2024-11-14/2024-11-15",
    )


@pytest.mark.django_db
def test_topics_are_told_in_both_languages():
    record = PublicationFactory(topics=[TopicFactory(label_en="heart", label_nl="hart"), TopicFactory(label_en="MRI")])

    assert metadata_of(record).subjects == ("heart", "hart", "MRI")


@pytest.mark.django_db
def test_three_records_take_as_many_queries_as_one():
    def count_queries(number: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len([metadata_of(record) for record in with_metadata(Record.objects.all())[:number]]) == number
        return len(queries)

    for number in range(3):
        record = create_record(replace(FULL, doi="", title=f"Title {number}", access_right="restricted"), live=True)
        RecordFileFactory(record=record)

    assert count_queries(1) == count_queries(3)


# Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_attached_file_is_kept_as_it_came(tmp_path, settings):
    content = make_pdf(["One page."])
    source = tmp_path / "Thesis (final).PDF"
    source.write_bytes(content)
    record = PublicationFactory()

    file = attach_file(record, source, label="Thesis", access_right="members", rights="CC-BY-4.0")

    file.refresh_from_db()
    assert (file.number, file.name, file.label) == (1, "Thesis (final).PDF", "Thesis")
    assert (file.access_right, file.rights, file.status) == ("members", "CC-BY-4.0", "received")
    assert (file.media_type, file.size_bytes) == ("application/pdf", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert Path(file.content.path).read_bytes() == content
    assert Path(file.content.path).is_relative_to(settings.FILES_DIR)
    assert source.exists()
    assert leftovers(settings) == []


def leftovers(settings) -> list[Path]:
    return list(settings.FILES_DIR.glob(".incoming-*"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "source",
    [
        io.BytesIO(b"%PDF-1.4 hello"),
        SimpleUploadedFile("upload.pdf", b"%PDF-1.4 hello"),
    ],
)
def test_open_files_and_uploads_are_taken_too(source):
    file = attach_file(PublicationFactory(), source, name="talk.pdf")

    assert (file.name, file.size_bytes) == ("talk.pdf", 14)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "stored", "media_type"),
    [
        (b"<html><script>alert(1)</script>", "paper.pdf", "paper.pdf", "application/octet-stream"),
        (b"<html><script>alert(1)</script>", "page.html", "page.html", "application/octet-stream"),
        (b"", "empty.pdf", "empty.pdf", "application/octet-stream"),
        (b"%PDF-1.4", "../../etc/passwd", "passwd.pdf", "application/pdf"),
        (b"PK\x03\x04 broken", "deck.pptx", "deck.pptx", "application/octet-stream"),
    ],
)
def test_a_browser_is_never_told_that_a_deposit_is_a_web_page(content, name, stored, media_type):
    file = attach_file(PublicationFactory(), io.BytesIO(content), name=name)

    assert (file.name, file.media_type) == (stored, media_type)


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_and_leaves_nothing(settings):
    settings.DEPOSIT_MAX_SIZE_BYTES = 1000
    record = PublicationFactory()

    with pytest.raises(FileTooLarge):
        attach_file(record, io.BytesIO(b"%PDF-" + b"x" * 1000), name="big.pdf")

    assert record.files.count() == 0
    assert leftovers(settings) == []
    assert attach_file(record, io.BytesIO(b"%PDF-" + b"x" * 995), name="fits.pdf").size_bytes == 1000


@pytest.mark.django_db
def test_a_number_and_a_name_are_never_used_twice():
    record = PublicationFactory()
    files = [attach_file(record, io.BytesIO(b"%PDF-1"), name="Paper.pdf") for _ in range(2)]
    remove_file(files[1])

    files.append(attach_file(record, io.BytesIO(b"%PDF-1"), name="paper.pdf"))

    assert [(file.number, file.name) for file in files] == [(1, "Paper.pdf"), (2, "Paper-2.pdf"), (3, "paper-2.pdf")]
    assert [file.pk for file in record.files.present()] == [files[0].pk, files[2].pk]


@pytest.mark.django_db
def test_a_row_that_cannot_be_saved_leaves_no_file(settings, monkeypatch):
    record = PublicationFactory()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk of the database is full")

    monkeypatch.setattr(RecordFile, "save", fail)
    with pytest.raises(RuntimeError):
        attach_file(record, io.BytesIO(b"%PDF-1"), name="paper.pdf")

    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_a_file_is_read_once_the_transaction_is_over(django_capture_on_commit_callbacks):
    record = PublicationFactory()

    with django_capture_on_commit_callbacks(execute=True):
        file = attach_file(record, io.BytesIO(b"%PDF-1"), name="read.pdf")
        attach_file(record, io.BytesIO(b"%PDF-1"), name="later.pdf", read_now=False)

    tasks = DBTaskResult.objects.filter(task_path=ingest_file_task.module_path)
    assert [task.args_kwargs["args"] for task in tasks] == [[file.pk]]


@pytest.mark.django_db
def test_taking_a_file_away_is_in_the_history():
    user = ResearcherFactory()
    file = RecordFileFactory()

    remove_file(file, user=user)

    entry = ModelLogEntry.objects.get(action="publications.remove_file")
    assert (entry.user, entry.data["file"]["name"], entry.object_id) == (user, file.name, str(file.record_id))
    assert str(entry.message) == "The file “paper1.pdf” was taken away"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("paper.pdf", "paper.pdf"),
        ("../../../etc/passwd", "passwd.bin"),
        (r"C:\Users\me\thesis.docx", "thesis.docx"),
        ("...", "file.bin"),
        ("", "file.bin"),
        (".htaccess", "htaccess.bin"),
        ("no extension", "no extension.bin"),
        ("naïve café.pdf", "naïve café.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("gnp\u202efdp.exe", "gnpfdp.exe"),
        ("a\x00b\nc\td.pdf", "abcd.pdf"),
        ("what? <b>100%</b> #1.pdf", "b 1.pdf"),
        ("trailing. .pdf", "trailing.pdf"),
        ("v1.2 of 2019", "v1.2 of 2019.bin"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("/", "file.bin"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_file_name(name) == safe


@given(st.text(), st.sets(st.text()))
def test_no_name_leads_astray(name, taken):
    safe = safe_file_name(name, taken=taken)

    stem, _, suffix = safe.rpartition(".")
    assert stem and suffix and len(safe) <= 200
    assert not set(safe) & set('/\\<>:"|?*%#&;') and safe.isprintable() and not safe.startswith(".")
    assert safe.casefold() not in {other.casefold() for other in taken}
    assert safe_file_name(safe) == safe


# Knowing a record again ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_record_is_known_by_doi_else_checksum_else_title_year_and_author():
    record = create_record(FULL, live=True)
    file = RecordFileFactory(record=record)
    record = Record.objects.get()
    without_doi = replace(FULL, doi="", title="ONSCHERPE randen in m.r.i.: ")
    same_title = replace(
        FULL, doi="", title="Onscherpe randen — in MRI", issued="2023", agents=(Agent("HOEVEN", "M."),)
    )

    assert find_duplicates(replace(FULL, title="x")) == [Duplicate(record, Reason.DOI)]
    assert find_duplicates(without_doi, sha256s=["0" * 64, file.sha256]) == [Duplicate(record, Reason.CHECKSUM)]
    assert find_duplicates(same_title, sha256s=["0" * 64]) == [Duplicate(record, Reason.TITLE)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"title": "Onscherpe randen in CT"},
        {"issued": "2024"},
        {"issued": ""},
        {"agents": (Agent("Smit", "Marieke"),)},
        {"agents": ()},
        {"doi": "10.5555/other"},
        {"title": "…"},
    ],
)
def test_a_record_that_differs_is_another_one(other):
    create_record(FULL, live=True)

    assert find_duplicates(replace(replace(FULL, doi=""), **other)) == []


@pytest.mark.django_db
def test_a_file_that_was_taken_away_makes_no_duplicate():
    file = RecordFileFactory()
    remove_file(file)

    assert find_duplicates(RecordMetadata("Another"), sha256s=[file.sha256]) == []


@pytest.mark.django_db
def test_an_organisation_under_an_old_name_is_what_it_became():
    organisation = OrganisationFactory(name_en="Kept")
    OrganisationFactory(name_en="Old name", merged_into=organisation)

    record = create_record(RecordMetadata("A title", agents=(Agent("Old name", is_organisation=True),)), live=True)

    assert record.contributions.get().organisation == organisation


@pytest.mark.django_db
def test_a_range_of_pages_is_told_with_a_hyphen_however_it_was_typed():
    assert [metadata_of(PublicationFactory(page=page)).page for page in ("101–118", "101 — 118", "101-118", "e12")] == [
        "101-118",
        "101-118",
        "101-118",
        "e12",
    ]
