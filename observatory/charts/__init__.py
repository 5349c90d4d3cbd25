"""Charts: rows with ready-made words in, a finished plotly figure out; one module a purpose, all colours in `look`."""
