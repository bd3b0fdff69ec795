"""Who is who, and two that turn out to be one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from publications.errors import MergeError
from publications.merging import merge_organisations, merge_people
from publications.metadata import Affiliation, Agent, RecordMetadata
from publications.models import Contribution, EventPartner, LikelyDouble, Organisation, Person, Publication
from publications.models.addresses import find_by_address
from publications.names import fold_name
from publications.people import (
    OrganisationMatcher,
    PersonMatcher,
    match_organisation,
    match_person,
)
from publications.records import create_record, update_record
from publications.signals import record_changed
from tests.factories import (
    CollectionFactory,
    ContributionAffiliationFactory,
    ContributionFactory,
    EditorFactory,
    EventFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    UserFactory,
)

ORCID, OTHER_ORCID = "0000-0002-1825-0097", "0000-0001-5109-3700"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("J.-P. Möller", "j p moller"),
        ("Łukasz Øster-Æbel", "lukasz oster aebel"),
        ("O’Brien  ", "o brien"),
        ("Weiß", "weiss"),
        ("王伟", "王伟"),
        ("…", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text, folded):
    assert fold_name(text) == folded


def agent(name: str, **kwargs) -> Agent:
    """ "van den Berg, Jan" as an agent."""
    family_name, _, given_name = name.partition(", ")
    return Agent(family_name, given_name, **kwargs)


def matched(known: str, asked: str, *, orcid: str = "", asked_orcid: str = "", other_names: str = "") -> float | None:
    """How sure the hub, which knows one person, is that the name asked for is theirs."""
    family_name, _, given_name = known.partition(", ")
    person = PersonFactory(family_name=family_name, given_name=given_name, orcid=orcid, other_names=other_names)
    found = match_person(agent(asked, orcid=asked_orcid))
    assert found is None or found[0] == person
    return found and found[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "asked", "confidence"),
    [
        ("van den Berg, Jan", "van den Berg, Jan", 0.9),
        ("van den Berg, Jan", "Berg, Jan van den", 0.9),
        ("Möller, José", "MOLLER, Jose", 0.9),
        ("Smit-de Vries, Anne", "Smit de Vries, Anne", 0.9),
        ("Plato", "Plato", 0.9),
        ("Abdi, Amir H.", "Abdi, Amir", 0.8),
        ("Abdi, Amir", "Abdi, Amir Hassan", 0.8),
        ("Abdi, Amir Hassan", "Abdi, Amir H.", 0.8),
        ("Zheng, Wei-Shi", "Zheng, Weishi", 0.8),
        ("Jansen, JP", "Jansen, J.P.", 0.8),
        ("Jansen, J.", "Jansen, J", 0.6),
        ("Jansen, J.P.", "Jansen, J.-P.", 0.6),
        ("van den Berg, Jan", "van den Berg, J.", None),
        ("van den Berg, J.", "van den Berg, Jan", None),
        ("van den Berg, Jan", "Berg, Jan", None),
        ("Abdi, Amir H.", "Abdi, Amir K.", None),
        ("Abdi, Amir Hassan", "Abdi, Amir Hossein", None),
        ("Zhang, Wei", "Wei, Zhang", None),
        ("Jansen, Jan", "Janssen, Jan", None),
        ("Jansen, Jan", "Jansen", None),
        ("Jansen, Jan", "…", None),
    ],
)
def test_the_same_name_is_the_same_person_and_a_bare_initial_is_not(known, asked, confidence):
    assert matched(known, asked) == confidence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "asked", "orcid", "asked_orcid", "confidence"),
    [
        ("Jansen, Jan", "Pietersen, Piet", ORCID, ORCID, 1.0),
        ("Jansen, Jan", "Jansen, Jan", ORCID, OTHER_ORCID, None),
        ("Jansen, Jan", "Jansen, Jan", ORCID, "", 0.9),
        ("Jansen, Jan", "Jansen, Jan", "", ORCID, 0.9),
    ],
)
def test_an_orcid_decides(known, asked, orcid, asked_orcid, confidence):
    assert matched(known, asked, orcid=orcid, asked_orcid=asked_orcid) == confidence


@pytest.mark.django_db
def test_a_form_that_an_editor_noted_is_the_same_person():
    assert matched("van den Berg, Jan", "van den Berg, J.", other_names="J. van den Berg\nJohannes Berg") == 0.6


@pytest.mark.django_db
def test_two_who_could_be_meant_are_nobody():
    PersonFactory(given_name="Amir H.", family_name="Abdi")
    PersonFactory(given_name="Amir K.", family_name="Abdi")

    assert match_person(agent("Abdi, Amir")) is None


@pytest.mark.django_db
def test_the_same_employer_is_evidence_and_another_one_is_counter_evidence():
    twente, nijmegen = OrganisationFactory(), OrganisationFactory()
    jan = PersonAffiliationFactory(
        person=PersonFactory(given_name="Jan", family_name="van den Berg"), organisation=twente
    ).person

    assert match_person(agent("van den Berg, J."), organisation_ids=[twente.pk]) == (jan, 0.85)
    assert match_person(agent("van den Berg, Jan"), organisation_ids=[twente.pk]) == (jan, 0.95)
    assert match_person(agent("van den Berg, J."), organisation_ids=[nijmegen.pk]) is None
    assert match_person(agent("van den Berg, Jan"), organisation_ids=[nijmegen.pk]) is None


@pytest.mark.django_db
def test_of_two_namesakes_the_colleague_is_meant():
    twente = OrganisationFactory()
    PersonFactory(given_name="Wei", family_name="Zhang")
    contribution = ContributionFactory(person=PersonFactory(given_name="Wei", family_name="Zhang"))
    ContributionAffiliationFactory(contribution=contribution, organisation=twente)

    found = match_person(agent("Zhang, Wei"), organisation_ids=[twente.pk])

    assert found == (contribution.person, 0.95)


@pytest.mark.django_db
def test_a_name_printed_in_two_ways_is_no_proof_of_two_employers():
    """Nobody vouched for organisations that an import made of printed affiliations."""
    first = RecordMetadata("One", agents=(agent("Jansen, Jan", affiliations=(Affiliation("Radboudumc"),)),))
    second = RecordMetadata("Two", agents=(agent("Jansen, Jan", affiliations=(Affiliation("Radboud UMC Nijmegen"),)),))

    create_record(first, live=True)
    create_record(second, live=True)

    assert (Person.objects.count(), Organisation.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_the_names_of_a_merged_person_lead_to_whom_they_became():
    kept = PersonFactory(given_name="Marieke", family_name="Smit")
    middle = PersonFactory(given_name="M.", family_name="de Wit", merged_into=kept)
    PersonFactory(given_name="Marieke", family_name="de Wit", merged_into=middle)

    assert match_person(agent("de Wit, Marieke")) == (kept, 0.9)
    assert match_person(agent("de Wit, M.")) == (kept, 0.6)


@pytest.mark.django_db
def test_a_thousand_known_authors_cost_no_query():
    Person.objects.bulk_create(Person(given_name="Jan", family_name=f"Jansen{n}", slug=f"jan-{n}") for n in range(1000))
    with CaptureQueriesContext(connection) as loading:
        matcher = PersonMatcher()

    with CaptureQueriesContext(connection) as matching:
        ids = {matcher.find_or_create(agent(f"Jansen{n}, Jan")) for n in range(1000)}

    assert len(ids) == Person.objects.count() == 1000
    assert (len(loading) <= 3, len(matching)) == (True, 0)


@pytest.mark.django_db
def test_a_matcher_learns_of_people_that_others_add():
    matcher, organisations = PersonMatcher(), OrganisationMatcher()
    person, organisation = PersonFactory(given_name="Ada", family_name="Lovelace"), OrganisationFactory(name_en="CERN")

    matcher.refresh()
    organisations.refresh()

    assert matcher.find_or_create(agent("Lovelace, Ada")) == person.pk
    assert organisations.match(Affiliation("cern")) == organisation.pk


# Sure enough, or somebody new and listed ------------------------------------------------------------------------------


def printed(*names: str, title: str = "On wedges", **kwargs) -> RecordMetadata:
    """The metadata of a work by these."""
    return RecordMetadata(title, agents=tuple(agent(name, **kwargs) for name in names))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "asked", "reason"),
    [
        ("van der Berg, Jan", "van der Berg, J.", "initials"),
        ("van der Berg, J.", "van der Berg, Jan", "initials"),
        ("Jansen, J.", "Jansen, J.", "same_initials"),
    ],
)
def test_what_is_unsure_is_somebody_new_and_on_the_list_of_doubles_at_once(known, asked, reason):
    family_name, _, given_name = known.partition(", ")
    person = PersonFactory(family_name=family_name, given_name=given_name)

    create_record(printed(asked), live=True)

    new = Contribution.objects.get().person
    assert new != person
    double = LikelyDouble.objects.get()
    assert ({double.first_id, double.second_id}, double.reasons) == ({person.pk, new.pk}, [reason])


@pytest.mark.django_db
def test_of_two_namesakes_nobody_is_taken_without_evidence():
    known = [PersonFactory(given_name="Wei", family_name="Zhang") for _number in range(2)]

    create_record(printed("Zhang, Wei"), live=True)

    assert Contribution.objects.get().person not in known
    assert LikelyDouble.objects.count() == 2


@pytest.mark.django_db
def test_initials_are_somebody_known_beside_those_they_wrote_with_before():
    create_record(printed("Jansen, J.", "van der Berg, P."), live=True)
    create_record(printed("Jansen, J.", "Smit, K.", title="On something else"), live=True)
    assert Person.objects.filter(family_name="Jansen").count() == 2

    record = create_record(printed("Jansen, J.", "Berg, P. van der", title="More on wedges"), live=True)

    first = Contribution.objects.filter(record__title="On wedges")
    assert [c.person for c in record.contributions.all()] == [c.person for c in first]


@pytest.mark.django_db
def test_an_orcid_that_is_anothers_makes_somebody_new_who_is_no_double():
    person = PersonFactory(given_name="Jan", family_name="Jansen", orcid=ORCID)

    create_record(printed("Jansen, Jan", orcid=OTHER_ORCID), live=True)

    assert Contribution.objects.get().person != person
    assert not LikelyDouble.objects.exists()


@pytest.mark.django_db
def test_whom_a_name_stood_for_on_a_list_it_goes_on_standing_for():
    record = create_record(printed("Jansen, J."), live=True)
    person = Contribution.objects.get().person

    update_record(record, printed("Jansen, J.", title="On wedges, again"), publish=True)

    assert Contribution.objects.get().person == person
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_name_with_a_suffix_is_another_ones():
    assert matched("King, Martin", "King Jr., Martin") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("d'Ancona, Cesare", "D’Ancona, Cesare"),
        ("ten Haken, Bernard", "Haken, Bernard ten"),
        ("Van den Heuvel-Eibrink, Marry", "Heuvel-Eibrink, Marry van den"),
        ("García Márquez, Gabriel", "Márquez, Gabriel García"),
        ("King Jr., Martin", "King, Martin Jr."),
        ("王, 伟", "王伟"),
    ],
)
def test_one_person_in_two_ways_of_printing(known, asked):
    assert matched(known, asked) == 0.9


# Organisations ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "ror", "is_known"),
    [
        ("Universiteit Twente", "", True),
        ("university of twente", "", True),
        ("UT", "", True),
        ("Twente University of Technology", "", True),
        ("Department of Imaging, University of Twente, Enschede, NL", "", True),
        ("Faculty of Imaging (University of Twente)", "", True),
        ("Whatever", "006hf6230", True),
        ("University of Twente", "016xsfp80", False),
        ("University of Twentenham", "", False),
        ("", "", False),
    ],
)
def test_an_organisation_is_known_by_ror_or_any_name(name, ror, is_known):
    organisation = OrganisationFactory(
        name_en="University of Twente",
        name_nl="Universiteit Twente",
        short_name="UT",
        other_names="Twente University of Technology",
        ror="006hf6230",
    )

    assert match_organisation(Affiliation(name, ror=ror)) == (organisation if is_known else None)


@pytest.mark.django_db
def test_a_new_organisation_is_made_of_a_name_and_not_of_a_line_of_several():
    matcher = OrganisationMatcher()

    assert matcher.find_or_create(Affiliation("Dept. of X, Univ. of Y, Z")) is None
    dutch = matcher.find_or_create(Affiliation("Ziekenhuis Oost"), language="nl")
    with_ror = matcher.find_or_create(Affiliation("A, B and C", ror="016xsfp80"))
    group = matcher.find_or_create(Affiliation("Jansen, Smit and Co"), is_whole_name=True)

    names = Organisation.objects.order_by("pk").values_list("pk", "name_nl", "name_en", "ror", "is_listed")
    assert list(names) == [
        (dutch, "Ziekenhuis Oost", "", "", False),
        (with_ror, "", "A, B and C", "016xsfp80", False),
        (group, "", "Jansen, Smit and Co", "", False),
    ]
    assert matcher.find_or_create(Affiliation("ziekenhuis oost")) == dutch


# Merging --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_merged_persons_works_employers_and_account_go_to_the_kept_one():
    twente, nijmegen = OrganisationFactory(), OrganisationFactory()
    kept = PersonFactory(given_name="Marieke", family_name="Smit", biography_en="Kept.", is_listed=False)
    merged = PersonFactory(
        given_name="M.",
        family_name="Smit",
        orcid=ORCID,
        biography_en="Lost.",
        position_nl="hoogleraar",
        email="m@smit.example",
        has_consented=True,
        user=UserFactory(),
        other_names="Marieke Smit\nM. Smit-Bos",
    )
    account = merged.user
    PersonAffiliationFactory(person=kept, organisation=twente)
    PersonAffiliationFactory(person=merged, organisation=twente)
    PersonAffiliationFactory(person=merged, organisation=nijmegen)
    record = PublicationFactory(creators=[merged])
    both, only_merged = CollectionFactory(), CollectionFactory()
    both.curators.set([kept, merged])
    both.save()
    only_merged.curators.set([merged])
    only_merged.save()
    editor = EditorFactory()

    merge_people(kept, merged, user=editor)

    kept.refresh_from_db()
    merged.refresh_from_db()
    assert merged.merged_into == kept
    assert [c.person for c in Contribution.objects.filter(record=record)] == [kept]
    assert [a.organisation for a in kept.affiliations.all()] == [twente, nijmegen]
    assert [
        list(c.curators.through.objects.filter(collection=c).values_list("person", flat=True))
        for c in (both, only_merged)
    ] == [[kept.pk], [kept.pk]]
    assert (kept.orcid, kept.biography_en, kept.position_nl, kept.is_listed) == (ORCID, "Kept.", "hoogleraar", True)
    assert (kept.email, kept.has_consented, kept.user, merged.user) == ("m@smit.example", True, account, None)
    assert kept.other_names.splitlines() == ["M. Smit", "M. Smit-Bos"]
    assert find_by_address(Person, merged.slug) == kept
    entries = ModelLogEntry.objects.filter(action="publications.merge")
    assert {(entry.object_id, entry.user) for entry in entries} == {(str(kept.pk), editor), (str(merged.pk), editor)}
    assert str(entries[0].message) == "“M. Smit” was merged into this"


@pytest.mark.django_db
def test_consent_given_under_another_address_is_not_inherited():
    kept = PersonFactory(email="kept@example.org")
    merge_people(kept, PersonFactory(email="merged@example.org", has_consented=True))

    kept.refresh_from_db()
    assert (kept.email, kept.has_consented) == ("kept@example.org", False)


@pytest.mark.django_db
def test_a_merge_announces_the_records_of_both():
    kept, merged = PersonFactory(), PersonFactory()
    records = [PublicationFactory(creators=[person]) for person in (kept, merged)]
    heard = set()

    def hear(sender, pids, **kwargs):
        heard.update(pids)

    record_changed.connect(hear)
    try:
        merge_people(kept, merged)
    finally:
        record_changed.disconnect(hear)

    assert heard == {record.pid for record in records}


@pytest.mark.django_db
def test_what_was_merged_into_a_merged_person_follows():
    first, second, third = PersonFactory(), PersonFactory(), PersonFactory()

    merge_people(second, first)
    merge_people(third, second)

    first.refresh_from_db()
    assert first.merged_into == third


@pytest.mark.django_db
def test_a_draft_older_than_the_merge_is_published_with_the_kept_person_and_organisation():
    record = create_record(
        RecordMetadata(
            "Draft",
            agents=(
                agent("Smit, M.", affiliations=(Affiliation("Old Institute"),)),
                Agent("Old Institute", is_organisation=True),
            ),
        ),
        live=True,
    )
    update_record(
        record,
        RecordMetadata(
            "Draft two",
            agents=(
                agent("Smit, M.", affiliations=(Affiliation("Old Institute"),)),
                Agent("Old Institute", is_organisation=True),
            ),
        ),
    )
    merged, kept = Person.objects.get(), PersonFactory(given_name="Marieke", family_name="Smit")
    old, new = Organisation.objects.get(), OrganisationFactory()
    merge_people(kept, merged)
    merge_organisations(new, old)

    record = Publication.objects.get()
    record.latest_revision.publish()

    record = Publication.objects.get()
    smit, institute = record.contributions.all()
    assert (record.title, smit.person, smit.family_name) == ("Draft two", kept, "Smit")
    assert (smit.affiliations.get().organisation, institute.organisation) == (new, new)


@pytest.mark.django_db
def test_two_who_cannot_be_one_are_not_merged():
    kept, merged = PersonFactory(orcid=ORCID), PersonFactory(orcid=OTHER_ORCID)
    with pytest.raises(MergeError, match="different ORCID iDs"):
        merge_people(kept, merged)
    with pytest.raises(MergeError, match="with itself"):
        merge_people(kept, kept)
    with pytest.raises(MergeError, match="account"):
        merge_people(PersonFactory(user=UserFactory()), PersonFactory(user=UserFactory()))
    with pytest.raises(MergeError, match="merged before"):
        merge_people(kept, PersonFactory(merged_into=merged))

    assert Person.objects.filter(merged_into=kept).count() == 0


@pytest.mark.django_db
def test_a_merged_organisations_people_works_and_events_go_to_the_kept_one():
    kept = OrganisationFactory(name_en="University of Twente", is_listed=False)
    merged = OrganisationFactory(name_en="Twente University", short_name="TU", ror="006hf6230", is_partner=True)
    employee = PersonAffiliationFactory(organisation=merged)
    printed = ContributionAffiliationFactory(organisation=merged)
    corporate = ContributionFactory(organisation=merged, is_organisation=True)
    EventFactory(partners=[kept, merged])
    hosted = EventFactory(partners=[EventPartner(organisation=merged, role="host"), kept])

    merge_organisations(kept, merged)

    for thing in (kept, merged, employee, printed, corporate):
        thing.refresh_from_db()
    assert [employee.organisation, printed.organisation, corporate.organisation] == [kept] * 3
    assert set(EventPartner.objects.values_list("organisation", flat=True)) == {kept.pk}
    assert EventPartner.objects.count() == 3
    assert sorted(hosted.partners.values_list("role", flat=True)) == ["host", "partner"]
    assert (kept.ror, kept.is_partner, kept.is_listed) == ("006hf6230", True, True)
    assert kept.other_names.splitlines() == ["Twente University", "TU"]
    assert find_by_address(Organisation, merged.slug) == kept
