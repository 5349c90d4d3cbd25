"""Agreement: the steps of a scale as bars that part at its neutral middle, a row each, its name and numbers above."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from observatory.charts.look import STEADY, Chart, Look, bare_chart, bold, coloured, note, plain, trace, widest
from observatory.charts.text_width import text_width, wrapped

LEAST_WRITTEN = 5  # per cent: smaller parts carry no number
MOST_STEPS = 5


class Bar(NamedTuple):
    """One row of a scale.

    text: the share that agrees, as printed, like `interval`. aside: what else is said beside the bar, such as the share
    that found it hard to say. flag: A, B or C. shares: of each step (0 to 100); written: the same as printed.
    """

    label: str
    text: str
    interval: str
    aside: str
    flag: str
    shares: Sequence[float]
    written: Sequence[str]

    @property
    def is_weak(self) -> bool:
        return self.flag == "C"


def draw(rows: Sequence[Bar], steps: Sequence[str], look: Look) -> Chart:
    """Draw one bar a row, in the order given within those that are well known; what is very uncertain grey, below.

    Args:
        rows: none is hidden.
        steps: codes of the scale from disagreement to agreement; of an odd number the middle one is neutral.
        look: theme, direction, size and width.

    Raises:
        ValueError: the scale has more than five steps.
    """
    if len(steps) > MOST_STEPS:
        raise ValueError(f"A scale is drawn with at most {MOST_STEPS} steps, not {len(steps)}.")
    rows = sorted(rows, key=lambda row: row.is_weak)
    sizes = look.sizes
    line, bar = sizes.text * 1.45, sizes.row * 0.72
    heads, is_apart = _heads(rows, look)
    centres, y = [], 0.0
    for lines in heads:
        centres.append(y + line * len(lines) + 2 + bar / 2)
        y += line * len(lines) + 2 + bar + sizes.gap * 1.6
    chart = bare_chart(look, y, look.side_margins(1, 1))
    ends = [_ends(row.shares) for row in rows]
    span = (min(0.0, *(end[0] for end in ends)), max(0.0, *(end[-1] for end in ends)))
    room = look.pixels / ((span[1] - span[0]) or 1.0)
    for number, step in enumerate(steps):
        starts = [end[number] for end in ends]
        chart.data.append(_step(rows, step, number, len(steps), starts, centres, bar, room, look))
    chart.layout.update(
        annotations=[
            words
            for row, lines, centre in zip(rows, heads, centres, strict=True)
            for words in _head_words(lines, _said(row, look), is_apart, centre - bar / 2 - 2, line, span, look)
        ],
        shapes=[_middle(look)],
    )
    chart.layout["xaxis"].update(range=look.value_range(*span))
    chart.layout["yaxis"].update(range=[y, 0])
    return chart


def swatches(steps: Mapping[str, str], look: Look) -> str:
    """Return the swatch row above the chart as HTML of class leg: every step in words, the lowest first."""
    parts = [
        f'<span><i style="background:{_colours(number, len(steps), look)[0]}"></i>{html.escape(words)}</span>'
        for number, words in enumerate(steps.values())
    ]
    return f'<div class="leg">{"".join(parts)}</div>'


def _colours(number: int, count: int, look: Look) -> tuple[str, str]:
    """Return ground and label colour of a step: as many of the five as there are, the ends always the strongest."""
    half = count // 2
    place = number if number < half else 2 if count % 2 and number == half else MOST_STEPS - count + number
    return look.tokens.diverging[place], look.tokens.on_diverging[place]


def _ends(shares: Sequence[float]) -> list[float]:
    """Return where each step begins, and where the last ends, so that the neutral one lies on both sides of zero."""
    half = len(shares) // 2
    below = sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0.0)
    return list(accumulate(shares, initial=-below))


def _step(
    rows: Sequence[Bar], step: str, number: int, count: int, starts: Sequence[float], centres: Sequence[float],
    bar: float, room: float, look: Look,
) -> dict:  # fmt: skip
    """Return one step in every row, its number inside where it has 5 per cent and the number fits."""
    tokens, size = look.tokens, look.sizes.text
    ground, ink = _colours(number, count, look)
    weak = [row.is_weak for row in rows]
    is_neutral = count % 2 == 1 and number == count // 2
    grey = tokens.card if is_neutral else tokens.peers
    shares, texts = [row.shares[number] for row in rows], [row.written[number] for row in rows]
    fits = [
        share >= LEAST_WRITTEN and share * room >= widest([text], size) + 4
        for share, text in zip(shares, texts, strict=True)
    ]
    inks = [look.on(grey) if is_weak else ink for is_weak in weak]
    font = look.font() | {"color": inks}
    return trace(
        "bar",
        x=shares,
        base=starts,
        y=list(centres),
        orientation="h",
        width=bar,
        text=[plain(text) if fit else "" for text, fit in zip(texts, fits, strict=True)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont=font,
        insidetextfont=font,
        marker={
            "color": [grey if is_weak else ground for is_weak in weak],
            "line": {"color": [tokens.edge if is_weak else tokens.card for is_weak in weak], "width": 1},
        },
        hoverinfo="none",
        name=step,
        **STEADY,
    )


def _heads(rows: Sequence[Bar], look: Look) -> tuple[list[list[str]], bool]:
    """Return the lines over each bar, and whether what is said of it stands in a line of its own, the last."""
    size = look.sizes.text
    names = [wrapped(row.label, look.pixels - 4, size) for row in rows]
    said = [f"{row.text}  {row.interval}  {row.aside}" for row in rows]
    is_apart = any(
        name[-1] and text_width(name[-1], size) + text_width(words, look.sizes.small, True) + 24 > look.pixels
        for name, words in zip(names, said, strict=True)
    )
    return [[*name, ""] if is_apart else name for name in names], is_apart


def _said(row: Bar, look: Look) -> str:
    """Return the share that agrees with its interval and what stands beside; the interval first where it is weak."""
    muted = look.tokens.muted
    value = coloured(row.text, muted) if row.is_weak else bold(row.text)
    interval, aside = (coloured(part, muted) if part else "" for part in (row.interval, row.aside))
    parts = [part for part in ((interval, value, aside) if row.is_weak else (value, interval, aside)) if part]
    return "\u00a0\u00a0 ".join(reversed(parts) if look.is_mirrored else parts)


def _head_words(
    lines: Sequence[str], said: str, is_apart: bool, bottom: float, line: float, span: tuple[float, float], look: Look
) -> list[dict]:
    """Return the name over a bar, at the start, and what is said of it, at the end or under the name."""
    ground = {"yanchor": "bottom", "bgcolor": look.tokens.card}
    placed = [
        note(plain(text), x=span[0], y=bottom - line * (len(lines) - 1 - number), xanchor=look.start, font=look.font(),
             **ground)
        for number, text in enumerate(lines) if text
    ]  # fmt: skip
    side, x = (look.start, span[0]) if is_apart else (look.end, span[1])
    return [*placed, note(said, x=x, y=bottom, xanchor=side, font=look.font(size=look.sizes.small), **ground)]


def _middle(look: Look) -> dict:
    """Return the zero line, below the bars."""
    return {
        "type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
        "line": {"color": look.tokens.edge, "width": 1},
    }  # fmt: skip
