"""Stages, the tasks given on them, and pipelines."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Tag, model_validator
from pydantic import Field as Setting

from models.process import months
from models.process.actions import Action, OpenClaim, SettleClaim
from models.process.annotations import (
    AskedField,
    AskedTemplate,
    ChangeableText,
    ChangeableTitle,
    Clock,
    DateFieldName,
    Duration,
    FieldName,
    Name,
    OneOrMany,
    PaperName,
    PersonName,
    ProcessModel,
    Sentence,
    ShortForm,
    StageName,
    TaskName,
    Title,
    TitleTemplate,
)
from models.process.answer_life import Life
from models.process.conditions import Condition
from models.process.hold import Hold
from models.process.robots import Robot
from models.roles import Role
from models.values.invalid_value import N_
from models.values.spans import Days

# --- when a task is due ---------------------------------------------------------------------------------------


class DueAfter(ProcessModel):
    """So long after it was given, in working days or in hours; at `clock` of that day if given."""

    after: Duration
    clock: Clock | None = None


class DueOn(ProcessModel):
    """By a date field: `on: visit_on, before: 3d, clock: "10:00"`; days are counted as robots count them."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["before", "after"]}})

    on: DateFieldName
    before: Duration | None = None
    after: Duration | None = None
    clock: Clock | None = None

    @model_validator(mode="after")
    def _one_side(self) -> DueOn:
        if self.before and self.after:
            raise ValueError("a task is due `before` a date or `after` it, not both")
        return self

    @property
    def by(self) -> timedelta | None:
        """How far from the date."""
        return self.before or self.after


class DueHalfMonth(ProcessModel):
    """Given on days 1–15: on day `first` of the next month; from day 16 on: on day `second` of it (F-E5)."""

    model_config = ConfigDict(json_schema_extra={"required": ["half_month"]})

    half_month: bool = True
    first: Annotated[int, Setting(ge=1, le=28)] = 1
    second: Annotated[int, Setting(ge=1, le=28)] = 15
    clock: Clock | None = None


def _due(value: Any) -> str | None:
    if isinstance(value, ProcessModel):
        return {DueAfter: "after", DueOn: "on", DueHalfMonth: "half_month"}.get(type(value))
    if isinstance(value, dict):
        return next((key for key in ("half_month", "on", "after") if key in value), None)
    return None


Due = Annotated[
    Annotated[DueAfter, Tag("after")] | Annotated[DueOn, Tag("on")] | Annotated[DueHalfMonth, Tag("half_month")],
    Discriminator(
        _due,
        custom_error_type="unknown_word",
        custom_error_message="no such due rule; allowed: after, on, half_month",
    ),
    Setting(title="due"),
]


# --- tasks ----------------------------------------------------------------------------------------------------


class TaskEscalation(ProcessModel):
    """When those above hear that a task is undone: so long after it was due, days being working days of the company.

    Without it: one working day after, by whoever stands above the one who should do it. No task is exempt: it is told
    again until it is done. One that prepares a day (its due rule lies before it, its card shows it) is told on the last
    working day before that day as well, two hours before closing.
    """

    after: Duration = Days(days=1)
    to: Role | None = None
    """Who hears of it first; without it the supervisor, above him the owner."""


class ItemDefinition(ProcessModel):
    """A line of a checklist; `fill` are fields that ticking it asks for in conversation (C-3).

    `offers` are asked as well, but may be passed over; `paper` is made when the line is ticked (K-11).
    """

    title: ChangeableTitle
    fill: OneOrMany[AskedField] = ()
    offers: OneOrMany[AskedField] = ()
    paper: PaperName | None = None
    optional: bool = False
    """The task may be closed though this line is open."""


class CoveredField(ShortForm):
    """A field that an answer is about, perhaps only under a condition."""

    short: ClassVar[str] = "field"

    field: FieldName
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """While it is about it; without it, always."""


class Outcome(ProcessModel):
    """A button that closes the task, and what follows.

    `snooze` does not close it: it comes again after that time. `unchecked` closes it though its checklist is open.
    `stays` does what it says and leaves the task open; what it asks is asked anew each time (K-16). Of what it asks,
    the answers to `changes` must be other ones than stand on the card.
    """

    model_config = ConfigDict(
        json_schema_extra={"not": {"required": ["snooze"], "anyOf": [{"required": ["do"]}, {"required": ["stays"]}]}}
    )

    title: Title
    """What the button says."""
    style: Literal["success", "danger", "primary"] | None = None
    """The button's colour."""
    ask: OneOrMany[AskedField] = ()
    """Fields that it asks for first."""
    changes: OneOrMany[Name] = ()
    """Those of the fields asked whose answer must be another one than stands on the card."""
    do: tuple[Action, ...] = ()
    """What follows."""
    covers: OneOrMany[CoveredField] = ()
    """What it approves: when one of these fields changes, it counts no longer. Whoever gave it and the responsible
    hear of it, what it `put` is put aside, tasks that it led to are taken back, and it is asked for anew."""
    snooze: Duration | None = None
    until: DateFieldName | None = None
    """It does not close the task either: it comes again on that day, which is asked for anew each time."""
    unchecked: bool = False
    stays: bool = False
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """When it may be chosen; until then it says why not. With `runs` it is not shown at all where that is off."""

    @property
    def puts_off(self) -> bool:
        """Whether it leaves the task open until later."""
        return bool(self.snooze or self.until)

    @property
    def asks_anew(self) -> bool:
        """Whether its questions are asked though the card has answers: each claim has answers of its own, and what
        must change must be asked (M-14)."""
        anew = (
            self.stays or self.until or self.changes or any(isinstance(one, OpenClaim | SettleClaim) for one in self.do)
        )
        return bool(self.ask and anew)

    @model_validator(mode="after")
    def _one_way_out(self) -> Outcome:
        if self.puts_off and self.do:
            raise ValueError("an outcome either snoozes the task or closes it with `do`")
        if self.snooze and self.until:
            raise ValueError("an outcome puts the task off by `snooze` or `until`, not by both")
        if set(self.changes) - set(self.ask):
            raise ValueError("`changes` names fields of `ask`: those whose answer must be a new one")
        if self.covers and (self.stays or self.puts_off):
            raise ValueError("`covers` says what an answer approves: one that leaves the task open approves nothing")
        if self.stays and self.puts_off:
            raise ValueError("an outcome that snoozes leaves the task open anyway; leave `stays` out")
        return self


class TaskDefinition(ProcessModel):
    """What is to be done, by whom, until when (K-4, K-5).

    Tasks that fall due on one day and share a `list` arrive as one message with a button each (F-E5). An outcome counts
    until the deal comes to the stage where it was given once more, and one about a day (`due: {on: …}`) until that day
    changes: then the task is given anew. `lasts` says otherwise; a task that lasts on several stages goes along.
    """

    title: TitleTemplate
    description: ChangeableText | None = None
    """What is to be done, in more words."""
    video: Annotated[str, Setting(pattern=r"^https://\S+$", title="https://…")] | None = None
    """The address of a video that shows how."""
    to: PersonName = "responsible"
    """Who does it."""
    due: Due
    """Until when."""
    checklist: tuple[ItemDefinition, ...] = ()
    """Lines to tick."""
    outcomes: Annotated[dict[Name, Outcome], Setting(min_length=1)] = Setting(
        default_factory=lambda: {"done": Outcome(title=N_("Готово"), style="success")}
    )
    """The buttons that close it; without any there is one, «Готово», called `done`."""
    list: Title | None = None
    """The title under which tasks of one day arrive as one message."""
    shows: OneOrMany[FieldName] = ()
    """Fields of the deal that its card shows."""
    escalates: TaskEscalation = Setting(default_factory=TaskEscalation)
    """When those above hear that it is undone."""
    lasts: Life | None = None
    """How long its outcome counts."""

    @property
    def about(self) -> str | None:
        """The date field whose day its outcome is about; None if it outlives a change of the day."""
        if self.lasts is not None:
            return self.lasts.with_
        return self.due.on if isinstance(self.due, DueOn) else None


# --- stages ---------------------------------------------------------------------------------------------------


class RequiredField(ShortForm):
    """A required field, perhaps only under a condition: `{field: direction, if: {has: {to_create: deal}}}`."""

    short: ClassVar[str] = "field"

    field: AskedField
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """When it is required; without it, always."""


class StageGuard(ProcessModel):
    """What must hold to enter or to leave a stage."""

    requires: OneOrMany[RequiredField] = ()
    """Fields that must be filled: what is missing is asked for in conversation."""
    confirms: OneOrMany[FieldName] = ()
    """Answers that must agree (a reason and its comment): whoever takes the step, or writes one of them later, sees
    them together on one screen and confirms that they do. Who says that they do not is taken at his word, and the
    supervisor hears of it. With fewer than two of them answered there is nothing to confirm."""
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """Conditions that must hold."""
    tasks: OneOrMany[TaskName] = ()
    """Tasks that must have been closed."""


class Transition(ShortForm):
    """A way on to another stage of the pipeline, perhaps only under a condition."""

    short: ClassVar[str] = "to"

    to: StageName
    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """When it may be gone; until then it says why not."""


class Stage(ProcessModel):
    """A stage: what is to be done there (`hint`), what opens and closes it, who hears of it and when.

    Without `next` the way on leads to the following stage in the file. `from_any` stages can be reached from every open
    stage (endings, mostly). A deal may go back to an earlier stage, unless a `one_way` stage lies between (M-2).
    `was` names the ids that this stage had before it was renamed, so that deals standing there are mapped.
    """

    title: Title
    hint: Sentence | None = None
    """What is to be done here."""
    ending: Literal["won", "lost"] | None = None
    """The work ends here, well or not."""
    from_any: bool = False
    """It can be come to from every open stage."""
    one_way: bool = False
    """Who has come here does not go back before it."""
    was: OneOrMany[Name] = ()
    """Its earlier names."""
    enter: StageGuard = StageGuard()
    """What must hold to come here."""
    leave: StageGuard = StageGuard()
    """What must hold to go on (not to give up, nor to go back)."""
    holds: OneOrMany[Hold] = ()
    """What must stay true here and on all that lies behind."""
    next: OneOrMany[Transition] | None = None
    """The ways on; `next: []` for none."""
    fields: OneOrMany[AskedField] = ()
    """Fields that are filled in here, offered on the card."""
    tasks: dict[Name, TaskDefinition] = {}
    """Tasks given to everybody who comes here."""
    robots: tuple[Robot, ...] = ()
    """What happens here by itself."""


class NewDeal(ProcessModel):
    """How a deal is begun by hand in this pipeline: the button, the questions, the title made from the answers."""

    button: Title
    ask: tuple[AskedField, ...]
    """The fields that are asked for."""
    title: AskedTemplate
    """What the deal is called: `"{comment} · {name}"`."""


class Pipeline(ProcessModel):
    """A direction: ordered stages, of leads, deals or deferred demand; `practice` is a learner's ground (K-2).

    `monthly` names the date field by whose month a deal stands: «Январь 2027» (M-17).
    Practice deals stand apart from lists and counts, and nothing of them reaches anybody but the learner.
    """

    title: Title
    kind: Literal["lead", "deal", "deferred", "practice"] = "deal"
    new: NewDeal | None = None
    """The button that begins a deal here by hand."""
    monthly: DateFieldName | None = None
    stages: Annotated[dict[Name, Stage], Setting(min_length=1)]
    """In their order; a deal begins on the first one."""

    @model_validator(mode="after")
    def _one_month(self) -> Pipeline:
        if self.monthly and sum(stage.ending is None for stage in self.stages.values()) != 1:
            raise ValueError("a monthly pipeline describes one open stage: every month is made after it")
        return self

    @property
    def first(self) -> str:
        """The stage where its deals begin."""
        return next(iter(self.stages))

    def described(self, stage: str) -> str:
        """By which name the file describes the stage: a month by the one that stands for them all."""
        if self.monthly and months.is_month(stage):
            return next(name for name, one in self.stages.items() if one.ending is None)
        return stage
