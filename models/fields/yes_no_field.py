"""A question of yes or no."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from models.fields.base import AnswerContext
from models.fields.groups import KeptAsIs
from models.values.yesno import parse_yes_no


class YesNoField(KeptAsIs):
    """Yes or no; a no is an answer too."""

    type: Literal["yes_no"]

    rank: ClassVar[int] = 7
    usually_personal: ClassVar[bool] = False
    is_written: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> bool:
        """Raise InvalidValue for what is neither."""
        return parse_yes_no(raw)

    def check(self, value: bool, context: AnswerContext) -> None:
        """Either will do."""

    def written_fault(self, name: str, value: Any) -> str | None:
        """Written as true or false."""
        return None if isinstance(value, bool) else f"`{value}` is no answer to `{name}`; allowed: true, false"
