"""Practice («Обучение»): a learner is led through a first deal by one line at a time (K-2). Pure: from what the card
shows to what is to be done next."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons, refusals
from keyboards.callbacks.list_callbacks import ListDeals
from keyboards.deals.deal_view import DealView
from keyboards.screen import Button, Line, bold, line
from keyboards.translator import Translator
from models.engine.effects import CloseTask
from models.engine.transitions import Option
from models.entities import Task
from models.process.stages import DueOn

MARK = "🎓 "


def mark(t: Translator, instead: str = "") -> Line:
    """What every message of a practice deal says; `instead` is who would get it in life."""
    if instead:
        return line(MARK, t("Учебная: в жизни это получил бы {who}", who=instead))
    return line(MARK, t("Учебная сделка"))


def lines(view: DealView, t: Translator) -> list[Line]:
    """On the card of a practice deal: what to do now, and at the end that it is done."""
    if view.deal.kind != "practice":
        return []
    match view.deal.status:
        case "won":
            return [line(bold(t("Учебная сделка пройдена 🎉"))), line(t("Теперь вы знаете весь путь сделки."))]
        case "lost":
            return [line("👉 ", t("Сделка закрыта неудачей, и так бывает. Начните новую в «Обучении»."))]
    if view.deal.responsible_id != view.me:
        return []  # whoever looks in on a learner is not led
    return [line("👉 ", bold(t("Сейчас:")), " ", step(view, t))]


def rows(view: DealView, t: Translator) -> list[list[Button]]:
    """After success: on to the real ones."""
    if view.deal.kind != "practice" or view.deal.status != "won":
        return []
    return [[buttons.button(t("Перейти к настоящим"), ListDeals("d", "m"), colour="success")]]


def step(view: DealView, t: Translator) -> str:
    """The next step in a sentence: a task that can be done, a way that is open, what is missing, what is waited for."""
    task = next((one for one in view.tasks if not _waits(one, view)), None)
    if task is not None:
        return t("нажмите «Задачи» и закройте «{task}».", task=t.title(task.title))
    ahead = [one for one in view.options if one.direction != "back" and not _is_lost(one, view)]
    ready = next((one for one in ahead if not one.reasons), None)
    if ready is not None and not view.tasks:
        return t("всё готово, нажмите зелёную кнопку «✔ {stage}».", stage=_stage(ready, view, t))
    asking = next((one for one in ahead if one.reasons and all(r.is_asked for r in one.reasons)), None)
    if asking is not None and not view.tasks:
        return _missing(asking, view, t)
    if (early := next(iter(view.tasks), None)) is not None:
        when, title = t.moment(early.due_at, now=view.now), t.title(early.title)
        return t("в жизни напоминание придёт {when}. Здесь не ждите: «Задачи» → «{task}».", when=when, task=title)
    if view.next_at is not None and not view.next_is_escalation:
        return t("подождите, напоминание придёт {when}.", when=t.moment(view.next_at, now=view.now))
    if ready is not None:
        return t("всё готово, нажмите зелёную кнопку «✔ {stage}».", stage=_stage(ready, view, t))
    return _blocked(ahead, view, t)


def _waits(task: Task, view: DealView) -> bool:
    """Whether the task is for a day that is still to come: before a date of the deal there is nothing to do for it."""
    described = view.process.find_task(task.name)
    return described is not None and isinstance(described.due, DueOn) and task.due_at > view.now


def _missing(option: Option, view: DealView, t: Translator) -> str:
    """A field of this stage has a button of its own; any other is asked by the green button."""
    names = [str(reason.data["field"]) for reason in option.reasons]
    own = next((name for name in names if name in view.stage.fields and name in view.fields), None)
    if own is not None:
        title = t(view.process.fields[own].title)
        return t("нажмите «➕ {field}» и ответьте на вопрос.", field=title)
    stage = _stage(option, view, t)
    field = t(view.fields[names[0]].title) if names[0] in view.fields else ""
    return t("нажмите «✔ {stage}»: бот спросит «{field}».", stage=stage, field=field)


def _blocked(ahead: Sequence[Option], view: DealView, t: Translator) -> str:
    reason = next((one for option in ahead for one in option.reasons if one.code != "missing"), None)
    if reason is None:
        return t("откройте «Этапы…» и выберите, куда идёт сделка.")
    if isinstance(reason.cure, CloseTask):
        found = view.process.find_task(reason.cure.task)
        return t("нажмите «Задачи» и закройте «{task}».", task=t(found.title) if found else reason.cure.task)
    return t("дальше пока нельзя: {why}.", why=refusals.reason(reason, view.process, t, view.hidden).rstrip("."))


def _is_lost(option: Option, view: DealView) -> bool:
    return view.process.stage(view.deal.pipeline, option.stage).ending == "lost"


def _stage(option: Option, view: DealView, t: Translator) -> str:
    return t(view.process.stage(view.deal.pipeline, option.stage).title)
