"""A learner is told the next step, one line at a time, from the first card to the end (K-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keyboards.deals import deal_card, onboarding
from keyboards.deals.deal_view import DealView
from models.engine.effects import CloseTask, Fill, Reason
from models.engine.transitions import Option
from models.entities import Deal, Task
from tests.worlds.claim_shop import KITCHENS, SHOP, read
from tests.worlds.deals import a_deal
from tests.worlds.office import labels, plain, russian

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
T = russian()
MISSING = Reason("missing", {"field": "total"}, cure=Fill(("total",)))


def deal(stage: str = "contract", status: str = "open", pipeline: str = "school", **fields: Any) -> Deal:
    kind = "practice" if pipeline == "school" else "deal"
    return a_deal(
        id=2**40, number="У-2026-0001", process="kitchens", pipeline=pipeline, kind=kind, stage=stage, status=status,
        title="🎓 Кухня · Мария", responsible_id=1, source="manual", fields=fields, entered_at=NOW, created_at=NOW,
    )  # fmt: skip


def view(found: Deal | None = None, **more: Any) -> DealView:
    return DealView(deal=found or deal(), process=KITCHENS, now=NOW, me=1, running=("kitchens",), **more)


def task(name: str = "sign", days: int = 1) -> Task:
    title = "Подписать договор"
    due = NOW + timedelta(days=days)
    return Task(5, 1, name, "school.contract", title, None, None, None, 1, None, "open", None, due)


def said(shown: DealView) -> str:
    (line,) = [one for one in plain(deal_card.card(shown, T)).splitlines() if one.startswith("👉")]
    return line


def test_an_open_task_comes_first_K2() -> None:
    ready = Option("assembly", "on", ())
    assert (
        said(view(tasks=(task(),), options=(ready,))) == "👉 Сейчас: нажмите «Задачи» и закройте «Подписать договор»."
    )


def test_a_missing_field_of_the_stage_has_its_own_button_K2() -> None:
    shown = view(options=(Option("assembly", "on", (MISSING,)),))
    assert said(shown) == "👉 Сейчас: нажмите «➕ Сумма договора» и ответьте на вопрос."
    assert "➕ Сумма договора" in labels(deal_card.card(shown, T))


def test_any_other_missing_field_is_asked_by_the_green_button_K2() -> None:
    other = Reason("missing", {"field": "word"}, cure=Fill(("word",)))
    shown = view(options=(Option("assembly", "on", (other,)),))
    assert said(shown) == "👉 Сейчас: нажмите «✔ Монтаж»: бот спросит «Слово клиента»."
    assert "✔ Монтаж" in labels(deal_card.card(shown, T))


def test_a_way_that_is_open_is_the_green_button_K2() -> None:
    shown = view(options=(Option("assembly", "on", ()), Option("lost", "ending", ())))
    assert said(shown) == "👉 Сейчас: всё готово, нажмите зелёную кнопку «✔ Монтаж»."
    assert "✔ Монтаж" in labels(deal_card.card(shown, T))


def test_what_blocks_the_way_is_said_K2() -> None:
    claim = Reason("not_known", {"fact": "claim_open"}, "Сначала уладьте претензию")
    assert said(view(options=(Option("won", "ending", (claim,)),))).endswith("нельзя: Сначала уладьте претензию.")
    job = Reason("task_open", {"task": "job"}, cure=CloseTask("job"))
    assert said(view(options=(Option("won", "ending", (job,)),))).endswith("закройте «Собрать кухню».")


def test_a_day_that_is_still_to_come_need_not_be_waited_for_K2() -> None:
    text = SHOP.replace("sign: {title: Подписать договор, due: {after: 1d}}", "sign: {title: Д, due: {on: day}}")
    text = text.replace("  total:", "  day: {title: День, type: date, section: about}\n  total:", 1)
    shown = replace(view(tasks=(task(days=3),)), process=read(text))
    assert said(shown) == (
        "👉 Сейчас: в жизни напоминание придёт чт, 26 ноября, 10:00. Здесь не ждите: «Задачи» → «Подписать договор»."
    )
    assert "закройте" in said(replace(shown, now=NOW + timedelta(days=4)))  # its day has come


def test_at_the_end_the_learner_goes_on_to_real_deals_K2() -> None:
    screen = deal_card.card(view(deal("won", "won")), T)
    assert "Учебная сделка пройдена 🎉" in plain(screen)
    assert "Перейти к настоящим" in labels(screen)
    assert "Начните новую" in said(view(deal("lost", "lost")))


def test_every_practice_card_is_marked_and_no_real_one_is_K2() -> None:
    assert "🎓 Учебная сделка" in plain(deal_card.card(view(), T))
    real = view(deal(pipeline="general"))
    assert "Учебная" not in plain(deal_card.card(real, T)) and onboarding.lines(real, T) == []


def test_whoever_looks_in_on_a_learner_is_not_led_and_does_not_hand_the_deal_over_K2() -> None:
    boss = replace(view(tasks=(task(),)), me=2, can_assign=True)
    screen = deal_card.card(boss, T)
    assert "👉" not in plain(screen) and "Передать" not in labels(screen)


@pytest.mark.parametrize("instead", ["", "руководитель"])
def test_a_message_says_who_would_have_got_it_K2(instead: str) -> None:
    line = "".join(str(piece) for piece in onboarding.mark(T, instead))
    assert line == ("🎓 Учебная: в жизни это получил бы руководитель" if instead else "🎓 Учебная сделка")
