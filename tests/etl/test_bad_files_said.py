"""What is said of bad files: by the command, in every language, with the name of the file and what to do about it."""

import subprocess
import sys
from pathlib import Path

import pytest

from observatory import LANGUAGES
from observatory.registry import registry
from observatory.rejects import say_place, say_reject, shown
from observatory.texts import texts
from tests.conftest import ROOT
from tests.etl import bad_files as bad
from tests.etl.test_bad_files import SORTS

RULES = registry().rules
REFUSING = {sort.refused: sort for sort in SORTS if sort.refused}
"""One sort of each rule that refuses a file."""


@pytest.fixture
def edition(desk) -> Path:
    """An edition's folder whose sources are the desk's."""
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources":
            (desk.edition.folder / path.name).symlink_to(path)
    return desk.edition.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_rule_that_refuses_a_file_has_a_sentence_and_a_remedy_in_its_own_words(desk):
    for rule, sort in REFUSING.items():
        desk.put(sort.name, sort.bytes())
        fault = next(fault for outcome in desk.load().loaded.outcomes for fault in outcome.faults)
        (desk.files / sort.name).unlink()
        told = [
            say_reject(texts(language), desk.edition, rule, fault.column, fault.value, fault.details)
            for language in LANGUAGES
        ]
        assert len(set(told)) == len(LANGUAGES)
        assert all(message != remedy and message and remedy for message, remedy in told)


def test_a_folder_of_bad_files_gets_a_sentence_each_and_what_is_served_stays(desk, edition, tmp_path):
    """The command is run as a steward runs it, so that no traceback of any thread is missed."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "etl", "build", "--edition", edition, "--sources", desk.files, "--out", out]
    desk.put("activities_good.csv", bad.GOOD)
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    before = contents(out)
    names = {}
    for number, (rule, sort) in enumerate(REFUSING.items()):
        names[rule] = f"activities_bad_{number:02}.csv"
        desk.put(names[rule], sort.bytes())
    for language in LANGUAGES:
        done = subprocess.run(
            [*command, "--language", language], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stdout + done.stderr
        for name in names.values():
            lines = [line for line in done.stdout.splitlines() if name in line and not line.startswith(f"{name} ")]
            assert len(lines) == 1, (language, name, done.stdout)
            assert len(lines[0]) > len(name) + 40
        assert contents(out) == before


MEMORY = r"""
import re, sys
from etl.__main__ import main
code = main(sys.argv[1:])
print(int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) // 1024, file=sys.stderr)
sys.exit(code)
"""

SWELLING = {
    "one line of 64 MB": lambda: b"x" * 64_000_000,
    "one cell of 40 MB": lambda: bad.GOOD.replace("Walk", "x" * 40_000_000).encode(),
    "a million columns": lambda: b"Date,Hours" + b",c" * 1_000_000 + b"\n2024-05-01,7\n",
    "two million blank rows": lambda: bad.GOOD.encode() + b",,,\n" * 2_000_000,
    "a workbook of two gigabytes": lambda: bad.swelling(2000),
}  # fmt: skip


@pytest.mark.parametrize("what", SWELLING)
def test_no_file_takes_more_memory_than_is_stated(desk, edition, what):
    desk.put("activities.csv", SWELLING[what]())
    command = ["check", "--edition", str(edition), "--sources", str(desk.files), "--language", "en"]
    done = subprocess.run([sys.executable, "-c", MEMORY, *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert int(done.stderr.splitlines()[-1]) < registry().files["limits"]["memory_megabytes"]


@pytest.mark.parametrize(("name", "said"), [
    ("a\nb.csv", "a[U+000A]b.csv"),
    ("a\x1b[31m.csv", "a[U+001B][31m.csv"),
    ("abc\u202egpj.csv", "abc[U+202E]gpj.csv"),
    ("«Құрмет» و ‏.csv", "«Құрмет» و ‏.csv"),
])  # fmt: skip
def test_no_name_moves_the_cursor_or_turns_the_letters_after_it(desk, name, said):
    assert shown(name) == said
    for language in LANGUAGES:
        words = texts(language)
        assert said in say_place(words, name, None, 2)
        assert said in say_reject(words, desk.edition, "not_a_number", "Hours", name, None)[0]


def test_a_long_value_is_cut_in_a_sentence():
    assert len(shown("x" * 1_000_000)) < 400
