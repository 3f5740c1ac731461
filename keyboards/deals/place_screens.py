"""A place on the map that came by itself: what it may be for."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import PutPlace
from keyboards.callbacks.task_callbacks import ListTasks
from keyboards.near_time import cut
from keyboards.screen import Button, Line, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.values.geo_point import GeoPoint

LABEL = 40
MILLION = 1_000_000  # a button carries whole numbers


def in_words(point: GeoPoint) -> str:
    """«55.79616, 49.10894»."""
    return f"{point.latitude:.5f}, {point.longitude:.5f}"


def where(point: GeoPoint, found: Sequence[Deal], t: Translator) -> Screen:
    """The address of which deal is it?"""
    if not found:
        return _nowhere(point, t("Открытых сделок с адресом у вас нет, записать пока некуда."), (), t)
    lines = (*_head(point, t), line(bold(t("В адрес какой сделки записать?"))))
    rows = [(buttons.button(cut(f"{one.title} · {one.number}", LABEL), _press(one, point)),) for one in found]
    return Screen(lines).with_rows(*rows, (_map(point, t), buttons.home(t)))


def for_a_task(point: GeoPoint, t: Translator) -> Screen:
    """Who drives out shares it where his task asks for it."""
    said = t("Если место нужно для задачи, откройте её: она спросит сама.")
    return _nowhere(point, said, ((buttons.button(t("📋 Мои задачи"), ListTasks()),),), t)


def _nowhere(point: GeoPoint, said: str, rows: Rows, t: Translator) -> Screen:
    return Screen((*_head(point, t), line(said))).with_rows(*rows, (_map(point, t), buttons.home(t)))


def _head(point: GeoPoint, t: Translator) -> tuple[Line, ...]:
    return (line("📍 ", t("Геопозиция: {place}", place=in_words(point))), line(t("Сейчас её никто не спрашивал.")))


def _press(deal: Deal, point: GeoPoint) -> PutPlace:
    return PutPlace(deal.id, round(point.latitude * MILLION), round(point.longitude * MILLION))


def _map(point: GeoPoint, t: Translator) -> Button:
    return Button(t("🗺 Карта"), url=point.map_url())
