"""Protection: how figures of companies are made public, in plain words, and what that costs a reader."""

from __future__ import annotations

from dataclasses import dataclass

from observatory import queries
from observatory.figures.notes import HIDDEN_SENTENCE
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.texts import mark

SENTENCES = (
    mark(
        "Everything that one organisation gave to a sum is moved the same way, by 11 to 25%, in every table and every"
        " year: however many figures are put together, what it gave is never nearer than that."
    ),
    mark("The changes are chosen so that sums of a year, and of a year by one breakdown, stay almost as they are."),
    mark(
        "A sum needs {contributors} organisations, of which the second largest cannot work out the largest within"
        " {p_percent}%. At most {depth} parts of a choice are followed at once, the year counted."
    ),
    mark("A figure is also hidden where all published figures together would give another hidden one away."),
    mark(
        "Counts of organisations are exact from {contributors} on. Of surveys a group needs {base} answers with"
        " {contributors} organisations behind them, and is not shown where all said the same."
    ),
    HIDDEN_SENTENCE,
    mark("A company is counted once with all others of its holding."),
)


@dataclass(frozen=True)
class Protection:
    """How figures are protected, and how many are hidden, and how far off the others are, by base size."""

    id: str = "protection"

    def fits(self, context: Context) -> bool:
        return context.store.is_protected

    def view(self, context: Context) -> View:
        texts, limits = context.texts, context.edition.thresholds
        costs = queries.protection_costs(context.store)
        firm = costs[costs.median_error.notna()]

        def percent(share: float) -> str:
            return texts.percent(100 * share, 1)

        raw, shown = tables(
            [
                TableColumn("base", texts.say("Organisations")),
                TableColumn("cells", texts.say("Figures"), texts.number),
                TableColumn("share_hidden", texts.say("Hidden"), percent),
                TableColumn("median_error", texts.say("Half of the others are off by less than"), percent),
                TableColumn("p95_error", texts.say("95% of them by less than"), percent),
            ],
            costs.assign(share_hidden=costs.hidden / costs.cells),
        )
        values = {
            "contributors": texts.number(limits["contributors_min"]), "p_percent": texts.number(limits["p_percent"]),
            "depth": texts.number(limits["depth_max"]), "base": texts.number(limits["shares_base_min"]),
        }  # fmt: skip
        headline = texts.say("How figures are protected")
        if not firm.empty:
            headline = texts.say(
                "Half of the figures of {base} organisations are off by less than {error}",
                base=firm.base.iloc[-1], error=percent(firm.median_error.iloc[-1]),
            )  # fmt: skip
        return View(
            id=self.id,
            headline=headline,
            sentences=tuple(texts.say(sentence, **values) for sentence in SENTENCES),
            rows=raw,
            shown=shown,
        )
