"""The worked example of docs/bring-your-data.md works as it is told there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs/bring-your-data.md").read_text(encoding="utf-8")
FILE = "harvest_2026-02-10.csv"


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL).group(1)


@pytest.fixture
def edition(tmp_path) -> Path:
    """The edition with the example's description, the example's file beside it."""
    edition = shutil.copytree(ROOT / "data/editions/kazakhstan", tmp_path / "kazakhstan")
    (edition / "sources/harvest.yml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "my-files").mkdir()
    (tmp_path / "my-files" / FILE).write_text(block("csv"), encoding="utf-8")
    return edition


def run(command: str, edition: Path, *more: str) -> tuple[int, dict]:
    files = edition.parent / "my-files"
    options = ["--edition", edition, "--sources", files, "--language", "en", "--json", *more]
    done = subprocess.run(
        [sys.executable, "-m", "etl", command, *options],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def test_the_check_reports_what_the_text_shows(edition):
    code, report = run("check", edition)
    said = [f"{FILE}, row {reject['row']}: {reject['message']} {reject['remedy']}" for reject in report["rejects"]]
    assert (code, said) == (0, block("text").splitlines())


def test_once_corrected_everything_loads(edition):
    path = edition.parent / "my-files" / FILE
    text = path.read_text(encoding="utf-8").replace(";Almaty;", ";Almaty city;").replace("Atirau", "Atyrau")
    path.write_text(text, encoding="utf-8")
    code, report = run("build", edition, "--out", str(edition.parent / "published"))
    delivery = report["deliveries"][0]
    assert (code, report["rejects"]) == (0, [])
    assert (delivery["rows_read"], delivery["rows_loaded"], delivery["rows_set_aside"]) == (7, 7, 1)
    assert delivery["columns_unused"] == []
