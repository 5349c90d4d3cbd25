"""The steward's commands: a file is described, checked, published or marked, just as `python -m etl` does it.

Each runs in a process of its own: pages never load the ETL, a load takes no memory of the server, and one that is
killed leaves the server and the published snapshot as they were.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import yaml

from observatory import PROJECT_FOLDER
from observatory.errors import AsarError, Refused
from observatory.fact_files import read_yaml
from observatory.registry import registry

REFUSED = 1
NOT_USED = ""
"""The field of a column that is left aside."""


class CommandFailed(AsarError):
    """A command ended without a report; the sentence is what it said, in the reader's language."""

    def __init__(self, sentence: str):
        super().__init__("{sentence}", sentence=sentence)
        self.sentence = sentence

    def say(self, texts: Any) -> str:
        """Return the sentence as it was said."""
        return self.sentence


@dataclass(frozen=True)
class Received:
    """A file that came in and is in nobody's deliveries yet: where it lies, its name, and how it is to be read.

    `description` is a source description of its own; None where one that is known fits its name.
    """

    path: Path
    name: str
    description: Path | None = None

    def arguments(self, option: str = "--add") -> list[str]:
        """Return what a command takes to read this file; "" as the option gives the path alone."""
        more = [f"--description={self.description}"] if self.description else []
        return [f"{option}={self.path}" if option else str(self.path), f"--as={self.name}", *more]


@dataclass(frozen=True)
class Steward:
    """Who loads files into one edition: its id or folder, the deliveries, where snapshots are published, the language.

    Raises, from every command:
        CommandFailed: it ended without a report.
    """

    edition: str
    sources: Path
    published: Path
    language: str

    def describe(self, received: Received, table: str | None = None) -> dict[str, Any]:
        """Return how a file reads, column by column, and a description to start from."""
        chosen = [f"--table={table}"] if table else []
        return self._run("describe", f"--sources={self.sources}", *received.arguments(""), *chosen)

    def check(self, received: Received) -> dict[str, Any]:
        """Return the report on the deliveries with this file among them; nothing is published."""
        return self._run("check", f"--sources={self.sources}", *received.arguments())

    def publish(self, received: Received) -> dict[str, Any]:
        """Publish the deliveries with this file among them; in the report "snapshot" is None where it was refused."""
        return self._run("build", f"--sources={self.sources}", f"--out={self.published}", *received.arguments())

    def mark(self, received: Received, out: Path) -> int:
        """Write the file as a workbook with its faults marked and return how many there are."""
        return self._run("mark", f"--sources={self.sources}", f"--out={out}", *received.arguments())["faults"]

    def snapshots(self) -> list[dict[str, Any]]:
        """Return the snapshots that are kept, in the order in which they were served, the latest last."""
        return self._run("snapshots", f"--out={self.published}")["snapshots"]

    def roll_back(self, snapshot: str) -> str:
        """Serve a snapshot that is kept and return its id."""
        return self._run("rollback", f"--out={self.published}", f"--to={snapshot}")["snapshot"]

    def _run(self, command: str, *arguments: str) -> dict[str, Any]:
        return _run(command, self.edition, self.language, *arguments)


def templates_of(edition: Path) -> dict[str, str]:
    """Return the pattern of the file name for each table of which an edition's folder describes a template."""
    found = {}
    for table in registry().templates:
        path = edition / "sources" / f"template_{table}.yml"
        if path.is_file():
            files = read_yaml(path)["files"]
            found[table] = files if isinstance(files, str) else files[0]
    return found


def template(edition: Path, table: str, language: str) -> bytes:
    """Return the blank workbook for a table of an edition's folder.

    Raises:
        CommandFailed: the command ended without it.
    """
    with TemporaryDirectory(prefix="asar-") as folder:
        out = Path(folder) / "template.xlsx"
        _run("template", str(edition), language, f"--table={table}", f"--lang={language}", f"--out={out}")
        return out.read_bytes()


def _run(command: str, edition: str, language: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "etl", command, f"--edition={edition}", f"--language={language}", "--json", *arguments],
        cwd=PROJECT_FOLDER, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        env=os.environ | {"PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    if done.stdout.strip() and done.returncode in (0, REFUSED):
        return json.loads(done.stdout)
    if done.returncode > 0 and done.stderr.strip() and "Traceback" not in done.stderr:
        raise CommandFailed(done.stderr.strip())
    number = uuid4().hex[:8]
    logging.getLogger(__name__).error("Command %s failed, number %s: %s", command, number, done.stderr)
    raise Refused("The work was broken off and nothing was published. The log says why: {number}.", number=number)


def matched(
    proposal: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], files: str, creates: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a source description in which columns feed the fields that a steward chose.

    Args:
        proposal: the description to start from.
        columns: heading, field (NOT_USED where it is left aside) and multiply ("" or what numbers are multiplied by)
            of each column, in their order.
        files: the pattern of the files' names.
        creates: the organisations that are taken from these files.
    """
    fed: dict[str, Any] = {}
    for column in columns:
        if not column["heading"] or column["field"] == NOT_USED:
            continue
        before = fed.get(column["field"])
        headings = list(dict.fromkeys([*_headings(before), column["heading"]]))
        feeds: Any = headings[0] if len(headings) == 1 else headings
        if multiply := column["multiply"].strip() or (before.get("multiply") if isinstance(before, dict) else ""):
            feeds = {"column": feeds, "multiply": multiply}
        fed[column["field"]] = feeds
    used = {heading for feeds in fed.values() for heading in _headings(feeds)}
    left = [column["heading"] for column in columns if column["heading"] and column["heading"] not in used]
    kept = {key: value for key, value in proposal.items() if key not in ("files", "creates", "columns", "not_used")}
    made = {**kept, "files": files, "creates": list(creates), "columns": fed, "not_used": list(dict.fromkeys(left))}
    return {key: value for key, value in made.items() if value}


def feeding(description: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return, by the headings of the columns, the field that each feeds and what its numbers are multiplied by."""
    return {
        heading: (field, str(feeds.get("multiply", "")) if isinstance(feeds, dict) else "")
        for field, feeds in description.get("columns", {}).items()
        for heading in _headings(feeds)
    }


def write_description(description: Mapping[str, Any], path: Path) -> Path:
    """Write a source description and return where."""
    path.write_text(yaml.safe_dump(dict(description), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _headings(feeds: Any) -> list[str]:
    if isinstance(feeds, dict):
        feeds = feeds["column"]
    return [] if feeds is None else feeds if isinstance(feeds, list) else [feeds]
