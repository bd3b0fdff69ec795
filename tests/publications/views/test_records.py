import json
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from publications.identifiers import make_pid, pid_check_character
from publications.models import Publication, Record
from publications.models.contributions import ContributionAffiliation
from publications.views.records import record_context
from publications.vocabularies import AccessRight, FileStatus, PageStatus, PeerReview, RelationType
from tests.factories import (
    CollectionFactory,
    ContributionAffiliationFactory,
    ContributionFactory,
    EditorFactory,
    EventFactory,
    EventOutcomeFactory,
    FilePageFactory,
    FundingReferenceFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    RelatedIdentifierFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client, record: Record, language: str = "en") -> str:
    with translation.override(language):
        answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


# What there is, and what nobody may know of -----------------------------------------------------------------------


def test_draft_and_unknown_and_mistyped_pids_get_the_same_page(client: Client) -> None:
    draft = PublicationFactory(live=False, title="Nobody may know of this")
    pids = [draft.pid, make_pid(), draft.pid[:-1] + ("0" if draft.pid[-1] != "0" else "1"), "x", "..", "a b"]

    answers = [client.get(f"/en/records/{pid}/") for pid in pids]

    assert {answer.status_code for answer in answers} == {404}
    bodies = {answer.content.decode().replace(pid, "PID") for answer, pid in zip(answers[:3], pids, strict=False)}
    assert len(bodies) == 1
    assert "Nobody may know of this" not in bodies.pop()


def test_pid_in_capitals_leads_to_the_record(client: Client) -> None:
    record = PublicationFactory(pid="bcdfghj" + pid_check_character("bcdfghj"))

    answer = client.get(f"/nl/records/{record.pid.upper()}/")

    assert (answer.status_code, answer["Location"]) == (301, f"/nl/records/{record.pid}/")


def test_record_without_anything_says_what_is_missing(client: Client) -> None:
    record = PublicationFactory(title="Bare", issued="", language="und")

    page = page_of(client, record)

    assert '<h1 dir="auto">Bare</h1>' in page
    for words in ("date unknown", "There is no abstract.", "The hub has no file of this record.", "Not stated"):
        assert words in page


def test_page_gives_titles_and_abstracts_their_language(client: Client) -> None:
    record = PublicationFactory(
        title="Longnodulevolumetrie",
        subtitle="Met een voorstel",
        language="nl",
        translated_title="Volumetry of lung nodules",
        abstract="Eerste.\n\nTweede.",
        translated_abstract="First.",
    )

    english, dutch = page_of(client, record), page_of(client, record, "nl")

    assert '<h1 lang="nl">Longnodulevolumetrie</h1>' in english
    assert "<h1>Longnodulevolumetrie</h1>" in dutch
    assert '<p class="subtitle" lang="en">Volumetry of lung nodules</p>' in dutch
    assert english.index("<p>First.</p>") < english.index("<p>Tweede.</p>")
    assert dutch.index("<p>Tweede.</p>") < dutch.index("<p>First.</p>")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is no Dutch abstract yet."), ("nl", "There is no English abstract yet."), ("und", "")],
)
def test_page_says_which_abstract_is_missing(client: Client, language: str, sentence: str) -> None:
    record = PublicationFactory(language=language, abstract="Something.")

    context = client.get(record.get_absolute_url()).context

    assert context["abstracts"].missing == sentence


# Who made it ------------------------------------------------------------------------------------------------------


def test_authors_carry_the_numbers_of_their_affiliations(client: Client) -> None:
    record = PublicationFactory()
    centre = OrganisationFactory(name_en="Noorderbreedte Medical Centre")
    ada = ContributionFactory(record=record, given_name="Ada", family_name="One", sort_order=0)
    ben = ContributionFactory(record=record, given_name="Ben", family_name="Two", sort_order=1)
    printed = "Department of Radiology, Noorderbreedte Medical Centre, Groningen"
    for contribution in (ada, ben):
        ContributionAffiliationFactory(contribution=contribution, organisation=centre, name=printed, sort_order=0)
    ContributionAffiliation.objects.create(contribution=ben, name="At home", sort_order=1)

    byline = client.get(record.get_absolute_url()).context["byline"]

    assert [(author.name, author.numbers) for author in byline.authors] == [("Ada One", (1,)), ("Ben Two", (1, 2))]
    first, second = byline.affiliations
    assert (first.before, first.linked, first.after) == (
        "Department of Radiology, ",
        "Noorderbreedte Medical Centre",
        ", Groningen",
    )
    assert (first.url, second.linked, second.url) == (centre.get_absolute_url(), "At home", "")


def test_authors_lead_to_their_pages_under_the_name_that_was_printed(client: Client) -> None:
    record = PublicationFactory()
    person = PersonFactory(given_name="Marieke", family_name="Hoeven-Later", orcid="0000-0002-1825-0097")
    ContributionFactory(record=record, given_name="M.", family_name="Hoeven", person=person)

    page = page_of(client, record)

    assert f'<a href="{person.get_absolute_url()}">M. Hoeven</a>' in page
    assert 'aria-label="ORCID iD of M. Hoeven"' in page


def test_long_lists_of_authors_are_folded(client: Client) -> None:
    nine = PublicationFactory(creators=[f"Author Number{n}" for n in range(9)])
    eight = PublicationFactory(creators=[f"Author Number{n}" for n in range(8)])

    long, short = page_of(client, nine), page_of(client, eight)

    assert "Show all 9 authors" in long
    assert "and 3 others" in long
    assert all(f"Author Number{n}<" in long for n in range(9))
    assert "Show all" not in short


def test_three_hundred_authors_take_no_more_queries_than_one(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Record:
        record = PublicationFactory()
        for place in range(number):
            contribution = ContributionFactory(record=record, person=PersonFactory(), sort_order=place)
            ContributionAffiliationFactory(contribution=contribution)
        return record

    one, many = add(1), add(300)
    page_of(client, one)

    with django_assert_max_num_queries(45) as counted:
        page_of(client, one)
    with django_assert_num_queries(len(counted)):
        page = page_of(client, many)
    assert "Show all 300 authors" in page


def test_editors_are_named_by_their_role(client: Client) -> None:
    record = PublicationFactory(creators=["Ada Lovelace"])
    ContributionFactory(record=record, role="Editor", given_name="Ed", family_name="Itor", sort_order=3)

    page = page_of(client, record)

    assert "Editor: Ed Itor" in page


# Files ------------------------------------------------------------------------------------------------------------


def test_open_file_is_offered_with_its_pages(client: Client) -> None:
    record = PublicationFactory(rights="CC-BY-4.0", version_type="accepted")
    file = RecordFileFactory(record=record, label="Article", pages=("one", "", "three", "", ""))

    page = page_of(client, record)

    assert 'data-status="ready"' in page
    assert "2 of 5 pages searchable" in page
    assert page.count('class="unread"') == 3
    assert "p.\u00a02,\u00a04–5</span> No words in the file: a scan or a picture, perhaps." in page
    assert f'href="{file.page_url()}"' in page
    assert f'href="{file.get_absolute_url()}"' in page
    assert "Accepted version" in page
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license"' in page


@pytest.mark.parametrize("right", [AccessRight.MEMBERS, AccessRight.RESTRICTED, AccessRight.METADATA_ONLY])
def test_closed_file_shows_nothing_of_itself(client: Client, right: str) -> None:
    record = PublicationFactory(access_right=right)
    file = RecordFileFactory(record=record, label="Slides", pages=("secret words", ""))

    page = page_of(client, record)

    assert "Slides" in page
    assert "file-closed" in page
    assert "searchable" not in page
    assert "data-status" not in page
    assert file.get_absolute_url() not in page
    assert file.page_url() not in page
    assert "thumbnail.webp" not in page
    assert file.get_absolute_url() not in json.dumps(client.get(record.get_absolute_url()).context["meta_tags"])


def test_members_read_what_is_for_members(client: Client) -> None:
    record = PublicationFactory(access_right=AccessRight.MEMBERS)
    file = RecordFileFactory(record=record)
    client.force_login(MemberFactory())

    page = page_of(client, record)

    assert f'href="{file.page_url()}"' in page


def test_restricted_file_opens_for_those_chosen_in_as_many_queries(client: Client, django_assert_num_queries) -> None:
    reader = UserFactory()
    one, three = (PublicationFactory(access_right=AccessRight.RESTRICTED) for _ in range(2))
    for record, files in ((one, 1), (three, 3)):
        record.restricted_users.add(reader)
        record.save()
        for _ in range(files):
            RecordFileFactory(record=record)
    client.force_login(reader)
    page_of(client, one)

    with CaptureQueriesContext(connection) as counted:
        assert page_of(client, one).count("data-status") == 1
    with django_assert_num_queries(len(counted)):
        assert page_of(client, three).count("data-status") == 3


def test_embargo_says_when_it_ends_and_lifts_itself(client: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    record = PublicationFactory(access_right=AccessRight.EMBARGOED, available=tomorrow)
    file = RecordFileFactory(record=record, pages=("one", "two"))

    closed = page_of(client, record)
    Record.objects.filter(pk=record.pk).update(available=timezone.localdate())
    opened = page_of(client, record)

    assert "The pages open on" in closed
    assert "the 2 pages and their text are not" in closed
    assert file.page_url() not in closed
    assert "The pages open on" not in opened
    assert f'href="{file.page_url()}"' in opened


def test_editor_sees_an_embargoed_file(client: Client) -> None:
    record = PublicationFactory(access_right=AccessRight.EMBARGOED, available=timezone.localdate() + timedelta(days=9))
    file = RecordFileFactory(record=record)
    client.force_login(EditorFactory())

    assert f'href="{file.page_url()}"' in page_of(client, record)


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        (FileStatus.RECEIVED, "", "Waiting to be read."),
        (FileStatus.PASSWORD, "This PDF asks for a password.", "This PDF asks for a password."),
        (FileStatus.UNREADABLE, "<b>broken</b>", "&lt;b&gt;broken&lt;/b&gt;"),
    ],
)
def test_file_that_was_not_read_says_why(client: Client, status: str, message: str, words: str) -> None:
    file = RecordFileFactory(unread=True, status=status, message=message)

    page = page_of(client, file.record)

    assert f'data-status="{status}"' in page
    assert words in page
    assert "searchable" not in page
    assert f'href="{file.get_absolute_url()}"' in page


def test_file_being_read_says_how_far(client: Client) -> None:
    file = RecordFileFactory(status=FileStatus.READING, page_count=40, pages_read=12)

    assert "12 of 40 pages so far" in page_of(client, file.record)


def test_file_that_was_taken_away_is_gone(client: Client) -> None:
    file = RecordFileFactory(label="Withdrawn", removed_at=timezone.now())

    assert "Withdrawn" not in page_of(client, file.record)


def test_recognised_pages_count_as_searchable(client: Client) -> None:
    file = RecordFileFactory(status=FileStatus.PARTIAL, page_count=2, pages_read=1)
    FilePageFactory(file=file, number=1, status=PageStatus.RECOGNISED)
    FilePageFactory(file=file, number=2, status=PageStatus.UNREADABLE, text="")

    assert "1 of 2 pages searchable" in page_of(client, file.record)


# Beside it --------------------------------------------------------------------------------------------------------


def test_related_works_say_why_they_are_shown(client: Client) -> None:
    person, topics, event = PersonFactory(), [TopicFactory(), TopicFactory()], EventFactory()
    record = PublicationFactory(creators=[person], topics=topics, event=event)
    cited, citing, near, same_event = (PublicationFactory() for _ in range(4))
    RelatedIdentifierFactory(record=record, related_record=cited, relation_type=RelationType.CITES)
    RelatedIdentifierFactory(record=citing, related_record=record, relation_type=RelationType.IS_NEW_VERSION_OF)
    near = PublicationFactory(creators=[person], topics=topics)
    Record.objects.filter(pk=same_event.pk).update(event=event)

    related = client.get(record.get_absolute_url()).context["related"]

    assert [(work.record.pk, work.reason) for work in related] == [
        (cited.pk, "Is cited by this record"),
        (citing.pk, "Is a new version of this record"),
        (near.pk, "Shares an author and 2 topics"),
        (same_event.pk, "From the same event"),
    ]


def test_related_works_are_live(client: Client) -> None:
    person, topic = PersonFactory(), TopicFactory()
    record = PublicationFactory(creators=[person], topics=[topic])
    draft = PublicationFactory(creators=[person], topics=[topic], live=False, title="Unfinished draft")
    RelatedIdentifierFactory(record=record, related_record=draft)
    RelatedIdentifierFactory(record=draft, related_record=record)

    answer = client.get(record.get_absolute_url())

    assert answer.context["related"] == ()
    assert "Unfinished draft" not in answer.content.decode()
    assert draft.pid not in answer.content.decode()


def test_works_elsewhere_are_linked_by_their_identifier(client: Client) -> None:
    record = PublicationFactory()
    RelatedIdentifierFactory(
        record=record, related_record=None, identifier="10.1000/xyz", identifier_type="DOI", title="A work elsewhere"
    )
    RelatedIdentifierFactory(
        record=record, related_record=None, identifier="javascript:alert(1)", identifier_type="URL"
    )

    first, second = client.get(record.get_absolute_url()).context["elsewhere"]

    assert (first.title, first.url, first.reason) == (
        "A work elsewhere",
        "https://doi.org/10.1000/xyz",
        "Is cited by this record",
    )
    assert second.url == ""


def test_event_collections_and_funding_are_shown(client: Client) -> None:
    event = EventFactory(title_en="Lung Imaging Day", city="Enschede")
    record = PublicationFactory(event=event, peer_review=PeerReview.REVIEWED)
    shown, draft = CollectionFactory(records=[record]), CollectionFactory(records=[record], live=False)
    FundingReferenceFactory(record=record, funder__name_en="Regiofonds", award_number="RO-1")

    page = page_of(client, record)

    assert "Lung Imaging Day, Enschede</a>" in page
    assert f'href="{shown.get_absolute_url()}"' in page
    assert draft.get_absolute_url() not in page
    assert "Regiofonds, grant RO-1" in " ".join(page.split())
    assert "Peer reviewed" in page


def test_event_that_is_a_draft_is_not_named(client: Client) -> None:
    record = PresentationFactory(event=EventFactory(title_en="Secret gathering", live=False))

    assert "Secret gathering" not in page_of(client, record)


def test_citation_follows_the_style_that_was_chosen(client: Client) -> None:
    record = PublicationFactory(creators=["Ada Lovelace"], title="Notes on the engine")

    default, vancouver, odd = (
        client.get(record.get_absolute_url(), {"style": style}).context["citation"]
        for style in ("", "vancouver", "<script>")
    )

    assert "Lovelace, A." in default
    assert vancouver != default
    assert odd == default


def test_page_takes_the_same_queries_for_one_and_for_three_of_everything(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Record:
        record = PublicationFactory(
            creators=[PersonFactory() for _ in range(number)],
            topics=[TopicFactory() for _ in range(number)],
            event=EventFactory(),
        )
        for _ in range(number):
            RecordFileFactory(record=record)
            FundingReferenceFactory(record=record)
            CollectionFactory(records=[record])
            related = PublicationFactory(creators=["Ada Lovelace"])
            RecordFileFactory(record=related)
            RelatedIdentifierFactory(record=record, related_record=related)
        return record

    one, three = add(1), add(3)
    page_of(client, one)

    with django_assert_max_num_queries(45) as counted:
        page_of(client, one)
    with django_assert_num_queries(len(counted)):
        page_of(client, three)


# For machines -----------------------------------------------------------------------------------------------------


class Scripts(HTMLParser):
    """Collects what stands in <script> elements, as a browser would take it apart."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str | None] = []
        self.texts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.inside = True
            self.types.append(dict(attrs).get("type"))
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


HOSTILE = "</title></script><script>alert(1)</script><!--\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"


def test_hostile_metadata_is_text_everywhere(client: Client) -> None:
    record = PublicationFactory(
        title=HOSTILE,
        subtitle=HOSTILE,
        abstract=HOSTILE,
        translated_title=HOSTILE,
        publisher=HOSTILE[:200],
        container_title=HOSTILE[:200],
        creators=[],
        topics=[TopicFactory(label_en=HOSTILE[:90])],
        event=EventFactory(title_en=HOSTILE, city="<b>"),
    )
    ContributionFactory(record=record, given_name="<i>", family_name=HOSTILE)
    RecordFileFactory(record=record, label=HOSTILE, name="a b'\"<c>.pdf")

    page = page_of(client, record)

    scripts = Scripts()
    scripts.feed(page)
    assert set(scripts.types) == {"module", "application/ld+json"}
    (json_ld,) = [text for text, kind in zip(scripts.texts, scripts.types, strict=True) if "json" in str(kind)]
    assert json.loads(json_ld)["name"].startswith(HOSTILE)
    assert "<img src=x" not in page


def test_head_tells_scholar_and_zotero_what_this_is(client: Client, settings: Any) -> None:
    record = PublicationFactory(title="Notes", creators=["Ada Lovelace"], abstract="About it.")
    file = RecordFileFactory(record=record)

    page, address = page_of(client, record), f"{settings.BASE_URL}/en/records/{record.pid}/"

    assert '<meta name="citation_title" content="Notes">' in page
    assert '<meta name="citation_author" content="Lovelace, Ada">' in page
    assert f'<meta name="citation_pdf_url" content="{address}{file.name}">' in page
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'hreflang="nl" href="{settings.BASE_URL}/nl/records/{record.pid}/"' in page
    assert '<meta property="og:title" content="Notes">' in page


# Previews ---------------------------------------------------------------------------------------------------------


def test_context_of_a_draft_that_was_never_saved() -> None:
    draft = Publication(title="Not saved yet", resource_type="report", record_type="publication")

    context = record_context(draft, user=AnonymousUser())

    assert (context["files"], context["related"], list(context["topics"])) == ((), (), [])


def test_preview_in_the_cms_shows_what_is_being_edited(client: Client) -> None:
    record = PublicationFactory(live=False, title="Before", creators=["Ada Lovelace"])
    record.title = "After the edit"
    record.contributions.add(*record.contributions.all())
    editor = EditorFactory()
    client.force_login(editor)

    context = record_context(record, user=editor)

    assert context["record"].title == "After the edit"
    assert [author.name for author in context["byline"].authors] == ["Ada Lovelace"]


def test_event_outcome_leads_back_to_its_event(client: Client) -> None:
    outcome = EventOutcomeFactory()

    assert f'<dt>Outcome of</dt><dd><a href="{outcome.event.get_absolute_url()}">' in page_of(client, outcome)
