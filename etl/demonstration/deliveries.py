"""Who sends what: the log, the forms and the registers as the tables of the layouts that senders use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.demonstration.settings import Settings
from etl.demonstration.spellings import Spellings
from etl.demonstration.world import World

_CODES = {
    "region_code": "region",
    "theme_code": "theme",
    "form_code": "form",
    "sector_code": "sector",
    "ownership_code": "ownership",
    "size_code": "size",
}
WHOLE = ("region_code", "theme_code")  # left empty now and then
COUNTED_TWICE = 2  # hours reported wrongly at first, put right by a later delivery


@dataclass
class Table:
    """One file as its sender fills it in.

    Attributes:
        layout: the layout as the settings describe it.
        file: name of the file.
        period: what the settings' faults call the delivery.
        fields: one column per field of the layout, in its order; values as typed in: text, numbers, dates, None.
        sheets: the sheet each row stands on, where the layout has several.
        twice: positions of rows that another sender's file holds too.
    """

    layout: Mapping[str, Any]
    file: str
    period: str
    fields: pd.DataFrame
    sheets: pd.Series | None
    twice: tuple[int, ...] = ()


def tables(
    settings: Settings,
    world: World,
    spellings: Spellings,
    contents: Mapping[str, pd.DataFrame],
    rng: np.random.Generator,
) -> Iterator[Table]:
    """Yield every file as a table.

    Args:
        contents: what there is to send: "activity", "company", "ngo", "company_year", "event".
    """
    senders = _senders(settings, world)
    twice = _sent_twice(settings, contents["activity"], senders)
    for layout in settings.layouts:
        rows = contents[layout["table"]]
        if layout["table"] == "activity":
            own = rows[senders[rows["company"].to_numpy()] == layout["senders"]]
            rows = pd.concat([own, rows.loc[[row for row, to in twice.items() if to == layout["id"]]]])
            rows = _numbered(_with_company(rows, world), layout)
            rows = rows.assign(title=_titles(settings, rows, layout["language"], rng))
        elif layout["table"] == "company_year":
            rows = _with_company(rows, world)
        elif layout["table"] == "event":
            rows = rows[rows["sender"] == layout["senders"]]
            rows = rows.assign(title=_topics(settings, rows, layout["language"]), organiser=layout["organiser"])
        yield from _deliveries(layout, rows, spellings, rng, twice if layout["table"] == "activity" else {})


def _sent_twice(settings: Settings, log: pd.DataFrame, senders: np.ndarray) -> dict[int, str]:
    """Return the activities that a second sender reports too: their place in the log, and that sender's layout."""
    layouts = {layout["id"]: layout for layout in settings.layouts}
    whole = log[[*WHOLE]].ne("").all(axis=1) & (log["start_date"] == log["end_date"])
    found = {}
    for each in settings.twice:
        sender, period = layouts[each["from"]], str(each["period"])
        delivery = next(delivery for delivery in sender["deliveries"] if str(delivery["period"]) == period)
        sent = log[(senders[log["company"].to_numpy()] == sender["senders"]) & whole & _inside(log, delivery)]
        found |= dict.fromkeys(sent.index[len(sent) // 2 :][:1], each["to"])  # none, where a small world sends none
    return found


def _deliveries(
    layout: Mapping[str, Any],
    rows: pd.DataFrame,
    spellings: Spellings,
    rng: np.random.Generator,
    twice: Mapping[int, str],
) -> Iterator[Table]:
    """Yield one table per delivery of a layout; rows that a later delivery corrects are wrong in the earlier one."""
    corrected: dict[str, pd.Index] = {}
    for delivery in layout["deliveries"]:
        if "corrects" in delivery:
            inside = rows.index[_inside(rows, delivery)]
            corrected[str(delivery["period"])] = inside[:: max(1, len(inside) // delivery["corrects"])]
    for delivery in layout["deliveries"]:
        period = str(delivery["period"])
        sent = rows[_inside(rows, delivery)]
        if "corrects" in delivery:
            sent = sent.loc[corrected[period]]
        elif period in corrected:
            sent = sent.copy()
            sent.loc[corrected[period], "hours"] *= COUNTED_TWICE
        file = layout["file"].format(period=period, delivered=delivery["delivered"])
        sheets = _sheets(sent) if layout.get("sheet_per_company") else None
        if sheets is not None:
            sheets = sheets.sort_values(kind="stable")
            sent = sent.loc[sheets.index]
            sheets = sheets.reset_index(drop=True)
        name = period if "corrects" not in delivery else f"{period} corrected"
        also = tuple(int(position) for position in np.flatnonzero(sent.index.isin(list(twice))))
        yield Table(layout, file, name, _as_typed(layout, sent, spellings, rng), sheets, also)


def _inside(rows: pd.DataFrame, delivery: Mapping[str, Any]) -> np.ndarray:
    """Return which rows belong to the months or the years a delivery covers; registers are always sent whole."""
    if "months" in delivery:
        first, last = (np.datetime64(month, "M") for month in delivery["months"])
        month = rows["start_date"].to_numpy().astype("datetime64[M]")
        return (month >= first) & (month <= last)
    if "years" in delivery:
        first, last = delivery["years"]
        return rows["year"].between(first, last).to_numpy()
    return np.ones(len(rows), dtype=bool)


def _senders(settings: Settings, world: World) -> np.ndarray:
    """Return the sender of each company's activities; its last entry, position -1, is for joint work."""
    companies = world.companies
    sender = np.full(len(companies) + 1, settings.log["senders"][-1]["id"], dtype=object)
    free = np.ones(len(companies), dtype=bool)
    for rule in settings.log["senders"][:-1]:
        chosen = free.copy()
        for column, values in rule["who"].items():
            chosen &= companies[column].isin(values).to_numpy()
        sender[:-1][chosen] = rule["id"]
        free &= ~chosen
    return sender


def _with_company(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Add whose row it is: company_id, company_name and company_bin, None for joint work; and the NGO's."""
    position = rows["company"].to_numpy()
    added = {
        name: np.append(world.companies[column].to_numpy(dtype=object), None)[position]
        for name, column in {"company_id": "company_id", "company_name": "name", "company_bin": "bin"}.items()
    }
    if "ngo" in rows:
        for name, column in {"ngo_id": "ngo_id", "ngo_name": "name"}.items():
            added[name] = np.append(world.ngos[column].to_numpy(dtype=object), None)[rows["ngo"].to_numpy()]
    return rows.assign(**added)


def _numbered(rows: pd.DataFrame, layout: Mapping[str, Any]) -> pd.DataFrame:
    """Number the activities as their sender does: anew in every year."""
    year = rows["start_date"].dt.year
    number = rows.groupby(year).cumcount() + 1
    ids = [layout["number"].format(year=y, number=n) for y, n in zip(year, number, strict=True)]
    return rows.assign(activity_id=ids)


def _titles(settings: Settings, rows: pd.DataFrame, language: str, rng: np.random.Generator) -> list[str]:
    fallback = settings.log["titles"][language]
    chance = rng.random(len(rows))
    titles = []
    for code, roll in zip(rows["theme_code"], chance, strict=True):
        choice = settings.themes[code]["titles"][language] if code else fallback
        titles.append(choice[int(roll * len(choice))])
    return titles


def _topics(settings: Settings, rows: pd.DataFrame, language: str) -> list[str]:
    kinds = settings.gatherings["kinds"]
    return [kinds[kind]["topics"][at][language] for kind, at in zip(rows["kind_code"], rows["topic"], strict=True)]


def _sheets(rows: pd.DataFrame) -> pd.Series:
    """Return a sheet name per row: the company's name without quotes, as short as a sheet name must be."""
    return rows["company_name"].str.replace(r"[«»\[\]:*?/\\]", "", regex=True).str[:31]


def _as_typed(
    layout: Mapping[str, Any], rows: pd.DataFrame, spellings: Spellings, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the fields of a layout as its sender types them in."""
    return pd.DataFrame(
        {field: pd.Series(_typed(field, layout, rows, spellings, rng), dtype=object) for field in layout["columns"]}
    )


def _typed(
    field: str, layout: Mapping[str, Any], rows: pd.DataFrame, spellings: Spellings, rng: np.random.Generator
) -> list[Any]:
    words = layout.get("words", {}).get(field)
    if field == "hours_each":
        return (rows["hours"] / rows["volunteers_count"]).tolist()
    if field == "period_text":
        return [layout["period_text"].format(year=year) for year in rows["year"]]
    if field in ("is_paid_time", "is_mark"):
        return [{1: words["yes"], 0: words["no"]}.get(value) for value in rows[field]]
    if field in ("organiser_type", "counted_how", "kind_code"):
        return [words[value] for value in rows[field]]
    if field in _CODES and field not in layout.get("codes", ()):
        encoding = layout.get("encoding", "utf-8")
        return spellings.written(_CODES[field], rows[field].tolist(), layout["language"], encoding, rng, words)
    if field in layout.get("thousand", ()):
        return [_plain(value) for value in rows[field] / 1000]
    return [_plain(value) for value in rows[field]]


def _plain(value: Any) -> Any:
    """Return a value as a cell holds it: whole numbers as integers, days as dates, nothing as None."""
    if value is None or value == "" or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else float(value)
    return int(value) if isinstance(value, np.integer) else value
