"""What organisations are at events, and how many matches were made there: in the form, on the site, in old drafts."""

from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from publications.models import Event, EventPartner
from tests.factories import EditorFactory, EventFactory, MemberFactory, OrganisationFactory
from tests.publications.cms import form_fields

pytestmark = pytest.mark.django_db


def texts(client: Client, address: str, selector: str) -> list[str]:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [" ".join(element.text.split()) for element in page.select(selector)]


def test_the_page_of_an_event_names_who_is_what_in_the_order_of_the_editor(client):
    host, sponsor = OrganisationFactory(name_en="The Mill", name_nl="De Molen"), OrganisationFactory(name_en="A Fund")
    event = EventFactory(
        partners=[EventPartner(organisation=host, role="host"), EventPartner(organisation=sponsor, role="sponsor")]
    )

    english = texts(client, f"/en/events/{event.slug}/", "#partners + ul li")
    dutch = texts(client, f"/nl/events/{event.slug}/", "#partners + ul li")

    assert english == ["The Mill Host", "A Fund Sponsor"]
    assert dutch == ["De Molen Gastheer", "A Fund Sponsor"]


def test_the_page_of_an_organisation_says_what_it_was_at_each_event(client, django_assert_max_num_queries):
    mill = OrganisationFactory()
    counts = []
    for number in (1, 8):
        for _ in range(number):
            roles = [EventPartner(organisation=mill, role=role) for role in ("organiser", "host")]
            EventFactory(partners=[*roles, OrganisationFactory()])
        client.get(mill.get_absolute_url())
        with django_assert_max_num_queries(60) as queries:
            shown = texts(client, mill.get_absolute_url(), "#events + ul .facts")
        counts.append(len(queries))

    assert len(shown) == 9
    assert all("Organiser, Host" in line for line in shown)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("consent", "shown"), [("Asked at sign-up", ["9 matches made"]), ("", []), ("   ", [])])
def test_matches_are_told_of_with_recorded_consent_alone(client, consent, shown):
    event = EventFactory(matches=9, matches_consent=consent)
    client.force_login(MemberFactory())

    found = texts(client, event.get_absolute_url(), ".outcome-numbers div")

    assert [" ".join(reversed(line.split("matches made"))).strip() + " matches made" for line in found] == shown
    # Nor does anything else of the page tell of it.
    assert ("9</dd>" in client.get(event.get_absolute_url()).content.decode()) is bool(shown)


def test_an_editor_gives_roles_in_the_form_of_the_event(client):
    client.force_login(EditorFactory())
    event, mill = EventFactory(), OrganisationFactory()
    address = reverse(Event.snippet_viewset.get_url_name("edit"), args=[event.pk])
    row = {"id": "", "organisation": mill.pk, "role": "organiser", "ORDER": "1"}
    fields = {f"partners-0-{name}": value for name, value in row.items()} | {"partners-TOTAL_FORMS": "1"}

    response = client.post(
        address,
        form_fields(
            client,
            address,
            **fields,
            matches_made="4",
            matches_consent="On paper",
            **{"action-publish": "action-publish"},
        ),
    )

    assert response.status_code == 302, BeautifulSoup(response.content, "html.parser").select(".error-message")
    event.refresh_from_db()
    assert list(event.partners.values_list("organisation", "role")) == [(mill.pk, "organiser")]
    assert event.shown_matches == 4


def test_the_form_refuses_a_role_that_an_organisation_has_already(client):
    client.force_login(EditorFactory())
    event, mill = EventFactory(), OrganisationFactory()
    address = reverse(Event.snippet_viewset.get_url_name("edit"), args=[event.pk])
    rows = {"partners-TOTAL_FORMS": "2"}
    for number in range(2):
        rows |= {f"partners-{number}-organisation": mill.pk, f"partners-{number}-role": "host"}
        rows |= {f"partners-{number}-id": "", f"partners-{number}-ORDER": str(number + 1)}

    refused = client.post(address, form_fields(client, address, **rows, **{"action-publish": "action-publish"}))
    taken = client.post(
        address,
        form_fields(client, address, **rows | {"partners-1-role": "sponsor"}, **{"action-publish": "action-publish"}),
    )

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert "duplicate" in BeautifulSoup(refused.content, "html.parser").text
    assert list(event.partners.values_list("role", flat=True)) == ["host", "sponsor"]


def test_no_row_says_the_same_twice():
    partner = EventFactory(partners=[OrganisationFactory()]).partners.get()

    with pytest.raises(ValidationError, match="has this role at this event already"):
        EventPartner(event=partner.event, organisation=partner.organisation).full_clean()
    with pytest.raises(IntegrityError):
        EventPartner.objects.create(event=partner.event, organisation=partner.organisation)


def test_drafts_of_before_there_were_roles_keep_their_partners():
    event, first, second = EventFactory(), OrganisationFactory(), OrganisationFactory()
    revision = event.save_revision()
    revision.content["partners"] = [second.pk, first.pk]
    revision.save()

    migration = import_module("publications.migrations.0028_give_roles_at_events")
    for one in migration.revisions_of_events(apps):
        migration.give_roles_in_draft(one)

    draft = Event.objects.get(pk=event.pk).get_latest_revision_as_object()
    assert [(one.organisation, one.role) for one in draft.partners.all()] == [(second, "partner"), (first, "partner")]
    draft.save_revision().publish()
    assert event.partners.count() == 2


def test_drafts_keep_a_role_once():
    event, first, second = EventFactory(), OrganisationFactory(), OrganisationFactory()
    revision = event.save_revision()
    given = [(first, "host"), (second, "host"), (first, "host"), (first, "sponsor")]
    revision.content["partners"] = [
        {"pk": None, "event": event.pk, "organisation": one.pk, "role": role, "sort_order": place}
        for place, (one, role) in enumerate(given)
    ]
    revision.save()

    import_module("publications.migrations.0029_one_role_once_at_an_event").drop_doubles_in_draft(revision)

    draft = Event.objects.get(pk=event.pk).get_latest_revision_as_object()
    draft.save_revision().publish()
    assert [(one.organisation, one.role) for one in event.partners.all()] == [*given[:2], given[3]]
