"""Fieldwork: who was asked, when, how many answered, how they are weighted, and what was left open."""

from __future__ import annotations

from collections.abc import Iterable

from observatory import NOT_STATED
from observatory.figures.view import Context
from observatory.figures.voices.told import SOURCE, Told
from observatory.queries.voices import Wave
from observatory.registry import registry
from observatory.texts import Texts

REGION = "region"


def facts(said: Told) -> tuple[tuple[str, str], ...]:
    """Return how it was asked, a heading and a sentence each; what is not known is said so."""
    texts, voices = said.context.texts, said.voices
    shown = [voices.waves[year] for year in dict.fromkeys(row.wave for row in voices.estimates)]
    told = []
    for heading, sentence in ((texts.say("Fieldwork"), _fieldwork), (texts.say("Response"), _response)):
        told += [
            (heading, texts.say("{wave}: {sentence}", wave=str(wave.year), sentence=sentence(said, wave)))
            if len(shown) > 1 else (heading, sentence(said, wave))
            for wave in shown
        ]  # fmt: skip
    told += [
        (texts.say("Weighting"), _weighting(said, voices.wave)),
        *((texts.say("Weighting"), sentence) for sentence in _joined(said, voices.wave)),
        (
            texts.say("How far it carries"),
            texts.say(
                "Whoever was invited could answer or not. The interval shows chance alone: the figures are indicative."
            ),
        ),
    ]
    told += [(texts.say("Regions"), sentence) for sentence in _regions(said)]
    told += [(texts.say("Change of the question"), note) for note in break_notes(said)]
    return tuple(told)


def _fieldwork(said: Told, wave: Wave) -> str:
    texts = said.context.texts
    if wave.first_day is None or wave.last_day is None:
        return texts.say("Asked in {year}; the days are not known.", year=str(wave.year))
    return texts.say("Asked from {first} to {last}.", first=texts.date(wave.first_day), last=texts.date(wave.last_day))


def _response(said: Told, wave: Wave) -> str:
    texts = said.context.texts
    answered = texts.number(wave.respondents)
    if not wave.invited or wave.invited < wave.respondents:
        return texts.say("Forms with answers: {answered}; how many were invited is not known.", answered=answered)
    return texts.say(
        "Forms with answers: {answered} of {invited} invited, response rate {share}.", answered=answered,
        invited=texts.number(wave.invited), share=texts.percent(100 * wave.respondents / wave.invited),
    )  # fmt: skip


def _weighting(said: Told, wave: Wave) -> str:
    texts = said.context.texts
    if wave.has_weights and not said.voices.is_weighted:
        return texts.say("Not weighted, though weights are known.")
    if wave.method == "given":
        return texts.say("Weighted with the weights that came with the answers.")
    if wave.method == "contradictory":
        return texts.say("Not weighted: no weights meet the frame.")
    if wave.method != "raked":
        return texts.say("Not weighted: no frame.")
    margins = texts.names(texts.dimension(name) for name in wave.margins)
    if wave.is_invented:
        return texts.say("Weighted to the frame (invented): {margins}.", margins=margins)
    return texts.say("Weighted to the frame: {margins}.", margins=margins)


def _joined(said: Told, wave: Wave) -> Iterable[str]:
    """Yield which groups count as one in the weighting because too few answered, and what cannot be weighted by."""
    texts, dimensions = said.context.texts, said.context.edition.dimensions
    if not said.voices.is_weighted:
        return
    yield from unweighted(texts, wave)
    for dimension, codes in wave.joined.items():
        if dimension in wave.margins:
            names = texts.names(texts.member(dimensions[dimension], code, short=True) for code in codes)
            yield texts.say("Counted as one in the weighting, because few answered: {names}.", names=names)


def unweighted(texts: Texts, wave: Wave) -> Iterable[str]:
    """Yield what a wave cannot be weighted by because too few answered."""
    if wave.unweighted:
        yield texts.say(
            "Too few answered to weight by this too: {dimension}. The figures speak for those who answered most.",
            dimension=texts.names(texts.dimension(name) for name in wave.unweighted),
        )


def _regions(said: Told) -> Iterable[str]:
    """Yield why there is no map, where answers are told by groups of regions and not by each of them."""
    texts, region = said.context.texts, said.context.edition.dimensions[REGION]
    if REGION in said.voices.breakdowns and registry().surveys["breakdowns"][REGION] != [region.levels[0]]:
        yield texts.say(
            "There are too few answers for a map of all regions ({count}): macro-regions are compared.",
            count=texts.number(sum(code != NOT_STATED for code in region.cut(region.levels[0]))),
        )


def break_notes(said: Told) -> Iterable[str]:
    """Yield a sentence for each wave shown from which on the question was put differently."""
    texts, voices = said.context.texts, said.voices
    shown = {row.wave for row in voices.estimates}
    for wave in voices.breaks:
        if wave in shown:
            yield texts.say(
                "From {wave} on the question is put differently: earlier answers are not compared with it.",
                wave=str(wave),
            )


def left_open(said: Told, group: str) -> str:
    """Return how many of those asked said they did not know or gave no answer: "Hard to say 6%, no answer 2%"."""
    texts, counts = said.context.texts, said.voices.counts.get(group)
    if counts is None or not counts.asked:
        return ""
    left = (
        (said.voices.dont_know or texts.say("Don’t know"), counts.dont_know),
        (texts.say("No answer"), counts.no_answer),
    )
    return " · ".join(
        texts.say("{word} {share}", word=word, share=texts.percent(100 * count / counts.asked))
        for word, count in left if count
    )  # fmt: skip


def source(context: Context) -> str:
    """Return the line on where the figures come from."""
    return context.texts.say("Source: {sources}", sources=context.texts.pick(registry().sources[SOURCE].name))
