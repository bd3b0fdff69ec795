"""Put the demo content into the hub: the same records with the same addresses, however often it is asked.

What is there already stays as it is, so that somebody who changed the demo keeps the change.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from publications.accounts import EDITORS, MEMBERS, RESEARCHERS
from publications.demo.content import load_content
from publications.demo.loading import Loaded, demo_pid
from publications.demo.pages import load_pages
from publications.demo.programmes import load_programmes, load_series
from publications.demo.surroundings import load_events, load_funding, load_organisations, load_people, load_topics
from publications.demo.things import DemoContent, DemoRecord
from publications.demo.works import load_collections, load_record, load_relations
from publications.models import Record, RecordFile, User
from publications.site_tree import create_site_tree
from publications.vocabularies import FileStatus

PASSWORD = "knowledge-hub-demo"  # noqa: S105 - printed at every start, of a demo
ACCOUNTS = (("editor", EDITORS), ("researcher", RESEARCHERS), ("member", MEMBERS))

Progress = Callable[[int, int], None]


def load_demo(*, on_progress: Progress | None = None) -> Loaded:
    """Make what is missing of the demo content. Files are kept and wait to be read: see `unread`."""
    content = load_content()
    loaded = Loaded()
    with transaction.atomic():
        create_accounts()
        load_topics(content, loaded)
        load_organisations(content, loaded)
        load_people(content, loaded)
        load_funding(content, loaded)
        load_series(content)
        load_events(content, loaded)
    for done, record in enumerate(content.records.values(), start=1):
        load_record(record, content, loaded)
        if on_progress:
            on_progress(done, len(content.records))
    with transaction.atomic():
        load_relations(content)
        load_programmes(content)
        load_collections(content, loaded)
        load_pages(content, create_site_tree(), loaded)
        spread_over_weeks(content)
    loaded.unread = list(
        RecordFile.objects.present().filter(
            record__pid__in=[demo_pid(slug) for slug in content.records],
            status__in=[FileStatus.RECEIVED, FileStatus.READING],
        )
    )
    return loaded


def create_accounts() -> None:
    """An editor, a researcher and a member, all with the password that is printed."""
    for name, group in ACCOUNTS:
        user, created = User.objects.get_or_create(username=name, defaults={"email": f"{name}@hub.invalid"})
        if created:
            user.set_password(PASSWORD)
            user.save()
        user.groups.add(Group.objects.get(name=group))


def spread_over_weeks(content: DemoContent) -> None:
    """Let the records have come in one after the other, the latest work last, as on a hub that is used."""
    records: Iterable[DemoRecord] = sorted(content.records.values(), key=lambda record: record.issued, reverse=True)
    now = timezone.now()
    for place, demo in enumerate(records):
        Record.objects.filter(pid=demo_pid(demo.slug), first_published_at__gte=now - timedelta(hours=1)).update(
            first_published_at=now - timedelta(days=2 * place, hours=2)
        )
