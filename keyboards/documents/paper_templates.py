"""«Шаблоны документов» for the owner: ours, or his own .docx; which fields it may have (K-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.paper_template_callbacks import (
    ListPaperTemplates,
    ListPaperVariables,
    OpenPaperTemplate,
    RestorePaperTemplate,
    SendOwnTemplate,
    SendTemplateExample,
)
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.documents import template_flaws
from keyboards.screen import EMPTY, Button, Document, Line, Screen, Span, bold, line
from keyboards.translator import Translator
from models.states import TemplateState
from models.values.product_text import ProductText, StoredTitle
from models.values.template_flaw import TemplateFlaw

PAGE = 20  # fields on one page
MOST_USED = 8  # fields named in the message that a template was accepted: it is a caption
NEAR = 12


@dataclass(frozen=True, slots=True)
class PaperTemplateView:
    """Which template a paper has: `own` is the owner's file in use; `state`, `problem` and `flaws` tell of the latest
    that was sent; `stopped` is why no paper is made by the one in use any more, in words or by its flaws."""

    process: str
    name: str
    title: ProductText
    own: str | None = None
    own_at: datetime | None = None
    state: TemplateState | None = None
    problem: StoredTitle | None = None
    flaws: tuple[TemplateFlaw, ...] = ()
    stopped: tuple[StoredTitle, tuple[TemplateFlaw, ...]] | None = None


def every(found: Mapping[ProductText, Sequence[PaperTemplateView]], t: Translator) -> Screen:
    """Every paper of every process; the keys are the processes' titles."""
    lines: list[Line] = [
        line("📑 ", bold(t("Шаблоны документов"))),
        line(t("У каждого документа есть встроенный шаблон. Вместо него можно прислать свой файл Word.")),
    ]
    rows: list[list[Button]] = []
    for title, views in found.items():
        if len(found) > 1:
            lines += [EMPTY, line(bold(t(title)))]
        lines += [line(f"• {t(one.title)} — {_which(one, t)}") for one in views]
        rows += [[buttons.button(t(one.title), OpenPaperTemplate(one.process, one.name))] for one in views]
    if not found:
        lines += [EMPTY, line(t("В ваших процессах документов нет."))]
    return Screen(tuple(lines)).with_rows(*rows, (buttons.back(t, OpenSettings()), buttons.home(t)))


def _which(one: PaperTemplateView, t: Translator) -> str:
    return t("свой: {file}", file=one.own) if one.own else t("встроенный")


def paper(one: PaperTemplateView, now: datetime, t: Translator) -> Screen:
    """One paper's template, and what can be done with it."""
    lines: list[Line] = [line("📑 ", bold(t(one.title))), line(t("Шаблон: {which}", which=_which(one, t)))]
    if one.own_at is not None:
        lines.append(line(t("Принят {when}", when=t.moment(one.own_at, now=now))))
    if one.stopped is not None:
        lines += [EMPTY, line("⛔️ ", t("Документы по нему больше не делаются."), *_reason(one.stopped[0], t))]
        lines += template_flaws.lines(one.stopped[1], t)
    if one.state == "checking":
        lines += [EMPTY, line(t("Проверяю присланный шаблон…"))]
    elif one.state == "refused" and one.flaws:
        lines += [EMPTY, line("⚠️ ", t("Последний присланный шаблон не принят.")), *template_flaws.lines(one.flaws, t)]
    elif one.state == "refused" and one.problem:
        lines += [EMPTY, line("⚠️ ", t("Последний присланный шаблон не принят: {why}", why=t.title(one.problem)))]
    key = (one.process, one.name)
    rows = [
        [buttons.button(t("📎 Прислать свой .docx"), SendOwnTemplate(*key), colour="primary")],
        [buttons.button(t("Какие поля можно вставить"), ListPaperVariables(*key))],
        [buttons.button(t("Получить пример .docx"), SendTemplateExample(*key))],
    ]
    if one.own:
        rows.append([buttons.button(t("↩︎ Вернуть встроенный"), RestorePaperTemplate(*key), colour="danger")])
    return Screen(tuple(lines)).with_rows(*rows, (buttons.back(t, ListPaperTemplates()), buttons.home(t)))


def _reason(why: StoredTitle, t: Translator) -> tuple[str, ...]:
    return (" ", t.title(why)) if why else ()


def fields(one: PaperTemplateView, known: Mapping[str, ProductText], page: int, t: Translator) -> Screen:
    """What can stand in a template, each name to be copied by a tap."""
    names = list(known)
    pages = max(1, -(-len(names) // PAGE))
    at = min(max(page, 0), pages - 1)
    lines: list[Line] = [
        line(bold(t("Что можно вставить в шаблон")), f" · {at + 1}/{pages}"),
        line(t("Нажмите на поле, чтобы скопировать, и вставьте его в документ вместе со скобками.")),
        EMPTY,
    ]
    here = names[at * PAGE : (at + 1) * PAGE]
    lines += [line(Span(f"{{{{ {_inside(name)} }}}}", "code"), f" — {t(known[name])}") for name in here]
    if any(name.startswith("lines.") for name in here):
        lines += [EMPTY, line(t("Поля строк работают внутри повтора — как он пишется, видно в примере .docx."))]
    pager = [buttons.button("‹", ListPaperVariables(one.process, one.name, at - 1))] if at else []
    if at + 1 < pages:
        pager.append(buttons.button("›", ListPaperVariables(one.process, one.name, at + 1)))
    return Screen(tuple(lines)).with_rows(
        pager, (buttons.back(t, OpenPaperTemplate(one.process, one.name)), buttons.home(t))
    )  # fmt: skip


def _inside(name: str) -> str:
    """Names of lines and features stand inside a loop, where the one in turn is called `one`."""
    group, _, rest = name.partition(".")
    return f"one.{rest}" if group in ("lines", "features") else name


# --- messages ---------------------------------------------------------------------------------------------------


def accepted(
    one: PaperTemplateView, used: Sequence[tuple[str, ProductText]], dropped: Sequence[str], document: Document | None,
    t: Translator,
) -> Screen:  # fmt: skip
    """The owner's template works: what it fills in, what was taken out of it, and a trial."""
    lines: list[Line] = [
        line("✅ ", bold(t("Шаблон принят: {paper}", paper=t(one.title)))),
        line(t("С этой минуты документ делается по нему. Во вложении проба на выдуманном заказе: посмотрите её.")),
    ]
    if used:
        lines.append(line(t.plural("Бот заполнит {n} поле:", "Бот заполнит {n} полей:", len(used))))
        lines += [line("• ", t(title) if title else name) for name, title in used[:MOST_USED]]
        if len(used) > MOST_USED:
            lines.append(line(t("…и ещё {n}", n=len(used) - MOST_USED)))
    else:
        lines.append(line("⚠️ ", t("Полей в нём нет: каждый документ будет одинаковым.")))
    if dropped:
        lines.append(template_flaws.dropped(dropped, t))
    return Screen(tuple(lines), document=document).with_rows(
        [buttons.button(t("К шаблону"), OpenPaperTemplate(one.process, one.name)), buttons.home(t)]
    )


def refused(
    one: PaperTemplateView, why: StoredTitle, unknown: Sequence[tuple[str, str, ProductText]],
    flaws: Sequence[TemplateFlaw], t: Translator,
) -> Screen:  # fmt: skip
    """The owner's template cannot be used: each unknown name with the nearest known one and what that is, each thing
    that may not be in it."""
    lines: list[Line] = [line("⛔️ ", bold(t("Шаблон не принят: {paper}", paper=t(one.title))))]
    if why and not flaws:
        lines.append(line(t.title(why)))
    lines += template_flaws.lines(flaws, t)
    if unknown:
        lines.append(line(t("В нём есть поля, которых бот не знает:")))
        for name, near, title in unknown[:NEAR]:
            told = (t(" — может быть, "), Span(f"{{{{ {_inside(near)} }}}}", "code"), f" ({t(title)})?") if near else ()
            lines.append(line("• ", Span(f"{{{{ {name} }}}}", "code"), *told))
        if len(unknown) > NEAR:
            lines.append(line(t("…и ещё {n}", n=len(unknown) - NEAR)))
        lines.append(line(t("Исправьте их и пришлите файл ещё раз.")))
    if one.stopped is None:
        lines.append(line(t("Пока документы делаются по прежнему шаблону.")))
    return Screen(tuple(lines)).with_rows(
        [buttons.button(t("📎 Прислать исправленный"), SendOwnTemplate(one.process, one.name), colour="primary")],
        [buttons.button(t("Какие поля можно вставить"), ListPaperVariables(one.process, one.name)), buttons.home(t)],
    )


def stopped(one: PaperTemplateView, why: StoredTitle, flaws: Sequence[TemplateFlaw], t: Translator) -> Screen:
    """The template in use is refused now: no paper until the owner sends another one or takes ours again."""
    lines: list[Line] = [line("⛔️ ", bold(t("Шаблон больше не принимается: {paper}", paper=t(one.title))))]
    lines.append(line(t("По нему попросили документ, и он не сделан: {file}.", file=one.own or "")))
    if not flaws:
        lines.append(line(t.title(why)))
    lines += template_flaws.lines(flaws, t)
    lines += [EMPTY, line(t("Документа не будет, пока вы не пришлёте исправленный шаблон или не вернёте встроенный."))]
    key = (one.process, one.name)
    return Screen(tuple(lines)).with_rows(
        [buttons.button(t("📎 Прислать исправленный"), SendOwnTemplate(*key), colour="primary")],
        [buttons.button(t("↩︎ Вернуть встроенный"), RestorePaperTemplate(*key), colour="danger")],
        [buttons.button(t("К шаблону"), OpenPaperTemplate(*key)), buttons.home(t)],
    )


def example(one: PaperTemplateView, document: Document, t: Translator) -> Screen:
    """A .docx to begin with."""
    lines = (
        line("📑 ", bold(t("Пример шаблона: {paper}", paper=t(one.title)))),
        line(t("Откройте его в Word, перепишите под себя и пришлите обратно. В конце — список всех полей.")),
    )
    return Screen(lines, document=document).with_rows(
        [buttons.button(t("📎 Прислать свой .docx"), SendOwnTemplate(one.process, one.name), colour="primary")],
        [buttons.button(t("К шаблону"), OpenPaperTemplate(one.process, one.name))],
    )


def no_example(one: PaperTemplateView, t: Translator) -> Screen:
    """The .docx could not be made."""
    lines = (
        line("📑 ", bold(t("Пример шаблона не получился: {paper}", paper=t(one.title)))),
        line(t("Это ошибка на моей стороне. Попросите пример ещё раз на странице шаблона.")),
    )
    return Screen(lines).with_rows([buttons.button(t("К шаблону"), OpenPaperTemplate(one.process, one.name))])
