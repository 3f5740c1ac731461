"""A place on the map: shared from the phone (K-22)."""

from __future__ import annotations

from keyboards.forms import field_prompts, field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, screen
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.location_field import LocationField
from models.values.geo_point import GeoPoint


@field_prompts.prompts(LocationField)
def place(t: Translator, ask: Question, one: LocationField) -> Screen:
    """How to share a place."""
    return screen(t, ask, how=t("Пришлите геопозицию: скрепка → «Геопозиция»."))


@field_words.shows(LocationField)
def _words(t: Translator, one: LocationField, typed: GeoPoint, reading: Reading) -> str:
    """«55.79616, 49.10894»."""
    return f"{typed.latitude:.5f}, {typed.longitude:.5f}"
