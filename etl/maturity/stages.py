"""Stages: every company that answered scored by the rubric, and what that makes of the country and its groups.

Made once in the build; pages look up the tables country_stage, stage_share and step_gain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import duckdb
import numpy as np

from etl.estimates.design import Design
from etl.load import insert_rows
from etl.maturity.country import RESAMPLES, CountryStage, country_stage
from etl.maturity.rubric import FIRST, LAST, STAGES, Confirmation, Rubric, rubric
from etl.maturity.scoring import MET, CompanyScore, Given, holds, score_company
from etl.maturity.steps import SHARES, Scored, step_gains
from etl.voices.frame import Frame, read_frame
from etl.voices.sample import Answers, Sample, samples
from etl.voices.weights import weigh
from observatory import TOTAL
from observatory.editions import Edition

INSTRUMENT = "company"
SEED = 20_201_207  # of the resamples: the same answers give the same shares
TABLES = {
    "company_stage": "wave INTEGER, respondent_id VARCHAR, company_id VARCHAR, dimension VARCHAR, stage DOUBLE, "
    "unmet INTEGER, confirmations INTEGER",
    "country_stage": "wave INTEGER, breakdown VARCHAR, code VARCHAR, is_weighted BOOLEAN, stage INTEGER, base INTEGER, "
    "resamples DOUBLE, status VARCHAR",
    "stage_share": "wave INTEGER, breakdown VARCHAR, code VARCHAR, is_weighted BOOLEAN, dimension VARCHAR, "
    "stage INTEGER, share DOUBLE, resamples DOUBLE, base INTEGER, status VARCHAR",
    "step_gain": "wave INTEGER, is_weighted BOOLEAN, rank INTEGER, step VARCHAR, dimension VARCHAR, stage INTEGER, "
    "cost VARCHAR, eligible INTEGER, share_missing DOUBLE, moved INTEGER, taken_share DOUBLE, "
    + ", ".join(f"stage_{stage} DOUBLE" for stage in STAGES),
}
"""The tables: a row of company_stage for each company and dimension, "_T" the company as a whole. Shares are 0 to 1;
`resamples` is the share of resamples in which the stage came out, of companies as a whole; taken_share the share of
those that lack a step and take it."""

SHOWN, LOW_BASE, HIDDEN = "free", "low_base", "hidden"


def score_stages(connection: duckdb.DuckDBPyConnection, edition: Edition, is_demonstration: bool) -> None:
    """Make the tables of stages from the answers of the company form, wave by wave.

    Raises:
        EditionError: the rubric or the frame of the edition cannot be used.
    """
    model = rubric()
    rows: dict[str, list[tuple]] = {table: [] for table in TABLES}
    frame = read_frame(edition, is_demonstration).get(INSTRUMENT, Frame())
    for sample in samples(connection, edition, INSTRUMENT):
        numbers = _companies(connection, sample)
        confirmed = _confirmations(connection, model, sample)
        weighing = weigh(sample, frame)
        scored = [_scored(model, sample, place, confirmed) for place in range(sample.size)]
        rows["company_stage"] += _company_rows(sample, numbers, scored)
        for is_weighted, design in ((False, weighing.plain), (True, weighing.weighted)):
            if design is not None:
                groups, shares = _group_rows(model, edition, sample, scored, design, is_weighted)
                rows["country_stage"] += groups
                rows["stage_share"] += shares
                rows["step_gain"] += _step_rows(model, sample, scored, design.weights, is_weighted)
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {table} ({columns})")
        insert_rows(connection, table, rows[table])


def _companies(connection: duckdb.DuckDBPyConnection, sample: Sample) -> list[tuple[str, str | None]]:
    """Return the numbers of respondents, in the order of the sample, and of their companies."""
    return connection.execute(
        "SELECT respondent_id, company_id FROM respondent WHERE instrument = $1 AND wave = $2 AND status = 'answered' "
        "ORDER BY respondent_id",
        [sample.instrument, sample.wave],
    ).fetchall()


def _given(answers: Answers, place: int) -> Given | None:
    if answers.state[place] != "given":
        return None
    if answers.kind == "number":
        return Given(number=float(answers.value[place]))
    if answers.kind == "one":
        return Given(code=str(answers.code[place]))
    return Given(codes=frozenset(option for option, chosen in answers.chosen.items() if chosen[place] == 1))


def _scored(model: Rubric, sample: Sample, place: int, confirmed: Mapping[int, int]) -> Scored:
    answers, not_asked = {}, set()
    for name in model.items:
        told = sample.questions.get(name)
        if told is None:
            continue
        if told.state[place] == "not_asked":
            not_asked.add(name)
        elif (given := _given(told, place)) is not None:
            answers[name] = given
    confirmations = confirmed.get(place, 0)
    score = score_company(model, answers, not_asked, confirmations)
    return Scored(answers, frozenset(not_asked), confirmations, score, 1.0)


def _confirmations(connection: duckdb.DuckDBPyConnection, model: Rubric, sample: Sample) -> dict[int, int]:
    """Return how many of the rubric's confirmations each company of a sample has, by its place."""
    found: dict[int, int] = defaultdict(int)
    places = {number: place for place, (number, _) in enumerate(_companies(connection, sample))}
    for confirmation in model.confirmations:
        votes: dict[str, list[float]] = defaultdict(list)
        for number, code, value in connection.execute(_VOTES, [
            INSTRUMENT, sample.wave, confirmation.instrument, confirmation.question
        ]).fetchall():  # fmt: skip
            given = Given(code=code or "", number=None if value is None else float(value))
            met = holds(confirmation.condition, {confirmation.question: given})
            if met is not None:
                votes[number].append(met)
        for number, told in votes.items():
            found[places[number]] += _is_confirmed(confirmation, told)
    return found


_VOTES = """
    SELECT c.respondent_id, a.code, a.value
    FROM respondent AS c
    JOIN respondent AS o ON o.wave = c.wave AND o.instrument = $3
        AND (o.respondent_id = c.respondent_id OR o.instrument <> c.instrument AND o.company_id = c.company_id)
    JOIN answer AS a ON a.respondent_id = o.respondent_id AND a.question = $4 AND a.state = 'given'
    WHERE c.instrument = $1 AND c.wave = $2 AND c.status = 'answered' AND o.status = 'answered'
"""


def _is_confirmed(confirmation: Confirmation, told: list[float]) -> bool:
    return len(told) >= confirmation.base and sum(one == MET for one in told) >= confirmation.share * len(told)


def _company_rows(sample: Sample, numbers: list[tuple], scored: list[Scored]) -> Iterator[tuple]:
    for (number, company), one in zip(numbers, scored, strict=True):
        score: CompanyScore = one.score
        yield sample.wave, number, company, TOTAL, score.stage, None, score.confirmations
        for name, own in score.dimensions.items():
            yield sample.wave, number, company, name, own.stage, own.unmet, None


def _group_rows(model, edition, sample, scored, design, is_weighted) -> tuple[list[tuple], list[tuple]]:
    """Return the rows of country_stage and stage_share for every published group of a sample."""
    groups, shares = [], []
    stages = np.array([one.score.stage or 0 for one in scored])
    for breakdown, code, members in sample.groups:
        key = (sample.wave, breakdown, code, is_weighted)
        inside = members & (stages > 0)
        found = _stage(model, stages[inside], design, inside)
        status = _status(edition, found.base)
        stage = found.stage if status != HIDDEN else None
        resamples = found.resamples[found.stage - FIRST] if stage else None
        groups.append((*key, stage, found.base if status != HIDDEN else None, resamples, status))
        shares += _shares(key, TOTAL, found, status)
        for dimension in model.dimensions:
            own = np.array([int(one.score.dimensions[dimension.id].stage or 0) for one in scored])
            inside = members & (own > 0)
            found = _stage(model, own[inside], design, inside, resamples=0)
            shares += _shares(key, dimension.id, found, _status(edition, found.base))
    return groups, shares


def _stage(
    model: Rubric, stages: np.ndarray, design: Design, inside: np.ndarray, resamples: int = RESAMPLES
) -> CountryStage:
    strata = None if design.strata is None else design.strata[inside]
    rng = np.random.default_rng(SEED)
    return country_stage(stages, design.weights[inside], model.country_share, rng, strata, resamples)


def _status(edition: Edition, base: int) -> str:
    if base < edition.thresholds["survey_base_hidden"]:
        return HIDDEN
    return LOW_BASE if base < edition.thresholds["survey_base_low"] else SHOWN


def _shares(key: tuple, dimension: str, found: CountryStage, status: str) -> Iterator[tuple]:
    for stage in STAGES:
        if status == HIDDEN:
            yield (*key, dimension, stage, None, None, None, status)
        else:
            at = stage - FIRST
            resampled = found.resamples[at] if dimension == TOTAL else None
            yield (*key, dimension, stage, found.shares[at], resampled, found.base, status)


def _step_rows(model, sample, scored, weights, is_weighted) -> Iterator[tuple]:
    weighted = [Scored(one.answers, one.not_asked, one.confirmations, one.score, float(weight))
                for one, weight in zip(scored, weights, strict=True)]  # fmt: skip
    for gain in step_gains(model, weighted):
        step = gain.step
        for share, after in zip(SHARES, gain.by_share, strict=True):
            yield (
                sample.wave, is_weighted, gain.rank, step.code, step.dimension, step.stage, step.cost, gain.eligible,
                gain.share_missing, gain.moved, share, *after[:LAST],
            )  # fmt: skip
