"""Maps of stages: the share of companies at each, by dimension of the rubric and by group."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import TOTAL
from observatory.charts import stage_map as chart
from observatory.figures.stages.words import base, definitions, dimension_name, said_stage, source, stage_name
from observatory.figures.tables import STATUS, TableColumn, tables
from observatory.figures.view import Context, View
from observatory.queries.answers import HOLDINGS
from observatory.queries.stages import STAGES, Stages, stages
from observatory.what_if import dimensions

FROM_STAGE = 3  # "systemic or further" is what the headline of the dimensions compares
SURE = 0.95  # of the resamples in which a group is at the same stage
BREAKDOWNS = {"sector": "sector", "region": "region", "size.legal": "size", "size.fine": "size",
              "ownership": "ownership", "holding": "holding"}  # fmt: skip


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
        return mapped(context, found, self.id, rows, self._headline(context, rows), context.texts.say("Dimension"))

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
        return mapped(context, found, self.id, rows, self._headline(context, found, rows, heading), heading)

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


def mapped(context: Context, found: Stages, figure_id: str, rows: pd.DataFrame, headline: str, heading: str) -> View:
    """Return the view of a stage map with its table."""
    texts = context.texts
    if rows.empty:
        return View(id=figure_id, headline=headline, state="empty", source=source(context))
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
        base=base(context, found),
        notes=tuple(notes),
        definitions=definitions(context),
        source=source(context),
    )
