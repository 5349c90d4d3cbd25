"""The command line: `python -m etl` with `build`, `check`, `describe`, `mark`, `snapshots`, `rollback`, `template`,
`questionnaire`, `demonstration`, `check-edition` or `attack`.

Exit 0: done. Exit 1: refused, with a report. Exit 2: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from etl import desk
from etl.added import added_file, deliveries_with, files_of, kept
from etl.arguments import language_of, parse
from etl.demonstration import generate
from etl.history import kept_snapshots, roll_back
from etl.pipeline import Progress as Told
from etl.protect import audit
from etl.publish import staging_folder
from etl.report import Report, snapshot_table
from etl.snapshot import build, check
from etl.source_faults import source_faults
from etl.surveys import commands as survey_commands
from etl.template import template_for, write_template
from observatory import DATA_FOLDER, PROJECT_FOLDER
from observatory.editions import Edition, edition_folder, faults, load_edition
from observatory.errors import AsarError, EditionError, Fault, Refused, UsageError
from observatory.texts import texts

OUT_OF_ROOM = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.FatalException)
"""What DuckDB raises where memory or disk end: in a statement, at a commit, at a checkpoint."""

DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    problems = Console(stderr=True)
    language = language_of(arguments)
    try:
        options = parse(arguments, COMMANDS, __doc__)
        folder = edition_folder(options.edition)
        if options.language is None and options.command != "check-edition":
            language = load_edition(folder).default_language
    except EditionError as error:
        _complain(problems, error, language)
        return REFUSED if error.faults else WRONG_USAGE
    except AsarError as error:
        _complain(problems, error, language)
        return WRONG_USAGE
    try:
        return COMMANDS[options.command](options, folder, language)
    except AsarError as error:
        _complain(problems, error, language)
        return WRONG_USAGE if isinstance(error, UsageError) else REFUSED
    except (OSError, *OUT_OF_ROOM) as error:
        reason = str(error).splitlines()[0]
        told = Refused("The work could not be finished: {reason}. Nothing was published.", reason=reason)
        _complain(problems, told, language)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED


def run_build(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Load the sources and publish a snapshot."""
    edition = load_edition(folder)
    out = _published(options, edition)
    with _sources(options, edition, out) as folder, _progress(language) as told:
        if options.add is None:
            return _show(build(edition, folder, out, options.as_of, told), options, language)
        added, before = added_file(options.add, options.named, options.description), files_of(folder)
        with deliveries_with(added, folder, edition) as sources:
            report = build(edition, sources, out, options.as_of, told, lambda: kept(added, folder, before))
    return _show(report.first_of(added.name), options, language)


def run_check(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Report what a build would load and refuse, and publish nothing."""
    edition = load_edition(folder)
    with _sources(options, edition) as folder, _progress(language) as told:
        if options.add is None:
            return _show(check(edition, folder, options.as_of, told), options, language)
        added = added_file(options.add, options.named, options.description)
        with deliveries_with(added, folder, edition) as sources:
            report = check(edition, sources, options.as_of, told)
    return _show(report.first_of(added.name), options, language)


def run_snapshots(options: argparse.Namespace, folder: Path, language: str) -> int:
    """List the snapshots that are kept; the one that is served is marked."""
    out, words = _published(options, load_edition(folder)), texts(language)
    kept = kept_snapshots(out)
    if options.json:
        print(json.dumps({"folder": str(out), "snapshots": [snapshot.as_json() for snapshot in kept]}))
    elif kept:
        Console().print(snapshot_table(kept, words))
    else:
        said = words.say("Nothing is published in {folder} yet.", folder=str(out))
        Console().print(said, markup=False, highlight=False, soft_wrap=True)
    return DONE


def run_rollback(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Serve the snapshot before the one that is served, or the one named with --to; nothing is deleted."""
    out, words = _published(options, load_edition(folder)), texts(language)
    before, now = roll_back(out, options.to)
    if options.json:
        print(json.dumps({"folder": str(out), "before": before, "snapshot": now}))
    else:
        said = words.say("{now} is served now; before it was {before}.", now=now, before=before)
        Console().print(said, markup=False, highlight=False, soft_wrap=True)
    return DONE


def run_template(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Write a workbook for companies to fill in."""
    edition = load_edition(folder)
    template = template_for(edition, options.table, options.lang or language)
    out = options.out or Path(template.blank_name)
    out.write_bytes(write_template(template))
    if options.json:
        print(json.dumps({"file": str(out), "table": template.table, "language": template.language}))
    else:
        words = texts(language)
        said = words.say(
            "{file}: a template to be filled in and sent back as {name}", file=str(out), name=template.file
        )
        Console().print(said, markup=False, highlight=False, soft_wrap=True)
    return DONE


def run_questionnaire(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Write a questionnaire as an XLSForm, for KoboToolbox or ODK, or sketch that of an export."""
    out, settings = survey_commands.write_form(options, load_edition(folder))
    if options.json:
        print(json.dumps({"file": str(out), "instrument": None if options.of else options.instrument, **settings}))
    else:
        said = texts(language).say("{file}: a questionnaire for KoboToolbox or ODK", file=str(out))
        Console().print(said, markup=False, highlight=False, soft_wrap=True)
    return DONE


def run_demonstration(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Write demonstration files."""
    edition = load_edition(folder)
    out = Path(options.out or PROJECT_FOLDER / "build" / "demonstration" / edition.id)
    generated = generate(
        edition, out, companies=options.companies, activities=options.activities, seed=options.seed,
        format=options.format,
    )  # fmt: skip
    if options.json:
        print(json.dumps({"folder": str(out), "files": [path.name for path in generated]}, ensure_ascii=False))
    else:
        words = texts(language)
        count = words.number(len(generated))
        Console().print(words.say("{folder}: files written: {count}", folder=str(out), count=count), markup=False)
    return DONE


def run_check_edition(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Name everything that is wrong with the files of an edition and its source descriptions."""
    words = texts(language)
    found: list[Fault] = [*faults(folder), *source_faults(folder)]
    if options.json:
        print(json.dumps({"edition": folder.name, "faults": [fault.say(words) for fault in found]}, ensure_ascii=False))
    else:
        console = Console()
        for fault in found:
            console.print(fault.say(words), markup=False, highlight=False)
        summary = words.say("{edition}: faults found: {count}", edition=folder.name, count=words.number(len(found)))
        console.print(summary, markup=False, highlight=False)
    return REFUSED if found else DONE


def run_describe(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Say how a file reads, column by column, and propose a source description."""
    named = options.sources or os.environ.get("ASAR_SOURCES")
    desk.show_description(options, load_edition(folder), Path(named) if named else None, texts(language))
    return DONE


def run_mark(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Write a file as a workbook with its faults marked in place, to be sent back."""
    edition = load_edition(folder)
    with _sources(options, edition) as deliveries:
        desk.mark_file(options, edition, deliveries, texts(language))
    return DONE


def run_attack(options: argparse.Namespace, folder: Path, language: str) -> int:
    """Protect the exact figures of a snapshot as for the public, in memory only, and attack them."""
    edition = load_edition(folder)
    with _progress(language) as told:
        holds = audit.run(options, edition, _published(options, edition), texts(language), told)
    return DONE if holds else REFUSED


COMMANDS = {
    "build": run_build,
    "check": run_check,
    "describe": run_describe,
    "mark": run_mark,
    "snapshots": run_snapshots,
    "rollback": run_rollback,
    "template": run_template,
    "questionnaire": run_questionnaire,
    "demonstration": run_demonstration,
    "check-edition": run_check_edition,
    "attack": run_attack,
}


def _published(options: argparse.Namespace, edition: Edition) -> Path:
    """Return the folder of published snapshots."""
    return Path(options.out or os.environ.get("ASAR_PUBLISHED") or DATA_FOLDER / "published" / edition.id)


@contextmanager
def _sources(options: argparse.Namespace, edition: Edition, out: Path | None = None) -> Iterator[Path]:
    """Give the folder of deliveries; where none is named the demonstration's, written for this once, under `out`."""
    if named := options.sources or os.environ.get("ASAR_SOURCES"):
        folder = Path(named)
        if not folder.is_dir():
            what = "There is no folder {folder}. Name the folder of the deliveries with --sources."
            raise UsageError(what, folder=str(folder))
        yield folder
    elif options.add:
        raise UsageError("Name the folder of the deliveries with --sources: the file is added to them.")
    else:
        with staging_folder(out) if out else TemporaryDirectory(prefix="asar-") as folder:
            generate(edition, Path(folder))
            yield Path(folder)


def _show(report: Report, options: argparse.Namespace, language: str) -> int:
    if options.json:
        print(json.dumps(report.as_json(language), ensure_ascii=False))
    else:
        report.show(Console(), language)
    return DONE if report.is_publishable else REFUSED


@contextmanager
def _progress(language: str) -> Iterator[Told]:
    """Show what is being done on standard error, where a person is looking on."""
    console = Console(stderr=True)
    words = texts(language)
    doing = {
        "activity": words.say("Counting activities"), "company_year": words.say("Counting companies and years"),
        "protect": words.say("Protecting and attacking measures"),
    }  # fmt: skip
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")
        yield lambda what, done, of: bar.update(task, description=doing.get(what, what), completed=done, total=of)


def _complain(console: Console, error: AsarError, language: str) -> None:
    console.print(error.say(texts(language)), style="bold red", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
