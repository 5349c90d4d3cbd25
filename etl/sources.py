"""Source descriptions: which files feed which table, and how their columns become fields."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from etl.source_faults import (
    DELIVERED,
    NOT_A_MAPPING,
    description_faults,
    description_paths,
    listed,
    source_faults,
)
from etl.surveys.described import Survey, survey_of
from etl.values import parse_number
from observatory.editions import Edition
from observatory.errors import Fault, SourceError
from observatory.fact_files import read_yaml, read_yaml_or_fault, visible
from observatory.registry import registry

BLANK = frozenset({"", "-", "–", "—"})
ALL_BUT = "!"
"""What stands before a sheet that is not read."""


@dataclass(frozen=True)
class Column:
    """Where one field comes from: a column, an SQL expression over the columns, or one constant for every row.

    `headings` are tried in their order; `values` maps spellings (folded) to codes or values; `missing` are spellings
    that mean "not known" in this column beside those of the whole source. Numbers are multiplied by `factor` (None:
    by what the heading says, such as "thousand") and by the number in the column headed `times`, if there is one.
    """

    headings: tuple[str, ...] = ()
    sql: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    factor: Decimal | None = None
    times: str | None = None


@dataclass(frozen=True)
class Format:
    """Hints on how a file is written; what is None is detected."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dates: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    skip_rows: int = 0


@dataclass(frozen=True, eq=False)
class SourceDescription:
    """One file of data/editions/<edition>/sources: what is delivered and what it means.

    `drop_rows` are beginnings of the first filled cell of rows that are no data, `drop_where` of one under a heading;
    `fill_down` names fields of which a blank cell means the value above; `currency` is the edition's (ISO 4217);
    `survey` says of what wave and form the answers are, in descriptions of the table of respondents.
    """

    id: str
    table: str
    source: str
    files: tuple[str, ...]
    path: Path
    delivered: str = DELIVERED
    format: Format = Format()
    missing: frozenset[str] = BLANK
    drop_rows: tuple[str, ...] = ()
    drop_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    not_used: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    currency: str = ""
    survey: Survey | None = None

    @cached_property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """The fields a file of this source may feed: what describes an organisation only where it is created."""
        fields = registry().tables[self.table]["fields"]
        identity = {"bin", "name"}
        return {
            name: facts
            for name, facts in fields.items()
            if "feeds" not in facts
            or facts["feeds"].split(".")[0] in self.creates
            or facts["feeds"].split(".")[1] in identity
        }

    def matches(self, name: str) -> bool:
        """Return whether a path, relative to the folder of deliveries, is one of this source's files.

        A text file that was made a workbook to be corrected, x.csv.xlsx, is read as x.csv.
        """
        names = {name.casefold(), name.casefold().removesuffix(".xlsx")}
        return any(fnmatch.fnmatchcase(known, pattern.casefold()) for known in names for pattern in self.files)

    def has_sheet(self, name: str) -> bool:
        """Return whether the sheets the format names, if it names any, include this one; "!x" are all sheets but x."""
        wanted = [sheet for sheet in self.format.sheets if not sheet.startswith(ALL_BUT)]
        left_out = [sheet.removeprefix(ALL_BUT) for sheet in self.format.sheets if sheet.startswith(ALL_BUT)]
        return (not wanted or _is_like(name, wanted)) and not _is_like(name, left_out)


def load_sources(edition: Edition, beside: Path | None = None) -> tuple[SourceDescription, ...]:
    """Return the edition's source descriptions and those of the folder `beside` the deliveries, by id.

    Raises:
        SourceError: with every fault of every description, if there is one, or that there is none.
    """
    faults = source_faults(edition.folder, beside)
    if faults:
        raise SourceError("The source descriptions of {edition} cannot be used.", faults, edition=edition.id)
    paths = description_paths(edition.folder, beside).values()
    sources = [_description(path, read_yaml(path), edition.currency) for path in paths]
    if not sources:
        folder = edition.folder / "sources"
        raise SourceError("The folder {folder} describes no source: add a file there.", folder=str(folder))
    return tuple(sorted(sources, key=lambda source: source.id))


def read_description(path: Path, currency: str = "") -> SourceDescription:
    """Return one description that stands by itself.

    Raises:
        SourceError: with every fault it has.
    """
    raw, faults = read_yaml_or_fault(path, path.name)
    if raw is not None:
        is_mapping = isinstance(raw, Mapping)
        faults = (
            list(description_faults(path.name, raw, path.parent)) if is_mapping else [Fault(path.name, NOT_A_MAPPING)]
        )
    if faults:
        raise SourceError("The source description {name} cannot be used.", faults, name=path.name)
    return _description(path, raw, currency)


def _description(path: Path, raw: Mapping[str, Any], currency: str) -> SourceDescription:
    hints, dropped = raw.get("format") or {}, raw.get("drop_rows")
    by_heading = dropped if isinstance(dropped, Mapping) else {}
    return SourceDescription(
        id=str(raw["id"]),
        table=raw["table"],
        source=raw["source"],
        files=listed(raw["files"]),
        path=path,
        delivered=str(raw.get("delivered") or DELIVERED),
        format=Format(
            encoding=str(hints["encoding"]) if hints.get("encoding") else None,
            delimiter=hints.get("delimiter"),
            decimal=hints.get("decimal"),
            thousands=hints.get("thousands"),
            dates=listed(hints.get("dates")),
            sheets=listed(hints.get("sheets")),
            skip_rows=int(hints.get("skip_rows") or 0),
        ),
        missing=BLANK | {folded_value(value) for value in listed(raw.get("missing"))},
        drop_rows=() if by_heading else listed(dropped),
        drop_where={str(heading): listed(words) for heading, words in by_heading.items()},
        columns={name: _column(column) for name, column in (raw.get("columns") or {}).items()},
        not_used=listed(raw.get("not_used")),
        key=listed(raw.get("key")),
        creates=listed(raw.get("creates")),
        fill_down=listed(raw.get("fill_down")),
        currency=currency,
        survey=survey_of(raw["survey"], path.parent) if raw.get("survey") else None,
    )


def _column(raw: Any) -> Column:
    if not isinstance(raw, Mapping):
        return Column(headings=listed(raw))
    multiply = raw.get("multiply")
    factor = parse_number(str(multiply)) if multiply is not None else None
    return Column(
        headings=listed(raw.get("column")),
        sql=raw.get("sql"),
        constant=None if raw.get("constant") is None else str(raw["constant"]),
        values={folded_value(spelling): str(value) for spelling, value in (raw.get("values") or {}).items()},
        missing=frozenset(folded_value(value) for value in listed(raw.get("missing"))),
        factor=factor,
        times=str(multiply) if multiply is not None and factor is None else None,
    )


def folded_value(spelling: Any) -> str:
    """Return a cell's text as `values` and `missing` compare it: case and blanks make no difference."""
    return " ".join(visible(str(spelling)).split()).casefold()


def _is_like(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
