"""The page of stages: in words, as maps, with what if; every figure in every language, and choices in an address."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

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
