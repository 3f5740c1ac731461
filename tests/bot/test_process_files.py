"""Which process files and templates are in force: the owner's in DATA_DIR/processes, and the package's for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import process_files
from models import shipped
from services import processes
from services.documents import typst_render
from services.documents.sample_order import sample
from services.processes import ProcessesBroken

SHOP = (Path(__file__).parents[1] / "models" / "process" / "shop.yaml").read_text("utf-8")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The owner's folder, with a folder for papers in it, both empty; the data folder is its parent."""
    folder = tmp_path / "processes"
    (folder / "papers").mkdir(parents=True)
    return folder


def test_without_files_of_the_owner_the_shipped_ones_are_in_force(tmp_path: Path) -> None:
    found = process_files.find(tmp_path)
    assert list(found.files) == processes.find_files(shipped.PROCESSES)
    assert found.papers.names() == ["act.typ", "contract.typ", "invoice.typ", "specification.typ"]
    assert not any("yours" in line for line in found.lines())


def test_an_owners_file_goes_before_the_shipped_one_of_its_name_and_a_new_name_is_added(own: Path) -> None:
    mine = own / "furniture.yml"  # the name is what stands before the ending
    mine.write_text((shipped.PROCESSES / "furniture.yaml").read_text("utf-8") + "# mine\n", "utf-8")
    (own / "wood.yaml").write_text(SHOP.replace("process: shop", "process: wood"), "utf-8")
    found = process_files.find(own.parent)
    assert found.problems() == []
    assert [file.name for file in found.files] == ["furniture.yml", "kitchens.yaml", "measurement.yaml", "wood.yaml"]
    known = processes.load(found.files, None, found.papers)
    assert set(known) == {"furniture", "kitchens", "measurement", "wood"}
    assert f"furniture.yml: {mine} (yours, instead of the shipped one)" in found.lines()
    assert f"wood.yaml: {own / 'wood.yaml'} (yours)" in found.lines()
    assert f"kitchens.yaml: {shipped.PROCESSES / 'kitchens.yaml'}" in found.lines()


def test_only_the_processes_that_are_switched_on_are_looked_at(own: Path) -> None:
    (own / "wood.yaml").write_text(SHOP.replace("process: shop", "process: wood"), "utf-8")
    chosen = process_files.find(own.parent).chosen(["wood"])
    assert list(chosen.files) == [own / "wood.yaml"]
    assert "wood.yaml" in chosen.fingerprints() and "kitchens.yaml" not in chosen.fingerprints()


def test_the_owners_template_is_printed_and_what_it_imports_may_be_the_shipped_one(own: Path) -> None:
    (own / "papers" / "invoice.typ").write_text('#import "common.typ": *\n#blank(3cm) Счёт от мастерской', "utf-8")
    found = process_files.find(own.parent)
    ours = process_files.find(own).papers
    assert found.unusable() == []
    assert found.papers.sha_of("invoice.typ") != ours.sha_of("invoice.typ")
    assert found.papers.sha_of("contract.typ") == ours.sha_of("contract.typ")
    assert typst_render.pdf(found.papers, "invoice.typ", sample()) != typst_render.pdf(ours, "invoice.typ", sample())
    assert f"papers/invoice.typ: {own / 'papers' / 'invoice.typ'} (yours, instead of the shipped one)" in found.lines()


def test_an_owners_common_part_is_used_by_the_shipped_templates_too(own: Path) -> None:
    common = (shipped.PAPERS / "common.typ").read_text("utf-8")
    (own / "papers" / "common.typ").write_text(common + "\n// ours\n", "utf-8")
    found = process_files.find(own.parent).papers
    assert found.sha_of("act.typ") != process_files.find(own).papers.sha_of("act.typ")
    assert typst_render.pdf(found, "act.typ", sample()).startswith(b"%PDF")


def test_a_process_of_the_owner_may_name_a_template_of_his(own: Path) -> None:
    text = (shipped.PROCESSES / "kitchens.yaml").read_text("utf-8")
    assert "template: contract.typ" in text
    (own / "kitchens.yaml").write_text(text.replace("template: contract.typ", "template: deed.typ"), "utf-8")
    (lost,) = process_files.find(own.parent).problems()
    assert "deed.typ" in lost.reason and lost.file == str(own / "kitchens.yaml")
    (own / "papers" / "deed.typ").write_text("#sys.inputs.data", "utf-8")
    assert process_files.find(own.parent).problems() == []
    assert process_files.given([own / "kitchens.yaml"]).problems() == [], "`papers` beside a named file count too"


def test_a_template_that_cannot_be_printed_is_named(own: Path) -> None:
    (own / "papers" / "act.typ").write_text('#import "letterhead.typ": *', "utf-8")
    (own / "papers" / "invoice.typ").write_bytes("Счёт".encode("cp1251"))
    first, second = map(str, process_files.find(own.parent).problems())
    assert first.startswith(str(own / "papers" / "act.typ")) and "letterhead.typ" in first
    assert second.startswith(str(own / "papers" / "invoice.typ")) and "UTF-8" in second


def test_a_file_in_the_place_of_the_owners_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "processes").write_text("process: shop", "utf-8")
    with pytest.raises(ProcessesBroken, match="must be a folder"):
        process_files.find(tmp_path)


def test_the_same_bytes_have_the_same_fingerprint_wherever_they_lie(own: Path) -> None:
    text = (shipped.PROCESSES / "furniture.yaml").read_bytes()
    before = process_files.find(own.parent).fingerprints()
    (own / "furniture.yaml").write_bytes(text)
    assert process_files.find(own.parent).fingerprints() == before
    (own / "furniture.yaml").write_bytes(text + b"\n")
    after = process_files.find(own.parent).fingerprints()
    assert [name for name in before if before[name] != after[name]] == ["furniture.yaml"]
