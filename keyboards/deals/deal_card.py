"""The card of a deal: where it stands, whose it is, what comes next; its sections, its history."""

from __future__ import annotations

from keyboards import buttons, claims, payments
from keyboards.callbacks.client_callbacks import OpenClient
from keyboards.callbacks.deal_callbacks import (
    AskCall,
    ChooseResponsible,
    FillField,
    ListDealTasks,
    MoveDeal,
    OpenDeal,
    OpenHistory,
    OpenSections,
    OpenStages,
    PressRobot,
    TakeDeal,
    WriteNote,
)
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.file_callbacks import ListFiles
from keyboards.callbacks.list_callbacks import KindLetter, ListDeals, ListPractice
from keyboards.callbacks.paper_callbacks import ListPapers
from keyboards.callbacks.payment_callbacks import OpenPayments
from keyboards.callbacks.sms_callbacks import ListSms
from keyboards.callbacks.task_callbacks import AskStep, ListTasks
from keyboards.callbacks.undo_callbacks import TakeBack
from keyboards.deals import card_task, card_words, onboarding
from keyboards.deals.deal_view import DealView
from keyboards.forms import field_words
from keyboards.near_time import cut
from keyboards.screen import Button, Line, Screen, bold, line, quote
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models import access
from models.engine import guards
from models.fields.groups import DateLike
from models.fields.money_field import MoneyField
from models.ids import DealId
from models.process.triggers import Tapped
from models.undo import DealBefore

DOTS_AT_MOST = 10
MOST_IN_ROW = 3
SHORT = 18  # characters of a title beside other words on a button


def headline(view: DealView, t: Translator) -> tuple[Line, ...]:
    """Number and title, the path of dots, the stage and how long it has stood there."""
    deal = view.deal
    title = line(bold(deal.title), f"  № {deal.number}{_direction(view, t)}")
    stood = "" if deal.status != "open" else f" · {t.since(deal.entered_at, view.now)}"
    practice = (onboarding.mark(t),) if deal.kind == "practice" else ()
    return title, line(f"{_dots(view)}  ", bold(t(view.stage.title)), stood), *practice


def _direction(view: DealView, t: Translator) -> str:
    """In which pipeline the deal stands, where there are several: their stages may bear the same names (F-D6)."""
    several = sum(line_.kind == view.deal.kind for line_ in view.process.pipelines.values()) > 1
    return f" · {t(view.process.pipelines[view.deal.pipeline].title)}" if several else ""


def _dots(view: DealView) -> str:
    if view.deal.status == "won":
        return "✅"
    if view.deal.status == "lost":
        return "✖️"
    stages = view.process.pipelines[view.deal.pipeline].stages
    order = [name for name, stage in stages.items() if not stage.ending]
    place = order.index(view.deal.stage) + 1 if view.deal.stage in order else len(order)
    return "●" * place + "○" * (len(order) - place) if len(order) <= DOTS_AT_MOST else f"{place}/{len(order)}"


def card(view: DealView, t: Translator) -> Screen:
    """The main card (C-1): one look tells all, one tap does the next step."""
    first = [line("⚠️ ", bold(t("Не сходится: {why}", why=t(one)))) for one in view.not_held]
    first += claims.card_lines(view.claims, view.now, t)
    lines = [
        *headline(view, t),
        *first,
        *_who(view, t),
        *card_words.lines(view, t),
        *_money(view, t),
        *_dates(view, t),
        _next(view, t),
    ]
    if view.stage.hint and view.deal.status == "open" and view.role not in access.FIELD_STAFF:
        lines.append(quote(t(view.stage.hint)))
    lines += onboarding.lines(view, t)
    lines += card_words.timeline(view, t)
    return Screen(tuple(one for one in lines if one), _rows(view, t))


def _who(view: DealView, t: Translator) -> list[Line]:
    deal, name = view.deal, view.other_name or view.contact.name
    numbers = [t.phone(number) for number in view.contact.phones[:2]]
    # a caller whose name nobody asked yet is called by his number
    shown = " · ".join(part for part in (name if name not in numbers else "", *numbers) if part)
    out: list[Line] = [line("👤 ", shown)] if shown else []
    if view.other_name:  # a known number brought another name: both are told, neither is lost (truth 37)
        out.append(line(t("Номер известен: {name}", name=view.contact.name)))
    owner = view.responsible or t("пока никто")
    if deal.responsible_id != view.me:
        out.append(line("🧑‍💼 ", t("Ответственный: {name}", name=owner)))
    return out


def _money(view: DealView, t: Translator) -> list[Line]:
    if not view.sees_money:
        return []
    if view.process.payments:
        return [line("💰 ", said) for said in payments.summaries(view.process, view.deal, t)]
    parts = [
        f"{t(one.title).lower() if place else t(one.title)}: {t.money(view.deal.fields[name])}"
        for place, (name, one) in enumerate(
            (name, one)
            for name, one in view.fields.items()
            if isinstance(one, MoneyField) and view.deal.fields.get(name) is not None
        )
    ]
    return [line("💰 ", " · ".join(parts))] if parts else []


def _dates(view: DealView, t: Translator) -> list[Line]:
    out: list[Line] = []
    for name, one in view.fields.items():
        value = view.deal.fields.get(name)
        if isinstance(one, DateLike) and value is not None:
            shown = field_words.value(t, one, value, view.people, now=view.now)
            out.append(line("📅 ", f"{t(one.title)}: {shown}{visit_words.beside(view.deal, view.process, name, t)}"))
    return out + [line("🚫 ", said) for said in visit_words.off_lines(view.deal, view.process, view.now, t)]


def _next(view: DealView, t: Translator) -> Line:
    if view.tasks:
        first = view.tasks[0]
        late = " ⚠️" if first.due_at < view.now else ""
        whose = f" ({view.people_of_tasks[first.id]})" if first.id in view.people_of_tasks else ""
        return line("⏭ ", f"{t.title(first.title)} — {t.moment(first.due_at, now=view.now)}{late}{whose}")
    if view.next_at and view.deal.status == "open":
        when = t.moment(view.next_at, now=view.now)
        if view.next_is_escalation:
            return line("⏭ ", t("Сообщу руководителю: {when}", when=when))
        return line("⏭ ", t("Напомню: {when}", when=when))
    return line("⏭ ", t("Дальше ничего не назначено")) if view.deal.status == "open" else ()


def _rows(view: DealView, t: Translator) -> tuple[tuple[Button, ...], ...]:
    deal = view.deal
    rows: list[list[Button]] = []
    if view.can_edit and deal.responsible_id is None:
        rows.append([buttons.button(t("✋ Взять себе"), TakeDeal(deal.id), colour="primary")])
    if view.can_edit:
        rows += _forward(view, t)
        robots = [
            buttons.button(t(robot.on.tap), PressRobot(deal.id, place))
            for place, (_, robot) in enumerate(view.process.rules_of(deal.pipeline, deal.stage))
            if isinstance(robot.on, Tapped) and guards.is_offered(robot.if_, view.running)
        ]
        rows += [[one] for one in robots]
        rows += _wanted(view, t)
    rows.append(card_task.buttons_of(view, t))
    rows.append(_put_back(view, t))
    rows.append(_words(view, t))
    if view.may_ask:
        rows.append([buttons.button(t("❓ Спросить менеджера"), AskManager(deal.id))])
    rows += onboarding.rows(view, t)
    rows.append(became(view, t))
    rows.append(claims.card_buttons(view.claims, deal.id, can_add=view.can_claim, expected=view.expects_claim, t=t))
    tasks = t("Задачи {n}", n=len(view.tasks)) if view.tasks else t("Задачи")
    files = t("Файлы {n}", n=view.files) if view.files else t("Файлы")
    rows.append([buttons.button(tasks, ListDealTasks(deal.id)), buttons.button(files, ListFiles(deal.id))])
    if view.process.payments and view.sees_money and deal.kind not in ("lead", "deferred"):
        rows[-1].append(buttons.button(t("Оплата"), OpenPayments(deal.id)))
    if view.sms and view.role in access.SALES:
        if len(rows[-1]) == MOST_IN_ROW:
            rows.append([])
        rows[-1].append(buttons.button(t("SMS {n}", n=view.sms), ListSms(deal.id)))
    if view.can_edit:
        rows.append(
            [buttons.button(t("Заполнить"), OpenSections(deal.id)), buttons.button(t("История"), OpenHistory(deal.id))]
        )
        if view.process.papers and deal.kind not in ("lead", "deferred"):
            rows[-1].append(buttons.button(t("📄 Документы"), ListPapers(deal.id)))
    else:
        rows.append(
            [buttons.button(t("Подробно"), OpenSections(deal.id)), buttons.button(t("История"), OpenHistory(deal.id))]
        )
    rows.append(_contact(view, t))
    rows.append([_list(view, t), buttons.home(t)])
    return tuple(tuple(row) for row in rows if row)


def _put_back(view: DealView, t: Translator) -> list[Button]:
    """For some minutes, what was done last is taken back by one tap: whose doing it is, or to where it leads back."""
    if view.undo is None:
        return []
    label, before = t("↩︎ Отменить"), view.undo.before
    if view.undo_of:
        label = t("↩︎ Отменить: {name}", name=view.undo_of)
    elif isinstance(before, DealBefore) and before.moved:
        was = {name: before.columns[name][0] for name in ("pipeline", "stage") if name in before.columns}
        stage = view.process.find_stage(was.get("pipeline", view.deal.pipeline), was.get("stage", view.deal.stage))
        label = t("↩︎ Вернуть: «{stage}»", stage=cut(t(stage.title), SHORT)) if stage else label
    return [buttons.button(label, TakeBack(view.undo.id))]


def _words(view: DealView, t: Translator) -> list[Button]:
    """What one does with the phone in hand: what comes next, a word, a call."""
    key = DealId(view.deal.id)
    row = [buttons.button(t("⏭ Дальше"), AskStep(key))] if view.may_step else []
    if view.can_edit or view.may_step:
        row.append(buttons.button(t("💬 Слово"), WriteNote(key)))
    if view.can_edit and view.contact.phones:
        row.append(buttons.button(t("📞 Звонок"), AskCall(key)))
    return row


def _list(view: DealView, t: Translator) -> Button:
    """Back to the list that the deal stands in."""
    kind = view.deal.kind
    if view.role not in access.SALES:
        return buttons.button(t("‹ Мои задачи"), ListTasks())
    if kind == "practice":
        return buttons.button(t("‹ Обучение"), ListPractice())
    mine = {"lead": t("‹ Лиды"), "deferred": t("‹ Отложенный спрос")}.get(kind, t("‹ Сделки"))
    return buttons.button(mine, ListDeals(_kind_letter(kind), "m"))


def became(view: DealView, t: Translator) -> list[Button]:
    """From a converted lead on to its deal (F-L7)."""
    found = view.became
    return [buttons.button(t("📁 Сделка № {number}", number=found.number), OpenDeal(found.id))] if found else []


def _kind_letter(kind: str) -> KindLetter:
    letters: dict[str, KindLetter] = {"lead": "l", "deal": "d", "deferred": "f"}
    return letters[kind]


def _forward(view: DealView, t: Translator) -> list[list[Button]]:
    """The way on as a green button each (up to two), then «Этапы…» for everything else."""
    deal = view.deal
    ahead = [one for one in view.options if one.direction != "back"]
    ahead = [one for one in ahead if view.process.stage(deal.pipeline, one.stage).ending != "lost"]
    aside = [one for one in ahead if (end := view.process.stage(deal.pipeline, one.stage)).from_any and not end.ending]
    if len(aside) < len(ahead):  # what can be done from anywhere is the way on only where nothing else is
        ahead = [one for one in ahead if one not in aside]
    open_first = sorted(ahead, key=view.is_shut)[:2]
    rows = [
        [
            buttons.button(
                f"✔ {t(view.process.stage(deal.pipeline, one.stage).title)}",
                MoveDeal(deal.id, deal.version, one.stage),
                colour="success",
            )
        ]
        for one in open_first
        if not view.is_shut(one)
    ]
    rows += [_lost(view, one.stage, t) for one in view.options if _is_asked_how_it_ends(view, one.stage)]
    rows.append([buttons.button(t("Этапы…"), OpenStages(deal.id))])
    return rows


def _is_asked_how_it_ends(view: DealView, to: str) -> bool:
    """Whether `to` is the loss of a stage that only asks how the deal has ended: won or lost stand side by side
    (M-15, M-16)."""
    stages = view.process.pipelines[view.deal.pipeline].stages
    ends = {stages[way.to].ending for way in view.stage.next or ()}
    return ends == {"won", "lost"} and stages[to].ending == "lost"


def _lost(view: DealView, to: str, t: Translator) -> list[Button]:
    title = t(view.process.stage(view.deal.pipeline, to).title)
    return [buttons.button(f"✖ {title}", MoveDeal(view.deal.id, view.deal.version, to), colour="danger")]


def _wanted(view: DealView, t: Translator) -> list[list[Button]]:
    """What is filled in on this stage and is still empty: one tap away, not somewhere among all sections."""
    empty = [name for name in view.stage.fields if name in view.fields and not view.has(name)]
    titles = [(name, t(view.process.fields[name].title)) for name in empty]
    return [[buttons.button(f"➕ {title}", FillField(view.deal.id, name))] for name, title in titles]


def _contact(view: DealView, t: Translator) -> list[Button]:
    phone = view.contact.phone
    row = [Button(f"📋 {t.phone(phone)}", copy=phone)] if phone else []
    if view.client and view.role in access.SALES:
        row.append(buttons.button(t("👤 Клиент"), OpenClient(view.client.id)))
    if view.can_assign and view.deal.kind != "practice":
        row.append(buttons.button(t("Передать"), ChooseResponsible(view.deal.id)))
    return row
