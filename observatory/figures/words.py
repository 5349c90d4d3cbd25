"""Figures in words: what stands out in the reader's choice, who does half of the work, how much is covered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from observatory import NOT_STATED, queries
from observatory.figures.notes import definitions, source_line
from observatory.figures.ranking import leaders, ranked
from observatory.figures.stages import StageLead
from observatory.figures.tables import amount, labelled
from observatory.figures.view import Context, View
from observatory.findings import findings
from observatory.queries.stages import stages
from observatory.texts import mark


@dataclass(frozen=True)
class Findings:
    """At most three findings from the rules of the registry; nothing stands out is said, too."""

    id: str = "findings"

    def view(self, context: Context) -> View:
        texts = context.texts
        found = tuple(findings(context.store, context.edition, context.filters, texts))
        if not found:
            return View(
                id=self.id,
                headline=texts.say("Nothing stands out in this choice"),
                sentences=(
                    texts.say(
                        "No theme, region or size class with enough organisations differs enough from the others, "
                        "or from the year before, to be named."
                    ),
                ),
            )
        return View(
            id=self.id,
            headline=texts.say("What stands out"),
            sentences=found,
            source=source_line(context, context.main),
        )


@dataclass(frozen=True)
class FirstFinding:
    """The headline of the overview: the stage of the country; of a choice, and where no company answered, the strongest
    finding, or the plain total where nothing stands out."""

    id: str = "first-finding"

    def view(self, context: Context) -> View:
        texts = context.texts
        if context.filters.is_default and stages(context.store):
            return replace(StageLead().view(context), id=self.id)
        subtitle = f"{texts.pick(context.edition.country)} · {context.filters.sentence(texts, context.edition)}"
        found = findings(context.store, context.edition, context.filters, texts)
        if found:
            return View(id=self.id, headline=found[0], subtitle=subtitle)
        indicator = context.main
        total = context.lookup(indicator).rows
        headline = (
            texts.say("Corporate volunteering")
            if total.empty or total.hidden_parts.iloc[0]
            else texts.say(
                "Corporate volunteering: {value}",
                value=amount(context, indicator, total.value.iloc[0], total.value_to.iloc[0]),
            )
        )
        return View(id=self.id, headline=headline, subtitle=subtitle)


COVERAGE = (
    ("companies_reporting", mark("Companies that sent the yearly form: {value}")),
    ("coverage", mark("Staff of companies reporting, of all employed persons: {value}")),
    ("log_coverage", mark("Hours of the activity log, of the hours companies report: {value}")),
)


@dataclass(frozen=True)
class Coverage:
    """Who reports, of how many: the latest year of the choice for which the yearly forms are in."""

    id: str = "coverage"

    def fits(self, context: Context) -> bool:
        used = {indicator.id for indicator in context.edition.indicators}
        return any(indicator_id in used for indicator_id, _ in COVERAGE)

    def view(self, context: Context) -> View:
        texts, sentences, used, aside, year = context.texts, [], [], {}, None
        for indicator_id, sentence in COVERAGE:
            if indicator_id not in context.available:
                continue
            indicator = context.indicator(indicator_id)
            answer = queries.headline(context.store, context.edition, indicator, context.filters)
            if answer is None or answer.status == "hidden" or answer.instead is not None:
                continue
            year = year or answer.year
            said = texts.say(sentence, value=texts.amount(answer.value, indicator.unit))
            sentences.append(
                said if answer.year == year else texts.say("{sentence} ({year})", sentence=said, year=str(answer.year))
            )
            used.append(indicator)
            aside.update(dict.fromkeys(context.lookup(indicator).set_aside))
        if not used:
            return View(
                id=self.id,
                headline=texts.say("Coverage is not known"),
                state="empty",
                notes=(
                    texts.say(
                        "No yearly form of a company is reported for this choice, so nobody can say which "
                        "share of the country these figures cover."
                    ),
                ),
            )
        return View(
            id=self.id,
            headline=texts.say("Who reports, in {year}", year=str(year)),
            sentences=tuple(sentences),
            notes=(texts.say("Companies report of their own will: these figures describe them, not every company."),),
            definitions=definitions(context, *used),
            source=source_line(context, *used),
        )


def _wider(context: Context, aside: Iterable[str]) -> tuple[str, ...]:
    """Return the warning that some of these lines describe more than the choice."""
    texts = context.texts
    names = ", ".join(texts.dimension(name) for name in aside)
    return (texts.say("Some lines cannot follow the choice of: {filters}.", filters=names),) if names else ()


@dataclass(frozen=True)
class Concentration:
    """The headline of a page: the fewest members that together do half of the work, named."""

    by: str
    level: str = ""

    @property
    def id(self) -> str:
        return f"concentration-{self.by}"

    def view(self, context: Context) -> View:
        texts, indicator = context.texts, context.count()
        subtitle = context.filters.sentence(texts, context.edition)
        if not context.has(indicator, self.by):
            return View(id=self.id, headline=texts.dimension(self.by), subtitle=subtitle)
        if context.filters.codes(self.by) or (context.show and context.indicator().is_rate):
            return View(id=self.id, headline=self._of_the_choice(context), subtitle=subtitle)
        answer = ranked(context, indicator, self.by, self.level)
        if answer.rows.empty or answer.rows.value.sum() <= 0:
            return View(id=self.id, headline=texts.dimension(self.by), subtitle=subtitle)
        rows, _ = labelled(context, answer, indicator)
        total, so_far, names = rows.value.sum(), 0.0, []
        if answer.hidden_parts:
            whole = context.whole_of(indicator, answer).rows
            if whole.value.isna().all() or whole.hidden_parts.any():
                return View(id=self.id, headline=leaders(context, indicator, rows), subtitle=subtitle)
            total = max(total, whole.value.iloc[0])
        for row in (
            rows[~rows.code.str.endswith(NOT_STATED) & (rows.status != "hidden")]
            .sort_values("value", ascending=False)
            .itertuples()
        ):
            so_far += row.value
            names.append(row.label)
            if so_far >= total / 2:
                break
        if answer.hidden_parts and so_far < total / 2:  # more than half is hidden, or not stated
            return View(id=self.id, headline=leaders(context, indicator, rows), subtitle=subtitle)
        return View(
            id=self.id,
            subtitle=subtitle,
            headline=texts.say(
                "{indicator}. {share} of them: {names}",
                indicator=texts.pick(indicator.name),
                share=texts.percent(100 * so_far / total),
                names=texts.names(names),
            ),
        )

    def _of_the_choice(self, context: Context) -> str:
        """Return the value of the chosen indicator for the choice, and its share of all where the values add up."""
        texts, indicator = context.texts, context.indicator() if context.show else context.main
        here = context.lookup(indicator).rows
        everything = context.lookup(indicator, (), context.filters.without(self.by)).rows
        name = texts.pick(indicator.name)
        if here.empty or here.hidden_parts.iloc[0]:
            return name
        value = amount(context, indicator, here.value.iloc[0], here.value_to.iloc[0])
        adds = (
            not indicator.is_rate
            and not here.is_at_least.iloc[0]
            and here.value_to.isna().iloc[0]
            and everything.status.iloc[0] != "hidden"
        )
        if not adds or not everything.value.iloc[0]:
            return texts.say("{indicator} in this choice: {value}", indicator=name, value=value)
        share = texts.percent(100 * here.value.iloc[0] / everything.value.iloc[0])
        return texts.say(
            "{indicator} in this choice: {value}, {share} of all", indicator=name, value=value, share=share
        )
