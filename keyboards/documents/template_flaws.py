"""What of the owner's .docx would run or be fetched: by name, in which part, and what he can do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from keyboards.screen import Line, line
from keyboards.translator import Translator
from models.values.invalid_value import N_
from models.values.product_text import ProductText
from models.values.template_flaw import TemplateFlaw

NEAR = 8  # named in one message
SAVE_AGAIN = N_("Откройте файл в Word и сохраните его заново.")
DELETE = N_("Удалите это из документа.")


@dataclass(frozen=True, slots=True)
class FlawWords:
    """What it is called, and what cures it."""

    title: ProductText
    cure: ProductText


WORDS: Mapping[str, FlawWords] = {
    "picture": FlawWords(
        N_("картинка, которой нет в самом файле"), N_("Вставьте картинку в файл: «Вставка» → «Рисунки».")
    ),
    "link": FlawWords(
        N_("ссылка не на сайт, не на почту и не на телефон"),
        N_("Исправьте ссылку: адрес начинается с https://, mailto: или tel:."),
    ),
    "outside": FlawWords(N_("содержимое, которое загружается со стороны"), DELETE),
    "chunk": FlawWords(N_("другой файл, вставленный целиком (altChunk)"), SAVE_AGAIN),
    "subdocument": FlawWords(N_("вложенный документ"), N_("Скопируйте текст вложенного документа в сам шаблон.")),
    "field": FlawWords(
        N_("поле Word"), N_("Выделите поле и нажмите Ctrl+Shift+F9: от него останется обычный текст или картинка.")
    ),
    "torn": FlawWords(N_("поле, код которого разорван"), N_("Удалите это поле и, если нужно, вставьте его заново.")),
    "filled": FlawWords(
        N_("подстановка внутри кода поля или адреса"), N_("Подстановки в двойных скобках пишите в обычном тексте.")
    ),
    "macro": FlawWords(N_("макросы"), N_("Сохраните файл как обычный .docx, без макросов.")),
    "object": FlawWords(
        N_("вложенный объект: таблица Excel, чертёж, файл"), N_("Замените объект картинкой или обычной таблицей Word.")
    ),
    "control": FlawWords(N_("элемент управления ActiveX"), DELETE),
    "frame": FlawWords(N_("рамки с другими страницами"), N_("Скопируйте текст в новый документ Word.")),
    "merge": FlawWords(
        N_("слияние с источником данных"), N_("В Word: «Рассылки» → «Начать слияние» → «Обычный документ Word».")
    ),
    "media": FlawWords(N_("видео или звук"), DELETE),
    "extension": FlawWords(N_("надстройка Office"), N_("Скопируйте текст в новый документ Word.")),
    "file": FlawWords(N_("посторонний файл"), N_("Скопируйте текст в новый документ Word.")),
    "doctype": FlawWords(N_("описание (DOCTYPE), которого Word не пишет"), SAVE_AGAIN),
    "encoding": FlawWords(N_("часть в незнакомой кодировке"), SAVE_AGAIN),
    "name": FlawWords(N_("часть с недопустимым именем"), SAVE_AGAIN),
    "twice": FlawWords(N_("часть, которая записана дважды"), SAVE_AGAIN),
}
PARTS: tuple[tuple[re.Pattern[str], ProductText], ...] = (
    (re.compile(r"word/document\d*\.xml"), N_("основной текст")),
    (re.compile(r"word/header\d*\.xml"), N_("верхний колонтитул")),
    (re.compile(r"word/footer\d*\.xml"), N_("нижний колонтитул")),
    (re.compile(r"word/(?:footnotes|endnotes)\.xml"), N_("сноски")),
    (re.compile(r"word/comments\.xml"), N_("примечания")),
    (re.compile(r"word/(?:webSettings|settings)\.xml"), N_("настройки документа")),
    (re.compile(r"word/charts/.*"), N_("диаграмма")),
    (re.compile(r"word/glossary/.*"), N_("экспресс-блоки")),
)


def lines(flaws: Sequence[TemplateFlaw], t: Translator) -> list[Line]:
    """What was found and where, then what to do; nothing if nothing was found."""
    if not flaws:
        return []
    out = [line(t("В файле есть то, что может запуститься или загрузиться со стороны, когда документ откроют:"))]
    out += [line("• ", _named(one, t)) for one in flaws[:NEAR]]
    if len(flaws) > NEAR:
        out.append(line(t("…и ещё {n}", n=len(flaws) - NEAR)))
    out.append(line(t("Что сделать:")))
    cures = dict.fromkeys(WORDS[one.kind].cure for one in flaws if one.kind in WORDS)
    return out + [line("• ", t(cure)) for cure in cures or (SAVE_AGAIN,)]


def _named(one: TemplateFlaw, t: Translator) -> str:
    words = WORDS.get(one.kind)
    title = t(words.title) if words else one.kind  # one that a newer version has found
    said = f"{title}: {one.detail}" if one.detail else title
    return f"{said} — {_place(one.part, t)}"


def _place(part: str, t: Translator) -> str:
    known = next((title for pattern, title in PARTS if pattern.fullmatch(part)), None)
    return f"{t(known)} ({part})" if known else part


def dropped(templates: Sequence[str], t: Translator) -> Line:
    """Another template of Word's that it was linked to, and is linked to no more."""
    names = dict.fromkeys(re.split(r"[\\/:]", unquote(one))[-1][:60] or one[:60] for one in templates[:NEAR])
    text = t("Файл связан с другим шаблоном Word: {names}. Эту связь я убираю.", names=", ".join(names))
    return line("ℹ️ ", text, " ", t("Иначе Word искал бы его каждый раз, когда документ открывают."))
