"""Arguments: what may be written on the command line, and what is said of what may not."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from etl import desk
from etl.protect import audit
from etl.surveys import commands as survey_commands
from observatory import LANGUAGES
from observatory.errors import UsageError, nearest


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others."""

    def error(self, message: str) -> NoReturn:
        raise UsageError("This command cannot be understood: {reason}. See: python -m etl --help", reason=message)


def parse(arguments: Sequence[str], commands: Mapping[str, Callable[..., int]], said: str) -> argparse.Namespace:
    """Return the options of one command.

    Args:
        arguments: as they were written.
        commands: by name; what a function's docstring says is the help of its command.
        said: the help of all.

    Raises:
        UsageError: there is no such command or option, or what is written cannot be understood.
    """
    command = next((word for word in arguments if not word.startswith("-")), None)
    if command is not None and command not in commands:
        raise UsageError(
            "There is no command {command}. The nearest is {nearest}.",
            command=command, nearest=nearest(command, commands) or ", ".join(commands),
        )  # fmt: skip
    parser = Parser(prog="python -m etl", description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    parsers = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(commands) + "}")
    for name, run in commands.items():
        added = parsers.add_parser(name, help=run.__doc__, description=run.__doc__)
        added.add_argument("--edition", help="id or folder; default: ASAR_EDITION, else data/editions/DEFAULT")
        added.add_argument("--language", choices=LANGUAGES, help="of the report; default: the edition's")
        added.add_argument("--json", action="store_true", help="write the result as JSON to standard output")
        if name in ("build", "check"):
            added.add_argument("--sources", help="folder of deliveries: ASAR_SOURCES, else a demonstration, made first")
            added.add_argument("--add", type=Path, help="one more file, as if it lay there; build keeps it")
            added.add_argument("--description", type=Path, help="a source description for the added file")
            added.add_argument("--as", dest="named", help="the name of the added file; default: its own")
            added.add_argument("--as-of", type=_date, help="the day the data describe; default: the latest delivery")
        desk.add_options(name, added)
        if name in ("build", "snapshots", "rollback", "demonstration", "attack"):
            added.add_argument("--out", help="folder to write to; of snapshots: ASAR_PUBLISHED, else data/published")
        if name == "template":
            added.add_argument(
                "--table", help="activity, company_year or event; default: the first that the edition has"
            )
            added.add_argument("--lang", choices=LANGUAGES, help="of the workbook; default: that of the report")
            added.add_argument("--out", type=Path, help="the workbook to write; default: a name in this folder")
        if name == "questionnaire":
            survey_commands.add_options(added)
        if name == "rollback":
            added.add_argument("--to", help="the snapshot to serve, earlier or later; default: the one before")
        if name == "attack":
            audit.add_options(added)
        if name == "demonstration":
            added.add_argument("--companies", type=_count, help="how many")
            added.add_argument("--activities", type=_count, help="how many")
            added.add_argument("--seed", type=int, help="another one gives another world")
            added.add_argument("--format", choices=("files", "parquet"), default="files")
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = [text for action in parsers.choices[options.command]._actions for text in action.option_strings]
        raise UsageError(
            "There is no option {option}. The nearest is {nearest}.",
            option=unknown[0], nearest=nearest(unknown[0], known) or ", ".join(known),
        )  # fmt: skip
    return options


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("{text} is not a day such as 2026-11-10.", text=text) from None


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


_count.__name__ = "count"  # argparse says it


def language_of(arguments: Sequence[str]) -> str:
    """Return the language to complain in while it is not known whether the command can be understood."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = following if word == "--language" else word.removeprefix("--language=")
        if word.startswith("--language") and wanted in LANGUAGES:
            return wanted
    return "en"
