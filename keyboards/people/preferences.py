"""«Настройки»: language (C-7), quiet hours, and why the bot writes."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.backup_callbacks import OpenBackups
from keyboards.callbacks.client_callbacks import OpenListRules
from keyboards.callbacks.paper_template_callbacks import ListPaperTemplates
from keyboards.callbacks.personal_callbacks import OpenDataRules
from keyboards.callbacks.requisite_callbacks import OpenRequisites
from keyboards.callbacks.settings_callbacks import (
    AskOwnPhone,
    AskQuietHours,
    ExplainMessages,
    OpenRights,
    OpenSettings,
    SetLanguage,
    SetQuietHours,
)
from keyboards.callbacks.sms_callbacks import OpenSmsSettings
from keyboards.callbacks.task_template_callbacks import ListTemplateProcesses
from keyboards.people import roles
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models import access
from models.entities import Employee
from models.values.invalid_value import N_

LANGUAGES = {"ru": "Русский", "en": "English"}  # each by its own name, so that one finds the way back
# presets in minutes from midnight; None: the company's hours only
QUIET: tuple[tuple[int, int] | None, ...] = (None, (20 * 60, 9 * 60), (21 * 60, 9 * 60), (22 * 60, 8 * 60))
REASONS = (
    N_("вы отвечаете за сделку, и на её стадии что-то случилось или давно ничего не происходит;"),
    N_("вам дали задачу или подошёл её срок;"),
    N_("на вас передали сделку, вас о чём-то спросили или вам ответили;"),
    N_("сообщение не дошло до коллеги, а вы следующий по старшинству."),
)


def settings_screen(me: Employee, company: str, t: Translator) -> Screen:
    """What a person can choose for himself."""
    lines: list[Line] = [
        line("⚙️ ", bold(t("Настройки"))),
        line(f"{me.name} · {roles.title(me.role, t)} · {company}"),
        EMPTY,
        line(t("Язык: {language}", language=LANGUAGES.get(me.locale, me.locale))),
        line(t("Тихие часы: {hours}", hours=hours(me, t))),
        line(t("Рабочий телефон: {phone}", phone=t.phone(me.phone) if me.phone else t("не указан"))),
        line(t("Часовой пояс: {zone}", zone=t.zone.key)),
    ]
    rows = (
        tuple(
            buttons.button(f"{'✓ ' if code == me.locale else ''}{name}", SetLanguage(code))
            for code, name in LANGUAGES.items()
        ),
        (buttons.button(t("🌙 Тихие часы"), SetQuietHours()), buttons.button(t("📱 Телефон"), AskOwnPhone())),
        *_company(me, t),
        (buttons.button(t("Почему мне это пришло?"), ExplainMessages()),),
        (buttons.home(t),),
    )
    return Screen(tuple(lines), rows)


def _company(me: Employee, t: Translator) -> list[tuple[Button, ...]]:
    """What the owner sets for everybody."""
    if me.role not in access.OWNER:
        return []
    return [
        (buttons.button(t("🏢 Реквизиты компании"), OpenRequisites()),),
        (buttons.button(t("📑 Шаблоны документов"), ListPaperTemplates()),),
        (
            buttons.button(t("✅ Чек-листы задач"), ListTemplateProcesses()),
            buttons.button(t("📨 SMS клиентам"), OpenSmsSettings()),
        ),
        (buttons.button(t("💾 Резервные копии"), OpenBackups()), buttons.button(t("🔐 Кто что может"), OpenRights())),
        (
            buttons.button(t("👁 Клиенты"), OpenListRules()),
            buttons.button(t("🗂 Персональные данные"), OpenDataRules()),
        ),
    ]


def quiet_screen(me: Employee, t: Translator) -> Screen:
    """When the bot keeps silent: hours decide when a message comes, never whether."""
    lines = (
        line("🌙 ", bold(t("Тихие часы"))),
        line(t("Сейчас: {hours}", hours=hours(me, t))),
        EMPTY,
        line(t("В это время бот молчит, а сообщения приходят потом. Ничего не теряется.")),
    )
    chosen = None if me.quiet_from is None or me.quiet_to is None else (me.quiet_from, me.quiet_to)
    presets = [
        buttons.button(f"{'✓ ' if one == chosen else ''}{_span(one, t)}", SetQuietHours(place))
        for place, one in enumerate(QUIET)
    ]
    rows = (
        tuple(presets[:2]),
        tuple(presets[2:]),
        (buttons.button(t("Другое время"), AskQuietHours()),),
        (buttons.back(t, OpenSettings()), buttons.home(t)),
    )
    return Screen(lines, rows)


def why_screen(t: Translator) -> Screen:
    """What makes the bot write to somebody."""
    lines: list[Line] = [line(bold(t("Почему мне это пришло?"))), line(t("Бот пишет вам, когда:"))]
    lines += [line("• ", t(reason)) for reason in REASONS]
    lines += [
        EMPTY,
        line(t("Под каждым напоминанием есть кнопка с этим же вопросом: она назовёт правило, которое его прислало.")),
        line(t("Правила задаёт компания, а когда вас не беспокоить — решаете вы в «Тихих часах».")),
    ]
    return Screen(tuple(lines), ((buttons.back(t, OpenSettings()), buttons.home(t)),))


def hours(me: Employee, t: Translator) -> str:
    """«22:00–8:00» or «нет»."""
    return _span(None if me.quiet_from is None or me.quiet_to is None else (me.quiet_from, me.quiet_to), t)


def _span(one: tuple[int, int] | None, t: Translator) -> str:
    if one is None:
        return t("нет")
    starts, ends = (f"{minutes // 60}:{minutes % 60:02d}" for minutes in one)
    return f"{starts}–{ends}"
