"""A reason beside a comment in any words, a comment that must say something, a day of the next year (M-16)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from keyboards.translator import translator
from models.engine.deal_state import Moment
from models.fields import answers
from models.fields.base import AnswerContext, Field
from models.fields.choice_field import ChoiceField
from models.fields.date_field import DateField
from models.fields.text_field import TextField
from models.fields.yes_no_field import YesNoField
from models.roles import ROLES
from models.values.dates import date_doubts
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar

MOSCOW = ZoneInfo("Europe/Moscow")
MOMENT = Moment(datetime(2026, 11, 25, 9, 0, tzinfo=UTC), WorkCalendar(MOSCOW))
T = translator("ru", MOSCOW)
COMMENT = TextField(type="text", title="Причины отказа подробно", shortest=15, example="Посчитали дорого: бюджет 90")
REASON = ChoiceField(
    type="choice",
    title="Причина отказа",
    options={"expensive": "Дорого", "rival": "Выбрал других", "other": "Другое"},
)
FIELDS: dict[str, Field] = {"comment": COMMENT, "reason": REASON}


def parse(field: Field, raw: str, **known: object) -> object:
    return answers.parse(field, raw, AnswerContext(MOMENT, known, FIELDS))


def wrong(field: Field, raw: str, **known: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse(field, raw, **known)
    return T.wrong(caught.value)


@pytest.mark.parametrize("said", ["Посчитали ДОРОГО", "Купили готовое в Икее", "Сказали, что не дорого", "🙂"])
@pytest.mark.parametrize(("title", "name"), [("Дорого", "expensive"), ("Выбрал других", "rival"), ("Другое", "other")])
def test_no_words_of_the_comment_decide_whether_a_reason_is_taken_M16(said: str, title: str, name: str) -> None:
    """truth 24: who wrote both is asked whether they agree; people do not learn a magic word."""
    assert parse(REASON, title, comment=said) == name
    REASON.check(name, AnswerContext(MOMENT, {"comment": said}, FIELDS))  # a pressed button is measured alike


def test_without_a_comment_there_is_nothing_to_disagree_with() -> None:
    assert parse(REASON, "Выбрал других") == "rival"


def test_an_option_that_there_is_not_is_refused_as_ever() -> None:
    assert "Нет варианта" in wrong(REASON, "самовывоз", comment="Посчитали дорого")


def test_a_comment_of_one_word_is_asked_to_say_more_M16() -> None:
    assert wrong(COMMENT, "  дорого  ") == (
        "Слишком коротко. Напишите подробнее: хотя бы 15 знаков.\nНапример: Посчитали дорого: бюджет 90"
    )
    assert parse(COMMENT, "Посчитали дорого") == "Посчитали дорого"
    assert parse(TextField(type="text", title="Заметка"), "да") == "да"


def test_what_only_robots_fill_in_no_role_fills_in_by_hand_M16() -> None:
    field = YesNoField.model_validate({"type": "yes_no", "title": "Замер проведён", "filled_by": "robots"})
    assert not any(field.can_fill(role) for role in ROLES)


@pytest.mark.parametrize(
    ("raw", "day", "doubtful"),
    [
        ("24.11", date(2027, 11, 24), True),  # yesterday, most likely
        ("24 ноября", date(2027, 11, 24), True),
        ("24.11.2027", date(2027, 11, 24), False),
        ("24.11.27", date(2027, 11, 24), False),
        ("24 ноября 2027", date(2027, 11, 24), False),
        ("2027-11-24", date(2027, 11, 24), False),
        ("15.02", date(2027, 2, 15), False),  # the coming winter
        ("30.11", date(2026, 11, 30), False),
    ],
)
def test_a_day_that_fell_into_the_next_year_is_to_be_confirmed(raw: str, day: date, doubtful: bool) -> None:
    field = DateField(type="date", title="Замер", not_before="today")
    assert parse(field, raw) == day
    assert date_doubts.is_next_year(raw, day, MOMENT.today) is doubtful
