import pytest
from django.test import Client

from publications.models import FormerAddress, Person
from publications.models.people import PersonAffiliation
from publications.views.people import index_name, language_names
from tests.factories import (
    ContributionAffiliationFactory,
    ContributionFactory,
    EventFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PresentationFactory,
    PublicationFactory,
    RecordFileFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_page_shows_name_position_affiliations_and_languages(client: Client) -> None:
    person = PersonFactory(
        given_name="Marieke",
        family_name="van der Hoeven",
        position_en="Radiologist",
        orcid="0000-0002-1825-0097",
        languages="nl, en, tlh",
        biography_en="Wants the least radiation.",
    )
    hospital = OrganisationFactory(name_en="Noorderbreedte Medical Centre", city="Groningen")
    PersonAffiliationFactory(person=person, organisation=hospital, department="Radiology", start_year=2019)

    page = client.get(person.get_absolute_url()).content.decode()

    assert "<h1>Marieke van der Hoeven</h1>" in page
    assert "<p>Radiologist</p>" in page
    assert "Noorderbreedte Medical Centre</a>, Radiology, Groningen, since 2019" in page
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page
    assert "Dutch, English, tlh" in page
    assert "Wants the least radiation." in page


def test_page_never_tells_the_address_or_the_account(client: Client) -> None:
    person = PersonFactory(email="marieke@example.org", has_consented=True)
    PublicationFactory(creators=[person])

    page = client.get(person.get_absolute_url()).content.decode()

    assert "marieke@example.org" not in page
    assert "mailto:" not in page


def test_somebody_known_from_drafts_only_is_not_found(client: Client) -> None:
    person = PersonFactory(is_listed=False)
    record = PublicationFactory(creators=[person], live=False)

    before = client.get(person.get_absolute_url()).status_code
    record.live = True
    record.save()

    assert (before, client.get(person.get_absolute_url()).status_code) == (404, 200)


def test_drafts_are_neither_listed_nor_counted(client: Client) -> None:
    person, secret_coauthor = PersonFactory(), PersonFactory(family_name="Secretive")
    topic = TopicFactory(label_en="secret topic")
    PublicationFactory(creators=[person], title="An open paper")
    PublicationFactory(creators=[person, secret_coauthor], title="A secret draft", live=False, topics=[topic])

    page = client.get(person.get_absolute_url()).content.decode()

    assert "An open paper" in page
    assert "secret" not in page.lower()
    assert "The one record, in the search" in page


def test_organisation_that_is_not_shown_is_not_named(client: Client) -> None:
    person = PersonFactory()
    hidden = OrganisationFactory(name_en="Hidden Holding", is_listed=False)
    PersonAffiliationFactory(person=person, organisation=hidden)

    page = client.get(person.get_absolute_url()).content.decode()

    assert PersonAffiliation.objects.filter(person=person).count() == 1
    assert "Hidden Holding" not in page


def test_present_employers_come_before_former_ones(client: Client) -> None:
    person = PersonFactory()
    for name, years in (("Left long ago", (2001, 2009)), ("Left lately", (2009, 2020)), ("Works there", (2020, None))):
        PersonAffiliationFactory(
            person=person, organisation=OrganisationFactory(name_en=name), start_year=years[0], end_year=years[1]
        )

    affiliations = client.get(person.get_absolute_url()).context["affiliations"]

    assert [str(one.organisation) for one in affiliations] == ["Works there", "Left lately", "Left long ago"]


def test_lists_say_where_people_work_now_and_until_when_who_left(client: Client) -> None:
    ada, bas, cas, dora, els = (PersonFactory(family_name=name) for name in ("Ada", "Bas", "Cas", "Dora", "Els"))
    old, new = OrganisationFactory(name_en="Old Hospital", short_name="OH"), OrganisationFactory(name_en="New Hospital")
    PersonAffiliationFactory(person=ada, organisation=old, start_year=2011, end_year=2017)
    PersonAffiliationFactory(person=ada, organisation=new, start_year=2017)
    PersonAffiliationFactory(person=bas, organisation=old, end_year=2017)
    for year, organisation in (("2012", old), ("2024", new)):
        paper = PublicationFactory(creators=[cas, ada, bas, dora], issued=year)
        ContributionAffiliationFactory(
            contribution=paper.contributions.get(person=cas), organisation=organisation, name="As printed"
        )

    entries = client.get("/en/people/").context["entries"]
    coauthors = client.get(dora.get_absolute_url()).context["coauthors"]

    names = {"Ada": "New Hospital", "Bas": "OH, until 2017", "Cas": "New Hospital", "Dora": None, "Els": None}
    assert {e.person.family_name: e.employer and e.employer.short for e in entries} == names
    assert {c.person.family_name: c.employer and c.employer.short for c in coauthors} == {
        name: names[name] for name in ("Ada", "Bas", "Cas")
    }
    assert els.pk not in [c.person.pk for c in coauthors]


def test_where_somebody_works_is_shown_nowhere_when_they_hide_it(client: Client) -> None:
    coy, open_one = PersonFactory(family_name="Coy", shows_affiliations=False), PersonFactory()
    hospital = OrganisationFactory(name_en="Hidden Hospital", short_name="", slug="hospital")
    PersonAffiliationFactory(person=coy, organisation=hospital)
    paper = PublicationFactory(title="Together", creators=[coy, open_one])
    addresses = ["/en/people/", coy.get_absolute_url(), open_one.get_absolute_url()]

    hidden = ["Hidden Hospital" in client.get(address).text for address in addresses]
    people_there = list(client.get(hospital.get_absolute_url()).context["people"])
    ContributionAffiliationFactory(contribution=paper.contributions.get(person=coy), organisation=hospital)
    beside_what_is_printed = [entry.employer for entry in client.get("/en/people/").context["entries"]]
    Person.objects.update(shows_affiliations=True)
    shown = ["Hidden Hospital" in client.get(address).text for address in addresses]

    assert (hidden, people_there, beside_what_is_printed) == ([False] * 3, [], [None] * 2)
    assert shown == [True] * 3


def test_topics_are_counted_with_their_records_and_pages(client: Client) -> None:
    person, topic = PersonFactory(), TopicFactory(label_en="Low-dose CT")
    for year in ("2016", "2019"):
        record = PublicationFactory(creators=[person], topics=[topic], issued=year)
        RecordFileFactory(record=record, pages=("one", "two", "three"))

    context = client.get(person.get_absolute_url()).context

    (row,) = context["topics"]
    assert (row.topic, row.records, row.pages) == (topic, 2, 6)
    assert row.by_year == ((2016, 1), (2017, 0), (2018, 0), (2019, 1))
    assert row.years_in_words == "2016, 2019"


def test_coauthors_are_those_of_live_records_with_their_number(client: Client) -> None:
    person, often, once = PersonFactory(), PersonFactory(), PersonFactory()
    PublicationFactory(creators=[person, often])
    PublicationFactory(creators=[person, often, once])

    context = client.get(person.get_absolute_url()).context

    assert [(item.person, item.records) for item in context["coauthors"]] == [(often, 2), (once, 1)]


def test_somebody_who_only_edited_is_listed_as_editor(client: Client) -> None:
    person = PersonFactory()
    record = PublicationFactory(creators=["Ada Lovelace"])
    ContributionFactory(record=record, person=person, role="Editor", sort_order=5)

    context = client.get(person.get_absolute_url()).context

    assert [(record.pk, part) for record, part in context["listed"]] == [(record.pk, "Editor")]


def test_merged_and_renamed_people_lead_to_their_page_for_good(client: Client) -> None:
    kept = PersonFactory(slug="hoeven")
    merged = PersonFactory(slug="v-d-hoeven", merged_into=kept)
    kept.slug = "van-der-hoeven"
    kept.save()

    answers = [client.get(f"/en/people/{slug}/") for slug in ("hoeven", merged.slug)]

    assert FormerAddress.objects.filter(slug="hoeven").exists()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(301, "/en/people/van-der-hoeven/")] * 2


@pytest.mark.parametrize("slug", ["nobody", "x" * 200, "ürsula", "a%00b"])
def test_unknown_slug_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/en/people/{slug}/").status_code == 404


def test_page_takes_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(person: Person, number: int) -> None:
        for _ in range(number):
            record = PublicationFactory(
                creators=[person, PersonFactory(), PersonFactory()], topics=[TopicFactory()], event=EventFactory()
            )
            RecordFileFactory(record=record)
        PersonAffiliationFactory(person=person)

    one, three = PersonFactory(), PersonFactory()
    add(one, 1)
    add(three, 3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(40) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())


def test_hostile_names_and_texts_are_text(client: Client) -> None:
    person = PersonFactory(
        given_name="<script>alert(1)</script>", family_name='"><img src=x>', biography_en="<b onclick=x>bio</b>"
    )
    PublicationFactory(creators=[person], title="</title><script>alert(2)</script>")

    page = client.get(person.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b onclick" not in page


# The index ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family_name", "expected"),
    [
        ("van der Hoeven", "Hoeven, Ada van der"),
        ("'t Hart", "Hart, Ada 't"),
        ("Ten Brinke", "Ten Brinke, Ada"),
        ("d'Angelo", "d'Angelo, Ada"),
        ("El Idrissi", "El Idrissi, Ada"),
        ("明", "明, Ada"),
    ],
)
def test_particles_follow_the_name_in_an_index(family_name: str, expected: str) -> None:
    assert index_name(family_name, "Ada") == expected


def test_index_lists_people_by_letter_with_their_live_records(client: Client) -> None:
    hoeven = PersonFactory(given_name="Marieke", family_name="van der Hoeven")
    PersonFactory(given_name="Özge", family_name="Özdemir")
    PersonFactory(family_name="Hidden", is_listed=False)
    PublicationFactory(creators=[hoeven])
    PublicationFactory(creators=[hoeven], live=False)

    context = client.get("/en/people/").context

    assert context["letters"] == ["H", "O"]
    assert [(entry.letter, entry.name, entry.person.record_count) for entry in context["entries"]] == [
        ("H", "Hoeven, Marieke van der", 1),
        ("O", "Özdemir, Özge", 0),
    ]


def test_index_is_narrowed_to_a_letter(client: Client) -> None:
    PersonFactory(family_name="Haarsma"), PersonFactory(family_name="Osinga")

    shown = [entry.name for entry in client.get("/en/people/?letter=o").context["entries"]]
    nobody = client.get("/en/people/?letter=Q").content.decode()

    assert shown == ["Osinga, Marieke"]
    assert "Nobody at this letter." in nobody


@pytest.mark.parametrize("page", ["0", "-1", "9999999999999999999999", "x", ""])
def test_index_answers_any_page_number(client: Client, page: str) -> None:
    PersonFactory()

    assert client.get("/en/people/", {"page": page}).status_code == 200


def test_index_takes_the_same_queries_for_one_and_for_three_people(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add() -> None:
        PersonAffiliationFactory()
        ContributionAffiliationFactory(contribution=PublicationFactory(creators=[PersonFactory()]).contributions.get())

    add()
    client.get("/en/people/")
    with django_assert_max_num_queries(15) as counted:
        client.get("/en/people/")
    add(), add()

    with django_assert_num_queries(len(counted)):
        client.get("/en/people/")


def test_unknown_language_codes_stay_as_they_are() -> None:
    assert language_names("nl,, xx-1 ,FY") == ["Dutch", "xx-1", "Frisian"]


def test_presentations_and_publications_are_told_apart_by_year(client: Client) -> None:
    person = PersonFactory()
    PublicationFactory(creators=[person], issued="2018")
    PresentationFactory(creators=[person], issued="2019-05")
    PresentationFactory(creators=[person], issued="")

    activity = client.get(person.get_absolute_url()).context["activity"]

    assert [(bar.year, bar.publications, bar.others) for bar in activity.bars] == [(2018, 1, 0), (2019, 0, 1)]
    assert activity.undated == 1
