"""Sheets carry the displayed rows, and text from files never becomes a formula."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from observatory.exports import csv_bytes, xlsx_bytes
from observatory.figures.view import View

HOSTILE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://example.org")', "<b>x</b>", "“Құрмет” ЖШС"]


HIDDEN_SIGNS = ["\n=1", " =1+1", "\u200b=1+1", "\ufeff@SUM(A1)", "\u202e=1", "＝1+1", "＋1"]


def view(rows: dict) -> View:
    return View(id="a", headline="b", rows=pd.DataFrame(rows))


def test_the_csv_holds_the_rows_and_opens_in_excel():
    content = csv_bytes(view({"Өңір": ["Абай облысы", "Атырау"], "Hours": [1.5, None]}))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == ["Өңір,Hours", "Абай облысы,1.5", "Атырау,"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_a_sheet(text):
    sheet = load_workbook(io.BytesIO(xlsx_bytes(view({text: [text]}), (("note", text),))))["data"]
    assert sheet["A1"].data_type == sheet["A2"].data_type == "s"
    assert sheet["A2"].value == text.replace("\t", "\t")


@pytest.mark.parametrize("text", HOSTILE[:6] + HIDDEN_SIGNS)
def test_what_a_spreadsheet_may_take_for_a_formula_stands_behind_an_apostrophe_and_is_otherwise_as_sent(text):
    frame = pd.read_csv(io.BytesIO(csv_bytes(view({"name": [text]}))), keep_default_na=False, dtype=str)
    assert frame.iloc[0, 0] == f"'{text}"


@given(st.text(min_size=1).filter(str.strip))
def test_no_csv_cell_begins_with_a_formula_sign(text):
    frame = pd.read_csv(io.BytesIO(csv_bytes(view({"name": [text]}))), keep_default_na=False, dtype=str)
    assert not str(frame.iloc[0, 0]).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers_and_missing_stays_empty():
    sheet = load_workbook(io.BytesIO(xlsx_bytes(view({"Hours": [-3.0, None]}), ())))["data"]
    assert (sheet["A2"].value, sheet["A3"].value) == (-3, None)


def test_an_arabic_workbook_runs_from_right_to_left():
    book = load_workbook(io.BytesIO(xlsx_bytes(view({"a": [1]}), (), right_to_left=True)))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
