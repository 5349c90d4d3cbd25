"""Whatever a reader chooses, every figure of every page can be drawn from the demonstration, in every language."""

import importlib

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from observatory import LANGUAGES
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import Context
from observatory.filters import FILTERED, Filters
from observatory.page.bar import options
from observatory.store import current_store
from observatory.texts import texts
from tests.conftest import PAGES
from tests.observatory.plotted import plotted

EDITION = load_edition("kazakhstan")
DECLARED = [importlib.import_module(path.removesuffix(".py").replace("/", ".")).PAGE for path in PAGES]
FIGURES = [(page, figure) for page in DECLARED for figure in (page.lead, *page.figures)]


@st.composite
def choices(draw) -> Filters:
    years = draw(st.tuples(st.integers(2019, 2026), st.integers(2019, 2026)))
    chosen = {"years": f"{min(years)}~{max(years)}"}
    for name in FILTERED:
        codes = draw(st.lists(st.sampled_from(options(EDITION.dimensions[name])), max_size=3))
        if codes:
            chosen[name] = "~".join(codes)
    return Filters.from_address(chosen, EDITION, 2019, 2026)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=choices(), data=st.data())
def test_every_figure_can_be_drawn_for_every_choice(published, filters, data):
    page, figure = data.draw(st.sampled_from(FIGURES))
    language = data.draw(st.sampled_from(LANGUAGES))
    said = texts(language)
    look = Look(
        data.draw(st.sampled_from(["light", "dark"])), said.direction, data.draw(st.sampled_from(["page", "phone"]))
    )
    show = data.draw(st.sampled_from(page.shows or ("volunteer_hours",)))
    unit = data.draw(st.sampled_from(EDITION.dimensions["region"].levels))
    context = Context(current_store(published), EDITION, filters, said, look, show, unit)
    assume(not hasattr(figure, "fits") or figure.fits(context))
    view = figure.view(context)
    assert view.headline
    if figure is page.lead:
        return
    assert view.state == "empty" or view.chart is not None or view.sentences or not view.rows.empty
    assert len(view.shown) == (0 if getattr(figure, "in_short", False) else len(view.rows))
    assert view.chart is None or plotted(view.chart).data


@pytest.mark.parametrize("page", DECLARED, ids=lambda page: page.id)
def test_figures_of_a_page_have_names_of_their_own(page):
    names = [figure.id for figure in page.figures]
    assert sorted(names) == sorted(set(names))
