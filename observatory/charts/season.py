"""Season: in which months the work falls, a heat table with every share printed and the largest of a row in bold."""

from __future__ import annotations

import pandas as pd

from observatory.charts.classes import class_index, class_limits
from observatory.charts.look import AXIS_GAP, STEADY, Chart, Look, bare_chart, bold, note, plain, trace, widest
from observatory.charts.text_width import wrapped

GAP = 3
LEAST_SIZE = 11  # pixels of month names on a page where the usual size does not fit


def draw(rows: pd.DataFrame, look: Look) -> Chart:
    """Draw a row of months for each theme.

    Args:
        rows: label, month (1 to 12), month_label, share (0 to 100; empty where hidden), text (without a unit);
            optional status (free, low_base, hidden).
        look: theme, direction, size and width. Months run to the right in every language; names stand where reading
            begins, on the phone above their row.
    """
    sizes = look.sizes
    rows = rows.assign(share=rows.share.astype(float), status=rows.get("status", "free"))
    names = list(dict.fromkeys(rows.label))
    months = dict(sorted(dict(zip(rows.month, rows.month_label, strict=True)).items()))
    is_stacked = look.size == "phone"
    lines = [[name] if is_stacked else wrapped(str(name), look.pixels * 0.22, sizes.text) for name in names]
    name_width = (
        0 if is_stacked else widest((line for name in lines for line in name), sizes.text) + sizes.gap + AXIS_GAP
    )
    margin = look.side_margins(name_width, 0) | {"t": round(sizes.small * 1.9), "b": 2}
    row_height = sizes.row * (1.5 if is_stacked else 1.15)
    chart = bare_chart(look, margin["t"] + 2 + row_height * len(names), margin)
    cell = (look.pixels - name_width) / max(len(months), 1)
    limits = class_limits(rows.share)
    chart.data += _cells(rows, names, list(months), limits, row_height, cell, look)
    size = sizes.text if widest(rows.text, sizes.text, True) + GAP + 2 <= cell else max(12, sizes.small)
    chart.data += [_numbers(rows, names, list(months), limits, size, look)]
    heads = _month_heads(months, cell, look)
    if is_stacked:
        heads += [
            note(
                plain(name),
                x=1 if look.is_mirrored else 0,
                xref="paper",
                xanchor=look.start,
                y=number - 0.5,
                yanchor="top",
                yshift=-1,
                font=look.font(),
            )
            for number, name in enumerate(names)
        ]
    chart.layout.update(annotations=heads)
    chart.layout["xaxis"].update(range=[-0.5, len(months) - 0.5])
    chart.layout["yaxis"].update(
        visible=not is_stacked,
        range=[len(names) - 0.5, -0.5],
        side=look.start,
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=["<br>".join(plain(line) for line in name) for name in lines],
        tickfont=look.font(),
        ticks="",
        showline=False,
        ticklabelstandoff=sizes.gap,
    )
    return chart


def _band(look: Look) -> tuple[float, float]:
    """Return middle and height of the cells inside a row, in rows: on the phone the name stands above them."""
    return (0.18, 0.60) if look.size == "phone" else (0.0, 1.0)


def _cells(
    rows: pd.DataFrame,
    names: list[str],
    months: list[int],
    limits: tuple[float, ...],
    row_height: float,
    cell: float,
    look: Look,
) -> list[dict]:
    """Return the cells as bars, one trace: filled by class, hidden ones outlined only."""
    middle, height = _band(look)
    tokens, thick = look.tokens, height - GAP / row_height
    colour = [
        "rgba(0,0,0,0)"
        if row.status == "hidden" or pd.isna(row.share)
        else tokens.classes[class_index(row.share, limits)]
        for row in rows.itertuples()
    ]
    return [
        trace(
            "bar",
            x=[months.index(month) for month in rows.month],
            y=[thick] * len(rows),
            orientation="v",
            width=1 - GAP / cell,
            base=[names.index(name) + middle - thick / 2 for name in rows.label],
            hoverinfo="none",
            name="cells",
            marker={
                "color": colour,
                "line": {"width": [1 if status == "hidden" else 0 for status in rows.status], "color": tokens.edge},
            },
            **STEADY,
        )
    ]


def _numbers(
    rows: pd.DataFrame, names: list[str], months: list[int], limits: tuple[float, ...], size: float, look: Look
) -> dict:
    """Return the numbers, each in the label colour of its class, the largest of a row bold."""
    middle, _ = _band(look)
    largest = rows.groupby("label").share.transform("max")
    words, colours = [], []
    for row, peak in zip(rows.itertuples(), largest, strict=True):
        is_open = row.status != "hidden" and pd.notna(row.share)
        words.append(bold(row.text) if is_open and row.share == peak and peak > 0 else plain(row.text))
        colours.append(look.tokens.on_classes[class_index(row.share, limits)] if is_open else look.tokens.muted)
    return trace(
        "scatter",
        x=[months.index(month) for month in rows.month],
        y=[names.index(name) + middle for name in rows.label],
        mode="text",
        text=words,
        textposition="middle center",
        hoverinfo="skip",
        name="shares",
        textfont={**look.font(size=size), "color": colours},
        cliponaxis=False,
    )


def _month_heads(months: dict[int, str], cell: float, look: Look) -> list[dict]:
    """Return month names over the columns; where they do not fit, every second or third."""
    size, every = look.sizes.small, 1
    if look.size == "page" and widest(months.values(), size) + 3 > cell:
        size = LEAST_SIZE
    while every < len(months) and widest(months.values(), size) + 3 > cell * every:
        every += 1
    return [
        note(
            plain(name),
            x=number,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=3,
            font=look.font(look.tokens.muted, size),
        )
        for number, name in enumerate(months.values())
        if number % every == 0
    ]
