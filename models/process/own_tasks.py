"""Tasks that the program gives itself, whatever a process file says; no task of a file may bear their names."""

from __future__ import annotations

from datetime import timedelta

from models.process.stages import DueAfter, Outcome, TaskDefinition
from models.values.invalid_value import N_

RETURN_MONEY = "return_money"
RETURNED, KEPT = "returned", "kept"  # its outcomes

OWN_TASKS: dict[str, TaskDefinition] = {
    RETURN_MONEY: TaskDefinition(
        title=N_("Вернуть клиенту деньги или договориться"),
        description=N_(
            "Сделка закончена, а деньги клиента у нас. Верните их и внесите возврат; часть может остаться только с "
            "согласия руководителя."
        ),
        due=DueAfter(after=timedelta(days=1)),
        outcomes={
            RETURNED: Outcome(title=N_("Внести возврат"), style="success"),
            KEPT: Outcome(title=N_("Деньги остаются у нас"), style="danger"),
        },
    ),
}
"""By their names."""
