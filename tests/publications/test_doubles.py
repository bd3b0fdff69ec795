"""Pairs that may be one: found without comparing each with each, kept as a list, decided by editors."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from publications.doubles import are_distinct, distinguish, keeping, note_doubles, refresh_doubles
from publications.doubles import take_back_distinction as take_back
from publications.doubles.organisations import find_organisations
from publications.doubles.pairs import MOST_IN_BLOCK, candidate_pairs
from publications.doubles.people import find_people
from publications.doubles.topics import find_topics
from publications.merging import merge_people, undo_merge
from publications.models import Distinction, DoublesPass, LikelyDouble, MergeLog, Person
from tests.factories import (
    ContributionAffiliationFactory,
    EditorFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def person(name: str, **kwargs) -> Person:
    """ "van den Berg, Jan" as a person."""
    family_name, _, given_name = name.partition(", ")
    return PersonFactory(given_name=given_name, family_name=family_name, **kwargs)


def reasons(pairs) -> dict[tuple[int, int], tuple[str, ...]]:
    return {(pair.first, pair.second): pair.reasons for pair in pairs}


# People ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Jansen, Jan", "Jansen, Jan", "same"),
        ("van den Berg, Jan", "van den Berg, J.", "initials"),
        ("van den Berg, Jan", "Berg, Jan", "particles"),
        ("Abdi, Amir", "Abdi, Amir H.", "shorter"),
        ("Zhang, Wei", "Wei, Zhang", "order"),
        ("Müller, Jürgen", "Mueller, Juergen", "spelling"),
        ("Jansen, Marieke", "Janssen, Marieke", "spelling"),
        ("García, Gabriel", "García Márquez, Gabriel", "second_name"),
        ("Jansen, J.", "Jansen, J.P.", "same_initials"),
    ],
)
def test_names_that_are_alike_are_found(one, other, why):
    first, second = person(one), person(other)
    person("Pietersen, Piet")

    assert reasons(find_people()) == {(first.pk, second.pk): (why,)}


def test_another_form_of_a_name_counts():
    first, second = person("Smit, Marieke", other_names="Marieke de Wit"), person("de Wit, Marieke")

    assert reasons(find_people()) == {(first.pk, second.pk): ("same",)}


def test_two_orcids_or_one_list_of_authors_are_two_people():
    person("Jansen, Jan", orcid="0000-0002-1825-0097")
    person("Jansen, Jan", orcid="0000-0001-5109-3700")
    PublicationFactory(creators=[person("Zhang, Wei"), person("Zhang, Wei")])

    assert find_people() == []


def test_co_authors_and_employers_speak_for_it_and_other_employers_against():
    colleague, twente = person("Grijs, Bas"), OrganisationFactory()
    first, second, third = person("Jansen, Jan"), person("Jansen, J."), person("Jansen, Jan")
    for one in (first, second):
        record = PublicationFactory(creators=[one, colleague])
        ContributionAffiliationFactory(contribution=record.contributions.first(), organisation=twente)
    PersonAffiliationFactory(person=third, organisation=OrganisationFactory())

    found = {(pair.first, pair.second): pair for pair in find_people()}

    near, far = found[first.pk, second.pk], found[first.pk, third.pk]
    assert near.reasons == ("initials", "co_authors", "employer")
    assert far.reasons == ("same", "other_employers")
    assert (near.confidence, far.confidence) == (0.8, 0.7)


def test_an_initial_that_fits_many_is_nobody_in_particular():
    person("Jansen, J.")
    for name in ("Jan", "Jos", "Joke", "Jeroen"):
        person(f"Jansen, {name}")

    assert find_people() == []


def test_who_was_merged_is_no_double():
    kept = person("Jansen, Jan")
    person("Jansen, Jan", merged_into=kept)

    assert find_people() == []


# Without comparing each with each ----------------------------------------------------------------------------------


def test_a_key_that_too_many_share_says_nothing():
    many = [(number, "jansen") for number in range(MOST_IN_BLOCK + 1)]

    assert list(candidate_pairs(many, keys=lambda thing: [thing[1]])) == []
    assert (
        len(list(candidate_pairs(many[1:], keys=lambda thing: [thing[1]]))) == MOST_IN_BLOCK * (MOST_IN_BLOCK - 1) / 2
    )
    few = [(1, "a", "b"), (2, "a", "b"), (3, "b", "c")]
    pairs = candidate_pairs(few, keys=lambda thing: thing[1:])
    assert [(one[0], other[0]) for one, other in pairs] == [(1, 2), (1, 3), (2, 3)]


def test_five_times_as_many_people_ask_about_as_many_questions_and_compare_five_times_as_many(monkeypatch):
    compared = []
    from publications.doubles import people

    really = people.compare_names
    monkeypatch.setattr(people, "compare_names", lambda *names: compared.append(1) or really(*names))

    def work(start: int, stop: int) -> tuple[int, int]:
        compared.clear()
        Person.objects.bulk_create(
            Person(given_name=given, family_name=f"Fam{number:04}x", slug=f"{given}-{number}".lower().strip("."))
            for number in range(start, stop)
            for given in ("Jan", "J.", "Piet")
        )
        with CaptureQueriesContext(connection) as asked:
            assert len(find_people()) == stop
        return len(compared), len(asked)

    few, few_questions = work(0, 100)
    many, many_questions = work(100, 500)

    assert many <= 5 * few
    assert many_questions <= few_questions + 8  # one for each five hundred people


# Organisations and topics -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"name_en": "University of Twente"}, {"name_en": "The University Twente"}, "same"),
        ({"name_en": "Twente University"}, {"name_en": "University of Twente"}, "order"),
        ({"name_en": "Hospital Müller"}, {"name_en": "Hospital Mueller"}, "spelling"),
        ({"name_en": "UMC", "name_nl": ""}, {"name_en": "University Medical Centre"}, "abbreviation"),
        ({"name_en": "Radboud University"}, {"name_en": "Radboud University Nijmegen"}, "longer"),
        ({"name_en": "Grijs"}, {"name_en": "Wit", "url": "https://www.grijs.example/"}, "website"),
    ],
)
def test_organisations_that_are_alike_are_found(one, other, why):
    plain = {"short_name": "", "name_nl": "", "city": "", "url": ""}
    url = {"url": "https://grijs.example"} if why == "website" else {}
    first, second = OrganisationFactory(**plain | one | url), OrganisationFactory(**plain | other)
    OrganisationFactory(**plain | {"name_en": "Something else"})

    assert reasons(find_organisations()) == {(first.pk, second.pk): (why,)}


def test_organisations_with_two_ror_ids_or_in_two_countries_are_two():
    OrganisationFactory(name_en="Grijs", ror="006hf6230")
    OrganisationFactory(name_en="Grijs", ror="016xsfp80")
    OrganisationFactory(name_en="Radboud University", country="NL")
    OrganisationFactory(name_en="Radboud University Press", country="DE")

    assert find_organisations() == []


def test_topics_that_are_alike_are_found():
    wedge = TopicFactory(label_en="Step wedge", label_nl="")
    wedges = TopicFactory(label_en="Step wedges", label_nl="")
    strip = TopicFactory(label_en="Grey strip", label_nl="", synonyms_en="step wedge")
    TopicFactory(label_en="Something else", label_nl="")

    assert reasons(find_topics()) == {
        (wedge.pk, wedges.pk): ("plural",),
        (wedge.pk, strip.pk): ("synonym",),
    }


# The list -----------------------------------------------------------------------------------------------------------


def test_the_list_is_made_anew_when_something_changed_and_an_hour_went_by(monkeypatch):
    first, second = person("Jansen, Jan"), person("Jansen, Jan")
    assert refresh_doubles() == 1
    row = LikelyDouble.objects.get()
    person("Jansen, Jan P.")
    assert refresh_doubles() == 0

    DoublesPass.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert refresh_doubles() == 3
    DoublesPass.objects.update(made_at=timezone.now() - timedelta(hours=2))
    monkeypatch.setitem(keeping.FINDERS, Person, lambda: pytest.fail("nothing changed"))

    assert refresh_doubles() == 0
    assert LikelyDouble.objects.get(first_id=first.pk, second_id=second.pk) == row


def test_what_is_no_longer_alike_leaves_the_list():
    first, _second = person("Jansen, Jan"), person("Jansen, Jan")
    refresh_doubles()
    first.family_name = "Pietersen"
    first.save_revision()
    first.save()

    refresh_doubles(at_once=True)

    assert not LikelyDouble.objects.exists()


def test_a_merge_takes_its_pairs_off_the_list_and_undoing_it_puts_them_back():
    first, second = person("Jansen, Jan"), person("Jansen, Jan")
    refresh_doubles()

    merge_people(first, second)
    assert not LikelyDouble.objects.exists()
    undo_merge(MergeLog.objects.get(), user=None)

    assert refresh_doubles(at_once=True) == 1


def test_two_that_an_editor_told_apart_are_not_listed_until_that_is_taken_back():
    first, second = person("Jansen, Jan"), person("Jansen, Jan")
    refresh_doubles()
    editor = EditorFactory()

    distinction = distinguish(second, first, user=editor)
    distinguish(first, second, user=editor)

    assert are_distinct(Person, second.pk, first.pk)
    assert (Distinction.objects.count(), LikelyDouble.objects.count()) == (1, 0)
    assert refresh_doubles(at_once=True) == 0
    assert note_doubles(Person, second.pk, [first.pk]) == 0
    take_back(distinction, user=editor)
    assert LikelyDouble.objects.count() == 1
    told = ModelLogEntry.objects.filter(action__in=["publications.distinguish", "publications.undistinguish"])
    assert {(entry.action, entry.object_id, entry.user) for entry in told} == {
        (f"publications.{act}", str(one.pk), editor)
        for act in ("distinguish", "undistinguish")
        for one in (first, second)
    }


def test_a_new_person_is_put_on_the_list_with_those_they_might_be_and_nobody_else():
    first, second, third = person("Jansen, Jan"), person("Jansen, Jan"), person("Jansen, J.")

    assert note_doubles(Person, third.pk, [first.pk, second.pk]) == 2
    assert note_doubles(Person, third.pk, [first.pk]) == 1

    assert set(LikelyDouble.objects.values_list("first_id", "second_id")) == {
        (first.pk, third.pk),
        (second.pk, third.pk),
    }
