"""The question what comes next: times that one tap takes, and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.task_callbacks import AskStep, ChooseStepDeal, ChooseStepPerson, SetStep
from keyboards.near_time import cut, near
from keyboards.screen import Rows, Screen, bold, line
from keyboards.tasks.task_card import SNOOZES
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import DealId, EmployeeId
from models.values.invalid_value import N_

NO_TIME = N_("Не вижу, когда. Напишите день или время.")
WHEN_EXAMPLE = N_("завтра в 15:00")
IN_ROW = 2
LABEL = 30  # a phone shows no more


def times(deal: DealId, choices: Mapping[str, datetime], now: datetime, t: Translator, *, may_give: bool) -> Rows:
    """The times that are still ahead, by their names in SNOOZES; for somebody else, if he may."""
    found = [
        buttons.button(near(choices[key], now, t), SetStep(deal, key)) for key in SNOOZES if key in choices
    ]  # fmt: skip
    rows = [tuple(found[at : at + IN_ROW]) for at in range(0, len(found), IN_ROW)]
    if may_give:
        rows.append((buttons.button(t("👥 Коллеге…"), ChooseStepPerson(deal)),))
    return tuple(rows)


def deals(found: Sequence[Deal]) -> Rows:
    """Which of these deals is meant."""
    return tuple((buttons.button(cut(one.title, LABEL), ChooseStepDeal(one.id)),) for one in found)


def people(deal: Deal, known: Sequence[tuple[EmployeeId, str]], t: Translator) -> Screen:
    """For whom?"""
    rows = [(buttons.button(name, AskStep(deal.id, key)),) for key, name in known]
    lines = (line("👥 ", bold(t("Кому поставить шаг?"))), line(f"{deal.title} · № {deal.number}"))
    return Screen(lines, (*rows, (buttons.back(t, OpenDeal(deal.id)), buttons.home(t))))
