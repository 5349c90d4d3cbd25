"""Estimates reproduce, to the printed digit, what textbooks, manuals and the R package survey print."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.estimates.design import Design
from etl.estimates.differences import holm, newcombe
from etl.estimates.estimators import clopper_pearson, mean, quantile, ratio, share, total, wilson
from etl.estimates.weighting import post_stratify, rake

SCHOOLS = pd.read_csv(Path(__file__).parent / "published" / "apiclus1.csv")
DISTRICTS = SCHOOLS.dnum.to_numpy()
WEIGHTS = np.full(len(SCHOOLS), 33.846996307373)
CLUSTERED = Design(WEIGHTS, clusters=DISTRICTS, population=757)
TYPES, SCHOOL_WIDE = {"E": 4421, "H": 755, "M": 1018}, {"No": 1072, "Yes": 5122}

# The data set `fpc` of R survey and of the Stata manual: two strata of 15 and 12 units.
STRATA, UNITS = [1, 1, 1, 1, 1, 2, 2, 2], [1, 2, 3, 4, 5, 1, 2, 3]
SMALL_WEIGHTS = [3, 3, 3, 3, 3, 4, 4, 4]
X = np.array([2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2])

# What 40 pupils spend on ice cream: SAS/STAT User's Guide, PROC SURVEYMEANS; grade and dollars.
ICE_CREAM = """
    7 7  7 7  8 12  9 10  7 1  7 10  7 3  8 20  8 19  7 2  7 2  9 15  8 16  7 6  7 6  7 6  9 15  8 17  8 14  9 8
    9 8  9 7  7 3  7 12  7 4  9 14  8 18  9 9  7 2  7 1  7 4  7 11  9 8  8 10  8 13  7 2  9 6  9 11  7 2  7 9
"""
GRADES, SPENDING = np.array(ICE_CREAM.split(), dtype=int).reshape(-1, 2).T
PUPILS = {7: 1824, 8: 1025, 9: 1151}

# The same pupils drawn by study groups (Example 1 of the same chapter); grade, group and dollars.
STUDY_GROUPS = """
    7 34 7  7 34 7  7 412 4  9 27 14  7 34 2  9 230 15  9 27 15  7 501 2  9 230 8  9 230 7  7 501 3  8 59 20
    7 403 4  7 403 11  8 59 13  8 59 17  8 143 12  8 143 16  8 59 18  9 235 9  8 143 10  9 312 8  9 235 6  9 235 11
    9 312 10  7 321 6  8 156 19  8 156 14  7 321 3  7 321 12  7 489 2  7 489 9  7 78 1  7 78 10  7 489 2  7 156 1
    7 78 6  7 412 6  7 156 2  9 301 8
"""


def of_type(code):
    return (SCHOOLS.stype == code).to_numpy()


def printed(value, digits):
    """What a value looks like at as many digits after the point as were printed."""
    return f"{value:.{digits}f}"


# --- R survey: tests/api.Rout.save, tests/rakecheck.Rout.save, the vignette "A survey analysis example" ---


@pytest.mark.parametrize(
    ("column", "value", "se"), [("api00", "644.169399", "23.5422"), ("api99", "606.978142", "24.2250")]
)
def test_means_of_a_cluster_sample_are_those_of_r_survey(column, value, se):
    found = mean(CLUSTERED, SCHOOLS[column])
    assert (printed(found.value, 6), printed(found.se, 4)) == (value, se)


@pytest.mark.parametrize(
    ("code", "value", "se"), [("E", "4873.97", "1333.32"), ("H", "473.86", "158.70"), ("M", "846.17", "167.55")]
)
def test_counts_of_a_cluster_sample_are_those_of_r_survey(code, value, se):
    found = total(CLUSTERED, of_type(code))
    assert (printed(found.value, 2), printed(found.se, 2)) == (value, se)


def test_the_total_of_a_cluster_sample_is_that_of_r_survey():
    found = total(CLUSTERED, SCHOOLS.enroll)
    assert (printed(found.value, 2), printed(found.se, 2)) == ("3404940.13", "932235.03")


@pytest.mark.parametrize(
    ("code", "value", "se"), [("E", "0.786885", "0.0463"), ("H", "0.076503", "0.0268"), ("M", "0.136612", "0.0296")]
)
def test_shares_of_a_cluster_sample_are_those_of_r_survey(code, value, se):
    found = share(CLUSTERED, of_type(code))
    assert (printed(found.value, 6), printed(found.se, 4)) == (value, se)


def test_ratios_are_those_of_the_vignette_of_r_survey():
    tested, high = ratio(CLUSTERED, SCHOOLS.api_stu, SCHOOLS.enroll), of_type("H")
    of_high = ratio(CLUSTERED, SCHOOLS.api_stu, SCHOOLS.enroll, high)
    assert (printed(tested.value, 7), printed(tested.se, 9)) == ("0.8497087", "0.008386297")
    assert (printed(of_high.value, 7), printed(of_high.se, 8)) == ("0.8300683", "0.01472607")


@pytest.mark.parametrize(
    ("code", "wide", "before", "after"),
    [
        ("E", "No", ("601.6667", "47.27582"), ("596.3333", "43.49010")),
        ("E", "Yes", ("608.3485", "21.52493"), ("653.6439", "20.31720")),
        ("H", "No", ("662.0000", "29.23003"), ("659.3333", "27.00275")),
        ("H", "Yes", ("577.6364", "46.50125"), ("607.4545", "43.70468")),
        ("M", "No", ("611.3750", "41.11886"), ("606.3750", "41.11686")),
        ("M", "Yes", ("607.2941", "42.53046"), ("643.2353", "42.12850")),
    ],
)
def test_means_in_domains_are_those_of_r_survey(code, wide, before, after):
    """The page "Domain estimators" of the package's site."""
    domain = of_type(code) & (SCHOOLS.sch_wide == wide).to_numpy()
    for column, expected in (("api99", before), ("api00", after)):
        found = mean(CLUSTERED, SCHOOLS[column], domain)
        assert (printed(found.value, 4), printed(found.se, 5)) == expected


def test_a_total_in_a_domain_is_that_of_r_survey():
    """The same page."""
    found = total(CLUSTERED, SCHOOLS.enroll, ((SCHOOLS.sch_wide == "Yes") & (SCHOOLS.comp_imp == "Yes")).to_numpy())
    assert (printed(found.value, 0), printed(found.se, 0)) == ("2406420", "645444")


@pytest.mark.parametrize(
    ("probability", "value", "low", "high", "se"),
    [(0.25, 552, 492, 627, "31.47166"), (0.5, 652, 561, 714, "35.66788"), (0.75, 719, 696, 777, "18.88300")],
)
def test_quantiles_are_those_of_the_vignette_of_r_survey(probability, value, low, high, se):
    found = quantile(CLUSTERED, SCHOOLS.api00, probability)
    assert (found.value, found.low, found.high, printed(found.se, 5)) == (value, low, high, se)


def test_post_stratified_estimates_are_those_of_r_survey():
    """Mean and median as version 4.5 gives them (svy, tests/svy/weighting/test_calibration_variance.py)."""
    design = post_stratify(WEIGHTS, SCHOOLS.stype, TYPES).design(clusters=DISTRICTS, population=757)
    average, whole = mean(design, SCHOOLS.api00), total(design, SCHOOLS.enroll)
    assert (printed(average.value, 9), printed(average.se, 10)) == ("642.310788212", "23.9204864451")
    assert (printed(whole.value, 0), printed(whole.se, 0)) == ("3680893", "406293")
    assert printed(quantile(design, SCHOOLS.api00, 0.5).se, 10) == "37.0666231975"


def test_raked_estimates_are_those_of_r_survey():
    raked = rake(WEIGHTS, {"stype": (SCHOOLS.stype, TYPES), "sch.wide": (SCHOOLS.sch_wide, SCHOOL_WIDE)})
    design = raked.design(clusters=DISTRICTS, population=757)
    average, whole = mean(design, SCHOOLS.api00), total(design, SCHOOLS.enroll)
    assert (printed(average.value, 2), printed(average.se, 3)) == ("641.23", "23.704")
    assert (printed(whole.value, 0), printed(whole.se, 0)) == ("3647280", "400603")


def test_estimates_raked_to_other_margins_are_those_of_r_survey():
    """Version 4.5, raked to the end (svy, tests/svy/weighting/test_calibration_variance.py)."""
    raked = rake(WEIGHTS, {"stype": (SCHOOLS.stype, TYPES), "sch.wide": (SCHOOLS.sch_wide, {"No": 1000, "Yes": 5194})})
    found = mean(raked.design(clusters=DISTRICTS, population=757), SCHOOLS.api00)
    assert printed(found.se, 7) == "23.7458410"


# --- R survey: tests/fpc.Rout.save, tests/check.Rout.save, tests/domain.Rout.save, tests/lonely.psu.Rout.save ---


@pytest.mark.parametrize(
    ("design", "value", "se"),
    [
        (Design(SMALL_WEIGHTS, STRATA, UNITS), "5.4481", "0.7413"),
        (Design(SMALL_WEIGHTS, STRATA), "5.4481", "0.7413"),
        (Design(SMALL_WEIGHTS, STRATA, UNITS, {1: 15, 2: 12}), "5.4481", "0.6160"),
        (Design(np.ones(8), STRATA), "5.5250", "0.7796"),
        (Design(np.ones(8), clusters=UNITS), "5.5250", "0.8380"),
        (Design(SMALL_WEIGHTS, clusters=UNITS), "5.4481", "0.7938"),
        (Design(SMALL_WEIGHTS, clusters=UNITS, population=27), "5.4481", "0.7165"),
        (Design(SMALL_WEIGHTS, clusters=STRATA), "5.4481", "0.5465"),
    ],
)
def test_the_same_answers_have_the_error_of_their_design(design, value, se):
    found = mean(design, X)
    assert (printed(found.value, 4), printed(found.se, 4)) == (value, se)


def test_domains_keep_the_design_of_those_outside():
    design = Design(SMALL_WEIGHTS, STRATA, UNITS)
    above, below = mean(design, X, X > 4), mean(design, X, X <= 4)
    assert (printed(above.value, 3), printed(above.se, 7)) == ("6.195", "0.7555129")
    assert (printed(below.value, 6), printed(below.se, 7)) == ("3.314286", "0.3117042")


def test_a_stratum_of_one_school_is_measured_from_the_mean_of_all():
    design = Design(WEIGHTS, strata=DISTRICTS)
    assert design.lonely_strata == (413,)
    assert printed(mean(design, SCHOOLS.api00).se, 4) == "5.8281"


def test_a_stratum_of_one_school_that_has_no_other_adds_nothing():
    sizes = {code: 1 if code == 413 else 1000 for code in set(DISTRICTS.tolist())}
    design = Design(WEIGHTS, strata=DISTRICTS, population=sizes)
    assert design.lonely_strata == ()
    assert printed(mean(design, SCHOOLS.api00).se, 4) == "5.7344"


# --- SAS/STAT User's Guide, chapter "The SURVEYMEANS Procedure" ---


def test_a_simple_sample_with_correction_is_that_of_the_sas_guide():
    found = mean(Design(np.ones(40), population=4000), SPENDING)
    assert (printed(found.value, 6), printed(found.se, 6)) == ("8.750000", "0.845139")
    assert (printed(found.low, 8), printed(found.high, 7)) == ("7.04054539", "10.4594546")


def test_a_stratified_sample_is_that_of_the_sas_guide():
    drawn = {grade: (grade == GRADES).sum() for grade in PUPILS}
    design = Design([PUPILS[grade] / drawn[grade] for grade in GRADES], strata=GRADES, population=PUPILS)
    spent, less = mean(design, SPENDING), mean(design, SPENDING < 10)
    assert (printed(spent.value, 6), printed(spent.se, 6)) == ("9.141298", "0.531799")
    assert (printed(spent.low, 8), printed(spent.high, 7)) == ("8.06377052", "10.2188254")
    assert (printed(less.value, 6), printed(less.se, 6)) == ("0.544555", "0.058424")


def test_a_stratified_cluster_sample_is_that_of_the_sas_guide():
    grades, groups, spending = np.array(STUDY_GROUPS.split(), dtype=int).reshape(-1, 3).T
    in_all, drawn = {7: 608, 8: 252, 9: 403}, {7: 8, 8: 3, 9: 5}
    found = mean(Design([in_all[grade] / drawn[grade] for grade in grades], grades, groups, in_all), spending)
    assert (printed(found.value, 6), printed(found.se, 6), found.df) == ("8.923860", "0.650859", 13)
    assert (printed(found.low, 8), printed(found.high, 7)) == ("7.51776370", "10.3299565")


# --- Newcombe 1998, Statistics in Medicine 17 ---


@pytest.mark.parametrize(
    ("count", "base", "score", "exact"),
    [
        (81, 263, ("0.2553", "0.3662"), ("0.2527", "0.3676")),
        (15, 148, ("0.0624", "0.1605"), ("0.0578", "0.1617")),
        (0, 20, ("0.0000", "0.1611"), ("0.0000", "0.1684")),
        (1, 29, ("0.0061", "0.1718"), ("0.0009", "0.1776")),
    ],
)
def test_intervals_of_a_share_are_those_of_newcombes_first_table(count, base, score, exact):
    """Pages 857-872, table I, methods 3 and 5."""
    assert tuple(printed(bound, 4) for bound in wilson(count, base)) == score
    assert tuple(printed(bound, 4) for bound in clopper_pearson(count, base)) == exact


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), "0.0524", "0.3339"),
        ((9, 10, 3, 10), "0.1705", "0.8090"),
        ((6, 7, 2, 7), "0.0582", "0.8062"),
        ((5, 56, 0, 29), "-0.0381", "0.1926"),
        ((0, 10, 0, 20), "-0.1611", "0.2775"),
        ((0, 10, 0, 10), "-0.2775", "0.2775"),
        ((10, 10, 0, 20), "0.6791", "1.0000"),
        ((10, 10, 0, 10), "0.6075", "1.0000"),
    ],
)
def test_intervals_of_a_difference_are_those_of_newcombes_second_table(counts, low, high):
    """Pages 873-890, table II, method 10."""
    found = newcombe(*counts)
    assert (printed(found.low, 4), printed(found.high, 4)) == (low, high)


# --- Holm, Kalton ---


def test_holm_is_the_example_of_the_encyclopaedia():
    """Wikipedia, "Holm-Bonferroni method": of four hypotheses the first and the last are rejected at 0.05."""
    adjusted = holm([0.01, 0.04, 0.03, 0.005])
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_is_the_example_of_the_sas_guide():
    """SAS/STAT User's Guide, PROC MULTTEST, example 5: of 24 p-values only the smallest stays below 1."""
    raw = [0.28282, 0.30688, 0.71022, 0.77175, 0.78180, 0.88581, 0.54685, 0.84978, 0.24228, 0.58977, 0.03498, 0.41607,
           0.31631, 0.05254, 0.45061, 0.75758, 0.12496, 0.49485, 0.21572, 0.50505, 0.94372, 0.81260, 0.77596,
           0.36889]  # fmt: skip
    adjusted = holm(raw)
    assert printed(adjusted[10], 4) == "0.8395"
    assert (np.delete(adjusted, 10) == 1).all()


SAMPLE = [20, 50, 100, 30, 40, 140, 50, 100, 40, 310, 50, 70]
PEOPLE = [80, 60, 170, 55, 40, 150, 60, 165, 55, 340, 200, 125]
ROWS, COLUMNS = np.repeat([1, 2, 3, 4] * 3, SAMPLE), np.repeat([1, 2, 3], [200, 330, 470])


def factors(weights):
    """The weight of each cell, as the tables print them: four rows of three."""
    return [[weights[(row == ROWS) & (column == COLUMNS)][0] for column in (1, 2, 3)] for row in (1, 2, 3, 4)]


def test_cell_weights_are_those_of_kalton_and_flores_cervantes():
    """Journal of Official Statistics 19 (2003), table A, as tests/kalton.Rout.save of R survey prints it."""
    targets = {(row, column): PEOPLE[4 * (column - 1) + row - 1] for row in (1, 2, 3, 4) for column in (1, 2, 3)}
    found = post_stratify(np.ones(1000), zip(ROWS.tolist(), COLUMNS.tolist(), strict=True), targets)
    table = [[4.00, 1.00, 1.38], [1.20, 1.07, 1.10], [1.70, 1.20, 4.00], [1.83, 1.65, 1.79]]
    assert np.allclose(factors(found.weights), table, atol=0.00501)


def test_raked_weights_are_those_of_kalton_and_flores_cervantes():
    """The same, table B."""
    rows = {row: sum(PEOPLE[row - 1 :: 4]) for row in (1, 2, 3, 4)}
    columns = {column: sum(PEOPLE[4 * column - 4 : 4 * column]) for column in (1, 2, 3)}
    found = rake(np.ones(1000), {"a": (ROWS, rows), "b": (COLUMNS, columns)})
    table = [[1.81, 1.45, 2.02], [1.08, 0.87, 1.21], [2.20, 1.76, 2.45], [1.83, 1.47, 2.04]]
    assert np.allclose(factors(found.weights), table, atol=0.00501)
