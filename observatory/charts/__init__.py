"""Charts: rows with ready-made words in, a chart in plotly's terms out; one module a purpose, all colours in `look`."""
