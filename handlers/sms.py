"""Messages to the client: the deal's list of them, sending once more, the owner's page about the gateway (K-21)."""

from __future__ import annotations

from handlers.notices import presenters
from handlers.request import Visit, number, on_tap
from keyboards.screen import Answer
from keyboards.sms import sms_list, sms_settings
from keyboards.sms.sms_list import Shown
from keyboards.translator import speak
from models import access
from models.entities import Deal
from services.deals import deal_queries
from services.sms import sms_messages


@on_tap("sms", access.SALES)
def list_(visit: Visit, deal_id: str) -> Answer:
    """The messages of a deal."""
    return _list(visit, deal_queries.get(visit.work, number(deal_id, "deal")))


@on_tap("sms_again", access.SALES)
def again(visit: Visit, sms_id: str) -> Answer:
    """A failed one goes once more, within the company's hours."""
    work = visit.work
    found = sms_messages.repeat(work, number(sms_id))
    opens = work.company.calendar.next_open(work.now)
    when = visit.t.moment(opens, now=work.now)
    said = visit.t("Отправляю ещё раз") if opens <= work.now else visit.t("Отправлю в рабочее время: {when}", when=when)
    return _list(visit, found, said)


@on_tap("sms_set", access.OWNER)
def about(visit: Visit, page: str = "0") -> Answer:
    """The gateway and every text with its length."""
    work = visit.work
    texts = [one for process in work.company.processes.values() for one in sms_settings.written(process)]
    at = min(max(number(page), 0), max(0, (len(texts) - 1) // sms_settings.PAGE))
    last, spoken = sms_messages.last(work), speak(work.company.locale, work.company.calendar.zone)
    return Answer(sms_settings.screen(sms_messages.provider(work), last, texts, at, work.now, visit.t, spoken))


def _list(visit: Visit, deal: Deal, toast: str | None = None) -> Answer:
    work, t = visit.work, visit.t
    process = work.process(deal.process)
    values = presenters.values_of(work, process, deal, t)
    shown = [
        Shown(one, one.text if one.parts else t(one.text, **values), presenters.rule_in_words(process, one.rule, t))
        for one in sms_messages.of_deal(work, deal.id)
    ]
    can = sms_messages.can_repeat(work, deal)
    return Answer(sms_list.messages(deal, shown, work.now, t, can_repeat=can), toast)
