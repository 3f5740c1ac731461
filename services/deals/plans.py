"""Carrying out a plan: the deal, its history, its timers, tasks and messages, in one transaction (promise 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from sqlalchemy import update

from models.engine import effects as e
from models.entities import Deal, Employee
from models.fields import codec
from models.fields.booking_field import BookingField
from models.fields.groups import PersonNaming
from models.process.process import Process
from models.tables.deals import DealRow
from models.values import money
from models.values.visit_slot import VisitSlot
from models.visits import Booking
from services import claims, payments
from services.clients import client_cards
from services.deals import changes
from services.deals.changes import DealChanges
from services.documents import papers
from services.outbox import schedule
from services.people import employees
from services.sms import sms_messages
from services.tasks import lifecycle, task_queries
from services.unit_of_work import UnitOfWork
from services.visits import bookings

Outward = e.PaymentEntered | e.PaymentReversed | e.Texted | e.Pinned | e.PaperMade | e.ClaimOpened | e.ClaimSettled


def apply(work: UnitOfWork, found: Deal, plan: e.Plan, kind: str | None = None) -> Deal:
    """Write everything that the plan says; gives the deal as it has become.

    CardOutdated (nothing is written) if the deal has moved on meanwhile.
    """
    ledger = changes.begin(work, found)
    if kind:
        ledger.history(kind, to_stage=f"{found.pipeline}.{found.stage}", source=found.source)
    for effect in plan.effects:
        _apply(ledger, effect)
    if any(isinstance(effect, e.PaymentEntered) for effect in plan.effects):
        payments.check_covered(ledger.process, ledger.fields)
    return changes.write(ledger) if ledger.events or plan.effects else found


def hand_over(work: UnitOfWork, found: Deal, person: Employee) -> Deal:
    """Change the responsible; open tasks of the old one go along, the new one is told. Gives the deal as it is then."""
    ledger = changes.begin(work, found)
    old = found.responsible_id
    ledger.responsible_id = person.id
    ledger.history("assigned", to=person.name, **({"of": employees.get(work, old).name} if old else {}))
    lifecycle.hand_over(work, found.id, old, person)
    if person.id != work.actor_id:
        ledger.notices.append(("responsible", "assigned", {"text": "", "kind": "assigned"}))
    return changes.write(ledger)


def note(work: UnitOfWork, found: Deal, kind: str, data: Mapping[str, Any]) -> None:
    """A line in the history that changes nothing else (a comment, a file)."""
    ledger = changes.begin(work, found)
    ledger.history(kind, **data)
    changes.write(ledger)


def remove(work: UnitOfWork, found: Deal) -> None:
    """Take a deal out of sight, with everything planned for it."""
    schedule.void_timers(work, found.id)
    lifecycle.cancel_all(work, found.id)
    bookings.free_all(work, found.id)
    changes.count(work, found, -1)
    note(work, found, "deleted", {})
    work.tx.execute(update(DealRow).where(DealRow.id == found.id).values(deleted_at=work.now))


def _apply(ledger: DealChanges, effect: e.Effect) -> None:
    match effect:
        case e.StageChanged():
            _change_stage(ledger, effect)
        case e.FieldsSet():
            _set_fields(ledger, effect)
        case e.TimerSet():
            ledger.timers[effect.rule] = effect
        case e.TimerVoided():
            ledger.timers.pop(effect.rule, None)
            ledger.voided.append(effect.rule)
        case e.Noticed():
            kind = "escalation" if effect.escalated else "note"
            card = {"card": effect.card} if effect.card else {}
            payload: dict[str, Any] = {"text": effect.text, "kind": kind, **_was(ledger, effect.was), **card}
            ledger.notices.append((effect.to, effect.rule, payload))
        case e.FieldsAsked():
            payload = {"text": effect.text, "kind": "ask", "fields": list(effect.fields)}
            ledger.notices.append((effect.to, effect.rule, payload))
        case e.TaskGiven():
            _give(ledger, effect)
        case e.TaskMoved():
            lifecycle.move_due(ledger.work, ledger.before.id, effect.name, effect.due_at)
        case e.TaskClosed():
            lifecycle.finish(ledger.work, ledger.before.id, effect.name, effect.outcome)
            ledger.history("task_closed", task=effect.name, outcome=effect.outcome)
        case e.TaskAnswered():
            ledger.history("task_answered", task=effect.name, outcome=effect.outcome)
        case e.TaskSnoozed():
            lifecycle.move_due(ledger.work, ledger.before.id, effect.name, effect.due_at)
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
            _apply_outward(ledger, effect)


def _apply_outward(ledger: DealChanges, effect: Outward) -> None:
    """Money, papers, messages to the client, claims: what a shop's deal has beside its stages."""
    work, before = ledger.work, ledger.before
    match effect:
        case e.PaymentEntered():
            payments.write(work, before.id, effect.field, effect.received)
            ledger.history("paid", field=effect.field, **effect.received.to_data())
        case e.PaymentReversed():
            line = payments.write_reversal(work, before.id, effect.payment_id, effect.why)
            ledger.history("unpaid", field=line.field, amount=money.to_kopecks(line.amount), text=effect.why)
        case e.Texted():
            sms_messages.to_client(work, before, effect.text, effect.rule, was=_was(ledger, effect.was).get("was"))
        case e.Pinned():
            ledger.pin = effect.text
        case e.PaperMade():
            papers.ask_for(work, before, effect.name)
        case e.ClaimOpened():
            number = claims.write(work, before, effect.text, effect.photos, practice=ledger.practice)
            ledger.history("claim", number=number, text=effect.text)
        case e.ClaimSettled():
            claims.settle(work, before.id, effect.word)
            ledger.history("claim_settled", text=effect.word)
        case _:
            assert_never(effect)


def _was(ledger: DealChanges, change: e.Change | None) -> dict[str, Any]:
    """A value before, for {was} in the text."""
    if change is None:
        return {}
    field = ledger.process.fields.get(change.field)
    return {"was": {"field": change.field, "value": codec.encode_value(field, change.value)}}


def _set_fields(ledger: DealChanges, effect: e.FieldsSet) -> None:
    for name, value in effect.values.items():
        old, field = ledger.fields.get(name), ledger.process.fields.get(name)
        said = {"value": codec.encode_value(field, value), "was": codec.encode_value(field, old)}
        ledger.history(
            "filled", effect.why, field=name, **{key: one for key, one in said.items() if key != "was" or old}
        )
        if value is None:
            ledger.fields.pop(name, None)
        else:
            ledger.fields[name] = value
        if isinstance(field, BookingField):
            _book(ledger, name, value)
            if isinstance(old, VisitSlot) and (value is None or value.person_id != old.person_id):
                _call_off(ledger, old)
    _follow(ledger, effect.values)


def _book(ledger: DealChanges, name: str, value: Any) -> None:
    """The window is taken or given back in the same transaction as the card: SlotTaken if somebody was faster (K-20).

    A learner's booking takes nobody's time (K-2).
    """
    work, before = ledger.work, ledger.before
    if ledger.practice:
        return
    if value is None:
        bookings.free(work, before.id, name)
    else:
        bookings.book(work, before.id, name, value)


def _call_off(ledger: DealChanges, visit: VisitSlot | Booking) -> None:
    """Who was to come hears that he need not. With a task there he hears that it was taken back or given on (C-5)."""
    work, whose = ledger.work, visit.person_id
    if ledger.practice or visit.ends_at <= work.now or whose == work.actor_id:
        return
    if not any(task.assignee_id == whose for task in task_queries.of_deal(work, ledger.before.id)):
        payload = {"kind": "called_off", "text": "", "starts_at": visit.starts_at.isoformat()}
        ledger.notices.append((whose, "task", payload))


def _change_stage(ledger: DealChanges, effect: e.StageChanged) -> None:
    work, name = ledger.work, f"{effect.pipeline}.{effect.from_stage}"
    ledger.history("moved", effect.why, from_stage=name, to_stage=f"{effect.to_pipeline}.{effect.to_stage}")
    for whose, title in lifecycle.cancel_of_stage(work, ledger.before.id, name, but=ledger.process.settling):
        if whose is not None and whose not in (work.actor_id, ledger.responsible_id):
            # an installer who would drive out to a job that is off must hear of it
            ledger.notices.append((whose, "task", {"text": title, "kind": "withdrawn"}))
    ledger.left = True
    ledger.timers.clear()
    ledger.came_from = effect.from_stage if effect.to_pipeline == effect.pipeline else None
    ledger.pipeline, ledger.stage, ledger.status = effect.to_pipeline, effect.to_stage, effect.status
    ledger.entered_at = work.now
    ledger.closed_at = None if effect.status == "open" else work.now
    if effect.status == "lost":  # nobody drives out to a deal that is off
        told = {to for to, _, payload in ledger.notices if payload.get("kind") == "withdrawn"}
        for one in bookings.free_all(work, ledger.before.id):
            if one.person_id not in told:
                _call_off(ledger, one)
    if ledger.responsible_id is None and work.actor and work.actor.role in ("manager", "supervisor", "owner"):
        ledger.responsible_id = work.actor.id
        ledger.history("assigned", to=work.actor.name)


def _give(ledger: DealChanges, effect: e.TaskGiven) -> None:
    """The responsible as he is after this plan gets it: who moves a deal that is nobody's takes its tasks too."""
    origin = f"{ledger.pipeline}.{ledger.stage}"
    person, role = _assignee(ledger, effect.task.to)
    rows = lifecycle.assign(
        ledger.work, ledger.before.id, ledger.process, effect, origin, person, role, practice=ledger.practice
    )
    ledger.history("task_given", effect.rule, task=effect.name, title=effect.task.title)
    schedule.put(ledger.work, rows)


def _assignee(ledger: DealChanges, to: str) -> tuple[Employee | None, str | None]:
    work = ledger.work
    if to == "responsible" or ledger.practice:  # a learner does everybody's work
        found = employees.find_working(work, ledger.responsible_id)
        return (found, None) if found else (None, "manager")
    field = ledger.process.fields.get(to)
    if isinstance(field, PersonNaming):
        named = ledger.fields.get(to)
        found = employees.find_working(work, field.person_of(named) if named is not None else None)
        return (found, None) if found else (None, field.role)
    known = employees.of_role(work, to)
    return (known[0], None) if len(known) == 1 else (None, to)


def _follow(ledger: DealChanges, changed: Mapping[str, Any]) -> None:
    """A task for whomever a field names goes along when the field names somebody else (C-5)."""
    for name in changed:
        if isinstance(ledger.process.fields.get(name), PersonNaming):
            person, role = _assignee(ledger, name)
            lifecycle.follow(ledger.work, ledger.before.id, ledger.process, name, person, role)


def _create_clients(ledger: DealChanges, effect: e.ClientsCreated) -> None:
    wanted = effect.what & {"contact", "company"}
    if ledger.practice or not wanted or (ledger.client_id is not None and "company" not in wanted):
        return
    made = client_cards.for_lead(ledger.work, ledger.process.client, ledger.fields, wanted)
    if made is not None and made != ledger.client_id:
        ledger.client_id = made if ledger.client_id is None or "contact" in wanted else ledger.client_id
        ledger.history("client", name=client_cards.get(ledger.work, made).name)


def _convert(ledger: DealChanges, effect: e.Converted) -> None:
    from services.deals import deal_commands  # a deal begun from a lead goes through the same verb as one begun by hand

    work, lead = ledger.work, ledger.before
    process = work.process(effect.process) if effect.process else ledger.process
    fields = _taken_along(ledger, process, effect.fill)
    client_id = ledger.client_id
    if client_id is None:  # only the deal was wanted: its client is still known by the phone, if anyhow
        number = ledger.fields.get(ledger.process.client.phone)
        known = client_cards.find_by_phone(work, number) if number else []
        client_id = known[0].id if known else None
    begun = deal_commands.begin(
        work,
        process,
        effect.pipeline,
        fields,
        source=lead.source,
        stage=effect.stage or None,
        client_id=client_id,
        responsible_id=ledger.responsible_id,
        origin_id=lead.id,
        title=deal_commands.title_for_successor(work, lead),
        makes_client=False,  # which client's cards there are to be was chosen on the lead
    )
    ledger.history("converted", deal=begun.id, number=begun.number)
    if effect.process:
        claims.repaired_by(work, lead.id, begun.id)


def _taken_along(ledger: DealChanges, process: Process, fill: Mapping[str, str]) -> dict[str, Any]:
    """What goes along to a new deal: everything within a process (F-L7); to another one what it calls and means alike.

    Money received, booked windows and files belong to this deal alone.
    """
    own = ledger.process.fields
    if process is ledger.process:
        return dict(ledger.fields)
    kept = {
        name: value
        for name, value in ledger.fields.items()
        if name in own and type(process.fields.get(name)) is type(own[name]) and not own[name].needs_deal
    }
    return kept | {theirs: ledger.fields[ours] for theirs, ours in fill.items() if ledger.fields.get(ours) is not None}
