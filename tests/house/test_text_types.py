"""User text is never a template, by its type: mypy lets the product's texts through and refuses a person's."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from mypy import api

from tests.house import source
from tests.house.source import ROOT

HEAD = """
from typing import Any
from keyboards.translator import Translator
from models.entities import Client, Deal, Item, Task
from models.process.process import Process
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText, StoredTitle

def say(t: Translator, client: Client, deal: Deal, task: Task, item: Item, process: Process, x: str, row: Any) -> None:
"""
TAKEN = (
    't("Сумма: {sum}", sum=x)',
    't("Лид" if x else "Сделка")',
    't("одно " "и другое")',
    't.plural("{n} день", "{n} дней", 3)',
    "t(task.template)",
    "t(process.title)",
    "t.title(item.title)",
    't(N_("Сумма"))',
    'InvalidValue("x", N_("Сумма"), "150 000", said=x)',
)
REFUSED = (
    "t(task.title)",
    "t(client.name)",
    "t(deal.source or '')",
    "t(f'Клиент: {x}')",
    "t('Клиент: ' + x)",
    "t('Клиент' if x else x)",
    "t({'site': N_('Сайт')}.get(x, x))",
    "t(row.title)",
    "t(item.title)",
    "t.title(client.name)",
    "t.plural(x, '{n} дней', 3)",
    "t.sentence(client.note or '', {})",
    "N_(x)",
    "N_(f'{x}')",
    "InvalidValue('x', x)",
    "InvalidValue('x', 'Сумма')",
    "InvalidValue('x', N_('Сумма'), x)",
)
# where a text that is not written out is said to be one of ours; each says why
CASTS = {
    "bot/jobs/sms_job.py": 1,
    "bot/jobs/template_job.py": 2,
    "keyboards/documents/papers.py": 1,
    "keyboards/sms/sms_list.py": 2,
    "models/entities.py": 1,
    "models/process/months.py": 1,
    "models/sms.py": 1,
    "models/values/dates/date_arithmetic.py": 1,
    "models/values/invalid_value.py": 1,
    "services/deals/put_back.py": 1,  # the pinned text of the process file, as it was
    "services/documents/docx_templates.py": 1,
    "services/escalations/call_lists.py": 1,
    "services/register/register_status.py": 1,
    "services/tasks/checklist_lines.py": 1,
    "services/tasks/task_queries.py": 1,
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The lines of both lists that mypy refuses."""
    folder = tmp_path_factory.mktemp("typed")
    lines = HEAD.splitlines() + [f"    {one}" for one in (*TAKEN, *REFUSED)]
    (folder / "typed.py").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "mypy.ini").write_text(
        f"[mypy]\nstrict = true\nplugins = {ROOT}/tests/house/text_types.py\nmypy_path = {ROOT}\n"
        "follow_imports = silent\nignore_missing_imports = true\n",
        "utf-8",
    )
    said, failed, _ = api.run(
        [str(folder / "typed.py"), "--config-file", str(folder / "mypy.ini"), "--cache-dir", str(folder / "cache")]
    )
    assert not failed, failed
    return {lines[int(place) - 1].strip() for place in re.findall(r"typed\.py:(\d+): error", said)}


def test_a_persons_words_are_refused_and_texts_of_ours_are_not(refused: set[str]) -> None:
    assert set(REFUSED) - refused == set(), "these would be looked up and filled in"
    assert refused - set(REFUSED) == set()


def test_where_a_text_is_called_ours_is_a_short_list() -> None:
    """A cast says that a text is the product's though nobody sees it there: few places, each looked at."""
    found: dict[str, int] = {}
    for layer in source.LAYERS:
        for path in (ROOT / layer).rglob("*.py"):
            if n := sum(_is_cast(node) for node in ast.walk(ast.parse(path.read_text("utf-8")))):
                found[str(Path(path).relative_to(ROOT))] = n
    assert found == CASTS


def _is_cast(node: ast.AST) -> bool:
    """`ProductText(x)` of anything but a literal, and of N_."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    if node.func.id not in ("ProductText", "StoredTitle"):
        return False
    given = node.args[0]
    is_ours = isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "N_"
    return not is_ours and not isinstance(given, ast.Constant)
