"""Noise is the same for all an organisation gives, never less than its least share, and leaves headline sums."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.aggregate.families import FAMILIES
from etl.protect.balance import LEAST, MOST, balanced_shares, balanced_signs
from etl.protect.cube import cubes, entity_names
from etl.protect.keys import PUBLIC_KEY, uniform
from etl.protect.noise import Headlines, noise_of
from etl.protect.release import rounded
from tests.etl.protect import worlds
from tests.etl.test_aggregate import EDITION, warehouse


@given(st.lists(st.text(max_size=5), max_size=8), st.binary(min_size=1, max_size=64), st.text(max_size=5))
@settings(deadline=None)
def test_a_name_draws_the_same_number_for_one_purpose_and_key(names, key, purpose):
    drawn = uniform(key, purpose, names)
    assert ((drawn >= 0) & (drawn < 1)).all()
    assert dict(zip(names, drawn, strict=True)) == {name: uniform(key, purpose, [name])[0] for name in names}


def test_numbers_differ_by_key_purpose_and_name():
    drawn = [uniform(key, purpose, "ab").tolist() for key in (b"1", b"2") for purpose in ("sign", "size")]
    assert len({number for pair in drawn for number in pair}) == 8


@pytest.fixture(scope="module")
def world():
    """Cubes of forty companies and their activities, and their names."""
    random = Random(7)
    made = worlds.companies(random, 40)
    connection = warehouse(made, worlds.activities(random, 40, 400), worlds.forms(random, 40))
    names = entity_names(connection)
    return cubes(connection, FAMILIES[0], EDITION), names


@pytest.fixture(scope="module")
def noise(world):
    cubes_, names = world
    return noise_of("hours", cubes_, names, PUBLIC_KEY, Headlines(10, 25))


def test_all_that_one_gives_moves_one_way_by_no_less_than_the_least_share(world, noise):
    for cube in world[0]:
        moved = noise.factors[cube.year] - 1
        for who in np.unique(cube.who):
            own = moved[cube.who == who]
            assert set(np.sign(own)) == ({0} if who == 0 else {noise.signs[int(who)]})
        assert (np.abs(moved[cube.who > 0]) >= LEAST - 1e-12).all()
        assert (np.abs(moved) <= MOST + 1e-12).all()


def test_headline_sums_stay_and_others_do_not(world, noise):
    off, others = [], []
    for cube in world[0]:
        values = cube.values["hours"]
        chosen = Headlines(10, 25).of(cube, values)
        errors = np.abs(cube.totals(values * noise.factors[cube.year]) / np.maximum(cube.totals(values), 1e-9) - 1)
        off += errors[chosen].tolist()
        others += errors[(cube.totals(values) > 0) & (cube.depth > 2)].tolist()
    assert sorted(off) == pytest.approx(sorted(np.abs(noise.errors)), abs=1e-9)
    assert len(off) > 8
    assert max(off) < 0.02
    assert np.median(others) > 0.1


def test_another_key_moves_other_values(world, noise):
    cubes_, names = world
    other = noise_of("hours", cubes_, names, b"another", Headlines(10, 25))
    same = np.mean([noise.signs[who] == other.signs[who] for who in noise.signs])
    assert 0.2 < same < 0.8


def test_the_same_rows_in_another_order_have_the_same_noise():
    random = Random(3)
    made, acted, told = worlds.companies(random, 15), worlds.activities(random, 15, 80), worlds.forms(random, 15)
    found = []
    for rows in (acted, acted[::-1]):
        connection = warehouse(made, rows, told)
        names = entity_names(connection)
        found.append(noise_of("hours", cubes(connection, FAMILIES[0], EDITION), names, PUBLIC_KEY, Headlines(5, 40)))
    assert found[0].signs == found[1].signs
    for year, factors in found[0].factors.items():
        assert factors == pytest.approx(found[1].factors[year], abs=1e-12)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_shares_balance_sums_within_their_bounds(seed):
    random = np.random.default_rng(seed)
    sums, rows = random.integers(1, 5), random.integers(20, 60)
    parts = random.random((sums, rows)) * (random.random((sums, rows)) < 0.6)
    effects = (
        parts
        / np.maximum(parts.sum(axis=1, keepdims=True), 1e-9)
        * balanced_signs(parts, random.choice([-1, 1], rows), np.ones(rows, dtype=bool), random)
    )
    drawn = random.uniform(LEAST, MOST, rows)
    is_open = random.random(rows) < 0.8
    shares = balanced_shares(effects, drawn, is_open)
    assert ((shares >= LEAST) & (shares <= MOST)).all()
    assert (shares == drawn)[~is_open].all()
    assert np.linalg.norm(effects @ shares) <= np.linalg.norm(effects @ drawn) + 1e-12


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [(123456.0, 3, 123000.0), (0.0012345, 3, 0.00123), (999.6, 3, 1000.0), (0.0, 3, 0.0), (7.0, 3, 7.0)],
)
def test_values_are_told_with_few_digits(value, digits, told):
    assert rounded(np.array([value]), digits)[0] == pytest.approx(told)
