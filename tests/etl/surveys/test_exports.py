"""Exports of four tools, in every way they can be written, say what was answered."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.demonstration.exports import google_forms, kobo, limesurvey, surveymonkey
from etl.surveys.columns import Headings
from etl.surveys.export import read_export
from etl.surveys.words import survey_words
from tests.etl.surveys.random_forms import LANGUAGES, expected, filled_forms, forms

SOME = st.sampled_from(sorted(LANGUAGES))
TOOLS = {
    "kobo": lambda form, filled, draw: kobo(
        form, filled, draw(st.none() | SOME), draw(st.sampled_from(["joined", "split", "both"])), draw(st.booleans())
    ),
    "limesurvey": lambda form, filled, draw: limesurvey(
        form, filled, draw(SOME), draw(st.sampled_from(["code. text", "code", "text"])), draw(st.booleans())
    ),
    "google_forms": lambda form, filled, draw: google_forms(
        form, filled, draw(SOME), draw(st.sampled_from([", ", ";"]))
    ),
    "surveymonkey": lambda form, filled, draw: surveymonkey(form, filled, draw(SOME), draw(st.booleans())),
}


def answers_of(form, rows):
    export = read_export(form, Headings(form), [(None, rows)], survey_words().states)
    assert export.oddities == []
    return [{a.question: (a.state, a.codes, a.number) for a in s.answers} for s in export.submissions]


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_was_answered_is_read_back_from_any_tool(tool, data):
    form = data.draw(forms())
    filled = data.draw(filled_forms(form))
    rows = TOOLS[tool](form, filled, data.draw)
    titles = data.draw(st.sampled_from([[], [["Survey 2025"], []]]))
    assert answers_of(form, [*titles, *rows]) == [expected(form, one) for one in filled]
