"""Voices: what was estimated of one question of a survey, by breakdown or wave, and how it was asked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from observatory import TOTAL
from observatory.asked import Asked
from observatory.registry import registry
from observatory.store import Store

WAVE = "wave"
KEPT = 200  # questions as readers asked them
BREAKDOWNS = ("sector", "region", "theme", "size.legal", "size.fine", "size", "ownership", "holding")


@dataclass(frozen=True)
class Wave:
    """One wave of an instrument: how many were invited (None: not known), and who answered; days of the fieldwork.

    method: how it is weighted, of the table `weighting`; margins: the dimensions of the frame that it is weighted by;
    joined: codes that count as one there, by dimension, because too few answered.
    """

    year: int
    invited: int | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    respondents: int
    method: str
    margins: tuple[str, ...]
    is_invented: bool
    joined: Mapping[str, tuple[str, ...]]

    @property
    def has_weights(self) -> bool:
        return self.method in ("given", "raked")

    @property
    def unweighted(self) -> tuple[str, ...]:
        """The dimensions of the frame that it is not weighted by, because too few answered."""
        return tuple(dimension for dimension in self.joined if dimension not in self.margins)


@dataclass(frozen=True)
class Question:
    """A question as one wave put it. kind: "one", "many" or "number"; of: its list of options; wording as asked."""

    name: str
    kind: str
    of: str
    wording: str

    @property
    def scale(self) -> Mapping | None:
        """The scale whose steps are its options; None where it is no scale."""
        return registry().surveys["scales"].get(self.of) if self.kind == "one" else None

    @property
    def measure(self) -> str:
        """The statistic that sums its answers up: "top" (who agree), "share" (of an option) or "median"."""
        return "median" if self.kind == "number" else "top" if self.scale else "share"


class Estimate(NamedTuple):
    """One row of the table `estimate` for one question; what is hidden or was not estimated is None.

    group: what it is set side by, the code or the wave as text. statement: the wording of another question of the form.
    """

    wave: int
    code: str
    statistic: str
    option: str | None
    value: float | None
    low: float | None
    high: float | None
    base: int | None
    effective_base: float | None
    flag: str
    versus_rest: str | None
    versus_wave: str | None
    group: str = ""
    statement: str = ""


class Counts(NamedTuple):
    """How many were asked one question, and how many of them left it open."""

    asked: int
    dont_know: int
    no_answer: int


@dataclass(frozen=True)
class Voices:
    """One question as a reader asked it.

    asked: the choice with nothing left open. waves: of the instrument, by year. questions: of the wave.
    breakdowns: what the answers can be set side by. options: by code, in the order of the form. dont_know: how the form
    words it, "" where it does not. estimates: of the groups, in the order of estimates.sql. totals: of all respondents
    of the wave.
    breaks: what changed in the question, by wave. is_weighted: whether these are weighted. language: of the wordings.
    """

    asked: Asked
    waves: Mapping[int, Wave]
    questions: tuple[Question, ...]
    breakdowns: tuple[str, ...]
    question: Question
    options: Mapping[str, str]
    dont_know: str
    estimates: tuple[Estimate, ...]
    totals: tuple[Estimate, ...]
    breaks: Mapping[int, str]
    is_weighted: bool
    language: str
    store: Store

    @cached_property
    def counts(self) -> dict[str, Counts]:
        """How many were asked and left it open, by group."""
        of = {"instrument": self.asked.instrument, "question": self.question.name}
        rows = self.store.ask_rows("answer_counts.sql", None, of | {"dimension": _dimension(self.asked.by)})
        if self.asked.by == WAVE:
            return {str(wave): Counts(*counts) for wave, _, *counts in rows}
        return {code: Counts(*counts) for wave, code, *counts in rows if wave == self.asked.wave}

    @cached_property
    def most_chosen_first(self) -> tuple[str, ...]:
        """The options of the question, those first that most respondents of the wave chose."""
        shares = {row.option: row.value for row in self.totals if row.statistic == "share" and row.value is not None}
        return tuple(sorted(self.options, key=lambda option: -shares.get(option, -1.0)))

    @property
    def wave(self) -> Wave:
        return self.waves[self.asked.wave]

    @property
    def wave_before(self) -> int | None:
        """The year of the wave before, None where there was none."""
        return max((year for year in self.waves if year < self.asked.wave), default=None)


def instruments(store: Store) -> dict[str, dict[int, Wave]]:
    """Return the waves of each instrument of which anything is shown, ours first; none in an earlier snapshot."""
    if not {"estimate", "weighting"} <= store.tables:
        return {}
    found: dict[str, dict[int, Wave]] = {}
    rows = store.ask_rows("survey_waves.sql")
    for instrument, year, invited, is_known, first, last, answered, method, margins, is_invented, joined in rows:
        found.setdefault(instrument, {})[year] = Wave(
            year, int(invited) if is_known else None, first, last, answered, method,
            tuple(filter(None, margins.split("|"))), is_invented,
            {dimension: tuple(codes) for dimension, codes in json.loads(joined)},
        )  # fmt: skip
    ours = [*registry().questionnaires["instruments"]]
    return dict(sorted(found.items(), key=lambda item: (ours.index(item[0]) if item[0] in ours else len(ours), item)))


def known_part(store: Store, asked: Asked, language: str) -> Asked:
    """Return the choice without what this snapshot does not know; of what is left out the page chooses its own."""
    if asked == Asked() or not instruments(store):
        return Asked()
    full = voices(store, asked, language).asked
    kept = {field.name: getattr(asked, field.name) for field in fields(Asked)}
    return Asked(**{
        name: value for name, value in kept.items() if value == getattr(full, name) or name == "is_weighted"
    })  # fmt: skip


@lru_cache(maxsize=KEPT)
def voices(store: Store, asked: Asked, language: str) -> Voices:
    """Return one question with all that is shown of it, worded in a language of the edition; what is left open or
    unknown in `asked` is chosen here. Several figures share it, so nobody changes it.

    Chosen are the first instrument, its latest wave, the first question with a scale, all respondents together, and the
    option that most of them chose.

    Raises:
        LookupError: no survey has anything to show.
    """
    waves_of = instruments(store)
    if not waves_of:
        raise LookupError("The snapshot holds no survey.")
    instrument = asked.instrument if asked.instrument in waves_of else next(iter(waves_of))
    waves = waves_of[instrument]
    year = asked.wave if asked.wave in waves else max(waves)
    label = {"label": f"label_{language}"}
    key: dict[str, object] = {"instrument": instrument}
    questions = tuple(
        Question(*row) for row in store.ask_rows("survey_questions.sql", label, key | {WAVE: year})
    )  # fmt: skip
    question = next(
        (one for one in questions if one.name == asked.question), next((q for q in questions if q.scale), questions[0])
    )
    key["question"] = question.name
    shown = store.ask_rows("survey_breakdowns.sql", None, key)
    of_wave = [dimension for wave, dimension in shown if wave == year]
    several = sum(dimension == TOTAL for _, dimension in shown) > 1
    breakdowns = ((WAVE,) if several else ()) + tuple(name for name in BREAKDOWNS if name in of_wave)
    by = asked.by if asked.by in breakdowns else ""
    listed = store.ask_rows("survey_options.sql", label, key | {WAVE: year})
    in_use = [wave for wave, dimension in shown if dimension == TOTAL] if by == WAVE else [year]
    is_weighted = asked.is_weighted and all(waves[wave].has_weights for wave in in_use)
    of_all, found = (
        _estimates(store, instrument, question.name, dimension, is_weighted) for dimension in (TOTAL, _dimension(by))
    )
    totals = tuple(row for row in of_all if row.wave == year)
    options = {option: wording for option, wording, state in listed if state is None}
    option = asked.option if asked.option in options else _most_chosen(totals)
    return Voices(
        replace(asked, instrument=instrument, question=question.name, wave=year, by=by, option=option),
        waves, questions, breakdowns, question, options,
        next((wording for _, wording, state in listed if state == "dont_know"), ""),
        _grouped(found, by, year), totals, dict(store.ask_rows("question_breaks.sql", None, key)), is_weighted,
        language, store,
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _estimates(store: Store, instrument: str, question: str, dimension: str, is_weighted: bool) -> list[Estimate]:
    asked = {"instrument": instrument, "question": question, "dimension": dimension, "is_weighted": is_weighted}
    return [Estimate(*row) for row in store.ask_rows("estimates.sql", None, asked)]


def _dimension(by: str) -> str:
    """Return the breakdown in which the groups of a choice are published; waves are told apart in that of all."""
    return TOTAL if by in ("", WAVE) else by


def agreements(store: Store, voices: Voices) -> list[Estimate]:
    """Return who agrees with each statement of the same wave, in the order of the form."""
    asked = {"instrument": voices.asked.instrument, "wave": voices.asked.wave, "is_weighted": voices.is_weighted}
    rows = store.ask_rows("agreements.sql", {"label": f"label_{voices.language}"}, asked)
    return [Estimate(*row, group=TOTAL, statement=statement) for statement, *row in rows]


def _grouped(rows: Iterable[Estimate], by: str, year: int) -> tuple[Estimate, ...]:
    """Return the rows of a choice with what they are set side by."""
    if by == WAVE:
        return tuple(row._replace(group=str(row.wave)) for row in rows)
    return tuple(row._replace(group=row.code) for row in rows if row.wave == year)


def _most_chosen(totals: Iterable[Estimate]) -> str:
    shares = [row for row in totals if row.statistic == "share" and row.value is not None]
    return max(shares, key=lambda row: row.value).option if shares else ""
