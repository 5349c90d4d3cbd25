"""No secret is a mix of what is published, by exact arithmetic; and no more is hidden than that asks for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from etl.protect.cube import Contributors
from etl.protect.hide import Limits, ShareLimits, admit, published

LIMITS = Limits(contributors=5, p_percent=10, depth=3)


def rank(rows) -> int:
    """Return the rank of rows of whole numbers, by exact elimination."""
    rows, found = [[Fraction(int(value)) for value in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((number for number in range(found, len(rows)) if rows[number][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for number in range(found + 1, len(rows)):
            times = rows[number][column] / rows[found][column]
            rows[number] = [a - times * b for a, b in zip(rows[number], rows[found], strict=True)]
        found += 1
    return found


def gives_away(rows, secrets) -> bool:
    """Return True where some mix of a secret's mixes is a mix of the rows."""
    rows = [list(row) for row in rows]
    return any(rank([*rows, *secret]) < rank(rows) + len(secret) for secret in secrets)


@st.composite
def systems(draw):
    """Cells over a few places, and secrets: single cells, or all mixes of some places."""
    places = draw(st.integers(2, 7))
    row = st.lists(st.integers(0, 1), min_size=places, max_size=places).filter(any)
    cells = draw(st.lists(row, min_size=1, max_size=9))
    secrets = [[cell] for cell in draw(st.lists(row, max_size=3))]
    for _ in range(draw(st.integers(0, 2))):
        own = draw(st.sets(st.integers(0, places - 1), min_size=1, max_size=3))
        secrets.append([[int(place == one) for place in range(places)] for one in sorted(own)])
    return np.array(cells, dtype=float), [np.array(secret, dtype=float) for secret in secrets]


@given(systems())
@settings(max_examples=300, deadline=None)
def test_cells_are_admitted_in_order_as_long_as_no_secret_is_given_away(system):
    cells, secrets = system
    admitted = admit(cells, secrets)
    taken = []
    for cell, is_admitted in zip(cells, admitted, strict=True):
        assert is_admitted != gives_away([*taken, cell], secrets)
        taken += [cell] if is_admitted else []


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_of_random_cubes_nothing_secret_can_be_worked_out(data):
    places, entities = data.draw(st.integers(2, 7)), data.draw(st.integers(2, 9))
    row = st.lists(st.sampled_from([0, 0, 1, 5, 80]), min_size=entities, max_size=entities)
    amounts = data.draw(st.lists(row, min_size=places, max_size=places))
    sets = data.draw(st.lists(st.sets(st.integers(0, places - 1), min_size=1), min_size=1, max_size=9))
    parts = sparse.csr_array(np.array([[float(place in some) for place in range(places)] for some in sets]))
    by_place = sparse.csr_array(np.array(amounts, dtype=float))
    totals, depth = parts @ by_place.sum(axis=1), np.ones(len(sets))
    counted = Contributors.of(parts @ by_place)
    secret = LIMITS.secret(counted, totals)
    order = np.flatnonzero(LIMITS.allow(counted, totals, depth))
    shown = published(parts, by_place, order, secret)
    assert not shown[~LIMITS.allow(counted, totals, depth)].any()
    used = by_place.sum(axis=1) > 0
    rows = parts.toarray()[:, used]
    alone = (by_place.toarray()[used] > 0).sum(axis=1) == 1
    owner = np.argmax(by_place.toarray()[used] > 0, axis=1)
    kept = [[row] for row in rows[secret]]
    kept += [np.eye(int(used.sum()))[alone & (owner == one)] for one in np.unique(owner[alone])]
    assert not gives_away(rows[shown], kept)


CASES = """
    who gives                | may be published
    100                      | no
    60 40                    | no
    30 30 20 20              | no
    20 20 20 20 20           | yes
    90 5 1 1 1 1 1           | no
    80 9 3 2 2 2 2           | yes
    50 49 1 1 1 1            | no
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:], ids=str.strip)
def test_alone_two_four_and_dominated_sums_stay_hidden(case):
    given_, verdict = (part.strip() for part in case.split("|"))
    amounts = np.array([[float(amount) for amount in given_.split()]])
    counted = Contributors.of(sparse.csr_array(amounts))
    allowed = LIMITS.allow(counted, amounts.sum(axis=1), np.array([1]))
    assert allowed.tolist() == [verdict == "yes"]


def test_what_is_deeper_than_the_public_may_look_is_not_allowed():
    counted = Contributors.of(sparse.csr_array(np.ones((2, 9))))
    assert LIMITS.allow(counted, np.array([9.0, 9.0]), np.array([3, 4])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("asked", "yes", "depth", "allowed"),
    [(10, 5, 2, True), (9, 5, 2, False), (10, 10, 1, False), (10, 0, 1, False), (30, 9, 3, False)],
)
def test_a_share_needs_a_base_and_is_never_all_or_none(asked, yes, depth, allowed):
    found = ShareLimits(10).allow(np.array([asked]), np.array([yes]), np.array([depth]))
    assert found.tolist() == [allowed]
