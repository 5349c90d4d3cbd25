"""What if: the step a reader tries out, the share of companies that take it, and own weights of the dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.filters import SEPARATOR
from observatory.registry import registry

STEP, TAKEN, WEIGHTS = "step", "taken", "weights"
MOST_WEIGHT = 5
TAKEN_PCT = tuple(range(10, 101, 10))


@dataclass(frozen=True)
class WhatIf:
    """Frozen like the filters, and held in the address beside them.

    step: a code such as "D1_3", "" the one that moves most. taken_pct: of the companies that lack it, 10 to 100.
    weights: 0 to 5 for each dimension in the order of the rubric; empty is all alike.
    """

    step: str = ""
    taken_pct: int = 50
    weights: tuple[int, ...] = ()

    @classmethod
    def from_address(cls, params: Mapping[str, str]) -> WhatIf:
        """Return what an address carries; what is unknown or impossible in it is left out."""
        step, taken, weights = (str(params.get(name) or "") for name in (STEP, TAKEN, WEIGHTS))
        given = weights.split(SEPARATOR) if weights else []
        is_sound = len(given) == len(dimensions()) and all(part in map(str, range(MOST_WEIGHT + 1)) for part in given)
        numbers = tuple(int(part) for part in given) if is_sound else ()
        return cls(
            step=step if step in step_codes() else "",
            taken_pct=int(taken) if taken in map(str, TAKEN_PCT) else cls.taken_pct,
            weights=numbers if any(numbers) and len(set(numbers)) > 1 else (),
        )

    def to_address(self) -> dict[str, str]:
        """Return the parameters that make this choice from an address; what is as usual is left out."""
        usual = WhatIf()
        return {
            name: text
            for name, text, is_usual in (
                (STEP, self.step, not self.step),
                (TAKEN, str(self.taken_pct), self.taken_pct == usual.taken_pct),
                (WEIGHTS, SEPARATOR.join(map(str, self.weights)), not self.weights),
            )
            if not is_usual
        }

    def weight_of(self, place: int) -> int:
        """Return the weight of the dimension at a place of the rubric; all alike where none is chosen."""
        return self.weights[place] if self.weights else 1


def dimensions() -> Sequence[str]:
    """Return the ids of the dimensions, in the order of the rubric."""
    return tuple(registry().rubric["dimensions"])


def step_codes() -> Sequence[str]:
    """Return the codes of all steps: "D1_2" ... "D7_5"."""
    rubric = registry().rubric["dimensions"]
    return tuple(f"{name}_{stage}" for name, facts in rubric.items() for stage in facts["stages"])
