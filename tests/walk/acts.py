"""What people of a shop do, one act after another: each is a press, an answer, or something that befalls them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from keyboards.callbacks.deal_callbacks import BeginDeal, DeleteDeal, OpenDeal, OpenSection, OpenStages
from keyboards.callbacks.payment_callbacks import OpenPayments
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.callbacks.team_callbacks import DismissMember
from models.ids import DealId, TaskId
from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from services.visits import absences
from tests.walk import answers, beginnings
from tests.walk.phones import Message, Told
from tests.walk.shop import WalkShop, some

MANAGEMENT = ("owner", "supervisor")
SALES = ("manager", "supervisor", "owner")
LONGEST_FORM = 14
AWAY = ("⚙", "Отмена", "Домой", "🏠", "Язык", "English", "Команда", "Удалить", "Уволить")  # not what is tried here


@dataclass
class Step:
    """What was pressed, and what followed at once: for whoever judges it. `drawn_open`: the stage that a button drawn
    as open said the deal would go to."""

    deal: int | None = None
    before: Any = None
    drawn_open: str | None = None
    asked: bool = False
    news: list[Told] = field(default_factory=list)


@dataclass
class People:
    """Everybody of the shop, acting by chance."""

    shop: WalkShop
    counts: Counter[str] = field(default_factory=Counter)
    diary: list[str] = field(default_factory=list)
    begun: int = 0

    def note(self, what: str) -> None:
        """For whoever reads what happened before a failure."""
        self.diary.append(f"{self.shop.clock():%a %d.%m %H:%M} {what}")

    # --- whom and what

    async def of_roles(self, *roles: str) -> list[int]:
        """The chats of those who work here in these roles."""
        staff = await self.shop.staff()
        return [chat for chat, one in staff.items() if not roles or one.role in roles]

    async def deals(self, *, closed: bool = False) -> list[Any]:
        """The deals there are, the open ones only unless `closed`."""
        wanted = (DealRow.deleted_at.is_(None), *(() if closed else (DealRow.status == "open",)))
        rows: list[Any] = await self.shop.work(
            lambda work: work.tx.execute(select(DealRow).where(*wanted).order_by(DealRow.id)).all()
        )
        return rows

    async def tasks(self) -> list[Any]:
        rows: list[Any] = await self.shop.work(
            lambda work: work.tx.execute(select(TaskRow).where(TaskRow.state == "open").order_by(TaskRow.due_at)).all()
        )
        return rows

    async def leader(self, rnd: random.Random, deal: Any) -> int | None:
        """Who would act on the deal: mostly its responsible, now and then somebody above."""
        staff = await self.shop.staff()
        own = [chat for chat, one in staff.items() if one.id == deal.responsible_id]
        if own and rnd.randrange(6):
            return own[0]
        return some(rnd, await self.of_roles("supervisor") or await self.of_roles("owner"))

    async def newest(self, chat_id: int) -> Message | None:
        found = self.shop.phones.messages(chat_id)
        return found[0] if found else None

    # --- answering

    async def see_through(self, rnd: random.Random, chat_id: int) -> None:
        """Answer the form that is open, question after question; some people give up half-way."""
        for _ in range(LONGEST_FORM):
            draft = await self.shop.draft(chat_id)
            if draft is None or rnd.randrange(40) == 0:
                return
            await self._answer(rnd, chat_id, draft)

    async def _answer(self, rnd: random.Random, chat_id: int, draft: Any) -> None:
        process = self.shop.app.company.processes.get(draft.process) if draft.process else None
        known = process.fields.get(draft.current) if process and draft.current else None
        message = await self._question(chat_id, draft)
        kind = known.type if known is not None else "text"
        if kind in ("file", "photo"):
            await self.shop.photo(chat_id)
            message = await self._question(chat_id, draft)
        usable = [one for one in message.buttons if not _avoided(one[0])] if message else []
        wanted = answers.BY_BUTTON if rnd.randrange(4) else ()
        confirm = [one for one in usable if one[0].startswith(("Готово", "✅", "Верно", "Да", "Так", "👍"))]
        if message and confirm and rnd.randrange(8):
            await self.shop.press(chat_id, message, confirm[0][1])
        elif message and usable and (kind in wanted or draft.step_state is not None or rnd.randrange(5) == 0):
            await self.shop.press(chat_id, message, some(rnd, usable)[1])
        else:
            await self.shop.say(chat_id, answers.typed(rnd, known))

    async def _question(self, chat_id: int, draft: Any) -> Message | None:
        fresh = await self.shop.draft(chat_id)
        key = (fresh or draft).message_id
        return self.shop.phones.chats.get(chat_id, {}).get(key) or await self.newest(chat_id)

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
        step = Step(deal.id, deal, drawn, asked, news)
        await self.see_through(rnd, chat_id)
        return step

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
        for _ in range(rnd.choice((1, 3, 5, 8))):
            ticks = [one for one in message.buttons if one[1].startswith("v1:tick:") and not one[0].startswith("☑")]
            ends = [one for one in message.buttons if one[1].startswith("v1:outcome:")]
            chosen = some(rnd, ticks if ticks and rnd.randrange(5) else ends or message.buttons)
            if chosen is None or _avoided(chosen[0]):
                return
            self.counts[f"task {task.name}: {chosen[0][:40]}"] += 1
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

    async def presses_anything(self, rnd: random.Random) -> None:
        """Any button of any message that stands on somebody's phone, old ones too."""
        chat_id = some(rnd, await self.of_roles())
        message = some(rnd, [one for one in self.shop.phones.messages(chat_id) if one.buttons])
        if message is None:
            return
        label, data = some(rnd, message.buttons)
        if _avoided(label):
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


def _avoided(label: str) -> bool:
    return any(word in label for word in AWAY)
