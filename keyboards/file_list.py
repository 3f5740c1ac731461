"""A deal's files, and where a file belongs that came by itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from keyboards import buttons
from keyboards.screen import EMPTY, Screen, bold, line
from keyboards.texts import Texts
from models.nouns import Deal, File
from models.process import fields as f
from models.process.process import Process

PAGE = 10
LABEL = 30


def files(deal: Deal, process: Process, found: Sequence[File], page: int, t: Texts) -> Screen:
    """The files by folders, each sent back by one tap."""
    lines = [line(bold(t("Файлы"))), line(f"{deal.title} · № {deal.number}"), EMPTY]
    if not found:
        lines.append(line(t("Пока ничего нет. Пришлите файл или фото сюда, в чат, — спрошу, куда положить.")))
        return Screen(tuple(lines), ((buttons.back(t, "deal", deal.id), buttons.home(t)),))
    ordered = sorted(found, key=lambda one: (one.field is None, one.field or "", one.id))
    shown = ordered[page * PAGE : (page + 1) * PAGE]
    last = None
    for one in shown:
        folder = _folder(process, one, t)
        if folder != last:
            lines.append(line(bold(folder)))
            last = folder
        author = f" · {one.author}" if one.author else ""
        lines.append(line("📎 ", one.name, f" · {_size(one.size, t)}" if one.size else "", author))
    rows = [(buttons.button(_cut(f"📎 {one.name}"), "file", one.id),) for one in shown]
    pager = []
    if page:
        pager.append(buttons.button("‹", "files", deal.id, page - 1))
    if len(ordered) > (page + 1) * PAGE:
        pager.append(buttons.button("›", "files", deal.id, page + 1))
    return Screen(tuple(lines)).with_rows(*rows, pager, (buttons.back(t, "deal", deal.id), buttons.home(t)))


def _folder(process: Process, one: File, t: Texts) -> str:
    field = process.fields.get(one.field) if one.field else None
    if isinstance(field, f.FileField | f.PhotoField):
        return t(field.folder or field.title)
    return t("Прочее")


def _size(size: int, t: Texts) -> str:
    if size < 1024 * 1024:
        return t("{n} КБ", n=max(1, round(size / 1024)))
    return t("{n} МБ", n=t.number(Decimal(size) / (1024 * 1024), digits=1))


def _cut(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def one_file(one: File) -> Screen:
    """The file itself."""
    caption = (line(one.name),)
    if one.kind == "photo":
        return Screen(caption, photo=one.telegram_id)
    return Screen(caption, document=one.telegram_id)


def where(token: str, name: str, album: bool, found: Sequence[Deal], t: Texts) -> Screen:
    """Which deal is it for?"""
    asked = t("Куда положить эти файлы?") if album else t("Куда положить файл?")
    lines = [line(bold(asked))]
    if name and not album:
        lines.append(line("📎 ", name))
    if not found:
        lines.append(line(t("Открытых сделок у вас нет, поэтому положить пока некуда.")))
    rows = [(buttons.button(_cut(f"{one.title} · {one.number}"), "put", one.id, token),) for one in found]
    return Screen(tuple(lines)).with_rows(*rows, (buttons.button(t("Никуда"), "putno", token), buttons.home(t)))


def dropped(t: Texts) -> Screen:
    """Nobody wanted the file."""
    return Screen((line(t("Файл не сохранён.")),), ((buttons.home(t),),))
