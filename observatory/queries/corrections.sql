-- Return the first $most fields that a later delivery says otherwise than the one before it, latest delivery first.
select
    correction.file, correction.sheet, correction.row, superseded_file, superseded_sheet, superseded_row,
    table_name, field, value_before, value_now
from correction
left join delivery on delivery.delivery_id = correction.delivery_id
order by delivery.delivered desc, correction.file, correction.sheet, correction.row, field, superseded_file
limit $most
