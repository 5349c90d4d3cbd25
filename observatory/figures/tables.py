"""Tables: the rows of an answer as text and as numbers, on marks, on the screen and in downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from observatory import queries
from observatory.figures.revisions import revised_rows
from observatory.figures.scale import Scale, scale_of
from observatory.figures.view import Context
from observatory.registry import Indicator, registry
from observatory.texts import mark

QUALITY = {"": "", "A": mark("within 2%"), "B": mark("within 5%"), "C": mark("5% off or more")}
"""How near a protected figure is to the true one."""


STATUS = {"free": mark("published"), "low_base": mark("low base"), "hidden": mark("hidden")}


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
        heading = texts.say("Organisations, at least") if context.store.is_protected else texts.say("Organisations")
        columns.append(TableColumn("contributors", heading, texts.number))
    if context.store.is_protected:
        rows["quality_name"] = [texts.say(QUALITY[quality]) for quality in rows.quality]
        columns.append(TableColumn("quality_name", texts.say("Accuracy")))
    rows["status_name"] = [
        texts.say("{status}, revised", status=texts.say(STATUS[status])) if is_revised else texts.say(STATUS[status])
        for status, is_revised in zip(rows.status, revised_rows(answer), strict=True)
    ]
    columns.append(TableColumn("status_name", texts.say("Status")))
    return tables(columns, rows)
