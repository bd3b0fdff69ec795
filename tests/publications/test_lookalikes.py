"""What may be here already, and to whom that may be told."""

import hashlib
import random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from publications.ingest.pipeline import ingest_file
from publications.metadata import Agent, RecordMetadata
from publications.models import Record, RecordFile, User
from publications.records import (
    Likeness,
    Lookalike,
    add_version,
    find_lookalikes,
    lookalikes_of,
    lookalikes_of_file,
)
from publications.vocabularies import AccessRight
from tests.factories import (
    EditorFactory,
    MemberFactory,
    PublicationFactory,
    RecordFileFactory,
    ResearcherFactory,
    make_pdf,
)

pytestmark = pytest.mark.django_db

TITLE = "Low-dose chest CT at one tenth of the routine exposure"


def text(seed: int = 1, *, words: int = 600, changed: int = 0) -> str:
    """A text of these words that no other seed has; `changed`: so many of the last are others."""
    drawn = random.Random(seed)
    chosen = ["".join(drawn.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(words)]
    return " ".join(chosen[: words - changed] + [f"{word}x" for word in chosen[words - changed :]])


def metadata(title: str = TITLE, *authors: str, **values: Any) -> RecordMetadata:
    return RecordMetadata(title=title, agents=tuple(Agent(name) for name in authors), **values)


def told(found: list[Lookalike]) -> list[tuple[Record, tuple[str, ...]]]:
    return [(one.record, one.reasons) for one in found]


@pytest.fixture
def stranger() -> AnonymousUser:
    return AnonymousUser()


# Reasons -----------------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_told(stranger):
    file = RecordFileFactory()

    found = find_lookalikes(None, reader=stranger, sha256s=[file.sha256])

    assert [(one.record.pk, one.reasons, one.confidence) for one in found] == [(file.record_id, (Likeness.BYTES,), 1.0)]
    assert find_lookalikes(None, reader=stranger, sha256s=[hashlib.sha256(b"other").hexdigest()]) == []


def test_a_file_that_was_taken_away_is_not_compared(stranger):
    file = RecordFileFactory(removed_at="2024-01-01T00:00Z")

    assert find_lookalikes(None, reader=stranger, sha256s=[file.sha256]) == []


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"doi": "10.5555/a"}, {"doi": "10.5555/a"}),
        ({"arxiv": "1907.01234"}, {"arxiv": "1907.01234v3"}),
        ({"arxiv": "1907.01234"}, {"doi": "10.48550/arxiv.1907.01234"}),
        ({"doi": "10.48550/arxiv.1907.01234"}, {"arxiv": "1907.01234"}),
        ({"pmid": "123"}, {"pmid": "123"}),
        ({"isbn": "9783954501847", "resource_type": "book"}, {"isbn": "9783954501847", "resource_type": "book"}),
    ],
)
def test_the_same_identifier_is_told(stranger, known, asked):
    record = PublicationFactory(title="Something else", **known)

    found = find_lookalikes(metadata("Another title", **asked), reader=stranger)

    assert [(one.record.pk, one.reasons) for one in found] == [(record.pk, (Likeness.IDENTIFIER,))]


def test_chapters_of_one_book_are_not_the_same_work(stranger):
    PublicationFactory(title="Chapter one", isbn="9783954501847", resource_type="book_part")

    asked = metadata("Chapter two", isbn="9783954501847", resource_type="book_part")

    assert find_lookalikes(asked, reader=stranger) == []


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Low-dose chest CT at one tenth of the routine exposure.", ["van der Hoeven", "Bos"]),
        ("Low dose chest CT at one-tenth of routine exposure", ["Hoeven"]),
        ("LOW-DOSE CHEST CT AT ONE TENTH OF THE ROUTINE EXPOSURES", ["Bos"]),
        (TITLE, []),
    ],
)
def test_near_same_titles_with_an_author_in_common_are_told(stranger, title, authors):
    record = PublicationFactory(title=TITLE, creators=["Marieke Hoeven", "Anna Bos"])

    found = find_lookalikes(metadata(title, *authors), reader=stranger)

    assert [(one.record.pk, one.reasons) for one in found] == [(record.pk, (Likeness.TITLE,))]
    assert 0.6 < found[0].confidence <= 1


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        (TITLE, ["Someone Else"]),
        ("High-dose cardiac MRI at three tenths of the usual exposure", ["Bos"]),
        ("Report", ["Bos"]),
    ],
)
def test_other_works_are_not_told(stranger, title, authors):
    PublicationFactory(title=TITLE, creators=["Marieke Hoeven", "Anna Bos"])

    assert find_lookalikes(metadata(title, *authors), reader=stranger) == []


def test_the_report_of_another_year_is_another_work(stranger):
    PublicationFactory(title="Verslag van de matchmaking 2025", creators=["Anna Bos"])

    assert find_lookalikes(metadata("Verslag van de matchmaking 2026", "Bos"), reader=stranger) == []


def test_near_same_texts_are_told(stranger):
    known = RecordFileFactory(pages=(text(), text(2)))
    RecordFileFactory(pages=(text(3), text(4)))
    mine = RecordFileFactory(record__live=False, pages=(text(), text(2, changed=150)))

    found = find_lookalikes(None, reader=stranger, files=[mine], leave_out=mine.record)

    assert [(one.record.pk, one.reasons) for one in found] == [(known.record_id, (Likeness.TEXT,))]
    assert 0.5 < found[0].confidence < 1


def test_reasons_of_one_record_come_together_the_surest_first(stranger):
    known = RecordFileFactory(record__title=TITLE, pages=(text(),))
    mine = RecordFileFactory(record__live=False, pages=(text(changed=100),))

    (found,) = find_lookalikes(metadata(TITLE), reader=stranger, files=[mine], sha256s=[known.sha256])

    assert found.reasons == (Likeness.BYTES, Likeness.TEXT, Likeness.TITLE)
    assert found.confidence == 1.0


def test_other_versions_of_the_work_are_no_news(stranger):
    one, other = PublicationFactory(title=TITLE), PublicationFactory(title=TITLE)

    assert told(lookalikes_of(one, reader=stranger)) == [(Record.objects.get(pk=other.pk), (Likeness.TITLE,))]
    add_version(one, of=other)
    assert lookalikes_of(one, reader=stranger) == []


def test_a_record_that_is_described_anew_is_found_by_its_new_title(stranger):
    record = PublicationFactory(title="Untitled")
    record.title = TITLE
    record.save()

    assert [one.record.pk for one in find_lookalikes(metadata(), reader=stranger)] == [record.pk]
    assert find_lookalikes(metadata("Untitled"), reader=stranger) == []


def test_a_file_is_compared_as_soon_as_it_is_read(stranger):
    known = PublicationFactory(title="Known")
    first = RecordFileFactory(record=known, unread=True, content_bytes=make_pdf([text(words=200)]))
    mine = RecordFileFactory(
        record__live=False, record__title="mine.pdf", unread=True, content_bytes=make_pdf([text(words=200), "More."])
    )
    for file in (first, mine):
        ingest_file(file.pk)

    found = lookalikes_of_file(RecordFile.objects.get(pk=mine.pk), reader=stranger)

    assert [(one.record.pk, one.reasons[0]) for one in found] == [(known.pk, Likeness.TEXT)]


# Who may be told ---------------------------------------------------------------------------------------------------


def readers() -> dict[str, Any]:
    return {
        "stranger": AnonymousUser(),
        "member": MemberFactory(),
        "researcher": ResearcherFactory(),
        "editor": EditorFactory(),
    }


def who_is_told(mine: RecordFile, *, owner: User, **known: Any) -> dict[str, set[str]]:
    """The reasons that each kind of reader gets."""
    everybody = readers() | {"owner": owner}
    return {
        name: {reason for one in lookalikes_of_file(mine, reader=reader) for reason in one.reasons}
        for name, reader in everybody.items()
    }


@pytest.mark.parametrize(
    ("values", "told_to"),
    [
        ({"live": False}, {"editor", "owner"}),
        ({"access_right": AccessRight.METADATA_ONLY}, {"editor", "owner"}),
        ({"access_right": AccessRight.RESTRICTED}, {"editor", "owner"}),
        ({"access_right": AccessRight.MEMBERS}, {"member", "editor", "owner", "researcher"}),
        ({"access_right": AccessRight.EMBARGOED, "available": "2999-01-01"}, {"editor", "owner"}),
        ({}, {"stranger", "member", "researcher", "editor", "owner"}),
    ],
)
def test_bytes_and_text_are_told_to_those_who_may_open_the_file(values, told_to):
    owner = ResearcherFactory()
    content = make_pdf([text(words=100)])
    RecordFileFactory(record=PublicationFactory(owner=owner, **values), pages=(text(),), content_bytes=content)
    mine = RecordFileFactory(record__live=False, pages=(text(changed=50),), content_bytes=content)

    reasons = who_is_told(mine, owner=owner)

    for name, given in reasons.items():
        assert given == ({Likeness.BYTES, Likeness.TEXT} if name in told_to else set()), name


def test_a_file_with_signs_of_patient_data_is_told_to_nobody_else():
    owner = ResearcherFactory()
    content = make_pdf([text(words=100)])
    RecordFileFactory(record__owner=owner, pages=(text(),), content_bytes=content, open_findings=1)
    mine = RecordFileFactory(record__live=False, pages=(text(),), content_bytes=content)

    reasons = who_is_told(mine, owner=owner)

    assert {name for name, given in reasons.items() if given} == {"editor", "owner"}


def test_a_draft_is_told_by_title_and_identifier_to_its_owner_and_editors_alone():
    owner = ResearcherFactory()
    PublicationFactory(title=TITLE, doi="10.5555/a", live=False, owner=owner)
    asked = metadata(TITLE, doi="10.5555/a")

    told_to = {name for name, reader in (readers() | {"owner": owner}).items() if find_lookalikes(asked, reader=reader)}

    assert told_to == {"editor", "owner"}


def test_the_number_of_queries_does_not_grow(stranger, django_assert_num_queries):
    mine = RecordFileFactory(record__live=False, pages=(text(),))

    def add() -> None:
        RecordFileFactory(record__title=TITLE, record__creators=["Anna Bos"], pages=(text(changed=9),))

    add()
    with django_assert_num_queries(19) as counted:
        find_lookalikes(metadata(TITLE, "Bos"), reader=stranger, files=[mine], leave_out=mine.record)
    add()
    add()
    with django_assert_num_queries(len(counted)):
        assert len(find_lookalikes(metadata(TITLE, "Bos"), reader=stranger, files=[mine], leave_out=mine.record)) == 3
