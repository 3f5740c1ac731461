"""The sections of a deal's card."""

from __future__ import annotations

from typing import Literal

from models.process.annotations import ProcessModel, Title

Fact = Literal["number", "title", "client", "phone", "stage", "direction", "responsible", "source", "created"]


class Section(ProcessModel):
    """A section of the card: `shows` are facts of the deal, then come the fields that name the section (F-C1)."""

    title: Title
    shows: tuple[Fact, ...] = ()
