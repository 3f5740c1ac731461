"""Carrying out a plan: the deal, its history, its timers, tasks and messages, in one transaction (promise 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from models import access, codec
from models.engine import effects as e
from models.nouns import Deal, Employee
from models.process.fields import PersonField
from models.process.process import Process
from models.tables import deal, event, tally
from services import clients, people, schedule, tasks
from services.work import Work

CHANGE = (
    update(deal)
    .where(deal.c.id == bindparam("key"), deal.c.version == bindparam("seen"))
    .values(
        version=bindparam("to_version"),
        pipeline=bindparam("to_pipeline"),
        kind=bindparam("to_kind"),
        stage=bindparam("to_stage"),
        status=bindparam("to_status"),
        entered_at=bindparam("to_entered_at"),
        came_from=bindparam("to_came_from"),
        fields=bindparam("to_fields"),
        client_id=bindparam("to_client_id"),
        responsible_id=bindparam("to_responsible_id"),
        closed_at=bindparam("to_closed_at"),
    )
)
HISTORY = insert(event)
TALLY = {
    name: module.insert(tally).on_conflict_do_update(
        index_elements=["kind", "process", "pipeline", "stage", "responsible_id"],
        set_={"n": tally.c.n + module.insert(tally).excluded.n},
    )
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}


@dataclass
class _Ledger:
    """What a plan writes, gathered before it is written: the deal as it becomes, rows of history, of the schedule."""

    work: Work
    before: Deal
    process: Process
    pipeline: str
    stage: str
    status: str
    entered_at: datetime
    came_from: str | None
    fields: dict[str, Any]
    client_id: int | None
    responsible_id: int | None
    closed_at: datetime | None
    events: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, e.TimerSet] = field(default_factory=dict)
    voided: list[str] = field(default_factory=list)
    left: bool = False
    notices: list[tuple[str | int, str, dict[str, Any]]] = field(default_factory=list)

    def history(self, kind: str, rule: str | None = None, **data: Any) -> None:
        stages = {"from_stage": data.pop("from_stage", None), "to_stage": data.pop("to_stage", None)}
        self.events.append(
            {
                "deal_id": self.before.id,
                "version": self.before.version + 1,
                "seq": len(self.events),
                "at": self.work.now,
                "actor_id": self.work.actor_id,
                "kind": kind,
                **stages,
                "rule": rule,
                "data": data or None,
            }
        )


def carry_out(work: Work, found: Deal, plan: e.Plan, kind: str | None = None) -> Deal:
    """Write everything that the plan says; gives the deal as it has become.

    CardOutdated (nothing is written) if the deal has moved on meanwhile.
    """
    ledger = _open(work, found)
    if kind:
        ledger.history(kind, to_stage=f"{found.pipeline}.{found.stage}", source=found.source)
    for effect in plan.effects:
        _apply(ledger, effect)
    return _write(ledger) if ledger.events or plan.effects else found


def hand_over(work: Work, found: Deal, person: Employee) -> Deal:
    """Change the responsible; open tasks of the old one go along, the new one is told. Gives the deal as it is then."""
    ledger = _open(work, found)
    old = found.responsible_id
    ledger.responsible_id = person.id
    ledger.history("assigned", to=person.name, **({"of": people.get(work, old).name} if old else {}))
    tasks.hand_over(work, found.id, old, person)
    if person.id != work.actor_id:
        ledger.notices.append(("responsible", "assigned", {"text": "", "kind": "assigned"}))
    return _write(ledger)


def note(work: Work, found: Deal, kind: str, data: Mapping[str, Any]) -> None:
    """A line in the history that changes nothing else (a comment, a file)."""
    ledger = _open(work, found)
    ledger.history(kind, **data)
    _write(ledger)


def remove(work: Work, found: Deal) -> None:
    """Take a deal out of sight, with everything planned for it."""
    schedule.void_timers(work, found.id)
    tasks.void_all(work, found.id)
    count(work, found, -1)
    note(work, found, "deleted", {})
    work.tx.execute(update(deal).where(deal.c.id == found.id).values(deleted_at=work.now))


def count(work: Work, found: Deal, n: int) -> None:
    """Keep the counts on the menus: open deals by place and responsible."""
    if found.status == "open":
        key = (found.kind, found.process, found.pipeline, found.stage, found.responsible_id or 0)
        _tally(work, [(key, n)])


def _tally(work: Work, changes: Sequence[tuple[tuple[str, str, str, str, int], int]]) -> None:
    names = ("kind", "process", "pipeline", "stage", "responsible_id")
    rows = [{**dict(zip(names, key, strict=True)), "n": n} for key, n in changes]
    if rows:
        work.tx.execute(TALLY[work.tx.dialect.name], rows)


def _open(work: Work, found: Deal) -> _Ledger:
    return _Ledger(
        work,
        found,
        work.process(found.process),
        found.pipeline,
        found.stage,
        found.status,
        found.entered_at,
        found.came_from,
        dict(found.fields),
        found.client_id,
        found.responsible_id,
        found.closed_at,
    )


def _apply(ledger: _Ledger, effect: e.Effect) -> None:
    match effect:
        case e.StageChanged():
            _change_stage(ledger, effect)
        case e.FieldsSet():
            for name, value in effect.values.items():
                ledger.history("filled", effect.why, field=name, value=codec.encode({}, {"v": value})["v"])
                if value is None:
                    ledger.fields.pop(name, None)
                else:
                    ledger.fields[name] = value
            _follow(ledger, effect.values)
        case e.TimerSet():
            ledger.timers[effect.rule] = effect
        case e.TimerVoided():
            ledger.timers.pop(effect.rule, None)
            ledger.voided.append(effect.rule)
        case e.Noticed():
            kind = "escalation" if effect.escalated else "note"
            ledger.notices.append((effect.to, effect.rule, {"text": effect.text, "kind": kind}))
        case e.FieldsAsked():
            payload = {"text": effect.text, "kind": "ask", "fields": list(effect.fields)}
            ledger.notices.append((effect.to, effect.rule, payload))
        case e.TaskGiven():
            _give(ledger, effect)
        case e.TaskMoved():
            tasks.move_due(ledger.work, ledger.before.id, effect.name, effect.due_at)
        case e.TaskClosed():
            tasks.finish(ledger.work, ledger.before.id, effect.name, effect.outcome)
            ledger.history("task_closed", task=effect.name, outcome=effect.outcome)
        case e.TaskSnoozed():
            tasks.snooze(ledger.work, ledger.before.id, effect.name, effect.due_at)
            ledger.history("task_snoozed", task=effect.name, outcome=effect.outcome)
        case e.ClientsCreated():
            _create_clients(ledger, effect)
        case e.Converted():
            _convert(ledger, effect)
        case e.Commented():
            ledger.history("note", effect.rule, text=effect.text)
        case e.MoveBlocked():
            ledger.history("blocked", effect.rule, to=effect.to_stage)
            payload = {"kind": "blocked", "text": "", "stage": effect.to_stage}
            ledger.notices.append(("responsible", effect.rule, payload))
        case _:
            assert_never(effect)


def _change_stage(ledger: _Ledger, effect: e.StageChanged) -> None:
    work, name = ledger.work, f"{effect.pipeline}.{effect.from_stage}"
    ledger.history("moved", effect.why, from_stage=name, to_stage=f"{effect.to_pipeline}.{effect.to_stage}")
    for whose, title in tasks.void_of_stage(work, ledger.before.id, name):
        if whose is not None and whose not in (work.actor_id, ledger.responsible_id):
            # an installer who would drive out to a job that is off must hear of it
            ledger.notices.append((whose, "task", {"text": title, "kind": "withdrawn"}))
    ledger.left = True
    ledger.timers.clear()
    ledger.came_from = effect.from_stage if effect.to_pipeline == effect.pipeline else None
    ledger.pipeline, ledger.stage, ledger.status = effect.to_pipeline, effect.to_stage, effect.status
    ledger.entered_at = work.now
    ledger.closed_at = None if effect.status == "open" else work.now
    if ledger.responsible_id is None and work.actor and work.actor.role in ("manager", "supervisor", "owner"):
        ledger.responsible_id = work.actor.id
        ledger.history("assigned", to=work.actor.name)


def _give(ledger: _Ledger, effect: e.TaskGiven) -> None:
    """The responsible as he is after this plan gets it: who moves a deal that is nobody's takes its tasks too."""
    origin = f"{ledger.pipeline}.{ledger.stage}"
    person, role = _assignee(ledger, effect.task.to)
    rows = tasks.give(ledger.work, ledger.before.id, effect, origin, person, role)
    ledger.history("task_given", effect.rule, task=effect.name, title=effect.task.title)
    schedule.put(ledger.work, rows)


def _assignee(ledger: _Ledger, to: str) -> tuple[Employee | None, str | None]:
    work = ledger.work
    if to == "responsible":
        found = people.find_working(work, ledger.responsible_id)
        return (found, None) if found else (None, "manager")
    if to in ledger.process.fields:
        found = people.find_working(work, ledger.fields.get(to))
        return (found, None) if found else (None, getattr(ledger.process.fields[to], "role", "manager"))
    known = people.of_role(work, to)
    return (known[0], None) if len(known) == 1 else (None, to)


def _follow(ledger: _Ledger, changed: Mapping[str, Any]) -> None:
    """A task for whomever a field names goes along when the field names somebody else (C-5)."""
    for name in changed:
        if isinstance(ledger.process.fields.get(name), PersonField):
            person, role = _assignee(ledger, name)
            tasks.follow(ledger.work, ledger.before.id, ledger.process, name, person, role)


def _create_clients(ledger: _Ledger, effect: e.ClientsCreated) -> None:
    wanted = effect.what & {"contact", "company"}
    if not wanted or (ledger.client_id is not None and "company" not in wanted):
        return
    made = clients.for_lead(ledger.work, ledger.process.client, ledger.fields, wanted)
    if made is not None and made != ledger.client_id:
        ledger.client_id = made if ledger.client_id is None or "contact" in wanted else ledger.client_id
        ledger.history("client", name=clients.get(ledger.work, made).name)


def _convert(ledger: _Ledger, effect: e.Converted) -> None:
    from services import deals  # a deal begun from a lead goes through the same verb as one begun by hand

    work, lead = ledger.work, ledger.before
    client_id = ledger.client_id
    if client_id is None:  # only the deal was wanted: its client is still known by the phone, if anyhow
        number = ledger.fields.get(ledger.process.client.phone)
        known = clients.find_by_phone(work, number) if number else []
        client_id = known[0].id if known else None
    begun = deals.begin(
        work,
        ledger.process,
        effect.pipeline,
        ledger.fields,
        source=lead.source,
        stage=effect.stage,
        client_id=client_id,
        responsible_id=ledger.responsible_id,
        origin_id=lead.id,
        title=lead.title,
        makes_client=False,  # which client's cards there are to be was chosen on the lead
    )
    ledger.history("converted", deal=begun.id, number=begun.number)


def _write(ledger: _Ledger) -> Deal:
    from services import deals

    work, before = ledger.work, ledger.before
    kind = ledger.process.direction(ledger.pipeline)
    fields = codec.encode(ledger.process.fields, ledger.fields)
    # what only reminds changes nothing on the card: the buttons that people look at stay good
    version = before.version + (1 if ledger.events else 0)
    changed = work.tx.execute(
        CHANGE,
        {
            "key": before.id,
            "seen": before.version,
            "to_version": version,
            "to_pipeline": ledger.pipeline,
            "to_kind": kind,
            "to_stage": ledger.stage,
            "to_status": ledger.status,
            "to_entered_at": ledger.entered_at,
            "to_came_from": ledger.came_from,
            "to_fields": fields,
            "to_client_id": ledger.client_id,
            "to_responsible_id": ledger.responsible_id,
            "to_closed_at": ledger.closed_at,
        },
    )
    if changed.rowcount != 1:
        raise deals.outdated(work, before)
    if ledger.events:
        work.tx.execute(HISTORY, ledger.events)
    _recount(ledger, kind)
    schedule.put(work, [*_plan_timers(ledger), *_tell(ledger)])
    return replace(
        before,
        version=version,
        pipeline=ledger.pipeline,
        kind=kind,
        stage=ledger.stage,
        status=ledger.status,
        entered_at=ledger.entered_at,
        came_from=ledger.came_from,
        fields=codec.decode(ledger.process.fields, fields),
        client_id=ledger.client_id,
        responsible_id=ledger.responsible_id,
        closed_at=ledger.closed_at,
    )


def _recount(ledger: _Ledger, kind: str) -> None:
    before = ledger.before
    old = (before.kind, before.process, before.pipeline, before.stage, before.responsible_id or 0)
    new = (kind, before.process, ledger.pipeline, ledger.stage, ledger.responsible_id or 0)
    changes = []
    if before.status == "open" and (old != new or ledger.status != "open"):
        changes.append((old, -1))
    if ledger.status == "open" and (old != new or before.status != "open"):
        changes.append((new, +1))
    _tally(ledger.work, changes)


def _plan_timers(ledger: _Ledger) -> list[dict[str, Any]]:
    work, key = ledger.work, ledger.before.id
    if ledger.left:
        schedule.void_timers(work, key)
    else:
        replaced = [*ledger.voided, *ledger.timers]
        schedule.void_timers(work, key, replaced)
    return [
        schedule.row(work, "timer", timer.rule, timer.anchor, timer.due_at, deal_id=key)
        for timer in ledger.timers.values()
    ]


def _tell(ledger: _Ledger) -> list[dict[str, Any]]:
    work, rows = ledger.work, []
    anchor = f"{ledger.before.version + 1}"
    for to, rule, payload in ledger.notices:
        for person in _told(ledger, to):
            # whoever pressed is awake; everybody else is told within his hours
            at = (
                work.now
                if person.id == work.actor_id
                else schedule.polite_time(work.company.calendar, person, work.now)
            )
            rows.append(
                schedule.row(
                    work,
                    "notice",
                    rule,
                    anchor,
                    at,
                    deal_id=ledger.before.id,
                    employee_id=person.id,
                    payload={
                        **payload,
                        **({"late": True} if work.is_late else {}),
                        "to": to,
                        "stage_id": f"{ledger.pipeline}.{ledger.stage}",
                    },
                    meant_at=work.meant_at or work.now,
                )
            )
    return rows


def _told(ledger: _Ledger, to: str | int) -> list[Employee]:
    if isinstance(to, int):
        found = people.find_working(ledger.work, to)
        return [found] if found else []
    return recipients(ledger.work, ledger.process, ledger.fields, ledger.responsible_id, to)


def recipients(
    work: Work, process: Process, fields: Mapping[str, Any], responsible_id: int | None, to: str
) -> list[Employee]:
    """Who is meant by `responsible`, a role or a person field. Nobody there: those who can act instead.

    A deal that is nobody's speaks to every manager; the deal of somebody who has left, a role that nobody holds, and
    an empty field, to those above: a colleague could not open it.
    """
    actor = work.actor
    if to == "responsible" and actor and actor.id == responsible_id and actor.role in access.SALES:
        return [actor]  # nearly every move: nobody else need be read
    staff = people.staff(work)
    found: list[Employee] = []
    if to == "responsible" and responsible_id is not None:
        found = [one for one in staff if one.id == responsible_id and one.role in access.SALES]
    elif to == "responsible":
        found = [one for one in staff if one.role == "manager"]
    elif to in process.fields:
        found = [one for one in staff if one.id == fields.get(to)]
    else:
        found = [one for one in staff if one.role == to]
    for above in ("supervisor", "owner"):
        found = found or [one for one in staff if one.role == above]
    return found
