"""What is answered: every form, as if it had been begun before a role, a deal or a person changed."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

from handlers.forms.form_state import TEXT
from models import ids
from models.fields.text_field import TextField
from services import form_purposes
from services.drafts import Draft, TextQuestion
from services.form_purposes import Purpose, PurposeFormat
from tests.matrix.presses import TABLE_OF
from tests.matrix.shop import NOW, MatrixShop

OF_FIELDS = {"fill", "move", "tap", "new", "new_with", "pay", "item", "outcome", "refund"}  # they ask the deal's fields
DAY = NOW.toordinal()
SAID = ("Тест", "5000", "+7 912 345-67-89", "завтра", "15.03 в 12:00", "да")


class FormMaker:
    """Makes drafts of a purpose out of what the shop holds."""

    def __init__(self, shop: MatrixShop, rng: random.Random) -> None:
        self._rng, self._shop = rng, shop
        self._rows = {of: shop.rows(table) for of, table in TABLE_OF.items()}
        self._deals = self._rows[ids.DealId]

    def forms(self, form: PurposeFormat, most: int) -> Iterator[tuple[Draft, str]]:
        """So many drafts of that purpose, each about another deal, and an answer to its question."""
        for deal in self._rng.sample(self._deals, min(most, len(self._deals))):
            purpose = form.made(**self._arguments(form.made, deal))
            yield self._draft(purpose, deal), self._rng.choice(SAID)

    def _arguments(self, made: type[Purpose], deal: dict[str, Any]) -> dict[str, Any]:
        hints = get_type_hints(made)
        return {one.name: self._value(one.name, hints[one.name], deal) for one in dataclasses.fields(made)}  # type: ignore[arg-type]

    def _value(self, name: str, hint: Any, deal: dict[str, Any]) -> Any:
        kinds = [one for one in (hint, *get_args(hint)) if one is not type(None)]
        of = next((one for one in kinds if one in TABLE_OF), None)
        if of is not None:
            return self._id(of, deal)
        if get_origin(hint) is Literal:
            return self._rng.choice(get_args(hint))
        if bool in kinds:
            return self._rng.random() < 0.5
        if int in kinds:
            return DAY if name == "on" else self._rng.choice((0, 1, 5, 20_600))
        return NOW + timedelta(days=1) if name == "until" else self._word(name, deal)

    def _id(self, of: object, deal: dict[str, Any]) -> int:
        rows = self._rows[of]
        near = [one for one in rows if one.get("deal_id") == deal["id"] or (of is ids.DealId and one is deal)]
        return int(self._rng.choice(near or rows)["id"])

    def _word(self, name: str, deal: dict[str, Any]) -> str:
        process = self._shop.company.processes[deal["process"]]
        texts = [one for one, kind in process.fields.items() if isinstance(kind, TextField)]
        known: dict[str, list[str]] = {
            "process": [process.process], "pipeline": list(process.pipelines), "field": texts,
            "to": list(process.pipelines[deal["pipeline"]].stages), "values": ["{}"], "method": ["cash"],
            "phone": ["+79123456789"], "name": list(process.papers) or ["x"],
        }  # fmt: skip
        return self._rng.choice(known.get(name, ["x"]))

    def _draft(self, purpose: Purpose, deal: dict[str, Any]) -> Draft:
        process = self._shop.company.processes[deal["process"]]
        about = form_purposes.find_id(purpose, ids.DealId)
        task = form_purposes.find_id(purpose, ids.TaskId)
        deal_id = deal["id"] if about is not None or task is not None else None
        if form_purposes.to_json(purpose)["do"] not in OF_FIELDS:
            return Draft(purpose, [TEXT], deal_id=deal_id, text=TextQuestion("Вопрос", 1000))
        field = self._rng.choice(list(process.fields))
        return Draft(purpose, [field], process=process.process, deal_id=deal_id)
