"""Where the country stands, in words: the stage, how sure it is, the wave before, what leaders believe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from observatory.figures.stages.words import base, definitions, mean_stage, said_stage, source
from observatory.figures.view import Context, View
from observatory.figures.voices.fieldwork import unweighted
from observatory.queries.stages import COMPANY, Stages, stages
from observatory.queries.voices import instruments
from observatory.texts import mark

METHOD = {
    "raked": mark("Weighted to the owner’s frame of companies."),
    "given": mark("Weighted with the weights that came with the answers."),
    "none": mark("Not weighted: there is no frame of companies, so large companies may count for too much."),
    "contradictory": mark("Not weighted: no weights meet the frame of companies that is given."),
}


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
        notes = [*_weighting(context, found)]
        notes.append(texts.say("The stages are our own model, no official rating. Companies answer of their own will."))
        return View(
            id=self.id,
            headline=texts.say("How certain is this"),
            sentences=tuple(said),
            notes=tuple(notes),
            definitions=definitions(context),
            base=base(context, found),
            source=source(context),
        )


def _weighting(context: Context, found: Stages) -> Iterator[str]:
    texts, wave = context.texts, instruments(context.store).get(COMPANY, {}).get(found.wave)
    if wave is None:
        return
    yield texts.say(METHOD[wave.method])
    if wave.is_invented and wave.method == "raked":
        yield texts.say("The frame is invented, as all of these data are.")
    yield from unweighted(texts, wave)


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
                scored=texts.number(mean_stage(found.shares()), 1),
            ))  # fmt: skip
    return said
