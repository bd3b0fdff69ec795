"""What is hard to set: nothing at all, one author and three hundred, words without end, text from right to left."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from publications.site_tree import create_site_tree
from search.indexing import rebuild_index
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_pages import problems_of
from tests.factories import (
    EventFactory,
    OrganisationFactory,
    PersonAffiliationFactory,
    PersonFactory,
    PublicationFactory,
    RecordFileFactory,
    SiteSettingsFactory,
    TopicFactory,
)

LONG = "meerjarenonderhoudsplanningsoverlegvergaderingsverslagen"
ARABIC = "قياس جرعة الإشعاع في التصوير الطبي"

EMPTY = {
    "search": "/search/",
    "experts": "/experts/?q=wedge",
    "people": "/people/",
    "organisations": "/organisations/",
    "events": "/events/",
    "topics": "/topics/",
    "collections": "/collections/",
    "news": "/news/",
    "home": "/",
}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_lists_with_nothing_in_them_say_so(
    transactional_db: None, own_folders: None, visit: Visit, language: str
) -> None:
    create_site_tree()
    rebuild_index()
    visitor = visit()

    problems = {}
    for name, address in EMPTY.items():
        problems[name] = problems_of(visitor, name, f"/{language}{address}")
        says_so = visitor.page.locator("main .missing, main .empty h2").count()
        problems[name] += [] if says_so or name == "home" else ["says nothing of being empty"]

    assert not any(problems.values()), problems


@pytest.fixture
def hard(transactional_db: None, own_folders: None, browser: Any) -> dict[str, str]:
    """The address of each page that is hard to set, without its language."""
    create_site_tree()
    SiteSettingsFactory(cluster_name="CMI-NEN")
    clinic = OrganisationFactory(name_nl=f"Kliniek voor {LONG}", name_en="")
    person = PersonFactory(given_name="Hadewych-Philippa", family_name="Wolfeschlegelsteinhausenbergerdorff", slug="w",
                           position_nl=LONG.capitalize(), has_consented=True)  # fmt: skip
    PersonAffiliationFactory(person=person, organisation=clinic)
    topic = TopicFactory(label_nl=LONG.capitalize(), label_en="", slug="lang")
    event = EventFactory(title_nl=f"Dag van de {LONG}", title_en="", slug="dag", place=LONG,
                         starts=timezone.now() + timedelta(days=3), summary_nl=f"Over {LONG}.")  # fmt: skip
    crowd = PublicationFactory(title="Many hands", creators=[f"Voornaam{n} Achternaam{n}" for n in range(300)])
    lone = PublicationFactory(title=f"Handboek {LONG}", language="nl", creators=[person], topics=[topic], event=event,
                              abstract=f"Over {LONG} en {LONG.upper()}.", issued="2024")  # fmt: skip
    arabic = PublicationFactory(title=ARABIC, language="und", translated_title="Radiation dose in medical imaging",
                                creators=["ليلى حداد", person], issued="2023")  # fmt: skip
    for record in (crowd, lone, arabic):
        RecordFileFactory(record=record, name=f"{LONG}.pdf", pages=[f"Zie {LONG}."])
    rebuild_index()
    return {
        "crowd": f"/records/{crowd.pid}/",
        "lone": f"/records/{lone.pid}/",
        "arabic": f"/records/{arabic.pid}/",
        "search": "/search/",
        "search, quoted": f"/search/?q={LONG}",
        "reader": f"/records/{lone.pid}/pages/1/1/?q={LONG}",
        "experts": f"/experts/?q={LONG}",
        "people": "/people/",
        "person": "/people/w/",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{clinic.slug}/",
        "events": "/events/",
        "event": "/events/dag/",
        "topics": "/topics/",
        "topic": "/topics/lang/",
    }


def test_nothing_of_it_breaks_a_page(hard: dict[str, str], visit: Visit) -> None:
    visitor = visit()

    problems = {name: problems_of(visitor, name, f"/nl{address}") for name, address in hard.items()}

    assert not any(problems.values()), "\n".join(f"{name}: {line}" for name in problems for line in problems[name])


@pytest.mark.parametrize("has_scripts", [True, False])
def test_three_hundred_authors_are_folded_and_all_there(hard: dict[str, str], visit: Visit, has_scripts: bool) -> None:
    visitor = visit(java_script_enabled=has_scripts)
    visitor.go("/en" + hard["crowd"])
    last = visitor.page.get_by_text("Voornaam299 Achternaam299", exact=True)
    expect(visitor.page.get_by_text("Voornaam0 Achternaam0", exact=True)).to_be_visible()
    expect(last).to_be_hidden()

    visitor.page.get_by_text("Show all 300 authors").click()

    expect(last).to_be_visible()


def test_a_title_from_right_to_left_begins_at_the_right(hard: dict[str, str], visit: Visit) -> None:
    visitor = visit()
    for address in (hard["arabic"], hard["search"]):
        visitor.go("/en" + address)
        title = visitor.page.locator("h1, .hit-title").filter(has_text=ARABIC)

        assert title.evaluate("element => getComputedStyle(element).direction") == "rtl", address


def test_long_dutch_words_are_parted_by_their_syllables(hard: dict[str, str], visit: Visit) -> None:
    visitor = visit(viewport=PHONE)
    visitor.go("/nl" + hard["lone"])

    heading = visitor.page.locator("h1")

    assert heading.evaluate("element => getComputedStyle(element).hyphens") == "auto"
    assert heading.evaluate("element => element.scrollWidth <= element.clientWidth")
