"""The ETL: files people sent go in, one published snapshot comes out.

The stages, in the order of a build; each is a module or a folder of this name:

read        every delivered file into a landing table, all text, each row with the number a person sees in the file
match       headings to fields, spellings to codes, names to organisations
check       every rule on every row in one pass of SQL; what is wrong goes to `reject` with its reason
load        the rows that remain into the warehouse tables
aggregate   the warehouse into cells, by portable .sql files
protect     what may be made public of cells, and attacks on it (`public.duckdb` is not written yet)
publish     one folder, verified, then served by moving the pointer CURRENT in one atomic step

No stage asks the clock, the network or the order of files: the same input gives the same content.
"""

VERSION = "asar 0.1.0"
"""What built a snapshot; CHANGELOG.md says what it does."""
