"""A random world of facts, its cells made by slow plain pandas, and slow plain answers made from the facts alone."""

from itertools import product
from random import Random

import pandas as pd

from observatory.editions import Edition
from observatory.queries.selection import IN_CELLS

YEARS = (2020, 2021, 2022, 2023)
COMPANIES = {  # company -> sector, size, region where registered, holding
    "c1": ("a", "l1", "r1", "h"),
    "c2": ("a", "l2", "r2", "h"),
    "c3": ("b", "small", "r3", None),
    "c4": ("b", "l1", "r3", None),
    "c5": ("_U", "_U", "_U", None),
}
ACTIVITY_MEASURES = ("hours", "skilled_hours", "companies")
YEAR_MEASURES = ("volunteers", "headcount")
LOW_BASE = 2


def world(random: Random) -> list[pd.DataFrame]:
    """Return some activities, and what the companies reported of whole years."""

    def amount():
        return random.choice([None, 0, random.randint(1, 40), random.randint(1, 40)])

    activities = pd.DataFrame([
        {"company": random.choice(list(COMPANIES)), "year": random.choice(YEARS), "month": random.randint(1, 12),
         "region": random.choice(["r1", "r2", "r3", "r4", "_U"]), "theme": random.choice(["t11", "t12", "t21", "_U"]),
         "form": random.choice(["f1", "f2", "_U"]), "hours": amount(), "skilled_hours": amount(), "companies": 1}
        for _ in range(random.randint(1, 16))
    ])  # fmt: skip
    reports = pd.DataFrame(
        [
            {"company": company, "year": year, "volunteers": amount(), "headcount": amount(), "month": 0,
             "region": COMPANIES[company][2], "theme": "_T", "form": "_T"}
            for company in COMPANIES for year in YEARS
            if random.random() < 0.6
        ],
        columns=["company", "year", "volunteers", "headcount", "month", "region", "theme", "form"],
    )  # fmt: skip
    return [
        rows.assign(
            sector=[COMPANIES[company][0] for company in rows.company],
            size=[COMPANIES[company][1] for company in rows.company],
            entity=[COMPANIES[company][3] or company for company in rows.company],
        )
        for rows in (activities, reports)
    ]


def cells_of(edition: Edition, facts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the cells of every combination of levels, months and forms as deep as the contract has them."""
    found = []
    for rows, measures in zip(facts, (ACTIVITY_MEASURES, YEAR_MEASURES), strict=True):
        for row in rows.itertuples():
            lineages = [_lineage(edition, name, getattr(row, name)) for name in IN_CELLS]
            for codes in product(*lineages):
                depth = sum(code != "_T" for code in codes)
                if codes[-1] != "_T" and depth > 3:
                    continue
                periods = [str(row.year), *([f"{row.year}-{row.month:02}"] if row.month and depth <= 2 else [])]
                found += [(measure, period, *codes, getattr(row, measure), row.company, row.entity)
                          for period in periods for measure in measures
                          if pd.notna(getattr(row, measure))]  # fmt: skip
    columns = ["measure", "period", *IN_CELLS, "value", "company", "entity"]
    long = pd.DataFrame(found, columns=columns).astype({"value": float})
    long["giver"] = long.entity.where(long.value > 0)
    cells = (
        long.groupby(["measure", "period", *IN_CELLS])
        .agg(value=("value", "sum"), companies=("company", "nunique"), contributors=("giver", "nunique"))
        .reset_index()
    )
    cells["value"] = cells.companies.where(cells.measure == "companies", cells.value)
    cells["status"] = ["low_base" if contributors < LOW_BASE else "free" for contributors in cells.contributors]
    return cells.drop(columns="companies").astype({"contributors": str})


def reference(edition, facts, indicator, adds_over, by, years, chosen, levels, unfinished):
    """Return key -> (value, value_to, is_at_least) of an indicator, straight from the facts.

    Args:
        adds_over: of the one measure; empty for a rate.
        chosen: dimension -> codes, for the filters that are followed.
        levels: the level drawn of each dimension in `by`.
    """
    parts = {}
    for measure in indicator.measures:
        rows = facts[measure in YEAR_MEASURES]
        rows = rows[rows.year.between(*years) & rows[measure].notna()]
        for name, codes in chosen.items():
            rows = _within(edition, rows, name, codes)
        for name in by:
            if name in IN_CELLS:
                codes = chosen.get(name, ())
                drawn = [_drawn(edition, name, leaf, levels[name], codes) for leaf in rows[name]]
                rows = rows.assign(**{f"drawn_{name}": drawn})
        merged = [name for name, codes in chosen.items()
                  if not indicator.is_rate and name not in by and name not in adds_over and len(codes) > 1]  # fmt: skip
        for key, group in _groups(rows, [f"drawn_{name}" if name in IN_CELLS else name for name in by]):
            for year, of_year in group.groupby("year"):
                counts = []
                for combination in product(*(chosen[name] for name in merged)):
                    part = of_year
                    for name, code in zip(merged, combination, strict=True):
                        part = _within(edition, part, name, (code,))
                    if len(part):
                        counts.append(part.company.nunique() if measure == "companies" else part[measure].sum())
                parts[key, year, measure] = (max(counts), len(counts) > 1)
    return _over_years(indicator, adds_over, parts, unfinished)


def _over_years(indicator, adds_over, parts, unfinished):
    found = {}
    for key in dict.fromkeys(key for key, *_ in parts):
        own = {(year, measure): part for (other, year, measure), part in parts.items() if other == key}
        if indicator.is_rate:
            top, bottom = indicator.numerator[0], indicator.denominator[0]
            both = [year for year, measure in own if measure == top and (year, bottom) in own]
            below = sum(own[year, bottom][0] for year in both)
            if both and below:
                found[key] = (100 * sum(own[year, top][0] for year in both) / below, None, False)
            continue
        at_least = any(flag for _, flag in own.values())
        if "year" in adds_over:
            found[key] = (sum(value for value, _ in own.values()), None, at_least)
            continue
        whole = [value for (year, _), (value, _) in own.items() if year != unfinished]
        every = [value for value, _ in own.values()]
        found[key] = (min(whole or every), max(every) if len(every) > 1 else None, at_least)
    return found


def _within(edition, rows, name, codes):
    """The rows that lie in one of the codes."""
    inside = [bool({*codes} & {*_lineage(edition, name, leaf)}) for leaf in rows[name]]
    return rows[pd.Series(inside, index=rows.index, dtype=bool)]


def _groups(rows, columns):
    if not columns:
        return [((), rows)] if len(rows) else []
    return [(key, group) for key, group in rows.groupby(columns)]


def _lineage(edition, name, leaf):
    """The leaf, its parents and everything."""
    chain = [leaf]
    while chain[-1] != "_T":
        chain.append("_T" if chain[-1] == "_U" else edition.dimensions[name].members[chain[-1]].parent_code)
    return tuple(chain)


def _drawn(edition, name, leaf, level, chosen):
    """The code that stands for a leaf on an axis: of its parents the highest not above the level, or the chosen one."""
    levels = edition.dimensions[name].levels
    lineage = _lineage(edition, name, leaf)[:-1]
    place = max(
        place
        for place, code in enumerate(lineage)
        if code == "_U" or levels.index(edition.dimensions[name].members[code].level) <= levels.index(level)
    )
    within = next((place for place, code in enumerate(lineage) if code in chosen), len(lineage))
    return lineage[min(place, within)]
