"""Marks on a trend: events have words where these touch nothing, else ticks; a goal is a line the axis has room for."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.charts import trend
from observatory.charts.look import Look, widest
from observatory.charts.marks import TICK, Mark, Plot, time_marks
from observatory.charts.placing import Box
from tests.observatory.plotted import plotted
from tests.observatory.test_charts import LOOKS, plainly, words, years


def test_a_trend_marks_what_happened_inside_its_periods():
    events = [Mark("2019", "before"), Mark("2020", "first"), Mark("2022", "last"), Mark("2023", "after")]
    printed = words(plotted(trend.draw(years([1, 2, 3]), LOOKS[0], events=events)))
    assert {"first", "last"} <= set(printed)
    assert not {"before", "after"} & set(printed)


def uprights(figure):
    """Return how far up, as a share of the plot's height, the vertical lines of each place reach."""
    lines = [line for line in figure.layout.shapes if line.x0 == line.x1]
    return {line.x0: max(other.y1 for other in lines if other.x0 == line.x0) for line in lines}


def test_on_a_phone_two_events_have_words_and_the_others_ticks_with_how_many():
    events = [Mark(str(year), f"event {year}", "+1") for year in (2023, 2020, 2021, 2022)]
    figure = plotted(trend.draw(years([1, 2, 3, 4]), Look("light", "ltr", "phone"), events=events))
    assert {"event 2023", "event 2020", "+1"} <= set(words(figure))
    assert not {"event 2021", "event 2022"} & set(words(figure))
    assert uprights(figure) == {2020: 1, 2021: TICK, 2022: TICK, 2023: 1}


def test_the_line_of_an_event_leaves_out_the_value_it_meets():
    figure = plotted(trend.draw(years([1, 2, 3]), LOOKS[0], events=[Mark("2021", "event")]))
    below, above = sorted((line.y0, line.y1) for line in figure.layout.shapes if line.x0 == line.x1 == 2021)
    assert below[1] < above[0]


LOOK = Look("light", "ltr", "phone")
PLOT = Plot(tuple(map(str, range(2020, 2027))), 1000, LOOK.pixels - 110, 220)
BESIDE = [Box(PLOT.width + 14, 40, 90, 34), Box(PLOT.width + 14, 150, 90, 34), Box(-20, 110, 30, 16)]
HEIGHTS = st.lists(st.integers(0, 220), min_size=7, max_size=7)


def box_of(words: dict) -> Box:
    """Return the box in which the words of a mark stand, in pixels of the plot."""
    lines, small = words["text"].split("<br>"), LOOK.sizes.small
    width, x = widest(map(plainly, lines), small), PLOT.x(words["x"]) + words["xshift"]
    left = {"left": x, "center": x - width / 2, "right": x - width}[words["xanchor"]]
    return Box(left, words["yshift"], width, len(lines) * small * 1.3)


def touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.bottom < other.bottom + other.height
        and other.bottom < one.bottom + one.height
    )


@given(
    titles=st.lists(st.from_regex(r"[aйم]{1,12}( [aйم]{1,12}){0,5}", fullmatch=True), min_size=1, max_size=7),
    heights=st.lists(HEIGHTS, min_size=1, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_on_a_phone_words_of_events_touch_no_other_words_and_no_line_of_another_event(titles, heights):
    courses = [([PLOT.x(2020 + number) for number in range(7)], line) for line in heights]
    events = [Mark(str(2020 + number), title, "+12") for number, title in enumerate(titles)]
    lines, words = time_marks(events, None, PLOT, 100, courses, BESIDE, LOOK)
    boxes = [box_of(note) for note in words]
    assert not any(touch(*pair) for pair in combinations([*boxes, *BESIDE], 2) if pair[0] in boxes)
    for note, box in zip(words, boxes, strict=True):
        assert 0 <= box.left + box.width / 2 <= PLOT.width + 100
        others = [PLOT.x(line["x0"]) for line in lines if line["x0"] != note["x"] and line["y1"] > TICK]
        assert not any(box.left < x < box.left + box.width for x in others)


@pytest.mark.parametrize("look", LOOKS)
def test_a_goal_is_a_line_with_its_words_that_the_axis_makes_room_for(look):
    figure = plotted(trend.draw(years([10, 12, 14]), look, goal=(20.0, "Goal for 2027: 20")))
    (line,) = [line for line in figure.layout.shapes if line.line.dash == "dash"]
    assert (line.y0, line.y1) == (20, 20)
    assert "Goal for 2027: 20" in words(figure)
    assert figure.layout.yaxis.range[1] >= 20


def test_a_goal_far_above_the_lines_does_not_flatten_them():
    figure = plotted(trend.draw(years([10, 12, 14]), LOOKS[0], goal=(200.0, "Goal for 2027: 200")))
    assert "Goal for 2027: 200" not in words(figure)
    assert figure.layout.yaxis.range[1] < 40
