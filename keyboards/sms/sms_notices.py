"""What the responsible is told of a message to the client: not sent, in doubt, to be sent by hand, practice (K-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.sms_callbacks import ListSms, RepeatSms
from keyboards.screen import Button, Line, Rows, Span, bold, line
from keyboards.sms.sms_list import reason
from keyboards.translator import Translator
from models.ids import SmsId

if TYPE_CHECKING:
    from keyboards.notices.notices import Notice

KINDS = frozenset({"sms_none", "sms_failed", "sms_by_hand", "sms_doubt", "sms_practice"})
LONGEST_COPY = 256  # Telegram's limit for a copy button


def body(notice: Notice, t: Translator) -> list[Line]:
    """What has happened, whose number it is, and the text: a tap on it copies it."""
    payload = notice.payload
    said, phone = str(payload.get("said") or ""), str(payload.get("phone") or "")
    text = [line(Span(said, "code"))] if said else []
    match notice.kind:
        case "sms_none":
            return [line("📵 ", bold(t("Нет телефона клиента: SMS не отправлено")))]
        case "sms_by_hand":
            head = line("📨 ", bold(t("SMS-шлюз не настроен: отправьте SMS клиенту сами")))
            return [head, line("👤 ", t.phone(phone)), *text]
        case "sms_doubt":
            head = line("❓ ", bold(t("Неизвестно, дошло ли SMS клиенту — позвоните")))
            return [head, line("👤 ", t.phone(phone)), *text]
        case "sms_practice":
            return [line("🎓 ", bold(t("Учебная сделка: клиент получил бы такое SMS"))), *text]
        case _:
            is_out = bool(payload.get("left"))  # the gateway had taken it
            head = line("📵 ", bold(t("SMS клиенту не дошло") if is_out else t("SMS клиенту не отправлено")))
            why = line(t("Причина: {reason}", reason=reason(str(payload.get("reason") or ""), t)))
            return [head, why, line("👤 ", t.phone(phone)), *text]


def rows(notice: Notice, t: Translator) -> Rows:
    """To the deal, to the number, to the text; once more."""
    deal, payload = notice.deal, notice.payload
    if deal is None:
        return ((buttons.home(t),),)
    out: list[list[Button]] = [[buttons.button(t("Открыть"), OpenDeal(deal.id), colour="primary")]]
    if notice.kind == "sms_none":
        return tuple(tuple(row) for row in out)
    out[0].append(buttons.button(t("SMS клиенту"), ListSms(deal.id)))
    said, phone = str(payload.get("said") or ""), str(payload.get("phone") or "")
    if notice.kind != "sms_practice":
        copies = [Button(f"📋 {t.phone(phone)}", copy=phone)] if phone else []
        if said and len(said) <= LONGEST_COPY:
            copies.append(Button(t("📋 Текст SMS"), copy=said))
        out.append(copies)
    if notice.kind in ("sms_failed", "sms_doubt"):
        out.append([buttons.button(t("🔁 Отправить ещё раз"), RepeatSms(SmsId(int(payload["sms"]))))])
    return tuple(tuple(row) for row in out if row)
