"""What is wrong with the codes of one dimension: its file of codes, levels, parents, names and spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory import NOT_STATED, TOTAL
from observatory.errors import Fault, Message, nearest
from observatory.fact_files import FactRow, folded, iso_date, read_rows_or_fault

MEMBER_COLUMNS = ("code", "level", "parent_code", "order", "valid_from", "valid_to")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def member_faults(folder: Path, file: str, levels: Sequence[str], languages: Sequence[str]) -> list[Fault]:
    """Return every fault of a dimension's file of codes.

    Args:
        folder: the edition's.
        file: the file's name in it.
        levels: those that have cells, finest first.
        languages: in which every code needs a name.
    """
    headings, rows, found = read_rows_or_fault(folder / file, file)
    if found:
        return found
    needed = (*MEMBER_COLUMNS, *(f"name_{language}" for language in languages))
    absent = [column for column in needed if column not in headings]
    if absent:
        return [Fault(file, Message("The column is missing: add it."), 1, column) for column in absent]
    found = [fault for row in rows for fault in _row_faults(file, row, languages)]
    first_rows: dict[str, FactRow] = {}
    for row in rows:
        first = first_rows.setdefault(row["code"], row)
        if first is not row:
            what = Message('The code "{code}" stands in row {other} already: give each its own.', code=row["code"],
                           other=first.number)  # fmt: skip
            found.append(Fault(file, what, row.number, "code"))
    found += [fault for row in rows for fault in _place_faults(file, row, first_rows, levels)]
    for level in levels:
        if rows and level not in {row["level"] for row in rows}:
            what = Message('No code has the level "{level}" of edition.yml: correct one of the two.', level=level)
            found.append(Fault(file, what, column="level"))
    return found + _spelling_faults(file, rows, first_rows, languages)


def _row_faults(file: str, row: FactRow, languages: Sequence[str]) -> list[Fault]:
    found = []

    def found_at(column: str, what: Message) -> None:
        found.append(Fault(file, what, row.number, column))

    if row["code"] in (TOTAL, NOT_STATED):
        found_at("code", Message('"{code}" belongs to every dimension by itself: remove the row.', code=row["code"]))
    elif not _CODE.fullmatch(row["code"]):
        what = Message(
            'The code "{code}" cannot stand in an address: use Latin letters, digits, "-" and "_".', code=row["code"]
        )
        found_at("code", what)
    if not row["level"]:
        found_at("level", Message("The level is missing: write it."))
    if not row["order"].isdigit():
        found_at("order", Message('"{value}" is not a whole number: write the place in lists.', value=row["order"]))
    for language in languages:
        if not row[f"name_{language}"]:
            what = Message('The name of "{code}" in this language is missing: write it.', code=row["code"])
            found_at(f"name_{language}", what)
    dates = []
    for column in ("valid_from", "valid_to"):
        try:
            dates.append(iso_date(row[column]))
        except ValueError:
            what = Message('"{value}" is not a date: write it as 2022-06-08, or leave it blank.', value=row[column])
            found_at(column, what)
    if len(dates) == 2 and all(dates) and dates[0] > dates[1]:
        found_at("valid_to", Message("The validity ends before it begins: exchange the two dates or correct one."))
    return found


def _place_faults(file: str, row: FactRow, rows: Mapping[str, FactRow], levels: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the parent of a row and with the region it belonged to before."""
    found, parent, before = [], row["parent_code"], row.get("before_code")
    if before and before not in rows:
        found.append(_unknown_code(file, row, "before_code", before, rows))
    if parent == TOTAL:
        if row["level"] not in levels:
            what = Message('Neither the level "{level}" nor one above it has figures: name a parent that has.',
                           level=row["level"])  # fmt: skip
            found.append(Fault(file, what, row.number, "parent_code"))
        return found
    if parent not in rows:
        return [*found, _unknown_code(file, row, "parent_code", parent, rows)]
    seen, above = [row["code"]], parent
    while above != TOTAL and above in rows:
        if above in seen:
            what = Message("The code is its own ancestor: correct a parent of {codes}.", codes=", ".join(seen))
            return [*found, Fault(file, what, row.number, "parent_code")]
        seen.append(above)
        above = rows[above]["parent_code"]
    own, upper = row["level"], rows[parent]["level"]
    if own in levels and (upper not in levels or levels.index(upper) <= levels.index(own)):
        what = Message('The parent "{parent}" has the level "{upper}", which is not coarser than "{level}".',
                       parent=parent, upper=upper, level=own)  # fmt: skip
        found.append(Fault(file, what, row.number, "parent_code"))
    return found


def _unknown_code(file: str, row: FactRow, column: str, code: str, rows: Mapping[str, FactRow]) -> Fault:
    like = nearest(code, rows)
    if like:
        what = Message('The code "{code}" is not in this file: perhaps "{like}" is meant.', code=code, like=like)
    else:
        what = Message('The code "{code}" is not in this file: add it, or write _T for the highest.', code=code)
    return Fault(file, what, row.number, column)


def _spelling_faults(
    file: str, rows: Sequence[FactRow], by_code: Mapping[str, FactRow], languages: Sequence[str]
) -> list[Fault]:
    """Return spellings that mean two codes and are not said to be ambiguous, and those said to be that are not."""
    found, owners, doubtful = [], {}, {}
    for row in rows:
        for spelling in row.parts("ambiguous"):
            doubtful.setdefault(folded(spelling), []).append((spelling, row))
    for row in rows:
        spellings = [("code", row["code"])]
        spellings += [(f"name_{language}", row[f"name_{language}"]) for language in languages]
        spellings += [("aliases", alias) for alias in row.parts("aliases")]
        for column, spelling in spellings:
            key = folded(spelling)
            if not key:
                continue
            other = owners.setdefault(key, row)
            if other is not row and not _related(row, other, by_code):
                what = Message(
                    '"{spelling}" means "{other}" in row {row} too: keep it in one, or name it as ambiguous in both.',
                    spelling=spelling, other=other["code"], row=other.number,
                )  # fmt: skip
                found.append(Fault(file, what, row.number, column))
            if key in doubtful:
                what = Message('"{spelling}" is said to be ambiguous in row {row}: keep it in one of the two columns.',
                               spelling=spelling, row=doubtful[key][0][1].number)  # fmt: skip
                found.append(Fault(file, what, row.number, column))
    for doubting in doubtful.values():
        if len(doubting) == 1:
            what = Message('"{spelling}" is ambiguous only if a second code has it: write it there, or under aliases.',
                           spelling=doubting[0][0])  # fmt: skip
            found.append(Fault(file, what, doubting[0][1].number, "ambiguous"))
    return found


def _related(row: FactRow, other: FactRow, rows: Mapping[str, FactRow]) -> bool:
    """True where one of two codes lies above the other: a spelling they share means the upper one."""
    return row["code"] in _lineage(other, rows) or other["code"] in _lineage(row, rows)


def _lineage(row: FactRow, rows: Mapping[str, FactRow]) -> set[str]:
    found: set[str] = set()
    code = row["code"]
    while code in rows and code not in found:
        found.add(code)
        code = rows[code]["parent_code"]
    return found
