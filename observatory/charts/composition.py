"""Composition: one stacked bar a row, at most five parts, their names directly above the first bar."""

from __future__ import annotations

import pandas as pd

from observatory.charts.look import (
    AXIS_GAP,
    REST,
    STEADY,
    THEME_STYLE,
    Chart,
    Look,
    bare_chart,
    note,
    plain,
    trace,
    widest,
)
from observatory.charts.placing import placed_heads
from observatory.charts.text_width import wrapped

MOST_PARTS = 5
LEAST_WRITTEN = 5  # per cent: smaller parts carry no number
RAMP = (4, 3, 2, 1, 0)  # classes of the accent, the largest part strongest


def draw(parts: pd.DataFrame, look: Look) -> Chart:
    """Draw the parts of a whole, in the order given.

    Args:
        parts: row_label, part_code, part_label, share (0 to 100, together 100 a row; less in the shorter rows where
            the rows are drawn by their size), text; optional theme_code (colour of a sub-theme), status (a row that is
            hidden is an outline with the word in text). The codes "_rest" and "_U" are grey.
        look: theme, direction, size and width.

    Raises:
        ValueError: there are more than five parts.
    """
    sizes, tokens = look.sizes, look.tokens
    parts = parts.assign(share=parts.share.astype(float), status=parts.get("status", "free"))
    codes = sorted(dict.fromkeys(parts.part_code), key=lambda code: code in REST)  # the first row may lack some parts
    rows = list(dict.fromkeys(parts.row_label))
    if len(codes) > MOST_PARTS:
        raise ValueError(
            f"A composition holds at most {MOST_PARTS} parts, not {len(codes)}: put the smallest together."
        )
    names = [wrapped(str(row), look.pixels * sizes.name_share * 0.85, sizes.text) for row in rows]
    name_width = widest((line for name in names for line in name), sizes.text)
    margin = look.side_margins(name_width + (sizes.gap + AXIS_GAP if name_width else 1), 2)
    room = look.pixels - margin["l"] - margin["r"]
    colours = _colours(parts, codes, look)
    heads, head_height = _heads(parts, codes, room, look)
    row = max(sizes.row * 1.15, max(len(name) for name in names) * sizes.text * 1.3 + 6)
    margin |= {"t": round(head_height), "b": 4}
    chart = bare_chart(look, head_height + 4 + row * len(rows), margin)
    chart.layout.update(barmode="stack")
    for code in codes:
        chart.data += [_part(parts[parts.part_code == code], rows, colours[code], room, look)]
    hidden = parts[parts.status == "hidden"].drop_duplicates("row_label")
    words = [
        note(
            plain(part.text),
            x=0,
            y=rows.index(part.row_label),
            xanchor=look.start,
            xshift=look.forward * 6,
            borderpad=3,
            bordercolor=tokens.edge,
            borderwidth=1,
            font=look.font(tokens.muted, sizes.small),
        )
        for part in hidden.itertuples()
    ]
    chart.layout.update(annotations=[*heads[0], *words], shapes=heads[1])
    chart.layout["xaxis"].update(range=look.value_range(0, 100))
    chart.layout["yaxis"].update(
        visible=any(rows),
        range=[len(rows) - 0.5, -0.5],
        side=look.start,
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=["<br>".join(plain(line) for line in name) for name in names],
        tickfont=look.font(),
        ticks="",
        showline=False,
        ticklabelstandoff=sizes.gap,
    )
    return chart


def _colours(parts: pd.DataFrame, codes: list[str], look: Look) -> dict[str, str]:
    """Return a colour for each part: the themes' own where all are themes, else shades of the accent; the rest grey."""
    tokens = look.tokens
    themes = (
        dict(zip(parts.part_code, parts.theme_code, strict=True))
        if "theme_code" in parts
        else {code: code for code in codes}
    )
    named = [code for code in codes if code not in REST]
    if (
        named
        and all(themes.get(code) in THEME_STYLE for code in named)
        and len({themes[code] for code in named}) == len(named)
    ):
        colours = {code: look.theme_colour(themes[code]) for code in named}
    else:
        colours = {code: tokens.classes[RAMP[number]] for number, code in enumerate(named)}
    return colours | {code: tokens.peers for code in codes if code in REST}


def _part(part: pd.DataFrame, rows: list[str], colour: str, room: float, look: Look) -> dict:
    """Return one part in every row, its number inside where it has 5 per cent and the number fits."""
    part = part[part.status != "hidden"]
    fits = [
        share >= LEAST_WRITTEN and share / 100 * room >= widest([text], look.sizes.text) + 4
        for share, text in zip(part.share, part.text, strict=True)
    ]
    ink = look.on(colour)
    is_rest = len(part) > 0 and part.part_code.iloc[0] in REST
    marker = {
        "color": colour,
        "line": {"color": look.tokens.edge if is_rest else look.tokens.card, "width": 1 if is_rest else 1.5},
    }
    if (part.status == "low_base").any():
        marker["pattern"] = {
            "shape": ["/" if status == "low_base" else "" for status in part.status],
            "fgcolor": look.tokens.card,
            "fillmode": "overlay",
            "size": 9,
            "solidity": 0.12,
        }
    return trace(
        "bar",
        x=list(part.share),
        y=[rows.index(row) for row in part.row_label],
        orientation="h",
        width=look.sizes.bar + 0.12,
        text=[plain(text) if fit else "" for text, fit in zip(part.text, fits, strict=True)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont=look.font(ink),
        insidetextfont=look.font(ink),
        customdata=list(part.part_code),
        hoverinfo="none",
        name=str(part.part_label.iloc[0]) if len(part) else "",
        marker=marker,
        **STEADY,
    )


def _heads(
    parts: pd.DataFrame, codes: list[str], room: float, look: Look
) -> tuple[tuple[list[dict], list[dict]], float]:
    """Return the names of the parts above the first row as annotations, their hairlines as shapes, and their height."""
    sizes, tokens = look.sizes, look.tokens
    visible = parts[parts.status != "hidden"]
    if visible.empty:
        return ([], []), sizes.gap
    first = visible[visible.row_label == visible.row_label.iloc[0]].set_index("part_code")
    labels, edge, wanted = dict(zip(parts.part_code, parts.part_label, strict=True)), 0.0, []
    for code in codes:
        width = float(first.share.get(code, 0.0)) * room / 100
        wanted.append((code, edge, edge + width, str(labels[code])))
        edge += width
    heads, height = placed_heads(wanted, room, sizes.text), sizes.text * 1.4
    annotations = [
        note(
            "<br>".join(plain(line) for line in head.lines),
            align=look.start,
            x=0,
            y=1,
            yref="paper",
            xanchor=look.start,
            yanchor="bottom",
            font=look.font(),
            xshift=round(look.forward * head.begins),
            yshift=round(head.step * height + 3),
        )
        for head in heads
    ]
    shapes = [
        {
            "type": "line",
            "x0": head.line / room * 100,
            "x1": head.line / room * 100,
            "yref": "paper",
            "ysizemode": "pixel",
            "yanchor": 1,
            "y0": 0,
            "y1": round((head.top - 0.2 if head.is_beside_its_line else head.step + 0.1) * height),
            "line": {"color": tokens.edge, "width": 1},
        }
        for head in heads
        if head.step
    ]
    return (annotations, shapes), max(head.top for head in heads) * height + 6
