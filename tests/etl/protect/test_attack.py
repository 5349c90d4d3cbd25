"""The attacks find nothing where figures are protected, and everything where they are not."""

import io
import json
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from etl.__main__ import main
from etl.aggregate.families import FAMILIES
from etl.history import DATABASE
from etl.load import insert_rows
from etl.protect import attack
from etl.protect.attack import CHANCE, Finding, Utility, attacked, compared, utility
from etl.protect.audit import Audit
from etl.protect.cube import Contributors, cubes, entity_names
from etl.protect.keys import PUBLIC_KEY
from etl.protect.noise import Kept, kept_of
from etl.protect.release import Rules, releases
from observatory import LANGUAGES
from observatory.texts import texts
from tests.etl.protect import worlds
from tests.etl.test_aggregate import EDITION, quickly, warehouse

RULES = Rules.of(EDITION)


def released_of(connection):
    """Return what is released of each sum of both families, by measure."""
    names = entity_names(connection)
    return {
        found[0].measure: (noise, found)
        for family in FAMILIES
        for noise, found in releases(family, cubes(connection, family, EDITION), names, PUBLIC_KEY, RULES) if found
    }  # fmt: skip


@quickly
@given(st.integers(0, 10**6))
@example(17)  # a mix of own places is all but worked out by what the primary rules allow
@example(128)  # another is, little by little
def test_no_attack_on_a_random_world_gets_anything(seed):
    random = Random(seed)
    count = random.randrange(5, 40)
    connection = warehouse(
        worlds.companies(random, count), worlds.activities(random, count, 8 * count), worlds.forms(random, count)
    )
    findings = [one for _, found in released_of(connection).values() for one in attacked(found, RULES)]
    assert [one for one in findings if not one.allowed and not one.holds] == []
    guesses = [one for one in findings if one.test == "T6 insider"]  # a few of a small world may be right by luck
    assert sum(one.got for one in guesses) <= CHANCE * sum(one.of for one in guesses)


@pytest.fixture(scope="module")
def world():
    random = Random(11)
    return warehouse(worlds.companies(random, 60), worlds.activities(random, 60, 300), worlds.forms(random, 60))


@pytest.fixture(scope="module")
def released(world):
    return released_of(world)


def test_without_protection_nearly_every_single_value_is_found(released):
    control = next(one for one in attacked(released["hours"][1], RULES) if one.is_control)
    assert control.of > 500
    assert control.holds
    assert control.share > 0.95


def test_an_exact_release_does_not_pass(released):
    """The attacks themselves: what is published without noise and without the Gauss step is found out."""
    broken = {one.test for one in attacked([bare(one) for one in released["hours"][1]], RULES) if not one.holds}
    assert {"T1 direct", "T3 linear", "T3b support", "T4 floor", "T5 averaging"} <= broken


def test_shares_that_are_told_by_every_breakdown_do_not_pass(released):
    told = [replace(one, is_shown=one.count > 0) for one in released["companies_disclosing"][1]]
    assert {"T1 direct", "T3 linear", "T3b support"} == {one.test for one in attacked(told, RULES) if not one.holds}


def bare(release):
    """Return the release without noise and without the Gauss step, of all cells with two contributors."""
    counted = Contributors.of(release.cube.given(release.cube.values[release.measure]))
    return replace(release, moved=release.totals, factors=np.ones(len(release.factors)), is_shown=counted.count >= 2)


def test_random_changes_find_what_all_changes_find(released, monkeypatch):
    some = [released["hours"][1][0], bare(released["hours"][1][0]), bare(released["headcount"][1][0])]
    found = []
    for dense in (attack.DENSE, 0):
        monkeypatch.setattr(attack, "DENSE", dense)
        found.append([list(attacked([one], RULES)) for one in some])
    assert found[0] == found[1]


def test_published_sums_have_three_digits_and_what_is_hidden_has_no_value(released):
    for noise, found in released.values():
        for one in found:
            assert np.isnan(one.values[~one.is_shown]).all()
            told = one.values[one.is_shown]
            assert (told > 0).all()
            if noise is not None:
                assert all(len(f"{value:.10g}".replace(".", "").strip("0")) <= 3 for value in told)
            assert set(one.quality[one.is_shown]) <= {"A", "B", "C"}
            assert not one.is_shown[one.cube.depth > RULES.limits.depth].any()


def test_shares_of_companies_are_told_by_one_dimension_and_never_unanimous(released):
    noise, found = released["companies_disclosing"]
    assert noise is None
    for one in found:
        asked = one.cube.totals(one.cube.values["companies_graded"])
        assert one.is_shown.any()
        assert (one.cube.depth[one.is_shown] <= 2).all()
        assert (asked[one.is_shown] >= RULES.shares.base).all()
        assert ((one.totals > 0) & (one.totals < asked))[one.is_shown].all()
        assert (one.values == one.totals)[one.is_shown].all()


def test_the_cost_of_protection_is_told_by_the_number_of_contributors(released):
    found = [one for noise, some in released.values() if noise is not None for one in some]
    table = utility(found, EDITION.thresholds["contributor_bands"])
    assert [row.base for row in table] == ["0–4", "5–9", "10–19", "20–49", "50+"]
    assert table[0].hidden == table[0].cells > 0
    assert sum(row.cells for row in table) == sum(int(one.is_served.sum()) for one in found)


def test_a_second_release_tells_no_more_than_the_first():
    """Five new companies, a new month and one revision: neither what changed nor the mean of both is told closely."""
    random = Random(5)
    made = worlds.companies(random, 45)
    acted = worlds.activities(random, 40, 300)
    revised = (*acted[0][:8], acted[0][8] + 70, *acted[0][9:])
    more = [(f"C{random.randrange(45)}", None, date(2025, 3, 9), *row[3:]) for row in worlds.activities(random, 45, 60)]
    found, kept = [], Kept({}, {})
    for rows in (acted, [revised, *acted[1:], *more]):
        connection = warehouse(made, rows, [])
        names = entity_names(connection)
        cubes_ = cubes(connection, FAMILIES[0], EDITION)
        noise, released = next(
            (noise, some) for noise, some in releases(
                FAMILIES[0], cubes_, names, PUBLIC_KEY, RULES, {"hours": kept}
            ) if some and some[0].measure == "hours"
        )  # fmt: skip
        found.append((released, names))
        kept = kept_of(noise, cubes_, names, "hours", kept)
        assert [one for one in attacked(released, RULES) if not one.holds and not one.is_control] == []
    (first, names), (second, later) = found
    apart = compared(first, second, (names, later))
    assert apart.of > 80
    assert apart.got == 0
    newly = releases(FAMILIES[0], [one.cube for one in second], later, b"another key", RULES)
    redrawn = next(some for _, some in newly if some and some[0].measure == "hours")
    assert compared(first, redrawn, (names, later)).got > 10


@pytest.fixture
def snapshot(world, tmp_path):
    """A published folder with one snapshot of the world."""
    folder = tmp_path / "2025-12-31-00000000"
    folder.mkdir()
    world.execute(f"ATTACH '{folder / DATABASE}' AS kept")
    for table in ("company", "ngo", "activity", "company_year"):
        world.execute(f"CREATE TABLE kept.{table} AS FROM {table}")
    world.execute("CREATE TABLE kept.snapshot (key VARCHAR, value VARCHAR)")
    insert_rows(world, "kept.snapshot", [("is_demonstration", "true")])
    world.execute("DETACH kept")
    (tmp_path / "CURRENT").write_text(folder.name)
    (tmp_path / "HISTORY").write_text(folder.name)
    return tmp_path


def test_the_command_tells_what_could_be_worked_out(snapshot, capsys):
    code = main(["attack", "--out", str(snapshot), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == (0 if told["holds"] else 1)
    by_test = {finding["test"]: finding for finding in told["findings"]}
    assert by_test["T3 linear"]["got"] == by_test["T3b support"]["got"] == by_test["T4 floor"]["got"] == 0
    assert by_test["T3 linear"]["of"] > 100
    assert told["headlines"]["count"] > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_audit_speaks_every_language(language):
    broken = Finding("T3 linear", "hours", 3, 40)
    costs = (Utility("1–4", 7, 7, np.nan, np.nan), Utility("5–9", 9, 3, 0.05, 0.11))
    for findings in ((Finding("T6 insider", "", 1, 90, 0.25), Finding("T9 control", "", 9, 9, 0.95, True)), (broken,)):
        console = Console(width=200, record=True, file=io.StringIO())
        Audit("2025-12-31-00000000", findings, costs, np.array([0.001, -0.012])).show(console, texts(language))
        told = console.export_text()
        assert "2025-12-31-00000000" in told
        assert ("hours" in told) == (findings == (broken,))


def test_a_snapshot_that_is_not_there_is_named(snapshot, capsys):
    assert main(["attack", "--out", str(snapshot), "--snapshot", "2024-01-01-11111111", "--language", "en"]) == 2
    assert "2024-01-01-11111111" in capsys.readouterr().err


def test_a_public_installation_has_nothing_to_attack(snapshot, capsys):
    (snapshot / "2025-12-31-00000000" / DATABASE).unlink()
    assert main(["attack", "--out", str(snapshot), "--language", "en"]) == 1
    assert "holds no exact data" in capsys.readouterr().err
