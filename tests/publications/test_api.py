import json

import pytest
from django.test import Client
from django.utils import timezone

from publications.deposit.programs import send_waiting, send_when_read
from publications.ingest.pipeline import ingest_file
from publications.models import Deposit, RecordFile
from publications.tokens import make_token
from publications.vocabularies import DepositState
from tests.factories import MemberFactory, ResearcherFactory, UserFactory
from tests.publications.deposit.conftest import PAPER, upload

METADATA = {"type": "report", "title": "Sent by a program", "language": "en", "issued": {"date-parts": [[2026, 5]]},
            "author": [{"family": "Wiggers", "given": "Ada"}]}  # fmt: skip


def program(user):
    """A client that brings a token of this user."""
    _token, secret = make_token(user, name="test", lifetime_days=30, now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def robot(db):
    return program(ResearcherFactory())


def read_all():
    for file in RecordFile.objects.filter(status="received"):
        ingest_file(file.pk)
    for deposit in Deposit.objects.filter(send_when_read=True):
        send_when_read.call(deposit.pk)


def test_a_deposit_of_a_program_is_sent_in_once_it_is_read(robot):
    answer = robot.post("/api/v1/deposits", {"file": upload(), "metadata": json.dumps(METADATA), "rights": "CC-BY-4.0"})

    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert (answer.headers["Location"], told["state"]) == (told["url"], "reading")
    read_all()
    told = robot.get(told["url"]).json()
    assert (told["state"], told["title"], told["problems"]) == ("in_review", "Sent by a program", {})
    assert [(file["name"], file["status"], file["pages"]) for file in told["files"]] == [("wedge.pdf", "ready", 1)]
    record = Deposit.objects.get().record.specific()
    assert (record.rights, record.issued) == ("CC-BY-4.0", "2026-05")


def test_what_the_file_says_completes_what_the_program_did_not(robot):
    told = robot.post("/api/v1/deposits", {"file": upload(), "metadata": json.dumps({"type": "report"})}).json()

    read_all()

    told = robot.get(told["url"]).json()
    assert (told["state"], told["title"]) == ("in_review", "A wedge for every morning")


def test_what_is_not_complete_stays_a_draft_and_says_why(robot):
    told = robot.post("/api/v1/deposits", {"metadata": json.dumps({"title": "Only a title"})}).json()

    read_all()

    told = robot.get(told["url"]).json()
    assert told["state"] == "draft"
    assert set(told["problems"]) == {"resource_type", "language", "authors"}


def test_a_program_may_leave_the_sending_to_its_owner(robot):
    robot.post("/api/v1/deposits", {"file": upload(), "metadata": json.dumps(METADATA), "send": "false"})

    read_all()

    assert Deposit.objects.with_state().get().state == DepositState.DRAFT


def test_a_request_that_is_sent_again_is_the_same_deposit(robot):
    headers = {"Idempotency-Key": "job-7"}

    first, second = (
        robot.post("/api/v1/deposits", {"file": upload(), "metadata": json.dumps(METADATA)}, headers=headers).json()
        for _ in range(2)
    )

    assert first["id"] == second["id"]
    assert (Deposit.objects.count(), RecordFile.objects.count()) == (1, 1)


def test_a_deposit_whose_task_was_lost_is_sent_in_by_the_clock(robot):
    robot.post("/api/v1/deposits", {"file": upload(), "metadata": json.dumps(METADATA)})
    assert send_waiting() == 0
    ingest_file(RecordFile.objects.get().pk)

    assert send_waiting() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"metadata": "{"}, 422),
        ({"metadata": "7"}, 422),
        ({"metadata": json.dumps(METADATA), "access_right": "secret"}, 422),
        ({"metadata": json.dumps(METADATA), "file": "not a file"}, 422),
    ],
)
def test_bad_input_is_a_problem_with_a_sentence(robot, data, status):
    answer = robot.post("/api/v1/deposits", data)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["title"]
    assert not Deposit.objects.exists()


def test_a_kind_of_file_that_is_not_taken_is_a_problem(robot):
    answer = robot.post("/api/v1/deposits", {"file": upload("run.exe", b"MZ")})

    assert (answer.status_code, "Export this as PDF" in answer.content.decode()) == (422, True)


def test_without_a_token_or_the_right_nothing_is_taken(db):
    signed_in = Client()
    signed_in.force_login(ResearcherFactory())

    assert Client().post("/api/v1/deposits", {"file": upload()}).status_code == 401
    assert signed_in.post("/api/v1/deposits", {"file": upload()}).status_code == 401
    assert program(MemberFactory()).post("/api/v1/deposits", {"file": upload()}).status_code == 403
    assert not Deposit.objects.exists()


def test_nobody_asks_about_the_deposits_of_others(robot, db):
    told = robot.post("/api/v1/deposits", {"metadata": json.dumps(METADATA)}).json()
    other = program(ResearcherFactory())

    assert other.get(told["url"]).status_code == 404
    assert other.get("/api/v1/deposits").json() == {"total": 0, "deposits": []}
    assert robot.get("/api/v1/deposits").json()["total"] == 1
    assert Client().get(told["url"]).status_code == 401


def test_the_program_of_a_trusted_depositor_publishes(db):
    robot = program(UserFactory(groups=["Trusted researchers"]))
    told = robot.post("/api/v1/deposits", {"file": upload(content=PAPER), "metadata": json.dumps(METADATA)}).json()

    read_all()

    told = robot.get(told["url"]).json()
    assert told["state"] == "live"
    assert Client().get(told["page"]).status_code == 200
