"""Audit: what the protection would leave of one snapshot, and what somebody could work out of that."""

from __future__ import annotations

import argparse
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import numpy as np
from rich.console import Console
from rich.table import Table

from etl.aggregate import number_codes, number_everybody
from etl.aggregate.families import FAMILIES
from etl.history import DATABASE, snapshot_folder
from etl.pipeline import Progress
from etl.protect.attack import Finding, Utility, attacked, utility
from etl.protect.cube import cubes, entity_names
from etl.protect.keys import KEY_BYTES, PUBLIC_KEY
from etl.protect.noise import Noise
from etl.protect.release import Release, Rules, releases
from observatory.editions import Edition
from observatory.errors import Refused
from observatory.texts import Texts, mark

TESTS = {
    "T1 direct": mark("Published though too few give, or one gives nearly all"),
    "T3 linear": mark("Secret sums worked out by adding and subtracting"),
    "T3b support": mark("Organisations of which a mix of own places is worked out"),
    "T4 floor": mark("Values moved by less than the least share"),
    "T5 averaging": mark("Organisations whose year is worked out, and within 10%"),
    "T6 insider": mark("Largest givers found within 10% by the second largest"),
    "T9 control": mark("Single values found without protection (must break)"),
}


@dataclass(frozen=True)
class Audit:
    """What was found in one snapshot.

    findings: of each test, over all measures. costs: of protecting sums, by the number of contributors. headlines:
    errors of headline sums, as shares of them.
    """

    snapshot: str
    findings: tuple[Finding, ...]
    costs: tuple[Utility, ...]
    headlines: np.ndarray

    @property
    def holds(self) -> bool:
        """True where no test got more than it may."""
        return all(finding.holds for finding in self.findings)

    def as_json(self) -> dict:
        """Return the audit as plain values."""
        findings = [asdict(one) | {"holds": one.holds} for one in self.findings]
        headlines = {"count": len(self.headlines), "median": self._quantile(0.5), "worst": self._quantile(1.0)}
        return {
            "snapshot": self.snapshot, "holds": self.holds, "findings": findings,
            "costs": [asdict(cost) for cost in self.costs], "headlines": headlines,
        }  # fmt: skip

    def show(self, console: Console, words: Texts) -> None:
        """Print the audit: the verdict, each test, what protection costs a reader."""
        verdict = (
            words.say("The protection of snapshot {snapshot} holds.", snapshot=self.snapshot) if self.holds else
            words.say("The protection of snapshot {snapshot} does not hold: none of it may be made public.",
                      snapshot=self.snapshot)
        )  # fmt: skip
        console.print(verdict, style="bold" if self.holds else "bold red", markup=False, highlight=False)
        console.print(_findings(self.findings, words))
        console.print(_costs(self.costs, words))
        said = words.say(
            "Headline sums: {count}; half of them are off by less than {median}, the worst by {worst}.",
            count=words.number(len(self.headlines)), median=_percent(self._quantile(0.5), words),
            worst=_percent(self._quantile(1.0), words),
        )  # fmt: skip
        console.print(said, markup=False, highlight=False)

    def _quantile(self, part: float) -> float:
        return float(np.quantile(np.abs(self.headlines), part)) if len(self.headlines) else 0.0


def audit(folder: Path, edition: Edition, key: bytes, progress: Progress = lambda what, done, of: None) -> Audit:
    """Protect the exact cells of a snapshot, in memory only, and attack what would be published.

    Args:
        folder: of the snapshot.
        edition: whose thresholds hold.
        key: what the noise is drawn by.
        progress: told about every measure.

    Raises:
        Refused: the snapshot holds no exact data.
    """
    if not (folder / DATABASE).is_file():
        raise Refused("Snapshot {snapshot} holds no exact data to be protected.", snapshot=folder.name)
    rules, findings, released, headlines = Rules.of(edition), [], [], [np.array([])]
    measures = sum(len(family.sums) for family in FAMILIES)
    for done, (noise, found) in enumerate(released_of(folder / DATABASE, edition, key)):
        progress("protect", done, measures)
        if not found:
            continue
        findings += attacked(found, rules)
        if noise is not None:
            released += found
            headlines.append(noise.errors)
    bands = edition.thresholds["contributor_bands"]
    return Audit(folder.name, tuple(_joined(findings)), tuple(utility(released, bands)), np.concatenate(headlines))


def released_of(database: Path, edition: Edition, key: bytes) -> Iterator[tuple[Noise | None, list[Release]]]:
    """Yield what `releases` yields of each family, of the exact data of a snapshot."""
    with duckdb.connect(str(database), read_only=True) as connection:
        number_codes(connection, edition)
        number_everybody(connection)
        names = entity_names(connection)
        for family in FAMILIES:
            yield from releases(family, cubes(connection, family, edition), names, key, Rules.of(edition))


def _joined(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each test: the measures that do not hold, else all of them together."""
    by_test: dict[str, list[Finding]] = {}
    for finding in findings:
        by_test.setdefault(finding.test, []).append(finding)
    joined = []
    for test, found in by_test.items():
        broken = [finding for finding in found if not finding.holds] or found
        measures = "" if broken is found else ", ".join(finding.measure for finding in broken)
        got, of = (sum(part) for part in zip(*((one.got, one.of) for one in broken), strict=True))
        joined.append(Finding(test, measures, got, of, found[0].allowed, found[0].is_control))
    return joined


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the option of the command `attack`."""
    parser.add_argument("--snapshot", help="which one; default: the one that is served")


def run(options: argparse.Namespace, edition: Edition, out: Path, words: Texts, progress: Progress) -> bool:
    """Audit a snapshot under `out`, the one that is served or the one named, print what was found, return the verdict.

    Raises:
        UsageError: there is no snapshot of the name.
        Refused: nothing is published there, or no exact data.
    """
    folder = snapshot_folder(out, options.snapshot)
    found = audit(folder, edition, _key(folder / DATABASE), progress)
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        found.show(Console(), words)
    return found.holds


def _key(database: Path) -> bytes:
    """Return the public key for demonstration data, else one made for this once: nothing of it is published."""
    if database.is_file():
        with duckdb.connect(str(database), read_only=True) as connection:
            told = connection.execute("SELECT value FROM snapshot WHERE key = 'is_demonstration'").fetchone()
        if told == ("true",):
            return PUBLIC_KEY
    return secrets.token_bytes(KEY_BYTES)


def _findings(findings: Iterable[Finding], words: Texts) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading, justify in (
        (words.say("Attack"), "left"), (words.say("Worked out"), "right"), (words.say("Of"), "right"),
        (words.say("At most"), "right"), (words.say("Verdict"), "left"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify)
    for one in findings:
        verdict = words.say("holds") if one.holds else words.say("broken: {measures}", measures=one.measure)
        allowed = "" if one.is_control else _percent(one.allowed, words)
        row = (words.say(TESTS[one.test]), words.number(one.got), words.number(one.of), allowed, verdict)
        table.add_row(*row, style=None if one.holds else "bold red")
    return table


def _costs(costs: Iterable[Utility], words: Texts) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in (
        words.say("Organisations"), words.say("Cells"), words.say("Hidden"), words.say("Median error"),
        words.say("95% of errors up to"),
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for cost in costs:
        hidden = words.percent(100 * cost.hidden / cost.cells) if cost.cells else ""
        errors = ("" if np.isnan(error) else _percent(error, words) for error in (cost.median, cost.p95))
        table.add_row(cost.base, words.number(cost.cells), hidden, *errors)
    return table


def _percent(share: float, words: Texts) -> str:
    return words.percent(100 * share, 1)
