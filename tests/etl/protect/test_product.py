"""The protected product of a small snapshot: what it holds, what it hides, and what it must not hold."""

import shutil
from random import Random

import duckdb
import pytest

from etl.protect.product import write_public
from etl.protect.state import state_of
from etl.snapshot import build
from observatory.editions import load_edition
from tests.etl.conftest import ACTIVITIES, COMPANIES, Desk, table

RECORDS = {"company", "ngo", "activity", "company_year", "respondent", "answer", "company_stage", "delivery", "reject",
           "notice", "correction", "cleaning"}  # fmt: skip
LIMITS = load_edition("kazakhstan").thresholds
LEVELS = ("sector", "region", "theme", "size", "form")
DEPTH = "CASE period_level WHEN 'month' THEN 2 ELSE 1 END + " + " + ".join(
    f"({name}_level <> '_T')::INT" for name in LEVELS
)
KEYS = ", ".join(("measure", "shape", "period_code", *(f"{name}_code" for name in LEVELS)))


def files(random: Random) -> tuple[str, str]:
    """Return a register of thirty companies and four activities of each."""
    numbers = range(30)
    register = "".join(
        f"C{number} | Company{number} | {random.choice('BCF')} | {random.choice(['medium', 'large_1001'])}\n"
        for number in numbers
    )
    log = "".join(
        f"{number}{turn} | C{number} | 2024-0{random.randrange(1, 9)}-11 | {random.choice(['KZ-23', 'KZ-75'])} | "
        f"{random.choice(['ecology_trees', 'social_aid'])} | {random.randrange(1, 40)} | {random.randrange(5, 400)}\n"
        for number in numbers for turn in range(4)
    )  # fmt: skip
    return (
        table("company_id | name | sector | size\n" + register),
        table("number | company | date | region | theme | volunteers | hours\n" + log),
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("product")
    desk = Desk(folder)
    desk.describe(COMPANIES)
    desk.describe(ACTIVITIES)
    register, log = files(Random(5))
    desk.put("companies.csv", register)
    desk.put("activities.csv", log)
    report = build(desk.edition, desk.files, folder / "out", None, lambda *_: None)
    shutil.copy(report.folder / "restricted.duckdb", folder / "exact.duckdb")
    state = state_of(desk.edition, is_demonstration=False)
    with duckdb.connect(str(folder / "exact.duckdb")) as connection:
        write_public(connection, folder / "public.duckdb", desk.edition, state, lambda *_: None)
        assert set(state.kept()) >= {"hours", "participations", "activities"}
        connection.execute(f"ATTACH '{folder / 'public.duckdb'}' AS public (READ_ONLY)")
        yield lambda query: connection.execute(query.replace("exact.", "exact.main.")).fetchall()


def test_no_record_of_anybody_is_in_it(both):
    tables = {name for (name,) in both("SELECT table_name FROM duckdb_tables() WHERE database_name = 'public'")}
    assert tables & RECORDS == set()
    assert {"cells", "owner_cells", "estimate", "stage_share", "protection_cost", "received_total"} <= tables


def test_no_company_is_named_in_it(both):
    columns = both("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'public' "
                   "AND data_type = 'VARCHAR'")  # fmt: skip
    names = {name for row in both("SELECT company_id, name FROM exact.company") for name in row}
    assert len(names) == 60
    for of, column in columns:
        assert {value for (value,) in both(f'SELECT DISTINCT "{column}" FROM public.{of}')} & names == set(), (
            of,
            column,
        )


def test_what_is_hidden_has_no_value_and_no_reason(both):
    for of in ("cells", "owner_cells"):
        (hidden, told, *betrayed), = both(f"""
            SELECT
                COUNT(*) FILTER (status = 'hidden'), COUNT(*) FILTER (status <> 'hidden' AND value IS NOT NULL),
                COUNT(COALESCE(CAST(value AS VARCHAR), CAST(contributors AS VARCHAR), quality))
                    FILTER (status = 'hidden'),
                COUNT(*) FILTER (status <> 'hidden' AND value IS NULL)
            FROM public.{of}
        """)  # fmt: skip
        assert hidden + told > told or of == "owner_cells"
        assert told > 0
        assert betrayed == [0, 0]


def test_contributors_are_told_by_the_lower_end_of_their_band(both):
    told = {count for (count,) in both("SELECT DISTINCT contributors FROM public.cells WHERE contributors IS NOT NULL")}
    assert told
    assert told <= set(LIMITS["contributor_bands"])


def test_every_exact_cell_that_is_shallow_enough_has_a_row(both):
    deepest = LIMITS["depth_max"]
    exact = both(f"SELECT COUNT(*) FROM exact.cells JOIN exact.shape USING (shape) WHERE {DEPTH} <= {deepest}")
    assert exact == both("SELECT COUNT(*) FROM public.cells")
    assert both(f"SELECT MAX({DEPTH}) FROM public.cells JOIN public.shape USING (shape)") == [(deepest,)]


def test_counts_of_companies_are_exact_and_sums_are_not(both):
    pairs = both(f"""
        SELECT measure, told.value, known.value FROM public.cells AS told JOIN exact.cells AS known USING ({KEYS})
        WHERE told.value IS NOT NULL
    """)
    counts = [told == true for measure, told, true in pairs if measure == "companies"]
    sums = [told == true for measure, told, true in pairs if measure == "hours"]
    assert len(counts) > 20
    assert all(counts)
    assert len(sums) > 10
    assert sum(sums) < len(sums) / 2


def test_rows_are_counted_and_no_file_is_named(both):
    assert both("""
        SELECT rows_read, rows_loaded + rows_rejected + rows_superseded, files FROM public.received_total
    """) == [(150, 150, 2)]  # fmt: skip
