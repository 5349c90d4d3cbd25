"""Every page opens in every language, with every kind of choice, and says nothing has gone wrong."""

from dataclasses import replace

import duckdb
import pytest

from observatory.asked import Asked
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import Context, StageMap, Trend, VoicesShown, WhatIfStep
from observatory.filters import Filters
from observatory.page.show import _key, _own
from observatory.store import current_store
from observatory.texts import texts
from observatory.what_if import WhatIf
from tests.conftest import LANGUAGES, PAGES

CHOICES = {
    "nothing chosen": {},
    "one of each": {"years": "2024~2024", "sector": "mining", "region": "KZ-23", "theme": "ecology", "size": "large"},
    "what is not stated": {"years": "2019~2019", "theme": "_U"},
    "several regions over a split": {"years": "2020~2024", "region": "KZ-10~KZ-63"},
    "nonsense": {"years": "two~3000", "region": "XX~<b>", "theme": "';--", "colour": "blue"},
}


def complaints(app) -> list[str]:
    """Return what a page says of its own failure, in a box or in the card of a figure."""
    boxes = [element.message for element in app.exception] + [element.value for element in app.error]
    return boxes + [body for body in written(app) if "This figure could not be drawn" in body]


def written(app) -> list[str]:
    return [element.proto.body for element in app.get("html")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opens(open_app, language, page):
    app = open_app(language, page)
    assert complaints(app) == []
    assert any("<h1" in body for body in written(app))
    assert not [body for body in written(app) if 'class="empty"' in body]


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_any_address(open_app, page, choice):
    app = open_app("en", page, CHOICES[choice])
    assert complaints(app) == []


def test_a_choice_redraws_no_figure_that_does_not_read_it(published):
    store = current_store(published, "restricted")
    span = (store.snapshot.first_year, store.snapshot.last_year)
    plain = Context(
        store, load_edition("kazakhstan"), Filters(years=span, span=span), texts("en"), Look("light", "ltr")
    )
    chosen = {
        "filters": replace(plain, filters=plain.filters.with_codes("sector", ["mining"])),
        "what_if": replace(plain, what_if=WhatIf(taken_pct=70)),
        "asked": replace(plain, asked=Asked("volunteer", "motives")),
    }
    figures = (Trend("volunteer_hours"), StageMap(), WhatIfStep(), VoicesShown())
    redrawn = {
        part: [
            figure.id for figure in figures if _key(figure, _own(figure, context)) != _key(figure, _own(figure, plain))
        ]
        for part, context in chosen.items()
    }
    assert redrawn == {"filters": [figures[0].id], "what_if": ["what-if"], "asked": ["voices"]}


PROTECTED = """
    CREATE TABLE cells AS
        SELECT * REPLACE (
            CASE WHEN contributors >= 20 THEN value END AS value,
            CASE WHEN contributors >= 20 THEN 20 END AS contributors,
            CASE WHEN contributors >= 20 THEN status ELSE 'hidden' END AS status,
            CASE WHEN contributors >= 20 THEN 'C' END AS quality
        )
        FROM exact.cells
        WHERE (length(period_code) > 4)::INT + (sector_code <> '_T')::INT + (region_code <> '_T')::INT
            + (theme_code <> '_T')::INT + (size_code <> '_T')::INT + (form_code <> '_T')::INT <= 2;
    CREATE TABLE owner_cells AS
        SELECT * REPLACE (NULL::DOUBLE AS value, NULL::INTEGER AS contributors, 'hidden' AS status)
        FROM exact.owner_cells;
    CREATE TABLE protection_cost AS
        SELECT '5–9' AS base, 9 AS cells, 9 AS hidden, NULL::DOUBLE AS median_error, NULL::DOUBLE AS p95_error;
    CREATE TABLE snapshot AS FROM exact.snapshot UNION ALL SELECT 'depth_max', '3';
    UPDATE snapshot SET value = '0' WHERE key = 'events_count';
"""
"""A stand-in for the protected product with far more hidden than in a real one, made in a second."""

COPIED = (
    "shape", "member", "ancestor", "frame", "survey", "weighting", "question", "option", "question_break", "estimate",
    "answer_count", "gap", "country_stage", "stage_share", "step_gain", "received_total", "refused_by_rule",
)  # fmt: skip
OF_ANALYSTS = {"pages/about/load.py", "pages/explore/events.py"}


@pytest.fixture(scope="module")
def protected(published, tmp_path_factory):
    """A published folder of which the public product alone is there."""
    out, name = tmp_path_factory.mktemp("protected"), (published / "CURRENT").read_text().strip()
    (out / name).mkdir()
    with duckdb.connect(str(out / name / "public.duckdb")) as connection:
        connection.execute(f"ATTACH '{published / name / 'restricted.duckdb'}' AS exact (READ_ONLY)")
        connection.execute(PROTECTED)
        connection.execute("; ".join(f"CREATE TABLE {table} AS FROM exact.{table}" for table in COPIED))
    (out / "CURRENT").write_text(name)
    return out


@pytest.mark.parametrize("choice", ["nothing chosen", "one of each"])
@pytest.mark.parametrize(("place", "page"), [*enumerate(page for page in PAGES if page not in OF_ANALYSTS)])
def test_a_page_opens_on_the_protected_product_alone(open_app, protected, monkeypatch, place, page, choice):
    monkeypatch.setenv("ASAR_PUBLISHED", str(protected))
    monkeypatch.setattr("observatory.page.frame.product_for", lambda: "public")
    app = open_app(LANGUAGES[place % len(LANGUAGES)], page, CHOICES[choice])
    assert complaints(app) == []
    assert any("<h1" in body for body in written(app))
