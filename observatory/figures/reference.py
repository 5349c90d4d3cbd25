"""Reference: what stands behind the figures: indicators, terms, sources, method, how to cite."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.queries import instruments
from observatory.registry import Indicator, registry
from observatory.texts import mark


@dataclass(frozen=True)
class Indicators:
    """Every indicator of the edition: numerator, denominator, unit, source; those without data are named as such."""

    id: str = "indicators"

    def view(self, context: Context) -> View:
        texts = context.texts
        frame = pd.DataFrame([self._row(context, indicator) for indicator in context.edition.indicators])
        raw, shown = tables(
            [
                TableColumn("name", texts.say("Indicator")),
                TableColumn("definition", texts.say("Definition")),
                TableColumn("numerator", texts.say("Numerator")),
                TableColumn("denominator", texts.say("Denominator")),
                TableColumn("unit", texts.say("Unit")),
                TableColumn("source", texts.say("Source")),
                TableColumn("framework", texts.say("Framework")),
                TableColumn("state", texts.say("State")),
            ],
            frame,
        )
        fed = sum(indicator.id in context.available for indicator in context.edition.indicators)
        return View(
            id=self.id,
            headline=texts.say_n(
                "{n} indicator has data here", "{n} indicators have data here", fed, n=texts.number(fed)
            ),
            rows=raw,
            shown=shown,
        )

    def _row(self, context: Context, indicator: Indicator) -> dict[str, str]:
        texts, facts = context.texts, registry()
        named = lambda measures: " + ".join(texts.pick(facts.measures[measure].name) for measure in measures)  # noqa: E731
        return {
            "name": texts.pick(indicator.name),
            "definition": texts.pick(indicator.definition),
            "numerator": named(indicator.numerator),
            "denominator": named(indicator.denominator) or "–",
            "unit": texts.unit(indicator.unit),
            "framework": indicator.framework,
            "source": "; ".join(texts.pick(facts.sources[part.strip()].name) for part in indicator.source.split(",")),
            "state": texts.say("shown")
            if indicator.id in context.available
            else texts.say("not reported in this snapshot"),
        }


@dataclass(frozen=True)
class Glossary:
    """The terms of the field, as they are used here."""

    id: str = "glossary"

    def view(self, context: Context) -> View:
        texts = context.texts
        frame = pd.DataFrame(
            [
                {"term": texts.pick(term.term), "definition": texts.pick(term.definition)}
                for term in registry().glossary.values()
            ]
        ).sort_values("term")
        raw, shown = tables(
            [TableColumn("term", texts.say("Term")), TableColumn("definition", texts.say("Meaning here"))], frame
        )
        return View(id=self.id, headline=texts.say("Terms"), rows=raw, shown=shown)


@dataclass(frozen=True)
class Sources:
    """Who produced the figures, under which licence, by which method."""

    id: str = "sources"

    def view(self, context: Context) -> View:
        texts = context.texts
        used = {part.strip() for indicator in context.edition.indicators for part in indicator.source.split(",")}
        used |= {"boundaries"} if context.edition.map else set()
        used |= {"survey"} if instruments(context.store) else set()
        used |= {"event_list"} if context.store.snapshot.events_count else set()
        frame = pd.DataFrame(
            [
                {
                    "name": texts.pick(source.name),
                    "producer": texts.pick(source.producer),
                    "licence": source.licence if isinstance(source.licence, str) else texts.pick(source.licence),
                    "link": source.link,
                    "method": texts.pick(source.method),
                }
                for source in registry().sources.values()
                if source.id in used
            ]
        )
        raw, shown = tables(
            [
                TableColumn("name", texts.say("Source")),
                TableColumn("producer", texts.say("Producer")),
                TableColumn("method", texts.say("How it is made")),
                TableColumn("licence", texts.say("Licence")),
                TableColumn("link", texts.say("Link")),
            ],
            frame,
        )
        return View(id=self.id, headline=texts.say("Where the figures come from"), rows=raw, shown=shown)


SURVEY_METHOD = (
    mark("Answers are weighted to the frame of the owner of the study; where there is none, the page says so."),
    mark(
        "Intervals of 95% follow the design of the sample: colleagues asked through their company count as one cluster."
    ),
    mark(
        "A group with fewer than {hidden} answers is hidden; one with fewer than {low}, or with a wide interval, is"
        " grey and compared with nothing."
    ),
    mark("A difference is named only where a test shows it at 95%, adjusted by Holm for all that stands in one chart."),
    mark(
        "A company or an NGO that stands on both sides of a comparison, in two waves or in two groups, is compared with"
        " itself, not as if others had been asked."
    ),
    mark("Whoever was invited could answer or not. The interval shows chance alone: the figures are indicative."),
    mark("Numbers that companies gave are rounded; of fewer than {numbers} companies they are hidden."),
    mark(
        "The stage of the country is the highest that at least half of the companies have reached; a thousand"
        " resamples say how sure that is. The model is our own, no official rating."
    ),
)


@dataclass(frozen=True)
class SurveyMethod:
    """How answers become figures: weights, intervals, what is hidden, what is compared, the stage."""

    id: str = "survey-method"

    def fits(self, context: Context) -> bool:
        return bool(instruments(context.store))

    def view(self, context: Context) -> View:
        texts, limits = context.texts, context.edition.thresholds
        shown = {name: texts.number(limits[f"survey_base_{name}"]) for name in ("hidden", "low", "numbers")}
        return View(
            id=self.id,
            headline=texts.say("How answers are counted"),
            sentences=tuple(texts.say(sentence, **shown) for sentence in SURVEY_METHOD),
        )


METHOD = (
    mark(
        "Activities, participations and hours come from the activity log, by the region where the work was done. "
        "Headcount and volunteers come from the companies’ yearly forms, by the region where the company is registered."
    ),
    mark(
        "A participation is one person in one activity. A volunteer is one person, counted once a year in a company. "
        "No indicator divides participations by headcount."
    ),
    mark(
        "Several values together are the sum where the measure adds up. Where the same company or person may stand in "
        "more than one, the largest is shown and said as “at least”."
    ),
    mark("A range of years is the sum where years add up; else the smallest and the largest year are shown."),
    mark("A rate is the sum of its numerators over the sum of its denominators, never a mean of rates."),
    mark("An unfinished year is compared with the same months of the year before."),
    mark("“Not stated” is part of every total, so that parts add up to the whole."),
    mark("Hidden is a status, not a zero. Where nothing is reported, nothing is shown."),
)


@dataclass(frozen=True)
class Method:
    """How figures are counted, in eight sentences."""

    id: str = "method"

    def view(self, context: Context) -> View:
        texts = context.texts
        return View(
            id=self.id,
            headline=texts.say("How figures are counted"),
            sentences=tuple(texts.say(line) for line in METHOD),
        )


@dataclass(frozen=True)
class Cite:
    """How to cite a figure, the licence, and where to report an error."""

    id: str = "cite"

    def view(self, context: Context) -> View:
        texts, edition, snapshot = context.texts, context.edition, context.store.snapshot
        lines = [
            texts.say("Cite as: {citation}", citation=citation(context)),
            texts.say("Licence of the figures: {licence}", licence=edition.licence),
        ]
        if not edition.contact:
            lines.append(
                texts.say(
                    "Found an error? Tell the keeper of this observatory and name the snapshot: {snapshot}.",
                    snapshot=texts.as_sent(snapshot.id),
                )
            )
        else:
            lines.append(
                texts.say(
                    "Found an error? Write to {contact} and name the snapshot: {snapshot}.",
                    contact=edition.contact,
                    snapshot=texts.as_sent(snapshot.id),
                )
            )
        return View(id=self.id, headline=texts.say("Cite and correct"), sentences=tuple(lines))


def citation(context: Context, headline: str = "") -> str:
    """Return a citation of a figure, or of the whole edition."""
    texts, snapshot = context.texts, context.store.snapshot
    mark_ = texts.say("Demonstration data") if snapshot.is_demonstration else ""
    parts = [
        headline,
        texts.say("Asar, observatory of corporate volunteering, {edition}", edition=texts.pick(context.edition.name)),
        texts.say("snapshot of {date}", date=texts.date(snapshot.as_of)),
        texts.as_sent(snapshot.id),
        mark_,
    ]
    return ". ".join(part for part in parts if part) + "."
