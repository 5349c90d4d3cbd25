"""What the documentation names exists, and what a steward or an engineer can use is documented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)
CODE = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", WRITTEN, re.DOTALL)
COMMANDS = "\n".join(block or inline for block, inline in CODE)


def source_files() -> list[Path]:
    folders = ("pages", "observatory", "etl", "tests")
    return [
        ROOT / "dashboard.py", ROOT / "Makefile", ROOT / ".ci/run",
        *(path for folder in folders for path in (ROOT / folder).rglob("*.py")),
    ]  # fmt: skip


def commands_of_the_etl() -> set[str]:
    help_ = subprocess.run(
        [sys.executable, "-m", "etl", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(re.search(r"\{([a-z,-]+)\}", help_.stdout).group(1).split(","))


def test_make_targets():
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", COMMANDS)) == targets


def test_commands_of_the_etl():
    assert set(re.findall(r"python -m etl ([a-z-]+)", COMMANDS)) == commands_of_the_etl()


def test_settings():
    used = {
        name for path in source_files() for name in re.findall(r"\bASAR_[A-Z]+\b", path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"\bASAR_[A-Z]+\b", COMMANDS)) == used


def test_rules():
    rules = yaml.safe_load((ROOT / "data/registry/rules.yml").read_text(encoding="utf-8"))
    text = (ROOT / "docs/bring-your-data.md").read_text(encoding="utf-8").split("## What is checked")[1]
    refusing, pointing = text.split("## What is pointed out")
    for part, is_notice in ((refusing, False), (pointing, True)):
        documented = re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE)
        assert sorted(documented) == sorted(rule for rule in rules if rules[rule].get("notice", False) == is_notice)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_and_files_named(path):
    text = path.read_text(encoding="utf-8")
    links = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    named = re.findall(r"`((?:data|docs|etl|observatory|pages|tests|static)/[\w./-]*)`", text)
    named = [name for name in named if not name.startswith("data/published/")]  # made by the ETL
    missing = [t for t in links if t and not (path.parent / t).exists()] + [n for n in named if not (ROOT / n).exists()]
    assert missing == []
