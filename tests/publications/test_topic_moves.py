"""Moving a topic in the tree of the CMS: where it goes, what is refused, what the history says, and the way back."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import ModelLogEntry

from publications.audit import MOVE_TOPIC
from publications.models import Topic
from publications.topics import move_topic
from tests.factories import EditorFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> tuple[Topic, Topic, Topic]:
    """Imaging, with MRI below it, and cardiac MRI below that."""
    imaging = TopicFactory(label_en="Imaging")
    mri = TopicFactory(label_en="MRI", broader=imaging)
    return imaging, mri, TopicFactory(label_en="Cardiac MRI", broader=mri)


def said(topic: Topic) -> list[str]:
    entries = ModelLogEntry.objects.for_instance(topic).filter(action=MOVE_TOPIC).order_by("pk")
    return [entry.message for entry in entries]


def test_a_topic_moves_with_what_is_below_it_and_the_history_says_so(branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, mri, cardiac = branch
    care = TopicFactory(label_en="Care")

    assert move_topic(mri, care, user=None) == imaging
    assert move_topic(mri, None, user=None) == care
    assert move_topic(mri, imaging, user=None) is None

    cardiac.refresh_from_db()
    assert cardiac.broader == mri
    assert said(mri) == [
        "Moved from below “Imaging” to below “Care”",
        "Moved from below “Care” to the top",
        "Moved from the top to below “Imaging”",
    ]


def test_a_topic_does_not_go_below_itself_nor_below_what_is_below_it(branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, _mri, cardiac = branch

    for place in (imaging, cardiac):
        with pytest.raises(ValidationError, match="above itself"):
            move_topic(imaging, place, user=None)

    imaging.refresh_from_db()
    assert (imaging.broader, said(imaging)) == (None, [])


def test_a_merged_topic_is_gone(branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, mri, cardiac = branch
    Topic.objects.filter(pk=imaging.pk).update(merged_into=mri)

    with pytest.raises(ValidationError, match="gone"):
        move_topic(cardiac, imaging, user=None)


def test_a_move_by_the_form_is_undone_by_its_button(client: Client, branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, mri, cardiac = branch
    client.force_login(EditorFactory())

    answer = client.post(f"/admin/topics/tree/{cardiac.pk}/move/", {"below": imaging.pk})
    tree = client.get(answer.headers["Location"]).text
    (undo,) = re.findall(
        r'<form action="(\S+)".*?name="below" value="(\d+)".*?Undo: put “Cardiac MRI”', tree, re.DOTALL
    )
    client.post(undo[0], {"below": undo[1]})

    cardiac.refresh_from_db()
    assert cardiac.broader == mri
    assert len(said(cardiac)) == 2


def test_a_place_that_is_gone_is_not_taken_for_the_top(client: Client, branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, mri, cardiac = branch
    Topic.objects.filter(pk=mri.pk).update(merged_into=imaging)
    client.force_login(EditorFactory())

    gone = client.get(f"/admin/topics/tree/?moved={cardiac.pk}&from={mri.pk}").text
    top = client.get(f"/admin/topics/tree/?moved={cardiac.pk}&from=").text

    assert "“Cardiac MRI” cannot be put back" in gone
    assert "Undo: put" not in gone
    assert "Undo: put “Cardiac MRI” back at the top" in top


def test_who_only_looks_is_offered_no_way_back(client: Client, branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, _mri, cardiac = branch
    looker = UserFactory()
    looker.user_permissions.add(
        Permission.objects.get(codename="access_admin"), Permission.objects.get(codename="view_topic")
    )
    client.force_login(looker)

    page = client.get(f"/admin/topics/tree/?moved={cardiac.pk}&from={imaging.pk}")

    assert page.status_code == 200
    assert "Imaging" in page.text
    assert "Undo: put" not in page.text


def test_the_form_says_why_a_place_is_refused(client: Client, branch: tuple[Topic, Topic, Topic]) -> None:
    imaging, _mri, cardiac = branch
    client.force_login(EditorFactory())

    page = client.post(f"/admin/topics/tree/{imaging.pk}/move/", {"below": cardiac.pk}).text

    assert "A topic cannot stand above itself" in page


def test_the_top_is_a_place_and_nonsense_in_the_address_is_none(
    client: Client, branch: tuple[Topic, Topic, Topic]
) -> None:
    _imaging, mri, _cardiac = branch
    client.force_login(EditorFactory())

    client.post(f"/admin/topics/tree/{mri.pk}/move/", {"below": ""})
    tree = client.get("/admin/topics/tree/?moved=x&from=99999999999999999999")

    mri.refresh_from_db()
    assert mri.broader is None
    assert tree.status_code == 200
    assert "Undo: put" not in tree.text
