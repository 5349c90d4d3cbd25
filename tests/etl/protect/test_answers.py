"""Which groups of respondents may be told of: bases, organisations behind them, what differences give away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.protect.answers import Bases, Groups, _options
from etl.voices.sample import Answers, Sample
from tests.etl.test_aggregate import quickly

BASES = Bases(respondents=4, organisations=3)


def groups_of(codes: str, entities: list[int] | None = None, sizes: str = "") -> Groups:
    """Return the groups of a sample by sector, a letter each respondent, each of its own organisation by default."""
    letters = np.array(list(codes), dtype=object)
    blank = np.full(len(codes), "", dtype=object)
    by = {("sector", "group"): letters} | ({("region", "region"): np.array(list(sizes), dtype=object)} if sizes else {})
    sample = Sample("company", 2025, by, blank, blank, np.ones(len(codes)), {})
    return Groups(sample, np.array(entities or range(len(codes)), dtype=int), BASES)


def told(groups: Groups, answered: np.ndarray | None = None) -> set[str]:
    everybody = np.ones(groups.members.shape[1], dtype=bool)
    chosen = groups.told(everybody if answered is None else answered)
    return {code for (_, code), is_told in zip(groups.names, chosen, strict=True) if is_told}


@pytest.mark.parametrize(("codes", "expected"), [
    ("AAAABBBB", {"_T", "A", "B"}),
    ("AAAABBB", {"_T", "A"}),  # three answers are too few; what is left over is nobody's alone
    ("AAAAB", {"_T"}),  # all less A would tell of the one in B
    ("AAA", set()),
    ("", set()),
])  # fmt: skip
def test_a_group_needs_a_base_and_must_not_leave_one_alone(codes, expected):
    assert told(groups_of(codes)) == expected


def test_ten_people_of_one_organisation_tell_of_that_one():
    assert told(groups_of("AAAABBBB", [1, 1, 1, 1, 2, 3, 4, 5])) == {"_T"}


def test_only_who_answered_counts():
    assert told(groups_of("AAAABBBB"), np.array([True] * 7 + [False])) == {"_T", "A"}


def answers_of(kind: str, codes: str, options: str = "abc") -> Answers:
    size = len(codes)
    code = np.array(list(codes), dtype=object)
    chosen = {option: (code == option).astype(float) for option in options} if kind == "many" else {}
    return Answers(kind, "list", tuple(options), np.full(size, "given"), code, np.full(size, np.nan), chosen)


@pytest.mark.parametrize(("kind", "codes", "least", "expected"), [
    ("one", "aabbc", 1, ["a", "b", "c"]),
    ("one", "aabb", 1, ["a", "b", "c"]),  # that nobody chose one of several is no secret
    ("one", "aaaa", 1, None),  # all said the same
    ("many", "aaaa", 1, []),  # all ticked one, nobody the others
    ("many", "aabb", 1, ["a", "b"]),
    ("one", "aaaabbbbbc", 3, ["b"]),  # one chose c: kept back, and with it the next
    ("one", "aaaabbbbb", 3, ["a", "b", "c"]),
    ("number", "1234", 3, []),
])  # fmt: skip
def test_options_that_give_somebody_away_are_kept_back(kind, codes, least, expected):
    answers = answers_of(kind, codes)
    assert _options(answers, np.ones(len(codes), dtype=bool), least) == expected


@quickly
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.integers(0, 5)), max_size=14))
def test_no_mix_of_what_is_told_is_of_one_organisation_alone(people):
    """Told groups are rows of 0 and 1; what one organisation said is a mix of them only if the rank does not grow."""
    sectors, sizes = ("".join(person[place] for person in people) for place in (0, 1))
    entities = [person[2] for person in people]
    groups = groups_of(sectors, entities, sizes)
    rows = groups.members[groups.told(np.ones(len(people), dtype=bool))].astype(float)
    for entity in set(entities):
        others = rows[:, [own != entity for own in entities]]
        assert np.linalg.matrix_rank(rows) == np.linalg.matrix_rank(others)
