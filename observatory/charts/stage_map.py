"""Stage map: dimensions or groups by five stages, the share printed in every cell, the largest of a row in bold."""

from __future__ import annotations

import pandas as pd

from observatory.charts.classes import class_index
from observatory.charts.look import AXIS_GAP, Chart, Look, bare_chart, bold, note, plain, trace, widest
from observatory.charts.text_width import wrapped

LIMITS = (0.0, 0.05, 0.15, 0.3, 0.5, 1.0)
"""Of shares, 0 to 1: the five classes of the shades."""

NAMES_FROM = 560  # pixels of a chart: below it the stages carry their numbers alone


def draw(rows: pd.DataFrame, names: dict[int, str], look: Look) -> Chart:
    """Draw the share of companies at each stage, one row a group in the order given.

    Args:
        rows: row_label, stage (1 to 5), share (0 to 1, empty where hidden), text; status (free, low_base, hidden): a
            hidden row says its text once.
        names: of the stages.
        look: theme, direction, size and width.
    """
    sizes, tokens = look.sizes, look.tokens
    labels, stages = list(dict.fromkeys(rows.row_label)), sorted(names)
    wrapped_labels = [wrapped(str(label), look.pixels * sizes.name_share * 0.85, sizes.text) for label in labels]
    margin = look.side_margins(widest((line for lines in wrapped_labels for line in lines), sizes.text)
                               + sizes.gap + AXIS_GAP, 2)  # fmt: skip
    cell = (look.pixels - margin["l"] - margin["r"]) / len(stages)
    heads = [_head(stage, names[stage], cell, look) for stage in stages]
    head_height = max(len(head) for head in heads) * sizes.small * 1.3 + 6
    row = max(sizes.row * 1.1, max(len(lines) for lines in wrapped_labels) * sizes.text * 1.3 + 6)
    chart = bare_chart(look, head_height + row * len(labels) + 4, margin | {"t": round(head_height), "b": 4})
    known = rows[rows.status != "hidden"]
    place = {label: number for number, label in enumerate(labels)}
    grid = [[None] * len(stages) for _ in labels]
    words = []
    largest = known.groupby("row_label").share.max()
    for entry in known.itertuples():
        shade = class_index(entry.share, LIMITS)
        grid[place[entry.row_label]][stages.index(entry.stage)] = shade + 0.5
        is_largest = entry.share > 0 and entry.share == largest[entry.row_label]
        words.append(note(
            bold(entry.text) if is_largest else plain(entry.text),
            x=entry.stage, y=place[entry.row_label], font=look.font(tokens.on_classes[shade]),
        ))  # fmt: skip
    hidden = rows[rows.status == "hidden"].drop_duplicates("row_label")
    words += [
        note(plain(entry.text), x=(stages[0] + stages[-1]) / 2, y=place[entry.row_label],
             font=look.font(tokens.muted, sizes.small))
        for entry in hidden.itertuples()
    ]  # fmt: skip
    words += [
        note("<br>".join(plain(line) for line in head), x=stage, y=1, yref="paper", yanchor="bottom", yshift=3,
             font=look.font(tokens.muted, sizes.small))
        for stage, head in zip(stages, heads, strict=True)
    ]  # fmt: skip
    colours = tokens.classes
    chart.data.append(trace(
        "heatmap", x=stages, y=list(range(len(labels))), z=grid, zmin=0, zmax=len(colours), xgap=3, ygap=3,
        showscale=False, hoverinfo="none",
        colorscale=[[edge, colour] for number, colour in enumerate(colours)
                    for edge in (number / len(colours), (number + 1) / len(colours))],
    ))  # fmt: skip
    chart.layout["annotations"] = words
    chart.layout["xaxis"].update(range=look.value_range(stages[0] - 0.5, stages[-1] + 0.5))
    chart.layout["yaxis"].update(
        visible=True, range=[len(labels) - 0.5, -0.5], side=look.start, tickmode="array",
        tickvals=list(range(len(labels))), ticktext=["<br>".join(plain(line) for line in lines)
                                                     for lines in wrapped_labels],
        tickfont=look.font(), ticks="", showline=False, ticklabelstandoff=sizes.gap,
    )  # fmt: skip
    return chart


def _head(stage: int, name: str, cell: float, look: Look) -> list[str]:
    """Return the lines over a column: number and name, the number alone where there is no room."""
    lines = wrapped(name, cell - 6, look.sizes.small)
    if look.pixels < NAMES_FROM or widest(lines, look.sizes.small) > cell:
        return [str(stage)]
    return [str(stage), *lines]
