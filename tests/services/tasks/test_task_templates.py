"""«Чек-листы задач»: the owner's changes beside the file, applied when a task is given (K-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.database import Database
from models.errors import ListChanged, NotAllowed, NotFound
from models.process.process import Process
from models.tables.settings import SettingRow
from models.values.invalid_value import InvalidValue
from services import processes
from services.tasks import task_queries, task_template_edits, task_templates
from services.tasks.task_templates import TaskTemplate
from services.unit_of_work import UnitOfWork
from tests.worlds.office import COMPANY, NOON, PROCESS, Office, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def furniture(office: Office) -> Process:
    return office.company.processes["furniture"]


async def job(office: Office, name: str = "job") -> TaskTemplate:
    found = await office.run(lambda work: task_templates.of_process(work, furniture(office)), "owner")
    return next(one for one in found if one.place.task == name)


def titles(found: TaskTemplate) -> list[str]:
    return [one.title for one in found.task.checklist]


async def test_every_task_of_a_file_has_one_template(office: Office) -> None:
    found = await office.run(lambda work: task_templates.of_process(work, furniture(office)), "owner")
    names = [one.place.name for one in found]
    assert "checklist:furniture.order.assembly.job" in names
    assert "checklist:furniture.-.-.call_back" in names
    assert len(set(names)) == len(names) == len({one.place.key for one in found})
    assert not any(one.changed for one in found)


async def test_an_edit_counts_for_tasks_given_later_and_leaves_given_ones_alone_K5(office: Office) -> None:
    _, before = await office.assembly()
    one = await job(office)

    def edit(work: UnitOfWork) -> None:
        key = one.place.key
        now = task_template_edits.add_line(work, key, "Убрать за собой")
        now = task_template_edits.rename_line(work, key, now.stamp, 2, "Собрано и снято на фото")
        now = task_template_edits.move_line(work, key, now.stamp, 2, 0)
        task_template_edits.remove_line(work, key, now.stamp, 1)
        task_template_edits.describe(work, key, "Надеть бахилы.")
        task_template_edits.show_video(work, key, "https://rutube.ru/video/1")

    await office.run(edit, "owner")
    _, after = await office.assembly(NOON + timedelta(days=2))
    assert [line.title for line in after.items] == ["Собрано и снято на фото", "На месте", "Убрать за собой"]
    assert after.items[0].fill == ("assembly_photos",), "a renamed and moved line asks what it asked"
    assert (after.description, after.video) == ("Надеть бахилы.", "https://rutube.ru/video/1")
    given = await office.run(lambda work: task_queries.get(work, before.id), "installer")
    assert [line.title for line in given.items] == [line.title for line in before.items]
    assert given.description == before.description and given.video is None


async def test_an_edited_template_says_who_and_when_and_goes_back_to_the_file_K5(office: Office) -> None:
    one = await job(office)
    now = await office.run(lambda work: task_template_edits.add_line(work, one.place.key, "Ещё"), "owner")
    assert now.changed and now.by == office.staff["owner"].id and now.at == office.now and not now.stale
    again = await office.run(lambda work: task_template_edits.reset(work, one.place.key, now.stamp), "owner")
    assert not again.changed and titles(again) == titles(one)
    _, given = await office.assembly()
    assert [line.title for line in given.items] == titles(one)
    with pytest.raises(ListChanged):  # the old button, pressed again
        await office.run(lambda work: task_template_edits.reset(work, one.place.key, now.stamp), "owner")


async def test_buttons_of_an_older_state_change_nothing(office: Office) -> None:
    one = await job(office)
    key, stamp = one.place.key, one.stamp
    await office.run(lambda work: task_template_edits.remove_line(work, key, stamp, 0), "owner")
    for change in (
        lambda work: task_template_edits.remove_line(work, key, stamp, 0),
        lambda work: task_template_edits.move_line(work, key, stamp, 0, 1),
        lambda work: task_template_edits.rename_line(work, key, stamp, 0, "Иначе"),
    ):
        with pytest.raises(ListChanged):
            await office.run(change, "owner")
    assert titles(await job(office)) == titles(one)[1:]


async def test_added_and_removed_again_the_first_button_is_stale_all_the_same(office: Office) -> None:
    one = await job(office)
    key = one.place.key

    def there_and_back(work: UnitOfWork) -> TaskTemplate:
        now = task_template_edits.add_line(work, key, "Ещё")
        return task_template_edits.remove_line(work, key, now.stamp, 3)

    now = await office.run(there_and_back, "owner")
    assert titles(now) == titles(one) and now.stamp != one.stamp


@pytest.mark.parametrize("role", ["supervisor", "manager", "installer"])
async def test_only_the_owner_edits_templates_C8(office: Office, role: str) -> None:
    key = (await job(office)).place.key
    for change in (
        lambda work: task_templates.get(work, key),
        lambda work: task_templates.of_process(work, furniture(office)),
        lambda work: task_template_edits.add_line(work, key, "Ещё"),
        lambda work: task_template_edits.describe(work, key, "Ещё"),
        lambda work: task_template_edits.reset(work, key, 0),
    ):
        with pytest.raises(NotAllowed):
            await office.run(change, role)


async def test_a_task_that_the_file_no_longer_has_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.run(lambda work: task_templates.get(work, 12345), "owner")


@pytest.mark.parametrize(
    "link", ["http://rutube.ru/1", "rutube.ru/1", "https://", "https://a b.ru/1", "javascript:alert(1)", "x" * 400]
)
async def test_a_video_is_an_https_link(office: Office, link: str) -> None:
    key = (await job(office)).place.key
    with pytest.raises(InvalidValue) as wrong:
        await office.run(lambda work: task_template_edits.show_video(work, key, link), "owner")
    assert wrong.value.code == "template.link"


async def test_a_description_has_a_limit_and_can_be_taken_away(office: Office) -> None:
    key = (await job(office)).place.key
    with pytest.raises(InvalidValue) as wrong:
        await office.run(lambda work: task_template_edits.describe(work, key, "я" * 1001), "owner")
    assert wrong.value.code == "template.long"
    now = await office.run(lambda work: task_template_edits.describe(work, key, ""), "owner")
    assert now.task.description is None and now.changed
    _, given = await office.assembly()
    assert given.description is None


async def test_the_file_edited_later_keeps_the_owners_list_and_is_told_K5(office: Office, tmp_path: Path) -> None:
    """The list stays the owner's; a field that the file has no more is left out, and the mark says that the file is
    another one now."""
    one = await job(office)
    await office.run(lambda work: task_template_edits.add_line(work, one.place.key, "Убрать за собой"), "owner")
    text = PROCESS.read_text("utf-8").replace("{title: На месте}", "{title: Приехал}")
    later = tmp_path / "furniture.yaml"
    later.write_text(text.replace("assembly_photos", "photos_after"), "utf-8")
    office.company = replace(COMPANY, processes=processes.load([later]))
    now = await job(office)
    assert now.changed and now.stale and titles(now)[1] == "На месте" and now.task.checklist[2].fill == ()
    _, given = await office.assembly()
    assert [(line.title, line.fill) for line in given.items] == [
        ("Подтверждаю выезд", ()),
        ("На месте", ()),
        ("Собрано, фото сделаны", ()),
        ("Убрать за собой", ()),
    ]
    again = await office.run(lambda work: task_template_edits.reset(work, one.place.key, now.stamp), "owner")
    assert titles(again)[1] == "Приехал" and again.task.checklist[2].fill == ("photos_after",)


async def test_only_the_description_edited_the_list_still_follows_the_file(office: Office, tmp_path: Path) -> None:
    one = await job(office)
    await office.run(lambda work: task_template_edits.describe(work, one.place.key, "Иначе"), "owner")
    later = tmp_path / "furniture.yaml"
    later.write_text(PROCESS.read_text("utf-8").replace("{title: На месте}", "{title: Приехал}"), "utf-8")
    office.company = replace(COMPANY, processes=processes.load([later]))
    now = await job(office)
    assert titles(now)[1] == "Приехал" and now.task.description == "Иначе"


async def test_one_template_stands_in_one_row(office: Office) -> None:
    key = (await job(office)).place.key
    for text in ("Раз", "Два"):
        await office.run(lambda work, said=text: task_template_edits.add_line(work, key, said), "owner")
    names = await office.run(lambda work: work.tx.execute(select(SettingRow.name)).scalars().all())
    assert [name for name in names if name.startswith("checklist:")] == ["checklist:furniture.order.assembly.job"]
