"""Gettext catalogues. The message ids are the Russian texts; `ru` holds plural forms, `en` the translation."""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent
LOCALES = ("ru", "en")


@lru_cache(maxsize=len(LOCALES))
def load(locale: str) -> NullTranslations:
    """The catalogue of a locale, compiled in memory from its .po; an unknown locale speaks Russian."""
    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if locale not in LOCALES or not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
