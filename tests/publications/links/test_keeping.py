"""What is kept of links: since when, how sure, what next."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from knowledge_hub.maintenance import JOBS, check_links
from publications.links import keeping
from publications.links.finding import Target
from publications.links.keeping import check_due, let_be, look_again, note_inside_links, note_outside_links
from publications.links.outside import Answer, check_address, longest_seconds
from publications.links.tasks import check_links_task, collect_links_task
from publications.models import WatchedLink
from publications.models.links import LinkProblem
from publications.site_tree import create_site_tree
from tests.factories import ContentPageFactory, EditorFactory, EventFactory, PublicationFactory

pytestmark = pytest.mark.django_db
FINE, FAILS, GONE = Answer(None, 200), Answer(LinkProblem.FAILS, 500), Answer(LinkProblem.GONE, 404)


def linked(page) -> str:
    return f'<p><a linktype="page" id="{page.pk}">there</a></p>'


def make_due() -> None:
    WatchedLink.objects.update(due_at=timezone.now() - timedelta(minutes=1))


def test_a_link_to_a_page_is_broken_as_soon_as_the_page_is_offline_and_mended_as_soon_as_it_is_back():
    page = ContentPageFactory(parent=create_site_tree().homes["en"], slug="about")
    EventFactory(description_en=linked(page))

    note_inside_links()
    before = WatchedLink.objects.count()
    page.unpublish()
    note_inside_links()
    broken = WatchedLink.objects.broken().get()
    since = broken.failing_since
    note_inside_links()
    broken.refresh_from_db()
    again = broken.failing_since
    page.save_revision().publish()
    note_inside_links()

    assert (before, broken.problem, again) == (0, LinkProblem.OFFLINE, since)
    assert not WatchedLink.objects.exists()


def test_a_page_that_was_offline_and_is_deleted_is_told_of_as_deleted():
    page = ContentPageFactory(parent=create_site_tree().homes["en"], slug="about")
    EventFactory(description_en=linked(page))
    page.unpublish()
    note_inside_links()

    page.delete()
    note_inside_links()

    assert WatchedLink.objects.broken().get().problem == LinkProblem.GONE


def test_looking_again_where_nothing_changed_writes_nothing(django_assert_max_num_queries):
    page = ContentPageFactory(parent=create_site_tree().homes["en"], slug="about", live=False)
    EventFactory(description_en=linked(page))
    note_inside_links()

    with django_assert_max_num_queries(40) as queries:
        note_inside_links()

    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_a_transaction_is_opened_only_where_something_changed(monkeypatch):
    """SQLite lets one writer in at a time, and this is done each minute."""
    EventFactory(description_en='<a linktype="page" id="99">x</a>', registration_url="https://a.example/")
    opened: list[bool] = []
    real = keeping._wait_for_turn
    monkeypatch.setattr(keeping, "_wait_for_turn", lambda: opened.append(connection.in_atomic_block) or real())

    for _ in range(3):
        note_inside_links()
        note_outside_links()

    assert opened == [True, True]


def test_two_that_note_the_same_at_once_keep_it_once(monkeypatch):
    """The second has read that nothing is kept yet, and writes after the first has."""
    EventFactory(description_en='<a linktype="page" id="99">x</a>')
    real, once = keeping._wait_for_turn, [note_inside_links]
    stale = keeping._read(is_inside=True)

    def wait() -> None:
        real()
        if once:
            once.pop()()
            reads = [stale]
            monkeypatch.setattr(
                keeping, "_read", lambda *, is_inside: reads.pop() if reads else really_read(is_inside=is_inside)
            )

    really_read = keeping._read
    monkeypatch.setattr(keeping, "_wait_for_turn", wait)

    note_inside_links()

    assert WatchedLink.objects.get().uses.count() == 1


def test_a_link_that_somebody_else_noted_meanwhile_is_theirs_to_settle(monkeypatch):
    EventFactory(description_en='<a linktype="page" id="99">x</a>')
    real = keeping._keep

    def keep(found: keeping.Found, *, is_inside: bool) -> None:
        real(found, is_inside=is_inside)
        WatchedLink.objects.create(target="page:98", digest=keeping.digest(Target("page:98")), is_inside=True)

    monkeypatch.setattr(keeping, "_keep", keep)

    assert note_inside_links() == 1


def test_as_many_queries_for_many_links_as_for_one(django_assert_max_num_queries):
    home, counts = create_site_tree().homes["en"], []
    paths = ["/en/{}/", "/en/records/{}/", "/en/events/{}/", "/nl/people/{}/", "/nl/topics/{}/", "/en/events/{}"]
    for number in (1, 9):
        for place in range(number):
            page = ContentPageFactory(parent=home, slug=f"p-{number}-{place}", live=False)
            links = [f'<a href="{path.format(f"x-{number}-{place}")}">x</a>' for path in paths]
            EventFactory(description_en=linked(page) + f"<p>{' '.join(links)}</p>")
        note_inside_links()
        with django_assert_max_num_queries(30) as queries:
            note_inside_links()
        counts.append(len(queries))

    assert WatchedLink.objects.broken().count() == 10 * (1 + len(paths))
    assert counts[0] == counts[1]


def test_a_link_that_is_taken_out_is_forgotten_with_its_places():
    event = EventFactory(registration_url="https://a.example/")
    PublicationFactory(url="https://a.example/")
    note_outside_links()
    places = WatchedLink.objects.get().uses.count()

    event.registration_url = ""
    event.save()
    note_outside_links()

    assert (places, WatchedLink.objects.get().uses.count()) == (2, 1)


def test_one_link_of_each_site_is_looked_at_in_a_round():
    for number in range(3):
        EventFactory(registration_url=f"https://a.example/{number}")
        EventFactory(registration_url=f"https://b.example/{number}")
    note_outside_links()
    asked: list[str] = []

    count = check_due(limit=10, check=lambda url: asked.append(url) or FINE)

    assert count == 2
    assert {url[:18] for url in asked} == {"https://a.example/", "https://b.example/"}
    assert check_due(limit=1, check=lambda url: FINE) == 1


def test_an_address_that_nobody_can_take_apart_stops_no_round():
    """Imports bring such addresses, and a form of the CMS takes them in rich text."""
    EventFactory(description_en='<p><a href="http://[x">broken</a> <a href="https://fine.example/">fine</a></p>')
    PublicationFactory(url="https://a.example:port/")
    note_outside_links()

    count = check_due(limit=10, check=lambda url: FINE if "fine" in url else check_address(url))

    assert count == 3
    assert {link.target: link.problem for link in WatchedLink.objects.broken()} == {
        "http://[x": LinkProblem.NOT_PUBLIC,
        "https://a.example:port/": LinkProblem.NOT_PUBLIC,
    }


def test_what_an_editor_does_while_a_link_is_looked_at_is_kept():
    editor = EditorFactory()
    for name in ("let-be", "look-again", "gone"):
        EventFactory(registration_url=f"https://{name}.example/")
    note_outside_links()
    links = {link.target[8:].partition(".")[0]: link for link in WatchedLink.objects.all()}

    def check(url: str) -> Answer:
        if "let-be" in url:
            let_be(links["let-be"], user=editor)
        elif "look-again" in url:
            look_again(links["look-again"])
        else:
            WatchedLink.objects.filter(pk=links["gone"].pk).delete()
        return GONE

    check_due(limit=10, check=check)

    assert WatchedLink.objects.let_be().get().ignored_by == editor
    assert WatchedLink.objects.due().get() == WatchedLink.objects.broken().get() == links["look-again"]
    assert not WatchedLink.objects.filter(target__contains="gone").exists()


def test_a_round_ends_before_its_task_is_given_to_another_worker(settings, monkeypatch):
    """Each site takes as long as it may; what is left over is looked at in the next round."""
    settings.TASK_STALE_SECONDS, settings.LINK_TIMEOUT_SECONDS = 200, 8
    clock = [0.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])
    for number in range(10):
        EventFactory(registration_url=f"https://site-{number}.example/")
    note_outside_links()

    def check(url: str) -> Answer:
        clock[0] += longest_seconds()
        return FAILS

    first = check_due(limit=10, check=check)
    took, second = clock[0], check_due(limit=10, check=check)

    assert (first, second, took) == (4, 4, 96)
    assert WatchedLink.objects.due().count() == 2


def test_what_is_gone_is_broken_at_once_and_what_fails_only_if_it_goes_on():
    EventFactory(registration_url="https://gone.example/")
    EventFactory(registration_url="https://fails.example/")
    note_outside_links()
    seen = []

    for _ in range(3):
        make_due()
        check_due(limit=10, check=lambda url: GONE if "gone" in url else FAILS)
        seen.append({link.target for link in WatchedLink.objects.broken()})

    both = {"https://gone.example/", "https://fails.example/"}
    assert seen == [{"https://gone.example/"}, {"https://gone.example/"}, both]


def test_what_works_again_is_not_asked_for_a_month(settings):
    settings.LINK_CHECK_DAYS = 30
    EventFactory(registration_url="https://a.example/")
    note_outside_links()
    check_due(limit=10, check=lambda url: GONE)
    make_due()

    check_due(limit=10, check=lambda url: FINE)

    link = WatchedLink.objects.get()
    assert (link.problem, link.failing_since, link.failures, link.is_broken) == ("", None, 0, False)
    assert link.due_at > timezone.now() + timedelta(days=29)


def test_what_an_editor_let_be_stays_off_the_list_until_it_has_worked():
    EventFactory(registration_url="https://a.example/")
    note_outside_links()
    check_due(limit=10, check=lambda url: GONE)
    let_be(WatchedLink.objects.get(), user=EditorFactory())
    counts = []

    for answer in (GONE, FINE, GONE):
        make_due()
        check_due(limit=10, check=lambda url, answer=answer: answer)
        counts.append(WatchedLink.objects.broken().count())

    assert counts == [0, 0, 1]


def test_other_sites_are_asked_only_where_that_is_switched_on(settings, monkeypatch):
    EventFactory(registration_url="https://a.example/")
    asked: list[str] = []
    monkeypatch.setattr(keeping, "check_address", lambda url: asked.append(url) or FINE)
    paths = [collect_links_task.module_path, check_links_task.module_path]

    settings.LINK_CHECKS_ENABLED = False
    check_links()
    call_command("check_links", stdout=StringIO())
    off = DBTaskResult.objects.filter(task_path__in=paths).count()
    settings.LINK_CHECKS_ENABLED = True
    note_outside_links()
    check_links()
    check_links()
    on = sorted(DBTaskResult.objects.filter(task_path__in=paths).values_list("task_path", flat=True))

    assert (off, asked) == (0, [])
    assert on == sorted(paths)
    assert check_links in JOBS


def test_the_command_looks_at_everything_that_is_due(settings, monkeypatch):
    settings.LINK_CHECKS_ENABLED = True
    for number in range(3):
        EventFactory(registration_url=f"https://a.example/{number}")
    monkeypatch.setattr(keeping, "check_address", lambda url: GONE)
    output = StringIO()

    call_command("check_links", "--limit", "2", stdout=output)

    assert "Looked at 2 links to other sites; waiting for another round: 1." in output.getvalue()
    assert output.getvalue().count(": There is no such page") == 2
    assert "2 links lead nowhere." in output.getvalue()


def test_the_command_counts_in_words(settings):
    EventFactory(description_en='<a linktype="page" id="99">x</a>')
    said = []

    for _ in range(2):
        output = StringIO()
        call_command("check_links", stdout=output)
        said.append(output.getvalue().splitlines()[-1])
        EventFactory(description_en='<a linktype="page" id="98">x</a>')

    assert said == ["1 link leads nowhere.", "2 links lead nowhere."]
