"""What happens to a deal itself, in words."""

from __future__ import annotations

from typing import Any

from keyboards.deals import put_back_words
from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import of_account, stage_title, tells
from keyboards.forms import field_words
from keyboards.translator import Translator
from models.fields import codec
from models.fields.payment_field import PaymentField
from models.history.deal_lines import (
    AnswersConfirmed,
    ChangeAsked,
    ClientMade,
    ClientsMerged,
    ClientsSplit,
    CommentCorrected,
    CommentMade,
    DealCreated,
    DealDeleted,
    DealMoved,
    DealPutBack,
    DealRenamed,
    EscalationSnoozed,
    FieldFilled,
    FieldPutAside,
    HoldWasBroken,
    HoldWasKept,
    LeadConverted,
    MoveWasBlocked,
    PersonErased,
    ResponsibleChanged,
    RuleNoted,
    WordsForwarded,
)
from models.history.line import HistoryEntry

LONGEST_PAIR = 80  # characters of «old → new»; longer texts are told as they are now


@tells(DealCreated)
def _created(one: HistoryEntry, line: DealCreated, view: DealView, t: Translator) -> str:
    return t("карточка создана, стадия «{stage}»", stage=stage_title(view.process, one.to_stage, t))


@tells(DealMoved)
def _moved(one: HistoryEntry, line: DealMoved, view: DealView, t: Translator) -> str:
    before, after = (stage_title(view.process, name, t) for name in (one.from_stage, one.to_stage))
    by = t(" (робот)") if one.rule else ""
    here, there = ((name or "").partition(".")[0] for name in (one.from_stage, one.to_stage))
    if here != there and there in view.process.pipelines:
        direction = t(view.process.pipelines[there].title)
        return t("«{before}» → «{pipeline}»: «{after}»{by}", before=before, pipeline=direction, after=after, by=by)
    return t("«{before}» → «{after}»{by}", before=before, after=after, by=by)


def _of_hidden(line: FieldFilled | FieldPutAside | ChangeAsked, view: DealView) -> bool:
    return line.field in view.hidden


def _is_sum_of_payments(line: FieldFilled, view: DealView) -> bool:
    """The payment itself has a line of its own."""
    return isinstance(view.process.fields.get(line.field), PaymentField)


@tells(FieldFilled, hidden=_of_hidden, told_elsewhere=_is_sum_of_payments)
def _filled(one: HistoryEntry, line: FieldFilled, view: DealView, t: Translator) -> str:
    """«Дата готовности: 12 декабря → 19 декабря»."""
    known = view.process.fields.get(line.field)
    title = t(known.title) if known else line.field
    new = _shown(line.field, line.value, view, t)
    if line.was is None:
        return f"{title}: {new}"
    old = _shown(line.field, line.was, view, t)
    return f"{title}: {new}" if len(old) + len(new) > LONGEST_PAIR or old == new else f"{title}: {old} → {new}"


@tells(FieldPutAside, hidden=_of_hidden)
def _put_aside(one: HistoryEntry, line: FieldPutAside, view: DealView, t: Translator) -> str:
    """«Отложено в историю: Почему отказ — Дорого»."""
    known = view.process.fields.get(line.field)
    title = t(known.title) if known else line.field
    return t("Отложено в историю: {field} — {value}", field=title, value=_shown(line.field, line.value, view, t))


def _shown(name: str, raw: Any, view: DealView, t: Translator) -> str:
    field = view.process.fields.get(name)
    return field_words.value(t, field, codec.decode_value(field, raw), view.people, now=view.now)


@tells(AnswersConfirmed, hidden=lambda line, view: not view.hidden.isdisjoint(line.fields))
def _confirmed(one: HistoryEntry, line: AnswersConfirmed, view: DealView, t: Translator) -> str:
    """«подтверждено, что согласуются: Причина отказа, Причины отказа подробно»."""
    known = view.process.fields
    titles = ", ".join(t(known[name].title) if name in known else name for name in line.fields)
    if line.agree:
        return t("подтверждено, что согласуются: {titles}", titles=titles)
    return t("не согласуются, и так оставлено: {titles}", titles=titles)


@tells(DealPutBack)
def _put_back(one: HistoryEntry, line: DealPutBack, view: DealView, t: Translator) -> str:
    """«↩︎ вернули как было: «Замер» → «Просчёт»»."""
    if one.from_stage != one.to_stage and one.to_stage is not None:
        before, after = (stage_title(view.process, name, t) for name in (one.from_stage, one.to_stage))
        return t("↩︎ вернули как было: «{before}» → «{after}»", before=before, after=after)
    shown = put_back_words.named(view, line.fields, line.visits, t, led=line.led)
    return t("↩︎ вернули как было: {fields}", fields=shown) if shown else t("↩︎ вернули как было")


@tells(CommentCorrected)
def _corrected(one: HistoryEntry, line: CommentCorrected, view: DealView, t: Translator) -> str:
    return t("исправил запись: {text}", text=line.text)


@tells(WordsForwarded)
def _forwarded(one: HistoryEntry, line: WordsForwarded, view: DealView, t: Translator) -> str:
    """«переслано (Ольга К.): «хочу белую»»."""
    return t("переслано ({name}): «{text}»", name=line.sender or t("клиент"), text=line.text)


@tells(ResponsibleChanged)
def _assigned(one: HistoryEntry, line: ResponsibleChanged, view: DealView, t: Translator) -> str:
    return t("ответственный — {name}", name=line.to)


@tells(ClientMade)
def _client(one: HistoryEntry, line: ClientMade, view: DealView, t: Translator) -> str:
    return t("создан клиент {name}", name=line.name)


@tells(ClientsMerged)
def _merged(one: HistoryEntry, line: ClientsMerged, view: DealView, t: Translator) -> str:
    return t("карточки клиентов объединены: {gone} → {kept}", gone=line.gone, kept=line.kept)


@tells(ClientsSplit)
def _split(one: HistoryEntry, line: ClientsSplit, view: DealView, t: Translator) -> str:
    return t("карточки клиентов снова разделены: {kept} → {back}", kept=line.kept, back=line.back)


@tells(LeadConverted)
def _converted(one: HistoryEntry, line: LeadConverted, view: DealView, t: Translator) -> str:
    return t("создана сделка № {number}", number=line.number)


@tells(DealRenamed)
def _renamed(one: HistoryEntry, line: DealRenamed, view: DealView, t: Translator) -> str:
    return t("название: {title}", title=line.title)


@tells(PersonErased)
def _erased(one: HistoryEntry, line: PersonErased, view: DealView, t: Translator) -> str:
    return t("данные клиента стёрты")


@tells(DealDeleted)
def _deleted(one: HistoryEntry, line: DealDeleted, view: DealView, t: Translator) -> str:
    return line.kind  # nobody opens the history of a deal that is out of sight


@tells(CommentMade)
def _comment(one: HistoryEntry, line: CommentMade, view: DealView, t: Translator) -> str:
    return line.text or line.kind


@tells(RuleNoted)
def _noted(one: HistoryEntry, line: RuleNoted, view: DealView, t: Translator) -> str:
    return t(line.text) if one.rule else line.text or line.kind  # a robot's is a text of the process file


@tells(MoveWasBlocked)
def _blocked(one: HistoryEntry, line: MoveWasBlocked, view: DealView, t: Translator) -> str:
    stage = stage_title(view.process, f"{view.deal.pipeline}.{line.to}", t)
    return t("робот не смог перевести на стадию «{stage}»", stage=stage)


@tells(HoldWasBroken, hidden=of_account)  # mostly it is about money
def _not_held(one: HistoryEntry, line: HoldWasBroken, view: DealView, t: Translator) -> str:
    return t("не сходится: {why}", why="; ".join(t(why) for why in line.why))


@tells(HoldWasKept, hidden=of_account)
def _held_again(one: HistoryEntry, line: HoldWasKept, view: DealView, t: Translator) -> str:
    return t("снова сходится. Было: {why}", why="; ".join(t(why) for why in line.why))


@tells(ChangeAsked, hidden=_of_hidden)
def _asked(one: HistoryEntry, line: ChangeAsked, view: DealView, t: Translator) -> str:
    """«просит разрешить: Сумма договора: 150 000 ₽ → 120 000 ₽ (клиент отказался от столешницы)»."""
    known = view.process.fields.get(line.field)
    new = _shown(line.field, line.value, view, t)
    change = new if line.was is None else f"{_shown(line.field, line.was, view, t)} → {new}"
    title = t(known.title) if known else line.field
    return t("просит разрешить: {field}: {change} ({text})", field=title, change=change, text=line.text)


@tells(EscalationSnoozed)
def _snoozed(one: HistoryEntry, line: EscalationSnoozed, view: DealView, t: Translator) -> str:
    return t.plural("отложено на {n} день", "отложено на {n} дней", line.days)
