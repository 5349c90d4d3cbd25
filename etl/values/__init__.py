"""What a text in a cell means: numbers and dates as people write them in four languages.

Only what DuckDB cannot cast as it stands comes here, and of that each distinct spelling once. The words that stand
beside numbers and dates are facts: data/registry/notation.yml.
"""

from etl.values.dates import is_month_first, is_several_days, parse_date
from etl.values.numbers import decimal_sign, parse_number, read_number, unit_words

__all__ = [
    "decimal_sign",
    "is_month_first",
    "is_several_days",
    "parse_date",
    "parse_number",
    "read_number",
    "unit_words",
]
