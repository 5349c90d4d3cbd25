"""How people lay tables out: headings in two rows, units, totals, merged cells, several tables, values not repeated."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from etl.headings import find_headings, match_headings
from etl.sources import load_sources
from etl.table_words import table_words
from tests.etl.conftest import ACTIVITIES, FORMS, cells_of, table


def source(desk, **more):
    desk.describe(ACTIVITIES | {"creates": ["company"]}, **more)
    return load_sources(desk.edition)[0]


def headings(desk, text: str, **more):
    return find_headings(source(desk, **more), cells_of(text))


@pytest.mark.parametrize(
    ("cell", "is_total"),
    [
        ("Итого", True), ("ИТОГО:", True), ("Всего по области", True), ("Итого за 2024 год", True), ("Итoго", True),
        ("Total", True),
        ("Барлығы:", True), ("المجموع", True), ("TotalEnergies", False), ("Total Kazakhstan", False),
        ("Всего хорошего", False), ("", False), ("12", False),
    ],
)  # fmt: skip
def test_a_row_of_totals_is_known_by_its_first_cell(cell, is_total):
    assert table_words().is_total(cell) is is_total


@pytest.mark.parametrize(
    ("heading", "field", "factor"),
    [
        ("Часы, чел.-ч", "hours", 1), ("Всего часов (ч)", "hours", 1), ("Cost (thousand KZT)", "cost_amount", 1000),
        ("Затраты, тыс. тенге", "cost_amount", 1000), ("Расходы в млн тенге", "cost_amount", 1_000_000),
        ("Шығындар, мың теңге", "cost_amount", 1000), ("Волонтёры, чел.", "volunteers_count", 1),
        ("Cost, USD", None, 1), ("Часы, тенге", None, 1), ("Затраты, чел.", None, 1), ("Cost, k", "cost_amount", 1000),
        ("Расхoды, тыс. тенге", "cost_amount", 1000), ("Cost, KZT million", "cost_amount", 1_000_000),
    ],
)  # fmt: skip
def test_a_heading_may_name_the_unit_of_its_field_and_no_other(desk, heading, field, factor):
    match = match_headings(source(desk), ["Date", heading])
    assert set(match.columns) == {"start_date", field} - {None}
    assert match.factors.get(field, 1) == factor


def test_a_word_of_a_known_heading_is_no_multiplier(listed):
    match = match_headings(load_sources(listed.edition)[2], ["Жыл", "Компания", "Жұмыстан тыс сағат"])
    assert (match.columns["own_hours"], match.factors) == (2, {})


def test_thousands_in_a_heading_are_thousands_in_the_warehouse(desk):
    desk.put("activities.csv", table("""
        Date       | Company | Cost, thousand KZT | Volunteers, people
        2024-05-01 | Vega    | 12.5               | 7
        2024-05-02 | Vega    | nothing            | 8
    """, ";"))  # fmt: skip
    found = desk.load()
    assert found.rows("cost_amount, volunteers_count") == [(Decimal(12500), 7)]
    assert found.rejects == [(3, "not_a_number")]


def test_a_description_says_what_a_column_is_multiplied_by(desk):
    source(desk, columns={
        "hours": {"column": "Hours each", "multiply": "People"},
        "volunteers_count": "People",
        "cost_amount": {"column": "Spent, thousand KZT", "multiply": 1},
    })  # fmt: skip
    desk.put("activities.csv", table("""
        Date       | Company | People | Hours each | Spent, thousand KZT
        2024-05-01 | Vega    | 25     | 3,5        | 10
        2024-05-02 | Vega    | 12     | two        | 20
        2024-05-03 | Vega    | few    | 2          | 30
        2024-05-04 | Vega    | 12     |            | 40
    """, ";"))  # fmt: skip
    found = desk.load()
    assert found.rows("hours, cost_amount") == [(Decimal("87.5"), 10), (None, 40)]
    assert found.rows('"row", column_name, value', of="reject") == [
        (3, "Hours each", "two"), (4, "People", "few"), (4, "People", "few"),
    ]  # fmt: skip


def test_a_number_whose_other_factor_is_not_there_is_not_known(desk):
    source(desk, columns={"hours": {"column": "Hours each", "multiply": "People"}})
    desk.put("activities.csv", "Date,Company,Hours each\n2024-05-01,Vega,3\n")
    found = desk.load()
    assert found.rows("hours") == [None]
    assert found.loaded.outcomes[0].columns_absent == ("People",)


def test_headings_may_take_two_rows(desk):
    found = headings(desk, """
        Мероприятие | Дата       | Компания | Волонтёры |                  | Часы
                    | проведения |          | всего     | в рабочее время  |
        Субботник   | 01.05.2024 | Vega     | 7         | да               | 21
    """)  # fmt: skip
    assert found.row == 1
    assert found.cells[1:5] == ("Дата, проведения", "Компания", "Волонтёры", "в рабочее время")
    assert found.match.columns == {
        "title": 0, "start_date": 1, "company_name": 2, "volunteers_count": 3, "is_paid_time": 4, "hours": 5,
    }  # fmt: skip


def test_units_may_stand_in_a_row_below_the_headings(desk):
    desk.put("activities.csv", table("""
        Отчёт      |          |           |      |
        Дата       | Компания | Волонтёры | Часы | Затраты
                   |          | чел.      | ч    | тыс. тенге
        1          | 2        | 3         | 4    | 5
        01.05.2024 | Vega     | 7         | 21   | 12
    """, ";"))  # fmt: skip
    found = desk.load()
    assert found.rejects == []
    assert found.rows("volunteers_count, hours, cost_amount") == [(7, 21, 12000)]


def test_a_row_under_headings_in_one_row_is_data(desk):
    found = headings(desk, """
        Title | Date       | Region | Hours
        Walk  | 2024-05-01 | Region | 7
    """)  # fmt: skip
    assert found.row == 0


def test_totals_are_set_aside_wherever_they_stand_and_records_are_not(desk):
    desk.put("activities.csv", table("""
        Company | Date       | Hours | Theme
        Vega    | 2024-05-01 | 7     | social
        Total   |            | 7     |
        Total   | 2024-05-02 | 8     | social
        Vega    | 2024-05-03 | 9     |
        Барлығы | -          | 24    |
        Итого по всем |      | 24    |
    """))  # fmt: skip
    found = desk.load()
    assert found.rows("hours") == [7, 8, 9]
    assert found.rows("name", of="company") == ["Total", "Vega"]
    assert found.rejects == []
    assert [outcome.rows_set_aside for outcome in found.loaded.outcomes] == [3]


def test_totals_of_a_yearly_form_have_a_year_too(listed):
    listed.describe(FORMS)
    listed.put("forms.csv", table("""
        Компания     | Год  | Численность | Волонтёры
        ТОО «Көктем» | 2024 | 120         | 12
        Итого        | 2024 | 120         | 12
    """))  # fmt: skip
    found = listed.load()
    assert found.rows("company_id, headcount", of="company_year") == [("C2", 120)]
    assert found.rejects == []


def test_rows_that_are_no_data_are_known_by_the_cell_under_a_heading_that_the_description_names(desk):
    source(desk, drop_rows={"Company": ["Total", "average"], "Region": ["*", "Source:"], "Nowhere": "Vega"})
    desk.put("activities.csv", table("""
        Region      | Company         | Date       | Hours
        Abai region | Vega            | 2024-05-01 | 7
        Abai region | TOTAL for Abai  | 2024-05-01 | 7
        Abai region | Average         |            | 7
        *           | as reported     |            |
        Source: us  |                 |            |
        -           | Total           | 2024-05-02 | 9
        -           | In Total        | 2024-05-03 | 8
    """))  # fmt: skip
    found = desk.load()
    assert found.rows("hours") == [7, 8]
    assert (found.rejects, [outcome.rows_set_aside for outcome in found.loaded.outcomes]) == ([], [5])


def test_blank_cells_mean_the_value_above_where_the_description_says_so(desk):
    source(desk, fill_down=["company_name", "start_date"])
    desk.put("activities.csv", table("""
        Company | Date       | Title | Hours
        Vega    | 2024-05-01 | a     | 7
                |            | b     | 8
                |            |       |
        Total   |            |       | 15
                | 2024-05-02 | c     | 9
        Lyra    | 2024-05-03 | d     | 1
    """))  # fmt: skip
    found = desk.load()
    assert found.rejects == []
    assert found.rows(
        "title, start_date, c.name", of="activity JOIN company AS c USING (company_id)"
    ) == [
        ("a", date(2024, 5, 1), "Vega"), ("b", date(2024, 5, 1), "Vega"), ("c", date(2024, 5, 2), "Vega"),
        ("d", date(2024, 5, 3), "Lyra"),
    ]  # fmt: skip


def test_a_registration_number_in_a_merged_cell_is_a_word(desk):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row("A1", ["BIN", "Company", "Date", "Hours"])
        sheet.merge_range("A2:A3", "020440000017")
        sheet.merge_range("A4:A5", 110440000018)
        sheet.write_column("B2", ["Vega", "Vega", "Lyra", "Lyra"])
        sheet.write_column("C2", ["2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04"])
        sheet.merge_range("D2:D3", "20")
        sheet.merge_range("D4:D5", 30)
    desk.put("activities.xlsx", buffer.getvalue())
    found = desk.load()
    assert found.rejects == []
    assert found.rows("start_date, hours, c.name", of="activity JOIN company AS c USING (company_id)") == [
        (date(2024, 5, 1), 20, "Vega"), (date(2024, 5, 2), None, "Vega"),
        (date(2024, 5, 3), 30, "Lyra"), (date(2024, 5, 4), None, "Lyra"),
    ]  # fmt: skip


def test_words_in_merged_cells_stand_for_every_row_and_numbers_for_one(desk):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A")
        sheet.merge_range("A1:D1", "Отчёт о волонтёрстве")
        sheet.merge_range("A2:A3", "Компания")
        sheet.merge_range("B2:B3", "Дата")
        sheet.merge_range("C2:D2", "Часы")
        sheet.write_row("C3", ["всего", "с применением навыков"])
        sheet.merge_range("A4:A5", "Vega")
        sheet.write_column("B4", ["2024-05-01", "2024-05-02", "2024-05-03"])
        sheet.merge_range("C4:C5", 20)
        sheet.write_row("A6", ["Lyra", "2024-05-03", 3, 1])
    desk.put("activities.xlsx", buffer.getvalue())
    found = desk.load()
    assert found.rejects == []
    assert found.rows(
        "c.name, start_date, hours, skilled_hours", of="activity JOIN company AS c USING (company_id)"
    ) == [
        ("Lyra", date(2024, 5, 3), 3, 1), ("Vega", date(2024, 5, 1), 20, None), ("Vega", date(2024, 5, 2), None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["", "Отчёт;;\n\n"], ids=["bare", "under a title"])
def test_tables_below_each_other_are_read_each_under_its_headings(desk, first):
    desk.put("activities.csv", first + "\n".join([
        "Company;Date;Hours", "Vega;2024-05-01;7", "Total;;7", ";;", "Second half;;", "Date;Theme;Company;Volunteers",
        "2024-07-01;social;Lyra;5", "Company;Date;Hours", "Lyra;2024-08-01;9", "Lyra;yesterday;9", "",
    ]))  # fmt: skip
    found = desk.load()
    shift = 2 if first else 0
    assert found.rows("start_date, hours, volunteers_count") == [
        (date(2024, 5, 1), 7, None), (date(2024, 7, 1), None, 5), (date(2024, 8, 1), 9, None),
    ]  # fmt: skip
    assert found.rejects == [(10 + shift, "not_a_date")]


def test_tables_below_each_other_may_have_two_rows_of_headings_each(desk):
    desk.put("activities.csv", "\n".join([
        "Company;Date;Hours", "Vega;2024-05-01;7", ";;", "Volunteer;;Start;In working", "hours;Company;date;hours",
        "5;Lyra;2024-07-01;yes", "",
    ]))  # fmt: skip
    found = desk.load()
    assert found.rejects == []
    assert found.rows("start_date, hours, is_paid_time") == [(date(2024, 5, 1), 7, None), (date(2024, 7, 1), 5, True)]


@pytest.mark.parametrize("below", ["date,,", "date,,п/п", ",,п/п"])
def test_a_second_row_of_headings_that_says_nothing_new_is_nobodys_row(desk, below):
    desk.put("activities.csv", f"Start,Company,№\n{below}\n2024-05-01,Vega,1\n")
    found = desk.load()
    assert found.rejects == []
    assert found.rows('start_date, "row"') == [(date(2024, 5, 1), 3)]


@pytest.mark.parametrize("again", ["Date,Company,Hours", "\tDATE ,Company,Hours", "Date\u00a0,Company,\u2003Hours"])
def test_headings_repeated_on_every_page_are_nobodys_rows(desk, again):
    desk.put("activities.csv", f"Date,Company,Hours\n2024-05-01,Vega,7\n{again}\n2024-05-02,Vega,8\n")
    found = desk.load()
    assert found.rows('hours, "row"') == [(7, 2), (8, 4)]
    assert found.rejects == []


def test_raised_marks_of_footnotes_are_no_part_of_what_a_cell_says(desk):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, raised, bold = (
            book.add_worksheet("A"),
            book.add_format({"font_script": 1}),
            book.add_format({"bold": True}),
        )
        sheet.write_row("A1", ["Дата", "Компания²", "Название", "Часы"])
        sheet.write_rich_string("D1", "Часы", raised, "1)")
        sheet.write_column("A2", ["2024-05-01", "2024-05-02", "2024-05-03"])
        sheet.write_rich_string("B2", "Vega", raised, "*")
        sheet.write_column("B3", ["Vega", "Lyra"])
        sheet.write_rich_string("C2", "Убрано 500 м", raised, "2")
        sheet.write_rich_string("C3", bold, "Посадка", " деревьев")
        sheet.write_rich_string("D2", "100", raised, "2", " ")
        sheet.write_column("D3", ["107", "8²"])
    desk.put("activities.xlsx", buffer.getvalue())
    found = desk.load()
    assert found.rejects == [(4, "not_a_number")]
    assert found.rows("title, hours, c.name", of="activity JOIN company AS c USING (company_id)") == [
        ("Посадка деревьев", 107, "Vega"), ("Убрано 500 м2", 100, "Vega"),
    ]  # fmt: skip
