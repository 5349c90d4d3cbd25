"""Nearest: what is published in place of a figure that is hidden for the reader's choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from observatory import NOT_STATED
from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.answers import Answer, lookup
from observatory.registry import Indicator
from observatory.store import Store

GIVEN_UP = (("size", False), ("theme", True), ("region", True), ("region", False), ("sector", False), ("theme", False))
"""What of a choice is given up first: a dimension, or (True) only the finer levels of its codes."""


def wider(edition: Edition, filters: Filters) -> Iterator[Filters]:
    """Yield choices that hold ever more, the nearest first; each of them other than the one before."""
    now = filters
    for dimension, is_step in GIVEN_UP:
        codes = now.codes(dimension)
        if not codes:
            continue
        above = _above(edition, dimension, codes) if is_step else ()
        if is_step and not above:
            continue
        now = now.with_codes(dimension, above)
        yield now


def _above(edition: Edition, dimension: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the broadest level that hold these; none where they are of that level, or of none."""
    facts = edition.dimensions[dimension]
    broadest = facts.levels[-1]
    if any(code == NOT_STATED or facts.level_of(code) == broadest for code in codes):
        return ()
    held = [next((above for above in facts.ancestors(code) if facts.level_of(above) == broadest), "") for code in codes]
    return tuple(dict.fromkeys(held)) if all(held) else ()


def is_hidden(answer: Answer) -> bool:
    """Return whether something is reported, and nothing of it may be told."""
    return not answer.rows.empty and bool((answer.rows.status == "hidden").all())


def nearest(
    store: Store, edition: Edition, indicator: Indicator, by: Sequence[str], filters: Filters, **options
) -> tuple[Answer, Filters | None]:
    """Return what `lookup` gives for the choice or, where all of that is hidden, for the nearest wider one.

    The second is that wider choice, None where the answer is for the choice itself, hidden or not.
    """
    answer = lookup(store, edition, indicator, by, filters, **options)
    if not is_hidden(answer):
        return answer, None
    for instead in wider(edition, filters):
        found = lookup(store, edition, indicator, by, instead, **options)
        if not found.rows.empty and not is_hidden(found):
            return found, instead
    return answer, None
