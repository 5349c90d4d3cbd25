"""The real table of African companies loads by description alone, as text and as a workbook, and gives the same."""

import os
import re
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.snapshot import build
from observatory.editions import load_edition

REAL_FILES = os.environ.get("ASAR_REAL_FILES", "")
ACTIVITIES = Path(REAL_FILES) / "activities"
CSV = ACTIVITIES / "csr_africa_2014_2018_rawdata.csv"
XLSX = ACTIVITIES / "csr_africa_2014_2018_complete.xlsx"
REPEATED = ("Omnia Holdings Limited", "South Africa", 2017)
SECTORS = {
    "industrials": 260, "consumer_goods": 250, "basic_materials": 236, "consumer_services": 215, "oil_gas": 85,
    "technology": 75, "healthcare": 35, "telecommunications": 20, "utilities": 19,
}  # fmt: skip
COUNTRIES = {"ZA": 695, "NG": 225, "KE": 130, "MU": 65, "BW": 45, "GH": 35}
ODD_AMOUNTS = {  # rows of the csv, read by hand
    337: ("203 039000", 203039000), 341: ("-8 989000", -8989000), 383: ("-461 945 308000", -461945308000),
    410: ("1 123 481000", 1123481000), 961: ("108, 031,000", 108031000),
}  # fmt: skip
ODD_ASSETS = {
    686: ("32 857186", 32857186), 944: ("10\xa0089000000", 10089000000), 948: ("341 532 000", 341532000),
    1163: ("1019 969000", 1019969000), 1178: ("15\xa0390 665000", 15390665000),
}  # fmt: skip

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL_FILES, reason="ASAR_REAL_FILES names no folder of real files"),
    pytest.mark.skipif(bool(REAL_FILES) and not CSV.exists(), reason=f"{CSV} is not there"),
]


def loaded(folder: Path, file: Path) -> duckdb.DuckDBPyConnection:
    """Return the unit records of a build of one file alone: both files hold the same records."""
    (folder / "files").mkdir()
    shutil.copy(file, folder / "files")
    edition = load_edition(Path(__file__).parent / "editions" / "african-companies")
    report = build(edition, folder / "files", folder / "published", None, lambda what, done, of: None)
    return duckdb.connect(str(report.folder / "restricted.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    with loaded(tmp_path_factory.mktemp("csv"), CSV) as connection:
        yield connection


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    with loaded(tmp_path_factory.mktemp("xlsx"), XLSX) as connection:
        yield connection


@pytest.fixture(scope="module")
def reference():
    """The csv as pandas reads it, each row as text, without the record that stands twice."""
    table = pd.read_csv(CSV, dtype=str, keep_default_na=False)
    company, country, year = REPEATED
    is_repeated = (table.company == company) & (table.listing_country == country) & (table.reporting_year == str(year))
    assert (len(table), is_repeated.sum()) == (1195, 2)
    return table[~is_repeated]


def ask(connection, sql: str):
    return connection.execute(sql).fetchall()


def amounts(table: pd.Series) -> int:
    """Return the sum of amounts whose blanks and commas stand between digits; a blank cell counts nothing."""
    return sum(int(bare) for text in table if (bare := re.sub(r"[\s,]", "", text)))


@pytest.mark.parametrize("kind", ["snapshot", "workbook"])
def test_every_company_and_year_loads_but_the_record_that_stands_twice(kind, request):
    connection = request.getfixturevalue(kind)
    assert ask(connection, "SELECT rows_read, rows_loaded, rows_rejected FROM delivery") == [(1195, 1193, 2)]
    assert ask(connection, "SELECT COUNT(*), COUNT(DISTINCT (company_id, year)) FROM company_year") == [(1193, 1193)]
    first = {"snapshot": 855, "workbook": 856}[kind]
    assert ask(connection, 'SELECT "row", rule FROM reject ORDER BY 1') == [
        (first, "duplicate_key"), (first + 1, "duplicate_key"),
    ]  # fmt: skip


def test_the_record_that_stands_twice_is_the_one_of_omnia_in_2017():
    table = pd.read_csv(CSV, dtype=str, keep_default_na=False)
    keys = ["company", "listing_country", "reporting_year"]
    twice = table[table.duplicated(keys, keep=False)]
    assert list(twice.index + 2) == [855, 856]
    assert set(map(tuple, twice[keys].values)) == {tuple(map(str, REPEATED))}


def test_a_company_is_its_name_and_its_country(snapshot):
    assert ask(snapshot, "SELECT COUNT(*), COUNT(DISTINCT name) FROM company") == [(239, 238)]
    assert ask(snapshot, "SELECT region_code FROM company WHERE name = 'Oando Plc' ORDER BY 1") == [("NG",), ("ZA",)]


@pytest.mark.parametrize(
    ("column", "stated", "expected"),
    [("region_code", "listing_country", COUNTRIES), ("sector_code", "sector", SECTORS)],
)
def test_a_company_is_of_the_country_and_sector_that_most_of_its_rows_state(
    snapshot, reference, column, stated, expected
):
    every = pd.read_csv(CSV, dtype=str, keep_default_na=False)
    assert sorted(every[stated].value_counts()) == sorted(expected.values())
    companies = reference.groupby(["company", "listing_country"])[stated]
    usual = companies.transform(lambda rows: rows.mode()[0]).value_counts()
    found = dict(
        ask(snapshot, f"SELECT {column}, COUNT(*) FROM company_year JOIN company USING (company_id) GROUP BY 1")
    )
    assert found.keys() == expected.keys()
    assert sorted(found.values()) == sorted(usual)


def test_the_grade_of_disclosure_is_no_number_of_people(snapshot, reference):
    graded = pd.to_numeric(reference.com_13)
    found = ask(snapshot, "SELECT COUNT(*) FILTER (disclosure_grade > 0), SUM(disclosure_grade) FROM company_year")
    assert found == [((graded > 0).sum(), graded.sum())]
    assert (pd.to_numeric(pd.read_csv(CSV, dtype=str).com_13) > 0).sum() == 130
    assert ask(snapshot, "SELECT COUNT(volunteers) + COUNT(headcount) + COUNT(paid_hours) FROM company_year") == [(0,)]
    measures = {measure for (measure,) in ask(snapshot, "SELECT DISTINCT measure FROM cells")}
    assert measures == {"companies_reporting", "companies_graded", "companies_disclosing"}


def test_companies_that_disclose_are_counted_by_year_and_country(snapshot, reference):
    grades = reference.assign(is_disclosed=pd.to_numeric(reference.com_13) > 0)
    expected = grades.groupby(["reporting_year", "listing_country"]).is_disclosed.sum()
    found = ask(snapshot, """
        SELECT period_code, name_en, value FROM cells JOIN shape USING (shape)
        JOIN member ON dimension = 'region' AND code = region_code
        WHERE measure = 'companies_disclosing' AND period_level = 'year' AND region_level = 'region'
            AND sector_level = '_T' AND size_level = '_T' AND value IS NOT NULL
    """)  # fmt: skip
    assert len(found) > 5
    assert all(expected[year, country] == value for year, country, value in found)


@pytest.mark.parametrize(
    ("column", "field", "odd"),
    [("net_prof", "net_profit_amount", ODD_AMOUNTS), ("tot_asst", "total_assets_amount", ODD_ASSETS)],
)
def test_amounts_are_understood_however_they_are_grouped(snapshot, reference, column, field, odd):
    found = dict(ask(snapshot, f'SELECT "row", {field} FROM company_year'))
    for row, (written, amount) in odd.items():
        assert (reference[column][row - 2].strip(), found[row]) == (written.strip(), amount)
    plain = re.compile(r"-?\d+\.\d+")
    whole = reference[~reference[column].str.fullmatch(plain)]
    assert sum(found[row + 2] or 0 for row in whole.index) == amounts(whole[column])


def test_the_workbook_gives_the_same_companies_and_years(snapshot, workbook):
    rows = """
        SELECT company_id, region_code, sector_code, year, disclosure_grade, net_profit_amount, total_assets_amount
        FROM company_year JOIN company USING (company_id) ORDER BY ALL
    """
    assert ask(workbook, rows) == ask(snapshot, rows)


def test_these_are_no_invented_data(snapshot):
    assert ask(snapshot, "SELECT value FROM snapshot WHERE key = 'is_demonstration'") == [("false",)]
