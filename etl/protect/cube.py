"""Cube: who gave what where in one year, and of which places each cell is made.

A place is a combination of the finest codes that something was reported under (month, sector, region, theme, size,
form, ownership, holding): the cells of a year are sums of places, so what can be worked out from published cells is a
matter of linear algebra over places.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from scipy import sparse

from etl.aggregate import OWNER_DIMENSIONS, OWNER_SETS
from etl.aggregate.combine import TOTAL_NUMBER, sql
from etl.aggregate.families import Family
from etl.aggregate.shapes import CELL_DIMENSIONS, sets_in_use
from observatory.editions import Edition

DEPTH = {"year": 1, "month": 2}
"""How many dimensions a period counts for: a month is a year cut once more."""


@dataclass(frozen=True)
class Cube:
    """One family in one year.

    Attributes:
        year: the year.
        who: (rows,) the number of the entity (holding, else company, else NGO) behind each row; 0 where none is named.
        place: (rows,) the place of each row, from 0.
        names: (rows,) what tells a row apart in every release: the entity, the year, and its finest codes in words.
        values: measure -> (rows,) what the row adds to it; 0 where it adds nothing.
        keys: (cells, dimensions) period, then the code of each dimension, as numbers; TOTAL_NUMBER is "_T".
        depth: (cells,) how many dimensions are in use; the period counts.
        parts: (cells, places) 1 where the place is part of the cell.
    """

    year: int
    who: np.ndarray
    place: np.ndarray
    names: tuple[str, ...]
    values: dict[str, np.ndarray]
    keys: np.ndarray
    depth: np.ndarray
    parts: sparse.csr_array

    def by_place(self, values: np.ndarray) -> sparse.csr_array:
        """Return (places, entities) what each entity gave at each place; `values` are (rows,)."""
        kept = (values > 0) & (self.who > 0)
        shape = (self.parts.shape[1], int(self.who.max(initial=0)) + 1)
        return sparse.coo_array((values[kept], (self.place[kept], self.who[kept])), shape).tocsr()

    def given(self, values: np.ndarray) -> sparse.csr_array:
        """Return (cells, entities) what each entity gave to each cell; `values` are (rows,)."""
        return (self.parts @ self.by_place(values)).tocsr()

    def totals(self, values: np.ndarray) -> np.ndarray:
        """Return (cells,) the sum of (rows,) values in each cell."""
        return self.parts @ np.bincount(self.place, values, self.parts.shape[1])


@dataclass(frozen=True)
class Contributors:
    """Who gives to each cell: how many, what the largest and the second largest give; each (cells,)."""

    count: np.ndarray
    largest: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, given: sparse.csr_array) -> Contributors:
        """Count the contributors of (cells, entities) `given`."""
        given.eliminate_zeros()
        counts = np.diff(given.indptr)
        cells = np.repeat(np.arange(len(counts)), counts)
        order = np.lexsort((-given.data, cells))
        sorted_ = given.data[order]
        largest, second = np.zeros(len(counts)), np.zeros(len(counts))
        first = given.indptr[:-1]
        largest[counts > 0] = sorted_[first[counts > 0]]
        second[counts > 1] = sorted_[first[counts > 1] + 1]
        return cls(counts, largest, second)


def entity_names(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return the names of holdings, companies and NGOs by their numbers; a name stays the same in every release."""
    return {number: f"{kind} {id_}" for number, kind, id_ in connection.execute("FROM who").fetchall()}


def cubes(connection: duckdb.DuckDBPyConnection, family: Family, edition: Edition) -> list[Cube]:
    """Return the cubes of a family, one a year, from the tables that `aggregate` works with.

    The connection has the numbered codes (code_*, lift_*, who).
    """
    month = "month" if "month" in family.periods else "year"
    leaves = (*family.kind, *family.deed, *OWNER_DIMENSIONS)
    sums = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS DOUBLE) AS {name}" for name in family.sums)
    listed, codes = ", ".join(leaves), ", ".join(f"code_{name}.code" for name in leaves)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE contribution AS {sql(family.name)}")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE place AS
        SELECT CAST(ROW_NUMBER() OVER (ORDER BY year, {month}, {listed}) AS INTEGER) AS place, *
        FROM (
            SELECT DISTINCT CAST(year AS INTEGER) AS year, CAST({month} AS INTEGER) AS month, {listed} FROM contribution
        )
    """)
    rows = connection.execute(f"""
        SELECT
            contribution.year AS of_year, COALESCE(entity, 0) AS who, place,
            CONCAT_WS('|', who.kind, who.id, contribution.year, place.month, {codes}) AS name, {sums}
        FROM contribution
        LEFT JOIN who ON who.number = entity
        JOIN place ON place.year = contribution.year AND place.month = contribution.{month}
            {"".join(f" AND place.{name} = contribution.{name}" for name in leaves)}
        {" ".join(f"JOIN code_{name} ON code_{name}.number = contribution.{name}" for name in leaves)}
        GROUP BY ALL
        ORDER BY of_year, place, who
    """).fetchnumpy()
    parts = connection.execute(f"{_parts(edition, family)} ORDER BY ALL").fetchnumpy()
    return [_cube(year, rows, parts, family) for year in sorted(set(rows["of_year"].tolist()))]


def _parts(edition: Edition, family: Family) -> str:
    """Return the query of which places each cell is made: the keys of a cell, and a place, a row."""
    dimensions = (*CELL_DIMENSIONS, *OWNER_DIMENSIONS)
    served = (*family.kind, *family.deed)
    queries = []
    for period in family.periods:
        owners = [some for some in OWNER_SETS if some] if period == "year" else []
        for some in [*sets_in_use(edition, period, served), *owners]:
            codes = ", ".join(
                f"above_{name} AS {name}" if name in some else f"{TOTAL_NUMBER} AS {name}" for name in dimensions
            )
            lifts = " ".join(f"JOIN lift_{name} USING ({name})" for name in some)
            depth = len(some) + DEPTH[period]
            queries.append(f"SELECT year, {period} AS period, {codes}, {depth} AS depth, place FROM place {lifts}")
    return " UNION ALL ".join(queries)


def _cube(year: int, rows: dict, parts: dict, family: Family) -> Cube:
    mine, own = rows["of_year"] == year, parts["year"] == year
    places = rows["place"][mine]
    first = int(places.min())
    names = ("period", *CELL_DIMENSIONS, *OWNER_DIMENSIONS)
    keys, cell = np.unique(
        np.column_stack([parts[name][own].astype(np.int32) for name in (*names, "depth")]), axis=0, return_inverse=True
    )
    matrix = sparse.coo_array(
        (np.ones(own.sum()), (cell, parts["place"][own] - first)), (len(keys), int(places.max()) - first + 1)
    ).tocsr()
    return Cube(
        year=int(year),
        who=rows["who"][mine].astype(np.int64),
        place=places - first,
        names=tuple(rows["name"][mine].tolist()),
        values={name: np.asarray(rows[name][mine], dtype=float) for name in family.sums},
        keys=keys[:, :-1],
        depth=keys[:, -1],
        parts=matrix,
    )
