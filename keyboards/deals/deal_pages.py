"""The inner pages of a deal: its sections with their values (F-C1), its history, its open tasks."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons, claims
from keyboards.callbacks.deal_callbacks import (
    DeleteDeal,
    FillField,
    OpenDeal,
    OpenHistory,
    OpenSection,
    OpenSections,
    RenameDeal,
    WriteNote,
)
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.deals import deal_card, history_words
from keyboards.deals.deal_card import headline
from keyboards.deals.deal_view import DealView
from keyboards.forms import approval_words, field_words
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models import access
from models.history.deal_lines import RuleNoted
from models.history.line import HistoryEntry
from models.process.sections import Section
from models.values.invalid_value import N_

SOURCES = {"site": N_("Сайт"), "manual": N_("Вручную")}  # what has no name of its own


def sections(view: DealView, t: Translator) -> Screen:
    """All sections of the card with their values (F-C1); a tap on a section fills it in."""
    lines: list[Line] = list(headline(view, t))
    rows: list[list[Button]] = []
    for name, section in view.process.sections.items():
        facts = _facts(view, section, t)
        own = [(key, one) for key, one in view.fields.items() if one.section == name]
        if not (facts or own):
            continue
        lines += [(), line(bold(t(section.title)))]
        lines += [line(f"{title}: {value}") for title, value in facts]
        for key, one in own:
            value = field_words.value(t, one, view.deal.fields.get(key), view.people)
            approval = view.approvals.get(key)
            value += approval_words.beside(t, view.process, view.deal, approval, view.now)
            lines.append(line(f"{t(one.title)}: {value}"))
        if own and view.can_edit:
            rows.append([buttons.button(f"✏️ {t(section.title)}", OpenSection(view.deal.id, name))])
    if view.can_edit:
        rows.append(
            [
                buttons.button(t("✏️ Название"), RenameDeal(view.deal.id)),
                buttons.button(t("💬 Заметка"), WriteNote(view.deal.id)),
            ]
        )
    if view.can_claim:
        rows.append([claims.add_button(view.deal.id, t)])
    if view.can_assign:
        rows.append([buttons.button(t("🗑 Удалить сделку"), DeleteDeal(view.deal.id))])
    rows.append([buttons.back(t, OpenDeal(view.deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def _facts(view: DealView, section: Section, t: Translator) -> list[tuple[str, str]]:
    deal = view.deal
    line_ = view.process.pipelines[deal.pipeline]
    contact = view.contact
    shown = {
        "number": (t("Номер"), deal.number),
        "title": (t("Название"), deal.title),
        "client": (t("Клиент"), contact.name or "—"),
        "phone": (t("Телефон"), ", ".join(t.phone(one) for one in contact.phones) or "—"),
        "stage": (t("Стадия"), t(view.stage.title)),
        "direction": (t("Направление"), t(line_.title)),
        "responsible": (t("Ответственный"), view.responsible or "—"),
        "source": (t("Источник"), source(deal.source, t)),
        "created": (t("Дата создания"), t.moment(deal.created_at)),
    }
    return [shown[name] for name in section.shows]


def source(said: str | None, t: Translator) -> str:
    """A name of ours, or what whoever sent the lead has called himself."""
    return t(SOURCES[said]) if said in SOURCES else said or "—"


def section(view: DealView, name: str, t: Translator) -> Screen:
    """The fields of one section as buttons: a tap asks for that one."""
    chosen = view.process.sections[name]
    lines = [*headline(view, t), (), line(bold(t(chosen.title)))]
    rows: list[list[Button]] = []
    for key, one in view.fields.items():
        if one.section == name and access.fills(view.role, view.process, key):
            value = view.deal.fields.get(key)
            shown = f"{t(one.title)}: {field_words.value(t, one, value, view.people)}"
            label = shown if value is not None else f"➕ {t(one.title)}"
            rows.append([buttons.button(label[:60], FillField(view.deal.id, key))])
    rows.append([buttons.back(t, OpenSections(view.deal.id)), buttons.button(t("К сделке"), OpenDeal(view.deal.id))])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def history(view: DealView, events: Sequence[HistoryEntry], older: bool, t: Translator) -> Screen:
    """Who, when, from → to, why; the newest first. A converted lead's history goes on below (F-L7)."""
    lines: list[Line] = [*headline(view, t), ()]
    for one in events:
        if not history_words.is_seen(one, view):
            continue
        by_robot = isinstance(one.line, RuleNoted) and one.rule  # whoever set it going has not written it (K-6)
        who = t("Система") if by_robot else one.actor or t("Система")
        said = history_words.happened(one, view, t)
        said = t("{line} — отменено", line=said) if one.undone else said
        lines.append(line(f"{t.moment(one.at, now=view.now)} · {who}: ", said))
    rows = (
        [[buttons.button(t("Лид № {number}", number=view.origin.number), OpenHistory(view.origin.id))]]
        if view.origin
        else []
    )
    if older:
        lines.append(line("…"))
    if further := deal_card.became(view, t):
        rows.append(further)
    rows.append([buttons.back(t, OpenDeal(view.deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def tasks_of(view: DealView, t: Translator) -> Screen:
    """The open tasks of the deal."""
    lines = [*headline(view, t), ()]
    lines.append(line(t("Открытых задач нет.") if not view.tasks else bold(t("Задачи по сделке"))))
    rows = [
        [buttons.button(f"{'⚠️ ' if one.due_at < view.now else ''}{t.title(one.title)}"[:60], OpenTask(one.id))]
        for one in view.tasks
    ]
    rows.append([buttons.back(t, OpenDeal(view.deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))
