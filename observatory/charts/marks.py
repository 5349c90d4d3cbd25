"""Marks on a trend: events, a break, a goal; each a quiet line with its words where they cover the least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.charts.look import Look, note, plain, widest
from observatory.charts.placing import Box, along, beside
from observatory.charts.text_width import wrapped

MOST_WORDED = 2  # events with words beside them
Courses = Sequence[tuple[list[float], list[float]]]


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
    events: Sequence[tuple[str, str]],
    break_before: tuple[str, str] | None,
    plot: Plot,
    beyond: float,
    courses: Courses,
    taken: list[Box],
    look: Look,
) -> tuple[list[dict], list[dict]]:
    """Return dotted lines of events and of the break, ticks of events without words, and the words.

    beyond: pixels right of the plot that words may use; courses: pixels of the lines' points; taken: boxes of words
    that stand already.
    """
    sizes = look.sizes
    first, last = position(plot.periods[0]), position(plot.periods[-1])
    inside = [(position(period), words) for period, words in events if first <= position(period) <= last]
    marks = [(where, words) for where, words in inside if words][:MOST_WORDED]
    ticks = {where for where, _ in inside} - {where for where, _ in marks}
    if break_before and first < position(break_before[0]) <= last:
        marks.append((position(break_before[0]) - 0.5, break_before[1]))
    taken, words = list(taken), []
    for where, text in marks:
        texts = wrapped(text, max(plot.width * 0.26, 84, widest(text.split(), sizes.small)), sizes.small)
        size = (widest(texts, sizes.small) + 6, len(texts) * sizes.small * 1.3)
        side, box = beside(plot.x(where), size, (plot.width + beyond, plot.height), courses, taken)
        taken.append(box)
        anchor = "left" if side > 0 else "right"
        words.append(
            note(
                "<br>".join(plain(line) for line in texts),
                x=where,
                xanchor=anchor,
                align=anchor,
                xshift=(sizes.gap - 3) * side,
                y=0,
                yref="paper",
                yshift=round(box.bottom),
                yanchor="bottom",
                font=look.haloed(look.tokens.muted, sizes.small),
            )
        )
    lines = [_upright(where, 1.0, look) for where, _ in marks]
    return [*lines, *(_upright(where, 0.05, look) for where in sorted(ticks))], words


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


def _upright(where: float, height: float, look: Look) -> dict:
    """Return a dotted line from the axis up to a share of the plot's height."""
    return {
        "type": "line",
        "x0": where,
        "x1": where,
        "y0": 0,
        "y1": height,
        "yref": "paper",
        "layer": "below",
        "line": {"color": look.tokens.muted, "width": 1 if look.size != "stage" else 2, "dash": "dot"},
    }
