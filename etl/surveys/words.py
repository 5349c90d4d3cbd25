"""The words of survey tools, of data/registry/surveys.yml, as answers and headings are compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Literal

from observatory.fact_files import folded
from observatory.registry import registry

State = Literal["given", "no_answer", "dont_know", "not_asked"]
"""What became of a question: answered, left open, "don't know" (never the same as "no"), or never put."""


@dataclass(frozen=True)
class SurveyWords:
    """The words, folded; `headings` by what a tool's column is, `numbers` that stand for no answer by its state."""

    headings: Mapping[str, tuple[str, ...]]
    single_answer: frozenset[str]
    chosen: frozenset[str]
    not_chosen: frozenset[str]
    blank: frozenset[str]
    states: Mapping[str, State]
    numbers: Mapping[Decimal, State]
    other: frozenset[str]
    worth_a_look: Mapping[str, Any]

    @cached_property
    def added(self) -> frozenset[str]:
        """The headings of the columns that a tool adds to the answers."""
        return frozenset(heading for listed in self.headings.values() for heading in listed)


@cache
def survey_words() -> SurveyWords:
    """Return the words of the registry."""
    facts = registry().surveys

    def words(name: str) -> frozenset[str]:
        return frozenset(folded(str(word)) or str(word) for word in facts[name])

    states: tuple[State, ...] = ("dont_know", "no_answer")
    return SurveyWords(
        headings={of: tuple(folded(heading) for heading in listed) for of, listed in facts["headings"].items()},
        single_answer=words("single_answer"),
        chosen=words("chosen"),
        not_chosen=words("not_chosen"),
        blank=words("blank"),
        states={word: state for state in states for word in words(state)},
        numbers={Decimal(number): state for state in states for number in facts[f"{state}_numbers"]},
        other=words("other"),
        worth_a_look=facts["worth_a_look"],
    )
