"""The same records, written in a hundred random habits, are the same content."""

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from etl.load import WAREHOUSE
from tests.etl.conftest import ACTIVITIES, COMPANIES, FORMS, NGOS, Desk
from tests.etl.habit_files import plain_csv, write_files
from tests.etl.habits import BINS, NAMES, STRUCTURAL, true_records
from tests.etl.habits import COMPANIES as KNOWN_COMPANIES

EXAMPLES = 400 if os.environ.get("ASAR_FULL") else 100
SOURCES = {"activity": ACTIVITIES, "company_year": FORMS}


def listed_desk(folder: Path) -> Desk:
    """A desk with a register of the companies and NGOs that the records name."""
    desk = Desk(folder)
    for facts in (ACTIVITIES, COMPANIES, FORMS, NGOS):
        desk.describe(facts)
    for table, key in (("companies", "company_id"), ("ngos", "ngo_id")):
        known = [number for number in NAMES if (number in KNOWN_COMPANIES) == (table == "companies")]
        rows = [
            {key: number, "name": NAMES[number][0], "bin": BINS.get(number), "aliases": "|".join(NAMES[number][1:])}
            for number in known
        ]
        desk.put(f"{table}.csv", plain_csv(list(rows[0]), rows))
    return desk


def content(found) -> dict[str, list]:
    """Return every row of the warehouse without where it came from."""
    return {table: found.rows(", ".join(columns), of=table) for table, columns in WAREHOUSE.items()}


@pytest.fixture(scope="module")
def truth(tmp_path_factory) -> dict[str, list]:
    desk = listed_desk(tmp_path_factory.mktemp("plain"))
    for table, records in true_records().items():
        fields = [name for name in WAREHOUSE[table] if any(name in record for record in records)]
        desk.put(f"{SOURCES[table]['id']}.csv", plain_csv(fields, records))
    found = desk.load()
    assert found.rejects == []
    return content(found)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_the_same_records_in_any_habit_are_the_same_content(truth, seed):
    rng = Random(seed)
    with TemporaryDirectory() as folder:
        desk = listed_desk(Path(folder))
        for table, records in true_records().items():
            source = SOURCES[table]
            habits, described = write_files(rng, desk.files, source["id"], table, records, STRUCTURAL)
            note(f"{table}: {habits}")
            desk.describe(source, **described)
        found = desk.load()
        assert found.faults == []
        assert found.rows('file, sheet, "row", column_name, value, rule', of="reject") == []
        assert all(read == loaded for _, read, loaded, *_ in found.fates)
        assert content(found) == truth
