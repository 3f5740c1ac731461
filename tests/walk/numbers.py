"""Whether the numbers in a message are numbers of its deals: hours, days, sums, counts, and every other one.

What may be said is taken down when the message leaves (`Known`); its text is held against that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import statements as s
from models.fields import codec
from models.tables.clients import ClientRow
from models.tables.people import AbsenceRow, EmployeeRow
from services.unit_of_work import UnitOfWork
from tests.walk import facts
from tests.walk.facts import DealFacts

MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
          "декабря")  # fmt: skip
HOUR = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)")
DAY = re.compile(r"(?<!\d)(\d{1,2})\s(" + "|".join(MONTHS) + r")(?:\s\d{4})?")
DOTTED = re.compile(r"(?<!\d)(\d\d)\.(\d\d)(?:\.\d{4})?(?!\d)")
SUM = re.compile(r"(\d[\d\s]*(?:,\d\d)?)\s?₽")
SPAN = re.compile(r"(?<!\d)(\d{1,2}) (мин|час)[а-я]*")
UNITS = {"мин": "minutes", "час": "hours"}
NEARLY = {"minutes": timedelta(minutes=5), "hours": timedelta(minutes=35)}
LONGEST = 30  # of a list that a message holds
PHONE = re.compile(r"\+7 \d{3} \d{3}-\d\d-\d\d")
DIGITS = re.compile(r"\d+")
QUOTED = re.compile(r"«[^»]*»")
PLACE_IN_LIST = re.compile(r"^(?:🔁 )?\d+\. ", re.MULTILINE)


@dataclass
class Known:
    """What a message may say: hours as minutes of a day, days as (day, month), sums in kopecks, further digits, what
    people have written, and how far from now what is known lies."""

    hours: set[int] = field(default_factory=set)
    days: set[tuple[int, int]] = field(default_factory=set)
    sums: set[int] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    spans: set[timedelta] = field(default_factory=set)

    def learn(self, work: UnitOfWork, value: Any) -> None:
        """A value of the tables, of whatever kind."""
        match value:
            case datetime():
                local = work.company.calendar.local(value)
                self.hours.add(local.hour * 60 + local.minute)
                self.days.add((local.day, local.month))
                self.spans.add(value - work.now)
            case date():
                self.days.add((value.day, value.month))
            case bool() | None:
                pass
            case int() | Decimal():
                self.sums.add(int(value * 100))
                self.digits.add(str(abs(int(value))))
            case dict():
                for one in value.values():
                    self.learn(work, one)
            case list() | tuple():
                for one in value:
                    self.learn(work, one)
            case _:
                self.digits |= set(DIGITS.findall(str(value)))
                self.hours |= {int(one[1]) * 60 + int(one[2]) for one in HOUR.finditer(str(value))}
                self._learn_moment(work, str(value))

    def _learn_moment(self, work: UnitOfWork, text: str) -> None:
        """A moment or a day in ISO form, as a payload has it."""
        if re.match(r"\d{4}-\d\d-\d\d", text):
            at = datetime.fromisoformat(text)
            self.learn(work, at if at.tzinfo else at.date())

    def join(self, other: Known) -> None:
        """What both know."""
        self.hours |= other.hours
        self.days |= other.days
        self.sums |= other.sums
        self.digits |= other.digits
        self.words |= other.words
        self.spans |= other.spans

    def bears(self, number: str, unit: str) -> bool:
        """Whether so many minutes or hours lie between now and something that is known."""
        wanted = timedelta(**{unit: int(number)})
        return any(abs(abs(one) - wanted) <= NEARLY[unit] for one in self.spans)


def known(work: UnitOfWork, deal: DealFacts | None, payload: Any, said: tuple[s.Statement, ...]) -> Known:
    """What a message of this deal, with this content and these claims, may say now."""
    found = Known()
    found.learn(work, payload)
    found.words |= {one for part in payload for one in (part or {}).values() if isinstance(one, str)}
    for one in said:
        found.learn(work, one.to_data())
        if isinstance(one, s.SumSaid):
            found.sums.add(int(one.amount * 100))
    for row in work.tx.execute(select(EmployeeRow.name, EmployeeRow.phone)):
        found.learn(work, list(row))
    for row in work.tx.execute(select(AbsenceRow.first_on, AbsenceRow.last_on)):
        found.learn(work, list(row))
    found.learn(work, work.now)
    for one_deal in [deal] if deal is not None else facts.every(work):
        _learn_deal(work, one_deal, found)
    if deal is None:  # a list of what hangs on somebody
        found.digits |= {str(n) for n in range(LONGEST)}
    return found


def _learn_deal(work: UnitOfWork, deal: DealFacts, found: Known) -> None:
    for value in (*deal.moments(work), *deal.fields.values(), deal.deal.number, deal.deal.title):
        found.learn(work, value)
    found.words |= {one for one in (*deal.fields.values(), deal.deal.title) if isinstance(one, str)}
    client = work.tx.execute(select(ClientRow.name).where(ClientRow.id == deal.deal.client_id)).scalar_one_or_none()
    if client is not None:
        found.words.add(client)
        found.learn(work, client)
    for row in deal.visits:
        found.learn(work, row.ends_at)
    for task in deal.tasks:
        found.learn(work, [task.title, task.description])
    for request in deal.asked:  # what somebody above is asked to allow
        found.learn(work, [*codec.decode(deal.process.fields, request.fields).values(), request.why])
        found.words.add(request.why)
    for line in deal.lines:
        found.sums.add(abs(line.amount))
    found.sums.add(sum(line.amount for line in deal.lines))  # of a deal that is lost, the money of every account
    for paper in deal.papers:
        found.learn(work, list(paper))
    for sms in deal.sms:
        found.learn(work, [sms.text, sms.phone])
    paid, total = deal.paid(), deal.total()
    found.learn(work, [paid, *([total, total - paid, paid - total] if isinstance(total, Decimal) else [])])
    stage = deal.process.find_stage(deal.deal.pipeline, deal.deal.stage)
    found.learn(work, [stage.title if stage else None, stage.hint if stage else None])
    order = deal.process.order(deal.deal.pipeline)
    found.learn(work, [str(n) for n in range(len(order) + 1)])


def unborne(text: str, what: Known, rows: int) -> Iterator[str]:
    """Each number that nothing bears out. `rows`: how many messages this one stands for; a digest says how many."""
    text = QUOTED.sub("", PLACE_IN_LIST.sub("", text))
    head = re.match(r"🗂 Для вас (\d+)", text)
    if head is not None:
        if int(head[1]) != rows:
            yield f"{head[0]}: they are {rows}"
        text = text[head.end() :]
    for written in sorted(what.words, key=len, reverse=True):
        text = text.replace(written, " ") if len(written) > 3 and any(map(str.isdigit, written)) else text
    text, said = _taken(SPAN, text)
    yield from (one[0] for one in said if one[1] not in what.digits and not what.bears(one[1], UNITS[one[2]]))
    text, said = _taken(HOUR, text)
    yield from (one[0] for one in said if int(one[1]) * 60 + int(one[2]) not in what.hours)
    text, said = _taken(DAY, text)
    yield from (one[0] for one in said if (int(one[1]), MONTHS.index(one[2]) + 1) not in what.days)
    text, said = _taken(DOTTED, text)
    yield from (one[0] for one in said if (int(one[1]), int(one[2])) not in what.days)
    text, said = _taken(SUM, text)
    yield from (one[0] for one in said if _kopecks(one[1]) not in what.sums)
    text, said = _taken(PHONE, text)
    yield from (one[0] for one in said if re.sub(r"\D", "", one[0]) not in what.digits)
    yield from (one for one in DIGITS.findall(text) if one not in what.digits)


def _taken(form: re.Pattern[str], text: str) -> tuple[str, list[re.Match[str]]]:
    return form.sub(" ", text), list(form.finditer(text))


def _kopecks(text: str) -> int:
    whole, _, part = re.sub(r"\s", "", text).partition(",")
    return int(whole) * 100 + int(part or 0)


def together(every: Iterable[Known]) -> Known:
    """What a digest may say."""
    found = Known()
    for one in every:
        found.join(one)
    return found
