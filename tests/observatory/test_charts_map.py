"""Region map: clockwise shapes, no request for a base layer, hidden without a fill, light enough to send."""

import json

import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from observatory.charts import region_map
from observatory.charts.geometry import geometry, hatch, widest_point
from observatory.charts.look import Look
from observatory.editions import load_edition
from tests.observatory.plotted import plotted

EDITION = load_edition("kazakhstan")
LEVELS = EDITION.dimensions["region"].levels
LIMITS = (0, 5, 10, 15, 20, 25)


def regions(level="region", hidden=(), low_base=()):
    codes = EDITION.dimensions["region"].cut(level)
    return pd.DataFrame(
        [
            {
                "code": code,
                "label": f"Region {number}",
                "value": None if code in hidden else float(number),
                "text": "hidden" if code in hidden else f"value {number}",
                "status": "hidden" if code in hidden else "low_base" if code in low_base else "free",
            }
            for number, code in enumerate(codes)
        ]
    )


def drawn(look=Look(), level="region", **choice):  # noqa: B008
    rows = regions(level, choice.pop("hidden", ()), choice.pop("low_base", ()))
    return plotted(region_map.draw(rows, geometry(EDITION, level), look, classes=LIMITS, **choice))


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


@pytest.mark.parametrize("level", LEVELS)
def test_exterior_rings_run_clockwise_at_every_level(level):
    shapes = geometry(EDITION, level).shapes
    assert set(shapes) == set(EDITION.dimensions["region"].cut(level))
    for code, shape in shapes.items():
        assert shape.is_valid, code
        assert all(not piece.exterior.is_ccw for piece in shapely.get_parts(shape)), code


@pytest.mark.parametrize("level", LEVELS)
def test_simplified_neighbours_leave_no_gap_and_do_not_overlap(level):
    shapes = list(geometry(EDITION, level).shapes.values())
    whole = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-6)
    assert all(not piece.interiors for piece in shapely.get_parts(whole))


@pytest.mark.parametrize("level", LEVELS)
def test_labels_stand_on_their_region_and_cities_have_a_side(level):
    found = geometry(EDITION, level)
    for code, shape in found.shapes.items():
        if code not in found.cities:
            assert shape.contains(shapely.Point(found.labels[code].longitude, found.labels[code].latitude)), code


def test_the_first_trace_is_the_unseen_point_that_keeps_plotly_from_asking_for_a_base_layer():
    first = drawn().data[0]
    assert (first.type, first.marker.opacity, len(first.lon)) == ("scattergeo", 0, 1)


def test_a_map_has_fewer_than_ten_thousand_points_and_weighs_little():
    figure = drawn(hidden=("KZ-62",), low_base=("KZ-33", "KZ-59"), selected=("KZ-47",))
    text = figure.to_json()
    assert _points(json.loads(text)) < 10_000
    assert len(text) < 200_000


def _points(tree):
    if isinstance(tree, dict):
        return sum(_points(value) for value in tree.values())
    if isinstance(tree, list) and len(tree) == 2 and all(isinstance(part, float) for part in tree):
        return 1
    return sum(_points(value) for value in tree) if isinstance(tree, list) else 0


def test_hidden_regions_have_an_outline_and_a_hatch_but_no_fill():
    figure = drawn(hidden=("KZ-62",))
    hidden = named(figure, "hidden")[0]
    assert "KZ-62" not in named(figure, "values")[0].locations
    assert {colour for _, colour in hidden.colorscale} == {"rgba(0,0,0,0)"}
    assert named(figure, "hatch hidden")[0].line.color == Look().tokens.edge
    assert any("hidden" in text for text in named(figure, "labels")[0].text)


def test_a_hidden_city_is_an_open_circle():
    cities = named(drawn(hidden=("KZ-71",)), "cities")[0]
    assert dict(zip(cities.customdata, cities.marker.color, strict=True))["KZ-71"] == Look().tokens.card


def test_low_base_is_hatched_in_card_colour_over_its_class():
    figure = drawn(low_base=("KZ-33",))
    assert "KZ-33" in named(figure, "values")[0].locations
    assert named(figure, "hatch low_base")[0].line.color == Look().tokens.card


def test_a_region_without_a_row_is_an_empty_outline_without_hatch():
    rows = regions().iloc[1:]
    figure = plotted(region_map.draw(rows, geometry(EDITION, "region"), Look(), classes=LIMITS))
    assert named(figure, "nothing reported")[0].locations == (regions().code[0],)
    assert not named(figure, "hatch hidden")


@pytest.mark.parametrize("look", [Look(), Look("dark", "rtl", "phone"), Look("stage", "ltr", "stage")])
def test_every_value_is_printed_on_the_map(look):
    figure = drawn(look)
    printed = " ".join(text for trace in figure.data if trace.name in ("labels", "cities") for text in trace.text)
    for text in regions().text:
        assert f"<b>{text}</b>" in printed


def test_a_map_is_never_mirrored():
    assert drawn(Look("light", "rtl")).layout.geo == drawn(Look("light", "ltr")).layout.geo


def test_cities_under_one_code_are_a_circle_each_and_named_once():
    figure = drawn(level="macro")
    cities = named(figure, "cities")[0]
    assert set(cities.customdata) == {"KZ-M6"}
    assert sum(size > 0 for size in cities.marker.size) == 3
    assert sum(bool(text) for text in cities.text) == 1


def test_the_label_ground_stays_free_of_hatching():
    lon, lat = hatch(box(0, 0, 10, 10), 0.5, 0.7, free=(4, 4, 6, 6))
    starts = [(x, y) for x, y in zip(lon, lat, strict=True) if x is not None]
    assert starts
    assert not any(4 < x < 6 and 4 < y < 6 for x, y in starts)


def test_a_region_without_a_label_point_gets_the_middle_of_its_widest_part():
    point = widest_point(box(0, 0, 10, 4).union(box(10, 1.9, 30, 2.1)), 1.0)
    assert 0 < point.longitude < 10
    assert point.latitude == pytest.approx(2, abs=0.1)


def test_swatches_say_limits_with_the_unit_once_and_are_escaped():
    row = region_map.swatches(
        ["0", "100 thousand", "200 thousand", "300 thousand", "400 thousand", "500 thousand"],
        Look(),
        words={"low_base": "low base", "hidden": "<hidden>"},
    )
    assert row.count("thousand") == 1
    assert "\u20660–100\u2069<" in row
    assert "400–500\u2069 thousand" in row
    assert "&lt;hidden&gt;" in row
    assert row.count("<i ") == 7


def test_limits_of_different_units_are_said_whole():
    row = region_map.swatches(["0", "500 thousand", "1 million", "2 million", "3 million", "4 million"], Look())
    assert "500 thousand–1 million" in row
