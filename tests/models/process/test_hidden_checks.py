"""What is hidden from a role is asked, told and shown to that role by nothing in the file: `bot check` says where."""

from __future__ import annotations

import pytest

from models.process import checks, parse
from tests.worlds import hidden_shop

ROBOT = '          - {on: {filled: note}, notify: technologist, text: "Узнали {note}"}\n'
LOOK = "look: {title: Посмотреть, to: technologist, due: {after: 1d}, shows: note}"
NOTE = "note: {title: Заметка, type: text, section: about}"
HIDDEN = "`text_` is hidden from the role `technologist`, which is asked for it here"
TELLS = "` tells the role `technologist` what is hidden from it"


def problems(*changes: tuple[str, str]) -> list[str]:
    text = hidden_shop.TEXT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    process, found, lines = parse.read(text, "vault.yaml")
    assert process is not None, found
    return [one.reason for one in checks.find_problems(process, "vault.yaml", lines)]


def test_a_file_that_asks_and_tells_nobody_what_is_hidden_from_him_is_sound() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((LOOK, LOOK.replace("shows: note", "shows: [note, text_]")), HIDDEN),
        ((LOOK, LOOK.replace("shows: note", "checklist: [{title: Записать, fill: text_}]")), HIDDEN),
        ((LOOK, LOOK.replace("shows: note", "outcomes: {done: {title: Да, ask: text_}}")), HIDDEN),
        ((ROBOT, ROBOT.replace("notify: technologist", "ask: text_, of: technologist")), HIDDEN),
        ((NOTE, NOTE.replace("section", "hidden_from: manager, section")), "the role `manager`"),
        ((ROBOT, ROBOT.replace("{note}", "{text_}")), f"`{{text_}}{TELLS}"),
        ((ROBOT, ROBOT.replace("{note}", "{booking__who}")), f"`{{booking__who}}{TELLS}"),
        ((ROBOT, ROBOT.replace("{note}", "{balance}")), f"`{{balance}}{TELLS}"),
        ((LOOK, LOOK.replace("title: Посмотреть", 'title: "Посмотреть {date_}"')), f"`{{date_}}{TELLS}"),
        ((NOTE, NOTE.replace("section", "hidden_from: owner, section")), "the owner sees everything"),
        ((NOTE, NOTE.replace("section", "filled_by: dispatcher, hidden_from: dispatcher, section")), "is filled by"),
        (("phone, section: about}", "phone, hidden_from: installer, section: about}"), "says who the client is"),
        (("role: measurer, takes", "role: installer, takes"), "where it is to be"),
    ],
)  # fmt: skip
def test_what_would_come_out_is_told_with_the_role(change: tuple[str, str], said: str) -> None:
    found = problems(change)
    assert [one for one in found if said in one], found


def test_a_title_a_line_of_history_a_copy_and_a_claim_are_read_by_all_who_see_the_deal() -> None:
    note = (NOTE, NOTE.replace("section", "hidden_from: dispatcher, section"))
    asked = ("ask: [name, phone]", "ask: [name, phone, note]")
    titled = problems(note, asked, ('title: "{name}"', 'title: "{note}"'))
    assert any("`{note}` tells the role `dispatcher`" in one for one in titled), titled
    commented = problems(note, (ROBOT, ROBOT.replace("notify: technologist, text", "comment")))
    assert any("`{note}` tells the role `dispatcher`" in one for one in commented), commented
    copied = problems((ROBOT, "          - {on: {filled: text_}, copy: {note: text_}}\n"))
    assert any("`note` would tell it" in one for one in copied), copied
    claimed = problems((ROBOT, "          - {on: {filled: text_}, open_claim: text_}\n"))
    assert any("a claim is read by all" in one for one in claimed), claimed
