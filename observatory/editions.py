"""Editions: a country or an event as facts, read from a folder.

`load_edition` gives the frozen facts or an `EditionError` that names every fault; `edition_faults.faults` lists them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from observatory import DATA_FOLDER, NOT_STATED, TOTAL
from observatory.edition_faults import DIMENSIONS, MEMBER_COLUMNS, faults
from observatory.errors import EditionError, nearest
from observatory.fact_files import FactRow, folded, iso_date, read_rows, read_yaml
from observatory.registry import Indicator, registry
from observatory.targets import Target, read_targets

EDITIONS_FOLDER = DATA_FOLDER / "editions"


@dataclass(frozen=True)
class Member:
    """One code of a dimension. `names` and `shorts` map every language of the edition; dates bound its validity."""

    code: str
    level: str
    parent_code: str
    order: int
    valid_from: date | None
    valid_to: date | None
    names: Mapping[str, str]
    shorts: Mapping[str, str]
    aliases: tuple[str, ...]
    ambiguous: tuple[str, ...]
    extras: Mapping[str, str]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that people write for the code: the code itself, its names, long and short, and its aliases."""
        return (self.code, *self.names.values(), *self.shorts.values(), *self.aliases)


@dataclass(frozen=True)
class Dimension:
    """A breakdown: its levels that have cells, finest first, and all its codes in their order."""

    name: str
    levels: tuple[str, ...]
    members: Mapping[str, Member]

    def level_of(self, code: str) -> str:
        """Return the level of a code; "_T" and "_U" are their own level and the finest one."""
        if code == TOTAL:
            return TOTAL
        if code == NOT_STATED or code in self.rests:
            return self.levels[0] if self.levels else TOTAL
        return self.members[code].level

    def parent_of(self, code: str) -> str:
        """Return the code above, "_T" above the highest and above "_U"."""
        if code in self.rests:
            return self.rests[code]
        return TOTAL if code in (TOTAL, NOT_STATED) else self.members[code].parent_code

    @cached_property
    def rests(self) -> Mapping[str, str]:
        """Maps "ecology_U", what is stated as ecology and no further, to "ecology"; one for each code with codes below.

        With it the cells below a code add up to the code, whatever records leave open. It is in no record and no file.
        """
        above = {member.parent_code for member in self.members.values() if member.level in self.levels}
        return {
            f"{code}{NOT_STATED}": code
            for code, member in self.members.items()
            if code in above and member.level in self.levels
        }

    def counts_for(self, code: str) -> tuple[str, ...]:
        """Return every code that a record with this code counts for: its rest, if any, itself, its parents, "_T"."""
        rest = f"{code}{NOT_STATED}"
        return (*((rest,) if rest in self.rests else ()), *self.ancestors(code))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code, its parents and "_T", without those whose level has no cells."""
        if code not in self._lineages:
            chain, above = [], code
            while above != TOTAL:
                if self.level_of(above) in self.levels or above == NOT_STATED:
                    chain.append(above)
                above = self.parent_of(above)
            self._lineages[code] = (*chain, TOTAL)
        return self._lineages[code]

    @cached_property
    def _lineages(self) -> dict[str, tuple[str, ...]]:
        """The ancestors of each code that was asked about."""
        return {}

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes with cells directly below a code, in order; "_U" is not among them."""
        return self._below.get(code, ())

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for member in self.members.values():
            if member.level in self.levels:
                above = self.ancestors(member.code)[1]
                found[above] = (*found.get(above, ()), member.code)
        return found

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes with cells that have none below them, in order."""
        above = {code for member in self.members for code in self.ancestors(member)[1:]}
        return tuple(
            member.code for member in self.members.values() if member.level in self.levels and member.code not in above
        )

    def cut(self, level: str) -> tuple[str, ...]:
        """Return codes that divide everything, in order: of each leaf the highest ancestor not coarser than `level`.

        A leaf that is coarser itself (a theme without sub-themes) stands for itself.
        """
        fine_enough = self.levels[: self.levels.index(level) + 1]
        found: dict[str, None] = {}
        for leaf in self.leaves:
            lineage = [code for code in self.ancestors(leaf) if self.level_of(code) in fine_enough]
            found[lineage[-1] if lineage else leaf] = None
        return tuple(found)

    @cached_property
    def spellings(self) -> Mapping[str, tuple[str, ...]]:
        """Maps each folded spelling to its codes: one where it is plain, several where it is ambiguous.

        A spelling shared by a code and one above it ("Construction", section and group) means the one above.
        """
        found: dict[str, set[str]] = {}
        for member in self.members.values():
            for spelling in (*member.spellings, *member.ambiguous):
                found.setdefault(folded(spelling), set()).add(member.code)
        return {
            spelling: tuple(code for code in self.members if code in codes and not codes & set(self._above(code)))
            for spelling, codes in found.items()
        }

    def _above(self, code: str) -> list[str]:
        above = []
        while (code := self.parent_of(code)) != TOTAL:
            above.append(code)
        return above


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
    dimensions = {name: _dimension(name, facts["dimensions"].get(name), folder, languages) for name in DIMENSIONS}
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
        thresholds=read_yaml(folder / "thresholds.yml"),
        sources=tuple({**read_yaml(path), "path": path} for path in sorted((folder / "sources").glob("*.yml"))),
    )


def _dimension(name: str, facts: Mapping[str, Any] | None, folder: Path, languages: tuple[str, ...]) -> Dimension:
    if facts is None:
        return Dimension(name, (), {})
    _, rows = read_rows(folder / facts["file"])
    members = sorted((_member(row, languages) for row in rows), key=lambda member: member.order)
    return Dimension(name, tuple(facts["levels"]), {member.code: member for member in members})


def _member(row: FactRow, languages: tuple[str, ...]) -> Member:
    names = {language: row[f"name_{language}"] for language in languages}
    own = {*MEMBER_COLUMNS, "aliases", "ambiguous"}
    return Member(
        code=row["code"],
        level=row["level"],
        parent_code=row["parent_code"],
        order=int(row["order"]),
        valid_from=iso_date(row["valid_from"]),
        valid_to=iso_date(row["valid_to"]),
        names=names,
        shorts={language: row.get(f"short_{language}") or names[language] for language in languages},
        aliases=row.parts("aliases"),
        ambiguous=row.parts("ambiguous"),
        extras={
            column: value
            for column, value in row.values.items()
            if column not in own and not column.startswith(("name_", "short_"))
        },
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
