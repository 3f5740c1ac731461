"""Files in a deal's history, in words."""

from __future__ import annotations

from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import tells
from keyboards.translator import Translator
from models.fields.groups import FileLike
from models.history.file_lines import CaptionCorrected, FileMoved, FileRestored, FilesAdded, FilesRemoved
from models.history.line import HistoryEntry


def _of_hidden(line: FilesRemoved | FileMoved | FileRestored | CaptionCorrected, view: DealView) -> bool:
    """It names a file that is hidden from the reader; of an older line nobody knows where the file lay."""
    if line.fields is None:
        return any(isinstance(view.process.fields[name], FileLike) for name in view.hidden)
    return not view.hidden.isdisjoint(line.fields)


def _may_be_hidden(line: FilesAdded, view: DealView) -> bool:
    """It does not know where the file lies: who may not see every folder hears of none."""
    return any(isinstance(view.process.fields[name], FileLike) for name in view.hidden)


@tells(FilesAdded, hidden=_may_be_hidden)
def _added(one: HistoryEntry, line: FilesAdded, view: DealView, t: Translator) -> str:
    said = t("файл {name}", name=line.name) if line.count == 1 else t("добавлено файлов: {n}", n=line.count)
    return f"{said} — «{line.words}»" if line.words else said


@tells(CaptionCorrected, hidden=_of_hidden)
def _corrected(one: HistoryEntry, line: CaptionCorrected, view: DealView, t: Translator) -> str:
    if not line.words:
        return t("убрана подпись к файлу {name}", name=line.name)
    return t("подпись к файлу {name} исправлена: «{words}»", name=line.name, words=line.words)


@tells(FilesRemoved, hidden=_of_hidden)
def _removed(one: HistoryEntry, line: FilesRemoved, view: DealView, t: Translator) -> str:
    if line.count == 1:
        return t("файл {name} убран из папки", name=line.name)
    return t("убрано файлов: {n}", n=line.count)


@tells(FileMoved, hidden=_of_hidden)
def _moved(one: HistoryEntry, line: FileMoved, view: DealView, t: Translator) -> str:
    return t("файл {name} переложен: {folder}", name=line.name, folder=t(line.to) or t("Прочее"))


@tells(FileRestored, hidden=_of_hidden)
def _restored(one: HistoryEntry, line: FileRestored, view: DealView, t: Translator) -> str:
    return t("файл {name} возвращён из корзины: {folder}", name=line.name, folder=t(line.to) or t("Прочее"))
