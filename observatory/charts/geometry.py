"""Geometry: the shapes of a map at one level of the regions, dissolved from the edition's boundaries, cached."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box, mapping, shape
from shapely.geometry.polygon import orient

from observatory.errors import EditionError

if TYPE_CHECKING:
    from observatory.editions import Edition

TOLERANCE = 0.025  # degrees, about a third of a pixel on a page: borders shared by two shapes stay shared
PLACES = ("above", "below", "left", "right")


@dataclass(frozen=True)
class Label:
    """Where a shape's name stands: degrees; `place` says on which side of a city's circle."""

    longitude: float
    latitude: float
    place: str = "above"


@dataclass(frozen=True)
class Geometry:
    """Shapes of one level in degrees, their exterior rings clockwise (plotly needs it), and where their labels stand.

    labels: on the page; stage_labels: on a projector, where they differ. cities: codes drawn as circles.
    """

    shapes: Mapping[str, Polygon | MultiPolygon]
    features: Mapping[str, dict]
    labels: Mapping[str, Label]
    stage_labels: Mapping[str, Label]
    cities: frozenset[str]
    longitude: tuple[float, float]
    latitude: tuple[float, float]
    parallels: tuple[float, float]
    centre_longitude: float

    def collection(self, codes: Iterable[str]) -> dict:
        """Return a GeoJSON collection of these shapes, each with its code as id."""
        return {"type": "FeatureCollection", "features": [self.features[code] for code in codes]}

    @property
    def latitude_per_longitude(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, in the middle of the map."""
        return math.cos(math.radians(sum(self.latitude) / 2))


def geometry(edition: Edition, level: str) -> Geometry:
    """Return the shapes of an edition's regions at one level (region, comparable, macro ...).

    Raises:
        EditionError: a boundary belongs to no region of the edition, or a label file cannot be understood.
    """
    dimension, facts = edition.dimensions["region"], edition.map
    members, cut = dimension.members, set(dimension.cut(level))
    parents = tuple(sorted((code, _kept(code, members, cut)) for code in members if _kept(code, members, cut)))
    cities = frozenset(code for code in cut if _is_true(members[code].extras.get("is_city")))
    return _dissolved(
        Path(edition.folder) / facts.file,
        facts.key,
        Path(edition.folder) / facts.labels,
        parents,
        cities,
        tuple(facts.longitude),
        tuple(facts.latitude),
        tuple(facts.parallels),
        facts.centre_longitude,
    )


def _kept(code: str, members: Mapping, cut: set[str]) -> str:
    """Return the member of the cut that a code lies in, empty where it lies above the cut."""
    while code and code not in cut:
        code = members[code].parent_code if code in members else ""
    return code or ""


def _is_true(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1", "yes")


@lru_cache(maxsize=16)
def _dissolved(
    boundaries: Path,
    key: str,
    labels: Path,
    parents: tuple[tuple[str, str], ...],
    cities: frozenset[str],
    longitude: tuple,
    latitude: tuple,
    parallels: tuple,
    centre: float,
) -> Geometry:
    parent_of, pieces = dict(parents), {}
    for feature in json.loads(boundaries.read_text(encoding="utf-8"))["features"]:
        code = str(feature["properties"][key])
        if code not in parent_of:
            raise EditionError(
                "{file}: boundary {code} belongs to no region. Correct the code, or add it to the regions file.",
                file=boundaries.name,
                code=code,
            )
        pieces.setdefault(parent_of[code], []).append(shape(feature["geometry"]))
    shapes = dict(
        zip(pieces, simplified([shapely.coverage_union_all(parts) for parts in pieces.values()]), strict=True)
    )
    page, stage = _read_labels(labels)
    narrowing = math.cos(math.radians(sum(latitude) / 2))
    points = {code: page.get(code) or widest_point(part, narrowing) for code, part in shapes.items()}
    features = {
        code: {"type": "Feature", "id": code, "properties": {}, "geometry": _rounded(part)}
        for code, part in shapes.items()
    }
    return Geometry(
        shapes,
        features,
        points,
        {code: stage.get(code, points[code]) for code in shapes},
        cities & set(shapes),
        longitude,
        latitude,
        parallels,
        centre,
    )


def simplified(shapes: list[Polygon | MultiPolygon]) -> list[Polygon | MultiPolygon]:
    """Return shapes with fewer points, their common borders still common, exterior rings clockwise and holes not."""
    return [_clockwise(part) for part in shapely.coverage_simplify(shapes, TOLERANCE)]


def _clockwise(part: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    if isinstance(part, Polygon):
        return orient(part, sign=-1.0)
    return MultiPolygon([orient(piece, sign=-1.0) for piece in part.geoms])


def _rounded(part: Polygon | MultiPolygon) -> dict:
    """Return a GeoJSON geometry with a thousandth of a degree, about 70 m."""

    def thousandths(value):
        return round(value, 3) if isinstance(value, float) else [thousandths(inner) for inner in value]

    found = mapping(part)
    return {"type": found["type"], "coordinates": thousandths(found["coordinates"])}


def widest_point(part: Polygon | MultiPolygon, narrowing: float) -> Label:
    """Return the point of a shape that lies farthest from its borders, degrees of longitude counted as `narrowing`."""
    flat = shapely.transform(part, lambda points: points * (narrowing, 1.0))
    centre = shapely.maximum_inscribed_circle(flat).coords[0]
    return Label(centre[0] / narrowing, centre[1])


def _read_labels(path: Path) -> tuple[dict[str, Label], dict[str, Label]]:
    """Return label points of the page and those of the stage that differ.

    The file has code, longitude, latitude, place (cities: above, below, left, right), stage_longitude, stage_latitude.
    """
    if not path.exists():
        return {}, {}
    page, stage = {}, {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                place = row.get("place") or "above"
                if place not in PLACES:
                    raise ValueError(place)
                page[row["code"]] = Label(float(row["longitude"]), float(row["latitude"]), place)
                if row.get("stage_longitude"):
                    stage[row["code"]] = Label(float(row["stage_longitude"]), float(row["stage_latitude"]), place)
            except (KeyError, TypeError, ValueError) as error:
                raise EditionError(
                    "{file}, row {row}: no label point can be read: {value}. Write code, longitude and latitude "
                    "in degrees, and for a city the place: above, below, left or right.",
                    file=path.name,
                    row=number,
                    value=str(error),
                ) from error
    return page, stage


def hatch(
    part: Polygon | MultiPolygon,
    spacing: float,
    narrowing: float,
    free: tuple[float, float, float, float] | None = None,
) -> tuple[list, list]:
    """Return diagonal lines cut to a shape: longitudes and latitudes, None between two lines.

    Args:
        part: the shape, degrees.
        spacing: degrees of latitude from line to line.
        narrowing: how much shorter a degree of longitude is, so that lines stand at 45 degrees on the map.
        free: a box (west, south, east, north) that stays without lines, for the label.
    """
    west, south, east, north = part.bounds
    height = (north - south) / narrowing
    step, start = spacing / narrowing * math.sqrt(2), west - height
    lines = shapely.multilinestrings(
        [
            [(start + number * step, south), (start + number * step + height, north)]
            for number in range(int((east - start) / step) + 2)
        ]
    )
    ground = part.difference(box(*free)) if free else part
    pieces = shapely.get_parts(lines.intersection(ground))
    return _apart(pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING])


def outline(part: Polygon | MultiPolygon) -> tuple[list, list]:
    """Return the exterior rings of a shape as longitudes and latitudes, None between two rings."""
    return _apart(shapely.get_exterior_ring(shapely.get_parts(part)))


def _apart(lines: np.ndarray) -> tuple[list, list]:
    """Return the longitudes and the latitudes of lines, None behind each line."""
    points, of = shapely.get_coordinates(lines, return_index=True)
    ends = np.flatnonzero(np.diff(of, append=len(lines))) + 1
    longitudes, latitudes = np.insert(points.round(3).astype(object), ends, None, axis=0).T.tolist()
    return longitudes, latitudes
