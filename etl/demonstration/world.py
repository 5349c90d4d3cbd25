"""The invented companies and NGOs: who they are, where they work, how many of their people take part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.demonstration.names import bins, company_names, ngo_names
from etl.demonstration.quotas import dealt, drawn, quotas
from etl.demonstration.settings import Settings
from observatory.editions import Edition


@dataclass(frozen=True)
class World:
    """Companies, NGOs and what is true of each company in each year.

    Attributes:
        companies: one row per company: company_id, name, bin, sector_code (section), ownership_code, holding_id ("" =
            none), holding_name, region_code (home, as of today), joined_year (its first year in the log).
        ngos: one row per NGO: ngo_id, name, field, region_code.
        years: the years of the log.
        headcount: persons, companies x years.
        size: size class as a position in `size_codes`, companies x years.
        participation: share (0 to 1) of employees who volunteer at least once, companies x years.
        reports: whether the company sends its form for the year, companies x years.
        region_share: where a company's work is done, companies x `region_codes`.
        predecessor: for each region the region its area belonged to before it existed, else itself.
        region_from: first day of each region, datetime64[D].
    """

    companies: pd.DataFrame
    ngos: pd.DataFrame
    years: np.ndarray
    headcount: np.ndarray
    size: np.ndarray
    size_codes: tuple[str, ...]
    participation: np.ndarray
    reports: np.ndarray
    region_share: np.ndarray
    region_codes: tuple[str, ...]
    predecessor: np.ndarray
    region_from: np.ndarray

    @property
    def joined(self) -> np.ndarray:
        """Whether a company takes part in a year at all, companies x years."""
        return self.companies["joined_year"].to_numpy()[:, None] <= self.years[None, :]


def make_world(settings: Settings, edition: Edition, companies: int, rng: np.random.Generator) -> World:
    """Return the invented world of `companies` companies."""
    years = settings.all_years
    sections, sizes = list(settings.sectors), list(settings.sizes)
    section = dealt([settings.sectors[code]["companies"] for code in sections], companies, rng)
    ownership_codes = list(settings.company["ownership"])
    ownership = np.empty(companies, dtype=int)
    for at, code in enumerate(sections):
        odds = [settings.sectors[code]["ownership"].get(own, 0) for own in ownership_codes]
        ownership[section == at] = dealt(odds, int((section == at).sum()), rng)
    weight = np.array([settings.sectors[code]["headcount"] for code in sections])[section]
    size = _sizes(settings, weight, rng)
    headcount, size_by_year = _headcounts(settings, size, len(years), rng)

    region_codes, predecessor, region_from = _regions(settings, edition)
    home = _homes(settings, [sections[at] for at in section], region_codes, rng)
    holding = _holdings(settings, np.array(ownership_codes)[ownership], rng)
    joined = _joined_years(settings, years, headcount[:, 0], holding, rng)
    ids = [f"C{number:0{max(3, len(str(companies)))}d}" for number in range(1, companies + 1)]
    frame = pd.DataFrame(
        {
            "company_id": ids,
            "name": company_names(settings.company["names"], [sections[at] for at in section], ownership == 0, rng),
            "bin": bins(companies, rng),
            "sector_code": np.array(sections)[section],
            "ownership_code": np.array(ownership_codes)[ownership],
            "holding_id": [f"H{at + 1:02d}" if at >= 0 else "" for at in holding],
            "holding_name": _holding_names(settings, holding),
            "region_code": np.array(region_codes)[home],
            "joined_year": joined,
        }
    )
    taking_part = joined[:, None] <= years[None, :]
    return World(
        companies=frame,
        ngos=_ngos(settings, region_codes, rng),
        years=years,
        headcount=headcount,
        size=size_by_year,
        size_codes=tuple(sizes),
        participation=_participation(settings, section, size_by_year, headcount, taking_part, rng),
        reports=taking_part & (rng.random(taking_part.shape) > settings.company_form["skipped_share"]),
        region_share=_region_shares(settings, home, headcount[:, 0], len(region_codes), rng),
        region_codes=region_codes,
        predecessor=predecessor,
        region_from=region_from,
    )


def _sizes(settings: Settings, weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Deal the size classes out so that sectors of big employers mostly get the big ones."""
    counts = quotas([size["companies"] for size in settings.sizes.values()], len(weight))
    rank = np.argsort(np.log(weight) + rng.normal(0, 0.7, len(weight)), kind="stable")
    size = np.empty(len(weight), dtype=int)
    size[rank] = np.repeat(np.arange(len(counts)), counts)
    return size


def _headcounts(
    settings: Settings, size: np.ndarray, years: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return headcounts and size classes, companies x years; those nearest to the next class grow into it half-way."""
    least = np.array([bounds["least"] for bounds in settings.sizes.values()])
    most = np.array([bounds["most"] for bounds in settings.sizes.values()])
    base = np.exp(rng.uniform(np.log(least[size] * 1.1), np.log(most[size] * 0.9)))
    growth = np.cumprod(1 + rng.normal(0.015, 0.03, (len(size), years)), axis=1)
    by_year = np.repeat(size[:, None], years, axis=1)
    nearest = np.argsort(np.where(size < len(least) - 1, -base / most[size], 0), kind="stable")
    growing = nearest[: settings.company["growing_into_next_size"]]
    by_year[growing, years // 2 :] += 1
    base_by_year = np.repeat(base[:, None], years, axis=1)
    base_by_year[growing, years // 2 :] = least[by_year[growing, -1]][:, None] * 1.08
    headcount = np.clip(np.rint(base_by_year * growth), least[by_year], most[by_year])
    return headcount.astype(np.int64), by_year


def _regions(settings: Settings, edition: Edition) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    members = edition.dimensions["region"].members
    codes = tuple(settings.regions)
    first_day = settings.first_month.astype("datetime64[D]")
    begin = np.array([np.datetime64(members[code].valid_from or first_day, "D") for code in codes])
    predecessor = np.arange(len(codes))
    for at in np.flatnonzero(begin > first_day):
        predecessor[at] = codes.index(members[codes[at]].extras["before_code"])
    return codes, predecessor, begin


def _homes(
    settings: Settings, sections: list[str], region_codes: tuple[str, ...], rng: np.random.Generator
) -> np.ndarray:
    extracts = np.isin(sections, settings.company["extraction_sectors"])
    home = np.empty(len(sections), dtype=int)
    for line, chosen in (("extraction", extracts), ("registered", ~extracts)):
        home[chosen] = dealt([settings.regions[code][line] for code in region_codes], int(chosen.sum()), rng)
    return home


def _holdings(settings: Settings, ownership: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each company's holding as a position in the settings' list (and beyond it, for big worlds), -1 = none."""
    holding = np.full(len(ownership), -1)
    rounds = max(1, len(ownership) // settings.companies)
    for number, wanted in enumerate(settings.company["holdings"] * rounds):
        free = np.flatnonzero((holding < 0) & (ownership == wanted["ownership"]))
        chosen = rng.permutation(free)[: wanted["subsidiaries"]]
        if len(chosen) >= 2:
            holding[chosen] = number
    return holding


def _holding_names(settings: Settings, holding: np.ndarray) -> list[str]:
    names = [wanted["name"] for wanted in settings.company["holdings"]]
    return [
        "" if at < 0 else names[at % len(names)] + ("" if at < len(names) else f" {at // len(names) + 1}")
        for at in holding
    ]


def _joined_years(
    settings: Settings, years: np.ndarray, headcount: np.ndarray, holding: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Large companies and holdings join first; the number taking part in a year follows the settings."""
    eagerness = np.log(headcount) * 0.35 + 0.4 * (holding >= 0) + rng.normal(0, 1, len(headcount))
    rank = np.argsort(np.argsort(-eagerness, kind="stable"), kind="stable")
    share = np.array([settings.years[int(year)]["taking_part_pct"] for year in years]) / 100
    limit = np.maximum.accumulate(np.ceil(share * len(headcount)))
    return years[np.minimum(np.searchsorted(limit, rank, side="right"), len(years) - 1)]


def _participation(
    settings: Settings,
    section: np.ndarray,
    size: np.ndarray,
    headcount: np.ndarray,
    joined: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return participation, scaled so that the country as a whole meets the settings in every year."""
    by_section = np.array([facts["participation"] for facts in settings.sectors.values()])[section]
    by_size = np.array([facts["participation"] for facts in settings.sizes.values()])[size]
    own = rng.lognormal(0, settings.company["participation_spread"], len(section))
    rate = (by_section * own)[:, None] * by_size * rng.lognormal(0, 0.08, size.shape)
    target = np.array([settings.years[int(year)]["participation_pct"] for year in settings.all_years]) / 100
    for _ in range(3):  # the ceiling takes a little away each time
        mean = (rate * headcount * joined).sum(axis=0) / np.maximum((headcount * joined).sum(axis=0), 1)
        rate = np.minimum(rate * (target / np.maximum(mean, 1e-12)), settings.company["participation_ceiling"])
    return rate


def _region_shares(
    settings: Settings, home: np.ndarray, headcount: np.ndarray, regions: int, rng: np.random.Generator
) -> np.ndarray:
    """Return where each company works: mostly at home, the larger ones in more of the other regions."""
    elsewhere = np.array([facts["elsewhere"] for facts in settings.regions.values()], dtype=float)
    branches = np.clip(np.rint(np.log10(headcount) * 1.6 - 2 + rng.normal(0, 0.8, len(home))), 0, regions - 1)
    liking = np.log(elsewhere + 1e-9) + rng.gumbel(size=(len(home), regions))  # drawing without replacement, by weight
    liking[np.arange(len(home)), home] = np.inf
    place = np.argsort(np.argsort(-liking, axis=1), axis=1)
    share = np.where(place <= branches[:, None], elsewhere / elsewhere.sum(), 0.0)
    share[np.arange(len(home)), home] = 0
    at_home = np.where(branches == 0, 1.0, settings.company["work_at_home_share"])
    share *= ((1 - at_home) / np.maximum(share.sum(axis=1), 1e-12))[:, None]
    share[np.arange(len(home)), home] = at_home
    return share


def _ngos(settings: Settings, region_codes: tuple[str, ...], rng: np.random.Generator) -> pd.DataFrame:
    weights = np.array([[facts["registered"] + facts["elsewhere"] for facts in settings.regions.values()]], dtype=float)
    fields = list(settings.ngo["fields"])
    return pd.DataFrame(
        {
            "ngo_id": [f"N{number:03d}" for number in range(1, settings.ngos + 1)],
            "name": ngo_names(settings.ngo["names"], settings.ngos, rng),
            "field": np.array(fields)[dealt(list(settings.ngo["fields"].values()), settings.ngos, rng)],
            "region_code": np.array(region_codes)[drawn(weights, np.zeros(settings.ngos, dtype=int), rng)],
        }
    )
