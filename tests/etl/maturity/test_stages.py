"""From answers in the warehouse to the tables of stages: shares, groups, confirmations, what is too small."""

from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from etl.demonstration.exports import Filled, kobo
from etl.maturity.stages import score_stages
from etl.pipeline import load
from etl.surveys.form import instrument_form
from observatory.editions import load_edition
from tests.etl.maturity.test_scoring import everywhere
from tests.etl.surveys.test_loading import folder_with

EDITION = load_edition("kazakhstan")
FORM = instrument_form(EDITION, "company")


def filled(number, given, **more):
    """Return the company form of a company with these answers, as scoring writes them."""
    answers = {question.name: None for question in FORM.questions} | {"consent": "yes", **more}
    for name, answer in given.items():
        of_form = FORM.by_name[name]
        several = tuple(option.code for option in of_form.options if option.code in answer.codes)
        answers[name] = answer.code or (Decimal(str(answer.number)) if answer.number is not None else several or None)
    began = datetime(2025, 9, 1) + timedelta(hours=number)
    texts = {"company_code": f"C{number:03d}"}
    return Filled(f"uuid-{number}", began, began + timedelta(minutes=20), answers, texts)


@pytest.fixture
def staged(tmp_path):
    def build(forms):
        folder = folder_with(tmp_path, kobo(FORM, forms))
        path = folder / "descriptions" / "answers.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("volunteer", "company"), encoding="utf-8")
        connection = duckdb.connect(":memory:")
        load(connection, EDITION, folder, workshop=tmp_path)
        score_stages(connection, EDITION, is_demonstration=False)
        return connection

    return build


def test_companies_of_a_wave_make_the_stage_of_the_country(staged):
    connection = staged([filled(number, everywhere(3 if number < 14 else 2)) for number in range(20)])
    assert connection.execute("""
        SELECT wave, is_weighted, stage, base, status FROM country_stage WHERE breakdown = '_T'
    """).fetchall() == [(2025, False, 3, 20, "low_base")]
    assert connection.execute("""
        SELECT stage, share FROM stage_share WHERE breakdown = '_T' AND dimension = '_T' AND share > 0 ORDER BY 1
    """).fetchall() == [(2, 0.3), (3, 0.7)]
    assert connection.execute("SELECT COUNT(*), COUNT(DISTINCT dimension) FROM company_stage").fetchall() == [(160, 8)]


def test_a_group_of_few_companies_has_no_stage_and_no_share(staged):
    forms = [filled(number, everywhere(2), sector="finance" if number < 4 else "trade") for number in range(20)]
    connection = staged(forms)
    hidden = "SELECT DISTINCT stage, base, resamples, status FROM country_stage WHERE code = 'finance'"
    assert connection.execute(hidden).fetchall() == [(None, None, None, "hidden")]
    assert connection.execute("SELECT COUNT(share) FROM stage_share WHERE code = 'finance'").fetchone() == (0,)
    assert connection.execute("SELECT stage FROM country_stage WHERE code = 'trade'").fetchall() == [(2,)]


def test_steps_are_ranked_with_how_many_companies_each_moves(staged):
    waiting = {**everywhere(3), **{name: answer for name, answer in everywhere(2).items() if name == "policy"}}
    connection = staged([filled(number, waiting) for number in range(12)])
    assert connection.execute("""
        SELECT rank, step, eligible, moved FROM step_gain WHERE taken_share = 1 ORDER BY rank LIMIT 1
    """).fetchall() == [(1, "D1_3", 12, 12)]


def test_a_confirmation_of_the_company_s_own_ngo_lifts_it_over_the_gate(staged):
    connection = staged([filled(number, everywhere(4)) for number in range(10)])
    held = "SELECT DISTINCT stage, confirmations FROM company_stage WHERE dimension = '_T'"
    assert connection.execute(held).fetchall() == [(4, 1)]
    assert connection.execute("SELECT stage FROM country_stage WHERE breakdown = '_T'").fetchall() == [(4,)]


def test_nobody_answered(staged):
    connection = staged([filled(1, {}, consent="no")])
    assert connection.execute("SELECT COUNT(*) FROM country_stage").fetchone() == (0,)
