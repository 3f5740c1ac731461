"""The papers of a deal: what there is, what was sent, one tap to make each (K-11, K-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.file_callbacks import SendFile
from keyboards.callbacks.paper_callbacks import (
    FillPaper,
    ListPapers,
    MarkPaperSent,
    OpenPaper,
    PreparePaper,
    RemindOwner,
    SendPaperAgain,
)
from keyboards.callbacks.paper_template_callbacks import ListPaperTemplates
from keyboards.callbacks.requisite_callbacks import OpenRequisites
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.screen import EMPTY, Button, Document, Line, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal, Task
from models.ids import FileId, PaperId, TaskId
from models.values.product_text import ProductText, StoredTitle

MANY = 6  # older versions shown as buttons


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """A made version: its row, its file, who made it when, when the client got it."""

    id: PaperId
    number: str
    version: int
    file_id: FileId | None
    author: str | None
    made_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper of the process as it stands with a deal; versions from the oldest.

    `is_fresh`: the card says so too; `is_paid`: nothing that it asks for is still due (K-17).
    """

    name: str
    title: ProductText
    versions: tuple[PaperVersion, ...] = ()
    is_asked: bool = False
    failure: str | None = None
    is_fresh: bool = True
    may_make: bool = True
    is_paid: bool = False

    @property
    def newest(self) -> PaperVersion | None:
        return self.versions[-1] if self.versions else None


def papers(deal: Deal, found: Sequence[PaperView], now: datetime, t: Translator) -> Screen:
    """All papers of the deal; one that there is not yet is made by one tap."""
    lines: list[Line] = [line("📄 ", bold(t("Документы"))), line(f"{deal.title} · № {deal.number}")]
    for one in found:
        lines += [EMPTY, *_state(one, now, t)]
    if not found:
        lines += [EMPTY, line(t("В этом процессе документов нет."))]
    rows = [(_button(deal, one, t),) for one in found if one.newest or one.may_make]
    return Screen(tuple(lines)).with_rows(*rows, (buttons.back(t, OpenDeal(deal.id)), buttons.home(t)))


def _button(deal: Deal, one: PaperView, t: Translator) -> Button:
    title = t(one.title)
    if one.newest is None and not one.is_asked:
        label = t("Сделать: {paper}", paper=title)
        return buttons.button(label, PreparePaper(deal.id, one.name), colour="success")
    number = f" № {one.newest.number}" if one.newest else ""
    mark = "✔" if one.newest and one.newest.sent_at else "📄"
    return buttons.button(f"{mark} {title}{number}", OpenPaper(deal.id, one.name))


def _state(one: PaperView, now: datetime, t: Translator) -> list[Line]:
    last = one.newest
    if last is None:
        said = t("готовится, придёт отдельным сообщением") if one.is_asked else t("пока нет")
        return [line(bold(t(one.title)), " — ", said)]
    out: list[Line] = [line(bold(t(one.title)), f" № {last.number}", _version(last, t))]
    out.append(line(_sent(last, now, t)))
    if one.is_paid:
        out.append(line("💰 ", t("Оплачено полностью")))
    if one.is_asked:
        out.append(line(t("Новая версия готовится, придёт отдельным сообщением.")))
    elif not one.is_fresh:
        out.append(line(t("Карточка с тех пор изменилась.")))
    return out


def _version(one: PaperVersion, t: Translator) -> str:
    return t(", версия {n}", n=one.version) if one.version > 1 else ""


def _sent(one: PaperVersion, now: datetime, t: Translator) -> str:
    made = t.moment(one.made_at, now=now)
    if one.sent_at is None:
        return t("Сделано {made}, клиенту ещё не отправлено", made=made)
    return t("Сделано {made}, клиенту отправлено {sent}", made=made, sent=t.moment(one.sent_at, now=now))


def paper(deal: Deal, one: PaperView, now: datetime, t: Translator, task: Task | None = None) -> Screen:
    """One paper: its state, what can be done with it, its older versions; and the task that goes on with it."""
    lines: list[Line] = [*_state(one, now, t), line(f"{deal.title} · № {deal.number}")]
    if one.failure and not one.is_asked:
        lines += [EMPTY, line("⚠️ ", one.failure)]
    older, last = one.versions[:-1][-MANY:], one.newest
    if older:
        lines += [EMPTY, line(t("Раньше:"))]
        lines += [line(f"{_named(before, last, t)}. ", _sent(before, now, t)) for before in older]
    files = [buttons.button(_named(before, last, t), SendFile(before.file_id)) for before in older if before.file_id]
    back = (buttons.back(t, ListPapers(deal.id)), buttons.button(t("К сделке"), OpenDeal(deal.id)))
    on = [buttons.button(t("📋 К задаче: {task}", task=t.title(task.title)), OpenTask(task.id))] if task else []
    return Screen(tuple(lines)).with_rows(*_acts(deal, one, t), files[-6:-3], files[-3:], on, back)


def _named(before: PaperVersion, last: PaperVersion | None, t: Translator) -> str:
    """An older version by what tells it from the newest."""
    if last is not None and before.number != last.number:
        return f"№ {before.number}{_version(before, t)}"
    return t("Версия {n}", n=before.version)


def _acts(deal: Deal, one: PaperView, t: Translator) -> list[list[Button]]:
    last = one.newest
    rows: list[list[Button]] = []
    if last is not None and last.sent_at is None and one.may_make:
        rows.append([buttons.button(t("✔ Клиенту отправлено"), MarkPaperSent(last.id), colour="success")])
    if last is not None:
        rows.append([buttons.button(t("📄 Прислать файл"), SendPaperAgain(last.id))])
    if one.may_make and not one.is_asked and (last is None or not one.is_fresh):
        label = t("🔄 Обновить") if last else t("Сделать: {paper}", paper=t(one.title))
        rows.append([buttons.button(label, PreparePaper(deal.id, one.name), colour="primary")])
    return rows


def blocked(deal: Deal, one: PaperView, said: Sequence[str], now: datetime, t: Translator) -> Screen:
    """Something waits for this paper: why, and the paper itself below."""
    below = paper(deal, one, now, t)
    above = [line("🔒 ", bold(text)) for text in said]
    return Screen((*above, EMPTY, *below.lines), below.rows)


# --- messages ---------------------------------------------------------------------------------------------------


def arrived(
    title: ProductText, version: PaperVersion, deal: Deal, document: Document, t: Translator,
    *, same: bool, may_mark: bool, task: TaskId | None, empty: Sequence[ProductText] = (), fill: str = "",
) -> Screen:  # fmt: skip
    """The paper itself, for who asked for it, and what it has left `empty` (titles); `fill` names the paper where
    something of that can be filled in."""
    named = f"{t(title)} № {version.number}{_version(version, t)}"
    lines: list[Line] = [line("📄 ", bold(named)), line(f"{deal.title} · № {deal.number}")]
    if same:
        lines.append(line(t("С прошлого раза в карточке ничего не изменилось, поэтому документ тот же.")))
    if empty:
        lines.append(line("⚠️ ", t("Пустым осталось: {places}.", places=", ".join(t(one) for one in empty))))
    elif may_mark and version.sent_at is None:
        lines.append(line(t("Готово. Проверьте и отправьте клиенту.")))
    rows: list[list[Button]] = []
    if may_mark and fill:
        rows.append([buttons.button(t("Заполнить"), FillPaper(deal.id, fill), colour="primary")])
    if may_mark and version.sent_at is None:
        rows.append([buttons.button(t("✔ Клиенту отправлено"), MarkPaperSent(version.id), colour="success")])
    open_task = buttons.button(t("Открыть задачу"), OpenTask(task)) if task else None
    rows.append([open_task or buttons.button(t("Открыть сделку"), OpenDeal(deal.id))])
    return Screen(tuple(lines), document=document).with_rows(*rows)


def not_made(
    title: ProductText, name: str, deal: Deal, failure: str, why: str, t: Translator, *, is_owner: bool
) -> Screen:
    """A paper could not be made: why, and what helps."""
    lines = (
        line("⚠️ ", bold(t("Не получилось сделать документ: {paper}", paper=t(title)))),
        line(f"{deal.title} · № {deal.number}"),
        line(why),
    )
    return Screen(lines).with_rows(
        [_cure(name, deal, failure, t, is_owner=is_owner)],
        [buttons.button(t("Открыть сделку"), OpenDeal(deal.id))],
    )


def _cure(name: str, deal: Deal, failure: str, t: Translator, *, is_owner: bool) -> Button:
    match failure.partition(":")[0]:
        case "requisites":
            return _requisites(deal, t, is_owner=is_owner)
        case "template" | "stopped" if is_owner:
            return buttons.button(t("Шаблоны документов"), ListPaperTemplates(), colour="primary")
        case _:
            return buttons.button(t("Сделать ещё раз"), PreparePaper(deal.id, name), colour="primary")


def _requisites(deal: Deal, t: Translator, *, is_owner: bool) -> Button:
    if is_owner:
        return buttons.button(t("Заполнить реквизиты"), OpenRequisites(), colour="primary")
    return buttons.button(t("🔔 Напомнить владельцу"), RemindOwner(deal.id), colour="primary")


def no_requisites(deal: Deal, missing: Sequence[ProductText], t: Translator, *, is_owner: bool) -> Screen:
    """No paper without the company's requisites: who fills them in."""
    lines: list[Line] = [line("⚠️ ", bold(t("Реквизиты компании не заполнены")))]
    if is_owner:
        lines.append(line(t("Без них документ не сделать. Не хватает:")))
        lines += [line("• ", t(title)) for title in missing]
    else:
        lines.append(line(t("Без них документ не сделать. Попросите владельца заполнить их в настройках.")))
    return Screen(tuple(lines)).with_rows(
        [_requisites(deal, t, is_owner=is_owner)],
        [buttons.button(t("К сделке"), OpenDeal(deal.id)), buttons.home(t)],
    )


def why(failure: str, titles: Mapping[str, ProductText], t: Translator) -> str:
    """Why a paper could not be made, in plain words; `titles` are the process's fields by name."""
    code, _, rest = failure.partition(":")
    match code:
        case "requisites":
            return t("Реквизиты компании не заполнены.")
        case "needs":
            wanted = ", ".join(t(titles[name]) if name in titles else name for name in rest.split(","))
            return t("Сначала заполните: {fields}", fields=wanted)
        case "stopped":
            return t(
                "Шаблон компании больше не принимается: в нём есть то, что может запуститься или загрузиться, "
                "когда документ открывают. Что исправить, я написал владельцу."
            )
        case "template" if rest:  # what its filling has said may quote it
            return t("Шаблон компании не заполнился. {why}", why=t.title(StoredTitle(rest)))
        case "template":
            return t("Файл шаблона компании потерян. Пришлите шаблон ещё раз.")
        case _:
            return t("Ошибка на моей стороне. Попробуйте ещё раз; если не поможет, скажите тому, кто настраивал бота.")
