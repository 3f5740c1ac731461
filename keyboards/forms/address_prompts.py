"""An address: one line is read in parts, shown for correction, and what is missing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.forms.address_answer_callbacks import CorrectPart, MarkPartEmpty, MarkPrivateHouse
from keyboards.callbacks.forms.question_callbacks import ConfirmAnswer
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, in_rows, screen
from keyboards.screen import EMPTY, Line, Screen, bold, line
from keyboards.translator import Translator
from models.fields.address_field import OPTIONAL_PARTS, PART_TITLES, AddressField
from models.values.addresses.address import Address
from models.values.addresses.address_parts import NONE

PARTS = tuple(PART_TITLES)


def whole(t: Translator, ask: Question) -> Screen:
    """The first question: everything in one line."""
    private = buttons.button(t("Частный дом"), MarkPrivateHouse(ask.step))
    how = t("Напишите одной строкой — разберу сам. Можно прислать геопозицию.")
    return screen(t, ask, (private,), how=how)


def part(t: Translator, ask: Question, known: Address, asked: str, *, needed: bool) -> Screen:
    """One part that is missing or is being corrected."""
    question = t("Осталось указать: ") if needed else t("Исправляем: ")
    rows = []
    if asked in OPTIONAL_PARTS:
        rows.append(buttons.button(t("Нет"), MarkPartEmpty(ask.step, asked)))
    if not known.private:
        rows.append(buttons.button(t("Частный дом"), MarkPrivateHouse(ask.step)))
    return screen(t, ask, rows, lines=[EMPTY, *_stated(t, known), line(question, bold(t(PART_TITLES[asked])))])


def confirm(t: Translator, ask: Question, known: Address, parts: Sequence[str]) -> Screen:
    """Everything that was understood; any part can be corrected."""
    shown = [name for name in PARTS if getattr(known, name) or name in parts]
    found = [buttons.button("✎ " + t(PART_TITLES[name]), CorrectPart(ask.step, name)) for name in shown]
    yes = buttons.button(t("Верно"), ConfirmAnswer(ask.step), colour="success")
    lines = [EMPTY, line(t("Понял так:")), *_stated(t, known)]
    return screen(t, ask, (yes,), *in_rows(found), lines=lines)


def _stated(t: Translator, known: Address) -> list[Line]:
    out = [line(t("Частный дом"))] if known.private else []
    for name in PARTS:
        value = getattr(known, name)
        if value and not (known.private and value == NONE):
            out.append(line(t(PART_TITLES[name]).capitalize(), ": ", bold(t(NONE) if value == NONE else value)))
    if known.note:
        out.append(line(t("Примечание"), ": ", bold(known.note)))
    return out


@field_words.shows(AddressField)
def _words(t: Translator, one: AddressField, typed: Address, reading: Reading) -> str:
    """«Казань, ул. Баумана, д. 7, кв. 12»."""
    return typed.one_line()


@field_words.samples(AddressField)
def _sample(t: Translator, one: AddressField, now: datetime) -> str:
    return field_words.value(t, one, Address(city=t("Москва"), street=t("ул. Ленина"), house="5", flat="12"))
