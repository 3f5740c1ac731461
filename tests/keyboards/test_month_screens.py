"""The list of «Отложенный спрос» by month, as it is drawn (M-17)."""

from zoneinfo import ZoneInfo

from keyboards.deals import deferred_months as screens
from keyboards.deals.deferred_months import Month
from keyboards.translator import translator
from models.process import months

RU, EN = (translator(locale, ZoneInfo("Europe/Moscow")) for locale in ("ru", "en"))
LATE = Month("measurement", "deferred", months.number_of("m202610"), "Октябрь 2026", 2, late=True)
NOW = Month("measurement", "deferred", months.number_of("m202611"), "Ноябрь 2026", 0)
NEXT = Month("measurement", "deferred", months.number_of("m202612"), "Декабрь 2026", 12)


def test_months_with_deals_stand_out_and_late_ones_come_first_in_red() -> None:
    screen = screens.by_month([LATE, NOW, NEXT], "m", RU, sees_all=False)
    first, ahead, whose, home = screen.rows
    assert [(one.text, one.colour) for one in first] == [("⚠️ Октябрь 2026 · 2", "danger")]
    assert [(one.text, one.colour) for one in ahead] == [("Ноябрь 2026", None), ("Декабрь 2026 · 12", "primary")]
    assert [one.text for one in whose] == ["Ничьи"]
    assert [one.text for one in home] == ["🏠 Меню"]
    assert "14" in screen.plain
    assert "Месяц прошёл" in screen.plain


def test_without_late_ones_nothing_is_said_of_them_and_those_above_see_everybodys() -> None:
    screen = screens.by_month([NOW, NEXT], "a", RU, sees_all=True)
    assert "Месяц прошёл" not in screen.plain
    assert [one.text for one in screen.rows[-2]] == ["Мои", "Ничьи"]


def test_every_month_has_its_name_in_english_and_other_titles_are_left_alone() -> None:
    for number in range(12):
        stage = months.of_number(2027 * 12 + number)
        assert not any("а" <= letter <= "я" for letter in EN(months.title_of(stage)).lower())
        assert RU(months.title_of(stage)) == months.title_of(stage)
    assert EN("Январь 2027") == "January 2027"
    assert EN("Январь") == "Январь"


def test_every_button_fits_what_telegram_takes() -> None:
    far = Month("p" * 20, "l" * 20, months.number_of("m999912"), "Декабрь 9999", 10**6)
    for row in screens.by_month([far], "a", RU, sees_all=True).rows:
        for one in row:
            assert len((one.data or "").encode()) <= 64
