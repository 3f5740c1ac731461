"""«SMS клиентам» for the owner: the gateway, how it is doing, and every text with what it costs (K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from keyboards import buttons, time_words
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.callbacks.sms_callbacks import OpenSmsSettings
from keyboards.forms import field_words
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, quote
from keyboards.sms import sms_list
from keyboards.translator import Translator
from models.fields.groups import DateLike, PersonNaming
from models.process.actions import SendSms as SmsAction
from models.process.checks import walk
from models.process.process import Process
from models.sms import SmsMessage
from models.values import sms_parts
from models.values.invalid_value import N_
from models.values.product_text import ProductText

PAGE = 5
# a believable deal, for the length of the texts
PEOPLE = {
    "client": N_("Мария Иванова"),
    "deal": N_("Кухня угловая"),
    "responsible": N_("Анна Серова"),
    "number": ProductText("2026-0104"),
}


@dataclass(frozen=True, slots=True)
class SmsTextLine:
    """A text of a process, and where it stands: the titles of its line and stage."""

    process: Process
    place: tuple[ProductText, ...]
    text: ProductText


def written(process: Process) -> list[SmsTextLine]:
    """Every SMS of a process: those of its stages' robots, then those of its tasks. Practice sends nothing."""
    found = []
    for _, place, _, action in walk.actions(process):
        if isinstance(action, SmsAction) and not (place and process.direction(place[0]) == "practice"):
            stage = process.find_stage(*place) if place else None
            line_ = process.pipelines[place[0]].title if place else process.title
            found.append(SmsTextLine(process, (line_, stage.title) if stage else (line_,), action.sms))
    return found


def screen(
    provider: str | None,
    last: SmsMessage | None,
    texts: Sequence[SmsTextLine],
    page: int,
    now: datetime,
    t: Translator,
    spoken: Translator,
) -> Screen:
    """The gateway above, then a page of texts, as a client reads them: `spoken` is the company's language."""
    lines: list[Line] = [line("📨 ", bold(t("SMS клиентам"))), *_gateway(provider, last, now, t), EMPTY]
    lines.append(line(t("В одном SMS 70 знаков кириллицей, в длинном — по 67 на каждую часть. Считаю на примере.")))
    if not texts:
        lines.append(line(t("В процессах нет ни одного SMS.")))
    shown = texts[page * PAGE : (page + 1) * PAGE]
    for one in shown:
        lines += _text(one, now, t, spoken)
    pages = -(-len(texts) // PAGE)
    turns: list[Button] = []
    if page > 0:
        turns.append(buttons.button("‹", OpenSmsSettings(page - 1)))
    if page + 1 < pages:
        turns.append(buttons.button("›", OpenSmsSettings(page + 1)))
    rows = (tuple(turns),) if turns else ()
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenSettings()), buttons.home(t))))


def _gateway(provider: str | None, last: SmsMessage | None, now: datetime, t: Translator) -> list[Line]:
    if provider is None:
        return [
            line(t("Шлюз не настроен: SMS не уходят, а ответственный получает готовый текст.")),
            line(t("Адрес шлюза задаёт SMS_URL в настройках на сервере.")),
        ]
    out = [line(t("Шлюз: {name}", name=provider))]
    if last is not None:
        when = t.moment(last.state_at or last.at, now=now)
        out.append(line(t("Последнее SMS: {state}, {when}", state=sms_list.state(last.state, t), when=when)))
        out += [line(t("Причина: {reason}", reason=sms_list.reason(last.failure, t)))] if last.failure else []
    return out


def _text(one: SmsTextLine, now: datetime, t: Translator, spoken: Translator) -> list[Line]:
    said = sms_parts.plain(spoken.sentence(one.text, example(one.process, spoken, now)))
    cost = sms_parts.count(said)
    length = t.plural("{n} знак", "{n} знаков", cost.length)
    parts = t.plural("{n} SMS", "{n} SMS", cost.parts)
    spare = t("свободно {n}", n=cost.left)
    place = " · ".join(t(title) for title in one.place)
    out = [EMPTY, line(bold(place)), quote(said), line(f"{length} · {parts} · {spare}")]
    if cost.parts > sms_parts.MOST_PARTS:
        out.append(line("⚠️ ", t("Длиннее {n} SMS: лишнее отрежу", n=sms_parts.MOST_PARTS)))
    return out


def example(process: Process, t: Translator, now: datetime) -> dict[str, str]:
    """A value for every placeholder that a text may have."""
    fields = {name: field_words.sample(t, field, now) for name, field in process.fields.items()}
    money = {"paid": t.money(Decimal(75000)), "balance": t.money(Decimal(75000)), "was": t.moment(now)}
    stage = next(iter(process.every_stage))[2].title
    named = ["responsible", *(name for name, field in process.fields.items() if isinstance(field, PersonNaming))]
    whose = {f"{name}_who": t("Игорь Лукин") for name in named} | {
        f"{name}_phone": t.phone("+79120000001") for name in named
    }
    whens = {
        name: word
        for key, one in process.fields.items()
        if isinstance(one, DateLike)
        for name, word in ((f"{key}_when", t("завтра в {time}", time="10:00")), (f"{key}_day", t("завтра")))
    }
    stays = {"days_here": time_words.stood(1, t, working=False), "day_here": time_words.nth(2, t, working=False)}
    people = {name: t(value) for name, value in PEOPLE.items()}
    return {**money, **fields, **whose, **whens, **stays, **people, "stage": t(stage)}
