"""Headings, cells and conditions of survey exports, one small case each."""

from decimal import Decimal

import pytest

from etl.surveys.cells import NOTHING, Choices, Read, number_reader
from etl.surveys.columns import Headings
from etl.surveys.conditions import Condition
from etl.surveys.export import read_export
from etl.surveys.form import form_of, language_code
from etl.surveys.words import survey_words

FORM = form_of("small", {
    "survey": [
        {"type": "begin_group", "name": "about"},
        {"type": "select_one size", "name": "size", "label::English (en)": "How large, in people?",
         "label::Russian (ru)": "Сколько человек?"},
        {"type": "end_group"},
        {"type": "select_multiple help", "name": "helped", "label::English (en)": "Who was helped?",
         "label::Russian (ru)": "Кому помогли?", "relevant": "${size} != 'small'"},
        {"type": "integer", "name": "hours", "label::English (en)": "Hours", "label::Russian (ru)": "Часы",
         "constraint": ". >= 0 and . <= 200"},
        {"type": "text", "name": "phone", "label::English (en)": "Telephone"},
    ],
    "choices": [
        {"list_name": "size", "name": "small", "label::English (en)": "Up to 5", "label::Russian (ru)": "До 5"},
        {"list_name": "size", "name": "large", "label::English (en)": "6 or more", "label::Russian (ru)": "6 и более"},
        {"list_name": "size", "name": "dont_know", "label::English (en)": "Not sure", "label::Russian (ru)": "Не знаю"},
        {"list_name": "help", "name": "old", "label::English (en)": "Old people, alone",
         "label::Russian (ru)": "Пожилые, одинокие"},
        {"list_name": "help", "name": "young", "label::English (en)": "Young people",
         "label::Russian (ru)": "Молодёжь"},
        {"list_name": "help", "name": "other", "label::English (en)": "Other", "label::Russian (ru)": "Другое"},
    ],
})  # fmt: skip
STATES = survey_words().states


def read(*rows):
    export = read_export(FORM, Headings(FORM), [(None, [list(row) for row in rows])], STATES)
    return [{a.question: a.codes or a.number or a.state for a in s.answers} for s in export.submissions], export


@pytest.mark.parametrize("heading", [
    "size", "about/size", "How large, in people?", "Сколько человек?", "about/How large, in people?",
    "size. How large, in people?", "size: Сколько человек?", "size._.How large, in people?", "HOW LARGE in people",
    "<b>How large</b>, in people?", "size\n",
])  # fmt: skip
def test_a_question_is_known_by_code_wording_or_both(heading):
    layout = Headings(FORM).layout([[heading], ["small"]])
    assert [(place.question.name, place.option) for place in layout.places] == [("size", None)]


@pytest.mark.parametrize("heading", [
    "helped/old", "helped/Old people, alone", "Who was helped? - Old people, alone",
    "Who was helped? [Old people, alone]", "helped[old]. Who was helped? [Old people, alone]", "helped[old]",
    "helped_old", "Кому помогли?/Пожилые, одинокие", "Кому помогли? (Пожилые, одинокие)",
    "helped[SQ001]._.Who was helped? [Old people, alone]",
])  # fmt: skip
def test_an_option_is_known_behind_its_question(heading):
    layout = Headings(FORM).layout([[heading], ["1"]])
    assert [(place.question.name, place.option) for place in layout.places] == [("helped", "old")]


@pytest.mark.parametrize(("cell", "codes"), [
    ("old", ("old",)), ("old young", ("old", "young")), ("Old people, alone", ("old",)),
    ("Old people, alone, Young people", ("old", "young")), ("Young people;Old people, alone", ("young", "old")),
    ("Old people, alone Young people", ("old", "young")), ("Молодёжь, Пожилые, одинокие", ("young", "old")),
    ("YOUNG PEOPLE", ("young",)), ("Молодежь", ("young",)),
])  # fmt: skip
def test_several_answers_stand_in_one_cell(cell, codes):
    assert Choices(FORM.by_name["helped"], STATES).joined(cell) == Read("given", codes)


@pytest.mark.parametrize(("cell", "expected"), [
    ("small", Read("given", ("small",))), ("До 5", Read("given", ("small",))), ("6 or more", Read("given", ("large",))),
    ("Not sure", Read("dont_know", ("dont_know",))), ("prefer not to say", Read("no_answer")),
    ("", NOTHING), ("n/a", NOTHING),
    ("7 or more", Read("no_answer", (), None, "unknown_option", "7 or more", "large")),
    ("Call me: +7 701 000 00 00", Read("no_answer", rule="unlike_any_option")),
])  # fmt: skip
def test_one_answer_is_an_option_a_state_or_pointed_out(cell, expected):
    assert Choices(FORM.by_name["size"], STATES).one(cell) == expected


def test_what_was_written_for_other_is_not_kept():
    read_ = Choices(FORM.by_name["helped"], STATES).joined("Young people, my neighbour Aigul")
    assert read_ == Read("given", ("young", "other"), rule="taken_as_other")


@pytest.mark.parametrize(("cell", "expected"), [
    ("12", Read("given", number=Decimal(12))), ("1 200", Read("given", number=Decimal(1200))), ("", NOTHING),
    ("-999", Read("dont_know")), ("12.5", Read("no_answer", rule="unreadable_number")),
    ("many", Read("no_answer", rule="unreadable_number")), ("не знаю", Read("dont_know")),
])  # fmt: skip
def test_a_number_is_read_or_pointed_out(cell, expected):
    assert number_reader(FORM.by_name["hours"], [cell])(cell) == expected


def test_yes_no_columns_of_options():
    answers, _ = read(
        ["size", "helped[old]", "helped[young]", "helped[other]"],
        ["large", "Yes", "No", "No"],
        ["large", "No", "No", "No"],
        ["large", "", "", ""],
    )
    assert [a["helped"] for a in answers] == [("old",), "given", "no_answer"]


def test_a_blank_option_beside_a_no_was_not_offered():
    _, export = read(["size", "helped[old]", "helped[young]", "helped[other]"], ["large", "Yes", "No", ""])
    assert export.submissions[0].answers[1].not_offered == ("other",)


def test_a_blank_option_where_nothing_says_no_was_not_chosen():
    _, export = read(["size", "helped[old]", "helped[young]", "helped[other]"], ["large", "Y", "", ""])
    assert export.submissions[0].answers[1] == ("helped", 0, "given", ("old",), None, ())


def test_what_was_written_in_the_column_of_other_means_that_it_was_chosen():
    answers, _ = read(["size", "helped[old]", "helped[other]"], ["large", "No", "my neighbour Aigul"])
    assert answers[0]["helped"] == ("other",)


def test_a_question_skipped_by_the_form_was_not_asked():
    answers, export = read(["size", "helped", "hours"], ["small", "", ""], ["large", "", ""])
    assert [(a["helped"], a["hours"]) for a in answers] == [("not_asked", "no_answer"), ("no_answer", "no_answer")]
    assert export.oddities == []


def test_an_answer_the_form_does_not_ask_for_is_pointed_out_and_set_aside():
    answers, export = read(["size", "helped"], ["small", "old"])
    assert answers[0]["helped"] == "not_asked"
    assert [(o.rule, o.row, o.question, o.is_set_aside) for o in export.oddities] == [
        ("not_to_be_asked", 2, "helped", True)
    ]


def test_a_number_out_of_range_is_pointed_out_and_set_aside_unless_the_steward_keeps_it():
    rows = [["size", "hours"], ["large", "300"]]
    answers, export = read(*rows)
    assert answers[0]["hours"] == "no_answer"
    assert [(o.rule, o.value) for o in export.oddities] == [("not_allowed", "300")]
    kept = read_export(FORM, Headings(FORM), [(None, rows)], STATES, {("", 2, "hours")})
    assert kept.submissions[0].answers[1].number == 300
    assert [o.is_set_aside for o in kept.oddities] == [False]


def test_a_long_number_is_not_told():
    _, export = read(["size", "hours"], ["large", "87010000000"])
    assert [o.value for o in export.oddities] == ["87…"]


def test_two_columns_that_disagree_are_pointed_out():
    answers, export = read(
        ["size", "size", "helped", "helped/old", "helped/young"], ["large", "small", "old", "0", "1"]
    )
    assert (answers[0]["size"], answers[0]["helped"]) == (("large",), ("young",))
    assert [(o.rule, o.question) for o in export.oddities] == [
        ("answers_disagree", "size"), ("answers_disagree", "helped")
    ]  # fmt: skip


def test_questions_without_a_column_and_columns_without_a_question_are_named():
    _, export = read(["size", "Comment", "phone", "_uuid"], ["large", "thanks", "8701", "a1"])
    assert export.without_column == ("helped", "hours")
    assert export.unused == ("Comment",)


def test_a_sheet_that_answers_nothing_is_not_read():
    export = read_export(FORM, Headings(FORM), [("Notes", [["Dear all"], ["see below"]])], STATES)
    assert (export.submissions, export.unread) == ([], [("Notes", 2)])


@pytest.mark.parametrize(("written", "answers", "answer", "holds"), [
    ("${a} = 'x'", {"a": "x"}, "", True), ("${a} = 'x'", {}, "", False), ("${n} >= 5", {"n": "10"}, "", True),
    ("${n} >= 5", {}, "", False), (". >= 0 and .<= 7", {}, "8", False), (".> 0 or .= -999", {}, "-999", True),
    ("selected(${a}, 'x') and not(selected(${a}, 'y'))", {"a": "x z"}, "", True),
    ("count-selected(.) < 3", {}, "a b", True),
    ("if(${r}='no', . >= 2, . >= 1)", {"r": "no"}, "1", False), ("${a} = 3 or ${a} = 4", {"a": "4"}, "", True),
    ("int(${a} div 2) = 2", {"a": "5"}, "", True), ("int(${a}) = 2", {}, "", False),
    ("${a} < ${b}", {"a": "9", "b": "10"}, "", True),
    ("regex(., '^[0-9]{4}$')", {}, "2025", True), ("selected-at(${a}, 1) = 'y'", {"a": "x y"}, "", True),
    ("coalesce(${a}, ${b}) = 'q'", {"b": "q"}, "", True),
    ("pulldata('x', 'y')", {}, "", None), ("((", {}, "", None), (". <= today()", {}, "2020-01-01", None),
])  # fmt: skip
def test_conditions_are_those_of_odk(written, answers, answer, holds):
    assert Condition(written).holds(answers, answer) is holds


@pytest.mark.parametrize(("name", "code"), [
    ("Kazakh (kk)", "kk"), ("english", "en"), ("French", "fr"), ("العربية", "ar"), ("English (EN)", "en"),
    ("қазақ тілі", "kk"),
    ("Farmers' language", "Farmers' language"), ("default", ""),
])  # fmt: skip
def test_languages_are_known_by_any_name(name, code):
    assert language_code(name) == code
