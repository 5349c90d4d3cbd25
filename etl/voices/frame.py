"""Frames: how many there are of those whom a survey speaks for, as the owner of an edition states them.

survey_frame.csv of an edition, or demonstration_survey_frame.csv, invented, which goes with demonstration data alone:
instrument, dimension, code, count. The counts of each dimension add up to the same population.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from observatory.editions import Edition
from observatory.errors import EditionError, Fault, Message
from observatory.fact_files import FactRow, read_rows_or_fault
from observatory.registry import registry
from observatory.registry_faults import unknown

STATED, INVENTED = "survey_frame.csv", "demonstration_survey_frame.csv"
COLUMNS = ("instrument", "dimension", "code", "count")
NEARLY = 1e-6


@dataclass(frozen=True)
class Frame:
    """The population of one instrument: `counts` by dimension and level, then by code; empty where none is stated."""

    counts: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    is_invented: bool = False

    @property
    def population(self) -> float | None:
        """Return how many there are; None where nobody says."""
        return next((sum(codes.values()) for codes in self.counts.values()), None)


def read_frame(edition: Edition, is_demonstration: bool) -> dict[str, Frame]:
    """Return the frame of each instrument.

    Raises:
        EditionError: with every fault of the file.
    """
    name = INVENTED if is_demonstration else STATED
    path = edition.folder / name
    if not path.exists():
        return {}
    headings, rows, faults = read_rows_or_fault(path, name)
    if not faults:
        faults = _faults(edition, name, headings, rows)
    frames: dict[str, Frame] = {}
    if not faults:
        counts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for row in rows:
            counts[row["instrument"], row["dimension"]][row["code"]] = float(row["count"])
        for (instrument, dimension), codes in counts.items():
            frame = frames.setdefault(instrument, Frame(is_invented=is_demonstration))
            frame.counts[dimension, _level_of(edition, dimension, set(codes))] = codes
        faults = [
            Fault(name, Message("{instrument}: the dimensions add up to different populations.", instrument=instrument))
            for instrument, frame in frames.items()
            if not _agree([sum(codes.values()) for codes in frame.counts.values()])
        ]
    if faults:
        raise EditionError("The frame of {edition} cannot be used.", faults, edition=edition.id)
    return frames


def _level_of(edition: Edition, dimension: str, codes: set[str]) -> str:
    """Return the published level at which all the codes stand; "" where there is none."""
    levels = registry().surveys["breakdowns"][dimension]
    return next((level for level in levels if codes <= set(edition.dimensions[dimension].cut(level))), "")


def _agree(sums: list[float]) -> bool:
    return max(sums) - min(sums) <= NEARLY * max(sums)


def _faults(edition: Edition, name: str, headings: tuple[str, ...], rows: list[FactRow]) -> list[Fault]:
    missing = [column for column in COLUMNS if column not in headings]
    if missing:
        return [Fault(name, Message("The column is missing: add it."), 1, column) for column in missing]
    found = []
    breakdowns = registry().surveys["breakdowns"]
    for row in rows:
        dimension, code = row["dimension"], row["code"]
        if dimension not in breakdowns or dimension not in edition.dimensions:
            found.append(replace(unknown(name, "dimension", dimension, sorted(breakdowns)), row=row.number))
        elif code not in edition.dimensions[dimension].members:
            found.append(replace(unknown(name, "code", code, edition.dimensions[dimension].members), row=row.number))
        elif not _level_of(edition, dimension, {code}):
            what = Message("Answers are not published at the level of this code: state it at {levels}.",
                           levels=", ".join(breakdowns[dimension]))  # fmt: skip
            found.append(Fault(name, what, row.number, "code"))
        if not row["count"].isdecimal() or not int(row["count"]):
            found.append(Fault(name, Message("This must be a whole number above 0."), row.number, "count"))
    return found
