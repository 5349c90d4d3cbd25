"""Notes: what is said beside a figure, or in its place: base, source, definitions, remarks, why nothing is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from observatory import queries
from observatory.figures.revisions import revision_note
from observatory.figures.view import Context, View
from observatory.filters import Filters
from observatory.registry import Indicator, registry
from observatory.texts import mark

HIDDEN_SENTENCE = mark(
    "Hidden: too few organisations, or one outweighs the others, or it would give away another hidden figure."
)
"""One sentence for all reasons, so that the reason tells nothing."""


def source_line(context: Context, *indicators: Indicator) -> str:
    """Return producer and form of the figures, without the demonstration mark (the page adds it)."""
    sources = registry().sources
    ids = dict.fromkeys(
        part.strip() for indicator in indicators for part in indicator.source.split(",") if part.strip()
    )
    return context.texts.say("Source: {sources}", sources="; ".join(context.texts.pick(sources[i].name) for i in ids))


def definitions(context: Context, *indicators: Indicator) -> tuple[tuple[str, str], ...]:
    texts = context.texts
    return tuple((texts.pick(indicator.name), texts.pick(indicator.definition)) for indicator in indicators)


def base_line(context: Context, answer: queries.Answer | None) -> str:
    """Return "n = 104 organisations"; over several years, or several codes, that of the largest part, and says so."""
    texts = context.texts
    if answer is None or answer.rows.empty or answer.rows.contributors.isna().all():
        return ""
    count = int(answer.rows.contributors.max())
    line = texts.say_n("n = {n} organisation", "n = {n} organisations", count)
    if context.store.is_protected:
        line = texts.say("{base} or more", base=line)
    if context.filters.years[0] != context.filters.years[1]:
        return texts.say("{base} in the largest year", base=line)
    is_at_least = bool(answer.rows.is_at_least.any()) and not context.store.is_protected
    return texts.say("{base} or more", base=line) if is_at_least else line


def contributors_text(context: Context, count: float) -> str:
    """Return how many organisations gave to a figure, in short; of a protected one at least how many: "10+"."""
    if pd.isna(count):
        return ""
    return context.texts.number(int(count)) + ("+" if context.store.is_protected else "")


def remarks(context: Context, answer: queries.Answer, is_marked: bool = True) -> tuple[str, ...]:
    """Return what a careful reader must know of these rows, one sentence each; is_marked: low base is drawn as such."""
    texts, edition, notes = context.texts, context.edition, []
    if answer.region_level_forced:
        notes.append(
            texts.say(
                "Regions were redrawn in 2022: from years before {year} on, comparable regions are shown.",
                year=str(edition.comparable_before),
            )
        )
    notes += replaced_notes(context, answer.replaced)
    notes += set_aside_note(context, answer.set_aside)
    if not answer.rows.empty and bool(answer.rows.is_at_least.any()):
        notes.append(
            texts.say("Several values together are counted as “at least”: the same one may stand in more than one.")
        )
    if (answer.rows.status == "hidden").any():
        notes.append(texts.say(HIDDEN_SENTENCE))
    if answer.hidden_parts:
        notes.append(
            texts.say_n(
                "{n} hidden part is not in the sums.",
                "{n} hidden parts are not in the sums.",
                answer.hidden_parts,
                n=texts.number(answer.hidden_parts),
            )
        )
    if is_marked and (answer.rows.status == "low_base").any():
        least = edition.thresholds["low_base_contributors"]
        notes.append(
            texts.say_n(
                "Hollow or hatched: low base, fewer than {n} organisation in any one year.",
                "Hollow or hatched: low base, fewer than {n} organisations in any one year.",
                least,
            )
        )
    return (*notes, *revision_note(context, answer))


def instead_text(context: Context, instead: Filters) -> str:
    """Return for what a figure is shown that is hidden for the choice itself: "hidden here, shown for Mining"."""
    texts = context.texts
    names = " · ".join(instead.names(texts, context.edition)) or texts.say("everything")
    return texts.say("hidden for the choice, shown for {wider}", wider=names)


def instead_note(context: Context, instead: Filters) -> str:
    """Return the sentence that says why, and for what, a figure is shown in place of a hidden one."""
    texts, edition = context.texts, context.edition
    return texts.say(
        "{why} Shown instead: {choice}.", why=texts.say(HIDDEN_SENTENCE), choice=instead.sentence(texts, edition)
    )


def set_aside_note(context: Context, set_aside: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence that names the parts of the choice which a figure cannot follow, if any."""
    texts = context.texts
    names = ", ".join(texts.dimension(name) for name in set_aside)
    sentence = texts.say("Not broken down by: {filters}. That part of the choice is set aside here.", filters=names)
    return (sentence,) if names else ()


def replaced_notes(context: Context, replaced: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each chosen region for which the comparable one is shown."""
    texts, region_of = context.texts, context.edition.dimensions["region"]
    return tuple(
        texts.say(
            "Shown instead of {region}: {whole}.",
            region=texts.member(region_of, region),
            whole=texts.member(region_of, whole),
        )
        for region, whole in replaced.items()
    )


def empty(context: Context, figure_id: str, indicator: Indicator, answer: queries.Answer) -> View:
    """Return the view of a figure of which the choice has no cells, or none that are shown."""
    return nothing(
        context,
        View(
            id=figure_id,
            headline=context.texts.pick(indicator.name),
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
        ),
        lambda wider: context.lookup(indicator, (), wider).rows.value.notna().any(),
        is_hidden=bool((answer.rows.status == "hidden").any()),
    )


def nothing(context: Context, view: View, has_any: Callable[[Filters], bool], is_hidden: bool = False) -> View:
    """Return a view without rows: what is missing, or hidden, and which filter empties it, if one does alone."""
    texts, filters = context.texts, context.filters
    remedy, culprit = "", ""
    for dimension in (*filters.chosen(), "years"):
        wider = filters.without(dimension)
        if wider != filters and has_any(wider):
            remedy, culprit = (
                dimension,
                texts.say("It is the choice of {filter} that leaves nothing.", filter=texts.dimension(dimension)),
            )
            break
    sentence = texts.say(HIDDEN_SENTENCE) if is_hidden else texts.say(
        "Nothing is reported for this choice: {choice}.", choice=filters.sentence(texts, context.edition)
    )  # fmt: skip
    return replace(view, state="empty", remedy=remedy, notes=tuple(part for part in (sentence, culprit) if part))
