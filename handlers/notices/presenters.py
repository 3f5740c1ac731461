"""From due rows to letters: the message as the deal stands now, in the reader's language; obsolete ones are dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from keyboards import field_chat, translator
from keyboards.forms import field_words
from keyboards.notices import notices
from keyboards.notices.notices import Notice
from keyboards.screen import Screen, line
from keyboards.translator import Translator
from models import access
from models.engine import balances, moves
from models.entities import Deal, Employee
from models.errors import NotAllowed
from models.fields import codec
from models.fields.booking_field import BookingField
from models.fields.groups import PersonNaming
from models.process.process import Process
from models.process.robots import Robot
from services import timers
from services.clients import client_cards
from services.deals import deal_queries
from services.outbox import schedule
from services.people import employees
from services.unit_of_work import LATE, UnitOfWork
from services.visits import absences

DIGEST_FROM = 4
OWN = frozenset({"paper", "requisites", "template"})  # messages with a file, or with a button only for them
ALONE = OWN | field_chat.KINDS  # never lines of a digest; somebody on the spot waits for the answer


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A message to send: to whom, what, and which claimed rows (id, attempt) it answers for."""

    chat_id: int
    screen: Screen
    keys: tuple[tuple[int, int], ...]
    employee_id: int
    silent: bool = False
    pin: bool = False


def compose(work: UnitOfWork, rows: Sequence[Row[Any]], *, repeat: bool = False) -> list[ComposedMessage]:
    """The letters for claimed notices, in due order per person; more than three to one person become one digest."""
    letters: list[ComposedMessage] = []
    ordered = sorted(rows, key=lambda row: (row.employee_id, row.due_at, row.id))
    for employee_id, group in groupby(ordered, key=lambda row: row.employee_id):
        letters += _for_person(work, employees.get(work, employee_id), list(group), repeat)
    return letters


def _for_person(work: UnitOfWork, person: Employee, rows: list[Row[Any]], repeat: bool) -> list[ComposedMessage]:
    if not person.active or person.telegram_id is None:
        timers.undeliverable(work, [row for row in rows if not _dropped(work, row)], "not employed any more")
        return []
    t = translator.translator(person.locale, work.company.calendar.zone)
    reader = UnitOfWork(work.tx, work.now, work.company, person)
    wanted = [row for row in rows if not _dropped(work, row)]
    lines = [row for row in wanted if (row.payload or {}).get("kind") not in ALONE]
    if len(lines) >= DIGEST_FROM:
        keys = tuple((row.id, row.attempts) for row in lines)
        screen = notices.digest([read(work, row, t) for row in lines], work.now, t, repeat=repeat)
        own = [_letter(reader, row, t, repeat) for row in wanted if row not in lines]
        return [ComposedMessage(person.telegram_id, screen, keys, person.id), *(one for one in own if one)]
    return [found for row in wanted if (found := _letter(reader, row, t, repeat))]


def _letter(reader: UnitOfWork, row: Row[Any], t: Translator, repeat: bool) -> ComposedMessage | None:
    """One row as a message of its own; None if it has nothing to say any more."""
    me = reader.actor
    assert me is not None and me.telegram_id is not None
    notice = read(reader, row, t)
    screen = _own(reader, notice, t, repeat) if notice.kind in OWN else _screen(reader, notice, t, repeat)
    if screen is None:
        schedule.finish(reader, row.id, row.attempts, state=schedule.VOID)
        return None
    return ComposedMessage(me.telegram_id, screen, ((row.id, row.attempts),), me.id)


def _own(reader: UnitOfWork, notice: Notice, t: Translator, repeat: bool) -> Screen | None:
    """Papers and what belongs to them: messages with a file are never lines of a digest."""
    from handlers.documents import paper_templates, papers, requisites

    made = {"paper": papers.notice, "requisites": requisites.notice, "template": paper_templates.notice}[notice.kind]
    screen = made(reader, t, notice)
    if screen is None or not repeat:
        return screen
    return replace(screen, lines=(*screen.lines, line(t("Возможно, повтор"))))


def _screen(work: UnitOfWork, notice: Notice, t: Translator, repeat: bool) -> Screen:
    if notice.kind == "task" or (notice.kind == "note" and notice.payload.get("job")):
        from handlers.tasks import task_actions

        return task_actions.notice(work, t, notice)
    if notice.kind == "list":
        from handlers.tasks import task_actions

        return task_actions.call_list(work, t, notice)
    return notices.single(notice, work.now, t, repeat=repeat)


def _dropped(work: UnitOfWork, row: Row[Any]) -> bool:
    """A reminder whose deal has moved on, or a task that is closed, says nothing any more."""
    if not _obsolete(work, row):
        return False
    schedule.finish(work, row.id, row.attempts, state=schedule.VOID)
    return True


def _obsolete(work: UnitOfWork, row: Row[Any]) -> bool:
    payload = row.payload or {}
    if payload.get("kind") == "task":
        from services.tasks import task_queries

        found = task_queries.find(work, int(payload["task"]))
        return found is None or found.state != "open"
    if payload.get("kind") == "away":
        return not absences.still_stranded(work, payload)
    if row.deal_id is None:
        return False
    deal = deal_queries.find(work, row.deal_id)
    if deal is None or deal.process not in work.company.processes:
        return True
    robot = work.process(deal.process).rules.get(row.rule)
    stands = f"{deal.pipeline}.{deal.stage}"
    return robot is not None and robot.timed and payload.get("stage_id") not in (None, stands)


def read(work: UnitOfWork, row: Row[Any], t: Translator) -> Notice:
    """A row as a notice, with the deal as it stands."""
    payload = dict(row.payload or {})
    deal = deal_queries.find(work, row.deal_id) if row.deal_id else None
    process = work.company.processes.get(deal.process) if deal else None
    payload["job"] = _job(work, row.employee_id, deal, payload.get("card"))
    payload["shut"] = payload["job"] is None and _is_shut(work, row.employee_id, deal)
    if deal is not None and deal.kind == "practice":
        payload |= {"practice": payload.get("kind") != "sms_practice", "instead": _instead(work, payload, process)}
    payload["late"] = payload.get("late") or (row.done_at or work.now) - row.due_at > LATE
    return Notice(
        id=row.id,
        kind=str(payload.get("kind", "note")),
        text=str(payload.get("text") or _task_title(work, payload)),
        rule=row.rule,
        meant_at=row.meant_at,
        payload=payload,
        deal=deal,
        stage=_stage(process, deal, t),
        sender=_sender(work, payload, deal),
        values=values_of(work, process, deal, t, payload.get("was")) if process and deal else {},
    )


def _instead(work: UnitOfWork, payload: dict[str, Any], process: Process | None) -> str:
    """The role that would get in life what a learner gets (K-2); nothing where that is the responsible himself."""
    from services.tasks import task_queries

    to = payload.get("to")
    if payload.get("kind") == "task":
        found = task_queries.find(work, int(payload["task"]))
        described = task_queries.description_of(process, found) if found and process else None
        to = described.to if described else None
    if isinstance(to, int):
        return employees.get(work, to).role
    field = process.fields.get(to) if process and to else None
    role = field.role if isinstance(field, PersonNaming) else to
    return str(role) if role not in (None, "responsible", "manager") else ""


def _job(work: UnitOfWork, employee_id: int | None, deal: Deal | None, card: str | None = None) -> int | None:
    """The open task on the deal of somebody who drives out: that, not the deal's card, is what he opens (C-5).

    Anybody else's only where the message is to come on the `card` of it (M-11).
    """
    from services.tasks import task_queries

    if deal is None or employee_id is None:
        return None
    if card is None and employees.get(work, employee_id).role not in access.FIELD_STAFF:
        return None
    own = (one for one in task_queries.of_deal(work, deal.id) if one.assignee_id == employee_id)
    return next((one.id for one in own if card in (None, one.name)), None)


def _is_shut(work: UnitOfWork, employee_id: int | None, deal: Deal | None) -> bool:
    """Whether somebody who drives out is told of a deal that is not his to open: news to a whole role (M-8)."""
    if deal is None or employee_id is None:
        return False
    person = employees.get(work, employee_id)
    if person.role not in access.FIELD_STAFF:
        return False
    try:
        deal_queries.get(UnitOfWork(work.tx, work.now, work.company, person), deal.id)
    except NotAllowed:
        return True
    return False


def _task_title(work: UnitOfWork, payload: dict[str, Any]) -> str:
    from services.tasks import task_queries

    found = task_queries.find(work, int(payload["task"])) if payload.get("task") else None
    return found.title if found else ""


def find(work: UnitOfWork, notice_id: int, t: Translator) -> Notice | None:
    """A notice that was sent to the actor, by its id; None for somebody else's."""
    row = schedule.find_notice(work, notice_id)
    return read(work, row, t) if row is not None else None


def _stage(process: Process | None, deal: Deal | None, t: Translator) -> str:
    found = process.find_stage(deal.pipeline, deal.stage) if process and deal else None
    return t(found.title) if found else ""


def _sender(work: UnitOfWork, payload: dict[str, Any], deal: Deal | None) -> str:
    key = payload.get("from") or (deal.responsible_id if deal else None)
    return employees.get(work, int(key)).name if key else ""


def values_of(
    work: UnitOfWork, process: Process, deal: Deal, t: Translator, was: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """What the placeholders of a rule's text stand for: {client}, {deal}, {number}, {stage}, every field.

    Where payments are kept, {paid} and {balance} (K-14); {was} is what the changed field was before (K-16).
    A field that names a person has his name and phone too: {assembly_who}, {assembly_phone} (K-21).
    """
    staff = {one.id: one for one in employees.staff(work)}
    names = {key: one.name for key, one in staff.items()}
    shown = {}
    for name, field in process.fields.items():
        # who comes has a word of his own: a client reads the time, and then the name
        people = {} if isinstance(field, BookingField) else names
        shown[name] = field_words.value(t, field, deal.fields.get(name), people, now=work.now)
    client = (
        client_cards.get(work, deal.client_id).name
        if deal.client_id
        else str(deal.fields.get(process.client.name) or "")
    )
    owner = names.get(deal.responsible_id or 0, "")
    return {
        **shown,
        **_people_words(process, deal, staff, t),
        **_money_words(process, deal, t),
        **({"was": _before(work, process, was, names, t)} if was else {}),
        "client": client or deal.title,
        "deal": deal.title,
        "number": deal.number,
        "stage": _stage(process, deal, t),
        "responsible": owner,
    }


def _money_words(process: Process, deal: Deal, t: Translator) -> dict[str, str]:
    if process.payments is None:
        return {}
    left = balances.balance(process, deal.fields)
    return {"paid": t.money(balances.paid(process, deal.fields)), "balance": t.money(left) if left is not None else "—"}


def _before(work: UnitOfWork, process: Process, was: Mapping[str, Any], names: Mapping[int, str], t: Translator) -> str:
    name, raw = str(was["field"]), was.get("value")
    field = process.fields.get(name)
    return field_words.value(t, field, codec.decode_value(field, raw), names, now=work.now)


def _people_words(process: Process, deal: Deal, staff: Mapping[int, Employee], t: Translator) -> dict[str, str]:
    named: dict[str, int | None] = {"responsible": deal.responsible_id}
    for name, field in process.fields.items():
        if isinstance(field, PersonNaming):
            value = deal.fields.get(name)
            named[name] = field.person_of(value) if value is not None else None
    out = {}
    for name, key in named.items():
        person = staff.get(key or 0)
        out[f"{name}_who"] = person.name if person else ""
        out[f"{name}_phone"] = t.phone(person.phone) if person and person.phone else ""
    return out


def rule_in_words(process: Process, rule: str, t: Translator) -> str:
    """What a rule says about itself, for «Почему мне это пришло?»."""
    pipeline, _, rest = rule.partition(".")
    line = process.pipelines.get(pipeline)
    stage = process.find_stage(pipeline, rest.partition(".")[0])
    if rule == "silence":
        return t("Давно ничего не происходит: правило следит за каждой открытой сделкой")
    if rule == moves.CLAIM:
        return t("Клиент предъявил претензию")
    if line is None or stage is None:
        return t("Сообщение от человека или по задаче")
    when = _when(process.rules.get(rule), t)
    return t("«{pipeline}», стадия «{stage}»: {when}", pipeline=t(line.title), stage=t(stage.title), when=when)


def _when(robot: Robot | None, t: Translator) -> str:
    from models.process import robots as r

    match robot.on if robot else None:
        case r.Stuck(stuck=span):
            return t("стадия не меняется {span}", span=t.span(span))
        case r.OnDate():
            return t("по дате в карточке")
        case r.Changed() | r.FilledIn():
            return t("поле заполнено или изменено")
        case r.Closed():
            return t("закрыта задача")
        case r.Tapped():
            return t("нажата кнопка")
        case r.Becomes(becomes="claim_open"):
            return t("клиент предъявил претензию")
        case r.Becomes(becomes="claim_settled"):
            return t("претензия улажена")
        case r.Becomes():
            return t("заказ полностью оплачен")
        case _:
            return t("переход на эту стадию")
