"""What a robot asks: at once by a message; unanswered on the next working day, as a task that closes itself when the
fields are filled in, wherever that is done.
"""

from __future__ import annotations

from models.engine import effects as e
from models.engine import lives
from models.engine.engine_run import EngineRun
from models.engine.trigger_rules import stamp
from models.process import asked_tasks
from models.process.actions import AskFields
from models.values.spans import Days

AGAIN = Days(days=1)


def ask(run: EngineRun, action: AskFields, rule: str) -> None:
    """Ask now, and look tomorrow whether there is an answer."""
    run.add(e.FieldsAsked(action.of, action.ask, action.text, rule))
    name = asked_tasks.name_of(action)
    due = run.moment.calendar.later(run.moment.now, AGAIN)
    run.add(e.TimerSet(name, stamp(run.deal.entered_at), due))


def ask_again(run: EngineRun, name: str, anchor: str) -> None:
    """The next working day: what is still empty is somebody's task, unless another open one asks for it already."""
    task = run.process.asked_tasks[name]
    wanted = {field for line in task.checklist for field in line.fill if not run.deal.filled(field)}
    if not wanted or anchor != stamp(run.deal.entered_at) or wanted <= _asked_elsewhere(run):
        return
    run.give(name, task, name)


def _asked_elsewhere(run: EngineRun) -> set[str]:
    opened = [name for name, outcome in run.deal.tasks.items() if outcome is None]
    tasks = (lives.described(run.process, run.deal, name) for name in opened)
    return {field for task in tasks if task is not None for line in task.checklist for field in line.fill}
