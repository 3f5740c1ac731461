"""Messages to the client: the deal's list of them, sending once more, the owner's page about the gateway (K-21)."""

from __future__ import annotations

from handlers.notices import placeholders
from handlers.request import Request, on_callback
from keyboards.callbacks.sms_callbacks import ListSms, OpenSmsSettings, RepeatSms
from keyboards.deals import rule_words
from keyboards.screen import Reply
from keyboards.sms import sms_list, sms_settings
from keyboards.sms.sms_list import SmsLine
from keyboards.translator import translator
from models import access
from models.entities import Deal
from services.deals import deal_queries
from services.sms import sms_messages


@on_callback(ListSms, access.SALES)
def list_(request: Request, press: ListSms) -> Reply:
    """The messages of a deal."""
    return _list(request, deal_queries.get(request.work, press.deal))


@on_callback(RepeatSms, access.SALES)
def again(request: Request, press: RepeatSms) -> Reply:
    """A failed one goes once more, within the company's hours."""
    work = request.work
    found = sms_messages.repeat(work, press.sms)
    opens = work.company.calendar.next_open(work.now)
    when = request.t.moment(opens, now=work.now)
    said = (
        request.t("Отправляю ещё раз")
        if opens <= work.now
        else request.t("Отправлю в рабочее время: {when}", when=when)
    )
    return _list(request, found, said)


@on_callback(OpenSmsSettings, access.OWNER)
def about(request: Request, press: OpenSmsSettings) -> Reply:
    """The gateway and every text with its length."""
    work = request.work
    texts = [one for process in work.company.processes.values() for one in sms_settings.written(process)]
    at = min(max(press.page or 0, 0), max(0, (len(texts) - 1) // sms_settings.PAGE))
    last, spoken = sms_messages.last(work), translator(work.company.locale, work.company.calendar.zone)
    return Reply(sms_settings.screen(sms_messages.provider(work), last, texts, at, work.now, request.t, spoken))


def _list(request: Request, deal: Deal, toast: str | None = None) -> Reply:
    work, t = request.work, request.t
    process = work.process(deal.process)
    values = placeholders.values_of(work, process, deal, t)
    shown = [
        SmsLine(
            one,
            one.text if one.unfilled is None else t.sentence(one.unfilled, values),
            rule_words.rule_in_words(process, one.rule, t),
        )
        for one in sms_messages.of_deal(work, deal.id)
    ]
    can = sms_messages.can_repeat(work, deal)
    return Reply(sms_list.messages(deal, shown, work.now, t, can_repeat=can), toast)
