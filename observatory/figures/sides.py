"""Three sides: what companies, volunteers and NGOs say of the same thing, and what NGOs need beside what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from observatory.charts import dumbbell as chart
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.queries.gaps import Gaps, gaps, has_gaps, option_wordings, wordings
from observatory.registry import registry
from observatory.texts import mark

SOURCE = "survey"
NEED, SUPPLY = "needs", "got"
VERDICT = {
    "higher": mark("higher"), "lower": mark("lower"), "not_distinguishable": mark("not distinguishable"),
    "not_compared": mark("too uncertain to compare"),
}  # fmt: skip


SIDES = {"company": mark("Companies"), "volunteer": mark("Volunteers"), "ngo": mark("NGOs")}


def _side(context: Context, instrument: str) -> str:
    return context.texts.say(SIDES[instrument])


def _drawn(context: Context, told: pd.DataFrame, names: Mapping[str, str], headline: str) -> tuple:
    """Return the chart of the marks and what it says to who cannot see it."""
    said = "; ".join(f"{row.row_label} {names[row.side]} {row.text}" for row in told.itertuples())
    return chart.draw(told[["row_label", "side", "value", "text"]], names, context.look), f"{headline}. {said}"


@dataclass(frozen=True)
class SidesLead:
    """The headline of the page: where the sides are furthest apart."""

    id: str = "sides-lead"
    reads = ()

    def view(self, context: Context) -> View:
        texts, found = context.texts, gaps(context.store, "mirrored")
        if found is None:
            return View(id=self.id, headline=texts.say("Three sides"))
        subtitle = f"{texts.pick(context.edition.country)} · {found.wave}"
        apart = found.rows[found.rows.verdict.isin(("higher", "lower"))]
        if apart.empty:
            return View(id=self.id, headline=texts.say("The three sides cannot be told apart"), subtitle=subtitle)
        row = apart.loc[apart.value.abs().idxmax()]
        asked = _questions(context, found)[row.question]
        return View(
            id=self.id, subtitle=subtitle,
            headline=texts.say("Furthest apart: “{question}”. {sentence}", question=asked,
                               sentence=_apart(context, row)),
        )  # fmt: skip


@dataclass(frozen=True)
class ThreeSides:
    """The mirrored questions: the share of each side that agrees, and the gaps in words."""

    id: str = "three-sides"
    reads = ()

    def fits(self, context: Context) -> bool:
        return has_gaps(context.store, "mirrored")

    def view(self, context: Context) -> View:
        texts, found = context.texts, gaps(context.store, "mirrored")
        asked = _questions(context, found)
        told = pd.concat([
            found.rows[["question", side, f"{side}_share"]].set_axis(["question", "side", "share"], axis=1)
            for side in ("first", "second")
        ]).drop_duplicates(["question", "side"])  # fmt: skip
        order = [name for name in registry().questionnaires["mirrored"] if name in asked]
        sides = [side for side in registry().questionnaires["instruments"] if side in set(told.side)]
        told = told.assign(
            place=told.question.map(order.index), side_place=told.side.map(sides.index),
            row_label=told.question.map(asked), value=100 * told.share,
            text=[texts.percent(100 * share) for share in told.share],
        ).sort_values(["place", "side_place"])  # fmt: skip
        headline = texts.say("Who agrees, of companies, volunteers and NGOs")
        names = {side: _side(context, side) for side in sides}
        raw, shown = _gap_table(context, found, [asked[name] for name in found.rows.question], names)
        drawn, alt = _drawn(context, told, names, headline)
        return View(
            id=self.id,
            headline=headline,
            subtitle=texts.say("Share that agrees or strongly agrees, %, {year}", year=str(found.wave)),
            chart=drawn,
            alt=alt,
            rows=raw,
            shown=shown,
            sentences=tuple(_sentences(context, found, asked)),
            base=_base(context, found),
            notes=_notes(context, found),
            definitions=_definitions(context, found, sides),
            source=_source(context),
        )  # fmt: skip


@dataclass(frozen=True)
class NeedAndSupply:
    """What NGOs need most, and what they got from companies."""

    id: str = "need-and-supply"
    reads = ()

    def fits(self, context: Context) -> bool:
        return has_gaps(context.store, "paired")

    def view(self, context: Context) -> View:
        texts, found = context.texts, gaps(context.store, "paired")
        named = option_wordings(context.store, "ngo", found.wave, NEED, texts.language)
        rows = found.rows.sort_values("value", ascending=False)
        names = {NEED: texts.say("they need it"), SUPPLY: texts.say("they got it")}
        told = pd.concat([
            rows.assign(side=side, value=100 * rows[f"{which}_share"])
            for side, which in ((NEED, "first"), (SUPPLY, "second"))
        ])  # fmt: skip
        told = told.assign(row_label=told.option.map(named), text=[texts.percent(value) for value in told.value],
                           place=told.option.map(list(rows.option).index)).sort_values(["place", "side"])  # fmt: skip
        short = rows[rows.verdict == "higher"]
        over = rows[rows.verdict == "lower"]
        headline = texts.say("What NGOs need, and what they get")
        if len(short):
            headline = texts.say("NGOs lack most: {names}", names=texts.names([named[code] for code in short.option]))
        said = [
            *(texts.say("{name}: {need} need it, {got} got it.", name=named[row.option],
                        need=texts.percent(100 * row.first_share), got=texts.percent(100 * row.second_share))
              for row in short.itertuples()),
            *([texts.say("More is given than needed: {names}.",
                         names=texts.names([named[code] for code in over.option]))] if len(over) else []),
        ]  # fmt: skip
        raw, shown = _gap_table(context, found, [named[code] for code in found.rows.option], names)
        drawn, alt = _drawn(context, told, names, headline)
        return View(
            id=self.id,
            headline=headline,
            subtitle=texts.say("Share of NGOs, up to three answers, %, {year}", year=str(found.wave)),
            chart=drawn,
            alt=alt,
            rows=raw,
            shown=shown,
            sentences=tuple(said),
            base=texts.say_n("n = {n} NGO", "n = {n} NGOs", int(rows.first_base.max())),
            notes=_notes(context, found),
            definitions=_definitions(context, found, ["ngo"]),
            source=_source(context),
        )  # fmt: skip


def _questions(context: Context, found: Gaps) -> Mapping[str, str]:
    """Return the wording of the mirrored questions as the volunteers read it, else as another side does."""
    asked: dict[str, str] = {}
    for instrument in ("volunteer", "ngo", "company"):
        said = wordings(context.store, instrument, found.wave, context.texts.language)
        asked |= {name: text for name, text in said.items() if name not in asked}
    return {name: asked[name] for name in registry().questionnaires["mirrored"] if name in asked}


def _apart(context: Context, row) -> str:
    """Return a gap in words, the higher side first: "Companies 82%, NGOs 58%: 23 points more"."""
    sides = [(row.first, row.first_share), (row.second, row.second_share)]
    (more, most), (fewer, least) = sorted(sides, key=lambda side: -side[1])
    return context.texts.say(
        "{more} {most}, {fewer} {least}: {points}", more=_side(context, more), most=context.texts.percent(100 * most),
        fewer=_side(context, fewer), least=context.texts.percent(100 * least),
        points=context.texts.points(100 * (most - least)),
    )  # fmt: skip


def _sentences(context: Context, found: Gaps, asked: Mapping[str, str]) -> list[str]:
    """Return the gaps that the samples carry, the widest first, and of how many pairs nothing can be said."""
    texts = context.texts
    apart = found.rows[found.rows.verdict.isin(("higher", "lower"))]
    apart = apart.reindex(apart.value.abs().sort_values(ascending=False).index)
    said = [
        texts.say("“{question}”. {sentence}.", question=asked[row.question], sentence=_apart(context, row))
        for row in apart.itertuples()
    ]
    rest = len(found.rows) - len(apart)
    if rest:
        said.append(texts.say_n("{n} pair cannot be told apart.", "{n} pairs cannot be told apart.", rest))
    return said


def _gap_table(context: Context, found: Gaps, labels: list[str], names: Mapping[str, str]) -> tuple:
    texts = context.texts
    rows = found.rows.assign(
        label=labels, first_name=found.rows["first"].map(names), second_name=found.rows["second"].map(names),
        first_pct=100 * found.rows.first_share, second_pct=100 * found.rows.second_share, points=100 * found.rows.value,
        low_points=100 * found.rows.low, high_points=100 * found.rows.high,
        verdict_name=[texts.say(VERDICT[verdict]) for verdict in found.rows.verdict],
    )  # fmt: skip
    return tables([
        TableColumn("label", texts.say("Question")), TableColumn("first_name", texts.say("One side")),
        TableColumn("first_pct", "%", texts.number), TableColumn("second_name", texts.say("Other side")),
        TableColumn("second_pct", texts.say("Other side, %"), texts.number),
        TableColumn("points", texts.say("Gap, points"), texts.number),
        TableColumn("low_points", texts.say("from"), texts.number),
        TableColumn("high_points", texts.say("to"), texts.number),
        TableColumn("verdict_name", texts.say("One beside the other")),
    ], rows)  # fmt: skip


def _base(context: Context, found: Gaps) -> str:
    """Return how many of each side answered, in the question that most did."""
    told = pd.concat([found.rows[["first", "first_base"]].set_axis(["side", "base"], axis=1),
                      found.rows[["second", "second_base"]].set_axis(["side", "base"], axis=1)])  # fmt: skip
    most = told.groupby("side").base.max()
    texts = context.texts
    sides = ", ".join(f"{_side(context, side)} {texts.number(int(most[side]))}" for side in SIDES if side in most)
    return texts.say("n: {sides}", sides=sides)


def _notes(context: Context, found: Gaps) -> tuple[str, ...]:
    texts = context.texts
    weighted = texts.say("Weighted to the owner’s frame.") if found.is_weighted else texts.say("Not weighted.")
    return weighted, texts.say("A gap is named only where the samples carry it (95 %, adjusted for all pairs by Holm).")


def _definitions(context: Context, found: Gaps, sides: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the exact wording in which each side was asked."""
    texts, mirrored = context.texts, registry().questionnaires["mirrored"]
    names = [NEED, SUPPLY] if sides == ["ngo"] else list(mirrored)
    said = []
    for side in sides:
        asked = wordings(context.store, side, found.wave, texts.language)
        said += [(_side(context, side), asked[name]) for name in names if name in asked]
    source = registry().sources[SOURCE]
    return (*said, (texts.pick(source.name), texts.pick(source.method)))


def _source(context: Context) -> str:
    texts = context.texts
    return texts.say("Source: {sources}", sources=texts.pick(registry().sources[SOURCE].name))
