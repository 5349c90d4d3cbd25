"""What is told of a file: its columns, the fields they feed, what is missing, a description that reads it so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from etl.read import FileFault
from observatory.errors import Message

SAMPLES, LOOKED_AT = 3, 200
"""Values shown of each column, and the rows they are taken from."""

SOURCES = {"company_year": "company_form", "event": "event_list", "respondent": "survey"}
"""Who is named as the source of a table's figures where nobody says; of the others the log of activities."""

DAY = re.compile(r"[ _-]*\d{4}-\d{2}-\d{2}|[ _-]*\(\d+\)$")
"""What differs between deliveries of one kind: the day, and the number that a browser adds."""

BY_DESCRIPTION, BY_EXPRESSION, BY_HEADING, LEFT_ASIDE = "description", "expression", "heading", "not_used"


@dataclass(frozen=True)
class ReadColumn:
    """One column of a file: where it stands, what is in it, the field or question it feeds and how that was recognised.

    `how` is one of description, expression, heading, not_used (left aside on purpose); None where nothing is known.
    """

    sheets: tuple[str, ...]
    letter: str
    heading: str
    samples: tuple[str, ...]
    field: str | None = None
    how: str | None = None


@dataclass(frozen=True)
class Unfed:
    """A field that nothing feeds and, where rows need it, the headings without a field that are most like its own."""

    field: str
    is_required: bool
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """How a file reads.

    Attributes:
        source_id: the description that fits by the file's name or was given; None where a table was guessed.
        table: what its rows are.
        columns: in their order, sheet after sheet.
        unfed: fields of the table that nothing feeds, required ones first.
        faults: what keeps the file, or a sheet, from being read.
        proposal: a description that reads the file so, as it stands in a file of YAML.
        to_do: what the proposal still lacks and nothing in the file says.
    """

    source_id: str | None
    table: str
    columns: tuple[ReadColumn, ...]
    unfed: tuple[Unfed, ...]
    faults: tuple[FileFault, ...]
    proposal: Mapping[str, Any]
    to_do: tuple[Message, ...] = ()

    @property
    def yaml(self) -> str:
        """The proposal as text."""
        return yaml.safe_dump(dict(self.proposal), allow_unicode=True, sort_keys=False, width=110)


def letters(place: int) -> str:
    """Return the letters of a column as spreadsheets count them: A for 0, AA for 26."""
    said, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def bare(table: str, name: str) -> dict[str, Any]:
    """Return what a description must say of files of such a name; the columns are still to be found."""
    stem, dot, ending = name.rpartition(".")
    stem, dot, ending = (stem, dot, ending) if stem else (name, "", "")
    stem = DAY.sub("", stem).strip(" _-") or "file"
    identity = re.sub(r"\W+", "_", stem.casefold()).strip("_") or "file"
    pattern = re.sub(r"[\[\]*?]", "?", stem)
    source = SOURCES.get(table, "activity_log")
    return {"id": identity, "table": table, "source": source, "files": f"{pattern}*{dot}{ending}"}


def filled(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said and not left empty."""
    return {key: value for key, value in raw.items() if value}
