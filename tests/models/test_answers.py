"""Every kind of field: what is understood, and what is said of an answer that cannot be taken."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from keyboards.translator import translator
from models.engine.deal_state import Moment
from models.fields import answers
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar

MOSCOW = ZoneInfo("Europe/Moscow")
MOMENT = Moment(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), WorkCalendar(MOSCOW))
T = translator("ru", MOSCOW)
BUDGET = f.MoneyField(type="money", title="Бюджет", example="150 000")
PREPAYMENT = f.MoneyField(type="money", title="Предоплата", at_most="budget")
READY = f.DateField(type="date", title="Готовность", not_before="today")
ASSEMBLY = f.DateField(type="date", title="Монтаж", not_before="ready")
FIELDS: dict[str, f.Field] = {"budget": BUDGET, "prepayment": PREPAYMENT, "ready": READY, "assembly": ASSEMBLY}


def parse(field: f.Field, raw: str, **known: object) -> object:
    return answers.parse(field, raw, deal_fields=known, all_fields=FIELDS, moment=MOMENT)


def wrong(field: f.Field, raw: str, **known: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse(field, raw, **known)
    return T.wrong(caught.value).replace("\N{NO-BREAK SPACE}", " ")


def test_a_text_is_cleaned_and_keeps_its_lines() -> None:
    assert parse(f.TextField(type="text", title="Заметка"), "  раз \r\nдва\x00 ") == "раз\nдва"


def test_a_title_is_kept_in_one_line() -> None:
    assert parse(f.TextField(type="text", title="Имя", longest=120), "Мария\nИванова") == "Мария Иванова"


def test_a_name_of_emoji_alone_is_refused() -> None:
    field = f.TextField(type="text", title="Имя", longest=120, example="Мария Иванова")
    assert wrong(field, "😀👍") == "Здесь нужны буквы или цифры, не только значки.\nНапример: Мария Иванова"
    assert parse(f.TextField(type="text", title="Отзыв"), "👍") == "👍"
    with pytest.raises(InvalidValue):
        answers.parse(
            f.TextField(type="text", title="Имя"),
            "👍",
            deal_fields={},
            all_fields={},
            moment=MOMENT,
            is_name=True,
        )


def test_a_text_of_five_thousand_characters_says_how_long_it_may_be() -> None:
    said = wrong(f.TextField(type="text", title="Заметка"), "ы" * 5000)
    assert said == "Слишком длинно: можно не больше 1000 знаков, а здесь 5000. Сократите, пожалуйста."


def test_an_empty_text_is_refused() -> None:
    assert "пусто" in wrong(f.TextField(type="text", title="Заметка"), " \u200b\x00 ".replace("\u200b", ""))


def test_money_is_read_in_everyday_spelling() -> None:
    assert parse(BUDGET, "1,5 млн") == Decimal("1500000.00")


def test_money_is_measured_by_another_field() -> None:
    assert parse(PREPAYMENT, "150 000", budget=Decimal(150_000)) == Decimal("150000.00")
    assert parse(PREPAYMENT, "900 000") == Decimal("900000.00")  # no budget yet: nothing to measure by
    said = wrong(PREPAYMENT, "200 000", budget=Decimal(150_000))
    assert said == "«Предоплата» не может быть больше, чем «Бюджет» — 150 000 ₽."


def test_a_budget_cannot_sink_below_the_prepayment_already_made() -> None:
    said = wrong(BUDGET, "50 000", prepayment=Decimal(75_000))
    assert said.startswith("«Бюджет» не может быть меньше, чем «Предоплата» — 75 000 ₽.")


def test_money_keeps_its_own_bounds_and_says_the_process_files_example() -> None:
    assert wrong(BUDGET, "0") == "Здесь должно быть больше нуля.\nНапример: 150 000"
    field = f.MoneyField(type="money", title="Цена", at_least=Decimal(1000), at_most=Decimal(5000))
    assert "не меньше 1 000 ₽" in wrong(field, "999")
    assert "не больше 5 000 ₽" in wrong(field, "5001")


@pytest.mark.parametrize(
    ("raw", "value"), [("12,5", "12.5"), ("1 200", "1200"), ("3 м", "3"), ("5 метров", "5"), ("0", "0")]
)
def test_a_number_is_read(raw: str, value: str) -> None:
    assert parse(f.NumberField(type="number", title="Длина", unit="м"), raw) == Decimal(value)


@pytest.mark.parametrize("raw", ["два", "1 2 3", "", "1,234", "1e5", "9" * 30, "٣"])
def test_what_is_no_number_is_refused_with_an_example(raw: str) -> None:
    assert "Например: 12,5" in wrong(f.NumberField(type="number", title="Длина"), raw)


def test_a_number_outside_its_bounds_says_the_bound_with_its_unit() -> None:
    field = f.NumberField(type="number", title="Длина", at_most=Decimal(10), unit="м")
    assert "не больше 10 м" in wrong(field, "11")
    assert "в других единицах: м." in wrong(field, "5 мм")


def test_a_phone_is_kept_as_e164() -> None:
    assert parse(f.PhoneField(type="phone", title="Телефон"), "8 (912) 345 67 89") == "+79123456789"
    assert "сейчас их 5" in wrong(f.PhoneField(type="phone", title="Телефон"), "12345")


def test_a_date_keeps_to_today() -> None:
    assert parse(READY, "завтра") == date(2026, 3, 11)
    assert wrong(READY, "09.03.2026").startswith("Этот день уже прошёл.")


def test_today_is_the_companys_today() -> None:
    late = Moment(datetime(2026, 3, 10, 22, 30, tzinfo=UTC), WorkCalendar(MOSCOW))  # the 11th in Moscow
    value = answers.parse(READY, "сегодня", deal_fields={}, all_fields=FIELDS, moment=late)
    assert value == date(2026, 3, 11)


def test_a_date_keeps_to_another_fields_date() -> None:
    said = wrong(ASSEMBLY, "15.03.2026", ready=date(2026, 3, 20))
    assert said == "«Монтаж» не может быть раньше, чем «Готовность» — пт, 20 марта 2026."
    assert "не может быть позже" in wrong(READY, "25.03.2026", assembly=date(2026, 3, 22))


def test_a_date_ten_years_off_is_taken_and_eleven_is_not() -> None:
    field = f.DateField(type="date", title="Гарантия")
    assert parse(field, "01.02.2036") == date(2036, 2, 1)
    assert wrong(field, "01.02.2037").startswith("2037 год — это слишком далеко.")


def test_a_date_not_after_today_means_the_last_such_day() -> None:
    field = f.DateField(type="date", title="Куплено", not_after="today")
    assert parse(field, "14 марта") == date(2025, 3, 14)
    assert "ещё не наступил" in wrong(field, "завтра")


def test_a_moment_is_kept_in_utc() -> None:
    field = f.MomentField(type="datetime", title="Замер", not_before="now")
    assert parse(field, "14.03 10:00") == datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    assert "уже прошло" in wrong(field, "сегодня в 11:59")


def test_a_day_without_a_time_names_the_day() -> None:
    with pytest.raises(InvalidValue) as caught:
        parse(f.MomentField(type="datetime", title="Замер", example="завтра в 10"), "14.03")
    assert answers.day_named(caught.value) == date(2026, 3, 14)


@pytest.mark.parametrize("raw", ["завтра", "через 2 недели", "в пятницу", "next friday", "в 10"])
def test_dates_by_words_are_relative(raw: str) -> None:
    assert answers.is_relative(raw)


@pytest.mark.parametrize("raw", ["14.03", "14/03/2026", "2026-03-14", "14 марта в 10", "march 14", "1-го мая"])
def test_dates_by_number_are_not_relative(raw: str) -> None:
    assert not answers.is_relative(raw)


def test_yes_and_no() -> None:
    field = f.YesNoField(type="yes_no", title="Сборка")
    assert parse(field, "ага") is True
    assert parse(field, "нет") is False
    assert "«да» или «нет»" in wrong(field, "возможно")


KITCHEN = f.ChoiceField(
    type="choice", title="Тип", options={"corner": "Угловая", "straight": "Прямая", "u": "П-образная"}
)
MANY = f.ChoiceField(type="choice", title="Создать", many=True, options={"contact": "Контакт", "deal": "Сделку"})


@pytest.mark.parametrize(("raw", "name"), [("угловая", "corner"), ("прям", "straight"), ("образная", "u"), ("П", "")])
def test_a_choice_is_read_by_its_title_or_a_part(raw: str, name: str) -> None:
    if name:
        assert parse(KITCHEN, raw) == name
    else:
        assert "подходит к нескольким" in wrong(KITCHEN, raw)


def test_an_unknown_option_says_which_there_are() -> None:
    assert wrong(KITCHEN, "круглая").startswith("Нет варианта «круглая». Есть: Угловая, Прямая, П-образная.")


def test_many_options_are_a_list_in_the_files_order() -> None:
    assert parse(MANY, "сделку, контакт") == ("contact", "deal")
    assert parse(MANY, "сделку и контакт") == ("contact", "deal")
    with pytest.raises(InvalidValue):
        answers.check(MANY, (), deal_fields={}, all_fields={}, moment=MOMENT)
    with pytest.raises(InvalidValue):
        answers.check(MANY, ("forged",), deal_fields={}, all_fields={}, moment=MOMENT)


ADDRESS = f.AddressField(type="address", title="Адрес", parts=("city", "street", "house", "flat", "floor"))


def test_an_address_says_what_is_missing() -> None:
    assert "В адресе не хватает: квартира, этаж." in wrong(ADDRESS, "Казань, ул. Баумана, д. 7")


def test_a_private_house_needs_no_flat_and_no_floor() -> None:
    value = parse(ADDRESS, "Казань, ул. Баумана, д. 7, частный дом")
    assert isinstance(value, Address)
    assert (value.flat, value.floor) == ("нет", "нет")


def test_a_part_of_an_address_is_read_with_and_without_its_word() -> None:
    before = Address(city="Казань", street="ул. Баумана")
    assert answers.parse_part(ADDRESS, "house", "7", before).house == "7"
    assert answers.parse_part(ADDRESS, "house", "дом 7к2", before).house == "7к2"
    assert answers.parse_part(ADDRESS, "floor", "нет", before).floor == "нет"
    both = answers.parse_part(ADDRESS, "house", "д. 7, кв. 12", before)
    assert (both.house, both.flat) == ("7", "12")
    both = answers.parse_part(ADDRESS, "house", "7, кв. 12", before)
    assert (both.house, both.flat) == ("7", "12")
    both = answers.parse_part(ADDRESS, "street", "Баумана, 7", Address(city="Казань"))
    assert (both.street, both.house, both.note) == ("Баумана", "7", "")
    for nonsense in ("нет", "—", "😀", "", "не помню, где это"):
        with pytest.raises(InvalidValue):
            answers.parse_part(ADDRESS, "house", nonsense, before)


def test_a_person_is_found_by_name() -> None:
    field = f.PersonField(type="person", title="Мастер", role="installer")
    staff = {1: "Пётр Громов", 2: "Павел Громов", 3: "Игорь Лукин"}

    def named(raw: str) -> object:
        return answers.parse(field, raw, deal_fields={}, all_fields={}, moment=MOMENT, people=staff)

    assert named("игорь") == 3
    assert named("петр громов") == 1
    for raw, said in [("громов", "Таких несколько: Пётр Громов, Павел Громов"), ("Анна", "Нет сотрудника «Анна»")]:
        with pytest.raises(InvalidValue) as caught:
            named(raw)
        assert said in T.wrong(caught.value)


def test_a_file_cannot_be_typed() -> None:
    assert "пришлите снимок" in wrong(f.PhotoField(type="photo", title="Фото"), "вот")
    with pytest.raises(InvalidValue):
        answers.check(f.FileField(type="file", title="Файл"), (), deal_fields={}, all_fields={}, moment=MOMENT)
