"""What is wrong with the map of an edition: boundaries, label points, extent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from observatory.errors import Fault, Message
from observatory.fact_files import FactRow, read_rows_or_fault
from observatory.registry_faults import missing_languages

MAIN = "edition.yml"
KEYS = ("file", "key", "labels", "attribution", "longitude", "latitude", "parallels", "centre_longitude")
PLACES = ("", "above", "below", "left", "right")
COORDINATES = (("longitude", "stage_longitude"), ("latitude", "stage_latitude"))


def map_faults(
    folder: Path, facts: Mapping[str, Any], regions: Sequence[FactRow], levels: Sequence[str], languages: Sequence[str]
) -> list[Fault]:
    """Return every fault of a map: each finest region needs a boundary, each boundary and label a region."""
    absent = [key for key in KEYS if key not in facts]
    if absent:
        return [Fault(MAIN, Message("The key is missing: write it."), column=f"map.{key}") for key in absent]
    found = missing_languages(MAIN, "map.attribution", facts["attribution"], languages)
    finest = {row["code"] for row in regions if row["level"] == levels[0]}
    found += _boundary_faults(folder, facts["file"], facts["key"], finest)
    return found + _label_faults(folder, facts, {row["code"] for row in regions}, finest)


def _boundary_faults(folder: Path, file: str, key: str, finest: set[str]) -> list[Fault]:
    if not (folder / file).is_file():
        return [Fault(file, Message("The file is missing: add it."))]
    try:
        features = json.loads((folder / file).read_text(encoding="utf-8"))["features"]
        drawn = [str(feature["properties"][key]) for feature in features]
    except (ValueError, KeyError, TypeError):
        what = Message('This is not a GeoJSON collection whose features have the property "{key}".', key=key)
        return [Fault(file, what)]
    stray = [code for code in drawn if code not in finest]
    found = [Fault(file, Message('The boundary "{code}" belongs to no region: correct its code or add it.', code=code))
             for code in stray]  # fmt: skip
    return found + [
        Fault(file, Message('The region "{code}" has no boundary: add one.', code=code))
        for code in sorted(finest - set(drawn))
    ]


def _label_faults(folder: Path, facts: Mapping[str, Any], codes: set[str], finest: set[str]) -> list[Fault]:
    file = facts["labels"]
    headings, rows, found = read_rows_or_fault(folder / file, file)
    if found:
        return found
    found = [Fault(file, Message("The column is missing: add it."), 1, column)
             for column in ("code", "longitude", "latitude", "place") if column not in headings]  # fmt: skip
    if found:
        return found
    for row in rows:
        if row["code"] not in codes:
            what = Message('The label "{code}" belongs to no region: correct its code or add it.', code=row["code"])
            found.append(Fault(file, what, row.number, "code"))
        if row["place"] not in PLACES:
            what = Message("Write above, below, left or right, or leave it blank.")
            found.append(Fault(file, what, row.number, "place"))
        for axis, columns in zip(("longitude", "latitude"), COORDINATES, strict=True):
            low, high = facts[axis]
            for column in columns:
                if row.get(column) or column == axis:
                    found += _coordinate_faults(file, row, column, low, high)
    labelled = {row["code"] for row in rows}
    return found + [
        Fault(file, Message('The region "{code}" has no label point: add one.', code=code), column="code")
        for code in sorted(finest - labelled)
    ]


def _coordinate_faults(file: str, row: FactRow, column: str, low: float, high: float) -> list[Fault]:
    try:
        value = float(row.get(column))
    except ValueError:
        what = Message('"{value}" is not a number: write degrees with a decimal point.', value=row.get(column))
        return [Fault(file, what, row.number, column)]
    if low <= value <= high:
        return []
    what = Message("{value} lies outside the map, which reaches from {low} to {high}: correct the label point.",
                   value=value, low=low, high=high)  # fmt: skip
    return [Fault(file, what, row.number, column)]
