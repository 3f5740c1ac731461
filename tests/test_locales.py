"""C-7: every text that a person sees has its translation, and the translation fits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import locales
from locales.update import ROOT, catalogue_of, template
from models.process.checks import time_checks

CYRILLIC = re.compile("[\u0400-\u04ff]")
PLACEHOLDER = re.compile(r"\{[a-z_0-9]*\}")
FORMS = {"ru": 3, "en": 2}
# an address is data: it is written in the language of its country
DATA = ("Казань, ул. Баумана, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12",)
# a language by its own name, the company's name before it has one, and the letter that a search takes as another
NOT_TEXTS = frozenset({"Русский", "Верстак", "ё", "е"})
# demonstration data, and columns of tables that are read
READERS = frozenset({
    "demo_shop.py", "demo_kitchens.py", "demo_measurement.py", "sandbox_command.py", "csv_io.py",
    "register_file.py", "register_compare.py", "register_export.py", "sheet_export.py",
    "search_terms.py", "packed_words.py", "lead_words.py", "said_ranges.py",
})  # fmt: skip
# papers are Russian whoever reads the bot in what language: what they say, what they are made of and called
PAPERS = frozenset({
    "services/documents/paper_data.py", "services/documents/docx_worker/docx_example.py",
    "services/documents/personal_names.py", "services/documents/sample_order.py",
    "services/documents/sums_in_words.py", "services/documents/paper_facts.py", "services/documents/paper_items.py",
    "services/documents/printing.py", "services/documents/requisite_cleaning.py", "services/personal/certificate.py",
    "services/personal/dossiers.py", "bot/jobs/dossier_job.py",
})  # fmt: skip
PAPER_WORDS = frozenset({"в том числе НДС ", "руб.", "Образец счёта.pdf", "ОБРАЗЕЦ", " — проба.docx", " — пример.docx",
                         "Устава", "доверенности", "свидетельства"})  # fmt: skip
TYPED = frozenset({"аяоеыиуйь", "и", "с", "устав", "устава", "безналога", "неплательщик", "усно",
                   "доверенность", "свидетельство", "без", "усн", "необлагается", r"[\s\u00a0%]|ндс|vat",
                   r"^(?:индивидуальный\s+предприниматель|ип)\s+"})  # fmt: skip
GATEWAYS = frozenset({"smsaero.py", "smsru.py"})  # a provider's words stand as they came
SERIES = re.compile(r"[А-Я]+-\{")  # numbers of papers and claims: «П-{year}-{n:04d}»


def texts(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [one for one in catalogue if one.id]


def forms(one: Message) -> tuple[str, ...]:
    """All strings of a translation: one, or one for each plural form."""
    return tuple(one.string) if isinstance(one.string, tuple | list) else (str(one.string or ""),)


def first(one: Message) -> str:
    return str(one.id[0] if isinstance(one.id, tuple | list) else one.id)


@pytest.fixture(scope="module", params=locales.LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    """Every text of the code and of the process files."""
    return template()


@pytest.fixture(scope="module")
def english() -> Catalog:
    return catalogue_of("en")


@pytest.fixture(scope="module")
def russian() -> Catalog:
    return catalogue_of("ru")


def test_c_7_the_catalogues_know_every_text(locale: str, wanted: Catalog) -> None:
    """C-7: the files are up to date with the code and the processes (`make texts` brings them up)."""
    path = locales.FOLDER / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        kept = read_po(source, locale=locale)
    missing = [first(one) for one in texts(wanted) if kept.get(one.id) is None]
    assert not missing, f"{len(missing)} texts are not in {path.name} ({locale}): {missing[:5]}"


def test_c_7_every_text_has_an_english_translation(english: Catalog) -> None:
    """C-7: code and process files: nothing is left in Russian for an English reader."""
    empty = [first(one) for one in texts(english) if not all(forms(one))]
    assert not empty, f"{len(empty)} of {len(texts(english))} texts have no English yet: {empty[:8]}"


def test_c_7_no_english_text_has_a_cyrillic_letter(english: Catalog) -> None:
    """C-7: a translation that still has Russian in it is none."""
    wrong = [
        (first(one), said)
        for one in texts(english)
        for said in forms(one)
        if CYRILLIC.search(said) and first(one) not in DATA
    ]
    assert not wrong, wrong[:8]


def test_c_7_translations_keep_the_placeholders(english: Catalog, russian: Catalog) -> None:
    """C-7: what the code puts in is put in, in every language and every plural form."""
    wrong = [
        (first(one), said)
        for catalogue in (english, russian)
        for one in texts(catalogue)
        for said in forms(one)
        if said and sorted(set(PLACEHOLDER.findall(said))) != sorted(set(PLACEHOLDER.findall(first(one))))
    ]
    assert not wrong, wrong[:8]


def test_c_7_translations_keep_the_edges_and_the_lines(english: Catalog) -> None:
    """C-7: a space or a line end at the edge holds words apart."""
    wrong = [
        (first(one), said)
        for one in texts(english)
        for said in forms(one)
        if said and (_edges(said) != _edges(first(one)) or said.count("\n") != first(one).count("\n"))
    ]
    assert not wrong, wrong[:8]


def _edges(said: str) -> tuple[str, str]:
    return said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]


def test_c_7_plurals_have_all_their_forms(locale: str) -> None:
    """C-7: Russian has three («1 сделка, 2 сделки, 5 сделок»), English two; none is empty."""
    catalogue = catalogue_of(locale)
    assert catalogue.num_plurals == FORMS[locale]
    plural = [one for one in texts(catalogue) if one.pluralizable]
    assert plural
    wrong = [first(one) for one in plural if len(forms(one)) != FORMS[locale] or not all(forms(one))]
    assert not wrong, f"{len(wrong)} of {len(plural)} plurals lack forms in {locale}: {wrong[:8]}"


@pytest.mark.parametrize(("n", "said"), [(1, "1 сделка"), (2, "2 сделки"), (5, "5 сделок"), (11, "11 сделок"),
                                         (21, "21 сделка"), (22, "22 сделки"), (111, "111 сделок")])  # fmt: skip
def test_c_7_russian_counts_as_people_count(n: int, said: str) -> None:
    """C-7: the form follows the number, the teens included."""
    spoken = locales.load("ru").ngettext("{n} сделка", "{n} сделок", n).format(n=n)
    assert spoken == said


def test_c_7_the_catalogues_hold_nothing_uncertain() -> None:
    """C-7: no fuzzy guesses and nothing outdated is kept."""
    for locale in locales.LOCALES:
        with (locales.FOLDER / locale / "LC_MESSAGES" / "messages.po").open("rb") as source:
            kept = read_po(source, locale=locale)
        assert not [first(one) for one in texts(kept) if one.fuzzy], locale
        assert not kept.obsolete, locale


def test_c_7_no_text_in_the_screens_goes_past_the_translator(wanted: Catalog) -> None:
    """C-7: every Russian literal of screens and handlers is a message id; docstrings and comments are not Russian."""
    known = {part for one in texts(wanted) for part in (one.id if isinstance(one.id, tuple | list) else (one.id,))}
    stray = [
        f"{path.relative_to(ROOT)}:{line}: {said!r}"
        for folder in ("keyboards", "handlers", "services", "bot", "scheduler")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name not in READERS | GATEWAYS and path.relative_to(ROOT).as_posix() not in PAPERS
        if path.parent != ROOT / "services" / "reports"  # tables are Russian whoever takes them out
        for line, said in literals(path)
        if said not in known | NOT_TEXTS | PAPER_WORDS | TYPED and not SERIES.match(said)
    ]
    assert not stray, "\n".join(stray)


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals with Cyrillic letters in a file, without docstrings and patterns that read typed text."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            left_out |= {id(one) for one in node.args}
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) and id(node) not in left_out else None
        if isinstance(said, str) and CYRILLIC.search(said):
            yield node.lineno, said  # type: ignore[attr-defined]


def test_no_message_that_the_bot_sends_by_itself_says_a_fixed_word_of_time() -> None:
    """It is read on another day than it was thought of; the words of time are computed (`keyboards.time_words`)."""
    said = [
        (text, where)
        for message in template()
        for where, _ in message.locations
        if where.endswith(("notice_words.py", "notices.py", "pinned_message.py"))
        for text in ((message.id,) if isinstance(message.id, str) else message.id)
    ]
    assert len(said) > 50
    counted = re.compile(r"\{\w+\}(?: \w+)? (?:день|дней)")  # «{n} рабочий день» is counted
    plain = [counted.sub("", text) for text, _ in said]
    assert [text for text in plain if time_checks.DATES.search(text) or time_checks.STAYS.search(text)] == []
