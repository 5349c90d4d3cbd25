-- Return the name of every table of the snapshot.
select table_name from duckdb_tables() where not internal
