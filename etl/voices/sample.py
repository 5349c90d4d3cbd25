"""Samples: the respondents of one wave of one instrument who answered, and what they said, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import duckdb
import numpy as np

from observatory import NOT_STATED, TOTAL
from observatory.editions import Edition
from observatory.registry import registry

STATES = ("given", "no_answer", "dont_know", "not_asked")
FED = {"sector": "sector_code", "region": "region_code", "theme": "theme_code", "size": "size_code",
       "ownership": "ownership_code"}  # fmt: skip
"""The field of a respondent that holds a code of each dimension."""

HOLDING, IN_HOLDING = "holding", "in_holding"
"""A breakdown of those who answer for a company, or work in one: whether it belonged to a holding when they did."""


@dataclass
class Answers:
    """The answers of a sample to one question.

    Attributes:
        kind: "one", "many" or "number".
        of: the list of options.
        options: their codes, those that mean no answer left out, in the order of the form.
        state: (n,) one of `STATES`; "" where the question had no column.
        code: (n,) the option chosen, of one; "" elsewhere.
        value: (n,) the number given; NaN elsewhere.
        chosen: (n,) for each option of several 1, 0, or NaN where it was not offered or nothing was answered.
    """

    kind: str
    of: str
    options: tuple[str, ...]
    state: np.ndarray
    code: np.ndarray
    value: np.ndarray
    chosen: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def is_given(self) -> np.ndarray:
        """Return (n,) whether an answer was given."""
        return self.state == "given"


@dataclass
class Sample:
    """Respondents of one wave of one instrument, n of them, in the order of their numbers.

    Attributes:
        codes: (n,) by dimension and level: the code at that level, "_U" where none is stated.
        stratum, psu: (n,) "" where none is stated. weight: (n,) NaN where none is stated.
        questions: what they said, by question, in the order of the form.
        organisation: (n,) the company or NGO that they answer for or through, "" where not known; None: of nobody.
    """

    instrument: str
    wave: int
    codes: Mapping[tuple[str, str], np.ndarray]
    stratum: np.ndarray
    psu: np.ndarray
    weight: np.ndarray
    questions: Mapping[str, Answers]
    organisation: np.ndarray | None = None

    @property
    def size(self) -> int:
        """Return n."""
        return self.weight.size

    @cached_property
    def groups(self) -> list[tuple[str, str, np.ndarray]]:
        """The published groups: breakdown ("sector", or "size.fine" where a dimension has two), code, members (n,);
        all respondents first."""
        found = [(TOTAL, TOTAL, np.ones(self.size, dtype=bool))]
        for (dimension, level), codes in self.codes.items():
            several = len(registry().surveys["breakdowns"].get(dimension, ())) > 1
            name = f"{dimension}.{level}" if several else dimension
            found += [(name, code, codes == code) for code in dict.fromkeys(codes) if code != NOT_STATED]
        return found


def samples(connection: duckdb.DuckDBPyConnection, edition: Edition, instrument: str = "") -> Iterator[Sample]:
    """Yield each wave of each instrument that anybody answered, or of one alone, the earliest first."""
    waves = "SELECT DISTINCT instrument, wave FROM respondent WHERE status = 'answered' ORDER BY ALL"
    for name, wave in connection.execute(waves).fetchall():
        if instrument in ("", name):
            yield _sample(connection, edition, name, wave)


def _sample(connection: duckdb.DuckDBPyConnection, edition: Edition, instrument: str, wave: int) -> Sample:
    key = [instrument, wave]
    people = connection.execute(
        f"SELECT respondent_id, {', '.join(FED.values())}, stratum, psu, CAST(weight AS DOUBLE), "
        "COALESCE('company ' || company_id, 'ngo ' || ngo_id) FROM respondent "
        "WHERE instrument = $1 AND wave = $2 AND status = 'answered' ORDER BY respondent_id",
        key,
    ).fetchall()
    place = {row[0]: number for number, row in enumerate(people)}
    codes = {}
    for at, dimension in enumerate(FED, 1):
        for level in registry().surveys["breakdowns"][dimension]:
            if level in edition.dimensions[dimension].levels:
                codes[dimension, level] = _at_level(edition, dimension, level, [row[at] for row in people])
    holdings = _holdings(connection, key)
    if IN_HOLDING in holdings.values():
        codes[HOLDING, HOLDING] = _texts(holdings[row[0]] for row in people)
    return Sample(
        instrument, wave, codes,
        stratum=_texts(row[-4] for row in people), psu=_texts(row[-3] for row in people),
        weight=np.array([np.nan if row[-2] is None else row[-2] for row in people]),
        questions=_questions(connection, key, place), organisation=_texts(row[-1] for row in people),
    )  # fmt: skip


def _holdings(connection: duckdb.DuckDBPyConnection, key: list) -> dict[str, str]:
    """Return the code of each respondent's company: in_holding, alone, or "_U" where the company is not known."""
    return dict(
        connection.execute(
            """
            SELECT respondent_id, MAX(CASE
                WHEN company.company_id IS NULL THEN '_U' WHEN holding_id IS NULL THEN 'alone' ELSE 'in_holding'
            END)
            FROM (
                SELECT respondent_id, company_id, COALESCE(submitted_date, make_date(wave, 12, 31)) AS day
                FROM respondent WHERE instrument = $1 AND wave = $2
            ) AS asked
            LEFT JOIN company
                ON company.company_id = asked.company_id
                AND (valid_from IS NULL OR valid_from <= day) AND (valid_to IS NULL OR valid_to >= day)
            GROUP BY respondent_id
            """,
            key,
        ).fetchall()
    )


def _at_level(edition: Edition, dimension: str, level: str, stated: list[str | None]) -> np.ndarray:
    """Return the code at a level that each stated code counts for, "_U" where none does."""
    facts = edition.dimensions[dimension]
    cut = set(facts.cut(level))
    known: dict[str | None, str] = {None: NOT_STATED}
    for code in dict.fromkeys(stated):
        if code is not None:
            known[code] = next((above for above in facts.counts_for(code) if above in cut), NOT_STATED)
    return _texts(known[code] for code in stated)


def _texts(values) -> np.ndarray:
    return np.array([value or "" for value in values], dtype=object)


def _questions(connection: duckdb.DuckDBPyConnection, key: list, place: Mapping[str, int]) -> dict[str, Answers]:
    """Return what was said to the questions that are asked once a form."""
    asked = connection.execute(
        "SELECT question, kind, list FROM question WHERE instrument = $1 AND wave = $2 AND repeat = '' "
        "ORDER BY sort_order",
        key,
    ).fetchall()
    offered: dict[str, list[str]] = {}
    for question, option in connection.execute(
        "SELECT question, option FROM option WHERE instrument = $1 AND wave = $2 AND state IS NULL ORDER BY sort_order",
        key,
    ).fetchall():
        offered.setdefault(question, []).append(option)
    size = len(place)
    found = {
        question: Answers(
            kind, of, tuple(offered.get(question, ())), np.full(size, "", dtype=object),
            np.full(size, "", dtype=object), np.full(size, np.nan),
        )
        for question, kind, of in asked
    }  # fmt: skip
    for answers in found.values():
        if answers.kind == "many":
            answers.chosen = {option: np.full(size, np.nan) for option in answers.options}
    rows = connection.execute(
        "SELECT respondent_id, question, option, code, CAST(value AS DOUBLE), state FROM answer "
        "WHERE instrument = $1 AND wave = $2 AND item = 0",
        key,
    ).fetchall()
    for number, question, option, code, value, state in rows:
        at = place.get(number)
        answers = found.get(question)
        if at is None or answers is None:
            continue
        answers.state[at] = state
        if option:
            answers.chosen[option][at] = value
        elif code is not None:
            answers.code[at] = code
        elif value is not None:
            answers.value[at] = value
    return found
