"""How messages about tasks read."""

from __future__ import annotations

from datetime import date

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import ChooseResponsible, OpenDeal
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.notice_callbacks import ChoosePutOff
from keyboards.callbacks.task_callbacks import AskTaskPerson, ChooseTaskPerson, ListTasks, OpenCallList, OpenTask
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents, why_button
from keyboards.people import roles
from keyboards.screen import Button, Line, Rows, line
from keyboards.translator import Translator
from models.ids import TaskId
from models.notices.task_notices import (
    ApprovalOver,
    CallsDue,
    DayIncomplete,
    TaskComingLate,
    TaskDue,
    TaskPutOff,
    TaskTaken,
    TaskUndone,
    TaskWithdrawn,
    UndoneReason,
)
from models.roles import Role
from models.values.invalid_value import N_
from models.values.product_text import ProductText

NOT_HERE: dict[UndoneReason, ProductText] = {
    "gone": N_("{name} больше не работает"),
    "unreachable": N_("{name} не получает сообщения бота"),
    "off": N_("{name} выходной до {until} включительно"),
    "leave": N_("{name} в отпуске до {until} включительно"),
    "sick": N_("{name} на больничном до {until} включительно"),
}


def called(view: NoticeView, t: Translator) -> str:
    """The task's title with the deal's values in it; a next step's own words, which are nobody's template."""
    return view.task_words or t(view.task_title, **view.values)


@presents(TaskDue)
class TaskDueWords(NoticeWords[TaskDue]):
    """A task by its title; as a message of its own it is the task's card."""

    names_deal = True

    def said(self, view: NoticeView, notice: TaskDue, t: Translator) -> str:
        return called(view, t)

    def digest_icon(self, notice: TaskDue) -> str:
        return "📋 "

    def digest_press(self, view: NoticeView, notice: TaskDue) -> CallbackData:
        return OpenTask(TaskId(notice.task))


@presents(CallsDue)
class CallsDueWords(NoticeWords[CallsDue]):
    """A day's calls by the list's title; as a message of its own it is the list."""

    names_deal = True

    def said(self, view: NoticeView, notice: CallsDue, t: Translator) -> str:
        return t.sentence(notice.text, view.values)

    def digest_icon(self, notice: CallsDue) -> str:
        return "📞 "

    def digest_press(self, view: NoticeView, notice: CallsDue) -> CallbackData:
        return OpenCallList.of_notice(view.id)


@presents(TaskComingLate)
class TaskComingLateWords(NoticeWords[TaskComingLate]):
    """Nobody but the reader can tell him in time."""

    icon = "📵 "

    def said(self, view: NoticeView, notice: TaskComingLate, t: Translator) -> str:
        when = t.moment(notice.at, now=view.scheduled_for)
        return t("{name} узнает об этом только {when}. Позвоните сами", name=view.sender, when=when)

    def below(self, view: NoticeView, notice: TaskComingLate, t: Translator) -> list[Line]:
        return [line(t("Задача: {task}", task=called(view, t)))]


@presents(TaskWithdrawn)
class TaskWithdrawnWords(NoticeWords[TaskWithdrawn]):
    """A task is off."""

    icon = "🚫 "

    def said(self, view: NoticeView, notice: TaskWithdrawn, t: Translator) -> str:
        return t("Задача снята: {task}", task=t.sentence(notice.text, view.values))

    def rows(self, view: NoticeView, notice: TaskWithdrawn, t: Translator) -> Rows:
        return ((buttons.button(t("📋 Мои задачи"), ListTasks()),),)


@presents(ApprovalOver)
class ApprovalOverWords(NoticeWords[ApprovalOver]):
    """An approval is over, because what was approved is another one now."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: ApprovalOver, t: Translator) -> str:
        return t("Больше не действует: «{task}»", task=t(notice.text, **view.values))

    def below(self, view: NoticeView, notice: ApprovalOver, t: Translator) -> list[Line]:
        if not notice.field:  # what has changed is hidden from the reader
            return []
        field = t(notice.field)
        if notice.was is None:
            return [line(t("Изменилось: {field}", field=field))]
        was, now = view.values.get("was", ""), view.values.get(notice.was.field, "")
        return [line(t("{field}: было {was}, стало {now}", field=field, was=was, now=now))]


@presents(TaskTaken)
class TaskTakenWords(NoticeWords[TaskTaken]):
    """A task is somebody else's now."""

    icon = "📌 "

    def said(self, view: NoticeView, notice: TaskTaken, t: Translator) -> str:
        return t("Задачу передали другому: {task}", task=called(view, t))

    def rows(self, view: NoticeView, notice: TaskTaken, t: Translator) -> Rows:
        return ((buttons.home(t),),)


@presents(TaskPutOff)
class TaskPutOffWords(NoticeWords[TaskPutOff]):
    """An employee puts a task off again and again; why, in his words."""

    icon = "⏰ "
    names_deal = True

    def said(self, view: NoticeView, notice: TaskPutOff, t: Translator) -> str:
        title = t.title(notice.title)
        return t("{name} в третий раз откладывает задачу «{task}»", name=view.sender, task=title)

    def below(self, view: NoticeView, notice: TaskPutOff, t: Translator) -> list[Line]:
        return [line(t("Причина: {text}", text=notice.text))] if notice.text else []

    def rows(self, view: NoticeView, notice: TaskPutOff, t: Translator) -> Rows:
        assert view.deal is not None
        key = view.deal.id
        task = buttons.button(t("К задаче"), OpenTask(TaskId(notice.task)), colour="primary")
        return (
            (task, buttons.button(t("Спросить менеджера"), AskManager(key))),
            (buttons.button(t("Передать"), ChooseResponsible(key)), buttons.button(t("К сделке"), OpenDeal(key))),
        )


@presents(TaskUndone)
class TaskUndoneWords(NoticeWords[TaskUndone]):
    """To those above: what is not done, whose it is, since when, with buttons that act (C-6)."""

    icon = "🔴 "

    def said(self, view: NoticeView, notice: TaskUndone, t: Translator) -> str:
        task = called(view, t)
        if notice.day is not None:
            return t("К {day} не готово: {task}", day=_day_of(view, notice.day, t), task=task)
        if notice.why == "untaken":
            return t("Задачу никто не взял: {task}", task=task)
        if notice.why == "put_off":
            return t("Задачу всё откладывают: {task}", task=task)
        return t("Не сделано: {task}", task=task)

    def below(self, view: NoticeView, notice: TaskUndone, t: Translator) -> list[Line]:
        lines = [*_day(view, notice, t), line(_whose(notice.name, notice.role, t))]
        if notice.why in NOT_HERE:
            until = _day_of(view, notice.until, t) if notice.until else ""
            lines.append(line(t(NOT_HERE[notice.why], name=notice.name, until=until)))
        return [*lines, line(t("Срок: {when}", when=t.moment(notice.due_at, now=view.scheduled_for)))]

    def rows(self, view: NoticeView, notice: TaskUndone, t: Translator) -> Rows:
        assert view.deal is not None
        key, task = view.deal.id, TaskId(notice.task)
        asked = notice.person if notice.why not in ("gone", "unreachable") else view.deal.responsible_id
        manager = asked is None or asked == view.deal.responsible_id
        who = t("Спросить менеджера") if manager else t("Спросить: {name}", name=notice.name)
        ask = buttons.button(who, AskManager(key) if manager else AskTaskPerson(task))
        return (
            (buttons.button(t("Открыть"), OpenTask(task), colour="primary"), _hand_on(task, t)),
            (ask, buttons.button(t("Отложить"), ChoosePutOff(key, view.id))),
            (why_button(view, t),),
        )


@presents(DayIncomplete)
class DayIncompleteWords(NoticeWords[DayIncomplete]):
    """To who leads the deal, and to who is to come: what the day waits for."""

    icon = "⚠️ "

    def said(self, view: NoticeView, notice: DayIncomplete, t: Translator) -> str:
        task = called(view, t)
        return t("К {day} не готово: {task}", day=_day_of(view, notice.day, t), task=task)

    def below(self, view: NoticeView, notice: DayIncomplete, t: Translator) -> list[Line]:
        return [*_day(view, notice, t), line(_whose(notice.name, notice.role, t))]

    def rows(self, view: NoticeView, notice: DayIncomplete, t: Translator) -> Rows:
        if view.shut:
            return ((why_button(view, t), buttons.home(t)),)
        return ((open_button(view, t),), (why_button(view, t),))


def _day(view: NoticeView, notice: TaskUndone | DayIncomplete, t: Translator) -> list[Line]:
    if notice.day is None:
        return []
    return [line(t("{field}: {day}", field=t(notice.field), day=_day_of(view, notice.day, t)))]


def _day_of(view: NoticeView, day: date, t: Translator) -> str:
    """With the year where it is another one."""
    return t.day(day, today=view.scheduled_for.astimezone(t.zone).date())


def _whose(name: str, role: Role | None, t: Translator) -> str:
    if name:
        return t("Исполнитель: {name}", name=name)
    return t("Исполнитель: {role}, никто не взял", role=roles.title(role, t))


def _hand_on(task: TaskId, t: Translator) -> Button:
    return buttons.button(t("Передать"), ChooseTaskPerson(task))
