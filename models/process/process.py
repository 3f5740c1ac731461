"""A whole process: one file, one business. The tables that the engine asks are built once, when it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, TypeGuard

from pydantic import Field as Setting
from pydantic import field_validator

from models.fields.address_field import AddressField
from models.fields.base import AnyField
from models.fields.booking_field import BookingField
from models.fields.groups import PersonNaming, Priced
from models.fields.payment_field import PaymentField
from models.process import asked_tasks, hold, months
from models.process.actions import (
    Action,
    CarryOver,
    Convert,
    GiveTask,
    Move,
    OpenClaim,
    PinText,
    PutValues,
    SendSms,
    SettleClaim,
)
from models.process.annotations import (
    AmountFieldName,
    AnyStageName,
    AskedField,
    DateFieldName,
    Duration,
    FieldName,
    MoneyFieldName,
    Name,
    OneOrMany,
    PipelineName,
    ProcessModel,
    ShortString,
    Text,
    TextFieldName,
    Title,
    YesNoFieldName,
)
from models.process.answer_life import Life
from models.process.conditions import fields_of
from models.process.hold import Hold
from models.process.own_tasks import OWN_TASKS, kind_of
from models.process.robots import Robot
from models.process.sections import Section
from models.process.stages import Pipeline, Stage, TaskDefinition, Transition
from models.process.triggers import Closed, Enter, OnDate
from models.process.visit_kinds import HOLD, NO_TRAVEL, USUAL, VisitDefinition, VisitKind
from models.roles import ROLES, Role
from models.values.invalid_value import N_
from models.values.spans import Days

LONGEST_NUMBER = 30


class ClientFields(ProcessModel):
    """Which fields say who the client is, until a client card exists: texts, and a phone.

    `consent` is a field that asks whether he lets his personal data be processed: «yes» is noted with the day, a «no»
    after it takes it back.
    """

    name: FieldName
    phone: FieldName
    company: FieldName | None = None
    consent: YesNoFieldName | None = None


class LeadIntake(ProcessModel):
    """Where a lead from outside comes in (F-L1), and which field takes its comment."""

    pipeline: PipelineName
    comment: AskedField | None = None


class PaymentSettings(ProcessModel):
    """The money of a deal: which field is to be paid in full, and how people pay (K-13, K-14).

    `total` is the money field that payment fields pay; `totals` are those of pipelines that have another one.
    """

    total: MoneyFieldName
    totals: dict[PipelineName, MoneyFieldName] = {}
    methods: Annotated[dict[Name, Title], Setting(min_length=1)]


class PaperDefinition(ProcessModel):
    """A document made by one tap (K-11, K-12).

    `template` lies in processes/papers; `needs` are fields that are asked first; `number` may hold {year} and {n},
    which counts within the year; `folder` is where it lies in the deal's folder; `pays`: it carries the payment QR for
    what is still due, or for `amount`, a money field. A paper that somebody who drives out may see (`hidden_from` names
    nobody of them) tells no prices, unless it `pays`; then they do not see it. What is hidden from a role is printed on
    papers only that are hidden from it as well.
    """

    title: Title
    template: Annotated[str, Setting(pattern=r"^[a-z][a-z0-9_]*\.typ$", title="name of a file, `contract.typ`")]
    needs: OneOrMany[AskedField] = ()
    number: ShortString = "{n}"
    folder: Title = N_("Документы")
    pays: bool = False
    amount: AmountFieldName | None = None
    hidden_from: OneOrMany[Role] = ()

    @field_validator("number")
    @classmethod
    def _counts(cls, number: str) -> str:
        try:
            first, second = (number.format(year=2026, n=n) for n in (1, 99_999))
        except (KeyError, IndexError, ValueError):
            raise ValueError("a number holds {n}, perhaps {year}, and no other braces") from None
        if first == second:
            raise ValueError("a number holds {n}, else every paper has the same one")
        if len(second) > LONGEST_NUMBER:
            raise ValueError(f"a number is at most {LONGEST_NUMBER} characters long")
        return number


class Goods(ProcessModel):
    """What the client buys, as papers say it (K-10, K-11).

    `title` may hold the deal's values («Кухня {kitchen_type}»); `features` are fields, each a line of the description;
    `items` is a text field with an item on each line («Фасады МДФ — 12 шт. — 84 000»).
    """

    title: Text
    items: TextFieldName | None = None
    features: OneOrMany[FieldName] = ()


class RegisterDefinition(ProcessModel):
    """«Учёт клиентов»: a view of the deals, never a second truth (M-5).

    The fields that its columns show, and by stage the words of its status.
    """

    title: Title
    pipelines: OneOrMany[PipelineName] = ()
    """Whose deals it lists; without it those of every pipeline of kind `deal` or `deferred`."""
    date: DateFieldName
    sum: FieldName
    contract_sum: FieldName | None = None
    contract_number: FieldName | None = None
    result: FieldName | None = None
    statuses: dict[AnyStageName, Title] = {}
    """What the status of a deal on that stage reads; without it the stage's title."""
    off: Title | None = None
    """What it reads while the visit that `date` shows is off."""


class Silence(ProcessModel):
    """The last net under every open deal on which nobody does anything, unless a day is agreed that is still ahead.

    Its responsible hears each time that so many working days have passed since the last act of a person, those above
    each time that `after` has: again and again, until somebody acts. No open deal is ever without a next timer.
    """

    every: Duration
    """Working days after which the responsible hears."""
    after: Duration = Days(days=7)
    """Working days after which those above hear as well."""
    escalate: Role = "supervisor"
    """Who is above."""
    text: Text | None = None
    """What is said; without it, for how many working days nothing has happened."""


class Process(ProcessModel):
    """All that one business does: one file, one process."""

    process: Name
    """The name by which settings and other processes know it."""
    title: Title
    """What people call the business."""
    fields: dict[Name, AnyField] = {}
    """What can be known of a deal, each under a name of its own."""
    sections: dict[Name, Section] = {}
    """The sections of the card, in their order."""
    visits: dict[Name, VisitDefinition] = {}
    """Who goes to the client, for what; a field of type `booking` is a visit without being named here."""
    client: ClientFields
    """Which fields say who the client is."""
    intake: LeadIntake | None = None
    """Where leads from outside (the site, imports) come in."""
    payments: PaymentSettings | None = None
    """What is to be paid, and how people pay."""
    papers: dict[Name, PaperDefinition] = {}
    """The documents that are made by one tap."""
    goods: Goods | None = None
    """What the client buys, as papers say it."""
    ledger: RegisterDefinition | None = None
    """The client ledger: its columns and statuses."""
    silence: Silence
    """When a deal of which nobody hears is escalated."""
    tasks: dict[Name, TaskDefinition] = {}
    """Tasks that robots and outcomes give on any stage."""
    pipelines: Annotated[dict[Name, Pipeline], Setting(min_length=1)]
    """The directions of the business, each with its stages."""

    def stage(self, pipeline: str, stage: str) -> Stage:
        """The stage; KeyError if the process has none such (see `services.processes` for renamed ones)."""
        found = self.find_stage(pipeline, stage)
        if found is None:
            raise KeyError(stage)
        return found

    def find_stage(self, pipeline: str, stage: str) -> Stage | None:
        """The stage, or None if the file no longer has it."""
        line = self.pipelines.get(pipeline)
        if line is None:
            return None
        if line.monthly and months.is_month(stage):
            return self._month(pipeline, stage)
        return line.stages.get(stage)

    def _month(self, pipeline: str, stage: str) -> Stage:
        made = self._months.get((pipeline, stage))
        if made is None:
            line = self.pipelines[pipeline]
            made = line.stages[line.described(stage)].model_copy(update={"title": months.title_of(stage)})
            self._months[pipeline, stage] = made
        return made

    @cached_property
    def _months(self) -> dict[tuple[str, str], Stage]:
        return {}

    def described(self, pipeline: str, stage: str) -> str:
        """By which name the file describes the stage (see `Pipeline.described`)."""
        return self.pipelines[pipeline].described(stage)

    def place_of(self, pipeline: str, stage: str) -> int:
        """The stage as a number for a button: its place, or its month. ValueError for one that is not there."""
        if self.pipelines[pipeline].monthly and months.is_month(stage):
            return months.number_of(stage)
        return self.order(pipeline).index(stage)

    def at_place(self, pipeline: str, place: int) -> str | None:
        """The stage of such a number; None if there is none."""
        order = self.order(pipeline)
        if 0 <= place < len(order):
            return order[place]
        stage = months.of_number(place) if self.pipelines[pipeline].monthly and 0 < place < 12 * 9999 else ""
        return stage if months.is_month(stage) else None

    def task(self, pipeline: str, stage: str, name: str) -> TaskDefinition:
        """The task's description as the stage or the process gives it; KeyError if there is none.

        A task may be closed, and give another one, when its deal has left the stage that describes both.
        """
        found = self.find_stage(pipeline, stage)
        task = found.tasks[name] if found and name in found.tasks else self.find_task(name)
        if task is None:
            raise KeyError(name)
        return task

    def find_task(self, name: str) -> TaskDefinition | None:
        """The description of a task by name alone, wherever it stands; of the program's own tasks as well."""
        if name in self.tasks:
            return self.tasks[name]
        found = next((stage.tasks[name] for _, _, stage in self.every_stage if name in stage.tasks), None)
        return found or OWN_TASKS.get(kind_of(name)) or self.asked_tasks.get(name)

    @cached_property
    def asked_tasks(self) -> dict[str, TaskDefinition]:
        """What each `ask` of a robot becomes when nobody answers, by the task's name."""
        return asked_tasks.of_actions(self.every_action, self.fields)

    @cached_property
    def every_stage(self) -> tuple[tuple[str, str, Stage], ...]:
        """(pipeline, stage name, stage), in the order of the file."""
        return tuple((name, key, stage) for name, line in self.pipelines.items() for key, stage in line.stages.items())

    @cached_property
    def confirmed_together(self) -> tuple[tuple[str, ...], ...]:
        """The sets of answers that gates want confirmed together, each once (M-16)."""
        gates = (gate for _, _, stage in self.every_stage for gate in (stage.enter, stage.leave))
        return tuple(dict.fromkeys(gate.confirms for gate in gates if gate.confirms))

    @cached_property
    def price_fields(self) -> frozenset[str]:
        """Fields that are not for the people who drive out: sums, all that stands beside the payments (a promised day
        of payment) in a section of its own, and the items of the order, each with its price."""
        beside = {one.section for one in self.fields.values() if isinstance(one, PaymentField)} - {None}
        client = (self.client.name, self.client.phone)  # where a master learns whom he drives to
        beside -= {one.section for name, one in self.fields.items() if name in client or isinstance(one, AddressField)}
        listed = self.goods.items if self.goods else None
        every = self.fields.items()
        return frozenset(
            name for name, one in every if isinstance(one, Priced) or one.section in beside or name == listed
        )

    @cached_property
    def account_fields(self) -> frozenset[str]:
        """What the accounts of a deal are made of: sums to be paid, and the payments."""
        totals = (self.payments.total, *self.payments.totals.values()) if self.payments else ()
        return frozenset((*self.payment_fields, *self.payment_slots, *totals))

    @cached_property
    def hidden_by_role(self) -> Mapping[Role, frozenset[str]]:
        """The fields that the file hides from each role."""
        every = self.fields.items()
        return {role: frozenset(name for name, one in every if role in one.hidden_from) for role in ROLES}

    @cached_property
    def visit_kinds(self) -> dict[str, VisitKind]:
        """Every visit by its name: those of the file, and those of fields of type `booking` that it does not name."""
        found = {name: self._kind(name, one) for name, one in self.visits.items()}
        taken = {one.slot for one in self.visits.values()}
        for name, one in self.fields.items():
            if isinstance(one, BookingField) and name not in taken:
                found[name] = self._kind(name, VisitDefinition(title=one.title, slot=name))
        return found

    def _kind(self, name: str, one: VisitDefinition) -> VisitKind:
        slot, who = self.fields.get(one.slot or ""), self.fields.get(one.by or one.slot or "")
        own = slot if isinstance(slot, BookingField) else None
        kind = VisitKind(
            name, one.title, one.day, one.at, one.by, one.slot,
            who.role if isinstance(who, PersonNaming) else None,
            own.takes if own else one.takes or USUAL,
            own.travel if own else one.travel or NO_TRAVEL,
            own.hold if own else HOLD,
            was=one.was,
        )  # fmt: skip
        return dataclasses.replace(kind, places=frozenset(self._places(one, set(kind.fields))))

    def _places(self, one: VisitDefinition, fields: set[str]) -> list[tuple[str, str]]:
        """Where a visit is agreed: as the file says, else where one of its fields is required to enter, else asked."""
        if one.from_:
            return [(line, name) for line, name, _ in self.every_stage if name in one.from_]
        gated = [
            (line, name)
            for line, name, stage in self.every_stage
            if fields & {need.field for need in stage.enter.requires}
        ]
        asked = [
            (line, name)
            for line, name, stage in self.every_stage
            if fields & {*stage.fields, *(need.field for need in stage.leave.requires)}
        ]
        return gated or asked

    @cached_property
    def faces(self) -> dict[str, VisitKind]:
        """The fields that are views of a visit, each with its visit: none of them is kept in the deal."""
        return {name: kind for kind in self.visit_kinds.values() for name in kind.fields}

    @cached_property
    def rules(self) -> dict[str, Robot]:
        """Every robot by its stable name `pipeline.stage.trigger.action`; twins get `.2`, `.3`."""
        found: dict[str, Robot] = {}
        for pipeline, name, stage in self.every_stage:
            for robot in stage.robots:
                base = f"{pipeline}.{name}.{robot.rule_name}"
                rule, twin = base, 1
                while rule in found:
                    twin += 1
                    rule = f"{base}.{twin}"
                found[rule] = robot
        return found

    @cached_property
    def _rules_of(self) -> dict[tuple[str, str], tuple[tuple[str, Robot], ...]]:
        table: dict[tuple[str, str], list[tuple[str, Robot]]] = {}
        for rule, robot in self.rules.items():
            pipeline, stage, *_ = rule.split(".")
            table.setdefault((pipeline, stage), []).append((rule, robot))
        return {key: tuple(rules) for key, rules in table.items()}

    def rules_of(self, pipeline: str, stage: str) -> tuple[tuple[str, Robot], ...]:
        """The robots of one stage with their names."""
        line = self.pipelines.get(pipeline)
        return self._rules_of.get((pipeline, line.described(stage) if line else stage), ())

    @cached_property
    def restless(self) -> frozenset[tuple[str, str]]:
        """The stages that a deal may be taken from, or that may be called off, in the moment in which it comes there
        (see `models.engine.foresight`)."""
        every = ((place, robot) for place, rules in self._rules_of.items() for _, robot in rules)
        return frozenset(place for place, robot in every if self._is_restless(place, robot))

    def _is_restless(self, place: tuple[str, str], robot: Robot) -> bool:
        """A robot on entering undoes a step only by going back to where that came from."""
        if robot.shuts is not None:
            return True
        moves = [one.move for one in robot.do if isinstance(one, Move)]
        if isinstance(robot.on, OnDate):
            return bool(moves) or any(isinstance(one, CarryOver) for one in robot.do)
        pipeline, stage = place
        back = (to for to in moves if to == "previous" or any(way.to == stage for way in self.ways(pipeline, to)))
        return isinstance(robot.on, Enter) and any(back)

    @cached_property
    def _ways(self) -> dict[tuple[str, str], tuple[Transition, ...]]:
        return {(p, s): _ways_from(self.pipelines[p], s, stage) for p, s, stage in self.every_stage}

    def ways(self, pipeline: str, stage: str) -> tuple[Transition, ...]:
        """The ways on from a stage: what `next` says (or the following stage), then the `from_any` stages."""
        line = self.pipelines.get(pipeline)
        return self._ways.get((pipeline, line.described(stage) if line else stage), ())

    @cached_property
    def _holds(self) -> dict[tuple[str, str], tuple[Hold, ...]]:
        table: dict[tuple[str, str], tuple[Hold, ...]] = {}
        aims = [one.carry if isinstance(one, CarryOver) else one.convert for one in self.every_action if _leads(one)]
        for pipeline, holder, stage in self.every_stage:
            if not stage.holds:
                continue
            line = self.pipelines[pipeline]
            begins = [line.first, *(aim.partition(".")[2] for aim in aims if aim.startswith(f"{pipeline}."))]
            ways = {name: [way.to for way in self.ways(pipeline, name)] for name in line.stages}
            for bound in hold.find_bound(self.order(pipeline), ways, begins, holder):
                if line.stages[bound].ending != "lost":
                    table[pipeline, bound] = (*table.get((pipeline, bound), ()), *stage.holds)
        return table

    def holds_at(self, pipeline: str, stage: str) -> tuple[Hold, ...]:
        """What must stay true of a deal that stands on that stage: what it says itself, and the stages before it."""
        line = self.pipelines.get(pipeline)
        return self._holds.get((pipeline, line.described(stage) if line else stage), ())

    @cached_property
    def _order(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(line.stages) for name, line in self.pipelines.items()}

    def order(self, pipeline: str) -> tuple[str, ...]:
        """The pipeline's stages in order."""
        return self._order[pipeline]

    @cached_property
    def payment_fields(self) -> tuple[str, ...]:
        """The slots of the payments ledger, in the order of the file."""
        return tuple(name for name, field in self.fields.items() if isinstance(field, PaymentField))

    @cached_property
    def payment_slots(self) -> dict[str, tuple[str, ...]]:
        """The payment fields by the sum that they pay."""
        table: dict[str, tuple[str, ...]] = {}
        for name in self.payment_fields:
            field = self.fields[name]
            if isinstance(field, PaymentField):
                table[field.of] = (*table.get(field.of, ()), name)
        return table

    @cached_property
    def covering(self) -> dict[str, frozenset[str]]:
        """The fields that were said of others, and of which."""
        return {name: frozenset(field.covers) for name, field in self.fields.items() if field.covers}

    @cached_property
    def asked_fields(self) -> frozenset[str]:
        """The fields of which somebody above may be asked: what he alone fills in, what that is said of, and what holds
        let only him change."""
        found = {name for name, field in self.fields.items() if field.is_for_above()}
        found |= {covered for name in found for covered in self.fields[name].covers}
        asking = [one for _, _, stage in self.every_stage for one in stage.holds if one.else_ == "ask"]
        found |= {one.not_lowered for one in asking if one.not_lowered}
        return frozenset(found | {name for one in asking for test in one.if_ for name in fields_of(test)})

    @cached_property
    def every_action(self) -> tuple[Action, ...]:
        """What robots and outcomes of tasks can do."""
        robots = [action for _, _, stage in self.every_stage for robot in stage.robots for action in robot.do]
        outcomes = [outcome for _, task in self._every_task for outcome in task.outcomes.values()]
        return (*robots, *(action for outcome in outcomes for action in outcome.do))

    @cached_property
    def has_one_way(self) -> bool:
        """Whether some stage cannot be left backwards."""
        return any(stage.one_way for _, _, stage in self.every_stage)

    @cached_property
    def has_pins(self) -> bool:
        """Whether anything ever pins a message."""
        return any(isinstance(action, PinText) for action in self.every_action)

    @cached_property
    def texts_clients(self) -> bool:
        """Whether anything ever writes to the client's phone."""
        return any(isinstance(action, SendSms) for action in self.every_action)

    @cached_property
    def has_claims(self) -> bool:
        """Whether anything ever registers a claim."""
        return any(isinstance(action, OpenClaim) for action in self.every_action)

    @cached_property
    def claim_fields(self) -> tuple[str | None, str | None]:
        """Which fields hold the text and the photos of a claim, as the first action says that registers one."""
        found = next((action for action in self.every_action if isinstance(action, OpenClaim)), None)
        return (found.open_claim, found.photos) if found else (None, None)

    @cached_property
    def staying_fields(self) -> tuple[tuple[str, Life], ...]:
        """The fields whose values end when the deal comes to another stage than theirs, with how long they last."""
        every = ((name, one.lasts) for name, one in self.fields.items())
        return tuple((name, life) for name, life in every if life and life.stages and not life.of_deal)

    @cached_property
    def dated_fields(self) -> dict[str, tuple[str, ...]]:
        """For each date field, the fields whose values are about its day."""
        found: dict[str, tuple[str, ...]] = {}
        for name, one in self.fields.items():
            if one.lasts and one.lasts.with_:
                found[one.lasts.with_] = (*found.get(one.lasts.with_, ()), name)
        return found

    @cached_property
    def led_to(self) -> dict[tuple[str, str], frozenset[str]]:
        """For each task and outcome, the tasks that are given because of it, by itself or by robots, one after
        another."""
        given: dict[tuple[str, str], set[str]] = {}
        for name, task in self._every_task:
            for key, outcome in task.outcomes.items():
                given.setdefault((name, key), set()).update(one.give for one in outcome.do if isinstance(one, GiveTask))
        for robot in self.rules.values():
            if isinstance(robot.on, Closed):
                given_by_it = {one.give for one in robot.do if isinstance(one, GiveTask)}
                for (task_name, key), names in given.items():
                    if task_name == robot.on.task and robot.on.outcome in (None, key):
                        names |= given_by_it
        return {key: frozenset(_further(given, names)) for key, names in given.items()}

    @cached_property
    def approvals(self) -> dict[str, dict[tuple[str, str], tuple[str, ...]]]:
        """For each field that an approval puts on the card: which tasks' outcomes do, and what these are of."""
        found: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        for name, task in self._every_task:
            for key, outcome in task.outcomes.items():
                of = tuple(one.field for one in outcome.covers)
                for field in [put for one in outcome.do if isinstance(one, PutValues) for put in one.put] if of else ():
                    found.setdefault(field, {})[name, key] = of
        return found

    @cached_property
    def _every_task(self) -> tuple[tuple[str, TaskDefinition], ...]:
        """Every task by its name; those of several stages may share one."""
        return (*self.tasks.items(), *(one for _, _, stage in self.every_stage for one in stage.tasks.items()))

    @cached_property
    def settling(self) -> frozenset[str]:
        """The tasks one of whose outcomes settles a claim: they belong to the claim, not to a stage (K-24)."""
        return frozenset(
            name
            for name, task in self._every_task
            if any(isinstance(action, SettleClaim) for outcome in task.outcomes.values() for action in outcome.do)
        )

    @cached_property
    def practice(self) -> tuple[str, ...]:
        """The pipelines where learners practise (K-2)."""
        return tuple(name for name, line in self.pipelines.items() if line.kind == "practice")

    def direction(self, pipeline: str) -> Literal["lead", "deal", "deferred", "practice"]:
        """The kind of the pipeline."""
        return self.pipelines[pipeline].kind


def _leads(action: Action) -> TypeGuard[CarryOver | Convert]:
    """Whether the action brings a deal into a pipeline."""
    return isinstance(action, CarryOver | Convert)


def _further(given: Mapping[tuple[str, str], set[str]], names: set[str]) -> set[str]:
    """These tasks, and those that any outcome of theirs leads to."""
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += [one for (task, _), more in given.items() if task == name for one in more]
    return found


def _ways_from(line: Pipeline, name: str, stage: Stage) -> tuple[Transition, ...]:
    if stage.next is not None:
        own = stage.next
    elif stage.ending:
        own = ()
    else:
        names = list(line.stages)
        following = names[names.index(name) + 1 :]
        target = next((key for key in following if not line.stages[key].from_any), None)
        own = (Transition(to=target),) if target else ()
    if stage.ending:
        return own
    listed = {way.to for way in own}
    anywhere = tuple(
        Transition(to=key) for key, other in line.stages.items() if other.from_any and key != name and key not in listed
    )
    return own + anywhere
