-- Return one row: files received, the day of the last, and what became of their rows.
select files, delivered, rows_read, rows_loaded, rows_rejected, rows_superseded, rows_set_aside
from received_total
