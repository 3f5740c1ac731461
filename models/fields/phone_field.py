"""A phone number."""

from __future__ import annotations

from typing import ClassVar, Literal

from models.fields.base import AnswerContext
from models.fields.groups import KeptAsIs
from models.values.invalid_value import N_, InvalidValue
from models.values.phone import parse_phone
from models.values.product_text import ProductText


class PhoneField(KeptAsIs):
    """A phone number, kept as +79123456789."""

    type: Literal["phone"]

    rank: ClassVar[int] = 4
    usually_personal: ClassVar[bool] = True
    usual_example: ClassVar[ProductText] = ProductText("+7 912 345-67-89")

    def parse(self, raw: str, context: AnswerContext) -> str:
        """Raise InvalidValue for what cannot be called."""
        return parse_phone(raw)

    def check(self, value: str, context: AnswerContext) -> None:
        """Any number will do."""

    def found_by(self, value: str) -> str:
        """Its digits."""
        return value

    def wrong_kind(self) -> InvalidValue:
        """A number is wanted."""
        return InvalidValue("phone.none", N_("Здесь нужен номер телефона: напишите его или пришлите контакт."))

    def read_contact(self, phone: str) -> str:
        """The number of a contact, which a phone writes without its plus."""
        if not any(ch.isdigit() for ch in phone):
            message = N_("В этом контакте нет номера телефона. Напишите номер.")
            raise InvalidValue("phone.contact", message, self.usual_example)
        return phone if phone.startswith(("+", "8")) else f"+{phone}"
