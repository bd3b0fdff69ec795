from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publications.models import Event, EventPartner
from publications.views.events import event_context
from tests.factories import (
    EventFactory,
    EventOutcomeFactory,
    EventSeriesFactory,
    OrganisationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dict[str, object]:
    start = timezone.now() + timedelta(days=days)
    return {"starts": start, "ends": start + timedelta(hours=4)}


def test_page_shows_what_came_of_the_event_in_numbers(client: Client) -> None:
    event = EventFactory(**in_days(-9))
    person = PersonFactory()
    slides = PresentationFactory(event=event, creators=[person])
    outcome = EventOutcomeFactory(event=event)
    paper = PublicationFactory(event=event, creators=[person])
    PublicationFactory(event=event, live=False, title="Secret draft")
    RecordFileFactory(record=slides, pages=("one", "two"))
    RecordFileFactory(record=outcome, pages=("one",))

    answer = client.get(event.get_absolute_url())

    found = answer.context["outcome"]
    assert (found.presentations, found.publications, found.outcomes, found.pages, found.records) == (1, 1, 1, 3, 3)
    assert [record.pk for record in answer.context["outcome_records"]] == [outcome.pk]
    assert [record.pk for record in answer.context["records"]] == [slides.pk, paper.pk]
    assert [(item.person, item.records) for item in answer.context["people"]] == [(person, 2)]
    assert "Secret draft" not in answer.content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [(-9, "Nothing of this event has been published yet."), (9, "The event is still to come.")],
)
def test_event_without_records_says_so(client: Client, days: int, words: str) -> None:
    assert words in client.get(EventFactory(**in_days(days)).get_absolute_url()).content.decode()


def test_registration_is_offered_until_the_event(client: Client) -> None:
    past, coming = (EventFactory(registration_url="https://sign.example/up", **in_days(days)) for days in (-9, 9))

    pages = [client.get(event.get_absolute_url()).content.decode() for event in (past, coming)]

    assert ["https://sign.example/up" in page for page in pages] == [False, True]


def test_description_is_cleaned(client: Client) -> None:
    event = EventFactory(
        description_en='<p onclick="x()">Fine <b>words</b><script>alert(1)</script><a href="javascript:x">x</a></p>'
    )

    page = client.get(event.get_absolute_url()).content.decode()

    assert "<p>Fine <b>words</b>" in page
    assert "alert(1)" not in page
    assert "javascript:" not in page
    assert "onclick" not in page


def test_text_of_the_other_language_says_so(client: Client) -> None:
    event = EventFactory(title_en="", title_nl="Longdag", summary_nl="Over longen.")

    page = client.get(event.get_absolute_url()).content.decode()

    assert '<h1><span lang="nl">Longdag</span> <span class="lang-note">(in Dutch)</span></h1>' in page
    assert "Not yet in English." in page


def test_only_shown_partners_are_named(client: Client) -> None:
    shown, hidden = OrganisationFactory(), OrganisationFactory(name_en="Hidden Holding", is_listed=False)
    event = EventFactory(partners=[shown, hidden])

    answer = client.get(event.get_absolute_url())

    assert [partner.organisation for partner in answer.context["partners"]] == [shown]
    assert "Hidden Holding" not in answer.content.decode()


def test_next_event_is_the_first_published_one_after_this(client: Client) -> None:
    event = EventFactory(**in_days(5))
    EventFactory(**in_days(2)), EventFactory(live=False, **in_days(6))
    following = EventFactory(**in_days(7))
    EventFactory(**in_days(8))

    assert client.get(event.get_absolute_url()).context["next_event"] == following


def test_draft_is_not_found_and_an_old_address_leads_on(client: Client) -> None:
    draft, renamed = EventFactory(live=False), EventFactory(slug="old")
    renamed.slug = "new"
    renamed.save()

    answer = client.get("/en/events/old/")

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert (answer.status_code, answer["Location"]) == (301, "/en/events/new/")


def test_context_of_an_event_that_was_never_saved() -> None:
    context = event_context(Event(title_en="Not saved yet"))

    assert (context["outcome"].records, list(context["records"]), context["partners"]) == (0, [], [])


def test_page_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Event:
        event = EventFactory()
        for _ in range(number):
            for factory in (PresentationFactory, EventOutcomeFactory):
                record = factory(event=event, creators=[PersonFactory()], topics=[TopicFactory()])
                RecordFileFactory(record=record)
            event.partners.add(EventPartner(organisation=OrganisationFactory()))
        event.save()
        return event

    one, three = add(1), add(3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(45) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())


def test_index_parts_what_comes_from_what_was(client: Client) -> None:
    far, near = EventFactory(**in_days(9)), EventFactory(**in_days(2))
    old, recent = EventFactory(**in_days(-90)), EventFactory(**in_days(-2))
    EventFactory(live=False)

    context = client.get("/en/events/").context

    assert list(context["upcoming"]) == [near, far]
    assert list(context["past"]) == [recent, old]


def test_index_is_narrowed_to_a_kind(client: Client) -> None:
    tour = EventFactory(kind="medical_tour", **in_days(-3))
    EventFactory(kind="conference", **in_days(-3))

    narrowed = client.get("/en/events/?kind=medical_tour").context
    unknown = client.get("/en/events/?kind=circus").context

    assert list(narrowed["past"]) == [tour]
    assert len(unknown["past"]) == 2


def test_index_takes_the_same_queries_for_one_and_for_three_events(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    EventFactory(**in_days(-3)), EventFactory(**in_days(3))
    client.get("/en/events/")
    with django_assert_max_num_queries(24) as counted:
        client.get("/en/events/")
    for days in (-4, -5, 4, 5):
        EventFactory(**in_days(days))

    with django_assert_num_queries(len(counted)):
        client.get("/en/events/")


def shown(client: Client, query: str) -> tuple[list[Event], dict[str, dict[str, int]]]:
    context = client.get(f"/en/events/?{query}").context
    counts = {one.name: {str(choice.label): choice.count for choice in one.choices} for one in context["filters"]}
    return [*context["upcoming"], *context["past"]], counts


def test_filters_narrow_each_other_and_count_what_the_others_leave(client: Client) -> None:
    series, partner, hidden = EventSeriesFactory(), OrganisationFactory(), OrganisationFactory(is_listed=False)
    topic, draft_topic = TopicFactory(), TopicFactory()
    tour = EventFactory(kind="medical_tour", series=series, partners=[partner, hidden], **in_days(-3))
    talk = EventFactory(kind="conference", series=series, **in_days(-2))
    EventFactory(kind="conference", live=False, series=series, partners=[partner])
    PresentationFactory(event=tour, topics=[topic])
    PresentationFactory(event=talk, live=False, topics=[draft_topic])

    of_series, series_counts = shown(client, f"series={series.slug}")
    of_both, _counts = shown(client, f"series={series.slug}&organisation={partner.slug}")
    of_topic, topic_counts = shown(client, f"topic={topic.slug}&kind=medical_tour")
    nothing, _counts = shown(client, "organisation=nobody")
    all_of_them, _counts = shown(client, "year=1850&kind=circus")

    assert (of_series, of_both, of_topic) == ([talk, tour], [tour], [tour])
    assert (nothing, all_of_them) == ([], [talk, tour])
    assert series_counts["kind"] == {"Conference": 1, "Medical tour": 1}
    assert series_counts["organisation"] == {str(partner): 1}
    assert series_counts["topic"] == {str(topic): 1}
    assert topic_counts["kind"] == {"Medical tour": 1}
