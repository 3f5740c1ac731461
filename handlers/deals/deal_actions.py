"""The deal: its card, its stages, its sections, its history; taking it, handing it over, filling it in."""

from __future__ import annotations

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap, revision
from keyboards import buttons, refusals
from keyboards.deals import deal_card, deal_pages, stage_menu
from keyboards.deals.deal_card import DealView
from keyboards.notices import notices
from keyboards.screen import Answer, Screen, bold, line
from models import access
from models.engine.balances import PAID_IN_FULL
from models.engine.effects import CloseTask, Fill, MakePaper, Reason, Refusal
from models.entities import Deal
from models.errors import MoveRefused, NotAllowed, NotFound
from models.process.process import Process
from models.process.robots import Escalate, Tapped
from models.values.visit_slot import Slot
from services import claims, facts, field_chat
from services.clients import client_cards
from services.deals import deal_commands, deal_queries
from services.files import deal_files
from services.outbox import schedule
from services.people import employees
from services.sms import sms_messages
from services.tasks import task_queries


def view(visit: Visit, deal: Deal, *, full: bool = False) -> DealView:
    """All that the card shows. `full` reads what only the inner pages need: names of people, the lead it came from."""
    work = visit.work
    process = work.process(deal.process)
    owner = (
        employees.get(work, deal.responsible_id) if deal.responsible_id and deal.responsible_id != visit.me.id else None
    )
    can_edit = access.can_edit(visit.me, deal)
    next_ = schedule.next_of_deal(work, deal.id)
    return DealView(
        deal=deal,
        process=process,
        now=work.now,
        client=client_cards.get(work, deal.client_id) if deal.client_id else None,
        responsible=visit.me.name if deal.responsible_id == visit.me.id else owner.name if owner else None,
        me=visit.me.id,
        tasks=tuple(task_queries.of_deal(work, deal.id)),
        options=deal_queries.options(work, deal) if can_edit else (),
        files=deal_files.count(work, deal),
        sms=sms_messages.count(work, deal.id) if process.texts_clients else 0,
        next_at=next_[0] if next_ else None,
        next_is_escalation=next_ is not None and _escalates(process, next_[1]),
        people={one.id: one.name for one in employees.staff(work)} if full or _is_booked(deal) else {},
        origin=deal_queries.find(work, deal.origin_id) if full and deal.origin_id else None,
        became=_became(visit, deal),
        can_edit=can_edit,
        can_assign=access.can_assign(visit.me),
        role=visit.me.role,
        sees_money=access.can_see_money(visit.me),
        claims=tuple(claims.of_deal(work, deal)),
        can_claim=claims.may_register(work, deal),
        expects_claim=deal.status == "won" or claims.listens(process, deal),
        may_ask=field_chat.may_ask(work, deal),
        running=facts.running(work, deal),
    )


def _is_booked(deal: Deal) -> bool:
    """The card names who comes."""
    return any(isinstance(value, Slot) for value in deal.fields.values())


def _became(visit: Visit, deal: Deal) -> Deal | None:
    """The deal that a converted lead has become, if the person may see it (F-L7)."""
    found = deal_queries.successor_of(visit.work, deal.id) if deal.kind == "lead" and deal.status == "won" else None
    return found if found and access.can_view(visit.me, found) else None


def _escalates(process: Process, rule: str) -> bool:
    robot = process.rules.get(rule)
    return robot is not None and all(isinstance(action, Escalate) for action in robot.do)


def card(visit: Visit, deal_id: int, toast: str | None = None, *, new: bool = False) -> Answer:
    """The card of a deal that the person may see."""
    deal = deal_queries.get(visit.work, deal_id)
    return Answer(deal_card.card(view(visit, deal), visit.t), toast, new=new)


@on_tap("deal", access.EVERYONE)
def open_(visit: Visit, deal_id: str) -> Answer:
    return card(visit, number(deal_id, "deal"))


@on_tap("stages", access.SALES)
def stages(visit: Visit, deal_id: str) -> Answer:
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    return Answer(stage_menu.stages(view(visit, deal), visit.t))


@on_tap("move", access.SALES)
def move(visit: Visit, deal_id: str, seen: str, to: str) -> Answer:
    """Move the deal (C-1). What is only missing is asked in conversation and the move completes itself (C-2)."""
    key = number(deal_id, "deal")
    try:
        deal = deal_commands.move(visit.work, key, revision(seen), to)
    except MoveRefused as refused:
        return _asked_for_money(visit, key, to, refused.refusal) or refused_move(visit, key, to, refused.refusal)
    return moved(visit, deal)


def _asked_for_money(visit: Visit, deal_id: int, to: str, refusal: Refusal) -> Answer | None:
    """Only the rest of the money stands in the way: it is asked for at once (K-18). None if there is more to it."""
    others = [one for one in refusal.reasons if one.code != "missing" and not _is_unpaid(one)]
    deal = deal_queries.get(visit.work, deal_id)
    process = visit.work.process(deal.process)
    fields = list(refusal.missing) or process.payment_fields[-1:]
    if others or refusal.only_missing or not fields or not set(fields) <= set(process.payment_fields):
        return None
    stage = process.find_stage(deal.pipeline, to)
    intro = visit.t("Чтобы перейти на стадию «{stage}», заполните:", stage=visit.t(stage.title) if stage else to)
    purpose: dict[str, str | int] = {"do": "move", "deal": deal_id, "to": to}
    return form_runner.begin(visit, purpose, fields, process=process, deal=deal, intro=intro, again=True)


def _is_unpaid(one: Reason) -> bool:
    return one.code == "known" and one.data["fact"] == PAID_IN_FULL


def moved(visit: Visit, deal: Deal) -> Answer:
    """The fresh card after a move, and where it went."""
    process = visit.work.process(deal.process)
    stage = visit.t(process.stage(deal.pipeline, deal.stage).title)
    successor = _successor(visit, deal)
    toast = visit.t("Готово: «{stage}»", stage=stage)
    if deal.came_from is None:  # a robot has carried it over into another pipeline (F-D6)
        direction = visit.t(process.pipelines[deal.pipeline].title)
        toast = visit.t("Сделка перешла в «{pipeline}»: «{stage}»", pipeline=direction, stage=stage)
    if successor is not None:
        return card(visit, successor.id, visit.t("Создана сделка № {number}", number=successor.number))
    return Answer(deal_card.card(view(visit, deal), visit.t), toast)


def _successor(visit: Visit, deal: Deal) -> Deal | None:
    """The deal that a converted lead has just become."""
    if deal.kind != "lead" or deal.status != "won":
        return None
    found = deal_queries.successor_of(visit.work, deal.id)
    return found if found and found.created_at == visit.work.now else None


def refused_move(visit: Visit, deal_id: int, to: str, refusal: Refusal) -> Answer:
    """A move that is not possible now: ask for what is only missing, else say every reason and what cures it."""
    deal = deal_queries.get(visit.work, deal_id)
    process = visit.work.process(deal.process)
    if refusal.only_missing:
        stage = process.find_stage(deal.pipeline, to)
        intro = visit.t("Чтобы перейти на стадию «{stage}», заполните:", stage=visit.t(stage.title) if stage else to)
        purpose: dict[str, str | int] = {"do": "move", "deal": deal_id, "to": to}
        return form_runner.begin(visit, purpose, refusal.missing, process=process, deal=deal, intro=intro)
    said = refusals.reasons(refusal.reasons, process, visit.t)
    cures = [reason.cure for reason in refusal.reasons]
    fields = [name for cure in cures if isinstance(cure, Fill) for name in cure.fields]
    wanted = {cure.task for cure in cures if isinstance(cure, CloseTask)}
    open_tasks = [one for one in task_queries.of_deal(visit.work, deal_id) if one.name in wanted]
    papers = list(dict.fromkeys(cure.paper for cure in cures if isinstance(cure, MakePaper)))
    if any(_is_unpaid(one) for one in refusal.reasons) and not set(fields) & set(process.payment_fields):
        fields += process.payment_fields[-1:]
    screen = stage_menu.blocked(view(visit, deal), to, said, list(dict.fromkeys(fields)), open_tasks, visit.t, papers)
    return Answer(screen, said[0][:190] if said else None)


@on_tap("cure", access.SALES)
def cure(visit: Visit, deal_id: str, field: str, to: str) -> Answer:
    """One tap leads to what blocks a move; after the answer the move is tried again (C-1)."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    process = visit.work.process(deal.process)
    if field not in process.fields:
        raise NotFound("button")
    purpose: dict[str, str | int] = {"do": "move", "deal": deal.id, "to": to}
    return form_runner.begin(visit, purpose, [field], process=process, deal=deal, again=True)


@on_tap("robot", access.SALES)
def robot(visit: Visit, deal_id: str, place: str) -> Answer:
    """A button that a robot puts on the card."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    process = visit.work.process(deal.process)
    rules = process.rules_of(deal.pipeline, deal.stage)
    position = number(place)
    if not 0 <= position < len(rules) or not isinstance(rules[position][1].on, Tapped):
        raise NotFound("button")
    rule, found = rules[position]
    asks = found.on.ask if isinstance(found.on, Tapped) else ()
    if asks:
        purpose: dict[str, str | int] = {"do": "tap", "deal": deal.id, "rule": rule}
        return form_runner.begin(visit, purpose, asks, process=process, deal=deal, again=True)
    deal_commands.tap(visit.work, deal.id, rule, {})
    return card(visit, deal.id, visit.t("Готово"))


@on_tap("take", access.SALES)
def take(visit: Visit, deal_id: str) -> Answer:
    """Become responsible for a deal that is nobody's."""
    deal = deal_commands.take(visit.work, number(deal_id, "deal"))
    said = visit.t("Теперь это ваш лид") if deal.kind == "lead" else visit.t("Теперь это ваша сделка")
    return card(visit, deal.id, said)


@on_tap("handto", access.MANAGEMENT)
def hand_to(visit: Visit, deal_id: str) -> Answer:
    """To whom to hand the deal (C-6)."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    load = deal_queries.workload(visit.work)
    staff = [one for one in employees.staff(visit.work) if one.role in access.SALES and one.id != deal.responsible_id]
    staff.sort(key=lambda one: (one.role != "manager", load.get(one.id, 0)))
    return Answer(notices.handto(deal, [(one.id, one.name, load.get(one.id, 0)) for one in staff], visit.t))


@on_tap("hand", access.MANAGEMENT)
def hand(visit: Visit, deal_id: str, to: str) -> Answer:
    deal = deal_commands.assign(visit.work, number(deal_id, "deal"), number(to, "employee"))
    name = employees.get(visit.work, deal.responsible_id or 0).name
    return card(visit, deal.id, visit.t("Передано: {name}", name=name))


@on_tap("sections", access.EVERYONE)
def sections(visit: Visit, deal_id: str) -> Answer:
    """Everything about the deal, by sections (F-C1)."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    return Answer(deal_pages.sections(view(visit, deal, full=True), visit.t))


@on_tap("section", access.SALES)
def section(visit: Visit, deal_id: str, name: str) -> Answer:
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    if name not in visit.work.process(deal.process).sections:
        raise NotFound("button")
    return Answer(deal_pages.section(view(visit, deal, full=True), name, visit.t))


@on_tap("fill", access.SALES)
def fill(visit: Visit, deal_id: str, field: str) -> Answer:
    """Ask for one field."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    process = visit.work.process(deal.process)
    if field not in process.fields:
        raise NotFound("button")
    if not process.fields[field].can_fill(visit.me.role):
        raise NotAllowed
    return form_runner.begin(visit, {"do": "fill", "deal": deal.id}, [field], process=process, deal=deal, again=True)


@on_tap("history", access.EVERYONE)
def history(visit: Visit, deal_id: str) -> Answer:
    """Who did what, when and why."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    events = deal_queries.history_of(visit.work, deal)
    return Answer(deal_pages.history(view(visit, deal, full=True), events, len(events) >= 25, visit.t))


@on_tap("dtasks", access.EVERYONE)
def deal_tasks(visit: Visit, deal_id: str) -> Answer:
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    return Answer(deal_pages.tasks_of(view(visit, deal), visit.t))


@on_tap("new", access.SALES)
def new(visit: Visit, process: str, pipeline: str) -> Answer:
    """Begin a deal by hand (F-L1: «Новый лид»)."""
    known = visit.work.company.processes.get(process)
    line_ = known.pipelines.get(pipeline) if known else None
    if known is None or line_ is None or line_.new is None:
        raise NotFound("button")
    optional = frozenset(line_.new.ask) - {known.client.name, known.client.phone}
    purpose: dict[str, str | int] = {"do": "new", "process": process, "pipeline": pipeline}
    intro = visit.t(line_.new.button)
    if line_.kind == "practice":
        intro = visit.t("Учебная сделка: клиента придумайте. Наружу ничего не уйдёт, все сообщения получите вы.")
    return form_runner.begin(visit, purpose, line_.new.ask, process=known, optional=optional, intro=intro)


@on_tap("delete", access.MANAGEMENT)
def delete(visit: Visit, deal_id: str, sure: str = "") -> Answer:
    """Take a deal away, after a second press."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    t = visit.t
    if sure != "y":
        rows = (
            (buttons.button(t("Да, удалить"), "delete", deal.id, "y", colour="danger"),),
            (buttons.back(t, "deal", deal.id),),
        )
        lines = (line(bold(t("Удалить сделку?"))), line(f"{deal.title} · № {deal.number}"))
        return Answer(Screen(lines, rows))
    deal_commands.delete(visit.work, deal.id)
    from handlers import home

    return home.show(visit, t("Сделка удалена"))
