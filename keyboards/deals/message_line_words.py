"""Papers, messages to the client, questions and answers in a deal's history, in words."""

from __future__ import annotations

from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import tells
from keyboards.sms import sms_list
from keyboards.translator import Translator
from models import access
from models.history.line import HistoryEntry
from models.history.message_lines import (
    AnswerLine,
    ChatLine,
    PaperLine,
    PaperNameChosen,
    PaperWasMade,
    PaperWasSent,
    QuestionLine,
    SmsChanged,
)


def _of_hidden(line: PaperLine, view: DealView) -> bool:
    known = view.process.papers.get(line.paper)
    return known is not None and not access.reads_paper(view.role, known)


@tells(PaperWasMade, PaperWasSent, hidden=_of_hidden)
def _paper(one: HistoryEntry, line: PaperLine, view: DealView, t: Translator) -> str:
    known = view.process.papers.get(line.paper)
    named = f"{t(known.title) if known else line.paper} № {line.number}"
    if isinstance(line, PaperWasSent):
        return t("клиенту отправлено: {paper}", paper=named)
    return t("сделан документ: {paper}, версия {n}", paper=named, n=line.version)


@tells(PaperNameChosen)
def _paper_name(one: HistoryEntry, line: PaperNameChosen, view: DealView, t: Translator) -> str:
    return t("документы — на имя: {name}", name=line.name)


@tells(SmsChanged)
def _sms(one: HistoryEntry, line: SmsChanged, view: DealView, t: Translator) -> str:
    return t("SMS клиенту: {state}", state=sms_list.state(line.state, t))


@tells(QuestionLine, AnswerLine)
def _said(one: HistoryEntry, line: ChatLine, view: DealView, t: Translator) -> str:
    told = " · ".join(part for part in (line.text, f"📎 {line.files}" if line.files else "") if part)
    return t("вопрос: {text}", text=told) if isinstance(line, QuestionLine) else t("ответ: {text}", text=told)
