"""What hangs on somebody who has left or is away: one list, to be looked at and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.team_callbacks import ChooseColleague, HandOverWork, LeaveWork, ListLeftWork
from keyboards.near_time import cut
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import EMPTY, Button, Line, Rows, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.ids import EmployeeId
from models.notices.people_notices import CallsUndone, WorkGiven, WorkLeft
from models.notices.task_notices import UndoneReason
from models.values.invalid_value import N_
from models.values.product_text import ProductText

LABEL = 40
WHY: dict[UndoneReason, ProductText] = {
    "gone": N_("{name} больше не работает"),
    "role": N_("{name}: новая роль, сделки нужно передать"),
    "off": N_("{name}: выходной {days}"),
    "leave": N_("{name}: отпуск {days}"),
    "sick": N_("{name}: больничный {days}"),
}


@dataclass(frozen=True, slots=True)
class LeftLine:
    """One thing that hangs on him: how its line begins, what it says, what its button opens."""

    icon: str
    text: str
    opens: CallbackData


@dataclass(frozen=True, slots=True)
class LeftWorkView:
    """The list: the lines of a page, how many there are of each kind; `left` is why it is to be handed on, if it is."""

    person: EmployeeId
    name: str
    left: WorkLeft | None
    lines: Sequence[LeftLine]
    visits: int
    tasks: int
    deals: int
    page: int
    first: int
    more: bool
    today: date


def left_work_screen(view: LeftWorkView, t: Translator) -> Screen:
    """Everything by its kind, a button for each, and who is to get it all."""
    lines: list[Line] = [line("🧳 ", bold(title(view, t))), line(_sums(view, t)), EMPTY]
    rows: list[list[Button]] = []
    for place, one in enumerate(view.lines, view.first):
        lines.append(line(f"{place}. {one.icon} {one.text}"))
        rows.append([buttons.button(cut(f"{place}. {one.text}", LABEL), one.opens)])
    rows.append(_pages(view, t))
    rows += _handing(view, t) if view.left and view.lines else []
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), rows_of([row for row in rows if row]))


def title(view: LeftWorkView, t: Translator) -> str:
    """Why it is to be handed on, or whose it is."""
    return why(view.left, view.today, t) if view.left else t("Что на сотруднике: {name}", name=view.name)


def why(said: WorkLeft, today: date, t: Translator) -> str:
    """«Анна Соколова: больничный пн, 23 ноября – ср, 25 ноября»."""
    return t(WHY[said.why], name=said.name, days=_days(said, today, t))


def _days(said: WorkLeft, today: date, t: Translator) -> str:
    if said.until is None:
        return ""
    last = t.day(said.until, today=today)
    if said.first_on is None or said.first_on >= said.until:
        return last
    return f"{t.day(said.first_on, today=today)} – {last}"


def _sums(view: LeftWorkView, t: Translator) -> str:
    if not (view.visits or view.tasks or view.deals):
        return t("Передавать нечего.")
    found = (
        t.plural("{n} выезд", "{n} выездов", view.visits) if view.visits else "",
        t.plural("{n} задача", "{n} задач", view.tasks) if view.tasks else "",
        t.plural("{n} сделка", "{n} сделок", view.deals) if view.deals else "",
    )
    return ", ".join(one for one in found if one)


def _pages(view: LeftWorkView, t: Translator) -> list[Button]:
    back = [buttons.button("‹", ListLeftWork(view.person, view.page - 1))] if view.page else []
    return back + ([buttons.button("›", ListLeftWork(view.person, view.page + 1))] if view.more else [])


def _handing(view: LeftWorkView, t: Translator) -> list[list[Button]]:
    whole = [buttons.button(t("Передать всё…"), ChooseColleague(view.person, True), colour="primary")]
    if view.left is None or view.left.why in ("gone", "role"):
        return [whole]
    jobs = [buttons.button(t("Передать задачи и выезды…"), ChooseColleague(view.person, False), colour="primary")]
    keep = [buttons.button(t("Оставить до возвращения"), LeaveWork(view.person))]
    return [*([jobs] if view.tasks or view.visits else []), whole, keep]


def colleagues_screen(
    name: str, people: Sequence[tuple[EmployeeId, str, int]], person: EmployeeId, deals: bool, t: Translator
) -> Screen:
    """To whom; beside each name how many open deals he has."""
    lines = [line(bold(t("Кому передать дела?"))), line(name)]
    if not people:
        lines.append(line(t("Больше некому: пригласите сотрудника в «Команде».")))
    rows = [
        (buttons.button(one + " · " + t.plural("{n} сделка", "{n} сделок", n), HandOverWork(person, key, deals)),)
        for key, one, n in people
    ]
    return Screen(tuple(lines), (*rows, (buttons.back(t, ListLeftWork(person)),)))


def given(deals: int, tasks: int, visits: int, t: Translator) -> str:
    """«3 сделки, 2 задачи, 1 выезд»."""
    found = (
        t.plural("{n} сделка", "{n} сделок", deals) if deals else "",
        t.plural("{n} задача", "{n} задач", tasks) if tasks else "",
        t.plural("{n} выезд", "{n} выездов", visits) if visits else "",
    )
    return ", ".join(one for one in found if one) or t("ничего")


# --- as messages ----------------------------------------------------------------------------------------------------


@presents(WorkLeft)
class WorkLeftWords(NoticeWords[WorkLeft]):
    """A line of a digest; as a message of its own it is the list."""

    icon = "🧳 "
    names_deal = True
    about_deal = False

    def said(self, view: NoticeView, notice: WorkLeft, t: Translator) -> str:
        return t("{why}. Передайте дела", why=why(notice, view.scheduled_for.astimezone(t.zone).date(), t))

    def rows(self, view: NoticeView, notice: WorkLeft, t: Translator) -> Rows:
        return ((_open(EmployeeId(notice.person), t),),)

    def digest_press(self, view: NoticeView, notice: WorkLeft) -> CallbackData:
        return ListLeftWork(EmployeeId(notice.person))


@presents(WorkGiven)
class WorkGivenWords(NoticeWords[WorkGiven]):
    """The reader has somebody's work from now on."""

    icon = "📌 "
    names_deal = True

    def said(self, view: NoticeView, notice: WorkGiven, t: Translator) -> str:
        what = given(notice.deals, notice.tasks, notice.visits, t)
        return t("Вам передали дела ({name}): {what}", name=notice.name, what=what)


@presents(CallsUndone)
class CallsUndoneWords(NoticeWords[CallsUndone]):
    """Calls of a list that were not made."""

    icon = "🔴 "
    names_deal = True
    about_deal = False

    def said(self, view: NoticeView, notice: CallsUndone, t: Translator) -> str:
        calls = t.plural("не сделан {n} звонок", "не сделано {n} звонков", notice.n)
        return t("{list}: {calls}. {name}", list=t(notice.text), calls=calls, name=notice.name)

    def below(self, view: NoticeView, notice: CallsUndone, t: Translator) -> list[Line]:
        today = view.scheduled_for.astimezone(t.zone).date()
        return [line(t("Срок: {when}", when=t.day(notice.day, today=today)))]

    def rows(self, view: NoticeView, notice: CallsUndone, t: Translator) -> Rows:
        return ((_open(EmployeeId(notice.person), t),),)

    def digest_press(self, view: NoticeView, notice: CallsUndone) -> CallbackData:
        return ListLeftWork(EmployeeId(notice.person))


def _open(person: EmployeeId, t: Translator) -> Button:
    return buttons.button(t("Открыть"), ListLeftWork(person), colour="primary")
