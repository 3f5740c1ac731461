"""What every process has without saying it: tasks that the engine itself gives."""

from __future__ import annotations

from datetime import timedelta

from models.process.stages import DueAfter, Outcome, TaskDefinition
from models.values.invalid_value import N_

CLIENT_WAITS = "client_waits"

TASKS: dict[str, TaskDefinition] = {
    CLIENT_WAITS: TaskDefinition(
        title=N_("Клиент ждёт мастера: позвоните"),
        description=N_("Клиенту ушла SMS о выезде, а его больше не будет в это время. Предупредите клиента."),
        due=DueAfter(after=timedelta(hours=1)),
        outcomes={"called": Outcome(title=N_("Клиент предупреждён"), style="success")},
    )
}
