import pytest
from django.test import Client

from publications.models import DailyUse
from publications.use import Use, use_of
from tests.factories import PublicationFactory, RecordFileFactory, ResearcherFactory

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
ROBOTS = ["", "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8.5.0", "python-requests/2.32", "bingbot/2.0",
          "Mozilla/5.0 (compatible; AhrefsBot/7.0)", "facebookexternalhit/1.1", "HeadlessChrome/120"]  # fmt: skip


def use(record):
    return use_of([record.pk]).get(record.pk, Use())


def test_people_are_counted_by_day_and_nothing_is_kept_about_them(db):
    record = PublicationFactory()
    file = RecordFileFactory(record=record)
    for _ in range(3):
        answer = Client().get(record.get_absolute_url(), headers=PERSON)
    Client().get(file.get_absolute_url(), headers=PERSON)

    assert use(record) == Use(views=3, downloads=1)
    assert "Set-Cookie" not in answer.headers
    assert {field.name for field in DailyUse._meta.fields} == {"id", "record", "day", "views", "downloads"}
    assert DailyUse.objects.count() == 1


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_are_not_counted(db, name):
    record = PublicationFactory()

    Client().get(record.get_absolute_url(), headers={"User-Agent": name})

    assert use(record) == Use()


def test_neither_the_depositor_nor_a_page_fetched_ahead_counts(db):
    owner = ResearcherFactory()
    record, client = PublicationFactory(owner=owner), Client()
    client.force_login(owner)
    client.get(record.get_absolute_url(), headers=PERSON)
    Client().get(record.get_absolute_url(), headers=PERSON | {"Sec-Purpose": "prefetch"})
    Client().head(record.get_absolute_url(), headers=PERSON)

    assert use(record) == Use()


def test_a_file_read_in_parts_is_one_download(db):
    file = RecordFileFactory()
    for part in ("bytes=0-99", "bytes=100-199", "bytes=200-"):
        Client().get(file.get_absolute_url(), headers=PERSON | {"Range": part})

    assert use(file.record) == Use(downloads=1)


def test_my_work_shows_views_and_downloads(db):
    owner, client = ResearcherFactory(), Client()
    client.force_login(owner)
    record = PublicationFactory(owner=owner)
    for _ in range(2):
        Client().get(record.get_absolute_url(), headers=PERSON)

    page = client.get("/en/my/").content.decode()

    assert 'data-views="2"' in page and 'data-downloads="0"' in page
