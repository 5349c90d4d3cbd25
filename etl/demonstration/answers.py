"""Answers: what the companies, leaders, volunteers and NGOs of the invented world say in a wave.

How mature a company is, as a whole and in each dimension of the rubric, decides what it answers; its people lean on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from etl.demonstration.exports import Filled, Given
from etl.demonstration.world import World
from etl.surveys.conditions import Condition
from etl.surveys.form import Form, Question
from observatory.editions import Edition

DIMENSIONS = tuple(f"D{number}" for number in range(1, 8))
YES, PARTLY = 0.25, -0.15  # how far beyond its hardness a company must be for "yes" and "partly"
NOISE = 0.5
PERSONAL_NOISE = 0.9
WORKING_DAY = 9 * 3600
SECONDS = {"company": 1500, "leader": 600, "volunteer": 480, "ngo": 720}  # median to fill the form in


@dataclass
class Side:
    """Who answers one instrument in one wave, one entry a respondent.

    organisation: its code, "" for none. known: answers that follow from the world, by question. maturity: by dimension.
    numbers: of the world: headcount, volunteers, hours.
    """

    organisation: list[str]
    known: list[dict[str, Given]]
    maturity: np.ndarray
    numbers: list[Mapping[str, float]] = field(default_factory=list)


class Wave:
    """One wave of the invented world.

    Args:
        facts: demonstration_surveys.yml.
        world: the companies and NGOs.
        edition: whose codes they bear.
        year: of the wave, one of the world's years.
        hours: reported volunteer hours, companies x years.
        rng: draws everything.
    """

    def __init__(
        self, facts: Mapping[str, Any], world: World, edition: Edition, year: int, hours: np.ndarray,
        rng: np.random.Generator,
    ):  # fmt: skip
        self._facts, self._world, self._edition, self._rng = facts, world, edition, rng
        self._at = int(np.flatnonzero(world.years == year)[0])
        self.year = year
        self._hours = hours[:, self._at]
        of_company = facts["company"]
        sizes = np.array(list(world.size_codes))[world.size[:, self._at]]
        base = np.array([of_company["size"][size] for size in sizes])
        base = base + world.companies["ownership_code"].map(of_company["ownership"]).to_numpy()
        base = base + facts["waves"][year] + rng.normal(0, of_company["spread"], len(base))
        spread = rng.normal(0, of_company["dimension_spread"], (len(base), len(DIMENSIONS)))
        self._maturity = base[:, None] + spread
        self._sizes = sizes

    def side(self, instrument: str, count: int) -> Side:
        """Return who answers an instrument."""
        world, rng = self._world, self._rng
        if instrument == "ngo":
            chosen = rng.permutation(len(world.ngos))
            chosen = np.resize(chosen, count)
            known = [{"region": self._region(world.ngos["region_code"].iloc[at])} for at in chosen]
            codes = [str(world.ngos["ngo_id"].iloc[at]) for at in chosen]
            codes = [code if place < len(world.ngos) else "" for place, code in enumerate(codes)]
            maturity = rng.normal(self._facts["waves"][self.year], 0.7, (count, len(DIMENSIONS)))
            return Side(codes, known, maturity)
        companies = len(world.companies)
        if instrument == "volunteer":
            odds = world.headcount[:, self._at] * world.participation[:, self._at] ** 0.5 + 1
            odds = np.sqrt(odds) * (world.headcount[:, self._at] > 0)
            chosen = rng.choice(companies, count, p=odds / odds.sum())
        else:
            small_last = np.argsort(np.isin(self._sizes, ("micro", "small")) + rng.random(companies))
            chosen = np.sort(np.resize(small_last, count))
        own = [self._of_company(int(at)) for at in chosen]
        noise = PERSONAL_NOISE if instrument == "volunteer" else 0.0
        maturity = self._maturity[chosen] + rng.normal(0, 1, (count, len(DIMENSIONS))) * noise
        numbers = [
            {
                "headcount": float(world.headcount[at, self._at]),
                "volunteers": float(round(world.headcount[at, self._at] * world.participation[at, self._at])),
                "hours": float(self._hours[at]),
            }
            for at in chosen
        ]
        return Side([str(world.companies["company_id"].iloc[at]) for at in chosen], own, maturity, numbers)

    def _of_company(self, at: int) -> dict[str, Given]:
        facts = self._world.companies.iloc[at]
        return {
            "region": self._region(facts.region_code),
            "sector": self._group(facts.sector_code),
            "size": str(self._sizes[at]),
            "ownership": str(facts.ownership_code),
        }

    def _region(self, code: str) -> str:
        """Return the region as it was called in the year of the wave."""
        world, place = self._world, self._world.region_codes.index(code)
        if world.region_from[place] > np.datetime64(f"{self.year}-12-31"):
            return world.region_codes[world.predecessor[place]]
        return code

    def _group(self, section: str) -> str:
        dimension = self._edition.dimensions["sector"]
        return next(code for code in dimension.counts_for(section) if code in dimension.leaves)


def fill(
    facts: Mapping[str, Any], form: Form, side: Side, instrument: Mapping[str, Any], code: str,
    rng: np.random.Generator,
) -> list[Filled]:  # fmt: skip
    """Return the filled forms of one instrument in one wave, in the order in which they were sent.

    Args:
        facts: demonstration_surveys.yml.
        form: the questions; its conditions hold for every answer.
        side: who answers.
        instrument: its entry in `facts`: wave, first_day, last_day.
        code: the question that asks for the code of the organisation.
        rng: draws everything.
    """
    usual = facts["answers"][instrument["instrument"]]
    relevant = {question.name: [Condition(written) for written in question.relevant] for question in form.questions}
    begun = datetime.combine(instrument["first_day"], time(9))
    days = (instrument["last_day"] - instrument["first_day"]).days + 1
    starts = sorted(
        begun + timedelta(days=int(rng.integers(days)), seconds=int(rng.integers(WORKING_DAY)))
        for _ in side.organisation
    )
    found = []
    for place, start in enumerate(starts):
        own = _Person(facts, side, place, rng)
        answers: dict[str, Given] = {}
        is_declined = rng.random() < facts["declined_share"]
        for question in form.questions:
            seen = {name: _seen(given) for name, given in answers.items() if given is not None}
            if question.name == "consent":
                answers["consent"] = "no" if is_declined else "yes"
            elif any(condition.holds(seen) is False for condition in relevant[question.name]):
                answers[question.name] = None
            elif question.name == "year":
                answers["year"] = Decimal(instrument["wave"] - 1)
            else:
                answers[question.name] = own.says(question, usual.get(question.name))
        _make_whole(answers, own)
        seconds = SECONDS[instrument["instrument"]] * float(np.exp(rng.normal(0, 0.25)))
        number = "".join(f"{part:04x}" for part in rng.integers(0, 1 << 16, 8))
        uuid = "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))
        texts = {code: side.organisation[place]} if side.organisation[place] and not is_declined else {}
        found.append(Filled(uuid, start, start + timedelta(seconds=round(seconds)), answers, texts))
    return found


def _seen(given: Given) -> str:
    return format(given, "f") if isinstance(given, Decimal) else given if isinstance(given, str) else " ".join(given)


def _make_whole(answers: dict[str, Given], own: _Person) -> None:
    """Let shares of the themes add up to 100, as the form demands."""
    names = [name for name in answers if name.startswith("share_")]
    if not names or any(answers[name] is None for name in names):
        answers.update(dict.fromkeys(names))
        return
    rest = Decimal(100) - sum(answers[name] for name in names[:-1])
    answers[names[-1]] = max(rest, Decimal(0))
    over = sum(answers[name] for name in names) - 100
    answers[names[0]] -= over


class _Person:
    """One respondent, who answers one question after the other."""

    def __init__(self, facts: Mapping[str, Any], side: Side, place: int, rng: np.random.Generator):
        self._facts, self._rng = facts, rng
        self._known = side.known[place]
        self._maturity = dict(zip(DIMENSIONS, side.maturity[place], strict=True))
        self._numbers = side.numbers[place] if side.numbers else {}
        self._shares = rng.dirichlet(np.array([25, 30, 40, 5]) / 12)
        self._ways: dict[str, Callable[[Question, Any], Given]] = {
            "hard": self._yes_or_no, "steps": self._step, "scale": self._scale, "odds": self._one,
            "several": self._several, "number": self._number, "of": self._of_the_world, "part": self._part,
            "stage": self._stage, "tens": self._tens,
        }  # fmt: skip

    def says(self, question: Question, usual: Mapping[str, Any] | None) -> Given:
        """Return an answer, None where the question is left open."""
        if question.name in self._known:
            return self._known[question.name]
        if usual is None or self._rng.random() < self._facts["skipped_share"]:
            return None
        codes = [option.code for option in question.options]
        if "dont_know" in codes and self._rng.random() < self._facts["dont_know_share"]:
            return ("dont_know",) if question.kind == "many" else "dont_know"
        (way,) = (name for name in self._ways if name in usual)
        return self._ways[way](question, usual)

    def _yes_or_no(self, _question: Question, usual: Mapping[str, Any]) -> Given:
        dimension, hard = usual["hard"]
        beyond = self._maturity[dimension] - hard + self._rng.normal(0, NOISE)
        return "yes" if beyond > YES else "partly" if beyond > PARTLY else "no"

    def _step(self, question: Question, usual: Mapping[str, Any]) -> Given:
        dimension, limits = usual["steps"]
        reached = sum(self._maturity[dimension] + self._rng.normal(0, NOISE / 2) > limit for limit in limits)
        return question.options[int(reached)].code

    def _scale(self, question: Question, usual: Mapping[str, Any]) -> Given:
        centre, lean = usual["scale"]
        whole = np.mean(list(self._maturity.values()))
        value = int(np.clip(round(self._rng.normal(centre + lean * whole, 0.95)), 1, 5))
        return str(value) if str(value) in {option.code for option in question.options} else None

    def _stage(self, _question: Question, usual: Mapping[str, Any]) -> Given:
        whole = np.mean(list(self._maturity.values()))
        return str(int(np.clip(round(2 + whole + usual["stage"] + self._rng.normal(0, 0.6)), 1, 5)))

    def _one(self, _question: Question, usual: Mapping[str, Any]) -> Given:
        odds = np.array(list(usual["odds"].values()), dtype=float)
        return str(list(usual["odds"])[self._rng.choice(len(odds), p=odds / odds.sum())])

    def _several(self, question: Question, usual: Mapping[str, Any]) -> Given:
        chosen = {code for code, share in usual["several"].items() if self._rng.random() < share}
        most = usual.get("most", len(question.options))
        kept = set(self._rng.permutation(sorted(chosen))[:most])
        none = next((option.code for option in question.options if option.code in ("none", "nothing")), None)
        in_order = tuple(option.code for option in question.options if option.code in kept)
        return in_order or ((none,) if none else None)

    def _number(self, question: Question, usual: Mapping[str, Any]) -> Given:
        centre, spread = usual["number"]
        value = centre * float(np.exp(self._rng.normal(0, spread)))
        return Decimal(round(value)) if question.is_whole or centre >= 10 else Decimal(f"{value:.2f}")

    def _of_the_world(self, _question: Question, usual: Mapping[str, Any]) -> Given:
        share = usual.get("share", 1.0)
        whole = self._numbers[usual["of"]]
        if share == 1.0:
            return Decimal(round(whole))
        return Decimal(min(round(whole * float(np.clip(self._rng.normal(share, 0.15), 0, 1))), round(whole)))

    def _part(self, question: Question, _usual: Mapping[str, Any]) -> Given:
        names = ("share_emergency", "share_ecology", "share_social", "share_other")
        return Decimal(round(100 * float(self._shares[names.index(question.name)])))

    def _tens(self, _question: Question, usual: Mapping[str, Any]) -> Given:
        centre, spread = usual["tens"]
        return Decimal(int(np.clip(round(self._rng.normal(centre, spread)), 0, 10)))
