"""Estimates: a dot on its 95 % band a row, value and interval printed behind it; what is very uncertain grey, below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from observatory.charts.look import AXIS_GAP, Chart, Look, bare_chart, bold, coloured, note, plain, trace, widest
from observatory.charts.text_width import wrapped

BAND = 0.42  # of a row
GAP = 0.4  # rows of extra space before what is very uncertain, and before a break


class Dot(NamedTuple):
    """One estimate; text and interval as printed, flag A, B or C, base_text printed in muted behind the name."""

    label: str
    value: float
    low: float
    high: float
    text: str
    interval: str
    flag: str
    base_text: str = ""

    @property
    def is_weak(self) -> bool:
        return self.flag == "C"


def draw(
    rows: Sequence[Dot], look: Look, *, title: str = "", in_order: bool = False, breaks: Mapping[int, str] | None = None
) -> Chart:
    """Draw one estimate a row.

    Args:
        rows: none is hidden; one without an interval has low and high at its value.
        look: theme, direction, size and width.
        title: what the values are, above the first band; empty: nothing is said.
        in_order: rows stay as they are; else those flagged C come last.
        breaks: words for a line above a row, by its place: what stands above is not comparable with what follows.
    """
    sizes, breaks = look.sizes, breaks or {}
    if not in_order:
        rows = sorted(rows, key=lambda row: row.is_weak)
    places = _places(rows, in_order, breaks)
    counts = [row.base_text for row in rows]
    count_width = widest(counts, sizes.small)
    names = [wrapped(row.label, look.pixels * sizes.name_share - count_width, sizes.text) for row in rows]
    name_width = widest((line for name in names for line in name), sizes.text)
    before = name_width + count_width + sizes.gap * (2 if count_width else 1) + AXIS_GAP
    after = max(widest([row.text], sizes.text, True) + widest([row.interval], sizes.small) for row in rows)
    height = max(sizes.row, max(len(name) for name in names) * sizes.text * 1.3 + 8)
    top = sizes.small * 1.8 if title else 2
    margin = look.side_margins(before, after + sizes.gap * 3) | {"t": round(top), "b": 4}
    start, end = min(0.0, *(row.low for row in rows)), max(0.0, *(row.high for row in rows))
    chart = bare_chart(look, top + 4 + height * (places[-1] + 1), margin)
    chart.data += [_dots(rows, places, look), _words(rows, places, look)]
    if any(counts):
        chart.data += [_counts(counts, places, start, look)]
    shapes = [_zero_line(look)]
    for row, place in zip(rows, places, strict=True):
        shapes += [_hairline(row, place, look), _band(row, place, look)]
    broken = [(places[number] - 0.5 - GAP / 2, words) for number, words in breaks.items()]
    shapes += [_break_line(place, look) for place, _ in broken]
    words = [_break_words(place, text, start, look) for place, text in broken]
    words += [_title(title, start, look)] if title else []
    chart.layout.update(shapes=shapes, annotations=words)
    chart.layout["xaxis"].update(range=look.value_range(start, end if end > start else start + 1))
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


def _places(rows: Sequence[Dot], in_order: bool, breaks: Mapping[int, str]) -> list[float]:
    """Return where each row stands, counted in rows from the top."""
    places, extra = [], 0.0
    for number, row in enumerate(rows):
        is_first_weak = not in_order and row.is_weak and number > 0 and not rows[number - 1].is_weak
        extra += GAP if is_first_weak or number in breaks else 0.0
        places.append(number + extra)
    return places


def _dots(rows: Sequence[Dot], places: list[float], look: Look) -> dict:
    tokens, weak = look.tokens, [row.is_weak for row in rows]
    return trace(
        "scatter",
        x=[row.value for row in rows],
        y=places,
        mode="markers",
        cliponaxis=False,
        hoverinfo="skip",
        name="estimates",
        marker={
            "size": look.sizes.marker + 2,
            "color": [tokens.card if is_weak else tokens.accent for is_weak in weak],
            "line": {"color": [tokens.edge if is_weak else tokens.accent for is_weak in weak], "width": 2},
            "opacity": 1,
        },
    )


def _words(rows: Sequence[Dot], places: list[float], look: Look) -> dict:
    """Return value and interval behind each band; of what is very uncertain the interval goes first, in muted."""
    space = "\u00a0"
    said = []
    for row in rows:
        small = f'style="font-size:{look.sizes.small}px;color:{look.tokens.muted}"'
        interval = f"<span {small}>{plain(row.interval)}</span>" if row.interval else ""
        value = coloured(row.text, look.tokens.muted) if row.is_weak else bold(row.text)
        parts = [part for part in ((interval, value) if row.is_weak else (value, interval)) if part]
        line = f"{space}{space}".join(reversed(parts) if look.is_mirrored else parts)
        said.append(f"{line}{space}{space}" if look.is_mirrored else f"{space}{space}{line}")
    return trace(
        "scatter",
        x=[max(row.high, row.value) for row in rows],
        y=places,
        mode="text",
        cliponaxis=False,
        hoverinfo="skip",
        name="values",
        text=said,
        textposition=f"middle {look.end}",
        textfont=look.font(),
    )


def _counts(counts: list[str], places: list[float], start: float, look: Look) -> dict:
    space = "\u00a0"
    return trace(
        "scatter",
        x=[start] * len(counts),
        y=places,
        mode="text",
        cliponaxis=False,
        hoverinfo="skip",
        name="base",
        text=[f"{space}{plain(text)}" if look.is_mirrored else f"{plain(text)}{space}" for text in counts],
        textposition=f"middle {look.start}",
        textfont=look.font(look.tokens.muted, look.sizes.small),
    )


def _band(row: Dot, place: float, look: Look) -> dict:
    """Return the interval of a row; dotted and hollow where it is very uncertain."""
    tokens, weak = look.tokens, row.is_weak
    line = {"color": tokens.edge, "width": 1.5, "dash": "dot"} if weak else {"width": 0}
    return {
        "type": "rect", "x0": row.low, "x1": row.high, "y0": place - BAND / 2, "y1": place + BAND / 2, "layer": "below",
        "fillcolor": tokens.card if weak else tokens.band, "line": line,
    }  # fmt: skip


def _hairline(row: Dot, place: float, look: Look) -> dict:
    """Return the thin line from zero to the band of a row."""
    return {
        "type": "line", "x0": 0, "x1": row.low, "y0": place, "y1": place, "layer": "below",
        "line": {"color": look.tokens.rule, "width": 1},
    }  # fmt: skip


def _zero_line(look: Look) -> dict:
    return {
        "type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
        "line": {"color": look.tokens.edge, "width": 1},
    }  # fmt: skip


def _break_line(place: float, look: Look) -> dict:
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place, "y1": place, "layer": "below",
        "line": {"color": look.tokens.muted, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _break_words(place: float, words: str, start: float, look: Look) -> dict:
    return note(
        plain(words), x=start, y=place, xanchor=look.start, yanchor="middle", xshift=look.forward * 8,
        bgcolor=look.tokens.card, font=look.font(look.tokens.muted, look.sizes.small),
    )  # fmt: skip


def _title(title: str, start: float, look: Look) -> dict:
    return note(
        coloured(title, look.tokens.muted), x=start, xref="x", y=1, yref="paper", yanchor="bottom", xanchor=look.start,
        font=look.font(size=look.sizes.small),
    )  # fmt: skip
