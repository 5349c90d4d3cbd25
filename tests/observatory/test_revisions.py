"""What changed since the snapshot before, and which figures of finished years are marked as revised."""

import duckdb
import pytest

from observatory import store as store_module
from observatory.charts.look import Look
from observatory.figures import Changes, Composition, Context, Headlines, Ranking, Trend
from observatory.filters import Filters
from observatory.queries import changes, lookup, with_revisions
from observatory.registry import registry
from observatory.store import current_store
from observatory.texts import texts
from tests.observatory.small_snapshot import publish, small_edition, table

EDITION = small_edition()
HOURS = registry().indicators["volunteer_hours"]
BEFORE = """
    measure   | period | theme | value
    hours     | 2023   |       | 10
    hours     | 2023   | t1    | 4
    hours     | 2023   | t2    | 6
    hours     | 2024   |       | 20
    hours     | 2024   | t1    | 15
    hours     | 2024   | t2    | 5
    companies | 2023   |       | 3
    companies | 2024   |       | 3
"""
REVISED = BEFORE.replace("2023   |       | 10", "2023   |       | 12").replace("t1    | 4", "t1    | 6")


def served(folder, now: str, before: str = BEFORE, before_facts: dict | None = None, **facts):
    """The store of a snapshot that was served after another one."""
    publish(folder, "s1", EDITION, table(before), **({"as_of": "2025-03-01"} | (before_facts or {})))
    publish(folder, "s2", EDITION, table(now), **facts)
    (folder / "HISTORY").write_text("s1\ns2\n")
    return current_store(folder)


def revised(store, by=(), years=(2023, 2024), indicator=HOURS, **choice) -> set:
    filters = Filters(years=years, **choice)
    answer = lookup(store, EDITION, indicator, by, filters)
    return set(with_revisions(store, EDITION, indicator, answer, filters).revised)


def context(store, years=(2023, 2024), **choice) -> Context:
    return Context(store, EDITION, Filters(years=years, **choice), texts("en"), Look(), "volunteer_hours", "region")


def test_values_of_finished_years_that_differ_are_revised(tmp_path):
    store = served(tmp_path, REVISED)
    assert revised(store, ("year",)) == {(2023,)}
    assert revised(store, ("theme", "year")) == {("t1", 2023)}
    assert revised(store, ("theme",)) == {("t1",)}
    assert revised(store) == {()}
    assert revised(store, years=(2024, 2024)) == set()
    assert revised(store, theme=("t2",)) == set()


def test_a_change_that_the_total_hides_is_found(tmp_path):
    store = served(tmp_path, BEFORE.replace("t1    | 4", "t1    | 6").replace("t2    | 6", "t2    | 4"))
    assert revised(store, ("year",)) == set()
    assert revised(store, ("theme", "year")) == {("t1", 2023), ("t2", 2023)}


def test_what_an_unfinished_year_has_grown_by_is_no_revision(tmp_path):
    unfinished = {"last_month": "2024-08"}
    store = served(tmp_path, REVISED.replace("2024   |       | 20", "2024   |       | 30"), before_facts=unfinished)
    assert revised(store, ("year",)) == {(2023,)}
    assert revised(store) == {()}
    grown = BEFORE.replace("2024   |       | 20", "2024   |       | 30")
    publish(tmp_path, "s3", EDITION, table(grown))
    (tmp_path / "HISTORY").write_text("s1\ns3\n")
    assert revised(current_store(tmp_path)) == set()


def test_what_is_new_or_gone_is_no_revision(tmp_path):
    more = BEFORE + "    hours | 2022 | | 7\n    hours | 2023 | t21 | 1\n"
    store = served(tmp_path, more.replace("    hours     | 2023   | t2    | 6\n", ""))
    assert revised(store, ("theme", "year"), years=(2022, 2024)) == set()
    assert revised(store, ("year",), years=(2022, 2024)) == set()


def test_a_hidden_value_says_nothing_of_a_revision(tmp_path):
    hidden = table(BEFORE)
    hidden["status"] = ["hidden" if value == "10" else "" for value in hidden.value]
    publish(tmp_path, "s1", EDITION, hidden)
    publish(tmp_path, "s2", EDITION, table(REVISED))
    (tmp_path / "HISTORY").write_text("s1\ns2\n")
    assert revised(current_store(tmp_path), ("year",)) == set()


@pytest.mark.parametrize(
    ("history", "facts"),
    [
        ("s2\n", {}),
        ("", {}),
        ("s2\ns1\n", {}),
        ("gone\ns2\n", {}),
        ("s1\ns2\n", {"edition_id": "elsewhere"}),
        ("s1\ns2\n", {"is_demonstration": "false"}),
    ],
)
def test_only_the_snapshot_served_right_before_of_the_same_sort_is_compared(tmp_path, history, facts):
    store = served(tmp_path, REVISED, before_facts=facts)
    (tmp_path / "HISTORY").write_text(history)
    assert store.predecessor is None
    assert revised(store, ("year",)) == set()
    assert not Changes().fits(context(store))


def test_a_snapshot_before_that_cannot_be_read_is_none(tmp_path):
    store = served(tmp_path, REVISED)
    (tmp_path / "s1" / "restricted.duckdb").write_text("no database")
    assert store.predecessor is None


def test_without_a_change_or_a_snapshot_before_no_further_question_is_asked(tmp_path, monkeypatch):
    asked = []
    statement = store_module._statement
    monkeypatch.setattr(store_module, "_statement", lambda name, names: asked.append(name) or statement(name, names))
    publish(tmp_path, "alone", EDITION, table(BEFORE))
    counts = []
    for store in (current_store(tmp_path), served(tmp_path, BEFORE), served(tmp_path / "other", REVISED)):
        revised(store, ("theme",))
        asked.clear()
        revised(store, ("theme",), years=(2024, 2024))
        counts.append(asked.count("cells.sql"))
    assert counts == [1, 1, 1]


def test_figures_mark_what_was_revised_and_name_it(tmp_path):
    store = served(tmp_path, REVISED)
    view = Trend().view(context(store))
    assert view.shown["Status"].tolist() == ["published, revised", "published"]
    assert view.notes[-1] == "Revised since the snapshot of 1 March 2025: 2023."
    view = Ranking("theme").view(context(store))
    assert dict(zip(view.shown["Theme"], view.shown["Status"], strict=True)) == {
        "T1": "published, revised",
        "T2": "published",
    }
    assert view.notes[-1] == "Revised since the snapshot of 1 March 2025: T1."
    view = Composition("theme").view(context(store))
    assert view.shown["Status"].tolist() == ["revised", ""]
    assert view.rows["Status"].tolist() == [True, False]
    (number,) = Headlines().numbers(context(store, years=(2023, 2023)))
    assert number.since.endswith("revised")


def test_figures_without_a_revision_are_as_they_were(tmp_path):
    store = served(tmp_path, BEFORE)
    assert Trend().view(context(store)).shown["Status"].tolist() == ["published"] * 2
    assert "Status" not in Composition("theme").view(context(store)).shown
    assert not [note for note in Ranking("theme").view(context(store)).notes if "Revised" in note]


def test_the_method_page_says_what_changed(tmp_path):
    now = REVISED.replace("2024   |       | 20", "2024   |       | 30") + "    hours | 2025 | | 5\n"
    store = served(tmp_path, now, before_facts={"last_month": "2024-08"})
    found = changes(store, EDITION, [HOURS])
    assert found.since.id == "s1"
    assert [tuple(row) for row in found.values.itertuples(index=False)][:2] == [
        ("volunteer_hours", 2023, 10.0, 12.0, "revised"),
        ("volunteer_hours", 2024, 20.0, 30.0, "grown"),
    ]
    assert found.values.iloc[2].kind == "new"
    view = Changes().view(context(store))
    assert view.headline == "What changed since the snapshot of 1 March 2025"
    assert view.shown["Status"].tolist() == ["revised", "the year was unfinished", "new"]


def test_new_files_and_rows_are_named(tmp_path):
    row = "insert into delivery values ('{0}', 'a', '{0}.csv', 'x', '2025-01-01', {1}, {1}, 0, 0, 0, '')"
    publish(tmp_path, "s1", EDITION, table(BEFORE))
    publish(tmp_path, "s2", EDITION, table(BEFORE))
    for name, deliveries in {"s1": {"d1": 5, "d2": 3}, "s2": {"d1": 5, "d3": 4}}.items():
        with duckdb.connect(str(tmp_path / name / "restricted.duckdb")) as connection:
            for delivery, rows in deliveries.items():
                connection.execute(row.format(delivery, rows))
    (tmp_path / "HISTORY").write_text("s1\ns2\n")
    view = Changes().view(context(current_store(tmp_path)))
    assert view.sentences == (
        "New files: d3.csv",
        "Files no longer there: d2.csv",
        "Rows loaded: 9, before: 8",
        "None of the main figures differs.",
    )


def test_a_rate_is_revised_with_either_of_its_parts(tmp_path):
    rate = registry().indicators["participation_rate"]
    cells = "measure | period | value\nvolunteers | 2023 | 10\nheadcount | 2023 | 100"
    store = served(tmp_path, cells.replace("100", "200"), cells)
    assert revised(store, ("year",), years=(2023, 2023), indicator=rate) == {(2023,)}
