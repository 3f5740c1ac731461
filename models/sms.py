"""A message to a client's phone as it stands: written, on its way, delivered or not (K-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from models.ids import DealId, SmsId
from models.states import SmsState
from models.values.invalid_value import N_
from models.values.product_text import ProductText

WAITING: Final = "waiting"
SENDING: Final = "sending"
SENT: Final = "sent"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
DOUBT: Final = "doubt"
PRACTICE: Final = "practice"
AGAIN: Final = "again"
DROPPED: Final = "dropped"
ON_ITS_WAY = frozenset[SmsState]({WAITING, SENDING})
REPEATABLE = frozenset[SmsState]({FAILED, DOUBT})

# why not, where Verstak says it, in the next lines perhaps about what; a provider's own words stand as they came
NO_GATEWAY = N_("SMS-шлюз не настроен")
NO_PHONE = N_("нет телефона клиента")
NO_ANSWER = N_("шлюз не отвечает")
TOO_LATE = N_("отправлять уже поздно")
VISIT_FIRST = N_("визит начнётся раньше, чем можно отправить SMS: позвоните клиенту")
VISIT_BEGAN = N_("визит уже начался")
DAY_FIRST = N_("названный день пройдёт раньше, чем можно отправить SMS: позвоните клиенту")
DAY_OVER = N_("названный день уже прошёл")
EMPTY = N_("в карточке не хватает данных для текста")
BROKEN = N_("внутренняя ошибка, она записана в журнал")
NOT_KNOWN = N_("связь со шлюзом оборвалась на отправке")
WORK_PHONE, PHONE, NAME, RESPONSIBLE = N_("рабочий телефон"), N_("телефон"), N_("имя"), N_("Ответственный")  # it lacks
OWN_WORDS = frozenset(
    {NO_GATEWAY, NO_PHONE, NO_ANSWER, TOO_LATE, VISIT_FIRST, VISIT_BEGAN, DAY_FIRST, DAY_OVER, EMPTY, BROKEN, NOT_KNOWN}
)


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """`text` has its placeholders until `parts` is known: it is filled in just before it goes."""

    id: SmsId
    deal_id: DealId
    phone: str
    text: str
    parts: int
    rule: str
    state: SmsState
    provider_id: str | None
    failure: str | None
    at: datetime
    sent_at: datetime | None
    state_at: datetime | None
    author: str | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> SmsMessage:
        return cls(
            row.id, row.deal_id, row.phone, row.text, row.parts, row.rule, row.state, row.provider_id, row.failure,
            row.at, row.sent_at, row.state_at, row.author,
        )  # fmt: skip

    @property
    def unfilled(self) -> ProductText | None:
        """The process file's text while its places are open; what is filled in holds a person's words."""
        return None if self.parts else ProductText(self.text)  # the row was written with the file's text

    @property
    def key(self) -> str:
        """The id that a provider knows it by: the same at every attempt, another one in every database."""
        return f"v{self.id}-{int(self.at.timestamp())}"
