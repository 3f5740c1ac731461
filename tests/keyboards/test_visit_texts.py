"""How booked visits read (K-19, K-20): reasons, windows on buttons, hours and absences."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from keyboards import refusals
from keyboards.translator import translator
from keyboards.visits import visit_words
from models.errors import SlotTaken
from models.notices.visit_notices import VisitImpossible
from models.visits import Unavailable, VisitWindow
from tests.worlds.office import NOON, ZONE, russian

t = russian()
START = NOON + timedelta(days=3)
END = START + timedelta(hours=4)
FRIDAY = date(2026, 12, 4)
BUSY = {"number": "2026-0042", "starts_at": START, "ends_at": END}


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Unavailable("past", "Игорь"), "Это время уже прошло."),
        (Unavailable("absent", "Игорь", kind="leave", until=FRIDAY), "Игорь: отпуск по пт, 4 декабря включительно."),
        (Unavailable("absent", "Игорь", kind="sick", until=FRIDAY), "Игорь: больничный по пт, 4 декабря включительно."),
        (Unavailable("day_off", "Игорь"), "Игорь: в этот день выходной."),
        (Unavailable("hours", "Игорь", opens=time(9), closes=time(0)), "Игорь: в этот день работает 9:00–24:00."),
        (Unavailable("busy", "Игорь", **BUSY), "Игорь: уже занято, 12:00–16:00 — выезд по сделке № 2026-0042."),
        (Unavailable("busy", "Игорь", road=True, **BUSY),
         "Игорь: не останется времени на дорогу, 12:00–16:00 — выезд по сделке № 2026-0042."),
        (Unavailable("busy", "Игорь"), "Игорь: это время уже занято."),
        (Unavailable("held", "Игорь", until_at=NOON, holder="Анна"), "Игорь: это время до 12:00 держит Анна."),
        (Unavailable("held", "Игорь", until_at=NOON), "Игорь: это время до 12:00 держит другой сотрудник."),
    ],
)  # fmt: skip
def test_every_reason_against_a_window_is_a_sentence_K20(why: Unavailable, said: str) -> None:
    assert visit_words.trouble(why, t) == said


def test_a_refusal_names_the_nearest_free_windows_and_fits_a_toast_K20() -> None:
    near = tuple(VisitWindow(n, "Александр Константинопольский", START + timedelta(hours=n), END) for n in range(1, 4))
    said = refusals.sentence(SlotTaken(Unavailable("busy", "Александр Константинопольский", **BUSY), near), t)
    assert "Ближайшее свободное: пн, 23 ноября, 13:00 — Александр Константинопольский; пн, 23 ноября, 14:00" in said
    short = refusals.sentence(SlotTaken(Unavailable("busy", "Игорь Лукин", **BUSY), near[:1]), t)
    assert len(short) <= 200


def test_a_window_fits_a_button_even_with_a_long_name_K19() -> None:
    one = VisitWindow(1, "Игорь Лукин", START, END)
    assert visit_words.window(one, NOON, t) == "пн, 23 ноября, 12:00 · Игорь Лукин"
    assert (
        visit_words.window(VisitWindow(1, "Игорь Вениаминович Лукин", START, END), NOON, t)
        == "пн, 23 ноября, 12:00 · Игорь"
    )
    assert visit_words.window(one, START - timedelta(days=1), t, named=False) == "завтра, 12:00"


def test_days_in_a_row_read_as_one_date() -> None:
    today = date(2026, 11, 20)
    assert visit_words.days(date(2026, 12, 4), date(2026, 12, 4), today, t) == "пт, 4 декабря"
    assert visit_words.days(date(2026, 12, 1), date(2026, 12, 7), today, t) == "1–7 декабря"
    assert visit_words.days(date(2026, 11, 30), date(2026, 12, 3), today, t) == "30 ноября – 3 декабря"
    assert visit_words.days(date(2026, 12, 28), date(2027, 1, 3), today, t) == "28 декабря 2026 – 3 января 2027"
    english = translator("en", ZONE)
    assert visit_words.days(date(2026, 12, 1), date(2026, 12, 7), today, english) == "December 1–7"
    assert (
        visit_words.days(date(2026, 12, 28), date(2027, 1, 3), today, english) == "December 28, 2026 – January 3, 2027"
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("leave", "Игорь уходит в отпуск: 23–29 ноября. Перенесите выезд: пн, 23 ноября, 12:00"),
        ("off", "Игорь берёт выходной: 23–29 ноября. Перенесите выезд: пн, 23 ноября, 12:00"),
        ("sick", "Игорь на больничном: 23–29 ноября. Перенесите выезд: пн, 23 ноября, 12:00"),
        ("gone", "Игорь больше не работает. Перенесите выезд: пн, 23 ноября, 12:00"),
        (None, "Игорь работает теперь в другие часы. Перенесите выезд: пн, 23 ноября, 12:00"),
    ],
)
def test_whoever_leads_the_deal_reads_who_cannot_come_K20(why: str | None, said: str) -> None:
    first, last = (date(2026, 11, 23), date(2026, 11, 29)) if why not in (None, "gone") else (None, None)
    notice = VisitImpossible("Игорь", 1, 1, "assembly", START, why, first, last)
    assert visit_words.no_longer(notice, NOON, t) == said
