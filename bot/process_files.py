"""Which process files and paper templates this installation works by, and where each of them comes from.

`DATA_DIR/processes` is the owner's: a file there goes before the shipped one of the same name, other names are added,
and `papers/` in it does the same for the templates. So an update of the package never meets an owner's edits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models import paper_sources, shipped
from models.paper_sources import PaperSources
from models.process.parse import Problem
from services import processes
from services.processes import ProcessesBroken

OWN, PAPERS = "processes", "papers"
SHIPPED = frozenset(file.stem for file in processes.find_files(shipped.PROCESSES))


@dataclass(frozen=True)
class ProcessFiles:
    """The files in force: processes, and the templates that they may name. `own` is the owner's folder."""

    files: tuple[Path, ...]
    papers: PaperSources
    own: Path

    def is_own(self, file: Path) -> bool:
        """Whether it is the owner's and not the package's."""
        return file.is_relative_to(self.own)

    def chosen(self, names: Sequence[str] | None) -> ProcessFiles:
        """Those of the processes that are switched on (the setting `PROCESSES`)."""
        return ProcessFiles(tuple(processes.choose(self.files, names)), self.papers, self.own)

    def problems(self) -> list[Problem]:
        """Everything for which they cannot be worked by."""
        return [*processes.check(self.files, self.papers), *self.unusable()]

    def unusable(self) -> list[Problem]:
        """Templates that no paper can be made of."""
        return [Problem(str(file), 1, reason) for file, reason in self.papers.unusable().items()]

    def fingerprints(self) -> dict[str, str]:
        """Name → hash of what is in the file. Where they are the same, two replicas work by the same words."""
        found = {file.name: _sha(file.read_bytes()) for file in self.files}
        return found | {f"{PAPERS}/{name}": _sha(one.data) for name, one in sorted(self.papers.files.items())}

    def paths(self) -> dict[str, Path]:
        """Name → where the file lies."""
        found = {file.name: file for file in self.files}
        return found | {f"{PAPERS}/{name}": one.path for name, one in sorted(self.papers.files.items())}

    def lines(self) -> list[str]:
        """For a person: which file is used, and from where. The package's templates go without saying."""
        return [
            f"{name}: {file}{self._note(file)}"
            for name, file in self.paths().items()
            if self.is_own(file) or file in self.files
        ]

    def _note(self, file: Path) -> str:
        if not self.is_own(file):
            return ""
        replaced = file.stem in SHIPPED if file in self.files else (shipped.PAPERS / file.name).exists()
        return " (yours, instead of the shipped one)" if replaced else " (yours)"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def find(data_dir: Path, where: Path | Sequence[Path] = shipped.PROCESSES) -> ProcessFiles:
    """The files in force: the owner's under `data_dir`, and from `where` those that he has not replaced.

    ProcessesBroken if something there cannot be read.
    """
    own = data_dir / OWN
    try:
        if own.exists() and not own.is_dir():
            raise ProcessesBroken([Problem(str(own), 1, "this must be a folder: process files are looked for in it")])
        papers = paper_sources.read(shipped.PAPERS, own / PAPERS)
        return ProcessFiles(tuple(processes.in_force(own, where)), papers, own)
    except OSError as error:
        raise ProcessesBroken([Problem(str(error.filename or own), 1, f"cannot be read: {error.strerror}")]) from None


def given(files: Sequence[Path]) -> ProcessFiles:
    """Files that somebody names, with the templates in `papers/` beside them; for `verstak check FILE…`."""
    found = processes.find_files(files)
    beside = dict.fromkeys(file.parent / PAPERS for file in found)
    try:
        papers = paper_sources.read(shipped.PAPERS, *beside)
    except OSError as error:
        raise ProcessesBroken([Problem(str(error.filename), 1, f"cannot be read: {error.strerror}")]) from None
    return ProcessFiles(tuple(found), papers, Path())
