"""Findings: which rules of the registry have something to say about the reader's choice, the strongest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log
from statistics import mean

from observatory import NOT_STATED
from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.answers import lookup
from observatory.queries.combination import Part
from observatory.queries.comparison import Comparison, compare
from observatory.queries.headlines import change, change_kind, unfair
from observatory.registry import FindingRule, Indicator, registry
from observatory.store import Store
from observatory.texts import Texts

MOST = 3


@dataclass(frozen=True)
class Finding:
    """What a rule found: how strongly, of which code, with the numbers its sentence may name.

    strength: the logarithm of how many times the threshold was met, weighted by the part of the whole it is about.
    code: of `dimension`, "" for the whole. share in percent; change in percent or in points, as the indicator has it.
    """

    rule: FindingRule
    strength: float
    year: int
    months: tuple[int, int] | None = None
    dimension: str = ""
    code: str = ""
    value: float | None = None
    previous: float | None = None
    change: float | None = None
    share: float | None = None
    ratio: float | None = None
    month: int | None = None


def findings(store: Store, edition: Edition, filters: Filters, texts: Texts) -> list[str]:
    """Return at most three sentences about what stands out in the choice, the strongest first; none if nothing does.

    Of findings of one kind about one dimension only the strongest is said: they tell the same story twice.
    """
    said: dict[tuple[str, str], Finding] = {}
    for finding in evaluate(store, edition, filters, registry().findings):
        said.setdefault((finding.rule.kind, finding.dimension), finding)
    return [sentence(finding, edition, texts) for finding in list(said.values())[:MOST]]


def evaluate(store: Store, edition: Edition, filters: Filters, rules: tuple[FindingRule, ...]) -> list[Finding]:
    """Return what the rules find, the strongest first; each rule finds one thing or nothing.

    Codes that are not stated, hidden cells, cells of low base and values known only as "at least" are never named.
    A rule says nothing where a filter stands that its indicator cannot follow, or that leaves it nothing to compare.
    """
    used = {indicator.id: indicator for indicator in edition.indicators}
    known: dict[tuple, Comparison | None] = {}
    found = []
    for rule in rules:
        if rule.indicator in used and _knows(edition, rule):
            found += _KINDS[rule.kind](_Case(store, edition, filters, rule, used[rule.indicator], known))
    return sorted(found, key=lambda finding: -finding.strength)


def sentence(finding: Finding, edition: Edition, texts: Texts) -> str:
    """Return a finding in words."""
    unit = registry().indicators[finding.rule.indicator].unit
    number = {"value": finding.value, "previous": finding.previous}
    values = {name: texts.amount(value, unit) for name, value in number.items() if value is not None}
    if finding.code:
        values["name"] = texts.member(edition.dimensions[finding.dimension], finding.code)
    if finding.change is not None:
        is_points = change_kind(registry().indicators[finding.rule.indicator]) == "points"
        size = abs(finding.change)
        points = texts.say("{number} points", number=texts.number(size, 1))
        values["change"] = points if is_points else texts.percent(size)
    if finding.share is not None:
        values["share"] = texts.percent(finding.share)
    if finding.ratio is not None:
        values["ratio"] = texts.number(finding.ratio, 1)
    if finding.month is not None:
        values["month"] = texts.month(finding.month)
    values["year"] = texts.period(finding.year, finding.months)
    values["previous_year"] = texts.period(finding.year - 1, finding.months)
    return texts.pick(finding.rule.text).format(**values)


@dataclass(frozen=True)
class _Case:
    """One rule before one choice of one reader; `known` are the comparisons that other rules asked for."""

    store: Store
    edition: Edition
    filters: Filters
    rule: FindingRule
    indicator: Indicator
    known: dict[tuple, Comparison | None]

    def compare(self, by: str | None) -> Comparison | None:
        """Return the last year and the year before, of the whole or by a breakdown at the rule's level."""
        level = self.rule.level if by else None
        key = (self.indicator.id, by, level)
        if key not in self.known:
            levels = {by: level} if level else None
            self.known[key] = compare(
                self.store, self.edition, self.indicator, (by,) if by else (), self.filters, levels
            )
        return self.known[key]

    def compared(self) -> tuple[Comparison, Comparison] | None:
        """Return the codes of the rule's breakdown and the whole, this year and the year before."""
        if self.filters.codes(self.rule.by):
            return None
        codes, whole = self.compare(self.rule.by), self.compare(None)
        if codes is None or whole is None or codes.set_aside or codes.year != whole.year or not whole.now[()].value:
            return None
        return codes, whole

    def found(self, strength: float, year: int, **facts) -> Finding:
        return Finding(self.rule, strength, year, **facts)


def _moved(case: _Case, sign: int) -> Iterator[Finding]:
    """Yield the code with the largest rise (sign 1) or fall (sign -1) that matters in the whole."""
    pair = case.compared()
    if pair is None:
        return
    codes, whole = pair
    best = None
    for code, now in _nameable(codes.now).items():
        before = codes.before.get((code,))
        if unfair(now, before) or before.status != "free":
            continue
        moved = change(now.value, before.value, change_kind(case.indicator))
        share = max(_share(now, whole.now.get(())), _share(before, whole.before.get(())))
        if sign * moved >= case.rule.thresholds["change_pct"] and share >= case.rule.thresholds["share_pct"]:
            strength = log(1 + sign * moved / case.rule.thresholds["change_pct"]) * share / 100
            if best is None or sign * moved > sign * best.change:
                best = case.found(strength, codes.year, months=codes.months, dimension=case.rule.by, code=code,
                                  value=now.value, previous=before.value, change=moved)  # fmt: skip
    if best:
        yield best


def _rise(case: _Case) -> Iterator[Finding]:
    return _moved(case, 1)


def _fall(case: _Case) -> Iterator[Finding]:
    return _moved(case, -1)


def _part(case: _Case) -> Iterator[Finding]:
    """Yield the share of the whole that the named codes have together."""
    pair = case.compared()
    if pair is None:
        return
    codes, whole = pair
    wanted = case.rule.only[case.rule.by]
    named = _nameable(codes.now)
    if not all(code in named for code in wanted):
        return
    share = sum(_share(named[code], whole.now[()]) for code in wanted)
    if share >= case.rule.thresholds["share_pct"]:
        strength = log(1 + share / case.rule.thresholds["share_pct"])
        yield case.found(strength, codes.year, months=codes.months, dimension=case.rule.by, code=wanted[0], share=share)


def _leader(case: _Case) -> Iterator[Finding]:
    """Yield the code with the largest share, if it is well ahead of the second."""
    pair = case.compared()
    if pair is None:
        return
    codes, whole = pair
    ranked = sorted(_nameable(codes.now).items(), key=lambda item: -item[1].value)
    if len(ranked) < 2:
        return
    (code, first), (_, second) = ranked[:2]
    share = _share(first, whole.now[()])
    ahead = first.value / second.value if second.value else 0.0
    if share >= case.rule.thresholds["share_pct"] and ahead >= case.rule.thresholds["ratio"]:
        yield case.found(log(1 + ahead / case.rule.thresholds["ratio"]) * share / 100, codes.year, months=codes.months,
                         dimension=case.rule.by, code=code, value=first.value, share=share, ratio=ahead)  # fmt: skip


def _peak(case: _Case) -> Iterator[Finding]:
    """Yield the code whose largest month or year stands out most from an average month or the years beside it."""
    (dimension, wanted), snapshot = next(iter(case.rule.only.items())), case.store.snapshot
    chosen = case.filters.codes(dimension)
    first, last = case.filters.years
    if snapshot.is_last_year_unfinished and last == snapshot.last_year:
        last -= 1
    if case.rule.by == "month":
        first = last
    if last < first:
        return
    filters = replace(case.filters, years=(first, last))
    answer = lookup(case.store, case.edition, case.indicator, (dimension, case.rule.by), filters,
                    level={dimension: case.rule.level} if case.rule.level else None)  # fmt: skip
    if answer.set_aside or answer.rows.empty:
        return
    whole = answer.rows.value.sum()
    found = []
    for code in wanted:
        rows = answer.rows[answer.rows[dimension] == code]
        if rows.empty or rows.hidden_parts.any() or rows.is_at_least.any() or (chosen and code not in chosen):
            continue
        top = rows.loc[rows.value.idxmax()]
        usual = _usual(case.rule.by, dict(zip(rows[case.rule.by], rows.value, strict=True)), int(top[case.rule.by]))
        if top.status != "free" or not usual or top.value / usual < case.rule.thresholds["ratio"]:
            continue
        ratio = top.value / usual
        place = {"month": int(top.month)} if case.rule.by == "month" else {}
        year = last if case.rule.by == "month" else int(top.year)
        strength = log(1 + ratio / case.rule.thresholds["ratio"]) * rows.value.sum() / whole
        found.append(case.found(strength, year, dimension=dimension, code=code, value=top.value, ratio=ratio, **place))
    yield from sorted(found, key=lambda finding: -finding.ratio)[:1]


def _rate_change(case: _Case) -> Iterator[Finding]:
    """Yield the largest change of a rate in points, of the whole or of one code."""
    if case.rule.by and case.filters.codes(case.rule.by):
        return
    found = case.compare(case.rule.by)
    if found is None or found.set_aside:
        return
    least = case.rule.thresholds["points"]
    best = None
    for key, now in found.now.items():
        before = found.before.get(key)
        if (
            now.status != "free"
            or any(code.endswith(NOT_STATED) for code in key)
            or unfair(now, before)
            or before.status != "free"
        ):
            continue
        moved = now.value - before.value
        if moved / least >= 1 and (best is None or abs(moved) > abs(best.change)):
            best = case.found(log(1 + moved / least), found.year, months=found.months, dimension=case.rule.by or "",
                              code=key[0] if key else "", value=now.value, previous=before.value,
                              change=moved)  # fmt: skip
    if best:
        yield best


_KINDS = {
    "rise": _rise, "fall": _fall, "share": _part, "leader": _leader, "peak": _peak, "rate_change": _rate_change,
}  # fmt: skip


def _knows(edition: Edition, rule: FindingRule) -> bool:
    """True where the edition has the dimension, the codes and the levels that the rule names."""
    for dimension, codes in rule.only.items():
        facts = edition.dimensions.get(dimension)
        if facts is None or any(code not in facts.members for code in codes):
            return False
    compared = edition.dimensions.get(rule.by)
    if compared is not None and not compared.levels:
        return False
    dimension = next(iter(rule.only), rule.by)
    return not rule.level or (dimension in edition.dimensions and rule.level in edition.dimensions[dimension].levels)


def _nameable(parts: Mapping[tuple, Part]) -> dict[str, Part]:
    """Return the codes a sentence may name."""
    return {
        code: part
        for (code,), part in parts.items()
        if not code.endswith(NOT_STATED) and part.status == "free" and not part.hidden and not part.is_at_least
    }


def _share(part: Part, whole: Part | None) -> float:
    """Return the part of the whole in percent, 0 where the whole is not known."""
    return 100 * part.value / whole.value if whole is not None and whole.value else 0.0


def _usual(by: str, values: dict[int, float], top: int) -> float:
    """Return what the largest is measured against: an average month, or the years beside it."""
    if by == "month":
        return sum(values.values()) / 12
    beside = [values[year] for year in (top - 1, top + 1) if year in values]
    return mean(beside) if beside else 0.0
