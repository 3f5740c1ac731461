"""The deal: its card, its stages, its sections, its history; taking it, handing it over, filling it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers import home
from handlers.forms import form_runner
from handlers.request import Request, on_callback
from keyboards import buttons, refusals
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import (
    BeginDeal,
    ChooseResponsible,
    DeleteDeal,
    FillField,
    FillForMove,
    FillWanted,
    HandOver,
    ListDealTasks,
    MoveDeal,
    MoveOnDay,
    OpenDeal,
    OpenHistory,
    OpenSection,
    OpenSections,
    OpenStages,
    PressRobot,
    TakeDeal,
)
from keyboards.deals import card_words, deal_card, deal_pages, filling_pages, stage_menu, wanted_fields
from keyboards.deals import escalations as escalation_screens
from keyboards.deals.deal_view import DealView
from keyboards.personal import person_pages
from keyboards.screen import Reply, Screen, bold, line
from models import access
from models.engine import balances
from models.engine.effects import CloseTask, Fill, MakePaper, Refusal
from models.entities import Deal, Task
from models.errors import MoveRefused, NotFound, NoWayBack, VisitsCalledOff
from models.fields.base import AnswerContext
from models.fields.date_field import DateField
from models.ids import DealId
from models.process.actions import Escalate
from models.process.process import Process
from models.process.triggers import Tapped
from models.values.product_text import ProductText
from models.values.visit_slot import VisitSlot
from models.visits import Visit
from services import claims, facts, field_chat
from services.clients import client_cards
from services.deals import before_press, deal_commands, deal_queries, deal_rows, handover
from services.files import deal_files
from services.people import employees
from services.purposes.deal_purposes import FillPurpose, MovePurpose, NewDealPurpose, TapPurpose
from services.sms import sms_messages
from services.tasks import approvals, next_steps, task_queries

NEWEST = 5  # lines of the history for a card, which shows three: some may be hidden from the reader


def view(request: Request, deal: Deal, *, full: bool = False) -> DealView:
    """All that the card shows. `full` reads what only the inner pages need (names of people, the lead it came from),
    and not what only the card tells of the past."""
    work = request.work
    process = work.process(deal.process)
    owner = (
        employees.get(work, deal.responsible_id)
        if deal.responsible_id and deal.responsible_id != request.me.id
        else None
    )
    can_edit = access.can_edit(request.me, deal)
    rows = deal_rows.read(work, deal.id)
    standing = deal_queries.standing(work, deal, rows) if can_edit else deal_queries.Standing()
    next_ = rows.rings()
    tasks = task_queries.of_deal(work, deal.id, items=True) if rows.has_open_tasks else []
    undo = before_press.find(work, deal.id, rows)
    word, newest = (None, ()) if full else deal_queries.of_card(work, deal, NEWEST, card_words.ASIDE)
    return DealView(
        deal=deal,
        process=process,
        now=work.now,
        client=client_cards.get(work, deal.client_id) if deal.client_id else None,
        responsible=request.me.name if deal.responsible_id == request.me.id else owner.name if owner else None,
        me=request.me.id,
        tasks=tuple(tasks),
        people_of_tasks=_others(request, tasks[:1]),
        newest=newest,
        word=word,
        may_step=deal.status == "open" and next_steps.may_set(work, deal),
        options=standing.options,
        not_held=standing.not_held,
        files=deal_files.count(work, deal),
        sms=sms_messages.count(work, deal.id) if process.texts_clients else 0,
        next_at=next_[0] if next_ else None,
        next_is_escalation=next_ is not None and _escalates(process, next_[1]),
        people={one.id: one.name for one in employees.staff(work)} if full or _is_booked(deal) else {},
        origin=deal_queries.find(work, deal.origin_id) if full and deal.origin_id else None,
        became=_became(request, deal),
        can_edit=can_edit,
        can_assign=access.can_assign(request.me),
        role=request.me.role,
        claims=tuple(claims.of_deal(work, deal)),
        can_claim=claims.can_register(work, deal),
        expects_claim=deal.status == "won" or claims.listens(process, deal),
        may_ask=field_chat.can_ask(work, deal),
        approvals=approvals.of_fields(work, deal, process, process.fields) if full else {},
        undo=undo,
        undo_of=employees.get(work, undo.author_id).name if undo and undo.author_id != request.me.id else "",
        running=facts.running(work, deal),
    )


def _others(request: Request, tasks: Sequence[Task]) -> dict[int, str]:
    """Whose tasks they are that are not the reader's own."""
    whose = ((one.id, one.assignee_id) for one in tasks if one.assignee_id not in (None, request.me.id))
    return {key: employees.get(request.work, who).name for key, who in whose if who is not None}


def _is_booked(deal: Deal) -> bool:
    """The card names who comes."""
    return any(isinstance(value, VisitSlot) for value in deal.fields.values())


def _became(request: Request, deal: Deal) -> Deal | None:
    """The deal that a converted lead has become, if the person may see it (F-L7)."""
    found = deal_queries.successor_of(request.work, deal.id) if deal.kind == "lead" and deal.status == "won" else None
    return found if found and access.can_view(request.me, found) else None


def _escalates(process: Process, rule: str) -> bool:
    robot = process.rules.get(rule)
    return robot is not None and all(isinstance(action, Escalate) for action in robot.do)


def card(request: Request, deal_id: int, toast: str | None = None, *, new: bool = False) -> Reply:
    """The card of a deal that the person may see."""
    deal = deal_queries.get(request.work, deal_id)
    return Reply(deal_card.card(view(request, deal), request.t), toast, new=new)


@on_callback(OpenDeal, access.EVERYONE)
def open_(request: Request, press: OpenDeal) -> Reply:
    return card(request, press.deal)


@on_callback(OpenStages, access.SALES)
def open_stages(request: Request, press: OpenStages) -> Reply:
    return stages(request, press.deal)


def stages(request: Request, deal_id: DealId) -> Reply:
    """The stage menu of a deal that the person may move: NotFound, NotAllowed."""
    deal = deal_queries.get_editable(request.work, deal_id)
    return Reply(stage_menu.stages(view(request, deal), request.t))


@on_callback(MoveDeal, access.SALES)
def move(request: Request, press: MoveDeal) -> Reply:
    """Move the deal (C-1). What is only missing is asked in conversation and the move completes itself (C-2)."""
    key, to = press.deal, press.to
    try:
        deal = deal_commands.move(request.work, key, press.seen, to, asks=press.sure is None)
    except VisitsCalledOff as asked:
        return _ask_to_call_off(request, press, asked.visits)
    except NoWayBack as asked:
        return _ask_stage(request, press.deal, press.to, asked.stages, replace(press, sure="y"))
    except MoveRefused as refused:
        return _asked_for_money(request, key, to, refused.refusal) or refused_move(request, key, to, refused.refusal)
    return moved(request, deal)


def _ask_to_call_off(request: Request, press: MoveDeal, visits: Sequence[Visit]) -> Reply:
    """Going back calls visits off: who will be told, before it is done."""
    deal = deal_queries.get(request.work, press.deal)
    staff: dict[int, str] = {one.id: one.name for one in employees.staff(request.work)}
    return Reply(stage_menu.ask_to_call_off(view(request, deal), press, visits, staff, request.t))


def _ask_stage(request: Request, deal_id: DealId, to: str, shut: Sequence[ProductText], yes: CallbackData) -> Reply:
    deal = deal_queries.get(request.work, deal_id)
    stage = request.work.process(deal.process).find_stage(deal.pipeline, to)
    asked = request.t("Перевести на «{stage}»?", stage=request.t(stage.title) if stage else to)
    return ask_one_way(request, deal, asked, shut, yes, OpenStages(deal_id))


def ask_one_way(
    request: Request, deal: Deal, asked: str, shut: Sequence[ProductText], yes: CallbackData, no: CallbackData
) -> Reply:
    """No way leads back, and no undo: which stages are shut then, before it is done (M-2)."""
    return Reply(stage_menu.ask_one_way(view(request, deal), asked, shut, yes, no, request.t))


def _asked_for_money(request: Request, deal_id: DealId, to: str, refusal: Refusal) -> Reply | None:
    """Only the rest of the money stands in the way: it is asked for at once (K-18). None if there is more to it."""
    deal = deal_queries.get(request.work, deal_id)
    seen = view(request, deal)
    others = [one for one in refusal.reasons if not one.is_asked and not seen.asks_money(one)]
    process = request.work.process(deal.process)
    fields = list(refusal.missing) or list(balances.slots(process, deal.pipeline)[-1:])
    if others or refusal.only_missing or not fields or not set(fields) <= set(process.payment_fields):
        return None
    stage = process.find_stage(deal.pipeline, to)
    intro = request.t("Чтобы перейти на стадию «{stage}», заполните:", stage=request.t(stage.title) if stage else to)
    purpose = MovePurpose(deal_id, to)
    return form_runner.begin(request, purpose, fields, process=process, deal=deal, intro=intro, again=True)


def moved(request: Request, deal: Deal) -> Reply:
    """The fresh card after a move, and where it went."""
    process = request.work.process(deal.process)
    stage = request.t(process.stage(deal.pipeline, deal.stage).title)
    successor = _successor(request, deal)
    toast = request.t("Готово: «{stage}»", stage=stage)
    if deal.came_from is None:  # a robot has carried it over into another pipeline (F-D6)
        direction = request.t(process.pipelines[deal.pipeline].title)
        toast = request.t("Сделка перешла в «{pipeline}»: «{stage}»", pipeline=direction, stage=stage)
    if successor is not None:
        return card(request, successor.id, request.t("Создана сделка № {number}", number=successor.number))
    return Reply(deal_card.card(view(request, deal), request.t), toast)


def _successor(request: Request, deal: Deal) -> Deal | None:
    """The deal that a converted lead has just become."""
    if deal.kind != "lead" or deal.status != "won":
        return None
    found = deal_queries.successor_of(request.work, deal.id)
    return found if found and found.created_at == request.work.now else None


def refused_move(request: Request, deal_id: DealId, to: str, refusal: Refusal) -> Reply:
    """A move that is not possible now: ask for what is only missing, else say every reason and what cures it."""
    deal = deal_queries.get(request.work, deal_id)
    process = request.work.process(deal.process)
    if refusal.only_missing:
        stage = process.find_stage(deal.pipeline, to)
        intro = request.t(
            "Чтобы перейти на стадию «{stage}», заполните:", stage=request.t(stage.title) if stage else to
        )
        if shut := deal_queries.shut_by(request.work, deal, to):
            intro = f"{stage_menu.no_way_back(shut, request.t)}\n{intro}"
        purpose = MovePurpose(deal_id, to)
        together = refusal.unconfirmed
        return form_runner.begin(
            request, purpose, refusal.missing, process=process, deal=deal, intro=intro, together=together
        )  # fmt: skip
    said = refusals.reasons(refusal.reasons, process, request.t, request.hidden(process))
    cures = [reason.cure for reason in refusal.reasons]
    fields = [name for cure in cures if isinstance(cure, Fill) for name in cure.fields]
    wanted = {cure.task for cure in cures if isinstance(cure, CloseTask)}
    open_tasks = [one for one in task_queries.of_deal(request.work, deal_id) if one.name in wanted]
    papers = list(dict.fromkeys(cure.paper for cure in cures if isinstance(cure, MakePaper)))
    if any(one.wants_money for one in refusal.reasons) and not set(fields) & set(process.payment_fields):
        fields += balances.slots(process, deal.pipeline)[-1:]
    screen = stage_menu.blocked(
        view(request, deal), to, said, list(dict.fromkeys(fields)), open_tasks, request.t, papers,
        _first_day(request, deal, to, refusal),
    )  # fmt: skip
    return Reply(screen, said[0][:190] if said else None)


def _first_day(request: Request, deal: Deal, to: str, refusal: Refusal) -> stage_menu.FittingDay | None:
    """The first day that would do, where a day too near is all that shuts the stage."""
    fields = [one.data.get("field") for one in refusal.reasons if one.code == "undone"]
    if not fields or fields[0] is None or len(refusal.reasons) > 1:
        return None
    if fields[0] in request.hidden(request.work.process(deal.process)):
        return None
    found = deal_queries.find_day(request.work, deal, to, fields[0])
    return stage_menu.FittingDay(fields[0], *found) if found else None


@on_callback(MoveOnDay, access.SALES)
def move_on_day(request: Request, press: MoveOnDay) -> Reply:
    """The first day that would do was offered: it is set, and the deal moves."""
    deal = deal_queries.get_editable(request.work, press.deal)
    field = request.work.process(deal.process).fields.get(press.field)
    if not isinstance(field, DateField) or not date.min.toordinal() <= press.day <= date.max.toordinal():
        raise NotFound("button")
    day = date.fromordinal(press.day)
    if press.sure is None and (shut := deal_queries.shut_by(request.work, deal, press.to)):
        return _ask_stage(request, press.deal, press.to, shut, replace(press, sure="y"))
    field.check(day, AnswerContext(request.work.moment, deal.fields, request.work.process(deal.process).fields))
    deal = deal_commands.fill(request.work, deal.id, {press.field: day})
    try:
        return moved(request, deal_commands.move(request.work, deal.id, None, press.to))
    except MoveRefused as refused:
        return refused_move(request, deal.id, press.to, refused.refusal)


@on_callback(FillForMove, access.SALES)
def cure(request: Request, press: FillForMove) -> Reply:
    """One tap leads to what blocks a move; after the answer the move is tried again (C-1)."""
    deal = deal_queries.get_editable(request.work, press.deal)
    process = request.work.process(deal.process)
    if press.field not in process.fields:
        raise NotFound("button")
    purpose = MovePurpose(deal.id, press.to)
    return form_runner.begin(request, purpose, [press.field], process=process, deal=deal, again=True)


@on_callback(PressRobot, access.SALES)
def robot(request: Request, press: PressRobot) -> Reply:
    """A button that a robot puts on the card."""
    deal = deal_queries.get_editable(request.work, press.deal)
    process = request.work.process(deal.process)
    rules = process.rules_of(deal.pipeline, deal.stage)
    if not 0 <= press.place < len(rules) or not isinstance(rules[press.place][1].on, Tapped):
        raise NotFound("button")
    rule, found = rules[press.place]
    shut = deal_queries.shut_by_actions(request.work, deal, found.do) if press.sure is None else ()
    if shut and isinstance(found.on, Tapped):
        asked = f"{request.t(found.on.tap)}?"
        return ask_one_way(request, deal, asked, shut, replace(press, sure="y"), OpenDeal(deal.id))
    asks = found.on.ask if isinstance(found.on, Tapped) else ()
    if asks:
        purpose = TapPurpose(deal.id, rule)
        return form_runner.begin(request, purpose, asks, process=process, deal=deal, again=True)
    try:
        deal = deal_commands.tap(request.work, deal.id, rule, {})
    except MoveRefused as refused:
        if not refused.refusal.only_missing:
            raise
        purpose, missing = TapPurpose(deal.id, rule), refused.refusal.missing
        return form_runner.begin(
            request, purpose, missing, process=process, deal=deal, together=refused.refusal.unconfirmed
        )  # fmt: skip
    return moved(request, deal) if _successor(request, deal) else card(request, deal.id, request.t("Готово"))


@on_callback(TakeDeal, access.SALES)
def take(request: Request, press: TakeDeal) -> Reply:
    """Become responsible for a deal that is nobody's."""
    deal = handover.take(request.work, press.deal)
    said = request.t("Теперь это ваш лид") if deal.kind == "lead" else request.t("Теперь это ваша сделка")
    return card(request, deal.id, said)


@on_callback(ChooseResponsible, access.MANAGEMENT)
def hand_to(request: Request, press: ChooseResponsible) -> Reply:
    """To whom to hand the deal (C-6)."""
    deal = deal_queries.get(request.work, press.deal)
    load = deal_queries.workload(request.work)
    staff = [one for one in employees.staff(request.work) if one.role in access.SALES and one.id != deal.responsible_id]
    staff.sort(key=lambda one: (one.role != "manager", load.get(one.id, 0)))
    return Reply(
        escalation_screens.hand_to(deal, [(one.id, one.name, load.get(one.id, 0)) for one in staff], request.t)
    )


@on_callback(HandOver, access.MANAGEMENT)
def hand(request: Request, press: HandOver) -> Reply:
    deal = handover.assign(request.work, press.deal, press.to)
    name = employees.get(request.work, deal.responsible_id or 0).name
    return card(request, deal.id, request.t("Передано: {name}", name=name))


@on_callback(OpenSections, access.EVERYONE)
def sections(request: Request, press: OpenSections) -> Reply:
    """Everything about the deal, by sections (F-C1)."""
    deal = deal_queries.get(request.work, press.deal)
    shown = filling_pages.sections(view(request, deal, full=True), request.t)
    if deal.client_id is None and request.me.role in access.OWNER:  # a lead has no client's card yet
        shown = shown.with_rows([person_pages.person_button("lead", deal.id, request.t)])
    return Reply(shown)


@on_callback(OpenSection, access.SALES)
def section(request: Request, press: OpenSection) -> Reply:
    deal = deal_queries.get_editable(request.work, press.deal)
    if press.name not in request.work.process(deal.process).sections:
        raise NotFound("button")
    return Reply(filling_pages.section(view(request, deal, full=True), press.name, request.t))


@on_callback(FillField, access.SALES)
def fill(request: Request, press: FillField) -> Reply:
    """Ask for one field."""
    deal = deal_queries.get_editable(request.work, press.deal)
    process = request.work.process(deal.process)
    if press.field not in process.fields:
        raise NotFound("button")
    access.check_may_fill(request.me, process, press.field)
    return form_runner.begin(request, FillPurpose(deal.id), [press.field], process=process, deal=deal, again=True)


@on_callback(FillWanted, access.SALES)
def fill_wanted(request: Request, press: FillWanted) -> Reply:
    """Ask one after another for what the stage wants; each may be passed over."""
    deal = deal_queries.get_editable(request.work, press.deal)
    names = wanted_fields.asked(view(request, deal))
    if not names:
        is_open = deal.status == "open"
        return card(request, deal.id, request.t("Всё нужное на этой стадии заполнено.") if is_open else None)
    process, intro = request.work.process(deal.process), request.t("Нужно на этой стадии")
    return form_runner.begin(
        request, FillPurpose(deal.id), names, process=process, deal=deal, optional=frozenset(names), intro=intro
    )


@on_callback(OpenHistory, access.EVERYONE)
def history(request: Request, press: OpenHistory) -> Reply:
    """Who did what, when and why."""
    deal = deal_queries.get(request.work, press.deal)
    events = deal_queries.history_of(request.work, deal)
    return Reply(deal_pages.history(view(request, deal, full=True), events, len(events) >= 25, request.t))


@on_callback(ListDealTasks, access.EVERYONE)
def deal_tasks(request: Request, press: ListDealTasks) -> Reply:
    deal = deal_queries.get(request.work, press.deal)
    return Reply(deal_pages.tasks_of(view(request, deal), request.t))


@on_callback(BeginDeal, access.SALES)
def new(request: Request, press: BeginDeal) -> Reply:
    """Begin a deal by hand (F-L1: «Новый лид»)."""
    known = request.work.company.processes.get(press.process)
    line_ = known.pipelines.get(press.pipeline) if known else None
    if known is None or line_ is None or line_.new is None:
        raise NotFound("button")
    optional = frozenset(line_.new.ask) - {known.client.name, known.client.phone}
    purpose = NewDealPurpose(press.process, press.pipeline)
    intro = request.t(line_.new.button)
    if line_.kind == "practice":
        intro = request.t("Учебная сделка: клиента придумайте. Наружу ничего не уйдёт, все сообщения получите вы.")
    return form_runner.begin(request, purpose, line_.new.ask, process=known, optional=optional, intro=intro)


@on_callback(DeleteDeal, access.MANAGEMENT)
def delete(request: Request, press: DeleteDeal) -> Reply:
    """Take a deal away, after a second press."""
    deal = deal_queries.get(request.work, press.deal)
    t = request.t
    if press.sure is None:
        rows = (
            (buttons.button(t("Да, удалить"), DeleteDeal(deal.id, "y"), colour="danger"),),
            (buttons.back(t, OpenDeal(deal.id)),),
        )
        lines = (
            line(bold(t("Удалить сделку?"))),
            line(f"{deal.title} · № {deal.number}"),
            line(person_pages.deletion(request.work.company.kept.deleted, t)),
        )
        return Reply(Screen(lines, rows))
    deal_commands.delete(request.work, deal.id)
    return home.show(request, t("Сделка удалена"))
