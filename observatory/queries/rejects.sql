-- Return one row for each refused row or cell, in the order of files and rows.
select
    reject.delivery_id, delivery.source_id, reject.file, reject.sheet, reject.row,
    reject.column_name, reject.value, reject.rule, reject.details
from reject
left join delivery on delivery.delivery_id = reject.delivery_id
order by delivery.source_id, reject.file, reject.sheet, reject.row, reject.column_name
