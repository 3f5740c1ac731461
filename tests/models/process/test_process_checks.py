"""Every check, each with one mistake planted into a sound little process: the line it names and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import shipped
from models.process import checks, parse
from models.process.actions import ACTIONS, BaseAction
from models.process.annotations import ShownText
from models.process.checks import walk
from models.process.parse import Problem

SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")
FURNITURE = Path(__file__).parents[3] / "processes" / "furniture.yaml"


def problems_of(text: str) -> list[Problem]:
    process, problems, lines = parse.read(text, "shop.yaml")
    return problems if process is None else checks.find_problems(process, "shop.yaml", lines)


def test_a_value_of_the_wrong_kind_is_told_without_a_class_of_ours() -> None:
    text = SHOP.replace("fields:", "fields: 5\nfields_before:", 1)
    assert problems_of(text) and all("instance of" not in one.reason for one in problems_of(text))


def test_actions_are_told_robots_first_and_then_outcomes_of_tasks() -> None:
    """The texts to the client stand in this order on the owner's screen."""
    kitchens = parse.read((shipped.PROCESSES / "kitchens.yaml").read_text("utf-8"), "kitchens.yaml")[0]
    assert kitchens is not None
    of_tasks = [task is not None for _, _, task, _ in walk.actions(kitchens)]
    assert True in of_tasks and of_tasks == sorted(of_tasks)


def test_a_sound_process_has_no_problems() -> None:
    assert problems_of(SHOP) == []


def test_the_furniture_process_has_no_problems() -> None:
    assert [str(problem) for problem in problems_of(FURNITURE.read_text("utf-8"))] == []


def test_answers_that_cannot_be_read_beside_each_other_are_not_confirmed_together() -> None:
    text = SHOP.replace("urgent: {title: Срочно, type: yes_no", "urgent: {title: Снимок, type: photo, folder: Фото")
    found = problems_of(text.replace("leave: {requires: [total]}", "leave: {confirms: [note, urgent]}"))
    assert ["`urgent` is of type photo, which cannot be read beside another" in one.reason for one in found] == [True]


STUCK = '- {on: {stuck: 1d}, notify: responsible, text: "Лид ждёт: {client}"}'
WON = "won: {title: Готово, ending: won}"
BAD = "bad: {title: Плохой, ending: lost, from_any: true}"
SIGNED = "- {on: {task: sign}, notify: responsible, text: Подписано}"
FILLED = "- {on: {filled: kind}, if: {is: {kind: corner}}, move: won}"
LEAVE = "leave: {requires: [total]}"
PAID = "enter: {if: {at_least: {paid: total}}}"
CHECKLIST = "- {title: Записать вид, fill: kind}"
LATER = "later: {title: Позже, snooze: 1d}"
NEW = 'new: {button: Новый лид, ask: [name, phone], title: "{name}"}'
FIELD_NOTE = "note: {title: Заметка, type: text, section: about, lasts: deal}"

# (what is planted, the text of the sound file, the mistake in its place, a text on the line to name, what is said)
MISTAKES = [
    # --- names that nothing bears
    ("field in requires", LEAVE, "leave: {requires: [totl]}", "[totl]", "`totl` is no field; allowed: name, phone"),
    ("field in confirms", LEAVE, "leave: {confirms: [total, notte]}", "notte", "did you mean `note`?"),
    ("one answer to confirm", LEAVE, "leave: {confirms: total}", "confirms", "name two fields or more"),
    ("one answer twice", LEAVE, "leave: {confirms: [note, note]}", "confirms", "name two fields or more"),
    ("nearest spelling", LEAVE, "leave: {requires: [totl]}", "[totl]", "did you mean `total`?"),
    ("field in a checklist", CHECKLIST, CHECKLIST.replace("kind", "knd"), "fill: knd", "`knd` is no field"),
    ("field in ask", NEW, NEW.replace("phone]", "fone]"), "fone", "`fone` is no field"),
    ("field in shows", "shows: [total]", "shows: [totals]", "totals", "did you mean `total`?"),
    ("field of a stage", "fields: [ready_on]", "fields: [redy_on]", "redy_on", "did you mean `ready_on`?"),
    ("field in a condition", PAID, PAID.replace("paid", "payd"), "payd", "`payd` is no field"),
    ("limit in a condition", PAID, PAID.replace(": total", ": totall"), "totall", "did you mean `total`?"),
    ("field in a trigger", FILLED, FILLED.replace("filled: kind", "filled: kid"), "filled: kid", "`kid` is no field"),
    ("field that a robot puts", SIGNED, "- {on: {task: sign}, put: {notte: да}}", "notte", "did you mean `note`?"),
    ("limit of a field", "at_most: total", "at_most: totl", "totl", "fields.paid.at_most: `totl` is no field"),
    ("field of the client", "phone: phone}", "phone: fone}", "client:", "`fone` is no field"),
    ("section", FIELD_NOTE, FIELD_NOTE.replace("about", "abuot"), "abuot", "`abuot` is no section; allowed: about"),
    ("pipeline of the intake", "pipeline: leads", "pipeline: leeds", "leeds", "did you mean `leads`?"),
    ("person in notify", "notify: master", "notify: mastr", "mastr", "allowed: responsible, owner, supervisor"),
    ("person of a task", "to: master", "to: kind", "to: kind", "`kind` is no person"),
    ("person who is asked", SIGNED, "- {on: {task: sign}, ask: note, of: boss, text: Что?}", "boss", "is no person"),
    ("stage in next", "next: [good]", "next: [god]", "[god]", "`god` is no stage of `leads`; allowed: fresh, good"),
    ("stage in move", FILLED, FILLED.replace("move: won", "move: wn"), "move: wn", "allowed: previous, contract"),
    ("pipeline in convert", "convert: order", "convert: ordr", "ordr", "did you mean `order`?"),
    ("stage in convert", "convert: order", "convert: order.contrct", "contrct", "did you mean `contract`?"),
    ("carry at home", FILLED, FILLED.replace("move: won", "carry: order"), "carry", "say `move`"),
    ("task in give", "give: call", "give: cal", "give: cal", "`cal` is no task of this stage or the process"),
    ("task in close", SIGNED, "- {on: {filled: kind}, close: sgn, outcome: done}", "sgn", "did you mean `sign`?"),
    (
        "task of a card",
        SIGNED,
        "- {on: {filled: kind}, notify: responsible, text: Да, card: sgn}",
        "sgn",
        "mean `sign`?",
    ),
    ("outcome in close", SIGNED, "- {on: {filled: kind}, close: sign, outcome: dne}", "dne", "did you mean `done`?"),
    ("open task in close", SIGNED, "- {on: {filled: kind}, close: call, outcome: later}", "close:", "never closes it"),
    ("change not asked", LATER, "later: {title: Позже, changes: note}", "changes", "`changes` names fields of `ask`"),
    ("task in a trigger", SIGNED, SIGNED.replace("sign}", "sgn}"), "sgn", "`sgn` is no task; allowed: call, sign"),
    ("task in a gate", LEAVE, "leave: {tasks: sgn}", "sgn", "did you mean `sign`?"),
    ("task in a condition", LEAVE, "leave: {if: {done: sgn}}", "sgn", "`sgn` is no task"),
    (
        "outcome in a trigger",
        SIGNED,
        SIGNED.replace("task: sign", "task: sign, outcome: dne"),
        "dne",
        "`dne` is no outcome of the task `sign`; allowed: done; did you mean `done`?",
    ),
    ("outcome in a condition", LEAVE, "leave: {if: {done: call, outcome: dne}}", "dne", "allowed: done, later"),
    ("task's outcome that snoozes", LEAVE, "leave: {if: {done: call, outcome: later}}", "later}}", "never closes it"),
    # --- types and values
    ("date trigger on a text", "before: ready_on", "before: note", "before: note", "must be date or datetime"),
    ("due on a money field", "due: {on: ready_on", "due: {on: total", "due: {on: total", "allowed: ready_on, visit_at"),
    ("days_until on a choice", LEAVE, "leave: {if: {days_until: kind, at_most: 3}}", "days_until", "is of type choice"),
    ("at_least on a date", PAID, PAID.replace("paid:", "ready_on:"), "{ready_on: total}", "must be money or number"),
    ("limit by a date", "at_most: total", "at_most: ready_on", "at_most: ready_on", "must be money or number"),
    ("not before a text", "not_before: now", "not_before: note", "not_before: note", "must be date or datetime"),
    ("limited by itself", "at_most: total", "at_most: paid", "at_most: paid", "`paid` is limited by itself"),
    (
        "empty range",
        "type: money, section",
        "type: money, at_least: 5, at_most: 2, section",
        "at_least",
        "no amount is",
    ),
    (
        "option in is",
        "is: {kind: corner}",
        "is: {kind: cornr}",
        "cornr",
        "`cornr` is no option of `kind`; allowed: corner",
    ),
    ("option in in", "if: {is: {kind: corner}}", "if: {in: {kind: [round]}}", "round", "is no option of `kind`"),
    ("option in has", LEAVE, "leave: {if: {has: {create: del}}}", "del}", "did you mean `deal`?"),
    ("option in put", SIGNED, "- {on: {task: sign}, put: {kind: crner}}", "crner", "did you mean `corner`?"),
    ("one of many in put", SIGNED, "- {on: {task: sign}, put: {create: [del]}}", "del]", "did you mean `deal`?"),
    ("many of one in put", SIGNED, "- {on: {task: sign}, put: {kind: [corner]}}", "corner]", "not a list"),
    ("has on a choice of one", LEAVE, "leave: {if: {has: {kind: corner}}}", "has:", "say `is`"),
    ("is on a choice of many", LEAVE, "leave: {if: {is: {create: deal}}}", "create: deal", "says `has`"),
    ("in on a choice of many", LEAVE, "leave: {if: {in: {create: [deal]}}}", "[deal]", "say `has`"),
    ("has on a text", LEAVE, "leave: {if: {has: {note: deal}}}", "note: deal", "here it must be choice"),
    ("text for a yes_no", LEAVE, "leave: {if: {is: {urgent: да}}}", "urgent: да", "allowed: true, false"),
    ("yes for a yes_no", LEAVE, "leave: {if: {is: {urgent: yes}}}", "urgent: yes", "allowed: true, false"),
    ("number for a yes_no", SIGNED, "- {on: {task: sign}, put: {urgent: 1}}", "urgent: 1", "allowed: true, false"),
    ("text for money", SIGNED, "- {on: {task: sign}, put: {total: сто}}", "сто", "`сто` is no amount"),
    ("number for a text", SIGNED, "- {on: {task: sign}, put: {note: 5}}", "note: 5", "put it in quotes"),
    ("a date that is put", SIGNED, "- {on: {task: sign}, put: {ready_on: завтра}}", "завтра", "no value to write"),
    ("clients from a text", "create_clients: create", "create_clients: note", "create_clients", "must be choice"),
    (
        "clients from other options",
        "create_clients: create",
        "create_clients: kind",
        "create_clients",
        "contact or company",
    ),
    ("client's name is a phone", "client: {name: name", "client: {name: phone", "client:", "here it must be text"),
    ("client's phone is a text", "phone: phone}", "phone: name}", "client:", "here it must be phone"),
    ("intake's comment is money", "comment: note", "comment: total", "intake", "here it must be text"),
    ("intake into deals", "pipeline: leads", "pipeline: order", "pipeline: order", "a pipeline of kind lead"),
    (
        "field named like a placeholder",
        "  note: {",
        "  number: {title: Номер, type: text, section: about}\n  note: {",
        "number:",
        "word of texts already",
    ),
    (
        "person named like a role",
        "  note: {",
        "  manager: {title: М, type: person, role: manager, section: about}\n  note: {",
        "manager:",
        "is a role",
    ),
    # --- texts
    (
        "placeholder",
        "{client}",
        "{clent}",
        "{clent}",
        "`clent` is no placeholder; allowed: client, deal, number, stage, responsible, was, name",
    ),
    ("placeholder's nearest", '{ready_on}"', '{redy_on}"', "{redy_on}", "did you mean `ready_on`?"),
    ("placeholder of the silence", "text: Тишина", 'text: "Тишина: {del}"', "{del}", "did you mean `deal`?"),
    ("placeholder in a comment", SIGNED, '- {on: {task: sign}, comment: "{tot}"}', "{tot}", "is no placeholder"),
    ("lone brace", "{client}", "{client", "{client", "a brace stands alone"),
    ("attribute in a placeholder", "{client}", "{client.name}", "{client.name}", "`client.name` is no placeholder"),
    ("format in a placeholder", "{client}", "{client:>9}", "{client:>9}", "a word in braces and nothing else"),
    ("title from what is not asked", 'title: "{name}"', 'title: "{note}"', "{note}", "allowed: name, phone"),
    # --- ways
    ("way twice", "next: [making]", "next: [making, making]", "[making, making]", "stands twice in `next`"),
    ("way that is from_any", "next: [making]", "next: [making, lost]", "[making, lost]", "`lost` is `from_any`"),
    ("way to itself", "next: [making]", "next: [making, contract]", "[making, contract]", "leads to itself"),
    ("was of a stage that exists", WON, WON.replace("ending", "was: making, ending"), "was:", "is a stage that exists"),
    (
        "stage called previous",
        WON,
        f"{WON}\n      previous: {{title: П, ending: won, from_any: true}}",
        "previous",
        "the word for",
    ),
    (
        "stage nobody can reach",
        "      won: {",
        "      aside:\n        title: В стороне\n        tasks: {wait: {title: Ждать, due: {after: 1d}}}\n      won: {",
        "aside:",
        "nobody can reach `aside`: name it in `next` of one of contract, making, won, lost",
    ),
    (
        "pipeline nobody can reach",
        "- {on: enter, convert: order}",
        "- {on: enter, comment: Лид}",
        "  order:",
        "no deal can come to `order`",
    ),
    ("no won ending", WON, "won: {title: Готово, ending: lost}", "  order:", "no stage with `ending: won`"),
    (
        "no lost ending",
        BAD,
        "bad: {title: Плохой, ending: won, from_any: true}",
        "  leads:",
        "no stage with `ending: lost`",
    ),
    (
        "move where no way leads",
        SIGNED,
        "- {on: {task: sign}, move: won}",
        "move: won",
        "no way leads from `contract` to `won`; the ways are: making, lost",
    ),
    (
        "move on entering where no way leads",
        SIGNED,
        f"{SIGNED}\n          - {{on: enter, move: won}}",
        "move: won",
        "no way leads",
    ),
    (
        "back on entering",
        FILLED,
        "- {on: enter, if: {is: {urgent: true}}, move: contract}",
        "move: contract",
        "no way leads",
    ),
    (
        "open stage without a timer",
        STUCK,
        "- {on: enter, notify: responsible, text: Лид}",
        "fresh:",
        "a deal on `fresh` would be silent",
    ),
    # --- fields nobody fills
    (
        "field nobody fills",
        "  note: {",
        "  colour: {title: Цвет, type: text}\n  note: {",
        "colour:",
        "nobody can ever fill `colour`: give it a `section`",
    ),
    # --- robots that never fire
    (
        "robot on a task not given yet",
        STUCK,
        STUCK + "\n          - {on: {task: sign}, notify: responsible, text: Подписано}",
        "{task: sign}",
        "the task `sign` is not given here, nor on the way here",
    ),
    ("robot twice", SIGNED, f"{SIGNED}\n          {SIGNED} # снова", "# снова", "stands here already as number 2"),
    ("clock with hours", "by: 1d, clock", "by: 3h, clock", "by: 3h", "the span is whole days"),
    ("clock with hours stuck", "{stuck: 1d}", '{stuck: 26h, clock: "10:00"}', "26h", "the span is whole days"),
    ("clock with hours due", "due: {after: 1d}", 'due: {after: 2h, clock: "10:00"}', "after: 2h", "whole days"),
    (
        "robot that wakes itself",
        FILLED,
        "- {on: {changed: note}, put: {note: Записано}}",
        "changed: note",
        "waits for `note`, and setting fields brings it there again",
    ),
    # --- tasks
    (
        "task nothing gives",
        "- {on: enter, give: call}",
        "- {on: enter, comment: Начали}",
        "  call:",
        "nothing ever gives",
    ),
    (
        "task that is only snoozed",
        "      done: {title: Готово}\n",
        "",
        "outcomes:",
        "can only be snoozed, never closed",
    ),
    (
        "gate on a task that never comes",
        "        next: [good]",
        "        leave: {tasks: sign}\n        next: [good]",
        "tasks: sign",
        "never given on the way to `fresh`",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "says"), [case[1:] for case in MISTAKES], ids=[c[0] for c in MISTAKES])
def test_a_planted_mistake_is_named_with_its_line(old: str, new: str, at: str, says: str) -> None:
    assert SHOP.count(old) == 1 or new not in SHOP
    text = SHOP.replace(old, new, 1)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if at in row)

    problems = problems_of(text)

    assert [(problem.line, says in problem.reason) for problem in problems] == [(line, True)], problems


# what an action with a text needs besides, to stand in the shop
BESIDES = {"notify": "responsible", "escalate": "supervisor", "ask": "note"}


def texts_of(action: type[BaseAction]) -> list[str]:
    """The keys of an action that hold a text about a deal."""
    return [
        key
        for key, info in action.model_fields.items()
        if any(isinstance(one, ShownText) and one.holds == "deal" for one in info.metadata)
    ]


@pytest.mark.parametrize(
    ("action", "key"), [(action, key) for action in ACTIONS.words.values() for key in texts_of(action)]
)
@pytest.mark.parametrize(
    ("old", "around"),
    [(SIGNED, "- {{on: {{task: sign}}, {0}}}"), ("done: {title: Готово}", "done: {{title: Готово, do: [{{{0}}}]}}")],
    ids=["robot", "outcome"],
)
def test_a_placeholder_that_nothing_fills_is_refused_in_every_text_of_every_action(
    action: type[BaseAction], key: str, old: str, around: str
) -> None:
    keys = {word: BESIDES[word] for word in action.model_fields if word in BESIDES} | {key: '"{nonsense}"'}
    written = around.format(", ".join(f"{word}: {value}" for word, value in keys.items()))

    [(row, said)] = told((old, written))

    assert written in row
    assert said.startswith("pipelines.order." if old == SIGNED else "tasks.call.")
    assert f".{key}: `nonsense` is no placeholder" in said


def told(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """(the text of the line named, what is said) after some changes to the sound process."""
    text = SHOP
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    rows = text.splitlines()
    return [(rows[problem.line - 1].strip(), problem.reason) for problem in problems_of(text)]


def test_an_open_stage_without_a_way_to_an_ending_is_a_dead_end() -> None:
    found = told(
        ("lost: {title: Отказ, ending: lost, from_any: true}", "lost: {title: Отказ, ending: lost}"),
        ("next: [making]", "next: [making, lost]"),
        ("        next: [won]", "        next: [waiting]"),
        (
            "      won: {",
            "      waiting:\n        title: Ждём\n        robots: [{on: {stuck: 1d}, notify: owner, text: Ждём}]\n"
            "        next: [making]\n      won: {",
        ),
        (FILLED, "- {on: {changed: urgent}, notify: responsible, text: Срочно}"),
    )
    assert [row for row, said in found if "a dead end" in said] == ["making:", "waiting:"]
    assert [row for row, said in found if "nobody can reach" in said] == [WON]


def test_a_carry_without_a_condition_is_a_way_to_an_ending_and_a_conditional_one_is_not() -> None:
    leads = [
        ("      bad: {title: Плохой, ending: lost, from_any: true}", "      bad: {title: Плохой, ending: lost}"),
        ("        next: [good]\n", "        next: [bye]\n"),
        (STUCK, f"{STUCK}\n          - {{on: {{filled: note}}, move: bye}}"),
        ("      good:\n", "      bye:\n        title: Дальше\n        next: []\n        robots: [@]\n      good:\n"),
    ]
    always = told(*leads, ("[@]", "[{on: enter, carry: order}]"))
    sometimes = told(*leads, ("[@]", "[{on: {stuck: 1d}, if: {filled: note}, carry: order}]"))

    assert [row for row, said in always if "a dead end" in said] == []
    assert [row for row, said in sometimes if "a dead end" in said] == ["fresh:", "bye:"]


def test_a_stage_that_every_deal_leaves_at_once_may_be_silent_and_its_other_robots_never_fire() -> None:
    found = told(
        (
            STUCK,
            "- {on: enter, comment: Принят}\n          - {on: enter, move: good}\n"
            '          - {on: {stuck: 1d}, notify: responsible, text: "{client}"}\n'
            "          - {on: enter, comment: Поздно}",
        ),
    )
    never = "the robot can never fire: robot 2 takes every deal away as soon as it enters"
    assert found == [
        (
            '- {on: {stuck: 1d}, notify: responsible, text: "{client}"}',
            f"pipelines.leads.stages.fresh.robots.2: {never}",
        ),
        ("- {on: enter, comment: Поздно}", f"pipelines.leads.stages.fresh.robots.3: {never}"),
    ]


def test_a_stage_whose_robot_may_be_refused_at_the_door_is_not_left_at_once() -> None:
    gated = told((STUCK, "- {on: enter, move: good}"), ("ending: won", "ending: won\n        enter: {requires: note}"))
    assert [(row, "would be silent" in said) for row, said in gated] == [("fresh:", True)]


def test_a_robot_that_waits_for_a_field_nobody_fills_is_told_beside_the_field() -> None:
    found = told(
        ("  ready_on: {title: Готовность, type: date, section: about}", "  ready_on: {title: Готовность, type: date}"),
        ("        fields: [ready_on]\n", ""),
    )
    assert [said for _, said in found] == [
        "fields.ready_on: nobody can ever fill `ready_on`: give it a `section`, or name it in requires, ask, fill, "
        "fields or put",
        "pipelines.order.stages.making.robots.0.on: the robot can never fire: nobody can fill `ready_on`",
    ]


@pytest.mark.parametrize(
    "back",
    [
        ["{on: enter, if: {is: {urgent: true}}, move: contract}"],
        ["{on: enter, put: {note: Назад}}", "{on: {filled: note}, move: contract}"],
        ["{on: enter, if: {is: {urgent: false}}, move: previous}"],
    ],
    ids=["by a move", "by a field that one robot sets and another waits for", "by previous"],
)
def test_robots_that_send_a_deal_round_in_a_circle_are_told_once(back: list[str]) -> None:
    listed = "\n".join(f"          - {robot}" for robot in back)
    found = told(
        (SIGNED, SIGNED + "\n          - {on: enter, if: {filled: note}, move: making}"),
        ("        next: [won]", "        next: [contract, won]"),
        (f"          {FILLED}", f"          {FILLED}\n{listed}"),
    )
    circle = "robots send a deal round in a circle: order.contract → order.making → order.contract"
    assert [said for _, said in found if "circle" in said] == [f"pipelines.order.stages.contract.robots: {circle}"]


def test_a_mistake_behind_an_alias_is_told_once_at_the_line_where_it_is_written() -> None:
    found = told(
        (BAD, "bad: &lost {title: Отказ, ending: lost, from_any: true, enter: {requires: reson}}"),
        ("lost: {title: Отказ, ending: lost, from_any: true}", "lost: *lost"),
    )
    assert [(row, said.split(";")[0]) for row, said in found] == [
        (
            "bad: &lost {title: Отказ, ending: lost, from_any: true, enter: {requires: reson}}",
            "pipelines.leads.stages.bad.enter.requires: `reson` is no field",
        )
    ]


def test_a_mistake_in_merged_keys_is_named_where_it_is_written() -> None:
    found = told(
        ("      good:\n", "      good: &good\n"),
        ("convert: order}", "convert: ordr}"),
        (f"      {BAD}", f"      better:\n        <<: *good\n        title: Лучше\n      {BAD}"),
        ("next: [good]", "next: [good, better]"),
    )
    assert [row for row, _ in found] == ["- {on: enter, convert: ordr}"]
