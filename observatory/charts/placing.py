"""Placing: where words fit, in pixels; of several places the one that touches the least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.charts.look import widest
from observatory.charts.text_width import text_width, wrapped


def spread(boxes: list[tuple[float, float]], low: float, high: float) -> list[float]:
    """Return centres of boxes (wanted centre, height), given from low to high, moved as little as keeps them apart."""
    centres = [centre for centre, _ in boxes]
    for _ in range(60):
        moved = False
        for one in range(len(boxes) - 1):
            need = (boxes[one][1] + boxes[one + 1][1]) / 2 - (centres[one + 1] - centres[one])
            if need > 0.5:
                centres[one] -= need / 2
                centres[one + 1] += need / 2
                moved = True
        for number, (_, height) in enumerate(boxes):
            centres[number] = min(max(centres[number], low + height / 2), high - height / 2)
        if not moved:
            break
    return centres


@dataclass(frozen=True)
class Head:
    """The name of a part above a bar: pixels of its text from the bar's beginning, step, and where its line falls."""

    code: str
    lines: tuple[str, ...]
    begins: float
    ends: float
    step: int
    line: float

    @property
    def top(self) -> int:
        return self.step + len(self.lines)

    def touches(self, other: Head) -> bool:
        """Return True where the two texts touch."""
        beside = self.begins < other.ends + 8 and other.begins < self.ends + 8
        return beside and self.step < other.top and other.step < self.top

    def crosses(self, other: Head) -> bool:
        """Return True where the line of the higher text falls through the lower text."""
        high, low = (self, other) if self.step > other.step else (other, self)
        return high.step > low.step and low.begins - 4 < high.line < low.ends + 4

    @property
    def is_beside_its_line(self) -> bool:
        """Return True where the line may run up along the text; else it ends beneath it."""
        return not self.begins < self.line < self.ends


def placed_heads(parts: list[tuple[str, float, float, str]], room: float, size: float) -> list[Head]:
    """Return where the names stand that need the fewest steps: at the beginning of their part, or over its middle.

    Args:
        parts: code, beginning and end of the part in pixels, and its name, in order.
        room: width of the bar in pixels.
        size: font size in pixels.
    """
    best: tuple[float, list[Head]] = (float("inf"), [])
    choices = [sorted(_choices(*part, room, size, len(parts)), key=lambda choice: choice[0]) for part in parts]
    least = [sum(found[0][0] for found in choices[number:]) for number in range(len(parts) + 1)]

    def place(number: int, done: list[Head], cost: float) -> None:
        nonlocal best
        if number == len(parts):
            best = (cost, done)
            return
        for extra, head in choices[number]:
            if cost + extra + least[number + 1] >= best[0]:
                return
            if not any(head.touches(other) for other in done):
                whole = cost + extra + 3.0 * sum(head.crosses(other) for other in done)
                if whole + least[number + 1] < best[0]:
                    place(number + 1, [*done, head], whole)

    place(0, [], 0.0)
    return best[1]


def _choices(
    code: str, start: float, end: float, name: str, room: float, size: float, steps: int
) -> list[tuple[float, Head]]:
    """Return the places a name may have with their cost: low, in one line, at the beginning of its part is best."""
    found, whole = [], text_width(name, size)
    halves = tuple(wrapped(name, max(whole * 0.58, widest(name.split(), size)), size))
    for lines in dict.fromkeys([(name,), halves]):
        width = widest(lines, size)
        most, middle = max(room - width - 2, 0.0), (start + end) / 2
        for step in range(steps + 1):
            cost = step + 0.6 * (len(lines) - 1)
            over = min(max(middle - width / 2, 0.0), most)
            if step == 0:
                strays = 1.2 if start > most and end - start < width * 0.6 else 0.0
                found.append((cost + strays, Head(code, lines, min(start, most), min(start, most) + width, 0, start)))
            else:
                found.append((cost + 0.2, Head(code, lines, over, over + width, step, middle)))
                if start + 4 <= most:
                    found.append((cost, Head(code, lines, start + 4, start + 4 + width, step, start)))
    return found


@dataclass(frozen=True)
class Box:
    """A rectangle of words in pixels, from the left and the bottom of the plot."""

    left: float
    bottom: float
    width: float
    height: float

    def is_near(self, other: Box) -> bool:
        """Return True where less than 12 pixels sideways and 6 up or down lie between the two."""
        beside = self.left < other.left + other.width + 12 and other.left < self.left + self.width + 12
        return beside and self.bottom < other.bottom + other.height + 6 and other.bottom < self.bottom + self.height + 6

    def points_inside(self, xs: Sequence[float], ys: Sequence[float]) -> int:
        """Return how many of 25 points of a line between the box's sides lie in it, or 4 pixels over or under."""
        count = 0
        for number in range(25):
            x = self.left + self.width * number / 24
            for one in range(len(xs) - 1):
                if xs[one] <= x <= xs[one + 1] and xs[one + 1] > xs[one]:
                    y = ys[one] + (ys[one + 1] - ys[one]) * (x - xs[one]) / (xs[one + 1] - xs[one])
                    count += self.bottom - 4 <= y <= self.bottom + self.height + 4
        return count


def beside(
    x: float,
    size: tuple[float, float],
    plot: tuple[float, float],
    lines: Sequence[tuple[list, list]],
    taken: Sequence[Box],
) -> tuple[int, Box]:
    """Return the side (1 right, -1 left) of a vertical line, and the box there, where words cover the least.

    Args:
        x: where the vertical line stands.
        size: width and height of the words.
        plot: width and height that words may use.
        lines: x and y of the points of each line of the chart.
        taken: boxes where words stand already.
    """
    width, height = size
    found, least = (1, Box(x, 4.0, width, height)), float("inf")
    steps = [4.0, plot[1] - height - 4, *(plot[1] * part / 10 for part in (5, 3, 7, 2, 4, 6, 8))]
    for bottom in steps:
        for side in (1, -1):
            box = Box(x if side > 0 else x - width, bottom, width, height)
            outside = max(0.0, box.left + width - plot[0]) + max(0.0, -box.left)
            covered = sum(box.points_inside(xs, ys) for xs, ys in lines)
            cost = outside * 10 + covered + 20 * sum(box.is_near(other) for other in taken)
            if cost < least - 1e-6:
                found, least = (side, box), cost
    return found


def along(
    y: float, size: tuple[float, float], width: float, lines: Sequence[tuple[list, list]], taken: Sequence[Box]
) -> Box:
    """Return the box over or under a horizontal line where words cover the least; arguments as in `beside`."""
    wide, tall = size
    room = max(width - wide, 0.0)
    boxes = [
        Box(room * part / 10, bottom, wide, tall) for bottom in (y + 3, y - tall - 3) for part in (0, 2, 4, 6, 8, 10)
    ]
    return min(
        boxes,
        key=lambda box: (
            sum(box.points_inside(xs, ys) for xs, ys in lines) + 20 * sum(box.is_near(other) for other in taken)
        ),
    )
