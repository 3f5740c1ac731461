"""`python -m tests.bench.parsers`: how long each reader of typed text takes for hostile texts; it only prints.

A grammar that begins anew at each place of a text takes the square of its length, or worse, and the loop stands still
meanwhile, for everybody. Telegram brings up to 4,096 characters; each reader is to take at most 100 ms for 4,000.
What must hold on a busy machine too, by counting: tests/models/values/test_hostile_texts.py.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot import log
from handlers.people import preferences
from models.engine.deal_state import Moment
from models.fields import answers
from models.fields.address_field import AddressField
from models.fields.base import AnswerContext, Field, all_types
from models.fields.text_field import TextField
from models.process import asked_tasks
from models.process.actions import AskFields
from models.search import said_ranges, search_words
from models.values import (
    clean_text,
    clock_time,
    day_hours,
    duration,
    money,
    money_doubts,
    opening_hours,
    person_name,
    phone,
    sms_parts,
    title_match,
    yesno,
)
from models.values.addresses import address
from models.values.addresses.address_parts import Address
from models.values.dates import date_doubts, date_phrases, date_spans, step_phrases, visit_phrases
from models.values.work_calendar import WorkCalendar
from services import sheet_export
from services.clients import lead_words
from services.documents import paper_items, personal_names, requisite_cleaning, requisite_values, requisites
from services.files import incoming_files
from services.register import register_file
from services.search import search_terms
from services.tasks import checklist_lines, next_steps
from services.visits import visit_reports

BAR = 0.1  # seconds
LENGTH = 4000
MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=MOSCOW)
CONTEXT = AnswerContext(Moment(NOW.astimezone(UTC), WorkCalendar(MOSCOW)), people={1: "Мария Иванова", 2: "Пётр"})
Reader = Callable[[str], Any]

# What is repeated. Most of them begin what some grammar looks for, and never end it.
PIECES: Mapping[str, str] = {
    "digits": "1", "spaced digits": "1 ", "dotted digits": "1.", "commas": "1,", "dashes": "1-", "bare dashes": "-",
    "spaced dashes": " - ", "slashes": "1/", "colons": "1:", "brackets": "(", "pairs": "()", "square": "[",
    "braces": "{", "half placeholders": "{a ", "placeholders": ":{a}", "spaces": " ", "tabs": " \t", "lines": "\n",
    "quotes": "«", "plus": "+7", "phones": "8 912 345 ", "letters": "а", "words": "аб ", "capitals": "Ая ",
    "latin": "ab ", "dots": "а.", "at": "a@", "mails": "a@b.", "emoji": "😀", "accents": "e\u0301",
    "ligature": "\ufdfa", "zero width": "\u200b", "surrogates": "\ud83d", "nul": "\x00", "other digits": "٣",
    "to": "1 по ", "and": "1 и ", "until": " до ", "from": "с 9 до ", "in": "через ", "days": "завтра ",
    "months": "1 марта ", "weekdays": "в пятницу ", "hours": "в 10 ", "units": "1 млн ", "thousands": "1 000 ",
    "kopecks": "1 коп ", "houses": "1к1 ", "flats": "кв. ", "streets": "ул. ", "a street": "ул. а ", "city": "г. ",
    "a city": "г. а", "dashed words": "а-", "villages": "д. а ", "intercoms": "домофон ",
    "people": "Иванов Иван Иванович ", "initials": "А.А.", "posts": "директор ", "inn": "инн ", "accounts": "р/с ",
    "accounts in": "р/с 1 в ", "basis": "на основании ", "bank": "в ", "acting": "действующего(", "commands": "/",
    "html": "<b>", "amps": "&amp;", "percent": "%", "tokens": "bot1:", "long numbers": "123456:", "lists": "1,а;",
    "items": "а — 1 шт — ", "yes": "да ",
}  # fmt: skip
# What may stand before or behind the repeated piece, so that the grammar goes in, or fails at the very end.
HEADS = ("", "1", "с ", "ул. Мира ", "р/с 40702810938000012345", "+")
TAILS = ("", "!", "1 марта", " x")


def hostile(length: int = LENGTH) -> dict[str, str]:
    """Texts of so many characters, by what they are made of."""
    found = {}
    for name, piece in PIECES.items():
        for head in HEADS:
            for tail in TAILS:
                room = length - len(head) - len(tail)
                found[f"{head!r} {name} {tail!r}"] = head + (piece * (room // len(piece) + 1))[:room] + tail
    return found


def _fields() -> dict[str, Reader]:
    """Each type of field, as its question reads an answer."""
    more: dict[str, Any] = {
        "choice": {"options": {"one": "Один", "two": "Два"}},
        "person": {"role": "manager"},
        "payment": {"of": "sum"},
    }
    found: dict[str, Reader] = {}
    for word, kind in all_types().items():
        field = kind.model_construct(type=word, title="Поле", **more.get(word, {}))
        found[f"models.fields.{word}"] = _answer(field)
    return found


def _answer(field: Field) -> Reader:
    return lambda raw: answers.parse(field, raw, CONTEXT)


def _name(text: str) -> Any:
    person_name.is_same.__wrapped__(text, text)  # without its memory, which would make the second look cheap
    return personal_names.genitive_name(text), personal_names.initials(text), personal_names.genitive_post(text)


def readers() -> dict[str, Reader]:
    """Everything that reads typed text, by module and name."""
    part = AddressField(type="address", title="Адрес")
    text = TextField(type="text", title="Имя")
    return {
        "models.search.said_ranges.read": lambda raw: said_ranges.read(raw, NOW.date()),
        "models.values.addresses.address.parse_address": address.parse_address,
        "models.values.clean_text.clean": clean_text.clean,
        "models.values.clean_text.one_line": clean_text.one_line,
        "models.values.clean_text.squeeze": clean_text.squeeze,
        "models.values.clock_time.parse_clock": clock_time.parse_clock,
        "models.values.dates.date_doubts.is_next_year": lambda raw: date_doubts.is_next_year(
            raw, date(2027, 1, 1), NOW.date()
        ),
        "models.values.dates.date_doubts.is_relative": date_doubts.is_relative,
        "models.values.dates.date_phrases.parse_date": lambda raw: date_phrases.parse_date(raw, NOW.date()),
        "models.values.dates.date_phrases.parse_moment": lambda raw: date_phrases.parse_moment(raw, NOW),
        "models.values.dates.date_spans.parse_days": lambda raw: date_spans.parse_days(raw, NOW.date()),
        "models.values.dates.step_phrases.is_asked": step_phrases.is_asked,
        "models.values.dates.step_phrases.read": lambda raw: step_phrases.read(raw, NOW),
        "models.values.dates.visit_phrases.find_visit": lambda raw: visit_phrases.find_visit(raw, NOW),
        "models.values.day_hours.parse_day_hours": day_hours.parse_day_hours,
        "models.values.duration.parse_duration": duration.parse_duration,
        "models.values.money.parse_money": money.parse_money,
        "models.values.money_doubts.is_bare": money_doubts.is_bare,
        "models.values.opening_hours.parse": opening_hours.parse,
        "models.values.person_name.cleaned": person_name.cleaned,
        "models.values.phone.parse_phone": phone.parse_phone,
        "models.values.phone.find_phones": phone.find_phones,
        "models.values.phone.format_phone": phone.format_phone.__wrapped__,
        "models.values.sms_parts.fit": lambda raw: sms_parts.fit(sms_parts.plain(raw)),
        "models.values.title_match.alike": lambda raw: title_match.alike(raw, {1: "Один", 2: raw[:100]}),
        "models.values.yesno.parse_yes_no": yesno.parse_yes_no,
        **_fields(),
        "models.fields.address part": lambda raw: part.parse_part("house", raw, Address()),
        "models.fields.text name": lambda raw: text.parse(raw, AnswerContext(CONTEXT.moment, is_name=True)),
        "models.process.asked_tasks.title_of": lambda raw: asked_tasks.title_of(
            AskFields.model_construct(text=raw, ask=("a",))
        ),
        "services.tasks.next_steps.read_words": next_steps.read_words,
        "services.documents.requisite_cleaning.cleaned": lambda raw: [
            requisite_cleaning.cleaned(name, raw) for name in requisites.TITLES
        ],
        "services.documents.requisite_cleaning.person_apart": requisite_cleaning.person_apart,
        "services.documents.requisite_cleaning.read_card": requisite_cleaning.read_card,
        "services.documents.requisite_values.read_value": _every_requisite,
        "services.documents.requisites.with_card": lambda raw: requisites.with_card(requisites.Requisites(), raw),
        "services.documents.personal_names": _name,
        "services.documents.paper_items.read": lambda raw: paper_items.read(raw, Decimal(1)),
        "services.tasks.checklist_lines.read": lambda raw: checklist_lines.read(raw, ["Один"]),
        "models.search.search_words.near": search_words.near,
        "models.search.search_words.tokens": lambda raw: search_words.tokens(raw, 60),
        "services.clients.lead_words.read": lead_words.read,
        "services.search.search_terms.read": lambda raw: list(
            search_terms.readings(search_terms.read(raw, ("Счёт на доплату",)), list)
        ),
        "services.sheet_export.safe": sheet_export.safe,
        "services.register.register_file.deal_number": register_file.deal_number,
        "services.register.register_file.bare": register_file.bare,
        "services.register.register_file.CLOCK": lambda raw: register_file.CLOCK.sub("", raw),
        "services.files.incoming_files.FORBIDDEN": lambda raw: incoming_files.FORBIDDEN.sub(" ", raw),
        "services.visits.visit_reports.LATE": visit_reports.LATE.search,
        "handlers.people.preferences.parse_hours": preferences.parse_hours,
        "bot.log.cut": log.cut,
        "bot.log.reason": lambda raw: log.reason(ValueError(raw)),
    }


def _every_requisite(raw: str) -> None:
    refused: ValueError | None = None
    for name in requisites.TITLES:
        try:
            requisite_values.read_value(name, raw)
        except ValueError as wrong:
            refused = wrong
    if refused is not None:
        raise refused


def read(reader: Reader, text: str) -> None:
    """Read it; a refusal (a ValueError) is an answer too."""
    try:
        reader(text)
    except ValueError:
        return


def slowest(reader: Reader, texts: Mapping[str, str]) -> tuple[float, str]:
    """(Seconds of processor time for the worst of the texts, which one)."""
    worst = (0.0, "")
    for name, text in texts.items():
        begun = time.thread_time()
        read(reader, text)
        worst = max(worst, (time.thread_time() - begun, name))
    return worst


def main() -> None:
    texts = hostile()
    wanted = sys.argv[1:]
    print(f"{len(texts)} texts of {LENGTH} characters; the bar is {BAR * 1000:.0f} ms")
    for name, reader in readers().items():
        if not wanted or any(word in name for word in wanted):
            seconds, text = slowest(reader, texts)
            print(f"{'SLOW' if seconds > BAR else '    '} {seconds * 1000:8.1f} ms  {name:60} {text}", flush=True)


if __name__ == "__main__":
    main()
