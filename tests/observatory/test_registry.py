"""The registry: facts common to all editions, and what is said when one of them is wrong."""

import shutil

import pytest
import yaml

from observatory import DATA_FOLDER, LANGUAGES
from observatory.errors import EditionError
from observatory.registry import FAMILY_DIMENSIONS, registry
from observatory.registry_faults import placeholders, registry_faults

FOLDER = DATA_FOLDER / "registry"


@pytest.fixture
def copy(tmp_path):
    """A copy of the registry to spoil: change(file, edit) rewrites one of its YAML files."""
    shutil.copytree(FOLDER, tmp_path / "registry")

    def change(file, edit):
        path = tmp_path / "registry" / file
        facts = yaml.safe_load(path.read_text(encoding="utf-8"))
        edit(facts)
        path.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
        return [str(fault) for fault in registry_faults(tmp_path / "registry")]

    change.folder = tmp_path / "registry"
    return change


def test_the_registry_that_ships_has_no_fault():
    assert [str(fault) for fault in registry_faults(FOLDER)] == []


def test_every_measure_is_shown_by_an_indicator():
    shown = {measure for indicator in registry().indicators.values() for measure in indicator.measures}
    assert set(registry().measures) == shown


def test_a_measure_adds_over_no_dimension_that_it_lacks():
    for measure in registry().measures.values():
        assert set(measure.adds_over) <= {*FAMILY_DIMENSIONS[measure.family], "year"}, measure.id


def test_an_indicator_is_broken_down_by_dimensions_of_all_its_measures():
    over_time = {"year", "month", "ownership", "holding"}
    for indicator in registry().indicators.values():
        assert set(indicator.breakdowns) - over_time <= set(registry().dimensions_of(indicator)), indicator.id


def test_months_are_offered_only_where_the_log_alone_gives_the_figure():
    for indicator in registry().indicators.values():
        families = {registry().measures[measure].family for measure in indicator.measures}
        assert ("month" in indicator.breakdowns) == (families == {"activity"}), indicator.id


def test_participations_are_never_divided_by_people():
    for indicator in registry().indicators.values():
        if indicator.is_rate:
            assert "participations" not in indicator.measures, indicator.id


def test_hours_per_employee_is_the_participation_rate_times_hours_per_volunteer():
    rate, per_volunteer, per_employee = (
        registry().indicators[name] for name in ("participation_rate", "hours_per_volunteer", "hours_per_employee")
    )
    assert per_employee.numerator == per_volunteer.numerator
    assert per_volunteer.denominator == rate.numerator
    assert per_employee.denominator == rate.denominator


def test_a_share_is_a_part_of_a_whole_in_one_unit():
    for indicator in registry().indicators.values():
        if registry().units[indicator.unit].kind == "percent":
            units = {registry().measures[measure].unit for measure in indicator.measures}
            assert len(units) == 1, indicator.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_says_the_same_in_every_language(language):
    for rule in registry().findings:
        assert placeholders(rule.text[language]) == placeholders(rule.text["en"]), rule.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_says_its_number_beside_every_plural_form(language):
    for unit in registry().units.values():
        in_words = {"one", "two"} if language == "ar" else set()  # Arabic says "two hours" in one word
        for category, template in unit.forms[language].items():
            assert placeholders(template) == {"number"} or category in in_words, (unit.id, category)


def test_no_text_is_a_copy_of_the_english_one():
    for indicator in registry().indicators.values():
        for language in ("kk", "ru", "ar"):
            assert indicator.definition[language] != indicator.definition["en"], indicator.id
    for term in registry().glossary.values():
        assert len({term.definition[language] for language in LANGUAGES}) == len(LANGUAGES), term.id


@pytest.mark.parametrize(
    ("file", "edit", "said"),
    [
        (
            "indicators/coverage.yml",
            lambda facts: facts["name"].pop("ar"),
            "registry/indicators/coverage.yml, name: There is no text in language ar: write it.",
        ),
        (
            "indicators/coverage.yml",
            lambda facts: facts["rate"].update(numerator=["headcont"]),
            'registry/indicators/coverage.yml, numerator: "headcont" is not known: perhaps "headcount" is meant.',
        ),
        (
            "indicators/coverage.yml",
            lambda facts: facts.update(source="company_form, bns"),
            'registry/indicators/coverage.yml, source: "bns" is not known: write one of '
            "activity_log, annual_reports, bns_employed, boundaries, company_form, event_list, survey.",
        ),
        (
            "indicators/volunteers.yml",
            lambda facts: facts.update(rate={"numerator": ["volunteers"], "denominator": ["headcount"]}),
            "registry/indicators/volunteers.yml: Write either a measure or a rate.",
        ),
        (
            "indicators/headcount.yml",
            lambda facts: facts.update(id="people"),
            'registry/indicators/headcount.yml, id: The id must be the file\'s name: write "headcount".',
        ),
        (
            "measures.yml",
            lambda facts: facts.append(dict(facts[0])),
            'registry/measures.yml: The id "activities" stands there 2 times: keep one.',
        ),
        (
            "measures.yml",
            lambda facts: facts[0].update(protection="summ"),
            'registry/measures.yml, activities.protection: "summ" is not known: perhaps "sum" is meant.',
        ),
        (
            "measures.yml",
            lambda facts: facts[0].update(protection="share", share_of="companies_grade"),
            'registry/measures.yml, activities.share_of: "companies_grade" is not known: perhaps "companies_graded" is'
            " meant.",
        ),
        (
            "units.yml",
            lambda facts: facts[0]["forms"]["ru"].pop("few"),
            "registry/units.yml, hours.forms.ru: The plural form few is missing: write it.",
        ),
        (
            "findings.yml",
            lambda facts: facts[0]["text"].update(en="{nam} grew most."),
            'registry/findings.yml, theme_rise.text.en: "nam" is not known: perhaps "name" is meant.',
        ),
    ],
)
def test_a_fault_names_file_place_and_remedy(copy, file, edit, said):
    assert copy(file, edit) == [said]


def test_all_faults_of_all_files_are_said_at_once(copy):
    copy("sources.yml", lambda facts: facts[0]["method"].pop("kk"))
    assert len(copy("glossary.yml", lambda facts: facts[0].pop("definition"))) == 1 + len(LANGUAGES)
    with pytest.raises(EditionError) as error:
        registry(copy.folder)
    assert str(error.value).splitlines()[0] == "The registry cannot be used: 5 faults."
    assert len(error.value.faults) == 5


def test_a_file_that_is_not_yaml_is_a_fault_with_its_row(copy):
    (copy.folder / "units.yml").write_text("- id: hours\n  name: [\n", encoding="utf-8")
    said = [str(fault) for fault in registry_faults(copy.folder)]
    assert said[0].startswith("registry/units.yml, row ")
    assert "not valid YAML" in said[0]
