"""What must stay true: can it be kept, and would anybody hear when it is not?"""

from __future__ import annotations

from models.process import conditions as c
from models.process.checks import walk
from models.process.checks.problem_report import ProblemReport
from models.process.process import Process

UNHEARD = (c.DaysUntil, c.Made, c.SentPaper, c.Runs)  # what becomes true or untrue without a change of the deal


def check(process: Process, report: ProblemReport) -> None:
    """Report holds on lost endings, and conditions that may break without anybody doing anything to the deal."""
    for path, place, stage in walk.stages(process):
        for index, hold in enumerate(stage.holds):
            at = (*path, "holds", index)
            if stage.ending == "lost":
                report.add(at, f"nothing must stay true of a lost deal: `{place[1]}` has `ending: lost`")
            for test in (*hold.if_, *hold.once):
                for part in c.walk(test):
                    if isinstance(part, UNHEARD):
                        report.add(at, f"`{part.key}` changes while nothing happens to the deal: it cannot be held")
