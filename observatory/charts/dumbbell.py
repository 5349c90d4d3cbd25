"""Dumbbell: what two or three sides say of the same thing, marks on one line a row, told apart by shape and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from observatory.charts.look import AXIS_GAP, Chart, Look, bare_chart, coloured, note, plain, trace, widest
from observatory.charts.placing import spread
from observatory.charts.text_width import text_width, wrapped

SHAPES = ("circle", "diamond", "circle-open")
LINE_WIDTH = 4  # pixels of the bar between the marks
NAMES = 0.44  # of the width, at most, for the names of the rows


def draw(rows: pd.DataFrame, sides: Mapping[str, str], look: Look) -> Chart:
    """Draw the marks of each row on a scale of 0 to 100.

    Args:
        rows: row_label, side (a key of `sides`), value (0 to 100), text; in the order of the rows.
        sides: the names of the sides, two or three, in their order.
        look: theme, direction, size and width.

    Raises:
        ValueError: there are more than three sides.
    """
    if len(sides) > len(SHAPES):
        raise ValueError(f"A dumbbell holds at most {len(SHAPES)} sides, not {len(sides)}.")
    sizes, tokens = look.sizes, look.tokens
    labels = list(dict.fromkeys(rows.row_label))
    names = [wrapped(str(label), look.pixels * NAMES, sizes.text) for label in labels]
    after = text_width("100 %", sizes.text) / 2 + sizes.marker
    margin = look.side_margins(
        widest((line for lines in names for line in lines), sizes.text) + sizes.gap + AXIS_GAP + after / 2, after
    )
    room = look.pixels - margin["l"] - margin["r"]
    colours = dict(zip(sides, (tokens.accent, tokens.ink, tokens.muted), strict=False))
    shapes = dict(zip(sides, SHAPES, strict=False))
    row = max(sizes.row * 1.55, max(len(lines) for lines in names) * sizes.text * 1.3 + sizes.gap)
    head = sizes.text * 1.5
    chart = bare_chart(look, head + row * len(labels) + 4, margin | {"t": round(head), "b": 4})
    place = {label: number for number, label in enumerate(labels)}
    chart.layout["shapes"] = [
        {"type": "line", "x0": group.value.min(), "x1": group.value.max(), "y0": place[label], "y1": place[label],
         "layer": "below", "line": {"color": tokens.peers, "width": LINE_WIDTH}}
        for label, group in rows.groupby("row_label", sort=False) if len(group) > 1
    ]  # fmt: skip
    words: list[dict] = []
    for side, name in sides.items():
        own = rows[rows.side == side]
        chart.data.append(trace(
            "scatter", mode="markers", x=list(own.value), y=[place[label] for label in own.row_label], name=str(name),
            hoverinfo="none",
            marker={"symbol": shapes[side], "size": sizes.marker * 1.5, "color": colours[side],
                    "line": {"width": 2, "color": colours[side]}},
        ))  # fmt: skip
    for label, group in rows.groupby("row_label", sort=False):
        words += _values(group.sort_values("value"), place[label], room, colours, look)
    words.append(_legend(sides, colours, margin["r" if look.is_mirrored else "l"], look))
    chart.layout["annotations"] = words
    chart.layout["xaxis"].update(range=look.value_range(0, 100))
    chart.layout["yaxis"].update(
        visible=True, range=[len(labels) - 0.5, -0.5], side=look.start, tickmode="array",
        tickvals=list(range(len(labels))), ticktext=["<br>".join(plain(line) for line in lines) for lines in names],
        tickfont=look.font(), ticks="", showline=False, ticklabelstandoff=round(sizes.gap + after / 2),
    )  # fmt: skip
    return chart


def _values(group: pd.DataFrame, row: int, room: float, colours: Mapping[str, str], look: Look) -> list[dict]:
    """Return the numbers above the marks of a row, moved apart where they would touch."""
    wanted = [
        (value / 100 * room, text_width(str(text), look.sizes.small) + 6)
        for value, text in zip(group.value, group.text, strict=True)
    ]
    centres = spread(wanted, -20.0, room + 20.0)
    return [
        note(coloured(entry.text, colours[entry.side]), x=entry.value, y=row, yshift=round(look.sizes.marker * 1.6),
             xshift=round(look.forward * (centre - asked)), font=look.font(size=look.sizes.small))
        for entry, centre, (asked, _) in zip(group.itertuples(), centres, wanted, strict=True)
    ]  # fmt: skip


def _legend(sides: Mapping[str, str], colours: Mapping[str, str], names: int, look: Look) -> dict:
    """Return the names of the sides over the first row, each with its mark, from where the names of the rows begin."""
    marks = dict(zip(sides, ("●", "◆", "○"), strict=False))
    said: Sequence[str] = [coloured(f"{marks[side]} {name}", colours[side]) for side, name in sides.items()]
    if look.is_mirrored:
        said = said[::-1]
    return note(
        "&nbsp;&nbsp;&nbsp;".join(said), x=0, y=1, yref="paper", xanchor=look.start, yanchor="bottom",
        xshift=-look.forward * names, align=look.start, font=look.font(size=look.sizes.small),
    )  # fmt: skip
