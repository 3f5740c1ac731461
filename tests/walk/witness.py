"""Listens at the door: each message that goes out is held against the tables at the moment at which it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from models import statements
from models.outbox import DeliveryState
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.tables.sms import SmsRow
from services.unit_of_work import UnitOfWork
from tests.walk import claims, facts, numbers, words
from tests.walk.numbers import Known
from tests.walk.phones import Message

OFFERS = "Ближайшие свободные окна"
ELSE = "👥 Уже есть"
LEFT = ("sent", "delivered")


class Witness:
    """What was untrue so far, and what each message that is on its way may say."""

    def __init__(self) -> None:
        self.untrue: list[str] = []
        self._known: dict[int, Known] = {}
        self._heard: set[tuple[int, int]] = set()
        self._texted: set[int] = set()

    def hear(self, work: UnitOfWork, chat_id: int) -> None:
        """Something goes to this chat now: the claims of what is on its way there."""
        on_its_way = select(ScheduledRow).join(EmployeeRow, EmployeeRow.id == ScheduledRow.employee_id).where(
            EmployeeRow.telegram_id == chat_id, ScheduledRow.delivery_state == DeliveryState.SENDING,
            ScheduledRow.kind.in_(("notice", "list")),
        )  # fmt: skip
        for row in work.tx.execute(on_its_way).all():
            if (row.id, row.tries) in self._heard:
                continue
            self._heard.add((row.id, row.tries))
            kind = (row.payload or {}).get("kind") or row.kind
            for line in claims.untrue(work, row.deal_id, row.employee_id, row.said):
                self.untrue.append(f"notice {kind} ({row.rule}) to employee {row.employee_id} {line}")
            self._known[row.id] = numbers.known(
                work, facts.of(work, row.deal_id), [row.payload, row.envelope], statements.read(row.said)
            )

    def read(self, work: UnitOfWork, message: Message) -> None:
        """A message has come: its words of time and its numbers. Free windows that it offers are none of them."""
        self.untrue += _of_others(work, message.text)
        message = replace(message, text=_own(message.text.split(OFFERS)[0]))
        self.untrue += words.untrue(work, message)
        rows = [row.id for row in work.tx.execute(select(ScheduledRow).where(ScheduledRow.message_id == message.id))]
        told = [self._known[one] for one in rows if one in self._known]
        if told:
            for number in numbers.unborne(message.text, numbers.together(told), len(rows)):
                self.untrue.append(f"the number {number!r} is nothing of its deal: {message.text[:400]!r}")

    def read_sms(self, work: UnitOfWork) -> None:
        """What has gone to clients since."""
        for row in work.tx.execute(select(SmsRow).where(SmsRow.state.in_(LEFT), SmsRow.id.not_in(self._texted))).all():
            self._texted.add(row.id)
            deal = facts.of(work, row.deal_id)
            for line in claims.untrue(work, row.deal_id, None, row.said):
                self.untrue.append(f"SMS {row.id} ({row.rule}) «{row.text}» {line}")
            may = numbers.known(work, deal, (), statements.read(row.said))
            for number in numbers.unborne(row.text, may, 1):
                self.untrue.append(f"SMS {row.id}: the number {number!r} is nothing of its deal: {row.text!r}")


def _own(text: str) -> str:
    """What the bot says of the deal: not the client's own words, nor what else is open of his number."""
    return "\n".join(one for one in text.split("\n") if not one.startswith(("«", ELSE)))


def _of_others(work: UnitOfWork, text: str) -> Iterator[str]:
    """«Уже есть: № 2026-0031, ведёт Павел Ким»: it is open, and his."""
    for one in (part for part in text.split("\n") if part.startswith(ELSE)):
        number = one.split("№ ")[1].split(",")[0]
        wanted = select(DealRow.status, EmployeeRow.name).outerjoin(
            EmployeeRow, EmployeeRow.id == DealRow.responsible_id
        )
        row = work.tx.execute(wanted.where(DealRow.number == number)).one_or_none()
        if row is None or row.status != "open" or (row.name or "пока ничья") not in one:
            yield f"«{one}» is not so: {row}"
