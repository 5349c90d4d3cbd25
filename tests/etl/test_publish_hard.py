"""Whatever happens to a build, one whole snapshot is served, and the next build makes all good again."""

import os
import random
import subprocess
from contextlib import suppress

import pytest

from etl.history import is_whole
from tests.conftest import ROOT
from tests.etl.builder import NOBODY, Builder
from tests.etl.conftest import ACTIVITIES, Desk

FULL = "ASAR_FULL" in os.environ
INSTANTS = 200 if FULL else 10
ROWS = 200
DISK = 32  # MB: room for a few snapshots of this world


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    """The process that builds; it is started once."""
    made = Builder(tmp_path_factory.mktemp("builder"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory, builder):
    """Two sets of deliveries, and the command that builds each into a folder."""
    found = []
    for name in ("one", "two"):
        desk = Desk(tmp_path_factory.mktemp(name))
        desk.describe(ACTIVITIES, creates=["company"])
        for path in (ROOT / "data/editions/kazakhstan").iterdir():
            if path.name != "sources":
                (desk.edition.folder / path.name).symlink_to(path)
        desk.put(f"activities_2024-0{len(found) + 7}-01.csv", deliveries(random.Random(name)))
        found.append(lambda out, desk=desk: ["build", "--edition", desk.edition.folder, "--sources", desk.files,
                                             "--out", out, "--language", "en"])  # fmt: skip
    open_to_all(tmp_path_factory.getbasetemp())
    return found


def deliveries(chance: random.Random) -> str:
    lines = ["number,company,date,region,theme,volunteers,hours"]
    for number in range(ROWS):
        day = f"202{chance.randint(1, 3)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        region, theme = chance.choice(["KZ-23", "KZ-75", "KZ-71"]), chance.choice(["ecology_trees", "social_aid"])
        lines.append(f"{number},C{chance.randint(1, 50)},{day},{region},{theme},{chance.randint(1, 9)},{number % 40}")
    return "\n".join(lines)


def open_to_all(folder) -> None:
    """Let another user read what lies in a folder of the tests, and come there."""
    for path in [folder, *folder.parents[:2]]:
        path.chmod(path.stat().st_mode | 0o055)
    for path in folder.iterdir():
        if path.is_dir():
            path.chmod(0o755)


def served(out) -> str:
    """The snapshot that is served, which is whole."""
    name = (out / "CURRENT").read_text().strip()
    assert is_whole(out / name), f"{name} is damaged"
    return name


def build(builder, command, **conditions) -> str:
    """What a build said that was published."""
    ((code, said, seconds),) = builder.run(command, **conditions)
    assert code == 0, said
    return seconds


def nothing_left(builder, out) -> None:
    history = (out / "HISTORY").read_text().split()
    assert sorted(path.name for path in out.iterdir()) == sorted([*history, ".lock", "CURRENT", "HISTORY"])
    assert {path.name for name in history for path in (out / name).iterdir()} == {
        "restricted.duckdb", "report.json", "companies",
    }  # fmt: skip
    assert list(builder.temporary.iterdir()) == []


def refused(answer, *words) -> None:
    """One clear message, exit code 1, no traceback."""
    code, said, _ = answer
    assert code == 1, said
    assert "Traceback" not in said
    assert all(word in " ".join(said.split()) for word in words), said


def test_a_build_may_be_killed_at_any_instant(builder, worlds, tmp_path):
    out, chance, wanted = tmp_path / "out", random.Random(1), []
    for world in worlds:
        lasts = build(builder, world(out))
        wanted.append(served(out))
    for number in range(INSTANTS):
        which = number % 2
        instant = chance.uniform(0, 1.1 * lasts)
        ((code, said, _),) = builder.run(worlds[which](out), kill_after=instant)
        assert served(out) in wanted, f"killed after {instant:.3f} s"
        lasts = max(0.5 * lasts, min(2 * lasts, build(builder, worlds[which](out))))
        assert served(out) == wanted[which], f"killed after {instant:.3f} s"
        nothing_left(builder, out)


def test_the_first_build_of_all_may_be_killed(builder, worlds, tmp_path):
    chance = random.Random(2)
    for number in range(INSTANTS // 5):
        out = tmp_path / str(number)
        builder.run(worlds[0](out), kill_after=chance.uniform(0, 0.5))
        assert not (out / "CURRENT").exists() or served(out)
        build(builder, worlds[0](out))
        served(out)
        nothing_left(builder, out)


def test_many_builds_at_once_publish_whole_snapshots_one_after_the_other(builder, worlds, tmp_path):
    out = tmp_path / "out"
    for _ in range(5 if FULL else 1):
        answers = builder.run(*(worlds[number % 2](out) for number in range(4)))
        assert [code for code, _, _ in answers] == [0, 0, 0, 0], answers
        assert len((out / "HISTORY").read_text().split()) == 2
        served(out)
        nothing_left(builder, out)


def test_builds_at_once_of_which_some_are_killed(builder, worlds, tmp_path):
    out, chance = tmp_path / "out", random.Random(3)
    build(builder, worlds[0](out))
    for _ in range(INSTANTS // 5):
        builder.run(*(world(out) for world in worlds), kill_after=chance.uniform(0, 1))
        served(out)
        build(builder, worlds[1](out))
        served(out)
        nothing_left(builder, out)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.9])
def test_a_file_that_cannot_grow_leaves_what_is_served(builder, worlds, tmp_path, share):
    out = tmp_path / "out"
    build(builder, worlds[0](out))
    before = served(out)
    size = (out / before / "restricted.duckdb").stat().st_size
    (answer,) = builder.run(worlds[1](out), file_size=int(share * size))
    refused(answer, "Nothing was published.")
    assert served(out) == before
    build(builder, worlds[1](out))
    nothing_left(builder, out)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder, free: int) -> None:
    """Leave so many bytes free on a disk."""
    state = os.statvfs(folder)
    with (folder / "filled").open("wb") as file, suppress(OSError):  # what was free a moment ago may be taken
        file.write(b"x" * max(0, state.f_bavail * state.f_frsize - free))


@pytest.mark.parametrize("free", [0, 4096, 65_536, 262_144, 1_048_576])
def test_a_full_disk_leaves_what_is_served(builder, worlds, small_disk, free):
    out = small_disk / "out"
    build(builder, worlds[0](out))
    before = served(out)
    fill(small_disk, free)
    (answer,) = builder.run(worlds[1](out))
    refused(answer)
    assert served(out) == before
    (small_disk / "filled").unlink()
    build(builder, worlds[1](out))
    nothing_left(builder, out)


def test_without_the_right_to_write_one_sentence_says_so(builder, worlds, tmp_path):
    if os.getuid():
        pytest.skip("only root can lend its process to another user")
    open_to_all(tmp_path)
    out = tmp_path / "out"
    build(builder, worlds[0](out))
    before = served(out)
    for command in (worlds[1](out), worlds[1](tmp_path / "new"), ["rollback", "--out", out, "--language", "en"]):
        (answer,) = builder.run(command, user=NOBODY)
        refused(answer, "cannot be written to", "Permission denied")
    ((code, said, _),) = builder.run(["snapshots", "--out", out, "--json"], user=NOBODY)
    assert (code, before in said) == (0, True), said
    assert served(out) == before
    nothing_left(builder, out)


def test_a_file_in_the_way_of_the_folder_is_said(builder, worlds, tmp_path):
    (tmp_path / "out").write_text("in the way")
    (answer,) = builder.run(worlds[0](tmp_path / "out"))
    refused(answer, "cannot be written to")
    assert (tmp_path / "out").read_text() == "in the way"


@pytest.mark.skipif(not FULL, reason="takes half a minute; ASAR_FULL runs it")
def test_the_files_of_a_demonstration_are_left_nowhere_either(builder, tmp_path):
    out = tmp_path / "out"
    for instant in (1, 2, 4, 8):
        builder.run(["build", "--edition", "kazakhstan", "--out", out], kill_after=instant)
    build(builder, ["build", "--edition", "kazakhstan", "--out", out])
    served(out)
    nothing_left(builder, out)
