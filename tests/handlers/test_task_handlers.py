"""Tasks in conversation: the card, ticking, outcomes, putting off (C-3, C-5, F-E2…F-E5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.database import Database
from keyboards import base36
from models.errors import AlreadyDone, MoveRefused, NotAllowed, NotFound
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services import processes
from services.deals import deal_commands, deal_queries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import wire
from tests.worlds.office import COMPANY, NOON, PROCESS, Office, data_of, find, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def press(action: str, *args: int | str) -> str:
    return wire.data(action, *args)


async def test_an_installer_sees_all_he_needs_and_no_money_C5(office: Office) -> None:
    _, job = await office.assembly()
    answer = await office.tap("installer", press("task", job.id))
    text = plain(answer)
    assert "Сборка у клиента" in text
    assert "Мария Иванова" in text
    assert "Срок: завтра, 18:00" in text
    assert "Адрес: Москва, ул. Ленина, д. 5, кв. 12" in text
    assert "₽" not in text and "150" not in text
    assert find(answer.screen, "📋 Адрес").copy == "Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К"
    assert (find(answer.screen, "🗺 Карта").url or "").startswith("https://")
    assert find(answer.screen, "+7 912").copy == "+79123456789"


async def test_money_that_a_task_shows_is_kept_from_field_staff(office: Office) -> None:
    deal, _ = await office.refused()
    rule = next(name for name in _rules(office) if ".refused.tap" in name)
    await office.run(lambda work: deal_commands.fill(work, deal.id, {"budget": Decimal(99000)}), "manager")
    await office.run(lambda work: deal_commands.tap(work, deal.id, rule, {"discount": "5 %"}), "manager")
    ask = (await office.run(lambda work: task_queries.of_deal(work, deal.id), "supervisor"))[0]
    assert ask.name == "approve_discount"
    shown = plain(await office.tap("supervisor", press("task", ask.id)))
    assert "Бюджет: 99 000 ₽" in shown
    await office.run(lambda work: _give_to(work, ask.id, office.staff["installer"].id))
    assert "Бюджет" not in plain(await office.tap("installer", press("task", ask.id)))


def _rules(office: Office) -> list[str]:
    return [name for name in COMPANY.processes["furniture"].rules if name.startswith("order.")]


def _give_to(work: UnitOfWork, task_id: int, who: int) -> None:

    work.tx.execute(update(TaskRow).where(TaskRow.id == task_id).values(assignee_id=who, role=None))


async def test_a_line_is_ticked_and_unticked_by_buttons_C3(office: Office) -> None:
    _, job = await office.assembly()
    await office.tap("installer", press("task", job.id))
    answer = await office.tap("installer", "☐ Подтверждаю выезд")
    assert "☑ Подтверждаю выезд" in labels(answer.screen)
    answer = await office.tap("installer", "☑ Подтверждаю выезд")
    assert "☐ Подтверждаю выезд" in labels(answer.screen)


async def test_a_double_press_of_a_tick_ticks_once_C3(office: Office) -> None:
    _, job = await office.assembly()
    first = await office.tap("installer", press("task", job.id))
    button = find(first.screen, "☐ На месте")
    await office.tap("installer", button)
    answer = await office.tap("installer", button)
    assert "☑ На месте" in labels(answer.screen)
    assert answer.toast == "Уже отмечено"


async def test_a_line_that_asks_is_asked_in_conversation_and_ticked_after_the_answer_C3(office: Office) -> None:
    deal, _ = await office.assembly()
    check = await _task(office, deal.id, "check_quality")
    await office.tap("manager", press("task", check))
    asked = await office.tap("manager", "☐ Связаться с клиентом")
    assert "Качество сборки" in plain(asked)
    answer = await office.tap("manager", "Всё хорошо")
    assert any(label.startswith("☑ Связаться") for label in labels(answer.screen))
    found = await office.run(lambda work: deal_queries.get(work, deal.id), "manager")
    assert found.fields["assembly_quality"] == "good"


async def _task(office: Office, deal_id: int, name: str) -> int:
    found = await office.run(lambda work: task_queries.of_deal(work, deal_id))
    return next(one.id for one in found if one.name == name)


async def test_an_outcome_with_an_open_list_answers_with_the_reason(office: Office) -> None:
    deal, _ = await office.assembly()
    check = await _task(office, deal.id, "check_quality")
    await office.tap("manager", press("task", check))
    with pytest.raises(MoveRefused) as refused:
        await office.tap("manager", "Готово")
    assert [one.code for one in refused.value.refusal.reasons] == ["items_open"]


async def test_a_missing_answer_of_an_outcome_is_asked_and_the_task_closes_itself_K22(office: Office) -> None:
    deal, job = await office.assembly(NOON + timedelta(hours=2))
    await office.tap("installer", press("task", job.id))
    asked = await office.tap("installer", "Есть претензия")
    assert "Претензия клиента" in plain(asked)
    answer = await office.say("installer", "Царапина на дверце")
    assert "Закрыта: Есть претензия" in plain(answer)
    found = await office.run(lambda work: deal_queries.find(work, deal.id))
    assert found is not None and found.fields["claim"] == "Царапина на дверце"
    with pytest.raises(AlreadyDone):
        await office.tap("installer", press("outcome", job.id, "claim"))


async def test_an_outcome_that_may_not_be_yet_says_why_F_E5(office: Office) -> None:
    _, call = await office.refused()
    await office.tap("manager", press("task", call.id))
    with pytest.raises(MoveRefused) as refused:
        await office.tap("manager", "Предложил скидку")
    assert refused.value.refusal.reasons[0].why == "Скидку можно предлагать только с согласия руководителя"


async def test_the_discount_is_asked_for_on_the_task_s_own_card_F_E5(office: Office) -> None:
    deal, call = await office.refused()
    card = await office.tap("manager", press("task", call.id))
    assert decode_args(find(card.screen, "Запросить скидку").data) == ("robot", deal.id)
    await office.tap("manager", "Запросить скидку")
    await office.say("manager", "Скидка 5 %")
    assert await _task(office, deal.id, "approve_discount")


def decode_args(data: str | None) -> tuple[str, int | None]:
    assert data is not None
    _, action, first, *_ = data.split(":")
    return action, base36.from36(first)


async def test_a_second_press_of_no_answer_does_not_put_the_call_off_twice_F_E5(office: Office) -> None:
    _, call = await office.refused()
    card = await office.tap("manager", press("task", call.id))
    button = find(card.screen, "Не дозвонился")
    first = await office.tap("manager", button)
    assert first.toast == "Отложено: завтра, 12:00"
    office.later(minutes=1)
    again = await office.tap("manager", button)
    assert again.toast == "Срок задачи изменился. Показываю свежую карточку."
    found = await office.run(lambda work: task_queries.get(work, call.id), "manager")
    assert found.due_at == NOON + timedelta(days=1)


async def test_putting_off_asks_why_and_the_history_keeps_it(office: Office) -> None:
    deal, _ = await office.assembly()
    check = await _task(office, deal.id, "check_quality")
    await office.tap("manager", press("task", check))
    menu = await office.tap("manager", "⏰ Отложить")
    assert any("3 дня — " in label for label in labels(menu.screen))
    asked = await office.tap("manager", "Завтра утром")
    assert "причину" in plain(asked)
    answer = await office.say("manager", "Клиент уехал до субботы")
    assert "Срок: завтра, 9:00" in plain(answer)

    def kept(work: UnitOfWork) -> tuple[str, int | None]:
        row = work.tx.execute(select(HistoryRow).where(HistoryRow.kind == "put_off")).one()
        return row.data["text"], row.actor_id

    assert await office.run(kept) == ("Клиент уехал до субботы", office.staff["manager"].id)

    def rings(work: UnitOfWork) -> list[datetime]:
        query = select(ScheduledRow.run_at).where(
            ScheduledRow.task_id == check, ScheduledRow.kind == "task", ScheduledRow.done_at.is_(None)
        )
        return list(work.tx.execute(query).scalars())

    assert await office.run(rings) == [datetime(2026, 11, 21, 6, 0, tzinfo=UTC)]


async def test_a_reason_that_took_longer_than_the_hour_still_puts_it_off(office: Office) -> None:
    deal, _ = await office.assembly()
    check = await _task(office, deal.id, "check_quality")
    await office.tap("manager", press("snooze", check, 0))
    office.later(hours=3)
    asked = await office.say("manager", "Занято")  # after an hour it may be meant for something else
    answer = await office.tap("manager", find(asked.screen, "✍️ Да, это ответ").data)
    assert answer.toast == "Отложено: сегодня, 16:00"


async def test_nobody_else_s_task_is_seen_by_a_forged_button_C8(office: Office) -> None:
    _, job = await office.assembly()
    other = await hire(office, "installer", 2000, "Илья")
    for action in ("task", "tick", "outcome", "snooze", "task_take"):
        args = {"tick": (job.id, job.items[0].id, 1), "outcome": (job.id, "claim")}.get(action, (job.id,))
        with pytest.raises(NotAllowed):
            await office.tap(other, press(action, *args))


@pytest.mark.parametrize("data", ["v1:task:zzzzzzzzzzzzz", "v1:task:-1", "v1:tick:1:1:1", "v1:calls:t:1", "v1:calls:9"])
async def test_a_forged_button_finds_nothing(office: Office, data: str) -> None:
    with pytest.raises(NotFound):
        await office.tap("manager", data)


async def test_a_task_of_a_role_is_taken_by_one_and_gone_for_the_other(office: Office) -> None:
    second = await hire(office, "supervisor", 2000, "Софья")
    deal, _ = await office.refused()
    rule = next(name for name in _rules(office) if ".refused.tap" in name)
    await office.run(lambda work: deal_commands.tap(work, deal.id, rule, {"discount": "5 %"}), "manager")
    ask = await _task(office, deal.id, "approve_discount")
    card = await office.tap("supervisor", press("task", ask))
    assert "пока никто (руководитель)" in plain(card)
    answer = await office.tap("supervisor", "✋ Взять")
    assert answer.toast == "Задача ваша"
    assert "✋ Взять" not in labels(answer.screen)
    with pytest.raises(AlreadyDone) as faster:
        await office.tap(second, press("task_take", ask))
    assert faster.value.who == "Семён"


async def test_my_tasks_stand_by_urgency_with_counts(office: Office) -> None:
    for hours in (1, 30, 52):
        await office.assembly(NOON + timedelta(hours=hours))
    office.later(hours=2)
    answer = await office.tap("installer", press("tasks"))
    assert labels(answer.screen)[:3] == ["Просрочено · 0", "Сегодня · 1", "Дальше · 2"]  # he is at the client's
    office.later(hours=4)
    answer = await office.tap("installer", press("tasks"))
    assert labels(answer.screen)[:3] == ["Просрочено · 1", "Сегодня · 0", "Дальше · 2"]
    assert "Сборка у клиента — Мария Иванова, сегодня, 13:00" in plain(answer)
    coming = await office.tap("installer", "Дальше")
    assert plain(coming).count("Сборка у клиента") == 2
    assert (await office.tap("installer", "1. Сборка")).screen is not None


async def test_long_lists_of_tasks_have_pages(office: Office) -> None:
    for days in range(1, 11):
        await office.assembly(NOON + timedelta(days=days))
    first = await office.tap("installer", press("tasks"))
    assert "8. " in plain(first) and "9. " not in plain(first)
    second = await office.tap("installer", "Ещё ›")
    assert plain(second).count("Сборка у клиента") == 2
    assert "‹ Раньше" in labels(second.screen)
    beyond = plain(await office.tap("installer", press("tasks", "coming", 2**40)))
    assert "Дальше · 9–10 из 10" in beyond and "9. Сборка" in beyond, "a page that is gone is the last one there is"


async def test_an_installer_s_day_shows_time_client_place_and_status_C5(office: Office) -> None:
    _, job = await office.assembly(NOON + timedelta(hours=2))
    await office.assembly(NOON + timedelta(days=2))
    today = await office.tap("installer", press("jobs"))
    assert "14:00 Сборка у клиента, Мария Иванова — ул. Ленина, д. 5, кв. 12" in plain(today)
    assert "не подтверждён" in plain(today)
    await office.tap("installer", press("tick", job.id, job.items[0].id, 1))
    await office.tap("installer", press("tick", job.id, job.items[1].id, 1))
    assert "✔ На месте · 2/3" in plain(await office.tap("installer", press("jobs")))
    coming = await office.tap("installer", "Ближайшие · 1")
    assert "вс, 22 ноября" in plain(coming)
    assert "‹ Сегодня · 1" in labels(coming.screen)


async def test_the_call_list_of_a_day_has_a_button_per_client_with_the_reason_F_E5(office: Office) -> None:
    _, first = await office.refused("expensive", refusal_note="Нашли дешевле у соседей")
    office.now = datetime(2026, 11, 10, 9, tzinfo=UTC)
    await office.refused("irrelevant", name="Пётр Сидоров", phone="+79161112233")
    office.now = datetime(2026, 12, 1, 7, tzinfo=UTC)
    mine = await office.tap("manager", press("tasks"))
    assert "📞 Повторный обзвон · 1" in labels(mine.screen)
    answer = await office.tap("manager", "📞 Повторный обзвон")
    assert plain(answer).startswith("📞 Повторный обзвон — 1 декабря")
    assert labels(answer.screen)[0] == "Пётр Сидоров — Неактуально"
    office.now = datetime(2026, 12, 15, 7, tzinfo=UTC)
    answer = await office.tap("manager", press("calls", "t", first.id))
    assert "Мария Иванова — Дорого. Нашли дешевле у соседей" in plain(answer)
    assert plain(answer).startswith("📞 Повторный обзвон — 15 декабря")
    card = await office.tap("manager", "Мария Иванова")
    assert "Почему отказ: Дорого" in plain(card)
    assert "‹ Повторный обзвон" in labels(card.screen)


async def test_a_checklist_already_given_stays_as_it_was_given_K5(office: Office, tmp_path: Path) -> None:
    _, job = await office.assembly()
    edited = tmp_path / "furniture.yaml"
    edited.write_text(PROCESS.read_text("utf-8").replace("{title: На месте}", "{title: Приехал}"), "utf-8")
    office.company = replace(COMPANY, processes=processes.load([edited]))
    _, after = await office.assembly(NOON + timedelta(days=2))
    assert [one.title for one in after.items][1] == "Приехал"
    assert "☐ На месте" in labels((await office.tap("installer", press("task", job.id))).screen)
    assert "☐ Приехал" in labels((await office.tap("installer", press("task", after.id))).screen)


async def test_every_button_fits_even_with_huge_ids() -> None:
    from keyboards.callbacks.task_callbacks import ChooseOutcome, OpenCallList, TickItem
    from keyboards.tasks.task_card import stamp

    big = 2**40
    longest = "x" * 24
    assert len(ChooseOutcome(big, longest, stamp(NOON)).pack()) <= 64
    assert len(TickItem(big, big, True).pack()) <= 64
    assert len(OpenCallList.of_task(big).pack()) <= 64


async def test_after_closing_the_card_says_how_and_leads_on(office: Office) -> None:
    _, call = await office.refused()
    await office.tap("manager", press("task", call.id))
    answer = await office.tap("manager", "Отказ окончательный")
    assert "Закрыта: Отказ окончательный" in plain(answer)
    assert "Отказ окончательный" not in labels(answer.screen)
    assert answer.screen is not None and all(len(one.encode()) <= 64 for one in data_of(answer.screen))
