"""Where a person stands inside one question of a form: a calendar's page, ticked options, parts of an address.

A kind of it is one frozen dataclass beside the steps of its type of field:

    @step_state("choice")
    @dataclass(frozen=True, slots=True)
    class ChoiceState(StepState):
        ticked: tuple[str, ...]

It is kept with the draft as `{"kind": "choice", "ticked": ["deal"]}`: drafts outlive an update, so neither a word nor a
key is ever changed, and a new field has a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import structlog
from pydantic import BeforeValidator, PlainSerializer

from models.stored_kinds import StoredKind, StoredKinds, UnknownKind
from models.values import money

logger = structlog.get_logger("services.step_states")
MINUTE = 60  # seconds


class StepState(StoredKind):
    """The base of every kind."""

    __slots__ = ()

    @property
    def is_inside(self) -> bool:
        """Whether «back» leads to an earlier place of the same question."""
        return False

    @property
    def replaces_value(self) -> bool:
        """Whether a new answer has taken shape, so that the value there is need not be shown any more."""
        return False


STEP_STATES: StoredKinds[StepState] = StoredKinds("step state")
step_state = STEP_STATES.register

# The versions before the kinds kept the same keys without one: the first of these that is there tells the kind.
KIND_OF_KEY = {
    "known": "known_client",
    "sum": "payment",
    "held": "visit",
    "near": "visit",
    "from": "visit",
    "address": "address",
    "part": "address",
    "ticked": "choice",
    "files": "files",
    "guess": "date",
    "day": "date",
    "month": "date",
}


def to_json(one: StepState | None) -> dict[str, Any]:
    """As it is kept with the draft; nothing for none."""
    return {"kind": one.kind, **one.to_data()} if one is not None else {}


def from_json(data: Any) -> StepState | None:
    """The state out of a stored draft. One that this version cannot read is none: the question is asked anew."""
    if not isinstance(data, Mapping):
        logger.info("a place inside a question that this version does not know", step_state=type(data).__name__)
        return None
    kept = {key: value for key, value in data.items() if key not in ("kind", "said")}
    word = data.get("kind") or next((kind for key, kind in KIND_OF_KEY.items() if key in kept), None)
    if word is None and not kept:
        return None
    try:
        return STEP_STATES.read(str(word), kept)
    except UnknownKind as unknown:
        named = word or ", ".join(sorted(kept))
        logger.info("a place inside a question that this version does not know", step_state=named, why=unknown.problem)
        return None


# --- how values are kept ----------------------------------------------------------------------------------------


def _day(kept: object) -> object:
    return date.fromordinal(kept) if isinstance(kept, int) else kept


def _moment(kept: object) -> object:
    return datetime.fromtimestamp(kept * MINUTE, UTC) if isinstance(kept, int) else kept


def _minutes(at: datetime) -> int:
    return int(at.timestamp()) // MINUTE


def _amount(kept: object) -> object:
    return money.from_kopecks(kept) if isinstance(kept, int) else kept


KeptDay = Annotated[date, BeforeValidator(_day), PlainSerializer(date.toordinal)]  # as its ordinal
KeptMoment = Annotated[datetime, BeforeValidator(_moment), PlainSerializer(_minutes)]  # as whole minutes since 1970
KeptAmount = Annotated[Decimal, BeforeValidator(_amount), PlainSerializer(money.to_kopecks)]  # roubles, as kopecks
