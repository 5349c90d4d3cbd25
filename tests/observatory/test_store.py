"""The store: which snapshot is served, that it cannot be written or left, and that publishing disturbs nobody."""

import datetime
import gc
import shutil
import threading
import weakref

import duckdb
import pytest

from observatory import store as store_module
from observatory.errors import NoSnapshot
from observatory.queries.selection import IN_CELLS
from observatory.store import Store, current_store
from tests.observatory.small_snapshot import publish, small_edition, table

CELLS = table("""
    measure | period | value
    hours   | 2023   | 10
    hours   | 2024   | 20
""")


@pytest.fixture
def published(tmp_path):
    publish(tmp_path, "s1", small_edition(), CELLS)
    return tmp_path


def test_the_snapshot_says_what_it_is(published):
    snapshot = current_store(published).snapshot
    assert (snapshot.id, snapshot.edition_id, snapshot.is_demonstration) == ("s1", "small", True)
    assert (snapshot.as_of, snapshot.first_year, snapshot.last_year) == (datetime.date(2026, 11, 2), 2023, 2024)
    assert not snapshot.is_last_year_unfinished


@pytest.mark.parametrize(
    ("last_month", "unfinished", "number"),
    [("2024-10", True, 10), ("2024-12", False, 12), ("2023-10", False, 10), ("", False, 12)],
)
def test_a_year_is_unfinished_if_its_activities_end_before_december(tmp_path, last_month, unfinished, number):
    publish(tmp_path, "s1", small_edition(), CELLS, last_month=last_month)
    snapshot = current_store(tmp_path).snapshot
    assert (snapshot.is_last_year_unfinished, snapshot.last_month_number) == (unfinished, number)


def test_the_same_snapshot_is_opened_once(published):
    assert current_store(published) is current_store(str(published))


def test_a_new_snapshot_is_served_from_the_next_question_on_and_the_old_one_is_released(published):
    old = weakref.ref(current_store(published))
    publish(published, "s2", small_edition(), CELLS)
    assert current_store(published).snapshot.id == "s2"
    gc.collect()
    assert old() is None


def test_a_question_asked_again_is_answered_from_memory_and_other_parameters_are_another_question(published):
    store = current_store(published)
    asked = {
        "measures": ["hours"],
        "periods": ["2023"],
        "shapes": [*store.shapes.values()],
        **dict.fromkeys(IN_CELLS, ["_T"]),
    }
    first = store.ask_rows("cells.sql", {"keys": "period_code"}, asked)
    assert [row[:3] for row in first] == [("hours", "2023", 10)]
    assert store.ask_rows("cells.sql", {"keys": "period_code"}, {**asked}) is first
    other = store.ask_rows("cells.sql", {"keys": "period_code"}, asked | {"periods": ["2024"]})
    assert [row[:3] for row in other] == [("hours", "2024", 20)]
    publish(published, "s2", small_edition(), CELLS.assign(value="99"))
    assert current_store(published).ask_rows("cells.sql", {"keys": "period_code"}, asked)[0][2] == 99


def test_who_holds_a_store_keeps_its_snapshot_even_when_it_is_cleared_away(published):
    held = current_store(published)
    publish(published, "s2", small_edition(), CELLS.assign(value="99"))
    shutil.rmtree(published / "s1")
    current_store(published)
    assert held.ask("measures.sql").measure.tolist() == ["hours"]
    assert held.snapshot.id == "s1"


def test_a_snapshot_deleted_under_a_running_app_is_served_on(published):
    current_store(published)
    shutil.rmtree(published / "s1")
    assert current_store(published).ask("measures.sql").measure.tolist() == ["hours"]
    (published / "CURRENT").unlink()
    assert current_store(published).snapshot.id == "s1"


def test_nothing_published_names_the_next_step(tmp_path):
    with pytest.raises(NoSnapshot, match=r"python -m etl build"):
        current_store(tmp_path)


def test_a_pointer_to_nowhere_is_said(tmp_path):
    (tmp_path / "CURRENT").write_text("gone\n")
    with pytest.raises(NoSnapshot, match="gone"):
        current_store(tmp_path)


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "s1").mkdir()
    (tmp_path / "s1" / "restricted.duckdb").write_text("x" * 9000)
    (tmp_path / "CURRENT").write_text("s1")
    with pytest.raises(NoSnapshot, match="cannot be opened"):
        current_store(tmp_path)


def test_a_database_of_another_kind_is_said(tmp_path):
    (tmp_path / "s1").mkdir()
    duckdb.connect(str(tmp_path / "s1" / "restricted.duckdb")).close()
    (tmp_path / "CURRENT").write_text("s1")
    with pytest.raises(NoSnapshot, match="snapshot"):
        current_store(tmp_path)


def test_a_snapshot_replaced_while_it_is_opened_gives_way_to_the_next(published, monkeypatch):
    shutil.rmtree(published / "s1")
    publish(published, "s2", small_edition(), CELLS)
    pointers = iter(["s1"])
    read = store_module._current_name
    monkeypatch.setattr(store_module, "_current_name", lambda folder: next(pointers, None) or read(folder))
    assert current_store(published).snapshot.id == "s2"


def test_a_product_that_was_not_published_is_said(published):
    with pytest.raises(NoSnapshot, match="public"):
        current_store(published, "public")


@pytest.mark.parametrize(
    "sql",
    [
        "create table t as select 1",
        "delete from cells",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/*')",
        "attach '/tmp/other.duckdb'",
        "copy cells to '/tmp/out.csv'",
        "install httpfs",
        "set threads = 8",
        "select * from CELLS_OF_PYTHON",
    ],
)
def test_the_store_reads_its_snapshot_and_nothing_else(published, monkeypatch, sql):
    store = current_store(published)
    monkeypatch.setattr("observatory.store._sql", lambda name: sql)
    CELLS_OF_PYTHON = CELLS  # noqa: F841, N806
    with pytest.raises(duckdb.Error):
        store.ask("any.sql")


@pytest.mark.parametrize("name", ["hours; drop table cells", "a b", "a,b", "'x'", "", "1"])
def test_only_plain_names_may_stand_in_braces(published, name):
    with pytest.raises(ValueError, match="not the name"):
        current_store(published).ask("owner_cells.sql", {"keys": [name]}, {})


def test_many_readers_while_snapshots_are_published_see_whole_ones(published):
    faults, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            try:
                store = current_store(published)
                rows = store.ask("snapshot.sql")
                if dict(rows.itertuples(index=False))["snapshot_id"] != store.snapshot.id:
                    faults.append("two snapshots in one store")
            except Exception as error:
                faults.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for number in range(2, 6):
        publish(published, f"s{number}", small_edition(), CELLS)
        if number > 2:
            shutil.rmtree(published / f"s{number - 2}")
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert current_store(published).snapshot.id == "s5"


def test_a_store_can_be_opened_on_one_folder(published):
    assert Store(published / "s1").snapshot.id == "s1"
