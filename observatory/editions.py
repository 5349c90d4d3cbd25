"""Editions: a country or an event as facts, read from a folder.

`load_edition` gives the frozen facts or an `EditionError` that names every fault; `edition_faults.faults` lists them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from observatory import DATA_FOLDER
from observatory.dimensions import Dimension, read_dimension
from observatory.edition_faults import DIMENSIONS, faults
from observatory.errors import EditionError, nearest
from observatory.fact_files import read_rows, read_yaml
from observatory.registry import Indicator, registry
from observatory.targets import Target, read_targets

EDITIONS_FOLDER = DATA_FOLDER / "editions"


@dataclass(frozen=True)
class MapFacts:
    """The map of the region dimension: files relative to the edition's folder, extent in degrees, projection."""

    file: str
    key: str
    labels: str
    attribution: Mapping[str, str]
    longitude: tuple[float, float]
    latitude: tuple[float, float]
    parallels: tuple[float, float]
    centre_longitude: float


@dataclass(frozen=True)
class Event:
    """Something that explains a mark on a trend; `theme_code` is None where it concerns all themes."""

    event_id: str
    date: date
    theme_code: str | None
    name: Mapping[str, str]
    on_trends: bool
    source: str
    link: str


@dataclass(frozen=True)
class FrameValue:
    """A figure of the whole economy: `value` in the measure's unit, for one code and year."""

    measure: str
    dimension: str
    code: str
    year: int
    value: float
    source: str


@dataclass(frozen=True)
class Edition:
    """All facts of one edition. `sources` are the parsed source descriptions, each with its `path`."""

    id: str
    folder: Path
    name: Mapping[str, str]
    country: Mapping[str, str]
    languages: tuple[str, ...]
    default_language: str
    currency: str
    first_year: int
    comparable_before: int | None
    licence: str
    contact: str
    keep_snapshots: int
    reject_share_limit: float
    dimensions: Mapping[str, Dimension]
    map: MapFacts | None
    events: tuple[Event, ...]
    targets: tuple[Target, ...]
    indicators: tuple[Indicator, ...]
    frame: tuple[FrameValue, ...]
    limits: Mapping[str, float]
    thresholds: Mapping[str, Any]
    sources: tuple[Mapping[str, Any], ...]

    def __hash__(self) -> int:
        return hash((self.id, self.folder))


def edition_ids(folder: Path = EDITIONS_FOLDER) -> tuple[str, ...]:
    """Return the ids of the editions that ship."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/edition.yml")))


def edition_folder(edition: str | Path | None = None) -> Path:
    """Return the folder of an edition.

    Args:
        edition: an id, or a folder; None means `ASAR_EDITION`, or else the line in data/editions/DEFAULT.

    Raises:
        EditionError: there is none; the message names the nearest there is.
    """
    wanted = str(edition or os.environ.get("ASAR_EDITION") or (EDITIONS_FOLDER / "DEFAULT").read_text().strip())
    for folder in (EDITIONS_FOLDER / wanted, Path(wanted)):
        if (folder / "edition.yml").is_file():
            return folder.resolve()
    known = edition_ids()
    raise EditionError(
        'There is no edition "{edition}". The nearest is "{nearest}"; a folder that holds edition.yml will do too.',
        edition=wanted, nearest=nearest(wanted, known) or ", ".join(known),
    )  # fmt: skip


def load_edition(edition: str | Path | None = None) -> Edition:
    """Return the facts of an edition, read once per process.

    Args:
        edition: see `edition_folder`.

    Raises:
        EditionError: there is no such edition, or its files have faults; all of them are in the error.
    """
    return _load(edition_folder(edition))


@cache
def _load(folder: Path) -> Edition:
    found = faults(folder)
    if found:
        raise EditionError("The edition {edition} cannot be used: {count} faults.", faults=found,
                           edition=folder.name, count=len(found))  # fmt: skip
    facts = read_yaml(folder / "edition.yml")
    languages = tuple(facts["languages"])
    known = registry().indicators
    dimensions = {name: read_dimension(name, facts["dimensions"].get(name), folder, languages) for name in DIMENSIONS}
    return Edition(
        id=facts["id"],
        folder=folder,
        name=facts["name"],
        country=facts["country"],
        languages=languages,
        default_language=facts["default_language"],
        currency=facts["currency"],
        first_year=facts["first_year"],
        comparable_before=facts.get("comparable_before"),
        licence=facts["licence"],
        contact=facts.get("contact") or "",
        keep_snapshots=facts["keep_snapshots"],
        reject_share_limit=facts["reject_share_limit"],
        dimensions=dimensions,
        map=_map(facts.get("map")),
        events=_events(folder, languages),
        targets=read_targets(folder, languages),
        indicators=tuple(known[indicator] for indicator in facts["indicators"]),
        frame=tuple(value for entry in facts.get("frame", ()) for value in _frame(entry, folder)),
        limits=facts["limits"],
        thresholds={**registry().surveys.get("thresholds", {}), **read_yaml(folder / "thresholds.yml")},
        sources=tuple({**read_yaml(path), "path": path} for path in sorted((folder / "sources").glob("*.yml"))),
    )


def _map(facts: Mapping[str, Any] | None) -> MapFacts | None:
    if facts is None:
        return None
    pairs = {key: tuple(facts[key]) for key in ("longitude", "latitude", "parallels")}
    return MapFacts(**{**facts, **pairs})


def _events(folder: Path, languages: tuple[str, ...]) -> tuple[Event, ...]:
    if not (folder / "events.csv").exists():
        return ()
    _, rows = read_rows(folder / "events.csv")
    found = [
        Event(
            event_id=row["event_id"],
            date=date.fromisoformat(row["date"]),
            theme_code=row["theme_code"] or None,
            name={language: row[f"name_{language}"] for language in languages},
            on_trends=row["on_trends"] == "true",
            source=row["source"],
            link=row["link"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda event: event.date))


def _frame(entry: Mapping[str, Any], folder: Path) -> list[FrameValue]:
    _, rows = read_rows(folder / entry["file"])
    return [
        FrameValue(
            measure=entry["measure"],
            dimension=entry["dimension"],
            code=row[entry["code"]],
            year=int(row["year"]),
            value=round(float(row[entry["value"]]) * entry.get("multiply", 1), 6),
            source=entry["source"],
        )
        for row in rows
        if row[entry["code"]] != str(entry.get("total", ""))
    ]
