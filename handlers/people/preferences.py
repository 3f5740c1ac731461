"""«Настройки»: language (C-7) and quiet hours."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import locales
from handlers.forms import form_runner
from handlers.request import Visit, number, on_command, on_tap
from keyboards.people import preferences as screens
from keyboards.screen import Answer
from keyboards.translator import speak
from models import access
from models.errors import NotFound
from models.values.clean_text import squeeze
from models.values.invalid_value import N_, Wrong
from models.values.phone import parse_phone
from services.people import employees

HOURS = re.compile(r"(?:с )?(\d{1,2})(?:[:.](\d{2}))? ?(?:-|до) ?(\d{1,2})(?:[:.](\d{2}))?")
EXAMPLE = "22:30-7:15"


@on_command("settings", access.EVERYONE)
@on_tap("settings", access.EVERYONE)
def show(visit: Visit) -> Answer:
    return Answer(screens.settings_screen(visit.me, visit.work.company.name, visit.t))


@on_tap("lang", access.EVERYONE)
def language(visit: Visit, locale: str) -> Answer:
    """The screen comes back in the new language at once."""
    if locale not in locales.LOCALES:
        raise NotFound("button")
    employees.set_locale(visit.work, visit.me, locale)
    t = speak(locale, visit.t.zone)
    me = replace(visit.me, locale=locale)
    return Answer(screens.settings_screen(me, visit.work.company.name, t), t("Готово"))


@on_tap("quiet", access.EVERYONE)
def quiet(visit: Visit, choice: str = "") -> Answer:
    """Choose a preset."""
    if not choice:
        return Answer(screens.quiet_screen(visit.me, visit.t))
    place = number(choice)
    if not 0 <= place < len(screens.QUIET):
        raise NotFound("button")
    return _keep(visit, screens.QUIET[place])


@on_tap("quiet_own", access.EVERYONE)
def own(visit: Visit) -> Answer:
    """Any other hours, as text."""
    hint = visit.t("Когда не беспокоить? Например: {example}", example=EXAMPLE)
    return form_runner.begin_text(visit, {"do": "quiet"}, visit.t("Тихие часы"), hint, longest=40)


@form_runner.on_finish("quiet")
def chosen(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The hours have come as text."""
    return _keep(visit, parse_hours(str(values["text"])))


@on_tap("myphone", access.EVERYONE)
def my_phone(visit: Visit) -> Answer:
    """The phone that a client is told on the day of the visit (K-21)."""
    hint = visit.t("По этому номеру вам позвонит клиент: его называют в SMS перед монтажом.")
    return form_runner.begin_text(visit, {"do": "myphone"}, visit.t("Рабочий телефон"), hint, longest=40)


@form_runner.on_finish("myphone")
def phone_came(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The number has come as text."""
    phone = parse_phone(str(values["text"]))
    employees.set_phone(visit.work, visit.me, phone)
    me = replace(visit.me, phone=phone)
    return Answer(screens.settings_screen(me, visit.work.company.name, visit.t), visit.t("Готово"))


def _keep(visit: Visit, span: tuple[int, int] | None) -> Answer:
    starts, ends = span or (None, None)
    employees.set_quiet_hours(visit.work, visit.me, starts, ends)
    me = replace(visit.me, quiet_from=starts, quiet_to=ends)
    return Answer(screens.settings_screen(me, visit.work.company.name, visit.t), visit.t("Готово"))


def parse_hours(raw: str) -> tuple[int, int] | None:
    """«22:30-7:15», «с 22 до 7» as minutes from midnight; None for «нет» and for equal ends. Raises Wrong."""
    text = squeeze(raw)
    if text in ("нет", "no", "-"):
        return None
    match = HOURS.fullmatch(text)
    if match is None:
        raise Wrong("quiet.unknown", N_("Напишите, с какого и до какого часа не беспокоить."), EXAMPLE)
    hours = (int(match[1]), int(match[3]))
    minutes = (int(match[2] or 0), int(match[4] or 0))
    if max(hours) > 24 or max(minutes) > 59 or any(h == 24 and m for h, m in zip(hours, minutes, strict=True)):
        raise Wrong("quiet.range", N_("Такого времени не бывает: в сутках 24 часа, в часе 60 минут."), EXAMPLE)
    starts, ends = (hour % 24 * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    return None if starts == ends else (starts, ends)


@on_tap("why_about", access.EVERYONE)
def why(visit: Visit) -> Answer:
    """«Почему мне это пришло?» in general; each reminder has its own button for its own rule."""
    return Answer(screens.why_screen(visit.t))
