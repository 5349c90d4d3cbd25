"""Writes a whole demonstration: the same settings, sizes and seed give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from etl.demonstration.activities import CHUNK_ROWS, ActivityLog
from etl.demonstration.csv_files import write_csv
from etl.demonstration.deliveries import tables
from etl.demonstration.faults import plant
from etl.demonstration.forms import LogTotals, company_forms
from etl.demonstration.gatherings import gatherings
from etl.demonstration.parquet_files import write_activities, write_table
from etl.demonstration.registers import company_register
from etl.demonstration.seasons import Seasons
from etl.demonstration.settings import Settings, load_settings
from etl.demonstration.spellings import Spellings
from etl.demonstration.surveys import write_surveys
from etl.demonstration.world import World, make_world
from etl.demonstration.xlsx_files import write_xlsx
from observatory.editions import Edition

MARKER = "DEMONSTRATION"  # a file of this name makes everything beside it demonstration data
FILES_MOST = 10_000  # activities that still go into files such as people send, if nothing else is asked for
_WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


@dataclass(frozen=True)
class FaultyRow:
    """A row planted to be rejected or pointed out: where a person finds it, its field, and the rule that finds it."""

    file: str
    sheet: str
    row: int
    field: str
    rule: str


class Demonstration:
    """One invented world and its log, drawn from the settings of an edition.

    Args:
        edition: whose demonstration.yml says what is usual, and whose codes are used.
        companies, activities, seed: other numbers than the settings'.
    """

    def __init__(
        self, edition: Edition, companies: int | None = None, activities: int | None = None, seed: int | None = None
    ):
        settings = load_settings(edition)
        self.settings: Settings = replace(settings, seed=settings.seed if seed is None else seed)
        self.edition = edition
        streams = np.random.SeedSequence(self.settings.seed).spawn(7)
        self._log_seed = streams[1]
        self._forms, self._typing, self._faults, self._held, self._asked = (
            np.random.default_rng(stream) for stream in streams[2:]
        )
        self.world: World = make_world(
            self.settings, edition, companies or settings.companies, np.random.default_rng(streams[0])
        )
        self.size = activities or settings.activities
        self._log = ActivityLog(self.settings, Seasons(self.settings, edition), self.world, self.size)
        self._totals = LogTotals(self.world)

    def activities(self, chunk_rows: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Yield the log in chunks; `company_year` counts on all of them having been drawn."""
        for chunk in self._log.chunks(self._log_seed, chunk_rows):
            self._totals.add(chunk)
            yield chunk

    def company_year(self) -> pd.DataFrame:
        """Return the yearly forms that fit the log."""
        return company_forms(self.settings, self.world, self._totals, self._forms)

    def write_files(self, out: Path) -> tuple[list[Path], list[FaultyRow]]:
        """Write the files that people send into `out`; return them and the rows planted among them."""
        contents = {
            "company": company_register(self.world),
            "ngo": self.world.ngos,
            "activity": pd.concat(self.activities(), ignore_index=True),
        }
        contents["company_year"] = self.company_year()
        contents["event"] = gatherings(self.settings, self.world, self._held)
        files, faulty = [], []
        for table in tables(self.settings, self.world, Spellings(self.edition), contents, self._typing):
            planted = plant(self.settings, table, self._faults)
            path = out / table.file
            places = _WRITERS[table.layout["format"]](path, table)
            files.append(path)
            faulty += [FaultyRow(table.file, *places[each.position], each.field, each.rule) for each in planted]
        answered, planted = write_surveys(self.edition, self.world, contents["company_year"], out, self._asked)
        faulty += [FaultyRow(file, sheet, row, "", rule) for file, sheet, row, rule in planted]
        return [*files, *answered], faulty

    def write_parquet(self, out: Path) -> list[Path]:
        """Write the world as tables of codes into `out`, the log a chunk at a time; nothing in them is faulty."""
        delivered = self.settings.delivered
        files = [
            write_activities(out, part, chunk, self.world, delivered) for part, chunk in enumerate(self.activities(), 1)
        ]
        forms = self.company_year()
        forms.insert(0, "company_id", self.world.companies["company_id"].to_numpy()[forms.pop("company")])
        register = company_register(self.world).drop(columns=["headcount", "holding_name"])
        for name, rows in {"companies": register, "ngos": self.world.ngos, "company_forms": forms}.items():
            files.append(write_table(out, name, rows, delivered))
        return files


def generate(
    edition: Edition,
    out: Path,
    companies: int | None = None,
    activities: int | None = None,
    seed: int | None = None,
    format: str | None = None,
) -> list[Path]:
    """Write demonstration data into the folder `out`, made where it is missing, and return the files written.

    Args:
        edition: whose demonstration.yml says what is usual.
        out: the folder. A file DEMONSTRATION in it marks all of it as invented.
        companies, activities, seed: other numbers than the settings'.
        format: "files" writes what people send, faulty rows included; "parquet" writes faultless tables of codes,
            for loads of any size; left out, the number of activities decides.

    Raises:
        EditionError: the edition has no demonstration, or its settings cannot be used.
    """
    demonstration = Demonstration(edition, companies, activities, seed)
    format = format or ("files" if demonstration.size <= FILES_MOST else "parquet")
    out.mkdir(parents=True, exist_ok=True)
    marker = out / MARKER
    marker.write_text(f"Invented by the generator of demonstration data of {edition.id}.\n", encoding="utf-8")
    if format == "files":
        return [marker, *demonstration.write_files(out)[0]]
    return [marker, *demonstration.write_parquet(out)]
