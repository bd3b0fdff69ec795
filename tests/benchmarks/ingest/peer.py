"""Reads documents with a peer: `python -m tests.benchmarks.ingest.peer ENGINE`, a path on each line of the input.

Each document has a process of its own, forked from this one, which has the library loaded: what is measured is the
reading. It has the limits that the hub gives its own; an answer in JSON comes on a line of the output.
"""

import json
import logging
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

CPU_SECONDS = 20
MEMORY_BYTES = 1 << 30
MOST_PAGES = 2_000
PASSWORDS = ("password", "decrypt", "encrypt")


def read_pypdf(path: str) -> Iterator[str]:
    """As it comes."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("password")
    for page in reader.pages[:MOST_PAGES]:
        yield page.extract_text()


def read_pdfium(path: str) -> Iterator[str]:
    """As it comes."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(path)
    for number in range(min(len(document), MOST_PAGES)):
        yield document[number].get_textpage().get_text_range()


def read_pdfminer(path: str) -> Iterator[str]:
    """With the settings that it has for a layout."""
    from pdfminer.high_level import extract_text

    yield from extract_text(path, maxpages=MOST_PAGES).split("\f")[:-1]


def read_poppler(path: str) -> Iterator[str]:
    """pdftotext, which takes the place of this process; its parent splits the pages."""
    os.execvp("pdftotext", ["pdftotext", "-q", "-l", str(MOST_PAGES), "-enc", "UTF-8", path, "-"])
    yield ""


READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "pypdf": read_pypdf,
    "pdfium": read_pdfium,
    "pdfminer": read_pdfminer,
    "poppler": read_poppler,
}
MODULES = {"pypdf": "pypdf", "pdfium": "pypdfium2", "pdfminer": "pdfminer.high_level"}


def main() -> None:
    """Answer one path after the other."""
    logging.disable(logging.CRITICAL)
    engine = sys.argv[1]
    if engine in MODULES:
        import_module(MODULES[engine])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(read_in_fork(engine, line.rstrip("\n"))) + "\n")
        sys.stdout.flush()


def read_in_fork(engine: str, path: str) -> dict[str, Any]:
    """The pages that a process of its own read, how it ended and what it cost."""
    with tempfile.TemporaryFile() as file:
        pid = os.fork()
        if not pid:
            become_reader(engine, path, file.fileno())
        _, status, usage = os.wait4(pid, 0)
        file.seek(0)
        content = file.read().decode("utf-8", "replace")
    answer = parse_poppler(content, status) if engine == "poppler" else parse(content)
    signal_number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return answer | {"signal": signal_number, "cpu_seconds": usage.ru_utime + usage.ru_stime}


def become_reader(engine: str, path: str, output: int) -> None:
    """In the forked process: bind it, read, write, end."""
    code = 0
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(output, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for page in READERS[engine](path):
            write({"page": page})
    except BaseException as error:
        write({"error": f"{type(error).__name__}: {error}"[:300]})
        code = 1
    finally:
        os._exit(code)


def write(message: dict[str, str]) -> None:
    os.write(1, json.dumps(message).encode("utf-8", "replace") + b"\n")


def parse(content: str) -> dict[str, Any]:
    """Pages and error of what the process wrote; a line that a kill cut short is left out."""
    pages, error = [], ""
    for line in content.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        pages += [message["page"]] if "page" in message else []
        error = message.get("error", error)
    return {"pages": pages, "error": error}


def parse_poppler(content: str, status: int) -> dict[str, Any]:
    failed = os.WIFEXITED(status) and os.WEXITSTATUS(status)
    # pdftotext says "3" for a document that it may not open, and "1" for one that it cannot.
    error = {0: "", 3: "password"}.get(os.WEXITSTATUS(status), "unreadable") if failed else ""
    return {"pages": content.split("\f")[:-1], "error": error}


def died_of_limit(signal_number: int) -> bool:
    """Whether the limits of this process ended the reading; any other signal is a crash."""
    return signal_number in (signal.SIGXCPU, signal.SIGKILL)


if __name__ == "__main__":
    main()
