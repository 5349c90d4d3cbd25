"""What comes next: the steps that would move most companies."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory.figures.stages.words import base, definitions, dimension_name, has_steps, source
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.queries.stages import Stages, stages
from observatory.registry import registry
from observatory.texts import mark

FIRST_STEPS = 3
COST = {"low": mark("low cost"), "medium": mark("medium cost"), "high": mark("high cost")}


@dataclass(frozen=True)
class NextSteps:
    """The steps that would move most companies, in words, and all of them as a table; in short: the words alone."""

    most: int = FIRST_STEPS
    in_short: bool = False
    id: str = "next-steps"
    reads = ()

    def fits(self, context: Context) -> bool:
        return has_steps(context)

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
            base=base(context, found),
            definitions=definitions(context),
            source=source(context),
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
