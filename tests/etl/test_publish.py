"""One whole snapshot is served at every instant."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.publish import publish, staging_folder
from etl.snapshot import build, check
from etl.verify import verify
from observatory.errors import Refused
from tests.conftest import ROOT
from tests.etl.conftest import table

ROWS = """
    number | company | date       | region | theme         | volunteers | hours
    1      | Үміт    | 2024-05-01 | KZ-23  | ecology_trees | 3          | 10
    2      | Әлем    | 2024-06-02 | KZ-75  | social_aid    | 4          | 20.5
    3      | Үміт    | 2024-07-03 |        |               |            |
"""


def quiet(what: str, done: int, of: int) -> None:
    """Nobody is looking on."""


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if not path.name.startswith(".lock"))


def current(out: Path) -> str:
    return (out / "CURRENT").read_text(encoding="utf-8").strip()


def stage(out: Path, snapshot_id: str, keep: int = 2) -> Path:
    with staging_folder(out) as staging:
        (staging / "restricted.duckdb").write_text(snapshot_id)
        return publish(staging, out, snapshot_id, keep, is_whole=lambda folder: True)


def test_a_build_publishes_a_whole_snapshot_and_points_to_it(desk, tmp_path):
    desk.put("activities_2024-08-01.csv", table(ROWS))
    report = build(desk.edition, desk.files, tmp_path / "out", None, quiet)
    folder = tmp_path / "out" / current(tmp_path / "out")
    assert report.folder == folder
    assert names(folder) == ["companies", "report.json", "restricted.duckdb"]
    with duckdb.connect(str(folder / "restricted.duckdb"), read_only=True) as connection:
        facts = dict(connection.execute("SELECT key, value FROM snapshot").fetchall())
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert facts["as_of"] == "2024-08-01"
    assert facts["is_demonstration"] == "false"
    assert (facts["first_year"], facts["last_year"], facts["last_month"]) == ("2024", "2024", "2024-07")
    assert folder.name == f"2024-08-01-{facts['content_hash'][:8]}"
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["snapshot"] == folder.name
    assert tables == {
        "company", "ngo", "activity", "company_year", "frame", "event", "delivery", "reject", "notice",
        "correction", "member", "ancestor", "shape", "cells", "owner_cells", "snapshot",
        "respondent", "answer", "question", "option", "survey", "cleaning",
        "estimate", "answer_count", "weighting", "question_break", "gap",
        "company_stage", "country_stage", "stage_share", "step_gain", "received_total", "refused_by_rule",
    }  # fmt: skip


def test_what_came_in_and_what_each_rule_refused_is_counted(desk, tmp_path):
    faulty = table("""
        number | company | date       | region   | hours
        4      | Үміт    | 2024-05-01 | Atlantis | many
        5      | Үміт    | 2024-05-02 | KZ-23    | few
        6      | Үміт    | 2024-05-03 | KZ-23    | 5
    """)
    desk.put("activities_2024-08-01.csv", table(ROWS))
    desk.put("activities_2024-08-02.csv", faulty)
    folder = build(desk.edition, desk.files, tmp_path / "out", None, quiet).folder
    with duckdb.connect(str(folder / "restricted.duckdb"), read_only=True) as connection:
        assert connection.execute("FROM received_total").fetchall() == [(2, date(2024, 8, 2), 6, 4, 2, 0, 0)]
        assert connection.execute("FROM refused_by_rule").fetchall() == [("not_a_number", 2, 2), ("unknown_code", 1, 1)]


def test_a_marker_beside_the_files_makes_the_snapshot_a_demonstration(desk, tmp_path):
    desk.put("activities.csv", table(ROWS))
    desk.put("DEMONSTRATION", "")
    folder = build(desk.edition, desk.files, tmp_path / "out", None, quiet).folder
    with duckdb.connect(str(folder / "restricted.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT value FROM snapshot WHERE key = 'is_demonstration'").fetchone() == ("true",)


def test_the_same_input_gives_the_same_content_whatever_the_order_of_files_and_threads(desk, tmp_path):
    lines = table(ROWS).splitlines(keepends=True)
    desk.put("activities_a.csv", "".join(lines[:2]))
    desk.put("activities_b.csv", "".join([lines[0], *lines[2:]]))
    first = build(desk.edition, desk.files, tmp_path / "one", None, quiet)
    os.utime(desk.files / "activities_a.csv", (0, 0))
    again = build(desk.edition, desk.files, tmp_path / "two", None, quiet)
    assert first.content_hash == again.content_hash
    (desk.files / "activities_b.csv").write_text("".join([lines[0], lines[3], lines[2]]), encoding="utf-8")
    cells = ["SELECT * FROM cells ORDER BY ALL", "SELECT * EXCLUDE (delivery_id, row) FROM activity ORDER BY ALL"]
    reordered = build(desk.edition, desk.files, tmp_path / "three", None, quiet)
    for query in cells:
        told = [
            duckdb.connect(str(report.folder / "restricted.duckdb"), read_only=True).execute(query).fetchall()
            for report in (first, reordered)
        ]
        assert told[0] == told[1]
    assert desk.load(threads=1).rows("*") == desk.load(threads=4).rows("*")


def test_a_delivery_with_too_many_faults_is_refused_whole_and_the_served_snapshot_stays(desk, tmp_path):
    out = tmp_path / "out"
    edition = replace(desk.edition, reject_share_limit=0.3)
    desk.put("activities_2024-08-01.csv", table(ROWS))
    build(edition, desk.files, out, None, quiet)
    before = names(out)
    desk.put("activities_2024-09-01.csv", table(ROWS.replace("2024-06-02", "вчера")))
    report = build(edition, desk.files, out, None, quiet)
    assert not report.is_publishable
    assert report.as_json("en")["refused"] == ["activities_2024-09-01.csv"]
    assert "33% of the rows are faulty" in report.as_json("en")["deliveries"][0]["refused_because"][0]
    assert names(out) == before


def test_check_publishes_nothing_and_reports_the_same(desk, tmp_path):
    desk.put("activities.csv", table(ROWS.replace("20.5", "двадцать")))
    told = check(desk.edition, desk.files, None, quiet).as_json("ru")
    assert told["rejects_by_rule"] == {"not_a_number": 1}
    assert told["rejects"][0]["message"] == "Значение «двадцать» в столбце «hours» не является числом."
    assert told["snapshot"] is None


def test_nothing_with_a_date_is_said_and_not_published(desk, tmp_path):
    desk.put("activities.csv", "Date,Hours\n")
    with pytest.raises(Refused, match="no row with a date"):
        build(desk.edition, desk.files, tmp_path / "out", None, quiet)
    assert names(tmp_path / "out") == []


def test_an_empty_delivery_never_replaces_what_is_served(desk, tmp_path):
    desk.put("activities_2024-08-01.csv", table(ROWS))
    build(desk.edition, desk.files, tmp_path / "out", None, quiet)
    served = current(tmp_path / "out")
    desk.put("activities_2024-08-01.csv", table(ROWS.strip().splitlines()[0]))
    with pytest.raises(Refused, match="nothing to show"):
        build(desk.edition, desk.files, tmp_path / "out", None, quiet)
    assert current(tmp_path / "out") == served


def test_the_last_few_are_kept_and_publishing_one_again_makes_it_the_last(tmp_path):
    ids = [f"2024-01-0{day}-0000000{day}" for day in range(1, 5)]
    for snapshot_id in (ids[0], ids[1], ids[0], ids[2]):
        stage(tmp_path, snapshot_id)
    assert current(tmp_path) == ids[2]
    assert names(tmp_path) == sorted([ids[0], ids[2], "CURRENT", "HISTORY"])
    assert (tmp_path / "HISTORY").read_text().split() == [ids[0], ids[2]]


def test_what_a_killed_build_left_is_cleared_by_the_next_one_and_a_working_one_is_let_be(tmp_path):
    (tmp_path / ".staging-dead").mkdir()
    (tmp_path / ".staging-dead" / "restricted.duckdb").write_text("half")
    orphan = tmp_path / "2023-01-01-deadbeef"
    orphan.mkdir()
    with staging_folder(tmp_path) as working:
        stage(tmp_path, "2024-01-01-00000001")
        assert working.is_dir()
    assert names(tmp_path) == ["2024-01-01-00000001", "CURRENT", "HISTORY"]


def test_builds_at_once_each_publish_a_whole_snapshot(tmp_path):
    ids = [f"2024-01-01-0000000{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda snapshot_id: stage(tmp_path, snapshot_id, keep=3), ids))
    kept = (tmp_path / "HISTORY").read_text().split()
    assert len(kept) == 3
    assert current(tmp_path) == kept[-1]
    assert names(tmp_path) == sorted([*kept, "CURRENT", "HISTORY"])
    for snapshot_id in kept:
        assert (tmp_path / snapshot_id / "restricted.duckdb").read_text() == snapshot_id


def test_a_build_killed_at_work_leaves_the_served_snapshot_and_the_next_one_is_the_same(desk, tmp_path):
    out = tmp_path / "out"
    (desk.edition.folder / "edition.yml").write_bytes((ROOT / "data/editions/kazakhstan/edition.yml").read_bytes())
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources" and not (desk.edition.folder / path.name).exists():
            (desk.edition.folder / path.name).symlink_to(path)
    desk.put("activities_2024-08-01.csv", table(ROWS))
    command = [
        sys.executable,
        "-m",
        "etl",
        "build",
        "--edition",
        desk.edition.folder,
        "--sources",
        desk.files,
        "--out",
        out,
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    first = current(out)
    desk.put("activities_2024-09-01.csv", table(ROWS.replace("20.5", "21")))
    working = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while working.poll() is None and not list(out.glob(".staging-*/restricted.duckdb")):
        time.sleep(0.01)
    working.send_signal(signal.SIGKILL)
    working.wait()
    assert current(out) == first
    assert (out / first / "restricted.duckdb").exists()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert names(out) == sorted([first, current(out), "CURRENT", "HISTORY"])


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused, match="cannot be written to"), staging_folder(tmp_path / "file" / "out"):
        pass


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE cells SET value = value + 1 WHERE measure = 'hours'",
        "DELETE FROM cells WHERE measure = 'activities'",
        "UPDATE cells SET theme_code = 'xyz' WHERE theme_code = 'ecology'",
        "INSERT INTO cells SELECT * FROM cells WHERE measure = 'activities' AND region_code = 'KZ-23'",
    ],
)
def test_a_snapshot_that_contradicts_its_facts_is_not_published(desk, tmp_path, damage):
    desk.put("activities.csv", table(ROWS))
    folder = build(desk.edition, desk.files, tmp_path / "out", None, quiet).folder
    with duckdb.connect(str(folder / "restricted.duckdb")) as connection:
        verify(connection, desk.edition)
        connection.execute(damage)
        with pytest.raises(Refused):
            verify(connection, desk.edition)


def test_readers_never_see_half_a_snapshot(tmp_path):
    ids = [f"2024-01-01-000000{number:02}" for number in range(20)]
    stage(tmp_path, ids[0])
    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(lambda: [stage(tmp_path, snapshot_id, keep=3) for snapshot_id in ids[1:]])
        while not publishing.done():
            with suppress(FileNotFoundError):  # cleared between the two readings, after two more were published
                name = current(tmp_path)
                assert (tmp_path / name / "restricted.duckdb").read_text() == name


def test_dates_on_the_command_line_are_days(desk, tmp_path):
    desk.put("activities.csv", table(ROWS))
    report = build(desk.edition, desk.files, tmp_path / "out", date(2024, 6, 30), quiet)
    assert report.as_json("en")["rejects_by_rule"] == {"after_as_of": 1}
    assert current(tmp_path / "out").startswith("2024-06-30-")
