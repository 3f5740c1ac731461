"""The pinned message of a deal is sent, redrawn, moved to another chat, taken down (K-14).

One job at a time has the pin on lease; what it says is rendered from the deal as it stands then. Edits and pins may
be repeated at will. A sending whose end nobody saw is repeated once.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter

from bot import log
from bot.delivery import outgoing_messages, telegram_render
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from handlers.notices import placeholders
from keyboards.notices import pinned_message
from keyboards.screen import Screen
from keyboards.translator import Translator, translator
from models import access
from models.entities import Deal, Employee
from models.jobs import RedrawPin
from models.outbox import Scheduled
from models.values.product_text import ProductText
from services.deals import deal_queries
from services.outbox import pinned_messages
from services.outbox.pinned_messages import Pin
from services.people import employees
from services.unit_of_work import UnitOfWork

SOON, OUT_OF_REACH = 10.0, 30.0  # seconds until it is tried again
UP, DOWN = "pinned\n", "unpinned\n"  # how `pin.shown` begins
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
logger = log.get("bot.jobs.pin_job")


@dataclass(frozen=True)
class PinPlace:
    """A message in somebody's chat."""

    chat_id: int
    message_id: int
    screen: Screen


@dataclass
class PinChange:
    """What is to be done about the pin of a deal: `old` is taken down, `screen` is shown to `chat_id`.

    `seen` is the message id when it began, `message_id` the message that is redrawn; `sending` is set while a new one
    is on its way; `unsure`: an earlier one may have been sent.
    """

    deal_id: int
    seen: int | None
    unsure: bool
    old: PinPlace | None = None
    screen: Screen | None = None
    chat_id: int = 0
    employee_id: int = 0
    message_id: int | None = None
    shown: str = ""
    closed: bool = False
    sending: bool = False

    @property
    def state(self) -> str:
        """What is kept of it: whether it is pinned, and what it says."""
        return (DOWN if self.closed else UP) + telegram_render.html(self.screen or Screen())


@job_handler(RedrawPin, on_failure=None)
async def redraw(context: JobContext, row: Scheduled, wanted: RedrawPin) -> None:
    """Make the pinned message of a deal true."""
    job = await context.units.run(lambda work: _look(work, wanted.deal))
    if isinstance(job, RetryLater):
        raise job
    if job is None:
        return
    try:
        await _retire(context, job)
        await _show(context, job)
    except Exception as error:  # noqa: BLE001 — every outcome is written down, and the lease given back
        await _failed(context, job, error)


# --- what is to be done -----------------------------------------------------------------------------------------


def _look(work: UnitOfWork, deal_id: int) -> PinChange | RetryLater | None:
    taken = pinned_messages.take(work, deal_id)
    if taken is None:
        return None
    if not isinstance(taken, Pin):
        return RetryLater(max((taken - work.now).total_seconds(), 1.0), "somebody else redraws it")
    job = _job(work, taken)
    if job is None:
        pinned_messages.put(work, deal_id, sending_at=None)
    return job


def _job(work: UnitOfWork, row: Pin) -> PinChange | None:
    found = deal_queries.find(work, row.deal_id)
    if found is not None and found.process not in work.company.processes:
        return None
    person = employees.find_working(work, found.responsible_id) if found else None
    if person is not None and found is not None and not access.can_view(person, found):
        person = None  # he leads no deals any more
    stays = person is not None and person.id == row.employee_id
    job = PinChange(row.deal_id, row.message_id, row.unsure, old=None if stays else _old(work, row, found, person))
    if found is None or person is None or person.telegram_id is None:
        return job if job.old else None
    job.message_id = row.message_id if stays else None
    job.closed = found.status != "open" or not row.text  # or what it told of is over
    if job.message_id is None and job.closed:  # a closed deal begins no pinned message
        return job if job.old else None
    job.chat_id, job.employee_id = person.telegram_id, person.id
    job.screen, job.shown = _screen(work, row.text, found, person), row.shown if stays else ""
    return None if job.old is None and job.message_id and job.shown == job.state else job


def _screen(work: UnitOfWork, text: ProductText, found: Deal, person: Employee) -> Screen:
    process, t = work.process(found.process), _texts(work, person)
    values = placeholders.values_of(work.read_by(person), process, found, t)
    return pinned_message.screen(found, text, values, values["stage"], t)


def _old(work: UnitOfWork, row: Pin, found: Deal | None, person: Employee | None) -> PinPlace | None:
    """The message that hangs in somebody else's chat."""
    if not row.message_id or row.employee_id is None:
        return None
    who = employees.get(work, row.employee_id)
    if who.telegram_id is None:
        return None
    screen = pinned_message.handed_over(found, person.name if person else "", _texts(work, who))
    return PinPlace(who.telegram_id, row.message_id, screen)


def _texts(work: UnitOfWork, person: Employee) -> Translator:
    return translator(person.locale, work.company.calendar.zone)


# --- doing it ---------------------------------------------------------------------------------------------------


async def _retire(context: JobContext, job: PinChange) -> None:
    """Take it down where it hung, and forget it."""
    if job.old is None:
        return
    try:
        await _edit(context, job.old.chat_id, job.old.message_id, job.old.screen)
        await _unpin(context, job.old.chat_id, job.old.message_id)
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        logger.info("an old pin cannot be taken down", deal_id=job.deal_id, failure=log.describe(error))
    job.seen, job.unsure = None, False
    await context.units.run(
        lambda work: pinned_messages.forget_message(work, job.deal_id, employee_id=None, shown=None)
    )  # fmt: skip


async def _show(context: JobContext, job: PinChange) -> None:
    screen = job.screen
    if screen is None:
        await context.units.run(lambda work: pinned_messages.put(work, job.deal_id, sending_at=None))
        return
    if job.message_id is not None and not await _is_edited(context, job, job.message_id, screen):
        job.message_id = None
        if job.closed:
            await context.units.run(lambda work: pinned_messages.forget_message(work, job.deal_id, sending_at=None))
            return
    if job.message_id is None:
        await _send(context, job, screen)
    await _hang(context, job)
    await context.units.run(lambda work: pinned_messages.put(work, job.deal_id, shown=job.state, sending_at=None))


async def _is_edited(context: JobContext, job: PinChange, message_id: int, screen: Screen) -> bool:
    """Redraw it; False if the person has deleted it."""
    try:
        await _edit(context, job.chat_id, message_id, screen)
    except TelegramBadRequest as error:
        if not any(word in error.message.lower() for word in GONE):
            raise
        job.shown = ""
        return False
    return True


async def _send(context: JobContext, job: PinChange, screen: Screen) -> None:
    """A new message; its id is kept at once, so that whatever fails later does not send another."""
    if job.seen:  # the one that was deleted: from now on a lapsed lease means «perhaps sent»
        job.seen = None
        await context.units.run(lambda work: pinned_messages.forget_message(work, job.deal_id, shown=None))
    job.sending = True
    method, params = outgoing_messages.message(job.chat_id, screen, silent=True)
    sent = await context.telegram.call(method, params, paced=True)
    number = int(sent["message_id"])
    await context.units.run(lambda work: pinned_messages.sent(work, job.deal_id, number, job.employee_id))
    job.sending, job.message_id = False, number


async def _hang(context: JobContext, job: PinChange) -> None:
    """Pin it, or take the pin off a closed deal's."""
    number = job.message_id
    if number is None or job.shown.startswith(DOWN if job.closed else UP):
        return
    if job.closed:
        await _unpin(context, job.chat_id, number)
        return
    given = {"chat_id": job.chat_id, "message_id": number, "disable_notification": True}
    await context.telegram.call("pinChatMessage", given, paced=True)


async def _edit(context: JobContext, chat_id: int, message_id: int, screen: Screen) -> None:
    params = {
        "chat_id": chat_id,
        "message_id": message_id,
        "text": telegram_render.html(screen),
        "parse_mode": "HTML",
        "reply_markup": telegram_render.keyboard(screen),
        "link_preview_options": {"is_disabled": True},
    }
    await context.telegram.call("editMessageText", params, paced=True)


async def _unpin(context: JobContext, chat_id: int, message_id: int) -> None:
    """Take the pin off; the person may have done so himself."""
    try:
        await context.telegram.call("unpinChatMessage", {"chat_id": chat_id, "message_id": message_id}, paced=True)
    except TelegramBadRequest as error:
        if "not found" not in error.message.lower():
            raise


# --- what a failure means ---------------------------------------------------------------------------------------


async def _failed(context: JobContext, job: PinChange, error: Exception) -> None:
    """Give the lease back; Later where it is to be tried again. A person out of reach gets it with the next change."""
    verdict, why = outgoing_messages.verdict(error), log.reason(error)
    if verdict == "doubt" and job.sending:
        if await context.units.run(lambda work: pinned_messages.doubted(work, job.deal_id, job.unsure)):
            raise RetryLater(SOON, f"perhaps sent: {why}") from None
        logger.warning("a pin was sent twice without an answer", deal_id=job.deal_id, failure=log.describe(error))
        return
    await context.units.run(lambda work: pinned_messages.put(work, job.deal_id, sending_at=None))
    match verdict:
        case "later":
            pause = error.retry_after if isinstance(error, TelegramRetryAfter) else SOON
            raise RetryLater(pause, "Telegram asked for a pause") from None
        case "down":
            raise RetryLater(OUT_OF_REACH, f"Telegram is out of reach: {why}") from None
        case "gone":
            logger.warning("a pin cannot be shown", deal_id=job.deal_id, failure=log.describe(error))
        case "doubt" if isinstance(error, TelegramAPIError):
            raise RetryLater(SOON, why) from None
        case _:
            raise error
