"""A deal's bin: what was removed from its folder, by whom, until when it can be put back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from keyboards import buttons
from keyboards.callbacks.file_callbacks import ListBin, ListFiles, RestoreFile
from keyboards.files.file_list import UNNAMED, cut, facts, folder_title, icon
from keyboards.screen import EMPTY, Line, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal, RemovedFile
from models.ids import FileId
from models.values.invalid_value import N_
from models.values.product_text import ProductText

PAGE = 8
RESTORED = {
    "back": N_("Файл снова в папке"),
    "beside": N_("Прежнее место занято: файл теперь в «Прочее»"),
    "same": N_("Такой файл в папке уже есть"),
}


def removed_files(
    deal: Deal,
    found: Sequence[RemovedFile],
    folders: Mapping[FileId, ProductText | None],
    restorable: Collection[FileId],
    page: int,
    t: Translator,
) -> Screen:
    """The bin, the latest first; `restorable` are those that the reader may put back."""
    lines: list[Line] = [line("🗑 ", bold(t("Корзина: {deal}", deal=deal.title))), line(f"№ {deal.number}"), EMPTY]
    if not found:
        lines.append(line(t("Здесь пусто: убранные файлы уже вернули или удалили по сроку.")))
    page = min(max(page, 0), max(0, (len(found) - 1) // PAGE))
    shown = found[page * PAGE : (page + 1) * PAGE]
    for one in shown:
        told = (folder_title(folders.get(one.file.id), t), *facts(one.file, t))
        lines += [line(f"{icon(one.file)} ", bold(_called(one, t)), " · ", " · ".join(told)), line(_told(one, t))]
    rows = [
        (buttons.button(cut(t("↩️ Вернуть: {name}", name=_called(one, t))), RestoreFile(one.file.id)),)
        for one in shown
        if one.file.id in restorable
    ]
    pager = [buttons.button("‹", ListBin(deal.id, page - 1))] if page else []
    if len(found) > (page + 1) * PAGE:
        pager.append(buttons.button("›", ListBin(deal.id, page + 1)))
    return Screen(tuple(lines)).with_rows(*rows, pager, (buttons.back(t, ListFiles(deal.id)), buttons.home(t)))


def _called(one: RemovedFile, t: Translator) -> str:
    return t("Фото") if one.file.name == UNNAMED else one.file.name


def _told(one: RemovedFile, t: Translator) -> str:
    removed = f"{one.removed_at.astimezone(t.zone):%d.%m.%y %H:%M}"
    by = one.by or t("бот")
    until = f"{one.until.astimezone(t.zone):%d.%m.%y}"
    return t("Убрано: {name}, {at}; хранится до {until}", name=by, at=removed, until=until)
