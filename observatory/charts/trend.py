"""Trend: lines over years or months, name and last value at their ends, a gap where a period is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from observatory.charts.classes import grid_steps
from observatory.charts.look import (
    STEADY,
    THEME_STYLE,
    TRIANGLE,
    Chart,
    Look,
    bare_chart,
    bold,
    note,
    plain,
    right_to_left,
    trace,
    widest,
)
from observatory.charts.marks import Mark, Plot, goal_mark, position, time_marks
from observatory.charts.placing import Box, spread
from observatory.charts.text_width import text_width, wrapped

MOST_LINES = 4
GOAL_ROOM = 2.0  # a goal more than so many times the highest value is said in words only
VALUES_AT_POINTS = 8  # one line of at most so many periods prints every value and needs no gridlines
HEIGHT = {"page": 300, "phone": 280, "stage": 640}
OTHER_MARKERS = ("circle", "square", "diamond", "triangle-up")


def draw(
    series: pd.DataFrame,
    look: Look,
    *,
    events: Sequence[Mark] = (),
    goal: tuple[float, str] | None = None,
    break_before: tuple[str, str] | None = None,
    grid_text: Callable[[float, bool], str] | None = None,
) -> Chart:
    """Draw at most four lines.

    Args:
        series: period ("2024" or "2024-05"), code, label, value (empty where hidden), text, status; optional
            is_partial (the period is unfinished: hollow point, dotted way to it), period_text (axis label),
            theme_code (a sub-theme is drawn in its theme's colour).
        look: theme, direction, size and width; time runs to the right in every language.
        events: what happened, the most important first: a dotted line with its words where these find a place, else a
            tick on the axis; those outside the drawn periods are left out.
        goal: the value that is aimed at and its words: a dashed line, as long as it leaves the lines room.
        break_before: the period from which values are not comparable with those before, and the words for it.
        grid_text: writes a gridline's value; its second argument is true for the top line, which names the unit.

    Raises:
        ValueError: there are more than four lines.
    """
    lines = {
        str(code): rows
        for code, rows in series.assign(
            value=series.value.astype(float), is_partial=series.get("is_partial", False)
        ).groupby("code", sort=False)
    }
    if len(lines) > MOST_LINES:
        raise ValueError(f"A trend holds at most {MOST_LINES} lines, not {len(lines)}: choose the largest.")
    sizes, periods = look.sizes, _all_periods(series.period)
    ticks = _tick_texts(series, periods)
    value_width, tick_width = widest(series.text, sizes.text, True), widest(ticks.values(), sizes.small)
    prints_values = (
        len(lines) == 1 and len(periods) <= VALUES_AT_POINTS and look.pixels / len(periods) > 1.15 * value_width
    )
    labels = {} if prints_values else {code: _end_label(rows, look) for code, rows in lines.items()}
    side = round(max(tick_width, value_width if prints_values else 0) / 2) + 4
    after = max((width for _, width in labels.values()), default=-sizes.marker) + sizes.gap + sizes.marker
    margin = {"l": side, "r": round(max(side, after)), "t": round(sizes.small * 2), "b": round(sizes.small * 2.2)}
    highest = (series.value.astype(float).max() or 1.0) * (1.12 if prints_values else 1.0)
    goal = goal if goal and goal[0] <= GOAL_ROOM * highest else None
    step, top = grid_steps(max(highest, goal[0] * 1.04 if goal else 0.0))
    height = HEIGHT[look.size]
    plot = Plot(tuple(periods), top, look.pixels - margin["l"] - margin["r"], height - margin["t"] - margin["b"])
    chart = bare_chart(look, height, margin)
    for number, (code, rows) in enumerate(lines.items()):
        style = _style(code, rows, number, look)
        chart.data += _line(rows, periods, style, look, break_before[0] if break_before else None)
    if prints_values:
        chart.data += [_point_values(series, look)]
    grid = [] if prints_values else [step * number for number in range(1, round(top / step) + 1)]
    ends, taken = _end_labels(lines, labels, plot, look)
    taken += [*_printed(series, plot, look, prints_values), *_grid_boxes(grid, grid_text, margin, plot, look)]
    courses = _courses(lines, plot)
    aim, aim_words = goal_mark(goal, plot, courses, taken, look)
    marks, words = time_marks(events, break_before, plot, margin["r"], courses, taken, look)
    chart.layout.update(
        annotations=[
            *ends,
            *_grid_labels(grid, grid_text, margin, look),
            *aim_words,
            *words,
            *_hidden_words(series, look),
        ],
        shapes=[*_gridlines(grid, look), *aim, *marks],
    )
    shown = _shown_ticks(ticks, plot, tick_width)
    first, last = position(periods[0]), position(periods[-1])
    chart.layout["xaxis"].update(
        visible=True,
        range=[first, last] if last > first else [first - 1, first + 1],
        tickmode="array",
        tickvals=[position(period) for period in shown],
        ticktext=[plain(text) for text in shown.values()],
        tickfont=look.font(look.tokens.muted, sizes.small),
        ticks="",
        showline=False,
    )
    chart.layout["yaxis"].update(range=[0, top])
    return chart


def _all_periods(given: pd.Series) -> list[str]:
    """Return every year or month from the first to the last, the missing ones included."""
    first, last = min(given, key=position), max(given, key=position)
    if "-" not in first:
        return [str(year) for year in range(int(first), int(last) + 1)]
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(int(position(first)), int(position(last)) + 1)]


def _style(code: str, rows: pd.DataFrame, number: int, look: Look) -> tuple[str, str]:
    """Return colour and marker: a theme's own, else accent for the first line and ink or greys for the others."""
    tokens = look.tokens
    theme = str(rows.theme_code.iloc[0]) if "theme_code" in rows else code
    if theme in THEME_STYLE:
        return look.theme_colour(theme), THEME_STYLE[theme]
    return (tokens.accent, tokens.ink, tokens.edge, tokens.muted)[number], OTHER_MARKERS[number]


def _line(
    rows: pd.DataFrame, periods: list[str], style: tuple[str, str], look: Look, broken_at: str | None
) -> list[dict]:
    """Return the line, the dotted way to an unfinished last period, and the markers."""
    colour, marker = style
    sizes, given = look.sizes, {row.period: row for row in rows.itertuples() if pd.notna(row.value)}
    x, y, hollow = [], [], []
    for period in periods:
        if period == broken_at:
            x.append(position(period) - 0.5)
            y.append(None)
            hollow.append(False)
        row = given.get(period)
        x.append(position(period))
        y.append(None if row is None else row.value)
        hollow.append(row is not None and bool(row.is_partial or row.status == "low_base"))
    is_partial = periods[-1] in given and bool(given[periods[-1]].is_partial)
    line = {"color": colour, "width": sizes.line}
    drawn = {"mode": "lines", "hoverinfo": "skip", "cliponaxis": False, "connectgaps": False}
    whole = len(x) - 1 if is_partial else len(x)
    traces = [trace("scatter", x=x[:whole], y=y[:whole], line=line, name="line", **drawn)]
    if is_partial and len(x) > 1:
        traces.append(trace("scatter", x=x[-2:], y=y[-2:], line=line | {"dash": "dot"}, name="unfinished", **drawn))
    ground = look.tokens.card
    points = {
        "symbol": marker,
        "size": sizes.marker * (TRIANGLE if marker == "triangle-up" else 1),
        "opacity": 1,
        "color": [ground if is_hollow else colour for is_hollow in hollow],
        "line": {
            "color": [colour if is_hollow else ground for is_hollow in hollow],
            "width": [sizes.line * 0.8 if is_hollow else 1 for is_hollow in hollow],
        },
    }
    traces.append(
        trace(
            "scatter",
            x=x,
            y=y,
            mode="markers",
            cliponaxis=False,
            hoverinfo="none",
            name=str(rows.label.iloc[0]),
            marker=points,
            customdata=[str(rows.code.iloc[0])] * len(x),
            **STEADY,
        )
    )
    return traces


def _point_values(series: pd.DataFrame, look: Look) -> dict:
    shown = series[series.value.notna()]
    return trace(
        "scatter",
        x=[position(period) for period in shown.period],
        y=[float(value) for value in shown.value],
        mode="text",
        text=[f"{bold(text)}<br>" for text in shown.text],
        textposition="top center",
        textfont=look.haloed(),
        cliponaxis=False,
        hoverinfo="skip",
        name="values",
    )


def _end_label(rows: pd.DataFrame, look: Look) -> tuple[list[str], float]:
    """Return name and last value as lines for the end of a line, and their width in pixels."""
    size, room = look.sizes.text, look.pixels * 0.3
    known = rows[rows.value.notna()]
    value = str((known if len(known) else rows).text.iloc[-1])
    name = wrapped(str(rows.label.iloc[0]), room, size, True)
    together = text_width(f"{name[-1]} {value}", size, True)
    if together <= room:
        lines = [*map(bold, name[:-1]), right_to_left(f"{bold(name[-1])} {plain(value)}".strip())]
        return lines, max(together, widest(name, size, True)) + 3
    return [*map(bold, name), plain(value)], max(text_width(value, size), widest(name, size, True)) + 3


def _end_labels(lines: dict[str, pd.DataFrame], labels: dict, plot: Plot, look: Look) -> tuple[list[dict], list[Box]]:
    """Return the labels at the line ends, pushed apart where they would touch, and the boxes they take."""
    height, after = look.sizes.text * 1.3, look.sizes.gap + look.sizes.marker * 0.7
    wanted = []
    for code, (texts, width) in labels.items():
        values = lines[code].value.dropna()
        wanted.append((plot.y(values.iloc[-1]) if len(values) else 0.0, len(texts) * height, width, texts))
    wanted.sort(key=lambda item: item[0])
    centres = spread([(centre, tall) for centre, tall, _, _ in wanted], -height / 2, plot.height + height)
    notes, boxes = [], []
    for centre, (_, tall, width, texts) in zip(centres, wanted, strict=True):
        notes.append(
            note(
                "<br>".join(texts),
                x=1,
                xref="paper",
                xanchor="left",
                align="left",
                y=0,
                yref="paper",
                yanchor="middle",
                xshift=after,
                yshift=round(centre),
                font=look.font(),
            )
        )
        boxes.append(Box(plot.width + after, centre - tall / 2, width, tall))
    return notes, boxes


def _tick_texts(series: pd.DataFrame, periods: list[str]) -> dict[str, str]:
    words = dict(zip(series.period, series.period_text, strict=True)) if "period_text" in series else {}
    return {period: str(words.get(period, period)) for period in periods}


def _shown_ticks(ticks: dict[str, str], plot: Plot, tick_width: float) -> dict[str, str]:
    """Return the periods that are written on the axis: all, or every second, third ... counted from the last."""
    every = 1
    while every < len(ticks) and every * plot.step < tick_width + 10:
        every += 1
    return {period: ticks[period] for period in list(ticks)[::-1][::every][::-1]}


def _gridlines(grid: list[float], look: Look) -> list[dict]:
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": value,
            "y1": value,
            "layer": "below",
            "line": {"color": look.tokens.rule if value else look.tokens.edge, "width": 1},
        }
        for value in [0, *grid]
    ]


def _grid_labels(
    grid: list[float], grid_text: Callable[[float, bool], str] | None, margin: dict[str, int], look: Look
) -> list[dict]:
    """Return the values on the gridlines, inside on the left."""
    return [
        note(
            plain(_grid_words(grid_text, value, grid)),
            x=0,
            xref="paper",
            xanchor="left",
            xshift=-margin["l"],
            y=value,
            yanchor="bottom",
            font=look.haloed(look.tokens.muted, look.sizes.small),
        )
        for value in grid
    ]


def _courses(lines: dict[str, pd.DataFrame], plot: Plot) -> list[tuple[list[float], list[float]]]:
    """Return the pixels of the points of each line."""
    courses = []
    for rows in lines.values():
        known = sorted((position(row.period), row.value) for row in rows.itertuples() if pd.notna(row.value))
        courses.append(([plot.x(where) for where, _ in known], [plot.y(value) for _, value in known]))
    return courses


def _printed(series: pd.DataFrame, plot: Plot, look: Look, prints_values: bool) -> list[Box]:
    """Return the boxes of the values that stand over the points, and of the word for hidden on the axis."""
    boxes, sizes = [], look.sizes
    for row in series.itertuples():
        x = plot.x(position(row.period))
        if row.status == "hidden":
            width = text_width(str(row.text), sizes.small)
            boxes.append(Box(x - width / 2, 4.0, width, sizes.small * 1.3))
        elif prints_values and pd.notna(row.value):
            width = text_width(str(row.text), sizes.text, True)
            boxes.append(Box(x - width / 2, plot.y(row.value) + sizes.text * 0.7, width, sizes.text * 1.3))
    return boxes


def _grid_boxes(
    grid: list[float], grid_text: Callable[[float, bool], str] | None, margin: dict[str, int], plot: Plot, look: Look
) -> list[Box]:
    """Return the boxes of the values on the gridlines."""
    size = look.sizes.small
    return [
        Box(-margin["l"], plot.y(value), text_width(_grid_words(grid_text, value, grid), size), size * 1.3)
        for value in grid
    ]


def _grid_words(grid_text: Callable[[float, bool], str] | None, value: float, grid: list[float]) -> str:
    return grid_text(value, value == grid[-1]) if grid_text else f"{value:g}"


def _hidden_words(series: pd.DataFrame, look: Look) -> list[dict]:
    """Return the word for hidden on the axis, where a line has a gap because its value is."""
    hidden = series[series.status == "hidden"].drop_duplicates("period")
    return [
        note(
            f"<i>{plain(row.text)}</i>",
            x=position(row.period),
            y=0,
            yanchor="bottom",
            yshift=4,
            font=look.haloed(look.tokens.muted, look.sizes.small),
        )
        for row in hidden.itertuples()
    ]
