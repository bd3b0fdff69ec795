"""The pages on which many records are changed: accessible in light and dark, quiet, no wider than a phone."""

import pytest
from django.urls import reverse

from publications.bulk import finish_change, prepare_change, start_change
from publications.models import BulkChange, Publication
from publications.vocabularies import BulkState, RecordType
from tests.browser.conftest import Hub, Visit
from tests.browser.test_topics_in_cms import look_at, sign_in
from tests.factories import TopicFactory


@pytest.fixture
def addresses(hub: Hub, editor: object) -> dict[str, str]:
    """Each page with something on it."""
    topic = TopicFactory(label_en="Calibration", label_nl="Kalibratie")
    Publication.objects.filter(pk=hub.closed.pk).update(locked=True)
    keys = list(Publication.objects.values_list("pk", flat=True))
    wanted = {"add_topics": [topic.pk], "rights": "CC-BY-4.0"}
    prepared, underway, done = (
        prepare_change(RecordType.PUBLICATION, keys, wanted, user=editor)  # type: ignore[arg-type]
        for _number in range(3)
    )
    start_change(done)
    finish_change(done)
    BulkChange.objects.filter(pk=underway.pk).update(state=BulkState.APPLYING)
    return {
        "form": reverse("change_many", args=["publication"]),
        "nothing chosen": reverse("change_many", args=["publication"]) + "?id=0",
        "preview": reverse("bulk_change", args=[prepared.pk]) + "?show=refused",
        "under way": reverse("bulk_change", args=[underway.pk]),
        "done": reverse("bulk_change", args=[done.pk]),
        "all": reverse("bulk_changes"),
        "spreadsheet": reverse("bulk_table", args=["publication"]),
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_is_accessible_and_quiet_and_fits_a_phone(
    visit: Visit, addresses: dict[str, str], language: str
) -> None:
    visitor = visit(locale=language, reduced_motion="reduce")
    sign_in(visitor)

    problems = look_at(visitor, addresses)

    assert not any(problems.values()), "\n".join(f"{name}: {line}" for name in problems for line in problems[name])
