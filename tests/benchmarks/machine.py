"""On what a bench ran: the machine, and the versions of the programs."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def describe_machine() -> str:
    """Processors, memory and system in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {_processor()}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def versions(*packages: str) -> dict[str, str]:
    """Our own, Python's, SQLite's, and those of these packages that are installed."""
    found = {"knowledge-hub": _own_version(), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _own_version() -> str:
    """The version of the project, and the commit where it is known."""
    version: str = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    command = ["git", "-C", str(PROJECT), "describe", "--always", "--dirty"]
    try:
        described = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return version
    return f"{version} ({described.stdout.strip()})"


def program_version(name: str, option: str) -> str:
    """The version that a program says it has; "" where there is no such program."""
    if not shutil.which(name):
        return ""
    said = subprocess.run([name, option], capture_output=True, text=True, check=False)
    match = re.search(r"\d+(?:\.\d+)+", said.stdout + said.stderr)
    return match.group() if match else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "processor"
