"""The checklist of one deal, edited by its manager (K-5): by whom, what is kept, what a second press does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.database import Database
from models.entities import Deal, Task
from models.errors import AlreadyDone, CardOutdated, ListChanged, MoveRefused, NotAllowed, NotFound
from models.tables.deals import HistoryRow
from models.tables.documents import PaperRow
from models.tables.settings import SettingRow
from models.values.invalid_value import InvalidValue
from services import processes
from services.deals import deal_commands, deal_queries
from services.documents import sample_order
from services.tasks import checklist_lines, checklists, task_commands, task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds.office import COMPANY, PROCESS, Office, hire, open_office, race

STAYING = """\
              slipped:
                title: Задерживаюсь
                ask: feedback
                stays: true
                do:
                  - {comment: Мастер задерживается}
              called:
                title: Позвонил за час
                stays: true
                do:
                  - {comment: Мастер позвонил за час}
"""


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def titles(found: Task) -> list[str]:
    return [one.title for one in found.items]


async def history(office: Office) -> list[dict[str, Any]]:
    query = select(HistoryRow.data).where(HistoryRow.kind == "checklist").order_by(HistoryRow.id)
    return await office.run(lambda work: list(work.tx.execute(query).scalars()))


async def edited(office: Office, job: Callable[[UnitOfWork], Task], who: str = "manager") -> list[str]:
    return titles(await office.run(job, who))


async def test_the_manager_adds_renames_moves_and_removes_a_line_and_each_change_is_history_K5(office: Office) -> None:
    _, job = await office.assembly()
    first = job.items[0].id
    await office.run(lambda work: checklists.add(work, job.id, "  Проверить   ключи "), "manager")
    await office.run(lambda work: checklists.rename(work, job.id, first, "Позвонил и подтвердил"), "manager")
    await office.run(lambda work: checklists.move(work, job.id, first, 0, 1), "manager")
    left = await edited(office, lambda work: checklists.remove(work, job.id, job.items[2].id))
    assert left == ["На месте", "Позвонил и подтвердил", "Проверить ключи"]
    assert [(one["change"], one["line"]) for one in await history(office)] == [
        ("added", "Проверить ключи"),
        ("renamed", "Позвонил и подтвердил"),
        ("moved", "Позвонил и подтвердил"),
        ("removed", "Собрано, фото сделаны"),
    ]


async def test_a_line_keeps_its_questions_when_it_is_renamed_and_moved_K5(office: Office) -> None:
    _, job = await office.assembly()
    asks = job.items[2].id
    await office.run(lambda work: checklists.rename(work, job.id, asks, "Фото готовы"), "manager")
    found = await office.run(lambda work: checklists.move(work, job.id, asks, 2, 0), "manager")
    assert (found.items[0].title, found.items[0].fill) == ("Фото готовы", ("assembly_photos",))
    assert [one.position for one in found.items] == [0, 1, 2]


async def test_who_drives_out_and_other_managers_do_not_edit_the_list_C8(office: Office) -> None:
    _, job = await office.assembly()
    other = await hire(office, "manager", 2000, "Борис")
    for who in (office.staff["installer"], other):
        with pytest.raises(NotAllowed):
            await office.run(lambda work: checklists.add(work, job.id, "Ещё"), who)
    assert (await edited(office, lambda work: checklists.add(work, job.id, "Ещё"), "supervisor"))[-1] == "Ещё"


async def test_the_list_of_a_task_for_somebody_above_is_not_the_managers_F_E5(office: Office) -> None:
    deal, _ = await office.refused()
    rule = next(name for name in COMPANY.processes["furniture"].rules if name.startswith("order.refused.tap"))
    await office.run(lambda work: deal_commands.tap(work, deal.id, rule, {"discount": "5 %"}), "manager")
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    approve = next(one.id for one in found if one.name == "approve_discount")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: checklists.add(work, approve, "Согласовано"), "manager")


async def test_a_closed_tasks_list_stays_as_it_is(office: Office) -> None:
    _, call = await office.refused()
    await office.run(lambda work: task_commands.close(work, call.id, "final"), "manager")
    with pytest.raises(AlreadyDone):
        await office.run(lambda work: checklists.add(work, call.id, "Ещё"), "manager")


@pytest.mark.parametrize(
    ("text", "code"),
    [("   ", "item.empty"), ("🙂🙂", "item.empty"), ("я" * 201, "item.long"), ("НА  МЕСТЕ", "item.same")],
)
async def test_what_is_no_line_is_refused_with_the_reason(office: Office, text: str, code: str) -> None:
    _, job = await office.assembly()
    for change in (
        lambda work: checklists.add(work, job.id, text),
        lambda work: checklists.rename(work, job.id, job.items[0].id, text),
    ):
        with pytest.raises(InvalidValue) as wrong:
            await office.run(change, "manager")
        assert wrong.value.code == code
    assert await history(office) == []


async def test_a_list_holds_thirty_lines(office: Office) -> None:
    _, job = await office.assembly()

    def fill(work: UnitOfWork) -> Task:
        for place in range(checklist_lines.MOST - 3):
            found = checklists.add(work, job.id, f"Пункт {place}")
        return found

    assert len((await office.run(fill, "manager")).items) == 30
    with pytest.raises(InvalidValue) as wrong:
        await office.run(lambda work: checklists.add(work, job.id, "Лишний"), "manager")
    assert wrong.value.code == "item.many"


async def test_a_second_press_moves_and_removes_nothing(office: Office) -> None:
    _, job = await office.assembly()
    first = job.items[0].id
    await office.run(lambda work: checklists.move(work, job.id, first, 0, 1), "manager")
    with pytest.raises(ListChanged):
        await office.run(lambda work: checklists.move(work, job.id, first, 0, 1), "manager")
    with pytest.raises(ListChanged):
        await office.run(lambda work: checklists.move(work, job.id, first, 1, 3), "manager")
    await office.run(lambda work: checklists.remove(work, job.id, first), "manager")
    with pytest.raises(NotFound):
        await office.run(lambda work: checklists.remove(work, job.id, first), "manager")
    assert len(await history(office)) == 2


async def test_of_two_who_add_at_once_none_loses_a_line_silently(office: Office) -> None:
    _, job = await office.assembly()
    both = [office.staff["manager"], office.staff["supervisor"]]
    got = await race(
        office, [(lambda work, said=who.name: checklists.add(work, job.id, f"Для {said}"), who) for who in both]
    )
    lost = [one for one in got if isinstance(one, CardOutdated)]
    found = await office.run(lambda work: task_queries.get(work, job.id), "manager")
    assert len(found.items) + len(lost) == 5, "a line is there, or its author was told that somebody was faster"


async def test_an_added_line_must_be_ticked_before_the_task_closes_K5(office: Office) -> None:
    """The task would close by itself once its only question is answered; the manager's own line keeps it open."""
    deal, _ = await office.refused("other")
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    why = next(one.id for one in found if one.name == "state_reason")
    await office.run(lambda work: checklists.add(work, why, "Позвонить клиенту ещё раз"), "manager")
    await office.run(lambda work: deal_commands.fill(work, deal.id, {"refusal_note": "Дорого"}), "manager")
    still = await office.run(lambda work: task_queries.get(work, why), "manager")
    assert still.state == "open"
    with pytest.raises(MoveRefused):
        await office.run(lambda work: task_commands.close(work, why, "done"), "manager")


# --- lines that offer, lines with a paper, outcomes that stay -----------------------------------------------------


@pytest.fixture
async def shop(office: Office, tmp_path: Path) -> Office:
    """The furniture maker with a line that offers, a line that makes a paper, and an outcome that stays."""
    text = PROCESS.read_text("utf-8")
    text = text.replace("{title: На месте}", "{title: На месте, offers: feedback}")
    text = text.replace("{title: Подтверждаю выезд}", "{title: Взять акт, paper: act}")
    claim = "              claim:\n                title: Есть претензия"
    text = text.replace(claim, STAYING + claim)
    text = text.replace(
        "fields:\n",
        "papers:\n  act: {title: Акт, template: act.typ, needs: [warranty_until], folder: Акты}\n\nfields:\n",
        1,
    )
    edited_file = tmp_path / "furniture.yaml"
    edited_file.write_text(text, "utf-8")
    process, problems = processes.read(edited_file)
    assert process is not None, problems
    office.company = replace(COMPANY, processes={"furniture": process})
    return office


async def test_a_line_offers_a_question_that_may_be_passed_over(shop: Office) -> None:
    _, job = await shop.assembly()
    line = job.items[1]
    assert (line.fill, line.offers, line.asked) == ((), ("feedback",), ("feedback",))
    await shop.tap("installer", f"v1:task:{_36(job.id)}")
    asked = await shop.tap("installer", "На месте")
    assert asked.screen is not None and "Отзыв клиента" in asked.screen.plain
    card = await shop.tap("installer", "Пропустить")
    assert card.screen is not None and any(one.text.startswith("☑ На месте") for row in card.screen.rows for one in row)


async def test_a_line_with_a_paper_asks_what_it_needs_and_makes_it_once_K11(shop: Office) -> None:
    await shop.run(
        lambda work: work.tx.execute(
            insert(SettingRow).values(name="requisites", value=sample_order.sample_facts().company.to_json())
        )
    )
    deal, job = await shop.assembly()
    await shop.tap("installer", f"v1:task:{_36(job.id)}")
    asked = await shop.tap("installer", "☐ Взять акт 📄")
    assert asked.screen is not None and "Гарантия действует до" in asked.screen.plain
    await shop.say("installer", "31.12.2027")
    await shop.tap("installer", f"v1:tick:{_36(job.id)}:{_36(job.items[0].id)}:1")
    made = await shop.run(lambda work: work.tx.execute(select(func.count()).select_from(PaperRow)).scalar_one())
    found = await shop.run(lambda work: task_queries.get(work, job.id), "installer")
    assert made == 1 and found.items[0].done_at is not None
    assert deal.id == found.deal_id


async def test_an_outcome_that_stays_acts_asks_anew_and_leaves_the_task_open_K16(shop: Office) -> None:
    deal, job = await shop.assembly()
    for said in ("Пробка", "Ещё на час"):
        await shop.tap("installer", f"v1:task:{_36(job.id)}")
        asked = await shop.tap("installer", "Задерживаюсь")
        assert asked.screen is not None and "Отзыв клиента" in asked.screen.plain
        answer = await shop.say("installer", said)
        assert answer.screen is not None and answer.screen.plain.startswith("Записано: Задерживаюсь")
    found = await shop.run(lambda work: deal_queries.find(work, deal.id))
    assert isinstance(found, Deal) and found.fields["feedback"] == "Ещё на час"
    assert (await shop.run(lambda work: task_queries.get(work, job.id), "installer")).state == "open"


async def test_a_double_press_of_an_outcome_that_stays_acts_once(shop: Office) -> None:
    await shop.assembly()
    found = await shop.run(lambda work: task_queries.mine(work), "installer")
    await shop.tap("installer", f"v1:task:{_36(found[0].id)}")
    card = shop.screen
    button = next(one for row in card.rows for one in row if one.text == "Позвонил за час") if card else None
    assert button is not None
    assert (await shop.tap("installer", button)).toast == "Записано: Позвонил за час"
    assert (await shop.tap("installer", button)).toast == "Карточка изменилась. Показываю свежую."
    said = select(func.count()).select_from(HistoryRow).where(HistoryRow.kind == "task_answered")
    assert await shop.run(lambda work: work.tx.execute(said).scalar_one()) == 1


def _36(number: int) -> str:
    from keyboards.base36 import to36

    return to36(number)
