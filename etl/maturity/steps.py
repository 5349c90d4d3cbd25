"""Steps: what leads from one stage to the next, for a company and for the country, from the rubric alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from etl.maturity.country import shares_at
from etl.maturity.rubric import Dimension, Rubric
from etl.maturity.scoring import MET, CompanyScore, Given, holds, score_company

COSTS = ("low", "medium", "high")
STEPS_OF_A_COMPANY = 3
SHARES = tuple(share / 10 for share in range(1, 11))


@dataclass(frozen=True)
class Step:
    """A descriptor to be reached: its dimension and stage; `code` is that of the list `step` of the questionnaires."""

    dimension: str
    stage: int
    cost: str

    @property
    def code(self) -> str:
        """The code of the step: "D1_3"."""
        return f"{self.dimension}_{self.stage}"


def next_steps(
    rubric: Rubric, score: CompanyScore, peers: Mapping[str, float], most: int = STEPS_OF_A_COMPANY
) -> list[Step]:
    """Return the next steps of a company, the first first: those that open a gate, then where it is furthest behind
    the median of its peers, then the cheapest.

    Args:
        rubric: the model.
        score: of the company.
        peers: the median stage of its peers by dimension; left out where not known.
        most: how many.
    """
    gates = {dimension for _, dimension in score.held_by if dimension}
    found = []
    for place, dimension in enumerate(rubric.dimensions):
        own = score.dimensions[dimension.id]
        if own.unmet is None or own.stage is None:
            continue
        step = _step(dimension, own.unmet)
        behind = peers.get(dimension.id, own.stage) - own.stage
        found.append(((dimension.id not in gates, -behind, COSTS.index(step.cost), place), step))
    return [step for _, step in sorted(found, key=lambda entry: entry[0])][:most]


def _step(dimension: Dimension, stage: int) -> Step:
    cost = next(descriptor.cost for descriptor in dimension.descriptors if descriptor.stage == stage)
    return Step(dimension.id, stage, cost)


def peers_of(scores: Sequence[CompanyScore]) -> dict[str, float]:
    """Return the median stage of some companies in each dimension in which any is scored."""
    names = {name for score in scores for name in score.dimensions}
    stages = {
        name: [s.dimensions[name].stage for s in scores if s.dimensions[name].stage is not None] for name in names
    }
    return {name: median(known) for name, known in stages.items() if known}


@dataclass(frozen=True)
class StepGain:
    """What a step would do if a share of the companies that lack it took it.

    eligible: companies of which it is the first step not taken in its dimension. share_missing: their weighted share
    among those one stage below it. moved: of the eligible, companies that would reach a higher stage as a whole.
    by_share: for each of `SHARES`, the share of companies at each stage, (5,).
    rank: 1 is the step that moves most, by share_missing times the dimensions it unlocks.
    """

    step: Step
    eligible: int
    share_missing: float
    moved: int
    unlocked: int
    by_share: tuple[tuple[float, ...], ...]
    rank: int = 0


@dataclass(frozen=True)
class Scored:
    """A company with its answers, what was not asked, how many answers others confirmed, its score and its weight."""

    answers: Mapping[str, Given]
    not_asked: frozenset[str]
    confirmations: int
    score: CompanyScore
    weight: float


def step_gains(rubric: Rubric, companies: Sequence[Scored]) -> list[StepGain]:
    """Return what each step would do, the first first.

    Every company for which the step comes next is scored anew with its descriptor met. With a share of them taking it
    the result is what is to be expected: each of them moves with that probability.
    """
    whole = [company for company in companies if company.score.stage is not None]
    if not whole:
        return []
    weights = np.array([company.weight for company in whole])
    before = np.array([company.score.stage for company in whole])
    found = []
    for dimension in rubric.dimensions:
        for descriptor in dimension.descriptors:
            own = [company.score.dimensions[dimension.id] for company in whole]
            at = np.array([score.unmet == descriptor.stage and score.stage is not None for score in own])
            below = np.array([score.stage is not None and descriptor.stage - 1 <= score.stage < descriptor.stage
                              for score in own])  # fmt: skip
            if not at.any():
                continue
            after, unlocked = before.copy(), 0
            for place in np.flatnonzero(at):
                moved = _with_step(rubric, dimension, descriptor.stage, whole[place])
                after[place] = moved.stage if moved.stage is not None else before[place]
                unlocked += sum(
                    (moved.dimensions[name].stage or 0) > (score.stage or 0)
                    for name, score in whole[place].score.dimensions.items()
                )
            base, taken = shares_at(before, weights), shares_at(after, weights)
            found.append(StepGain(
                _step(dimension, descriptor.stage), int(at.sum()),
                float(weights[at & below].sum() / weights[below].sum()) if below.any() else 0.0,
                int((after > before).sum()), unlocked,
                tuple(tuple(map(float, base + share * (taken - base))) for share in SHARES),
            ))  # fmt: skip
    order = sorted(found, key=lambda gain: (-gain.moved, -gain.share_missing * gain.eligible, gain.step.code))
    return [replace(gain, rank=place) for place, gain in enumerate(order, 1)]


def _with_step(rubric: Rubric, dimension: Dimension, stage: int, company: Scored) -> CompanyScore:
    """Return the score of a company if it met one more descriptor, whatever else it answered."""
    descriptors = tuple(
        replace(descriptor, met=replace(descriptor.met, kind="met")) if descriptor.stage == stage else descriptor
        for descriptor in dimension.descriptors
    )
    changed = replace(rubric, dimensions=tuple(
        replace(dimension, descriptors=descriptors) if one.id == dimension.id else one for one in rubric.dimensions
    ))  # fmt: skip
    return score_company(changed, company.answers, company.not_asked, company.confirmations)


__all__ = ["MET", "Scored", "Step", "StepGain", "holds", "next_steps", "peers_of", "step_gains"]
