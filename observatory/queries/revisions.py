"""Revisions: values of finished years that stood otherwise in the snapshot before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isclose

from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.answers import Answer, lookup
from observatory.registry import Indicator
from observatory.store import Store

NEAR = 1e-9  # the same facts summed in another order


def with_revisions(
    store: Store, edition: Edition, indicator: Indicator, answer: Answer, filters: Filters, **options
) -> Answer:
    """Return an answer of `lookup` that knows which of its values were revised since the snapshot before.

    A range of years is revised where its finished years are: what an unfinished one has grown by is no revision. The
    snapshot before is asked only where any cell of these measures and years differs.

    Args:
        filters, options: what the answer was asked for with.
    """
    finished = _finished(store, indicator, filters)
    if finished is None:
        return answer
    before = store.predecessor
    now = answer
    if finished != filters and "year" not in answer.by:
        now = lookup(store, edition, indicator, answer.by, finished, **options)
    then = lookup(before, edition, indicator, answer.by, finished, **options)
    return replace(answer, revised=_differing(now, then), revised_since=before.snapshot.as_of)


def is_revised(store: Store, edition: Edition, indicator: Indicator, year: int, filters: Filters) -> bool:
    """Return whether the value of one year was revised since the snapshot before."""
    of_year = filters.with_years(year, year)
    if _finished(store, indicator, of_year) is None:
        return False
    answer = lookup(store, edition, indicator, (), of_year)
    return bool(with_revisions(store, edition, indicator, answer, of_year).revised)


def _finished(store: Store, indicator: Indicator, filters: Filters) -> Filters | None:
    """Return the choice within the years that were over in the snapshot before; None where nothing of it differs."""
    if not store.revised:
        return None
    first, last = filters.years
    last = min(last, store.predecessor.snapshot.last_whole_year)
    pairs = ((measure, year) for measure in indicator.measures for year in range(first, last + 1))
    return filters.with_years(first, last) if any(pair in store.revised for pair in pairs) else None


def _differing(now: Answer, then: Answer) -> frozenset[tuple]:
    """Return the keys of the values that both have and that are not the same."""
    old = _values(then)
    return frozenset(
        key for key, values in _values(now).items()
        if key in old and not all(isclose(*pair, rel_tol=NEAR) for pair in zip(values, old[key], strict=True))
    )  # fmt: skip


def _values(answer: Answer) -> Mapping[tuple, tuple[float, float]]:
    """Return value and value_to by the key of the row, hidden ones left out; without a range both are the value."""
    rows = answer.rows[answer.rows.value.notna()]
    keys = zip(*(rows[name] for name in answer.by), strict=True) if answer.by else ((),) * len(rows)
    return dict(zip(keys, zip(rows.value, rows.value_to.fillna(rows.value), strict=True), strict=True))
