"""Tasks that the program gives itself, whatever a process file says; no task of a file may bear their names."""

from __future__ import annotations

from datetime import timedelta

from models.process.answer_life import DEAL, Life
from models.process.stages import DueAfter, Outcome, TaskDefinition
from models.values.invalid_value import N_
from models.values.spans import Days

ALLOW_CHANGE = "allow_change"
ALLOWED, DECLINED = "allowed", "declined"  # its outcomes
CLIENT_WAITS = "client_waits"
RETURN_MONEY = "return_money"
RETURNED, KEPT = "returned", "kept"  # its outcomes
STEP = "step"
"""A next step that a person has made. A deal may have many: each has a name of its own, «step_2»."""
OWED = frozenset({CLIENT_WAITS, STEP})
"""Owed to somebody outside, or promised by a person: they stay open wherever the deal goes."""


def kind_of(name: str) -> str:
    """By which name a task is described: all next steps are described alike."""
    return STEP if name.startswith(f"{STEP}_") else name


def is_step(name: str) -> bool:
    """Whether it is a next step that a person has made."""
    return kind_of(name) == STEP


OWN_TASKS: dict[str, TaskDefinition] = {
    ALLOW_CHANGE: TaskDefinition(
        title=N_("Разрешить изменение?"),
        description=N_("Менеджер не может изменить это сам: решаете вы. Разрешите — и карточка изменится сразу."),
        to="supervisor",
        due=DueAfter(after=Days(days=1)),
        lasts=Life(stages=(DEAL,)),
        outcomes={
            ALLOWED: Outcome(title=N_("Разрешить"), style="success"),
            DECLINED: Outcome(title=N_("Отказать"), style="danger"),
        },
    ),
    RETURN_MONEY: TaskDefinition(
        title=N_("Вернуть клиенту деньги или договориться"),
        description=N_(
            "Сделка закончена, а деньги клиента у нас. Верните их и внесите возврат; часть может остаться только с "
            "согласия руководителя."
        ),
        due=DueAfter(after=Days(days=1)),
        outcomes={
            RETURNED: Outcome(title=N_("Внести возврат"), style="success"),
            KEPT: Outcome(title=N_("Деньги остаются у нас"), style="danger"),
        },
    ),
    STEP: TaskDefinition(
        title=N_("Связаться с клиентом"),
        due=DueAfter(after=Days(days=1)),  # what its person has said stands on the task itself
        lasts=Life(stages=(DEAL,)),
    ),
    CLIENT_WAITS: TaskDefinition(
        title=N_("Клиент ждёт мастера: позвоните"),
        description=N_("Клиенту ушла SMS о выезде, а его больше не будет в это время. Предупредите клиента."),
        due=DueAfter(after=timedelta(hours=1)),
        lasts=Life(stages=(DEAL,)),
        outcomes={"called": Outcome(title=N_("Клиент предупреждён"), style="success")},
    ),
}
"""By their names."""
