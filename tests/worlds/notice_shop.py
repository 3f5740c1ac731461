"""A small shop for tests of who is told what, and when: tasks and messages for a role, a person, a booked visit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.entities import Deal, Employee
from models.outbox import Scheduled
from models.process import checks, parse
from models.process.process import Process
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.values.visit_slot import VisitSlot
from models.values.work_calendar import WorkCalendar
from services.deals import deal_commands
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import ZONE, Office, hire, open_office
from tests.worlds.outbox import notices, text_of

TEXT = """
process: shop
title: Мастерская
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: Тишина}
sections: {about: {title: О сделке}}
fields:
  name: {title: Имя, type: text, section: about}
  phone: {title: Телефон, type: phone, section: about}
  note: {title: Заметка, type: text, section: about}
  fitter: {title: Монтажник, type: person, role: installer, section: about}
  visit: {title: Выезд, type: booking, role: installer, takes: 2h, travel: 1h, section: about}
  ready_at: {title: Готовность, type: datetime, section: about}
pipelines:
  general:
    title: Общее
    new: {button: Новая, ask: [name, phone], title: "{name}"}
    stages:
      start:
        title: Начало
        tasks:
          call: {title: Позвонить, due: {after: 1d}}
          plan: {title: Спланировать, to: technologist, due: {after: 1d}}
        robots:
          - {on: {filled: note}, notify: responsible, text: Ответственному}
          - {on: {filled: note}, notify: technologist, text: Технологу}
          - {on: {filled: note}, notify: fitter, text: Монтажнику}
          - {on: {filled: note}, notify: visit, text: Кто едет}
          - {on: {stuck: 1d}, notify: responsible, text: Стоит}
        next: [work, waiting]
      work:
        title: Работа
        tasks:
          fit: {title: Подогнать, to: fitter, due: {after: 1d}}
          drive: {title: Съездить, to: visit, due: {after: 3d}}
          check: {title: Проверить, due: {on: ready_at}}
        robots:
          - {on: {at: ready_at}, escalate: supervisor, text: Срок вышел}
        next: [waiting, won]
      waiting:
        title: Ждём
        tasks:
          ring: {title: Позвонить снова, list: Обзвон, due: {after: 3d}}
      won: {title: Успех, ending: won}
      lost: {title: Отказ, ending: lost, from_any: true}
  school:
    title: Обучение
    kind: practice
    new: {button: Начать, ask: [name, phone], title: "{name}"}
    stages:
      start: {title: Начало, tasks: {call: {title: Позвонить, due: {after: 1d}}}, next: [work]}
      work: {title: Работа, tasks: {fit: {title: Подогнать, to: fitter, due: {after: 1d}}}}
      won: {title: Успех, ending: won}
      lost: {title: Отказ, ending: lost, from_any: true}
"""
MORNING = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # Saturday, 9:00 in Moscow: the company opens
HOUR = timedelta(hours=1)


def shop() -> Process:
    """The process, sound by every check."""
    process, problems, lines = parse.read(TEXT, "shop.yaml")
    assert process is not None, problems
    found = checks.find_problems(process, "shop.yaml", lines)
    assert not found, "\n".join(map(str, found))
    return process


COMPANY = Company({"shop": shop()}, WorkCalendar(ZONE))


async def open_shop(database: Any) -> Office:
    """The office's people and a technologist; it is Friday noon, and the company works every day from 9 to 21."""
    office = await open_office(database)
    office.company = COMPANY
    office.staff["technologist"] = await hire(office, "technologist", 1010, "Тимур")
    return office


async def begin(
    office: Office, who: str | Employee | None = "manager", pipeline: str = "general", of: str | None = "manager",
    **values: Any,
) -> Deal:  # fmt: skip
    """A new deal that somebody begins for the employee `of`; nobody's if that is None."""
    told = {"name": "Мария Иванова", "phone": "+79123456789", **values}
    responsible = office.staff[of].id if of else None
    process = COMPANY.processes["shop"]
    return await office.run(
        lambda work: deal_commands.begin(work, process, pipeline, told, responsible_id=responsible), who
    )


async def move(office: Office, deal: Deal, to: str, who: str | Employee = "manager") -> Deal:
    return await office.run(lambda work: deal_commands.move(work, deal.id, None, to), who)


async def fill(office: Office, deal: Deal, who: str | Employee = "manager", **values: Any) -> Deal:
    return await office.run(lambda work: deal_commands.fill(work, deal.id, values), who)


def visit_of(who: Employee, starts_at: datetime) -> VisitSlot:
    return VisitSlot(who.id, starts_at, starts_at + 2 * HOUR)


class News:
    """What was put on the schedule to be told, since one has last looked."""

    def __init__(self, office: Office) -> None:
        self._office, self._seen = office, 0

    async def rows(self) -> list[Scheduled]:
        rows = await self._office.run(lambda work: notices(work, ScheduledRow.id > self._seen))
        self._seen = max((row.id for row in rows), default=self._seen)
        return rows

    async def told(self, kind: str | None = None) -> list[tuple[str, str]]:
        """(To whom, what) in the order of the schedule: the text, or for a task its kind."""
        names = await self._office.run(_names)
        rows = await self.rows()
        return [
            (names[row.reader_id], text_of(row) or row.notice.kind) for row in rows if kind in (None, row.notice.kind)
        ]


def _names(work: UnitOfWork) -> dict[int, str]:
    return {row.id: row.name for row in work.tx.execute(select(EmployeeRow.id, EmployeeRow.name))}
