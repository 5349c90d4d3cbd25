"""A steward's desk for tests: describe sources, put files down, load them, look at rows and rejects."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from etl.pipeline import Loaded, load
from observatory.editions import Edition, load_edition

ACTIVITIES = {"id": "activities", "table": "activity", "source": "activity_log", "files": "activities*"}
COMPANIES = {"id": "companies", "table": "company", "source": "activity_log", "files": "companies*"}
FORMS = {"id": "forms", "table": "company_year", "source": "company_form", "files": "forms*"}
NGOS = {"id": "ngos", "table": "ngo", "source": "activity_log", "files": "ngos*"}


def cells_of(text: str) -> list[list[str]]:
    """Return the cells of a small text table: one line a row, "|" between cells; a line of "-" stands for a blank."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def table(text: str, delimiter: str = ",") -> str:
    """Return a small text table as delimited text."""
    return "".join(delimiter.join(row) + "\n" for row in cells_of(text))


class Desk:
    """A copy of an edition's facts with sources of its own, and a folder of deliveries."""

    def __init__(self, folder: Path, edition: str = "kazakhstan", share: float = 1.0):
        self.sources, self.files = folder / "sources", folder / "files"
        self.sources.mkdir()
        self.files.mkdir()
        self.edition: Edition = replace(load_edition(edition), folder=folder, reject_share_limit=share)

    def describe(self, facts: dict, **more) -> None:
        facts = facts | more
        (self.sources / f"{facts['id']}.yml").write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.files / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def load(self, as_of: date | None = None, threads: int = 1) -> "Outcomes":
        connection = duckdb.connect()
        connection.execute(f"SET threads = {threads}")
        return Outcomes(connection, load(connection, self.edition, self.files, as_of))


class Outcomes:
    """What a load came to."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, loaded: Loaded):
        self.connection, self.loaded = connection, loaded

    def rows(self, columns: str, of: str = "activity") -> list:
        """Return the rows of a table, or its values where one column is asked for."""
        rows = self.connection.execute(f"SELECT {columns} FROM {of} ORDER BY ALL").fetchall()
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows

    @property
    def rejects(self) -> list[tuple[int, str]]:
        """Row, as a person sees it, and rule of every finding."""
        return self.rows('"row", rule', of="reject")

    @property
    def faults(self) -> list[tuple[str, str | None]]:
        """Rule and field of what keeps files from being read."""
        return [(fault.rule, fault.column) for outcome in self.loaded.outcomes for fault in outcome.faults]

    @property
    def fates(self) -> list[tuple[str, int, int, int, int]]:
        """File, rows read, loaded, rejected and superseded."""
        found = [
            (o.delivery.file, o.rows_read, o.rows_loaded, o.rows_rejected, o.rows_superseded)
            for o in self.loaded.outcomes
        ]
        return sorted(found)


@pytest.fixture
def desk(tmp_path) -> Desk:
    """A desk where every company named is accepted, whoever it is."""
    made = Desk(tmp_path)
    made.describe(ACTIVITIES, creates=["company", "ngo"])
    return made


@pytest.fixture
def listed(tmp_path) -> Desk:
    """A desk with a register of two companies and one NGO, to which rows must refer."""
    made = Desk(tmp_path)
    for facts in (ACTIVITIES, COMPANIES, FORMS, NGOS):
        made.describe(facts)
    made.put("companies.csv", table("""
        company_id | name              | bin          | sector | size       | aliases
        C1         | АО «Ақжол Мұнай»  | 012340000017 | B      | large_1001 | Akzhol
        C2         | ТОО «Көктем»      | 150140000021 | C      | medium     |
    """))  # fmt: skip
    made.put(
        "ngos.csv",
        table("""
        ngo_id | name
        N1     | Таза қала
    """),
    )
    return made
