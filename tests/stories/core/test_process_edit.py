"""Adding a stage with a field, a checklist item and a reminder touches the process file alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from bot.selfcheck import StartRefused
from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from tests.conftest import PROCESSES
from tests.stories.conftest import MONDAY, close_shop, settings_for
from tests.stories.driver import Phone, Shop, plain

FIELD = "  fabric: {title: Цвет фасада, type: text, longest: 100, section: project, example: Дуб натуральный}\n"
MAKING = "      making:\n        title: Изготовление мебели\n"
STAGE = """      sample:
        title: Согласование образца
        hint: Покажите клиенту образец фасада
        leave: {requires: [fabric]}
        tasks:
          show_sample:
            title: Показать образец
            due: {after: 1d}
            checklist:
              - {title: Взять образец на складе}
              - {title: Записать выбранный цвет, fill: fabric}
        robots:
          - {on: {stuck: 2d}, notify: responsible, text: "Клиент так и не выбрал цвет фасада: {deal}"}
        next: [making]
"""


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    """A folder with a changed copy of furniture.yaml and nothing else."""
    text = (PROCESSES / "furniture.yaml").read_text("utf-8")
    for before, after in changes:
        assert before in text, f"furniture.yaml has changed: {before!r} is no longer in it"
        text = text.replace(before, after, 1)
    folder.mkdir(exist_ok=True)
    (folder / "furniture.yaml").write_text(text, "utf-8")
    return folder


def with_a_new_stage(folder: Path) -> Path:
    """«Согласование образца» between «Предоплата» and «Изготовление мебели»."""
    return edited(
        folder,
        ("  # Деньги\n", FIELD + "  # Деньги\n"),
        ("        leave: {requires: [prepayment]}\n        next: [making]\n",
         "        leave: {requires: [prepayment]}\n        next: [sample]\n"),
        (MAKING, STAGE + MAKING),
    )  # fmt: skip


async def open_with(processes: Path, data: Path, sandbox: Sandbox) -> root.App:
    app = await root.build(
        settings_for(data, sandbox.url), clock=sandbox.clock.now, limits=RateLimits.none(), where=processes
    )
    await app.start()
    sandbox.clock.listeners.append(app.tick_and_settle)
    return app


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker with the changed file."""
    sandbox = Sandbox(clock=ShiftedClock(MONDAY, frozen=True), web=False)
    await sandbox.start()
    app = await open_with(with_a_new_stage(tmp_path / "edited"), tmp_path, sandbox)
    http = aiohttp.ClientSession()
    opened = Shop(app, sandbox, http)
    yield opened
    await close_shop(opened, http)


async def to_prepayment(anna: Phone) -> None:
    await anna.text("/menu")
    await anna.tap("Новый заказ")
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе", "150 000")
    await anna.tap("✔ Предоплата")


async def test_a_story_walks_through_a_stage_that_only_the_process_file_knows(shop: Shop, anna: Phone) -> None:
    """The new stage is on the way, gives its task, ticks its item, asks for its field, rings its reminder."""
    await to_prepayment(anna)
    await anna.tap("✔ Согласование образца")
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("Согласование образца · 1-й день")
    assert "●●●○○○○" in card.text, "the path has one dot more"
    assert "Покажите клиенту образец фасада" in card.text

    task_card = await anna.tap("Показать образец", await anna.tap("Задачи", card))
    assert "Взять образец на складе" in plain("\n".join((task_card.text, *task_card.labels)))
    await anna.tap("Взять образец на складе")
    ticked = await shop.rows(select(TaskRow.id).where(TaskRow.name == "show_sample"))
    assert len(ticked) == 1

    await shop.later(days=1, hours=23)
    await anna.sees_no("так и не выбрал цвет")
    await shop.later(hours=2)
    await anna.sees("Клиент так и не выбрал цвет фасада: Шкаф-купе · Пётр Сидоров")

    await anna.tap("Открыть", "так и не выбрал цвет")
    await anna.tap("✔ Изготовление мебели")
    asked = await anna.sees("Цвет фасада")
    assert "«Изготовление мебели», заполните" in asked.text
    assert "Дуб натуральный" in asked.text
    await anna.text("Графит матовый")
    found = (await shop.rows(select(DealRow.stage, DealRow.fields)))[0]
    assert (found.stage, found.fields["fabric"]) == ("making", "Графит матовый")


async def test_the_item_of_the_new_checklist_asks_for_its_field(shop: Shop, anna: Phone) -> None:
    """Ticked in conversation: the value stands on the card, and the move needs nothing more."""
    await to_prepayment(anna)
    await anna.tap("✔ Согласование образца")
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("Согласование образца · 1-й день")
    await anna.tap("Показать образец", await anna.tap("Задачи", card))
    await anna.tap("Записать выбранный цвет")
    done = await anna.text("Дуб")
    assert "Показать образец" in done.text
    assert (await shop.rows(select(DealRow.fields)))[0].fields["fabric"] == "Дуб"
    await anna.tap("Взять образец на складе", done)
    await anna.text("2026-0001")
    await anna.tap("Шкаф-купе")
    await anna.tap("✔ Изготовление мебели")
    assert (await shop.rows(select(DealRow.stage)))[0].stage == "making"


async def test_a_stage_that_deals_stand_on_cannot_be_taken_away(shop: Shop, anna: Phone, tmp_path: Path) -> None:
    """The changed file goes back to the old one while a deal stands on the new stage: the start is refused, with the
    stage's name and how many deals; once the deal has moved on, it starts."""
    await to_prepayment(anna)
    await anna.tap("✔ Согласование образца")
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    await shop.app.stop()
    shop.sandbox.clock.listeners.clear()
    with pytest.raises(StartRefused) as refused:
        await open_with(PROCESSES, tmp_path, shop.sandbox)
    assert any("sample" in str(one) and "1" in str(one) for one in refused.value.problems), refused.value.problems

    shop.app = await open_with(tmp_path / "edited", tmp_path, shop.sandbox)
    await shop.settle()
    await anna.text("2026-0001")
    await anna.tap("Шкаф-купе")
    await anna.tap("✔ Изготовление мебели")
    await anna.fill("Дуб")
    await shop.app.stop()
    shop.sandbox.clock.listeners.clear()
    shop.app = await open_with(PROCESSES, tmp_path, shop.sandbox)
    await shop.settle()
    await anna.text("2026-0001")
    assert "Изготовление мебели" in (await anna.tap("Шкаф-купе")).text
