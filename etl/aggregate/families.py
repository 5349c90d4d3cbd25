"""Families of measures: what comes from which table, and which of it counts whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Measures that come from one table.

    Attributes:
        name: of the family in measures.yml, and of the .sql file that gives its rows.
        kind: dimensions that say what kind of organisation a row is of; they seldom change within a period.
        deed: dimensions that say what was done, and where.
        periods: the columns that cells have as periods.
        sums: measures that are sums of the column of the same name.
        counted: measures that count companies or NGOs, each once: measure -> "company" or "ngo".
    """

    name: str
    kind: tuple[str, ...]
    deed: tuple[str, ...]
    periods: tuple[str, ...]
    sums: tuple[str, ...]
    counted: Mapping[str, str]

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure of the family."""
        return (*self.sums, *self.counted)

    @property
    def marks(self) -> Mapping[str, int]:
        """What one is counted for, each with its bit: having given to a measure, being a company, being an NGO."""
        return {name: 1 << place for place, name in enumerate((*self.measures, "is_company", "is_ngo"))}


FAMILIES = (
    Family(
        "activity",
        kind=("sector", "size"),
        deed=("region", "theme", "form"),
        periods=("year", "month"),
        sums=(
            "activities", "participations", "hours", "paid_hours", "skilled_hours", "beneficiaries", "cost",
            "requested",
        ),
        counted={"companies": "company", "ngos": "ngo"},
    ),
    Family(
        "company_year",
        kind=("sector", "region", "size"),
        deed=(),
        periods=("year",),
        sums=(
            "headcount", "volunteers", "volunteers_paid", "reported_paid_hours", "reported_own_hours",
            "programme_cost", "companies_graded", "companies_disclosing",
        ),
        counted={"companies_reporting": "company"},
    ),
)  # fmt: skip
