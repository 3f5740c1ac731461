"""Words of time are refused as fixed text, Russian and English, and the placeholder to use is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.process import checks, parse
from models.process.checks import time_checks

SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")
SIGNED = "- {on: {task: sign}, notify: responsible, text: Подписано}"
BEFORE = 'notify: master, text: "{ready_on_day}: {ready_on}"'


def problems_of(text: str) -> list[str]:
    process, problems, lines = parse.read(text, "shop.yaml")
    return [str(one) for one in (problems or checks.find_problems(process, "shop.yaml", lines))]  # type: ignore[arg-type]


def said(text: str) -> list[str]:
    """What is found in a text of a robot that a task wakes."""
    return problems_of(SHOP.replace(SIGNED, f'- {{on: {{task: sign}}, notify: responsible, text: "{text}"}}'))


@pytest.mark.parametrize(
    "text",
    [
        "Завтра монтаж", "Монтаж сегодня в 9:00", "Звонили вчера", "Сейчас доставка", "Подтвердите завтрашний выезд",
        "Через час монтаж", "Замер через два дня", "Монтаж через 40 минут", "Приедут через неделю", "Послезавтра замер",
        "Звонили три дня назад", "Лид не обработан уже день", "Предоплаты нет уже три дня", "Не подписан уже неделю",
        "Сделка второй день на договоре", "Договора нет 3-й день", "По сделке неделю ничего не происходит",
        "Лид третий рабочий день без ответа", "Ждём уже 5 дней",
        "Assembly tomorrow", "Called yesterday", "Assembly in an hour", "Measurement in two days",
        "Told three days ago",        "No answer for three days", "Second day at the contract", "Waiting for a week",
    ],
)  # fmt: skip
def test_a_fixed_word_of_time_is_an_error_with_its_line_and_the_placeholder_to_use(text: str) -> None:
    [problem] = said(text)
    line = next(n for n, one in enumerate(SHOP.splitlines(), 1) if SIGNED in one)
    assert problem.startswith(f"shop.yaml:{line}: ")
    assert "is true on one day only; write `{" in problem


@pytest.mark.parametrize(
    "text",
    [
        "Печать нужна до 16:00", "За три дня до замера позвоните клиенту", "До замера больше 32 дней",
        "Приехать за час до монтажа", "Стадия не изменена до 11:00 после замера", "Позвоните ещё раз",
        "Второй этаж, день открытых дверей", "Завтрак для бригады", "{ready_on_day} монтаж, уже {days_here}",
        "Накануне позвоните клиенту", "Todays order is not a word", "Dayton, second floor",
    ],
)  # fmt: skip
def test_what_is_true_on_any_day_may_be_said(text: str) -> None:
    assert said(text) == []


def test_a_reminder_of_a_date_is_told_by_which_field_its_words_are_computed() -> None:
    [problem] = problems_of(SHOP.replace(BEFORE, 'notify: master, text: "Завтра готово"'))
    assert "«Завтра» is true on one day only; write `{ready_on_when}` or `{ready_on_day}`" in problem


def test_how_long_something_stands_is_told_by_the_words_of_the_stay() -> None:
    [problem] = said("Стоит уже три дня")
    assert "write `{days_here}` or `{day_here}`" in problem


@pytest.mark.parametrize("act", ["comment", "sms"])
def test_what_stays_to_be_read_on_other_days_says_dates_not_computed_words(act: str) -> None:
    planted = SHOP.replace(SIGNED, f'- {{on: {{task: sign}}, {act}: "Готово {{ready_on_when}}"}}')
    [problem] = problems_of(planted)
    assert "`{ready_on_when}` is true on one day only, and " in problem and "is read on others" in problem


def test_a_hint_says_no_word_of_time_either() -> None:
    planted = SHOP.replace(
        "        title: Производство\n", "        title: Производство\n        hint: Позвоните завтра\n"
    )
    [problem] = problems_of(planted)
    assert "«завтра» is true on one day only; say a date, or what is true on any day" in problem


def test_the_labels_of_buttons_and_options_are_no_claims() -> None:
    assert problems_of(SHOP.replace("title: Производство\n", "title: На сегодня\n", 1)) == []


def test_a_field_is_not_called_as_a_word_of_time_of_another_one() -> None:
    note = "note: {title: Заметка, type: text, section: about}"
    [problem] = problems_of(SHOP.replace(note, f"{note}\n  ready_on_day: {{title: День, type: text, section: about}}"))
    assert "`ready_on_day` is a word of time of texts already" in problem


def test_every_date_has_its_words_and_the_stay_too() -> None:
    process = parse.read(SHOP, "shop.yaml")[0]
    assert process is not None
    assert {"ready_on_when", "ready_on_day", "days_here", "day_here"} <= set(time_checks.words_of(process))
