"""An employee: chosen by a button or by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.forms.person_answer_callbacks import ChoosePerson
from keyboards.forms import field_words
from keyboards.forms.field_words import NOTHING, Reading
from keyboards.forms.prompts import Question, cut, in_rows, screen
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.person_field import PersonField
from models.ids import EmployeeId

MOST_PEOPLE = 40  # more are found by typing the name


def people(t: Translator, ask: Question, staff: Mapping[int, str], busy: Mapping[int, int] | None = None) -> Screen:
    """An employee; `busy` says how many jobs he has that day."""
    if not staff:
        return screen(t, ask, how=t("В этой роли пока никто не работает. Руководитель может пригласить сотрудника."))
    shown = list(staff.items())[:MOST_PEOPLE]
    found = [
        buttons.button(cut(_with_jobs(t, name, busy, key)), ChoosePerson(ask.step, EmployeeId(key)))
        for key, name in shown
    ]
    return screen(t, ask, *in_rows(found), how=t("Выберите или напишите имя."))


def _with_jobs(t: Translator, name: str, busy: Mapping[int, int] | None, key: int) -> str:
    jobs = (busy or {}).get(key, 0)
    said = t.plural("{n} выезд", "{n} выездов", jobs)
    return f"{name} · {said}" if jobs else name


@field_words.shows(PersonField)
def _words(t: Translator, one: PersonField, typed: int, reading: Reading) -> str:
    """The name."""
    return reading.people.get(typed, NOTHING)


@field_words.samples(PersonField)
def _sample(t: Translator, one: PersonField, now: datetime) -> str:
    return t("Игорь Лукин")
