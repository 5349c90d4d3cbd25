"""Words that the figures of stages share: names of stages and dimensions, the base, the source."""

from __future__ import annotations

import pandas as pd

from observatory.figures.view import Context
from observatory.queries.stages import Stages, stages
from observatory.registry import registry

SOURCE = "survey"


def stage_name(context: Context, stage: int) -> str:
    """Return the name of a stage: "Organised"."""
    return context.texts.pick(registry().rubric["stages"][stage]["name"])


def dimension_name(context: Context, name: str) -> str:
    """Return the name of a dimension of the rubric."""
    return context.texts.pick(registry().rubric["dimensions"][name]["name"])


def said_stage(context: Context, stage: int) -> str:
    """Return a stage as it is said: "stage 2, Organised"."""
    return context.texts.say("stage {number}, {name}", number=str(stage), name=stage_name(context, stage))


def mean_stage(shares: pd.DataFrame) -> float:
    """Return the mean stage of companies; NaN where it is hidden."""
    known = shares.dropna(subset="share")
    return float((known.stage * known.share).sum()) if len(known) else float("nan")


def has_steps(context: Context) -> bool:
    """Return whether there is a step that any company has before it."""
    found = stages(context.store)
    return found is not None and bool(found.step_codes)


def base(context: Context, found: Stages) -> str:
    country = found.country()
    if country is None or pd.isna(country.base):
        return ""
    return context.texts.say_n("n = {n} company", "n = {n} companies", int(country.base))


def definitions(context: Context) -> tuple[tuple[str, str], ...]:
    texts, rubric = context.texts, registry().rubric
    said = [
        (f"{stage} {texts.pick(facts['name'])}", texts.pick(facts["text"])) for stage, facts in rubric["stages"].items()
    ]
    source = registry().sources[SOURCE]
    return (*said, (texts.pick(source.name), texts.pick(source.method)))


def source(context: Context) -> str:
    texts = context.texts
    return texts.say("Source: {sources}", sources=texts.pick(registry().sources[SOURCE].name))
