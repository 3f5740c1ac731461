"""What a new lead's message shows beside its sentence, and what can be done with it there."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import ChooseResponsible, OpenDeal, TakeDeal
from keyboards.near_time import cut
from keyboards.notices.notice_view import LeadView, NoticeView
from keyboards.notices.notice_words import open_button, step_button, why_button
from keyboards.screen import Button, Line, Rows, Screen, bold, line, quote
from keyboards.translator import Translator
from models.entities import Deal

LONGEST_WISH = 300  # characters


def lines(lead: LeadView, t: Translator) -> list[Line]:
    """Whom to call, what he wants, from where he came; whose client he is already."""
    out: list[Line] = []
    parts = [t.phone(lead.phone) if lead.phone else "", lead.source if lead.source != "—" else ""]
    if any(parts):
        out.append(line("👤 ", " · ".join(part for part in parts if part)))
    if lead.wish.strip():
        out.append(quote(f"«{cut(lead.wish, LONGEST_WISH)}»"))
    for number, name in lead.known:
        said = t("Уже есть: № {number}, ведёт {name}", number=number, name=name) if name else None
        out.append(line("👥 ", said or t("Уже есть: № {number}, пока ничья", number=number)))
    return out


def rows(view: NoticeView, lead: LeadView, t: Translator) -> Rows:
    """Taken by one tap, called by another."""
    assert view.deal is not None
    first = [buttons.button(t("✋ Беру"), TakeDeal(view.deal.id), colour="primary")] if lead.may_take else []
    # beside another button a number does not fit; it stands above, and a press copies it
    number = t("📋 Номер") if first else f"📋 {t.phone(lead.phone)}" if lead.phone else ""
    first += [Button(number, copy=lead.phone)] if lead.phone else []
    second = [open_button(view, t), *step_button(view, t)]
    second += [buttons.button(t("Отдать…"), ChooseResponsible(view.deal.id))] if lead.may_assign else []
    found = (tuple(first), tuple(second), (why_button(view, t),))
    return tuple(row for row in found if row)


# --- when somebody has it ---------------------------------------------------------------------------------------------


def settled(number: str, leads: str, deal: Deal | None, t: Translator, *, is_open: bool) -> Screen:
    """In the place of the message: whose the lead is, or that it is over. `deal` for who may open it; nobody else reads
    whom it is about."""
    if is_open:
        said = t("Лид № {number} ведёт {name}", number=number, name=leads)
    elif leads:
        said = t("Лид № {number} закрыт. Ведёт {name}", number=number, name=leads)
    else:
        said = t("Лид № {number} закрыт", number=number)
    lines = [line("🤝 " if is_open else "🏁 ", bold(said))]
    if deal is None:
        return Screen(tuple(lines), ((buttons.home(t),),))
    opens = buttons.button(t("Открыть"), OpenDeal(deal.id), colour="primary")
    return Screen((*lines, line(deal.title)), ((opens, buttons.home(t)),))


def deleted(number: str, t: Translator) -> Screen:
    """There is nothing to take any more."""
    return Screen((line("🗑 ", bold(t("Лид № {number} удалён", number=number))),), ((buttons.home(t),),))
