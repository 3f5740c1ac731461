"""«Реквизиты компании»: the owner fills in what every paper is signed with (K-11)."""

from __future__ import annotations

from handlers.forms import form_runner
from handlers.forms.form_state import TEXT
from handlers.forms.purpose_registry import on_finish
from handlers.notices.composers import composes
from handlers.request import Request, on_callback
from keyboards.callbacks.requisite_callbacks import (
    ChangeRequisite,
    ChooseVat,
    ConfirmRequisiteCard,
    FillRequisites,
    OpenRequisiteGroup,
    OpenRequisites,
    SendSampleInvoice,
)
from keyboards.documents import requisites as screens
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator
from models import access
from models.errors import NotFound
from models.field_values import FieldValues
from models.jobs import MakeSample
from models.notices.document_notices import RequisitesWanted
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import NO_TEXT
from services import drafts
from services.documents import stored_requisites
from services.documents.requisite_values import VAT_RATES
from services.documents.requisites import OPTIONAL, TITLES
from services.drafts import Draft, TextQuestion
from services.outbox import jobs
from services.purposes.document_purposes import RequisiteCardPurpose, RequisitePurpose
from services.unit_of_work import UnitOfWork

LONGEST = 2000  # a whole card of the enterprise may be pasted
NOTHING = frozenset({"-", "—", "нет", "no"})  # typed for a field that may stay empty


@on_callback(OpenRequisites, access.OWNER)
def open_(request: Request, press: OpenRequisites) -> Reply:
    return show(request)


def show(request: Request, toast: str | None = None) -> Reply:
    """All of them."""
    known = stored_requisites.get(request.work)
    return Reply(screens.page(known.to_json(), known.missing(), request.t), toast)


@on_callback(OpenRequisiteGroup, access.OWNER)
def open_group(request: Request, press: OpenRequisiteGroup) -> Reply:
    if press.name not in screens.GROUPS:
        raise NotFound("button")
    return _group(request, press.name)


def _group(request: Request, name: str, toast: str | None = None) -> Reply:
    """Some of them, each a button."""
    return Reply(screens.group(name, stored_requisites.get(request.work).to_json(), request.t), toast)


@on_callback(ChangeRequisite, access.OWNER)
def change(request: Request, press: ChangeRequisite) -> Reply:
    """Ask for one."""
    if press.name not in TITLES:
        raise NotFound("button")
    return _ask(request, press.name, in_turn=False)


@on_callback(FillRequisites, access.OWNER)
def fill(request: Request, press: FillRequisites) -> Reply:
    """Ask for all that are missing, one after another."""
    missing = stored_requisites.get(request.work).missing()
    return _ask(request, missing[0], in_turn=True) if missing else show(request, request.t("Всё заполнено"))


def _ask(request: Request, name: str, *, in_turn: bool) -> Reply:
    t, known = request.t, stored_requisites.get(request.work).to_json()
    if name == "vat":
        return Reply(screens.vat(known, VAT_RATES, t, in_turn=in_turn))
    hint = [t(screens.HINTS.get(name, NO_TEXT))]
    if in_turn:
        hint.append(t("Можно вставить всю карточку предприятия сразу: я разберу её сам."))
    if known[name]:
        hint.append(t("Сейчас: {value}", value=screens.shown(name, known, t)))
        if name in OPTIONAL:
            hint.append(t("Чтобы убрать, напишите «-»"))
    purpose = RequisitePurpose(name, in_turn)
    title = t(screens.SHORT[name])
    return form_runner.begin_text(request, purpose, title, "\n".join(one for one in hint if one), longest=LONGEST)


@on_finish(RequisitePurpose, access.OWNER)
def typed(request: Request, purpose: RequisitePurpose, values: FieldValues) -> Reply:
    """One has come: checked as a bank checks it. A Wrong asks it again."""
    name, text = purpose.name, str(values["text"])
    if name not in TITLES:
        raise NotFound("button")
    card = _card(request, text)
    if card is not None:
        return card
    if name in OPTIONAL and text.strip().lower() in NOTHING:
        text = ""
    before = stored_requisites.get(request.work).to_json()
    after = stored_requisites.put(request.work, {name: text})
    said = _said(request, name, before, after.to_json())
    return _next(request, name, said, in_turn=purpose.turn)


def _card(request: Request, text: str) -> Reply | None:
    """Several requisites pasted at once: what was read of them waits for a yes. None for a text that is no card."""
    found, t = stored_requisites.read_card(request.work, text), request.t
    if found is None:
        return None
    draft = Draft(RequisiteCardPurpose(text), [TEXT], text=TextQuestion(t("Реквизиты компании"), LONGEST))
    drafts.save(request.work, draft)
    wrong = {name: t.wrong(why) for name, why in found.wrong.items()}
    return Reply(screens.card(found.after.to_json(), found.names, wrong, draft.step, t), new=True, remember_form=True)


@on_finish(RequisiteCardPurpose, access.OWNER)
def pasted(request: Request, purpose: RequisiteCardPurpose, values: FieldValues) -> Reply:
    """Another text in place of a card: it is read anew."""
    card = _card(request, str(values["text"]))
    if card is None:
        raise InvalidValue("requisites.card", N_("Не нашёл здесь реквизитов. Пришлите карточку предприятия целиком."))
    return card


@on_callback(ConfirmRequisiteCard, access.OWNER)
def keep_card(request: Request, press: ConfirmRequisiteCard) -> Reply:
    """What was read is right."""
    draft = drafts.find(request.work)
    if draft is None or draft.step != press.step or not isinstance(draft.purpose, RequisiteCardPurpose):
        return Reply(toast=request.t("Этот вопрос уже закрыт."))
    drafts.clear(request.work)
    stored_requisites.put_card(request.work, draft.purpose.said)
    return show(request, request.t("Записано"))


def _said(request: Request, name: str, before: dict[str, str], after: dict[str, str]) -> str:
    """«Записано», and which others no longer fit and must be told anew."""
    t = request.t
    gone = [t(screens.SHORT[one]) for one in after if before[one] and not after[one] and one != name]
    if gone:
        return t("Записано. Больше не подходит, введите заново: {fields}", fields=", ".join(gone))
    return t("Записано")


def _next(request: Request, name: str, said: str, *, in_turn: bool) -> Reply:
    missing = stored_requisites.get(request.work).missing()
    if in_turn and missing:
        return _ask(request, missing[0], in_turn=True)
    if in_turn:
        return show(request, request.t("Реквизиты заполнены: документы можно делать"))
    return _group(request, next(key for key, (_, names) in screens.GROUPS.items() if name in names), said)


@on_callback(ChooseVat, access.OWNER)
def vat(request: Request, press: ChooseVat) -> Reply:
    """The rate of VAT is chosen by a button."""
    if press.rate != screens.NO_VAT and press.rate not in VAT_RATES:
        raise NotFound("button")
    stored_requisites.put(request.work, {"vat": press.rate})
    return _next(request, "vat", request.t("Записано"), in_turn=bool(press.in_turn))


@on_callback(SendSampleInvoice, access.OWNER)
def sample(request: Request, press: SendSampleInvoice) -> Reply:
    """An invoice on made-up data, to see what comes out."""
    if stored_requisites.get(request.work).missing():
        return show(request, request.t("Сначала заполните всё, чего не хватает"))
    jobs.ask(request.work, MakeSample("invoice"), employee_id=request.me.id)
    return Reply(None, request.t("Готовлю образец…"))


@composes(RequisitesWanted)
def notice(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """A colleague asks the owner to fill them in; nothing to say once they are."""
    if not stored_requisites.get(work).missing():
        return None
    return screens.asked_for_requisites(sent.sender, t)
