"""Process files on disk: loading, refusing, and the deals that an edit of a file would leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import processes
from services.processes import ProcessesBroken

SHOP = (Path(__file__).parents[1] / "models" / "process" / "shop.yaml").read_text("utf-8")
PROCESSES = Path(__file__).parents[2] / "processes"


def write(folder: Path, name: str, text: str = SHOP) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def named(name: str) -> str:
    return SHOP.replace("process: shop", f"process: {name}")


def test_the_processes_of_the_project_load() -> None:
    assert "furniture" in processes.load(PROCESSES)


def test_a_folder_loads_every_process_file_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "b.yml", named("second"))
    write(tmp_path, "a.yaml", named("first"))
    write(tmp_path, "notes.txt", "not a process")
    (tmp_path / "papers").mkdir()
    assert list(processes.load(tmp_path)) == ["first", "second"]


def test_chosen_names_come_in_their_order_and_the_others_are_not_even_read_through(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", named("first"))
    write(tmp_path, "b.yaml", named("second"))
    write(tmp_path, "c.yaml", "process: third\nbroken: true\n")
    assert list(processes.load(tmp_path, ["second", "first"])) == ["second", "first"]


def test_a_chosen_process_that_is_broken_is_refused_with_every_problem(tmp_path: Path) -> None:
    file = write(tmp_path, "c.yaml", "process: third\nbroken: true\n")
    with pytest.raises(ProcessesBroken) as broken:
        processes.load(tmp_path, ["third"])
    assert len(broken.value.problems) > 1
    assert str(broken.value).startswith(f"{file}:1: ")


def test_a_name_that_no_file_bears_is_refused_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "shop.yaml")
    with pytest.raises(ProcessesBroken, match="no process `shp`; there are: shop; did you mean `shop`"):
        processes.load(tmp_path, ["shp"])


def test_a_process_that_two_files_describe_is_refused(tmp_path: Path) -> None:
    first, second = write(tmp_path, "a.yaml"), write(tmp_path, "b.yaml")
    with pytest.raises(ProcessesBroken) as broken:
        processes.load([first, second])
    assert [str(problem) for problem in broken.value.problems] == [
        f"{second}:1: process: `shop` is already described by {first}"
    ]


def test_an_empty_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProcessesBroken, match="no process file here"):
        processes.load(tmp_path)
    assert [problem.line for problem in processes.check(tmp_path)] == [1]
    with pytest.raises(ProcessesBroken, match="the file cannot be read"):
        processes.load(tmp_path / "gone.yaml")


def test_a_file_that_is_not_utf8_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("process: цех".encode("cp1251"))
    assert "cannot be read" in processes.check([file])[0].reason


def test_check_lists_the_problems_of_all_files_in_order(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", named("first").replace("next: [good]", "next: [god]"))
    write(tmp_path, "b.yaml", named("second"))
    write(tmp_path, "c.yaml", named("third").replace("type: yes_no", "type: yesno"))
    found = processes.check(tmp_path)
    assert [(Path(problem.file).name, "did you mean" in problem.reason) for problem in found] == [
        ("a.yaml", True),
        ("c.yaml", True),
    ]


# --- deals that an edit leaves behind ---------------------------------------------------------------------------


def find_stranded(folder: Path, text: str, *standing: tuple[str, str, str, int]) -> list[str]:
    return processes.find_stranded(processes.load(write(folder, "shop.yaml", text)), standing)


def test_deals_on_a_stage_that_is_still_there_are_not_stranded(tmp_path: Path) -> None:
    assert find_stranded(tmp_path, SHOP, ("shop", "order", "making", 3)) == []


def test_deals_on_a_removed_stage_are_told_with_the_cure_and_the_nearest_name(tmp_path: Path) -> None:
    assert find_stranded(tmp_path, SHOP, ("shop", "order", "makin", 3), ("shop", "order", "old", 0)) == [
        "shop: 3 deals stand on `order.makin`, which the file has no more; write `was: [makin]` at the stage that "
        "takes them over; did you mean `making`?"
    ]


def test_deals_on_a_renamed_stage_are_mapped(tmp_path: Path) -> None:
    text = SHOP.replace("      making:\n", "      making:\n        was: [production, work]\n")
    assert find_stranded(tmp_path, text, ("shop", "order", "work", 1)) == []
    shop = processes.load(tmp_path)["shop"]
    assert processes.renamed(shop) == {("order", "production"): "making", ("order", "work"): "making"}


def test_a_stage_renamed_in_another_pipeline_maps_nothing_here(tmp_path: Path) -> None:
    text = SHOP.replace("      making:\n", "      making:\n        was: [work]\n")
    assert len(find_stranded(tmp_path, text, ("shop", "leads", "work", 1))) == 1


def test_deals_of_a_removed_pipeline_or_process_are_told(tmp_path: Path) -> None:
    found = find_stranded(tmp_path, SHOP, ("shop", "orders", "making", 1), ("shp", "order", "making", 2))
    assert found == [
        "shop: 1 deal stands in the pipeline `orders`, which the file has no more; did you mean `order`?",
        "shp: 2 deals stand in this process, which no file describes; did you mean `shop`?",
    ]
