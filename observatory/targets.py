"""Targets: values that somebody has set for a year, as facts of an edition, and what is wrong with their files.

Those that a document sets stand in targets.csv, those made up for demonstration data in demonstration_targets.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from observatory.errors import Fault, Message, nearest
from observatory.fact_files import FactRow, read_rows, read_rows_or_fault
from observatory.registry import registry

SET, INVENTED = "targets.csv", "demonstration_targets.csv"
COLUMNS = ("indicator", "year", "value", "unit", "baseline_year", "baseline_value", "source_date", "link")


@dataclass(frozen=True)
class Target:
    """A value that an indicator is to have in a year, for everything the edition is about.

    value, baseline_value: in the unit of the indicator; the baseline, where there is one, is what it started from.
    source: who set it, and where, in every language of the edition. is_invented: it only goes with demonstration data.
    """

    indicator: str
    year: int
    value: float
    baseline_year: int | None
    baseline_value: float | None
    source: Mapping[str, str]
    source_date: date
    link: str
    is_invented: bool


def read_targets(folder: Path, languages: Sequence[str]) -> tuple[Target, ...]:
    """Return the targets of an edition without faults, by indicator and year."""
    found = [
        _target(row, languages, name == INVENTED)
        for name in (SET, INVENTED)
        if (folder / name).exists()
        for row in read_rows(folder / name)[1]
    ]
    return tuple(sorted(found, key=lambda target: (target.indicator, target.year, target.is_invented)))


def _target(row: FactRow, languages: Sequence[str], is_invented: bool) -> Target:
    has_baseline = bool(row["baseline_year"])
    return Target(
        indicator=row["indicator"],
        year=int(row["year"]),
        value=float(row["value"]),
        baseline_year=int(row["baseline_year"]) if has_baseline else None,
        baseline_value=float(row["baseline_value"]) if has_baseline else None,
        source={language: row[f"source_{language}"] for language in languages},
        source_date=date.fromisoformat(row["source_date"]),
        link=row["link"],
        is_invented=is_invented,
    )


def target_faults(folder: Path, indicators: Iterable[str], languages: Sequence[str]) -> list[Fault]:
    """Return every fault of the two files; an edition needs neither."""
    found = []
    for file in (SET, INVENTED):
        if (folder / file).exists():
            found += _file_faults(folder, file, tuple(indicators), languages)
    return found


def _file_faults(folder: Path, file: str, indicators: Sequence[str], languages: Sequence[str]) -> list[Fault]:
    headings, rows, found = read_rows_or_fault(folder / file, file)
    if found:
        return found
    sources = tuple(f"source_{language}" for language in languages)
    found = [Fault(file, Message("The column is missing: add it."), 1, column)
             for column in (*COLUMNS, *sources) if column not in headings]  # fmt: skip
    if found:
        return found
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        other = seen.setdefault((row["indicator"], row["year"]), row.number)
        if other != row.number:
            what = Message("Row {other} sets a target for this indicator and year already: keep one.", other=other)
            found.append(Fault(file, what, row.number, "indicator"))
        found += _indicator_faults(file, row, indicators)
        found += _value_faults(file, row)
        found += [Fault(file, Message("The text is missing: write it."), row.number, column)
                  for column in sources if not row[column]]  # fmt: skip
        try:
            date.fromisoformat(row["source_date"])
        except ValueError:
            what = Message('"{value}" is not a date: write it as 2022-06-08.', value=row["source_date"])
            found.append(Fault(file, what, row.number, "source_date"))
    return found


def _indicator_faults(file: str, row: FactRow, indicators: Sequence[str]) -> list[Fault]:
    known, name = registry().indicators, row["indicator"]
    if name not in indicators or name not in known:
        what = Message('The edition does not use an indicator "{value}": write one of those in edition.yml, such as '
                       "{like}.", value=name, like=nearest(name, indicators) or ", ".join(indicators[:3]))  # fmt: skip
        return [Fault(file, what, row.number, "indicator")]
    unit = known[name].unit
    if row["unit"] != unit:
        what = Message('The unit of this indicator is "{unit}", not "{value}": state the target in it.', unit=unit,
                       value=row["unit"])  # fmt: skip
        return [Fault(file, what, row.number, "unit")]
    return []


def _value_faults(file: str, row: FactRow) -> list[Fault]:
    found = []
    needs = [("year", _is_year), ("value", _is_amount)]
    if row["baseline_year"] or row["baseline_value"]:
        needs += [("baseline_year", _is_year), ("baseline_value", _is_amount)]
    for column, fits in needs:
        if not fits(row[column]):
            what = Message('"{value}" is not a number: write it with digits alone.', value=row[column])
            found.append(Fault(file, what, row.number, column))
    if not found and row["baseline_year"] and int(row["baseline_year"]) >= int(row["year"]):
        what = Message("The baseline is not before the year of the target: correct one of the two.")
        found.append(Fault(file, what, row.number, "baseline_year"))
    return found


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4


def _is_amount(text: str) -> bool:
    try:
        return isfinite(float(text)) and float(text) >= 0
    except ValueError:
        return False
