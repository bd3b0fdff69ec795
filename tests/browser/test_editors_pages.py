"""The pages of the CMS that are ours, apart from topics and bulk work: accessible in light and dark, quiet, no wider
than a phone."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from publications.claims import claim_profile
from publications.doubles import distinguish, refresh_doubles
from publications.merging import merge_people
from publications.models import Event, LikelyDouble, LinkUse, MergeLog, Person, Record, WatchedLink
from tests.browser.conftest import Hub, Visit
from tests.browser.test_own_pages import add_finding, sent
from tests.browser.test_topics_in_cms import look_at, sign_in
from tests.factories import (
    MemberFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    ResearcherFactory,
)
from tests.test_rights import question_to


def make_pairs() -> tuple[LikelyDouble, MergeLog]:
    """A pair of people on the list of possible doubles, one that was told apart, and a merge to undo."""
    ada = Person.objects.get(slug="ada-wiggers")
    second = PersonFactory(given_name="A.", family_name="Wiggers", other_names="A.B. Wiggers")
    PersonAffiliationFactory(person=second, organisation=OrganisationFactory(name_en="Clinic of the Veluwe"))
    PublicationFactory(title="On strips", issued="2021", creators=[second, "Bas Grijs"])
    distinguish(PersonFactory(family_name="Zwart"), PersonFactory(family_name="Zwart"), user=None)
    merge_people(ada, PersonFactory(given_name="Adelheid", family_name="Wiggers", biography_en="Also measured."))
    refresh_doubles()
    pair = LikelyDouble.objects.first()
    assert pair is not None
    return pair, MergeLog.objects.get()


@pytest.fixture
def addresses(hub: Hub, editor: object, tmp_path: Any) -> dict[str, str]:
    """Each page with something on it."""
    pair, merge = make_pairs()
    ada = Person.objects.get(slug="ada-wiggers")
    deposit = sent(ResearcherFactory(), folder=tmp_path)
    add_finding(hub.paper_file)
    claim_profile(MemberFactory(), Person.objects.get(slug="bas-grijs"), note="It is me.")
    broken = WatchedLink.objects.create(target="https://gone.example/", digest="a", problem="gone", is_broken=True)
    LinkUse.objects.create(link=broken, thing=Record.objects.get(pk=hub.paper.pk), field="url")
    question = question_to(PersonFactory(user=ResearcherFactory(), has_consented=True)).request_id
    edit = "wagtailsnippets_publications_{}:{}".format
    return {
        "desk": reverse("wagtailadmin_home"),
        "doubles": reverse("doubles"),
        "told apart": reverse("distinctions"),
        "compare": reverse("compare_doubles", args=[pair.pk]),
        "merge, form": reverse(edit("person", "merge"), args=[ada.pk]),
        "merge, preview": reverse(edit("person", "merge"), args=[ada.pk]) + f"?other={pair.second_id}&keep=this",
        "merges": reverse("merges"),
        "undo": reverse("undo_merge", args=[merge.pk]),
        "deposits": reverse("review_queue"),
        "review": reverse("review_deposit", args=[deposit.pk]),
        "people waiting": reverse("people_waiting"),
        "questions": reverse("contact_desk"),
        "question": reverse("contact_request", args=[question]),
        "questions held": reverse("contact_held"),
        "findings": reverse("finding_report"),
        "unreadable": reverse("unreadable_report"),
        "missing translations": reverse("untranslated_report"),
        "broken links": reverse("broken_links"),
        "most read": reverse("most_read_report"),
        "join versions": reverse("join_versions", args=[hub.paper.pk]),
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_is_accessible_and_quiet_and_fits_a_phone(
    visit: Visit, addresses: dict[str, str], language: str
) -> None:
    visitor = visit(locale=language, reduced_motion="reduce")
    sign_in(visitor)

    problems = look_at(visitor, addresses)

    assert not any(problems.values()), "\n".join(f"{name}: {line}" for name in problems for line in problems[name])


def test_the_forms_of_wagtail_with_our_fields_are_quiet(visit: Visit, hub: Hub, editor: object) -> None:
    """They are Wagtail's; what they say of themselves is not ours to mend, but our panels must not break them."""
    visitor = visit()
    sign_in(visitor)
    event = Event.objects.get(slug="round-table")
    edit = "wagtailsnippets_publications_{}:edit".format
    author = hub.paper.contributions.first().person_id
    for kind, key in (("event", event.pk), ("publication", hub.paper.pk), ("person", author)):
        assert visitor.go(reverse(edit(kind), args=[key])) == 200
        expect(visitor.page.locator("#main form[method=POST i] [name]:visible").first).to_be_visible()

    assert [one for one in visitor.complaints if "Content Security Policy" in one or "script" in one] == []
