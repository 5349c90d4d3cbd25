"""Cells: what stands in a column of an export, as codes of options, numbers and states.

Every distinct spelling of a column is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz, process

from etl.meaning import ALIKE, whole
from etl.surveys.form import Option, Question, plain
from etl.surveys.words import State, survey_words
from etl.values import decimal_sign, read_number
from observatory.fact_files import folded

SEPARATORS = re.compile(r"[,;|\n،؛]")
"""What parts the answers of a question with several, as labels; a label may hold one of these itself."""

NEGATIVE = re.compile(r"[-−–]\d+(?:[.,]\d+)?")

NEARLY = 90  # of 100: an unknown answer so like an option is a slip, not an answer of its own


@dataclass(frozen=True)
class Read:
    """What a cell says: a state, with codes or a number if one was given, and what is to be pointed out.

    Attributes:
        state: None where the cell says nothing.
        codes: of the options chosen; none of several may be.
        number: in a question that asks for one.
        rule: the rule of rules.yml that tells what is odd, None where nothing is.
        value: what it tells of: never what somebody wrote freely.
        suggestion: the code that may be meant.
        not_offered: options that could not be chosen, where the columns of the options show it.
    """

    state: State | None = None
    codes: tuple[str, ...] = ()
    number: Decimal | None = None
    rule: str | None = None
    value: str | None = None
    suggestion: str | None = None
    not_offered: tuple[str, ...] = ()


NOTHING = Read()


@dataclass(frozen=True, eq=False)
class Choices:
    """The options of a question by every way of writing them.

    Args:
        question: that they belong to.
        states: further codes and labels, folded, that mean no answer, with what they mean.
    """

    question: Question
    states: Mapping[str, State]

    @cached_property
    def spellings(self) -> dict[str, str]:
        """The code of each option by its code and its labels, alone and together, folded."""
        known: dict[str, str] = {}
        for option in self.question.options:
            known.setdefault(_key(option.code), option.code)
        for option in self.question.options:
            for label in option.labels.values():
                known.setdefault(_key(label), option.code)
                known.setdefault(f"{_key(option.code)} {_key(label)}", option.code)
        known.pop("", None)
        return known

    @cached_property
    def state_of(self) -> dict[str, State]:
        """What those options mean that are no answer to the question, by code."""
        found = {}
        for option in self.question.options:
            said = [option.code, *option.labels.values()]
            state = next((self.states[_key(word)] for word in said if _key(word) in self.states), None)
            if state:
                found[option.code] = state
        return found

    @cached_property
    def other(self) -> str | None:
        """The code of the option that covers every other answer, if there is one."""
        return next((option.code for option in self.question.options if _is_other(option)), None)

    def one(self, cell: str) -> Read:
        """Return what the cell of a question with one answer says."""
        key = _key(cell)
        code = self.spellings.get(key) or self.spellings.get(_key(whole(cell)))
        if code is not None:
            return self.given([code])
        if key in survey_words().blank or not key:
            return NOTHING
        if key in self.states:
            return Read(self.states[key])
        return self._unknown(cell, [])

    def joined(self, cell: str) -> Read:
        """Return what a cell with all answers of a question with several says: codes or labels."""
        key = _key(cell)
        if not key or key in survey_words().blank and key not in self.spellings:
            return NOTHING
        if key in self.spellings:
            return self.given([self.spellings[key]])
        tokens = [self.spellings.get(_key(whole(token))) for token in cell.split()]
        if all(tokens):
            return self.given(tokens)
        parts = [part.strip() for part in SEPARATORS.split(cell)]
        parts = [part for part in parts if _key(part)]
        for parted in (parts, key.split()):  # KoboToolbox parts labels, too, by blanks alone
            if (codes := self._parted(parted)) is not None:
                return self.given(codes)
        codes, rest = self._as_far_as_known(parts)
        return self._unknown(", ".join(rest), codes)

    def ticked(self, code: str, cell: str, by_label: bool) -> bool | None:
        """Return whether the cell in the column of an option says that it was chosen; None where it says nothing.

        Args:
            code: of the option.
            cell: what stands there.
            by_label: whether the column says the option itself where it was chosen, not yes or no.
        """
        key, words = _key(cell), survey_words()
        if not key:
            return None
        if by_label and self.spellings.get(key) == code:
            return True
        key = _key(whole(cell))
        if key in words.chosen:
            return True
        if key in words.not_chosen:
            return False
        if key in words.blank:
            return None
        return True if self.spellings.get(key) == code or code == self.other else None

    def says_itself(self, code: str, cells: Iterable[str]) -> bool:
        """Return whether every filled cell of an option's column is the option, as SurveyMonkey writes it."""
        return all(self.spellings.get(_key(cell)) == code for cell in cells if _key(cell))

    def given(self, codes: Sequence[str]) -> Read:
        """Return the options chosen; one that means "no answer" is an answer beside none alone."""
        codes = tuple(dict.fromkeys(codes))
        answers = tuple(code for code in codes if code not in self.state_of)
        if codes and not answers:
            return Read(self.state_of[codes[0]], codes)
        return Read("given", answers)

    def _unknown(self, cell: str, codes: Sequence[str]) -> Read:
        """Return what an answer that is no option means: perhaps a slip, else the option that covers every other.

        The answer itself is told only where it is much like an option, since anything may have been written there.
        """
        state: State | None = "given" if codes else "no_answer"
        like = process.extractOne(_key(cell), list(self.spellings), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if self.other is not None and (like is None or like[1] < NEARLY):
            return Read("given", (*codes, self.other), rule="taken_as_other")
        if like is None:
            return Read(state, tuple(codes), rule="unlike_any_option")
        return Read(state, tuple(codes), None, "unknown_option", " ".join(cell.split()), self.spellings[like[0]])

    def _parted(self, parts: Sequence[str]) -> list[str] | None:
        """Return the options that parts of a cell are together, the longest labels first; None where they are not."""

        @cache
        def from_part(start: int) -> tuple[str, ...] | None:
            if start == len(parts):
                return ()
            for end in range(len(parts), start, -1):
                code = self.spellings.get(_key(" ".join(parts[start:end])))
                if code is not None and (rest := from_part(end)) is not None:
                    return (code, *rest)
            return None

        found = from_part(0)
        return None if found is None else list(found)

    def _as_far_as_known(self, parts: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the options among parts of a cell, and the parts that are none."""
        codes: list[str] = []
        rest: list[str] = []
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -1):
                if code := self.spellings.get(_key(" ".join(parts[start:end]))):
                    codes.append(code)
                    start = end
                    break
            else:
                rest.append(parts[start])
                start += 1
        return codes, rest


def number_reader(question: Question, spellings: Iterable[str]) -> Callable[[str], Read]:
    """Return what reads the cells of a question that asks for a number; the column shows which sign is its decimal."""
    sign = decimal_sign(sorted(spellings))

    def read(cell: str) -> Read:
        key = _key(cell)
        if not key or key in survey_words().blank:
            return NOTHING
        if key in survey_words().states:
            return Read(survey_words().states[key])
        number = read_number(cell, sign)
        if isinstance(number, str):
            return Read("no_answer", rule="unreadable_number")
        if number in survey_words().numbers:
            return Read(survey_words().numbers[number])
        if question.is_whole and number != number.to_integral_value():
            return Read("no_answer", rule="unreadable_number")
        return Read("given", number=number)

    return read


def _is_other(option: Option) -> bool:
    return bool({_key(option.code), *(_key(label) for label in option.labels.values())} & survey_words().other)


@lru_cache(maxsize=1 << 16)
def _key(spelling: str) -> str:
    """Return a cell as it is compared; a code such as -1 is not 1."""
    key = folded(plain(spelling) if "<" in spelling else spelling)
    return f"-{key}" if key and NEGATIVE.fullmatch(spelling.strip()) else key


def distinct(rows: Iterable[Sequence[str]], column: int) -> Iterator[str]:
    """Yield each distinct cell of a column once, in the order of the rows, without blanks round it."""
    yield from dict.fromkeys(row[column].strip() for row in rows if column < len(row))
