"""Every answer over cells equals a slow plain count of the facts, for random worlds and random choices."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from observatory.filters import FILTERED, Filters
from observatory.queries import lookup
from observatory.queries.selection import IN_CELLS
from observatory.registry import registry
from observatory.store import Store
from tests.observatory.small_snapshot import publish, small_edition
from tests.observatory.small_world import LOW_BASE, YEARS, cells_of, reference, world

EDITION = small_edition()
INDICATORS = ("volunteer_hours", "active_companies", "participation_rate", "skills_share", "volunteers")
BREAKDOWNS = [
    (), ("sector",), ("region",), ("theme",), ("size",), ("form",), ("year",), ("month",), ("sector", "year"),
    ("theme", "month"), ("region", "theme", "year"), ("form", "theme"), ("size", "sector"), ("year", "month"),
]  # fmt: skip
QUESTIONS_A_WORLD = 30
SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])  # a seed does not shrink


def question(random: Random) -> tuple:
    """Return an indicator, a breakdown it has, a choice of one level a dimension, and the levels drawn."""
    indicator = random.choice(INDICATORS)
    has = registry().indicators[indicator].breakdowns
    by = random.choice([by for by in BREAKDOWNS if all(name in has for name in by)])
    chosen = {}
    for name in FILTERED:
        dimension = EDITION.dimensions[name]
        level = random.choice(dimension.levels)
        codes = [code for code, member in dimension.members.items() if member.level == level] + ["_U"]
        chosen[name] = tuple(random.sample(codes, random.choice([0, 0, 0, 1, 2, 2])))
    levels = {name: random.choice(EDITION.dimensions[name].levels) for name in by if name in IN_CELLS}
    years = random.choice(YEARS), random.choice(YEARS)
    return registry().indicators[indicator], by, Filters(years=years, **chosen), levels, random.choice([(), by])


def followed_by(filters, answer, by, keep_all):
    """The codes by dimension that the answer says it followed, redrawn regions in their pair."""
    names = [name for name in filters.chosen()
             if name not in answer.set_aside and not (name in by and name in keep_all)]  # fmt: skip
    return {name: tuple(dict.fromkeys(answer.replaced.get(code, code) for code in filters.codes(name)))
            for name in names}  # fmt: skip


def published(facts, **about):
    """Return the store of a world; its files are gone as soon as they are open."""
    with TemporaryDirectory() as folder:
        publish(Path(folder), "s1", EDITION, cells_of(EDITION, facts), **about)
        return Store(Path(folder) / "s1")


@QUICK
@given(SEEDS)
def test_every_answer_equals_a_plain_count_of_the_facts(seed):
    random = Random(seed)
    facts = world(random)
    store = published(facts, last_month=f"{YEARS[-1]}-{random.randint(1, 12):02}", first_year=str(YEARS[0]),
                      last_year=str(YEARS[-1]))  # fmt: skip
    for _ in range(QUESTIONS_A_WORLD):
        check(store, facts, *question(random))


def check(store, facts, indicator, by, filters, levels, keep_all):
    answer = lookup(store, EDITION, indicator, by, filters, level=levels, keep_all=keep_all)
    chosen = followed_by(filters, answer, by, keep_all)
    if not answer.set_aside:
        assert set(chosen) == {name for name in filters.chosen() if name not in by or name not in keep_all}
    early = filters.years[0] < EDITION.comparable_before
    for name, code in answer.replaced.items():
        assert early
        assert EDITION.dimensions["region"].members[name].parent_code == code
    if early and levels.get("region") == "region":
        assert answer.levels["region"] == "comparable"
    adds_over = () if indicator.is_rate else registry().measures[indicator.numerator[0]].adds_over
    snapshot = store.snapshot
    activity = registry().measures[indicator.measures[0]].family == "activity"
    unfinished = snapshot.last_year if snapshot.is_last_year_unfinished and activity and "month" not in by else None
    expected = reference(EDITION, facts, indicator, adds_over, by, filters.years, chosen, answer.levels, unfinished)
    found = {}
    for row in answer.rows.itertuples():
        key = tuple(getattr(row, name) for name in by)
        found[key] = (row.value, None if row.value_to != row.value_to else row.value_to, row.is_at_least)
    assert set(found) == set(expected)
    for key, (value, value_to, is_at_least) in expected.items():
        assert found[key] == (pytest.approx(value), value_to if value_to is None else pytest.approx(value_to),
                              is_at_least)  # fmt: skip


@QUICK
@given(SEEDS)
def test_one_cell_says_exactly_who_stands_behind_it(seed):
    facts = world(Random(seed))
    answer = lookup(published(facts), EDITION, registry().indicators["volunteer_hours"], ("theme", "year"),
                    Filters(years=(YEARS[0], YEARS[-1])))  # fmt: skip
    members = EDITION.dimensions["theme"].members
    for row in answer.rows.itertuples():
        within = {row.theme, *(code for code, member in members.items() if member.parent_code == row.theme)}
        behind = facts[0][(facts[0].year == row.year) & facts[0].theme.isin(within) & (facts[0].hours > 0)]
        assert row.contributors == behind.entity.nunique()
        assert row.status == ("free" if behind.entity.nunique() >= LOW_BASE else "low_base")
