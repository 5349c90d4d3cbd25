"""Scoring: the stage of a company in each dimension and as a whole, by the rubric and nothing else.

A descriptor is met, half met or not met. The stage of a dimension is the highest whose descriptor is met with all the
lower ones; the first that is half met gives half a step. An answer that is missing is never a "no": its item is left
out of its descriptor, and a descriptor without any answer is passed over, so that it neither holds a company back nor
carries it on. A dimension with too few answers is not scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import floor
from statistics import median

from etl.maturity.rubric import FIRST, Condition, Dimension, Rubric

MET, HALF, UNMET = 1.0, 0.5, 0.0


@dataclass(frozen=True)
class Given:
    """An answer that was given: the option, the options, or the number."""

    code: str = ""
    codes: frozenset[str] = frozenset()
    number: float | None = None


@dataclass(frozen=True)
class DimensionScore:
    """Where a company stands in a dimension.

    stage: 1 to 5 in half steps; None where too few items are answered. unmet: the stage of the first descriptor above
    that is not wholly met, None at the top. answered, items: of the questions that decide it.
    """

    stage: float | None
    unmet: int | None
    answered: int
    items: int


@dataclass(frozen=True)
class CompanyScore:
    """Where a company stands: stage 1 to 5, None where it cannot be told; and in each dimension, by its id.

    held_by: the gates that keep it at its stage although its dimensions are further: (stage, dimension or "").
    """

    stage: int | None
    dimensions: Mapping[str, DimensionScore]
    confirmations: int = 0
    held_by: tuple[tuple[int, str], ...] = field(default=())


def holds(condition: Condition, answers: Mapping[str, Given]) -> float | None:
    """Return how far a condition is met: 1, 0.5 or 0; None where no answer tells."""
    if condition.kind in ("all", "any"):
        known = [value for part in condition.parts if (value := holds(part, answers)) is not None]
        if not known:
            return None
        if condition.kind == "all":
            return min(known)
        return max(known) if len(known) == len(condition.parts) or max(known) == MET else None
    if condition.kind == "met":
        return MET
    found = [answers.get(question) for question in condition.questions]
    if any(answer is None for answer in found):
        return None
    return _KINDS[condition.kind](condition, *found)


def _chosen(condition: Condition, answer: Given) -> float:
    if answer.code in condition.options:
        return MET
    return HALF if answer.code in condition.partly else UNMET


def _any_of(condition: Condition, answer: Given) -> float:
    return MET if condition.options & answer.codes else UNMET


def _at_least(condition: Condition, answer: Given) -> float | None:
    return None if answer.number is None else MET if answer.number >= condition.at_least else UNMET


def _scale(condition: Condition, answer: Given) -> float | None:
    return MET if answer.code.isdecimal() and int(answer.code) >= condition.at_least else UNMET


def _share(condition: Condition, part: Given, whole: Given) -> float | None:
    if part.number is None or not whole.number:
        return None
    return MET if part.number / whole.number >= condition.at_least else UNMET


_KINDS = {
    "is": _chosen, "reaches": _chosen, "any_of": _any_of, "at_least": _at_least, "scale": _scale, "share": _share,
}  # fmt: skip


def score_dimension(
    dimension: Dimension, answers: Mapping[str, Given], not_asked: Iterable[str], items_share: float
) -> DimensionScore:
    """Return where a company stands in a dimension.

    Args:
        dimension: with its descriptors.
        answers: what was given, by question.
        not_asked: questions that the form did not put to it, which are no items then.
        items_share: of the items that must be answered, 0 to 1.
    """
    items = [item for item in dimension.items if item not in set(not_asked)]
    answered = sum(item in answers for item in items)
    values = {descriptor.stage: holds(descriptor.met, answers) for descriptor in dimension.descriptors}
    unmet = next((stage for stage, value in sorted(values.items()) if value is not None and value < MET), None)
    if not items or answered < items_share * len(items):
        return DimensionScore(None, unmet, answered, len(items))
    stage: float = FIRST
    for number, value in sorted(values.items()):
        if value is None:
            continue
        if value < MET:
            stage = max(stage, number - 1 + value) if value == HALF else stage
            break
        stage = number
    return DimensionScore(stage, unmet, answered, len(items))


def score_company(
    rubric: Rubric, answers: Mapping[str, Given], not_asked: Iterable[str] = (), confirmations: int = 0
) -> CompanyScore:
    """Return where a company stands.

    Args:
        rubric: the model.
        answers: what was given, by question of the company form.
        not_asked: questions that the form did not put to it.
        confirmations: how many of its answers others have confirmed.
    """
    scores = {
        dimension.id: score_dimension(dimension, answers, not_asked, rubric.items_share)
        for dimension in rubric.dimensions
    }
    scored = {name: score.stage for name, score in scores.items() if score.stage is not None}
    if len(scored) < rubric.dimensions_least or not scored.keys() >= set(rubric.dimensions_needed):
        return CompanyScore(None, scores, confirmations)
    stage = floor(median(scored.values()))
    held = []
    for gate in sorted(rubric.gates, key=lambda gate: gate.stage):
        if stage < gate.stage:
            continue
        reached = scored.get(gate.dimension, FIRST) >= gate.at_least if gate.dimension else True
        if not reached or confirmations < gate.confirmations:
            held.append((gate.stage, gate.dimension))
    if held:
        stage = min(gate_stage for gate_stage, _ in held) - 1
    return CompanyScore(stage, scores, confirmations, tuple(held))
