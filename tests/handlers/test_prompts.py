"""Question screens as plain data: labels, rows, and callback data that fits with the largest ids."""

from datetime import date
from zoneinfo import ZoneInfo

from keyboards.files import upload_screens
from keyboards.files.upload_screens import UploadSummary
from keyboards.forms import (
    address_prompts,
    choice_prompts,
    date_prompts,
    doubt_prompts,
    file_prompts,
    moment_prompts,
    person_prompts,
    prompts,
    yes_no_prompts,
)
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from keyboards.translator import translator
from models.fields.yes_no_field import YesNoField
from models.values.addresses.address import Address

T = translator("ru", ZoneInfo("Europe/Moscow"))
BIG = 2**40 + 10**6
ASK = Question(
    BIG, "Вопрос", hint="Подсказка", example="Пример", about="Шкаф · № 1", place=(2, 3), can_back=True, can_skip=True
)
TODAY = date(2026, 3, 10)
NAME = "a" * 24


def every_screen() -> list[Screen]:
    known = Address("Казань", "ул. Баумана", "7")
    return [
        prompts.typed(T, ASK),
        yes_no_prompts.yes_no(T, ASK, YesNoField(type="yes_no", title="Вопрос")),
        choice_prompts.choice(T, ASK, {NAME: "Первый", "b" * 24: "Второй"}),
        choice_prompts.choice(T, ASK, {NAME: "Первый", "b" * 24: "Второй"}, [NAME]),
        person_prompts.people(T, ASK, {BIG: "Игорь"}, {BIG: 2}),
        file_prompts.files(T, ASK, ["a.pdf"], many=True),
        doubt_prompts.doubt(T, ASK, ["пт, 14 марта"], calendar=True),
        doubt_prompts.doubt(T, ASK, ["150 ₽", "150 000 ₽"]),
        prompts.known_client(T, ASK, "Мария", "+7", ["Шкаф"]),
        date_prompts.calendar(T, ASK, date_prompts.month_of(TODAY), TODAY, earliest=TODAY),
        moment_prompts.hours(T, ASK, TODAY, TODAY),
        address_prompts.whole(T, ASK),
        address_prompts.part(T, ASK, known, "flat", needed=True),
        address_prompts.confirm(T, ASK, known, ("city", "street", "house")),
        upload_screens.where(UploadSummary("a" * 12, 1, False, "plan.pdf"), [], T),
    ]


def test_callback_data_fits_with_the_largest_ids() -> None:
    for screen in every_screen():
        for button in (one for row in screen.rows for one in row):
            assert button.data is None or len(button.data.encode()) <= 64


def test_every_question_has_a_way_back_and_out_and_rows_a_phone_can_show() -> None:
    for screen in every_screen()[:-1]:
        labels = [one.text for row in screen.rows for one in row]
        assert labels[-3:] == ["‹ Назад", "Пропустить", "Отмена"]
        assert all(len(row) <= 3 or len(row) == 7 for row in screen.rows)  # seven days of a week
        assert all(0 < len(label) <= 30 for label in labels)


def test_a_question_says_for_what_which_and_how() -> None:
    assert prompts.typed(T, ASK).plain == (
        "📄 Шкаф · № 1\n\nВопрос · 2 из 3\nПодсказка\nНапишите ответ сообщением.\nНапример: Пример"
    )


def test_a_calendar_has_the_days_of_its_month_and_dots_for_what_is_not_allowed() -> None:
    screen = date_prompts.calendar(T, ASK, date_prompts.month_of(TODAY), TODAY, earliest=TODAY)
    weeks = [row for row in screen.rows if len(row) == 7]
    days = [one for row in weeks for one in row]
    assert [one.text for one in days if one.data] == ["[10]", *map(str, range(11, 32))]
    assert days[0].text == "·"


def test_a_calendar_of_the_past_offers_yesterday() -> None:
    screen = date_prompts.calendar(T, ASK, date_prompts.month_of(TODAY), TODAY, latest=TODAY)
    assert [one.text for one in screen.rows[0]] == ["Сегодня", "Вчера"]


def test_hours_go_from_nine_to_eight_in_the_evening() -> None:
    rows = moment_prompts.hours(T, ASK, TODAY, TODAY).rows
    labels = [one.text for row in rows[:4] for one in row]
    assert labels == [f"{hour}:00" for hour in range(9, 21)]


def test_markup_in_a_name_stays_text() -> None:
    screen = prompts.recorded("Имя", "<b>Мария</b>")
    assert screen.plain == "✓ Имя: <b>Мария</b>"
