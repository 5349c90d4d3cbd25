"""The real table of volunteering opportunities of New York City loads through a source description alone."""

import os
from pathlib import Path

import duckdb
import pytest

from etl.snapshot import build
from observatory.editions import load_edition

REAL_FILES = os.environ.get("ASAR_REAL_FILES", "")
ACTIVITIES = Path(REAL_FILES) / "activities"
FILE = ACTIVITIES / "nyc_volunteer_opportunities_35col.csv"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL_FILES, reason="ASAR_REAL_FILES names no folder of real files"),
    pytest.mark.skipif(bool(REAL_FILES) and not FILE.exists(), reason=f"{FILE} is not there"),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    edition = load_edition(Path(__file__).parent / "editions" / "new-york")
    report = build(edition, ACTIVITIES, tmp_path_factory.mktemp("new-york"), None, lambda what, done, of: None)
    with duckdb.connect(str(report.folder / "restricted.duckdb"), read_only=True) as connection:
        yield connection


def ask(connection, sql: str):
    return connection.execute(sql).fetchall()


def test_every_opportunity_is_an_activity(snapshot):
    assert ask(snapshot, "SELECT COUNT(*), COUNT(DISTINCT activity_id) FROM activity") == [(665, 665)]
    assert ask(snapshot, "SELECT rows_read, rows_loaded, rows_rejected FROM delivery") == [(665, 665, 0)]


def test_the_sentinels_are_no_volunteers(snapshot):
    assert ask(snapshot, "SELECT SUM(requested_count), COUNT(*) - COUNT(requested_count) FROM activity") == [(32390, 2)]


def test_categories_lie_under_their_themes_and_none_is_not_stated(snapshot):
    found = ask(snapshot, """
        SELECT COALESCE(m.parent_code, '_U'), COUNT(*) FROM activity AS a
        LEFT JOIN member AS m ON m.dimension = 'theme' AND m.code = a.theme_code GROUP BY 1
    """)  # fmt: skip
    assert dict(found) == {"emergency": 15, "ecology": 32, "social": 570, "_U": 48}
    by_cells = dict(ask(snapshot, """
        SELECT theme_code, SUM(value) FROM cells JOIN shape USING (shape)
        WHERE measure = 'activities' AND period_level = 'year' AND region_level = '_T'
            AND theme_code IN ('emergency', 'ecology', 'social', '_U') GROUP BY 1
    """))  # fmt: skip
    assert by_cells == dict(found)


def test_hours_are_known_only_where_they_are_stated(snapshot):
    assert ask(snapshot, "SELECT COUNT(hours), SUM(hours) FROM activity") == [(2, 18)]


def test_who_offers_an_opportunity_is_an_ngo(snapshot):
    assert ask(snapshot, "SELECT COUNT(*) FROM ngo") == [(261,)]
    assert ask(snapshot, "SELECT COUNT(*) FROM activity WHERE ngo_id IS NULL OR company_id IS NOT NULL") == [(0,)]
    assert ask(snapshot, "SELECT name FROM ngo WHERE ngo_id = '2170'") == [("Oxfam America",)]


def test_what_the_table_cannot_feed_has_no_cells(snapshot):
    measures = {measure for (measure,) in ask(snapshot, "SELECT DISTINCT measure FROM cells")}
    assert measures == {"activities", "requested", "ngos", "hours"}


def test_these_are_no_invented_data(snapshot):
    assert ask(snapshot, "SELECT value FROM snapshot WHERE key = 'is_demonstration'") == [("false",)]
