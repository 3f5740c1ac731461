"""One part of a walk, by its seed: hypothesis chooses the steps, and what it found untrue is raised."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.walk.machine import Walk


def walk(
    processes: Sequence[str],
    number: int,
    examples: int,
    steps: int,
    *,
    database: str | None = None,
    shrink: bool = False,
) -> None:
    """Live through `examples` shops, each for up to `steps` steps; AssertionError tells what was untrue, and what led
    there. `database`: the address of an empty PostgreSQL database, None for a file of each shop."""
    kind = type("Walking", (Walk,), {"processes": tuple(processes), "database": database})
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, phases=phases, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(kind), settings=how)
