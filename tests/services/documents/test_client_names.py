"""Names as cards keep them, and what papers make of them (door F2)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import person_name
from services.documents import personal_names

WRITTEN = [
    # what stands on the card, the name, the signature, who
    ("Иванова Мария (дочь)", "Иванова Мария", "Иванова М.", "female"),
    ("Иванова Мария Петровна", "Иванова Мария Петровна", "Иванова М. П.", "female"),
    ("Мария Иванова, дизайнер", "Мария Иванова", "Иванова М.", "female"),
    ("дизайнер Мария Иванова", "Мария Иванова", "Иванова М.", "female"),
    ("Иванова Мария - жена", "Иванова Мария", "Иванова М.", "female"),
    ("Иванова Мария / Пётр", "Иванова Мария", "Иванова М.", "female"),
    ("мария иванова", "Мария Иванова", "Иванова М.", "female"),
    ("Мария", "Мария", "Мария", "female"),
    ("Мария 8 912 345-67-89", "Мария", "Мария", "female"),
    ("Иванова Мария +7(912)345-67-89 муж", "Иванова Мария", "Иванова М.", "female"),
    ("🌸 Мария 🌸 Иванова ❤️", "Мария Иванова", "Иванова М.", "female"),
    ("ИП Иванов Пётр Ильич", "ИП Иванов Пётр Ильич", "Иванов П. И.", "male"),
    ("Индивидуальный предприниматель Иванов Пётр Ильич", "ИП Иванов Пётр Ильич", "Иванов П. И.", "male"),
    ("Иванов П.И.", "Иванов П. И.", "Иванов П. И.", None),
    ("П.И. Иванов", "П. И. Иванов", "Иванов П. И.", None),
    ("John Smith", "John Smith", "Smith J.", None),
    ("Саша", "Саша", "Саша", None),
    ("Ким Саша", "Ким Саша", "Ким С.", None),
    (
        "Салтыков-Щедрин Михаил Евграфович (заказчик)",
        "Салтыков-Щедрин Михаил Евграфович",
        "Салтыков-Щедрин М. Е.",
        "male",
    ),
    ("г-жа Иванова Мария", "Иванова Мария", "Иванова М.", "female"),
    ("Алиев Мамед Рашид оглы", "Алиев Мамед Рашид оглы", "Алиев М. Р.", "male"),
    ("🙂", "🙂", "🙂", None),
    ("(дочь)", "(дочь)", "(дочь)", None),
    ("", "", "", None),
]


@pytest.mark.parametrize(("raw", "name", "short", "sex"), WRITTEN)
def test_a_paper_is_made_out_to_the_name_alone_and_signed_with_it(
    raw: str, name: str, short: str, sex: str | None
) -> None:
    assert re.sub(r"(?<=\w\.)(?=\w)", " ", person_name.cleaned(raw)) == name
    assert personal_names.initials(raw).replace("\u00a0", " ") == short
    assert personal_names.sex(raw) == sex


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мария Иванова", "Иванова Мария Петровна"),
        ("Иванова М. П.", "Мария Иванова"),
        ("Мария", "Иванова Мария (дочь)"),
        ("ИП Иванов Пётр", "Пётр Иванов"),
        ("семён Алёшин", "Алешин Семен"),
    ],
)
def test_names_of_one_person_differ_in_what_they_leave_out(one: str, other: str) -> None:
    assert person_name.is_same(one, other) and person_name.is_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иван Петров", "Мария Иванова"),
        ("Мария Петрова", "Мария Иванова"),
        ("Иванова А.", "Иванова Мария"),
        ("", "Мария"),
    ],
)
def test_names_of_two_people_are_told_apart(one: str, other: str) -> None:
    assert not person_name.is_same(one, other)


def test_of_two_names_of_one_person_the_fuller_one_is_taken() -> None:
    assert person_name.fuller("Мария Иванова", "Иванова Мария Петровна") == "Иванова Мария Петровна"
    assert person_name.fuller("Мария Иванова", "Иванова Мария") == "Мария Иванова"


NAMES = st.sampled_from(["Мария", "Иванова", "Пётр", "Ильич", "Салтыков-Щедрин", "John", "М."])
NOISE = st.sampled_from(["(дочь)", "🌸", "+79123456789", "8 912", ", дизайнер", "[VIP]", " - муж", "№ 5"])


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NOISE, max_size=3))
def test_whatever_is_written_behind_a_name_the_name_stays_itself(words: list[str], noise: list[str]) -> None:
    name = " ".join(words)
    assert person_name.cleaned(" ".join([name, *noise])) == person_name.cleaned(name)


@given(st.text(max_size=80))
def test_whatever_is_on_the_card_a_paper_has_a_name_that_cleans_to_itself(raw: str) -> None:
    name = person_name.cleaned(raw)
    assert person_name.cleaned(name) == name
    assert bool(name.strip()) == bool(name)
    assert bool(personal_names.initials(raw)) == bool(name)
