-- Return the measures of which anything is reported, of the whole or of a part.
select distinct measure from cells
union
select distinct measure from owner_cells
