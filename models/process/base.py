"""What every word of the language shares: strictness, names, durations, clock times."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class ProcessModel(BaseModel):
    """A part of the language: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=False)


def _name(value: Any) -> Any:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("a name is 1–20 of a–z, 0–9 and _, and begins with a letter (a button holds 64 bytes)")
    return value


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,4})([mhdw])", value) if isinstance(value, str) else None
    if not match or int(match[1]) == 0:
        raise ValueError("a duration is a number and a unit: 30m, 2h, 3d, 1w")
    return int(match[1]) * UNITS[match[2]]


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError("a clock time is HH:MM, for example 10:45")
    return time(int(match[1]), int(match[2]))


Name = Annotated[str, BeforeValidator(_name)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Clock = Annotated[time, BeforeValidator(_clock)]


def one_or_many(value: Any) -> Any:
    """`requires: name` reads as `requires: [name]`."""
    return [value] if isinstance(value, str | dict) else value
