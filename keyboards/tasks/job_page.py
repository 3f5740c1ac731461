"""A job at a client's, held in one hand: where, whom to call, what for, and one big button for what comes next (K-22).

The whole card (every line, what else can happen, the papers) lies behind «⋯».
"""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.file_callbacks import ListFiles
from keyboards.callbacks.task_callbacks import EndJob, ListTasks, OpenTask, StepJob
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.tasks import task_card
from keyboards.tasks.task_card import ItemView, OutcomeView, TaskView
from keyboards.translator import Translator

LABEL = 28  # characters of a label beside its mark, alone in its row on a phone of 360 px
MOST = 12  # lines of the checklist that are written out


def job_page(view: TaskView, t: Translator) -> Screen:
    """The job, with the one thing that is to be done now."""
    lines = [*task_card.head(view, t), *task_card.about(view), *_steps(view, t)]
    rows = [*_now(view, t), *task_card.contact(view, t), *_aside(view, t)]
    rows.append([buttons.button(t("‹ Мои задачи"), ListTasks()), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def first_word(view: TaskView) -> OutcomeView | None:
    """What is said before anything is done: that he comes. It leaves the job open and is offered only while it is to be
    said."""
    said = (one for one in view.outcomes if one.stamp is not None and one.colour == "primary" and not one.shut)
    return next(said, None)


def next_lines(view: TaskView) -> list[ItemView]:
    """The next line that is to be ticked; what may be passed over before it stands beside it."""
    found: list[ItemView] = []
    for one in view.items:
        if not one.done:
            found.append(one)
            if not one.optional:
                break
    return found


def _now(view: TaskView, t: Translator) -> list[list[Button]]:
    word = first_word(view)
    if word is not None:
        return [[_end(view, word, t)]]
    ahead = next_lines(view)
    is_done = all(one.optional for one in ahead)
    ends = [one for one in view.outcomes if is_done or (one.unchecked and not one.shut)]
    last = next((one for one in reversed(view.items) if one.done), None)
    slip = [[_line(view, last, t)]] if last is not None else []  # a glove presses beside: the last tick is taken back
    return [*([_line(view, one, t)] for one in ahead), *([_end(view, one, t)] for one in ends), *slip]


def _end(view: TaskView, one: OutcomeView, t: Translator) -> Button:
    press = EndJob(view.id, one.name, task_card.drawn_for(view, one))
    return buttons.button(task_card.label(one, t), press, colour=one.colour)


def _line(view: TaskView, one: ItemView, t: Translator) -> Button:
    said = f"{'☑' if one.done else '☐'} {cut(t.title(one.title), LABEL)}"
    return buttons.button(said, StepJob(view.id, one.id, not one.done), colour=None if one.done else "primary")


def _steps(view: TaskView, t: Translator) -> list[Line]:
    """The checklist as text: what is done, what comes now, what is left."""
    if not view.items or len(view.items) > MOST:
        return []
    now = {one.id for one in next_lines(view)} if first_word(view) is None else set()
    out: list[Line] = [EMPTY]
    for one in view.items:
        said = t.title(one.title)
        out.append(line("☑ ", said) if one.done else line("▶ ", bold(said)) if one.id in now else line("☐ ", said))
    return out


def _aside(view: TaskView, t: Translator) -> list[list[Button]]:
    ask = [buttons.button(t("❓ Спросить менеджера"), AskManager(view.deal_id))] if view.may_ask else []
    files = [buttons.button(t("📎 Файлы"), ListFiles(view.deal_id))] if view.files else []
    return [ask, [*files, buttons.button(t("⋯ Ещё"), OpenTask(view.id))]]
