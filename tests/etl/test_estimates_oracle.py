"""Estimates agree with those of svy, another implementation of the same methods, on random designs."""

import numpy as np
import polars as pl
import pytest
import svy

from etl.estimates.design import Design
from etl.estimates.estimators import mean, quantile, ratio, share, total
from etl.estimates.weighting import post_stratify, rake

SEEDS = range(8)


class World:
    """A random sample of strata, clusters, weights and answers, for both implementations."""

    def __init__(self, seed, has_population, is_domain, clusters_from=2):
        random = np.random.default_rng(seed)
        units = [
            (f"s{stratum}", cluster)
            for stratum in range(random.integers(1, 5))
            for cluster in range(random.integers(clusters_from, 7))
            for _ in range(random.integers(1, 9))
        ]
        strata, clusters = [stratum for stratum, _ in units], [cluster for _, cluster in units]
        size = len(units)
        weights = random.uniform(1, 9, size)
        self.y = random.normal(50, 10, size) + np.array([7 * int(code[1]) for code in strata])
        self.x = random.uniform(1, 5, size)
        self.chosen = (random.random(size) < 0.4).astype(int)
        self.domain = random.random(size) < 0.7 if is_domain else None
        population = {code: int(random.integers(7, 30)) for code in sorted(set(strata))} if has_population else None
        self.design = Design(weights, strata, clusters, population)
        columns = {"stratum": strata, "cluster": clusters, "weight": weights, "y": self.y, "x": self.x,
                   "chosen": self.chosen, "inside": np.ones(size, dtype=int) if self.domain is None else
                   self.domain.astype(int)}  # fmt: skip
        names = {"stratum": "stratum", "psu": "cluster", "wgt": "weight", "singleton": "center"}
        if has_population:
            columns["whole"] = [float(population[code]) for code in strata]
            names["pop_size"] = "whole"
        self.other = svy.Sample(pl.DataFrame(columns), svy.Design(**names)).estimation
        self.where = svy.col("inside") == 1 if is_domain else None


@pytest.fixture(params=[(s, p, d) for s in SEEDS for p in (False, True) for d in (False, True)], ids=str)
def world(request):
    return World(*request.param)


def agree(found, other):
    row = other.to_polars().row(-1, named=True)
    ours = [found.value, found.se, found.low, found.high, found.df, found.base]
    assert ours == pytest.approx([row[name] for name in ("est", "se", "lci", "uci", "df", "n")], rel=1e-8, nan_ok=True)


def test_means_agree(world):
    agree(mean(world.design, world.y, world.domain), world.other.mean("y", where=world.where))


def test_totals_agree(world):
    agree(total(world.design, world.y, world.domain), world.other.total("y", where=world.where))


def test_ratios_agree(world):
    agree(ratio(world.design, world.y, world.x, world.domain), world.other.ratio("y", "x", where=world.where))


@pytest.mark.parametrize("probability", [0.25, 0.5, 0.9])
def test_quantiles_agree(world, probability):
    other = world.other.quantile("y", p=probability, where=world.where)
    agree(quantile(world.design, world.y, probability, world.domain), other)


def test_shares_agree_and_ours_are_the_wider_where_a_design_beats_a_simple_sample(world):
    """Both keep the effective base at n at most; we do so before it is cut for few clusters, svy after."""
    found = share(world.design, world.chosen, world.domain)
    other = world.other.prop("chosen", ci_method="korn-graubard", where=world.where)
    if found.effective_base < found.base:
        agree(found, other)
    else:
        row = other.to_polars().row(-1, named=True)
        assert (found.value, found.se) == pytest.approx((row["est"], row["se"]), rel=1e-8)
        assert found.low <= row["lci"] + 1e-12
        assert found.high >= row["uci"] - 1e-12


@pytest.mark.parametrize("seed", range(20, 30))
def test_strata_of_one_cluster_agree(seed):
    world = World(seed, has_population=False, is_domain=False, clusters_from=1)
    agree(mean(world.design, world.y), world.other.mean("y"))
    agree(total(world.design, world.y), world.other.total("y"))


@pytest.fixture(params=SEEDS)
def people(request):
    """240 respondents of unequal weights in 24 clusters, with what is known of their population."""
    random = np.random.default_rng(request.param)
    return {"region": random.choice(["n", "s", "w"], 240), "sex": random.choice(["f", "m"], 240),
            "cluster": np.repeat(np.arange(24), 10), "weight": random.uniform(1, 3, 240),
            "y": random.normal(50, 10, 240)}  # fmt: skip


REGIONS, SEXES = {"n": 300.0, "s": 500.0, "w": 200.0}, {"f": 550.0, "m": 450.0}


def test_post_stratified_estimates_agree(people):
    sample = svy.Sample(pl.DataFrame(people), svy.Design(psu="cluster", wgt="weight"))
    other = sample.weighting.poststratify(REGIONS, cells="region").estimation
    design = post_stratify(people["weight"], people["region"], REGIONS).design(clusters=people["cluster"])
    agree(mean(design, people["y"]), other.mean("y"))
    agree(total(design, people["y"]), other.total("y"))


def test_raked_estimates_agree(people):
    """The errors only nearly: svy centres on one margin after another, we on all at once, as `calibrate` of R does."""
    sample = svy.Sample(pl.DataFrame(people), svy.Design(psu="cluster", wgt="weight"))
    other = sample.weighting.rake(controls={"region": REGIONS, "sex": SEXES}, tol=1e-12, max_iter=500).estimation
    raked = rake(people["weight"], {"region": (people["region"], REGIONS), "sex": (people["sex"], SEXES)})
    found = mean(raked.design(clusters=people["cluster"]), people["y"])
    expected = other.mean("y").to_polars().row(0, named=True)
    assert found.value == pytest.approx(expected["est"], rel=1e-7)
    assert found.se == pytest.approx(expected["se"], rel=0.02)
