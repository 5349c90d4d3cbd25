"""What answers say of those who were not asked: by plain counting, by published group, beside the rest and before."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.voices import estimate
from observatory.errors import EditionError
from tests.etl.voices.survey_world import EDITION, people, warehouse


def estimated(*waves, **how):
    connection = warehouse(*waves, **how)
    estimate(connection, EDITION, is_demonstration=False)
    return connection


def rows(connection, columns, where):
    return connection.execute(f"SELECT {columns} FROM estimate WHERE {where} ORDER BY ALL").fetchall()


def test_shares_means_and_medians_are_those_of_plain_counting():
    asked = people(120)
    connection = estimated((2025, asked))
    told = [person["useful"] for person in asked if person["useful"] != "dont_know"]
    counted = Counter(told)
    shares = dict(rows(connection, "option, value", "question = 'useful' AND dimension = '_T' AND statistic = 'share'"))
    assert shares == pytest.approx({code: counted[code] / len(told) for code in shares})
    top = rows(connection, "value, base", "question = 'useful' AND dimension = '_T' AND statistic = 'top'")
    assert top == [(pytest.approx((counted["4"] + counted["5"]) / len(told)), len(told))]
    helped = dict(rows(connection, "option, value", "question = 'helps' AND dimension = '_T'"))
    assert helped == pytest.approx({
        option: sum(option in person["helps"] for person in asked) / len(asked) for option in helped
    })  # fmt: skip
    hours = sorted(person["hours"] for person in asked)
    numbers = dict(rows(connection, "statistic, value", "question = 'hours' AND dimension = '_T'"))
    assert numbers == {"mean": pytest.approx(sum(hours) / len(hours)), "median": hours[len(hours) // 2 - 1]}


def test_a_group_is_counted_at_the_levels_that_are_published():
    asked = people(300)
    connection = estimated((2025, asked))
    published = {dimension for (dimension,) in rows(connection, "DISTINCT dimension", "TRUE")}
    assert published == {"_T", "sector", "region", "size.legal", "size.fine"}
    region = EDITION.dimensions["region"]
    codes = {code for (code,) in rows(connection, "DISTINCT code", "dimension = 'region'")}
    assert codes == {member.code for member in region.members.values() if member.level == "macro"}
    for code in codes:
        inside = [p for p in asked if code in region.counts_for(p["region_code"]) and p["useful"] != "dont_know"]
        base = rows(connection, "DISTINCT base", f"code = '{code}' AND question = 'useful' AND base IS NOT NULL")
        assert base == [(len(inside),)]


def test_whoever_works_in_a_holding_is_counted_by_the_day_of_the_answer():
    companies = [("C1", "H1", None, "2024-12-31"), ("C1", None, "2025-01-01", None), ("C2", "H1", None, None)]
    asked = [
        *people(20, 1, company_id="C1", submitted_date="2024-11-05"),  # still in the holding
        *people(30, 2, company_id="C1", submitted_date="2025-02-01"),
        *people(40, 3, company_id="C2"),  # no day: the end of the wave
        *people(15, 4), *people(12, 5, company_id="C9"),  # nobody knows their company
    ]  # fmt: skip
    connection = estimated((2025, asked), companies=companies)
    bases = dict(rows(connection, "DISTINCT code, base", "dimension = 'holding' AND question = 'hours'"))
    assert bases == {"in_holding": 60, "alone": 30}
    assert not rows(estimated((2025, asked), companies=companies[1:2]), "1", "dimension = 'holding'")


def test_few_answers_are_hidden_without_a_value_or_a_base():
    connection = estimated((2025, [*people(60, sector_code="finance"), *people(9, 2, sector_code="ict")]))
    hidden = rows(connection, "DISTINCT value, low, high, base, effective_base, flag, versus_rest", "code = 'ict'")
    assert hidden == [(None, None, None, None, None, "hidden", None)]
    assert all(row[0] != "hidden" for row in rows(connection, "DISTINCT flag", "code = 'finance'"))


def test_no_answer_and_dont_know_are_counted_apart_and_are_no_part_of_a_base():
    asked = [*people(40), *({"useful": None} for _ in range(7)), *({"useful": "dont_know"} for _ in range(5)),
             *({"useful": "not_asked"} for _ in range(3))]  # fmt: skip
    known = sum(person["useful"] != "dont_know" for person in asked[:40])
    connection = estimated((2025, asked))
    assert connection.execute("""
        SELECT asked, given, no_answer, dont_know FROM answer_count WHERE question = 'useful' AND code = '_T'
    """).fetchall() == [(52, known, 7, 45 - known)]
    assert rows(connection, "DISTINCT base", "question = 'useful' AND code = '_T'") == [(known,)]


def test_a_group_stands_higher_than_the_rest_only_where_the_sample_carries_it():
    apart = [*people(150, 1, 0.9, sector_code="finance"), *people(150, 2, 0.2, sector_code="trade")]
    alike = [*people(150, 3, 0.5, sector_code="finance"), *people(150, 3, 0.5, sector_code="trade")]
    few = [*people(12, 4, 1.0, sector_code="finance"), *people(150, 5, 0.2, sector_code="trade")]
    wanted = "statistic = 'top' AND dimension = 'sector'"
    assert rows(estimated((2025, apart)), "code, versus_rest", wanted) == [("finance", "higher"), ("trade", "lower")]
    assert rows(estimated((2025, alike)), "code, versus_rest", wanted) == [
        ("finance", "not_distinguishable"), ("trade", "not_distinguishable")
    ]  # fmt: skip
    assert rows(estimated((2025, few)), "code, versus_rest", wanted)[0] == ("finance", "not_compared")


def test_waves_compare_only_where_the_question_was_put_alike():
    waves = (2020, people(200, 1, 0.3)), (2025, people(200, 2, 0.7))
    wanted = "wave = 2025 AND statistic = 'top' AND dimension = '_T' AND question = 'useful'"
    assert rows(estimated(*waves), "versus_wave", wanted) == [("higher",)]
    reworded = estimated(*waves, wording="How useful was it?")
    assert rows(reworded, "versus_wave", wanted) == [(None,)]
    assert reworded.execute("SELECT wave, question, kind FROM question_break").fetchall() == [
        (2025, "useful", "wording")
    ]
    unchanged = rows(reworded, "COUNT(versus_wave) > 0", "wave = 2025 AND question = 'hours' AND dimension = '_T'")
    assert unchanged == [(True,)]


AGREEING = "wave = 2025 AND statistic = 'top' AND dimension = '_T' AND question = 'useful'"


def panel(companies, colleagues=1):
    """Return who answered in two waves, alike within a company; every twelfth company comes to agree."""
    then = [{**person, "company_id": f"C{number // colleagues}", "useful": "4" if number // colleagues % 2 else "2"}
            for number, person in enumerate(people(companies * colleagues))]  # fmt: skip
    now = [{**person, "useful": "4"} if number // colleagues % 12 == 0 else person for number, person in
           enumerate(then)]  # fmt: skip
    return then, now


def test_a_small_move_of_the_same_companies_is_seen_where_that_of_others_is_not():
    then, now = panel(120)
    others = [{**person, "company_id": f"other {person['company_id']}"} for person in now]
    assert rows(estimated((2020, then), (2025, now)), "versus_wave", AGREEING) == [("higher",)]
    assert rows(estimated((2020, then), (2025, others)), "versus_wave", AGREEING) == [("not_distinguishable",)]


def test_the_same_answers_of_the_same_companies_are_no_change_in_any_group():
    then, _ = panel(150)
    compared = "wave = 2025 AND flag IN ('A', 'B') AND value > 0 AND value < 1"
    assert rows(estimated((2020, then), (2025, then)), "DISTINCT versus_wave", compared) == [("not_distinguishable",)]


def test_a_unit_of_colleagues_is_known_again_by_its_company_not_by_its_code():
    then, now = ([{**person, "psu": person["company_id"]} for person in wave] for wave in panel(120, colleagues=2))
    assert rows(estimated((2020, then), (2025, now)), "versus_wave", AGREEING) == [("higher",)]
    nameless = [{**person, "company_id": None} for person in now]
    assert rows(estimated((2020, then), (2025, nameless)), "versus_wave", AGREEING) == [("not_distinguishable",)]


def test_weights_that_came_with_the_answers_are_used():
    asked = [*people(50, 1, 1.0, weight=3), *people(50, 2, 0.0, weight=1)]
    connection = estimated((2025, asked))
    assert connection.execute("SELECT method, respondents FROM weighting").fetchall() == [("given", 100)]
    tops = dict(rows(connection, "is_weighted, value", "statistic = 'top' AND dimension = '_T'"))
    yes, no = (sum(p["useful"] != "dont_know" for p in part) for part in (asked[:50], asked[50:]))
    assert tops == {False: pytest.approx(yes / (yes + no)), True: pytest.approx(3 * yes / (3 * yes + no))}


def test_without_a_frame_nothing_is_weighted_and_that_is_said():
    connection = estimated((2025, people(60)))
    assert connection.execute("SELECT method, margins, population FROM weighting").fetchall() == [("none", "", None)]
    assert rows(connection, "DISTINCT is_weighted", "TRUE") == [(False,)]


@pytest.fixture
def framed(tmp_path, monkeypatch):
    """Estimate with a frame that an edition states."""

    def estimated_with(frame, *waves):
        (tmp_path / "survey_frame.csv").write_text(f"instrument,dimension,code,count\n{frame}", encoding="utf-8")
        from dataclasses import replace

        connection = warehouse(*waves)
        estimate(connection, replace(EDITION, folder=tmp_path), is_demonstration=False)
        return connection

    return estimated_with


FRAME = (
    "volunteer,sector,finance,9000\nvolunteer,sector,trade,1000\nvolunteer,size,large,8000\nvolunteer,size,small,2000\n"
)


def test_a_sample_is_raked_to_the_frame(framed):
    asked = [
        *people(60, 1, 0.9, sector_code="finance", size_code="large_251"),
        *people(60, 2, 0.1, sector_code="trade", size_code="small"),
        *people(60, 3, 0.1, sector_code="trade", size_code="large_251"),
        *people(60, 4, 0.9, sector_code="finance", size_code="small"),
    ]
    connection = framed(FRAME, (2025, asked))
    method = "SELECT method, margins, population, is_invented FROM weighting"
    assert connection.execute(method).fetchall() == [("raked", "sector|size", 10000, False)]
    plain, weighted = (
        value for _, value in rows(connection, "is_weighted, value", "statistic = 'top' AND code = '_T'")
    )
    assert plain == pytest.approx(0.5, abs=0.07)
    assert weighted == pytest.approx(0.9 * 0.9 + 0.1 * 0.1, abs=0.07)


def test_by_a_dimension_of_which_all_categories_had_to_be_joined_nothing_is_weighted(framed):
    asked = [
        *people(60, 1, 0.9, sector_code="finance", size_code="large_251"),
        *people(60, 2, 0.1, sector_code="trade", size_code="large_251"),
        *people(1, 3, sector_code="trade", size_code="small"),
    ]
    connection = framed(FRAME, (2025, asked))
    ((margins, joined),) = connection.execute("SELECT margins, joined FROM weighting").fetchall()
    assert margins == "sector"
    assert json.loads(joined) == [["size", ["small", "large"]]]


def test_who_states_no_code_keeps_his_share_of_the_frame(framed):
    sizes = ("small", "large_251")
    asked = [{**person, "sector_code": ("finance", "trade", None)[number % 3], "size_code": sizes[number % 2]}
             for number, person in enumerate(people(120))]  # fmt: skip
    connection = framed(FRAME, (2025, asked))
    assert connection.execute("SELECT method, respondents FROM weighting").fetchall() == [("raked", 120)]


def test_a_frame_that_no_weights_meet_is_named(framed):
    asked = [*people(60, 1, sector_code="finance", size_code="small"),
             *people(60, 2, sector_code="trade", size_code="large_251")]  # fmt: skip
    connection = framed(FRAME, (2025, asked))
    assert connection.execute("SELECT method FROM weighting").fetchall() == [("contradictory",)]
    assert rows(connection, "DISTINCT is_weighted", "TRUE") == [(False,)]


@pytest.mark.parametrize(("frame", "row", "column"), [
    ("volunteer,sector,fin,10\n", 2, "code"), ("volunteer,sektor,finance,10\n", 2, "dimension"),
    ("volunteer,region,KZ-75,10\n", 2, "code"), ("volunteer,sector,finance,many\n", 2, "count"),
    ("volunteer,sector,finance,10\nvolunteer,size,small,11\n", None, None),
])  # fmt: skip
def test_a_faulty_frame_says_where(framed, frame, row, column):
    with pytest.raises(EditionError) as raised:
        framed(frame, (2025, people(20)))
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [(row, column)]


def test_answers_of_one_company_are_not_as_good_as_answers_of_many():
    alone = people(120, 1)
    together = [{**person, "psu": f"C{number // 12}", "useful": "5" if number // 12 % 2 else "1"}
                for number, person in enumerate(alone)]  # fmt: skip
    wanted = "statistic = 'top' AND dimension = '_T'"
    (own,) = rows(estimated((2025, alone)), "effective_base", wanted)
    (shared,) = rows(estimated((2025, together)), "effective_base", wanted)
    assert shared[0] < own[0] / 5


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 80), seed=st.integers(0, 10_000), agreeing=st.floats(0, 1))
def test_whatever_is_answered_the_intervals_hold_the_value_and_the_hidden_say_nothing(size, seed, agreeing):
    connection = estimated((2025, people(size, seed, agreeing)))
    for value, low, high, base, flag in rows(
        connection, "value, low, high, base, flag", "statistic IN ('share', 'top')"
    ):
        if flag == "hidden":
            assert (value, low, high, base) == (None, None, None, None)
        else:
            assert 0 <= low <= value + 1e-9
            assert value - 1e-9 <= high <= 1
            assert base >= EDITION.thresholds["survey_base_hidden"]


def test_what_a_number_of_companies_tells_is_rounded_and_hidden_where_few_gave_one():
    asked = [
        {**person, "instrument": "company", "hours": 1234 + number, "sector_code": ("trade", "finance")[number >= 15]}
        for number, person in enumerate(people(60))
    ]
    connection = warehouse((2025, asked))
    for table in ("answer", "question", "option", "survey"):
        connection.execute(f"UPDATE {table} SET instrument = 'company'")
    estimate(connection, EDITION, is_demonstration=False)
    told = rows(connection, "value, low, high", "question = 'hours' AND statistic = 'median' AND dimension = '_T'")
    assert told == [(1300.0, 1300.0, 1300.0)]
    few = rows(connection, "value, flag", "question = 'hours' AND code = 'trade'")
    assert {flag for _, flag in few} == {"hidden"}
    assert rows(connection, "value", "question = 'hours' AND code = 'finance' AND value IS NOT NULL")
    assert rows(connection, "value", "question = 'useful' AND code = 'trade' AND value IS NOT NULL")
