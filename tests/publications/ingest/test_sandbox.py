import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from publications.ingest import sandbox
from publications.ingest.limits import Limits
from publications.ingest.sandbox import PROJECT_DIR, Ending, environment, run_job

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")


@pytest.fixture
def slow_pdf(hostile_pdf) -> Path:
    """A file that keeps pdfium busy for much longer than any test waits."""
    return hostile_pdf("nested forms")


def draw(path: Path, limits: Limits, **more) -> Ending:
    arguments = {"path": str(path), "page": 1, "width": 400, "words": False}
    return run_job("page", arguments, limits=limits, **more)


def read(path: Path, limits: Limits, **more) -> Ending:
    return run_job("pypdf", {"path": str(path), "pages": None}, limits=limits, **more)


def test_answers_come_one_by_one_and_then_the_end(make_pdf):
    messages: list[dict] = []

    ending = read(make_pdf(["one", "two"]), Limits(), on_message=messages.append)

    assert [next(iter(message)) for message in messages] == ["page_count", "page", "page", "info", "labels"]
    assert (ending.outcome, ending.why) == ("done", "")
    assert ending.cpu_seconds > 0


def test_memory_is_limited(hostile_pdf):
    arguments = {"path": str(hostile_pdf("flate bomb")), "pages": None}

    ending = run_job("pdfium", arguments, limits=Limits(memory_bytes=300 << 20))

    # pdfium aborts its process where memory runs out.
    assert (ending.outcome, ending.why) in [("crashed", "SIGABRT"), ("crashed", "SIGTRAP"), ("crashed", "SIGILL")]


def test_cpu_time_is_limited(slow_pdf: Path):
    ending = draw(slow_pdf, Limits(cpu_seconds=1))

    assert (ending.outcome, ending.why) == ("limit", "cpu")
    assert 0.9 < ending.cpu_seconds < 2


def test_wall_time_is_limited(slow_pdf: Path):
    ending = draw(slow_pdf, Limits(wall_seconds=1))

    assert (ending.outcome, ending.why) == ("limit", "wall")
    assert ending.cpu_seconds > 0


def test_output_is_limited_and_what_came_is_kept(make_pdf):
    messages: list[dict] = []

    ending = read(make_pdf(["a few words"] * 500), Limits(output_bytes=2_000), on_message=messages.append)

    assert (ending.outcome, ending.why) == ("limit", "output")
    assert messages[1]["text"] == "a few words\n"
    assert ending.cpu_seconds > 0


def test_what_a_listener_raises_ends_the_job_and_travels_up(make_pdf):
    def refuse(message: dict) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        read(make_pdf(["text"] * 50), Limits(), on_message=refuse)
    assert read(make_pdf(["text"]), Limits()).outcome == "done"


def test_a_killed_server_is_replaced(make_pdf):
    path = make_pdf(["text"])
    assert read(path, Limits()).outcome == "done"
    server = sandbox.running_server()

    server.process.kill()
    server.process.wait()

    assert read(path, Limits()).outcome == "done"
    assert sandbox.running_server().process.pid != server.process.pid
    assert not server.address.parent.exists()


def test_a_server_that_dies_under_a_job_makes_it_fail(slow_pdf: Path):
    def kill_server(message: dict) -> None:
        os.kill(sandbox.running_server().process.pid, signal.SIGKILL)

    ending = run_job("pypdf", {"path": str(slow_pdf), "pages": None}, limits=Limits(), on_message=kill_server)

    assert ending == Ending("crashed", "exit None")


def test_a_stopped_server_leaves_no_file(make_pdf):
    read(make_pdf(["text"]), Limits())
    address = sandbox.running_server().address
    assert address.exists()

    sandbox.stop_server()

    assert not address.parent.exists()


def test_a_forked_process_gets_a_server_of_its_own(make_pdf):
    path = make_pdf(["text"])
    read(path, Limits())
    mine = sandbox.running_server().process.pid

    pid = os.fork()
    if not pid:
        done = read(path, Limits()).outcome == "done"
        other = sandbox.running_server().process.pid != mine
        sandbox.stop_server()
        os._exit(0 if done and other else 1)

    assert os.waitpid(pid, 0)[1] == 0
    assert sandbox.running_server().process.pid == mine
    assert read(path, Limits()).outcome == "done"


@linux_only
def test_jobs_die_with_the_hub(slow_pdf: Path):
    program = textwrap.dedent(f"""
        from publications.ingest import sandbox
        from publications.ingest.limits import Limits
        arguments = dict(path={str(slow_pdf)!r}, page=1, width=400, words=False)
        print(sandbox.running_server().process.pid, flush=True)
        sandbox.run_job("page", arguments, limits=Limits())
    """)
    hub = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
    server = int(hub.stdout.readline())
    job = wait_for_child(server)

    hub.kill()

    hub.communicate()
    assert_ends(server)
    assert_ends(job)


def wait_for_child(pid: int) -> int:
    while True:
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])


def assert_ends(pid: int) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(60_000), f"process {pid} lives on"
    os.close(descriptor)


def test_no_secret_reaches_a_job(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")

    assert environment()["PYTHONPATH"].split(os.pathsep) == [str(PROJECT_DIR), "/somewhere"]
    assert "hush" not in environment().values()


@linux_only
def test_a_job_can_write_no_file_and_start_no_program(tmp_path: Path):
    program = textwrap.dedent(f"""
        import os
        from publications.ingest.child import restrict
        from publications.ingest.limits import Limits
        restrict(Limits())
        try:
            with open({str(tmp_path / "file")!r}, "w") as file:
                file.write("x")
        except OSError as error:
            print("no file")
        try:
            bytearray(2 << 30)
        except MemoryError:
            print("no memory")
        print("core", __import__("resource").getrlimit(__import__("resource").RLIMIT_CORE))
    """)

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines() == ["no file", "no memory", "core (0, 0)"]


@linux_only
def test_the_reading_process_never_loads_django():
    program = "import sys, publications.ingest.forkserver; print('django' in sys.modules)"

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert result.stdout == "False\n"
