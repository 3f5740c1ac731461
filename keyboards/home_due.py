"""What home tells a person to do now: what is late, what is due today by the hour; a number opens each (day 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.task_callbacks import OpenJob, OpenTask
from keyboards.near_time import clock, cut, near
from keyboards.screen import EMPTY, Button, Line, bold, line
from keyboards.translator import Translator
from models.ids import DealId, TaskId
from models.values.product_text import ProductText, StoredTitle

LABEL = 30  # characters of a button that a phone shows
LINE = 64  # characters of a line: two rows of a phone


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something that is to be done: when, for whom, what. A visit for which no job has been given yet has no `id`, its
    deal is opened. `place`: where one has to be; `waits`: he has not said yet that he comes."""

    id: TaskId | None
    title: StoredTitle | ProductText
    about: str
    at: datetime
    place: str = ""
    waits: bool = False
    deal_id: DealId | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What is late and what is due today: the first of each, and how many there are; `ahead`, what is next if there is
    neither. `visits`: of who drives out, how many clients he goes to today; None for everybody else."""

    now: datetime
    late: Sequence[DueLine] = ()
    today: Sequence[DueLine] = ()
    late_n: int = 0
    today_n: int = 0
    ahead: DueLine | None = None
    visits: int | None = None

    @property
    def every(self) -> tuple[DueLine, ...]:
        """All that is told of, in the order of its numbers."""
        return (*self.late, *self.today, *([self.ahead] if self.ahead is not None else []))


def lines(due: Due, t: Translator) -> list[Line]:
    """Numbered through, as their buttons are."""
    told = [_told(place, one, due, t) for place, one in enumerate(due.every, start=1)]
    out: list[Line] = []
    if due.late:
        out += [line("⏰ ", bold(t("Опоздало {n}", n=due.late_n))), *told[: len(due.late)]]
    if due.visits is not None:
        out.append(line("📅 ", bold(t.plural("Сегодня {n} выезд", "Сегодня {n} выездов", due.visits))))
    elif due.today:
        out.append(line("📅 ", bold(t("Сегодня {n}", n=due.today_n))))
    if due.ahead is not None:
        out.append(line("⏭ ", bold(t("Дальше"))))
    out += told[len(due.late) :]
    return [EMPTY, *out] if out else []


def _told(place: int, one: DueLine, due: Due, t: Translator) -> Line:
    """«2. 11:00 · Зуева — подтвердить дату»; of another day with it."""
    when = clock(one.at, t) if one in due.today else near(one.at, due.now, t)
    said = f"{when} · {one.about} — {one.place or t.title(one.title)}"
    return line(f"{place}. ", cut(said, LINE), " ⏳" if one.waits else "")


def numbers(due: Due, t: Translator) -> list[list[Button]]:
    """A tap on a number opens what stands under it. Who has gloves on has a row for each, with the hour and the name;
    so has what stands alone."""
    made = [(place, one, _opens(due, one)) for place, one in enumerate(due.every, start=1)]
    if due.visits is None and len(made) > 1:
        return [[buttons.button(str(place), press) for place, _, press in made]]
    hours = [f"{clock(one.at, t)} · " if one in due.today else "" for _, one, _ in made]
    return [
        [buttons.button(cut(f"{place}. {hour}{one.about}", LABEL), press)]
        for (place, one, press), hour in zip(made, hours, strict=True)
    ]


def _opens(due: Due, one: DueLine) -> CallbackData:
    if one.id is None:
        return OpenDeal(one.deal_id or DealId(0))
    return OpenTask(one.id) if due.visits is None else OpenJob(one.id)
