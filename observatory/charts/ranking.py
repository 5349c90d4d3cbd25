"""Ranking: horizontal bars from zero, a row each, value at the end; low base after the others, hidden last."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from observatory.charts.look import (
    AXIS_GAP,
    STEADY,
    Chart,
    Look,
    bare_chart,
    bold,
    coloured,
    note,
    plain,
    trace,
    widest,
)
from observatory.charts.text_width import text_width, wrapped

ORDER = {"free": 0, "low_base": 1, "hidden": 2}
GROUP_GAP = 0.35  # rows of extra space before low base and before hidden: they are listed, not ranked


def draw(
    rows: pd.DataFrame,
    look: Look,
    *,
    value_title: str = "",
    reference: tuple[float, str] | None = None,
    selected: Collection[str] = (),
) -> Chart:
    """Draw one bar a row, in the order given within each status.

    Args:
        rows: code, label, value (0 or more, empty where hidden), text (value as printed, or the word for hidden),
            status (free, low_base, hidden); optional contributors_text, printed in muted behind the name.
        look: theme, direction, size and width.
        value_title: what the values are, above the first bar; empty: nothing is said.
        reference: a value to compare with and its label, drawn as a dotted line.
        selected: codes whose bars stay full while the others grow lighter; empty: all are full.

    Returns:
        A chart whose height follows from the number of rows; a click on a row reports its code in customdata.
    """
    sizes = look.sizes
    rows = _in_status_order(rows)
    places = _places(rows.status)
    names, counts, height = _names(rows, look)
    name_width = widest((line for name in names for line in name), sizes.text)
    count_width = widest(counts, sizes.small)
    value_width = widest(rows.text, sizes.text, True)
    before = name_width + count_width + sizes.gap * (2 if count_width else 1) + AXIS_GAP
    margin = look.side_margins(before, value_width + sizes.gap + 4)
    top = sizes.small * 1.8 if value_title else 2
    bottom = sizes.small * 2.0 if reference else 4
    margin |= {"t": round(top), "b": round(bottom)}
    largest = max([*rows.value.dropna(), reference[0] if reference else 0.0, 0.0]) or 1.0
    chart = bare_chart(look, top + bottom + height * (places[-1] + 1), margin)
    chart.data += [_targets(rows, places, largest), *_bars(rows, places, look, selected)]
    if reference:
        chart.data += [
            _reference_line(reference[0], rows, places, look, look.pixels - margin["l"] - margin["r"], largest)
        ]
    chart.data += [_values(rows, places, look)]
    if any(counts):
        chart.data += [_counts(counts, places, look)]
    chart.layout.update(
        annotations=_annotations(rows, places, look, value_title, reference, largest, margin), shapes=[_zero_line(look)]
    )
    chart.layout["xaxis"].update(range=look.value_range(0, largest))
    chart.layout["yaxis"].update(
        visible=True,
        range=[places[-1] + 0.5, -0.5],
        side=look.start,
        tickmode="array",
        tickvals=places,
        ticks="",
        ticktext=["<br>".join(plain(line) for line in name) for name in names],
        tickfont=look.font(),
        showline=False,
        ticklabelstandoff=round(before - name_width - AXIS_GAP),
    )
    return chart


def _in_status_order(rows: pd.DataFrame) -> pd.DataFrame:
    order = rows.status.map(ORDER)
    return rows.assign(value=rows.value.astype(float)).iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _places(statuses: pd.Series) -> list[float]:
    """Return where each row stands, counted in rows from the top, with a small gap before a new status."""
    places, extra, before = [], 0.0, None
    for number, status in enumerate(statuses):
        extra += GROUP_GAP if before not in (None, status) else 0.0
        places.append(number + extra)
        before = status
    return places or [0.0]


def _names(rows: pd.DataFrame, look: Look) -> tuple[list[list[str]], list[str], float]:
    """Return the names in lines, the counts behind them and the height of a row in pixels."""
    sizes = look.sizes
    counts = [str(text) for text in rows.get("contributors_text", [""] * len(rows))]
    room = look.pixels * sizes.name_share - widest(counts, sizes.small)
    names = [wrapped(str(label), room, sizes.text) for label in rows.label]
    lines = max((len(name) for name in names), default=1)
    return names, counts, max(sizes.row, lines * sizes.text * 1.3 + 8)


def _targets(rows: pd.DataFrame, places: list[float], largest: float) -> dict:
    """Return invisible bars over whole rows, so that a click beside a short bar counts too."""
    return trace(
        "bar",
        x=[largest] * len(rows),
        y=places[: len(rows)],
        orientation="h",
        width=0.95,
        customdata=list(rows.code),
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        hoverinfo="none",
        name="",
        **STEADY,
    )


def _bars(rows: pd.DataFrame, places: list[float], look: Look, selected: Collection[str]) -> list[dict]:
    """Return solid bars of the free rows and hollow, hatched ones of the rows with a low base."""
    tokens, sizes, bars = look.tokens, look.sizes, []
    for status in ("free", "low_base"):
        here = list(rows.index[rows.status == status])
        if not here:
            continue
        full = [not selected or rows.code[number] in selected for number in here]
        marker = {
            "color": [tokens.accent if is_full else tokens.band for is_full in full],
            "line": {"color": tokens.accent, "width": [0 if is_full else 1 for is_full in full]},
        }
        if status == "low_base":
            # plotly paints the hatch in fgcolor on bgcolor, edges in line: a hollow bar with accent diagonals
            marker = {
                "color": tokens.accent,
                "line": {"color": tokens.accent, "width": 1.5},
                "pattern": {
                    "shape": "/",
                    "bgcolor": tokens.card,
                    "fgcolor": tokens.accent,
                    "fillmode": "replace",
                    "size": 8 if look.size != "stage" else 16,
                    "solidity": 0.16,
                },
            }
        bars.append(
            trace(
                "bar",
                x=list(rows.value[here]),
                y=[places[number] for number in here],
                orientation="h",
                width=sizes.bar,
                customdata=list(rows.code[here]),
                marker=marker,
                hoverinfo="none",
                name=status,
                **STEADY,
            )
        )
    return bars


def _values(rows: pd.DataFrame, places: list[float], look: Look) -> dict:
    shown = rows.index[rows.status != "hidden"]
    return trace(
        "scatter",
        x=list(rows.value[shown]),
        y=[places[number] for number in shown],
        mode="text",
        cliponaxis=False,
        hoverinfo="skip",
        text=[
            ("\u00a0" + bold(text)) if not look.is_mirrored else (bold(text) + "\u00a0") for text in rows.text[shown]
        ],
        textposition=f"middle {look.end}",
        textfont=look.haloed(),
        name="values",
    )


def _counts(counts: list[str], places: list[float], look: Look) -> dict:
    space = "\u00a0"
    return trace(
        "scatter",
        x=[0] * len(counts),
        y=places,
        mode="text",
        cliponaxis=False,
        hoverinfo="skip",
        name="contributors",
        text=[f"{space}{plain(text)}" if look.is_mirrored else f"{plain(text)}{space}" for text in counts],
        textposition=f"middle {look.start}",
        textfont=look.font(look.tokens.muted, look.sizes.small),
    )


def _annotations(
    rows: pd.DataFrame,
    places: list[float],
    look: Look,
    value_title: str,
    reference: tuple[float, str] | None,
    largest: float,
    margin: dict[str, int],
) -> list[dict]:
    tokens, sizes = look.tokens, look.sizes
    found = [
        note(
            plain(rows.text[number]),
            x=0,
            y=places[number],
            xanchor=look.start,
            xshift=look.forward * 6,
            borderpad=3,
            bordercolor=tokens.edge,
            borderwidth=1,
            font=look.font(tokens.muted, sizes.small),
        )
        for number in rows.index[rows.status == "hidden"]
    ]
    if value_title:
        found.append(
            note(
                coloured(value_title, tokens.muted),
                x=0,
                xref="x",
                y=1,
                yref="paper",
                yanchor="bottom",
                xanchor=look.start,
                font=look.font(size=sizes.small),
            )
        )
    if reference:
        value, label = reference
        # the label hangs centred below its line, moved inwards where it would leave the chart
        room = look.pixels - margin["l"] - margin["r"]
        from_start = room * value / largest
        half = text_width(label, sizes.small) / 2
        too_far = max(0.0, from_start + half - room - (margin["l"] if look.is_mirrored else margin["r"]) + 2)
        found.append(
            note(
                plain(label),
                x=value,
                y=0,
                yref="paper",
                yanchor="top",
                yshift=-4,
                xshift=-look.forward * round(too_far),
                font=look.font(tokens.muted, sizes.small),
            )
        )
    return found


def _zero_line(look: Look) -> dict:
    return {
        "type": "line",
        "x0": 0,
        "x1": 0,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": look.tokens.edge, "width": 1},
    }


def _reference_line(
    value: float, rows: pd.DataFrame, places: list[float], look: Look, room: float, largest: float
) -> dict:
    """Return the dotted line of the reference: over the bars, interrupted where a printed value stands."""
    y: list[float | None] = [-0.5]
    for row, place in zip(rows.itertuples(), places, strict=False):
        text = 0.0 if row.status == "hidden" else row.value * room / largest
        width = text_width(str(row.text), look.sizes.text, True) + look.sizes.gap + 6
        if text - 2 < value * room / largest < text + width and (row.status != "hidden" or value * room / largest > 0):
            y += [place - 0.28, None, place + 0.28]
    y.append(places[-1] + 0.55)
    return trace(
        "scatter",
        x=[None if number is None else value for number in y],
        y=y,
        mode="lines",
        hoverinfo="skip",
        cliponaxis=False,
        name="reference",
        line={"color": look.tokens.ink, "width": 1.5 if look.size != "stage" else 3, "dash": "dot"},
    )
