"""Region map: where values lie, in five shades, name and value on each region; a ranking beside it says how much."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import shapely
from shapely.geometry import MultiPolygon, Polygon

from observatory.charts import classes as shades
from observatory.charts.geometry import Geometry, Label, hatch, outline
from observatory.charts.look import STEADY, Chart, Look, bare_chart, bold, halo, plain, right_to_left, trace, widest
from observatory.charts.text_width import wrapped

SHAPE = 0.545  # height of the map's field over its width
FILLED = 0.9  # share of the field's width that the extent takes
BORDER = 1.4
NAME_EMS = 7.0  # a name on a region is broken beyond so many em
CIRCLE_EMS = 1.35
NEAR = 1.5  # degrees: pieces of one city, not two cities
SIDES = {"above": "top center", "below": "bottom center", "left": "middle left", "right": "middle right"}


def class_limits(values: pd.Series) -> tuple[float, ...]:
    """Return the six round limits of five classes that hold these values; take all periods of a series together."""
    return shades.class_limits(values)


def class_index(values: pd.Series, limits: Sequence[float]) -> list[int | None]:
    """Return the class of each value, 0 to 4, None where there is no value."""
    return [None if pd.isna(value) else shades.class_index(float(value), limits) for value in values]


def draw(
    rows: pd.DataFrame,
    geometry: Geometry,
    look: Look,
    *,
    classes: Sequence[float] = (),
    selected: Collection[str] = (),
    is_small: bool = False,
) -> Chart:
    """Draw the map of one value by region.

    Args:
        rows: code, label, text (value as printed, or the word for hidden), value, status (free, low_base, hidden);
            class_index (0 to 4) may stand for value and classes.
        geometry: shapes of the level that the codes belong to; a region without a row is an empty outline.
        look: theme, size and width; a map is never mirrored.
        classes: the limits, from `class_limits`, where rows have no class_index.
        selected: codes with an ink outline.
        is_small: values only, names of cities too are left to the ranking beside it.

    Returns:
        A chart; a click on a region or city reports its code in customdata. Its first trace is one unseen point:
        without it plotly.js fetches a base layer from another machine and draws nothing while it waits.
    """
    if "class_index" not in rows:
        rows = rows.assign(class_index=class_index(rows.value.where(rows.status != "hidden"), classes))
    is_drawn = rows.code.isin(geometry.shapes) & ((rows.status == "hidden") | rows.class_index.notna())
    rows = rows[is_drawn].reset_index(drop=True)
    tokens = look.tokens
    height = look.pixels * SHAPE
    chart = bare_chart(look, height, {"l": 0, "r": 0})
    chart.data += [
        trace(
            "scattergeo",
            lon=[geometry.centre_longitude],
            lat=[sum(geometry.latitude) / 2],
            mode="markers",
            marker={"opacity": 0},
            hoverinfo="skip",
            name="nothing",
        )
    ]
    absent = [code for code in geometry.shapes if code not in set(rows.code)]
    hidden = rows[rows.status == "hidden"]
    filled = rows[rows.status != "hidden"]
    if absent:
        chart.data += [_outlined(absent, geometry, tokens.edge, "nothing reported")]
    if len(filled):
        chart.data += [_filled(filled, geometry, look)]
    if len(hidden):
        chart.data += [_outlined(list(hidden.code), geometry, tokens.edge, "hidden")]
    on_land = rows[~rows.code.isin(geometry.cities)]
    chart.data += _hatches(on_land, geometry, look, is_small)
    chart.data += _selection(selected, geometry, look)
    chart.data += _region_labels(on_land, geometry, look, is_small)
    in_cities = rows[rows.code.isin(geometry.cities)]
    if len(in_cities):
        chart.data += [_city_marks(in_cities, geometry, look, selected, is_small)]
    chart.layout["geo"] = {
        "visible": False,
        "bgcolor": "rgba(0,0,0,0)",
        "lonaxis": {"range": list(geometry.longitude)},
        "lataxis": {"range": list(geometry.latitude)},
        "projection": {
            "type": "conic equal area",
            "parallels": list(geometry.parallels),
            "rotation": {"lon": geometry.centre_longitude},
        },
        "domain": {"x": [0, 1], "y": [0, 1]},
    }
    return chart


def _filled(rows: pd.DataFrame, geometry: Geometry, look: Look) -> dict:
    tokens, count = look.tokens, len(look.tokens.classes)
    scale = [[(number + side) / count, colour] for number, colour in enumerate(tokens.classes) for side in (0, 1)]
    return trace(
        "choropleth",
        geojson=geometry.collection(rows.code),
        locations=list(rows.code),
        z=[int(number) for number in rows.class_index],
        zmin=-0.5,
        zmax=count - 0.5,
        colorscale=scale,
        showscale=False,
        customdata=list(rows.code),
        hoverinfo="none",
        marker={"line": {"color": tokens.card, "width": BORDER if look.size != "stage" else 2}},
        name="values",
        **STEADY,
    )


def _outlined(codes: list[str], geometry: Geometry, colour: str, name: str) -> dict:
    """Return shapes without a fill: hidden, or nothing reported."""
    return trace(
        "choropleth",
        geojson=geometry.collection(codes),
        locations=codes,
        z=[0] * len(codes),
        showscale=False,
        customdata=codes,
        colorscale=[[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]],
        hoverinfo="none",
        name=name,
        marker={"line": {"color": colour, "width": 1}},
        **STEADY,
    )


def _label_lines(row: object, look: Look, is_small: bool) -> list[str]:
    """Return the lines on a region: name and bold value; the value alone where there is little room."""
    value = f"<i>{plain(row.text)}</i>" if row.status == "hidden" else bold(row.text)
    if is_small or look.size == "phone" or (look.size == "stage" and row.status != "hidden"):
        return [value]
    return [*map(plain, wrapped(str(row.label), NAME_EMS * look.sizes.small, look.sizes.small)), value]


def _degrees(pixels: float, geometry: Geometry, look: Look) -> tuple[float, float]:
    """Return what a number of pixels is in degrees of longitude and of latitude, in the middle of the map."""
    longitude = pixels * (geometry.longitude[1] - geometry.longitude[0]) / (look.pixels * FILLED)
    return longitude, longitude * geometry.latitude_per_longitude


def _hatches(rows: pd.DataFrame, geometry: Geometry, look: Look, is_small: bool) -> list[dict]:
    """Return grey lines over hidden regions and sparse ones in card colour over low base, none behind a label."""
    tokens, sizes, traces = look.tokens, look.sizes, []
    places = geometry.stage_labels if look.size == "stage" else geometry.labels
    for status, colour, gap in (("hidden", tokens.edge, 0.55), ("low_base", tokens.card, 0.9)):
        longitudes, latitudes = [], []
        for row in rows[rows.status == status].itertuples():
            lines = [re.sub("<[^>]*>", "", line) for line in _label_lines(row, look, is_small)]
            half_width = _degrees(widest(lines, sizes.small, True) / 2 + 3, geometry, look)[0]
            half_height = _degrees(len(lines) * sizes.small * 0.65 + 2, geometry, look)[1]
            at = places[row.code]
            free = (
                at.longitude - half_width,
                at.latitude - half_height,
                at.longitude + half_width,
                at.latitude + half_height,
            )
            spacing = _degrees(sizes.small * gap, geometry, look)[1]
            lon, lat = hatch(geometry.shapes[row.code], spacing, geometry.latitude_per_longitude, free)
            longitudes += lon
            latitudes += lat
        if longitudes:
            traces.append(
                trace(
                    "scattergeo",
                    lon=longitudes,
                    lat=latitudes,
                    mode="lines",
                    hoverinfo="skip",
                    name=f"hatch {status}",
                    line={"color": colour, "width": 1 if look.size != "stage" else 2},
                )
            )
    return traces


def _selection(selected: Collection[str], geometry: Geometry, look: Look) -> list[dict]:
    traces = []
    for code in selected:
        if code in geometry.shapes and code not in geometry.cities:
            lon, lat = outline(geometry.shapes[code])
            width = 2.5 if look.size != "stage" else 5
            traces += [
                trace(
                    "scattergeo",
                    lon=lon,
                    lat=lat,
                    mode="lines",
                    hoverinfo="skip",
                    name=name,
                    line={"color": colour, "width": wide},
                )
                for name, colour, wide in (
                    ("casing", look.tokens.card, width * 2.4),
                    ("selected", look.tokens.ink, width),
                )
            ]
    return traces


def _region_labels(rows: pd.DataFrame, geometry: Geometry, look: Look, is_small: bool) -> list[dict]:
    """Return the words on the regions, each on a halo of its region's colour: a long name may cross the border."""
    if rows.empty:
        return []
    tokens = look.tokens
    places = geometry.stage_labels if look.size == "stage" else geometry.labels
    at: list[Label] = [places[code] for code in rows.code]
    shades_of = [
        (tokens.ink, tokens.card)
        if row.status == "hidden"
        else (tokens.on_classes[int(row.class_index)], tokens.classes[int(row.class_index)])
        for row in rows.itertuples()
    ]
    return [
        trace(
            "scattergeo",
            lon=[label.longitude for label in at],
            lat=[label.latitude for label in at],
            mode="text",
            hoverinfo="skip",
            name="labels",
            text=["<br>".join(_label_lines(row, look, is_small)) for row in rows.itertuples()],
            textposition="middle center",
            textfont={
                **look.font(size=look.sizes.small),
                "color": [ink for ink, _ in shades_of],
                "shadow": [halo(ground) for _, ground in shades_of],
            },
        )
    ]


def _city_marks(rows: pd.DataFrame, geometry: Geometry, look: Look, selected: Collection[str], is_small: bool) -> dict:
    """Return the cities as circles with an ink rim, their words beside them on a halo of card colour.

    Several cities under one code are a circle each, and the words stand once, at the label point of the code.
    """
    tokens, sizes = look.tokens, look.sizes
    places = geometry.stage_labels if look.size == "stage" else geometry.labels
    points: list[dict] = []
    for row in rows.itertuples():
        is_hidden, label = row.status == "hidden", places[row.code]
        value = f"<i>{plain(row.text)}</i>" if is_hidden else bold(row.text)
        words = value if is_small or look.size == "phone" else right_to_left(f"{plain(row.label)} {value}")
        circles = _apart(geometry.shapes[row.code])
        mark = {
            "code": row.code,
            "fill": tokens.card if is_hidden else tokens.classes[int(row.class_index)],
            "rim": tokens.edge if is_hidden else tokens.ink,
            "thick": 4 if row.code in selected else 2,
        }
        if len(circles) == 1:
            points.append(mark | {"at": label, "text": words, "size": sizes.small * CIRCLE_EMS})
            continue
        points += [mark | {"at": circle, "text": "", "size": sizes.small * CIRCLE_EMS} for circle in circles]
        points.append(mark | {"at": label, "text": words, "size": 0, "thick": 0})
    return trace(
        "scattergeo",
        lon=[point["at"].longitude for point in points],
        lat=[point["at"].latitude for point in points],
        mode="markers+text",
        text=[point["text"] for point in points],
        textposition=[SIDES[point["at"].place] for point in points],
        textfont=look.haloed(size=sizes.small),
        customdata=[point["code"] for point in points],
        hoverinfo="none",
        name="cities",
        marker={
            "size": [point["size"] for point in points],
            "color": [point["fill"] for point in points],
            "opacity": 1,
            "symbol": "circle",
            "line": {"color": [point["rim"] for point in points], "width": [point["thick"] for point in points]},
        },
        **STEADY,
    )


def _apart(shape: Polygon | MultiPolygon) -> list[Label]:
    """Return the middles of the pieces of a shape, the large ones first, without those beside a larger one."""
    found: list[Label] = []
    for piece in sorted(shapely.get_parts(shape), key=shapely.area, reverse=True):
        x, y = piece.centroid.x, piece.centroid.y
        if all(abs(x - other.longitude) + abs(y - other.latitude) > NEAR for other in found):
            found.append(Label(x, y))
    return found


def swatches(limits: Sequence[str], look: Look, *, words: Mapping[str, str] | None = None) -> str:
    """Return the swatch row above a map as HTML of class leg.

    Args:
        limits: the limits of the classes as text, one more than there are classes; a unit word that they share stands
            once, at the last.
        look: only its theme counts.
        words: what else appears on the map, in words: low_base, hidden, city.
    """
    tokens, parts = look.tokens, []
    for colour, text in zip(tokens.classes, _between(limits), strict=False):
        parts.append(_swatch(f"background:{colour}", text))
    for status, word in (words or {}).items():
        parts.append(
            _swatch(
                _SWATCHES[status].format(colour=tokens.classes[2], card=tokens.card, edge=tokens.edge, ink=tokens.ink),
                word,
            )
        )
    return f'<div class="leg">{"".join(parts)}</div>'


_SWATCHES = {
    "low_base": "background:repeating-linear-gradient(135deg,{card} 0 1px,{colour} 1px 5px)",
    "hidden": "background:repeating-linear-gradient(135deg,{edge} 0 1px,transparent 1px 5px)",
    "city": "width:12px;height:12px;border-radius:50%;border:2px solid {ink}",
}


def _swatch(style: str, text: str) -> str:
    return f'<span><i style="{style}"></i>{html.escape(str(text))}</span>'


def _between(limits: Sequence[str]) -> list[str]:
    """Return "0–5", "5–10" ..., low to high in every script; a unit they share is said once."""
    split = [re.match(r"([\d.,\s\u00a0\u202f−]*\d)(.*)$", str(limit), re.DOTALL) for limit in limits]
    units = {found.group(2) for found in split[1:] if found} if all(split) else set()
    bare = [found.group(1) for found in split] if len(units) == 1 else [str(limit) for limit in limits]
    unit = units.pop() if len(units) == 1 else ""
    spans = [f"\u2066{low}–{high}\u2069" for low, high in zip(bare, bare[1:], strict=False)]
    return [*spans[:-1], f"{spans[-1]}{unit}"] if spans else []
