"""«Реквизиты компании»: the owner fills in what every paper is signed with (K-11)."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, on_tap
from keyboards.documents import papers as paper_screens
from keyboards.documents import requisites as screens
from keyboards.notices.notices import Notice
from keyboards.screen import Answer, Screen
from keyboards.translator import Texts
from models import access
from models.errors import NotFound
from services.documents import stored_requisites
from services.documents.requisite_values import VAT_RATES
from services.documents.requisites import OPTIONAL, TITLES
from services.outbox import jobs
from services.unit_of_work import Work

LONGEST = 250
NOTHING = frozenset({"-", "—", "нет", "no"})  # typed for a field that may stay empty


@on_tap("requisites", access.OWNER)
def show(visit: Visit, toast: str | None = None) -> Answer:
    """All of them."""
    known = stored_requisites.get(visit.work)
    return Answer(screens.page(known.to_json(), known.missing(), visit.t), toast)


@on_tap("reqgroup", access.OWNER)
def group(visit: Visit, name: str, toast: str | None = None) -> Answer:
    """Some of them, each a button."""
    if name not in screens.GROUPS:
        raise NotFound("button")
    return Answer(screens.group(name, stored_requisites.get(visit.work).to_json(), visit.t), toast)


@on_tap("reqset", access.OWNER)
def change(visit: Visit, name: str) -> Answer:
    """Ask for one."""
    if name not in TITLES:
        raise NotFound("button")
    return _ask(visit, name, in_turn=False)


@on_tap("reqfill", access.OWNER)
def fill(visit: Visit) -> Answer:
    """Ask for all that are missing, one after another."""
    missing = stored_requisites.get(visit.work).missing()
    return _ask(visit, missing[0], in_turn=True) if missing else show(visit, visit.t("Всё заполнено"))


def _ask(visit: Visit, name: str, *, in_turn: bool) -> Answer:
    t, known = visit.t, stored_requisites.get(visit.work).to_json()
    if name == "vat":
        return Answer(screens.vat(known, VAT_RATES, t, in_turn=in_turn))
    hint = [t(screens.HINTS.get(name, ""))]
    if known[name]:
        hint.append(t("Сейчас: {value}", value=screens.shown(name, known, t)))
        if name in OPTIONAL:
            hint.append(t("Чтобы убрать, напишите «-»"))
    purpose: dict[str, str | int] = {"do": "requisite", "name": name, "turn": int(in_turn)}
    title = t(screens.SHORT[name])
    return form_runner.begin_text(visit, purpose, title, "\n".join(one for one in hint if one), longest=LONGEST)


@form_runner.on_finish("requisite")
def typed(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """One has come: checked as a bank checks it. A Wrong asks it again."""
    name, text = str(purpose["name"]), str(values["text"])
    if name not in TITLES:
        raise NotFound("button")
    if name in OPTIONAL and text.strip().lower() in NOTHING:
        text = ""
    before = stored_requisites.get(visit.work).to_json()
    after = stored_requisites.put(visit.work, {name: text})
    said = _said(visit, name, before, after.to_json())
    return _next(visit, name, said, in_turn=bool(purpose.get("turn")))


def _said(visit: Visit, name: str, before: dict[str, str], after: dict[str, str]) -> str:
    """«Записано», and which others no longer fit and must be told anew."""
    t = visit.t
    gone = [t(screens.SHORT[one]) for one in after if before[one] and not after[one] and one != name]
    if gone:
        return t("Записано. Больше не подходит, введите заново: {fields}", fields=", ".join(gone))
    return t("Записано")


def _next(visit: Visit, name: str, said: str, *, in_turn: bool) -> Answer:
    missing = stored_requisites.get(visit.work).missing()
    if in_turn and missing:
        return _ask(visit, missing[0], in_turn=True)
    if in_turn:
        return show(visit, visit.t("Реквизиты заполнены: документы можно делать"))
    return group(visit, next(key for key, (_, names) in screens.GROUPS.items() if name in names), said)


@on_tap("reqvat", access.OWNER)
def vat(visit: Visit, rate: str, turn: str = "0") -> Answer:
    """The rate of VAT is chosen by a button."""
    if rate != screens.NO_VAT and rate not in VAT_RATES:
        raise NotFound("button")
    stored_requisites.put(visit.work, {"vat": rate})
    return _next(visit, "vat", visit.t("Записано"), in_turn=turn == "1")


@on_tap("reqsample", access.OWNER)
def sample(visit: Visit) -> Answer:
    """An invoice on made-up data, to see what comes out."""
    if stored_requisites.get(visit.work).missing():
        return show(visit, visit.t("Сначала заполните всё, чего не хватает"))
    jobs.ask(visit.work, "sample", {"what": "invoice"}, employee_id=visit.me.id)
    return Answer(None, visit.t("Готовлю образец…"))


def notice(work: Work, t: Texts, sent: Notice) -> Screen | None:
    """A colleague asks the owner to fill them in; nothing to say once they are."""
    if not stored_requisites.get(work).missing():
        return None
    return paper_screens.asked_for_requisites(sent.sender, t)
