"""The demonstration: the same every time, plausible, and faulty exactly where it says."""

import hashlib
import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from etl.demonstration import MARKER, Demonstration, generate
from etl.demonstration.gatherings import gatherings
from etl.demonstration.names import bins
from etl.demonstration.quotas import drawn, quotas
from etl.demonstration.spellings import Spellings
from etl.sources import load_sources
from observatory.editions import load_edition
from observatory.errors import EditionError
from observatory.fact_files import folded
from observatory.registry import registry
from observatory.store import SAFE

FLOODED = {"KZ-27", "KZ-15", "KZ-23", "KZ-59", "KZ-39", "KZ-11"}


@pytest.fixture(scope="module")
def edition():
    return load_edition("kazakhstan")


@pytest.fixture(scope="module")
def shipped(edition):
    """The demonstration in the size that ships, with its log and its yearly forms."""
    world = Demonstration(edition)
    log = pd.concat(world.activities(), ignore_index=True)
    log["year"] = log["start_date"].dt.year
    log["theme"] = log["theme_code"].str.partition("_")[0]
    return world, log, world.company_year()


def digests(files):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("format", ["files", "parquet"])
def test_the_same_seed_writes_the_same_bytes(edition, tmp_path, format):
    first, second, other = (
        digests(generate(edition, tmp_path / name, companies=104, activities=400, seed=seed, format=format))
        for name, seed in (("first", 1), ("second", 1), ("other", 2))
    )
    assert first == second
    assert first.keys() == other.keys()
    assert first != other


@pytest.mark.parametrize("format", ["files", "parquet"])
def test_every_file_is_described_by_one_source(edition, tmp_path, format):
    names = [file.name for file in generate(edition, tmp_path, format=format, companies=300) if file.name != MARKER]
    sources = load_sources(edition)
    assert {name: sum(source.matches(name) for source in sources) for name in names} == dict.fromkeys(names, 1)


def test_every_source_but_the_templates_receives_a_file(edition, tmp_path):
    names = [file.name for form in ("files", "parquet") for file in generate(edition, tmp_path, format=form)]
    without = {source.id for source in load_sources(edition) if not any(map(source.matches, names))}
    assert without == {"template_activity", "template_company_year", "template_event"}


def test_a_marker_says_that_the_folder_is_invented(edition, tmp_path):
    assert tmp_path / MARKER in generate(edition, tmp_path, activities=300)


@pytest.mark.parametrize(("activities", "ending"), [(300, ".csv"), (20_000, ".parquet")])
def test_large_demonstrations_come_as_parquet(edition, tmp_path, activities, ending):
    assert ending in {file.suffix for file in generate(edition, tmp_path, companies=50, activities=activities)}


def test_the_log_has_the_size_asked_for_whatever_the_chunks(edition):
    chunks = Demonstration(edition, companies=30, activities=1000).activities(chunk_rows=300)
    assert [len(chunk) for chunk in chunks] == [300, 300, 300, 100]


def test_no_activity_breaks_a_rule_of_the_edition(edition, shipped):
    world, log, _ = shipped
    days = (log["end_date"] - log["start_date"]).dt.days + 1
    assert (days >= 1).all()
    assert log["start_date"].min() >= pd.Timestamp(2019, 1, 1)
    assert log["end_date"].max() <= pd.Timestamp(world.settings.delivered)
    assert (log["hours"] <= 24 * days * log["volunteers_count"]).all()
    assert (log["skilled_hours"].fillna(0) <= log["hours"]).all()
    begun = {code: member.valid_from for code, member in edition.dimensions["region"].members.items()}
    new = log[log["region_code"].map(lambda code: bool(begun.get(code)))]
    assert set(new["region_code"]) == {"KZ-10", "KZ-33", "KZ-62"}
    assert (new["start_date"] >= pd.to_datetime(new["region_code"].map(begun))).all()


def test_something_is_missing_now_and_then(shipped):
    _, log, _ = shipped
    for missing in (log["region_code"] == "", log["theme_code"] == "", log["company"] < 0, log["is_paid_time"] < 0):
        assert 0.005 < missing.mean() < 0.1


def test_the_spring_of_2020_has_masks_and_screens_instead_of_gatherings(shipped):
    _, log, _ = shipped
    spring = log[log["start_date"].dt.month.between(3, 6)].groupby("year")
    social = spring["theme"].apply(lambda theme: (theme == "social").sum())
    epidemic = spring["theme_code"].apply(lambda code: (code == "emergency_epidemic").sum())
    online = spring["form_code"].apply(lambda form: (form == "online").mean())
    assert social[2020] < 0.7 * social[2019]
    assert epidemic[2020] > 5 * epidemic[2019]
    assert online[2020] > 3 * online[2019]


def test_the_floods_of_2024_triple_emergency_hours_where_the_water_was(shipped):
    _, log, _ = shipped
    emergency = log[log["theme"] == "emergency"]
    hours = emergency.groupby("year")["hours"].sum()
    assert 2.5 < hours[2024] / hours[2023] < 4
    spring = emergency[(emergency["year"] == 2024) & emergency["start_date"].dt.month.between(3, 5)]
    assert spring.loc[spring["region_code"].isin(FLOODED), "hours"].sum() > 0.6 * spring["hours"].sum()


@pytest.mark.parametrize(
    ("sub_theme", "months"),
    [("ecology_trees", {4, 5, 10, 11}), ("ecology_cleanup", {4, 9}), ("social_aid", {12, 3, 8})],
)
def test_seasons(shipped, sub_theme, months):
    _, log, _ = shipped
    usual = log[(log["theme_code"] == sub_theme) & (log["year"] != 2020)]
    by_month = usual.groupby(usual["start_date"].dt.month).size() / usual["year"].nunique()
    assert by_month[list(months)].mean() > 1.4 * by_month.mean()


def test_skills_and_mentoring_grow(shipped):
    _, log, _ = shipped
    share = log["form_code"].isin({"skills_based", "mentoring"}).groupby(log["year"]).mean()
    assert share[2025] > 1.15 * share[2019]


def test_participation_rises_apart_from_the_pandemic(shipped):
    _, _, forms = shipped
    sums = forms.groupby("year")[["volunteers", "headcount"]].sum()
    rate = sums["volunteers"] / sums["headcount"] * 100
    assert 8 < rate[2019] < 10
    assert rate[2020] < rate[2019]
    assert 13.5 < rate[2025] < 15.5
    companies = forms.groupby("year").size()
    assert 55 <= companies[2019] <= 65
    assert 90 <= companies[2025] <= 104


def test_the_forms_report_more_than_the_log_holds(shipped):
    _, log, forms = shipped
    logged = log[log["company"] >= 0].groupby(["company", "year"])["hours"].sum().rename("logged")
    both = forms.merge(logged.reset_index(), on=["company", "year"])
    coverage = both["logged"] / (both["paid_hours"] + both["own_hours"])
    assert coverage.between(0.65, 1).mean() > 0.99
    assert 0.75 < coverage.mean() < 0.9


def test_a_form_agrees_with_itself_and_with_the_log(shipped):
    _, log, forms = shipped
    assert (forms["volunteers"] <= forms["headcount"]).all()
    assert (forms["volunteers_paid"].fillna(0) <= forms["volunteers"]).all()
    assert (forms["volunteers_internal"].fillna(0) <= forms["volunteers"]).all()
    largest = log[log["company"] >= 0].groupby(["company", "year"])["volunteers_count"].max().rename("largest")
    both = forms.merge(largest.reset_index(), on=["company", "year"])
    assert (both["largest"] <= both["volunteers"]).all()


def test_mostly_large_business_takes_part(shipped):
    world, _, forms = shipped
    assert (forms["headcount"] > 250).mean() > 0.7
    holdings = world.world.companies.query("holding_id != ''").groupby("holding_id").size()
    assert 6 <= len(holdings) <= 8
    assert holdings.between(2, 7).all()


def test_gatherings_are_plausible(edition, shipped):
    world, _, _ = shipped
    held = gatherings(world.settings, world.world, np.random.default_rng(1))
    year = held["start_date"].dt.year
    assert 60 <= len(held) <= 90
    assert year.value_counts()[2020] < 0.6 * year.value_counts()[2019]
    assert held.loc[held["kind_code"] == "conference", "participants_count"].between(100, 300).all()
    trained = held[held["kind_code"] == "training"]
    assert trained["participants_count"].between(15, 60).all()
    assert (trained["trained_count"] / trained["participants_count"]).between(0.6, 1).all()
    assert held.loc[held["kind_code"] != "training", "trained_count"].isna().all()
    assert held["end_date"].max() <= pd.Timestamp(world.settings.delivered)
    begun = held["region_code"].map(lambda code: edition.dimensions["region"].members[code].valid_from)
    assert (held["start_date"] >= pd.to_datetime(begun)).where(begun.notna(), True).all()


def test_thousands_of_companies_have_names_and_numbers_of_their_own(edition):
    companies = Demonstration(edition, companies=5000, activities=10).world.companies
    assert companies["name"].is_unique
    assert companies["bin"].is_unique
    assert companies["company_id"].is_unique


def test_an_identification_number_can_be_no_real_one():
    for number in bins(500, np.random.default_rng(1)):
        digits = [int(digit) for digit in number]
        assert len(digits) == 12
        assert not 1 <= int(number[2:4]) <= 12, "the third and fourth digit are a month"
        check = sum(weight * digit for weight, digit in zip(range(1, 12), digits, strict=False)) % 11
        assert check == 10 or digits[11] != check


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
@pytest.mark.parametrize("dimension", ["region", "theme", "form", "ownership"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_people_write_for_a_code_means_this_code(edition, dimension, language, encoding):
    facts = edition.dimensions[dimension]
    codes = list(facts.leaves) * 20
    for code, text in zip(
        codes,
        Spellings(edition).written(dimension, codes, language, encoding, np.random.default_rng(1)),
        strict=True,
    ):
        assert facts.spellings[folded(text)] == (code,)
        text.encode(encoding)


def test_quotas_are_whole_and_sum_to_the_total():
    assert quotas([1, 1, 1], 10).tolist() in ([4, 3, 3], [3, 4, 3], [3, 3, 4])
    assert quotas([5, 0, 15], 4).tolist() == [1, 0, 3]


def test_what_has_no_weight_is_never_drawn():
    rows = np.repeat([0, 1], 500)
    found = drawn(np.array([[0, 2, 1], [1, 0, 0]]), rows, np.random.default_rng(1))
    assert set(found[rows == 0]) == {1, 2}
    assert set(found[rows == 1]) == {0}


def test_a_code_that_the_edition_does_not_know_is_named(edition, tmp_path):
    shutil.copytree(edition.folder, tmp_path / "mine")
    settings = tmp_path / "mine" / "demonstration.yml"
    settings.write_text(settings.read_text("utf-8").replace("  KZ-23: {", "  KZ-24: {"), "utf-8")
    with pytest.raises(EditionError, match='demonstration.yml, regions: "KZ-24" is not known'):
        Demonstration(load_edition(tmp_path / "mine"))


@pytest.fixture(scope="module")
def warehouse(published):
    snapshot = published / (published / "CURRENT").read_text().strip()
    with duckdb.connect(str(snapshot / "restricted.duckdb"), read_only=True, config=SAFE) as database:
        yield database


def test_the_etl_rejects_and_points_out_exactly_the_rows_that_were_planted(edition, warehouse, tmp_path):
    _, planted = Demonstration(edition).write_files(tmp_path)
    for table, count in (("reject", range(27, 48)), ("notice", range(9, 10))):
        found = warehouse.execute(f"SELECT file, COALESCE(sheet, ''), row, rule FROM {table}").fetchall()
        is_notice = {rule: facts.get("notice", False) for rule, facts in registry().rules.items()}
        wanted = [each for each in planted if is_notice[each.rule] == (table == "notice")]
        assert len(wanted) in count
        assert sorted(set(found)) == sorted((each.file, each.sheet, each.row, each.rule) for each in wanted)


def test_what_the_etl_loads_is_the_log_without_the_faulty_rows(shipped, warehouse):
    _, log, forms = shipped
    rows, hours = warehouse.execute("SELECT COUNT(*), SUM(hours)::DOUBLE FROM activity").fetchone()
    assert len(log) - 40 < rows < len(log)
    assert 0.97 < hours / log["hours"].sum() < 1
    assert len(forms) - 5 < warehouse.execute("SELECT COUNT(*) FROM company_year").fetchone()[0] < len(forms)


def test_every_kind_of_rule_is_broken_somewhere(edition, tmp_path):
    _, planted = Demonstration(edition).write_files(tmp_path)
    assert {each.rule for each in planted} >= {
        "unknown_code", "ambiguous_code", "not_a_date", "below_limit", "above_limit", "more_than_a_day",
        "region_not_yet", "duplicate_key", "unknown_reference", "after_as_of", "before_first_year", "not_a_number",
        "not_whole", "not_yes_or_no", "end_before_start", "part_exceeds_whole", "required",
    }  # fmt: skip


def test_the_surveys_have_the_size_of_the_study_and_lean_the_way_the_settings_say(warehouse):
    answered = dict(warehouse.execute(
        "SELECT instrument || wave, COUNT(*) FROM respondent GROUP BY 1"
    ).fetchall())  # fmt: skip
    assert answered["volunteer2020"] == 400
    assert answered["ngo2020"] == 70
    assert answered["leader2020"] >= 30
    assert answered["company2020"] >= 90
    means = dict(warehouse.execute(
        "SELECT wave, AVG(stage) FROM company_stage WHERE dimension = '_T' GROUP BY 1"
    ).fetchall())  # fmt: skip
    assert 1.5 < means[2020] < means[2025] < 3
    useful = dict(
        warehouse.execute("""
        SELECT instrument, value FROM estimate
        WHERE question = 'useful' AND statistic = 'mean' AND dimension = '_T' AND wave = 2025 AND NOT is_weighted
    """).fetchall()
    )
    assert useful["ngo"] < useful["volunteer"] < useful["company"]
    assert dict(warehouse.execute("SELECT instrument || wave, method FROM weighting").fetchall()) == {
        f"{instrument}{wave}": "none" if instrument == "leader" else "raked"
        for instrument in ("company", "leader", "ngo", "volunteer") for wave in (2020, 2025)
    }  # fmt: skip


def test_the_regions_of_2020_are_those_before_the_reform(warehouse):
    codes = {code for (code,) in warehouse.execute("SELECT region_code FROM respondent WHERE wave = 2020").fetchall()}
    assert {"KZ-C63", "KZ-C19", "KZ-C35"} <= codes
    assert not codes & {"KZ-10", "KZ-33", "KZ-62", "KZ-63", "KZ-19", "KZ-35"}
