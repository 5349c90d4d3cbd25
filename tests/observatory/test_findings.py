"""Findings: each rule of the registry speaks where it should, and says nothing where nothing stands out."""

import pandas as pd
import pytest

from observatory import LANGUAGES
from observatory.editions import load_edition
from observatory.filters import Filters
from observatory.findings import evaluate, findings, sentence
from observatory.registry import registry
from observatory.texts import texts
from tests.observatory.small_snapshot import small_edition, store_of

EDITION = load_edition("kazakhstan")
RULES = {rule.id: rule for rule in registry().findings}
YEARS = (2022, 2023, 2024)
FILTERS = Filters(years=(2023, 2024))
HOURS = 120_000


def level_world():
    """Cells in which every part is as large as every other, every year and every month."""
    rows = []

    def add(measure, value, period, **codes):
        rows.append({"measure": measure, "period": str(period), "value": value, **codes})

    for year in YEARS:
        add("hours", HOURS, year)
        add("skilled_hours", HOURS / 10, year)
        add("volunteers", 2_000, year)
        add("headcount", 10_000, year)
        for name, level in (("theme", "theme"), ("size", "legal"), ("region", "region"), ("sector", "group")):
            codes = EDITION.dimensions[name].cut(level)
            for code in codes:
                add("hours", HOURS / len(codes), year, **{name: code})
                if name == "size":
                    add("volunteers", 2_000 / len(codes), year, size=code)
                for month in range(1, 13):
                    add("hours", HOURS / len(codes) / 12, f"{year}-{month:02}", **{name: code})
    cells = pd.DataFrame(rows).fillna("")
    return cells.assign(contributors="30")


def times(factor, period, measure="hours", **codes):
    """A change to the level world: one cell, or with its months, so many times as large."""

    def change(cells):
        wanted = (cells.measure == measure) & cells.period.str.startswith(str(period))
        for name in ("theme", "size", "region", "sector"):
            wanted &= cells[name] == codes.get(name, "")
        return cells.assign(value=cells.value.where(~wanted, cells.value * factor))

    return change


SPEAKS = {
    "theme_rise": (
        times(1.5, 2024, theme="ecology"),
        "Ecology grew most: volunteer hours are up 50% (2023: 40~thousand hours; 2024: 60~thousand hours).",
    ),
    "theme_fall": (
        times(0.5, 2024, theme="ecology"),
        "Ecology fell most: volunteer hours are down 50% (2023: 40~thousand hours; 2024: 20~thousand hours).",
    ),
    "large_business_hours": (
        times(3, 2024, size="large"),
        "Large business carries the work: 75% of the volunteer hours reported (2024).",
    ),
    "large_business_volunteers": (
        times(3, 2024, measure="volunteers", size="large"),
        "Of the volunteers that companies report, most work in large ones: 75% (2024).",
    ),
    "leading_region": (
        times(3, 2024, region="KZ-75"),
        "Almaty city leads the regions with 15% of all volunteer hours (2024).",
    ),
    "region_rise": (
        times(2, 2024, region="KZ-75"),
        "Almaty city has the largest rise of any region: volunteer hours are up 100% "
        "(2023: 6,000 hours; 2024: 12~thousand hours).",
    ),
    "region_fall": (
        times(0.5, 2024, region="KZ-75"),
        "Almaty city has the largest fall of any region: volunteer hours are down 50% "
        "(2023: 6,000 hours; 2024: 3,000 hours).",
    ),
    "sector_leader": (
        times(4, 2024, sector="finance"),
        "Finance and insurance leads the sectors with {share} of all volunteer hours (2024).",
    ),
    "emergency_peak": (
        times(2.5, 2024, theme="emergency"),
        "Emergency: 2024 stands out, with 2.5 times the volunteer hours of the years around it.",
    ),
    "theme_season": (
        times(5, "2024-10", theme="ecology"),
        "Ecology: the busiest month is October, with {ratio} times the volunteer hours of an average month (2024).",
    ),
    "participation_up": (
        times(1.25, 2024, measure="volunteers"),
        "The participation rate rose by 5.0 points to 25% (2024; 2023: 20%).",
    ),
    "participation_down": (
        times(0.75, 2024, measure="volunteers"),
        "The participation rate fell by 5.0 points to 15% (2024; 2023: 20%).",
    ),
    "skills_up": (
        times(2, 2024, measure="skilled_hours"),
        "The share of skills-based hours rose by 10.0 points to 20% (2024; 2023: 10%).",
    ),
}


@pytest.fixture(scope="module")
def level_store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("level"), EDITION, level_world())


def test_every_rule_has_its_case():
    assert set(SPEAKS) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_silent_where_nothing_stands_out(level_store, name):
    assert evaluate(level_store, EDITION, FILTERS, (RULES[name],)) == []


def test_nothing_is_said_where_nothing_stands_out(level_store):
    assert findings(level_store, EDITION, FILTERS, texts("en")) == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_speaks_in_every_language_where_something_does(tmp_path, name):
    change, expected = SPEAKS[name]
    store = store_of(tmp_path, EDITION, change(level_world()))
    (found,) = evaluate(store, EDITION, FILTERS, (RULES[name],))
    said = sentence(found, EDITION, texts("en")).replace("\u00a0", "~")
    if found.share is not None:
        expected = expected.replace("{share}", texts("en").percent(found.share))
    assert said == expected.replace("{ratio}", texts("en").number(found.ratio or 0, 1))
    for language in LANGUAGES:
        assert "{" not in sentence(found, EDITION, texts(language))


def test_the_three_strongest_are_said_strongest_first(tmp_path):
    cells = level_world()
    for change in (times(9, 2024, size="large"), times(1.2, 2024, theme="ecology"), times(0.3, 2024, region="KZ-75"),
                   times(4, 2024, sector="finance")):  # fmt: skip
        cells = change(cells)
    store = store_of(tmp_path, EDITION, cells)
    found = evaluate(store, EDITION, FILTERS, registry().findings)
    strengths = [finding.strength for finding in found]
    assert strengths == sorted(strengths, reverse=True)
    assert len(found) > 3
    said = findings(store, EDITION, FILTERS, texts("en"))
    assert len(said) == 3
    assert said[0].startswith("Large business")


def test_a_filter_that_leaves_nothing_to_compare_silences_a_rule(tmp_path):
    store = store_of(tmp_path, EDITION, times(1.5, 2024, theme="ecology")(level_world()))
    chosen = FILTERS.with_codes("theme", ["ecology"])
    assert evaluate(store, EDITION, chosen, (RULES["theme_rise"],)) == []


def test_a_filter_that_an_indicator_cannot_follow_silences_its_rules(tmp_path):
    store = store_of(tmp_path, EDITION, times(1.25, 2024, measure="volunteers")(level_world()))
    chosen = FILTERS.with_codes("theme", ["ecology"])
    assert evaluate(store, EDITION, chosen, (RULES["participation_up"],)) == []


@pytest.mark.parametrize("status", ["low_base", "hidden"])
def test_low_base_and_hidden_are_never_named(tmp_path, status):
    cells = times(1.5, 2024, theme="ecology")(level_world())
    cells["status"] = ["" if theme != "ecology" else status for theme in cells.theme]
    store = store_of(tmp_path, EDITION, cells)
    assert evaluate(store, EDITION, FILTERS, (RULES["theme_rise"],)) == []


def test_an_unfinished_year_is_compared_over_the_same_months(tmp_path):
    cells = level_world()
    cells = cells[~cells.period.isin([f"2024-{month:02}" for month in range(4, 13)])]
    yearly = (cells.measure == "hours") & (cells.period == "2024")
    cells = cells.assign(value=cells.value.where(~yearly, cells.value / 4))
    level = store_of(tmp_path / "level", EDITION, cells, last_month="2024-03")
    assert evaluate(level, EDITION, FILTERS, (RULES["theme_rise"], RULES["theme_fall"])) == []
    risen = store_of(tmp_path / "risen", EDITION, times(2, 2024, theme="ecology")(cells), last_month="2024-03")
    (found,) = evaluate(risen, EDITION, FILTERS, (RULES["theme_rise"],))
    assert (found.months, found.value, found.previous) == ((1, 3), 20_000, 10_000)
    assert "January – March 2024" in sentence(found, EDITION, texts("en")).replace("\u2009", " ")


def test_a_rule_for_codes_the_edition_does_not_have_is_skipped(tmp_path):
    store = store_of(tmp_path, small_edition(), "measure | period | value\nhours | 2024 | 5")
    assert evaluate(store, small_edition(), FILTERS, registry().findings) == []
