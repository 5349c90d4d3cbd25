"""Charts: every value is readable on the figure, hidden is never a fill, right to left mirrors what is not time."""

import html
import json

import pandas as pd
import pytest

from observatory.charts import composition, ranking, season, trend
from observatory.charts.look import Look
from tests.observatory.plotted import plotted

SIZES = ("page", "phone", "stage")
LOOKS = [
    Look(theme, direction, size)
    for theme, direction, size in (("light", "ltr", "page"), ("dark", "rtl", "phone"), ("stage", "ltr", "stage"))
]
SECTORS = pd.DataFrame(
    [
        ("mining", "Mining <b>& energy", 21.4, "21%", "24", "free"),
        ("build", "Construction", 30.0, "30", "7", "low_base"),
        ("farm", "Agriculture", None, "hidden", "", "hidden"),
        ("trade", "Торговля и ремонт автомобилей", 8.0, "8", "12", "free"),
        ("state", "الإدارة العامة والدفاع", 0.0, "0", "10", "free"),
    ],
    columns=["code", "label", "value", "text", "contributors_text", "status"],
)


def words(figure):
    """Return every text of a figure, tags and isolates taken away, lines joined."""
    found = [note.text for note in figure.layout.annotations]
    found += [text for axis in (figure.layout.xaxis, figure.layout.yaxis) for text in axis.ticktext or ()]
    found += [text for trace in figure.data for text in (trace.text if isinstance(trace.text, tuple) else ()) or ()]
    return [plainly(text) for text in found]


def plainly(text):
    for part in ("<b>", "</b>", "<i>", "</i>", "\u2067", "\u2069", "\u00a0"):
        text = text.replace(part, "")
    return html.unescape(text.replace("<br>", " ")).strip()


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def years(values, status="free", **columns):
    rows = [
        {
            "period": str(2020 + number),
            "code": "_T",
            "label": "All",
            "value": value,
            "text": str(value),
            "status": status if value is not None else "hidden",
        }
        for number, value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(**columns)


@pytest.mark.parametrize("look", LOOKS)
def test_every_row_of_a_ranking_prints_its_name_base_and_value(look):
    printed = words(plotted(ranking.draw(SECTORS, look, reference=(14.0, "together: 14%"))))
    for text in [*SECTORS.label, *SECTORS.text, "24", "7", "together: 14%"]:
        assert text in printed


def test_a_name_with_tags_is_shown_as_it_is():
    figure = plotted(ranking.draw(SECTORS, LOOKS[0]))
    assert "Mining &lt;b&gt;&amp; energy" in figure.layout.yaxis.ticktext[0].replace("<br>", " ")


def test_low_base_stands_after_the_others_hollow_and_hidden_last_without_a_bar():
    figure = plotted(ranking.draw(SECTORS, LOOKS[0]))
    bars = {code: trace for trace in figure.data if trace.name in ("free", "low_base") for code in trace.customdata}
    names = [plainly(text) for text in figure.layout.yaxis.ticktext]
    assert names[-2:] == ["Construction", "Agriculture"]
    assert bars["build"].marker.pattern.bgcolor == LOOKS[0].tokens.card
    assert "farm" not in bars
    assert [note.bordercolor for note in figure.layout.annotations if note.text == "hidden"] == [LOOKS[0].tokens.edge]


def test_a_click_anywhere_on_a_row_reports_its_code():
    targets = plotted(ranking.draw(SECTORS, LOOKS[0])).data[0]
    assert sorted(targets.customdata) == sorted(SECTORS.code)
    assert set(targets.x) == {30.0}


def test_chosen_bars_are_full_and_the_others_lighter():
    bars = named(plotted(ranking.draw(SECTORS, LOOKS[0], selected=("trade",))), "free")[0]
    assert dict(zip(bars.customdata, bars.marker.color, strict=True)) == {
        "mining": "#86B6DC",
        "trade": "#0B62A8",
        "state": "#86B6DC",
    }


@pytest.mark.parametrize("size", SIZES)
def test_right_to_left_reverses_bars_and_puts_names_on_the_right(size):
    left, right = (
        plotted(ranking.draw(SECTORS, Look("light", direction, size))).layout for direction in ("ltr", "rtl")
    )
    assert left.xaxis.range == tuple(reversed(right.xaxis.range))
    assert (left.yaxis.side, right.yaxis.side) == ("left", "right")
    assert left.margin.l == right.margin.r
    assert left.margin.l > left.margin.r


def test_the_dotted_line_leaves_the_printed_values_free():
    line = named(plotted(ranking.draw(SECTORS, LOOKS[0], reference=(8.5, "together"))), "reference")[0]
    assert None in line.y


@pytest.mark.parametrize("look", LOOKS)
def test_one_short_line_prints_all_its_values_and_no_gridline(look):
    figure = plotted(trend.draw(years([1, 2, 3]), look))
    assert {"1", "2", "3"} <= set(words(figure))
    assert [shape.y0 for shape in figure.layout.shapes] == [0]


def test_a_line_ends_with_its_name_and_last_value():
    series = pd.concat([years([5, 6, 7], code="a", label="Ecology"), years([8, 8, 9], code="b", label="Social")])
    assert {"Ecology 7", "Social 9"} <= set(words(plotted(trend.draw(series, LOOKS[0]))))


def test_time_runs_to_the_right_in_every_language():
    ranges = {
        direction: plotted(trend.draw(years([1, 2, 3]), Look("light", direction))).layout.xaxis.range
        for direction in ("ltr", "rtl")
    }
    assert ranges["ltr"] == ranges["rtl"] == (2020, 2022)


def test_a_missing_period_is_a_gap_and_never_joined():
    series = years([1, 2, 3, 4]).drop(index=1)
    line = named(plotted(trend.draw(series, LOOKS[0])), "line")[0]
    assert (line.x, line.y, line.connectgaps) == ((2020, 2021, 2022, 2023), (1, None, 3, 4), False)


def test_a_hidden_value_is_a_gap_with_its_word():
    figure = plotted(trend.draw(years([1, None, 3]).assign(text=["1", "hidden", "3"]), LOOKS[0]))
    assert named(figure, "line")[0].y[1] is None
    assert "hidden" in words(figure)


def test_an_unfinished_year_is_a_hollow_point_at_the_end_of_a_dotted_way():
    series = years([1, 2, 3], is_partial=[False, False, True])
    figure = plotted(trend.draw(series, LOOKS[0]))
    assert named(figure, "All")[0].marker.color == ("#0B62A8", "#0B62A8", "#FFFFFF")
    assert named(figure, "unfinished")[0].line.dash == "dot"
    assert named(figure, "line")[0].x == (2020, 2021)


def test_a_break_in_a_series_is_a_gap_with_a_note():
    figure = plotted(trend.draw(years([1, 2, 3, 4]), LOOKS[0], break_before=("2022", "regions redrawn")))
    assert None in named(figure, "line")[0].y
    assert "regions redrawn" in words(figure)


def test_themes_have_their_own_colour_and_marker():
    series = pd.concat([years([1, 2], code=code, label=code) for code in ("social", "emergency", "ecology")])
    marks = {
        trace.name: (trace.marker.symbol, trace.marker.color[0])
        for trace in plotted(trend.draw(series, Look("dark"))).data
        if trace.mode == "markers"
    }
    assert marks == {
        "social": ("square", "#A860C4"),
        "emergency": ("triangle-up", "#F0764A"),
        "ecology": ("circle", "#7ADCBD"),
    }


def test_more_than_four_lines_are_refused():
    with pytest.raises(ValueError, match="at most 4"):
        plotted(trend.draw(pd.concat([years([1], code=code) for code in "abcde"]), LOOKS[0]))


PARTS = pd.DataFrame(
    [
        (row, code, name, share, f"{share}%")
        for row, shares in (("2024", (60, 37, 3)), ("2025", (50, 30, 20)))
        for (code, name), share in zip(
            (("social", "Social"), ("ecology", "Ecology"), ("_rest", "Other")), shares, strict=True
        )
    ],
    columns=["row_label", "part_code", "part_label", "share", "text"],
)


@pytest.mark.parametrize("look", LOOKS)
def test_a_composition_names_its_parts_and_writes_what_has_five_per_cent(look):
    printed = words(plotted(composition.draw(PARTS, look)))
    assert {"Social", "Ecology", "Other", "60%", "37%", "20%", "2024", "2025"} <= set(printed)
    assert "3%" not in printed


def test_a_composition_of_one_row_needs_no_row_name():
    figure = plotted(composition.draw(PARTS[PARTS.row_label == "2024"].assign(row_label=""), LOOKS[0]))
    assert not figure.layout.yaxis.visible


def test_parts_that_are_no_themes_are_shades_of_the_accent_and_the_rest_is_grey():
    figure = plotted(composition.draw(PARTS.replace({"part_code": {"social": "a", "ecology": "b"}}), LOOKS[0]))
    assert [trace.marker.color for trace in figure.data] == ["#0C3F6E", "#2170AE", "#BCC7D2"]


def test_a_hidden_row_of_a_composition_is_an_outline_with_the_word():
    rows = PARTS.assign(status=["hidden"] * 3 + ["free"] * 3)
    rows.loc[:2, "text"] = "hidden"
    figure = plotted(composition.draw(rows, LOOKS[0]))
    assert all(tuple(trace.y) == (1,) for trace in figure.data)
    assert "hidden" in words(figure)


MONTHS = pd.DataFrame(
    [
        (theme, month, f"M{month}", float(month), str(month))
        for theme in ("Social", "Ecology")
        for month in range(1, 13)
    ],
    columns=["label", "month", "month_label", "share", "text"],
)


@pytest.mark.parametrize("look", LOOKS)
def test_a_season_prints_every_share_and_the_largest_in_bold(look):
    figure = plotted(season.draw(MONTHS, look))
    numbers = named(figure, "shares")[0]
    assert [plainly(text) for text in numbers.text] == list(MONTHS.text)
    assert [text for text in numbers.text if text.startswith("<b>")] == ["<b>12</b>"] * 2
    assert {"Social", "Ecology"} <= set(words(figure))


def test_a_hidden_month_has_no_fill():
    rows = MONTHS.assign(status=["hidden"] + ["free"] * 23)
    cells = named(plotted(season.draw(rows, LOOKS[0])), "cells")[0]
    assert cells.marker.color[0] == "rgba(0,0,0,0)"
    assert cells.marker.line.width[0] == 1


@pytest.mark.parametrize("look", LOOKS)
def test_no_text_of_a_chart_is_smaller_than_twelve_pixels_on_a_phone_or_eleven_on_a_page(look):
    figures = [
        plotted(ranking.draw(SECTORS, look)),
        plotted(trend.draw(years([1, 2, 3]), look)),
        plotted(composition.draw(PARTS, look)),
        plotted(season.draw(MONTHS, look)),
    ]
    sizes = [size for figure in figures for size in _font_sizes(json.loads(figure.to_json()))]
    assert min(sizes) >= {"page": 11, "phone": 12, "stage": 22}[look.size]


def _font_sizes(tree):
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key.endswith("font") and isinstance(value, dict) and "size" in value:
                yield value["size"]
            yield from _font_sizes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _font_sizes(value)
