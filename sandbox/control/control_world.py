"""Control side: the state, the clock, faults, updates, the journal, SMS and the owner's actions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.control import page_view
from sandbox.control.control import BadRequest, answer, body, cut, integer, number, optional, text
from sandbox.control.owner_actions import OwnerAction
from sandbox.world import faults
from sandbox.world.faults import Faults
from sandbox.world.journal import Journal
from sandbox.world.world import Json, Person, PhoneSms, SandboxBot, World

# A slip of the keyboard should not set millions of hours ringing.
FURTHEST = timedelta(days=3 * 366)
_STATUS = {"403": 403, "429": 429, "500": 500, "502": 502}
_TOO_FAR = "that is more than three years away"


class WorldRoutes:
    """The routes under /sandbox that are not a phone's."""

    def __init__(
        self, world: World, faults_: Faults, journal: Journal | None, zone: str, actions: Sequence[OwnerAction]
    ) -> None:
        self.world = world
        self.faults = faults_
        self.journal_book = journal
        self.zone_name, self.zone = zone, ZoneInfo(zone)
        self.actions = {action.name: action for action in actions}

    def routes(self) -> list[tuple[str, str, Any]]:
        """Method, path, handler."""
        return [
            ("GET", "/state", self.state),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.move_clock),
            ("GET", "/faults", self.list_faults),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/updates", self.inject),
            ("POST", "/updates/duplicate", self.duplicate),
            ("GET", "/journal", self.journal),
            ("GET", "/sms", self.list_sms),
            ("POST", "/sms", self.take_sms),
            ("GET", "/sms/{id}", self.sms_state),
            ("POST", "/actions/{name}", self.act),
            ("POST", "/reset", self.reset),
        ]

    async def state(self, request: web.Request) -> web.Response:
        """Everything the page needs to begin."""
        bots = [{"id": b.id, "username": b.username, "name": b.name} for b in self.world.bots]
        return answer(
            {
                **self._time(),
                "zone": self.zone_name,
                "rev": self.world.rev,
                "bot": {"username": self.world.home.username, "name": self.world.home.name},
                "bots": bots,
                "phones": [page_view.phone(self.world, person) for person in self.world.people.values()],
                "actions": [_action(action) for action in self.actions.values()],
                "faults": self.faults.as_json(),
            }
        )

    def _time(self) -> Json:
        now = self.world.clock.now()
        return {
            "now": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "local": now.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M"),
        }

    async def clock(self, request: web.Request) -> web.Response:
        """What time it is."""
        return answer(self._time())

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move it forward; answers when everything that came due has been rung."""
        given, clock = await body(request), self.world.clock
        if "advance" in given:
            seconds = number(given, "advance")
            if not abs(seconds) <= FURTHEST.total_seconds():
                raise BadRequest(_TOO_FAR)
            await clock.advance(timedelta(seconds=seconds))
            return answer(self._time())
        if "to" in given:
            moment = self._moment(text(given, "to"))
        elif "next" in given:
            moment = self._next(text(given, "next"))
        else:
            raise BadRequest('say {"advance": seconds}, {"to": moment} or {"next": "10:45"}')
        if moment - clock.now() > FURTHEST:
            raise BadRequest(_TOO_FAR)
        await clock.move_to(moment)
        return answer(self._time())

    def _moment(self, written: str) -> datetime:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            raise BadRequest(f"cannot read the moment {written!r}") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _next(self, written: str) -> datetime:
        """The next time the clocks of the zone show `written`, strictly later than now."""
        try:
            wanted = datetime.strptime(written, "%H:%M").time()  # noqa: DTZ007 — a time of day only
        except ValueError:
            raise BadRequest(f"cannot read the time {written!r}; write it like 10:45") from None
        now = self.world.clock.now()
        day = now.astimezone(self.zone).date()
        moment = datetime.combine(day, wanted, self.zone)
        return moment if moment > now else datetime.combine(day + timedelta(days=1), wanted, self.zone)

    async def list_faults(self, request: web.Request) -> web.Response:
        """The rules in force."""
        return answer({"faults": self.faults.as_json()})

    async def add_fault(self, request: web.Request) -> web.Response:
        """One more rule."""
        given = await body(request)
        methods = given.get("methods")
        if methods is not None and not (isinstance(methods, list) and all(isinstance(m, str) for m in methods)):
            raise BadRequest("methods must be a list of names, or null")
        self.faults.add(
            str(given.get("kind")),
            methods,
            chat=None if given.get("chat") is None else integer(given, "chat"),
            times=integer(given, "times", 1),
            retry_after=integer(given, "retry_after", 1),
            seconds=number(given, "seconds") if "seconds" in given else 1.0,
        )
        self.world.publish("state", None)
        return answer({"ok": True, "faults": self.faults.as_json()})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """No more misbehaviour."""
        self.faults.clear()
        self.world.publish("state", None)
        return answer({"ok": True})

    async def inject(self, request: web.Request) -> web.Response:
        """Queue a raw update as is."""
        update = (await body(request)).get("update")
        if not isinstance(update, dict):
            raise BadRequest("update must be a JSON object")
        return answer({"ok": True, "update_id": self._bot(request).queue.inject(update)})

    async def duplicate(self, request: web.Request) -> web.Response:
        """Queue the last update once more, with its old id."""
        number = self._bot(request).queue.duplicate()
        if number is None:
            raise BadRequest("there has been no update yet", 409)
        return answer({"ok": True, "update_id": number})

    def _bot(self, request: web.Request) -> SandboxBot:
        wanted = request.query.get("bot")
        for bot in self.world.bots:
            if wanted is None or str(bot.id) == wanted:
                return bot
        raise BadRequest(f"there is no bot {wanted}", 404)

    async def journal(self, request: web.Request) -> web.Response:
        """The calls of the Bot API, or those after number `after`."""
        if self.journal_book is None:
            raise BadRequest("this sandbox keeps no journal", 409)
        return answer({"calls": self.journal_book.since(integer(dict(request.query), "after", 0))})

    async def list_sms(self, request: web.Request) -> web.Response:
        """Every SMS sent."""
        shown = [{"n": s.id, "id": s.key, "to": s.to, "text": s.text, "date": s.date} for s in self.world.sms]
        return answer({"sms": shown})

    async def take_sms(self, request: web.Request) -> web.StreamResponse:
        """An SMS gateway. A repeated `id` is taken once, so that a sender may try again.

        A fault whose `methods` name «sms» hits it: 403 refuses, 429 and 500 put off, drop_after loses the answer.
        """
        fault = self.faults.take("sms", None)
        if fault is not None and fault.kind == "drop":
            return cut(request)
        if fault is not None and fault.kind in _STATUS:
            return answer({"error": "sandbox fault"}, _STATUS[fault.kind])
        if fault is not None and fault.kind == "slow":
            await faults.apply(fault)
        taken = await self._take(request)
        return cut(request) if fault is not None and fault.kind == "drop_after" else taken

    async def sms_state(self, request: web.Request) -> web.Response:
        """What became of a message: what has come to the phone is delivered."""
        wanted = request.match_info["id"]
        if not any(sms.key == wanted for sms in self.world.sms):
            raise BadRequest("there is no such message", 404)
        return answer({"id": wanted, "state": "delivered"})

    async def _take(self, request: web.Request) -> web.Response:
        given = await body(request)
        to, words, key = text(given, "to"), text(given, "text"), optional(given, "id")
        if sum(c.isdecimal() for c in to) < 5:
            raise BadRequest("that is not a phone number")
        known = next((sms for sms in self.world.sms if key and sms.key == key), None)
        if known is None:
            known = self._keep_sms(to, words, key)
        return answer({"ok": True, "id": key or str(known.id)})

    def _keep_sms(self, to: str, words: str, key: str | None) -> PhoneSms:
        world = self.world
        person = world.find_sms_person(to)
        if person is None:
            fresh = Person(world.next_person(), first_name=to, title="Клиент", number=to, sms=True)
            person = world.add_person(fresh)
        number = len(world.sms) + 1
        rev = world.publish("message", person.id, message=number)
        world.sms.append(PhoneSms(number, to, words, world.date(), rev, key))
        world.chat(person).unread += 1
        return world.sms[-1]

    async def act(self, request: web.Request) -> web.Response:
        """Press one of the owner's buttons."""
        action = self.actions.get(request.match_info["name"])
        if action is None:
            raise BadRequest("there is no such action", 404)
        given = await body(request)
        known = {field.name: field.value for field in action.fields}
        if unknown := given.keys() - known.keys():
            raise BadRequest(f"this action has no field {min(unknown)!r}")
        return answer({"ok": True, "text": await action.run({**known, **{k: str(v) for k, v in given.items()}})})

    async def reset(self, request: web.Request) -> web.Response:
        """Forget chats, messages, SMS, pending updates, faults and the journal."""
        self.world.reset()
        self.faults.clear()
        if self.journal_book is not None:
            self.journal_book.clear()
        return answer({"ok": True})


def _action(action: OwnerAction) -> Json:
    fields = [{"name": f.name, "title": f.title, "placeholder": f.placeholder, "value": f.value} for f in action.fields]
    return {"name": action.name, "title": action.title, "fields": fields}
