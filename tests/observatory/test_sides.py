"""The page of three sides: gaps in words where the samples carry them, marks that any sides and numbers can be."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory import LANGUAGES
from observatory.charts import dumbbell
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import Context, NeedAndSupply, SidesLead, ThreeSides
from observatory.filters import Filters
from observatory.queries.gaps import gaps
from observatory.store import current_store
from observatory.texts import texts
from tests.observatory.plotted import plotted


@pytest.fixture(scope="module")
def store(published):
    return current_store(published, "restricted")


def context_of(store, language="en", look=None):
    span = (store.snapshot.first_year, store.snapshot.last_year)
    look = look or Look("light", texts(language).direction)
    return Context(store, load_edition("kazakhstan"), Filters(years=span, span=span), texts(language), look)


@pytest.mark.parametrize("size", ["page", "phone", "stage"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("figure", [SidesLead(), ThreeSides(), NeedAndSupply()], ids=lambda figure: figure.id)
def test_a_figure_of_sides_speaks_every_language(store, figure, language, size):
    look = Look("stage" if size == "stage" else "light", texts(language).direction, size)
    view = figure.view(context_of(store, language, look))
    assert view.headline
    if view.chart:
        assert plotted(view.chart)
        assert view.base
        assert view.source


def test_every_gap_said_is_one_that_the_samples_carry(store):
    found = gaps(store, "mirrored")
    carried = found.rows.verdict.isin(("higher", "lower")).sum()
    said = ThreeSides().view(context_of(store)).sentences
    assert len(said) == carried + 1
    assert said[-1].endswith("cannot be told apart.")
    assert SidesLead().view(context_of(store)).headline.startswith("Furthest apart: “")


def test_the_table_holds_every_pair_with_its_interval(store):
    view = ThreeSides().view(context_of(store))
    assert len(view.rows) == len(gaps(store, "mirrored").rows)
    assert (view.rows["from"] <= view.rows["Gap, points"]).all()
    assert (view.rows["Gap, points"] <= view.rows["to"]).all()


def test_what_ngos_lack_is_said_with_both_numbers(store):
    view = NeedAndSupply().view(context_of(store))
    assert view.headline.startswith("NGOs lack most: ")
    assert all("need it," in line for line in view.sentences[:-1])
    assert view.base.startswith("n = ")


def test_the_wording_of_every_side_is_one_click_away(store):
    said = ThreeSides().view(context_of(store)).definitions
    assert {name for name, _ in said} >= {"Companies", "Volunteers", "NGOs"}
    assert ("Volunteers", "The work met a real need") in said


ROWS = st.lists(
    st.tuples(st.text(min_size=1, max_size=40), st.lists(st.floats(0, 100), min_size=3, max_size=3)),
    min_size=1, max_size=8, unique_by=lambda row: row[0],
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(2, 3), st.sampled_from(["page", "phone", "stage"]), st.sampled_from(["ltr", "rtl"]))
def test_any_numbers_make_a_dumbbell_that_plotly_can_draw(rows, count, size, direction):
    sides = dict(list({"a": "Companies", "b": "Volunteers", "c": "<b>NGOs</b>"}.items())[:count])
    frame = pd.DataFrame([
        {"row_label": label, "side": side, "value": value, "text": "12%"}
        for label, values in rows for side, value in zip(sides, values, strict=False)
    ])  # fmt: skip
    chart = dumbbell.draw(frame, sides, Look("light", direction, size))
    assert plotted(chart)
    assert len(chart.data) == count


def test_more_than_three_sides_are_no_dumbbell():
    with pytest.raises(ValueError, match="at most 3"):
        dumbbell.draw(pd.DataFrame(), dict.fromkeys("abcd", ""), Look())
