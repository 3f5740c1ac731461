"""Brings the catalogues up to the texts: `make texts`. Run from the project's root."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

import locales

ROOT = Path(__file__).resolve().parent.parent
# our functions by name: the translator `t(…)`, `t.plural(…)`, the marker `N_(…)`, and Texts' own `self(…)`
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "self": None, "N_": None, "plural": (1, 2)}
SOURCE = "ru"
HEADER = "# {locale} texts of Verstak. Message ids are Russian; keep the {{placeholders}}."


def template() -> Catalog:
    """Every text of the code and of the process files."""
    with (ROOT / "locales" / "babel.cfg").open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8")
    for path, line, message, comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        if message and _is_text(message):
            catalogue.add(message, None, [(Path(path).as_posix(), line)], auto_comments=comments, context=context)
    return catalogue


def _is_text(message: str | tuple[str, ...] | list[str]) -> bool:
    first = message if isinstance(message, str) else message[0]
    return bool(first and first.strip())


def catalogue_of(locale: str) -> Catalog:
    """A locale's catalogue, brought up to the texts: new ones are empty, those no longer used are gone."""
    path = locales.FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if path.exists():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=locale)
    else:
        catalogue = Catalog(locale=locale, charset="utf-8")
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.fuzzy = "Verstak", "1", False
    catalogue.header_comment = HEADER.format(locale=locale)
    return catalogue


def main() -> int:
    """Write both catalogues; says how many texts are untranslated."""
    for locale in locales.LOCALES:
        catalogue = catalogue_of(locale)
        path = locales.FOLDER / locale / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)
        said = f"{locale}: {len(catalogue)} texts"
        if locale != SOURCE:  # what it leaves empty reads as it stands in the code
            empty = len([one for one in catalogue if one.id and not _filled(one.string)])
            said += f", {empty} without a translation"
        sys.stdout.write(f"{said}\n")
    return 0


def _filled(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    raise SystemExit(main())
