"""What one process says of another is checked when both are loaded (K-24); practice is a ground of its own (K-2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.process import checks, parse
from services import processes
from services.processes import ProcessesBroken
from tests.worlds.claim_shop import SHOP, load

OTHER = """\
process: furniture
title: Мебель
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: "Тихо"}
sections: {about: {title: О сделке}}
fields:
  name: {title: Имя, type: text, section: about}
  phone: {title: Телефон, type: phone, section: about}
  fault: {title: Что сломано, type: text, section: about}
  price: {title: Цена, type: money, section: about}
pipelines:
  repair:
    title: Ремонт
    new: {button: Ремонт, ask: [name], title: "{name}"}
    stages:
      fresh: {title: Новый, tasks: {look: {title: Посмотреть, due: {after: 1d}}}}
      won: {title: Сделан, ending: won}
      lost: {title: Отказ, ending: lost, from_any: true}
"""


def reasons(folder: Path, **files: str) -> list[str]:
    with pytest.raises(ProcessesBroken) as broken:
        load(folder, **files)
    return [str(one) for one in broken.value.problems]


def problems(text: str) -> list[str]:
    process, found, lines = parse.read(text, "shop.yaml")
    assert process is not None, found
    return [one.reason for one in checks.find_problems(process, "shop.yaml", lines)]


def test_both_sound_files_load_together_and_each_alone_K24(tmp_path: Path) -> None:
    assert set(load(tmp_path, furniture=OTHER, kitchens=SHOP)) == {"furniture", "kitchens"}
    assert set(processes.load(tmp_path, ["kitchens"])) == {"kitchens"}


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("furniture:repar", "`repar` is no pipeline of `furniture`; allowed: repair"),
        ("furniture:repair.freh", "`freh` is no stage of `furniture:repair`"),
        ("kitchens:general", "`kitchens` is this process; within it say `general` alone"),
    ],
)
def test_a_target_that_the_other_file_does_not_have_is_named_with_its_line_K24(
    tmp_path: Path, target: str, said: str
) -> None:
    text = SHOP.replace('"furniture:repair"', f'"{target}"').replace(
        "{runs: furniture}", f"{{runs: {target.partition(':')[0]}}}"
    )
    (found,) = reasons(tmp_path, furniture=OTHER, kitchens=text)
    line = next(place for place, one in enumerate(text.splitlines(), 1) if target in one)
    assert said in found and f"kitchens.yaml:{line}" in found


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        ("{falt: claim}", "`falt` is no field of `furniture`"),
        ("{price: claim}", "`claim` is of type text, but `price` of `furniture` is of type money"),
    ],
)
def test_a_field_that_cannot_be_filled_there_is_named_K24(tmp_path: Path, fill: str, said: str) -> None:
    (found,) = reasons(tmp_path, furniture=OTHER, kitchens=SHOP.replace("{fault: claim}", fill))
    assert said in found


def test_what_another_file_says_is_not_asked_while_it_is_not_loaded_K24(tmp_path: Path) -> None:
    text = SHOP.replace('"furniture:repair"', '"furniture:nothing"')
    assert set(load(tmp_path, kitchens=text)) == {"kitchens"}


def test_an_outcome_that_leads_elsewhere_says_that_the_other_process_runs_K24() -> None:
    (found,) = problems(SHOP.replace("        if: {runs: furniture}\n", ""))
    assert "say `if: {runs: furniture}` at the outcome" in found


def school(robots: str = "robots: []") -> str:
    """The shop with practice stages of its own."""
    stages = f"""\
    stages:
      first:
        title: Первая
        tasks: {{look: {{title: Посмотреть, due: {{after: 1d}}}}}}
        {robots}
      won: {{title: Успех, ending: won}}
      lost: {{title: Отказ, ending: lost, from_any: true}}
"""
    return SHOP.replace("    stages: *stages\n", stages)


# --- practice ---------------------------------------------------------------------------------------------------


def test_practice_is_entered_by_a_button_K2() -> None:
    text = SHOP.replace('    new: {button: Начать учебную сделку, ask: [name, phone], title: "Кухня · {name}"}\n', "")
    assert any("give the pipeline `new`" in one for one in problems(text))


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("{on: {stuck: 9d}, convert: general}", "nothing leads out of practice"),
        ("{on: {stuck: 9d}, carry: general}", "nothing leads out of practice"),
        ('{on: {stuck: 9d}, convert: "furniture:repair"}', "nothing leads out of practice"),
    ],
)
def test_no_robot_leads_out_of_practice_K2(action: str, said: str) -> None:
    assert any(said in one for one in problems(school(f"robots: [{action}]")))
    assert problems(school()) == []


def test_no_robot_leads_into_practice_K2() -> None:
    old = "          - {on: {stuck: 3d}, escalate"
    text = school().replace(old, f"          - {{on: {{stuck: 9d}}, convert: school}}\n{old}")
    assert any("only its own button begins deals there" in one for one in problems(text))
