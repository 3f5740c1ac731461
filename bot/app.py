"""The one place where objects meet."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot import (
    command_menu,
    data_marker,
    database,
    features,
    housekeeping,
    log,
    private_files,
    process_files,
    replicas,
    selfcheck,
    sqlite_lock,
    start_words,
    telegram_client,
)
from bot.background import TaskGroup
from bot.backup.nightly_backups import NightlyBackups
from bot.database import Database
from bot.database_faults import DatabaseAway
from bot.databases.sqlite_reader import SqliteReader
from bot.delivery import outages
from bot.delivery.delivery import BUDGET, Delivery
from bot.delivery.outgoing_messages import DeliveryHooks
from bot.delivery.rate_limits import RateLimits
from bot.http.health import Health
from bot.http.http_routes import WEBHOOK_PATH
from bot.http.http_server import HttpServer
from bot.http.lead_requests import LeadRequests
from bot.jobs import sms_job
from bot.jobs.job_runner import JobContext, JobRunner
from bot.personal import erasing_again
from bot.process_files import ProcessFiles
from bot.replicas import Replica
from bot.selfcheck import StartRefused
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.troubles.trouble_reporter import TroubleReporter
from bot.troubles.trouble_watch import TroubleWatch
from bot.unit_of_work_factory import CommitBell, UnitOfWorkFactory
from bot.updates.gap_watch import GapWatch
from bot.updates.inline_queries import InlineQueries
from bot.updates.leader import Leader
from bot.updates.owed_screens import OwedScreens
from bot.updates.poller import WAIT, Poller
from bot.updates.quarantine_alerts import Alerts
from bot.updates.strangers import Strangers
from bot.updates.unstored import UnstoredUpdates
from bot.updates.update_handler import UpdateHandler
from bot.updates.update_intake import UpdateIntake
from handlers.notices import compose
from keyboards import translator
from models import shipped
from models.troubles import TroubleKind
from scheduler.clock import Clock, utc_now
from scheduler.ticks import Ticks
from services import company_settings, payment_adoption, processes, timers
from services.deals import stage_renames
from services.processes import ProcessesBroken
from services.search import word_filling
from services.sms import sms_messages
from services.unit_of_work import Company, UnitOfWork
from services.visits import calendar_feed, visit_adoption

LEAVING = 6.0  # seconds that running work has at stop
STOPPING, CLOSING, GIVING_UP = (
    8.5,
    0.5,
    1.0,
)  # seconds: for all of the stop but the database's own end; of that; of the lead
MOST_TOLD = 5  # files that others can read, by their names
logger = log.get("bot.app")


@dataclass
class App:
    """The running bot. `build` makes it; then `start`, and at the end `stop`."""

    settings: Settings
    db: Database
    company: Company
    clock: Clock
    telegram: TelegramClient
    desk: UpdateHandler
    intake: UpdateIntake
    delivery: Delivery
    reporter: TroubleReporter
    watch: TroubleWatch
    inline: InlineQueries
    polls: bool
    http_host: str | None = None
    replica: Replica | None = None
    bell: CommitBell = field(default_factory=CommitBell)
    backups: NightlyBackups | None = None
    bot_username: str = ""
    tasks: TaskGroup = field(default_factory=TaskGroup)

    def __post_init__(self) -> None:
        self.leader: Leader | None = None
        if (replica := self.replica) is not None:
            self.leader = Leader(
                self.db, None, me=replica.name, alive=replica.alive, show_life=replica.hold,
                is_alone=lambda: replica.is_alone,
            )  # fmt: skip
            replica.on_death = self.intake.take_over
        self.unstored = UnstoredUpdates(self.db, self.telegram, self.company, self.clock, self.settings.data_dir)
        self.desk.is_shown, self.desk.is_unsure = self.unstored.is_shown, self.unstored.is_unsure
        self.poller = Poller(
            self.telegram, self.intake, reporter=self.reporter, unstored=self.unstored,
            may_ask=lambda: self.leader is None or self.leader.is_sure,
        )  # fmt: skip
        self.ticks = Ticks(lambda: self._tick(BUDGET), self._daily)
        self.delivery.on_free = self.ticks.wake
        self.bell.listen(self.ticks.wake)
        self.http = self._http()

    def now(self) -> datetime:
        """What time it is for the bot."""
        return self.clock()

    @property
    def units(self) -> UnitOfWorkFactory:
        """Units of work without an actor."""
        return UnitOfWorkFactory(self.db, self.clock, self.company, self.bell)

    @property
    def follows(self) -> bool:
        """Whether another replica polls at present."""
        return self.leader is not None and not self.leader.is_held

    async def start(self) -> None:
        """Begin: what an earlier run left undone comes first. StartRefused for a wrong token or a taken port."""
        if self.replica is not None:
            self.tasks.keep("replica", self.replica.keep)
        else:  # the file's lock says that nobody else runs
            await self.delivery.take_over()
        await self._meet()
        provider = sms_job.provider(self.settings)
        await self.units.run(lambda work: sms_messages.remember_provider(work, provider))
        await self.intake.start()
        host, port = self.http_host or self.settings.listens_at, self.settings.http_port
        try:
            await self.http.start(host, port)
        except OSError as error:
            raise StartRefused([f"HTTP_HOST, HTTP_PORT: {host}, {port} cannot be used: {error.strerror}"]) from None
        self.ticks.start()
        if self.polls:
            self.tasks.keep("updates", self._bring_updates)
            self.tasks.keep("hearing", GapWatch(self.units, self._hears).run)
        await self.watch.begin()
        self.tasks.keep("troubles", self.watch.run)
        logger.info("started", bot=self.bot_username, http_port=self.http.port, database=self.db.name)

    async def stop(self) -> None:
        """Stop within ten seconds: what runs ends, what is on its way arrives or is marked, the rest waits.

        Where the database or the network does not answer, nothing is waited for beyond that: it is as after a crash.
        """
        await _within(STOPPING, self._stop())
        await _within(CLOSING, self.db.close())
        logger.info("stopped")

    async def _stop(self) -> None:
        await self.tasks.close()
        if self.leader is not None and self.leader.is_held:
            await _within(GIVING_UP, self.leader.give_up())
        await self.http.stop()
        await asyncio.gather(self.intake.stop(LEAVING), self.delivery.close(LEAVING))
        await self.desk.answers.tasks.close()
        await self.inline.tasks.close()
        await self.desk.owed.close()
        await _within(GIVING_UP, self.desk.owed.forget_shown())
        await self.ticks.stop()
        if self.delivery.jobs is not None:
            await self.delivery.jobs.close()
        await self.telegram.close()
        if self.replica is not None:
            await self.replica.leave()

    async def tick(self) -> int:
        """Carry out what is due now, all of it; the number of rows."""
        return await self._tick(None)

    async def _tick(self, budget: float | None) -> int:
        done = await self.delivery.tick(budget)
        return done + await self.desk.owed.tick(at_once=budget is None)

    async def settle(self) -> None:
        """Wait until every stored update has been handled or put aside."""
        await self.intake.settle()
        await self.inline.settle()

    async def tick_and_settle(self) -> None:
        """After a jump of the clock: what has come due happens, and what that brought in as well."""
        await self.tick()
        await self.settle()

    async def _daily(self) -> None:
        if self.backups is not None:
            self.backups.ask(self.tasks)
        await housekeeping.daily(self.units)

    # --- updates ------------------------------------------------------------------------------------------------

    async def _bring_updates(self) -> None:
        if self.settings.webhook_url is not None:
            await self._set_webhook()
            return
        await self._patiently("deleteWebhook", {"drop_pending_updates": False})
        if self.leader is None:
            await self.poller.run()
        else:
            await self.leader.lead(self.poller.run)

    async def _set_webhook(self) -> None:
        secret = self.settings.webhook_secret
        given = {
            "url": f"{self.settings.webhook_url}{WEBHOOK_PATH}",
            "secret_token": secret.get_secret_value() if secret else None,
            "allowed_updates": telegram_client.ALLOWED,
            "max_connections": 20,
        }
        await self._patiently("setWebhook", given)

    async def _patiently(self, method: str, params: Mapping[str, Any]) -> None:
        """Call until it is done: Telegram may be out of reach when the bot starts."""
        while True:
            try:
                await self.telegram.call(method, params)
                return
            except TelegramAPIError as error:
                logger.error("Telegram does not take it", method=method, failure=log.describe(error))
                await asyncio.sleep(5.0)

    async def _meet(self) -> None:
        """Learn the bot's name, or take the one it had when Telegram was last in reach."""
        try:
            found = await telegram_client.wait_for(self.telegram, patience=3.0)
            name = str(found.get("username") or "")
            if not found.get("supports_inline_queries"):
                logger.info("the search in other chats is off: @BotFather turns it on, by /setinline")
            await self.reporter.end(TroubleKind.TOKEN_REVOKED)
            await self.db.run(lambda tx: company_settings.put(tx, company_settings.BOT_USERNAME, name))
            await command_menu.announce(self.telegram, self.settings.zone, self.settings.default_locale)
        except TelegramUnauthorizedError:
            await self.watch.tell_refused_token()
            raise StartRefused(["BOT_TOKEN: Telegram does not know this token"]) from None
        except TelegramAPIError as error:
            logger.error("Telegram is out of reach; the bot starts all the same", failure=log.describe(error))
            name = await self.db.run(find_username)
        self.bot_username = self.desk.username = name

    # --- to the outside -----------------------------------------------------------------------------------------

    def _http(self) -> HttpServer:
        settings = self.settings
        health = Health(
            self.db, self.clock, lambda: self.ticks.age, self._poll_age,
            mute=lambda: self.poller.mute if self._poll_age() is not None else None, unwritten=self.watch.unwritten,
            t=translator.translator(self.company.locale, self.company.calendar.zone),
        )  # fmt: skip
        return HttpServer(
            health,
            self._numbers,
            intake=self.intake,
            webhook_secret=settings.webhook_secret.get_secret_value() if settings.webhook_secret else None,
            leads=LeadRequests(self.units, settings.intake_token.get_secret_value()) if settings.intake_token else None,
            calendars=self._calendar,
            unstored=self.unstored,
            proxies=settings.proxies,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        )

    async def _calendar(self, secret: str) -> bytes | None:
        return await self.units.run(lambda work: calendar_feed.by_secret(work, secret))

    def _hears(self) -> bool:
        """Whether what people press now comes to this bot."""
        if self.settings.webhook_url is not None:
            return not self.delivery.breaker.is_open
        age = self._poll_age()
        return self.poller.hears and age is not None and age < 2 * WAIT

    def _poll_age(self) -> float | None:
        if not self.polls or self.settings.webhook_url is not None or self.follows:
            return None
        return self.poller.age

    def _numbers(self) -> Mapping[str, float]:
        post, poll = self.delivery.sender.shared.counts, self._poll_age()
        numbers = {
            "updates_handled": self.intake.handled,
            "update_failures": self.intake.failures,
            "updates_quarantined": self.intake.quarantined,
            "updates_silenced": self.intake.silenced,
            "inline_answered": self.inline.answered,
            "inline_dropped": self.inline.dropped,
            "inbox_waiting": self.intake.waiting,
            "due_rung": self.delivery.fired,
            "letters_sent": post["sent"],
            "letters_delayed": post["later"] + post["down"],
            "letters_refused": post["refused"] + post["gone"],
            "letters_doubtful": post["doubt"],
            "polling_conflicts": self.poller.conflicts,
            "bell_revived": self.ticks.revived,
            "tick_age_seconds": self.ticks.age,
        }
        return numbers if poll is None else {**numbers, "poll_age_seconds": poll}


async def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    telegram: TelegramClient | None = None,
    limits: RateLimits | None = None,
    poll: bool = True,
    http_host: str | None = None,
    where: Path = shipped.PROCESSES,
    lease: timedelta = replicas.LEASE,
    backups: bool = False,
) -> App:
    """Put the bot together: processes read, tables migrated, everything checked. StartRefused tells what is wrong.

    `where` is the folder of the process files that the owner's own go before; `lease` is how long a replica counts as
    running without being heard of; `backups`: whether one is made every night, as the settings say.
    """
    now = clock or utc_now
    await asyncio.to_thread(_close_to_others, settings)
    files = _find_files(settings, where)
    company = _company(settings, files)
    db = await open_ready(settings, now)
    chosen = files.chosen(settings.processes)
    replica = Replica(db, clock, chosen, lease=lease) if db.name == "postgresql" else None
    try:
        await _put_in_force(db, now, company, chosen, replica, settings.data_dir)
        if telegram is None:
            if settings.bot_token is None:
                raise StartRefused(["BOT_TOKEN: is needed"])
            proxy = settings.proxy_url.get_secret_value() if settings.proxy_url else None
            token = settings.bot_token.get_secret_value()
            telegram = TelegramClient(token, settings.bot_api_url, limits=limits, proxy=proxy)
    except StartRefused:
        if replica is not None:
            await replica.leave()
        await db.close()
        raise
    bell = CommitBell()
    units = UnitOfWorkFactory(db, now, company, bell)
    context = JobContext(units, telegram, settings.data_dir, settings)
    runner = JobRunner(context)
    delivery = Delivery(
        db, telegram, now, company, telegram.limits, _hooks(), runner, settings.data_dir,
        bell=bell, replica=replica,
    )  # fmt: skip
    owed = OwedScreens(
        units, telegram, delivery.holder, replica.alive_keys if replica is not None else lambda _: (),
        lambda: delivery.breaker.is_open,
    )  # fmt: skip
    desk = UpdateHandler(db, telegram, company, now, data_dir=settings.data_dir, bell=bell, owed=owed)
    alerts = Alerts(units, telegram)
    strangers = Strangers(now, company)
    inline = InlineQueries(db, telegram, company, now, lambda: desk.username)
    intake = UpdateIntake(
        db, telegram, now, desk.handle, on_quarantine=alerts.quarantined, hush=desk.hush, strangers=strangers,
        take_out=inline.take_out,
    )  # fmt: skip
    reporter = TroubleReporter(units)
    watch = TroubleWatch(context, reporter)
    nightly = NightlyBackups(units, telegram, settings) if backups else None
    return App(
        settings, db, company, now, telegram, desk, intake, delivery, reporter, watch, inline, poll, http_host, replica,
        bell, nightly,
    )  # fmt: skip


def _close_to_others(settings: Settings) -> None:
    """Customers' data is nobody else's to read, in folders of before too."""
    for folder in dict.fromkeys((settings.data_dir, *filter(None, (settings.backup_dir,)))):
        closed, still = private_files.close_to_others(folder)
        if closed:
            logger.warning("others could read it; it is ours alone now", first=str(closed[0]), count=len(closed))
        for one in still[:MOST_TOLD]:
            mode = f"{one.lstat().st_mode & 0o777:o}"
            logger.error("others can read it, and it cannot be closed to them: chmod go= it", path=str(one), mode=mode)


def _hooks() -> DeliveryHooks:
    return DeliveryHooks(
        timers.fire, compose.compose, timers.undeliverable, outages.lost, outages.away, outages.back
    )  # fmt: skip


async def _put_in_force(
    db: Database, now: Clock, company: Company, files: ProcessFiles, replica: Replica | None, data_dir: Path
) -> None:
    """Work by these files from now on; StartRefused if another replica or deals of before stand against it."""
    for line in files.lines():
        logger.info("process file", file=line)
    if replica is not None:
        await replica.enter()
    left = await db.run(lambda tx: selfcheck.stranded(tx, company.processes))
    if left:
        raise StartRefused(left)
    await erasing_again.apply(UnitOfWorkFactory(db, now, company), data_dir)
    await db.run(lambda tx: stage_renames.follow_renames(tx, company.processes))
    await db.run(lambda tx: visit_adoption.adopt(UnitOfWork(tx, now(), company)))
    adopted = await db.run(lambda tx: payment_adoption.adopt(UnitOfWork(tx, now(), company)))
    if adopted:
        logger.info("money on cards has become lines of the payments", lines=adopted)
    filled = 0
    while (some := await db.run(lambda tx: word_filling.step(UnitOfWork(tx, now(), company)))) is not None:
        filled += some
    if filled:
        logger.info("words of search were written", rows=filled)


def read_company(settings: Settings) -> Company:
    """The processes that the settings choose, templates of papers and calendar, with every feature loaded."""
    return _company(settings, _find_files(settings, shipped.PROCESSES))


def _find_files(settings: Settings, where: Path) -> ProcessFiles:
    features.load()
    if lacking := features.missing():
        raise StartRefused(lacking)
    try:
        found = process_files.find(settings.data_dir, where)
    except ProcessesBroken as broken:
        raise StartRefused([str(problem) for problem in broken.problems]) from None
    if unusable := found.unusable():
        raise StartRefused([str(problem) for problem in unusable])
    return found


def _company(settings: Settings, files: ProcessFiles) -> Company:
    try:
        found = processes.load(files.files, settings.processes, files.papers)
    except ProcessesBroken as broken:
        raise StartRefused([str(problem) for problem in broken.problems]) from None
    base_url = settings.webhook_url or ""
    return Company(
        found, settings.calendar, settings.default_locale, base_url=base_url, papers=files.papers, files=settings.files,
        kept=settings.kept,
    )  # fmt: skip


async def open_ready(settings: Settings, clock: Clock = utc_now) -> Database:
    """The database, looked through, migrated and checked. StartRefused: it is damaged, or empty where data was."""
    if lost := data_marker.lost_file(settings):
        raise StartRefused(lost)
    try:
        db = await database.open_database(settings.database)
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        raise StartRefused([start_words.of_database(error)]) from None
    except ValueError as error:
        raise StartRefused([str(error)]) from None
    try:
        found = await _look_through(db, settings) or await _bring_up(db, clock)
    except CommandError:
        found = ["the database was made by a newer version of Verstak; use that one, or restore a backup"]
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        found = [start_words.of_database(error)]
    if found:
        await db.close()
        raise StartRefused(found)
    return db


async def _look_through(db: Database, settings: Settings) -> list[str]:
    """What is wrong with what is there already. A SQLite file is read beside the bot that may run on it."""
    path = sqlite_lock.sqlite_path(settings.database)
    damage = await SqliteReader(str(path)).run(selfcheck.damage) if path is not None else []
    if damage:
        logger.error("the database is damaged", found=damage)
        return [start_words.SPOILT]
    return await db.run(lambda tx: data_marker.lost_tables(tx, settings))


async def _bring_up(db: Database, clock: Clock) -> list[str]:
    await db.run(database.migrate)
    return await db.run(lambda tx: selfcheck.problems(tx, clock()))


async def _within(seconds: float, step: Awaitable[None]) -> None:
    """Take a step of the stop, unless it takes too long or the database or the network is away: then it is left out."""
    try:
        async with asyncio.timeout(seconds):
            await step
    except (OSError, SQLAlchemyError, sqlite3.Error, DatabaseAway) as error:
        logger.warning("stopped without putting all in order", failure=log.describe(error))


def tune_memory() -> None:
    """What is loaded stays: the collector need not walk through it, which takes a sixth of a second each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def find_username(tx: Connection) -> str:
    """The bot's name as it was last known, empty if never."""
    return str(company_settings.get(tx, company_settings.BOT_USERNAME) or "")
