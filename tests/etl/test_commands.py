"""The command line as stewards and scripts use it."""

import json

import pytest

from etl.__main__ import COMMANDS, main
from tests.conftest import ROOT
from tests.etl.conftest import table

KAZAKHSTAN = str(ROOT / "data/editions/kazakhstan")


@pytest.fixture
def edition(desk):
    """An edition's folder whose sources are the desk's."""
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources":
            (desk.edition.folder / path.name).symlink_to(path)
    return str(desk.edition.folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["biuld"], "There is no command biuld. The nearest is build."),
        (["build", "--edtion", "x"], "There is no option --edtion. The nearest is --edition."),
        (["build", "--edition", "kazahstan"], 'There is no edition "kazahstan". The nearest is "kazakhstan"'),
        (["build", "--sources", "/nowhere", "--language", "en"], "There is no folder /nowhere."),
        (["build", "--as-of", "tomorrow"], "tomorrow is not a day such as 2026-11-10."),
        (["build", "--language", "xx"], "This command cannot be understood"),
        ([], "This command cannot be understood"),
    ],
)
def test_wrong_usage_gets_a_sentence_and_code_2(capsys, arguments, said):
    assert main(arguments) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_complaint_is_said_in_the_language_asked_for(capsys):
    assert main(["build", "--language", "ru", "--edition", "kazahstan"]) == 2
    assert "kazakhstan" in capsys.readouterr().err


def test_build_publishes_and_tells_programs_in_json(desk, edition, tmp_path, capsys):
    desk.put(
        "activities_2024-08-01.csv",
        table("Date | Hours\n2024-05-01 | 7\n2024-05-02 | x\n2024-05-03 | 1\n2024-05-04 | 1"),
    )
    code = main(["build", "--edition", edition, "--sources", str(desk.files), "--out", str(tmp_path / "out"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["snapshot"] == (tmp_path / "out" / "CURRENT").read_text().strip()
    assert [told["deliveries"][0][f"rows_{fate}"] for fate in ("read", "loaded", "rejected", "superseded")] == [
        4,
        3,
        1,
        0,
    ]


def test_a_refused_build_has_code_1_and_says_why(desk, edition, tmp_path, capsys):
    desk.put("activities_2024-08-01.csv", table("Date | Hours\n2024-05-01 | 7\n2024-05-02 | x"))
    code = main(
        [
            "build",
            "--edition",
            edition,
            "--sources",
            str(desk.files),
            "--out",
            str(tmp_path / "out"),
            "--language",
            "en",
        ]
    )
    said = " ".join(capsys.readouterr().out.split())
    assert code == 1
    assert '"x" in column "Hours" is not a number.' in said
    assert "50% of the rows are faulty, more than the 30% that are let through." in said
    assert not (tmp_path / "out" / "CURRENT").exists()


def test_check_reports_and_writes_nothing(desk, edition, capsys):
    desk.put("activities.csv", table("Date | Hours\n2024-05-01 | 7"))
    before = sorted(desk.edition.folder.rglob("*"))
    assert main(["check", "--edition", edition, "--sources", str(desk.files), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["snapshot"] is None
    assert sorted(desk.edition.folder.rglob("*")) == before


@pytest.mark.parametrize("language", ["kk", "ru", "en", "ar"])
def test_the_report_is_said_in_every_language(desk, edition, capsys, language):
    desk.put(
        "activities.csv",
        table("Date | Hours | Remark\n2024-05-01 | x | y\n2024-05-01 | 7 | z\n" + "2024-05-02 | x |\n" * 30),
    )
    desk.put("other.txt", "")
    assert main(["check", "--edition", edition, "--sources", str(desk.files), "--language", language]) == 1
    said = capsys.readouterr().out
    assert "Remark" in said
    assert "{" not in said


def test_check_edition_names_faults_of_sources_with_code_1(desk, edition, capsys):
    assert main(["check-edition", "--edition", edition, "--language", "en"]) == 0
    (desk.sources / "activities.yml").write_text("id: a\ntable: nothing\n")
    assert main(["check-edition", "--edition", edition, "--language", "en"]) == 1
    assert 'sources/activities.yml, table: "nothing" is not known' in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("edition", ["kazakhstan", str(ROOT / "tests/real/editions/new-york")])
def test_shipped_editions_have_no_fault(edition, capsys):
    assert main(["check-edition", "--edition", edition]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as done:
        main([command, "--help"])
    assert done.value.code == 0
    assert "--edition" in capsys.readouterr().out


def test_names_from_files_are_text_and_never_markup(desk, edition, capsys):
    desk.put("activities.csv", table("Date | Hours\n2024-05-01 | [bold]x[/bold]\n2024-05-02 | 1"))
    main(["check", "--edition", edition, "--sources", str(desk.files), "--language", "en"])
    assert "[bold]x[/bold]" in capsys.readouterr().out
