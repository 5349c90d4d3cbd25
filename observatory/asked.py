"""Asked: the question of a survey that a reader looks at, and what its answers are set side by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

NOT_WEIGHTED = "no"


@dataclass(frozen=True)
class Asked:
    """The question of a survey that a reader looks at; what is left open ("", 0) is for the snapshot to fill in.

    by: what the answers are set side by: "wave", or a breakdown of the table `estimate`, such as "size.fine"; "" is all
    respondents together. option: the answer of which groups are compared. is_weighted: where there are weights.
    """

    instrument: str = ""
    question: str = ""
    wave: int = 0
    by: str = ""
    option: str = ""
    is_weighted: bool = True

    @classmethod
    def from_address(cls, params: Mapping[str, str]) -> Asked:
        """Return what an address asks, as it stands there; `queries.known_part` leaves out what nobody was asked."""
        names = ("instrument", "question", "by", "option")
        wave = str(params.get("wave") or "")
        return cls(
            wave=int(wave) if re.fullmatch("[0-9]{4}", wave) else 0,
            is_weighted=params.get("weighted") != NOT_WEIGHTED,
            **{name: str(params.get(name) or "") for name in names},
        )

    def to_address(self) -> dict[str, str]:
        """Return the parameters that make this choice from an address; what is left open is left out."""
        named = {
            "instrument": self.instrument, "question": self.question, "wave": str(self.wave or ""), "by": self.by,
            "option": self.option, "weighted": "" if self.is_weighted else NOT_WEIGHTED,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}
