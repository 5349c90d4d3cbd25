"""The same world as Parquet files of codes, for loads of any size."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl.demonstration.world import World


def write_activities(folder: Path, part: int, activities: pd.DataFrame, world: World, delivered: date) -> Path:
    """Write one chunk of the log as bulk_activities_<part>_<date>.parquet."""
    ids = np.array(["A" + f"{number:09d}" for number in activities["number"]])
    paid = activities["is_paid_time"].to_numpy()
    columns = {
        "activity_id": pa.array(ids),
        "company_id": _looked_up(world.companies["company_id"], activities["company"]),
        "ngo_id": _looked_up(world.ngos["ngo_id"], activities["ngo"]),
        "organiser_type": _codes(activities["organiser_type"]),
        "start_date": pa.array(activities["start_date"].to_numpy().astype("datetime64[D]")),
        "end_date": pa.array(activities["end_date"].to_numpy().astype("datetime64[D]")),
        "region_code": _codes(activities["region_code"]),
        "theme_code": _codes(activities["theme_code"]),
        "form_code": _codes(activities["form_code"]),
        "is_paid_time": pa.array(paid == 1, mask=paid < 0),
        "volunteers_count": pa.array(activities["volunteers_count"].to_numpy()),
        "hours": pa.array(activities["hours"].to_numpy()),
        "skilled_hours": _numbers(activities["skilled_hours"]),
        "requested_count": _numbers(activities["requested_count"], whole=True),
        "beneficiaries_count": _numbers(activities["beneficiaries_count"], whole=True),
        "cost_amount": _numbers(activities["cost_amount"]),
    }
    return _write(folder / f"bulk_activities_{part:04d}_{delivered}.parquet", pa.table(columns))


def write_table(folder: Path, name: str, rows: pd.DataFrame, delivered: date) -> Path:
    """Write a register or the yearly forms as bulk_<name>_<date>.parquet, columns as they are."""
    arrays = {}
    for column in rows:
        values = rows[column]
        if values.dtype.kind == "f":
            arrays[column] = _numbers(values, whole=True)
        elif values.dtype.kind in "iu":
            arrays[column] = pa.array(values.to_numpy())
        else:
            arrays[column] = pa.array([None if value == "" else value for value in values.tolist()])
    return _write(folder / f"bulk_{name}_{delivered}.parquet", pa.table(arrays))


def _looked_up(ids: pd.Series, positions: pd.Series) -> pa.Array:
    at = positions.to_numpy()
    return pa.DictionaryArray.from_arrays(pa.array(at, mask=at < 0, type=pa.int32()), pa.array(ids.tolist()))


def _codes(codes: pd.Series) -> pa.Array:
    position, values = pd.factorize(codes.to_numpy())
    missing = np.isin(position, np.flatnonzero(values == ""))
    return pa.DictionaryArray.from_arrays(
        pa.array(position.astype(np.int32), mask=missing), pa.array(values.astype(object))
    )


def _numbers(values: pd.Series, whole: bool = False) -> pa.Array:
    numbers = values.to_numpy()
    missing = np.isnan(numbers)
    return pa.array(np.where(missing, 0, numbers).astype(np.int64 if whole else np.float64), mask=missing)


def _write(path: Path, table: pa.Table) -> Path:
    pq.write_table(table, path, compression="zstd")
    return path
