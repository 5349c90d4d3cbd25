"""The facts common to all editions: measures, indicators, units, sources, glossary, findings, tables, words, files.

They lie in data/registry. Adding an indicator is adding a file there: no code changes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory import DATA_FOLDER
from observatory.errors import EditionError
from observatory.fact_files import read_yaml
from observatory.registry_faults import registry_faults

FAMILY_DIMENSIONS = {
    "activity": ("sector", "region", "theme", "size", "form"),
    "company_year": ("sector", "region", "size"),
    "frame": ("sector", "region"),
}
"""The dimensions each family of measures is broken down by; a filter on any other is set aside."""


@dataclass(frozen=True)
class Measure:
    """Something counted or summed. Values of a dimension in `adds_over` ("year" included) may be summed.

    protection: how its figures are made public: "sum", "count" or "share". share_of: of a share, the measure that
    counts those asked.
    """

    id: str
    family: str
    unit: str
    adds_over: tuple[str, ...]
    name: Mapping[str, str]
    protection: str = "sum"
    share_of: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions the measure has cells by."""
        return FAMILY_DIMENSIONS[self.family]


@dataclass(frozen=True)
class Unit:
    """How a value is written: `decimals` after the point, or `significant` digits; the other one is None.

    `forms` maps a language to templates with {number}, one for each plural category of the language and one named
    "compact" for numbers that carry their own word ("412 thousand"). `suffix` is the bare unit for axes and headings.
    """

    id: str
    kind: str
    decimals: int | None
    significant: int | None
    suffix: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Indicator:
    """What a figure shows: one measure (`denominator` empty), or a rate of two sums of measures.

    `source` names one id of sources.yml, or several with commas between them.
    A rate in a unit of kind "percent" is 100 * sum(numerator) / sum(denominator), in any other unit the bare quotient.
    """

    id: str
    name: Mapping[str, str]
    short: Mapping[str, str]
    definition: Mapping[str, str]
    unit: str
    better: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    breakdowns: tuple[str, ...]
    source: str
    framework: str
    catalogue: str

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the indicator needs, numerator first."""
        return self.numerator + self.denominator

    @property
    def is_rate(self) -> bool:
        """True where the value is a quotient, which never adds over anything."""
        return bool(self.denominator)


@dataclass(frozen=True)
class Source:
    """Who produced figures, under which licence (its name, or a sentence in all languages) and by which method."""

    id: str
    name: Mapping[str, str]
    producer: Mapping[str, str]
    licence: str | Mapping[str, str]
    link: str
    method: Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """A word of the field and what it means here."""

    id: str
    term: Mapping[str, str]
    definition: Mapping[str, str]


@dataclass(frozen=True)
class FindingRule:
    """A kind of sentence worth saying about the data, and when; findings.yml documents kinds and thresholds.

    `only` maps a dimension to the codes the rule looks at: {"size": ("large",)}.
    """

    id: str
    kind: str
    indicator: str
    by: str | None
    level: str | None
    only: Mapping[str, tuple[str, ...]]
    thresholds: Mapping[str, float]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Registry:
    """All facts of data/registry, each kind by id; `tables`, `rules` and those after them as written in their files."""

    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit]
    sources: Mapping[str, Source]
    glossary: Mapping[str, Term]
    findings: tuple[FindingRule, ...]
    tables: Mapping[str, Any]
    rules: Mapping[str, Any]
    notation: Mapping[str, Any]
    files: Mapping[str, Any]
    surveys: Mapping[str, Any]
    rubric: Mapping[str, Any]
    questionnaires: Mapping[str, Any]
    templates: Mapping[str, Any]

    def dimensions_of(self, indicator: Indicator) -> tuple[str, ...]:
        """Return the dimensions that every measure of the indicator has; a filter on another one is set aside."""
        families = [self.measures[measure].dimensions for measure in indicator.measures]
        return tuple(name for name in FAMILY_DIMENSIONS["activity"] if all(name in family for family in families))


@functools.cache
def registry(folder: Path = DATA_FOLDER / "registry") -> Registry:
    """Return the registry of `folder`, read once per process.

    Raises:
        EditionError: with every fault of every file, if there is one.
    """
    found = registry_faults(folder)
    if found:
        raise EditionError("The registry cannot be used: {count} faults.", faults=found, count=len(found))
    indicators = [_indicator(read_yaml(path)) for path in sorted((folder / "indicators").glob("*.yml"))]
    units = [_unit(entry) for entry in read_yaml(folder / "units.yml")]
    measures = [_measure(entry) for entry in read_yaml(folder / "measures.yml")]
    return Registry(
        measures={measure.id: measure for measure in measures},
        indicators={indicator.id: indicator for indicator in indicators},
        units={unit.id: unit for unit in units},
        sources={entry["id"]: Source(**entry) for entry in read_yaml(folder / "sources.yml")},
        glossary={entry["id"]: Term(**entry) for entry in read_yaml(folder / "glossary.yml")},
        findings=tuple(_finding(entry) for entry in read_yaml(folder / "findings.yml")),
        tables=_optional(folder / "tables.yml"),
        rules=_optional(folder / "rules.yml"),
        notation=_optional(folder / "notation.yml"),
        files=_optional(folder / "files.yml"),
        surveys=_optional(folder / "surveys.yml"),
        rubric=_optional(folder / "rubric.yml"),
        questionnaires=_optional(folder / "questionnaires.yml"),
        templates=_optional(folder / "templates.yml"),
    )


def _optional(path: Path) -> Mapping[str, Any]:
    return read_yaml(path) if path.exists() else {}


def _measure(entry: dict[str, Any]) -> Measure:
    return Measure(
        entry["id"], entry["family"], entry["unit"], tuple(entry["adds_over"]), entry["name"],
        entry.get("protection", "sum"), entry.get("share_of", ""),
    )  # fmt: skip


def _unit(entry: dict[str, Any]) -> Unit:
    return Unit(
        entry["id"], entry["kind"], entry.get("decimals"), entry.get("significant"), entry["suffix"], entry["forms"]
    )


def _finding(entry: dict[str, Any]) -> FindingRule:
    return FindingRule(
        id=entry["id"],
        kind=entry["kind"],
        indicator=entry["indicator"],
        by=entry.get("by"),
        level=entry.get("level"),
        only={dimension: tuple(codes) for dimension, codes in entry.get("only", {}).items()},
        thresholds=entry.get("thresholds", {}),
        text=entry["text"],
    )


def _indicator(entry: dict[str, Any]) -> Indicator:
    rate = entry.get("rate")
    return Indicator(
        id=entry["id"],
        name=entry["name"],
        short=entry["short"],
        definition=entry["definition"],
        unit=entry["unit"],
        better=entry["better"],
        numerator=tuple(rate["numerator"]) if rate else (entry["measure"],),
        denominator=tuple(rate["denominator"]) if rate else (),
        breakdowns=tuple(entry["breakdowns"]),
        source=entry["source"],
        framework=entry.get("framework", ""),
        catalogue=entry.get("catalogue", ""),
    )
