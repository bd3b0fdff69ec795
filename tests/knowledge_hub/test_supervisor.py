"""Keeping processes running, and leaving none behind: real processes, real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from knowledge_hub.supervisor import LONGEST_PAUSE_SECONDS, STEADY_SECONDS, Program, web_program, worker_programs
from search.forms import MAX_QUERY_LENGTH

PROJECT_DIR = Path(__file__).resolve().parents[2]

Supervise = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    """supervise("script of sh", …) gives a running supervisor of such programs, all in the folder of this test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*scripts: str) -> "subprocess.Popen[bytes]":
        programs = ", ".join(f"Program('{number}', ['sh', '-c', {script!r}])" for number, script in enumerate(scripts))
        code = f"from knowledge_hub.supervisor import Program, supervise; supervise([{programs}])"
        environment = os.environ | {"PYTHONPATH": str(PROJECT_DIR)}
        started.append(subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait()


def wait_until(is_so: Callable[[], object]) -> None:
    while not is_so():
        time.sleep(0.05)


def numbers_in(path: Path) -> list[int]:
    """The whole lines of a file that programs append their process id to."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [int(line) for line in lines if line.endswith("\n")]


def is_running(process_id: int) -> bool:
    """Whether there is such a process, and it is more than a zombie that nobody has asked about."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def look_after_until_ended(program: Program) -> None:
    assert program.process is not None
    program.process.wait()
    program.look_after()


def test_pauses_grow_while_a_program_ends_at_once():
    program = Program("ends at once", ["true"])
    pauses = []

    for _ in range(8):
        program.start_after = 0.0
        program.look_after()
        look_after_until_ended(program)
        pauses.append(program.pause)

    assert pauses == [2, 4, 8, 16, 32, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    program.look_after()
    assert program.process is None


def test_the_pause_is_short_again_after_a_program_ran_well():
    program = Program("ended once", ["true"], pause=32.0)
    program.look_after()
    program.started_at -= STEADY_SECONDS + 1

    look_after_until_ended(program)

    assert program.pause == 1.0


def test_a_program_that_ends_is_started_again_and_the_others_go_on(supervise, tmp_path):
    supervise("echo $$ >> short; exit 1", "echo $$ >> long; exec sleep 600")

    wait_until(lambda: len(numbers_in(tmp_path / "short")) >= 2)

    assert len(set(numbers_in(tmp_path / "short"))) >= 2
    (long_running,) = numbers_in(tmp_path / "long")
    assert is_running(long_running)
    os.kill(long_running, signal.SIGKILL)
    wait_until(lambda: len(numbers_in(tmp_path / "long")) == 2)


def test_what_a_killed_program_leaves_behind_does_not_stand_in_the_way_of_the_next(supervise, tmp_path):
    supervise("(trap '' TERM; sleep 600) & echo $! >> children; echo $$ >> programs; wait")
    wait_until(lambda: numbers_in(tmp_path / "programs"))
    (child,) = numbers_in(tmp_path / "children")

    os.kill(numbers_in(tmp_path / "programs")[0], signal.SIGKILL)

    wait_until(lambda: len(numbers_in(tmp_path / "programs")) == 2)
    assert not is_running(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_programs_and_their_children(supervise, tmp_path, number):
    supervisor = supervise(
        "sleep 600 & echo $! >> all; echo $$ >> all; wait",
        "(trap '' TERM; exec sleep 600) & echo $! >> all; echo $$ >> all; wait",
    )
    wait_until(lambda: len(numbers_in(tmp_path / "all")) == 4)

    supervisor.send_signal(number)

    assert supervisor.wait() == 0
    wait_until(lambda: not any(is_running(process_id) for process_id in numbers_in(tmp_path / "all")))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_no_program_outlives_a_killed_supervisor(supervise, tmp_path):
    supervisor = supervise("echo $$ >> all; exec sleep 600", "echo $$ >> all; exec sleep 600")
    wait_until(lambda: len(numbers_in(tmp_path / "all")) == 2)

    supervisor.kill()
    supervisor.wait()

    wait_until(lambda: not any(is_running(process_id) for process_id in numbers_in(tmp_path / "all")))


def test_indexing_and_reading_have_a_worker_each_and_the_port_is_the_web_servers():
    commands = {program.name: " ".join(program.command) for program in worker_programs()}

    assert "run_worker --verbosity 0 index --interval 0.2" in commands["index worker"]
    assert "run_worker --verbosity 0 default" in commands["default worker"]
    assert "run_due --every" in commands["clock"]
    assert "--bind=127.0.0.1:8123" in web_program(port=8123).command


def test_the_longest_question_in_any_script_fits_the_web_servers_limit():
    options = dict(word.split("=") for word in web_program(port=1).command if word.startswith("--"))

    assert int(options["--limit-request-line"]) > len(quote("漢" * MAX_QUERY_LENGTH)) + 1000
