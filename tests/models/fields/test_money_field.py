"""A sum that is agreed: what is understood, and what is said of an answer that cannot be taken."""

from decimal import Decimal

from field_answers import BUDGET, PREPAYMENT, parse, wrong

from models.fields.money_field import MoneyField

FIELD = MoneyField(type="money", title="Бюджет")
VALUE = Decimal("150000.50")


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
    field = MoneyField(type="money", title="Цена", at_least=Decimal(1000), at_most=Decimal(5000))
    assert "не меньше 1 000 ₽" in wrong(field, "999")
    assert "не больше 5 000 ₽" in wrong(field, "5001")
