"""Process files on disk: read them, refuse broken ones with every problem, and find deals that an edit left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models import paper_sources
from models.paper_sources import PaperSources
from models.process import checks, parse
from models.process.checks import cross_checks
from models.process.checks.problem_report import ProblemReport
from models.process.parse import Lines, Problem
from models.process.process import Process

ENDINGS = (".yaml", ".yml")
DECLARED = re.compile(r"^process:\s*[\"']?([\w-]+)", re.MULTILINE)


class ProcessesBroken(Exception):
    """The process files cannot be worked by; `problems` are all that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def load(
    where: Path | Sequence[Path], names: Sequence[str] | None = None, papers: PaperSources | None = None
) -> dict[str, Process]:
    """The processes of a folder or of some files, by name, in the order of `names` (default: all, by file name).

    `papers` are the templates that processes may name (default: those that come with the package). Raises
    ProcessesBroken with every problem of the chosen files, with names that no file bears, and if there is none.
    """
    files = find_files(where)
    chosen = choose(files, names)
    processes, problems = read_all(chosen, papers)
    if names is not None:
        known = sorted({name for file in files for name in _names(file)})
        heard = {name for file in chosen for name in _names(file)}
        for name in dict.fromkeys(names):
            if name not in heard:
                nearest = parse.nearest(name, known)
                problems.append(
                    Problem(_place(where), 1, f"no process `{name}`; there are: {', '.join(known)}{nearest}")
                )
    if not problems and not processes:
        problems.append(Problem(_place(where), 1, f"no process file here (they end in {' or '.join(ENDINGS)})"))
    if problems:
        raise ProcessesBroken(problems)
    if names is None:
        return processes
    order = {name: index for index, name in enumerate(names)}
    return dict(sorted(processes.items(), key=lambda item: order.get(item[0], len(order))))


def choose(files: Sequence[Path], names: Sequence[str] | None) -> list[Path]:
    """The files of the processes of these names; without names, all of them."""
    return list(files) if names is None else [file for file in files if _bears(file, names)]


def check(where: Path | Sequence[Path], papers: PaperSources | None = None) -> list[Problem]:
    """Every problem of the files (of a folder's files), for `verstak check`; empty if all can be worked by."""
    files = find_files(where)
    if not files:
        return [Problem(_place(where), 1, f"no process file here (they end in {' or '.join(ENDINGS)})")]
    return read_all(files, papers)[1]


def in_force(own: Path, shipped: Path | Sequence[Path]) -> list[Path]:
    """The files that are worked by: those of the owner's folder, and of the shipped ones whatever bears no name of his.

    A name is that of the file without its ending. The owner's folder need not be there. OSError if it cannot be read.
    """
    owned = find_files(own) if own.is_dir() else []
    names = {file.stem for file in owned}
    rest = [file for file in find_files(shipped) if file.stem not in names]
    return sorted([*rest, *owned], key=lambda file: file.name) if owned else rest


def find_files(where: Path | Sequence[Path]) -> list[Path]:
    """The process files of a folder (by name), or the given files; a folder among them stands for its files."""
    if isinstance(where, Path):
        where = [where]
    found: list[Path] = []
    for path in where:
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.suffix in ENDINGS and file.is_file())
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def read_all(files: Iterable[Path], papers: PaperSources | None = None) -> tuple[dict[str, Process], list[Problem]]:
    """What the files say: the processes that are sound, and every problem, by file and line."""
    sources = papers or paper_sources.come_with_package()
    processes: dict[str, Process] = {}
    origin: dict[str, Path] = {}
    places: dict[str, Lines] = {}
    problems: list[Problem] = []
    for file in files:
        process, found, lines = _read(file, sources)
        problems += found
        if process is None:
            continue
        if process.process in processes:
            reason = f"process: `{process.process}` is already described by {origin[process.process]}"
            problems.append(Problem(str(file), 1, reason))
            continue
        processes[process.process], origin[process.process] = process, file
        places[process.process] = lines
    for name, process in processes.items():  # what one file says of another, once all are known
        problems += cross_checks.find_problems(process, processes, str(origin[name]), places[name])
    return processes, problems


def read(file: Path) -> tuple[Process | None, list[Problem]]:
    """One file: its process, or None and every problem."""
    process, problems, _ = _read(file, paper_sources.come_with_package())
    return process, problems


def _read(file: Path, papers: PaperSources) -> tuple[Process | None, list[Problem], Lines]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(str(file), 1, f"the file cannot be read: {error}")], Lines(None)
    process, problems, lines = parse.read(text, str(file))
    if process is not None:
        lost = _without_template(process, str(file), lines, papers.names())
        problems = [*checks.find_problems(process, str(file), lines), *lost]
    return (None if problems else process), problems, lines


def _without_template(process: Process, file: str, lines: Lines, known: list[str]) -> list[Problem]:
    """Papers whose template does not lie in processes/papers."""
    report = ProblemReport(file, lines)
    for name, paper in process.papers.items():
        report.knows(("papers", name, "template"), paper.template, "template in processes/papers", known)
    return report.problems()


def renamed(process: Process) -> dict[tuple[str, str], str]:
    """(pipeline, name that a stage had before) → its name now, as the stages' `was` say."""
    return {(pipeline, old): name for pipeline, name, stage in process.every_stage for old in stage.was}


def find_stranded(processes: Mapping[str, Process], standing: Iterable[tuple[str, str, str, int]]) -> list[str]:
    """Why the edited files cannot go live: stages that are gone, on which deals still stand.

    `standing` counts deals by (process, pipeline, stage). A stage that another one names in `was` is not gone.
    """
    found = []
    for name, pipeline, stage, count in standing:
        process = processes.get(name)
        deals = f"{count} deal stands" if count == 1 else f"{count} deals stand"
        line = process.pipelines.get(pipeline) if process else None
        if count < 1 or (process and (process.find_stage(pipeline, stage) or (pipeline, stage) in renamed(process))):
            continue
        if process is None:
            nearest = parse.nearest(name, list(processes))
            found.append(f"{name}: {deals} in this process, which no file describes{nearest}")
        elif line is None:
            nearest = parse.nearest(pipeline, list(process.pipelines))
            found.append(f"{name}: {deals} in the pipeline `{pipeline}`, which the file has no more{nearest}")
        else:
            nearest = parse.nearest(stage, list(line.stages))
            cure = f"write `was: [{stage}]` at the stage that takes them over"
            found.append(f"{name}: {deals} on `{pipeline}.{stage}`, which the file has no more; {cure}{nearest}")
    return found


def _bears(file: Path, names: Sequence[str]) -> bool:
    return bool(_names(file) & set(names))


def _names(file: Path) -> set[str]:
    """By which names a file can be asked for: its own, and the one it declares (even if the rest is broken)."""
    try:
        declared = DECLARED.search(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return {file.stem}  # `read` tells why
    return {file.stem} | ({declared[1]} if declared else set())


def _place(where: Path | Sequence[Path]) -> str:
    return str(where) if isinstance(where, Path) else ", ".join(dict.fromkeys(str(file.parent) for file in where))
