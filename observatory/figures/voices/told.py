"""Told: one question of a survey in the reader’s words, which the figures of a page of voices share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from observatory import queries
from observatory.figures.view import Context
from observatory.queries.voices import WAVE, Estimate, Voices
from observatory.registry import registry
from observatory.texts import mark

SOURCE = "survey"
SHARES = ("share", "top")
BREAKDOWN_NAMES = {
    "": mark("All respondents"), WAVE: mark("Wave"), "region": mark("Macro-region"), "size.legal": mark("Company size"),
    "size.fine": mark("Company size, finer"),
}  # fmt: skip
STATISTICS = {
    "top": mark("Those who agree"), "mean": mark("Mean"), "median": mark("Median"), "nps": mark("Net promoter score"),
}  # fmt: skip


def instrument_name(context: Context, instrument: str) -> str:
    """Return the title of an instrument of ours; another's name as it stands."""
    title = registry().questionnaires["instruments"].get(instrument)
    return context.texts.pick(title) if title else instrument


def breakdown_name(context: Context, by: str) -> str:
    texts = context.texts
    return texts.say(BREAKDOWN_NAMES[by]) if by in BREAKDOWN_NAMES else texts.dimension(by)


@dataclass(frozen=True)
class Told:
    """One question as asked, in the reader's words: what the figures of a page of voices share."""

    context: Context
    voices: Voices

    @property
    def wording(self) -> str:
        return self.context.texts.as_sent(self.voices.question.wording)

    def written(self, statistic: str, value: float) -> str:
        """Return a value as it is printed: a share as a percentage, what else in its own unit."""
        texts = self.context.texts
        return texts.percent(100 * value) if statistic in SHARES else texts.number(value)

    def times(self, statistic: str) -> int:
        """Return what a value is multiplied by to be printed: shares are parts of one, and printed as percentages."""
        return 100 if statistic in SHARES else 1

    def interval(self, row: Estimate) -> str:
        """Return "40–50", bare beside its value."""
        if row.low is None or row.high is None:
            return ""
        texts = self.context.texts
        times = self.times(row.statistic)
        digits = 0 if row.statistic in SHARES else None
        return texts.span(texts.number(times * row.low, digits), texts.number(times * row.high, digits))

    def label(self, row: Estimate) -> str:
        """Return what a row is about: a statement of the form, a group, an option or a statistic."""
        if row.statement:
            return row.statement
        return self.group(row.group) if self.voices.asked.by else self.statistic(row)

    def group(self, code: str) -> str:
        """Return the name of a group."""
        by, texts = self.voices.asked.by, self.context.texts
        if by == WAVE:
            return code
        dimension = by.partition(".")[0]
        return texts.member(self.context.edition.dimensions.get(dimension, dimension), code, short=True) if by else ""

    def statistic(self, row: Estimate) -> str:
        """Return what a row is the estimate of: an option, or a statistic by its name."""
        if row.statistic == "share":
            return self.voices.options.get(row.option, row.option)
        return self.context.texts.say(STATISTICS[row.statistic])

    def main(self, rows: Iterable[Estimate]) -> list[Estimate]:
        """Return the rows of the statistic that sums the question up; of shares, of the option that is compared."""
        measure, option = self.voices.question.measure, self.voices.asked.option
        return [row for row in rows if row.statistic == measure and (measure != "share" or row.option == option)]


def told(context: Context) -> Told:
    return Told(context, queries.voices(context.store, context.asked, context.texts.language))
