"""Answers: which groups of respondents may be told of to the public, question by question.

A group needs a base, and enough organisations behind it: ten volunteers of one company tell of that company. A group
whose difference from others would leave one organisation alone stays hidden (Gauss step, on counts). A distribution is
not told where all said the same, nor an option where all or none ticked it, nor one that so few leaders chose that
their colleagues could name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy import sparse

from etl.protect.cube import Contributors
from etl.protect.hide import SECRET_BELOW, published
from etl.voices.sample import Answers, Sample, samples
from observatory.editions import Edition

COMPANIES, LEADERS = "company", "leader"
NAMED_BELOW = 3
"""Leaders who chose the same, or did not: of fewer, colleagues could tell who they are."""

GROUP = ("instrument", "wave", "question", "dimension", "code")
TABLES = {
    "told_group": GROUP,
    "told_option": (*GROUP, "option"),
    "told_stage": ("wave", "breakdown", "code", "dimension"),
}


@dataclass(frozen=True)
class Bases:
    """What a group needs to be told of: respondents, and organisations behind them."""

    respondents: int
    organisations: int

    @classmethod
    def of(cls, edition: Edition, instrument: str) -> Bases:
        """Return those of an instrument by the edition's thresholds."""
        found = edition.thresholds
        base = found["shares_base_min" if instrument == COMPANIES else "survey_base_hidden"]
        return cls(base, found["contributors_min"])


class Groups:
    """The published groups of a sample, and which of them may be told of, whoever of it answered.

    Attributes:
        names: (groups,) breakdown and code of each, all respondents first.
        members: (groups, n) True where a respondent is in the group.
    """

    def __init__(self, sample: Sample, entities: np.ndarray, bases: Bases):
        self.names = [(dimension, code) for dimension, code, _ in sample.groups]
        self.members = np.array([members for _, _, members in sample.groups])
        self._entities, self._bases = entities, bases
        self._known: dict[bytes, np.ndarray] = {}

    def told(self, answered: np.ndarray) -> np.ndarray:
        """Return (groups,) True for those that may be told of; `answered` are (n,) True for who counts."""
        key = np.packbits(answered).tobytes()
        if key not in self._known:
            self._known[key] = self._told(answered)
        return self._known[key]

    def _told(self, answered: np.ndarray) -> np.ndarray:
        who = self._entities[answered]
        if not len(who):
            return np.zeros(len(self.names), dtype=bool)
        parts = sparse.csr_array(self.members[:, answered].astype(float))
        given = sparse.csr_array((np.ones(len(who)), (np.arange(len(who)), who)))
        counted, bases = Contributors.of((parts @ given).tocsr()), parts.sum(axis=1)
        is_allowed = (counted.count >= self._bases.organisations) & (bases >= self._bases.respondents)
        order = np.flatnonzero(is_allowed)
        order = order[np.argsort(-bases[order], kind="stable")]
        is_secret = (counted.count > 1) & (counted.count < max(self._bases.organisations, SECRET_BELOW))
        return published(parts, given, order, is_secret)


def protect_answers(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Make the tables of what may be told: told_group (question by group), told_option, told_stage.

    They are temporary tables, made of respondent, answer and company_stage of the same database.
    """
    holdings = dict(
        connection.execute("SELECT company_id, MAX(holding_id) FROM company GROUP BY company_id").fetchall()
    )
    groups, options, stages = [], [], []
    for sample in samples(connection, edition):
        told = Groups(sample, _entities(sample, holdings), Bases.of(edition, sample.instrument))
        key = (sample.instrument, sample.wave)
        for question, group, names in _of_questions(sample, told):
            groups.append((*key, question, *group))
            options += [(*key, question, *group, option) for option in names]
        if sample.instrument == COMPANIES:
            stages += _of_stages(connection, sample, told)
    for (table, names), rows in zip(TABLES.items(), (groups, options, stages), strict=True):
        kinds = [pa.int32() if name == "wave" else pa.string() for name in names]
        columns = zip(*rows, strict=True) if rows else ((),) * len(names)
        connection.register("told", pa.table([pa.array(*one) for one in zip(columns, kinds, strict=True)], names))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM told")
        connection.unregister("told")


def _entities(sample: Sample, holdings: Mapping[str, str | None]) -> np.ndarray:
    """Return (n,) a number for the holding, company or NGO behind each respondent; one of their own where not known."""
    names = []
    for place, organisation in enumerate(sample.organisation):
        kind, _, id_ = organisation.partition(" ")
        holding = holdings.get(id_) if kind == "company" else None
        names.append(f"holding {holding}" if holding else organisation or f"respondent {place}")
    return np.unique(names, return_inverse=True)[1] if names else np.zeros(0, dtype=int)


def _of_questions(sample: Sample, groups: Groups) -> Iterator[tuple[str, tuple[str, str], list[str]]]:
    """Yield for each question the groups that may be told of, with the options that may."""
    for question, answers in sample.questions.items():
        given = answers.is_given
        for place in np.flatnonzero(groups.told(given)).tolist():
            inside = given & groups.members[place]
            options = _options(answers, inside, NAMED_BELOW if sample.instrument == LEADERS else 1)
            if options is not None:
                yield question, groups.names[place], options


def _options(answers: Answers, inside: np.ndarray, least: int) -> list[str] | None:
    """Return the options of which may be told how many of a group chose them; None where nothing may be told.

    Args:
        inside: (n,) True for the group.
        least: how many must have chosen an option, and how many not, if anybody did.
    """
    if answers.kind == "number":
        return []
    if answers.kind == "many":
        asked = {option: chosen[inside & np.isfinite(chosen)] for option, chosen in answers.chosen.items()}
        return [option for option, chosen in asked.items() if least <= chosen.sum() <= len(chosen) - least]
    counts = {option: int((answers.code[inside] == option).sum()) for option in answers.options}
    if max(counts.values(), default=0) == inside.sum():
        return None
    few = {option for option, count in counts.items() if 0 < count < least}
    if len(few) == 1:  # what all others leave is known: one more is kept back with it
        few |= set(sorted((option for option in counts if counts[option] >= least), key=counts.get)[:1])
    return [option for option in counts if option not in few]


def _of_stages(
    connection: duckdb.DuckDBPyConnection, sample: Sample, groups: Groups
) -> Iterator[tuple[int, str, str, str]]:
    """Yield wave, breakdown, code and dimension of the groups of which the stages may be told."""
    scored = connection.execute(
        "SELECT dimension, LIST(COALESCE(stage, 0) ORDER BY respondent_id) FROM company_stage WHERE wave = $1 "
        "GROUP BY dimension ORDER BY dimension",
        [sample.wave],
    ).fetchall()
    for dimension, stages in scored:
        stage = np.array(stages)
        has_stage = stage > 0
        for place in np.flatnonzero(groups.told(has_stage)).tolist():
            if len(np.unique(stage[has_stage & groups.members[place]])) > 1:
                yield (sample.wave, *groups.names[place], dimension)
