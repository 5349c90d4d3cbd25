"""Random small worlds with enough companies that something may be published."""

from random import Random

from tests.etl.test_aggregate import DAYS, FORMS, REGIONS, SIZES, THEMES

MANY_SECTORS = ["B", "C", "D"]


def companies(random: Random, count: int) -> list[tuple]:
    """Return companies, a few of them in one of two holdings."""
    pick = random.choice
    return [
        (f"C{number}", pick(MANY_SECTORS), pick(SIZES), pick(["state_holding", None]),
         pick(["H1", "H2", None, None, None]), pick(REGIONS))
        for number in range(count)
    ]  # fmt: skip


def activities(random: Random, companies: int, count: int) -> list[tuple]:
    """Return activities, hours of very different size, a few by NGOs or by nobody that is named."""
    pick = random.choice
    return [
        (
            pick([f"C{random.randrange(companies)}"] * 9 + [None]), pick(["N1", "N2", None]), pick(DAYS), pick(REGIONS),
            pick(THEMES), pick(FORMS), pick([True, False, None]), random.randrange(1, 90),
            round(random.lognormvariate(3, 1.2), 2), None, None, None, None,
        )
        for _ in range(count)
    ]  # fmt: skip


def forms(random: Random, companies: int) -> list[tuple]:
    """Return yearly forms of most companies."""
    pick = random.choice
    return [
        (f"C{number}", year, random.randrange(1, 900), random.randrange(90), None, None, pick([None, 0, 2, 4]))
        for number in range(companies) for year in (2023, 2024) if random.random() < 0.9
    ]  # fmt: skip
