"""The public product of the demonstration: what it holds, what it hides, and what it must not hold."""

import duckdb
import pytest

from etl.history import PUBLIC_DATABASE, is_whole
from observatory.editions import load_edition

RECORDS = {"company", "ngo", "activity", "company_year", "respondent", "answer", "company_stage", "delivery", "reject",
           "notice", "correction", "cleaning"}  # fmt: skip
LIMITS = load_edition("kazakhstan").thresholds


@pytest.fixture(scope="module")
def both(published):
    folder = published / (published / "CURRENT").read_text().strip()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{folder / 'restricted.duckdb'}' AS exact (READ_ONLY)")
        connection.execute(f"ATTACH '{folder / PUBLIC_DATABASE}' AS public (READ_ONLY)")
        yield lambda query: connection.execute(query).fetchall()


def test_no_record_of_anybody_is_in_it(both):
    tables = {name for (name,) in both("SELECT table_name FROM duckdb_tables() WHERE database_name = 'public'")}
    assert tables & RECORDS == set()
    assert {"cells", "owner_cells", "estimate", "stage_share", "protection_cost"} <= tables


def test_no_company_is_named_in_it(both):
    columns = both("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'public' "
                   "AND data_type = 'VARCHAR'")  # fmt: skip
    names = {name for row in both("SELECT company_id, name, bin FROM exact.company") for name in row if name}
    for table, column in columns:
        found = {value for (value,) in both(f'SELECT DISTINCT "{column}" FROM public.{table}')}
        assert found & names == set(), (table, column)


def test_what_is_hidden_has_no_value_and_no_reason(both):
    for table in ("cells", "owner_cells"):
        assert both(f"""
            SELECT COUNT(*) FROM public.{table}
            WHERE status = 'hidden' AND (value IS NOT NULL OR contributors IS NOT NULL OR quality IS NOT NULL)
                OR status <> 'hidden' AND value IS NULL
        """) == [(0,)]  # fmt: skip


def test_contributors_are_told_by_the_lower_end_of_their_band(both):
    told = {count for (count,) in both("SELECT DISTINCT contributors FROM public.cells WHERE contributors IS NOT NULL")}
    assert told == set(LIMITS["contributor_bands"])


def test_every_exact_cell_that_is_shallow_enough_has_a_row(both):
    depth = " + ".join(f"({name}_level <> '_T')::INT" for name in ("sector", "region", "theme", "size", "form"))
    least = f"CASE period_level WHEN 'month' THEN 2 ELSE 1 END + {depth}"
    exact = both(
        f"SELECT COUNT(*) FROM exact.cells JOIN exact.shape USING (shape) WHERE {least} <= {LIMITS['depth_max']}"
    )
    assert exact == both("SELECT COUNT(*) FROM public.cells")
    assert both(f"SELECT MAX({least}) FROM public.cells JOIN public.shape USING (shape)") == [(LIMITS["depth_max"],)]


def test_counts_of_companies_are_exact_and_sums_are_not(both):
    pairs = both("""
        SELECT measure, public.cells.value, exact.cells.value
        FROM public.cells
        JOIN exact.cells USING (measure, shape, period_code, sector_code, region_code, theme_code, size_code, form_code)
        WHERE public.cells.value IS NOT NULL
    """)
    counts = [told == true for measure, told, true in pairs if measure in ("companies", "companies_reporting", "ngos")]
    assert len(counts) > 1000
    assert all(counts)
    sums = [told == true for measure, told, true in pairs if measure in ("hours", "cost", "participations")]
    assert len(sums) > 1000
    assert sum(sums) < 0.2 * len(sums)  # three digits of a balanced sum may be those of the true one


def test_sums_of_a_year_stay_nearly_as_they_are(both):
    off = both("""
        SELECT MAX(ABS(public.cells.value / exact.cells.value - 1))
        FROM public.cells
        JOIN exact.cells USING (measure, shape, period_code, sector_code, region_code, theme_code, size_code, form_code)
        WHERE measure IN ('hours', 'participations', 'activities', 'headcount', 'volunteers') AND shape = 1
    """)
    assert off[0][0] < 0.02


def test_estimates_of_small_groups_and_of_groups_that_all_said_the_same_are_hidden(both):
    told = both("SELECT COUNT(*), MIN(base) FROM public.estimate WHERE instrument = 'company' AND flag <> 'hidden'")
    assert told[0][0] > 1000
    assert told[0][1] >= LIMITS["shares_base_min"]
    assert both("""
        SELECT COUNT(*) FROM public.estimate
        WHERE instrument = 'company' AND statistic = 'share' AND NOT is_weighted AND flag <> 'hidden' AND value = 1
    """) == [(0,)]  # fmt: skip
    assert both(
        "SELECT COUNT(*) FROM public.estimate WHERE flag = 'hidden' AND (value IS NOT NULL OR base IS NOT NULL)"
    ) == [(0,)]


def test_rows_are_counted_and_no_file_is_named(both):
    assert both("SELECT rows_read = rows_loaded + rows_rejected + rows_superseded, files FROM public.received") == both(
        "SELECT TRUE, COUNT(*) FROM exact.delivery"
    )
    assert both("SELECT SUM(rejects) FROM public.refused") == both("SELECT COUNT(*) FROM exact.reject")


def test_both_products_say_that_they_are_of_one_snapshot(both, published):
    facts = "SELECT key, value FROM {}.snapshot WHERE key IN ('snapshot_id', 'content_hash') ORDER BY key"
    assert both(facts.format("public")) == both(facts.format("exact"))
    assert both("SELECT COUNT(*) FROM public.snapshot WHERE key = 'key_fingerprint'") == [(0,)]
    assert is_whole(published / (published / "CURRENT").read_text().strip())
