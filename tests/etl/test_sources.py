"""Source descriptions: what they can say, and what is said about a wrong one."""

from datetime import date

import pytest

from etl.source_faults import source_faults
from observatory.errors import SourceError
from tests.etl.conftest import ACTIVITIES, COMPANIES, FORMS, table


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"table": "activitys"}, '"activitys" is not known: perhaps "activity" is meant.'),
        ({"source": "nobody"}, '"nobody" is not known'),
        ({"files": None}, "files: The key is missing"),
        ({"colums": {}}, 'colums: "colums" is not known: perhaps "columns" is meant.'),
        ({"columns": {"ours": "Hours"}}, '"ours" is not known: perhaps "hours" is meant.'),
        ({"columns": {"hours": {"colum": "Hours"}}}, '"colum" is not known: perhaps "column" is meant.'),
        ({"columns": {"hours": {"column": "Hours", "constant": 1}}}, "Write exactly one of column, sql and constant."),
        ({"columns": {"hours": {"sql": "a +"}}}, "The SQL expression cannot be used"),
        ({"columns": {"hours": {"sql": "(SELECT 1)"}}}, "one expression over the columns of a row"),
        ({"columns": {"hours": {"sql": "1 FROM landing; DROP TABLE cells --"}}}, "The SQL expression cannot be used"),
        ({"columns": {"hours": {"sql": "random()"}}}, "the function random may not be used"),
        ({"columns": {"hours": {"sql": "now()"}}}, "the function now may not be used"),
        ({"columns": {"hours": {"sql": "sum(a)"}}}, "The SQL expression cannot be used"),
        ({"columns": {"title": {"sql": "read_text('/etc/passwd')"}}}, "the function read_text may not be used"),
        ({"creates": ["companies"]}, '"companies" is not known: perhaps "company" is meant.'),
        ({"delivered": "("}, "This is no regular expression"),
        ({"format": {"decimals": ","}}, '"decimals" is not known: perhaps "decimal" is meant.'),
        ({"format": {"skip_rows": "two"}}, "format.skip_rows: This must be a number of rows"),
        ({"format": {"encoding": "windows"}}, 'The encoding "windows" is not known'),
        ({"format": {"encoding": "base64"}}, 'The encoding "base64" is not known'),
        ({"format": {"skip_rows": "²"}}, "format.skip_rows: This must be a number of rows"),
        ({"table": ["activity"]}, "is not known"),
        ({"source": ["activity_log"]}, "is not known"),
        ({"files": {"a": "b"}}, "files: A text or a list of texts is expected here."),
        ({"drop_rows": {"Company": [["Total"]]}}, "drop_rows.Company: A text or a list of texts is expected here."),
        ({"missing": [["n/a"]]}, "missing: A text or a list of texts is expected here."),
        ({"columns": {"hours": [{"a": "b"}]}}, "columns.hours: A text or a list of texts is expected here."),
        ({"columns": {"hours": {"column": {"a": "b"}}}}, "columns.hours.column: A text or a list"),
        ({"columns": {"hours": {"sql": None}}}, "columns.hours.sql: There is nothing behind this key"),
        ({"columns": {"hours": {"sql": " "}}}, "columns.hours.sql: There is nothing behind this key"),
        ({"columns": {"hours": {"constant": None}}}, "columns.hours.constant: There is nothing behind this key"),
    ],
    ids=str,
)
def test_a_wrong_description_is_named_with_its_place(desk, facts, said):
    desk.describe(ACTIVITIES, **facts)
    found = "\n".join(map(str, source_faults(desk.edition.folder)))
    assert "sources/activities.yml" in found
    assert said in found


def test_a_key_that_stands_twice_is_named_with_its_line(desk):
    path = desk.sources / "activities.yml"
    path.write_text(path.read_text() + "columns:\n  hours: Hours\n  title: Title\n  hours: Ours\n")
    line = len(path.read_text().splitlines())
    said = f"sources/activities.yml, row {line}: The key hours stands here for the second time: keep one of the two."
    assert [str(fault) for fault in source_faults(desk.edition.folder)] == [said]


@pytest.mark.parametrize("name", ["more.yaml", "more.YML"])
def test_a_description_of_another_ending_is_not_passed_over_in_silence(desk, name):
    (desk.sources / name).write_text("id: more\n")
    said = f"sources/{name}: Only files that end in .yml are read: rename it."
    assert [str(fault) for fault in source_faults(desk.edition.folder)] == [said]


def test_all_faults_of_all_descriptions_are_named_at_once(desk):
    desk.describe(ACTIVITIES, table="x", source="y")
    desk.describe(COMPANIES, columns={"z": "Z"})
    desk.put("activities.csv", "Date\n2024-05-01\n")
    with pytest.raises(SourceError) as error:
        desk.load()
    assert len(error.value.faults) == 3


@pytest.mark.parametrize("sql", ['CAST("Hours" AS DOUBLE)', 'error("Hours")', "strptime(\"Hours\", '%Y')"])
def test_an_expression_that_fails_on_a_row_is_a_fault_of_the_description(desk, sql):
    columns = {"hours": {"sql": sql}, "company_name": {"constant": "Vega"}}
    desk.describe(ACTIVITIES, columns=columns, creates=["company"])
    desk.put("activities.csv", "Date,Hours\n2024-05-01,three\n")
    with pytest.raises(SourceError, match="sources/activities.yml, columns.hours.sql: The SQL expression cannot be"):
        desk.load()


def test_what_yaml_takes_for_a_number_is_a_text(desk):
    desk.describe(ACTIVITIES, format={"encoding": 1251}, delivered=20240501, columns={"company_name": {"constant": 7}})
    desk.describe(ACTIVITIES, id=5, files="none")
    (desk.sources / "list.yml").write_text("id: [a]\ntable: ngo\nsource: activity_log\nfiles: none")
    assert source_faults(desk.edition.folder) == []
    desk.put("activities.csv", "Date\n2024-05-01\n", "cp1251")
    assert desk.load().loaded.outcomes[0].delivery.source.format.encoding == "1251"


def test_a_day_of_delivery_that_a_pattern_leaves_open_is_none(desk):
    desk.describe(ACTIVITIES, delivered="(2024-..-..)?activities", creates=["company"])
    desk.put("activities.csv", "Date,Company\n2024-05-01,Vega\n")
    assert desk.load().loaded.outcomes[0].delivery.delivered is None


def test_columns_values_missing_constants_and_expressions(desk):
    desk.describe(ACTIVITIES, creates=["company"], missing=["н/д"], columns={
        "title": "What",
        "start_date": {"sql": "\"Year\" || '-' || lpad(\"Month\", 2, '0') || '-01'"},
        "hours": {"sql": "TRY_CAST(\"Hours each\" AS DOUBLE) * TRY_CAST(\"People\" AS DOUBLE)"},
        "volunteers_count": {"column": ["Persons", "People"], "missing": ["999"]},
        "theme_code": {"column": "Cause", "values": {"Trees & more": "ecology_trees", "Other": "social"}},
        "company_name": {"constant": "ТОО «Көктем»"},
        "organiser_type": {"constant": "company"},
    }, not_used=["Region"])  # fmt: skip
    desk.put("activities.csv", table("""
        What  | Year | Month | Hours each | People | Cause        | Region | Remark
        Walk  | 2024 | 5     | 2.5        | 4      | trees & more | Paris  | x
        Talk  | 2024 | 11    | 3          | 999    | ecology      | Rome   | y
        Н/Д   | 2024 | 12    | н/д        | 1      | Other        |        |
    """))  # fmt: skip
    found = desk.load()
    assert found.rejects == []
    assert found.rows("title, start_date, hours, volunteers_count, theme_code, organiser_type, region_code") == [
        ("Talk", date(2024, 11, 1), 2997, None, "ecology", "company", None),
        ("Walk", date(2024, 5, 1), 10, 4, "ecology_trees", "company", None),
        (None, date(2024, 12, 1), None, 1, "social", "company", None),
    ]
    assert found.rows("name", of="company") == ["ТОО «Көктем»"]
    assert found.loaded.outcomes[0].columns_unused == ("Remark",)


def test_a_heading_that_the_description_names_and_the_file_lacks_is_reported(desk):
    desk.describe(ACTIVITIES, creates=["company"], columns={"hours": "Heures"})
    desk.put("activities.csv", "Date,Hours\n2024-05-01,7\n")
    found = desk.load()
    assert found.loaded.outcomes[0].columns_absent == ("Heures",)
    assert found.loaded.outcomes[0].columns_unused == ("Hours",)


@pytest.mark.parametrize(
    "headings",
    [
        "Күні,Өңір,Тақырып,Еріктілер саны,Сағат",
        "Дата проведения,Регион,Тема,Количество волонтёров,Часы",
        "Date,Region,Theme,Volunteers,Hours",
        "التاريخ,المنطقة,الموضوع,عدد المتطوعين,الساعات",
        "start_date,region_code,theme_code,volunteers_count,hours",
        " дата  ПРОВЕДЕНИЯ :,регион*,тема,количество волонтеров,ЧАСЫ",
    ],
)
def test_headings_are_known_in_every_language_and_spelling(desk, headings):
    desk.put("activities.csv", f"{headings}\n01.05.2024,KZ-23,ecology,3,7\n")
    found = desk.load()
    assert found.rows("start_date, region_code, theme_code, volunteers_count, hours") == [
        (date(2024, 5, 1), "KZ-23", "ecology", 3, 7)
    ]


def test_codes_are_known_in_every_language(desk):
    desk.put("activities.csv", table("""
        number | date       | region              | theme                 | form
        1      | 2024-05-01 | Маңғыстау облысы    | Экологиялық           | Тәлімгерлік
        2      | 2024-05-01 | Мангистауская обл.  | экология              | Наставничество
        3      | 2024-05-01 | mangystau           | Ecology               | mentoring
        4      | 2024-05-01 | KZ-47               | البيئة                | إرشاد
    """))  # fmt: skip
    assert set(desk.load().rows("region_code, theme_code, form_code")) == {("KZ-47", "ecology", "mentoring")}


def test_files_are_found_by_pattern_whatever_the_case_and_the_day_by_the_description(desk):
    desk.describe(ACTIVITIES, files=["Reports/*.CSV"], delivered=r"от (\d\d\.\d\d\.\d{4})")
    (desk.files / "reports").mkdir()
    desk.put("reports/Отчёт от 15.06.2024.csv", "Date\n2024-05-01\n")
    desk.put("readme.txt", "nothing")
    found = desk.load()
    assert found.loaded.as_of == date(2024, 6, 15)
    assert found.loaded.strangers == ("readme.txt",)


def test_the_day_described_is_the_latest_delivery_else_the_latest_day_in_the_data(desk):
    desk.put("activities.csv", "Date,End date\n2024-05-01,2025-01-01\n2023-05-01,\n")
    assert desk.load().loaded.as_of == date(2024, 5, 1)
    desk.put("activities_2024-08-01.csv", "Date\n2024-05-02\n")
    assert desk.load().loaded.as_of == date(2024, 8, 1)
    assert desk.load(date(2024, 12, 31)).loaded.as_of == date(2024, 12, 31)


def test_a_file_of_ones_own_without_numbers_and_registers_loads_by_description_alone(desk):
    desk.describe(
        ACTIVITIES, creates=["company", "ngo"],
        columns={"company_name": "Employer", "company_sector_code": "Trade", "company_size_code": "Staff"},
    )  # fmt: skip
    desk.put("activities.csv", table("""
        Employer   | Trade                      | Staff | Date       | Partner | Hours
        Alpha Ltd  | Manufacturing              | 300   | 2024-05-01 | Shelter | 5
        alpha ltd. | Manufacturing              | 300   | 2024-05-02 |         | 6
        Alpha Ltd  | Construction               |       | 2024-05-03 | Shelter | 7
        Beta       |                            |       | 2024-05-01 |         | 8
                   |                            |       | 2024-05-01 | Shelter | 9
    """))  # fmt: skip
    found = desk.load()
    assert found.rejects == []
    assert found.rows("name, sector_code, size_code", of="company") == [
        ("Alpha Ltd", "manufacturing", "large_251"), ("Beta", None, None),
    ]  # fmt: skip
    assert found.rows("name", of="ngo") == ["Shelter"]
    assert found.rows("count(DISTINCT company_id), count(company_id), count(ngo_id)") == [(2, 4, 3)]


def test_yearly_forms_may_create_companies_too(desk):
    desk.describe(FORMS, creates=["company"])
    desk.put("forms.csv", table("""
        Company | Region  | Sector | Year | Headcount | Volunteers
        Alpha   | Шымкент | C      | 2023 | 100       | 10
        Alpha   | Шымкент | C      | 2024 | 110       | 12
    """))  # fmt: skip
    found = desk.load()
    assert found.rows("name, region_code, sector_code", of="company") == [("Alpha", "KZ-79", "C")]
    assert found.rows("year, volunteers", of="company_year") == [(2023, 10), (2024, 12)]
    assert found.loaded.as_of == date(2024, 12, 31)


def test_nothing_that_a_source_describes_is_said_with_what_was_expected(desk):
    desk.put("other.csv", "Date\n2024-05-01\n")
    with pytest.raises(SourceError, match=r"activities\*"):
        desk.load()


def test_a_year_that_is_the_serial_of_a_day_is_refused_where_nothing_else_says_the_day(listed):
    listed.put("forms.csv", "Company ID,Year,Headcount\nC1,2024,900\nC2,44561,40\n")
    loaded = listed.load()
    assert loaded.rejects == [(3, "above_limit")]
    assert loaded.loaded.as_of == date(2024, 12, 31)


@pytest.mark.parametrize(
    "said",
    [
        "n/a",
        "Н/Д",
        "нет данных",
        "ПРОЧИЕ:",
        "белгісіз",
        "غير معروف",
        "?",
        "0",
        "12.",
        "#REF!",
        "#N/A",
        "#ИМЯ?",
        "#ДЕЛ/0!",
    ],
)
def test_no_organisation_is_made_of_a_word_for_none(desk, said):
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.put("activities.csv", f"Date;Company;NGO\n2024-05-01;{said};Taza\n2024-05-02;Vega;{said}\n2024-05-03;#Vega;\n")
    found = desk.load()
    assert found.rejects == [(2, "not_a_name"), (3, "not_a_name")]
    assert found.rows("name", of="company") == ["#Vega"]
    assert found.rows("name", of="ngo") == []


def test_a_description_says_what_stands_for_no_organisation_or_for_one(desk):
    columns = {"company_name": {"column": "Company", "missing": ["n/a"], "values": {"365": "365 Days LLP"}}}
    desk.describe(ACTIVITIES, creates=["company"], columns=columns)
    desk.put("activities.csv", "Date;Company\n2024-05-01;n/a\n2024-05-02;365\n")
    found = desk.load()
    assert found.rejects == []
    assert found.rows("name", of="company") == ["365 Days LLP"]
