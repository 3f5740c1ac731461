"""Messages that the bot sends by itself: reminders, escalations with buttons that act, requests, digests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from keyboards import buttons, field_chat
from keyboards.callbacks.deal_callbacks import ChooseResponsible, HandOver, MoveDeal, OpenDeal
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.notice_callbacks import AnswerRobot, ChoosePutOff, ExplainNotice, OpenNotice, PutOffEscalation
from keyboards.callbacks.task_callbacks import ListTasks, OpenCallList, OpenTask
from keyboards.deals import onboarding
from keyboards.people import roles
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.sms import sms_notices
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.entities import Deal
from models.ids import DealId, EmployeeId, NoticeId, TaskId

SPOKEN = field_chat.KINDS | {"unheard", "put_off"}  # by a person, in his words


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person, with the deal as it stands at delivery."""

    id: NoticeId
    kind: str
    text: str
    rule: str
    meant_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    deal: Deal | None = None
    client: str = ""
    stage: str = ""
    sender: str = ""
    values: dict[str, str] = field(default_factory=dict)


def filled(notice: Notice, t: Translator) -> str:
    """The rule's text with the deal's values in it; what a person wrote stays as it is, braces and all."""
    return notice.text if notice.kind in SPOKEN else t(notice.text, **notice.values)


def single(notice: Notice, now: datetime, t: Translator, *, repeat: bool = False) -> Screen:
    """A message of its own."""
    lines = [*_body(notice, t), *_marks(notice, now, t, repeat=repeat)]
    screen = Screen(tuple(lines), _rows(notice, t))
    return field_chat.dressed(notice, screen) if notice.kind in field_chat.KINDS else screen


def _body(notice: Notice, t: Translator) -> list[Line]:
    said = filled(notice, t)
    match notice.kind:
        case "escalation":
            who = line(t("Ответственный: {name}", name=notice.sender or t("никто")))
            return [line("🔴 ", bold(said)), _about(notice, said), who]
        case "withdrawn":
            return [line("🚫 ", bold(t("Задача снята: {task}", task=said))), _about(notice, "")]
        case "assigned":
            is_lead = notice.deal is not None and notice.deal.kind == "lead"
            given = t("Вам передали лид") if is_lead else t("Вам передали сделку")
            return [line("📌 ", bold(given)), _about(notice, "")]
        case "taken":
            return [line("📌 ", bold(t("Задачу передали другому: {task}", task=t(notice.text)))), _about(notice, "")]
        case "put_off":
            said = t("{name} в третий раз откладывает задачу «{task}»", name=notice.sender, task=_put_off(notice, t))
            return [line("⏰ ", bold(said)), _about(notice, said), line(t("Причина: {text}", text=notice.text))]
        case "called_off":
            when = t.moment(datetime.fromisoformat(notice.payload["starts_at"]), now=notice.meant_at)
            return [line("🚫 ", bold(t("Выезд отменён: {when}", when=when))), _about(notice, "")]
        case "away":
            return [line("⚠️ ", bold(visit_words.no_longer(notice.payload, notice.meant_at, t))), _about(notice, "")]
        case kind if kind in field_chat.KINDS:
            icon, spoken = field_chat.head(notice, t)
            return [line(icon, bold(spoken)), _about(notice, spoken)]
        case "unheard":
            return [line("📵 ", bold(field_chat.unheard(notice, t))), _about(notice, "")]
        case kind if kind in sms_notices.KINDS:
            head, *more = sms_notices.body(notice, t)
            return [head, _about(notice, ""), *more]
        case "unsaved":
            name = str(notice.payload.get("name", ""))
            return [
                line("📎 ", bold(t("Файл «{name}» не удалось сохранить, пришлите его ещё раз", name=name))),
                _about(notice, ""),
            ]
        case "blocked":
            return [line("🔒 ", bold(t("Робот не смог сменить стадию"))), _about(notice, "")]
        case _:
            return [line("🔔 ", bold(said)), _about(notice, said)]


def _put_off(notice: Notice, t: Translator) -> str:
    return t.title(str(notice.payload.get("title", "")))


def _about(notice: Notice, said: str) -> Line:
    """Which deal it is about; its title is not said twice."""
    deal = notice.deal
    if deal is None:
        return ()
    place = f"№ {deal.number} · {notice.stage}"
    return line(place if deal.title in said else f"{deal.title} · {place}")


def _marks(notice: Notice, now: datetime, t: Translator, *, repeat: bool) -> list[Line]:
    out: list[Line] = []
    if notice.payload.get("practice"):
        out.append(onboarding.mark(t, roles.title(str(notice.payload.get("instead") or ""), t)))
    if notice.payload.get("instead_of"):
        out.append(
            line(t("Адресат — {name}, но сообщение не дошло, поэтому пишу вам", name=notice.payload["instead_of"]))
        )
    if notice.payload.get("late"):
        out.append(line(t("Опоздало. Должно было прийти: {when}", when=t.moment(notice.meant_at, now=now))))
    if repeat:
        out.append(line(t("Возможно, повтор")))
    return out


def _rows(notice: Notice, t: Translator) -> tuple[tuple[Button, ...], ...]:
    deal = notice.deal
    if deal is None:
        return ((buttons.home(t),),)
    job = notice.payload.get("job")
    to = OpenTask(TaskId(int(job))) if job else OpenDeal(deal.id)
    open_ = buttons.button(t("Открыть"), to, colour="primary")
    match notice.kind:
        case "escalation":
            return (
                (open_, buttons.button(t("Передать"), ChooseResponsible(deal.id))),
                (
                    buttons.button(t("Спросить менеджера"), AskManager(deal.id)),
                    buttons.button(t("Отложить"), ChoosePutOff(deal.id, notice.id)),
                ),
                (buttons.button(t("Почему мне это пришло?"), ExplainNotice(notice.id)),),
            )
        case "withdrawn":
            return ((buttons.button(t("📋 Мои задачи"), ListTasks()),),)
        case "ask":
            return (
                (buttons.button(t("Ответить"), AnswerRobot(notice.id), colour="success"), open_),
                (buttons.button(t("Почему мне это пришло?"), ExplainNotice(notice.id)),),
            )
        case "taken" | "called_off":
            return ((buttons.home(t),),)
        case "put_off":
            task = buttons.button(t("К задаче"), OpenTask(TaskId(int(notice.payload["task"]))), colour="primary")
            return (
                (task, buttons.button(t("Спросить менеджера"), AskManager(deal.id))),
                (
                    buttons.button(t("Передать"), ChooseResponsible(deal.id)),
                    buttons.button(t("К сделке"), OpenDeal(deal.id)),
                ),
            )
        case kind if kind in field_chat.KINDS:
            return field_chat.rows(notice, open_, t)
        case kind if kind in sms_notices.KINDS:
            return sms_notices.rows(notice, t)
        case "blocked":
            return ((buttons.button(t("Что мешает"), MoveDeal(deal.id, None, notice.payload["stage"])), open_),)
        case "note" if notice.payload.get("shut"):
            return ((buttons.button(t("Почему мне это пришло?"), ExplainNotice(notice.id)), buttons.home(t)),)
        case "note":
            return ((open_,), (buttons.button(t("Почему мне это пришло?"), ExplainNotice(notice.id)),))
        case _:
            return ((open_,),)


def digest(notices: Sequence[Notice], now: datetime, t: Translator, *, repeat: bool = False) -> Screen:
    """Many messages due at once arrive as one, with a button for each (wish 15)."""
    lines: list[Line] = [line("🗂 ", bold(t.plural("Для вас {n} сообщение", "Для вас {n} сообщений", len(notices))))]
    rows: list[tuple[Button, ...]] = []
    for place, one in enumerate(notices, 1):
        lines.append(_digest_line(one, place, t))
        lines += _marks(one, now, t, repeat=False)
        rows.append((_digest_button(one, place, t),))
    if repeat:
        lines.append(line(t("Возможно, повтор")))
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))


def _digest_line(one: Notice, place: int, t: Translator) -> Line:
    """What the message says in one sentence, and about which deal, unless the sentence names it."""
    icon, *rest = (piece if isinstance(piece, str) else piece.text for piece in _body(one, t)[0])
    icon, said = {"task": "📋 ", "list": "📞 "}.get(one.kind, icon), "".join(rest) or one.stage
    names = (one.deal.title, one.values.get("client", "")) if one.deal is not None else ()
    if one.deal is not None and not any(name and name in said for name in names):
        said = f"{one.deal.title}. {said}"
    return line(f"{place}. {icon}{said}")


def _digest_button(one: Notice, place: int, t: Translator) -> Button:
    title = one.deal.title if one.deal else filled(one, t)
    label = f"{place}. {title}"[:40]
    match one.kind:
        case "task" if one.payload.get("task"):
            return buttons.button(label, OpenTask(TaskId(int(one.payload["task"]))))
        case "list":
            return buttons.button(label, OpenCallList.of_notice(one.id))
        case "ask":
            return buttons.button(label, AnswerRobot(one.id))
        case _:
            return buttons.button(label, OpenNotice(one.id))


def why(notice: Notice, title: str, t: Translator) -> Screen:
    """«Почему мне это пришло?»: the rule, in words, and since when it stood."""
    lines = [
        line(bold(t("Почему мне это пришло"))),
        line(title),
        line(t("Правило процесса: {rule}", rule=notice.rule)),
        line(t("По плану: {when}", when=t.moment(notice.meant_at))),
    ]
    rows = [(buttons.button(t("К сделке"), OpenDeal(notice.deal.id)),)] if notice.deal else []
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))


def putoff(notice: Notice, t: Translator) -> Screen:
    """For how long an escalation is put off (C-6)."""
    deal = notice.deal
    lines = [line(bold(t("Отложить напоминание"))), line(filled(notice, t))]
    key = deal.id if deal else DealId(0)
    days = [(t("1 день"), 1), (t("3 дня"), 3), (t("Неделя"), 7)]
    rows = (
        tuple(buttons.button(title, PutOffEscalation(key, notice.id, n)) for title, n in days),
        (buttons.button(t("К сделке"), OpenDeal(key)),),
    )
    return Screen(tuple(lines), rows)


def handto(deal: Deal, people: Sequence[tuple[EmployeeId, str, int]], t: Translator) -> Screen:
    """To whom a deal is handed; beside each name how many open deals he has."""
    lines = [line(bold(t("Кому передать сделку?"))), line(f"{deal.title} · № {deal.number}")]
    rows = [
        (buttons.button(name + " · " + t.plural("{n} сделка", "{n} сделок", n), HandOver(deal.id, key)),)
        for key, name, n in people
    ]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenDeal(deal.id)),)))
