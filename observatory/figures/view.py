"""What every figure is made from (Context) and what it gives (View): page, download and slide all read a View."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import pandas as pd

from observatory import queries
from observatory.asked import Asked
from observatory.charts.look import Chart, Look
from observatory.editions import Edition
from observatory.figures.revisions import revised_rows, revision_note
from observatory.figures.scale import Scale, scale_of
from observatory.filters import Filters
from observatory.registry import Indicator, registry
from observatory.store import Store
from observatory.texts import Texts, mark
from observatory.what_if import WhatIf

CHOSEN = ("filters", "show", "unit")
"""The parts of the choice that a figure reads, where it does not say otherwise."""

QUALITY = {"": "", "A": mark("within 2%"), "B": mark("within 5%"), "C": mark("5% off or more")}
"""How near a protected figure is to the true one."""

STATUS = {"free": mark("published"), "low_base": mark("low base"), "hidden": mark("hidden")}


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
        if instead is not None:
            return answer, instead
        return queries.with_revisions(self.store, self.edition, indicator, answer, self.filters, **options), None

    @property
    def available(self) -> frozenset[str]:
        """Ids of the indicators that have cells in this snapshot; the others are absent, not zero."""
        return queries.available(self.store, self.edition)

    def with_filters(self, filters: Filters) -> Context:
        return replace(self, filters=filters)

    @property
    def years_text(self) -> str:
        return self.texts.year_range(*self.filters.years)


HIDDEN_SENTENCE = mark(
    "Hidden: too few organisations, or one outweighs the others, or it would give away another hidden figure."
)
"""One sentence for all reasons, so that the reason tells nothing."""


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


def source_line(context: Context, *indicators: Indicator) -> str:
    """Return producer and form of the figures, without the demonstration mark (the page adds it)."""
    sources = registry().sources
    ids = dict.fromkeys(
        part.strip() for indicator in indicators for part in indicator.source.split(",") if part.strip()
    )
    return context.texts.say("Source: {sources}", sources="; ".join(context.texts.pick(sources[i].name) for i in ids))


def definitions(context: Context, *indicators: Indicator) -> tuple[tuple[str, str], ...]:
    texts = context.texts
    return tuple((texts.pick(indicator.name), texts.pick(indicator.definition)) for indicator in indicators)


def base_line(context: Context, answer: queries.Answer | None) -> str:
    """Return "n = 104 organisations"; over several years, or several codes, that of the largest part, and says so."""
    texts = context.texts
    if answer is None or answer.rows.empty or answer.rows.contributors.isna().all():
        return ""
    count = int(answer.rows.contributors.max())
    line = texts.say_n("n = {n} organisation", "n = {n} organisations", count)
    if context.store.is_protected:
        line = texts.say("{base} or more", base=line)
    if context.filters.years[0] != context.filters.years[1]:
        return texts.say("{base} in the largest year", base=line)
    is_at_least = bool(answer.rows.is_at_least.any()) and not context.store.is_protected
    return texts.say("{base} or more", base=line) if is_at_least else line


def contributors_text(context: Context, count: float) -> str:
    """Return how many organisations gave to a figure, in short; of a protected one at least how many: "10+"."""
    if pd.isna(count):
        return ""
    return context.texts.number(int(count)) + ("+" if context.store.is_protected else "")


def remarks(context: Context, answer: queries.Answer, is_marked: bool = True) -> tuple[str, ...]:
    """Return what a careful reader must know of these rows, one sentence each; is_marked: low base is drawn as such."""
    texts, edition, notes = context.texts, context.edition, []
    if answer.region_level_forced:
        notes.append(
            texts.say(
                "Regions were redrawn in 2022: from years before {year} on, comparable regions are shown.",
                year=str(edition.comparable_before),
            )
        )
    notes += replaced_notes(context, answer.replaced)
    notes += set_aside_note(context, answer.set_aside)
    if not answer.rows.empty and bool(answer.rows.is_at_least.any()):
        notes.append(
            texts.say("Several values together are counted as “at least”: the same one may stand in more than one.")
        )
    if (answer.rows.status == "hidden").any():
        notes.append(texts.say(HIDDEN_SENTENCE))
    if answer.hidden_parts:
        notes.append(
            texts.say_n(
                "{n} hidden part is not in the sums.",
                "{n} hidden parts are not in the sums.",
                answer.hidden_parts,
                n=texts.number(answer.hidden_parts),
            )
        )
    if is_marked and (answer.rows.status == "low_base").any():
        least = edition.thresholds["low_base_contributors"]
        notes.append(
            texts.say_n(
                "Hollow or hatched: low base, fewer than {n} organisation in any one year.",
                "Hollow or hatched: low base, fewer than {n} organisations in any one year.",
                least,
            )
        )
    return (*notes, *revision_note(context, answer))


def instead_text(context: Context, instead: Filters) -> str:
    """Return for what a figure is shown that is hidden for the choice itself: "hidden here, shown for Mining"."""
    texts = context.texts
    names = " · ".join(instead.names(texts, context.edition)) or texts.say("everything")
    return texts.say("hidden for the choice, shown for {wider}", wider=names)


def instead_note(context: Context, instead: Filters) -> str:
    """Return the sentence that says why, and for what, a figure is shown in place of a hidden one."""
    texts, edition = context.texts, context.edition
    return texts.say(
        "{why} Shown instead: {choice}.", why=texts.say(HIDDEN_SENTENCE), choice=instead.sentence(texts, edition)
    )


def set_aside_note(context: Context, set_aside: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence that names the parts of the choice which a figure cannot follow, if any."""
    texts = context.texts
    names = ", ".join(texts.dimension(name) for name in set_aside)
    sentence = texts.say("Not broken down by: {filters}. That part of the choice is set aside here.", filters=names)
    return (sentence,) if names else ()


def replaced_notes(context: Context, replaced: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each chosen region for which the comparable one is shown."""
    texts, region_of = context.texts, context.edition.dimensions["region"]
    return tuple(
        texts.say(
            "Shown instead of {region}: {whole}.",
            region=texts.member(region_of, region),
            whole=texts.member(region_of, whole),
        )
        for region, whole in replaced.items()
    )


def amount(context: Context, indicator: Indicator, value: float, value_to: float | None = None) -> str:
    """Return a value with its unit; two values as the smallest and largest year, "61–74 a year"."""
    texts = context.texts
    if value_to is not None and pd.notna(value_to) and value_to != value:
        return texts.say(
            "{low}–{high} a year",
            low=texts.short_amount(value, indicator.unit),
            high=texts.amount(value_to, indicator.unit),
        )
    return texts.amount(value, indicator.unit)


def value_text(context: Context, scale: Scale, row) -> str:
    """Return the bare text that stands on a mark: number, range, or the word hidden."""
    texts = context.texts
    if row.status == "hidden":
        return texts.say("hidden")
    bare = scale.write(row.value)
    if pd.notna(row.value_to) and row.value_to != row.value:
        bare = texts.span(bare, scale.write(row.value_to))
    return f"≥ {bare}" if row.is_at_least else bare


def labelled(context: Context, answer: queries.Answer, indicator: Indicator) -> tuple[pd.DataFrame, Scale]:
    """Return the rows of an answer with `code`, `label` and `text` of their first breakdown, and the texts' scale."""
    by, texts = answer.by[0], context.texts
    rows = answer.rows.copy()
    rows["code"] = rows[by].astype(str)
    rows["label"] = [texts.member(context.edition.dimensions.get(by, by), code, short=True) for code in rows.code]
    scale = scale_of(texts, indicator.unit, [*rows.value, *rows.value_to])
    rows["text"] = [value_text(context, scale, row) for row in rows.itertuples()]
    return rows, scale


@dataclass(frozen=True)
class TableColumn:
    """One column of a figure's table: where it lies in the rows, its heading, and how a value is written."""

    key: str
    heading: str
    write: object = str


def tables(columns: list[TableColumn], rows: pd.DataFrame | Mapping[str, list]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows for a download (values as they are) and for the screen (values as text)."""
    raw = pd.DataFrame({column.heading: list(rows[column.key]) for column in columns})
    shown = pd.DataFrame(
        {
            column.heading: [column.write(value) if pd.notna(value) else "" for value in rows[column.key]]
            for column in columns
        }
    )
    return raw, shown


def answer_tables(context: Context, answer: queries.Answer, indicator: Indicator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return raw and shown rows of an answer: its breakdowns with codes, value and unit, contributors, status."""
    texts, rows = context.texts, answer.rows.copy()
    columns = []
    for by in answer.by:
        if by in ("year", "month"):
            columns.append(TableColumn(by, texts.dimension(by), texts.month if by == "month" else str))
            continue
        rows[f"{by}_name"] = [texts.member(context.edition.dimensions.get(by, by), code) for code in rows[by]]
        columns.append(TableColumn(f"{by}_name", texts.dimension(by)))
        columns.append(TableColumn(by, texts.say("Code: {dimension}", dimension=texts.dimension(by))))
    bare = partial(texts.number, digits=registry().units[indicator.unit].decimals)
    columns.append(TableColumn("value", f"{texts.pick(indicator.name)} ({texts.unit(indicator.unit)})", bare))
    if rows.value_to.notna().any():
        columns.append(TableColumn("value_to", texts.say("to, in the largest year"), bare))
    if rows.contributors.notna().any():
        columns.append(TableColumn("contributors", texts.say("Organisations"), partial(contributors_text, context)))
    if context.store.is_protected:
        rows["quality_name"] = [texts.say(QUALITY[quality]) for quality in rows.quality]
        columns.append(TableColumn("quality_name", texts.say("Accuracy")))
    rows["status_name"] = [
        texts.say("{status}, revised", status=texts.say(STATUS[status])) if is_revised else texts.say(STATUS[status])
        for status, is_revised in zip(rows.status, revised_rows(answer), strict=True)
    ]
    columns.append(TableColumn("status_name", texts.say("Status")))
    return tables(columns, rows)


def empty(context: Context, figure_id: str, indicator: Indicator, answer: queries.Answer) -> View:
    """Return the view of a figure of which the choice has no cells, or none that are shown."""
    return nothing(
        context,
        View(
            id=figure_id,
            headline=context.texts.pick(indicator.name),
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
        ),
        lambda wider: context.lookup(indicator, (), wider).rows.value.notna().any(),
        is_hidden=bool((answer.rows.status == "hidden").any()),
    )


def nothing(context: Context, view: View, has_any: Callable[[Filters], bool], is_hidden: bool = False) -> View:
    """Return a view without rows: what is missing, or hidden, and which filter empties it, if one does alone."""
    texts, filters = context.texts, context.filters
    remedy, culprit = "", ""
    for dimension in (*filters.chosen(), "years"):
        wider = filters.without(dimension)
        if wider != filters and has_any(wider):
            remedy, culprit = (
                dimension,
                texts.say("It is the choice of {filter} that leaves nothing.", filter=texts.dimension(dimension)),
            )
            break
    sentence = texts.say(HIDDEN_SENTENCE) if is_hidden else texts.say(
        "Nothing is reported for this choice: {choice}.", choice=filters.sentence(texts, context.edition)
    )  # fmt: skip
    return replace(view, state="empty", remedy=remedy, notes=tuple(part for part in (sentence, culprit) if part))
