"""The named tests are run in a copy of the product, in a process of its own.

It is forked off one that has imported everything foreign: to import that costs more than most of the tests.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import LAYERS

PATIENCE = 90.0  # seconds for the tests of one guard; who takes longer hangs
LAST_WORDS = 20.0  # seconds to take down what was set up, when it is stopped
OURS = (*LAYERS, "tests")
FORK = multiprocessing.get_context("fork")
HEAVY = (
    "tests.conftest",
    "tests.stories.driver",
    "tests.walk.witness",
    "asyncpg",
    "hypothesis",
    "xdist",
    "pytest_asyncio.plugin",
)


@dataclass(slots=True)
class Outcome:
    """How tests ended: which passed, which failed and why; `trouble` if they did not run at all."""

    passed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    seconds: float = 0.0


class Collector:
    """A plugin of pytest's that notes how each test ended."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.failed[report.nodeid] = crash.message if crash is not None else str(report.longrepr)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)


def warm_up() -> None:
    """Import what all tests import, and forget what is ours of it: each trial imports that anew, from its copy."""
    for name in HEAVY:
        importlib.import_module(name)


def run(root: Path, tests: Sequence[str], patience: float = PATIENCE) -> Outcome:
    """Run tests under `root`. Never raises for a test that fails, hangs or cannot be imported."""
    began = time.monotonic()
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_in_the_copy, args=(root, list(tests), theirs))
    child.start()
    theirs.close()
    outcome = Outcome(trouble=f"hangs: not through after {patience:g} s")
    try:
        if ours.poll(patience):
            said = json.loads(ours.recv_bytes())
            outcome = Outcome(set(said["passed"]), said["failed"], said["trouble"])
    except EOFError:
        outcome = Outcome(trouble="the process died")
    finally:
        _end(child)
    outcome.seconds = time.monotonic() - began
    return outcome


def _end(child: Any) -> None:
    """It ends by itself, or is stopped as by a person's Ctrl+C: its tests take down what they have set up."""
    child.join(LAST_WORDS)
    for sign in (signal.SIGINT, signal.SIGKILL):
        if child.is_alive():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, sign)
            child.join(LAST_WORDS)


def _in_the_copy(root: Path, tests: list[str], answer: Connection) -> None:
    os.setpgid(0, 0)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        if name != __name__:
            del sys.modules[name]
    os.chdir(root)
    sys.path[:] = [str(root), *(one for one in sys.path if one not in ("", str(root)) and not _is_ours(one))]
    _be_silent()
    collector = Collector()
    status = pytest.main(["-q", *tests], plugins=[collector])
    trouble = None
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        trouble = f"pytest ended with {pytest.ExitCode(status).name}"
    said = {"passed": sorted(collector.passed), "failed": collector.failed, "trouble": trouble}
    answer.send_bytes(json.dumps(said).encode())
    answer.close()
    os._exit(0)  # nothing of the parent's is to be tidied up here


def _is_ours(path: str) -> bool:
    """Whether the working tree would be imported from there."""
    return (Path(path) / "tests" / "guards").is_dir()


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
