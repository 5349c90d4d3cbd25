"""Report: what became of every delivery, said to the steward in words and to programs as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.pipeline import Loaded, Outcome
from observatory.rejects import say_place, say_reject
from observatory.texts import Texts, texts

SENTENCES_SHOWN = 20
REJECTS_IN_JSON = 1000

Reject = tuple[str, str | None, int, str | None, str | None, str, str | None]
"""file, sheet, row, column_name, value, rule, details: as in the table `reject`."""


@dataclass(frozen=True)
class Report:
    """What was loaded of a folder of deliveries, what was refused and, once it is published, as what."""

    loaded: Loaded
    rejects: tuple[Reject, ...]
    snapshot_id: str | None = None
    content_hash: str | None = None
    folder: Path | None = None

    @property
    def is_publishable(self) -> bool:
        """Return whether no delivery is refused."""
        return not self.loaded.refused

    def published_as(self, snapshot_id: str, content_hash: str, folder: Path) -> Report:
        """Return the report of the same load once it has a name."""
        return replace(self, snapshot_id=snapshot_id, content_hash=content_hash, folder=folder)

    def as_json(self, language: str | None = None) -> dict[str, Any]:
        """Return the report as plain values; its sentences are in a language, by default the edition's."""
        words = texts(language or self.loaded.edition.default_language)
        rejects = []
        for file, sheet, row, column, value, rule, details in self.rejects[:REJECTS_IN_JSON]:
            message, remedy = say_reject(words, self.loaded.edition, rule, column, value, details)
            rejects.append({
                "file": file, "sheet": sheet, "row": row, "column": column, "value": value, "rule": rule,
                "details": json.loads(details) if details else None, "message": message, "remedy": remedy,
            })  # fmt: skip
        return {
            "edition": self.loaded.edition.id,
            "snapshot": self.snapshot_id,
            "content_hash": self.content_hash,
            "as_of": str(self.loaded.as_of) if self.loaded.as_of else None,
            "is_demonstration": self.loaded.is_demonstration,
            "refused": [outcome.delivery.file for outcome in self.loaded.refused],
            "deliveries": [self._delivery(words, outcome) for outcome in self.loaded.outcomes],
            "rejects_by_rule": dict(sorted(Counter(rule for *_, rule, _ in self.rejects).items())),
            "rejects_count": len(self.rejects),
            "rejects": rejects,
            "not_described": list(self.loaded.strangers),
        }

    def show(self, console: Console, language: str | None = None) -> None:
        """Write the report for a person: a line per delivery, then sentences on what needs the steward's hand."""
        words = texts(language or self.loaded.edition.default_language)
        console.print(self._table(words))
        for sentence in self._sentences(words):
            console.print(Text(sentence), soft_wrap=True)

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
            table.add_row(Text(outcome.delivery.file), *(words.number(count) for count in counts), style=style)
        return table

    def _sentences(self, words: Texts) -> Iterator[str]:
        for outcome in self.loaded.outcomes:
            yield from self._reasons(words, outcome)
        for file, sheet, row, column, value, rule, details in self.rejects[:SENTENCES_SHOWN]:
            message, remedy = say_reject(words, self.loaded.edition, rule, column, value, details)
            yield f"{say_place(words, file, sheet, row)}: {message} {remedy}"
        more = len(self.rejects) - SENTENCES_SHOWN
        if more > 0:
            yield words.say_n("and {n} more fault, all in --json", "and {n} more faults, all in --json", more)
        for outcome in self.loaded.outcomes:
            if outcome.columns_unused:
                headings = ", ".join(outcome.columns_unused)
                yield words.say("{file}: columns not used: {headings}", file=outcome.delivery.file, headings=headings)
            if outcome.columns_absent:
                yield words.say(
                    "{file}: the description names columns that are not there: {headings}",
                    file=outcome.delivery.file, headings=", ".join(outcome.columns_absent),
                )  # fmt: skip
        if self.loaded.strangers:
            files = ", ".join(self.loaded.strangers)
            yield words.say("Files that no source describes, not read: {files}", files=files)
        if self.snapshot_id:
            yield words.say("Published: {folder}", folder=str(self.folder))
        elif self.loaded.refused:
            count = words.number(len(self.loaded.refused))
            yield words.say("Nothing was published. Files refused: {count}", count=count)

    def _reasons(self, words: Texts, outcome: Outcome) -> Iterator[str]:
        """Yield why a delivery is refused whole, if it is."""
        edition = self.loaded.edition
        for fault in outcome.faults:
            message, remedy = say_reject(words, edition, fault.rule, fault.column, fault.value, None)
            yield f"{say_place(words, outcome.delivery.file, fault.sheet, None)}: {message} {remedy}"
        if not outcome.faults and outcome.is_refused(edition.reject_share_limit):
            share = words.percent(100 * outcome.rows_rejected / outcome.rows_read)
            limit = words.percent(100 * edition.reject_share_limit)
            message, remedy = say_reject(words, edition, "too_many_faults", None, share, json.dumps({"limit": limit}))
            yield f"{outcome.delivery.file}: {message} {remedy}"
