"""A small warehouse of answers, written as text tables, to be estimated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import numpy as np

from etl.load import insert_rows
from etl.surveys.staging import prepare_answers
from observatory.editions import load_edition

EDITION = load_edition("kazakhstan")
RESPONDENT = (
    "respondent_id VARCHAR, instrument VARCHAR, wave INTEGER, sector_code VARCHAR, size_code VARCHAR, "
    "ownership_code VARCHAR, region_code VARCHAR, theme_code VARCHAR, stratum VARCHAR, psu VARCHAR, "
    "weight DOUBLE, status VARCHAR, company_id VARCHAR, ngo_id VARCHAR, submitted_date DATE"
)
COMPANY = "company_id VARCHAR, holding_id VARCHAR, valid_from DATE, valid_to DATE"
ANSWER = (
    "respondent_id VARCHAR, instrument VARCHAR, wave INTEGER, question VARCHAR, item INTEGER, option VARCHAR, "
    "code VARCHAR, value DECIMAL(38, 6), state VARCHAR"
)
LISTS = {
    "useful": ("one", "agree", ["1", "2", "3", "4", "5"]),
    "helps": ("many", "help", ["time", "money", "praise"]),
    "hours": ("number", "", []),
    "recommend": ("number", "", []),
}


def warehouse(
    *waves: tuple[int, list[dict]], wording: str = "Useful", companies: Iterable[tuple] = ()
) -> duckdb.DuckDBPyConnection:
    """Return a warehouse in which each wave of volunteers of these companies gave these answers.

    A respondent is a mapping of the fields of the table, and of answers: a code, a list of options, a number, or None
    for "no answer"; "dont_know" and "not_asked" are themselves.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(f"CREATE TABLE respondent ({RESPONDENT})")
    connection.execute(f"CREATE TABLE answer ({ANSWER})")
    connection.execute(f"CREATE TABLE company ({COMPANY})")
    insert_rows(connection, "company", companies)
    prepare_answers(connection, EDITION)
    fields = [column.split()[0] for column in RESPONDENT.split(", ")]
    for number, (wave, people) in enumerate(waves):
        _describe(connection, wave, wording if number else "Useful")
        told = [
            {"respondent_id": f"{wave}-{place:05d}", "instrument": "volunteer", "wave": wave, "status": "answered"}
            | person
            for place, person in enumerate(people)
        ]
        insert_rows(connection, "respondent", [[person.get(name) for name in fields] for person in told])
        insert_rows(connection, "answer", [row for person in told for row in _answers(person)])
    return connection


def _describe(connection: duckdb.DuckDBPyConnection, wave: int, wording: str) -> None:
    for order, (question, (kind, of, options)) in enumerate(LISTS.items()):
        label = wording if question == "useful" else question
        connection.execute(
            "INSERT INTO question VALUES ('volunteer', ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
            [wave, question, kind, of, order, *[label] * 5],
        )
        for place, option in enumerate([*options, "dont_know"] if options else []):
            state = "dont_know" if option == "dont_know" else None
            connection.execute(
                "INSERT INTO option VALUES ('volunteer', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [wave, question, option, state, place, *[option] * 5],
            )


def _answers(person: dict) -> Iterator[list]:
    for question, (kind, _, options) in LISTS.items():
        if question not in person:
            continue
        given, state = person[question], "given"
        if given in (None, "dont_know", "not_asked"):
            state = given or "no_answer"
        key = [person["respondent_id"], person["instrument"], person["wave"], question, 0]
        if state != "given":
            yield [*key, "", None, None, state]
        elif kind == "many":
            yield from ([*key, option, None, int(option in given), state] for option in options)
        else:
            yield [*key, "", given, None, state] if kind == "one" else [*key, "", None, given, state]


def people(size: int, seed: int = 1, agreeing: float = 0.5, **fixed) -> list[dict]:
    """Return so many invented volunteers of any sector, size and region, of whom a share agrees."""
    rng = np.random.default_rng(seed)
    sectors = EDITION.dimensions["sector"].leaves
    regions = EDITION.dimensions["region"].leaves
    sizes = EDITION.dimensions["size"].leaves
    found = []
    for _ in range(size):
        useful = str(rng.choice([4, 5])) if rng.random() < agreeing else str(rng.choice([1, 2, 3]))
        found.append({
            "sector_code": str(rng.choice(sectors)), "region_code": str(rng.choice(regions)),
            "size_code": str(rng.choice(sizes)), "useful": rng.choice([useful, "dont_know"], p=[0.9, 0.1]),
            "helps": [option for option in ("time", "money", "praise") if rng.random() < 0.4],
            "hours": int(rng.integers(1, 60)), "recommend": int(rng.integers(0, 11)), **fixed,
        })  # fmt: skip
    return found
