"""The process language as a JSON Schema (draft 2020-12), made from the models: an editor completes and checks by it.

It is stricter than YAML allows where the language is (unknown keys, names, durations), and describes the short forms as
they are: an action beside `on`, a name in place of a list. What no single line can know (does the field exist, is the
stage ever reached) only `verstak check` tells.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from models.process.actions import ACTIONS
from models.process.annotations import UNITS, ProcessModel
from models.process.conditions import CONDITIONS
from models.process.process import Process
from models.process.triggers import TRIGGERS
from models.process.vocabulary import Word

DRAFT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/"
CITED = re.compile(r"\s*\((?:[A-Z]-[A-Z]?\d+(?:, | … )?)+\)|, [A-Z]-[A-Z]?\d+(?=\))")  # requirements: not for owners
UNIONS = (*(one.kind for one in (ACTIONS, CONDITIONS, TRIGGERS)), "due", "field")


def text() -> str:
    """The schema as the file that lies beside the processes has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> JsonSchemaValue:
    """The schema of a whole process file."""
    found = Process.model_json_schema(by_alias=True, schema_generator=_Generator)
    found["$defs"]["Robot"] = _with_inline_action(found["$defs"])
    unions: dict[str, JsonSchemaValue] = {}
    found = _with_named_unions(found, unions)
    found["$defs"] = dict(sorted({**found["$defs"], **unions}.items()))
    return {"$schema": DRAFT, "title": "A process of Verstak", **found}


class _Generator(GenerateJsonSchema):
    """What the language says differently from plain data: names as keys, durations, descriptions from docstrings."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # a key is its own title

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, Decimal):
            return f"{dft:f}"
        return spelled(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?$", "title": "number"}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What is empty where nothing is said need not be said."""
        found = super().default_schema(schema)
        if _is_empty(found.get("default")):
            found.pop("default", None)
        return found

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found: JsonSchemaValue = {
            "type": "object",
            "propertyNames": self.generate_inner(schema["keys_schema"]),
            "additionalProperties": self.generate_inner(schema["values_schema"]),
        }
        sizes = {"min_length": "minProperties", "max_length": "maxProperties"}
        return found | {said: schema[key] for key, said in sizes.items() if key in schema}  # type: ignore[literal-required]

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        model = schema["cls"]
        found = super().model_schema(schema)
        found.pop("title", None)
        if issubclass(model, ProcessModel):
            _describe(found, model)
        return found


def _is_empty(default: Any) -> bool:
    return not any(map(bool, default.values())) if isinstance(default, dict) else default in (None, [], "")


def spelled(span: timedelta) -> str | None:
    """A duration as a process file writes it, in the largest unit that fits; None for no time at all."""
    lengths = ((unit, of(1)) for unit, of in reversed(UNITS.items()))
    units = ((unit, length) for unit, length in lengths if span and not span % length)
    return next((f"{span // length}{unit}" for unit, length in units), None)


def _describe(found: JsonSchemaValue, model: type[ProcessModel]) -> None:
    """Docstrings as descriptions: the model's own, and the ones below its keys."""
    if issubclass(model, Word) and hasattr(model, "keys"):
        found["title"] = ", ".join(model.keys)
    if "description" in found:
        found["description"] = told(found["description"])
    for name, said in key_docs(model).items():
        key = model.model_fields[name].alias or name
        if key in found.get("properties", {}):
            found["properties"][key]["description"] = told(said)


def told(docstring: str) -> str:
    """A docstring for those who write process files: without the requirements that it cites, a line a paragraph."""
    paragraphs = CITED.sub("", inspect.cleandoc(docstring)).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


@cache
def key_docs(model: type[ProcessModel]) -> dict[str, str]:
    """What is said below each key of a model, its parents' keys included."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, ProcessModel) and kind is not ProcessModel:
            found |= _docs_in(kind)
    return {name: said for name, said in found.items() if name in model.model_fields}


def _docs_in(kind: type) -> dict[str, str]:
    described = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(described, ast.ClassDef)
    found = {}
    for one, following in zip(described.body, described.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(following, ast.Expr):
            said = following.value
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                found[one.target.id] = said.value
    return found


def _with_inline_action(defs: dict[str, JsonSchemaValue]) -> JsonSchemaValue:
    """A robot in both its forms: actions under `do`, or one action beside `on`."""
    robot = defs["Robot"]
    own = {key: robot["properties"][key] for key in ("on", "if", "shuts")}
    under_do = {key: value for key, value in robot.items() if key != "description"} | {"title": "do"}
    forms = [under_do]
    for choice in robot["properties"]["do"]["items"]["oneOf"]:
        action = defs[choice["$ref"].removeprefix(REFERENCE)]
        keys = {**own, **action["properties"]}
        forms.append({**action, "properties": keys, "required": ["on", *action.get("required", ())]})
    return {"description": robot["description"], "anyOf": forms}


def _with_named_unions(node: Any, defs: dict[str, JsonSchemaValue]) -> Any:
    """Every choice of words as one definition (`Condition` …) that is referred to, not repeated at each `if`."""
    if isinstance(node, list):
        return [_with_named_unions(one, defs) for one in node]
    if not isinstance(node, dict):
        return node
    title = "field" if "discriminator" in node else node.get("title")
    if "oneOf" in node and title in UNIONS:
        defs[title.capitalize()] = {"oneOf": node["oneOf"]}
        rest = {key: node[key] for key in node if key not in ("oneOf", "title", "discriminator")}
        return {"$ref": REFERENCE + title.capitalize(), **rest}
    return {key: _with_named_unions(value, defs) for key, value in node.items()}
