"""What a reader takes away: the displayed rows as sheets."""

from observatory.exports.sheets import csv_bytes, xlsx_bytes

__all__ = ["csv_bytes", "xlsx_bytes"]
