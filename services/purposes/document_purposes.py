"""Forms about papers, their templates and the company's requisites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.ids import DealId, TaskId
from services.form_purposes import Purpose, purpose


@purpose("paper")
@dataclass(frozen=True, slots=True)
class PaperPurpose(Purpose):
    """What a paper needs, then the paper; `task`: whose checklist wants it."""

    deal: DealId
    name: str
    task: TaskId | None = None


@purpose("paper_name")
@dataclass(frozen=True, slots=True)
class PaperNamePurpose(Purpose):
    """Another name for the deal's papers, then the paper."""

    deal: DealId
    name: str
    task: TaskId | None = None


@purpose("template")
@dataclass(frozen=True, slots=True)
class TemplatePurpose(Purpose):
    """The owner's own .docx for a paper of a process."""

    wants_file: ClassVar[bool] = True

    process: str
    name: str


@purpose("requisite")
@dataclass(frozen=True, slots=True)
class RequisitePurpose(Purpose):
    """One of the company's requisites; `turn`: the next missing one is asked after it."""

    name: str
    turn: bool = False


@purpose("requisite_card")
@dataclass(frozen=True, slots=True)
class RequisiteCardPurpose(Purpose):
    """A pasted card of the enterprise, as it was typed, that waits for a yes."""

    said: str
