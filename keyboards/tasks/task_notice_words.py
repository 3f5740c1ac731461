"""How messages about tasks read."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import ChooseResponsible, OpenDeal
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.task_callbacks import ListTasks, OpenCallList, OpenTask
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, presents
from keyboards.screen import Line, Rows, line
from keyboards.translator import Translator
from models.ids import TaskId
from models.notices.task_notices import CallsDue, TaskComingLate, TaskDue, TaskPutOff, TaskTaken, TaskWithdrawn


@presents(TaskDue)
class TaskDueWords(NoticeWords[TaskDue]):
    """A task by its title; as a message of its own it is the task's card."""

    names_deal = True

    def said(self, view: NoticeView, notice: TaskDue, t: Translator) -> str:
        return t(view.task_title, **view.values)

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
        return [line(t("Задача: {task}", task=t(view.task_title)))]


@presents(TaskWithdrawn)
class TaskWithdrawnWords(NoticeWords[TaskWithdrawn]):
    """A task is off."""

    icon = "🚫 "

    def said(self, view: NoticeView, notice: TaskWithdrawn, t: Translator) -> str:
        return t("Задача снята: {task}", task=t.sentence(notice.text, view.values))

    def rows(self, view: NoticeView, notice: TaskWithdrawn, t: Translator) -> Rows:
        return ((buttons.button(t("📋 Мои задачи"), ListTasks()),),)


@presents(TaskTaken)
class TaskTakenWords(NoticeWords[TaskTaken]):
    """A task is somebody else's now."""

    icon = "📌 "

    def said(self, view: NoticeView, notice: TaskTaken, t: Translator) -> str:
        return t("Задачу передали другому: {task}", task=t(view.task_title))

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
        return [line(t("Причина: {text}", text=notice.text))]

    def rows(self, view: NoticeView, notice: TaskPutOff, t: Translator) -> Rows:
        assert view.deal is not None
        key = view.deal.id
        task = buttons.button(t("К задаче"), OpenTask(TaskId(notice.task)), colour="primary")
        return (
            (task, buttons.button(t("Спросить менеджера"), AskManager(key))),
            (buttons.button(t("Передать"), ChooseResponsible(key)), buttons.button(t("К сделке"), OpenDeal(key))),
        )
