"""The inner pages of a deal: its sections with their values (F-C1), its history, its open tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keyboards import buttons, claims, field_chat
from keyboards.deals import deal_card, history_words
from keyboards.deals.deal_card import DealView, headline
from keyboards.documents import papers
from keyboards.forms import field_words
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.sms import sms_list
from keyboards.translator import Translator
from models.entities import Event
from models.process.process import Process
from models.process.sections import Section
from models.values.invalid_value import N_

SOURCES = {"site": N_("Сайт"), "manual": N_("Вручную")}  # what has no name of its own


def sections(view: DealView, t: Translator) -> Screen:
    """All sections of the card with their values (F-C1); a tap on a section fills it in."""
    lines: list[Line] = list(headline(view, t))
    rows: list[list[Button]] = []
    for name, section in view.process.sections.items():
        facts = _facts(view, section, t)
        own = [(key, one) for key, one in view.process.fields.items() if one.section == name]
        own = [(key, one) for key, one in own if view.sees_money or key not in view.process.moneyed]
        if not (facts or own):
            continue
        lines += [(), line(bold(t(section.title)))]
        lines += [line(f"{title}: {value}") for title, value in facts]
        for key, one in own:
            value = field_words.value(t, one, view.deal.fields.get(key), view.people)
            lines.append(line(f"{t(one.title)}: {value}"))
        if own and view.can_edit:
            rows.append([buttons.button(f"✏️ {t(section.title)}", "section", view.deal.id, name)])
    if view.can_edit:
        rows.append(
            [
                buttons.button(t("✏️ Название"), "rename", view.deal.id),
                buttons.button(t("💬 Заметка"), "note", view.deal.id),
            ]
        )
    if view.can_claim:
        rows.append([claims.add_button(view.deal.id, t)])
    if view.can_assign:
        rows.append([buttons.button(t("🗑 Удалить сделку"), "delete", view.deal.id)])
    rows.append([buttons.back(t, "deal", view.deal.id), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def _facts(view: DealView, section: Section, t: Translator) -> list[tuple[str, str]]:
    deal = view.deal
    line_ = view.process.pipelines[deal.pipeline]
    mapping = view.process.client
    name, phone = (str(deal.fields.get(key) or "") for key in (mapping.name, mapping.phone))
    phones = view.client.phones if view.client else (phone,) if phone else ()
    shown = {
        "number": (t("Номер"), deal.number),
        "title": (t("Название"), deal.title),
        "client": (t("Клиент"), view.client.name if view.client else name or "—"),
        "phone": (t("Телефон"), ", ".join(t.phone(one) for one in phones) or "—"),
        "stage": (t("Стадия"), t(view.stage.title)),
        "direction": (t("Направление"), t(line_.title)),
        "responsible": (t("Ответственный"), view.responsible or "—"),
        "source": (t("Источник"), t(SOURCES.get(deal.source, deal.source)) if deal.source else "—"),
        "created": (t("Дата создания"), t.moment(deal.created_at)),
    }
    return [shown[name] for name in section.shows]


def section(view: DealView, name: str, t: Translator) -> Screen:
    """The fields of one section as buttons: a tap asks for that one."""
    chosen = view.process.sections[name]
    lines = [*headline(view, t), (), line(bold(t(chosen.title)))]
    rows: list[list[Button]] = []
    for key, one in view.process.fields.items():
        if one.section == name and one.can_fill(view.role):
            value = view.deal.fields.get(key)
            shown = f"{t(one.title)}: {field_words.value(t, one, value, view.people)}"
            label = shown if value is not None else f"➕ {t(one.title)}"
            rows.append([buttons.button(label[:60], "fill", view.deal.id, key)])
    rows.append([buttons.back(t, "sections", view.deal.id), buttons.button(t("К сделке"), "deal", view.deal.id)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def history(view: DealView, events: Sequence[Event], older: bool, t: Translator) -> Screen:
    """Who, when, from → to, why; the newest first. A converted lead's history goes on below (F-L7)."""
    lines: list[Line] = [*headline(view, t), ()]
    for one in events:
        if not view.sees_money and history_words.is_about_money(one, view):
            continue
        if history_words.is_told_already(one, view):
            continue
        by_robot = one.kind == "note" and one.rule  # whoever set it going has not written it (K-6)
        who = t("Система") if by_robot else one.actor or t("Система")
        lines.append(line(f"{t.moment(one.at, now=view.now)} · {who}: ", happened(one, view, t)))
    rows = (
        [[buttons.button(t("Лид № {number}", number=view.origin.number), "history", view.origin.id)]]
        if view.origin
        else []
    )
    if older:
        lines.append(line("…"))
    if further := deal_card.became(view, t):
        rows.append(further)
    rows.append([buttons.back(t, "deal", view.deal.id), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def happened(one: Event, view: DealView, t: Translator) -> str:
    """One line of the history in words."""
    data = one.data
    match one.kind:
        case "created":
            return t("карточка создана, стадия «{stage}»", stage=stage_title(view.process, one.to_stage, t))
        case "moved":
            before, after = (stage_title(view.process, name, t) for name in (one.from_stage, one.to_stage))
            by = t(" (робот)") if one.rule else ""
            here, there = ((name or "").partition(".")[0] for name in (one.from_stage, one.to_stage))
            if here != there and there in view.process.pipelines:
                line_ = t(view.process.pipelines[there].title)
                return t("«{before}» → «{pipeline}»: «{after}»{by}", before=before, pipeline=line_, after=after, by=by)
            return t("«{before}» → «{after}»{by}", before=before, after=after, by=by)
        case "filled":
            return history_words.filled(one, view, t)
        case "paid":
            return history_words.paid(one, view, t)
        case "unpaid":
            return history_words.unpaid(one, view, t)
        case "claim" | "claim_settled":
            return history_words.claim(one, t)
        case "assigned":
            return t("ответственный — {name}", name=data.get("to", ""))
        case "task_given":
            return t("задача «{task}»", task=t(str(data.get("title", ""))))
        case "checklist":
            return _checklist(data, t)
        case "task_closed" | "task_snoozed" | "task_answered":
            return _task_done(one, view, t)
        case "client":
            return t("создан клиент {name}", name=data.get("name", ""))
        case "converted":
            return t("создана сделка № {number}", number=data.get("number", ""))
        case "blocked":
            return t(
                "робот не смог перевести на стадию «{stage}»",
                stage=stage_title(view.process, f"{view.deal.pipeline}.{data.get('to')}", t),
            )
        case "file" | "file_removed" | "file_moved":
            return _file(one, t)
        case "paper_made" | "paper_sent":
            return papers.happened(one, view.process, t)
        case "merged":
            return t(
                "карточки клиентов объединены: {gone} → {kept}", gone=data.get("gone", ""), kept=data.get("kept", "")
            )
        case "snoozed":
            return t.plural("отложено на {n} день", "отложено на {n} дней", int(str(data.get("days") or 0)))
        case "put_off":
            title, until = str(data.get("title", "")), str(data.get("until", ""))
            when = t.moment(datetime.fromisoformat(until), now=view.now) if until else ""
            return t("задача «{task}» отложена до {when}: {text}", task=t(title), when=when, text=data.get("text", ""))
        case "sms":
            return sms_list.happened(data, t)
        case "renamed":
            return t("название: {title}", title=data.get("title", ""))
        case "question" | "answer":
            return field_chat.happened(one.kind, data, t)
        case "note" if one.rule:  # a robot's, so a text of the process file
            return t(str(data.get("text", "")))
        case _:
            return str(data.get("text") or one.kind)


def _checklist(data: Mapping[str, Any], t: Translator) -> str:
    """A line of a task's checklist was edited for this deal (K-5)."""
    task, said = t.title(str(data.get("title", ""))), t.title(str(data.get("line", "")))
    match data.get("change"):
        case "added":
            return t("чек-лист «{task}»: добавлено «{line}»", task=task, line=said)
        case "renamed":
            was = t.title(str(data.get("was", "")))
            return t("чек-лист «{task}»: «{was}» → «{line}»", task=task, was=was, line=said)
        case "removed":
            return t("чек-лист «{task}»: убрано «{line}»", task=task, line=said)
        case _:
            place = data.get("place", "")
            return t("чек-лист «{task}»: «{line}» теперь {place}-м пунктом", task=task, line=said, place=place)


def _file(one: Event, t: Translator) -> str:
    name, n = str(one.data.get("name", "")), int(str(one.data.get("count") or 1))
    if one.kind == "file_moved":
        to = str(one.data.get("to") or "")
        return t("файл {name} переложен: {folder}", name=name, folder=t(to) or t("Прочее"))
    if one.kind == "file_removed":
        return t("файл {name} убран из папки", name=name) if n == 1 else t("убрано файлов: {n}", n=n)
    return t("файл {name}", name=name) if n == 1 else t("добавлено файлов: {n}", n=n)


def _task_done(one: Event, view: DealView, t: Translator) -> str:
    task = view.process.find_task(str(one.data.get("task")))
    outcome = task.outcomes.get(str(one.data.get("outcome"))) if task else None
    title = t(task.title) if task else str(one.data.get("task"))
    return t("«{task}» — {outcome}", task=title, outcome=t(outcome.title) if outcome else str(one.data.get("outcome")))


def stage_title(process: Process, place: str | None, t: Translator) -> str:
    """The title of `pipeline.stage`, with the direction where it is not told by the stage alone."""
    pipeline, _, name = (place or "").partition(".")
    found = process.find_stage(pipeline, name)
    return t(found.title) if found else name


def tasks_of(view: DealView, t: Translator) -> Screen:
    """The open tasks of the deal."""
    lines = [*headline(view, t), ()]
    lines.append(line(t("Открытых задач нет.") if not view.tasks else bold(t("Задачи по сделке"))))
    rows = [
        [buttons.button(f"{'⚠️ ' if one.due_at < view.now else ''}{t(one.title)}"[:60], "task", one.id)]
        for one in view.tasks
    ]
    rows.append([buttons.back(t, "deal", view.deal.id), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))
