"""Marks on a trend: events, a break, a goal; each a quiet line with its words where they cover the least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.charts.look import Look, note, plain, widest
from observatory.charts.placing import Box, along, beside
from observatory.charts.text_width import text_width, wrapped

MOST_WORDED = {"page": 4, "phone": 2, "stage": 4}  # periods with words beside their line
MOST_COVERED = 6  # points of lines, of 25 over the width of the words, that words of an event may cover
TICK = 0.05  # of the plot's height
SHORTEST = 6.0  # pixels of a piece of a line between words
Courses = Sequence[tuple[list[float], list[float]]]


@dataclass(frozen=True)
class Mark:
    """What happened in a period: words for beside its line, and in short ("+3") where they find no place."""

    period: str
    words: str
    short: str = ""


@dataclass(frozen=True)
class Plot:
    """The measured field of a trend: every period from first to last, top of the values, margins and pixels."""

    periods: tuple[str, ...]
    top: float
    width: float
    height: float

    @property
    def step(self) -> float:
        """Pixels from one period to the next."""
        span = position(self.periods[-1]) - position(self.periods[0])
        return self.width / span if span else self.width

    def x(self, where: float) -> float:
        """Return the pixels from the left of a position on the time axis."""
        return (where - position(self.periods[0])) * self.step

    def y(self, value: float) -> float:
        """Return the pixels from the bottom of a value."""
        return self.height * value / self.top


def position(period: str) -> float:
    """Return where a period stands on the time axis: in years for "2024", in months for "2024-05"."""
    parts = [int(part) for part in period.split("-")]
    return float(parts[0]) if len(parts) == 1 else 12 * parts[0] + parts[1] - 1.0


def time_marks(
    events: Sequence[Mark],
    break_before: tuple[str, str] | None,
    plot: Plot,
    beyond: float,
    courses: Courses,
    taken: list[Box],
    look: Look,
) -> tuple[list[dict], list[dict]]:
    """Return dotted lines of the break and of events, ticks of events without a place for words, and the words.

    events: the most important first; each has its words where these touch no others, no line of another mark and
    hardly any course. beyond: pixels right of the plot that words may use; courses: pixels of the lines' points;
    taken: boxes of words that stand already.
    """
    first, last = position(plot.periods[0]), position(plot.periods[-1])
    field = plot.width + beyond, plot.height
    lines, words, worded, left = [], [], [], []
    if break_before and first < position(break_before[0]) <= last:
        where = position(break_before[0]) - 0.5
        texts, side, box = _placed(break_before[1], plot.x(where), plot, field, courses, taken, look)
        lines += _upright(where, plot, taken, look)
        words.append(_words(texts, where, side, box, look))
        worded.append(box)
    inside = [event for event in events if first <= position(event.period) <= last]
    free = MOST_WORDED[look.size]
    for event in inside:
        where = position(event.period)
        x = plot.x(where)
        ticks = [_tick(position(other.period), plot) for other in inside if other is not event]
        near = [*taken, *worded, *ticks, *(Box(plot.x(line["x0"]), 0, 1, plot.height) for line in lines)]
        texts, side, box = _placed(event.words, x, plot, field, courses, near, look)
        if (
            not free
            or box.left < 0
            or box.left + box.width > field[0]
            or any(box.is_near(other) for other in near)
            or any(other.left <= x <= other.left + other.width for other in worded)
            or _covered(box, courses) > MOST_COVERED
        ):
            left.append(event)
            continue
        lines += _upright(where, plot, taken, look)
        words.append(_words(texts, where, side, box, look))
        worded.append(box)
        free -= 1
    for event in left:
        where, wide = position(event.period), text_width(event.short, look.sizes.small)
        tick = _tick(where, plot)
        box = Box(tick.left - wide / 2, tick.height + 1, wide, look.sizes.small * 1.3)
        lines.append(_line(where, 0.0, TICK, look))
        if event.short and not any(box.is_near(other) for other in (*taken, *worded)) and not _covered(box, courses):
            words.append(_words([event.short], where, 0, box, look))
            worded.append(box)
    return lines, words


def _tick(where: float, plot: Plot) -> Box:
    return Box(plot.x(where), 0.0, 1.0, TICK * plot.height)


def _covered(box: Box, courses: Courses) -> int:
    return sum(box.points_inside(xs, ys) for xs, ys in courses)


def _placed(
    text: str,
    x: float,
    plot: Plot,
    field: tuple[float, float],
    courses: Courses,
    taken: Sequence[Box],
    look: Look,
) -> tuple[list[str], int, Box]:
    """Return the lines of words, the side of the mark (1 right, -1 left) and the box where they cover the least."""
    small = look.sizes.small
    texts = wrapped(text, max(plot.width * 0.26, 84, widest(text.split(), small)), small)
    side, box = beside(x, (widest(texts, small) + 6, len(texts) * small * 1.3), field, courses, taken)
    return texts, side, box


def _words(texts: Sequence[str], where: float, side: int, box: Box, look: Look) -> dict:
    """Return the words of a mark: right (side 1) or left (-1) of its line, or over its tick (0)."""
    anchor = {1: "left", -1: "right", 0: "center"}[side]
    return note(
        "<br>".join(plain(line) for line in texts),
        x=where,
        xanchor=anchor,
        align=anchor,
        xshift=(look.sizes.gap - 3) * side,
        y=0,
        yref="paper",
        yshift=round(box.bottom),
        yanchor="bottom",
        font=look.haloed(look.tokens.muted, look.sizes.small),
    )


def goal_mark(
    goal: tuple[float, str] | None, plot: Plot, courses: Courses, taken: list[Box], look: Look
) -> tuple[list[dict], list[dict]]:
    """Return the dashed line of a goal and its words above or below it, which are added to the boxes taken."""
    if goal is None:
        return [], []
    value, text = goal
    sizes, ink = look.sizes, look.tokens.ink
    texts = wrapped(text, plot.width * 0.7, sizes.small)
    size = (widest(texts, sizes.small) + 6, len(texts) * sizes.small * 1.3)
    box = along(plot.y(value), size, plot.width, courses, taken)
    taken.append(box)
    line = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "layer": "below",
        "line": {"color": ink, "width": 1 if look.size != "stage" else 2, "dash": "dash"},
    }  # fmt: skip
    words = note(
        "<br>".join(plain(part) for part in texts), x=0, xref="paper", xanchor="left", align="left",
        xshift=round(box.left), y=0, yref="paper", yshift=round(box.bottom), yanchor="bottom",
        font=look.haloed(ink, sizes.small),
    )  # fmt: skip
    return [line], [words]


def _upright(where: float, plot: Plot, taken: Sequence[Box], look: Look) -> list[dict]:
    """Return a dotted line from the axis to the top, with gaps where words stand on it."""
    x, start, pieces = plot.x(where), 0.0, []
    over = sorted((box.bottom, box.bottom + box.height) for box in taken if box.left < x < box.left + box.width)
    for bottom, top in (*over, (plot.height, plot.height)):
        if bottom - start >= SHORTEST:
            pieces.append(_line(where, start / plot.height, min(bottom / plot.height, 1.0), look))
        start = max(start, top)
    return pieces


def _line(where: float, bottom: float, top: float, look: Look) -> dict:
    """Return a dotted vertical line between two shares of the plot's height."""
    return {
        "type": "line",
        "x0": where,
        "x1": where,
        "y0": bottom,
        "y1": top,
        "yref": "paper",
        "layer": "below",
        "line": {"color": look.tokens.muted, "width": 1 if look.size != "stage" else 2, "dash": "dot"},
    }
