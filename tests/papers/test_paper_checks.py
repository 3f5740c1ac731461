"""Mistakes about papers in a process file, each named with its line (K-11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import processes
from tests.papers.conftest import KITCHENS

SOUND = KITCHENS.read_text("utf-8")
MISTAKES = [
    ("template: contract.typ", "template: contrakt.typ", "`contrakt.typ` is no template in processes/papers"),
    ("template: contract.typ", "template: contrakt.typ", "did you mean `contract.typ`?"),
    ('number: "А-{n}"', 'number: "А-{m}"', "a number holds {n}, perhaps {year}, and no other braces"),
    ('number: "А-{n}"', 'number: "А-{year}"', "else every paper has the same one"),
    ('number: "А-{n}"', f'number: "{"А" * 30}-{{n}}"', "a number is at most 30 characters long"),
    ("features: [kitchen_type, facade]", "features: [kitchen_type, facades]", "did you mean `facade`?"),
    ("items: items", "items: contract_total", "contract_total"),
    ('"Кухня {kitchen_type}"', '"Кухня {kitchen_tipe}"', "did you mean `kitchen_type`?"),
    ("advance\n    hidden_from", "advanse\n    hidden_from", "did you mean `advance`?"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_K11_a_mistake_about_papers_is_named(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    file = tmp_path / "kitchens.yaml"
    assert SOUND.count(right) >= 1
    file.write_text(SOUND.replace(right, wrong, 1), "utf-8")
    process, problems = processes.read(file)
    assert process is None
    assert any(said in problem.reason for problem in problems), [str(one) for one in problems]
    assert all(problem.line > 1 for problem in problems)
