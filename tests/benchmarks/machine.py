"""On what a bench ran: the machine, and the versions of the programs."""

import os
import platform
import sqlite3
from importlib import metadata
from pathlib import Path


def describe_machine() -> str:
    """Processors, memory and system in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {_processor()}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def versions(*packages: str) -> dict[str, str]:
    """Python, SQLite, and those of these packages that are installed."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "processor"
