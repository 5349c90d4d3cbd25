"""What every figure is made from (Context) and what it gives (View): page, download and slide all read a View."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import pandas as pd

from observatory import queries
from observatory.asked import Asked
from observatory.charts.look import Chart, Look
from observatory.editions import Edition
from observatory.filters import Filters
from observatory.registry import Indicator, registry
from observatory.store import Store
from observatory.texts import Texts
from observatory.what_if import WhatIf

CHOSEN = ("filters", "show", "unit")
"""The parts of the choice that a figure reads, where it does not say otherwise."""


@dataclass(frozen=True)
class Context:
    """Who reads what: one snapshot, one choice, one language, one look.

    `show` is the indicator chosen on the page, `unit` the level of regions drawn (a level of the edition), `what_if`
    the step and the weights that are tried out, `asked` the question of a survey.
    """

    store: Store
    edition: Edition
    filters: Filters
    texts: Texts
    look: Look
    show: str = ""
    unit: str = ""
    what_if: WhatIf = WhatIf()
    asked: Asked = Asked()

    def indicator(self, indicator_id: str = "") -> Indicator:
        return registry().indicators[indicator_id or self.show]

    @property
    def main(self) -> Indicator:
        """The edition's first count that is reported here: what headlines and shares are about."""
        counts = [indicator for indicator in self.edition.indicators if not indicator.is_rate]
        return next((indicator for indicator in counts if indicator.id in self.available), counts[0])

    def count(self, indicator_id: str = "") -> Indicator:
        """Return a count: the one named, else the one chosen on the page, else the edition's main one."""
        indicator = self.indicator(indicator_id) if indicator_id or self.show else self.main
        return self.main if indicator.is_rate else indicator

    def has(self, indicator: Indicator, *breakdowns: str) -> bool:
        """Return True where the edition breaks the indicator down in these ways; no name asks for nothing."""
        dimensions = self.edition.dimensions
        needed = {"holding": "ownership"}  # companies have a holding where they are known by owner
        return all(
            name in indicator.breakdowns and (name in ("year", "month") or dimensions[needed.get(name, name)].levels)
            for name in breakdowns
            if name
        )

    def levels(self, **levels: str) -> dict[str, dict[str, str]]:
        """Return the argument `level` of a question: the levels asked for, as far as the edition has them."""
        known = {name: level for name, level in levels.items() if level in self.edition.dimensions[name].levels}
        return {"level": known} if known else {}

    def lookup(self, indicator: Indicator, by: tuple[str, ...] = (), filters: Filters | None = None, **options):
        return queries.lookup(self.store, self.edition, indicator, by, filters or self.filters, **options)

    def lookup_revised(self, indicator: Indicator, by: tuple[str, ...] = (), **options):
        """Return the answer that a figure draws, which knows what was revised since the snapshot before."""
        answer = self.lookup(indicator, by, **options)
        return queries.with_revisions(self.store, self.edition, indicator, answer, self.filters, **options)

    def nearest_revised(
        self, indicator: Indicator, by: tuple[str, ...] = (), **options
    ) -> tuple[queries.Answer, Filters | None]:
        """Return what `lookup_revised` gives or, where all of that is hidden, the nearest wider choice's, and that."""
        answer, instead = queries.nearest(self.store, self.edition, indicator, by, self.filters, **options)
        filters = instead or self.filters
        return queries.with_revisions(self.store, self.edition, indicator, answer, filters, **options), instead

    def whole_of(
        self, indicator: Indicator, answer: queries.Answer, by: tuple[str, ...] = (), **options
    ) -> queries.Answer:
        """Return what the parts of an answer belong to: the same choice, less what the answer set aside."""
        filters = self.filters
        for dimension in answer.set_aside:
            filters = filters.without(dimension)
        return self.lookup(indicator, by, filters, **options)

    @property
    def available(self) -> frozenset[str]:
        """Ids of the indicators that have cells in this snapshot; the others are absent, not zero."""
        return queries.available(self.store, self.edition)

    def with_filters(self, filters: Filters) -> Context:
        return replace(self, filters=filters)

    @property
    def years_text(self) -> str:
        return self.texts.year_range(*self.filters.years)


@dataclass(frozen=True)
class View:
    """One finished figure, in one language: words, chart, rows, base and source.

    chart: what observatory.charts drew, None where the table says it all.
    rows: the displayed rows, one column per heading, numbers as numbers (downloads); empty where nothing is reported.
    shown: the same rows as text (the table on screen). alt: what a reader who cannot see the chart hears.
    state: drawn, or empty with `remedy` naming the filter that empties it. clicks: the dimension a click chooses from.
    years_offer: years for which the figure could show more. choice: what was chosen, where it is not the filters.
    """

    id: str
    headline: str
    subtitle: str = ""
    chart: Chart | None = None
    alt: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    shown: pd.DataFrame = field(default_factory=pd.DataFrame)
    base: str = ""
    notes: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    source: str = ""
    swatches: str = ""
    sentences: tuple[str, ...] = ()
    state: str = "drawn"
    remedy: str = ""
    clicks: str = ""
    years_offer: tuple[int, int] | None = None
    choice: str = ""


class Figure(Protocol):
    """A declaration on a page: what to show, not how.

    One that reads other parts of the choice than `CHOSEN` names them in `reads`; of the rest it sees that nothing is
    chosen.
    """

    @property
    def id(self) -> str: ...

    def view(self, context: Context) -> View: ...

    def fits(self, context: Context) -> bool:
        """Return True where the edition has what the figure is about; else the page leaves it out."""
        ...
