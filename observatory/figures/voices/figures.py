"""Voices: one question of a survey, as its answers speak for those not asked: in words, drawn, and how it was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from observatory import TOTAL, queries
from observatory.charts import agreement
from observatory.charts import estimates as chart
from observatory.figures.view import Context, TableColumn, View, tables
from observatory.figures.voices.fieldwork import break_notes, facts, left_open, source
from observatory.figures.voices.headlines import headline, lead
from observatory.figures.voices.told import SHARES, SOURCE, Told, breakdown_name, instrument_name, told
from observatory.queries.voices import WAVE
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
            return _estimated(said, self.id, rows, _parts(said, rows))
        rows = _answers(said)
        chosen = rows[rows.value != 0] if voices.question.measure == "share" else rows
        view = _estimated(said, self.id, chosen, _parts(said, chosen), rows)
        if not (unchosen := len(rows) - len(chosen)):
            return view
        note = context.texts.say_n("Chosen by nobody: {n} answer.", "Chosen by nobody: {n} answers.", unchosen)
        return replace(view, notes=(*view.notes, note))

    def _scale(self, said: Told) -> View:
        voices, look = said.voices, said.context.look
        steps = [code for code in registry().surveys["scales"][voices.question.of]["values"] if code in voices.options]
        groups = said.main(voices.estimates)
        hidden = set(groups.group[groups.flag == "hidden"])
        shares = voices.estimates[voices.estimates.statistic == "share"].set_index(["group", "option"]).value
        rows = _ranked(said, groups[~groups.group.isin(hidden)])
        told_rows = pd.DataFrame({
            "label": [said.group(code) for code in rows.group],
            "text": [said.written("top", value) for value in rows.value],
            "interval": [said.interval(row) for row in rows.itertuples()],
            "aside": [left_open(said, code) for code in rows.group],
            "flag": list(rows.flag),
        })  # fmt: skip
        for step in steps:
            told_rows[step] = [100 * shares.get((code, step), 0.0) for code in rows.group]
            told_rows[f"text_{step}"] = [said.context.texts.percent(share) for share in told_rows[step]]
        drawn = agreement.draw(told_rows, steps, look) if len(told_rows) else None
        rows_of_table = voices.estimates[voices.estimates.statistic.isin(SHARES)]
        alt = "; ".join(f"{row.label} {row.text}".strip() for row in told_rows.itertuples())
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
        return replace(_estimated(said, self.id, rows, _parts(said, rows)), headline=headline)


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


def _answers(said: Told) -> pd.DataFrame:
    """Return the rows of all respondents: every option, or every statistic of a number."""
    rows = said.voices.estimates
    return rows[rows.statistic != "top"] if said.voices.question.kind == "number" else rows[rows.statistic == "share"]


def _ranked(said: Told, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows largest first; waves, sizes and the statistics of a number stay in their order."""
    by = said.voices.asked.by
    if by == WAVE:
        return rows.sort_values("wave").reset_index(drop=True)
    if by.partition(".")[0] in IN_ORDER:
        places = [*said.context.edition.dimensions[by.partition(".")[0]].members]
        return rows.sort_values("group", key=lambda codes: codes.map(places.index)).reset_index(drop=True)
    if not said.voices.asked.by and said.voices.question.kind == "number":
        order = ["median", "mean", "nps"]
        return rows.sort_values("statistic", key=lambda names: names.map(order.index)).reset_index(drop=True)
    return rows.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)


def _parts(said: Told, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the chart of estimates draws; the net promoter score has another unit and stands in the table."""
    texts, has_bases = said.context.texts, bool(said.voices.asked.by) or "statement" in rows
    rows = _ranked(said, rows[(rows.flag != "hidden") & (rows.statistic != "nps")])
    times = [100 if statistic in SHARES else 1 for statistic in rows.statistic]
    words = [(said.label(row), said.written(row.statistic, row.value), said.interval(row)) for row in rows.itertuples()]
    label, text, interval = zip(*words, strict=True) if words else ((), (), ())
    return rows.assign(
        label=label,
        text=text,
        interval=interval,
        base_text=[texts.number(base) if has_bases else "" for base in rows.base],
        **{name: rows[name].astype(float) * times for name in ("value", "low", "high")},
    )


def _estimated(
    said: Told, figure_id: str, rows: pd.DataFrame, parts: pd.DataFrame, listed: pd.DataFrame | None = None
) -> View:
    """Return a view of estimates on their intervals; `listed` are the rows of its table, where these are more."""
    texts, voices = said.context.texts, said.voices
    by = voices.asked.by
    breaks = {
        number: texts.say("put differently")
        for number, wave in enumerate(parts.wave) if by == WAVE and number and wave in voices.breaks
    }  # fmt: skip
    title = texts.say("with the number of answers") if by or "statement" in rows else ""
    drawn = (
        chart.draw(parts, said.context.look, title=title, in_order=by == WAVE, breaks=breaks) if len(parts) else None
    )
    first = parts.head(READ_OUT)
    alt = "; ".join(
        f"{label} {text} ({interval})"
        for label, text, interval in zip(first.label, first.text, first.interval, strict=True)
    )
    return _view(said, figure_id, rows, rows if listed is None else listed, drawn, alt)


def _view(said: Told, figure_id: str, main: pd.DataFrame, rows: pd.DataFrame, drawn, alt: str) -> View:
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
        base=_base(said, rows if "statement" in rows else said.main(said.voices.totals)),
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
    return said.context.texts.names(dict.fromkeys(map(str, said.voices.estimates.wave)))


def _choice(said: Told) -> str:
    context, asked = said.context, said.voices.asked
    parts = (instrument_name(context, asked.instrument), said.voices.question.wording,
             breakdown_name(context, asked.by), _years(said))  # fmt: skip
    return " · ".join(parts)


def _base(said: Told, rows: pd.DataFrame) -> str:
    """Return how many answered, and how many of a simple sample tell as much where they are weighted."""
    texts, shown = said.context.texts, rows[rows.base.notna()]
    if shown.empty:
        return ""
    least, most = int(shown.base.min()), int(shown.base.max())
    bases = {} if least == most else {"n": texts.span(texts.number(least), texts.number(most))}
    base = texts.say_n("n = {n} answer", "n = {n} answers", most, **bases)
    if not said.voices.is_weighted:
        return texts.say("{base}, not weighted", base=base)
    effective = shown.effective_base.min()
    return texts.say(
        "{base}, weighted (effective n = {effective})", base=base,
        effective=texts.number(effective, 0) if pd.notna(effective) else "–",
    )  # fmt: skip


def _notes(said: Told, main: pd.DataFrame) -> tuple[str, ...]:
    """Return what a careful reader must know of the rows: which are to be used with care, weak or hidden."""
    texts, rows, notes = said.context.texts, list(main.itertuples()), []

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


def _tables(said: Told, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows for a download and for the screen; a hidden group is one row, without values."""
    texts, by = said.context.texts, said.voices.asked.by
    hidden = rows.flag == "hidden"
    rows = rows[~hidden | ~(rows.duplicated("group") & hidden)] if by else rows
    times = [100 if statistic in SHARES else 1 for statistic in rows.statistic]
    rows = rows.assign(
        group_name=[said.group(code) for code in rows.group],
        statistic_name=[
            "" if by and row.flag == "hidden" else said.statistic(row) for row in rows.itertuples()
        ],
        flag_name=[texts.say(FLAGS[flag]) for flag in rows.flag],
        rest_name=[texts.say(VERSUS[versus]) if versus in VERSUS else None for versus in rows.versus_rest],
        before_name=[texts.say(VERSUS[versus]) if versus in VERSUS else None for versus in rows.versus_wave],
        **{name: rows[name].astype(float) * times for name in ("value", "low", "high")},
    )  # fmt: skip
    unit = "%" if said.voices.question.kind != "number" else texts.say("as asked")
    bare = texts.number
    columns = [TableColumn("group_name", breakdown_name(said.context, by))] if by else []
    columns += [TableColumn("statement", texts.say("Question"))] if "statement" in rows else []
    columns += [
        TableColumn("statistic_name", texts.say("Answer")),
        TableColumn("value", texts.say("Value ({unit})", unit=unit), lambda value: bare(value, 1)),
        TableColumn("low", texts.say("Lower bound, 95%"), lambda value: bare(value, 1)),
        TableColumn("high", texts.say("Upper bound, 95%"), lambda value: bare(value, 1)),
        TableColumn("base", texts.say("Answers, n"), bare),
        TableColumn("flag_name", texts.say("Reliability")),
    ]
    if rows.rest_name.notna().any():
        columns.append(TableColumn("rest_name", texts.say("Beside all others")))
    if rows.before_name.notna().any():
        columns.append(TableColumn("before_name", texts.say("Beside the wave before")))
    return tables(columns, rows)


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
