"""What somebody waits for is done before the bookkeeping of a thousand changes."""

import pytest
from django_tasks_db.models import DBTaskResult
from wagtail.tasks import update_reference_index_task

from publications.bulk.applying import bulk_change_task
from publications.contact.queue import send_contact_mail
from publications.deposit.mails import send_step
from publications.ingest.pipeline import ingest_file_task
from search.alerts.mails import send_confirmation
from search.tasks import send_alerts_task


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("task", "arguments"),
    [
        (bulk_change_task, (1,)),
        (ingest_file_task, (1,)),
        (send_contact_mail, (1,)),
        (send_confirmation, (1, "en")),
        (send_step, (1, "received")),
    ],
)
def test_a_task_that_somebody_waits_for_overtakes(task, arguments):
    for _number in range(3):
        update_reference_index_task.enqueue("publications", "topic", "1")
    send_alerts_task.enqueue()
    task.enqueue(*arguments)

    assert DBTaskResult.objects.ready().filter(queue_name="default").first().task_path == task.module_path
