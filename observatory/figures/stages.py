"""Stages: where the country and its groups stand, how sure that is, what comes next, and what if."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from observatory import TOTAL
from observatory.charts import stage_map as chart
from observatory.figures.view import Context, TableColumn, View, tables
from observatory.queries.answers import HOLDINGS
from observatory.queries.stages import STAGES, Stages, stages
from observatory.registry import registry
from observatory.texts import mark
from observatory.what_if import dimensions

SOURCE = "survey"
FROM_STAGE = 3  # "systemic or further" is what the headline of the dimensions compares
FIRST_STEPS = 3
SURE = 0.95  # of the resamples in which a group is at the same stage
STATUS = {"free": mark("published"), "low_base": mark("low base"), "hidden": mark("hidden")}
COST = {"low": mark("low cost"), "medium": mark("medium cost"), "high": mark("high cost")}
METHOD = {
    "raked": mark("Weighted to the owner’s frame of companies."),
    "given": mark("Weighted with the weights that came with the answers."),
    "none": mark("Not weighted: there is no frame of companies, so large companies may count for too much."),
    "contradictory": mark("Not weighted: no weights meet the frame of companies that is given."),
}
BREAKDOWNS = {"sector": "sector", "region": "region", "size.legal": "size", "size.fine": "size",
              "ownership": "ownership", "holding": "holding"}  # fmt: skip


def stage_name(context: Context, stage: int) -> str:
    """Return the name of a stage: "Organised"."""
    return context.texts.pick(registry().rubric["stages"][stage]["name"])


def dimension_name(context: Context, name: str) -> str:
    """Return the name of a dimension of the rubric."""
    return context.texts.pick(registry().rubric["dimensions"][name]["name"])


def said_stage(context: Context, stage: int) -> str:
    """Return a stage as it is said: "stage 2, Organised"."""
    return context.texts.say("stage {number}, {name}", number=str(stage), name=stage_name(context, stage))


@dataclass(frozen=True)
class StageLead:
    """The headline of the page: the stage of the country, and how sure it is."""

    id: str = "stage-lead"
    reads = ()

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        country = found and found.country()
        if country is None or pd.isna(country.stage):
            return View(id=self.id, headline=texts.say("Too few companies have answered to tell the stage"))
        return View(
            id=self.id,
            headline=texts.say("Corporate volunteering: {stage}", stage=said_stage(context, int(country.stage))),
            subtitle=" · ".join((
                texts.pick(context.edition.country),
                str(found.wave),
                texts.say_n("n = {n} company", "n = {n} companies", int(country.base)),
                texts.say("the same stage in {share} of resamples", share=texts.percent(100 * country.resamples)),
                texts.say("our own model"),
            )),
        )  # fmt: skip


@dataclass(frozen=True)
class StageInWords:
    """How sure the stage is: weighted beside not, the wave before, and what leaders believe."""

    id: str = "stage-in-words"
    reads = ()

    def fits(self, context: Context) -> bool:
        return stages(context.store) is not None

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        said = [*_beside(context, found), *_before(context, found), *_believed(context, found)]
        facts = found.facts[found.facts.wave == found.wave].iloc[0]
        notes = [texts.say(METHOD[facts.method])]
        if facts.is_invented and facts.method == "raked":
            notes.append(texts.say("The frame is invented, as all of these data are."))
        unweighted = [name for name, _ in json.loads(facts.joined) if name not in facts.margins.split("|")]
        if unweighted:
            notes.append(texts.say(
                "Too few answered to weight by this too: {dimension}. The figures speak for those who answered most.",
                dimension=texts.names(texts.dimension(name) for name in unweighted),
            ))  # fmt: skip
        notes.append(texts.say("The stages are our own model, no official rating. Companies answer of their own will."))
        return View(
            id=self.id,
            headline=texts.say("How certain is this"),
            sentences=tuple(said),
            notes=tuple(notes),
            definitions=_definitions(context),
            base=_base(context, found),
            source=_source(context),
        )


def _beside(context: Context, found: Stages) -> list[str]:
    texts, country = context.texts, found.country()
    if pd.isna(country.stage):
        return []
    at = texts.say(
        "At least half of the companies have reached {stage}; it came out in {share} of 1,000 resamples.",
        stage=said_stage(context, int(country.stage)), share=texts.percent(100 * country.resamples),
    )  # fmt: skip
    plain = found.country(is_weighted=False) if found.is_weighted else None
    if plain is None or pd.isna(plain.stage):
        return [at]
    return [at, texts.say("Without weights: {stage}.", stage=said_stage(context, int(plain.stage)))]


def _before(context: Context, found: Stages) -> list[str]:
    texts, said = context.texts, []
    for wave in found.waves[:-1]:
        earlier = found.country(wave)
        earlier = found.country(wave, is_weighted=False) if earlier is None else earlier
        if earlier is not None and pd.notna(earlier.stage):
            said.append(texts.say(
                "{year}: {stage}, in {share} of resamples.", year=str(wave),
                stage=said_stage(context, int(earlier.stage)), share=texts.percent(100 * earlier.resamples),
            ))  # fmt: skip
    return said


def _believed(context: Context, found: Stages) -> list[str]:
    texts, said = context.texts, []
    sentences = {
        "stage_company": mark(
            "Leaders put their own company at {value} on average ({low}–{high}, n = {n});"
            " by the model companies stand at {scored}."
        ),
        "stage_country": mark("Leaders put the country at {value} on average ({low}–{high}, n = {n})."),
    }
    for row in found.beliefs.itertuples():
        if row.flag != "hidden" and pd.notna(row.low):
            said.append(texts.say(
                sentences[row.question], value=texts.number(row.value, 1), low=texts.number(row.low, 1),
                high=texts.number(row.high, 1), n=texts.number(int(row.base)),
                scored=texts.number(_mean_stage(found.shares()), 1),
            ))  # fmt: skip
    return said


def _mean_stage(shares: pd.DataFrame) -> float:
    """Return the mean stage of companies; NaN where it is hidden."""
    known = shares.dropna(subset="share")
    return float((known.stage * known.share).sum()) if len(known) else float("nan")


@dataclass(frozen=True)
class StageMap:
    """Seven dimensions by five stages, the share of companies in every cell."""

    id: str = "stage-map"
    reads = ()

    def fits(self, context: Context) -> bool:
        return stages(context.store) is not None

    def view(self, context: Context) -> View:
        found = stages(context.store)
        rows = found.shares(by_dimension=True)
        order = {name: place for place, name in enumerate(dimensions())}
        rows = rows.assign(row_label=[dimension_name(context, name) for name in rows.dimension],
                           place=rows.dimension.map(order)).sort_values(["place", "stage"])  # fmt: skip
        return _mapped(context, found, self.id, rows, self._headline(context, rows), context.texts.say("Dimension"))

    @staticmethod
    def _headline(context: Context, rows: pd.DataFrame) -> str:
        texts = context.texts
        known = rows[(rows.status != "hidden") & (rows.stage >= FROM_STAGE)].groupby("row_label").share.sum()
        if len(known) < 2:
            return texts.say("Seven dimensions by five stages")
        most, least = known.idxmax(), known.idxmin()
        return texts.say(
            "{stage} or further: most companies in {most} ({most_share}), fewest in {least} ({least_share})",
            stage=stage_name(context, FROM_STAGE), most=most, most_share=texts.percent(100 * known[most]), least=least,
            least_share=texts.percent(100 * known[least]),
        )  # fmt: skip


@dataclass(frozen=True)
class StageByGroup:
    """The stages of companies by sector, size, macro-region, ownership or holding."""

    breakdown: str
    reads = ()

    @property
    def id(self) -> str:
        return f"stage-by-{self.breakdown.replace('.', '-')}"

    def fits(self, context: Context) -> bool:
        found = stages(context.store)
        return found is not None and found.has_groups(self.breakdown)

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        rows, name = found.shares(self.breakdown), BREAKDOWNS[self.breakdown]
        dimension = context.edition.dimensions.get(name, name)
        members = HOLDINGS if name == dimension else dimension.members
        order = {code: place for place, code in enumerate(members)}
        rows = rows.assign(row_label=[texts.member(dimension, code, short=True) for code in rows.code],
                           place=rows.code.map(order)).sort_values(["place", "stage"])  # fmt: skip
        heading = texts.dimension(name)
        return _mapped(context, found, self.id, rows, self._headline(context, found, rows, heading), heading)

    def _headline(self, context: Context, found: Stages, rows: pd.DataFrame, name: str) -> str:
        texts = context.texts
        groups = found.groups
        groups = groups[(groups.wave == found.wave) & (groups.breakdown == self.breakdown)].dropna(subset="stage")
        labels = dict(zip(rows.code, rows.row_label, strict=True))
        reached = sorted({int(stage) for stage in groups.stage})
        if not reached:
            return texts.say("{dimension}: too few answers", dimension=name)
        is_sure = groups.resamples >= SURE
        if len(reached) == 1 and is_sure.all():
            return texts.say("{dimension}: every group with enough companies is at {stage}", dimension=name,
                             stage=said_stage(context, reached[0]))  # fmt: skip
        first = [labels[code] for code in groups[is_sure & (groups.stage == reached[-1])].code]
        if not first:
            return texts.say("{dimension}: too uncertain to tell the groups apart", dimension=name)
        if len(reached) == 1:
            return texts.say("{dimension}: {stage} for {names}; the other groups are too uncertain", dimension=name,
                             stage=said_stage(context, reached[0]), names=texts.names(first))  # fmt: skip
        return texts.say("{dimension}: furthest are {names}, at {stage}", dimension=name, names=texts.names(first),
                         stage=said_stage(context, reached[-1]))  # fmt: skip


def _mapped(context: Context, found: Stages, figure_id: str, rows: pd.DataFrame, headline: str, heading: str) -> View:
    """Return the view of a stage map with its table."""
    texts = context.texts
    if rows.empty:
        return View(id=figure_id, headline=headline, state="empty", source=_source(context))
    rows = rows.assign(
        text=["" if pd.isna(share) else texts.percent(100 * share) for share in rows.share],
        stage_name=[f"{stage} {stage_name(context, stage)}" for stage in rows.stage],
        percent=100 * rows.share,
        status_name=[texts.say(STATUS[status]) for status in rows.status],
    )
    too_few = texts.say("too few answers")
    drawn = rows.assign(text=rows.text.where(rows.status != "hidden", too_few))
    subtitle = texts.say("Share of companies at each stage, {year}", year=str(found.wave))
    if "breakdown" in rows and (rows.breakdown != TOTAL).any():
        subtitle = texts.say("Share of companies at each stage, {year}; beside each name how many answered",
                             year=str(found.wave))  # fmt: skip
        drawn["row_label"] = [
            label if pd.isna(base) else f"{label} · {texts.number(base)}"
            for label, base in zip(rows.row_label, rows.base, strict=True)
        ]
    raw, shown = tables([
        TableColumn("row_label", heading), TableColumn("stage_name", texts.say("Stage")),
        TableColumn("percent", texts.say("Share of companies, %"), texts.number),
        TableColumn("base", texts.say("Companies"), texts.number), TableColumn("status_name", texts.say("Status")),
    ], rows)  # fmt: skip
    low = rows[(rows.status == "low_base")].row_label.unique()
    notes = [texts.say("Low base, to be read with care: {names}", names=texts.names(low))] if len(low) else []
    said = "; ".join(f"{row.row_label} {row.stage_name} {row.text}" for row in drawn.head(10).itertuples())
    names = {stage: stage_name(context, stage) for stage in STAGES}
    return View(
        id=figure_id,
        headline=headline,
        subtitle=subtitle,
        chart=chart.draw(drawn[["row_label", "stage", "share", "text", "status"]], names, context.look),
        alt=f"{headline}. {said}",
        rows=raw,
        shown=shown,
        base=_base(context, found),
        notes=tuple(notes),
        definitions=_definitions(context),
        source=_source(context),
    )


@dataclass(frozen=True)
class NextSteps:
    """The steps that would move most companies, in words, and all of them as a table; in short: the words alone."""

    most: int = FIRST_STEPS
    in_short: bool = False
    id: str = "next-steps"
    reads = ()

    def fits(self, context: Context) -> bool:
        found = stages(context.store)
        return found is not None and bool(found.step_codes)

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        steps = _whole_steps(context, found)
        rubric = registry().rubric["dimensions"]
        evidence = {f"{name}_{stage}": texts.pick(entry["evidence"]) for name, facts in rubric.items()
                    for stage, entry in facts["stages"].items()}  # fmt: skip
        said = tuple(
            texts.say("{step}. {moves} Closed by: {evidence}.", step=row.name_, moves=_moves(context, row),
                      evidence=evidence[row.step])
            for row in steps.head(self.most).itertuples()
        )  # fmt: skip
        steps = steps.assign(
            cost_name=[texts.say(COST[cost]) for cost in steps.cost],
            missing=100 * steps.share_missing,
            dimension_name=[dimension_name(context, name) for name in steps.dimension],
            evidence=[evidence[step] for step in steps.step],
        )
        first = [
            TableColumn("name_", texts.say("Step")),
            TableColumn("eligible", texts.say("Comes next for, companies"), texts.number),
            TableColumn("moved", texts.say("Would reach a higher stage"), texts.number),
            TableColumn("cost_name", texts.say("Cost")),
        ]
        more = [
            TableColumn("dimension_name", texts.say("Dimension")),
            TableColumn("missing", texts.say("Lack it, of those one stage below, %"), texts.number),
            TableColumn("evidence", texts.say("Evidence that closes it")),
        ]
        raw, _ = tables([*first, *more], steps)
        shown = pd.DataFrame() if self.in_short else tables(first, steps)[1]
        return View(
            id=self.id,
            headline=texts.say("The next steps"),
            subtitle=texts.say("By how many companies each would move, from the rubric, {year}", year=str(found.wave)),
            sentences=said,
            rows=raw,
            shown=shown,
            base=_base(context, found),
            definitions=_definitions(context),
            source=_source(context),
        )


def _whole_steps(context: Context, found: Stages) -> pd.DataFrame:
    """Return one row a step, as if all companies took it that lack it, with `name_`: its wording."""
    names = found.step_names(context.texts.language)
    steps = found.steps[found.steps.taken_share == 1.0]
    return steps.assign(name_=[names.get(step, step) for step in steps.step])


def _moves(context: Context, row) -> str:
    texts = context.texts
    lacking = texts.say_n(
        "It comes next for {n} company that answered;", "It comes next for {n} companies that answered;",
        int(row.eligible),
    )  # fmt: skip
    moved = texts.say_n("{n} would reach a higher stage.", "{n} would reach a higher stage.", int(row.moved))
    return f"{lacking} {moved}"


@dataclass(frozen=True)
class WhatIfStep:
    """What if a share of the companies that lack a step took it: the stages before and after."""

    id: str = "what-if"
    reads = ("what_if",)

    def fits(self, context: Context) -> bool:
        found = stages(context.store)
        return found is not None and bool(found.step_codes)

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        step = tried_step(context, found)
        row = found.steps[
            (found.steps.step == step) & (found.steps.taken_share.round(2) == context.what_if.taken_pct / 100)
        ]
        row = row.iloc[0]
        before = found.shares().sort_values("stage")
        names = found.step_names(texts.language)
        labels = [texts.say("now"), texts.say("{share} take it", share=texts.percent(context.what_if.taken_pct))]
        after = [float(row[f"stage_{stage}"]) for stage in STAGES]
        rows = pd.concat([
            pd.DataFrame({"row_label": label, "stage": list(STAGES), "share": shares, "status": "free", "base": base})
            for label, shares, base in ((labels[0], list(before.share), before.base.iloc[0]),
                                        (labels[1], after, before.base.iloc[0]))
        ])  # fmt: skip
        moved = sum(after[FROM_STAGE - 1 :]) - before[before.stage >= FROM_STAGE].share.sum()
        headline = texts.say(
            "What if: {step}? {stage} or further: {change}", step=names.get(step, step),
            stage=stage_name(context, FROM_STAGE), change=texts.points(100 * moved),
        )  # fmt: skip
        view = _mapped(context, found, self.id, rows, headline, texts.say("Companies"))
        expected = texts.say("Expected shares, if each company that lacks the step takes it with this probability.")
        return View(**{**vars(view), "notes": (expected, *view.notes)})


def tried_step(context: Context, found: Stages) -> str:
    """Return the step the reader tries out: the chosen one where anybody lacks it, else the one that moves most."""
    known = found.step_codes
    return context.what_if.step if context.what_if.step in known else known[0]


@dataclass(frozen=True)
class OwnIndex:
    """An index of the seven published profiles with the reader's own weights; the stage itself keeps equal ones."""

    id: str = "own-index"
    reads = ("what_if",)

    def fits(self, context: Context) -> bool:
        found = stages(context.store)
        return found is not None and found.has_groups(TOTAL)

    def view(self, context: Context) -> View:
        texts, found = context.texts, stages(context.store)
        shares = found.shares(by_dimension=True)
        means = {name: _mean_stage(shares[shares.dimension == name]) for name in dimensions()}
        known = {name: value for name, value in means.items() if pd.notna(value)}
        weights = {name: context.what_if.weight_of(place) for place, name in enumerate(dimensions())}
        whole = sum(weights[name] for name in known)
        alike = sum(known.values()) / len(known)
        own = sum(weights[name] * value for name, value in known.items()) / whole if whole else alike
        rows = pd.DataFrame({
            "name": [dimension_name(context, name) for name in known],
            "mean": list(known.values()),
            "weight": [weights[name] for name in known],
        })  # fmt: skip
        raw, shown = tables([
            TableColumn("name", texts.say("Dimension")),
            TableColumn("mean", texts.say("Mean stage, 1 to 5"), lambda value: texts.number(value, 1)),
            TableColumn("weight", texts.say("Weight"), texts.number),
        ], rows)  # fmt: skip
        return View(
            id=self.id,
            headline=texts.say("With these weights: {own} of 5; with equal ones: {alike}", own=texts.number(own, 1),
                               alike=texts.number(alike, 1)),
            subtitle=texts.say("Mean stage of companies in each dimension, {year}", year=str(found.wave)),
            rows=raw,
            shown=shown,
            base=_base(context, found),
            notes=(texts.say("An index of your own making: the stage itself keeps equal weights."),),
            definitions=_definitions(context),
            source=_source(context),
        )  # fmt: skip


def _base(context: Context, found: Stages) -> str:
    country = found.country()
    if country is None or pd.isna(country.base):
        return ""
    return context.texts.say_n("n = {n} company", "n = {n} companies", int(country.base))


def _definitions(context: Context) -> tuple[tuple[str, str], ...]:
    texts, rubric = context.texts, registry().rubric
    said = [
        (f"{stage} {texts.pick(facts['name'])}", texts.pick(facts["text"])) for stage, facts in rubric["stages"].items()
    ]
    source = registry().sources[SOURCE]
    return (*said, (texts.pick(source.name), texts.pick(source.method)))


def _source(context: Context) -> str:
    texts = context.texts
    return texts.say("Source: {sources}", sources=texts.pick(registry().sources[SOURCE].name))
