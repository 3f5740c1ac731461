"""The stage menu (C-1): every way on and back; a blocked one stays a live button that says why, and what cures it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.change_callbacks import AskAbove
from keyboards.callbacks.deal_callbacks import FillForMove, MoveDeal, MoveOnDay, OpenDeal, OpenStages, PressRobot
from keyboards.callbacks.paper_callbacks import OpenPaper
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.deals.deal_card import headline
from keyboards.deals.deal_view import DealView
from keyboards.screen import Button, Colour, Screen, bold, line
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models import access
from models.entities import Task
from models.fields.payment_field import PaymentField
from models.process.actions import CarryOver
from models.process.conditions import fields_of
from models.process.stages import Transition
from models.process.triggers import Tapped
from models.values.product_text import ProductText
from models.visits import Visit


@dataclass(frozen=True, slots=True)
class FittingDay:
    """The first day of a date field on which a stage that is shut now, or one that takes its place, would be open."""

    field: str
    day: date
    stage: str


def _day(view: DealView, first: FittingDay, t: Translator) -> str:
    return t.day(first.day, today=view.now.astimezone(t.zone).date())


def stages(view: DealView, t: Translator) -> Screen:
    """The stage menu (C-1): every way on, every way back; a blocked one stays a live button that says why."""
    deal = view.deal
    lines = [
        *headline(view, t),
        (),
        line(t("Куда перевести лид?") if deal.kind == "lead" else t("Куда перевести сделку?")),
    ]
    rows: list[list[Button]] = []
    for one in view.options:
        stage = view.process.stage(deal.pipeline, one.stage)
        blocked = view.is_shut(one)
        colour: Colour | None = None
        mark = "↩︎" if one.direction == "back" else "✔"
        if stage.ending == "lost":
            mark, colour = "✖", "danger"
        elif one.direction != "back" and not blocked:
            colour = "success"
        if blocked:
            mark, colour = "🔒", None
        rows.append(
            [buttons.button(f"{mark} {t(stage.title)}", MoveDeal(deal.id, deal.version, one.stage), colour=colour)]
        )
    rows.append([buttons.back(t, OpenDeal(deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def ask_to_call_off(
    view: DealView, press: MoveDeal, visits: Sequence[Visit], staff: Mapping[int, str], t: Translator
) -> Screen:
    """The move calls visits off: which ones, who will be told, and whether that is meant."""
    stage = view.process.find_stage(view.deal.pipeline, press.to)
    asked = t("Вернуть на «{stage}»?", stage=t(stage.title) if stage else press.to)
    lines = [*headline(view, t), (), line(bold(asked))]
    for visit in visits:
        if visit.name not in view.deal.visits:  # hidden from the reader
            continue
        shown = visit_words.of_deal(visit, view.process, view.now, t)
        lines.append(line("🚫 ", t("Будет отменено: {visit}", visit=shown)))
        told = [staff[who] for who in visit.people if who in staff]
        if told:
            lines.append(line(t("Узнает: {names}", names=", ".join(told))))
        if visit.told:
            lines.append(line(t("Клиенту ушла SMS: вы получите задачу предупредить его.")))
    yes = buttons.button(t("Да, вернуть и отменить"), replace(press, sure="y"), colour="danger")
    return Screen(tuple(lines), ((yes,), (buttons.back(t, OpenStages(view.deal.id)), buttons.home(t))))


def no_way_back(shut: Sequence[ProductText], t: Translator) -> str:
    """«Назад пути не будет: ни в «Просчёт», ни в «Перенос»»."""
    return t("Назад пути не будет: {stages}.", stages=", ".join(f"«{t(one)}»" for one in shut))


def ask_one_way(
    view: DealView, asked: str, shut: Sequence[ProductText], yes: CallbackData, no: CallbackData, t: Translator
) -> Screen:
    """The move goes through a one-way door: what is shut behind it, and whether that is meant."""
    lines = [*headline(view, t), (), line(bold(asked)), line("⚠️ ", no_way_back(shut, t))]
    sure = buttons.button(t("Да, перевести"), yes, colour="success")
    return Screen(tuple(lines), ((sure,), (buttons.back(t, no), buttons.home(t))))


def blocked(
    view: DealView,
    to: str,
    said: Sequence[str],
    fields: Sequence[str],
    tasks: Sequence[Task],
    t: Translator,
    papers: Sequence[str] = (),
    first: FittingDay | None = None,
) -> Screen:
    """Why a move is not possible now, and one tap that leads to what is missing; or to the first day that would do."""
    deal = view.deal
    stage = view.process.find_stage(deal.pipeline, to)
    name = t(stage.title) if stage else to
    lines = [*headline(view, t), (), line("🔒 ", bold(t("Пока нельзя перевести на стадию «{stage}»", stage=name)))]
    lines += [line(f"• {one}") for one in said]
    rows: list[list[Button]] = []
    if first is not None:
        lines.append(line(t("Первая возможная дата: {day}", day=_day(view, first, t))))
        title = t(view.process.stage(deal.pipeline, first.stage).title)
        press = MoveOnDay(deal.id, first.field, first.stage, first.day.toordinal())
        rows.append([buttons.button(f"✔ {title}: {_day(view, first, t)}", press, colour="success")])
    for name in fields:
        known = view.fields.get(name)
        if known and known.is_for_above() and not access.fills(view.role, view.process, name):
            asks = t("Попросить руководителя: {field}", field=t(known.title))
            rows.append([buttons.button(asks, AskAbove(deal.id, name), colour="primary")])
        elif known:
            label = t("Заполнить: {field}", field=t(known.title))
            if isinstance(known, PaymentField):
                label = t("Внести: {field}", field=t(known.title))
            elif name in deal.fields:
                label = t("Изменить: {field}", field=t(known.title))
            rows.append([buttons.button(label, FillForMove(deal.id, name, to), colour="primary")])
    rows += [
        [buttons.button(t("Задача: {task}", task=t.title(one.title)), OpenTask(one.id), colour="primary")]
        for one in tasks
    ]
    for name in papers:
        title = t(view.process.papers[name].title)
        rows.append(
            [buttons.button(t("📄 Документ: {paper}", paper=title), OpenPaper(deal.id, name), colour="primary")]
        )
    rows += _instead(view, to, t)
    rows.append([buttons.back(t, OpenStages(deal.id)), buttons.button(t("К сделке"), OpenDeal(deal.id))])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def _instead(view: DealView, to: str, t: Translator) -> list[list[Button]]:
    """What the date that shuts this stage opens in its place: another stage, or else another direction (M-3)."""
    deal = view.deal
    stages = view.process.pipelines[deal.pipeline].stages
    tests = {way.to: (*way.if_, *stages[way.to].enter.if_) for way in _ways(view)}
    ways = {name: {field for test in found for field in fields_of(test)} for name, found in tests.items()}
    hangs_on = ways.get(to, set())
    shut_here = {one.stage for one in view.options if any(not reason.is_asked for reason in one.reasons)}
    fitting = [name for name, fields in ways.items() if name != to and fields & hangs_on and name not in shut_here]
    rows = []
    for name in fitting[:2]:
        title = t(view.process.stage(deal.pipeline, name).title)
        rows.append([buttons.button(f"✔ {title}", MoveDeal(deal.id, deal.version, name), colour="success")])
    return rows or (_elsewhere(view, t) if hangs_on else [])


def _ways(view: DealView) -> tuple[Transition, ...]:
    return view.process.ways(view.deal.pipeline, view.deal.stage)


def _elsewhere(view: DealView, t: Translator) -> list[list[Button]]:
    """The stage's own buttons that carry the deal into another direction."""
    rules = view.process.rules_of(view.deal.pipeline, view.deal.stage)
    return [
        [buttons.button(t(robot.on.tap), PressRobot(view.deal.id, place), colour="success")]
        for place, (_, robot) in enumerate(rules)
        if isinstance(robot.on, Tapped) and any(isinstance(action, CarryOver) for action in robot.do)
    ]
