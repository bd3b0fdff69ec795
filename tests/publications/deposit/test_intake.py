import json

import pytest
from django.test import Client

from publications.models import Deposit, Record, RecordFile
from publications.vocabularies import DepositState
from tests.factories import MemberFactory, ResearcherFactory
from tests.publications.deposit.conftest import bring, fields_of, upload

BIBLIOGRAPHY = b"""
@inproceedings{jansen19, title={Wedges at dawn}, author={Jansen, Piet and de Vries, Anna}, year={2019}, file={dawn.pdf}}
@article{bakker20, title={Wedges at dusk}, author={Bakker, Els}, year={2020}, journal={Journal of Greys}}
@article{broken, title={
"""


def test_a_dropped_paper_becomes_a_draft_with_its_form_filled_in(desk, researcher):
    deposit = bring(desk)

    assert (deposit.owner, deposit.state, deposit.record.owner) == (researcher, DepositState.DRAFT, researcher)
    fields = fields_of(desk.get(f"/en/deposit/{deposit.record.pid}/").content)
    assert fields["title"] == "A wedge for every morning"
    assert (fields["authors-0-given_name"], fields["authors-0-family_name"]) == ("Marieke", "van der Hoeven")
    assert fields["abstract"].startswith("Wedges drift.")


def test_each_of_several_files_becomes_a_draft(desk):
    desk.post("/en/deposit/", {"files": [upload("one.pdf"), upload("two.pdf", b"%PDF-1.4 not much")]})

    assert sorted(RecordFile.objects.values_list("name", flat=True)) == ["one.pdf", "two.pdf"]
    assert Deposit.objects.count() == 2
    assert len(set(Deposit.objects.values_list("batch", flat=True))) == 1


def test_an_upload_that_is_sent_again_under_its_key_is_taken_once(desk):
    headers = {"Accept": "application/json"}

    first = desk.post("/en/deposit/", {"files": upload(), "key": "abc"}, headers=headers).json()
    second = desk.post("/en/deposit/", {"files": upload(), "key": "abc"}, headers=headers).json()

    assert first == second
    assert (Deposit.objects.count(), RecordFile.objects.count()) == (1, 1)


def test_the_key_of_another_depositor_is_another_key(desk):
    other = Client()
    other.force_login(ResearcherFactory())
    for client in (desk, other):
        client.post("/en/deposit/", {"files": upload(), "key": "abc"})

    assert Deposit.objects.count() == 2


def test_a_bibliography_with_its_papers_becomes_a_batch_of_drafts(desk):
    response = desk.post(
        "/en/deposit/",
        {"files": [upload("refs.bib", BIBLIOGRAPHY), upload("dawn.pdf"), upload("bakker20.pdf"), upload("other.pdf")]},
        follow=True,
    )

    found = {
        one.answers.get("title", ""): [file.name for file in one.record.files.all()] for one in Deposit.objects.all()
    }
    assert found == {"Wedges at dawn": ["dawn.pdf"], "Wedges at dusk": ["bakker20.pdf"], "": ["other.pdf"]}
    assert "refs.bib" in response.content.decode()
    dawn = Deposit.objects.get(record__title="Wedges at dawn")
    assert [row["family_name"] for row in dawn.answers["authors"]] == ["Jansen", "de Vries"]


def test_ris_and_csl_json_are_taken_too(desk):
    csl = json.dumps([{"type": "article-journal", "title": "In CSL", "author": [{"family": "Wit", "given": "Jan"}]}])
    desk.post("/en/deposit/", {"files": upload("a.ris", b"TY  - JOUR\nTI  - In RIS\nAU  - Wit, Jan\nER  - \n")})
    desk.post("/en/deposit/", {"files": upload("b.json", csl.encode())})

    assert set(Deposit.objects.values_list("record__title", flat=True)) == {"In RIS", "In CSL"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"words", "Export this as PDF"),
        ("empty.bib", b"", "no entries"),
        ("virus.exe", b"MZ", "Export this as PDF"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(desk, name, content, words):
    page = desk.post("/en/deposit/", {"files": upload(name, content or b" ")}, follow=True)
    told = desk.post("/en/deposit/", {"files": upload(name, content or b" ")}, headers={"Accept": "application/json"})

    assert words in page.content.decode()
    assert told.status_code == 422
    assert words in told.json()["refused"][0]["sentence"]
    assert Deposit.objects.count() == 0


def test_a_file_over_the_limit_leaves_nothing_behind(desk, settings):
    settings.DEPOSIT_MAX_SIZE_BYTES = 100

    page = desk.post("/en/deposit/", {"files": upload()}, follow=True)

    assert "larger than this hub accepts" in page.content.decode()
    assert (Record.objects.count(), Deposit.objects.count()) == (0, 0)
    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []


def test_a_file_that_is_no_work_by_its_first_bytes_is_refused(desk):
    page = desk.post("/en/deposit/", {"files": upload("locked.pdf", b"no pdf at all")}, follow=True)

    assert "named PDF but is none" in page.content.decode()
    assert Deposit.objects.count() == 0


def test_a_damaged_file_is_a_draft_that_says_what_to_do(desk):
    deposit = bring(desk, upload("damaged.pdf", b"%PDF-1.7" + bytes(4000)))

    page = desk.get("/en/deposit/").content.decode()

    assert deposit.record.files.get().status == "unreadable"
    assert "This PDF is damaged" in page and "Nothing about title" not in page
    assert 'data-status="unreadable"' in page


@pytest.mark.django_db
def test_who_may_not_bring_work_in_is_told_so():
    member, nobody = Client(), Client()
    member.force_login(MemberFactory())

    assert member.get("/en/deposit/").status_code == 403
    assert nobody.get("/en/deposit/").status_code == 302
    assert member.post("/en/deposit/", {"files": upload()}).status_code == 403
    assert Deposit.objects.count() == 0


def test_the_limits_are_told_before(desk):
    page = desk.get("/nl/deposit/").content.decode()

    assert "200 MB" in page and "2.000" in page


def test_a_doi_becomes_a_draft_with_what_its_registry_knows(desk, settings, monkeypatch):
    from publications.deposit import intake
    from publications.lookups import Found
    from publications.metadata import Agent, RecordMetadata
    from publications.vocabularies import SuggestionSource

    known = RecordMetadata(title="Known elsewhere", doi="10.1000/x", agents=(Agent("Wit", "Jan"),))
    monkeypatch.setattr(intake, "look_up_doi", lambda doi: Found(known, SuggestionSource.CROSSREF))

    page = desk.post("/en/deposit/", {"doi": "10.1000/x"}, follow=True)

    assert fields_of(page.content)["title"] == "Known elsewhere"
    assert "Filled in from Crossref." in page.content.decode()
