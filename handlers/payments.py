"""«Оплата»: the deal's ledger, entering money, taking a payment back (K-13, K-14). Not for field staff (C-8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards import payments as pages
from keyboards.payments import Account
from keyboards.screen import Answer
from models import access
from models.entities import Deal
from models.errors import AlreadyDone, NotFound
from models.process.process import Process
from models.values.clean_text import one_line
from services import drafts, payments
from services.deals import deal_commands, deal_queries
from services.payments import Payment

SEEING = access.EVERYONE - access.FIELD_STAFF
LONGEST_WHY = 200
Purpose = dict[str, str | int]


def show(visit: Visit, deal_id: int, toast: str | None = None) -> Answer:
    """The page of a deal that the person may see."""
    return Answer(pages.page(_account(visit, deal_id), visit.t), toast)


@on_tap("pay", SEEING)
def open_(visit: Visit, deal_id: str) -> Answer:
    return show(visit, number(deal_id, "deal"))


@on_tap("pay_in", access.SALES)
def enter(visit: Visit, deal_id: str, name: str = "") -> Answer:
    """Money has come in: under the field that is next in turn, or under the one that was chosen."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    process = visit.work.process(deal.process)
    found = [one for one in process.payment_fields if process.fields[one].can_fill(visit.me.role)]
    if not found or (name and name not in found):
        raise NotFound("button")
    chosen = [name] if name else _next(process, deal, found)
    if len(chosen) > 1:
        return Answer(pages.choose_field(_account(visit, deal.id), chosen, visit.t))
    purpose: Purpose = {"do": "pay", "deal": deal.id}
    return form_runner.begin(visit, purpose, chosen, process=process, deal=deal, again=True)


def _next(process: Process, deal: Deal, found: list[str]) -> list[str]:
    """The first payment while there was none; then what follows it. More than one: the person has to choose."""
    if deal.fields.get(found[0]) is None or len(found) == 1:
        return found[:1]
    return found[1:]


@form_runner.on_finish("pay")
def entered(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The money stands in the ledger."""
    deal_id = int(purpose["deal"])
    before = deal_queries.get_editable(visit.work, deal_id)
    after = deal_commands.fill(visit.work, deal_id, values) if values else before
    if after.stage != before.stage:  # a robot has moved it: that is what one wants to see
        from handlers.deals import deal_actions as deal_handlers

        return deal_handlers.moved(visit, after)
    paid = any(name in visit.work.process(after.process).payment_fields for name in values)
    return show(visit, deal_id, visit.t("Платёж внесён") if paid else visit.t("Платёж не внесён"))


# --- taking back ------------------------------------------------------------------------------------------------


@on_tap("pay_back", access.SALES)
def choose(visit: Visit, deal_id: str) -> Answer:
    """Which one?"""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    account = _account(visit, deal.id)
    if not account.standing:
        return show(visit, deal.id, visit.t("Отменять нечего"))
    return Answer(pages.choose_line(account, visit.t))


@on_tap("pay_line", access.SALES)
def ask_why(visit: Visit, deal_id: str, payment_id: str) -> Answer:
    """Why? A correction without a reason helps nobody later."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    one = _line(visit, deal, number(payment_id))
    said = pages.said(one, _methods(visit, deal), visit.work.now, visit.t)
    purpose: Purpose = {"do": "unpay", "deal": deal.id, "payment": one.id}
    title = visit.t("Почему отменяем платёж?")
    return form_runner.begin_text(visit, purpose, title, said, longest=LONGEST_WHY)


@form_runner.on_finish("unpay")
def confirm(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The reason is known: one more look. The form stays open, so that another reason may be typed instead."""
    deal = deal_queries.get_editable(visit.work, int(purpose["deal"]))
    one = _line(visit, deal, int(purpose["payment"]))
    why = one_line(str(values["text"]), limit=LONGEST_WHY)
    title = visit.t("Почему отменяем платёж?")
    form_runner.begin_text(visit, {**purpose, "why": why}, title, longest=LONGEST_WHY)
    return replace(Answer(pages.confirm(_account(visit, deal.id), one, why, visit.t)), remember_form=True)


@on_tap("pay_undo", access.SALES)
def undo(visit: Visit, deal_id: str, payment_id: str) -> Answer:
    """Taken back, with the reason that was typed. A second press finds nothing to do."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    key = number(payment_id)
    draft = drafts.find(visit.work)
    why = draft.purpose.get("why") if draft and draft.purpose.get("payment") == key else None
    if not isinstance(why, str):
        _line(visit, deal, key)  # AlreadyDone says more, if it is that
        return show(visit, deal.id, visit.t("Этот вопрос уже закрыт."))
    drafts.clear(visit.work)
    payments.reverse(visit.work, deal.id, key, why)
    return show(visit, deal.id, visit.t("Платёж отменён"))


@on_tap("pay_keep", access.SALES)
def keep(visit: Visit, deal_id: str) -> Answer:
    """Leave it as it is."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    draft = drafts.find(visit.work)
    if draft and draft.purpose.get("do") == "unpay":
        drafts.clear(visit.work)
    return show(visit, deal.id, visit.t("Платёж оставлен"))


# --- reading ----------------------------------------------------------------------------------------------------


def _account(visit: Visit, deal_id: int) -> Account:
    payments.check_may_see(visit.work)
    deal = deal_queries.get(visit.work, deal_id)
    process = visit.work.process(deal.process)
    if process.payments is None:
        raise NotFound("button")
    lines = payments.of_deal(visit.work, deal_id)
    return Account(deal, process, lines, visit.work.now, access.can_edit(visit.me, deal))


def _line(visit: Visit, deal: Deal, payment_id: int) -> Payment:
    """A payment that can be taken back: NotFound, AlreadyDone."""
    found = next((one for one in payments.of_deal(visit.work, deal.id) if one.id == payment_id), None)
    if found is None or found.reverses_id is not None:
        raise NotFound("payment")
    if found.is_reversed:
        raise AlreadyDone(None)
    return found


def _methods(visit: Visit, deal: Deal) -> dict[str, str]:
    kept = visit.work.process(deal.process).payments
    return dict(kept.methods) if kept else {}
