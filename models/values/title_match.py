"""What somebody means who types a title, its beginning or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from models.values.clean_text import squeeze

K = TypeVar("K")


def alike(said: str, titles: Mapping[K, str]) -> list[K]:
    """The keys of the titles that are meant: by the most exact way that finds any; empty for nothing said."""
    wanted = squeeze(said).strip(' .!«»"')
    if not wanted:
        return []
    known = {key: squeeze(title) for key, title in titles.items()}
    same = [key for key, title in known.items() if title == wanted]
    starts = [key for key, title in known.items() if title.startswith(wanted)]
    return same or starts or [key for key, title in known.items() if wanted in title]
