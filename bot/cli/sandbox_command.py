"""Everything on one machine: the sandbox and the bot in one process, with buttons that make things happen."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot import app as root
from bot import data_marker, selfcheck, sqlite_lock
from bot import settings as conf
from bot.app import App
from bot.cli import run_command
from bot.cli.cli_error import CliError
from bot.delivery.rate_limits import RateLimits
from bot.demo import demo_shop
from bot.settings import Settings
from sandbox import ActionField, OwnerAction, Person, Sandbox, ShiftedClock
from scheduler.clock import utc_now

TOKEN = "1:sandbox"
# The form of the site is filled in already: to send it at once is the first thing that a visitor does.
FORM = (
    ActionField("name", "Имя", "Мария Иванова", "Мария Иванова"),
    ActionField("phone", "Телефон", "+7 912 345-67-89", "+7 912 345-67-89"),
    ActionField("comment", "Комментарий", "Хочу кухню, 3 метра, угловую", "Хочу кухню, 3 метра, угловую"),
)
TITLES = {field.name: field.title for field in FORM}
REASONS = {"is missing": "заполните это поле"}  # what the intake says in English; the rest it says in Russian


@dataclass
class SandboxPhones:
    """The sandbox's phones, as the demonstration uses them."""

    sandbox: Sandbox
    session: aiohttp.ClientSession

    async def phone(self, key: int, name: str, title: str, *, number: str | None = None, sms: bool = False) -> None:
        """Put a phone on the table, unless it lies there already."""
        if key not in self.sandbox.world.people:
            first, _, last = name.partition(" ")
            self.sandbox.world.add_person(Person(key, first, last or None, title=title, number=number, sms=sms))

    async def start(self, key: int, payload: str) -> None:
        """Its person presses «Start» on a link with a payload."""
        url = f"{self.sandbox.url}/sandbox/phones/{key}/start"
        async with self.session.post(url, json={"payload": payload} if payload else {}) as answer:
            answer.raise_for_status()


@dataclass
class SandboxRun:
    """What the page's buttons act on; filled when everything runs.

    `token` is what a site sends its leads with; `is_token_known` if it was set, so that somebody outside knows it.
    """

    token: SecretStr
    is_token_known: bool = False
    app: App | None = None
    phones: SandboxPhones | None = None
    asked: int = 0

    def actions(self) -> list[OwnerAction]:
        """The owner's buttons on the page."""
        return [
            OwnerAction("lead", "Заявка с сайта", self.lead, FORM),
            OwnerAction("leads", "Ещё три заявки", self.leads),
        ]

    async def lead(self, given: dict[str, str]) -> str:
        """A form of the site is sent: by HTTP, as a real site does it."""
        app, phones = self._running()
        body = {**given, "source": "Сайт"}
        url = f"http://127.0.0.1:{app.http.port}/intake/leads"
        headers = {"Authorization": f"Bearer {self.token.get_secret_value()}"}
        async with phones.session.post(url, json=body, headers=headers) as answer:
            said = await answer.json()
        if answer.status >= 400:
            raise ValueError("; ".join(_refusal(one) for one in said["errors"]))
        await app.tick()
        return f"Лид принят: № {said['number']}"

    async def leads(self, _: dict[str, str]) -> str:
        """Three more people write to the shop."""
        for _place in range(3):
            name, phone, comment = demo_shop.REQUESTS[self.asked % len(demo_shop.REQUESTS)]
            self.asked += 1
            await self.lead({"name": name, "phone": phone, "comment": comment})
        return "Пришли три заявки"

    def _running(self) -> tuple[App, SandboxPhones]:
        if self.app is None or self.phones is None:
            raise ValueError("Бот ещё запускается, попробуйте через секунду")
        return self.app, self.phones


def rehearsal_for(settings: Settings) -> SandboxRun:
    """A rehearsal that takes leads with the token that is set, else with one that nobody knows."""
    if settings.intake_token is not None:
        return SandboxRun(settings.intake_token, is_token_known=True)
    return SandboxRun(SecretStr(secrets.token_urlsafe(18)))


def _refusal(error: Mapping[str, str | None]) -> str:
    reason = str(error["reason"])
    title = TITLES.get(error["field"] or "")
    return f"{title}: {REASONS.get(reason, reason)}" if title else reason


async def run(port: int, say: Callable[[str], object]) -> None:
    """Run the sandbox and the bot until told to stop; `say` tells where the page is."""
    settings = conf.load(bot_token=TOKEN)
    stage = rehearsal_for(settings)
    path = settings.data_dir / "sandbox.db"
    async with sqlite_lock.alone_on(f"sqlite:///{path}"):
        _fresh(path)
        start = demo_shop.morning(utc_now(), settings.calendar)
        sandbox = Sandbox(clock=ShiftedClock(start), zone=settings.timezone, actions=stage.actions())
        try:
            await sandbox.start("127.0.0.1", port)
        except OSError as error:
            raise CliError(f"port {port} cannot be used ({error.strerror}); another one: --port 8090") from None
        try:
            async with aiohttp.ClientSession() as session:
                await _play(settings_for(settings, sandbox, path, stage.token), sandbox, stage, session, say)
        finally:
            await sandbox.close()


async def _play(
    settings: Settings,
    sandbox: Sandbox,
    stage: SandboxRun,
    session: aiohttp.ClientSession,
    say: Callable[[str], object],
) -> None:
    app = await root.build(settings, clock=sandbox.clock.now, limits=RateLimits.none(), http_host="127.0.0.1")
    try:
        await app.start()
        sandbox.clock.listeners.append(app.tick_and_settle)
        stage.app, stage.phones = app, SandboxPhones(sandbox, session)
        await demo_shop.open_shop(app, stage.phones)
        root.tune_memory()
        say(f"Verstak is running: open {sandbox.url} (Ctrl+C stops it)")
        if stage.is_token_known:
            say(f"Leads from a site: http://127.0.0.1:{app.http.port}/intake/leads, with the INTAKE_TOKEN that is set")
        for weak in selfcheck.weak_secrets(settings):
            say(f"Warning: outside of the sandbox the bot would not start. {weak}")
        await run_command.until_told()
    finally:
        stage.app = None
        await app.stop()


def settings_for(settings: Settings, sandbox: Sandbox, path: Path, token: SecretStr) -> Settings:
    """The settings of a rehearsal: its own database, no way out of this machine.

    HTTP_PORT and INTAKE_TOKEN hold here too if they are set; else the port is a free one and the token a secret.
    """
    return settings.model_copy(
        update={
            "bot_token": SecretStr(TOKEN),
            "bot_api_url": sandbox.url,
            "database_url": SecretStr(f"sqlite:///{path}"),
            "webhook_url": None,
            "proxy_url": None,
            "intake_token": token,
            "sms_url": SecretStr(sms_url(sandbox.url)),
            "http_port": settings.http_port if "http_port" in settings.model_fields_set else 0,
        }
    )


def sms_url(url: str) -> str:
    """The sandbox as an SMS gateway: what it takes lands on the client's phone, and counts as delivered."""
    return f"post+{url}/sandbox/sms?to={{phone}}&text={{text}}&id={{id}}#state=/sandbox/sms/{{id}}"


def _fresh(path: Path) -> None:
    # the phones and the clock of a rehearsal live in memory: old deals would belong to nobody
    for ending in ("", "-wal", "-shm", data_marker.ENDING):
        Path(f"{path}{ending}").unlink(missing_ok=True)
