-- Return one row for each refused row or cell, in the order of files and rows; of {table} "notice", what is worth a look.
select
    found.delivery_id, delivery.source_id, found.file, found.sheet, found.row,
    found.column_name, found.value, found.rule, found.details
from {table} as found
left join delivery on delivery.delivery_id = found.delivery_id
order by delivery.source_id, found.file, found.sheet, found.row, found.column_name
