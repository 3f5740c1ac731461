"""When a robot acts, in the reader's words («Почему мне это пришло?»): `@words(Trigger)` for every one.

Start refuses while one is `missing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.process.triggers import (
    TRIGGERS,
    BaseTrigger,
    Becomes,
    Changed,
    Closed,
    Enter,
    FilledIn,
    Lapsed,
    OnDate,
    Stuck,
    Tapped,
    Trigger,
    VisitBecomes,
)
from models.values.invalid_value import N_

On = TypeVar("On", bound=BaseTrigger, contravariant=True)
FACTS = {
    "paid_in_full": N_("заказ полностью оплачен"),
    "debt": N_("оплачено стало не всё"),
    "claim_open": N_("клиент предъявил претензию"),
    "claim_settled": N_("претензия улажена"),
}


class Words(Protocol[On]):
    """What a trigger says of itself."""

    def __call__(self, on: On, t: Translator) -> str: ...


WORDS: dict[type[BaseTrigger], Words[Any]] = {}


def words(*triggers: type[On]) -> Callable[[Words[On]], Words[On]]:
    """Register what these triggers say of themselves."""

    def register(said: Words[On]) -> Words[On]:
        WORDS.update(dict.fromkeys(triggers, said))
        return said

    return register


def missing() -> list[str]:
    """Each trigger of the language that has no words."""
    return [
        f"trigger `{name}`: nothing puts it into words (keyboards.notices.trigger_words, @words)"
        for name, trigger in TRIGGERS.words.items()
        if trigger not in WORDS
    ]


def when(on: Trigger, t: Translator) -> str:
    """When a robot with this trigger acts."""
    return WORDS[type(on)](on, t)


@words(Enter)
def _enter(on: Enter, t: Translator) -> str:
    return t("возвращение на эту стадию") if on.enter == "again" else t("переход на эту стадию")


@words(Stuck)
def _stuck(on: Stuck, t: Translator) -> str:
    return t("стадия не меняется {span}", span=t.span(on.stuck))


@words(OnDate)
def _date(on: OnDate, t: Translator) -> str:
    return t("по дате в карточке")


@words(Changed, FilledIn)
def _field(on: BaseTrigger, t: Translator) -> str:
    return t("поле заполнено или изменено")


@words(Closed)
def _closed(on: Closed, t: Translator) -> str:
    return t("закрыта задача")


@words(Lapsed)
def _lapsed(on: Lapsed, t: Translator) -> str:
    return t("изменилось то, о чём была задача")


@words(Tapped)
def _tapped(on: Tapped, t: Translator) -> str:
    return t("нажата кнопка")


@words(VisitBecomes)
def _visit(on: VisitBecomes, t: Translator) -> str:
    return t("выезд: {state}", state=t(visit_words.STATES[on.to]))


@words(Becomes)
def _becomes(on: Becomes, t: Translator) -> str:
    return t(FACTS[on.becomes])
