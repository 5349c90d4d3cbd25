"""The page of stages: in words, as maps, with what if; every figure in every language, and choices in an address."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.demonstration.exports import Filled, kobo
from etl.snapshot import build
from etl.surveys.form import instrument_form
from observatory import LANGUAGES
from observatory.charts import stage_map
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import (
    Context,
    NextSteps,
    OwnIndex,
    StageByGroup,
    StageInWords,
    StageLead,
    StageMap,
    WhatIfStep,
)
from observatory.filters import Filters
from observatory.queries.stages import stages
from observatory.store import Store
from observatory.texts import texts
from observatory.what_if import TAKEN_PCT, WhatIf, dimensions, step_codes
from tests.etl.conftest import cells_of
from tests.etl.maturity.test_scoring import everywhere
from tests.etl.maturity.test_stages import filled
from tests.etl.surveys.test_loading import folder_with
from tests.observatory.plotted import plotted

import pandas as pd  # isort: skip

EDITION = load_edition("kazakhstan")
FIGURES = (StageLead(), StageMap(), StageInWords(), NextSteps(), StageByGroup("sector"), StageByGroup("region"),
           WhatIfStep(), OwnIndex())  # fmt: skip


def leaders(count):
    form = instrument_form(EDITION, "leader")
    began = datetime(2025, 9, 2)
    none = {question.name: None for question in form.questions} | {"consent": "yes"}
    return kobo(form, [
        Filled(f"leader-{number}", began + timedelta(hours=number), began + timedelta(hours=number, minutes=9),
               none | {"stage_company": "4" if number % 3 else "3", "stage_country": "3", "own_part": Decimal(number)})
        for number in range(count)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A snapshot of 24 companies, of finance and trade, and of 33 leaders."""
    path = tmp_path_factory.mktemp("stages")
    forms = [
        filled(number, everywhere(3 if number < 14 else 2), sector="finance" if number < 14 else "trade")
        for number in range(22)
    ]  # fmt: skip
    form = instrument_form(EDITION, "company")
    folder = folder_with(path, kobo(form, forms))
    described = folder / "descriptions" / "answers.yml"
    company = described.read_text(encoding="utf-8").replace("volunteer", "company")
    described.write_text(company, encoding="utf-8")
    import csv

    with (folder / "leaders_2025.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(leaders(33))
    more = company.replace("company", "leader").replace("answers", "leaders")
    (folder / "descriptions" / "leaders.yml").write_text(more, encoding="utf-8")
    report = build(EDITION, folder, path / "published", None, lambda what, done, of: None)
    return Store(report.folder)


def context_of(store, language="en", look=None, **parts):
    span = (2025, 2025)
    look = look or Look("light", texts(language).direction)
    return Context(store, EDITION, Filters(years=span, span=span), texts(language), look, **parts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.id)
def test_a_figure_of_stages_speaks_every_language(store, figure, language):
    for size in ("page", "phone", "stage"):
        look = Look("stage" if size == "stage" else "dark", texts(language).direction, size)
        view = figure.view(context_of(store, language, look))
        assert view.headline
        if view.chart:
            assert plotted(view.chart)
            assert view.alt


def test_the_page_opens_with_the_stage_its_base_and_how_sure_it_is(store):
    view = StageLead().view(context_of(store))
    assert view.headline == "Corporate volunteering: stage 3, Systemic"
    assert "n = 22 companies" in view.subtitle
    assert "of resamples" in view.subtitle
    assert "our own model" in view.subtitle


def test_what_leaders_believe_stands_beside_what_the_model_says(store):
    said = StageInWords().view(context_of(store)).sentences
    assert any(
        "Leaders put their own company at 3.7 on average" in line and "by the model companies stand at 2.6" in line
        for line in said
    )
    assert "Not weighted: there is no frame" in StageInWords().view(context_of(store)).notes[0]


def test_a_group_of_few_companies_says_so_and_shows_no_share(store):
    rows = stages(store).shares("sector")
    shown = StageByGroup("sector").view(context_of(store))
    assert set(rows[rows.status == "hidden"].code) == {"trade"}
    assert "too few answers" in str(shown.chart.layout["annotations"])
    assert shown.headline == "Sector: every group with enough companies is at stage 3, Systemic"


@pytest.fixture
def by_sector(store, tmp_path):
    """Draw the stages of sectors that stand as a text table says: code, stage, share of resamples, base, status."""

    def view(text, language="en"):
        folder = shutil.copytree(store.snapshot.folder, tmp_path / "snapshot")
        with duckdb.connect(str(folder / "restricted.duckdb")) as connection:
            for name in ("country_stage", "stage_share"):
                connection.execute(f"DELETE FROM {name} WHERE breakdown = 'sector'")
            for code, *told in cells_of(text):
                stage, resamples, base, status = (cell or None for cell in told)
                key = [2025, "sector", code, False]
                connection.execute("INSERT INTO country_stage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                   [*key, stage, base, resamples, status])  # fmt: skip
                for number in range(1, 6):
                    share = None if stage is None else float(number == int(stage))
                    connection.execute("INSERT INTO stage_share VALUES (?, ?, ?, ?, '_T', ?, ?, ?, ?, ?)",
                                       [*key, number, share, share, base, status])  # fmt: skip
        return StageByGroup("sector").view(context_of(Store(folder), language))

    return view


@pytest.mark.parametrize(("text", "headline"), [
    ("""
     finance | 3 | 1.00 | 14 | low_base
     trade   | 3 | 0.95 | 40 | free
     """, "every group with enough companies is at stage 3, Systemic"),
    ("""
     finance | 3 | 1.00 | 14 | low_base
     trade   | 3 | 0.94 | 40 | free
     mining  |   |      |    | hidden
     """, "stage 3, Systemic for Finance; the other groups are too uncertain"),
    ("""
     finance | 3 | 0.94 | 14 | low_base
     trade   | 3 | 0.60 | 40 | free
     """, "too uncertain to tell the groups apart"),
    ("""
     finance | 3 | 0.94 | 14 | low_base
     trade   | 2 | 1.00 | 40 | free
     """, "too uncertain to tell the groups apart"),
    ("""
     finance | 3 | 0.95 | 14 | low_base
     trade   | 2 | 0.60 | 40 | free
     mining  | 3 | 0.94 | 25 | low_base
     """, "furthest are Finance, at stage 3, Systemic"),
    ("""
     finance |   |      |    | hidden
     trade   |   |      |    | hidden
     """, "too few answers"),
], ids=["all sure", "one of two sure", "none sure", "furthest unsure", "furthest sure", "hidden"])  # fmt: skip
def test_only_groups_that_are_sure_of_their_stage_are_named(by_sector, text, headline):
    assert by_sector(text).headline == f"Sector: {headline}"


@pytest.mark.parametrize(("language", "number"), [("en", "1,400"), ("ru", "1\xa0400")])
def test_beside_the_name_of_a_group_stands_its_base_and_nowhere_else(by_sector, language, number):
    view = by_sector("""
        finance | 3 | 1.00 | 14   | low_base
        trade   | 2 | 1.00 | 1400 | free
        mining  |   |      |      | hidden
    """, language)  # fmt: skip
    said, sector = texts(language), EDITION.dimensions["sector"]
    finance, trade, mining = (said.member(sector, code, short=True) for code in ("finance", "trade", "mining"))
    drawn = {label.replace("<br>", " ") for label in plotted(view.chart).layout.yaxis.ticktext}
    assert drawn == {f"{finance} · 14", f"{trade} · {number}", mining}
    assert set(view.rows[said.dimension("sector")]) == {finance, trade, mining}
    assert view.notes == (said.say("Low base, to be read with care: {names}", names=finance),)


def test_beside_the_names_of_dimensions_stands_no_base(store):
    labels = plotted(StageMap().view(context_of(store)).chart).layout.yaxis.ticktext
    assert [label for label in labels if "·" in label] == []
    assert len(labels) == len(dimensions())


def test_steps_come_with_how_many_companies_each_moves_and_what_closes_it(store):
    view = NextSteps().view(context_of(store))
    assert len(view.sentences) == 3
    assert all("It comes next for" in line and "Closed by:" in line for line in view.sentences)
    assert NextSteps(in_short=True).view(context_of(store)).shown.empty
    assert list(view.rows.columns)[:3] == ["Step", "Comes next for, companies", "Would reach a higher stage"]


@pytest.mark.parametrize("taken", TAKEN_PCT)
def test_what_if_lies_between_now_and_all(store, taken):
    found = stages(store)
    step = found.steps.step.iloc[0]
    view = WhatIfStep().view(context_of(store, what_if=WhatIf(step, taken)))
    shares = view.rows["Share of companies, %"].to_numpy()
    now, then = shares[:5], shares[5:]
    assert now.sum() == pytest.approx(100)
    assert then.sum() == pytest.approx(100)
    every = found.steps[(found.steps.step == step) & (found.steps.taken_share == 1.0)].iloc[0]
    expected = [now[at] + taken / 100 * (100 * every[f"stage_{at + 1}"] - now[at]) for at in range(5)]
    assert then == pytest.approx(expected)


def test_own_weights_change_the_index_and_never_the_stage(store):
    def own(*weights):
        return OwnIndex().view(context_of(store, what_if=WhatIf(weights=weights))).headline

    assert own() == own(1, 1, 1, 1, 1, 1, 1)
    for figure in (StageLead(), StageMap()):
        plain, weighed = (
            figure.view(context_of(store, what_if=WhatIf(weights=w))) for w in ((), (5, 0, 0, 0, 0, 0, 0))
        )
        assert plain.headline == weighed.headline


CHOICES = st.builds(
    WhatIf, st.sampled_from(["", *step_codes()]), st.sampled_from(TAKEN_PCT),
    st.one_of(st.just(()), st.lists(st.integers(0, 5), min_size=7, max_size=7).map(tuple).filter(
        lambda weights: len(set(weights)) > 1 and any(weights))),
)  # fmt: skip


@given(CHOICES)
def test_an_address_restores_what_is_tried_out(choice):
    assert WhatIf.from_address(choice.to_address()) == choice


@given(st.dictionaries(st.sampled_from(["step", "taken", "weights"]), st.text(max_size=20)))
def test_a_forged_address_is_left_out(params):
    choice = WhatIf.from_address(params)
    assert choice.step in ("", *step_codes())
    assert choice.taken_pct in TAKEN_PCT
    assert len(choice.weights) in (0, len(dimensions()))


ROWS = st.lists(
    st.tuples(st.text(max_size=30), st.lists(st.floats(0, 1), min_size=5, max_size=5), st.booleans()),
    min_size=1, max_size=12, unique_by=lambda row: row[0],
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["page", "phone", "stage"]), st.sampled_from(["ltr", "rtl"]))
def test_any_rows_make_a_map_that_plotly_can_draw(rows, size, direction):
    frame = pd.DataFrame([
        {"row_label": label, "stage": stage, "share": None if hidden else shares[stage - 1], "text": "12%",
         "status": "hidden" if hidden else "free"}
        for label, shares, hidden in rows for stage in range(1, 6)
    ])  # fmt: skip
    names = dict.fromkeys(range(1, 6), "Organised")
    chart = stage_map.draw(frame, names, replace(Look("light", direction, size)))
    assert plotted(chart)
    assert len(chart.data[0]["z"]) == len(rows)


def test_a_snapshot_without_companies_has_no_stages(tmp_path):
    folder = folder_with(tmp_path, kobo(instrument_form(EDITION, "volunteer"), [
        Filled("a", datetime(2025, 9, 1, 9), datetime(2025, 9, 1, 9, 5), {
            question.name: "yes" if question.name == "consent" else None
            for question in instrument_form(EDITION, "volunteer").questions
        } | {"useful": "4"})
    ]))  # fmt: skip
    report = build(EDITION, folder, tmp_path / "published", None, lambda what, done, of: None)
    assert stages(Store(report.folder)) is None
