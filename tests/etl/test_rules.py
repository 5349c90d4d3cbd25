"""What is faulty about a row, and what the steward is told about it."""

import json
from datetime import date

import pytest

from observatory.rejects import say_place, say_reject
from observatory.texts import Texts
from tests.etl.conftest import table

AS_OF = date(2026, 10, 31)


def check(desk, text, file="activities.csv"):
    desk.put(file, table(text))
    return desk.load(AS_OF)


def test_what_is_no_number_no_date_no_yes_or_no(desk):
    found = check(desk, """
        date       | hours | volunteers | paid time
        2024-05-01 | 7     | 3          | yes
        31.02.2024 | 7     | 3          | да
        2024-05-01 | семь  | 3          | иә
        2024-05-01 | 7     | 2.5        | нет
        2024-05-01 | 7     | 3          | partly
    """)  # fmt: skip
    assert found.rejects == [(3, "not_a_date"), (4, "not_a_number"), (5, "not_whole"), (6, "not_yes_or_no")]
    assert found.rows("hours, volunteers_count, is_paid_time") == [(7, 3, True)]


def test_what_is_not_known_may_be_left_out_but_for_what_every_row_needs(desk):
    found = check(desk, """
        date       | hours | region
                   | 7     | KZ-23
        2024-05-01 |       | -
    """)  # fmt: skip
    assert found.rejects == [(2, "required")]
    assert found.rows("hours, region_code") == [(None, None)]


def test_numbers_below_and_above_the_limits_of_the_edition(desk):
    found = check(desk, """
        date       | hours  | volunteers | beneficiaries
        2024-05-01 | -1     | 3          | 1
        2024-05-01 | 1      | 50001      | 1
        2024-05-01 | 1      | 50000      | 1000001
        2024-05-01 | 0      | 0          | 0
    """)  # fmt: skip
    assert found.rejects == [(2, "below_limit"), (3, "above_limit"), (4, "above_limit")]


def test_days_outside_what_is_observed(desk):
    found = check(desk, """
        date       | end date
        2018-12-31 | 2019-01-01
        2026-11-01 | 2026-11-01
        2026-10-31 | 2027-12-31
        2024-05-02 | 2024-05-01
    """)  # fmt: skip
    assert found.rejects == [(2, "before_first_year"), (3, "after_as_of"), (5, "end_before_start")]


def test_nobody_helps_more_hours_than_a_day_has(desk):
    found = check(desk, """
        date       | end date   | volunteers | hours
        2024-05-01 |            | 2          | 48
        2024-05-01 |            | 2          | 48.5
        2024-05-01 | 2024-05-02 | 2          | 96
        2024-05-01 | 2024-05-02 | 2          | 97
        2024-05-01 |            |            | 500
        2024-05-01 |            | 0          | 1
    """)  # fmt: skip
    assert found.rejects == [(3, "more_than_a_day"), (5, "more_than_a_day"), (7, "more_than_a_day")]


def test_a_part_is_not_more_than_its_whole(listed):
    listed.put("activities.csv", table("""
        number | date       | hours | skilled hours
        1      | 2024-05-01 | 5     | 5
        2      | 2024-05-01 | 5     | 6
        3      | 2024-05-01 |       | 6
    """))  # fmt: skip
    listed.put("forms.csv", table("""
        company_id | year | headcount | volunteers | volunteers in paid time | internal volunteers
        C1         | 2023 | 100       | 20         | 20                      | 100
        C1         | 2024 | 100       | 101        | 20                      | 101
        C2         | 2024 | 100       | 20         | 21                      | 5
    """))  # fmt: skip
    found = listed.load(AS_OF)
    assert found.rows("file, row, column_name, value", of="reject") == [
        ("activities.csv", 3, "skilled hours", "6"),
        ("forms.csv", 3, "internal volunteers", "101"),
        ("forms.csv", 3, "volunteers", "101"),
        ("forms.csv", 4, "volunteers in paid time", "21"),
    ]


def test_a_region_is_refused_before_it_existed_and_the_remedy_names_the_one_before(desk):
    found = check(desk, """
        date       | region
        2021-05-01 | область Абай
        2022-06-08 | область Абай
        2021-05-01 | Шығыс Қазақстан
    """)  # fmt: skip
    assert found.rejects == [(2, "region_not_yet")]
    details = json.loads(found.rows("details", of="reject")[0])
    assert (details["code"], details["before"], details["date"]) == ("KZ-10", "KZ-63", "2022-06-08")


def test_an_unknown_spelling_is_rejected_with_the_nearest_known_one(desk):
    found = check(desk, """
        date       | region           | theme
        2024-05-01 | Атырауск обл     | ecology
        2024-05-01 | Полдень XXII     | ecology
        2024-05-01 | Нур-Султан       | ecologi
    """)  # fmt: skip
    assert found.rows("row, column_name, details->>'suggestion'", of="reject") == [
        (2, "region", "KZ-23"), (3, "region", None), (4, "theme", "ecology"),
    ]  # fmt: skip


def test_a_spelling_of_two_regions_names_both(desk):
    found = check(desk, """
        date       | region
        2024-05-01 | Алматы
        2024-05-01 | г. Алматы
    """)  # fmt: skip
    assert found.rejects == [(2, "ambiguous_code")]
    assert json.loads(found.rows("details", of="reject")[0])["candidates"] == ["KZ-19", "KZ-75"]
    assert found.rows("region_code") == ["KZ-75"]


def test_organisations_are_known_by_number_by_bin_and_by_name(listed):
    listed.put("activities.csv", table("""
        number | date       | company_id | bin          | company      | ngo
        1      | 2024-05-01 | C1         |              |              |
        2      | 2024-05-01 |            | 12340000017  |              |
        3      | 2024-05-01 |            | 012340000017 |              |
        4      | 2024-05-01 |            |              | ао ақжол мұнай |
        5      | 2024-05-01 |            |              | AKZHOL       |
        6      | 2024-05-01 |            |              | ТОО Көктем   | Таза  қала
        7      | 2024-05-01 |            |              | ТОО Коктем   |
        8      | 2024-05-01 |            |              |              | Таза кала
        9      | 2024-05-01 | C9         |              | ТОО Көктем   |
    """))  # fmt: skip
    found = listed.load(AS_OF)
    assert found.rows("activity_id, company_id, ngo_id") == [
        ("1", "C1", None), ("2", "C1", None), ("3", "C1", None), ("4", "C1", None), ("5", "C1", None),
        ("6", "C2", "N1"),
    ]  # fmt: skip
    assert found.rows("row, rule, details->>'suggestion'", of="reject") == [
        (8, "unknown_reference", "ТОО «Көктем»"), (9, "unknown_reference", "Таза қала"),
        (10, "unknown_reference", None),
    ]  # fmt: skip


def test_every_fault_of_a_row_is_found_at_once(desk):
    found = check(desk, """
        date       | end date | region | hours | volunteers | theme
        31.02.2024 | вчера    | Париж  | -5    | много      | ecology
    """)  # fmt: skip
    assert [rule for _, rule in found.rejects] == [
        "below_limit", "not_a_date", "not_a_date", "not_a_number", "unknown_code",
    ]  # fmt: skip
    assert found.fates == [("activities.csv", 1, 0, 1, 0)]


def test_a_headcount_is_a_size_class_too(listed):
    listed.put("companies.csv", table("""
        company_id | name | size
        C1         | A    | 15
        C2         | B    | 16
        C3         | C    | 1 001
        C4         | D    | Ірі
        C5         | E    | 0
    """))  # fmt: skip
    found = listed.load(AS_OF)
    assert found.rows("size_code", of="company") == ["large", "large_1001", "micro", "small"]
    assert found.rejects == [(6, "unknown_code")]


def test_a_period_ends_at_the_latest_where_the_next_begins(listed):
    listed.put("companies.csv", table("""
        company_id | name | size   | valid from | valid to
        C1         | A    | small  |            |
        C1         | A    | medium | 2022-03-01 |
        C2         | B    | small  | 2022-03-01 | 2021-03-01
    """))  # fmt: skip
    found = listed.load(AS_OF)
    assert found.rows("size_code, valid_from, valid_to", of="company") == [
        ("medium", date(2022, 3, 1), None), ("small", None, date(2022, 2, 28)),
    ]  # fmt: skip
    assert found.rejects == [(4, "end_before_start")]


@pytest.mark.parametrize("language", ["kk", "ru", "en", "ar"])
def test_every_reject_is_said_in_full_in_every_language(desk, language):
    found = check(desk, """
        number | date       | end date   | region       | hours | volunteers | theme
        1      | 2021-05-01 | 2021-05-01 | область Абай | 1000  | 2          | ecologi
        2      | 2027-05-01 | 2026-05-01 | Алматы       | -1    | 1.5        | xyz
        3      | 2024-05-01 |            | KZ-23        | 1     | 1          | ecology
        3      | 2024-05-01 |            | KZ-23        | 1     | 1          | ecology
    """)  # fmt: skip
    words = Texts(language, strict=True)
    said = found.rows("rule, column_name, value, details", of="reject")
    for rule, column, value, details in said:
        message, remedy = say_reject(words, desk.edition, rule, column, value, details)
        assert "{" not in message + remedy
        assert "None" not in message + remedy
    assert len({rule for rule, *_ in said}) == 9
    assert "activities.csv" in say_place(words, "activities.csv", "Лист1", 3)
