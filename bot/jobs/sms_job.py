"""The jobs «sms» and «sms_state»: a message to a client goes out once, and what became of it is asked for (K-21).

The row says «sending» before the call. Who finds it so later does not know whether the call was made: a gateway that
knows our id may be called again, one that can be asked is asked, and otherwise a person is told to phone the client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Formatter

from bot import log
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from bot.settings import Settings
from bot.sms import gateway_address
from bot.sms.gateway import SmsAccepted, SmsError, SmsGateway, SmsNotSent, SmsRefused, SmsStatus
from handlers.notices import placeholders, text_statements
from keyboards.translator import translator
from models import sms as m
from models.entities import Deal
from models.jobs import AskSmsState, DeliverSms
from models.notices.deal_notices import FormerValue
from models.outbox import Scheduled
from models.process.process import Process
from models.sms import SmsMessage
from models.values import sms_parts
from models.values.product_text import ProductText
from services.deals import deal_queries
from services.outbox import jobs
from services.sms import sms_delivery, sms_messages, sms_times
from services.unit_of_work import UnitOfWork

GIVE_UP = timedelta(hours=3)  # «we come tomorrow» must not arrive the day after
ALIVE = timedelta(seconds=65)  # so long somebody may still be at a call that he has begun: a job ends before
FIRST_PAUSE, LONGEST_PAUSE = 30, 900  # seconds
FIRST_LOOK = timedelta(seconds=20)
LOOKS = (
    timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=3), timedelta(hours=6),
    timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
logger = log.get("bot.jobs.sms_job")


@dataclass(frozen=True, slots=True)
class SmsAttempt:
    """A message that is marked as being sent; `again`: a call may have been made for it before."""

    sms: SmsMessage
    text: str
    begun_at: datetime
    again: bool = False


def gateway_of(context: JobContext) -> SmsGateway | None:
    """The gateway of the settings; None if there is none."""
    url = context.settings.sms_url
    return gateway_address.open_gateway(url.get_secret_value(), lambda: context.http) if url is not None else None


def provider(settings: Settings) -> str | None:
    """What the gateway of the settings is called; None if there is none."""
    return gateway_address.name_of(settings.sms_url.get_secret_value()) if settings.sms_url is not None else None


def lost(work: UnitOfWork, row: Scheduled, job: DeliverSms, why: str) -> None:
    """Our own mistake, five times over: a person is told, and nothing more is tried."""
    one = sms_messages.find(work, job.sms)
    if one is not None and one.state == m.SENDING:
        sms_delivery.doubted(work, one)
    elif one is not None and one.state == m.WAITING:
        sms_delivery.failed(work, one, m.BROKEN)


@job_handler(DeliverSms, on_failure=lost)
async def send(context: JobContext, row: Scheduled, job: DeliverSms) -> None:
    """Send a message that waits."""
    gateway = gateway_of(context)
    attempt = await context.units.run(lambda work: _prepare(work, row, job, gateway))
    if isinstance(attempt, RetryLater):
        raise attempt
    if attempt is None or gateway is None:
        return
    try:
        if attempt.again and not gateway.repeats:
            sent = await gateway.find(
                attempt.sms.key, attempt.sms.phone, attempt.text, attempt.sms.sent_at or attempt.sms.at
            )
            if sent is None:
                await context.units.run(lambda work: sms_delivery.doubted(work, attempt.sms))
                return
        else:
            sent = await gateway.send(attempt.sms.key, attempt.sms.phone, attempt.text)
    except SmsError as error:
        await _failed(context, row, gateway, attempt, error)
        return
    await context.units.run(lambda work: _accepted(work, attempt.sms, sent))


# --- before the call ------------------------------------------------------------------------------------------------


def _prepare(
    work: UnitOfWork, row: Scheduled, job: DeliverSms, gateway: SmsGateway | None
) -> SmsAttempt | RetryLater | None:
    """In one transaction: whether it is still wanted, what it says, and the mark. None: nothing is left to do."""
    one = sms_messages.find(work, job.sms)
    found = deal_queries.find(work, one.deal_id) if one else None
    if one is None or one.state not in (*m.ON_ITS_WAY, m.PRACTICE):
        return None
    if found is None or found.process not in work.company.processes:
        sms_delivery.failed(work, one, m.TOO_LATE)
        return None
    if one.state == m.SENDING:
        return _resume(work, one, row, gateway)
    past = sms_times.speaks_of_past(work, found.process, found.fields, job.text, one.at, work.now)
    if one.state == m.WAITING and past is not None:
        sms_delivery.failed(work, one, m.VISIT_BEGAN if past == "visit" else m.DAY_OVER)
        return None
    if one.state == m.WAITING and not sms_messages.is_wanted(work, found, one, job):
        sms_delivery.dropped(work, one)
        return None
    one = _worded(work, one, found, job.was)
    if one is None:
        return None
    if one.state == m.PRACTICE:
        sms_delivery.practised(work, one)
        return None
    if gateway is None:
        sms_delivery.failed(work, one, m.NO_GATEWAY)
        return None
    if work.now - row.scheduled_for > GIVE_UP:
        sms_delivery.failed(work, one, m.NO_ANSWER if row.failure else m.TOO_LATE)
        return None
    opens = work.company.calendar.next_open(work.now)
    if opens > work.now:
        return RetryLater((opens - work.now).total_seconds(), row.failure or "outside the company's hours")
    return _begin(work, one)


def _begin(work: UnitOfWork, one: SmsMessage, *, again: bool = False) -> SmsAttempt | None:
    return SmsAttempt(one, one.text, work.now, again) if sms_delivery.begin(work, one, again=again) else None


def _resume(
    work: UnitOfWork, one: SmsMessage, row: Scheduled, gateway: SmsGateway | None
) -> SmsAttempt | RetryLater | None:
    """Somebody has begun with it, and nobody knows how far he came."""
    begun = one.sent_at or one.at
    if work.now - begun < ALIVE:
        return RetryLater((begun + ALIVE - work.now).total_seconds(), "being sent")
    if gateway is None or not (gateway.repeats or gateway.finds) or work.now - row.scheduled_for > GIVE_UP:
        sms_delivery.doubted(work, one)
        return None
    return _begin(work, one, again=True)


def _worded(work: UnitOfWork, one: SmsMessage, found: Deal, was: FormerValue | None) -> SmsMessage | None:
    """The message with its final text, kept before it goes; None if the card lacks what the text speaks of."""
    template = one.unfilled
    if template is None:
        return one
    process = work.process(found.process)
    t = translator(work.company.locale, work.company.calendar.zone)
    values = placeholders.values_of(work, process, found, t, was)
    said = _without_phones(t(template), values)
    words = [word for _, word, _, _ in Formatter().parse(said) if word]
    missing = [word for word in words if values.get(word, "—") in ("", "—")]
    if missing and one.state != m.PRACTICE:  # «Приедет —» is nothing to tell a client
        lacks = dict.fromkeys(_title(process, word, values) for word in missing)
        sms_delivery.failed(work, one, "\n".join((m.EMPTY, *lacks)))
        return None
    claims = text_statements.of_text(work, process, found, said, was)
    sms_delivery.keep_text(work, one, sms_parts.fit(sms_parts.plain(t.sentence(said, values))), claims)
    return sms_messages.find(work, one.id)


def _without_phones(text: str, values: Mapping[str, str]) -> ProductText:
    """A phone that nobody has entered does not stop a message that says when who comes: the manager's stands in its
    place, else the words about a phone («, тел. {assembly_phone}») are left out."""
    for _, word, _, _ in Formatter().parse(text):
        if word and word.endswith("_phone") and values.get(word, "") in ("", "—"):
            if values.get("responsible_phone"):
                text = text.replace(f"{{{word}}}", "{responsible_phone}")
            else:
                text = re.sub(rf",?[^,{{}}]*\{{{word}\}}", "", text)
    return ProductText(text)  # the file's, in the company's language; no value stands in it yet


def _title(process: Process, word: str, values: Mapping[str, str]) -> str:
    """What a placeholder stands for, in the words of the card: a title, and perhaps after a tab what or whose it is."""
    name, _, ending = word.rpartition("_")
    if word not in process.fields and ending in ("who", "phone") and name in process.fields:
        who = values.get(f"{name}_who")
        if ending == "phone" and who:  # it is his to say, or his supervisor's in «Команда»
            return f"{m.WORK_PHONE}\t{who}"
        return f"{process.fields[name].title}\t{m.PHONE if ending == 'phone' else m.NAME}"
    if word == "responsible":  # dismissed, and nobody has taken the deal over yet
        return m.RESPONSIBLE
    return process.fields[word].title if word in process.fields else word


# --- after the call -------------------------------------------------------------------------------------------------


def _accepted(work: UnitOfWork, one: SmsMessage, sent: SmsAccepted) -> None:
    if sms_delivery.sent(work, one, sent.provider_id) and sent.provider_id is not None:
        jobs.ask(work, AskSmsState(one.id), deal_id=one.deal_id, at=work.now + FIRST_LOOK)


async def _failed(context: JobContext, row: Scheduled, gateway: SmsGateway, job: SmsAttempt, error: SmsError) -> None:
    """What a failed call means; Later where it may be tried again."""
    logger.warning("an SMS did not go out", sms=job.sms.id, verdict=type(error).__name__, failure=log.describe(error))
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    match error:
        case SmsRefused() as refused if not job.again:
            reason, account = str(refused), refused.account
            await context.units.run(lambda work: sms_delivery.failed(work, job.sms, reason, account=account))
        case SmsRefused() if gateway.repeats:  # the first call may have gone through all the same
            await context.units.run(lambda work: sms_delivery.doubted(work, job.sms))
        case SmsNotSent() if not job.again:
            await context.units.run(lambda work: sms_delivery.release(work, job.sms.id, job.begun_at))
            raise RetryLater(pause, str(error))
        case _ if gateway.repeats or gateway.finds:
            raise RetryLater(max(pause, ALIVE.total_seconds()), str(error))  # it stays marked; `_resume` sees to it
        case _:
            await context.units.run(lambda work: sms_delivery.doubted(work, job.sms))


# --- what became of it ----------------------------------------------------------------------------------------------


@job_handler(AskSmsState, on_failure=None)
async def look(context: JobContext, row: Scheduled, job: AskSmsState) -> None:
    """Ask the gateway what became of a message, less and less often, for a day."""
    gateway = gateway_of(context)
    one, now = await context.units.run(lambda work: (sms_messages.find(work, job.sms), work.now))
    if gateway is None or one is None or one.state != m.SENT or one.provider_id is None:
        return
    try:
        found = await gateway.state(one.provider_id)
    except SmsError as error:
        logger.info("no word about an SMS", sms=one.id, failure=log.describe(error))
        found = SmsStatus("waiting")
    if found is None:
        return
    match found.state:
        case "delivered":
            await context.units.run(lambda work: sms_delivery.delivered(work, one))
        case "failed":
            await context.units.run(lambda work: sms_delivery.failed(work, one, found.reason))
        case _:
            age = now - (one.sent_at or one.at)
            if (after := next((look for look in LOOKS if look > age), None)) is not None:
                raise RetryLater((after - age).total_seconds(), "no word yet")
