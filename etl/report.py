"""Report: what became of every delivery, said to the steward in words and to programs as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.history import Kept
from etl.pipeline import Loaded, Outcome
from observatory.corrections import say_correction
from observatory.rejects import say_place, say_reject, shown
from observatory.texts import Texts, texts

SENTENCES_SHOWN = 20
ENTRIES_IN_JSON = 1000

Reject = tuple[str, str | None, int, str | None, str | None, str, str | None]
"""file, sheet, row, column_name, value, rule, details: as in the tables `reject` and `notice`; no row: the file."""

Correction = tuple[str, str | None, int, str, str | None, int, str, str, str | None, str | None]
"""file, sheet, row, superseded_file, superseded_sheet, superseded_row, table_name, field, value_before, value_now."""


@dataclass(frozen=True)
class Report:
    """What was loaded of a folder of deliveries, what was refused and, once it is published, as what."""

    loaded: Loaded
    rejects: tuple[Reject, ...]
    notices: tuple[Reject, ...] = ()
    corrections: tuple[Correction, ...] = ()
    snapshot_id: str | None = None
    content_hash: str | None = None
    folder: Path | None = None
    added: str | None = None

    @property
    def is_publishable(self) -> bool:
        """Return whether no delivery is refused."""
        return not self.loaded.refused

    def published_as(self, snapshot_id: str, content_hash: str, folder: Path) -> Report:
        """Return the report of the same load once it has a name."""
        return replace(self, snapshot_id=snapshot_id, content_hash=content_hash, folder=folder)

    def first_of(self, file: str) -> Report:
        """Return the report with what it says of the file that was added before what it says of all others."""

        def ordered(entries: tuple) -> tuple:
            return tuple(sorted(entries, key=lambda entry: entry[0] != file))

        told = {name: ordered(getattr(self, name)) for name in ("rejects", "notices", "corrections")}
        return replace(self, added=file, **told)

    def as_json(self, language: str | None = None) -> dict[str, Any]:
        """Return the report as plain values; its sentences are in a language, by default the edition's."""
        words = texts(language or self.loaded.edition.default_language)
        return {
            "edition": self.loaded.edition.id,
            "snapshot": self.snapshot_id,
            "content_hash": self.content_hash,
            "as_of": str(self.loaded.as_of) if self.loaded.as_of else None,
            "is_demonstration": self.loaded.is_demonstration,
            "refused": [outcome.delivery.file for outcome in self.loaded.refused],
            "deliveries": [self._delivery(words, outcome) for outcome in self.loaded.outcomes],
            **self._entries(words, "rejects", self.rejects),
            **self._entries(words, "notices", self.notices),
            "corrections_count": len(self.corrections),
            "corrections": [self._correction(words, correction) for correction in self.corrections[:ENTRIES_IN_JSON]],
            "not_described": list(self.loaded.strangers),
            **({"added": self.added} if self.added else {}),
        }

    def show(self, console: Console, language: str | None = None) -> None:
        """Write the report for a person: a line per delivery, then sentences on what needs the steward's hand."""
        words = texts(language or self.loaded.edition.default_language)
        console.print(self._table(words))
        for sentence in self._sentences(words):
            console.print(Text(sentence), soft_wrap=True)

    def _entries(self, words: Texts, name: str, entries: Sequence[Reject]) -> dict[str, Any]:
        """Return the first of the rejects or notices with their sentences, how many there are, and of which rules."""
        told = []
        for file, sheet, row, column, value, rule, details in entries[:ENTRIES_IN_JSON]:
            message, remedy = say_reject(words, self.loaded.edition, rule, column, value, details)
            told.append({
                "file": file, "sheet": sheet, "row": row, "column": column, "value": value, "rule": rule,
                "details": json.loads(details) if details else None, "message": message, "remedy": remedy,
            })  # fmt: skip
        by_rule = dict(sorted(Counter(rule for *_, rule, _ in entries).items()))
        return {f"{name}_by_rule": by_rule, f"{name}_count": len(entries), name: told}

    def _correction(self, words: Texts, correction: Correction) -> dict[str, Any]:
        file, sheet, row, old_file, old_sheet, old_row, _, field, before, now = correction
        return {
            "file": file, "sheet": sheet, "row": row,
            "superseded": {"file": old_file, "sheet": old_sheet, "row": old_row},
            "field": field, "value_before": before, "value_now": now, "message": self._corrected(words, correction),
        }  # fmt: skip

    def _delivery(self, words: Texts, outcome: Outcome) -> dict[str, Any]:
        delivery = outcome.delivery
        return {
            "delivery_id": delivery.id,
            "source": delivery.source.id,
            "file": delivery.file,
            "sha256": delivery.sha256,
            "delivered": str(delivery.delivered) if delivery.delivered else None,
            "rows_read": outcome.rows_read,
            "rows_loaded": outcome.rows_loaded,
            "rows_rejected": outcome.rows_rejected,
            "rows_superseded": outcome.rows_superseded,
            "rows_set_aside": outcome.rows_set_aside,
            "rows_same": outcome.rows_same,
            "rows_changed": outcome.rows_changed,
            "faults": sum(file == delivery.file for file, *_ in self.rejects),
            "columns_unused": list(outcome.columns_unused),
            "columns_absent": list(outcome.columns_absent),
            "refused_because": list(self._reasons(words, outcome)),
        }

    def _table(self, words: Texts) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column(words.say("File"), overflow="fold")
        counted = (
            words.say("Rows read"), words.say("Loaded"), words.say("Refused"),
            words.say("Replaced by a later delivery"), words.say("Totals and blank rows"),
        )  # fmt: skip
        for heading in counted:
            table.add_column(heading, justify="right")
        for outcome in sorted(self.loaded.outcomes, key=lambda outcome: outcome.delivery.file):
            counts = (
                outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected, outcome.rows_superseded,
                outcome.rows_set_aside,
            )  # fmt: skip
            style = "bold red" if outcome in self.loaded.refused else None
            table.add_row(Text(shown(outcome.delivery.file)), *(words.number(count) for count in counts), style=style)
        return table

    def _sentences(self, words: Texts) -> Iterator[str]:
        for outcome in self.loaded.outcomes:
            yield from self._reasons(words, outcome)
        yield from (self._entry(words, reject) for reject in self.rejects[:SENTENCES_SHOWN])
        if (more := len(self.rejects) - SENTENCES_SHOWN) > 0:
            yield words.say_n("and {n} more fault, all in --json", "and {n} more faults, all in --json", more)
        if self.notices:
            yield words.say("Loaded, and worth a look:")
        yield from (self._entry(words, notice) for notice in self.notices[:SENTENCES_SHOWN])
        if (more := len(self.notices) - SENTENCES_SHOWN) > 0:
            yield words.say("more of these, all in --json: {count}", count=words.number(more))
        yield from self._corrections(words)
        for outcome in self.loaded.outcomes:
            if outcome.columns_unused:
                headings = ", ".join(map(shown, outcome.columns_unused))
                file = shown(outcome.delivery.file)
                yield words.say("{file}: columns not used: {headings}", file=file, headings=headings)
            if outcome.columns_absent:
                yield words.say(
                    "{file}: the description names columns that are not there: {headings}",
                    file=outcome.delivery.file, headings=", ".join(outcome.columns_absent),
                )  # fmt: skip
        if self.loaded.strangers:
            files = ", ".join(map(shown, self.loaded.strangers))
            yield words.say("Files that no source describes, not read: {files}", files=files)
        if self.snapshot_id:
            yield words.say("Published: {folder}", folder=str(self.folder))
        elif self.loaded.refused:
            count = words.number(len(self.loaded.refused))
            yield words.say("Nothing was published. Files refused: {count}", count=count)

    def _entry(self, words: Texts, entry: Reject) -> str:
        file, sheet, row, column, value, rule, details = entry
        message, remedy = say_reject(words, self.loaded.edition, rule, column, value, details)
        return f"{say_place(words, file, sheet, row)}: {message} {remedy}"

    def _corrections(self, words: Texts) -> Iterator[str]:
        """Yield what later deliveries changed: the count for each of them, then the first fields."""
        for outcome in self.loaded.outcomes:
            if outcome.rows_same or outcome.rows_changed:
                yield words.say(
                    "{file}: replaces rows of earlier deliveries. The same: {same}, changed: {changed}",
                    file=outcome.delivery.file,
                    same=words.number(outcome.rows_same), changed=words.number(outcome.rows_changed),
                )  # fmt: skip
        yield from (self._corrected(words, correction) for correction in self.corrections[:SENTENCES_SHOWN])
        if (more := len(self.corrections) - SENTENCES_SHOWN) > 0:
            yield words.say("more of these, all in --json: {count}", count=words.number(more))

    def _corrected(self, words: Texts, correction: Correction) -> str:
        file, sheet, row, old_file, old_sheet, old_row, table, field, before, now = correction
        name, before, now = say_correction(words, self.loaded.edition, table, field, before, now)
        return words.say(
            "{place}: {field} was {before}, now {now} (before: {replaced})",
            place=say_place(words, file, sheet, row), replaced=say_place(words, old_file, old_sheet, old_row),
            field=name, before=before, now=now,
        )  # fmt: skip

    def _reasons(self, words: Texts, outcome: Outcome) -> Iterator[str]:
        """Yield why a delivery is refused whole, if it is."""
        edition = self.loaded.edition
        for fault in outcome.faults:
            message, remedy = say_reject(words, edition, fault.rule, fault.column, fault.value, fault.details)
            yield f"{say_place(words, outcome.delivery.file, fault.sheet, None)}: {message} {remedy}"
        if not outcome.faults and outcome.is_refused(edition.reject_share_limit):
            share = words.percent(100 * outcome.rows_rejected / outcome.rows_read)
            limit = words.percent(100 * edition.reject_share_limit)
            message, remedy = say_reject(words, edition, "too_many_faults", None, share, json.dumps({"limit": limit}))
            yield f"{shown(outcome.delivery.file)}: {message} {remedy}"


def snapshot_table(kept: Sequence[Kept], words: Texts) -> Table:
    """Return the snapshots that are kept, in the order in which they were served; the one that is served in bold."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column(words.say("Snapshot"), no_wrap=True)
    table.add_column(words.say("Date"))
    for heading in (words.say("Loaded"), words.say("Refused")):
        table.add_column(heading, justify="right")
    table.add_column(words.say("Content"), overflow="fold")
    for snapshot in kept:
        mark = words.say("served") if snapshot.is_served else ""
        style = "bold" if snapshot.is_served else None
        if snapshot.content_hash is None:
            table.add_row(mark, snapshot.id, words.say("cannot be read"), "", "", "", style=style)
            continue
        counts = (words.number(count or 0) for count in (snapshot.rows_loaded, snapshot.rows_refused))
        table.add_row(mark, snapshot.id, snapshot.as_of, *counts, snapshot.content_hash[:16], style=style)
    return table
