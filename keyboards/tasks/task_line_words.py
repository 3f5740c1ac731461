"""What happens to a deal's tasks, in words."""

from __future__ import annotations

from datetime import datetime

from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import tells
from keyboards.tasks.step_words import EVERY
from keyboards.translator import Translator
from models.history.line import HistoryEntry
from models.history.task_lines import (
    ChecklistEdited,
    StepWasMade,
    TaskAnswer,
    TaskOutcomePutAside,
    TaskWasAnswered,
    TaskWasClosed,
    TaskWasGiven,
    TaskWasGivenOn,
    TaskWasPutOff,
    TaskWasSnoozed,
)
from models.process.own_tasks import OWN_TASKS, STEP


@tells(TaskWasGiven)
def _given(one: HistoryEntry, line: TaskWasGiven, view: DealView, t: Translator) -> str:
    return t("задача «{task}»", task=t(line.title))


@tells(StepWasMade)
def _stepped(one: HistoryEntry, line: StepWasMade, view: DealView, t: Translator) -> str:
    """What a person will do next; of one who is to do it for him, his name."""
    when = t.moment(datetime.fromisoformat(line.until), now=view.now) if line.until else ""
    step = line.words or t(OWN_TASKS[STEP].title)
    again = f", {t(EVERY[line.every])}" if line.every else ""
    if line.to:
        return t("дальше {when}: {step} ({name}){again}", when=when, step=step, name=line.to, again=again)
    return t("дальше {when}: {step}{again}", when=when, step=step, again=again)


@tells(TaskWasClosed, TaskWasAnswered, TaskWasSnoozed)
def _answered(one: HistoryEntry, line: TaskAnswer, view: DealView, t: Translator) -> str:
    return _answer(line, view, t)


@tells(TaskOutcomePutAside)
def _put_aside(one: HistoryEntry, line: TaskOutcomePutAside, view: DealView, t: Translator) -> str:
    return t("Больше не считается: {answer}", answer=_answer(line, view, t))


def _answer(line: TaskAnswer, view: DealView, t: Translator) -> str:
    task = view.process.find_task(line.task)
    outcome = task.outcomes.get(line.outcome) if task else None
    title = getattr(line, "words", "") or (t(task.title) if task else line.task)
    return t("«{task}» — {outcome}", task=title, outcome=t(outcome.title) if outcome else line.outcome)


@tells(TaskWasPutOff)
def _put_off(one: HistoryEntry, line: TaskWasPutOff, view: DealView, t: Translator) -> str:
    when = t.moment(datetime.fromisoformat(line.until), now=view.now) if line.until else ""
    task = line.words or t(line.title)
    if not line.text:
        return t("задача «{task}» отложена до {when}", task=task, when=when)
    return t("задача «{task}» отложена до {when}: {text}", task=task, when=when, text=line.text)


@tells(TaskWasGivenOn)
def _handed(one: HistoryEntry, line: TaskWasGivenOn, view: DealView, t: Translator) -> str:
    return t("задача «{task}» передана: {name}", task=line.words or t(line.title), name=line.to)


@tells(ChecklistEdited)
def _edited(one: HistoryEntry, line: ChecklistEdited, view: DealView, t: Translator) -> str:
    """A line of a task's checklist was edited for this deal (K-5)."""
    task, said = t.title(line.title), t.title(line.line)
    match line.change:
        case "added":
            return t("чек-лист «{task}»: добавлено «{line}»", task=task, line=said)
        case "renamed":
            return t("чек-лист «{task}»: «{was}» → «{line}»", task=task, was=t.title(line.was), line=said)
        case "removed":
            return t("чек-лист «{task}»: убрано «{line}»", task=task, line=said)
        case _:
            place = "" if line.place is None else line.place
            return t("чек-лист «{task}»: «{line}» теперь {place}-м пунктом", task=task, line=said, place=place)
