"""The deliveries that are loaded: the demonstration's world as coded Parquet, as coded CSV, and as CSV in words.

In both CSV one row in two hundred is faulty: an unknown region or company, a date or a number that is none, too many
hours, or a number that stands twice. Which row has which fault follows from its number, so every run has the same.
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import yaml

from etl.expressions import literal
from observatory import PROJECT_FOLDER
from observatory.editions import Edition, load_edition
from observatory.fact_files import folded

FOLDER = PROJECT_FOLDER / "build" / "benchmarks"
EDITION = "kazakhstan"
COMPANIES = 5_000
DELIVERED = "2026-11-10"
FAULTY_IN = 200
CODED, IN_WORDS = "coded", "in words"
TYPES = {
    "activity_id": "VARCHAR", "company_id": "VARCHAR", "ngo_id": "VARCHAR", "organiser_type": "VARCHAR",
    "start_date": "DATE", "end_date": "DATE", "region_code": "VARCHAR", "theme_code": "VARCHAR",
    "form_code": "VARCHAR", "is_paid_time": "BOOLEAN", "volunteers_count": "BIGINT", "hours": "DECIMAL(18, 2)",
    "skilled_hours": "DECIMAL(18, 2)", "requested_count": "BIGINT", "beneficiaries_count": "BIGINT",
    "cost_amount": "DECIMAL(18, 2)",
}  # fmt: skip
"""The columns of the CSV and their declared types, as the warehouse holds them."""

FAULTS = {
    "region_code": (0, "region_code || '~'"),
    "company_id": (1, "'X' || coalesce(company_id, '')"),
    "start_date": (2, "'2024-02-31'"),
    "hours": (3, "'many'"),
    "volunteers_count": (4, "'-' || volunteers_count"),
    "activity_id": (5, "'twice' || substr(activity_id, 1, 6)"),
}
"""The column that each kind of fault is in, the kind's number, and what stands there instead."""


def parquet(rows: int) -> Path:
    """Return the folder of the demonstration with so many activities as Parquet, made where it is missing."""
    folder = FOLDER / f"{rows}-parquet"
    if not (folder / "DONE").exists():
        from etl.demonstration import generate  # it costs half a second, and what is measured does not need it

        generate(load_edition(EDITION), folder / "files", companies=COMPANIES, activities=rows, format="parquet")
        (folder / "DONE").touch()
    return folder / "files"


def csv(rows: int, kind: str) -> Path:
    """Return a folder with the registers as Parquet and so many activities as one CSV, CODED or IN_WORDS."""
    folder = FOLDER / f"{rows}-{kind.replace(' ', '-')}"
    if (folder / "DONE").exists():
        return folder / "files"
    (folder / "files").mkdir(parents=True, exist_ok=True)
    for path in parquet(rows).glob("*.parquet"):
        if not path.name.startswith("bulk_activities"):
            (folder / "files" / path.name).write_bytes(path.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW log AS FROM '{parquet(rows)}/bulk_activities_*.parquet'")
        target = folder / "files" / f"activities_{DELIVERED}.csv"
        texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in TYPES)
        written = "words" if kind == IN_WORDS else "texts"
        if kind == IN_WORDS:
            _spell(connection, parquet(rows))
        faulty = ", ".join(
            f"CASE WHEN fault = {number} THEN {instead} ELSE {name} END AS {name}"
            for name, (number, instead) in FAULTS.items()
        )
        connection.execute(f"""
            COPY (
                WITH texts AS (SELECT {texts} FROM log),
                words AS ({_in_words() if kind == IN_WORDS else "FROM texts"}),
                faulty AS (
                    SELECT *, CASE WHEN hash(activity_id) % {FAULTY_IN} = 0
                                   THEN hash(hash(activity_id)) % {len(FAULTS)} END AS fault
                    FROM {written}
                )
                SELECT * EXCLUDE fault REPLACE ({faulty}) FROM faulty
            ) TO {literal(str(target))} (HEADER)
        """)
    (folder / "DONE").touch()
    return folder / "files"


def edition(kind: str) -> Edition:
    """Return the edition with one source more, the CSV of that kind; its other sources are the bulk ones."""
    base = load_edition(EDITION)
    folder = FOLDER / f"edition-{kind.replace(' ', '-')}"
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    for path in (base.folder / "sources").glob("bulk_*.yml"):
        (folder / "sources" / path.name).write_bytes(path.read_bytes())
    described = {"id": "activities", "table": "activity", "source": "activity_log", "files": "activities_*.csv"}
    (folder / "sources" / "activities.yml").write_text(yaml.safe_dump(described), encoding="utf-8")
    return replace(base, folder=folder)


def publish(folder: Path, *arguments: str) -> Path:
    """Return a folder with a snapshot of the edition, built where it is missing; what the build reports is not shown.

    Raises:
        RuntimeError: nothing was published.
    """
    from etl.__main__ import main as etl

    if not (folder / "CURRENT").exists():
        with redirect_stdout(StringIO()) as told, redirect_stderr(told):
            status = etl(["build", "--edition", EDITION, "--out", str(folder), *arguments])
        if status:
            raise RuntimeError(told.getvalue())
    return folder


def _spell(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make `spelled`: for each code of a dimension, and each company, the words that mean it and nothing else."""
    connection.execute("CREATE TABLE spelled (dimension VARCHAR, code VARCHAR, words VARCHAR[])")
    for name in ("region", "theme", "form"):
        dimension = load_edition(EDITION).dimensions[name]
        for code, member in dimension.members.items():
            words = [
                *(word for word in member.names.values() if dimension.spellings.get(folded(word)) == (code,)),
                *(word for word in member.aliases if dimension.spellings.get(folded(word)) == (code,)),
            ]
            connection.execute("INSERT INTO spelled VALUES (?, ?, ?)", [name, code, words or [code]])
    connection.execute(f"""
        INSERT INTO spelled
        SELECT 'company', company_id, [name] FROM '{folder}/bulk_companies_*.parquet'
        QUALIFY COUNT(*) OVER (PARTITION BY name) = 1
    """)


def _in_words() -> str:
    columns = {"region_code": "region", "theme_code": "theme", "form_code": "form", "company_id": "company"}
    worded = ", ".join(
        f"COALESCE({name}.words[1 + CAST(hash(activity_id || '{at}') % len({name}.words) AS BIGINT)], {column}) "
        f"AS {column}"
        for at, (column, name) in enumerate(columns.items())
    )
    joins = " ".join(
        f"LEFT JOIN spelled AS {name} ON {name}.dimension = '{name}' AND {name}.code = texts.{column}"
        for column, name in columns.items()
    )
    return f"SELECT texts.* REPLACE ({worded}) FROM texts {joins}"
