"""What a deal knows and lacks: first what this stage wants, then what is filled in, the rest folded (F-C1, day 10)."""

from __future__ import annotations

from keyboards import buttons, claims
from keyboards.callbacks.deal_callbacks import (
    DeleteDeal,
    FillField,
    OpenDeal,
    OpenSection,
    OpenSections,
    RenameDeal,
    WriteNote,
)
from keyboards.deals import wanted_fields
from keyboards.deals.deal_card import headline
from keyboards.deals.deal_view import DealView
from keyboards.forms import approval_words, field_words
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, quote
from keyboards.translator import Translator
from models import access
from models.fields.base import Field
from models.process.sections import Section
from models.values.invalid_value import N_

SOURCES = {"site": N_("Сайт"), "manual": N_("Вручную")}  # what has no name of its own


def sections(view: DealView, t: Translator) -> Screen:
    """What the stage wants, a tap each; what is filled in; all sections of the card with their values (F-C1), folded. A
    tap on a section fills it in."""
    wants = wanted_fields.find(view)
    lines: list[Line] = list(headline(view, t))
    if wants:
        lines += [EMPTY, line(bold(t("Нужно на этой стадии")))]
        lines += [line(f"▫️ {t(view.fields[name].title)}") for name in wants]
    known = {name: one for name, one in view.fields.items() if view.has(name)}
    filled = [f"{t(one.title)}: {_value(view, name, one, t)}" for name, one in known.items()]
    if filled:
        lines += [EMPTY, line(bold(t("Заполнено"))), *(line(said) for said in filled)]
    parts = [(name, one, _section_lines(view, name, one, t)) for name, one in view.process.sections.items()]
    whole = "\n\n".join("\n".join([t(one.title), *said]) for _, one, said in parts if said)
    lines += [EMPTY, line(bold(t("Вся карточка"))), quote(whole, folded=True)]
    rows = wanted_fields.rows(view, t)
    if view.can_edit:
        own = {one.section for one in view.fields.values()}
        titles = [(name, one) for name, one, said in parts if said and name in own]
        rows += paired([buttons.button(f"✏️ {t(one.title)}", OpenSection(view.deal.id, name)) for name, one in titles])
    return Screen(tuple(lines), tuple(tuple(row) for row in (*rows, *_ways(view, t))))


def paired(found: list[Button]) -> list[list[Button]]:
    """Two short labels a row, a long one alone: what a phone shows whole."""
    rows: list[list[Button]] = []
    for one in found:
        beside = rows[-1] if rows and len(rows[-1]) == 1 else None
        if beside is not None and max(len(beside[0].text), len(one.text)) <= buttons.BESIDE:
            beside.append(one)
        else:
            rows.append([one])
    return rows


def _value(view: DealView, name: str, one: Field, t: Translator) -> str:
    said = field_words.value(t, one, view.deal.fields.get(name), view.people)
    return said + approval_words.beside(t, view.process, view.deal, view.approvals.get(name), view.now)


def _section_lines(view: DealView, name: str, section: Section, t: Translator) -> list[str]:
    said = [f"{title}: {value}" for title, value in _facts(view, section, t)]
    own = ((key, one) for key, one in view.fields.items() if one.section == name)
    return [*said, *(f"{t(one.title)}: {_value(view, key, one, t)}" for key, one in own)]


def _ways(view: DealView, t: Translator) -> list[list[Button]]:
    key, rows = view.deal.id, list[list[Button]]()
    if view.can_edit:
        rows.append([buttons.button(t("✏️ Название"), RenameDeal(key)), buttons.button(t("💬 Заметка"), WriteNote(key))])
    if view.can_claim:
        rows.append([claims.add_button(key, t)])
    if view.can_assign:
        rows.append([buttons.button(t("🗑 Удалить сделку"), DeleteDeal(key))])
    return [*rows, [buttons.back(t, OpenDeal(key)), buttons.home(t)]]


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
