"""Voices: any question by any breakdown is drawn, no more is said than the answers carry, links come back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory import LANGUAGES, TOTAL, queries
from observatory.asked import Asked
from observatory.charts import agreement, estimates
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import Context, HowAsked, SurveyMethod, VoicesAgreeing, VoicesLead, VoicesShown
from observatory.filters import Filters
from observatory.store import current_store
from observatory.texts import texts
from tests.observatory.plotted import plotted
from tests.observatory.small_snapshot import small_edition, store_of
from tests.observatory.survey_snapshot import built

EDITION = load_edition("kazakhstan")
FIGURES = (VoicesLead(), VoicesShown(), VoicesAgreeing(), HowAsked())
USEFUL = Asked(instrument="volunteer", question="useful")
STEPS = ("1", "2", "3", "4", "5")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A snapshot of which survey_snapshot.py says what is true."""
    return current_store(built(tmp_path_factory.mktemp("voices")), "restricted")


@pytest.fixture(scope="module")
def store(published):
    return current_store(published, "restricted")


def context_of(store, asked, language="en", look=None):
    span = (store.snapshot.first_year, store.snapshot.last_year)
    look = look or Look("light", texts(language).direction)
    return Context(store, EDITION, Filters(years=span, span=span), texts(language), look, asked=asked)


def cursor_of(store):
    return store._connection.cursor()


def views(context):
    return [figure.view(context) for figure in FIGURES if not hasattr(figure, "fits") or figure.fits(context)]


def everything_asked(store):
    """Yield every question of every wave of every instrument by every breakdown that it can be set side by."""
    for instrument, waves in queries.instruments(store).items():
        for wave in waves:
            asked = Asked(instrument=instrument, wave=wave)
            for question in queries.voices(store, asked, "en").questions:
                of_question = replace(asked, question=question.name)
                for by in ("", *queries.voices(store, of_question, "en").breakdowns):
                    yield replace(of_question, by=by)


def test_every_question_by_every_breakdown_is_drawn_and_says_its_base_and_source(store):
    counted = 0
    for asked in everything_asked(store):
        lead, *others = views(context_of(store, asked))
        assert lead.headline, asked
        for view in others:
            assert view.headline, asked
            assert view.source, asked
            if view.chart:
                counted += 1
                assert view.base, asked
                assert plotted(view.chart).data, asked
                assert len(view.rows) == len(view.shown), asked
    assert counted > 500


@pytest.mark.parametrize("size", ["page", "phone", "stage"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "asked",
    [
        USEFUL, replace(USEFUL, by="sector"), replace(USEFUL, by="wave"), replace(USEFUL, question="motives"),
        replace(USEFUL, question="times", by="region"), Asked(instrument="leader", by="size.fine"),
        Asked(instrument="ngo", question="needed", by="region", is_weighted=False),
    ],
    ids=lambda asked: f"{asked.instrument}-{asked.question}-{asked.by}",
)  # fmt: skip
def test_a_question_speaks_every_language(store, asked, language, size):
    look = Look("stage" if size == "stage" else "light", texts(language).direction, size)
    for view in views(context_of(store, asked, language, look)):
        assert view.headline
        if view.chart:
            plotted(view.chart)


def test_all_four_instruments_and_every_breakdown_asked_for_are_there(store):
    assert list(queries.instruments(store)) == ["company", "leader", "volunteer", "ngo"]
    asked = {(one.instrument, one.by) for one in everything_asked(store)}
    assert {by for _, by in asked} == {
        "", "wave", "sector", "region", "theme", "size.legal", "size.fine", "ownership", "holding",
    }  # fmt: skip


def test_the_shares_are_those_of_the_answers(small):
    view = VoicesShown().view(context_of(small, replace(USEFUL, by="sector", is_weighted=False)))
    told = view.rows[view.rows.Answer == "Those who agree"].set_index("Sector")["Value (%)"].to_dict()
    counted = cursor_of(small).execute("""
        select sector_code, 100 * avg(cast(a.code in ('4', '5') as integer)), count(*)
        from answer as a join respondent using (respondent_id)
        where a.question = 'useful' and a.wave = 2025 and a.instrument = 'volunteer' and a.state = 'given'
        group by all
    """).fetchall()  # fmt: skip
    names = {code: texts("en").member(EDITION.dimensions["sector"], code, short=True) for code, *_ in counted}
    expected = {names[code]: share for code, share, count in counted if count >= 10}
    assert told == pytest.approx(expected)


def test_groups_are_said_to_differ_where_a_test_says_so(small):
    headline = VoicesShown().view(context_of(small, replace(USEFUL, by="sector"))).headline
    assert headline == "Those who agree. Higher than among the others: Finance (95%). Lower: Construction (24%)"
    alike = VoicesShown().view(context_of(small, replace(USEFUL, by="size.fine"))).headline
    assert alike == "Those who agree. The groups are not distinguishable"


def test_groups_of_which_none_can_be_compared_are_not_said_to_be_alike(store):
    asked = Asked(instrument="company", question="own_choice", by="sector")
    compared = {row.versus_rest for row in queries.voices(store, asked, "en").estimates}
    assert compared <= {None, "not_compared"}
    headline = VoicesShown().view(context_of(store, asked)).headline
    assert headline == "Those who agree. Too uncertain to compare the groups"


def test_answers_that_nobody_chose_are_counted_and_stand_in_the_table(store):
    view = VoicesShown().view(context_of(store, Asked(instrument="company", question="next_step")))
    unchosen = sum(row.value == 0 for row in queries.voices(store, Asked("company", "next_step"), "en").totals)
    assert unchosen > 3
    assert f"Chosen by nobody: {unchosen} answers." in view.notes
    assert len(view.rows) == len(plotted(view.chart).data[0].y) + unchosen


def test_there_is_no_list_of_all_regions_and_it_is_said_what_cannot_be_weighted_by(store):
    for instrument, waves in queries.instruments(store).items():
        for wave in waves:
            names = {one.name for one in queries.voices(store, Asked(instrument, wave=wave), "en").questions}
            assert names.isdisjoint({"region", "year", "consent"})
    said = HowAsked().view(context_of(store, Asked("company"))).sentences
    assert any("Too few answered to weight by this too: Company size." in sentence for sentence in said)


def test_a_wave_is_said_to_differ_from_the_one_before_where_a_test_says_so(small):
    context = context_of(small, replace(USEFUL, by="wave"))
    view = VoicesShown().view(context)
    assert view.headline == "Those who agree: 65%, more than in 2020 (36%)"
    assert "Asked from 1 September 2020 to 15 October 2020." in " ".join(HowAsked().view(context).sentences)


def test_a_group_of_few_has_no_number_anywhere(small):
    view = VoicesShown().view(context_of(small, replace(USEFUL, by="sector")))
    assert "Too few answers: Transport" in " ".join(view.notes)
    hidden = view.rows[view.rows.Sector.str.startswith("Transport")]
    assert len(hidden) == 1
    assert hidden[["Value (%)", "Lower bound, 95%", "Upper bound, 95%", "Answers, n"]].isna().all(axis=None)
    assert "Transport" not in str(view.chart.spec)


def test_it_is_said_how_the_question_was_asked(small):
    volunteers = " ".join(HowAsked().view(context_of(small, USEFUL)).sentences)
    assert "Asked from 1 September 2025 to 15 October 2025." in volunteers
    assert "Forms with answers: 320 of 640 invited, response rate 50%." in volunteers
    assert "Weighted to the frame (invented): Company size." in volunteers
    assert "too few answers for a map of all regions (20)" in volunteers
    assert "Not weighted: no frame." in HowAsked().view(context_of(small, Asked(instrument="ngo"))).sentences
    plain = HowAsked().view(context_of(small, replace(USEFUL, is_weighted=False))).sentences
    assert "Not weighted, though weights are known." in plain


def test_the_wording_of_question_and_answers_stands_behind_the_figure(small):
    definitions = dict(VoicesShown().view(context_of(small, USEFUL)).definitions)
    assert definitions["Question"] == "The work met a real need"
    assert definitions["Answers to choose from"].startswith("Strongly disagree · Disagree")


def test_what_a_reader_chooses_on_his_own_is_left_to_the_snapshot(small):
    told = queries.voices(small, Asked(), "en").asked
    assert (told.instrument, told.wave, told.by) == ("volunteer", 2025, "")
    assert queries.known_part(small, Asked(), "en") == Asked()


def test_of_an_address_what_nobody_was_asked_is_left_out(small):
    nonsense = Asked("volunteer", "shoe_size", 1999, "colour", "<b>", is_weighted=False)
    assert queries.known_part(small, nonsense, "en") == Asked("volunteer", is_weighted=False)
    whole = Asked("volunteer", "motives", 2020, "sector", "help")
    known = queries.known_part(small, whole, "en")
    assert replace(whole, option=known.option) == known


@given(
    st.builds(Asked, st.text(), st.text(), st.just(0) | st.integers(1900, 2100), st.text(), st.text(), st.booleans())
)
def test_a_question_comes_back_from_its_address(asked):
    assert Asked.from_address(asked.to_address()) == asked


@st.composite
def scales(draw):
    """Bars of any scale of two to five steps, and a look."""
    steps = STEPS[: draw(st.integers(2, 5))]
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        parts = draw(st.lists(st.integers(0, 9), min_size=len(steps), max_size=len(steps)).filter(any))
        shares = [100 * part / sum(parts) for part in parts]
        rows.append(agreement.Bar(
            draw(st.text(max_size=60)), "64 %", "50–70", draw(st.text(max_size=30)), draw(st.sampled_from("ABC")),
            shares, [f"{share:.0f} %" for share in shares],
        ))  # fmt: skip
    direction = draw(st.sampled_from(["ltr", "rtl"]))
    return rows, steps, Look("light", direction, draw(st.sampled_from(["page", "phone"])))


@given(scales())
@settings(max_examples=60, deadline=None)
def test_bars_of_a_scale_meet_and_part_at_their_middle(given_scale):
    rows, steps, look = given_scale
    chart = agreement.draw(rows, steps, look)
    bars = plotted(chart).data
    for row in range(len(rows)):
        ends = [(bar.base[row], bar.base[row] + bar.x[row]) for bar in bars]
        assert [end for _, end in ends[:-1]] == pytest.approx([start for start, _ in ends[1:]], abs=1e-9)
        assert ends[-1][1] - ends[0][0] == pytest.approx(100)
        half = len(steps) // 2
        middle = sum(ends[half]) / 2 if len(steps) % 2 else ends[half][0]
        assert middle == pytest.approx(0, abs=1e-9)


def test_a_scale_of_more_than_five_steps_is_refused():
    bar = agreement.Bar("a", "", "", "", "A", [10] * 6, [""] * 6)
    with pytest.raises(ValueError, match="at most 5 steps"):
        agreement.draw([bar], "123456", Look("light", "ltr"))


@given(
    st.lists(
        st.tuples(
            st.floats(0, 100), st.just(0) | st.floats(0, 30), st.just(0) | st.floats(0, 30), st.sampled_from("ABC")
        ),
        min_size=1, max_size=8,
    ),
    st.sampled_from(["ltr", "rtl"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_weak_estimates_stand_below_and_every_dot_lies_on_its_band(drawn, direction):
    rows = [
        estimates.Dot(str(n), value, value - less, value + more, f"{value:.0f}", "", flag, "9")
        for n, (value, less, more, flag) in enumerate(drawn)
    ]
    figure = plotted(estimates.draw(rows, Look("light", direction)))
    dots = next(trace for trace in figure.data if trace.name == "estimates")
    assert list(dots.x) == [row.value for weak in (False, True) for row in rows if row.is_weak == weak]
    bands = sorted((shape for shape in figure.layout.shapes if shape.type == "rect"), key=lambda shape: shape.y0)
    for dot, band in zip(dots.x, bands, strict=True):
        assert band.x0 <= dot <= band.x1


def test_the_method_of_answers_names_the_limits_of_the_edition(small):
    said = " ".join(SurveyMethod().view(context_of(small, Asked())).sentences)
    limits = EDITION.thresholds
    assert f"fewer than {limits['survey_base_hidden']} answers is hidden" in said
    assert f"one with fewer than {limits['survey_base_low']}," in said


def test_a_snapshot_without_surveys_offers_no_question(tmp_path):
    without = store_of(
        tmp_path, small_edition(), "measure | period_code | value | contributors | status\nhours | 2024 | 7 | 9 | free"
    )
    assert queries.instruments(without) == {}
    assert not SurveyMethod().fits(context_of(without, Asked()))
    assert queries.known_part(without, USEFUL, "en") == Asked()
    with pytest.raises(LookupError):
        queries.voices(without, USEFUL, "en")


def test_total_is_not_a_breakdown(small):
    assert TOTAL not in queries.voices(small, USEFUL, "en").breakdowns
