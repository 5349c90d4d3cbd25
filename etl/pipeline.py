"""The order of the stages: what a build does, and what a check does of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from etl.check import check_sheet, count_rows, prepare_staging
from etl.corrections import count_corrections, prepare_corrections, record_corrections
from etl.deliveries import Delivery, find_deliveries, is_demonstration
from etl.directory import Directory
from etl.load import (
    add_background_events,
    create_organisations,
    directory,
    end_periods_where_the_next_begins,
    load_facts,
    load_table,
)
from etl.match import Matcher
from etl.notices import prepare_notices, record_file_notices, record_possible_duplicates
from etl.order import prepare_received, settle_keys
from etl.read import FileFault, FileNotice, read_file
from etl.source_faults import DESCRIPTIONS, RESPONDENTS
from etl.sources import load_sources
from etl.surveys.decisions import FILE, Decision, read_decisions
from etl.surveys.staging import load_answers, prepare_answers, read_survey
from observatory.editions import Edition
from observatory.errors import Refused, SourceError

TABLES = ("company", "ngo", "activity", "company_year", "event", RESPONDENTS)
"""In this order: rows of the later ones refer to the earlier ones."""

ORGANISATIONS = {"company", "ngo"}
"""The tables whose rows others refer to, by number, BIN or name."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many parts are done and how many there are."""


@dataclass
class Outcome:
    """What became of one delivery; loaded + rejected + superseded = read.

    rows_same and rows_changed: rows of earlier deliveries that this one supersedes, saying the same or something else.
    """

    delivery: Delivery
    faults: list[FileFault] = field(default_factory=list)
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_superseded: int = 0
    rows_set_aside: int = 0
    rows_same: int = 0
    rows_changed: int = 0
    columns_unused: tuple[str, ...] = ()
    columns_absent: tuple[str, ...] = ()

    def is_refused(self, limit: float) -> bool:
        """Return whether the delivery cannot be read, or has a larger share of faulty rows than `limit` (0 to 1)."""
        return bool(self.faults) or self.rows_rejected > limit * self.rows_read


@dataclass(frozen=True)
class Loaded:
    """The warehouse made of one folder of deliveries."""

    edition: Edition
    outcomes: tuple[Outcome, ...]
    strangers: tuple[str, ...]
    as_of: date
    is_demonstration: bool

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The deliveries that keep the snapshot from being published."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_refused(self.edition.reject_share_limit))


def load(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    folder: Path,
    as_of: date | None = None,
    progress: Progress = lambda what, done, of: None,
    workshop: Path | None = None,
) -> Loaded:
    """Read, match, check and load every delivery in a folder into a new database.

    Args:
        connection: to an empty database.
        edition: whose sources, codes and limits hold.
        folder: where the deliveries are, and the descriptions that hold for them alone.
        as_of: the day the data describe; left out, the latest day of a delivery, else the latest day in the data.
        progress: told about every file.
        workshop: a folder for working copies, which go with it if the work is broken off.

    Raises:
        SourceError: a source description is faulty, or no delivery is one that a source describes.
    """
    sources = load_sources(edition, folder / DESCRIPTIONS)
    deliveries, strangers = find_deliveries(folder, sources)
    if not deliveries:
        patterns = ", ".join(sorted({pattern for source in sources for pattern in source.files}))
        raise SourceError(
            "{folder}: no file there is one that a source of {edition} describes. Expected are {patterns}.",
            folder=str(folder), edition=edition.id, patterns=patterns,
        )  # fmt: skip
    as_of = as_of or max((delivery.delivered for delivery in deliveries if delivery.delivered), default=None)
    prepare_staging(connection, edition)
    prepare_received(connection, deliveries)
    prepare_notices(connection)
    prepare_corrections(connection)
    prepare_answers(connection, edition)
    decisions = read_decisions(folder / DESCRIPTIONS / FILE)
    load_facts(connection, edition)
    outcomes = {delivery.number: Outcome(delivery) for delivery in deliveries}
    with TemporaryDirectory(prefix="asar-", dir=workshop) as desk:
        known: dict[str, Directory] = {}
        for table in TABLES:
            matcher = Matcher(connection, edition, known)
            for delivery in deliveries:
                if delivery.source.table == table and delivery.copy_of is None:
                    progress(delivery.file, delivery.number - 1, len(deliveries))
                    outcome = outcomes[delivery.number]
                    _check_delivery(connection, matcher, outcome, edition, as_of, decisions, Path(desk))
            settle_keys(connection, table)
            record_corrections(connection, table)
            made = {made for source in sources if source.table == table for made in source.creates}
            for name in sorted(made):
                create_organisations(connection, name, table)
            load_table(connection, table)
            if table == "company":
                end_periods_where_the_next_begins(connection)
            known |= {name: directory(connection, name) for name in {table, *made} & ORGANISATIONS}
    load_answers(connection)
    add_background_events(connection, edition)
    record_possible_duplicates(connection)
    _count_fates(connection, outcomes)
    return Loaded(
        edition=edition,
        outcomes=tuple(outcomes[delivery.number] for delivery in deliveries),
        strangers=tuple(strangers),
        as_of=as_of or _latest_day(connection),
        is_demonstration=is_demonstration(folder),
    )


def _check_delivery(
    connection: duckdb.DuckDBPyConnection,
    matcher: Matcher,
    outcome: Outcome,
    edition: Edition,
    as_of: date | None,
    decisions: Sequence[Decision],
    workshop: Path,
) -> None:
    """Read one file and stage its rows."""
    delivery = outcome.delivery
    if delivery.source.survey:
        sheets, found = read_survey(connection, delivery, edition, decisions, workshop)
    else:
        sheets, found = read_file(connection, delivery.path, delivery.source, workshop)
    outcome.faults = [fault for fault in found if not isinstance(fault, FileNotice)]
    record_file_notices(connection, delivery, [notice for notice in found if isinstance(notice, FileNotice)])
    for sheet in sheets:
        matched = matcher.match(delivery.source, sheet)
        read = check_sheet(connection, delivery, matched, edition, as_of)
        outcome.rows_read += read
        outcome.rows_set_aside += count_rows(connection, matched) - read
        outcome.columns_unused = _joined(outcome.columns_unused, sheet.match.unused)
        outcome.columns_absent = _joined(outcome.columns_absent, sheet.match.absent)
        for table in (*matched.dictionaries, *sheet.tables):
            connection.execute(f"DROP TABLE {table}")


def _joined(some: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _count_fates(connection: duckdb.DuckDBPyConnection, outcomes: Mapping[int, Outcome]) -> None:
    """Count what became of each delivery's rows, each number from the table that shows it."""
    for table in TABLES:
        loaded = f"SELECT delivery_id, COUNT(*) FROM {table} WHERE delivery_id IS NOT NULL GROUP BY 1"
        by_id = dict(connection.execute(loaded).fetchall())
        superseded = f"SELECT delivery, COUNT(*) FROM settled_{table} WHERE fate = 'superseded' GROUP BY 1"
        by_number = dict(connection.execute(superseded).fetchall())
        corrected = count_corrections(connection, table)
        for number, outcome in outcomes.items():
            if outcome.delivery.source.table == table:
                outcome.rows_loaded = by_id.get(outcome.delivery.id, 0)
                outcome.rows_superseded = by_number.get(number, 0)
                outcome.rows_same, outcome.rows_changed = corrected.get(number, (0, 0))
    rejected = 'SELECT delivery_id, COUNT(*) FROM (SELECT DISTINCT delivery_id, sheet, "row" FROM reject) GROUP BY 1'
    by_id = dict(connection.execute(rejected).fetchall())
    for outcome in outcomes.values():
        outcome.rows_rejected = by_id.get(outcome.delivery.id, 0)
        if outcome.delivery.copy_of is not None:
            original = outcomes[outcome.delivery.copy_of]
            outcome.rows_read = outcome.rows_superseded = original.rows_read
            outcome.rows_set_aside = original.rows_set_aside
            outcome.faults = original.faults
        _require_balance(outcome)


def _require_balance(outcome: Outcome) -> None:
    known = outcome.rows_loaded + outcome.rows_rejected + outcome.rows_superseded
    if known != outcome.rows_read:
        raise Refused(
            "{file}: {read} rows were read, but {loaded} loaded, {rejected} rejected and {superseded} superseded rows"
            " do not add up to that. This is a fault of the program: report it and keep the file.",
            file=outcome.delivery.file, read=outcome.rows_read, loaded=outcome.rows_loaded,
            rejected=outcome.rows_rejected, superseded=outcome.rows_superseded,
        )  # fmt: skip


def _latest_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Return the last day on which an activity began, else the last day of the last year reported, else the last day
    on which an event began or a questionnaire was filled in, else None."""
    day, year, held, filled, wave = connection.execute("""
        SELECT (SELECT MAX(start_date) FROM activity), (SELECT MAX(year) FROM company_year),
            (SELECT MAX(start_date) FROM event WHERE delivery_id IS NOT NULL),
            (SELECT MAX(submitted_date) FROM respondent), (SELECT MAX(wave) FROM respondent)
    """).fetchone()
    return day or (date(year, 12, 31) if year else held or filled or (date(wave, 12, 31) if wave else None))
