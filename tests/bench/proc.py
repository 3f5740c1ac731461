"""What a process has used, from /proc, and how fast this core is at the moment."""

from __future__ import annotations

import os
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
GAUGE_STEPS = 20_000


def cpu_seconds(pid: int) -> float:
    """User and system time of one process and of its children that have ended."""
    fields = _stat(pid)
    return sum(int(one) for one in fields[11:15]) / TICK


def tree_cpu_seconds(root: int) -> float:
    """The same of a server and all processes it has started (PostgreSQL has one for each connection)."""
    total = cpu_seconds(root)
    for pid in children(root):
        try:
            total += cpu_seconds(pid)
        except FileNotFoundError:  # it ended between the two looks: its time is in its parent's at the next one
            continue
    return total


def rss_megabytes(pid: int) -> float:
    """Memory held by the process, as `ps` shows it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def gauge() -> float:
    """CPU milliseconds of a fixed piece of Python: other people's work on the machine makes the same work dearer."""
    began, total = time.thread_time(), 0
    for number in range(GAUGE_STEPS):
        total += number & 7
    return (time.thread_time() - began) * 1000


def _stat(pid: int) -> list[str]:
    # the name in brackets may hold anything, so the fields are counted from the last bracket
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children(root: int) -> list[int]:
    """The processes that one has started and that run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(_stat(int(entry.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == root:
                found.append(int(entry.name))
    return found
