"""What is wrong with the facts of an edition, all faults of all its files at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from observatory import DATA_FOLDER, LANGUAGES
from observatory.errors import Fault, Message
from observatory.fact_files import FactRow, read_rows_or_fault, read_yaml_or_fault
from observatory.map_faults import map_faults
from observatory.member_faults import MEMBER_COLUMNS, member_faults
from observatory.registry_faults import missing_languages, unknown
from observatory.targets import target_faults

__all__ = ["DIMENSIONS", "MEMBER_COLUMNS", "faults"]

DIMENSIONS = ("sector", "region", "theme", "size", "form", "ownership")
MAIN = "edition.yml"
NEEDED = ("id", "name", "country", "languages", "default_language", "currency", "first_year", "licence",
          "keep_snapshots", "reject_share_limit", "dimensions", "indicators", "limits")  # fmt: skip
KNOWN = (*NEEDED, "comparable_before", "contact", "map", "frame")
THRESHOLDS = ("low_base_contributors", "contributors_min", "p_percent", "depth_max")
FRAME_KEYS = ("measure", "dimension", "file", "code", "value", "source")
EVENT_COLUMNS = ("event_id", "date", "theme_code", "on_trends", "source", "link")


def faults(folder: str | Path) -> list[Fault]:
    """Return every fault of the facts of an edition; an empty list means that it can be loaded.

    The descriptions in sources/ are checked by the ETL.
    """
    folder = Path(folder)
    facts, found = read_yaml_or_fault(folder / MAIN, MAIN)
    if not isinstance(facts, Mapping):
        return found or [Fault(MAIN, Message("The file has no keys: write at least id, name and dimensions."))]
    found += [Fault(MAIN, Message("The key is missing: write it."), column=key) for key in NEEDED if key not in facts]
    found += [unknown(MAIN, key, key, KNOWN) for key in facts if key not in KNOWN]
    found += _shape_faults(facts)
    if found:
        return found
    languages = facts["languages"]
    found += _main_faults(facts, languages)
    rows: dict[str, list[FactRow]] = {}
    for name, entry in facts["dimensions"].items():
        found += member_faults(folder, entry["file"], entry["levels"], languages)
        rows[name] = read_rows_or_fault(folder / entry["file"], entry["file"])[1]
    codes = {name: {row.get("code") for row in members} for name, members in rows.items()}
    if facts.get("map") and "region" in rows:
        levels = facts["dimensions"]["region"]["levels"]
        found += map_faults(folder, facts["map"], rows["region"], levels, languages)
    found += _threshold_faults(folder)
    found += _event_faults(folder, codes.get("theme", set()), languages)
    found += target_faults(folder, facts["indicators"], languages)
    for number, entry in enumerate(facts.get("frame") or ()):
        found += _frame_faults(folder, f"frame[{number}]", entry, codes)
    return found


def _shape_faults(facts: Mapping[str, Any]) -> list[Fault]:
    """Return what keeps the rest from being checked: keys that hold something else than they should."""
    found = []
    for keys, kind, what in (
        (("languages", "indicators", "frame"), list, Message("This must be a list: write [ ] round it.")),
        (("name", "country", "dimensions", "limits", "map"), dict, Message("This must hold keys: indent them below.")),
    ):
        found += [Fault(MAIN, what, column=key) for key in keys if not isinstance(facts.get(key, kind()), kind)]
    if found:
        return found
    for name, entry in facts["dimensions"].items():
        if name not in DIMENSIONS:
            found.append(unknown(MAIN, "dimensions", name, DIMENSIONS))
        elif not isinstance(entry, dict) or "file" not in entry or not isinstance(entry.get("levels"), list):
            what = Message("A dimension needs a file and a list of levels: write both.")
            found.append(Fault(MAIN, what, column=f"dimensions.{name}"))
    return found


def _main_faults(facts: Mapping[str, Any], languages: Sequence[str]) -> list[Fault]:
    found = [unknown(MAIN, "languages", language, LANGUAGES) for language in languages if language not in LANGUAGES]
    if facts["default_language"] not in languages:
        found.append(unknown(MAIN, "default_language", facts["default_language"], languages))
    for key in ("name", "country"):
        found += missing_languages(MAIN, key, facts[key], languages)
    for key in ("first_year", "keep_snapshots"):
        if not isinstance(facts[key], int):
            found.append(_not_a_number(MAIN, key, facts[key]))
    for key, value in {**facts["limits"], "reject_share_limit": facts["reject_share_limit"]}.items():
        if not isinstance(value, int | float):
            found.append(_not_a_number(MAIN, key, value))
    known = sorted(path.stem for path in (DATA_FOLDER / "registry" / "indicators").glob("*.yml"))
    return found + [unknown(MAIN, "indicators", name, known) for name in facts["indicators"] if name not in known]


def _not_a_number(file: str, column: str, value: Any, row: int | None = None) -> Fault:
    return Fault(file, Message('"{value}" is not a number: write it with digits alone.', value=value), row, column)


def _threshold_faults(folder: Path) -> list[Fault]:
    file = "thresholds.yml"
    values, found = read_yaml_or_fault(folder / file, file)
    if found:
        return found
    for key in THRESHOLDS:
        if key not in values:
            found.append(Fault(file, Message("The threshold is missing: write it."), column=key))
    for key, value in values.items():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, int | float) and part > 0 for part in parts):
            found.append(Fault(file, Message('"{value}" is not a number above zero.', value=value), column=key))
    return found


def _event_faults(folder: Path, themes: Iterable[str], languages: Sequence[str]) -> list[Fault]:
    file = "events.csv"
    if not (folder / file).exists():
        return []
    headings, rows, found = read_rows_or_fault(folder / file, file)
    if found:
        return found
    needed = (*EVENT_COLUMNS, *(f"name_{language}" for language in languages))
    found = [Fault(file, Message("The column is missing: add it."), 1, column)
             for column in needed if column not in headings]  # fmt: skip
    if found:
        return found
    seen: dict[str, int] = {}
    for row in rows:
        other = seen.setdefault(row["event_id"], row.number)
        if other != row.number:
            what = Message('The id "{value}" stands in row {other} already: give each its own.', value=row["event_id"],
                           other=other)  # fmt: skip
            found.append(Fault(file, what, row.number, "event_id"))
        try:
            date.fromisoformat(row["date"])
        except ValueError:
            what = Message('"{value}" is not a date: write it as 2022-06-08.', value=row["date"])
            found.append(Fault(file, what, row.number, "date"))
        if row["theme_code"] and row["theme_code"] not in themes:
            what = Message('There is no theme "{value}": write a code of the themes file, or leave it blank.',
                           value=row["theme_code"])  # fmt: skip
            found.append(Fault(file, what, row.number, "theme_code"))
        if row["on_trends"] not in ("true", "false"):
            found.append(Fault(file, Message("Write true or false."), row.number, "on_trends"))
        for column in ("source", *(f"name_{language}" for language in languages)):
            if not row[column]:
                found.append(Fault(file, Message("The text is missing: write it."), row.number, column))
    return found


def _frame_faults(folder: Path, place: str, entry: Mapping[str, Any], codes: Mapping[str, set[str]]) -> list[Fault]:
    """Return what is wrong with a table of the whole economy; its rows must add up to its totals exactly."""
    absent = [key for key in FRAME_KEYS if key not in entry]
    if absent:
        return [Fault(MAIN, Message("The key is missing: write it."), column=f"{place}.{key}") for key in absent]
    file = entry["file"]
    headings, rows, found = read_rows_or_fault(folder / file, file)
    if found:
        return found
    found = [Fault(file, Message("The column is missing: add it."), 1, column)
             for column in (entry["code"], "year", entry["value"]) if column not in headings]  # fmt: skip
    if found:
        return found
    total_code, sums, totals = str(entry.get("total", "")), defaultdict(Decimal), {}
    known = codes.get(entry["dimension"], set())
    for row in rows:
        code, year, text = row[entry["code"]], row["year"], row[entry["value"]]
        try:
            value = Decimal(text)
        except InvalidOperation:
            found.append(_not_a_number(file, entry["value"], text, row.number))
            continue
        if not year.isdigit():
            found.append(_not_a_number(file, "year", year, row.number))
        if code == total_code:
            totals[year] = (row.number, value)
            continue
        if code not in known:
            what = Message('The code "{code}" is not known: write one of the dimension {dimension}.', code=code,
                           dimension=entry["dimension"])  # fmt: skip
            found.append(Fault(file, what, row.number, entry["code"]))
        sums[year] += value
    for year, (number, total) in totals.items():
        if sums[year] != total:
            what = Message("The parts of {year} add up to {sum}, not to {total}: correct one of them.", year=year,
                           sum=str(sums[year]), total=str(total))  # fmt: skip
            found.append(Fault(file, what, number, entry["value"]))
    return found
