"""Which groups of respondents may be told of: bases, organisations behind them, what differences give away."""

import numpy as np
import pytest

from etl.protect.answers import Bases, Groups, _options
from etl.voices.sample import Answers, Sample

BASES = Bases(respondents=4, organisations=3)


def groups_of(codes: str, entities: list[int] | None = None) -> Groups:
    """Return the groups of a sample by sector, a letter each respondent, each of its own organisation by default."""
    letters = np.array(list(codes), dtype=object)
    blank = np.full(len(codes), "", dtype=object)
    sample = Sample("company", 2025, {("sector", "group"): letters}, blank, blank, np.ones(len(codes)), {})
    return Groups(sample, np.array(entities or range(len(codes))), BASES)


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
