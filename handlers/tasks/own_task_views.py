"""What the cards of the program's own tasks show beside what every task's card does."""

from __future__ import annotations

from keyboards import change_requests as request_words
from keyboards.translator import Translator
from models import access
from models.engine import balances
from models.entities import Deal, Task
from models.process.own_tasks import ALLOW_CHANGE, RETURN_MONEY
from models.process.process import Process
from services import change_requests
from services.unit_of_work import UnitOfWork


def shown(work: UnitOfWork, t: Translator, task: Task, deal: Deal, process: Process) -> tuple[tuple[str, str], ...]:
    """What the program's own tasks show."""
    return (*_to_return(work, t, task, deal, process), *_asked(work, t, task, process))


def _to_return(
    work: UnitOfWork, t: Translator, task: Task, deal: Deal, process: Process
) -> tuple[tuple[str, str], ...]:
    """How much of the client's money is to be given back."""
    if task.name != RETURN_MONEY or work.actor is None or not access.can_see_account(work.actor.role, process):
        return ()
    return ((t("Деньги клиента у нас"), t.money(balances.to_return(process, deal))),)


def _asked(work: UnitOfWork, t: Translator, task: Task, process: Process) -> tuple[tuple[str, str], ...]:
    """The change that the task asks for: what becomes what, why, and who asks."""
    request = change_requests.find(work, task.id) if task.name == ALLOW_CHANGE else None
    if request is None or work.actor is None:
        return ()
    hidden = access.hidden_fields(work.actor.role, process)
    wanted = {name: value for name, value in request.values.items() if name not in hidden}
    about = request_words.change(process, request.seen, wanted, t)
    return (*about, (t("Почему"), request.why), (t("Просит"), request.asker or "—"))
