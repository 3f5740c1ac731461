"""docs/process-language.md: every word of the language with its meaning, keys, values and defaults.

It is written from the JSON Schema, which is made from the same models; a definition that no chapter tells is an error,
so that a new word cannot stay unknown to those who write process files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.fields.base import type_words
from models.process.checks import field_checks, time_checks, walk
from models.process.reference import json_schema
from models.process.reference.json_schema import REFERENCE
from models.process.reference.page_chapters import (
    CHAPTERS,
    GROUPS,
    HEAD,
    LINKS,
    MEANINGS,
    NAMES,
    OF_PEOPLE,
    PLACEHOLDERS,
    VALUES,
    Chapter,
)
from models.roles import ROLES

Node = dict[str, Any]


def markdown() -> str:
    """The whole page. KeyError or ValueError if something of the language would not be told."""
    return _Page(json_schema.schema()).text()


class _Page:
    """The page as it is written, and what of the schema it has told."""

    def __init__(self, schema: Node) -> None:
        root = {key: value for key, value in schema.items() if key not in ("$schema", "$defs", "title")}
        self._defs: dict[str, Node] = {**schema["$defs"], "Process": root}
        self._told: set[str] = {"Due"}  # told by its members, each under its own heading

    def text(self) -> str:
        """The whole page."""
        roles = ", ".join(f"`{role}`" for role in ROLES)
        lines = [HEAD, VALUES.replace("{roles}", roles), *_placeholders(), *_groups()]
        for chapter in CHAPTERS:
            lines += self._chapter(chapter)
        if untold := self._defs.keys() - self._told:
            raise ValueError(f"no chapter tells of {', '.join(sorted(untold))}")
        return "\n".join(lines).rstrip() + "\n"

    def _chapter(self, chapter: Chapter) -> Iterator[str]:
        yield f"## {chapter.title}\n"
        if chapter.intro:
            yield chapter.intro + "\n"
        for name in chapter.told:
            self._told.add(name)
            node = self._defs[name]
            if name == "Field":
                yield from self._fields(node)
            elif name in LINKS:
                yield from self._words(chapter.title.lower(), node)
            else:
                yield from [f"### {NAMES[name]}\n"] if NAMES[name] else ()
                yield from self._definition(node, _keys_of(node)["properties"])

    def _fields(self, union: Node) -> Iterator[str]:
        """What all types of field share, once; then each type with its own keys."""
        types = {str(self._defs[name]["properties"]["type"]["const"]): name for name in _members(union)}
        yield "### `fields`\n"
        yield f"Each field has a `type`: {', '.join(f'`{word}`' for word in types)}. Every type takes these keys:\n"
        common = self._common(union)
        yield from self._table({"properties": common, "required": ["title"]})
        for word, name in types.items():
            yield f"### `type: {word}`\n"
            yield from self._own(name, {*common, "type"})

    def _words(self, kind: str, union: Node) -> Iterator[str]:
        """The words of a vocabulary, each under its own heading; what all of them take stands before."""
        common = self._common(union)
        if common:
            yield f"All {kind} take:\n"
            yield from self._table({"properties": common})
        for name in _members(union):
            keys = str(self._defs[name]["title"]).split(", ")
            yield f"### {', '.join(f'`{key}`' for key in keys)}\n"
            yield from self._own(name, set(common))

    def _common(self, union: Node) -> Node:
        """The keys that every member of a union has, with the same meaning."""
        first, *others = (self._defs[name].get("properties", {}) for name in _members(union))
        return {key: value for key, value in first.items() if all(one.get(key) == value for one in others)}

    def _own(self, name: str, common: set[str]) -> Iterator[str]:
        self._told.add(name)
        node = self._defs[name]
        own = {key: value for key, value in node.get("properties", {}).items() if key not in common}
        yield from self._definition(node, own)

    def _definition(self, node: Node, keys: Node) -> Iterator[str]:
        if "description" in node:
            yield str(node["description"]) + "\n"
        if keys:
            yield from self._table({"properties": keys, "required": _keys_of(node).get("required", ())})

    def _table(self, node: Node) -> Iterator[str]:
        """The keys, their values, and what else is to be said of one of them."""
        rows = [("Key", "Value", "Default", "Meaning"), ("---", "---", "---", "---")]
        for key, value in node["properties"].items():
            name = f"**`{key}`**" if key in node.get("required", ()) else f"`{key}`"
            default = f"`{_spelled(value['default'])}`" if "default" in value else ""
            rows.append((name, self._phrase(value), default, value.get("description", "").replace("\n\n", " ")))
        said = [column for column in range(4) if column < 2 or any(row[column] for row in rows[2:])]
        yield from ("| " + " | ".join(_cell(row[column]) for column in said) + " |" for row in rows)
        yield ""

    def _phrase(self, node: Node) -> str:
        """A value in words."""
        if "$ref" in node:
            return self._reference(node["$ref"].removeprefix(REFERENCE))
        if "anyOf" in node or "oneOf" in node:
            return self._choice(node)
        if "title" in node:
            return str(node["title"])
        if "const" in node:
            return f"`{node['const']}`"
        if node.get("enum") == list(ROLES):
            return "a role"
        if "enum" in node:
            return ", ".join(f"`{one}`" for one in node["enum"])
        match node["type"]:
            case "array":
                return f"list of: {self._phrase(node['items'])}"
            case "object":
                return f"{self._phrase(node['propertyNames'])} → {self._phrase(node['additionalProperties'])}"
            case "boolean":
                return "`true`, `false`"
            case "integer" | "number":
                return _number(node)
            case _:
                return "text" if "pattern" not in node else f"text like `{node['pattern']}`"

    def _choice(self, node: Node) -> str:
        options = [one for one in node.get("anyOf") or node["oneOf"] if one.get("type") != "null"]
        if len(options) == 2 and options[1].get("items") == options[0]:
            return f"{self._phrase(options[0])}, or a list"
        if "title" in node:
            return str(node["title"])
        return ", or ".join(dict.fromkeys(phrase for one in options if (phrase := self._phrase(one))))

    def _reference(self, name: str) -> str:
        if name in LINKS:
            return f"[{name.lower()}]({LINKS[name]})"
        return f"[{NAMES[name]}](#{anchor(NAMES[name])})"


def _placeholders() -> Iterator[str]:
    yield PLACEHOLDERS
    for word in (*field_checks.WORDS, *time_checks.STAYING, *field_checks.MONEY_WORDS):
        yield f"| `{{{word}}}` | {MEANINGS[word]} |"
    yield OF_PEOPLE + "\n"


def _groups() -> Iterator[str]:
    said = []
    for group, called in GROUPS.items():
        words = " or ".join(f"`{word}`" for word in type_words(walk.FIELDS_OF_GROUP[group]))
        said.append(f"a *{called}* is of type {words}")
    yield f"Where a field of some kind is wanted, {'; '.join(said)}.\n".replace("a *a", "an *a")


def _members(union: Node) -> list[str]:
    return [one["$ref"].removeprefix(REFERENCE) for one in union["oneOf"]]


def _keys_of(node: Node) -> Node:
    """Of a definition with a short form, or with several, the one that has keys."""
    return next((one for one in node.get("anyOf", ()) if "properties" in one), node)


def _number(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    return "number" if low is None and high is None else f"number from {low} to {high}"


def _spelled(default: Any) -> str:
    """A default as the file would say it."""
    if isinstance(default, list):
        return f"[{', '.join(map(str, default))}]"
    return str(default).lower() if isinstance(default, bool) else str(default)


def anchor(title: str) -> str:
    """The anchor that a forge gives to a heading."""
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char in "-_")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
