"""«Настройки»: language (C-7) and quiet hours."""

from __future__ import annotations

import re
from dataclasses import replace

import locales
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_command
from keyboards.callbacks.settings_callbacks import (
    AskOwnPhone,
    AskQuietHours,
    ExplainMessages,
    OpenSettings,
    SetLanguage,
    SetQuietHours,
)
from keyboards.people import preferences as screens
from keyboards.screen import Reply
from keyboards.translator import translator
from models import access
from models.errors import NotFound
from models.field_values import FieldValues
from models.values.clean_text import squeeze
from models.values.invalid_value import N_, InvalidValue
from models.values.phone import parse_phone
from models.values.product_text import ProductText
from services.people import employees
from services.purposes.people_purposes import OwnPhonePurpose, QuietHoursPurpose

HOURS = re.compile(r"(?:с )?(\d{1,2})(?:[:.](\d{2}))? ?(?:-|до) ?(\d{1,2})(?:[:.](\d{2}))?")
EXAMPLE = ProductText("22:30-7:15")


@on_callback(OpenSettings, access.EVERYONE)
def open_(request: Request, press: OpenSettings) -> Reply:
    return show(request)


@on_command("settings", access.EVERYONE)
def show(request: Request) -> Reply:
    return Reply(screens.settings_screen(request.me, request.work.company.name, request.t))


@on_callback(SetLanguage, access.EVERYONE)
def language(request: Request, press: SetLanguage) -> Reply:
    """The screen comes back in the new language at once."""
    if press.locale not in locales.LOCALES:
        raise NotFound("button")
    employees.set_locale(request.work, request.me, press.locale)
    t = translator(press.locale, request.t.zone)
    me = replace(request.me, locale=press.locale)
    return Reply(screens.settings_screen(me, request.work.company.name, t), t("Готово"))


@on_callback(SetQuietHours, access.EVERYONE)
def quiet(request: Request, press: SetQuietHours) -> Reply:
    """Choose a preset."""
    if press.choice is None:
        return Reply(screens.quiet_screen(request.me, request.t))
    if not 0 <= press.choice < len(screens.QUIET):
        raise NotFound("button")
    return _keep(request, screens.QUIET[press.choice])


@on_callback(AskQuietHours, access.EVERYONE)
def own(request: Request, press: AskQuietHours) -> Reply:
    """Any other hours, as text."""
    hint = request.t("Когда не беспокоить? Например: {example}", example=EXAMPLE)
    return form_runner.begin_text(request, QuietHoursPurpose(), request.t("Тихие часы"), hint, longest=40)


@on_finish(QuietHoursPurpose, access.EVERYONE)
def chosen(request: Request, purpose: QuietHoursPurpose, values: FieldValues) -> Reply:
    """The hours have come as text."""
    return _keep(request, parse_hours(str(values["text"])))


@on_callback(AskOwnPhone, access.EVERYONE)
def my_phone(request: Request, press: AskOwnPhone) -> Reply:
    """The phone that a client is told on the day of the visit (K-21)."""
    hint = request.t("По этому номеру вам позвонит клиент: его называют в SMS перед монтажом.")
    return form_runner.begin_text(request, OwnPhonePurpose(), request.t("Рабочий телефон"), hint, longest=40)


@on_finish(OwnPhonePurpose, access.EVERYONE)
def phone_came(request: Request, purpose: OwnPhonePurpose, values: FieldValues) -> Reply:
    """The number has come as text."""
    phone = parse_phone(str(values["text"]))
    employees.set_phone(request.work, request.me, phone)
    me = replace(request.me, phone=phone)
    return Reply(screens.settings_screen(me, request.work.company.name, request.t), request.t("Готово"))


def _keep(request: Request, span: tuple[int, int] | None) -> Reply:
    starts, ends = span or (None, None)
    employees.set_quiet_hours(request.work, request.me, starts, ends)
    me = replace(request.me, quiet_from=starts, quiet_to=ends)
    return Reply(screens.settings_screen(me, request.work.company.name, request.t), request.t("Готово"))


def parse_hours(raw: str) -> tuple[int, int] | None:
    """«22:30-7:15», «с 22 до 7» as minutes from midnight; None for «нет» and for equal ends. Raises Wrong."""
    text = squeeze(raw)
    if text in ("нет", "no", "-"):
        return None
    match = HOURS.fullmatch(text)
    if match is None:
        raise InvalidValue("quiet.unknown", N_("Напишите, с какого и до какого часа не беспокоить."), EXAMPLE)
    hours = (int(match[1]), int(match[3]))
    minutes = (int(match[2] or 0), int(match[4] or 0))
    if max(hours) > 24 or max(minutes) > 59 or any(h == 24 and m for h, m in zip(hours, minutes, strict=True)):
        raise InvalidValue("quiet.range", N_("Такого времени не бывает: в сутках 24 часа, в часе 60 минут."), EXAMPLE)
    starts, ends = (hour % 24 * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    return None if starts == ends else (starts, ends)


@on_callback(ExplainMessages, access.EVERYONE)
def why(request: Request, press: ExplainMessages) -> Reply:
    """«Почему мне это пришло?» in general; each reminder has its own button for its own rule."""
    return Reply(screens.why_screen(request.t))
