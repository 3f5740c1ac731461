"""Bad input: a broken process file. `check` prints file, line and reason and leaves with 1; nothing runs with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.stories import program

FURNITURE = (program.ROOT / "processes" / "furniture.yaml").read_text("utf-8")
# what is wrong, by what it is replaced, and what the line says about it
MISTAKES = {
    "key": ("    title: Ремонт\n", "    titel: Ремонт\n", "unknown key `titel`", "did you mean `title`?"),
    "stage": ("next: [prepayment]", "next: [prepaiment]", "`prepaiment` is no stage of", "did you mean `prepayment`?"),
    "field": ("{requires: [budget]}", "{requires: [bugdet]}", "`bugdet` is no field", "did you mean `budget`?"),
    "type": ("Бюджет, type: money", "Бюджет, type: mony", "`mony` is not known here", "did you mean `money`?"),
    "twice": ("process: furniture\n", "process: furniture\nprocess: again\n", "the key `process` stands twice", ""),
    "robot": ("escalate: supervisor}", "escalate: supervizor}", "supervizor", "did you mean `supervisor`?"),
}


def broken(name: str) -> tuple[str, int, str, str]:
    """The broken file, the line of the mistake (counted from one), and what is said of it."""
    right, wrong, said, hint = MISTAKES[name]
    assert right in FURNITURE, f"furniture.yaml has changed: {right!r} is no longer in it"
    text = FURNITURE.replace(right, wrong, 1)
    at = text[: text.index(wrong)].count("\n") + 1
    return text, at + (1 if name == "twice" else 0), said, hint  # it begins a line earlier


async def test_check_names_file_line_reason_and_the_nearest_spelling(tmp_path: Path) -> None:
    """Bad input: every mistake of every file is told at once, each on a line of its own, exit status 1."""
    files = []
    for name in MISTAKES:
        path = tmp_path / f"{name}.yaml"
        path.write_text(broken(name)[0], "utf-8")
        files.append(path)
    said = await program.run(["check", *files])
    assert said.status == 1
    assert "Traceback" not in said.err and said.out == ""
    for name, path in zip(MISTAKES, files, strict=True):
        _, at, what, hint = broken(name)
        found = [line for line in said.lines if line.startswith(f"{path}:{at}: ")]
        assert any(what in line and hint in line for line in found), (name, at, said.err)
    assert all(re.match(r".+\.yaml:\d+: \S", line) for line in said.lines), "each line is file:line: reason"


async def test_check_says_what_is_wrong_with_what_is_no_process_file_at_all(tmp_path: Path) -> None:
    """Bad input: half a file, an empty one, a picture, none."""
    given = {
        "half.yaml": b"process: x\ntitle: [",
        "empty.yaml": b"",
        "picture.yaml": b"\x89PNG\xff\xfe\x00",
        "list.yaml": "- раз\n- два\n".encode(),
    }
    for name, body in given.items():
        (tmp_path / name).write_bytes(body)
    paths = [*(tmp_path / name for name in given), tmp_path / "absent.yaml"]
    said = await program.run(["check", *paths])
    assert said.status == 1
    assert "Traceback" not in said.err
    for path in paths:
        assert [line for line in said.lines if re.match(rf"{re.escape(str(path))}:\d+: \S", line)], (path, said.err)


async def test_check_is_content_with_what_ships() -> None:
    """The process files of this repository are all well: exit status 0."""
    said = await program.run(["check"])
    assert (said.status, said.err) == (0, "")
    assert "all well" in said.out


@pytest.mark.parametrize("command", ["run", "sandbox"])
async def test_nothing_starts_with_a_broken_process_file(tmp_path: Path, command: str) -> None:
    """Bad input: the bot refuses to start, with the same line, before it touches any data."""
    home = program.copy_of_the_program(tmp_path)
    text, at, what, hint = broken("field")
    (home / "processes" / "furniture.yaml").write_text(text, "utf-8")
    more = ["--port", "0"] if command == "sandbox" else []
    said = await program.run(
        [command, *more], cwd=home, BOT_TOKEN="1:story", DATA_DIR=str(tmp_path / "data"), HTTP_PORT="0",
        BOT_API_URL="http://127.0.0.1:9",
    )  # fmt: skip
    assert said.status == 1
    assert "Traceback" not in said.err
    assert f"furniture.yaml:{at}: " in said.err and what in said.err and hint in said.err
    assert not (tmp_path / "data" / "verstak.db").exists()
