"""A hypothesis strategy: processes of two or three pipelines, out of every word of the language, that are sound."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Node = dict[str, Any]
TYPES = ("text", "money", "date", "datetime", "yes_no", "choice")
FIELDS = tuple(f"f{index}" for index in range(6))
TEXT = "Привет, {client}"
CALL: Node = {
    "title": "Позвонить",
    "due": {"half_month": True},
    "outcomes": {
        "back": {"title": "Вернуть", "do": [{"move": "previous"}]},
        "later": {"title": "Позже", "snooze": "1d"},
        "done": {"title": "Готово"},
    },
}


class Maker:
    """Draws the parts of one process."""

    def __init__(self, draw: st.DrawFn, types: dict[str, str], pipelines: int) -> None:
        self.draw, self.types, self.pipelines = draw, types, pipelines

    def chance(self, of: int = 2) -> bool:
        """True in one of so many cases; shrinks to False."""
        return self.draw(st.integers(0, of - 1)) == of - 1

    def one(self, *options: Any) -> Any:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def field(self, *types: str) -> str | None:
        fitting = [name for name, kind in self.types.items() if not types or kind in types]
        return self.one(*fitting) if fitting else None

    # --- conditions and gates

    def condition(self, depth: int = 1) -> Node:
        shape = self.one("leaf", "leaf", "leaf", "not", "all", "any") if depth else "leaf"
        if shape == "leaf":
            return self.leaf()
        if shape == "not":
            return {"not": self.condition(depth - 1)}
        return {shape: [self.condition(depth - 1) for _ in range(2)]}

    def leaf(self) -> Node:
        name = self.field()
        assert name
        match self.types[name], self.one("filled", "empty", "value", "value", "fact"):
            case _, "fact":
                return self.one({"known": "paid_in_full"}, {"done": "call"}, {"known": "claim_open"})
            case "yes_no", "value":
                return {"is": {name: self.chance()}}
            case "choice", "value":
                return self.one({"is": {name: "a"}}, {"in": {name: ["a", "b"]}})
            case "money", "value":
                return {self.one("at_least", "at_most"): {name: self.one(100, self.field("money"))}}
            case "date" | "datetime", "value":
                return {"days_until": name, self.one("more_than", "at_most"): 3}
            case _, shape:
                return {shape if shape != "value" else "filled": name}

    def gate(self) -> Node:
        needs: list[Any] = []
        if self.chance():
            needs.append(self.field())
        if self.chance(3):
            needs.append({"field": self.field(), "if": self.condition(0)})
        gate: Node = {"requires": needs} if needs else {}
        if self.chance(3):
            gate["if"] = self.condition()
        return gate

    # --- robots and tasks

    def say(self) -> Node:
        return self.one(
            {"notify": "responsible", "text": TEXT},
            {"escalate": "supervisor", "text": TEXT},
            {"comment": TEXT},
            {"give": "call"},
            {"ask": [self.field()], "text": "Что?"},
        )

    def put(self, after: str | None = None) -> Node:
        """Sets a field; one that comes after another in the list, so that no robots set each other's in a circle."""
        names = [name for name in FIELDS if after is None or name > after]
        for name in names:
            if self.types[name] in ("text", "yes_no", "choice", "money"):
                values = {"text": "Слово", "yes_no": True, "choice": self.one("a", "b"), "money": 100}
                return {"put": {name: values[self.types[name]]}}
        return self.say()

    def robot(self, pipeline: int, ways: list[str], ahead: list[str]) -> Node:
        kind = self.one("stuck", "date", "filled", "changed", "enter", "task", "becomes", "tap")
        guard: Node = {"if": [self.condition()]} if self.chance() else {}
        act = self.act(pipeline, ways)
        match kind:
            case "date" if name := self.field("date", "datetime"):
                side = self.one("before", "at", "after")
                by = {} if side == "at" else {"by": self.one("3h", "1d", "2d")}
                return {"on": {side: name, **by}, **guard, **act}
            case "filled" | "changed":
                name = self.field()
                return {"on": {kind: name}, **guard, **(self.put(name) if self.chance() else act)}
            case "enter":
                onward = [{"move": to} for to in ahead]
                if pipeline + 1 < self.pipelines:
                    onward.append({"carry": f"p{pipeline + 1}" + self.one("", ".s1")})
                if onward and self.chance():
                    return {"on": "enter", "if": [self.condition()], **self.one(*onward)}
                return {"on": "enter", **guard, **(self.put() if self.chance(3) else self.say())}
            case "task":
                return {"on": {"task": "call"}, **guard, **act}
            case "becomes":
                return {"on": {"becomes": self.one("paid_in_full", "claim_open", "claim_settled")}, **guard, **act}
            case "tap":
                return {"on": {"tap": "Кнопка", "ask": [self.field()]}, **guard, **act}
            case _:
                return {"on": {"stuck": self.one("2h", "1d", "3d")}, **guard, **act}

    def act(self, pipeline: int, ways: list[str]) -> Node:
        others = [f"p{index}" for index in range(self.pipelines) if index != pipeline]
        shape = self.one("say", "say", "put", "move", "previous", "carry", "convert", "many")
        match shape:
            case "put":
                return self.put()
            case "move" if ways:
                return {"move": self.one(*ways)}
            case "previous":
                return {"move": "previous"}
            case "carry" | "convert":
                return {shape: self.one(*others) + self.one("", ".s1")}
            case "many":
                return {"do": [self.say(), self.say()]}
            case _:
                return self.say()

    def task(self, ways: list[str]) -> Node:
        due = self.one({"after": "1d"}, {"after": "2d", "clock": "10:45"})
        if self.chance() and (name := self.field("date", "datetime")):
            due = {"on": name, "before": "1d"}
        done: Node = {"title": "Готово", "ask": [self.field()] if self.chance() else []}
        if ways and self.chance():
            done["do"] = [{"move": self.one(*ways)}]
        outcomes: Node = {"done": done, "later": {"title": "Позже", "snooze": "4h"}}
        if self.chance(3):
            outcomes["short"] = {"title": "Так", "unchecked": True, "if": self.condition()}
        return {"title": "Дело", "due": due, "outcomes": outcomes, "checklist": [{"title": "Пункт"}]}

    # --- stages

    def stage(self, pipeline: int, names: list[str], index: int) -> Node:
        ahead = names[index + 1 :]
        ways: list[Any] = [{"to": ahead[0], "if": self.condition()} if self.chance(4) else ahead[0]]
        if len(ahead) > 1 and self.chance():
            ways.append({"to": self.one(*ahead[1:]), "if": self.condition()} if self.chance() else self.one(*ahead[1:]))
        if index > 1 and self.chance(3):
            ways.append(self.one(*names[1:index]))
        to = list(dict.fromkeys([way["to"] if isinstance(way, dict) else way for way in ways]))
        robots = [{"on": {"stuck": "1d"}, "notify": "responsible", "text": TEXT}] if self.chance() else []
        robots += [self.robot(pipeline, to, [x for x in to if x in ahead]) for _ in range(self.draw(st.integers(0, 3)))]
        stage: Node = {"title": "Этап", "next": ways, "robots": robots, "one_way": index > 0 and self.chance()}
        if not any("stuck" in robot["on"] for robot in robots) or self.chance(3):
            stage["tasks"] = {f"t{pipeline}{index}": self.task(to)}
        if index:
            stage["enter"] = self.gate()
        if self.chance():
            stage["leave"] = self.gate()
        return stage

    def pipeline(self, number: int) -> Node:
        count = self.draw(st.integers(2, 4))
        names = [f"s{index}" for index in range(count)] + ["won"]
        stages = {name: self.stage(number, names, index) for index, name in enumerate(names[:-1])}
        if number + 1 < self.pipelines and self.chance():
            stages["over"] = {"title": "Дальше", "robots": [{"on": "enter", "carry": f"p{number + 1}"}]}
            stages["s0"]["next"].append({"to": "over", "if": self.condition()})
        stages["won"] = {"title": "Успех", "ending": "won", **({"enter": self.gate()} if self.chance(3) else {})}
        stages["lost"] = {
            "title": "Отказ",
            "ending": "lost",
            "from_any": True,
            "enter": {"requires": [self.field()]} if self.chance() else {},
            "robots": [{"on": "enter", "give": "call"}],
        }
        new = {"button": "Новая", "ask": ["name"], "title": "{name}"}
        kind = "lead" if number == 0 and self.chance() else "deal"
        return {"title": "Линия", "kind": kind, "new": new, "stages": stages}


@st.composite
def processes(draw: st.DrawFn) -> Node:
    """The plain data of a process, as YAML would give it; nearly all of them are sound."""
    types = {name: draw(st.sampled_from(TYPES)) for name in FIELDS}
    maker = Maker(draw, types, draw(st.integers(2, 3)))
    fields: Node = {"name": {"title": "Имя", "type": "text"}, "phone": {"title": "Телефон", "type": "phone"}}
    for name, kind in types.items():
        fields[name] = {"title": name, "type": kind, **({"options": {"a": "А", "b": "Б"}} if kind == "choice" else {})}
        fields[name] |= {"lasts": draw(st.sampled_from(("deal", "s0", ["s1", "won", "lost"])))}
    return {
        "process": "any",
        "title": "Любой",
        "client": {"name": "name", "phone": "phone"},
        "silence": {"every": "7d", "text": "Тишина"},
        "sections": {"about": {"title": "О сделке"}},
        "fields": {name: {**field, "section": "about"} for name, field in fields.items()},
        "tasks": {"call": CALL},
        "pipelines": {f"p{number}": maker.pipeline(number) for number in range(maker.pipelines)},
    }
