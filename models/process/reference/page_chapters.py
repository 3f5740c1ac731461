"""What the page of the process language says beside the models' own words: its head, its chapters, its headings."""

from __future__ import annotations

from dataclasses import dataclass

from models.process.annotations import FieldGroup

HEAD = """\
# The process language

<!-- Made by `verstak schema --markdown` (`make docs`) from the models in models/process; edit the docstrings there. -->

A business is one YAML file under `processes/`: its fields, its pipelines with their stages, the tasks and robots on
them, its papers. This page lists every word that such a file may hold. `verstak check FILE` names every mistake by file
and line. An editor that knows YAML schemas (VS Code with the YAML extension, for one) completes and checks while you
type, by the first line of the file:

```yaml
# yaml-language-server: $schema=process.schema.json
```

`verstak schema FILE` writes that schema. Unknown keys are refused everywhere. Keys in **bold** must be there.
"""

VALUES = """\
## How values are written

| Value | Written |
|---|---|
| name | 1–20 of `a`–`z`, `0`–`9` and `_`, the first one a letter: the file's own name for a thing |
| title, text | what people read, at most 200 characters, or 1000; in Russian, translated in `locales/` |
| duration | a number and `m`, `h`, `d` or `w`: `30m`, `2h`, `3d`, `1w` |
| clock time | `"10:45"`, in the company's time zone |
| a role | {roles} |
| one, or a list | where a list may stand, one thing may stand alone: `requires: name` is `requires: [name]` |
"""

PLACEHOLDERS = """\
A text *with {placeholders}* is filled in when it is shown; a brace itself is written twice. Between braces stands the
name of a field, or one of these:

| Placeholder | Becomes |
|---|---|"""

MEANINGS = {
    "client": "the client's name",
    "deal": "the deal's number and title",
    "number": "the deal's number",
    "stage": "the title of the stage where it stands",
    "responsible": "the name of the employee who owns the deal",
    "was": "the value before, where a robot tells of a change",
    "days_here": "how long the deal has stood on its stage, in working days: «день», «три дня»",
    "day_here": "which day of the stay it is: «второй день»",
    "paid": "what has been paid, where the file has `payments`",
    "balance": "what is still to be paid, where the file has `payments`",
}
OF_PEOPLE = """\
| `{field_who}`, `{field_phone}` | name and phone of the employee in that field; `{responsible_who}` too |
| `{field_when}` | when a date is, as it is said: «через час», «завтра в 9:00», «в понедельник, 30 ноября, в 9:00» |
| `{field_day}` | on which day: «сегодня», «завтра», «в понедельник», «14 января» |

Words of time are computed when the text is sent, and stand in capitals where they begin a sentence. Written out
(«завтра», «уже три дня») they are refused: they would be read on another day. A comment, a pinned message, an SMS and
a task stay, so that they say dates."""
GROUPS: dict[FieldGroup, str] = {"date": "date field", "amount": "amount field", "files": "field for files"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the page: definitions under a title, in this order. A union is told by its members."""

    title: str
    told: tuple[str, ...]
    intro: str = ""


# definition of the schema → what it is called here
NAMES = {
    "Process": "", "Section": "`sections`", "ClientFields": "`client`", "LeadIntake": "`intake`",
    "Pipeline": "`pipelines`", "NewDeal": "`new`: a deal begun by hand", "Stage": "`stages`",
    "StageGuard": "`enter`, `leave`", "Hold": "`holds`", "RequiredField": "`requires`", "Transition": "`next`",
    "TaskDefinition": "`tasks`", "DueAfter": "`due` after a while", "DueOn": "`due` by a date field",
    "DueHalfMonth": "`due` by halves of the month", "TaskEscalation": "`escalates`",
    "ItemDefinition": "`checklist`", "Outcome": "`outcomes`",
    "Robot": "`robots`", "PaperDefinition": "`papers`", "PaymentSettings": "`payments`", "Goods": "`goods`",
    "RegisterDefinition": "`ledger`", "Silence": "`silence`", "Life": "`lasts`", "VisitDefinition": "`visits`",
    "CoveredField": "`covers`",
}  # fmt: skip
CHAPTERS = (
    Chapter("The file", ("Process",)),
    Chapter("Fields", ("Field", "Life", "Section", "ClientFields", "LeadIntake")),
    Chapter("Visits", ("VisitDefinition",)),
    Chapter(
        "Pipelines and stages",
        ("Pipeline", "NewDeal", "Stage", "StageGuard", "RequiredField", "Hold", "Transition"),
    ),
    Chapter(
        "Tasks",
        (
            "TaskDefinition",
            "DueAfter",
            "DueOn",
            "DueHalfMonth",
            "TaskEscalation",
            "ItemDefinition",
            "Outcome",
            "CoveredField",
        ),
        "A task stands at a stage (given to everybody who comes there) or in the file's own `tasks` (given by `give`).",
    ),
    Chapter("Robots", ("Robot",)),
    Chapter("Triggers", ("Trigger",), "What may stand at `on`: when a robot acts."),
    Chapter(
        "Conditions",
        ("Condition",),
        "What may stand at `if`. There is no expression language: conditions are combined by `all`, `any` and `not`.",
    ),
    Chapter("Actions", ("Action",), "What robots, and the outcomes of tasks, do: beside `on`, or listed under `do`."),
    Chapter("Papers, money, ledger", ("PaperDefinition", "PaymentSettings", "Goods", "RegisterDefinition", "Silence")),
)
LINKS = {
    "Condition": "#conditions", "Trigger": "#triggers", "Action": "#actions", "Field": "#fields",
    "Due": "#due-after-a-while",
}  # fmt: skip
