"""What people of a shop do, one act after another: each is a press, an answer, or something that befalls them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from keyboards.callbacks.deal_callbacks import BeginDeal, DeleteDeal, FillField, OpenDeal, OpenSection, OpenStages
from keyboards.callbacks.payment_callbacks import OpenPayments
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.callbacks.team_callbacks import DismissMember
from keyboards.callbacks.visit_callbacks import ReportCannotCome, ReportLate
from models.ids import DealId, TaskId
from services.visits import absences
from tests.walk import beginnings
from tests.walk.crew import MANAGEMENT, SALES, Crew, avoided
from tests.walk.phones import Message, Told
from tests.walk.shop import some

CURES = ("v1:fill:", "v1:pay", "v1:cure:", "v1:on_day:", "v1:robot:", "v1:task:")
DRIVES_OUT = ("installer", "measurer")


@dataclass
class Step:
    """What was pressed, and what followed at once: for whoever judges it. `drawn_open`: the stage that a button drawn
    as open said the deal would go to."""

    deal: int | None = None
    before: Any = None
    drawn_open: str | None = None
    asked: bool = False
    news: list[Told] = field(default_factory=list)


class People(Crew):
    """Everybody of the shop, acting by chance."""

    # --- acts

    async def lead_comes(self, rnd: random.Random) -> None:
        """Somebody of sales enters a new lead or deal by hand."""
        chat_id = some(rnd, await self.of_roles("manager") or await self.of_roles(*SALES))
        processes = self.shop.app.company.processes
        lines = [
            (name, key)
            for name, one in processes.items()
            for key, line in one.pipelines.items()
            if line.new is not None and line.kind != "practice"
        ]
        process, pipeline = some(rnd, lines)
        self.note(f"{chat_id} begins a deal in {pipeline}")
        await self.shop.say(chat_id, "/start")
        message = await self.newest(chat_id)
        if message is not None:
            await self.shop.press(chat_id, message, BeginDeal(process, pipeline).pack())
            await self.see_through(rnd, chat_id)

    async def has_begun(self, rnd: random.Random) -> None:
        """A deal that somebody has led half its way before."""
        where = beginnings.place(rnd, self.shop.app.company.processes)
        staff = await self.shop.staff()
        whose = some(rnd, [one for one in staff.values() if one.role == "manager"])
        if where is not None and whose is not None:
            self.begun += 1
            self.note(f"{whose.name} has a deal on {'.'.join(where)}")
            await self.shop.work(lambda work: beginnings.begin(work, where, whose, self.begun), whose)
            await self.shop.tick()

    async def moves(self, rnd: random.Random) -> Step | None:
        """Somebody opens the stages of a deal and presses one that is drawn as open, or now and then a shut one."""
        deal = some(rnd, await self.deals(closed=rnd.randrange(6) == 0))
        chat_id = await self.leader(rnd, deal) if deal else None
        message = await self.newest(chat_id) if chat_id else None
        if deal is None or chat_id is None or message is None:
            return None
        await self.shop.press(chat_id, message, OpenStages(DealId(deal.id)).pack())
        shown = [one for one in message.buttons if one[1].startswith("v1:move:")]
        if not shown:
            return None
        shown = [one for one in shown if one[0].startswith("✔")] if rnd.randrange(3) else shown
        label, data = some(rnd, shown or message.buttons)
        self.note(f"{chat_id} moves № {deal.number} ({deal.stage}): {label}")
        self.counts[f"press {deal.pipeline}.{deal.stage} {label}"] += 1
        drawn = data.split(":")[-1] if label.startswith("✔") and data.startswith("v1:move:") else None
        news = await self.shop.press(chat_id, message, data)
        asked = await self.shop.draft(chat_id) is not None
        if not asked and drawn is None:
            await self._does_what_is_missing(rnd, chat_id, message)
        step = Step(deal.id, deal, drawn, asked, news)
        await self.see_through(rnd, chat_id)
        return step

    async def _does_what_is_missing(self, rnd: random.Random, chat_id: int, message: Message) -> None:
        """The step was shut, and its screen says what to do first: most people do it."""
        ways = [one for one in message.buttons if one[1].startswith(CURES) and not avoided(one[0])]
        chosen = some(rnd, ways)
        if chosen is not None and rnd.randrange(4):
            self.note(f"{chat_id} does what was missing: {chosen[0]}")
            await self.shop.press(chat_id, message, chosen[1])
            await self.see_through(rnd, chat_id)
            if chosen[1].startswith("v1:task:"):
                await self._does_task(rnd, chat_id, message, "?")

    async def works_on_task(self, rnd: random.Random) -> None:
        """Whoever has a task opens it, ticks its lines, and presses an outcome."""
        found = await self.tasks()
        task = some(rnd, found[:6] if rnd.randrange(3) else found)
        if task is None:
            return
        staff = await self.shop.staff()
        whose = [key for key, one in staff.items() if one.id == task.assignee_id or (
            task.assignee_id is None and one.role == task.role)]  # fmt: skip
        chat_id = some(rnd, whose or await self.of_roles("supervisor"))
        message = await self.newest(chat_id) if chat_id else None
        if chat_id is None or message is None:
            return
        self.note(f"{chat_id} works on «{task.title}» of deal {task.deal_id}")
        await self.shop.press(chat_id, message, OpenTask(TaskId(task.id)).pack())
        await self._does_task(rnd, chat_id, message, task.name)

    async def _does_task(self, rnd: random.Random, chat_id: int, message: Message, name: str) -> None:
        """Tick its lines, one after another, and end it; some stop half-way."""
        for _ in range(rnd.choice((1, 3, 5, 8))):
            ticks = [one for one in message.buttons if one[1].startswith("v1:tick:") and not one[0].startswith("☑")]
            ends = [one for one in message.buttons if one[1].startswith("v1:outcome:")]
            chosen = some(rnd, ticks if ticks and rnd.randrange(5) else ends or message.buttons)
            if chosen is None or avoided(chosen[0]):
                return
            self.counts[f"task {name}: {chosen[0][:40]}"] += 1
            await self.shop.press(chat_id, message, chosen[1])
            await self.see_through(rnd, chat_id)
            if chosen in ends:
                return

    async def changes_a_field(self, rnd: random.Random) -> None:
        """A fact of a deal changes: whatever its card offers to fill in."""
        deal = some(rnd, await self.deals(closed=rnd.randrange(8) == 0))
        chat_id = await self.leader(rnd, deal) if deal else None
        message = await self.newest(chat_id) if chat_id else None
        if deal is None or chat_id is None or message is None:
            return
        process = self.shop.app.company.processes[deal.process]
        section = some(rnd, list(process.sections))
        await self.shop.press(chat_id, message, OpenSection(DealId(deal.id), section).pack())
        fills = [one for one in message.buttons if one[1].startswith("v1:fill:")]
        chosen = some(rnd, fills)
        if chosen is not None:
            self.note(f"{chat_id} changes «{chosen[0]}» of № {deal.number}")
            await self.shop.press(chat_id, message, chosen[1])
            await self.see_through(rnd, chat_id)

    async def handles_money(self, rnd: random.Random) -> None:
        """Money comes, is taken back, is given back: whatever the page «Оплата» offers."""
        deals = [
            one for one in await self.deals(closed=rnd.randrange(4) == 0)
            if self.shop.app.company.processes[one.process].payments is not None and one.kind == "deal"
        ]  # fmt: skip
        deal = some(rnd, deals)
        chat_id = await self.leader(rnd, deal) if deal else None
        message = await self.newest(chat_id) if chat_id else None
        if deal is None or chat_id is None or message is None:
            return
        await self.shop.press(chat_id, message, OpenPayments(DealId(deal.id)).pack())
        for _ in range(3):
            chosen = some(rnd, [one for one in message.buttons if one[1].startswith("v1:pay")])
            if chosen is None:
                return
            self.note(f"{chat_id} presses «{chosen[0]}» on the payments of № {deal.number}")
            await self.shop.press(chat_id, message, chosen[1])
            if await self.shop.draft(chat_id) is not None:
                await self.see_through(rnd, chat_id)
                return

    async def reports_a_visit(self, rnd: random.Random) -> None:
        """Whoever is to come cannot, or will be late."""
        staff = await self.shop.staff()
        drivers = {one.id for one in staff.values() if one.role in DRIVES_OUT}
        task = some(rnd, [one for one in await self.tasks() if one.assignee_id in drivers])
        chat_id = next((key for key, one in staff.items() if task is not None and one.id == task.assignee_id), None)
        message = await self.newest(chat_id) if chat_id else None
        if task is None or chat_id is None or message is None:
            return
        cannot = rnd.randrange(2)
        self.note(f"{chat_id} {'cannot come' if cannot else 'is late'} to deal {task.deal_id}")
        press = ReportCannotCome(TaskId(task.id)) if cannot else ReportLate(TaskId(task.id), rnd.choice((15, 30, 0)))
        await self.shop.press(chat_id, message, press.pack())
        await self.see_through(rnd, chat_id)

    async def changes_a_visit(self, rnd: random.Random) -> None:
        """The visit of a deal goes to another day, hour or person, or is taken off the card."""
        deal = some(rnd, await self.deals())
        chat_id = await self.leader(rnd, deal) if deal else None
        message = await self.newest(chat_id) if chat_id else None
        if deal is None or chat_id is None or message is None:
            return
        name = some(rnd, sorted(self.shop.app.company.processes[deal.process].faces))
        if name is not None:
            self.note(f"{chat_id} changes the visit's {name} of № {deal.number}")
            await self.shop.press(chat_id, message, FillField(DealId(deal.id), name).pack())
            await self.see_through(rnd, chat_id)

    async def two_at_once(self, rnd: random.Random) -> None:
        """Two people press the same way on of a deal at the same moment; or one of them presses twice."""
        deal = some(rnd, await self.deals())
        both = [await self.leader(rnd, deal), some(rnd, await self.of_roles(*SALES))] if deal else []
        messages = [await self.newest(one) for one in both if one is not None]
        if len(messages) < 2 or None in messages:
            return
        drawn = []
        for chat_id, message in zip(both, messages, strict=True):
            await self.shop.press(chat_id, message, OpenStages(DealId(deal.id)).pack())
            drawn.append([one[1] for one in message.buttons if one[0].startswith("✔")])
        same = [one for one in drawn[0] if one in drawn[1]]
        if same:
            self.note(f"{both} move № {deal.number} at once: {same[0]}")
            await self.shop.press_at_once([(chat, one, same[0]) for chat, one in zip(both, messages, strict=True)])
            for chat_id in set(both):
                await self.see_through(rnd, chat_id)

    async def presses_anything(self, rnd: random.Random) -> None:
        """Any button of any message that stands on somebody's phone, old ones too."""
        chat_id = some(rnd, await self.of_roles())
        message = some(rnd, [one for one in self.shop.phones.messages(chat_id) if one.buttons])
        if message is None:
            return
        label, data = some(rnd, message.buttons)
        if avoided(label):
            return
        self.note(f"{chat_id} presses «{label}» on «{message.text[:60]}»")
        await self.shop.press(chat_id, message, data)
        await self.see_through(rnd, chat_id)

    async def asks_for_files(self, rnd: random.Random) -> None:
        """Somebody sends a picture or a word out of the blue."""
        chat_id = some(rnd, await self.of_roles())
        self.note(f"{chat_id} sends a picture out of the blue")
        await self.shop.photo(chat_id)

    async def falls_ill(self, rnd: random.Random) -> None:
        """The supervisor enters a leave or an illness."""
        staff = await self.shop.staff()
        whom = some(rnd, [one for one in staff.values() if one.role not in MANAGEMENT])
        above = some(rnd, [one for one in staff.values() if one.role in MANAGEMENT])
        if whom is None or above is None:
            return
        first = self.shop.clock().date() + timedelta(days=rnd.randrange(0, 4))
        self.note(f"{whom.name} is ill from {first}")
        last = first + timedelta(days=rnd.randrange(1, 5))
        await self.shop.work(lambda work: absences.add(work, whom.id, "sick", first, last), above)
        await self.shop.tick()

    async def leaves(self, rnd: random.Random) -> None:
        """Somebody is dismissed, and another is hired in his place."""
        staff = await self.shop.staff()
        whom = some(rnd, [one for one in staff.values() if one.role not in MANAGEMENT])
        above = next((one for one in staff.values() if one.role == "owner"), None)
        if whom is None or above is None:
            return
        self.note(f"{whom.name} ({whom.role}) is dismissed")
        message = await self.newest(above.telegram_id or 0)
        if message is not None:
            await self.shop.press(above.telegram_id or 0, message, DismissMember(whom.id).pack())
        if rnd.randrange(3):
            await self.shop.hire("Новый Сотрудник", whom.role)

    async def deletes(self, rnd: random.Random) -> None:
        """A deal is taken away."""
        deal = some(rnd, await self.deals())
        chat_id = some(rnd, await self.of_roles(*MANAGEMENT))
        message = await self.newest(chat_id)
        if deal is None or message is None:
            return
        self.note(f"№ {deal.number} is deleted")
        await self.shop.press(chat_id, message, DeleteDeal(DealId(deal.id), "y").pack())

    async def opens(self, rnd: random.Random) -> None:
        """Somebody looks at a deal."""
        deal = some(rnd, await self.deals(closed=True))
        chat_id = some(rnd, await self.of_roles(*SALES))
        message = await self.newest(chat_id)
        if deal is not None and message is not None:
            await self.shop.press(chat_id, message, OpenDeal(DealId(deal.id)).pack())
