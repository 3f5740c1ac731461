"""A deal's folder: its files by folders, one of them sent back, put elsewhere, taken out (K-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from keyboards import buttons, near_time
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.file_callbacks import (
    AskFileRemoval,
    AskFileSearch,
    ChooseFolder,
    ListBin,
    ListFiles,
    MoveFile,
    RemoveFile,
    SendFile,
    SendPhotos,
)
from keyboards.screen import EMPTY, DealFile, Line, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal, File
from models.values.product_text import ProductText

PAGE = 10
LABEL = 30
CAPTION = 120  # characters of the words that came with a file
SEARCH_FROM = 11  # fewer are seen at a glance
ICONS = {"photo": "🖼", "video": "🎬", "animation": "🎬", "video_note": "🎬", "voice": "🎙", "audio": "🎵"}
UNNAMED = "photo.jpg"
KILO, MEGA = 1024, 1024 * 1024


def folder(
    deal: Deal,
    found: Sequence[File],
    folders: Mapping[int, ProductText | None],
    page: int,
    t: Translator,
    *,
    asked: str = "",
    called: Mapping[int, str] | None = None,
    removed: int = 0,
) -> Screen:
    """The deal's folder, named after it; `folders` says in which of its folders each file lies (None: beside them).

    `asked` is what was searched for, `found` the newest first then; `called` are the `names` of the whole folder. So
    many were `removed` from it and lie in the bin.
    """
    head = t("Найдено по «{text}»", text=asked) if asked else t("Папка: {deal}", deal=deal.title)
    lines = [line("📁 ", bold(head)), line(f"№ {deal.number}"), EMPTY]
    seen = found[:PAGE] if asked else found
    ordered = sorted(seen, key=lambda one: (folders.get(one.id) is None, folder_title(folders.get(one.id), t), one.id))
    if not found:
        lines.append(line(_nothing(asked, t)))
    elif asked and len(found) > PAGE:
        lines += [line(t("Показаны последние {n}. Добавьте слово, чтобы найти точнее.", n=PAGE)), EMPTY]
    shown = ordered[page * PAGE : (page + 1) * PAGE]
    called = called or names(found, t)
    lines += _lines(shown, folders, called, t)
    rows = [(buttons.button(cut(f"{icon(one)} {called[one.id]}"), SendFile(one.id)),) for one in shown]
    more = []
    if not asked and len(found) >= SEARCH_FROM:
        more.append(buttons.button(t("🔎 Найти"), AskFileSearch(deal.id)))
    if not asked and sum(one.kind == "photo" for one in found) > 1:
        more.append(buttons.button(t("Прислать все фото"), SendPhotos(deal.id)))
    pager = []
    if page:
        pager.append(buttons.button("‹", ListFiles(deal.id, page - 1)))
    if len(ordered) > (page + 1) * PAGE and not asked:
        pager.append(buttons.button("›", ListFiles(deal.id, page + 1)))
    back = ListFiles(deal.id) if asked else OpenDeal(deal.id)
    bin_ = [buttons.button(t("🗑 Корзина · {n}", n=removed), ListBin(deal.id))] if removed else []
    return Screen(tuple(lines)).with_rows(*rows, pager, more, bin_, (buttons.back(t, back), buttons.home(t)))


def _nothing(asked: str, t: Translator) -> str:
    if asked:
        return t("Ничего не нашлось. Попробуйте часть названия или имя того, кто прислал.")
    return t("Пока ничего нет. Пришлите файл или фото сюда, в чат, — спрошу, куда положить.")


def _lines(
    shown: Sequence[File], folders: Mapping[int, ProductText | None], called: Mapping[int, str], t: Translator
) -> list[Line]:
    lines: list[Line] = []
    last: str | None = None
    for one in shown:
        title = folder_title(folders.get(one.id), t)
        if title != last:
            lines.append(line(bold(title)))
            last = title
        lines.append(line(f"{icon(one)} ", " · ".join((called[one.id], *facts(one, t)))))
        lines += _caption(one)
    return lines


def _caption(one: File) -> list[Line]:
    """The words that came with it."""
    return [line(f"   «{near_time.cut(one.caption, CAPTION)}»")] if one.caption else []


def facts(one: File, t: Translator) -> list[str]:
    """How big it is, who sent it, when."""
    size = _size(one.size, t) if one.size else ""
    return [part for part in (size, one.author or "", f"{one.at.astimezone(t.zone):%d.%m.%y %H:%M}") if part]


def names(found: Sequence[File], t: Translator) -> dict[int, str]:
    """What each file is called: Telegram's photos and voice notes have no names, so they are numbered as they came."""
    by_age = sorted(found, key=lambda one: one.id)
    photos = [one.id for one in by_age if one.name == UNNAMED]
    voices = [one.id for one in by_age if one.kind == "voice"]
    numbered = {key: t("Фото {n}", n=place) for place, key in enumerate(photos, 1)}
    numbered |= {key: t("Голосовое {n}", n=place) for place, key in enumerate(voices, 1)}
    return {one.id: numbered.get(one.id, one.name) for one in found}


def icon(one: File) -> str:
    """What kind of file it is, at a glance."""
    return ICONS.get(one.kind, "📎")


def _size(size: int, t: Translator) -> str:
    if size < MEGA:
        return t("{n} КБ", n=max(1, round(size / KILO)))
    return t("{n} МБ", n=t.number(Decimal(size) / MEGA, digits=1))


def cut(text: str) -> str:
    """A label that fits on a button."""
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def folder_title(folder: ProductText | None, t: Translator) -> str:
    """What the folder is called; what lies beside them all has a name too."""
    return t(folder) if folder else t("Прочее")


def one_file(one: File, folder_: ProductText | None, t: Translator, *, called: str, may_change: bool) -> Screen:
    """The file itself, where it lies and who sent it; and the ways to put it elsewhere. `called`: see `names`."""
    caption = (line(bold(called)), line(" · ".join((folder_title(folder_, t), *facts(one, t)))), *_caption(one))
    rows: Rows = ()
    if may_change:
        move = buttons.button(t("Переложить в…"), ChooseFolder(one.id))
        rows = ((move, buttons.button(t("Убрать из папки"), AskFileRemoval(one.id))),)
    held = DealFile(one.id, one.name)
    if one.kind == "photo":
        return Screen(caption, rows, photo=held)
    return Screen(caption, rows, document=held)


def places(deal: Deal, one: File, found: Sequence[tuple[str, ProductText]], t: Translator, *, called: str) -> Screen:
    """Under which field of the deal it is to lie: «это договор»."""
    lines = [
        line(bold(t("Что это за файл?"))),
        line(f"{icon(one)} ", called),
        line(f"{deal.title} · № {deal.number}"),
    ]
    rows = [(buttons.button(cut(t(title)), MoveFile(one.id, name)),) for name, title in found]
    if one.field is not None:
        rows.append((buttons.button(t("Прочее"), MoveFile(one.id, None)),))
    if not rows:
        lines.append(line(t("Других папок у этой сделки нет.")))
    return Screen(tuple(lines)).with_rows(*rows, (buttons.back(t, ListFiles(deal.id)), buttons.home(t)))


def removal(deal: Deal, one: File, t: Translator, *, called: str, days: int) -> Screen:
    """Is it really to go? For so many days it can be put back."""
    kept = t.plural("Файл полежит в корзине сделки {n} день", "Файл полежит в корзине сделки {n} дней", days)
    lines = (
        line(bold(t("Убрать файл из папки?"))),
        line(f"{icon(one)} ", " · ".join((called, *facts(one, t)))),
        line(f"{kept}: ", t("до тех пор его можно вернуть. В истории останется, кто и что убрал.")),
    )
    gone = buttons.button(t("Убрать"), RemoveFile(one.id), colour="danger")
    return Screen(lines, ((gone, buttons.back(t, ListFiles(deal.id))), (buttons.home(t),)))
