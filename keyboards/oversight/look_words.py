"""What a person is told in the place of clients whom he may not look at."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.client_callbacks import AskSearch
from keyboards.screen import Line, Screen, bold, line
from keyboards.translator import Translator
from models.oversight.looks import ShownClients


def kept_back(shown: ShownClients, t: Translator) -> list[Line]:
    """Lines under a list for those who are not in it; none if all are."""
    lines: list[Line] = []
    if shown.hidden:
        names = ", ".join(shown.led_by)
        told = t("Не показаны клиенты, которых ведут коллеги: {n} ({names}).", n=shown.hidden, names=names)
        lines.append(line("🔒 ", told))
    if shown.past:
        lines.append(line("🔒 ", t("Не показано чужих клиентов: {n}.", n=shown.past)))
        lines.append(line(over(shown, t)))
    return lines


def past_screen(shown: ShownClients, t: Translator) -> Screen:
    """In the place of a card: enough for today."""
    lines = (
        line("🔒 ", bold(t("Эту карточку сегодня не открыть"))),
        line(over(shown, t)),
        line(t("Клиентов ваших сделок это не касается.")),
    )
    return Screen(lines, ((buttons.button(t("🔍 Найти"), AskSearch()), buttons.home(t)),))


def over(shown: ShownClients, t: Translator) -> str:
    """That the day's limit is reached, and who can lift it."""
    said = t("Чужих клиентов можно открыть за день: {n}. Сегодня лимит исчерпан.", n=shown.most)
    owner = t("Владелец об этом знает и может его снять.")
    return f"{said} {owner}"
