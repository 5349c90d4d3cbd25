"""Voices: one question of a survey, as its answers speak for those not asked: in words, drawn, and how it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from observatory import TOTAL, queries
from observatory.charts import agreement
from observatory.charts import estimates as chart
from observatory.charts.look import Chart
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.figures.voices.fieldwork import break_notes, facts, left_open, source
from observatory.figures.voices.headlines import headline, lead
from observatory.figures.voices.told import SHARES, SOURCE, Told, breakdown_name, instrument_name, told
from observatory.queries.voices import WAVE, Estimate
from observatory.registry import registry
from observatory.texts import mark

FLAGS = {
    "A": mark("reliable"), "B": mark("use with care"), "C": mark("very uncertain, not compared"),
    "hidden": mark("too few answers"),
}  # fmt: skip
VERSUS = {
    "higher": mark("higher"), "lower": mark("lower"), "not_distinguishable": mark("not distinguishable"),
    "not_compared": mark("not compared"),
}  # fmt: skip

READ_OUT = 12  # rows named to who does not see the chart
IN_ORDER = ("size",)
"""Dimensions whose groups have an order of their own."""
STATISTICS_IN_ORDER = ("median", "mean", "nps")
WHERE_TOLD = ("group", "statement", "rest", "before")
"""Columns of the table that stand there only where they say something."""


@dataclass(frozen=True)
class VoicesLead:
    """The headline of the page: what all respondents of the wave say; uncertain answers by their interval alone."""

    id: str = "voices-lead"
    reads = ("asked",)

    def view(self, context: Context) -> View:
        said, texts = told(context), context.texts
        asked, sentence = said.voices.asked, lead(said)
        told_by = texts.say(
            "{instrument}, {wave}", instrument=instrument_name(context, asked.instrument), wave=str(asked.wave)
        )
        parts = (told_by,) if said.wording in sentence else (said.wording, told_by)
        return View(id=self.id, headline=sentence, subtitle=" · ".join(parts))


@dataclass(frozen=True)
class VoicesShown:
    """The answers: a scale as bars that part at its middle, other questions as estimates on their intervals."""

    id: str = "voices"
    reads = ("asked",)

    def view(self, context: Context) -> View:
        said = told(context)
        voices = said.voices
        if voices.question.measure == "top":
            return self._scale(said)
        if voices.asked.by:
            rows = said.main(voices.estimates)
            return _estimated(said, self.id, rows)
        rows = _answers(said)
        chosen = [row for row in rows if row.value != 0] if voices.question.measure == "share" else rows
        view = _estimated(said, self.id, chosen, rows)
        if not (unchosen := len(rows) - len(chosen)):
            return view
        note = context.texts.say_n("Chosen by nobody: {n} answer.", "Chosen by nobody: {n} answers.", unchosen)
        return replace(view, notes=(*view.notes, note))

    def _scale(self, said: Told) -> View:
        voices, look = said.voices, said.context.look
        steps = [code for code in registry().surveys["scales"][voices.question.of]["values"] if code in voices.options]
        groups = said.main(voices.estimates)
        share_of = {(row.group, row.option): row.value or 0.0 for row in voices.estimates if row.statistic == "share"}
        bars = []
        for row in _ranked(said, [row for row in groups if row.flag != "hidden"]):
            shares = [100 * share_of.get((row.group, step), 0.0) for step in steps]
            bars.append(agreement.Bar(
                said.group(row.group), said.written("top", row.value), said.interval(row), left_open(said, row.group),
                row.flag, shares, [said.context.texts.percent(share) for share in shares],
            ))  # fmt: skip
        drawn = agreement.draw(bars, steps, look) if bars else None
        rows_of_table = [row for row in voices.estimates if row.statistic in SHARES]
        alt = "; ".join(f"{bar.label} {bar.text}".strip() for bar in bars)
        return replace(
            _view(said, self.id, groups, rows_of_table, drawn, alt),
            swatches=agreement.swatches({step: voices.options[step] for step in steps}, look),
        )


@dataclass(frozen=True)
class VoicesAgreeing:
    """Who agrees, on intervals: with the chosen statement by group, or with each statement of the form; for scales."""

    id: str = "voices-agreeing"
    reads = ("asked",)

    def fits(self, context: Context) -> bool:
        return told(context).voices.question.measure == "top"

    def view(self, context: Context) -> View:
        said = told(context)
        rows, texts = said.main(said.voices.estimates), context.texts
        if said.voices.asked.by:
            headline = texts.say("Share who agree, with the range it lies in")
        else:
            rows = queries.agreements(context.store, said.voices)
            headline = texts.say("Share who agree with each statement")
        return replace(_estimated(said, self.id, rows), headline=headline)


@dataclass(frozen=True)
class HowAsked:
    """Who was asked, when, how many answered, how they are weighted, and what the figures can bear."""

    id: str = "how-asked"
    reads = ("asked",)

    def view(self, context: Context) -> View:
        said = told(context)
        return View(
            id=self.id,
            headline=context.texts.say("How it was asked"),
            subtitle=instrument_name(context, said.voices.asked.instrument),
            sentences=tuple(sentence for _, sentence in facts(said)),
            source=source(context),
        )


def _answers(said: Told) -> list[Estimate]:
    """Return the rows of all respondents: every option, or every statistic of a number."""
    is_number = said.voices.question.kind == "number"
    return [row for row in said.voices.estimates if (row.statistic != "top" if is_number else row.statistic == "share")]


def _ranked(said: Told, rows: Sequence[Estimate]) -> list[Estimate]:
    """Return rows largest first; waves, sizes and the statistics of a number stay in their order."""
    by = said.voices.asked.by
    if by == WAVE:
        return sorted(rows, key=lambda row: row.wave)
    if by.partition(".")[0] in IN_ORDER:
        places = [*said.context.edition.dimensions[by.partition(".")[0]].members]
        return sorted(rows, key=lambda row: places.index(row.group))
    if not by and said.voices.question.kind == "number":
        return sorted(rows, key=lambda row: STATISTICS_IN_ORDER.index(row.statistic))
    return sorted(rows, key=lambda row: -row.value)


def _drawn(said: Told, shown: Sequence[Estimate], has_bases: bool) -> list[chart.Dot]:
    """Return what the chart of estimates draws, with its words."""
    texts, dots = said.context.texts, []
    for row in shown:
        times = said.times(row.statistic)
        low, high = (row.value if bound is None else bound for bound in (row.low, row.high))
        dots.append(chart.Dot(
            said.label(row), times * row.value, times * low, times * high, said.written(row.statistic, row.value),
            said.interval(row), row.flag, texts.number(row.base) if has_bases else "",
        ))  # fmt: skip
    return dots


def _estimated(said: Told, figure_id: str, rows: Sequence[Estimate], listed: Sequence[Estimate] | None = None) -> View:
    """Return a view of estimates on their intervals; `listed` are the rows of its table, where these are more.

    The net promoter score has another unit and stands in the table alone.
    """
    texts, voices = said.context.texts, said.voices
    is_of_waves, has_bases = voices.asked.by == WAVE, bool(voices.asked.by) or _has_statements(rows)
    shown = _ranked(said, [row for row in rows if row.flag != "hidden" and row.statistic != "nps"])
    breaks = {
        number: texts.say("put differently")
        for number, row in enumerate(shown) if is_of_waves and number and row.wave in voices.breaks
    }  # fmt: skip
    title = texts.say("with the number of answers") if has_bases else ""
    dots = _drawn(said, shown, has_bases)
    drawn = chart.draw(dots, said.context.look, title=title, in_order=is_of_waves, breaks=breaks) if dots else None
    alt = "; ".join(f"{dot.label} {dot.text} ({dot.interval})" for dot in dots[:READ_OUT])
    return _view(said, figure_id, rows, rows if listed is None else listed, drawn, alt)


def _has_statements(rows: Sequence[Estimate]) -> bool:
    """Return True where the rows are other statements of the form, not groups or answers."""
    return any(row.statement for row in rows)


def _view(
    said: Told, figure_id: str, main: Sequence[Estimate], rows: Sequence[Estimate], drawn: Chart | None, alt: str
) -> View:
    """Return the view of a chart: its words from the rows that are compared, its table from all that it shows."""
    sentence = headline(said)
    raw, shown = _tables(said, rows)
    return View(
        id=figure_id,
        headline=sentence,
        subtitle=_subtitle(said),
        chart=drawn,
        alt=f"{sentence}. {alt}",
        rows=raw,
        shown=shown,
        base=_base(said, rows if _has_statements(rows) else said.main(said.voices.totals)),
        notes=_notes(said, main),
        definitions=_definitions(said),
        source=source(said.context),
        choice=_choice(said),
    )


def _subtitle(said: Told) -> str:
    texts, voices = said.context.texts, said.voices
    measure = {
        "top": texts.say("Share of those who answered, %; beside it the interval of 95%"),
        "share": texts.say("Share of those who answered, %; intervals of 95%"),
        "median": texts.say("Half gave more and half gave less; intervals of 95%"),
    }[voices.question.measure]
    return " · ".join((measure, breakdown_name(said.context, voices.asked.by), _years(said)))


def _years(said: Told) -> str:
    return said.context.texts.names(dict.fromkeys(str(row.wave) for row in said.voices.estimates))


def _choice(said: Told) -> str:
    context, asked = said.context, said.voices.asked
    parts = (instrument_name(context, asked.instrument), said.voices.question.wording,
             breakdown_name(context, asked.by), _years(said))  # fmt: skip
    return " · ".join(parts)


def _base(said: Told, rows: Sequence[Estimate]) -> str:
    """Return how many answered, and how many of a simple sample tell as much where they are weighted."""
    texts, shown = said.context.texts, [row.base for row in rows if row.base is not None]
    if not shown:
        return ""
    least, most = min(shown), max(shown)
    bases = {} if least == most else {"n": texts.span(texts.number(least), texts.number(most))}
    base = texts.say_n("n = {n} answer", "n = {n} answers", most, **bases)
    if not said.voices.is_weighted:
        return texts.say("{base}, not weighted", base=base)
    known = [row.effective_base for row in rows if row.effective_base is not None]
    return texts.say(
        "{base}, weighted (effective n = {effective})", base=base,
        effective=texts.number(min(known), 0) if known else "–",
    )  # fmt: skip


def _notes(said: Told, rows: Sequence[Estimate]) -> tuple[str, ...]:
    """Return what a careful reader must know of the rows: which are to be used with care, weak or hidden."""
    texts, notes = said.context.texts, []

    def named(flag: str) -> str:
        return " · ".join(dict.fromkeys(said.label(row) for row in rows if row.flag == flag))

    if care := named("B"):
        notes.append(texts.say("Use with care: {names}.", names=care))
    if any(row.flag == "C" for row in rows):
        notes.append(texts.say("Grey: very uncertain, not ranked and not compared."))
    if hidden := named("hidden"):
        notes.append(texts.say("Too few answers: {names}.", names=hidden))
    has_room = not said.voices.asked.by and said.voices.question.measure != "top"  # elsewhere it stands in the chart
    if has_room and (aside := left_open(said, TOTAL)):
        notes.append(texts.say("Not in the shares: {aside}.", aside=aside))
    notes += break_notes(said)
    return tuple(notes)


def _tables(said: Told, rows: Sequence[Estimate]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows for a download and for the screen; a hidden group is one row, without values."""
    texts, by = said.context.texts, said.voices.asked.by
    rows = _hidden_once(rows) if by else rows
    unit = "%" if said.voices.question.kind != "number" else texts.say("as asked")

    def scaled(row: Estimate, value: float | None) -> float | None:
        return None if value is None else value * said.times(row.statistic)

    told = {
        "group": [said.group(row.group) for row in rows],
        "statement": [row.statement for row in rows],
        "statistic": ["" if by and row.flag == "hidden" else said.statistic(row) for row in rows],
        "value": [scaled(row, row.value) for row in rows],
        "low": [scaled(row, row.low) for row in rows],
        "high": [scaled(row, row.high) for row in rows],
        "base": [row.base for row in rows],
        "flag": [texts.say(FLAGS[row.flag]) for row in rows],
        "rest": [texts.say(VERSUS[row.versus_rest]) if row.versus_rest else None for row in rows],
        "before": [texts.say(VERSUS[row.versus_wave]) if row.versus_wave else None for row in rows],
    }  # fmt: skip
    bare = partial(texts.number, digits=1)
    columns = (
        TableColumn("group", breakdown_name(said.context, by)),
        TableColumn("statement", texts.say("Question")),
        TableColumn("statistic", texts.say("Answer")),
        TableColumn("value", texts.say("Value ({unit})", unit=unit), bare),
        TableColumn("low", texts.say("Lower bound, 95%"), bare),
        TableColumn("high", texts.say("Upper bound, 95%"), bare),
        TableColumn("base", texts.say("Answers, n"), texts.number),
        TableColumn("flag", texts.say("Reliability")),
        TableColumn("rest", texts.say("Beside all others")),
        TableColumn("before", texts.say("Beside the wave before")),
    )
    return tables([column for column in columns if column.key not in WHERE_TOLD or any(told[column.key])], told)


def _hidden_once(rows: Sequence[Estimate]) -> list[Estimate]:
    """Return the rows with one of each group that is hidden."""
    first = {row.group: number for number, row in reversed(list(enumerate(rows)))}
    return [row for number, row in enumerate(rows) if row.flag != "hidden" or first[row.group] == number]


def _definitions(said: Told) -> tuple[tuple[str, str], ...]:
    """Return the question and its options as they were worded, how it was asked, and the method of the source."""
    texts, voices = said.context.texts, said.voices
    source = registry().sources[SOURCE]
    options = [*voices.options.values(), *filter(None, [voices.dont_know])] if voices.options else []
    return (
        (texts.say("Question"), voices.question.wording),
        *([(texts.say("Answers to choose from"), " · ".join(options))] if options else []),
        *facts(said),
        (texts.pick(source.name), texts.pick(source.method)),
    )
