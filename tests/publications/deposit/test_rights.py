"""Nobody reads, changes, counts or infers another's draft, at any address."""

import pytest
from django.test import Client
from django.urls import reverse

from publications.models import Deposit, Person, Record
from publications.urls import urlpatterns
from tests.factories import (
    EditorFactory,
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    ResearcherFactory,
)
from tests.publications.deposit.conftest import bring, form_of, send, upload

OWN = [pattern for pattern in urlpatterns if str(pattern.pattern).startswith(("deposit/<", "my/<"))]
STRANGERS = {"nobody": None, "member": MemberFactory, "another researcher": ResearcherFactory}


def client_of(make):
    client = Client()
    if make:
        client.force_login(make())
    return client


def address(pattern, deposit):
    arguments = {"pid": deposit.record.pid} | ({"number": 1} if "number" in str(pattern.pattern) else {})
    return reverse(f"publications:{pattern.name}", kwargs=arguments)


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("is_sent", [False, True])
def test_no_address_of_a_draft_answers_a_stranger_or_changes_anything(desk, who, is_sent):
    deposit = bring(desk)
    fields = form_of(desk, deposit, title="Stolen")
    if is_sent:
        send(desk, deposit)
    before = Deposit.objects.filter(pk=deposit.pk).values().get()
    client = client_of(STRANGERS[who])
    assert len(OWN) > 8

    for pattern in OWN:
        for answer in (client.get(address(pattern, deposit)), client.post(address(pattern, deposit), fields)):
            assert answer.status_code in (302, 403, 404, 405), (pattern, answer.status_code)
            if answer.status_code == 302:
                assert "/login/" in answer.url, pattern
            assert "wedge" not in answer.content.decode()

    assert Deposit.objects.filter(pk=deposit.pk).values().get() == before
    assert Record.objects.get(pk=deposit.record_id).files.present().count() == 1


@pytest.mark.parametrize("who", STRANGERS)
def test_files_pictures_and_pages_of_a_draft_are_like_those_that_never_were(desk, who):
    deposit = bring(desk)
    client, pid = client_of(STRANGERS[who]), deposit.record.pid

    for path in (f"records/{pid}/", f"records/{pid}/wedge.pdf", f"records/{pid}/pages/1/1/",
                 f"records/{pid}/pages/1/thumbnail.webp", f"records/{pid}/pages/1/1/400.webp"):  # fmt: skip
        assert client.get(f"/en/{path}").status_code == 404, path
    for extension in ("bib", "ris", "csl.json", "jsonld", "datacite.json"):
        assert client.get(f"/records/{pid}.{extension}").status_code == 404


def test_the_depositor_opens_the_own_files_and_pages(desk):
    deposit = bring(desk)
    pid = deposit.record.pid

    assert desk.get(f"/en/records/{pid}/wedge.pdf").status_code == 200
    assert desk.get(f"/en/records/{pid}/pages/1/1/").status_code == 200
    assert desk.get(f"/en/records/{pid}/").status_code == 404  # no record's page yet; the preview shows it


def test_completions_tell_nothing_of_drafts(desk):
    draft = PublicationFactory(
        title="Hidden wedges", live=False, creators=[PersonFactory(family_name="Verborgen", is_listed=False)]
    )
    PublicationFactory(title="Shown wedges", creators=[PersonFactory(family_name="Zichtbaar", is_listed=False)])
    assert draft.contributions.count() == 1 and Person.objects.count() == 2

    def texts(kind, q):
        return [one["text"] for one in desk.get(f"/en/deposit/complete/{kind}/", {"q": q}).json()["options"]]

    assert texts("records", "wedges") == ["Shown wedges"]
    assert texts("people", "Verborgen") == []
    assert texts("people", "Zichtbaar") == ["Marieke Zichtbaar"]
    assert texts("people", "Z") == []
    assert desk.get("/en/deposit/complete/users/", {"q": "re"}).status_code == 404


def test_completions_tell_of_no_employer_that_is_hidden(desk):
    for name, shows in (("Open", True), ("Coy", False)):
        person = PersonFactory(given_name="Ada", family_name=name, shows_affiliations=shows)
        PersonAffiliationFactory(person=person, organisation=OrganisationFactory(name_en="Hospital"))
        PersonAffiliationFactory(person=person, organisation=OrganisationFactory(name_en="Left"), end_year=2017)
        PersonAffiliationFactory(person=person, organisation=OrganisationFactory(name_en="Secret", is_listed=False))

    options = desk.get("/en/deposit/complete/people/", {"q": "Ada"}).json()["options"]

    assert {one["text"]: (one["note"], one["values"]["affiliations"]) for one in options} == {
        "Ada Open": ("Hospital", "Hospital"),
        "Ada Coy": ("", ""),
    }


@pytest.mark.parametrize("who", ["nobody", "member"])
def test_completions_are_for_depositors(db, who):
    assert client_of(STRANGERS[who]).get("/en/deposit/complete/people/", {"q": "ab"}).status_code in (302, 403)


def test_my_work_shows_ones_own_alone(desk):
    bring(desk)
    other = client_of(ResearcherFactory)

    assert "A wedge for every morning" in desk.get("/en/my/").content.decode()
    assert "A wedge for every morning" not in other.get("/en/my/").content.decode()


def test_editors_see_a_deposit_in_the_cms_only_once_it_is_sent(desk):
    deposit = bring(desk)
    editor = client_of(EditorFactory)
    listing = "/admin/snippets/publications/publication/"
    assert deposit.record.title not in editor.get(listing).content.decode()

    send(desk, deposit)

    assert "A wedge for every morning" in editor.get(listing).content.decode()


def test_drafts_are_kept_by_no_cache(desk):
    deposit = bring(desk)

    for path in ("/en/deposit/", f"/en/deposit/{deposit.record.pid}/", "/en/my/"):
        assert "no-store" in desk.get(path).headers["Cache-Control"]


def test_the_same_file_of_two_depositors_tells_neither_of_the_other(desk):
    bring(desk)
    other = client_of(ResearcherFactory)

    response = other.post("/en/deposit/", {"files": upload()}, follow=True)

    assert "here already" not in response.content.decode()
