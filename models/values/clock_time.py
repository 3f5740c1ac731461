"""A clock time in a process file or a settings field."""

import re
from datetime import time

from models.values.invalid_value import N_, InvalidValue

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def parse_clock(raw: str) -> time:
    """Read "10:45" (24 hours, ASCII digits); raises Wrong. For what people say in chat see ``when``."""
    match = CLOCK.fullmatch(raw.strip())
    if match is None:
        raise InvalidValue("clock.format", N_("Время пишут как часы и минуты через двоеточие."), "10:45")
    return time(int(match[1]), int(match[2]))
