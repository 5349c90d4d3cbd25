"""Decisions: what is kept and what is set aside of odd answers, as data that can be read and undone.

What the load decides by itself stands in the table `cleaning` of a snapshot, with the rule that led to it. A steward
decides otherwise in descriptions/cleaning.csv beside the deliveries: file, sheet, row, question, decision, reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import Fault, Message, SourceError
from observatory.fact_files import read_rows_or_fault

FILE = "cleaning.csv"
COLUMNS = ("file", "sheet", "row", "question", "decision", "reason")
KEEP, EXCLUDE = "keep", "exclude"
SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Decision:
    """A line of cleaning.csv: `keep` what the load would set aside, or `exclude` a submission or one of its answers.

    `sheet` is "" where the file has one alone; `question` is "" where the submission as a whole is meant.
    """

    file: str
    sheet: str
    row: int
    question: str
    decision: str
    reason: str
    line: int

    def is_of(self, file: str, sheet: str | None, row: int, question: str = "") -> bool:
        """Return whether this is about a submission, or about its answer to a question."""
        same_sheet = not self.sheet or self.sheet == (sheet or "")
        return (self.file, self.row, self.question) == (file, row, question) and same_sheet


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Return the decisions of a file; none where there is no file.

    Raises:
        SourceError: with every fault of the file.
    """
    if not path.exists():
        return ()
    headings, rows, faults = read_rows_or_fault(path, path.name)
    missing = [name for name in COLUMNS if name not in headings]
    if not faults and missing:
        faults = [Fault(path.name, Message("The column is missing: add it."), 1, name) for name in missing]
    if not faults:
        for row in rows:
            if not row["row"].isdecimal():
                faults.append(Fault(path.name, Message("This must be the number of a row."), row.number, "row"))
            if row["decision"] not in (KEEP, EXCLUDE):
                what = Message("The decision must be keep or exclude.")
                faults.append(Fault(path.name, what, row.number, "decision"))
            if not row["reason"]:
                faults.append(Fault(path.name, Message("Say why: a decision has a reason."), row.number, "reason"))
    if faults:
        raise SourceError("The decisions in {file} cannot be used.", faults, file=path.name)
    return tuple(
        Decision(
            row["file"], row["sheet"], int(row["row"]), row["question"], row["decision"], row["reason"], row.number
        )
        for row in rows
    )


def decided(
    decisions: Sequence[Decision], decision: str, file: str, sheet: str | None, row: int, question: str = ""
) -> Decision | None:
    """Return the decision of a kind on a submission, or on its answer to a question, if there is one."""
    found = (line for line in decisions if line.decision == decision and line.is_of(file, sheet, row, question))
    return next(found, None)
