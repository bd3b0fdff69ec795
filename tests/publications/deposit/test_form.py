import shutil

import pytest
from django.test import Client

from publications.deposit import progress
from publications.ingest.recogniser import NOT_INSTALLED, Recogniser
from publications.ingest.recognition import recognise_file
from publications.models import Deposit, Organisation, Person, Topic
from publications.vocabularies import DepositState
from tests.factories import (
    EditorFactory,
    EventFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)
from tests.publications.deposit.conftest import bring, fields_of, form_of, send, upload
from tests.publications.ingest.scans import make_scan, make_scanned_paper


def post(client, deposit, **fields):
    return client.post(f"/en/deposit/{deposit.record.pid}/", fields)


def autosave(client, deposit, **fields):
    return client.post(f"/en/deposit/{deposit.record.pid}/", fields, headers={"Accept": "application/json"})


def test_each_suggestion_says_where_it_came_from_and_how_sure_it_is(desk):
    page = desk.get(f"/en/deposit/{bring(desk).record.pid}/").content.decode()

    assert "From the first pages" in page
    assert 'class="steps"' in page


def test_a_suggestion_that_was_changed_has_no_source_any_more(desk):
    deposit = bring(desk)
    post(desk, deposit, **form_of(desk, deposit, title="Another title"))

    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()

    assert 'id="o-title"' not in page
    assert 'id="o-abstract"' in page


def test_a_draft_is_kept_as_it_is_however_wrong(desk):
    deposit = bring(desk)

    answer = autosave(desk, deposit, **form_of(desk, deposit, doi="no doi", issued="tomorrow", title=""))

    assert answer.json()["version"] == 1
    fields = form_of(desk, deposit)
    assert (fields["doi"], fields["issued"], fields["title"]) == ("no doi", "tomorrow", "")


def test_saving_the_same_twice_makes_one_version(desk):
    deposit = bring(desk)
    fields = form_of(desk, deposit, title="Mine")

    versions = [autosave(desk, deposit, **fields).json()["version"] for _ in range(2)]

    assert versions == [1, 1]


def test_two_tabs_that_change_different_fields_keep_both(desk):
    deposit = bring(desk)
    autosave(desk, deposit, **form_of(desk, deposit, title="First"))
    one, other = form_of(desk, deposit, title="From one tab"), form_of(desk, deposit, abstract="From the other tab.")
    autosave(desk, deposit, **one)

    conflict = autosave(desk, deposit, **other)
    page = post(desk, deposit, **other)

    assert (conflict.status_code, page.status_code) == (409, 409)
    assert "both are kept" in page.content.decode()
    desk.post(f"/en/deposit/{deposit.record.pid}/", hidden_fields(page) | {"do": "conflict"})
    fields = form_of(desk, deposit)
    assert (fields["title"], fields["abstract"]) == ("From one tab", "From the other tab.")


@pytest.mark.parametrize(("choice", "title"), [("mine", "From the other tab"), ("other", "From one tab")])
def test_where_two_tabs_changed_one_field_the_depositor_chooses(desk, choice, title):
    deposit = bring(desk)
    one, other = form_of(desk, deposit, title="From one tab"), form_of(desk, deposit, title="From the other tab")
    autosave(desk, deposit, **one)

    page = post(desk, deposit, **other)

    text = page.content.decode()
    assert "From one tab" in text and "From the other tab" in text
    post(desk, deposit, **hidden_fields(page), **{"choose-title": choice}, do="conflict")
    assert form_of(desk, deposit)["title"] == title


def hidden_fields(page):
    from bs4 import BeautifulSoup

    form = BeautifulSoup(page.content, "html.parser").select_one("main form")
    fields: dict = {}
    for element in form.select("input[type=hidden]"):
        fields.setdefault(element["name"], []).append(element["value"])
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def test_authors_are_moved_added_and_removed_without_a_script(desk):
    deposit = bring(desk)
    fields = form_of(desk, deposit, **{"authors-1-given_name": "Jan", "authors-1-family_name": "Wit"})

    moved = post(desk, deposit, **fields, do="up:authors:1")
    names = [fields_of(moved.content)[f"authors-{place}-family_name"] for place in (0, 1)]
    assert names == ["Wit", "van der Hoeven"]

    added = post(desk, deposit, **fields_of(moved.content), do="add:authors")
    assert fields_of(added.content)["authors-2-family_name"] == ""

    removed = post(desk, deposit, **fields_of(added.content), do="remove:authors:0")
    assert [row["family_name"] for row in Deposit.objects.get(pk=deposit.pk).answers["authors"]] == ["van der Hoeven"]
    assert "authors-1-family_name" not in fields_of(removed.content)


def test_a_known_author_is_shown_as_known_and_a_namesake_can_be_told_apart(desk):
    marieke = PersonFactory(given_name="Marieke", family_name="van der Hoeven", is_listed=True)
    deposit = bring(desk)

    fields = form_of(desk, deposit)

    assert fields["authors-0-person"] == marieke.slug
    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()
    assert "Known here" in page and "Somebody else of the same name" in page


def test_topics_that_the_text_names_are_proposed(desk):
    known = TopicFactory(label_en="wedges", synonyms_nl="grijswiggen")
    PublicationFactory(topics=[known])
    hidden = TopicFactory(label_en="morning")
    deposit = bring(desk)

    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()

    assert f'name="topics" value="{known.name}"' in page
    assert f'name="topics" value="{hidden.name}"' not in page  # on no live record: nobody may know of it


def test_a_draft_makes_no_people_organisations_or_topics(desk):
    deposit = bring(desk)
    autosave(desk, deposit, **form_of(desk, deposit, words="brand new word"))

    send(desk, deposit, words="brand new word")

    assert Deposit.objects.with_state().get(pk=deposit.pk).state == DepositState.IN_REVIEW
    assert (Person.objects.count(), Organisation.objects.count(), Topic.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Give the title."),
        ({"language": ""}, "Choose the language of the text."),
        ({"resource_type": ""}, "Say what it is."),
        ({"doi": "10.x"}, "DOI"),
        ({"issued": "June"}, "Write 2019, 2019-06 or 2019-06-17."),
        ({"authors-0-family_name": "", "authors-0-given_name": ""}, "Name at least one author."),
        ({"authors-0-family_name": ""}, "Give the family name."),
        ({"access_right": "embargoed", "available": ""}, "Give the day on which the files open."),
        ({"access_right": "embargoed", "available": "2001-01-01"}, "This day has come already"),
        ({"access_right": "embargoed", "available": "soon"}, "Give a day"),
        ({"access_right": "restricted"}, "Choose at least one group or person"),
        ({"resource_type": "minutes"}, "Say of which event this is the outcome."),
        ({"funding-0-award_number": "12"}, "Name the funder."),
        ({"related-0-identifier": "nothing", "related-0-relation_type": "IsPartOf"}, "Give a DOI, or an address"),
        ({"related-0-identifier": "10.1000/1"}, "Say how the two are related."),
        ({"event": "gone"}, "not in the list any more"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field_and_nothing_is_sent(desk, changes, sentence):
    deposit = bring(desk)

    page = send(desk, deposit, **changes)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert Deposit.objects.with_state().get(pk=deposit.pk).state == DepositState.DRAFT


def test_a_doi_that_is_here_already_is_told_before_it_is_sent(desk):
    PublicationFactory(doi="10.1000/known")
    deposit = bring(desk)

    page = send(desk, deposit, doi="10.1000/known")

    assert "A work with this DOI is here already." in page.content.decode()


def test_a_double_that_is_live_is_shown_and_can_be_called_another_work(desk):
    live = PublicationFactory(title="Live already")
    RecordFileFactory(record=live, content_bytes=upload().read())
    deposit = bring(desk)
    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()
    assert "Live already" in page and "It has the same file" in page

    desk.post(f"/en/deposit/{deposit.record.pid}/another-work/", {"other": live.pid})

    assert "Live already" not in desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()


def test_a_double_can_be_added_as_a_new_version(desk):
    live = PublicationFactory(title="Live already", resource_type="report")
    RecordFileFactory(record=live, content_bytes=upload().read())
    deposit = bring(desk)
    desk.post(f"/en/deposit/{deposit.record.pid}/new-version-of/", {"other": live.pid})

    send(desk, deposit, title="Live already, corrected")
    Deposit.objects.get().record.specific().current_workflow_task_state.approve(user=EditorFactory())

    page = Client().get(live.get_absolute_url()).content.decode()
    assert f"/records/{deposit.record.pid}/" in page


def test_a_version_of_another_kind_is_told_and_not_sent(desk):
    live = PublicationFactory(title="Live already")
    deposit = bring(desk)
    desk.post(f"/en/deposit/{deposit.record.pid}/new-version-of/", {"other": live.pid})

    page = send(desk, deposit, resource_type="slides")

    assert (page.status_code, "of one kind" in page.content.decode()) == (422, True)


def test_nobody_names_anothers_draft_as_the_version_before(desk):
    hidden = PublicationFactory(live=False)
    deposit = bring(desk)

    answer = desk.post(f"/en/deposit/{deposit.record.pid}/new-version-of/", {"other": hidden.pid})

    assert answer.status_code == 404


def test_a_new_version_of_ones_own_work_begins_with_its_description(desk, researcher):
    work = PublicationFactory(title="First version", owner=researcher, doi="10.1000/first", creators=["Ada Wiggers"])

    page = desk.post(f"/en/my/{work.pid}/new-version/", follow=True)

    fields = fields_of(page.content)
    assert (fields["title"], fields["authors-0-family_name"], fields["doi"]) == ("First version", "Wiggers", "")
    assert "This is a new version of “First version”" in page.content.decode()


def test_the_draft_of_somebody_else_is_no_double_that_is_told(desk):
    hidden = PublicationFactory(title="Hidden draft", live=False)
    RecordFileFactory(record=hidden, content_bytes=upload().read())

    page = desk.get(f"/en/deposit/{bring(desk).record.pid}/").content.decode()

    assert "Hidden draft" not in page and "here already" not in page


def test_the_preview_tells_what_an_outsider_sees_and_finds(desk):
    deposit = bring(desk)
    open_now = autosave(desk, deposit, **form_of(desk, deposit, access_right="open")).json()["preview"]
    closed = autosave(desk, deposit, **form_of(desk, deposit, access_right="embargoed", available="2999-05-01")).json()[
        "preview"
    ]

    assert "every word on its page" in open_now
    assert "every word" not in closed and "1 May 2999" in closed
    page = desk.get(f"/en/deposit/{deposit.record.pid}/preview/").content.decode()
    assert "The page opens on 1 May 2999" in page.replace("pages open", "page opens")
    assert "thumbnail" not in page


def test_a_file_with_signs_of_patient_data_is_told_of_and_stays_closed(desk):
    from tests.factories import make_pdf

    deposit = bring(desk, upload("case.pdf", make_pdf(["Bespreek de patiënt met BSN 123456782 met de arts."])))

    page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()

    assert "may tell of a patient" in page
    assert "123456782" not in page
    assert "stays closed until an editor has looked" in page


def test_a_publishers_version_asks_for_the_right_to_share_it(desk):
    deposit = bring(desk)

    def is_asked(**answers) -> bool:
        told = autosave(desk, deposit, **form_of(desk, deposit, **answers)).json()["is_publishers"]
        page = desk.get(f"/en/deposit/{deposit.record.pid}/").content.decode()
        assert ("data-publishers hidden" in page) is not told
        return told

    assert not is_asked(version_type="")
    assert is_asked(version_type="published")
    assert is_asked(version_type="published", may_share="yes")  # what was said can be taken back
    assert not is_asked(version_type="published", rights="cc-by-4.0")
    assert not is_asked(version_type="accepted")


def test_a_draft_with_an_event_a_funder_and_a_related_work_becomes_a_record_with_them(desk):
    event, other = EventFactory(title_en="Round table"), PublicationFactory(doi="10.1000/other")
    deposit = bring(desk)

    send(desk, deposit, **{"event": event.slug, "funding-0-funder_name": "EFRO", "funding-0-award_number": "7",
                           "related-0-relation_type": "IsSupplementTo",
                           "related-0-identifier": "https://doi.org/10.1000/other"})  # fmt: skip

    record = Deposit.objects.get(pk=deposit.pk).record.specific().get_latest_revision_as_object()
    assert record.event == event
    assert [(str(row.funder), row.award_number) for row in record.funding_references.all()] == [("EFRO", "7")]
    assert [row.related_record.pk for row in record.related_identifiers.all()] == [other.pk]


def test_files_are_added_and_taken_out(desk):
    deposit = bring(desk)
    desk.post(f"/en/deposit/{deposit.record.pid}/files/", {"files": [upload("more.pdf")]})
    desk.post(f"/en/deposit/{deposit.record.pid}/files/1/take-out/")

    assert [file.name for file in deposit.record.files.present()] == ["more.pdf"]


def test_a_draft_that_is_thrown_away_leaves_nothing(desk, settings, django_capture_on_commit_callbacks):
    deposit = bring(desk)

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/en/deposit/{deposit.record.pid}/throw-away/")

    assert not Deposit.objects.exists()
    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []


def test_the_form_is_there_in_dutch(desk):
    client: Client = desk

    assert client.get(f"/nl/deposit/{bring(desk).record.pid}/").status_code == 200


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_drafts_asks_a_number_of_queries_that_hardly_grows(desk, count, django_assert_max_num_queries):
    for _ in range(count):
        bring(desk)
    desk.get("/en/deposit/")  # looks for doubles, which is not done again within a minute

    with django_assert_max_num_queries(20 + 8 * count):
        desk.get("/en/deposit/")


@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Tesseract")
def test_a_scan_fills_the_form_once_it_is_recognised_and_says_how_far_that_is(desk, monkeypatch):
    deposit = bring(desk, upload("scan.pdf", make_scanned_paper()))
    address = f"/en/deposit/{deposit.record.pid}/"

    waiting = desk.get(f"{address}state/").json()
    form = desk.get(address).content.decode()

    assert (waiting["finished"], "Recognising page 1 of 1" in waiting["html"]) == (False, True)
    assert "data-reading" in form
    assert "Nothing about title or authors" not in form
    recognise_file(deposit.record.files.get().pk)
    done = desk.get(f"{address}state/").json()
    assert (done["finished"], "Found: title, 2 authors, abstract" in done["html"]) == (True, True)
    assert form_of(desk, deposit)["title"] == "Cartilage thickness on early scans of the knee"


def test_a_form_does_not_wait_for_text_that_nobody_recognises(desk, monkeypatch):
    monkeypatch.setattr(progress, "find_recogniser", lambda: Recogniser(problem=NOT_INSTALLED))
    deposit = bring(desk, upload("scan.pdf", make_scan(["A page of words"])))

    state = desk.get(f"/en/deposit/{deposit.record.pid}/state/").json()

    assert state["finished"]
    assert "Nothing about title or authors was found" in state["html"]
