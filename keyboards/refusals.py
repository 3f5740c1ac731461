"""How a refusal reads, in the reader's language: what is wrong, and the button that cures it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import assert_never

from keyboards.forms import field_words
from keyboards.near_time import cut
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models import errors
from models.engine.effects import Reason
from models.fields.base import Field
from models.process.process import Process
from models.values.invalid_value import N_, InvalidValue

GONE = N_("Этого больше нет.")
HIDDEN = N_("Не сходится с данными, которые вам не видны. Спросите руководителя.")
WHAT_IS_GONE = {
    "deal": N_("Этой сделки больше нет."),
    "task": N_("Этой задачи больше нет."),
    "client": N_("Такого клиента нет."),
    "employee": N_("Такого сотрудника нет."),
    "claim": N_("Такой претензии нет."),
    "file": N_("Этого файла больше нет."),
    "paper": N_("Этого документа больше нет."),
    "absence": N_("Этой записи об отсутствии больше нет."),
    "item": N_("Этого пункта больше нет."),
    "template": N_("Этой задачи в процессе больше нет."),
    "payment": N_("Этого платежа больше нет."),
    "invitation": N_("Такого приглашения нет."),
    "undo": N_("Вернуть как было уже нельзя."),
    "day": N_("Тот день уже прошёл: лимит с тех пор начат заново."),
    "button": N_("Эта кнопка больше не действует."),
}
INVITATIONS = {
    "unknown": N_("Такого приглашения нет. Попросите у руководителя новую ссылку."),
    "expired": N_("Приглашение просрочено: оно действует двое суток. Попросите новое."),
    "used": N_("Этим приглашением уже воспользовались. Попросите новое."),
    "revoked": N_("Приглашение отозвано. Попросите новое."),
}
FACTS = {
    "client": N_("Сначала укажите клиента"),
    "responsible": N_("Сначала назначьте ответственного"),
    "paid_in_full": N_("Заказ должен быть полностью оплачен"),
    "debt": N_("Клиент ничего не должен"),
    "claim_open": N_("Нужна открытая претензия"),
}

FACTS_AGAINST = {  # the fact must not hold
    "client": N_("У сделки уже есть клиент"),
    "responsible": N_("У сделки уже есть ответственный"),
    "paid_in_full": N_("Заказ уже полностью оплачен"),
    "debt": N_("Оплачено не всё: сначала внесите остаток"),
    "claim_open": N_("Есть открытая претензия: сначала уладьте её"),
}


def sentence(
    error: errors.CrmError | InvalidValue,
    t: Translator,
    process: Process | None = None,
    hidden: Collection[str] = frozenset(),
) -> str:
    """One short text for a toast or a window (at most 200 characters are shown there); of the `hidden` fields it tells
    nothing."""
    match error:
        case InvalidValue():
            return t.wrong(error) if error.quotes.isdisjoint(hidden) else t(HIDDEN)
        case errors.TaskWithdrawnError():
            said = t("Задача «{task}» снята: сделка теперь на стадии «{stage}».", stage=t(error.stage), task="{task}")
            return said.replace("{task}", cut(t.title(error.task), 200 - len(said)))
        case errors.NotFound():
            return t(WHAT_IS_GONE.get(error.what, GONE))
        case errors.NotAllowed():
            return (
                t("Это ведёт {name}. У вас нет доступа.", name=error.who)
                if error.who
                else t("У вас нет доступа к этому.")
            )
        case errors.CardOutdated():
            return _outdated(error, t)
        case errors.AlreadyDone():
            return t("Это уже сделано: {who}.", who=error.who) if error.who else t("Это уже сделано.")
        case errors.SlotTaken():
            return visit_words.taken(error, t)
        case errors.CannotPutBack():
            return _stands_in_the_way(error, t)
        case errors.DealHasMoney():
            if process is not None and not process.account_fields.isdisjoint(hidden):
                return t(HIDDEN)
            return t("По сделке получено {sum}. Сначала верните деньги или отмените платёж.", sum=t.money(error.amount))
        case errors.ListChanged():
            return t("Чек-лист изменился. Показываю свежий.")
        case errors.InvitationInvalid():
            return t(INVITATIONS[error.why])
        case errors.MoveRefused():
            if process:
                return "\n".join(reasons(error.refusal.reasons, process, t, hidden))
            whys = [
                t(one.why) for one in error.refusal.reasons if one.why
            ]  # the process file's own words need no names
            return "\n".join(whys) or t("Сейчас так нельзя.")
        case _:
            return t("Сейчас так нельзя.")


def _stands_in_the_way(error: errors.CannotPutBack, t: Translator) -> str:
    if error.slot is not None:
        return " ".join((t("Вернуть нельзя."), visit_words.taken(error.slot, t)))
    if error.why == "person":
        return t("Вернуть нельзя: тот, у кого это было, больше не работает.")
    if error.done is None:
        return t("Вернуть нельзя: с тех пор по сделке уже начали действовать.")
    at = error.done.at.astimezone(t.zone)
    who = error.done.actor or t("Система")
    return t("Вернуть нельзя: с тех пор сделку изменили ({who}, {time}).", who=who, time=f"{at:%H:%M}")


def _outdated(error: errors.CardOutdated, t: Translator) -> str:
    if error.who and error.at:
        at = error.at.astimezone(t.zone)
        return t("Карточка изменилась: {who}, {time}. Показываю свежую.", who=error.who, time=f"{at:%H:%M}")
    return t("Карточка изменилась. Показываю свежую.")


def reasons(
    found: Iterable[Reason], process: Process, t: Translator, hidden: Collection[str] = frozenset()
) -> list[str]:
    """A sentence for each reason why not (C-1); those that are about the `hidden` fields say so, once."""
    return list(dict.fromkeys(reason(one, process, t, hidden) for one in found))


def reason(one: Reason, process: Process, t: Translator, hidden: Collection[str] = frozenset()) -> str:
    """The process file's own sentence if it gives one, else ours."""
    if one.why:
        return t(one.why)
    data = one.data
    if not _named(data).isdisjoint(hidden):
        return t(HIDDEN)
    name = data.get("field")
    field = process.fields.get(name) if isinstance(name, str) else None
    title = t(field.title) if field else str(name or "")
    match one.code:
        case "missing":
            return t("Не заполнено: {field}", field=title)
        case "unconfirmed":
            known = (process.fields[name] for name in data["fields"] if name in process.fields)
            return t("Не подтверждено, что согласуются: {fields}", fields=", ".join(t(one.title) for one in known))
        case "task_open":
            task = process.find_task(str(data["task"]))
            return t("Не закрыта задача: {task}", task=t(task.title) if task else str(data["task"]))
        case "items_open":
            return t("Не отмечено: {items}", items=", ".join(t.title(item) for item in data["items"]))
        case "is" | "has":
            value = field_words.value(t, field, (data["value"],) if one.code == "has" else data["value"])
            return t("Нужно: {field} — {value}", field=title, value=value)
        case "in":
            return t("Нужно: {field} — {value}", field=title, value=field_words.value(t, field, tuple(data["values"])))
        case "at_least":
            return t("{field}: не меньше {limit}", field=title, limit=_limit(field, data["limit"], process, t))
        case "at_most":
            return t("{field}: не больше {limit}", field=title, limit=_limit(field, data["limit"], process, t))
        case "days":
            return _days(one, title, t)
        case "known":
            return t(FACTS[str(data["fact"])])
        case "not_made" | "not_sent":
            paper = process.papers.get(str(data["paper"]))
            named = t(paper.title) if paper else str(data["paper"])
            if one.code == "not_made":
                return t("Сначала сделайте документ: {paper}", paper=named)
            return t("Сначала отправьте клиенту: {paper}", paper=named)
        case "not_known":
            return t(FACTS_AGAINST[str(data["fact"])])
        case "one_way":
            return t("Вернуться за стадию «{stage}» уже нельзя", stage=_stage(process, str(data["behind"]), t))
        case "no_way":
            ways = ", ".join(t("«{title}»", title=_stage(process, way, t)) for way in data["ways"])
            return (
                t("Отсюда можно только сюда: {ways}", ways=ways) if ways else t("Работа завершена: дальше стадий нет")
            )
        case "already_here":
            return t("Карточка уже на этой стадии")
        case "undone":
            return t("Сделка тут же перешла бы на стадию «{stage}»", stage=_stage(process, str(data["stage"]), t))
        case "visit_ahead":
            return t("Выезд ещё впереди: {day}. Итог отмечают в этот день или позже", day=t.day(data["day"]))
        case "visit":
            kind = process.visit_kinds.get(str(data["visit"]))
            states = ", ".join(t(visit_words.STATES[str(state)]) for state in data["values"])
            return t("Нужно: {field} — {value}", field=t(kind.title) if kind else "", value=states)
        case "condition" | "not_running" | "no_stage" | "no_button" | "held" | "asked":
            return t("Сейчас так нельзя.")
        case _:
            assert_never(one.code)


def _named(data: Mapping[str, object]) -> set[str]:
    """The fields that a reason names."""
    several = data.get("fields") or ()
    every = (data.get("field"), data.get("limit"), *(several if isinstance(several, tuple | list) else ()))
    return {one for one in every if isinstance(one, str)}


def _limit(field: Field | None, limit: object, process: Process, t: Translator) -> str:
    if isinstance(limit, str):
        other = process.fields.get(limit)
        return t("«{title}»", title=t(other.title)) if other else limit
    return field_words.value(t, field, Decimal(str(limit)))


def _days(one: Reason, title: str, t: Translator) -> str:
    more, most = one.data.get("more_than"), one.data.get("at_most")
    parts = []
    if more is not None:
        parts.append(t.plural("больше чем через {n} день", "больше чем через {n} дней", int(str(more))))
    if most is not None:
        parts.append(t.plural("не позже чем через {n} день", "не позже чем через {n} дней", int(str(most))))
    return t("{field}: {limits}", field=title, limits=", ".join(parts))


def _stage(process: Process, name: str, t: Translator) -> str:
    found = next((stage for _, key, stage in process.every_stage if key == name), None)
    return t(found.title) if found else name
