"""One more file: read as if it lay in the folder of deliveries, kept there once it is served, else nothing remains."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl import added as added_module
from etl.__main__ import main
from etl.added import fit_name
from etl.questionnaire import write_questionnaire
from tests.conftest import ROOT
from tests.etl.conftest import ACTIVITIES, table

JANUARY = table("Activity ID | Company | Date | Hours\nA1 | Vega | 2024-01-05 | 7\nA2 | Vega | 2024-01-06 | 8")
CORRECTED = table("Activity ID | Company | Date | Hours\nA2 | Vega | 2024-01-06 | 9\nA3 | Vega | 2024-01-07 | 1")
UNKNOWN = table("Who | Day | How long\nVega | 2024-03-05 | 2\nVega | 2024-03-06 | x\nVega | 2024-03-07 | 3")
OURS = {
    "id": "letters", "table": "activity", "source": "activity_log", "files": "letter_*.csv", "creates": ["company"],
    "columns": {"company_name": "Who", "start_date": "Day", "hours": "How long"},
}  # fmt: skip


@pytest.fixture
def steward(desk, tmp_path, capsys):
    """Run a command on the desk's edition and files, with a file beside them; gives exit code and report."""
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources":
            (desk.edition.folder / path.name).symlink_to(path)
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.put("activities_2024-02-01.csv", JANUARY)
    out = tmp_path / "out"

    def run(command: str, name: str, content: str, *more: str, description: dict | None = None):
        beside = tmp_path / "beside"
        beside.mkdir(exist_ok=True)
        (beside / name).write_text(content, encoding="utf-8")
        if description:
            (beside / "ours.yml").write_text(yaml.safe_dump(description, allow_unicode=True), encoding="utf-8")
            more = (*more, "--description", str(beside / "ours.yml"))
        if command == "build":
            more = (*more, "--out", str(out))
        code = main([
            command, "--edition", str(desk.edition.folder), "--sources", str(desk.files), "--add", str(beside / name),
            "--language", "en", "--json", *more,
        ])  # fmt: skip
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else " ".join(said.err.split())

    run.desk, run.out = desk, out
    return run


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def fates(report: dict, file: str) -> tuple[int, ...]:
    told = next(delivery for delivery in report["deliveries"] if delivery["file"] == file)
    return tuple(told[f"rows_{fate}"] for fate in ("loaded", "rejected", "same", "changed"))


def test_a_check_reads_the_file_among_the_others_and_leaves_nothing(steward):
    before = files_in(steward.desk.files)
    code, report = steward("check", "activities_2024-03-01.csv", CORRECTED)
    assert (code, report["added"]) == (0, "activities_2024-03-01.csv")
    assert fates(report, "activities_2024-03-01.csv") == (2, 0, 0, 1)
    assert files_in(steward.desk.files) == before


def test_a_file_that_is_published_is_kept(steward):
    code, report = steward("build", "activities_2024-03-01.csv", CORRECTED)
    assert code == 0
    assert (steward.out / "CURRENT").read_text().strip() == report["snapshot"]
    assert files_in(steward.desk.files)["activities_2024-03-01.csv"] == CORRECTED.encode()
    assert main(["build", "--edition", str(steward.desk.edition.folder), "--sources", str(steward.desk.files),
                 "--out", str(steward.out)]) == 0  # fmt: skip
    assert (steward.out / "CURRENT").read_text().strip() == report["snapshot"]


def test_a_description_is_kept_beside_the_files_and_holds_for_the_next_build(steward):
    code, report = steward("build", "letter_2024-04-01.csv", UNKNOWN.replace("x", "4"), description=OURS)
    assert (code, fates(report, "letter_2024-04-01.csv")) == (0, (3, 0, 0, 0))
    kept = files_in(steward.desk.files)
    assert yaml.safe_load(kept["descriptions/letters.yml"]) == OURS
    code, report = steward("check", "letter_2024-05-01.csv", UNKNOWN.replace("x", "4"))
    assert (code, report["not_described"]) == (0, [])


def test_what_is_refused_changes_neither_the_folder_nor_the_snapshot(steward):
    assert steward("build", "activities_2024-03-01.csv", CORRECTED)[0] == 0
    before, served = files_in(steward.desk.files), files_in(steward.out)
    code, report = steward("build", "letter_2024-04-01.csv", UNKNOWN, description=OURS)
    assert (code, report["refused"]) == (1, ["letter_2024-04-01.csv"])
    assert report["rejects"][0]["file"] == "letter_2024-04-01.csv"
    assert files_in(steward.desk.files) == before
    assert files_in(steward.out) == served


@pytest.mark.parametrize(
    ("name", "facts", "said"),
    [
        ("letter_1.csv", None, "letter_1.csv: no source description reads a file of this name."),
        ("activities_2024-02-01.csv", None, "holds a file activities_2024-02-01.csv already."),
        ("DEMONSTRATION", None, "holds a file DEMONSTRATION already."),
        ("letter_1.csv", {"id": "activities"}, "The id is taken by sources/activities.yml"),
        ("letter_1.csv", {"files": "ACTIVITIES*"}, "The same files are described by sources/activities.yml"),
        ("letter_1.csv", {"files": "other*"}, "the description letters.yml does not read a file of this name."),
        ("activities_letter.csv", {"files": "*letter*"}, "the description activities reads a file of this name too."),
        ("letter_1.csv", {"columns": {"hour": "How long"}}, 'perhaps "hours" is meant'),
        ("letter_1.csv", {"id": "../../letters", "files": "no*"}, "the description letters.yml does not read"),
    ],
)
def test_what_cannot_be_added_is_named(steward, name, facts, said):
    before = files_in(steward.desk.files)
    code, told = steward("build", name, UNKNOWN, description=OURS | facts if facts else None)
    assert code == 1
    assert said in told
    assert files_in(steward.desk.files) == before


def test_a_folder_that_changes_meanwhile_is_not_overtaken(steward, monkeypatch):
    kept = added_module.kept

    @contextmanager
    def late(added, folder, before):
        steward.desk.put("activities_2024-02-20.csv", CORRECTED)
        with kept(added, folder, before):
            yield

    monkeypatch.setattr("etl.__main__.kept", late)
    code, told = steward("build", "activities_2024-03-01.csv", CORRECTED)
    assert (code, "was changed meanwhile" in told) == (1, True)
    assert sorted(files_in(steward.desk.files)) == ["activities_2024-02-01.csv", "activities_2024-02-20.csv"]
    assert not list(steward.out.glob("20*"))


def test_a_pointer_that_cannot_be_moved_takes_the_file_back(steward):
    steward.out.mkdir()
    (steward.out / "CURRENT").mkdir()
    before = files_in(steward.desk.files)
    code, _ = steward("build", "letter_2024-04-01.csv", UNKNOWN.replace("x", "4"), description=OURS)
    assert code == 1
    assert files_in(steward.desk.files) == before


def test_without_a_folder_there_is_nothing_to_add_to(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("ASAR_SOURCES", raising=False)
    (tmp_path / "a.csv").write_text(JANUARY)
    assert main(["check", "--add", str(tmp_path / "a.csv"), "--language", "en"]) == 2
    assert "Name the folder of the deliveries with --sources" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("отчёт за май.xlsx", "отчёт за май.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\report.csv", "report.csv"),
        (".hidden.csv", "hidden.csv"),
        ("~$report.xlsx", "report.xlsx"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("a<b>|*?.csv", "a_b_.csv"),
        ("я" * 300 + ".xlsx", "я" * 97 + ".xlsx"),
        ("...", "file"),
    ],
)
def test_a_name_is_made_fit_to_be_kept(name, kept):
    assert fit_name(name) == kept


@given(st.text(min_size=1, max_size=300))
@example("a" * 195 + ".csv.xlsx")
@settings(max_examples=200, deadline=None)
def test_any_name_is_one_file_in_one_folder(name):
    kept = fit_name(name)
    assert kept == os.path.basename(kept)
    assert 0 < len(kept.encode()) <= 200
    assert not kept.startswith((".", "~$", " "))
    assert fit_name(kept) == kept


CALLED = table("Q1\nyes\nno\nyes")
CALLS = {
    "id": "calls", "table": "respondent", "source": "survey", "files": "calls_*.csv",
    "survey": {"instrument": "calls", "wave": 2024, "form": "calls_form.xlsx"},
}  # fmt: skip


@pytest.fixture
def form(tmp_path) -> Path:
    """A form that lies beside a description that is given."""
    beside = tmp_path / "beside"
    beside.mkdir()
    path = beside / "calls_form.xlsx"
    yes_no = [{"list_name": "yn", "name": code, "label": code} for code in ("yes", "no")]
    path.write_bytes(write_questionnaire({
        "survey": [{"type": "select_one yn", "name": "Q1", "label": "Do you call?"}], "choices": yes_no,
        "settings": [{"form_title": "Calls", "form_id": "calls"}],
    }))  # fmt: skip
    return path


def test_the_form_that_a_description_names_is_kept_with_it(steward, form):
    code, report = steward("check", "calls_2024-04-01.csv", CALLED, description=CALLS)
    assert (code, fates(report, "calls_2024-04-01.csv")) == (0, (3, 0, 0, 0))
    assert not (steward.desk.files / "descriptions").exists()
    assert steward("build", "calls_2024-04-01.csv", CALLED, description=CALLS)[0] == 0
    assert files_in(steward.desk.files)["descriptions/calls_form.xlsx"] == form.read_bytes()
    code, report = steward("check", "calls_2024-05-01.csv", CALLED)
    assert (code, fates(report, "calls_2024-05-01.csv")) == (0, (3, 0, 0, 0))


def test_another_form_of_the_same_name_is_not_overwritten(steward, form):
    steward.desk.files.joinpath("descriptions").mkdir()
    steward.desk.put("descriptions/calls_form.xlsx", b"another")
    code, said = steward("build", "calls_2024-04-01.csv", CALLED, description=CALLS)
    assert (code, "descriptions/calls_form.xlsx already" in said) == (1, True)
    assert files_in(steward.desk.files)["descriptions/calls_form.xlsx"] == b"another"


def test_a_form_that_is_not_there_is_named(steward):
    code, said = steward("build", "calls_2024-04-01.csv", CALLED, description=CALLS)
    assert (code, "The form calls_form.xlsx is missing" in said) == (1, True)
