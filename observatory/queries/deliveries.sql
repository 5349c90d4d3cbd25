-- Return one row for each file received, latest first, with what became of its rows.
select
    delivery_id, source_id, file, sha256, delivered,
    rows_read, rows_loaded, rows_rejected, rows_superseded, rows_set_aside, columns_unused
from delivery
order by delivered desc, delivery_id
