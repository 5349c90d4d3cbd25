"""The steward's desk on the command line: how a file reads, and a file to send back with its faults marked."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.added import added_file, deliveries_with
from etl.describe import BY_DESCRIPTION, BY_EXPRESSION, BY_HEADING, LEFT_ASIDE, Described, describe
from etl.marked import write_marked
from etl.source_faults import DESCRIPTIONS
from observatory.editions import Edition
from observatory.errors import UsageError, nearest
from observatory.registry import registry
from observatory.rejects import say_place, say_reject
from observatory.texts import Texts, mark

Deliveries = Callable[[], AbstractContextManager[Path]]
"""Gives the folder of deliveries."""

HOW = {
    BY_DESCRIPTION: mark("by the description"), BY_EXPRESSION: mark("by an expression"),
    BY_HEADING: mark("by its heading"), LEFT_ASIDE: mark("left aside"), None: mark("not used"),
}  # fmt: skip


def add_options(name: str, parser: argparse.ArgumentParser) -> None:
    """Add the options of the commands `describe` and `mark`."""
    if name == "describe":
        parser.add_argument("file", type=Path, help="the file to describe")
        parser.add_argument("--out", type=Path, help="the description to write; default: it is shown")
        parser.add_argument("--table", help="what its rows are; default: what its name or its headings say")
    if name in ("describe", "mark"):
        parser.add_argument(
            "--sources", help="folder of deliveries, with descriptions of its own; default: ASAR_SOURCES"
        )
        parser.add_argument("--description", type=Path, help="a source description for the file")
        parser.add_argument("--as", dest="named", help="the name of the file; default: its own")
    if name == "mark":
        parser.add_argument("--add", type=Path, required=True, help="the file to mark")
        parser.add_argument("--out", type=Path, required=True, help="the workbook to write")


def show_description(options: argparse.Namespace, edition: Edition, folder: Path | None, words: Texts) -> None:
    """Say how a file reads.

    Raises:
        UsageError: there is no such file or table.
    """
    added = added_file(options.file, options.named, options.description)
    tables = registry().tables
    if options.table is not None and options.table not in tables:
        raise UsageError(
            "There is no table {table}. The nearest is {nearest}.",
            table=options.table, nearest=nearest(options.table, tables) or ", ".join(tables),
        )  # fmt: skip
    with TemporaryDirectory(prefix="asar-") as workshop:
        described = describe(
            added.path, added.name, edition, Path(workshop), options.table, added.description,
            folder / DESCRIPTIONS if folder else None,
        )  # fmt: skip
    if options.out:
        with options.out.open("x", encoding="utf-8") as file:
            file.write(described.yaml)
    if options.json:
        print(json.dumps(as_json(described, added.name, edition, words), ensure_ascii=False))
    else:
        _show(described, added.name, edition, options.out, words)


def mark_file(options: argparse.Namespace, edition: Edition, folder: Path, words: Texts) -> None:
    """Write a file as a workbook with its faults marked in place."""
    added = added_file(options.add, options.named, options.description)
    with deliveries_with(added, folder, edition) as sources:
        faults = write_marked(added, sources, edition, words, options.out)
    if options.json:
        print(json.dumps({"file": str(options.out), "faults": faults}, ensure_ascii=False))
    else:
        said = words.say("{file}: faults marked: {count}", file=str(options.out), count=words.number(faults))
        Console().print(said, markup=False, highlight=False, soft_wrap=True)


def as_json(described: Described, file: str, edition: Edition, words: Texts) -> dict:
    """Return what was described as plain values; faults are sentences."""
    return {
        "file": file,
        "source": described.source_id,
        "table": described.table,
        "columns": [vars(column) for column in described.columns],
        "unfed": [{"field": u.field, "required": u.is_required, "nearest": u.nearest} for u in described.unfed],
        "faults": _faults(described, file, edition, words),
        "to_do": [message.say(words) for message in described.to_do],
        "description": dict(described.proposal),
        "yaml": described.yaml,
    }


def say_missing(described: Described, words: Texts) -> list[str]:
    """Return a sentence on each field that rows need and nothing feeds, with the headings that may be meant."""
    said = []
    for field in described.unfed:
        if field.is_required and field.nearest:
            nearest_headings = ", ".join(f"“{heading}”" for heading in field.nearest)
            said.append(words.say(
                "{field} is required and fed by no column. Perhaps this one is meant: {headings}",
                field=field.field, headings=nearest_headings,
            ))  # fmt: skip
        elif field.is_required:
            said.append(words.say("{field} is required and fed by no column.", field=field.field))
    return said


def _faults(described: Described, file: str, edition: Edition, words: Texts) -> list[str]:
    said = []
    for fault in described.faults:
        message, remedy = say_reject(words, edition, fault.rule, fault.column, fault.value, fault.details)
        said.append(f"{say_place(words, file, fault.sheet, None)}: {message} {remedy}")
    return said


def _show(described: Described, file: str, edition: Edition, out: Path | None, words: Texts) -> None:
    """Write what was described for a person: a line per column, what is missing, the description."""
    console = Console()
    table = Table(box=None, pad_edge=False)
    for heading in (words.say("Column"), words.say("Heading"), words.say("Values"), words.say("Field")):
        table.add_column(heading, overflow="fold")
    table.add_column("", overflow="fold")
    for column in described.columns:
        place = " ".join(filter(None, (", ".join(column.sheets), column.letter)))
        samples, how = "; ".join(column.samples), words.say(HOW[column.how])
        table.add_row(*map(Text, (place, column.heading, samples, column.field or "", how)))
    known = described.source_id or words.say("none fits; the headings say: {table}", table=described.table)
    sentences = [
        words.say("{file}: source description: {description}", file=file, description=known),
        *_faults(described, file, edition, words),
    ]
    sentences += [*say_missing(described, words), *(message.say(words) for message in described.to_do)]
    console.print(table)
    if out:
        sentences.append(words.say("Written: {file}", file=str(out)))
    else:
        sentences += ["", described.yaml]
    for sentence in sentences:
        console.print(Text(sentence), soft_wrap=True)
