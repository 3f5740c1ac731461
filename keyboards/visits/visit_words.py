"""How booked visits read: a window as a button, why a time cannot be had, who can no longer come (K-19, K-20)."""

from __future__ import annotations

from datetime import date, datetime, time

from babel import dates

from keyboards.near_time import clock, near
from keyboards.translator import Translator
from models.entities import Deal
from models.errors import SlotTaken
from models.notices.visit_notices import VisitImpossible
from models.process.process import Process
from models.values.invalid_value import N_
from models.visits import Unavailable, Visit, VisitWindow

LABEL = 34
SHOWN = 2  # of the nearest windows that a refusal names: a toast has 200 characters
KINDS = {"off": N_("Выходной"), "leave": N_("Отпуск"), "sick": N_("Больничный")}
ICONS = {"off": "💤", "leave": "🏖", "sick": "🤒"}
AWAY = {
    "off": N_("{name}: выходной по {day} включительно."),
    "leave": N_("{name}: отпуск по {day} включительно."),
    "sick": N_("{name}: больничный по {day} включительно."),
}
STATES = {
    "wished": N_("назначен день"),
    "planned": N_("назначен"),
    "confirmed": N_("мастер подтвердил"),
    "under_way": N_("идёт"),
    "held": N_("состоялся"),
    "off": N_("отменён"),
}
SAID = frozenset({"confirmed", "under_way", "held"})  # states that say more than that there is a time
NO_LONGER = {
    None: N_("{name} работает теперь в другие часы. Перенесите выезд: {when}"),
    "gone": N_("{name} больше не работает. Перенесите выезд: {when}"),
    "off": N_("{name} берёт выходной: {days}. Перенесите выезд: {when}"),
    "leave": N_("{name} уходит в отпуск: {days}. Перенесите выезд: {when}"),
    "sick": N_("{name} на больничном: {days}. Перенесите выезд: {when}"),
}


def kind(name: str, t: Translator) -> str:
    """«Отпуск»."""
    return t(KINDS[name])


def window(one: VisitWindow, now: datetime, t: Translator, *, named: bool = True) -> str:
    """«завтра, 9:00 · Игорь Лукин», for a button; a long name is cut to its first word."""
    when = near(one.starts_at, now, t)
    if not named:
        return when
    label = f"{when} · {one.name}"
    return label if len(label) <= LABEL else f"{when} · {one.name.split()[0]}"[:LABEL]


def span(starts_at: datetime, ends_at: datetime, t: Translator) -> str:
    """«9:00–13:00»."""
    return f"{clock(starts_at, t)}–{clock(ends_at, t)}"


def visit(starts_at: datetime, ends_at: datetime, now: datetime, t: Translator) -> str:
    """«завтра, 9:00–13:00»."""
    return f"{near(starts_at, now, t)}–{clock(ends_at, t)}"


def clock_span(opens: time, closes: time) -> str:
    """«9:00–18:00»; the end of the day is 24:00."""
    return f"{_clock(opens)}–{_clock(closes) if closes != time(0) else '24:00'}"


def days(first: date, last: date, today: date, t: Translator) -> str:
    """«пт, 4 декабря», «1–7 декабря»; with the year if it is another one."""
    if first == last:
        return t.day(first, today=today)
    long, locale = ("d MMMM", "ru") if t.locale == "ru" else ("MMMM d", "en")
    if first.year != last.year or last.year != today.year:
        long += " y" if locale == "ru" else ", y"
    elif first.month == last.month:  # Babel's own intervals shorten the month to «нояб.»
        begin, end = ("d", long) if locale == "ru" else (long, "d")
        return f"{dates.format_date(first, begin, locale=locale)}–{dates.format_date(last, end, locale=locale)}"
    return " – ".join(dates.format_date(day, long, locale=locale) for day in (first, last))


def trouble(why: Unavailable, t: Translator) -> str:
    """One sentence: why not then (K-20)."""
    name = why.name
    match why.code:
        case "past":
            return t("Это время уже прошло.")
        case "absent":
            away = AWAY[why.kind] if why.kind else AWAY["off"]
            return t(away, name=name, day=t.day(why.until, today=why.until) if why.until else "")
        case "day_off":
            return t("{name}: в этот день выходной.", name=name)
        case "hours":
            hours = clock_span(why.opens, why.closes) if why.opens is not None and why.closes is not None else ""
            return t("{name}: в этот день работает {hours}.", name=name, hours=hours)
        case "held":
            until = clock(why.until_at, t) if why.until_at else ""
            if why.holder:
                return t("{name}: это время до {until} держит {holder}.", name=name, until=until, holder=why.holder)
            return t("{name}: это время до {until} держит другой сотрудник.", name=name, until=until)
        case "busy":
            return _busy(why, t)


def _busy(why: Unavailable, t: Translator) -> str:
    if why.starts_at is None or why.ends_at is None or why.number is None:
        return t("{name}: это время уже занято.", name=why.name)
    data = {"name": why.name, "number": why.number, "hours": span(why.starts_at, why.ends_at, t)}
    if why.road:
        return t("{name}: не останется времени на дорогу, {hours} — выезд по сделке № {number}.", **data)
    return t("{name}: уже занято, {hours} — выезд по сделке № {number}.", **data)


def of_deal(visit: Visit, process: Process, now: datetime, t: Translator) -> str:
    """«Монтаж, вт, 24 ноября, 10:00»; without an hour the day."""
    kind = process.visit_kinds.get(visit.name)
    title = t(kind.title) if kind else t("Выезд")
    if visit.starts_at is not None:
        return f"{title}, {t.moment(visit.starts_at, now=now)}"
    return f"{title}, {t.day(visit.day, today=now.astimezone(t.zone).date())}" if visit.day is not None else title


def off_line(visit: Visit, process: Process, now: datetime, t: Translator) -> str:
    """«Отменено: Монтаж, вт, 24 ноября, 10:00 — сделка закрыта»."""
    said = t("Отменено: {visit}", visit=of_deal(visit, process, now, t))
    return f"{said} — {t(visit.off_why)}" if visit.off_why else said


def off_lines(deal: Deal, process: Process, now: datetime, t: Translator) -> list[str]:
    """What of a deal's visits is called off, as long as nothing else has been agreed."""
    newest = [every[-1] for every in deal.visits.values()]
    off = [one for one in newest if one.state == "off" and (one.current or one.starts_at is not None)]
    return [off_line(one, process, now, t) for one in off]


def beside(deal: Deal, process: Process, field: str, t: Translator) -> str:
    """« · мастер подтвердил»: how it stands with the visit whose time the field shows, beyond that it was agreed."""
    kinds = (name for name, one in process.visits.items() if field in (one.slot, one.at))
    found = (one for name in kinds for one in deal.visits.get(name, ()) if one.current)
    return next((f" · {t(STATES[one.state])}" for one in found if one.state in SAID), "")


def taken(error: SlotTaken, t: Translator) -> str:
    """Why not, and the nearest free times, for a toast or above the question."""
    said = trouble(error.why, t)
    if not error.nearest:
        return said
    free = "; ".join(f"{t.moment(one.starts_at, now=one.starts_at)} — {one.name}" for one in error.nearest[:SHOWN])
    return " ".join((said, t("Ближайшее свободное: {free}", free=free)))


def no_longer(notice: VisitImpossible, now: datetime, t: Translator) -> str:
    """The message to whoever leads a deal: the person who was to come cannot."""
    # by date: «завтра», written at night and read in the morning, would be another day
    when, away = t.moment(notice.starts_at, now=now), ""
    if notice.first_on and notice.last_on:
        away = days(notice.first_on, notice.last_on, now.astimezone(t.zone).date(), t)
    return t(NO_LONGER[notice.why], name=notice.name, days=away, when=when)


def _clock(one: time) -> str:
    return f"{one.hour}:{one:%M}"
