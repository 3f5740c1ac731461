"""The certificate that a person was erased, and what the journal says of it: by number, without his name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.personal.erasure import DoneOutside, Erasure, ErasureReason
from models.personal.marks import MARKS
from services.documents import stored_requisites
from services.unit_of_work import UnitOfWork

TEMPLATE = "own/erasure.typ"
REASONS: dict[ErasureReason, str] = {
    "asked": "обращение субъекта персональных данных или отзыв согласия",
    "deleted": "сделка удалена, иных оснований для обработки нет",
    "expired": "истёк срок хранения",
    "restored": "база восстановлена из копии, сделанной до уничтожения; данные уничтожены повторно",
}
KEPT = (
    "платежи, номера договоров, счетов и актов, суммы и даты — без имени, телефона и адреса: бухгалтерский учёт, "
    "статья 29 закона № 402-ФЗ;",
    "ход сделок: стадии, сроки, кто из сотрудников что сделал — без данных клиента;",
    "резервные копии, сделанные до этой даты: они удаляются по сроку хранения копий, а при восстановлении из них "
    "данные уничтожаются снова сами.",
)
AT_ONCE = "записи очищены или удалены в базе"
BY_AND_BY = "место, где записи стояли в файлах базы, свободно; прежние байты исчезают, когда оно занимается снова;"


def data_of(work: UnitOfWork, one: Erasure) -> dict[str, object]:
    """What the template is filled with."""
    own = stored_requisites.get(work)
    kept = list(KEPT)
    outside = one.outside.done
    if outside.kept:
        kept.append(f"сообщения бота в чатах сотрудников, изменить которые не удалось: {outside.kept};")
    if not outside.rewritten:
        kept.append(BY_AND_BY)
    ways = _ways(outside)
    done = one.done_at or work.now
    return {
        "number": str(one.id),
        "done": _day(work, done),
        "operator": ", ".join(part for part in (own.full_name, own.address) if part),
        "person": _person(one),
        "reason": REASONS[one.reason],
        "author": one.author or "срок хранения, заданный компанией",
        "system": "информационная система «Верстак» (база данных и файлы)",
        "way": "; ".join((AT_ONCE, *ways)),
        "rows": [{"what": _what(name), "n": str(n)} for name, n in one.counts.items() if name in MARKS],
        "kept": kept,
        "events": [
            {"at": _moment(work, one.asked_at), "what": f"Стёрты записи в базе: {_person(one)}"},
            {"at": _moment(work, done), "what": "; ".join((*ways, "акт составлен")).capitalize()},
        ],
    }


def name_of(one: Erasure) -> str:
    """What the file is called."""
    return f"Акт об уничтожении № {one.id}.pdf"


def _ways(done: DoneOutside) -> list[str]:
    """What was done outside the rows, and nothing that was not."""
    said = {
        "файлы удалены с диска": done.files, "сообщения бота в чатах сотрудников заменены": done.replaced,
        "сообщения бота в чатах сотрудников удалены": done.deleted,
    }  # fmt: skip
    ways = [f"{what}: {n}" for what, n in said.items() if n]
    return [*ways, "файл базы переписан заново, его журнал обрезан"] if done.rewritten else ways


def _what(table: str) -> str:
    """A row that is deleted is gone whole; of another one only what told of him."""
    marks = MARKS[table]
    return f"{marks.title} (удалены)" if marks.goes else f"{marks.title} (очищены от данных клиента)"


def _person(one: Erasure) -> str:
    cards = _numbered("карточка клиента №", [key for key, _ in one.person.clients])
    deals = _numbered("лиды и сделки (внутренние номера)", [key for key, _ in one.person.deals])
    return "; ".join(part for part in (cards, deals) if part)


def _numbered(what: str, keys: Sequence[int]) -> str:
    return f"{what} {', '.join(map(str, keys))}" if keys else ""


def _day(work: UnitOfWork, at: datetime) -> str:
    return f"{at.astimezone(work.company.calendar.zone):%d.%m.%Y}"


def _moment(work: UnitOfWork, at: datetime) -> str:
    return f"{at.astimezone(work.company.calendar.zone):%d.%m.%Y %H:%M}"
