"""How the history tells what whoever comes said of a visit."""

from __future__ import annotations

from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import tells
from keyboards.translator import Translator
from models.history.line import HistoryEntry
from models.history.visit_lines import VisitReportLine


@tells(VisitReportLine)
def _reported(one: HistoryEntry, line: VisitReportLine, view: DealView, t: Translator) -> str:
    said = t("Не могу поехать: {text}", text=line.text)
    return said if line.what == "cannot" else t("Опаздываю: {text}", text=line.text)
