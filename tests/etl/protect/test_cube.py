"""Cells are sums of places: totals and contributors of a cube are those of the cells."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.aggregate import OWNER_DIMENSIONS
from etl.aggregate.families import FAMILIES
from etl.aggregate.shapes import CELL_DIMENSIONS
from etl.protect.cube import Contributors, cubes
from tests.etl.protect import worlds
from tests.etl.test_aggregate import EDITION, quickly, warehouse


def words(connection) -> dict[str, dict[int, str]]:
    """Return the code of every number, by dimension."""
    return {
        name: dict(connection.execute(f"SELECT number, code FROM code_{name}").fetchall())
        for name in (*CELL_DIMENSIONS, *OWNER_DIMENSIONS)
    }


def period(number: int) -> str:
    return str(number) if number < 10_000 else f"{number // 100}-{number % 100:02d}"


@quickly
@given(st.integers(0, 10**6))
def test_the_cells_of_a_cube_are_those_of_the_snapshot(seed):
    random = Random(seed)
    count = random.randrange(1, 12)
    made = worlds.companies(random, count)
    connection = warehouse(made, worlds.activities(random, count, 30), worlds.forms(random, count))
    codes = words(connection)
    expected = {
        (measure, *key): (value, contributors)
        for measure, *key, value, contributors in connection.execute("""
            SELECT measure, period_code, sector_code, region_code, theme_code, size_code, form_code, '_T', '_T',
                value, contributors FROM cells
            UNION ALL SELECT measure, period_code, '_T', '_T', '_T', '_T', '_T', ownership_code, holding_code,
                value, contributors FROM owner_cells WHERE ownership_code <> '_T' OR holding_code <> '_T'
        """).fetchall()
        if value
    }
    found = {}
    for family in FAMILIES:
        for cube in cubes(connection, family, EDITION):
            keys = [
                (period(key[0]), *(codes[name][code] for name, code in zip(codes, key[1:], strict=True)))
                for key in cube.keys.tolist()
            ]
            for measure in family.sums:
                totals = cube.totals(cube.values[measure])
                counts = Contributors.of(cube.given(cube.values[measure])).count
                found |= {
                    (measure, *keys[cell]): (pytest.approx(totals[cell]), counts[cell])
                    for cell in np.flatnonzero(totals)
                }
    measures = {measure for family in FAMILIES for measure in family.sums}
    assert {key: value for key, value in expected.items() if key[0] in measures} == found


def test_the_largest_and_the_second_largest_are_told_apart():
    made = [
        ("C1", "B", None, None, None, None),
        ("C2", "B", None, None, "H1", None),
        ("C3", "B", None, None, "H1", None),
    ]
    connection = warehouse(
        made, [], [(f"C{n}", 2024, hired, 0, None, None, None) for n, hired in ((1, 50), (2, 30), (3, 40))]
    )
    (cube,) = cubes(connection, FAMILIES[1], EDITION)
    given_ = Contributors.of(cube.given(cube.values["headcount"]))
    whole = int(np.flatnonzero(cube.depth == 1)[0])
    assert (given_.count[whole], given_.largest[whole], given_.second[whole]) == (2, 70, 50)
