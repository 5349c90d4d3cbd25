"""What a reader tries out: a step that a share of the companies takes, an index of own weights."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import TOTAL
from observatory.figures.stages.maps import FROM_STAGE, mapped
from observatory.figures.stages.words import (
    base,
    definitions,
    dimension_name,
    has_steps,
    mean_stage,
    source,
    stage_name,
)
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.queries.stages import STAGES, Stages, stages
from observatory.what_if import dimensions


@dataclass(frozen=True)
class WhatIfStep:
    """What if a share of the companies that lack a step took it: the stages before and after."""

    id: str = "what-if"
    reads = ("what_if",)

    def fits(self, context: Context) -> bool:
        return has_steps(context)

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
        view = mapped(context, found, self.id, rows, headline, texts.say("Companies"))
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
        means = {name: mean_stage(shares[shares.dimension == name]) for name in dimensions()}
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
            base=base(context, found),
            notes=(texts.say("An index of your own making: the stage itself keeps equal weights."),),
            definitions=definitions(context),
            source=source(context),
        )  # fmt: skip
