"""Every type of field has all its parts, and one that lacks a part is refused by name before anybody is asked."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bot import features
from models.fields import codec
from models.fields.base import Field, IncompleteFieldType, all_types
from models.process.process import Process

TESTS = Path(__file__).parents[1] / "models" / "fields"
ROOT = Path(__file__).parents[2]
PERSONAL = "usually_personal = True"
PARSE = "def parse(self, raw, context): return raw"
CHECK = "def check(self, value, context): pass"
ENCODE = "def encode(self, value): return value"
DECODE = "def decode(self, data): return data"


def test_every_type_of_field_can_be_asked_for_and_read() -> None:
    assert features.missing() == []


@pytest.mark.parametrize("word", all_types())
def test_every_type_of_field_keeps_its_values_as_json(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TESTS)
    field, value = field_and_value(all_types()[word])
    kept = json.loads(json.dumps(codec.encode({"x": field}, {"x": value})))
    assert codec.decode({"x": field}, kept) == {"x": value}


def field_and_value(kind: type[Field]) -> tuple[Field, object]:
    """The FIELD and VALUE of the type's own test file, tests/models/fields/test_<module>.py."""
    path = TESTS / f"test_{kind.__module__.rpartition('.')[2]}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert path.exists() and spec is not None and spec.loader is not None, f"{kind.__name__} has no test: {path.name}"
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert type(module.FIELD) is kind, f"FIELD of {path.name} is no {kind.__name__}"
    return module.FIELD, module.VALUE


def test_the_language_knows_every_type() -> None:
    [schema] = Process.model_json_schema()["properties"]["fields"]["patternProperties"].values()
    assert schema["discriminator"]["mapping"].keys() == all_types().keys()
    assert len(schema["oneOf"]) == len(all_types())


# --- a type that lacks a part -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            [PARSE, CHECK, ENCODE, PERSONAL],
            "the field type `unfinished`, UnfinishedField (scratch), leaves out: decode",
        ),
        (
            [CHECK, PERSONAL],
            "the field type `unfinished`, UnfinishedField (scratch), leaves out: decode, encode, parse",
        ),
        (
            [PARSE, CHECK, ENCODE, DECODE],
            "the field type `unfinished`, UnfinishedField (scratch), leaves out: usually_personal",
        ),
    ],
)
def test_a_type_that_leaves_a_part_out_is_refused_where_it_is_defined(parts: list[str], said: str) -> None:
    with pytest.raises(IncompleteFieldType) as caught:
        define('type: Literal["unfinished"]', *parts)
    assert caught.value.problems == [said]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("pass", 'the field type UnfinishedField (scratch) has no word: it needs `type: Literal["…"]`'),
        ('type: Literal["unfinished", "half"]', "the field type UnfinishedField (scratch) has no word"),
        ('type: Literal["text"]', "the field type `text` stands twice: models.fields.text_field, scratch"),
    ],
)
def test_a_type_has_a_word_of_its_own(word: str, said: str) -> None:
    with pytest.raises(IncompleteFieldType) as caught:
        define(word, PARSE, CHECK, ENCODE, DECODE, PERSONAL)
    assert caught.value.problems[0].startswith(said)


def define(*lines: str) -> None:
    """Define a class UnfinishedField with these lines; it is registered if it is whole."""
    body = "\n".join(f"    {line}" for line in lines)
    source = (
        f"from typing import Literal\nfrom models.fields.base import Field\nclass UnfinishedField(Field):\n{body}\n"
    )
    exec(source, {"__name__": "scratch"})


def test_a_type_without_its_question_or_its_words_is_refused_at_start_by_name(tmp_path: Path) -> None:
    source = f"""
import asyncio, sys
from pathlib import Path
from typing import Literal
from models.fields.groups import KeptAsIs
class UnfinishedField(KeptAsIs):
    type: Literal["unfinished"]
    {PERSONAL}
    {PARSE}
    {CHECK}
from bot import app
from bot.selfcheck import StartRefused
from bot.settings import Settings
try:
    asyncio.run(app.build(Settings(_env_file=None, bot_token="1:unused", data_dir=Path(sys.argv[1]))))
except StartRefused as refused:
    print(*refused.problems, sep="\\n")
"""
    started = [sys.executable, "-c", source, str(tmp_path)]
    said = subprocess.run(started, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    assert said.splitlines() == [
        "field type `unfinished`: no question on the screen (keyboards/forms, @prompts)",
        "field type `unfinished`: no words for its values (keyboards/forms, @shows)",
    ]
