"""A snapshot with surveys: invented answers of two waves of volunteers and one of NGOs, as files that the ETL builds.

What is true of the answers of 2025: finance finds the work useful and construction does not; more do than in 2020; six
of the volunteers work in transport, too few to be shown. `FRAME` weights the volunteers; NGOs have none.
"""

import csv
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from etl.demonstration import MARKER
from etl.demonstration.exports import Filled, kobo
from etl.snapshot import build
from etl.surveys.form import Form, instrument_form
from observatory.editions import load_edition

EDITION = load_edition("kazakhstan")
USEFUL = {"finance": 0.92, "manufacturing": 0.7, "mining": 0.65, "trade": 0.6, "construction": 0.25}
SIZES = ("large_251", "large_1001", "medium", "small")
WAVES = (("volunteer", 2020, 160, -0.3), ("volunteer", 2025, 320, 0.0), ("ngo", 2025, 40, 0.1))
FRAME = "instrument,dimension,code,count\n" + "".join(
    f"volunteer,size,{code},{count}\n" for code, count in (("large", 9000), ("medium", 4000), ("small", 2000))
)


def built(folder: Path) -> Path:
    """Build the snapshot under a folder and return where it is published; the edition with its frame lies beside."""
    shutil.copytree(EDITION.folder, folder / "edition")
    (folder / "edition" / "demonstration_survey_frame.csv").write_text(FRAME, encoding="utf-8")
    files = folder / "files"
    (files / "descriptions").mkdir(parents=True)
    (files / MARKER).touch()
    for seed, (instrument, wave, size, more) in enumerate(WAVES, 1):
        form = instrument_form(EDITION, instrument)
        with (files / f"{instrument}_{wave}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(kobo(form, list(_answers(form, wave, size, more, np.random.default_rng(seed)))))
        (files / "descriptions" / f"{instrument}_{wave}.yml").write_text(
            f"id: {instrument}_{wave}\ntable: respondent\nsource: survey\nfiles: {instrument}_{wave}*\nsurvey: "
            f"{{instrument: {instrument}, wave: {wave}, invited: {2 * size}, "
            f"fieldwork: [{wave}-09-01, {wave}-10-15]}}\n",
            encoding="utf-8",
        )
    build(load_edition(str(folder / "edition")), files, folder / "published", None, lambda *_: None)
    return folder / "published"


def _answers(form: Form, wave: int, size: int, more: float, rng: np.random.Generator):
    for number in range(size):
        sector = "transport" if number < 6 else list(USEFUL)[number % len(USEFUL)]
        agrees = min(max(USEFUL.get(sector, 0.6) + more, 0.05), 0.95)
        answers = {question.name: _answer(question, agrees, rng) for question in form.questions}
        answers |= {"consent": "yes", "sector": sector, "size": SIZES[number % 4], "year": Decimal(wave)}
        began = datetime(wave, 9, 2) + timedelta(hours=3 * number)
        yield Filled(f"{wave}-{number}", began, began + timedelta(minutes=int(rng.integers(6, 30))), answers)


def _answer(question, agrees: float, rng: np.random.Generator):
    codes = [option.code for option in question.options if option.code != "dont_know"]
    if rng.random() < 0.04:
        return None
    if question.kind == "number":
        return Decimal(int(rng.integers(0, 11) if question.name == "recommend" else rng.geometric(0.15)))
    if question.kind == "many":
        spoken = [code for code in codes if code != "none"]
        return tuple(rng.choice(spoken, min(len(spoken), int(rng.integers(1, 4))), replace=False))
    if question.of == "agree":
        if rng.random() < 0.06:
            return "dont_know"
        return str(rng.choice(["4", "5"])) if rng.random() < agrees else str(rng.choice(["1", "2", "3"]))
    return str(rng.choice(codes))
