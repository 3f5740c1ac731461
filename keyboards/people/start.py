"""Coming in: a welcome by role, help, and the one sentence for strangers (C-8)."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.callbacks.task_callbacks import ListJobs, ListTasks
from keyboards.callbacks.team_callbacks import OpenTeam
from keyboards.deals import practice
from keyboards.people import roles
from keyboards.screen import EMPTY, Line, Screen, bold, line
from keyboards.translator import Translator
from models.access import FIELD_STAFF, MANAGEMENT, SALES
from models.entities import Employee
from models.values.invalid_value import N_
from models.values.product_text import NO_TEXT

TASKS = {
    "owner": N_("Вы видите все сделки, команду и отчёты. Пригласите людей в разделе «Команда»."),
    "supervisor": N_("Вы видите все сделки и помогаете там, где работа встала: бот сам напишет вам об этом."),
    "manager": N_("Лиды и сделки ведите кнопками под карточкой, а напоминания придут сами."),
    "installer": N_("Здесь ваши выезды на сегодня и ближайшие дни: адрес, телефон и что сделать."),
    "measurer": N_("Здесь ваши замеры на сегодня и ближайшие дни: адрес, телефон и что сделать."),
    "technologist": N_("Здесь задачи, которые ждут вашего решения."),
    "dispatcher": N_("Здесь задачи, которые ждут вас: звонки, даты, выезды."),
}


def neutral_screen(t: Translator) -> Screen:
    """All that a stranger is told, whatever he sends."""
    return Screen((line(t("Это рабочий бот компании. Доступ только для сотрудников.")),))


def refused_screen(said: str) -> Screen:
    """Why an invitation did not work."""
    return Screen((line(said),))


def welcome_screen(me: Employee, company: str, t: Translator, *, learns: bool = False) -> Screen:
    """The first thing that a new colleague reads; `learns`: he is offered a practice deal (K-2)."""
    lines: list[Line] = [
        line("👋 ", bold(t("Здравствуйте, {name}!", name=me.name))),
        line(t("Вы в команде «{company}». Ваша роль — {role}.", company=company, role=roles.title(me.role, t))),
        EMPTY,
        line(t(TASKS.get(me.role, NO_TEXT))),
    ]
    settings = (buttons.button(t("⚙️ Настройки"), OpenSettings()), buttons.home(t))
    if not learns:
        return Screen(tuple(lines), (settings,))
    lines += [EMPTY, line(t("Попробуйте всё на учебной сделке: наружу ничего не уйдёт, а бот подскажет каждый шаг."))]
    return Screen(tuple(lines), ((practice.offer(t),), settings))


def already_screen(me: Employee, t: Translator) -> Screen:
    """Somebody who works here opened an invitation."""
    said = t("Вы уже в команде, ваша роль — {role}. Приглашение вам не нужно.", role=roles.title(me.role, t))
    return Screen((line(said),), ((buttons.home(t),),))


def help_screen(me: Employee, t: Translator) -> Screen:
    """What can be typed; everything else is buttons."""
    lines: list[Line] = [line(bold(t("Как здесь работать"))), line(t(TASKS.get(me.role, NO_TEXT))), EMPTY]
    lines.append(line("/menu — ", t("меню")))
    if me.role in SALES:
        lines.append(line("/find — ", t("найти клиента или сделку: имя, телефон или номер")))
        lines.append(line(t("Имя, телефон или контакт можно прислать и просто так, без команды.")))
    lines.append(line("/settings — ", t("язык и тихие часы")))
    lines.append(line("/cancel — ", t("отменить начатый ввод")))
    rows = [[buttons.button(t("📋 Мои задачи"), ListTasks())]]
    if me.role in FIELD_STAFF:
        rows[0].insert(0, buttons.button(t("🚐 Выезды"), ListJobs()))
    if me.role in MANAGEMENT:
        rows[0].append(buttons.button(t("👥 Команда"), OpenTeam()))
    rows.append([buttons.button(t("⚙️ Настройки"), OpenSettings()), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))
