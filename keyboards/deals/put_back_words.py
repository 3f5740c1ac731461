"""How it reads that something was put back: to who did it, and to colleagues who had heard otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keyboards import buttons
from keyboards.deals.deal_view import DealView
from keyboards.near_time import cut
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents
from keyboards.screen import Line, Rows, Screen, line
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.entities import Task
from models.notices.deal_notices import PutBackTold
from models.process.process import Process
from models.sms import SmsMessage
from models.undo import DealBefore
from models.values.product_text import StoredTitle
from models.visits import Visit

LONGEST_SMS = 120


@presents(PutBackTold)
class PutBackWords(NoticeWords[PutBackTold]):
    """A colleague has put back what the reader had heard of; how it stands now is told below (`handlers`)."""

    icon = "↩︎ "

    def said(self, view: NoticeView, notice: PutBackTold, t: Translator) -> str:
        time = f"{notice.at.astimezone(t.zone):%H:%M}"
        return t("Отменено: {name}, {time}", name=view.sender, time=time)

    def rows(self, view: NoticeView, notice: PutBackTold, t: Translator) -> Rows:
        return ((buttons.home(t),),) if view.shut else ((open_button(view, t),),)


def toast(view: DealView, before: DealBefore, t: Translator) -> str:
    """«Отменено. Сделка снова на стадии «Просчёт»»; else what is as it was: «Отменено: Монтаж, Адрес»."""
    if before.moved:
        return t("Отменено. Сделка снова на стадии «{stage}»", stage=t(view.stage.title))
    shown = named(view, tuple(before.fields), before.visit_names, t, led=before.led)
    shown = shown or ", ".join(t.title(one.title) for one in view.tasks if _is_open_again(before, one.id))
    return t("Отменено: {fields}", fields=cut(shown, 150)) if shown else t("Отменено, всё как было")


def _is_open_again(before: DealBefore, task: int) -> bool:
    state = before.rows_of("tasks").changed.get(task, {}).get("state")
    return state is not None and state[0] == "open"


def named(view: DealView, fields: Sequence[str], visits: Sequence[str], t: Translator, *, led: bool) -> str:
    """What was put back, by titles; nothing of what is hidden from the reader."""
    kinds = view.process.visit_kinds
    titles = [t(kinds[name].title) for name in visits if name in kinds]
    titles += [t(view.fields[name].title) for name in fields if name in view.fields]
    return ", ".join([*titles, t("ответственный")] if led else titles)


def left(messages: Iterable[SmsMessage], made: Iterable[tuple[str, str]], process: Process, t: Translator) -> list[str]:
    """What has left all the same: nobody can call it back, so it is named. `made`: papers by name and number."""
    said = [t("⚠️ SMS клиенту уже ушла: «{text}»", text=cut(one.text, LONGEST_SMS)) for one in messages]
    for name, number in made:
        described = process.papers.get(name)
        title = t(described.title) if described is not None else name
        said.append(t("📄 Документ остаётся в сделке: {paper} № {number}", paper=title, number=number))
    return said


@dataclass(frozen=True, slots=True)
class AsItStands:
    """What a reader is told after something was put back: the newest of the deal's visits by name, those that it was
    about (`names`) and his own; whether he was to come to them (`concerned`); his open `tasks`, the titles of those
    that are `off` again; fields that changed, by title, as they are; if it was about who leads the deal (`led`), who
    does."""

    process: Process | None
    visits: tuple[Visit, ...]
    names: tuple[str, ...]
    me: int
    concerned: bool
    field_staff: bool
    tasks: tuple[Task, ...]
    off: tuple[StoredTitle, ...]
    fields: tuple[tuple[str, str], ...]
    led: bool
    leads: str | None


def as_it_stands(screen: Screen, now_so: AsItStands, now: datetime, t: Translator) -> Screen:
    """The message with what is true now below it."""
    lines = [
        *_visits(now_so, now, t),
        *(line("📝 ", f"{title}: {shown}") for title, shown in now_so.fields),
        *(line("✅ ", f"{t.title(one.title)} — {t.moment(one.due_at, now=now)}") for one in now_so.tasks),
        *(line("🚫 ", t("Задача снята: {task}", task=t.title(one))) for one in now_so.off),
        *([line("🧑‍💼 ", t("Ответственный: {name}", name=now_so.leads or t("никто")))] if now_so.led else []),
    ]
    return replace(screen, lines=(*screen.lines, *lines))


def _visits(now_so: AsItStands, now: datetime, t: Translator) -> list[Line]:
    """«Монтаж остаётся: ср, 2 декабря, 9:00–13:00»; for who was to come and does not, that he need not."""
    process = now_so.process
    known = {one.name: one for one in now_so.visits}
    own = [name for name, one in known.items() if now_so.me in one.people and _is_on(one, now)]
    others = [] if now_so.field_staff and not now_so.concerned else now_so.names
    names = dict.fromkeys([*others, *own])
    return [_visit(process, name, known.get(name), now_so, now, t) for name in names] if process is not None else []


def _is_on(visit: Visit, now: datetime) -> bool:
    """Whether somebody is to come, or is there."""
    return visit.is_agreed() and visit.last_ends_at is not None and visit.last_ends_at > now


def _visit(process: Process, name: str, visit: Visit | None, now_so: AsItStands, now: datetime, t: Translator) -> Line:
    kind = process.visit_kinds.get(name)
    title = t(kind.title) if kind is not None else t("Выезд")
    if visit is None or not _is_on(visit, now) or visit.starts_at is None or visit.ends_at is None:
        return line("🗓 ", t("{visit}: время пока не назначено", visit=title))
    when = visit_words.visit(visit.starts_at, visit.ends_at, now, t)
    if now_so.me in visit.people or not now_so.concerned:
        return line("🗓 ", t("{visit} остаётся: {when}", visit=title, when=when))
    return line("🗓 ", t("{visit}: {when}, вам ехать не нужно", visit=title, when=when))
