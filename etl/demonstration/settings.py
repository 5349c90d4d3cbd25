"""What the generator makes up and writes, read from two files of the edition and checked against its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from observatory.editions import Edition
from observatory.errors import EditionError, Fault, Message
from observatory.fact_files import read_yaml_or_fault
from observatory.registry_faults import unknown

WORLD, FILES = "demonstration.yml", "demonstration_files.yml"
PARTS = {
    WORLD: (
        "seed", "companies", "activities", "ngos", "first_month", "last_month", "delivered", "years", "company",
        "sectors", "sizes", "regions", "forms", "themes", "events", "gaps", "log", "ngo", "company_form", "gatherings",
    ),
    FILES: ("layouts", "twice", "faults"),
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The content of both files; parts that a file describes at length stay mappings of that file's own words.

    `first_month` and `last_month` are datetime64[M]; `delivered` is the day the last files arrive, the clock of
    everything generated.
    """

    seed: int
    companies: int
    activities: int
    ngos: int
    first_month: np.datetime64
    last_month: np.datetime64
    delivered: date
    years: Mapping[int, Mapping[str, float]]
    company: Mapping[str, Any]
    sectors: Mapping[str, Mapping[str, Any]]
    sizes: Mapping[str, Mapping[str, float]]
    regions: Mapping[str, Mapping[str, float]]
    forms: Mapping[str, Mapping[str, Any]]
    themes: Mapping[str, Mapping[str, Any]]
    events: tuple[Mapping[str, Any], ...]
    gaps: Mapping[str, float]
    log: Mapping[str, Any]
    ngo: Mapping[str, Any]
    company_form: Mapping[str, Any]
    gatherings: Mapping[str, Any]
    layouts: tuple[Mapping[str, Any], ...]
    twice: tuple[Mapping[str, Any], ...]
    faults: tuple[Mapping[str, Any], ...]

    @property
    def months(self) -> np.ndarray:
        """Every month of the log, as datetime64[M]."""
        return np.arange(self.first_month, self.last_month + 1)

    @property
    def all_years(self) -> np.ndarray:
        """Every year of the log, as integers."""
        return np.arange(int(str(self.first_month)[:4]), int(str(self.last_month)[:4]) + 1)


def load_settings(edition: Edition) -> Settings:
    """Return the generator's settings of an edition.

    Raises:
        EditionError: the edition has no demonstration, a part is missing, or a code is none of the edition's; all
            faults at once.
    """
    raw: dict[str, Any] = {}
    faults: list[Fault] = []
    for file, parts in PARTS.items():
        content, found = read_yaml_or_fault(edition.folder / file, file)
        faults += found
        if content is not None:
            raw |= content
            missing = [part for part in parts if part not in content]
            faults += [Fault(file, Message("The key is missing: write it."), column=part) for part in missing]
    if not faults:
        faults = list(_unknown_codes(raw, edition))
    if faults:
        raise EditionError("The demonstration of {edition} cannot be generated.", faults, edition=edition.id)
    return Settings(
        **{part: raw[part] for parts in PARTS.values() for part in parts}
        | {
            "first_month": np.datetime64(raw["first_month"], "M"),
            "last_month": np.datetime64(raw["last_month"], "M"),
            "events": tuple(raw["events"]),
            "layouts": tuple(raw["layouts"]),
            "twice": tuple(raw["twice"]),
            "faults": tuple(raw["faults"]),
        }
    )


def _unknown_codes(raw: Mapping[str, Any], edition: Edition) -> Iterator[Fault]:
    used = [
        ("sectors", "sector", raw["sectors"]),
        ("sizes", "size", raw["sizes"]),
        ("regions", "region", raw["regions"]),
        ("forms", "form", raw["forms"]),
        ("themes", "theme", raw["themes"]),
        ("company.ownership", "ownership", raw["company"]["ownership"]),
    ]
    for number, event in enumerate(raw["events"], start=1):
        used.append((f"events.{number}.of", "theme", event["of"]))
        used.append((f"events.{number}.regions", "region", event.get("regions", ())))
        used.append((f"events.{number}.forms", "form", event.get("forms", ())))
    used.append(("gatherings.office_regions", "region", raw["gatherings"]["office_regions"]))
    for kind, facts in raw["gatherings"]["kinds"].items():
        used.append((f"gatherings.{kind}.regions", "region", facts.get("regions", ())))
        used.append(
            (f"gatherings.{kind}.topics", "theme", [topic["theme"] for topic in facts["topics"] if "theme" in topic])
        )
    for place, dimension, codes in used:
        known = edition.dimensions[dimension].members
        yield from (unknown(WORLD, place, code, known) for code in codes if code not in known)
