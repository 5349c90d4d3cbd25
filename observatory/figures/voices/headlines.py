"""Headlines: what is chosen most and what differs, as sentences that say no more than the sample carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from observatory import queries
from observatory.figures.voices.told import STATISTICS, Told
from observatory.queries.voices import WAVE, Estimate


def lead(said: Told) -> str:
    """Return what all respondents of the wave say; where it is very uncertain the interval alone."""
    texts, voices = said.context.texts, said.voices
    shown = [row for row in voices.totals if row.flag != "hidden" and row.statistic == voices.question.measure]
    if not shown:
        return texts.say("Too few answers to show")
    shown.sort(key=lambda row: -row.value)
    first = shown[0]
    if voices.question.measure == "share":
        return _most_chosen(said, shown)
    if first.flag == "C":
        if first.low is None or first.high is None:
            return texts.say("Too few answers to tell")
        bounds = {"low": said.written(first.statistic, first.low), "high": said.written(first.statistic, first.high)}
        if voices.question.measure == "top":
            return texts.say("Between {low} and {high} agree: {question}", question=said.wording, **bounds)
        return texts.say("The middle answer lies between {low} and {high}", **bounds)
    value = said.written(first.statistic, first.value)
    if voices.question.measure == "top":
        return texts.say("{share} agree: {question}", share=value, question=said.wording)
    return texts.say("The middle answer is {value}", value=value)


def _most_chosen(said: Told, shown: Sequence[Estimate]) -> str:
    """Return which option most chose, where its interval lies above that of the next; else that no order shows."""
    texts = said.context.texts
    first = shown[0]
    name, share = texts.as_sent(said.statistic(first)), said.written("share", first.value)
    if first.flag == "C":
        return texts.say("Too few answers to say what is chosen most")
    if len(shown) > 1 and not _lies_above(first, second := shown[1]):
        return texts.say(
            "Most often, within the margin of error: {first} ({share}) and {second} ({second_share})",
            first=name, share=share, second=texts.as_sent(said.statistic(second)),
            second_share=said.written("share", second.value),
        )  # fmt: skip
    return texts.say("Most often: {option}, {share}", option=name, share=share)


def _lies_above(first: Estimate, second: Estimate) -> bool:
    return first.low is not None and second.high is not None and first.low > second.high


def headline(said: Told) -> str:
    """Return what differs: the wave from the one before, or groups from all the others, where a test says so."""
    texts, voices = said.context.texts, said.voices
    if voices.asked.by in ("", WAVE):
        return _change(said)
    rows = said.main(voices.estimates)
    apart = sorted((row for row in rows if row.versus_rest in ("higher", "lower")), key=lambda row: row.value)
    below, above = (
        [
            texts.say("{name} ({value})", name=said.group(row.group), value=said.written(row.statistic, row.value))
            for row in order if row.versus_rest == versus
        ]
        for versus, order in (("lower", apart), ("higher", apart[::-1]))
    )  # fmt: skip
    name = _measured(said)
    if above and below:
        return texts.say(
            "{name}. Higher than among the others: {above}. Lower: {below}", name=name, above=texts.names(above),
            below=texts.names(below),
        )  # fmt: skip
    if above:
        return texts.say("{name}. Higher than among the others: {above}", name=name, above=texts.names(above))
    if below:
        return texts.say("{name}. Lower than among the others: {below}", name=name, below=texts.names(below))
    if all(row.versus_rest != "not_distinguishable" for row in rows):
        return texts.say("{name}. Too uncertain to compare the groups", name=name)
    return texts.say("{name}. The groups are not distinguishable", name=name)


def _change(said: Told) -> str:
    texts, voices = said.context.texts, said.voices
    name, before = _measured(said), voices.wave_before
    rows = said.main(voices.totals)
    if not rows or rows[0].flag == "hidden":
        return name
    now = rows[0]
    if before is None:
        return _alone(said, name, now)
    then = _then(said, before)
    if voices.asked.wave in voices.breaks:
        return texts.say("{name}. Not compared with {year}: the question was put differently", name=name,
                         year=str(before))  # fmt: skip
    if then is None or now.versus_wave not in ("higher", "lower", "not_distinguishable"):
        return texts.say("{name}. Not compared with {year}: too uncertain", name=name, year=str(before))
    values = {
        "name": name, "year": str(before), "now": said.written(now.statistic, now.value),
        "then": said.written(then.statistic, then.value),
    }  # fmt: skip
    if now.versus_wave == "higher":
        return texts.say("{name}: {now}, more than in {year} ({then})", **values)
    if now.versus_wave == "lower":
        return texts.say("{name}: {now}, less than in {year} ({then})", **values)
    return texts.say("{name}: {now}, not distinguishable from {year} ({then})", **values)


def _alone(said: Told, name: str, now: Estimate) -> str:
    """Return a value with its interval, or the interval alone where it is very uncertain."""
    texts = said.context.texts
    if now.flag == "C":
        if now.low is None or now.high is None:
            return texts.say("{name}: too few answers to tell", name=name)
        low, high = (said.written(now.statistic, bound) for bound in (now.low, now.high))
        return texts.say("{name}: between {low} and {high}", name=name, low=low, high=high)
    return texts.say("{name}: {now}", name=name, now=said.written(now.statistic, now.value))


def _then(said: Told, year: int) -> Estimate | None:
    """Return the same estimate in an earlier wave, None where none is shown."""
    context, asked = said.context, said.voices.asked
    earlier = queries.voices(context.store, replace(asked, by=WAVE), context.texts.language)
    if earlier.is_weighted != said.voices.is_weighted:
        return None
    return next((row for row in said.main(earlier.estimates) if row.wave == year and row.flag != "hidden"), None)


def _measured(said: Told) -> str:
    """Return what is compared: the option, those who agree, or the median."""
    texts, voices = said.context.texts, said.voices
    if voices.question.measure == "share":
        return texts.as_sent(voices.options.get(voices.asked.option, voices.asked.option))
    return texts.say(STATISTICS[voices.question.measure])
