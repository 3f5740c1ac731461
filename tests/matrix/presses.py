"""What is pressed: every declared press, with things that belong together and with things that do not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NewType, get_args, get_origin

from keyboards import base36, callback_data
from keyboards.callback_data import CallbackData, CallbackFormat
from models import ids
from tests.matrix.shop import MatrixShop

BY_CHANCE = 12  # presses of a form that names no row by the type of its id
NOBODYS = 77_777  # an id that no row has
TABLE_OF: dict[object, str] = {
    ids.DealId: "deal", ids.TaskId: "task", ids.ItemId: "item", ids.ClientId: "client", ids.EmployeeId: "employee",
    ids.FileId: "file", ids.ClaimId: "claim", ids.PaperId: "paper", ids.PaymentId: "payment", ids.SmsId: "sms",
    ids.NoticeId: "scheduled", ids.AbsenceId: "absence", ids.InvitationId: "invitation", ids.UndoId: "undo",
    ids.BackupKeyId: "backup_key",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixPress:
    """A button's data, and the rows that it names: (type of id, id)."""

    word: str
    data: str
    names: tuple[tuple[object, int], ...]


class PressMaker:
    """Makes presses of a format out of what the shop holds."""

    def __init__(self, shop: MatrixShop, rng: random.Random) -> None:
        self._rng = rng
        self._rows = {of: shop.rows(table) for of, table in TABLE_OF.items()}
        self._deals = {one["id"]: one for one in self._rows[ids.DealId]}
        self._task_deal = {one["id"]: one["deal_id"] for one in self._rows[ids.TaskId]}
        self._shop = shop

    def about_each(self, form: CallbackFormat, most: int | None = None) -> Iterator[MatrixPress]:
        """One press for each deal (each person, …) that its first id can name, or for so many of them by chance; the
        rest of it belongs there."""
        first = next((one for one in form.arguments if one.of in TABLE_OF), None)
        if first is None:
            yield from (self.by_chance(form) for _ in range(BY_CHANCE if form.arguments else 1))
            return
        rows = self._rows[first.of]
        chosen = rows if most is None else self._rng.sample(rows, min(most, len(rows)))
        for row in [*chosen, {"id": NOBODYS}]:
            yield self._made(form, {first.name: row["id"]}, deal=self._deal_of(first.of, row))

    def by_chance(self, form: CallbackFormat) -> MatrixPress:
        """One press whose things need not belong together: a forged one."""
        return self._made(form, {}, deal=None)

    def about(self, press: CallbackData) -> MatrixPress:
        """A press as it stands, with the rows that it names."""
        form = next(one for one in callback_data.FORMATS.values() if one.made is type(press))
        names = [(one.of, getattr(press, one.name)) for one in form.arguments if one.of in TABLE_OF]
        return MatrixPress(form.word, press.pack(), tuple(names))

    def _deal_of(self, of: object, row: dict[str, Any]) -> int | None:
        if of is ids.DealId:
            return row["id"] if row["id"] in self._deals else None
        if of is ids.ItemId:
            return self._task_deal.get(row.get("task_id"))
        return row.get("deal_id")

    def _made(self, form: CallbackFormat, given: dict[str, Any], deal: int | None) -> MatrixPress:
        values: list[Any] = []
        names: list[tuple[object, int]] = []
        for one in form.arguments:
            value = given.get(one.name, self._value(one.of, deal)) if one.name not in given else given[one.name]
            if one.may_end and one.name not in given and self._rng.random() < 0.3:
                value = None
            values.append(value)
            if one.of in TABLE_OF and value is not None:
                names.append((one.of, value))
        while values and values[-1] is None and form.arguments[len(values) - 1].may_end:
            values.pop()
        return MatrixPress(form.word, self._packed(form, values), tuple(names))

    @staticmethod
    def _packed(form: CallbackFormat, values: Sequence[Any]) -> str:
        written = ["~" if one is None else base36.to36(int(one)) if isinstance(one, int) else one for one in values]
        if form.verb is not None:
            written.insert(1, form.verb)
        return ":".join([form.head, *written])[: callback_data.MOST_BYTES]

    def _value(self, of: object, deal: int | None) -> Any:
        if of in TABLE_OF:
            rows = self._rows[of]
            near = [one for one in rows if deal is not None and self._deal_of(of, one) == deal]
            return self._rng.choice(near or rows or [{"id": NOBODYS}])["id"]
        if of is ids.Revision:
            return self._deals[deal]["version"] if deal is not None else self._rng.randint(0, 9)
        if get_origin(of) is not None:
            return self._rng.choice(get_args(of))
        kind = of.__supertype__ if isinstance(of, NewType) else of
        if kind is bool:
            return self._rng.random() < 0.5
        if kind is int:
            # a number, or the row of one of two tables (`PersonOf`)
            rows = self._rng.choice((self._rows[ids.ClientId], self._rows[ids.DealId]))
            return self._rng.choice((0, 1, 2, 7, 60, 20_600, -1, *(self._rng.choice(rows)["id"] for _ in range(6))))
        return self._word(deal)

    def _word(self, deal: int | None) -> str:
        """A name of the process: of a field, a stage, a paper, a task's outcome, a pipeline; or something invented."""
        row = self._deals[deal] if deal is not None else self._rng.choice(list(self._deals.values()))
        process = self._shop.company.processes[row["process"]]
        pipeline = process.pipelines[row["pipeline"]]
        pools: list[Sequence[str]] = [
            list(process.fields), list(pipeline.stages), list(process.papers), list(process.pipelines),
            [process.process], ["x", "1", "ru", "en", "xlsx", "tomorrow", "mine"], list(process.sections),
        ]  # fmt: skip
        return self._rng.choice(self._rng.choice([one for one in pools if one]))
