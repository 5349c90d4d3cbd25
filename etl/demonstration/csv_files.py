"""CSV as office programs write it: with a delimiter, an encoding and a way of writing numbers of their own."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from etl.demonstration.deliveries import Table


def write_csv(path: Path, table: Table) -> list[tuple[str, int]]:
    """Write a table as its layout says and return sheet ("") and row of each record; the heading is row 1."""
    layout = table.layout
    with path.open("w", encoding=layout["encoding"], newline="") as file:
        writer = csv.writer(file, delimiter=layout["delimiter"], lineterminator="\r\n")
        writer.writerow(layout["columns"].values())
        for record in table.fields.itertuples(index=False):
            writer.writerow([_text(value, layout) for value in record])
    return [("", row) for row in range(2, len(table.fields) + 2)]


def _text(value: Any, layout: Mapping[str, Any]) -> str:
    if value is None:
        return layout.get("missing", "")
    if isinstance(value, date):
        return value.strftime(layout["dates"])
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", layout.get("decimal", "."))
    if isinstance(value, int) and value >= 10_000 and "thousands" in layout:
        return f"{value:,}".replace(",", layout["thousands"])
    return str(value)
