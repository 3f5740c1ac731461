"""The status of a ledger's entry: it follows from where the deal stands, nobody types it (M-5, M-14)."""

from __future__ import annotations

from dataclasses import dataclass

from models.fields.choice_field import ChoiceField
from models.process.process import Process
from models.values.invalid_value import N_
from models.values.product_text import ProductText

LOST_RESULT = "lost_result"  # by what happened a deal was lost (M-16): by convention of the name
DEFERRED = N_("Отложен")
LOST = N_("Отказ")


@dataclass(frozen=True, slots=True)
class StatusKey:
    """A place that gives a status: a stage (None: every open stage), perhaps with an option of the lost result.

    `without`: none of these options may be chosen. `off`: the visit of the ledger's date is off (None: it may be).
    """

    pipeline: str
    stage: str | None
    option: str | None = None
    without: tuple[str, ...] = ()
    off: bool | None = None


def pipelines(process: Process) -> tuple[str, ...]:
    """Whose deals the ledger lists: those named, else all of deals and of deferred demand."""
    assert process.ledger is not None
    named = process.ledger.pipelines
    return named or tuple(name for name, one in process.pipelines.items() if one.kind in ("deal", "deferred"))


def lost_field(process: Process) -> str | None:
    """The field that says how a deal was lost, if the process has it."""
    return LOST_RESULT if isinstance(process.fields.get(LOST_RESULT), ChoiceField) else None


def options(process: Process) -> dict[str, ProductText]:
    """The lost results and their words."""
    field = process.fields.get(LOST_RESULT)
    return dict(field.options) if isinstance(field, ChoiceField) else {}


def visit_of(process: Process) -> str | None:
    """The visit that the ledger's date shows, where the file has words for one that is off."""
    ledger = process.ledger
    kind = process.faces.get(ledger.date) if ledger is not None and ledger.off else None
    return kind.name if kind is not None else None


def of(process: Process, pipeline: str, stage: str, lost_result: object = None, *, off: bool = False) -> ProductText:
    """The words of the status of a deal that stands there."""
    assert process.ledger is not None
    found = process.find_stage(pipeline, stage)
    words = process.ledger.statuses.get(stage)
    if found is not None and found.ending == "lost":
        return options(process).get(str(lost_result)) or words or LOST
    line = process.pipelines.get(pipeline)
    if line is not None and line.kind == "deferred" and (found is None or found.ending is None):
        return DEFERRED
    if off and process.ledger.off and (found is None or found.ending is None):
        return process.ledger.off
    if words or found is None:
        return words or ProductText(stage)  # the file has it no more: a bare name, as `annotations.NAME` has them
    return found.title


def every(process: Process) -> dict[ProductText, tuple[StatusKey, ...]]:
    """All statuses that there can be, in the order of the stages, and the places that give them."""
    chosen = tuple(options(process))
    found: dict[ProductText, tuple[StatusKey, ...]] = {}

    def add(words: ProductText, key: StatusKey) -> None:
        found[words] = (*found.get(words, ()), key)

    for pipeline in pipelines(process):
        line = process.pipelines[pipeline]
        for name, stage in line.stages.items():
            if stage.ending == "lost":
                for option in chosen:
                    add(of(process, pipeline, name, option), StatusKey(pipeline, name, option))
                add(of(process, pipeline, name), StatusKey(pipeline, name, without=chosen))
            elif line.kind != "deferred" or stage.ending:
                has_off = visit_of(process) is not None and stage.ending is None
                add(of(process, pipeline, name), StatusKey(pipeline, name, off=False if has_off else None))
                if has_off:
                    add(of(process, pipeline, name, off=True), StatusKey(pipeline, name, off=True))
        if line.kind == "deferred":
            add(DEFERRED, StatusKey(pipeline, None))
    return found


def standing(process: Process) -> tuple[tuple[str, str], ...]:
    """(pipeline, stage) named in the statuses, lost ones aside: a client who never came as far has no entry."""
    assert process.ledger is not None
    named, mine = process.ledger.statuses, pipelines(process)
    return tuple(
        (pipeline, name)
        for pipeline, name, stage in process.every_stage
        if name in named and pipeline in mine and stage.ending != "lost"
    )
