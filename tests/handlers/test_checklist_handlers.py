"""Editing checklists in conversation (K-5): stale and double presses, what is refused; putting off (K-4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.database import Database
from models.entities import Task
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.values.invalid_value import InvalidValue
from services.tasks import checklist_lines, checklists, task_commands, task_queries, task_template_edits, task_templates
from services.unit_of_work import Company, UnitOfWork
from tests.worlds import wire
from tests.worlds.office import NOON, Office, find, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def press(action: str, *args: int | str) -> str:
    return wire.data(action, *args)


async def titles(office: Office, task_id: int) -> list[str]:
    found: Task = await office.run(lambda work: task_queries.get(work, task_id), "owner")
    return [one.title for one in found.items]


async def test_the_manager_edits_from_the_card_and_comes_back_to_it_K5(office: Office) -> None:
    _, job = await office.assembly()
    await office.tap("manager", press("task", job.id))
    listed = await office.tap("manager", "✏️ Чек-лист")
    assert "1. ☐ Подтверждаю выезд" in plain(listed) and "(спросит: Фото после сборки)" in plain(listed)
    asked = await office.tap("manager", "➕ Добавить пункт")
    assert "Новый пункт чек-листа" in plain(asked)
    answer = await office.say("manager", "Взять {ключ} <20>")
    assert "4. ☐ Взять {ключ} <20>" in plain(answer)
    await office.tap("manager", "2. На месте")
    await office.tap("manager", "✏️ Переименовать")
    await office.say("manager", "Приехал")
    await office.tap("manager", "2. Приехал")
    await office.tap("manager", "↑ Выше")
    await office.tap("manager", "‹ Назад")
    await office.tap("manager", "‹ К задаче")
    assert labels(office.screen)[:4] == [
        "☐ Приехал",
        "☐ Подтверждаю выезд",
        "☐ Собрано, фото сделаны ✏️",
        "☐ Взять {ключ} <20>",
    ]


async def test_a_second_press_of_up_moves_once(office: Office) -> None:
    _, job = await office.assembly()
    await office.tap("manager", press("ck_line", job.id, job.items[2].id))
    up = find(office.screen, "↑ Выше")
    await office.tap("manager", up)
    answer = await office.tap("manager", up)
    assert answer.toast == "Чек-лист изменился. Показываю свежий."
    assert await titles(office, job.id) == ["Подтверждаю выезд", "Собрано, фото сделаны", "На месте"]


async def test_a_line_that_asks_goes_after_a_second_word_and_once(office: Office) -> None:
    _, job = await office.assembly()
    await office.tap("manager", press("ck_line", job.id, job.items[2].id))
    sure = await office.tap("manager", "🗑 Убрать")
    assert "Вернуть его потом нельзя" in plain(sure)
    gone = find(office.screen, "🗑 Убрать")
    assert (await office.tap("manager", gone)).toast == "Убрано: Собрано, фото сделаны"
    assert (await office.tap("manager", gone)).toast == "Этого пункта больше нет."
    assert await titles(office, job.id) == ["Подтверждаю выезд", "На месте"]


async def test_a_line_removed_while_its_new_name_was_typed(office: Office) -> None:
    _, job = await office.assembly()
    line = job.items[0].id
    await office.tap("manager", press("ck_name", job.id, line))
    await office.run(lambda work: checklists.remove(work, job.id, line), "supervisor")
    answer = await office.say("manager", "Иначе")
    assert plain(answer).startswith("Этого пункта больше нет.")
    for action, *more in (("ck_line",), ("ck_name",), ("ck_move", 0, 1), ("ck_del", 1)):
        assert (await office.tap("manager", press(action, job.id, line, *more))).toast == "Этого пункта больше нет."


async def test_a_bad_line_is_said_and_asked_again(office: Office) -> None:
    _, job = await office.assembly()
    await office.tap("manager", press("ck_add", job.id))
    assert "хотя бы одна буква" in plain(await office.say("manager", "…"))
    assert "помещается 200 знаков, а здесь 250" in plain(await office.say("manager", "я" * 250))
    assert "Такой пункт уже есть: «на месте»" in plain(await office.say("manager", "на месте"))
    assert "4. ☐ Проверить проём" in plain(await office.say("manager", "Проверить проём"))


async def test_a_full_list_takes_no_more(office: Office) -> None:
    _, job = await office.assembly()

    def fill(work: UnitOfWork) -> None:
        for n in range(checklist_lines.MOST - 3):
            checklists.add(work, job.id, f"Пункт {n}")

    await office.run(fill, "manager")
    listed = await office.tap("manager", press("ck", job.id))
    assert "➕ Добавить пункт" not in labels(listed.screen)
    with pytest.raises(InvalidValue) as full:
        await office.tap("manager", press("ck_add", job.id))
    assert full.value.code == "item.many"


async def test_forged_presses_change_nothing_C8(office: Office) -> None:
    _, job = await office.assembly()
    other = await hire(office, "manager", 2000, "Борис")
    line = job.items[0].id
    every = [("ck", job.id), ("ck_add", job.id), ("ck_line", job.id, line), ("ck_name", job.id, line)]
    every += [("ck_move", job.id, line, 0, 1), ("ck_del", job.id, line, 1)]
    for who in (office.staff["installer"], other):
        for action, *args in every:
            with pytest.raises(NotAllowed):
                await office.tap(who, press(str(action), *args))
    for role in ("supervisor", "manager", "installer"):
        for action in ("tpl", "tpl_of:furniture", "tpl_task:1", "tpl_add:1", "tpl_text:1", "tpl_video:1"):
            with pytest.raises(NotAllowed):
                await office.tap(role, f"v1:{action}")
    with pytest.raises(NotFound):
        await office.tap("owner", "v1:tpl_task:1")
    with pytest.raises(NotFound):
        await office.tap("owner", "v1:tpl_of:nothing")


# --- templates --------------------------------------------------------------------------------------------------


async def open_job(office: Office) -> int:
    """The owner opens the template of the assembly job by its buttons."""
    process = office.company.processes["furniture"]
    found = await office.run(lambda work: task_templates.of_process(work, process), "owner")
    key = next(one.place.key for one in found if one.place.task == "job")
    await office.tap("owner", press("tpl_task", key))
    return key


async def test_a_second_press_in_a_template_changes_nothing_more(office: Office) -> None:
    await open_job(office)
    await office.tap("owner", "2. На месте")
    up, off = find(office.screen, "↑ Выше"), find(office.screen, "🗑 Убрать")
    await office.tap("owner", up)
    for button in (up, off):
        assert (await office.tap("owner", button)).toast == "Чек-лист изменился. Показываю свежий."
    key = await open_job(office)
    now = await office.run(lambda work: task_templates.get(work, key), "owner")
    assert [one.title for one in now.task.checklist][:2] == ["На месте", "Подтверждаю выезд"]


async def test_a_template_changed_while_a_name_was_typed_keeps_the_change(office: Office) -> None:
    key = await open_job(office)
    await office.tap("owner", "1. Подтверждаю выезд")
    await office.tap("owner", "✏️ Переименовать")
    await office.run(lambda work: task_template_edits.add_line(work, key, "Убрать за собой"), "owner")
    answer = await office.say("owner", "Иначе")
    assert plain(answer).startswith("Чек-лист изменился. Показываю свежий.")
    assert "4. Убрать за собой" in plain(answer) and "Иначе" not in plain(answer)


async def test_a_bad_link_is_said_and_asked_again_and_no_takes_it_away(office: Office) -> None:
    await open_job(office)
    await office.tap("owner", "▶️ Видео")
    assert "начинается с https://" in plain(await office.say("owner", "youtube точка ком"))
    assert "▶️ https://rutube.ru/video/1" in plain(await office.say("owner", "https://rutube.ru/video/1"))
    await office.tap("owner", "▶️ Видео")
    assert "rutube" not in plain(await office.say("owner", "нет"))


async def test_the_owner_chooses_the_process_then_the_task_of_any_of_them(office: Office, company: Company) -> None:
    """Every task of every process of the project opens; one that stands in practice as well is listed once."""
    office.company = company
    chosen = await office.tap("owner", "v1:tpl")
    assert "Производство мебели" in labels(chosen.screen)
    for name, process in company.processes.items():
        found = await office.run(lambda work, one=process: task_templates.of_process(work, one), "owner")
        assert len({one.place.key for one in found}) == len(found)
        for one in found:
            assert one.place.pipeline == "-" or process.direction(one.place.pipeline) != "practice", one.place
            shown = await office.tap("owner", press("tpl_task", one.place.key))
            assert all(line.title in plain(shown) for line in one.task.checklist)
            assert find(shown.screen, "‹ Все задачи").data == press("tpl_of", name)


# --- many tasks -------------------------------------------------------------------------------------------------


async def forty(office: Office, who: str) -> None:
    """Forty open tasks of that person: 12 overdue, 10 for today, 18 for the days after."""
    deal, job = await office.assembly()

    def give(work: UnitOfWork) -> None:
        work.tx.execute(update(TaskRow).where(TaskRow.deal_id == deal.id).values(state="void"))
        rows = []
        for n in range(40):
            hours = -1 - n if n < 12 else 1 if n < 22 else 24 * (n - 21)
            rows.append(
                {
                    "deal_id": deal.id, "name": "job", "origin": job.origin, "title": f"Дело {n}", "state": "open",
                    "assignee_id": office.staff[who].id, "due_at": NOON + timedelta(hours=hours), "given_at": NOON,
                }
            )  # fmt: skip
        work.tx.execute(insert(TaskRow), rows)

    await office.run(give)


@pytest.mark.parametrize("who", ["manager", "installer"])
async def test_forty_tasks_are_found_by_urgency_and_page_by_page(office: Office, who: str) -> None:
    await forty(office, who)
    first = await office.tap(who, press("tasks"))
    assert labels(first.screen)[:3] == ["Просрочено · 12", "Сегодня · 10", "Дальше · 18"]
    assert "Просрочено · 1–8 из 12" in plain(first)
    assert "Просрочено · 9–12 из 12" in plain(await office.tap(who, "Ещё ›"))
    await office.tap(who, "Дальше · 18")
    await office.tap(who, "Ещё ›")
    last = await office.tap(who, "Ещё ›")
    assert "Дальше · 17–18 из 18" in plain(last) and "Ещё ›" not in labels(last.screen)
    assert "Дело 39" in plain(last)
    card = await office.tap(who, "18. Дело 39")
    assert "Дело 39" in plain(card)


async def test_forty_jobs_of_an_installer_have_pages(office: Office) -> None:
    await forty(office, "installer")
    await office.run(lambda work: work.tx.execute(update(TaskRow).values(name="visit")))  # due when they are due
    first = await office.tap("installer", press("jobs_next"))
    assert "10. " in plain(first) and "11. " not in plain(first)
    last = await office.tap("installer", "Ещё ›")
    assert "18. " in plain(last) and "Ещё ›" not in labels(last.screen)
    assert any(label.startswith("18. ") for label in labels(last.screen))
    assert plain(await office.tap("installer", press("jobs_next", 2**40))) == plain(last), "the last page there is"


# --- putting off ------------------------------------------------------------------------------------------------


async def check(office: Office) -> int:
    deal, _ = await office.assembly()
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    return next(one.id for one in found if one.name == "check_quality")


async def test_this_evening_is_offered_while_it_is_ahead(office: Office) -> None:
    key = await check(office)
    menu = await office.tap("manager", press("snooze", key))
    evening = find(menu.screen, "Сегодня вечером — сегодня, 18:00")
    office.now = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    late = await office.tap("manager", evening)
    assert late.toast == "Это время уже не подходит. Выберите другое."
    assert not any("вечером" in label for label in labels(late.screen))


async def test_what_would_ring_after_closing_is_not_offered_for_today(office: Office) -> None:
    """Closed: in an hour it is 21:15, and the reminder would come tomorrow when the company opens."""
    key = await check(office)
    office.now = datetime(2026, 11, 20, 17, 15, tzinfo=UTC)
    menu = await office.tap("manager", press("snooze", key))
    assert not any("сегодня" in label for label in labels(menu.screen))


async def test_any_other_time_is_typed_and_a_bad_one_asked_again(office: Office) -> None:
    key = await check(office)
    await office.tap("manager", press("snooze", key))
    asked = await office.tap("manager", "Другое время…")
    assert "завтра в 15:00" in plain(asked)
    assert "уже прошло" in plain(await office.say("manager", "вчера в 10"))
    assert "не больше чем на год" in plain(await office.say("manager", "01.12.2028 10:00"))
    assert plain(await office.say("manager", "когда-нибудь")) != ""
    why = await office.say("manager", "24.11")
    assert "Отложить: вт, 24 ноября, 09:00" in plain(why) and "причину" in plain(why)
    answer = await office.say("manager", "Клиент в отъезде")
    assert "Отложено: вт, 24 ноября" in plain(answer)
    found = await office.run(lambda work: task_queries.get(work, key), "manager")
    assert found.due_at == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


async def test_put_off_three_times_the_supervisor_is_told_once_K4(office: Office) -> None:
    key = await check(office)

    async def told() -> list[dict[str, Any]]:
        query = select(ScheduledRow.payload).where(
            ScheduledRow.kind == "notice", ScheduledRow.employee_id == office.staff["supervisor"].id
        )
        rows = await office.run(lambda work: work.tx.execute(query).scalars().all())
        return [one for one in rows if one["kind"] == "put_off"]

    for n in range(1, 5):
        until = NOON + timedelta(days=n)
        await office.run(lambda work, at=until, n=n: task_commands.put_off(work, key, at, f"причина {n}"), "manager")
        assert len(await told()) == (1 if n >= 3 else 0)
    assert (await told())[0]["text"] == "причина 3"
    kept = select(HistoryRow.data).where(HistoryRow.kind == "put_off").order_by(HistoryRow.id)
    said = await office.run(lambda work: [one["text"] for one in work.tx.execute(kept).scalars()])
    assert said == [f"причина {n}" for n in range(1, 5)], "every reason stands in the history"


async def test_a_closed_task_is_not_edited_by_an_old_button(office: Office) -> None:
    _, call = await office.refused()
    await office.run(lambda work: task_commands.close(work, call.id, "final"), "manager")
    for action in ("ck", "ck_add", "snooze_own"):
        with pytest.raises(AlreadyDone):
            await office.tap("manager", press(action, call.id))
