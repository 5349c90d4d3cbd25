"""Which snapshots are kept, which is served, and the way back and forward."""

import json

import duckdb
import pytest

from etl.__main__ import main
from etl.history import is_whole, kept_snapshots, roll_back
from etl.publish import publish, staging_folder
from etl.snapshot import build
from observatory.errors import Refused, UsageError
from observatory.store import current_store
from tests.etl.conftest import table


def rows(hours: int) -> str:
    return table(f"number | company | date | hours\n1 | Үміт | 2024-05-01 | {hours}\n2 | Үміт | 2024-05-02 | x")


@pytest.fixture
def out(desk, tmp_path):
    """Three snapshots of three days, the last one served."""
    for day in (1, 2, 3):
        deliver(desk, tmp_path / "out", day)
    return tmp_path / "out"


def deliver(desk, out, day: int) -> str:
    for path in desk.files.iterdir():
        path.unlink()
    desk.put(f"activities_2024-08-0{day}.csv", rows(day))
    return build(desk.edition, desk.files, out, None, lambda *_: None).folder.name


def days(out) -> str:
    """The days of the snapshots kept, in the order in which they were served; the one that is served in brackets."""
    return " ".join(f"[{kept.id[9]}]" if kept.is_served else kept.id[9] for kept in kept_snapshots(out))


def test_snapshots_are_listed_in_the_order_in_which_they_were_served(out):
    assert days(out) == "1 2 [3]"
    first = kept_snapshots(out)[0]
    assert (first.place, first.as_of, first.rows_loaded, first.rows_refused) == (1, "2024-08-01", 1, 1)
    assert first.id.endswith(first.content_hash[:8])


def test_going_back_serves_the_one_before_and_deletes_nothing(out):
    assert [name[9] for name in roll_back(out)] == ["3", "2"]
    assert days(out) == "1 [2] 3"
    roll_back(out)
    assert days(out) == "[1] 2 3"


def test_a_running_page_has_it_at_the_next_click(out):
    assert current_store(out).snapshot.id[9] == "3"
    roll_back(out)
    assert current_store(out).snapshot.id[9] == "2"


def test_naming_one_goes_back_and_forward(out):
    names = [kept.id for kept in kept_snapshots(out)]
    roll_back(out, names[0])
    assert days(out) == "[1] 2 3"
    roll_back(out, names[2])
    roll_back(out, names[2])
    assert days(out) == "1 2 [3]"


def test_a_build_after_going_back_follows_what_was_served(desk, out):
    roll_back(out)
    deliver(desk, out, 4)
    assert days(out) == "1 3 2 [4]"
    roll_back(out)
    assert days(out) == "1 3 [2] 4"


def test_building_again_what_was_gone_back_from_serves_it_again(desk, out):
    roll_back(out)
    deliver(desk, out, 3)
    assert days(out) == "1 2 [3]"


def test_what_is_served_after_going_back_is_kept_however_old(tmp_path):
    ids = [f"2024-01-0{day}-0000000{day}" for day in range(1, 8)]
    for snapshot_id in ids[:3]:
        stage(tmp_path, snapshot_id, keep=3)
    (tmp_path / "CURRENT").write_text(ids[0])
    for snapshot_id in ids[3:]:
        served = (tmp_path / "CURRENT").read_text().strip()
        stage(tmp_path, snapshot_id, keep=2)
        assert (tmp_path / "HISTORY").read_text().split() == [served, snapshot_id]
        assert (tmp_path / served / "restricted.duckdb").exists()


def stage(out, snapshot_id: str, keep: int) -> None:
    with staging_folder(out) as staging:
        (staging / "restricted.duckdb").write_text(snapshot_id)
        publish(staging, out, snapshot_id, keep, is_whole=lambda folder: True)


def test_there_is_nothing_before_the_first_and_nothing_in_an_empty_folder(desk, tmp_path):
    with pytest.raises(Refused, match="Nothing is published"):
        roll_back(tmp_path / "out")
    deliver(desk, tmp_path / "out", 1)
    with pytest.raises(Refused, match="no snapshot before"):
        roll_back(tmp_path / "out")
    with pytest.raises(UsageError, match="The nearest is 2024-08-01"):
        roll_back(tmp_path / "out", "2024-08-02")


def test_a_damaged_snapshot_is_never_served_again(out):
    second = out / kept_snapshots(out)[1].id
    with duckdb.connect(str(second / "restricted.duckdb")) as connection:
        connection.execute("UPDATE activity SET hours = 99")
    with pytest.raises(Refused, match="damaged"):
        roll_back(out)
    assert days(out) == "1 2 [3]"


def test_a_damaged_snapshot_is_made_whole_by_a_build_of_the_same_content(desk, out):
    served = out / kept_snapshots(out)[-1].id
    (served / "restricted.duckdb").write_bytes(b"cut off")
    assert kept_snapshots(out)[-1].content_hash is None
    deliver(desk, out, 3)
    assert is_whole(served)
    assert days(out) == "1 2 [3]"


def test_the_commands_say_and_tell(out, capsys):
    assert main(["snapshots", "--out", str(out), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()[1:]][-1] == "served"
    assert main(["rollback", "--out", str(out), "--language", "en"]) == 0
    assert "is served now; before it was 2024-08-03" in capsys.readouterr().out
    assert main(["snapshots", "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["snapshots"]
    assert [(each["place"], each["is_served"]) for each in told] == [(1, False), (2, True), (3, False)]
    assert main(["rollback", "--out", str(out), "--to", told[2]["snapshot"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["snapshot"] == told[2]["snapshot"]


@pytest.mark.parametrize("language", ["kk", "ru", "en", "ar"])
def test_a_refusal_has_code_1_and_a_sentence_and_an_unknown_name_code_2(tmp_path, capsys, language):
    options = ["--out", str(tmp_path / "out"), "--language", language]
    assert main(["snapshots", *options]) == 0
    assert main(["rollback", *options]) == 1
    (tmp_path / "out" / "2024-01-01-00000001").mkdir(parents=True)
    (tmp_path / "out" / "CURRENT").write_text("2024-01-01-00000001")
    assert main(["rollback", "--to", "2024-01-01-00000002", *options]) == 2
    told = capsys.readouterr()
    assert len(told.err.splitlines()) == 2
    assert "{" not in told.out + told.err


def test_the_folder_is_the_one_that_is_served(out, monkeypatch, capsys):
    monkeypatch.setenv("ASAR_PUBLISHED", str(out))
    assert main(["rollback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folder"] == str(out)
